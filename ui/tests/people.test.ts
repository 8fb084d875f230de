// The reckoning behind the pages of accounts, administration, comparison and the command menu.
import { describe, expect, it } from 'vitest';
import { anchorOf } from '../src/app/explained';
import { allows, ROLES } from '../src/app/rights';
import { csv } from '../src/charts/export';
import { endsAt, scopesOf } from '../src/pages/account/keys';
import { moments } from '../src/pages/admin/audit';
import { resetAddress } from '../src/pages/admin/password';
import { grouped } from '../src/pages/admin/settings';
import { successShare } from '../src/pages/admin/today';
import { METRICS } from '../src/pages/help/words';
import { pageOf } from '../src/pages/data/rows';
import { commands, matching } from '../src/pages/menu/commands';
import { classesOf, curvesOf, hardest, ordered, said, settingRow } from '../src/pages/models/beside';
import type { ServerSetting, SideBySide } from '../src/api/types';

describe('rights', () => {
  it('are those of the server’s table', () => {
    const row = (role: string) => [allows(role, 'read'), allows(role, 'make'), allows(role, 'run')];
    expect(ROLES.map((role) => [role, ...row(role)])).toEqual([
      ['user', true, true, false], ['data-scientist', true, true, false], ['ml-engineer', true, true, false],
      ['analyst', true, false, false], ['guest', false, false, false], ['admin', true, true, true],
    ]);
    expect(allows(undefined, 'read')).toBe(false);
  });
  it('limit what a key may be given', () => {
    expect(scopesOf('analyst')).toEqual(['read', 'predict']);
    expect(scopesOf('admin')).toEqual(['read', 'upload', 'train', 'predict', 'admin']);
  });
});

describe('moments', () => {
  it('a key ends after its days, or never', () => {
    expect(endsAt('30', Date.UTC(2026, 0, 1))).toBe('2026-01-31T00:00:00Z');
    expect(endsAt('never')).toBeNull();
  });
  it('days of the audit run to the end of the last, over the end of a month too', () => {
    const { from, until } = moments('2026-01-31', '2026-01-31');
    expect(Date.parse(until ?? '') - Date.parse(from ?? '')).toBe(86_400_000);
    expect(moments('', undefined)).toEqual({ from: undefined, until: undefined });
    expect(moments('nonsense', '2026-13-99').from).toBeUndefined();
  });
});

describe('the address for a new password', () => {
  it('carries its secret behind the sign that browsers do not send', () => {
    expect(resetAddress({ page: '/reset#abc', token: 'abc' }, 'https://ml.example.com')).toBe('https://ml.example.com/reset#abc');
    expect(resetAddress({ page: '/reset', token: 'abc' }, 'http://x')).toBe('http://x/reset#abc');
  });
});

describe('settings', () => {
  const item = (key: string): ServerSetting => ({ key, kind: 'integer', value: 1, default: 1, doc: '', public: false });
  it('stand in their group, and one that is new stands at the end', () => {
    const groups = grouped([item('price_train'), item('brand_new'), item('audit_days')]);
    expect(groups.map(([name, list]) => [name, list.map((one) => one.key)])).toEqual([['prices', ['price_train']], ['retention', ['audit_days']], ['more', ['brand_new']]]);
  });
});

describe('the share of work that was done', () => {
  it('says nothing about an idle day', () => {
    expect(successShare({ predictions: 0, trainings_ready: 0, trainings_failed: 0 })).toBeNull();
    expect(successShare({ predictions: 2, trainings_ready: 1, trainings_failed: 1 })).toBe(0.75);
  });
});

describe('side by side', () => {
  const row = (metric: string, winner: string | null, clear = false) => ({ metric, winner, clear, higher_is_better: true, values: [] });
  const curve = (name: string, auc: number) => ({ class: name, auc, fpr: [0, 1], tpr: [0, 1], thresholds: [] });
  it('begins with the measures that say most', () => {
    const models = [{ task: 'classification', metrics: { accuracy: { value: 1 }, roc_auc: { value: 1 } } }] as unknown as SideBySide['models'];
    expect(ordered({ models, metrics: [row('mcc', null), row('roc_auc', null), row('brier', null), row('accuracy', null)] }).map((one) => one.metric)).toEqual(['accuracy', 'roc_auc', 'mcc', 'brier']);
  });
  it('says who is better, and whether it may be luck', () => {
    const [names, ids] = [['one', 'two'], ['a', 'b']];
    expect(said(row('accuracy', 'b', true), names, ids)).toContain('two is better');
    expect(said(row('accuracy', 'b'), names, ids)).toContain('may be luck');
    expect(said(row('accuracy', null), names, ids)).toContain('level');
  });
  it('lays curves over one another only for classes that all know', () => {
    const roc = [[curve('x', 0.9), curve('y', 0.8)], [curve('y', 0.7), curve('z', 0.1)]];
    expect(classesOf(roc)).toEqual(['y']);
    expect(classesOf([null, [curve('x', 1)]])).toEqual([]);
    expect(hardest([[curve('x', 0.9), curve('y', 0.8)]], ['x', 'y'])).toBe('y');
    expect(curvesOf(roc, 'y', ['one', 'two']).map((one) => one.name)).toEqual(['one (AUC 0.8)', 'two (AUC 0.7)']);
  });
  it('writes settings as they are called, and a dash where a model has none', () => {
    expect(settingRow({ setting: 'params.max_depth', values: [3, null] })).toEqual({ name: 'max_depth', values: ['3', '–'] });
  });
});

describe('rows', () => {
  it('are leafed to, never past either end', () => {
    expect([pageOf(1, 1000), pageOf(501, 1000), pageOf(1000, 1000), pageOf(5e9, 1000), pageOf(-3, 1000), pageOf(9, 20)]).toEqual([0, 500, 950, 950, 0, 0]);
  });
});

describe('the command menu', () => {
  it('offers nobody what they may not open', () => {
    expect(commands('user').some((one) => one.to?.startsWith('/admin'))).toBe(false);
    expect(commands('admin').some((one) => one.to === '/admin/audit')).toBe(true);
    expect(commands('analyst').some((one) => one.to === '/data/new')).toBe(false);
  });
  it('finds by any word, begins first', () => {
    expect(matching(commands('admin'), 'csv')[0]?.to).toBe('/data/new');
    expect(matching(commands('admin'), 'dark')[0]?.id).toBe('theme');
    expect(matching(commands('user'), 'mod')[0]?.to).toBe('/models');
    expect(matching(commands('user'), 'zzzz')).toEqual([]);
  });
});

describe('measures', () => {
  it('all lead to a line that the help page has', () => {
    const lines = new Set(METRICS.map((entry) => entry.id));
    for (const name of ['accuracy', 'balanced_accuracy', 'precision_macro', 'recall_weighted', 'f1_macro', 'rmse', 'r2', 'median_ae', 'log_loss', 'roc_auc', 'pr_auc', 'brier', 'mcc', 'mae', 'mse', 'mape']) expect(lines, name).toContain(anchorOf(name));
    expect([anchorOf('precision_macro'), anchorOf('something_else')]).toEqual(['precision', undefined]);
  });
});

describe('files', () => {
  it('hold no formula that a spreadsheet would run, and leave numbers alone', () => {
    expect(csv({ head: ['=1+1', 'n'], rows: [['@x', -5], ['-y', 1], ['+z', null]] })).toBe("'=1+1,n\n'@x,-5\n'-y,1\n'+z,\n");
  });
});
