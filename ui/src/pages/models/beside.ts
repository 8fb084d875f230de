// Two to four models beside one another, as the server compares them: what leads, what is said about it, and the curves
// that can be laid over each other.
import type { RocCurve, SideBySide } from '../../api/types';
import { number, setting } from '../../app/format';
import { t } from '../../app/t';
import { metricName } from '../jobs/contenders';
import { mainMetrics } from './words';

type Row = SideBySide['metrics'][number];

/** The measures that say most first, the others as they come. */
export function ordered(side: Pick<SideBySide, 'metrics' | 'models'>): Row[] {
  const task = side.models[0]?.task;
  const main = task ? mainMetrics(task, side.models[0]?.metrics ?? {}) : [];
  const place = (row: Row) => (main.includes(row.metric) ? main.indexOf(row.metric) : main.length);
  return side.metrics.map((row, at) => ({ row, at })).sort((a, b) => place(a.row) - place(b.row) || a.at - b.at).map(({ row }) => row);
}

/** Who is better in the first measure, and whether luck may explain it. */
export function said(row: Row, names: string[], ids: string[]): string {
  const metric = metricName(row.metric);
  const winner = names[ids.indexOf(row.winner ?? '')];
  if (winner === undefined) return t('compare.even', { metric });
  return t(row.clear ? 'compare.wins' : 'compare.close', { name: winner, metric });
}

/** The classes of which every model has a curve. */
export function classesOf(roc: SideBySide['roc']): string[] {
  const [first, ...rest] = roc;
  return (first ?? []).map((curve) => curve.class).filter((name) => rest.every((curves) => curves?.some((curve) => curve.class === name)));
}

/** The class that is hardest to tell for the model that does worst: where differences show. */
export function hardest(roc: SideBySide['roc'], classes: string[]): string | undefined {
  const least = (name: string) => Math.min(...roc.map((curves) => curves?.find((curve) => curve.class === name)?.auc ?? 1));
  return [...classes].sort((a, b) => least(a) - least(b))[0];
}

export function curvesOf(roc: SideBySide['roc'], name: string, names: string[]): { name: string; xs: number[]; ys: number[] }[] {
  return roc.flatMap((curves, index) => {
    const curve: RocCurve | undefined = curves?.find((one) => one.class === name);
    return curve ? [{ name: `${names[index]} (AUC ${number(curve.auc, 3)})`, xs: curve.fpr, ys: curve.tpr }] : [];
  });
}

/** A setting's name without where it stands, and its values; a model that has none gets a dash. */
export function settingRow(row: SideBySide['differences'][number]): { name: string; values: string[] } {
  return { name: row.setting.replace(/^params\./, ''), values: row.values.map((value) => (value === null || value === undefined ? '–' : setting(value, '–'))) };
}
