// @vitest-environment node
// Columns split by another one: which may split, which rows are read, and what is drawn of them.
import { describe, expect, it } from 'vitest';
import type { ColumnProfile, SomeRows } from '../src/api/types';
import { inOrder } from '../src/pages/data/columns';
import { AT_ONCE, five, groupsOf, MOST_ROWS, places, splitBy, splitters } from '../src/pages/data/split';
import { found } from '../src/pages/data/splitted';

const column = (name: string, kind: ColumnProfile['kind'], distinct: number, missing = 0): ColumnProfile => ({ name, kind, missing, distinct });

describe('split', () => {
  it('by what has few values, never by a name, a day or one value', () => {
    const columns = [column('sex', 'category', 2), column('rooms', 'integer', 5), column('id', 'identifier', 3), column('day', 'date', 3), column('one', 'category', 1), column('town', 'category', 40), column('yes', 'boolean', 2)];
    expect(splitters(columns).map((one) => one.name)).toEqual(['sex', 'rooms', 'yes']);
  });
  it('reads a short table whole and a long one evenly, without reading beyond its end', () => {
    expect(places(1200)).toEqual([0, 500, 1000]);
    expect(places(0)).toEqual([]);
    const long = places(1_000_000);
    expect(long).toHaveLength(MOST_ROWS / AT_ONCE);
    expect([long[0], (long[long.length - 1] ?? 0) + AT_ONCE]).toEqual([0, 1_000_000]);
  });
  it('boxes end at what is not far off', () => {
    expect(five('a', [1, 2, 3, 4, 5, 100])).toEqual({ group: 'a', count: 6, low: 1, quartiles: [2.25, 3.5, 4.75], high: 5, far: 1 });
    expect(five('a', [7])).toEqual({ group: 'a', count: 1, low: 7, quartiles: [7, 7, 7], high: 7, far: 0 });
    expect(five('a', [])).toBeNull();
  });
  const rows: SomeRows = {
    columns: [{ name: 'kind', kind: 'category' }, { name: 'size', kind: 'number' }, { name: 'hue', kind: 'category' }, { name: 'id', kind: 'identifier' }],
    rows: [['a', 1, 'red', 'x'], ['a', 2, 'red', 'y'], ['a', 3, 'blue', 'z'], ['b', 10, 'blue', 'u'], ['b', null, null, 'v'], [null, 99, 'red', 'w']]
  };
  const profiles = [column('kind', 'category', 2), column('size', 'number', 5), column('hue', 'category', 2), column('id', 'identifier', 6)];
  it('gives numbers as boxes, values as shares, and leaves gaps and names out', () => {
    const { groups, splits } = splitBy(rows, 'kind', profiles);
    expect(groups).toEqual(['a', 'b']);
    expect(splits.map((one) => one.column)).toEqual(['size', 'hue']);
    expect(splits[0]).toMatchObject({ kind: 'boxes', boxes: [{ group: 'a', count: 3 }, { group: 'b', count: 1 }] });
    expect(splits[1]).toMatchObject({ kind: 'stacks', stacks: [{ value: 'red', count: 2, shares: [1, 0] }, { value: 'blue', count: 2, shares: [0.5, 0.5] }] });
    expect(splits.map((one) => found(one, 'kind', groups))).toEqual(['size is clearly higher for “b” than for “a”', '“a” is 100\u00a0% where it is “red”, and 50\u00a0% where it is “blue”']);
  });
  it('the most frequent group comes first, and a gap is none', () => {
    expect(groupsOf(rows.rows, 2)).toEqual(['red', 'blue']);
  });
});

describe('order of columns', () => {
  it('changes only what it is asked about', () => {
    const columns = [column('b', 'number', 3, 0), column('a10', 'category', 9, 5), column('a9', 'number', 9, 5)];
    expect(inOrder(columns, 'table').map((one) => one.name)).toEqual(['b', 'a10', 'a9']);
    expect(inOrder(columns, 'name').map((one) => one.name)).toEqual(['a9', 'a10', 'b']);
    expect(inOrder(columns, 'empty').map((one) => one.name)).toEqual(['a10', 'a9', 'b']);
    expect(inOrder(columns, 'distinct').map((one) => one.name)).toEqual(['a10', 'a9', 'b']);
  });
});
