// What a two-class model's answers would be with another line between yes and no, from its curves.
import type { Report } from '../../api/types';

export interface Cut {
  threshold: number;
  precision: number;
  recall: number;
  accuracy: number;
  /** As the confusion matrix: rows are the truth, in the order of its classes. */
  counts: number[][];
  /** Where it lies on the ROC curve: false alarms, found. */
  roc: [number, number];
}

/** Places the positive class in the matrix, or null where the report has no two-class sweep. */
function positiveIndex(report: Report): number | null {
  const classes = report.confusion_matrix?.classes;
  if (!report.threshold_sweep || !classes || classes.length !== 2) return null;
  const index = report.positive_class === null ? 1 : classes.indexOf(report.positive_class);
  return index < 0 ? 1 : index;
}

export function cutAt(report: Report, threshold: number): Cut | null {
  const positive = positiveIndex(report);
  const sweep = report.threshold_sweep;
  const matrix = report.confusion_matrix;
  if (positive === null || !sweep || !matrix || sweep.thresholds.length === 0) return null;
  let nearest = 0;
  sweep.thresholds.forEach((value, index) => {
    if (Math.abs(value - threshold) < Math.abs((sweep.thresholds[nearest] ?? 0) - threshold)) nearest = index;
  });
  const total = (index: number) => (matrix.counts[index] ?? []).reduce((sum, count) => sum + count, 0);
  const positives = total(positive);
  const negatives = total(1 - positive);
  const precision = sweep.precision[nearest] ?? 0;
  const recall = sweep.recall[nearest] ?? 0;
  const found = Math.round(recall * positives);
  const alarms = precision > 0 ? Math.min(negatives, Math.round(found / precision - found)) : falseAlarms(sweep.accuracy[nearest], found, positives, negatives);
  const truth = [0, 1].map((row) => {
    const yes = row === positive ? found : alarms;
    const no = (row === positive ? positives : negatives) - yes;
    return positive === 1 ? [no, yes] : [yes, no];
  });
  return {
    threshold: sweep.thresholds[nearest] ?? threshold,
    precision,
    recall,
    accuracy: sweep.accuracy[nearest] ?? 0,
    counts: truth,
    roc: [negatives === 0 ? 0 : alarms / negatives, recall],
  };
}

/** With nothing found, precision says nothing about the false alarms; accuracy still does. */
function falseAlarms(accuracy: number | undefined, found: number, positives: number, negatives: number): number {
  if (accuracy === undefined) return 0;
  const right = Math.round(accuracy * (positives + negatives));
  return Math.max(0, Math.min(negatives, negatives - (right - found)));
}

/** The line at which precision and recall together (F1) are highest. */
export function bestCut(sweep: NonNullable<Report['threshold_sweep']>): number {
  return sweep.thresholds[sweep.f1.indexOf(Math.max(...sweep.f1))] ?? 0.5;
}
