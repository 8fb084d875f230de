// What a row would be answered if it were different, read off the curves that came with its answer. With one column
// changed that is what the model said; with several their effects are added up.
import type { Cell, Prediction, WhatIfCurve } from '../../api/types';

/** By column, at which place of its curve somebody put it. Columns that are as they were asked are not in it. */
export type Moved = Record<string, number>;

/** The number at each point of a curve: the likelihood of a class, or the answer itself. */
export function heights(curve: WhatIfCurve, of: string | null): number[] {
  return (of === null ? curve.values : curve.probabilities?.[of]) ?? [];
}

/** How far a curve goes up and down, over all classes where there are some. */
export function swing(curve: WhatIfCurve): number {
  const lines = curve.values ? [curve.values] : Object.values(curve.probabilities ?? {});
  return Math.max(0, ...lines.map((line) => Math.max(...line) - Math.min(...line)));
}

/** The curves that can be drawn at all, what moves the answer most first. */
export function strongest(curves: WhatIfCurve[]): WhatIfCurve[] {
  return curves.map((curve, at) => ({ curve, at, by: swing(curve) })).filter((one) => one.curve.grid.length > 1).sort((a, b) => b.by - a.by || a.at - b.at).map((one) => one.curve);
}

/** The place of the row's own value on its curve; nothing where it had none. */
export function placeOf(curve: WhatIfCurve, value: Cell | undefined): number | null {
  if (value === null || value === undefined) return null;
  const exact = curve.grid.findIndex((one) => one === value || String(one) === String(value));
  if (exact >= 0) return exact;
  if (typeof value !== 'number') return null;
  const found = curve.grid.findIndex((one) => typeof one === 'number' && Math.abs(one - value) <= 1e-9 * Math.max(1, Math.abs(value)));
  return found < 0 ? null : found;
}

export interface Outcome {
  value: Cell;
  probabilities: Record<string, number> | null;
  /** Whether the model itself said so. */
  exact: boolean;
}

/** What would be answered with these columns moved. */
export function outcome(prediction: Prediction, curves: WhatIfCurve[], moved: Moved): Outcome {
  const there = curves.filter((curve) => moved[curve.column] !== undefined);
  const shares = prediction.probabilities ?? null;
  if (there.length === 0) return { value: prediction.value, probabilities: shares, exact: true };
  const exact = there.length === 1;
  if (shares) {
    const sums = Object.entries(shares).map(([name, share]) => {
      const parts = there.map((curve) => (heights(curve, name)[moved[curve.column] ?? 0] ?? share) - share);
      return [name, Math.min(1, Math.max(0, share + parts.reduce((sum, part) => sum + part, 0)))] as const;
    });
    const total = sums.reduce((sum, [, share]) => sum + share, 0);
    const probabilities = exact || total <= 0 ? Object.fromEntries(sums) : Object.fromEntries(sums.map(([name, share]) => [name, share / total]));
    const best = Object.entries(probabilities).reduce((top, one) => (one[1] > top[1] ? one : top), ['', Number.NEGATIVE_INFINITY] as [string, number]);
    return { value: best[0], probabilities, exact };
  }
  const base = Number(prediction.value);
  const value = there.reduce((sum, curve) => sum + (heights(curve, null)[moved[curve.column] ?? 0] ?? base) - base, base);
  return { value, probabilities: null, exact };
}

/** The row with what was moved put in. */
export function changedRow<Row extends Record<string, Cell>>(row: Row, curves: WhatIfCurve[], moved: Moved): Row {
  return { ...row, ...Object.fromEntries(curves.filter((curve) => moved[curve.column] !== undefined).map((curve) => [curve.column, curve.grid[moved[curve.column] ?? 0] ?? null])) };
}
