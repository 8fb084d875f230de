// Every address and the page behind it. Pages are loaded when they are first opened; who may see them is
// decided by the server, here only where to go to sign in.
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import { PREFIX } from '../api/place';
import { datasetsQuery, digitsQuery, HOME, jobsQuery, meQuery, modelsQuery, queryClient, samplesQuery, setupQuery } from '../api/queries';
import { asProblem } from '../api/problem';
import { Skeleton } from '../design/parts';
import { Missing, Stumbled } from './errors';
import { allows } from './rights';
import { forgetSession, hasSession, safeNext } from './session';
import { Shell } from './shell';

const root = createRootRoute({ component: Outlet, notFoundComponent: Missing });

/** What Home shows is asked for while the page is still being put together; what was asked before is not asked again. */
export function askForHome(role: string): void {
  if (!allows(role, 'make')) return;
  for (const query of [datasetsQuery({ limit: HOME.datasets }), modelsQuery({ limit: HOME.models }), jobsQuery({ limit: HOME.jobs }), samplesQuery, digitsQuery]) void queryClient.prefetchQuery(query as Parameters<typeof queryClient.prefetchQuery>[0]);
}

async function gateFor(next: string): Promise<never> {
  const setup = await queryClient.fetchQuery(setupQuery);
  if (setup.needed) throw redirect({ to: '/welcome' });
  throw redirect({ to: '/login', search: next === '/' ? {} : { next } });
}

const house = createRoute({
  getParentRoute: () => root,
  id: 'house',
  component: Shell,
  beforeLoad: async ({ location }) => {
    if (!hasSession()) {
      // Help is for everybody, and digits for everybody the server lets.
      if (location.pathname === '/help' || location.pathname === '/digits') return;
      await gateFor(location.href);
    }
    try {
      const me = await queryClient.ensureQueryData(meQuery);
      if (location.pathname === '/') askForHome(me.role);
    } catch (error) {
      if (asProblem(error).status !== 401) throw error;
      forgetSession();
      await gateFor(location.href);
    }
  },
});

type Loader = () => Promise<Record<string, unknown>>;

function page(path: string, load: Loader, name: string) {
  return createRoute({ getParentRoute: () => house, path, component: lazyRouteComponent(load as never, name as never) });
}

function gate(path: string, load: Loader, name: string, stay: (setup: { needed: boolean }) => boolean) {
  return createRoute({
    getParentRoute: () => root,
    path,
    component: lazyRouteComponent(load as never, name as never),
    validateSearch: (search: Record<string, unknown>): { next?: string } => ('next' in search ? { next: safeNext(search.next) } : {}),
    beforeLoad: async () => {
      const setup = await queryClient.fetchQuery(setupQuery);
      if (!stay(setup)) throw redirect({ to: setup.needed ? '/welcome' : '/' });
    },
  });
}

/** A page for whoever has its address, signed in or not. */
function open(path: string, load: Loader, name: string) {
  return createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load as never, name as never) });
}

const tree = root.addChildren([
  gate('/welcome', () => import('../pages/auth/welcome'), 'Welcome', (setup) => setup.needed),
  gate('/login', () => import('../pages/auth/login'), 'Login', (setup) => !setup.needed),
  gate('/register', () => import('../pages/auth/register'), 'Register', (setup) => !setup.needed),
  open('/reset', () => import('../pages/auth/reset'), 'Reset'),
  open('/g/$slug', () => import('../pages/guest/guest'), 'Guest'),
  house.addChildren([
    page('/', () => import('../pages/home/home'), 'Home'),
    page('/data', () => import('../pages/data/list'), 'DataList'),
    page('/data/new', () => import('../pages/data/new'), 'NewData'),
    page('/data/$id', () => import('../pages/data/profile'), 'DataProfile'),
    page('/data/$id/train', () => import('../pages/train/train'), 'Train'),
    page('/jobs', () => import('../pages/jobs/list'), 'JobList'),
    page('/jobs/$id', () => import('../pages/jobs/job'), 'JobPage'),
    page('/models', () => import('../pages/models/list'), 'ModelList'),
    page('/models/$id', () => import('../pages/models/model'), 'ModelPage'),
    page('/models/compare', () => import('../pages/models/compare'), 'Compare'),
    page('/studies', () => import('../pages/studies/list'), 'StudyList'),
    page('/studies/$id', () => import('../pages/studies/study'), 'StudyPage'),
    page('/comparisons/$id', () => import('../pages/models/comparison'), 'ComparisonPage'),
    page('/batches', () => import('../pages/batches/list'), 'BatchList'),
    page('/batches/$id', () => import('../pages/batches/batch'), 'BatchPage'),
    page('/predictions', () => import('../pages/predictions/predictions'), 'Predictions'),
    page('/digits', () => import('../pages/digits/digits'), 'Digits'),
    page('/account', () => import('../pages/account/account'), 'Account'),
    page('/help', () => import('../pages/help/help'), 'Help'),
    page('/admin', () => import('../pages/admin/today'), 'AdminToday'),
    page('/admin/users', () => import('../pages/admin/users'), 'AdminUsers'),
    page('/admin/users/$id', () => import('../pages/admin/user'), 'AdminUser'),
    page('/admin/models', () => import('../pages/admin/everything'), 'AdminModels'),
    page('/admin/data', () => import('../pages/admin/everything'), 'AdminData'),
    page('/admin/batches', () => import('../pages/admin/everything'), 'AdminBatches'),
    page('/admin/jobs', () => import('../pages/admin/everything'), 'AdminJobs'),
    page('/admin/audit', () => import('../pages/admin/audit'), 'AdminAudit'),
    page('/admin/settings', () => import('../pages/admin/settings'), 'AdminSettings'),
  ]),
]);

export const router = createRouter({
  routeTree: tree,
  basepath: PREFIX || '/',
  defaultPreload: 'intent',
  defaultPendingMs: 300,
  // What is there is shown: a grey bar that has appeared need not stay for half a second.
  defaultPendingMinMs: 0,
  defaultPendingComponent: () => <Skeleton height={320} />,
  defaultErrorComponent: Stumbled,
  scrollRestoration: true,
  // Search values stay the text they are: `?q=007` is not the number 7.
  parseSearch: (search) => Object.fromEntries(new URLSearchParams(search)),
  stringifySearch: (search) => {
    const kept = Object.entries(search).filter(([, value]) => value !== undefined && value !== '');
    const text = new URLSearchParams(kept.map(([key, value]) => [key, String(value)])).toString();
    return text ? `?${text}` : '';
  },
});
