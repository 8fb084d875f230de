// What to predict, before anybody has said: the server's guess, or the last column that could be one.
import type { ColumnProfile, Profile, Task } from '../../api/types';

/** Whole numbers with at most this many different values are taken for classes. */
const MOST_CLASSES = 10;

export function taskOf(column: ColumnProfile): Task {
  if (column.kind === 'number' || column.kind === 'date') return 'regression';
  if (column.kind === 'integer') return column.distinct <= MOST_CLASSES ? 'classification' : 'regression';
  return 'classification';
}

export function guessTarget(profile: Profile): string | undefined {
  if (profile.suggested_target) return profile.suggested_target;
  return profile.columns.findLast((column) => column.kind !== 'identifier' && column.kind !== 'text' && column.distinct > 1)?.name;
}

/** The middle or most frequent value, in a word. */
export function typical(column: ColumnProfile): { value: number | string | null; kind: string } {
  if (column.quartiles && column.kind !== 'boolean') return { value: column.quartiles[1], kind: column.kind };
  return { value: column.top?.[0]?.value ?? null, kind: 'text' };
}

/** The classes of a column, where its profile lists all of them. */
export function classesOf(column: ColumnProfile): string[] {
  if (column.labels) return column.labels.map(String);
  return (column.top ?? []).map((one) => String(one.value));
}
