// Everything the command menu offers: the pages this person may open, and what can be done from anywhere.
import { t } from '../../app/t';
import { allows, type Right } from '../../app/rights';

export interface Command {
  id: string;
  label: string;
  /** What kind of thing it is, in a word. */
  group: string;
  /** Other words people look for it by. */
  also?: string;
  to?: string;
  act?: 'theme' | 'keys' | 'out';
}

const PLACES: [string, Parameters<typeof t>[0], Right, string][] = [
  ['/', 'nav.home', 'read', 'start'],
  ['/data', 'data.title', 'read', 'tables datasets files'],
  ['/data/new', 'data.new', 'make', 'upload csv file import'],
  ['/models', 'models.title', 'read', 'leaderboard'],
  ['/studies', 'studies.title', 'read', 'tuning search parameters grid bayesian'],
  ['/batches', 'batches.title', 'read', 'batch predictions files many rows answers'],
  ['/predictions', 'predictions.title', 'read', 'history predictions receipts answers truth'],
  ['/digits', 'digits.title', 'read', 'handwritten picture draw number'],
  ['/jobs', 'jobs.title', 'make', 'queue running training'],
  ['/admin', 'admin.today', 'run', 'administration statistics usage'],
  ['/admin/users', 'admin.users', 'run', 'administration people tokens password'],
  ['/admin/models', 'admin.models', 'run', 'administration everybody'],
  ['/admin/data', 'admin.data', 'run', 'administration everybody datasets'],
  ['/admin/batches', 'admin.batches', 'run', 'administration everybody files answered'],
  ['/admin/jobs', 'admin.jobs', 'run', 'administration everybody queue'],
  ['/admin/audit', 'admin.audit', 'run', 'administration log history csv'],
  ['/admin/settings', 'admin.settings', 'run', 'administration prices limits retention'],
];
const OWN: [string, Parameters<typeof t>[0], string][] = [
  ['/account', 'account.title', 'profile name e-mail'],
  ['/account?tab=security', 'account.password', 'change sign in'],
  ['/account?tab=keys', 'account.keys', 'api script token'],
  ['/account?tab=tokens', 'account.tokens', 'balance spent price'],
  ['/help', 'nav.help', 'glossary questions metrics parameters'],
];

export function commands(role: string | undefined): Command[] {
  const page = t('menu.page');
  const act = t('menu.act');
  return [
    ...PLACES.filter(([, , right]) => allows(role, right)).map(([to, key, , also]) => ({ id: to, label: t(key), group: to.startsWith('/admin') ? t('nav.admin') : page, also, to })),
    ...OWN.map(([to, key, also]) => ({ id: to, label: t(key), group: page, also, to })),
    { id: 'theme', label: t('menu.theme'), group: act, also: 'dark light', act: 'theme' },
    { id: 'keys', label: t('nav.keys'), group: act, also: 'keyboard', act: 'keys' },
    { id: 'out', label: t('nav.signOut'), group: act, also: 'log out leave', act: 'out' },
  ];
}

/** Those that have every word somewhere; a label that begins like what was typed comes first. */
export function matching(list: Command[], typed: string): Command[] {
  const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
  const first = words[0] ?? '';
  const rank = (one: Command) => (one.label.toLowerCase().startsWith(first) ? 0 : one.label.toLowerCase().includes(first) ? 1 : 2);
  return list
    .filter((one) => words.every((word) => `${one.label} ${one.also ?? ''} ${one.group}`.toLowerCase().includes(word)))
    .map((one, place) => ({ one, place }))
    .sort((a, b) => rank(a.one) - rank(b.one) || a.place - b.place)
    .map(({ one }) => one);
}
