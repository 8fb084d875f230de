// The frame of every page behind the gate: top bar (a bottom bar on phones), the page, toasts, and the
// question to sign in again when a session runs out.
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef } from 'react';
import { meQuery } from '../api/queries';
import { Icon, Mark } from '../design/icons';
import { Link } from './link';
import { useSessionEnded } from './session';
import { t } from './t';
import { Toasts } from './toast';

const SignInAgain = lazy(() => import('../pages/auth/again').then((module) => ({ default: module.SignInAgain })));

const NAV = [
  { to: '/data', key: 'nav.data', icon: 'data' },
  { to: '/models', key: 'nav.models', icon: 'models' },
  { to: '/jobs', key: 'nav.jobs', icon: 'jobs' },
] as const;

export function ThemeButton() {
  const { setColorScheme } = useMantineColorScheme();
  const dark = useComputedColorScheme('light') === 'dark';
  const label = dark ? t('nav.toLight') : t('nav.toDark');
  return (
    <button type="button" className="iconbtn" aria-label={label} title={label} onClick={() => setColorScheme(dark ? 'light' : 'dark')}>
      <Icon name={dark ? 'sun' : 'moon'} />
    </button>
  );
}

/** After moving to another address the focus goes to the new page, as a full page load would. */
function useFocusOnMove(pathname: string) {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    const target = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
    target?.focus({ preventScroll: true });
  }, [pathname]);
}

export function Shell() {
  const me = useQuery(meQuery);
  const ended = useSessionEnded();
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname });
  useFocusOnMove(pathname);
  return (
    <>
      <a className="skip" href="#page">{t('app.skip')}</a>
      <header className="top">
        <div className="top-in">
          <Link to="/" exact className="brand"><Mark /><span>Trainyard</span></Link>
          <nav className="nav" aria-label={t('app.nav')}>
            {NAV.map((entry) => (
              <Link key={entry.to} to={entry.to}><Icon name={entry.icon} size={22} />{t(entry.key)}</Link>
            ))}
          </nav>
          {me.data && (
            <Link to="/account" className="purse"><Icon name="token" size={17} />{t('nav.tokens', { count: me.data.tokens })}</Link>
          )}
          <ThemeButton />
          <Link to="/account" className="iconbtn" aria-label={t('nav.account')} title={t('nav.account')}><Icon name="account" /></Link>
        </div>
      </header>
      <main id="page" tabIndex={-1}><Outlet /></main>
      <Toasts />
      {ended && <Suspense><SignInAgain /></Suspense>}
    </>
  );
}
