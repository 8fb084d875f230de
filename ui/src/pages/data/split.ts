// Columns side by side for each value of another one, from rows taken evenly over a table.
import type { ColumnProfile, SomeRows } from '../../api/types';
import type { Five, Stack } from '../../charts/boxes';

/** As many rows as are looked at, and as many as come in one answer. */
export const MOST_ROWS = 2000;
export const AT_ONCE = 500;
/** More groups than this cannot be told apart. */
const MOST_GROUPS = 8;

/** Columns that have few enough values to split by. */
export function splitters(columns: ColumnProfile[]): ColumnProfile[] {
  return columns.filter((column) => column.distinct > 1 && column.distinct <= MOST_GROUPS && column.kind !== 'date' && column.kind !== 'text' && column.kind !== 'identifier');
}

/** Where to begin to read, so that the parts lie evenly over the table. */
export function places(total: number): number[] {
  if (total <= MOST_ROWS) return Array.from({ length: Math.ceil(total / AT_ONCE) }, (_, part) => part * AT_ONCE);
  const parts = MOST_ROWS / AT_ONCE;
  return Array.from({ length: parts }, (_, part) => Math.round((part * (total - AT_ONCE)) / (parts - 1)));
}

function quantile(sorted: number[], share: number): number {
  const at = share * (sorted.length - 1);
  const [below, above] = [sorted[Math.floor(at)] ?? 0, sorted[Math.ceil(at)] ?? 0];
  return below + (above - below) * (at - Math.floor(at));
}

/** The box of some numbers: its whiskers end at the last values that are not far off. */
export function five(group: string, values: number[]): Five | null {
  const sorted = values.filter(Number.isFinite).sort((a, b) => a - b);
  if (sorted.length === 0) return null;
  const quartiles: Five['quartiles'] = [quantile(sorted, 0.25), quantile(sorted, 0.5), quantile(sorted, 0.75)];
  const reach = 1.5 * (quartiles[2] - quartiles[0]);
  const near = sorted.filter((value) => value >= quartiles[0] - reach && value <= quartiles[2] + reach);
  return { group, count: sorted.length, low: near[0] ?? quartiles[0], quartiles, high: near[near.length - 1] ?? quartiles[2], far: sorted.length - near.length };
}

export type Split = { column: string; kind: 'boxes'; dates: boolean; boxes: Five[] } | { column: string; kind: 'stacks'; stacks: Stack[] };

/** The groups of a splitting column, the most frequent first. */
export function groupsOf(rows: SomeRows['rows'], at: number): string[] {
  const counts = new Map<string, number>();
  for (const row of rows) {
    const value = row[at];
    if (value !== null && value !== undefined) counts.set(String(value), (counts.get(String(value)) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0], 'en', { numeric: true })).slice(0, MOST_GROUPS).map(([name]) => name);
}

/** Every other column by the groups: numbers as boxes, values as shares. */
export function splitBy(rows: SomeRows, by: string, profiles: ColumnProfile[]): { groups: string[]; splits: Split[] } {
  const at = rows.columns.findIndex((column) => column.name === by);
  const groups = groupsOf(rows.rows, at);
  const splits = rows.columns.flatMap((column, place): Split[] => {
    const profile = profiles.find((one) => one.name === column.name);
    if (place === at || !profile || column.kind === 'identifier' || column.kind === 'text') return [];
    if (column.kind === 'number' || column.kind === 'integer' || column.kind === 'date') {
      const boxes = groups.flatMap((group) => five(group, rows.rows.flatMap((row) => (String(row[at]) === group && typeof row[place] === 'number' ? [row[place]] : []))) ?? []);
      return boxes.length > 0 ? [{ column: column.name, kind: 'boxes', dates: column.kind === 'date', boxes }] : [];
    }
    const values = groupsOf(rows.rows, place);
    const stacks = values.map((value) => {
      const of = rows.rows.filter((row) => String(row[place]) === value && row[at] !== null);
      return { value, count: of.length, shares: groups.map((group) => of.filter((row) => String(row[at]) === group).length / Math.max(1, of.length)) };
    }).filter((stack) => stack.count > 0);
    return stacks.length > 0 ? [{ column: column.name, kind: 'stacks', stacks }] : [];
  });
  return { groups, splits };
}
