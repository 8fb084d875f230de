// What is asked of the rows of a table: their order, and one condition. Both stand in the address.
import type { Kind } from '../../api/types';
import { typedNumber } from '../../app/formats';
import { type Key, t } from '../../app/t';

export const OPERATORS = ['equals', 'contains', 'at_least', 'at_most', 'missing', 'not_missing'] as const;
export type Operator = (typeof OPERATORS)[number];

const ORDERED: Operator[] = ['equals', 'at_least', 'at_most', 'missing', 'not_missing'];
const NAMED: Operator[] = ['equals', 'contains', 'missing', 'not_missing'];

/** What can be asked of a column of some kind. */
export function operatorsOf(kind: Kind): Operator[] {
  return kind === 'number' || kind === 'integer' || kind === 'date' ? ORDERED : NAMED;
}

/** "at least 5", but of days "on or after". */
export function operatorName(operator: Operator, kind: Kind): string {
  return t((kind === 'date' && operator !== 'missing' && operator !== 'not_missing' ? `rows.date.${operator}` : `rows.operator.${operator}`) as Key);
}

/** Whether a condition needs something to compare with. */
export function needsValue(operator: Operator): boolean {
  return operator !== 'missing' && operator !== 'not_missing';
}

export interface RowsWanted {
  sort?: string;
  order?: 'desc';
  column?: string;
  operator?: Operator;
  value?: string;
}

/** Reads an address. A condition that is not whole yet is none: nothing is asked before there is a value. */
export function wantedRows(address: Record<string, string | undefined>, columns: { name: string; kind: Kind }[]): RowsWanted {
  const known = (name: string | undefined) => columns.find((column) => column.name === name);
  const sort = known(address.sort);
  const column = known(address.column);
  const operator = column && operatorsOf(column.kind).find((one) => one === address.operator);
  const numeric = column?.kind === 'number' || column?.kind === 'integer';
  const value = numeric ? typedNumber(address.value ?? '') : (address.value ?? '');
  return {
    ...(sort ? { sort: sort.name, ...(address.order === 'desc' ? { order: 'desc' as const } : {}) } : {}),
    ...(column && operator && (!needsValue(operator) || value !== '') ? { column: column.name, operator, ...(needsValue(operator) ? { value } : {}) } : {}),
  };
}

/** A press on the head of a column: rising first, then falling, then as the table has them. */
export function nextOrder(wanted: RowsWanted, name: string): { sort: string | undefined; order: 'desc' | undefined } {
  if (wanted.sort !== name) return { sort: name, order: undefined };
  return wanted.order === 'desc' ? { sort: undefined, order: undefined } : { sort: name, order: 'desc' };
}

/** How the head of a column says in which order it stands. */
export function sortedBy(wanted: RowsWanted, name: string): 'ascending' | 'descending' | undefined {
  return wanted.sort !== name ? undefined : wanted.order === 'desc' ? 'descending' : 'ascending';
}
