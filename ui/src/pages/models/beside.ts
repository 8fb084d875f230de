// Two to four models beside one another: which measure each wins, and in which settings they differ.
import type { Metric, Model, Report } from '../../api/types';
import { setting } from '../../app/format';

/** Measures of which less is better. */
const LESS = new Set(['log_loss', 'brier', 'mae', 'mse', 'rmse', 'mape', 'median_ae']);

export interface Compared {
  name: string;
  values: (Metric | null)[];
  /** Whose value is best, all of them when they are equal; nobody's where one has none. */
  best: number[];
}

export function compared(reports: Pick<Report, 'metrics'>[]): Compared[] {
  const names = [...new Set(reports.flatMap((report) => Object.keys(report.metrics)))];
  return names.map((name) => {
    const values = reports.map((report) => report.metrics[name] ?? null);
    const numbers = values.map((metric) => metric?.value ?? Number.NaN);
    const best = numbers.every(Number.isFinite) ? (LESS.has(name) ? Math.min(...numbers) : Math.max(...numbers)) : Number.NaN;
    const winners = numbers.flatMap((value, index) => (value === best ? [index] : []));
    return { name, values, best: winners.length === numbers.length ? [] : winners };
  });
}

/** Whether the likely ranges of two measures leave it open which is better. */
export function open(a: Metric | null, b: Metric | null): boolean {
  if (a?.low == null || a.high == null || b?.low == null || b.high == null) return false;
  return a.low <= b.high && b.low <= a.high;
}

export interface Difference {
  name: string;
  values: string[];
}

/** The settings that are not the same in all. */
export function differences(models: Model[], none: string): Difference[] {
  const plain: [string, (model: Model) => unknown][] = [
    ['algorithm', (model) => model.algorithm.replaceAll('_', ' ')],
    ['dataset', (model) => model.dataset_name],
    ['target', (model) => model.target],
    ['features', (model) => model.features],
    ['metric', (model) => model.metric],
    ['test_size', (model) => model.test_size],
    ['folds', (model) => model.folds],
    ['seed', (model) => model.seed],
  ];
  const params = [...new Set(models.flatMap((model) => Object.keys(model.params ?? {})))].map((name): [string, (model: Model) => unknown] => [name, (model) => model.params?.[name]]);
  return [...plain, ...params]
    // What an algorithm does not have is no setting; what it has and is not set is.
    .map(([name, of]) => ({ name, values: models.map((model) => (of(model) === undefined ? '–' : setting(of(model), none))) }))
    .filter(({ values }) => new Set(values).size > 1);
}
