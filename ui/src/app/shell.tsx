// The frame of every page behind the gate: top bar (a bottom bar on phones), the page, toasts, the command menu,
// the question to sign in again when a session runs out, and the news that the server does not answer.
import { useComputedColorScheme, useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Outlet, useRouterState } from '@tanstack/react-router';
import { lazy, Suspense, useEffect, useRef, useState } from 'react';
import { below } from '../api/place';
import { digitsQuery, meQuery } from '../api/queries';
import { Icon, Mark } from '../design/icons';
import { useAway } from './away';
import { useFormats } from './formats';
import { useShortcuts } from './keys';
import { Link, useGo } from './link';
import { allows } from './rights';
import { hasSession, useSessionEnded } from './session';
import { t } from './t';
import { Toasts } from './toast';

const Menu = lazy(() => import('../pages/menu/menu').then((module) => ({ default: module.Menu })));
const Keys = lazy(() => import('../pages/menu/keys').then((module) => ({ default: module.Keys })));
const SignInAgain = lazy(() => import('../pages/auth/again').then((module) => ({ default: module.SignInAgain })));

const NAV = [
  { to: '/data', key: 'nav.data', icon: 'data', right: 'read' },
  { to: '/models', key: 'nav.models', icon: 'models', right: 'read' },
  { to: '/jobs', key: 'nav.jobs', icon: 'jobs', right: 'make' },
  { to: '/admin', key: 'nav.admin', icon: 'admin', right: 'run' },
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

/**
 * After moving to another address the focus goes to the new page, as a full page load would; not out of a dialog that
 * was opened while the page was still on its way.
 */
function useFocusOnMove(pathname: string) {
  const last = useRef(pathname);
  useEffect(() => {
    if (last.current === pathname) return;
    last.current = pathname;
    if (document.querySelector('[role=dialog]')) return;
    const target = document.querySelector<HTMLElement>('main h1') ?? document.querySelector<HTMLElement>('main');
    target?.focus({ preventScroll: true });
  }, [pathname]);
}

export function Shell() {
  const me = useQuery({ ...meQuery, enabled: hasSession() });
  const digits = useQuery({ ...digitsQuery, enabled: hasSession(), refetchInterval: false });
  const ended = useSessionEnded();
  const away = useAway();
  // The balance stands here while it is chosen how numbers are written.
  useFormats();
  const go = useGo();
  const [open, setOpen] = useState<'menu' | 'keys' | null>(null);
  const pathname = useRouterState({ select: (state) => state.resolvedLocation?.pathname ?? state.location.pathname });
  const moving = useRouterState({ select: (state) => state.status === 'pending' });
  useFocusOnMove(pathname);
  useShortcuts((pressed) => {
    if ('go' in pressed) void go(pressed.go);
    else setOpen(pressed.open);
  });
  const close = () => setOpen(null);
  return (
    <>
      <a className="skip" href="#page">{t('app.skip')}</a>
      <header className="top">
        <div className="top-in">
          <Link to="/" exact className="brand"><Mark /><span>Trainyard</span></Link>
          <nav className="nav" aria-label={t('app.nav')}>
            {NAV.filter((entry) => allows(me.data?.role, entry.right)).map((entry) => (
              <Link key={entry.to} to={entry.to}><Icon name={entry.icon} size={22} />{t(entry.key)}</Link>
            ))}
            {digits.data && digits.data.status !== 'off' && allows(me.data?.role, 'read') && <Link to="/digits"><Icon name="digits" size={22} />{t('nav.digits')}</Link>}
          </nav>
          <button type="button" className="iconbtn menubtn" aria-keyshortcuts="Control+K" onClick={() => setOpen('menu')} title={t('menu.open')}>
            <Icon name="find" /><span className="hidden">{t('menu.open')}</span><kbd aria-hidden="true">Ctrl K</kbd>
          </button>
          {me.data && (
            <Link to="/account" search={{ tab: 'tokens' }} className="purse"><Icon name="token" size={17} />{t('nav.tokens', { count: me.data.tokens })}</Link>
          )}
          <ThemeButton />
          {hasSession() ? <Link to="/account" className="iconbtn" aria-label={t('nav.account')} title={t('nav.account')}><Icon name="account" /></Link> : <Link to="/login" className="purse">{t('nav.signIn')}</Link>}
        </div>
        {away && <p className="away" role="status">{t('away.text')}</p>}
      </header>
      <main id="page" tabIndex={-1} aria-busy={moving}><Outlet /></main>
      <footer className="foot">
        <Link to="/help">{t('nav.help')}</Link>
        <a href={below('/docs')}>{t('nav.api')}</a>
        <button type="button" className="linkish" onClick={() => setOpen('keys')}>{t('nav.keys')}</button>
      </footer>
      <Toasts />
      <Suspense>
        {open === 'menu' && <Menu onClose={close} onKeys={() => setOpen('keys')} />}
        {open === 'keys' && <Keys onClose={close} />}
        {ended && <SignInAgain />}
      </Suspense>
    </>
  );
}
