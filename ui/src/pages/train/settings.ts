// The settings of a training as they stand in the address, so that one can be repeated or passed on.
import type { BeginStudy, ColumnProfile, CompareTrain, SearchMethod, Setting, Space, TrainRequest } from '../../api/types';
import { taskOf } from '../data/target';
import { isSpace } from './space';

/** In the place of an algorithm: several, each of which becomes a model. */
export const SEVERAL = 'several';
export const METHODS = ['bayesian', 'random', 'grid'] as const satisfies SearchMethod[];

export interface TrainSettings {
  target: string;
  effort: 'quick' | 'balanced' | 'thorough';
  metric: string;
  positive: string;
  algorithm: string;
  params: Record<string, Setting>;
  /** Those that take part where several are compared; empty: the usual ones. */
  several: string[];
  /** How the best parameters of one algorithm are looked for; empty: they are as they are set. */
  tune: SearchMethod | '';
  /** Settings to try. */
  trials: number;
  /** Parts of the training rows that judge each setting. */
  inner: number;
  /** Seconds after which no more is tried, in a search or the thorough race; 0: no limit. */
  seconds: number;
  /** What may be tried; empty: the usual. */
  space: Space;
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

const DEFAULTS: TrainSettings = { target: '', effort: 'balanced', metric: '', positive: '', algorithm: 'auto', params: {}, several: [], tune: '', trials: 40, inner: 3, seconds: 0, space: {}, without: [], only: [], test: 20, folds: 0, seed: 42, name: '' };

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
    several: json(search.several, [], isNames),
    tune: METHODS.find((method) => method === search.tune) ?? '',
    trials: whole(search.trials, 40, 1, 10_000),
    inner: whole(search.inner, 3, 2, 20),
    seconds: whole(search.seconds, 0, 0, 86_400),
    space: json(search.space, {}, isSpace),
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

interface Chosen {
  id: string;
  name: string;
}

/** What every way of training has in common. */
function common(dataset: Chosen, columns: ColumnProfile[], settings: TrainSettings) {
  const target = columns.find((column) => column.name === settings.target);
  const task = target ? taskOf(target) : 'classification';
  const used = candidates(columns, settings.target).filter((column) => !settings.without.includes(column.name));
  const metric = settings.metric || defaultMetric(task);
  return {
    dataset_id: dataset.id,
    target: settings.target,
    task: 'auto' as const,
    metric,
    ...(settings.positive && (metric === 'recall' || metric === 'precision') ? { positive_class: settings.positive } : {}),
    features: settings.without.length > 0 ? used.map((column) => column.name) : null,
    test_size: settings.test / 100,
    seed: settings.seed,
    name: settings.name.trim() || dataset.name,
  };
}

export function toRequest(dataset: Chosen, columns: ColumnProfile[], settings: TrainSettings): TrainRequest {
  const auto = settings.algorithm === 'auto';
  const limited = settings.effort === 'thorough' && settings.seconds > 0;
  return { ...common(dataset, columns, settings), algorithm: settings.algorithm, ...(auto ? { effort: settings.effort, ...(limited ? { budget: { seconds: settings.seconds } } : {}) } : { params: settings.params }), folds: settings.folds };
}

function searchOf(settings: TrainSettings): BeginStudy['search'] {
  const space = Object.keys(settings.space).length > 0 ? settings.space : null;
  return { method: settings.tune || 'bayesian', ...(settings.tune === 'grid' ? {} : { trials: settings.trials }), folds: settings.inner, ...(settings.seconds > 0 ? { seconds: settings.seconds } : {}), space };
}

/** Parameters that stay as they are set; what is searched is not among them. */
function fixed(settings: TrainSettings): Record<string, Setting> {
  return Object.fromEntries(Object.entries(settings.params).filter(([name]) => !(name in settings.space)));
}

export function toStudy(dataset: Chosen, columns: ColumnProfile[], settings: TrainSettings): BeginStudy {
  return { ...common(dataset, columns, settings), algorithm: settings.algorithm, params: fixed(settings), search: searchOf(settings) };
}

export function toComparison(dataset: Chosen, columns: ColumnProfile[], settings: TrainSettings): CompareTrain {
  return { ...common(dataset, columns, settings), algorithms: settings.several.map((algorithm) => ({ algorithm })), folds: settings.folds };
}

/** What a dry run is asked about: one request, or one for each of several. */
export function toEstimate(dataset: Chosen, columns: ColumnProfile[], settings: TrainSettings): TrainRequest[] {
  if (settings.algorithm === SEVERAL) return settings.several.map((algorithm) => toRequest(dataset, columns, { ...settings, algorithm, params: {} }));
  if (settings.algorithm !== 'auto' && settings.tune) return [{ ...toRequest(dataset, columns, settings), params: fixed(settings), folds: 0, search: searchOf(settings) }];
  return [toRequest(dataset, columns, settings)];
}

export function defaultMetric(task: 'classification' | 'regression'): string {
  return task === 'classification' ? 'accuracy' : 'mae';
}
