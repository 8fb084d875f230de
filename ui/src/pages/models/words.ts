// A model and its measures in words.
import type { Metric, Model, SignatureColumn, Task } from '../../api/types';
import { number, percent } from '../../app/format';
import { t, tMaybe } from '../../app/t';

/** Measures that are shares of one and read best as percent. */
const SHARES = new Set(['accuracy', 'balanced_accuracy', 'f1', 'f1_macro', 'f1_weighted', 'precision', 'recall', 'precision_macro', 'recall_macro', 'precision_weighted', 'recall_weighted', 'roc_auc', 'pr_auc', 'r2', 'mape']);

/** The values a measure can have. */
export function limitsOf(name: string): [number, number] {
  if (name === 'r2' || name === 'mcc') return [name === 'mcc' ? -1 : Number.NEGATIVE_INFINITY, 1];
  return [0, SHARES.has(name) && name !== 'mape' ? 1 : Number.POSITIVE_INFINITY];
}

export function metricValue(name: string, value: number | null | undefined): string {
  return SHARES.has(name) ? percent(value) : number(value);
}

/** As `metricValue`, with one more digit: for tables where neighbours are compared. */
export function exactValue(name: string | null, value: number | null | undefined): string {
  return name !== null && SHARES.has(name) ? percent(value, 1) : number(value);
}

const TILES: Record<Task, string[]> = {
  classification: ['accuracy', 'balanced_accuracy', 'roc_auc', 'f1_macro', 'f1', 'pr_auc'],
  regression: ['r2', 'mae', 'rmse', 'median_ae', 'mape'],
};

/** The four measures that say most, those that exist. */
export function mainMetrics(task: Task, metrics: Record<string, Metric>): string[] {
  return TILES[task].filter((name) => metrics[name] && Number.isFinite(metrics[name].value)).slice(0, 4);
}

/** One line for lists: the measure that says most. */
export function headline(model: Pick<Model, 'task' | 'metrics' | 'target'>): string {
  const name = model.task && model.metrics ? mainMetrics(model.task, model.metrics)[0] : undefined;
  const metric = name ? model.metrics?.[name] : undefined;
  if (!name || !metric) return t('model.predicts', { target: model.target });
  return `${t('model.predicts', { target: model.target })} · ${tMaybe(`metric.${name}`, name)} ${metricValue(name, metric.value)}`;
}

export type FormValue = string | number | boolean | null;

/** What the form starts with: the typical case. */
export function typicalRow(signature: SignatureColumn[]): Record<string, FormValue> {
  return Object.fromEntries(signature.map((column) => [column.name, typicalValue(column)]));
}

export function typicalValue(column: SignatureColumn): FormValue {
  const { typical } = column;
  if (column.kind === 'date') return typeof typical === 'number' ? new Date(typical * 1000).toISOString().slice(0, 10) : ((typical as string | undefined) ?? null);
  if (column.kind === 'boolean') {
    if (typeof typical === 'number') return column.values?.[typical >= 0.5 ? 1 : 0] ?? null;
    if (typeof typical === 'boolean') return column.values?.[typical ? 1 : 0] ?? null;
    return (typical as string | undefined) ?? null;
  }
  if (typical !== undefined && typical !== null) return column.kind === 'integer' && typeof typical === 'number' ? Math.round(typical) : typical;
  if (column.kind === 'category') return column.values?.[0] ?? null;
  return null;
}

/** A stored cell in the form's own terms. */
export function formValue(column: SignatureColumn, cell: unknown): FormValue {
  if (cell === null || cell === undefined) return null;
  if (column.kind === 'date') return typeof cell === 'number' ? new Date(cell * 1000).toISOString().slice(0, 10) : String(cell).slice(0, 10);
  if (column.kind === 'boolean') {
    if (typeof cell === 'boolean') return column.values?.[cell ? 1 : 0] ?? String(cell);
    if (typeof cell === 'number') return column.values?.[cell >= 0.5 ? 1 : 0] ?? String(cell);
    return String(cell);
  }
  if (column.kind === 'number' || column.kind === 'integer') return typeof cell === 'number' ? cell : Number.isFinite(Number(cell)) ? Number(cell) : null;
  return String(cell);
}
