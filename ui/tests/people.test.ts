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
import { compared, differences, open } from '../src/pages/models/beside';
import type { Model, ServerSetting } from '../src/api/types';

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
  const metric = (value: number, low: number | null = null, high: number | null = null) => ({ value, low, high, baseline: null });
  it('knows of which measures less is better, and of ties', () => {
    const rows = compared([{ metrics: { accuracy: metric(0.8), rmse: metric(3), f1: metric(0.5) } }, { metrics: { accuracy: metric(0.9), rmse: metric(5), f1: metric(0.5) } }]);
    expect(Object.fromEntries(rows.map((row) => [row.name, row.best]))).toEqual({ accuracy: [1], rmse: [0], f1: [] });
  });
  it('counts every error as better when small', () => {
    for (const name of ['log_loss', 'brier', 'mae', 'mse', 'rmse', 'mape', 'median_ae']) expect(compared([{ metrics: { [name]: metric(3) } }, { metrics: { [name]: metric(5) } }])[0]?.best, name).toEqual([0]);
  });
  it('names no winner where one has no value', () => {
    expect(compared([{ metrics: { accuracy: metric(0.8) } }, { metrics: {} }])[0]?.best).toEqual([]);
  });
  it('leaves open what likely ranges leave open', () => {
    expect(open(metric(0.8, 0.7, 0.9), metric(0.85, 0.8, 0.95))).toBe(true);
    expect(open(metric(0.8, 0.75, 0.82), metric(0.9, 0.85, 0.95))).toBe(false);
    expect(open(metric(0.8), null)).toBe(false);
  });
  it('lists only settings that differ, and tells “not set” from “has none”', () => {
    const model = (params: Record<string, unknown>) => ({ algorithm: 'random_forest', dataset_name: 'd', target: 't', features: null, metric: 'accuracy', test_size: 0.2, folds: 0, seed: 42, params }) as unknown as Model;
    expect(differences([model({ trees: 100, depth: null }), model({ trees: 200 })], 'none')).toEqual([{ name: 'trees', values: ['100', '200'] }, { name: 'depth', values: ['none', '–'] }]);
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
