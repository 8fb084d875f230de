// Looking at data: scales of plots, two numbers against each other, rows in order and filtered, files read differently.
import { fireEvent, render, screen } from '@testing-library/react';
import { describe, expect, it } from 'vitest';
import type { Profile, SomeRows, TableSchema } from '../src/api/types';
import { logTicks, logUp, rises } from '../src/charts/axis';
import { Histogram } from '../src/charts/histogram';
import { jobIn } from '../src/pages/data/again';
import { HEAD_BYTES, partOf } from '../src/pages/data/beginning';
import { asking } from '../src/pages/data/kinds';
import { nextOrder, operatorsOf, sortedBy, wantedRows } from '../src/pages/data/narrow';
import { changesTo, settingsFor } from '../src/pages/data/reading';
import { only } from '../src/pages/data/spread';
import { against, alongALine, firstPair, pairFinding, pointsOf } from '../src/pages/data/two';

describe('a log scale of a histogram', () => {
  const heights = (container: HTMLElement) => [...container.querySelectorAll('rect.bar')].map((bar) => Number(bar.getAttribute('height')));
  it('makes few rows beside many visible, and still shows none as none', () => {
    const { container } = render(<Histogram title="income" name="income" bins={{ edges: [0, 1, 2, 3], counts: [10_000, 10, 0] }} />);
    const before = heights(container);
    const button = screen.getByRole('button', { name: 'Log scale' });
    expect(button.getAttribute('aria-pressed')).toBe('false');
    fireEvent.click(button);
    expect(button.getAttribute('aria-pressed')).toBe('true');
    const after = heights(container);
    expect(before[1]).toBeLessThan(1);
    expect(after[1]).toBeGreaterThan(30);
    expect(after[2]).toBe(0);
    expect(after[0]).toBeGreaterThan(after[1] ?? 0);
    expect(screen.getByText(/ten times as many rows/)).toBeTruthy();
    const ticks = [...container.querySelectorAll('.axis text')].map((text) => text.textContent);
    expect(ticks).toEqual(expect.arrayContaining(['0', '1', '10', '100', '1,000', '10K']));
  });
  it('is not offered where it would show nothing more', () => {
    render(<Histogram title="even" name="even" bins={{ edges: [0, 1, 2], counts: [5, 6] }} />);
    expect(screen.queryByRole('button', { name: 'Log scale' })).toBeNull();
    expect([rises([0, 7]), rises([1, 10]), rises([2, 19]), rises([])]).toEqual([false, true, false, false]);
  });
  it('has a line for every power of ten up to the highest bar', () => {
    expect(logTicks(950)).toEqual([0, 1, 10, 100]);
    expect(logUp(0)).toBe(0);
    expect(logUp(999)).toBe(3);
  });
});

const column = (name: string, kind: 'number' | 'integer' | 'category' | 'text', distinct = 50) => ({ name, kind, missing: 0, distinct });
const profile = {
  rows: 4, duplicate_rows: 0, warnings: [], suggested_target: null,
  columns: [column('a', 'number'), column('b', 'number'), column('c', 'integer'), column('colour', 'category', 3), column('prose', 'text')],
  correlations: [{ a: 'a', b: 'b', value: 0.2, method: 'pearson' }, { a: 'b', b: 'c', value: -0.9, method: 'pearson' }, { a: 'b', b: 'colour', value: 0.99, method: 'eta' }],
} as Profile;
const rows = { columns: [{ name: 'colour', kind: 'category' }, { name: 'a', kind: 'number' }, { name: 'b', kind: 'number' }], rows: [['red', 1, 2], ['blue', null, 3], ['red', 2, 4], ['red', 3, 6]] } as SomeRows;

describe('two numbers', () => {
  it('begin with the pair that goes together most, and with what to predict upwards', () => {
    expect(firstPair(profile, undefined)).toEqual(['b', 'c']);
    expect(firstPair(profile, 'a')).toEqual(['b', 'a']);
    expect(firstPair({ ...profile, correlations: [] }, undefined)).toEqual(['a', 'b']);
    expect(firstPair({ ...profile, columns: [column('a', 'number')], correlations: [] } as Profile, undefined)).toBeNull();
  });
  it('are the rows where both are filled', () => {
    expect(pointsOf(rows, 'b', 'a')).toEqual([{ x: 2, y: 1 }, { x: 4, y: 2 }, { x: 6, y: 3 }]);
    expect(only(rows, ['b', 'colour']).rows[1]).toEqual([3, 'blue']);
  });
  it('say which way they go', () => {
    expect(alongALine(pointsOf(rows, 'b', 'a'))).toBeCloseTo(1);
    expect(alongALine([{ x: 1, y: 1 }, { x: 1, y: 2 }, { x: 1, y: 3 }])).toBeNull();
    expect(pairFinding(pointsOf(rows, 'b', 'a'), 'b', 'a')).toBe('a rises with b');
    expect(pairFinding([{ x: 0, y: 3 }, { x: 1, y: 2 }, { x: 2, y: 1 }], 'x', 'y')).toBe('y falls as x rises');
    expect(pairFinding([{ x: 0, y: 1 }, { x: 1, y: 0 }, { x: 2, y: 1 }], 'x', 'y')).toBe('y does not follow x along a line');
  });
  it('are drawn as what fits both kinds', () => {
    expect([against(profile, 'a', 'colour'), against(profile, 'a', 'b'), against(profile, 'colour', 'a'), against(profile, 'prose', 'a'), against(profile, 'a', 'a'), against(profile, 'a', undefined)]).toEqual(['by-target', 'plane', 'by-column', null, null, null]);
  });
});

describe('rows', () => {
  const columns = [{ name: 'age', kind: 'number' as const }, { name: 'city', kind: 'category' as const }];
  it('ask only for what the table has, and for no half condition', () => {
    expect(wantedRows({ sort: 'age', order: 'desc', column: 'city', operator: 'contains', value: 'x' }, columns)).toEqual({ sort: 'age', order: 'desc', column: 'city', operator: 'contains', value: 'x' });
    expect(wantedRows({ sort: 'gone', column: 'city', operator: 'contains', value: '' }, columns)).toEqual({});
    expect(wantedRows({ column: 'city', operator: 'at_least', value: '3' }, columns)).toEqual({});
    expect(wantedRows({ column: 'city', operator: 'missing', value: 'left over' }, columns)).toEqual({ column: 'city', operator: 'missing' });
    expect(wantedRows({ column: 'age', operator: 'at_least', value: '1,200.5' }, columns).value).toBe('1200.5');
  });
  it('go up, down and back to the order of the table', () => {
    expect(nextOrder({}, 'age')).toEqual({ sort: 'age', order: undefined });
    expect(nextOrder({ sort: 'age' }, 'age')).toEqual({ sort: 'age', order: 'desc' });
    expect(nextOrder({ sort: 'age', order: 'desc' }, 'age')).toEqual({ sort: undefined, order: undefined });
    expect([sortedBy({ sort: 'age' }, 'age'), sortedBy({ sort: 'age', order: 'desc' }, 'age'), sortedBy({ sort: 'age' }, 'city')]).toEqual(['ascending', 'descending', undefined]);
  });
  it('are compared by what suits the kind', () => {
    expect(operatorsOf('date')).not.toContain('contains');
    expect(operatorsOf('text')).not.toContain('at_least');
  });
});

describe('a file before it is sent', () => {
  it('is looked at by its beginning, Parquet by its end, archives and large workbooks not at all', () => {
    const large = HEAD_BYTES + 1;
    expect([['a.csv', large], ['a.parquet', 10], ['a.parquet', large], ['a.xlsx', 10], ['a.xlsx', large], ['a.zip', 10], ['a.csv', 0]].map(([name, size]) => partOf({ name: name as string, size: size as number }))).toEqual(['begin', 'begin', 'end', 'begin', null, null, null]);
  });
});

describe('reading differently', () => {
  const schema: TableSchema = { revision: 1, columns: [{ name: 'zip', kind: 'integer', set: false }, { name: 'age', kind: 'category', set: true }], settings: { sheet: null, delimiter: null, encoding: null, decimal: null, header: null } };
  it('asks only for kinds that change', () => {
    expect(asking({}, schema, 'zip', 'category')).toEqual({ zip: 'category' });
    expect(asking({ zip: 'category' }, schema, 'zip', 'integer')).toEqual({});
    expect(asking({}, schema, 'age', null)).toEqual({ age: null });
    expect(asking({}, schema, 'zip', null)).toEqual({});
  });
  it('sends only settings that differ, and going back to looking as such', () => {
    expect(changesTo(schema.settings, { ...schema.settings, delimiter: ';' })).toEqual({ delimiter: ';' });
    expect(changesTo({ ...schema.settings, header: false }, schema.settings)).toEqual({ header: null });
  });
  it('offers what a file of its kind has', () => {
    expect(settingsFor('a.xlsx')).toEqual(['sheet', 'header']);
    expect(settingsFor('a.csv')).toContain('delimiter');
    expect([settingsFor('a.parquet'), settingsFor('a.zip')]).toEqual([[], []]);
  });
  it('finds the job in the address that the server gives', () => {
    expect(jobIn('/api/v1/jobs/0198-a')).toBe('0198-a');
    expect(jobIn(null)).toBeNull();
  });
});
