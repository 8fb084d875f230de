// What each plot of a report says, in a sentence: the titles. Only what the numbers carry is claimed; where they carry
// nothing, the plain name of the plot stands instead.
import type { PrCurve, Report, RocCurve } from '../../api/types';
import { number, percent } from '../../app/format';
import { t } from '../../app/t';
import { worstPairs } from '../../charts/heatmap';

type Matrix = NonNullable<Report['confusion_matrix']>;
type Residuals = NonNullable<Report['residuals']>;
type Calibration = NonNullable<Report['calibration']>[number];

export function matrixFinding(matrix: Matrix, positive: string): string {
  const { classes, counts } = matrix;
  const row = classes.indexOf(positive);
  if (classes.length === 2 && row >= 0) {
    const all = (counts[row] ?? []).reduce((sum, count) => sum + count, 0);
    const found = counts[row]?.[row] ?? 0;
    const flagged = counts.reduce((sum, line) => sum + (line[row] ?? 0), 0);
    if (all > 0) return t('finding.matrix', { class: positive, found, all, alarms: flagged - found });
  }
  const worst = worstPairs(classes, counts)[0];
  return worst ? t('finding.mixes', worst) : t('model.confusion.none');
}

export function rocFinding(curves: RocCurve[]): string {
  const worst = [...curves].sort((a, b) => a.auc - b.auc)[0];
  if (!worst) return t('model.roc.title');
  return curves.length === 1 ? t('finding.roc', { class: worst.class, of: Math.round(worst.auc * 100) }) : t('finding.rocMany', { class: worst.class, auc: number(worst.auc, 3) });
}

/** How right it is when it is asked to find half of a class: the best precision with a recall of at least that. */
export function precisionAtHalf(curve: Pick<PrCurve, 'recall' | 'precision'>): number | null {
  const there = curve.precision.filter((_, index) => (curve.recall[index] ?? 0) >= 0.5);
  return there.length === 0 ? null : Math.max(...there);
}

export function prFinding(curves: PrCurve[]): string {
  const worst = [...curves].sort((a, b) => a.ap - b.ap)[0];
  const half = worst ? precisionAtHalf(worst) : null;
  if (!worst || half === null) return t('model.pr.title');
  return t('finding.pr', { class: worst.class, share: percent(half, 0) });
}

/** Below this, in shares of one, a difference between said and seen is not worth a word. */
const CLOSE = 0.04;

/** Positive: too sure of itself. Bins on the other side of a half count turned round. */
export function overconfidence(bins: Calibration['bins']): number | null {
  const rows = bins.reduce((sum, bin) => sum + bin.count, 0);
  if (rows === 0) return null;
  return bins.reduce((sum, bin) => sum + (bin.predicted >= 0.5 ? bin.predicted - bin.observed : bin.observed - bin.predicted) * bin.count, 0) / rows;
}

export function calibrationFinding(curves: Calibration[]): string {
  const [only] = curves;
  const over = curves.length === 1 && only ? overconfidence(only.bins) : null;
  if (over === null) return t('model.calibration.title');
  if (Math.abs(over) < CLOSE) return t('finding.calibrated');
  return t(over > 0 ? 'finding.tooSure' : 'finding.notSure', { share: percent(Math.abs(over), 0) });
}

/** The size below which this share of the misses stays. */
export function missAt(residuals: Pick<Residuals, 'sample'>, share: number): number | null {
  const misses = residuals.sample.map((row) => Math.abs(row.actual - row.predicted)).sort((a, b) => a - b);
  return misses.length === 0 ? null : (misses[Math.min(misses.length - 1, Math.floor(share * misses.length))] ?? null);
}

export function predictedFinding(residuals: Residuals): string {
  const half = missAt(residuals, 0.5);
  return half === null ? t('model.predicted.title') : t('finding.half', { miss: number(half, 3) });
}

/** Whether misses grow with what is predicted: the larger half against the smaller one. */
export function growth(sample: Residuals['sample']): number | null {
  if (sample.length < 20) return null;
  const sorted = [...sample].sort((a, b) => a.predicted - b.predicted);
  const mean = (rows: typeof sorted) => rows.reduce((sum, row) => sum + Math.abs(row.actual - row.predicted), 0) / Math.max(1, rows.length);
  const low = mean(sorted.slice(0, Math.floor(sorted.length / 2)));
  const high = mean(sorted.slice(Math.ceil(sorted.length / 2)));
  return low === 0 ? null : high / low;
}

export function residualFinding(residuals: Residuals): string {
  const grows = growth(residuals.sample);
  if (grows !== null && grows > 1.6) return t('finding.grows', { times: number(grows, 2) });
  if (grows !== null && grows < 1 / 1.6) return t('finding.shrinks', { times: number(1 / grows, 2) });
  const count = residuals.sample.length;
  if (count === 0) return t('model.residuals.title');
  const low = residuals.sample.filter((row) => row.actual > row.predicted).length / count;
  return Math.abs(low - 0.5) < 0.1 ? t('finding.even') : t(low > 0.5 ? 'finding.low' : 'finding.high', { share: percent(low > 0.5 ? low : 1 - low, 0) });
}

export function errorFinding(residuals: Residuals): string {
  const most = missAt(residuals, 0.9);
  return most === null ? t('model.errors.title') : t('finding.nine', { miss: number(most, 3) });
}

export function classFinding(rows: NonNullable<Report['per_class']>): string {
  const hardest = [...rows].filter((row) => row.support > 0).sort((a, b) => a.f1 - b.f1)[0];
  return hardest && rows.length > 1 ? t('finding.hardest', { class: hardest.class }) : t('model.report.title');
}
