// The settings of a training as they stand in the address, so that one can be repeated or passed on.
import type { ColumnProfile, Setting, TrainRequest } from '../../api/types';
import { taskOf } from '../data/target';

export interface TrainSettings {
  target: string;
  effort: 'quick' | 'balanced' | 'thorough';
  metric: string;
  positive: string;
  algorithm: string;
  params: Record<string, Setting>;
  /** Columns not to learn from. */
  without: string[];
  /** Columns to learn from, where a model named them: the others are left out. Empty: all. */
  only: string[];
  /** Rows kept back for the test, in percent. */
  test: number;
  folds: number;
  seed: number;
  name: string;
}

const DEFAULTS: TrainSettings = { target: '', effort: 'balanced', metric: '', positive: '', algorithm: 'auto', params: {}, without: [], only: [], test: 20, folds: 0, seed: 42, name: '' };

/** Only what differs from the defaults, as the text after the `?`. */
export function encode(settings: Partial<TrainSettings>): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(settings)) {
    const standard = DEFAULTS[key as keyof TrainSettings];
    const text = typeof value === 'object' ? JSON.stringify(value) : String(value);
    if (text !== (typeof standard === 'object' ? JSON.stringify(standard) : String(standard))) parts.set(key, text);
  }
  return parts.toString();
}

function json<T>(text: string | undefined, fallback: T, fits: (value: unknown) => value is T): T {
  if (!text) return fallback;
  try {
    const value: unknown = JSON.parse(text);
    return fits(value) ? value : fallback;
  } catch {
    return fallback;
  }
}

function isNames(value: unknown): value is string[] {
  return Array.isArray(value) && value.every((one) => typeof one === 'string');
}

function whole(text: string | undefined, fallback: number, low: number, high: number): number {
  const value = Number(text ?? Number.NaN);
  return Number.isInteger(value) && value >= low && value <= high ? value : fallback;
}

/** Reads an address; anything that makes no sense is the default. */
export function decode(search: Record<string, string | undefined>): TrainSettings {
  const effort = search.effort;
  return {
    target: search.target ?? '',
    effort: effort === 'quick' || effort === 'thorough' ? effort : 'balanced',
    metric: search.metric ?? '',
    positive: search.positive ?? '',
    algorithm: search.algorithm || 'auto',
    params: json(search.params, {}, (value): value is Record<string, Setting> => typeof value === 'object' && value !== null && !Array.isArray(value)),
    without: json(search.without, [], isNames),
    only: json(search.only, [], isNames),
    test: whole(search.test, 20, 5, 50),
    folds: whole(search.folds, 0, 0, 20),
    seed: whole(search.seed, 42, 0, Number.MAX_SAFE_INTEGER),
    name: search.name ?? '',
  };
}

/** The columns a model can learn from: not the one to predict, not identifiers. */
export function candidates(columns: ColumnProfile[], target: string): ColumnProfile[] {
  return columns.filter((column) => column.name !== target && column.kind !== 'identifier');
}

/** Turns a list of what to learn from into what is left out, which is what the form shows. */
export function narrowed(columns: ColumnProfile[], settings: TrainSettings): TrainSettings {
  if (settings.only.length === 0) return settings;
  const left = candidates(columns, settings.target).map((column) => column.name).filter((name) => !settings.only.includes(name));
  return { ...settings, without: [...new Set([...settings.without, ...left])], only: [] };
}

export function toRequest(dataset: { id: string; name: string }, columns: ColumnProfile[], settings: TrainSettings): TrainRequest {
  const target = columns.find((column) => column.name === settings.target);
  const task = target ? taskOf(target) : 'classification';
  const auto = settings.algorithm === 'auto';
  const used = candidates(columns, settings.target).filter((column) => !settings.without.includes(column.name));
  const metric = settings.metric || defaultMetric(task);
  return {
    dataset_id: dataset.id,
    target: settings.target,
    task: 'auto',
    algorithm: settings.algorithm,
    ...(auto ? { effort: settings.effort } : { params: settings.params }),
    metric,
    ...(settings.positive && (metric === 'recall' || metric === 'precision') ? { positive_class: settings.positive } : {}),
    features: settings.without.length > 0 ? used.map((column) => column.name) : null,
    test_size: settings.test / 100,
    folds: settings.folds,
    seed: settings.seed,
    name: settings.name.trim() || dataset.name,
  };
}

export function defaultMetric(task: 'classification' | 'regression'): string {
  return task === 'classification' ? 'accuracy' : 'mae';
}
