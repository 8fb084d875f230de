// Rows that were pasted are read as they were meant, or refused with what to do.
import { describe, expect, it } from 'vitest';
import type { SignatureColumn } from '../src/api/types';
import { asked, fields, readRows, separatorOf } from '../src/pages/models/rows';

const column = (name: string, kind: SignatureColumn['kind']): SignatureColumn => ({ name, kind, required: false, typical: null });
const SIGNATURE = [column('size', 'number'), column('rooms', 'integer'), column('colour', 'category'), column('code', 'category')];
const problem = (text: string) => {
  const read = readRows(text, SIGNATURE);
  return 'problem' in read ? read.problem : '';
};

describe('separated text', () => {
  it('keeps separators, quotes and line ends inside of quotes', () => {
    expect(fields('a,b\n"x,1","say ""hi""\nthere"\n', ',')).toEqual([['a', 'b'], ['x,1', 'say "hi"\nthere']]);
    expect(fields('a;b\r\n1;\r\n\r\n', ';')).toEqual([['a', 'b'], ['1', '']]);
  });
  it('finds the separator of the first line', () => {
    expect(['a,b,c', 'a;b;c', 'a\tb', 'a|b', 'alone'].map(separatorOf)).toEqual([',', ';', '\t', '|', ',']);
  });
});

describe('pasted rows', () => {
  it('are numbers where the model wants numbers, and words where they look like numbers', () => {
    expect(readRows('size,rooms,colour,code\n4.5,3,red,007\n,,,', SIGNATURE)).toEqual({
      columns: ['size', 'rooms', 'colour', 'code'], unknown: [], absent: [],
      rows: [{ size: 4.5, rooms: 3, colour: 'red', code: '007' }, { size: null, rooms: null, colour: null, code: null }],
    });
  });
  it('take a comma for a decimal sign only where it parts nothing', () => {
    const read = readRows('\uFEFFsize;rooms\n4,5;2', SIGNATURE);
    expect('rows' in read && read.rows).toEqual([{ size: 4.5, rooms: 2 }]);
    expect('absent' in read && read.absent).toEqual(['colour', 'code']);
  });
  it('leave what is no number to the server, which names the row', () => {
    const read = readRows('size\nmany', SIGNATURE);
    expect('rows' in read && read.rows).toEqual([{ size: 'many' }]);
  });
  it('may be JSON, one object or many', () => {
    const read = readRows('[{"size": 1, "extra": true}, {"rooms": 2}]', SIGNATURE);
    expect('rows' in read && [read.columns, read.unknown]).toEqual([['size', 'extra', 'rooms'], ['extra']]);
    expect('rows' in read && asked(read.rows, SIGNATURE)).toEqual([{ size: 1 }, { rooms: 2 }]);
    const one = readRows('{"size": 1}', SIGNATURE);
    expect('rows' in one && one.rows).toEqual([{ size: 1 }]);
  });
  it('are refused in words', () => {
    expect(problem('  ')).toContain('nothing');
    expect(problem('size,rooms')).toContain('no rows');
    expect(problem('a,b\n1,2')).toContain('It wants: size, rooms');
    expect(problem('size,size\n1,2')).toContain('“size” is there twice');
    expect(problem('size,rooms\n1,2\n1,2,3')).toBe('Line 3 has 3 values, the first line only 2.');
    expect(problem('[{"size": 1]')).toContain('begins like JSON');
    expect(problem('[{"size": 1}, 7]')).toContain('Row 2 is not an object');
    expect(problem('[{"size": {"a": 1}}]')).toContain('Row 1');
    expect(problem(`size\n${'1\n'.repeat(1001)}`)).toContain('1,001 rows; one call takes 1,000');
  });
  it('never reach what every object has', () => {
    const read = readRows('__proto__,size\nx,1', SIGNATURE);
    expect('rows' in read && asked(read.rows, SIGNATURE)).toEqual([{ size: 1 }]);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });
});
