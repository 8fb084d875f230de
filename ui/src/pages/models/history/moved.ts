// How right a model still is and how far its rows have moved, in words.
import type { Accuracy, Drift, DriftPeriod, Shift } from '../../../api/types';
import { number, percent } from '../../../app/format';
import { t } from '../../../app/t';

export type Interval = 'hour' | 'day' | 'week';

/** Below this many rows luck says more than the model does. */
const FEW = 30;

/** A period's beginning in seconds since 1970. */
export const secondsOf = (time: string) => Date.parse(time) / 1000;

export function measured(metric: string, value: number | null | undefined): string {
  return metric === 'accuracy' ? percent(value) : number(value);
}

export interface Verdict {
  tone: 'engine' | 'signal' | '';
  text: string;
  /** Whether something should be done. */
  act: boolean;
}

/** The latest period beside what was to be expected. Shares may fall by five points, distances grow by a fifth: that much is luck. */
export function accuracyVerdict(found: Accuracy): Verdict | null {
  const last = found.periods[found.periods.length - 1];
  if (!last) return null;
  const now = measured(found.metric, last.value);
  if (found.expected === null || found.expected === undefined) return { tone: '', act: false, text: t('accuracy.plain', { now, rows: last.rows }) };
  const expected = measured(found.metric, found.expected);
  if (last.rows < FEW) return { tone: '', act: false, text: t('accuracy.few', { now, rows: last.rows, expected }) };
  const worse = found.metric === 'accuracy' ? last.value < found.expected - 0.05 : last.value > found.expected * 1.2;
  return { tone: worse ? 'signal' : 'engine', act: worse, text: t(worse ? 'accuracy.worse' : 'accuracy.same', { now, expected }) };
}

const ORDER = ['major', 'moderate', 'stable', 'few_rows'];
type Level = 'major' | 'moderate' | 'stable' | 'few_rows';

export function levelOf(shift: Pick<Shift, 'level'>): Level {
  return (ORDER.includes(shift.level) ? shift.level : 'few_rows') as Level;
}

/** The newest period with enough rows to tell; else the newest. */
export function tellingPeriod(found: Drift): DriftPeriod | null {
  const enough = found.periods.filter((period) => period.columns.some((shift) => levelOf(shift) !== 'few_rows'));
  return enough[enough.length - 1] ?? found.periods[found.periods.length - 1] ?? null;
}

/** Columns and answers of a period, what moved most first. */
export function shiftsOf(period: DriftPeriod): { shift: Shift; answers: boolean }[] {
  const all = period.columns.map((shift) => ({ shift, answers: false }));
  if (period.answers) all.push({ shift: period.answers, answers: true });
  return all.sort((a, b) => ORDER.indexOf(levelOf(a.shift)) - ORDER.indexOf(levelOf(b.shift)) || b.shift.psi - a.shift.psi);
}

export function driftVerdict(period: DriftPeriod, list: (words: string[]) => string): Verdict {
  const shifts = shiftsOf(period);
  const named = (level: Level) => shifts.filter((one) => levelOf(one.shift) === level).slice(0, 3).map((one) => (one.answers ? t('drift.answers') : `“${one.shift.column}”`));
  if (shifts.every((one) => levelOf(one.shift) === 'few_rows')) return { tone: '', act: false, text: t('drift.fewRows', { rows: period.rows }) };
  const much = named('major');
  if (much.length > 0) return { tone: 'signal', act: true, text: t('drift.major', { list: list(much) }) };
  const some = named('moderate');
  if (some.length > 0) return { tone: '', act: false, text: t('drift.moderate', { list: list(some) }) };
  return { tone: 'engine', act: false, text: t('drift.stable') };
}
