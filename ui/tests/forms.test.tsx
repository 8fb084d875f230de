import { MantineProvider } from '@mantine/core';
import { fireEvent, render, screen } from '@testing-library/react';
import type { ReactNode } from 'react';
import { describe, expect, it, vi } from 'vitest';
import type { ColumnProfile, Param, Report, SignatureColumn } from '../src/api/types';
import { setting } from '../src/app/format';
import { strength } from '../src/pages/auth/fields';
import { nameOf, pastedFile } from '../src/pages/data/new';
import { guessTarget, taskOf } from '../src/pages/data/target';
import { ordered, running } from '../src/pages/jobs/contenders';
import { cutAt } from '../src/pages/models/cut';
import { Field, step } from '../src/pages/models/field';
import { pythonLiteral, snippet } from '../src/pages/models/snippets';
import { formValue, typicalRow } from '../src/pages/models/words';
import { ParamField } from '../src/pages/train/param';
import { decode, encode, toRequest } from '../src/pages/train/settings';
import { typedValue } from '../src/pages/train/typed';

const show = (children: ReactNode) => render(<MantineProvider>{children}</MantineProvider>);
const column = (part: Partial<ColumnProfile> & { name: string }): ColumnProfile => ({ kind: 'number', missing: 0, distinct: 50, ...part });

const SIGNATURE: SignatureColumn[] = [
  { name: 'age', kind: 'number', range: [0, 80], typical: 28, p5: 5, p95: 60, required: false },
  { name: 'rooms', kind: 'integer', range: [1, 9], typical: 3.4, required: false },
  { name: 'sex', kind: 'category', values: ['female', 'male'], typical: 'male', required: false },
  { name: 'member', kind: 'boolean', values: ['no', 'yes'], typical: 1, required: false },
  { name: 'seen', kind: 'date', typical: 86_400 * 365, required: false },
];

describe('the form of a model', () => {
  it('starts with the typical case in the words of each kind', () => {
    expect(typicalRow(SIGNATURE)).toEqual({ age: 28, rooms: 3, sex: 'male', member: 'yes', seen: '1971-01-01' });
  });
  it('takes over stored cells', () => {
    const [age, , sex, member, seen] = SIGNATURE as [SignatureColumn, SignatureColumn, SignatureColumn, SignatureColumn, SignatureColumn];
    expect([formValue(age, '12.5'), formValue(age, null), formValue(sex, 'female'), formValue(member, false), formValue(member, 1), formValue(seen, 0)]).toEqual([12.5, null, 'female', 'no', 'yes', '1970-01-01']);
  });
  it('warns outside the usual range without refusing, and lets a field be empty', () => {
    const changed = vi.fn();
    show(<Field column={SIGNATURE[0] as SignatureColumn} value={75} onValue={changed} />);
    expect(screen.getByText(/Beyond what the model has mostly seen \(5 to 60\)/)).toBeTruthy();
    fireEvent.change(screen.getByRole('textbox', { name: 'age' }), { target: { value: '' } });
    expect(changed).toHaveBeenLastCalledWith(null);
  });
  it('allows a category never seen, with a note', () => {
    show(<Field column={SIGNATURE[2] as SignatureColumn} value="other" onValue={() => {}} />);
    expect(screen.getByText(/Never seen in training/)).toBeTruthy();
  });
  it('makes radio buttons of yes and no', () => {
    const changed = vi.fn();
    show(<Field column={SIGNATURE[3] as SignatureColumn} value="yes" onValue={changed} />);
    fireEvent.click(screen.getByRole('radio', { name: 'no' }));
    expect(changed).toHaveBeenCalledWith('no');
  });
  it('steps in round numbers', () => {
    expect([step(0, 100, false), step(0, 7, true), step(0, 1, false), step(3, 3, false)]).toEqual([1, 1, 0.01, 0.01]);
  });
});

describe('what to predict', () => {
  const columns = [column({ name: 'id', kind: 'identifier' }), column({ name: 'y', kind: 'integer', distinct: 3 }), column({ name: 'note', kind: 'text' })];
  it('is the server’s guess, else the last column that could be one', () => {
    const profile = { rows: 9, duplicate_rows: 0, columns, correlations: [], warnings: [], suggested_target: null };
    expect(guessTarget(profile)).toBe('y');
    expect(guessTarget({ ...profile, suggested_target: 'note' })).toBe('note');
  });
  it('takes few whole numbers for classes', () => {
    expect([3, 10, 11].map((distinct) => taskOf(column({ name: 'y', kind: 'integer', distinct })))).toEqual(['classification', 'classification', 'regression']);
  });
});

describe('settings of a training', () => {
  it('go through the address unchanged', () => {
    const settings = { ...decode({}), target: 'y & z', effort: 'quick' as const, algorithm: 'random_forest', params: { max_depth: null, n_estimators: 50 }, without: ['a,b'], test: 30, seed: 7, name: 'x=1' };
    expect(decode(Object.fromEntries(new URLSearchParams(encode(settings))))).toEqual(settings);
    expect(encode(decode({}))).toBe('');
  });
  it('fall back where the address makes no sense', () => {
    expect(decode({ test: '90', seed: '-1', folds: 'x', params: '[1]', without: '{"a":1}', effort: 'heroic' })).toEqual(decode({}));
  });
  it('name the features only when some are left out, and never the target or identifiers', () => {
    const columns = [column({ name: 'id', kind: 'identifier' }), column({ name: 'a' }), column({ name: 'b' }), column({ name: 'y' })];
    const base = { ...decode({}), target: 'y' };
    expect(toRequest({ id: 'd', name: 'n' }, columns, base)).toMatchObject({ features: null, algorithm: 'auto', effort: 'balanced', metric: 'mae', test_size: 0.2, name: 'n' });
    expect(toRequest({ id: 'd', name: 'n' }, columns, { ...base, without: ['b'] }).features).toEqual(['a']);
    expect(toRequest({ id: 'd', name: 'n' }, columns, { ...base, algorithm: 'dummy', params: { strategy: 'mean' } })).not.toHaveProperty('effort');
  });
  it('leave a parameter to its default when its field is emptied', () => {
    const changed = vi.fn();
    show(<ParamField param={{ name: 'max_depth', type: 'integer', min: 1, max: 50, default: null, nullable: true, allowed: '', log: false, tasks: [], doc: 'Depth.' }} value={5} onValue={changed} />);
    fireEvent.change(screen.getByRole('textbox', { name: 'max depth' }), { target: { value: '' } });
    expect(changed).toHaveBeenLastCalledWith(undefined);
    expect(screen.getByText(/1 to 50, default None/)).toBeTruthy();
  });
});

describe('a parameter of several kinds', () => {
  const param: Param = { name: 'max_features', type: 'integer|number|choice', min: 0, max: 100, default: 'sqrt', nullable: true, choices: ['sqrt', 'log2'], allowed: 'sqrt or log2, or a whole number', log: false, tasks: [], doc: '' };
  it('takes numbers as numbers, none as nothing, the rest as words', () => {
    expect([typedValue('3', param), typedValue('0.5', param), typedValue('None', param), typedValue('log2', param), typedValue(' ', param)]).toEqual([3, 0.5, null, 'log2', undefined]);
  });
  it('offers its words and says in the server’s words what is allowed', () => {
    const changed = vi.fn();
    const { container } = show(<ParamField param={param} value={undefined} onValue={changed} />);
    expect([...container.querySelectorAll('datalist option')].map((option) => option.getAttribute('value'))).toEqual(['sqrt', 'log2', 'none']);
    expect(screen.getByText(/sqrt or log2, or a whole number, default sqrt/)).toBeTruthy();
    fireEvent.change(container.querySelector('input') as HTMLInputElement, { target: { value: '0.5' } });
    expect(changed).toHaveBeenLastCalledWith(0.5);
  });
});

describe('a parameter of several whole numbers', () => {
  const param: Param = { name: 'hidden_layer_sizes', type: 'integers', min: 1, max: 4096, default: [64, 64], nullable: false, allowed: '1 to 8 whole numbers from 1 to 4096, such as [64, 64]', log: false, tasks: [], doc: 'Units of each hidden layer.' };
  it('is an array however it is typed', () => {
    expect(['64, 32', '[64,32]', '(64, 32,)', ' 64  32 '].map((text) => typedValue(text, param))).toEqual(Array(4).fill([64, 32]));
    expect([typedValue('7', param), typedValue('', param)]).toEqual([[7], undefined]);
  });
  it('goes as typed where it makes no sense, for the server to refuse', () => {
    expect(['64.5', '64, x', '64;;32', '[]', '1,,2'].map((text) => typedValue(text, param))).toEqual(['64.5', '64, x', '64;;32', '[]', '1,,2']);
  });
  it('has a field that shows the default, sends numbers, and shows what is set', () => {
    const changed = vi.fn();
    const { unmount } = show(<ParamField param={param} value={undefined} onValue={changed} />);
    const field = screen.getByRole<HTMLInputElement>('textbox', { name: 'hidden layer sizes' });
    expect([field.value, field.placeholder]).toEqual(['', '64, 64']);
    expect(screen.getByText(/such as \[64, 64\], default 64, 64/)).toBeTruthy();
    fireEvent.change(field, { target: { value: '128, 64' } });
    expect(changed).toHaveBeenLastCalledWith([128, 64]);
    fireEvent.change(field, { target: { value: '' } });
    expect(changed).toHaveBeenLastCalledWith(undefined);
    unmount();
    show(<ParamField param={param} value={[128, 64]} onValue={changed} />);
    expect(screen.getByRole<HTMLInputElement>('textbox').value).toBe('128, 64');
  });
  it('goes through the address and to the server as numbers', () => {
    const settings = { ...decode({}), target: 'y', algorithm: 'neural_net', params: { hidden_layer_sizes: [128, 64] } };
    const again = decode(Object.fromEntries(new URLSearchParams(encode(settings))));
    expect(toRequest({ id: 'd', name: 'n' }, [column({ name: 'y' })], again).params).toEqual({ hidden_layer_sizes: [128, 64] });
  });
  it('is listed as people list numbers', () => {
    expect([setting([128, 64], 'none'), setting(null, 'none'), setting(0, 'none')]).toEqual(['128, 64', 'none', '0']);
    expect(setting({ age: 1, 'net price': -1 }, 'none')).toBe('age: 1, net price: -1');
  });
});

describe('where to draw the line', () => {
  const report = {
    positive_class: 'yes',
    confusion_matrix: { classes: ['no', 'yes'], counts: [[70, 30], [10, 90]] },
    threshold_sweep: { thresholds: [0.3, 0.5, 0.99], precision: [0.6, 0.75, 0], recall: [0.95, 0.9, 0], f1: [0, 0, 0], accuracy: [0.6, 0.8, 0.5] },
  } as unknown as Report;
  it('agrees with the matrix at the line the model itself draws', () => {
    expect(cutAt(report, 0.5)?.counts).toEqual([[70, 30], [10, 90]]);
    expect(cutAt(report, 0.5)?.roc).toEqual([0.3, 0.9]);
  });
  it('keeps every row when nothing is flagged', () => {
    expect(cutAt(report, 1)?.counts).toEqual([[100, 0], [100, 0]]);
  });
  it('is not offered without a sweep or with more than two classes', () => {
    expect(cutAt({ ...report, threshold_sweep: null }, 0.5)).toBeNull();
    expect(cutAt({ ...report, confusion_matrix: { classes: ['a', 'b', 'c'], counts: [] } }, 0.5)).toBeNull();
  });
});

describe('contenders', () => {
  it('puts the baseline first and keeps the order of the rest', () => {
    const list = ['tree', 'dummy', 'forest'].map((algorithm) => ({ algorithm, title: algorithm, status: 'waiting' as const, metric: 'r2', chosen: false }));
    expect(ordered(running(list)).map((one) => one.algorithm)).toEqual(['dummy', 'tree', 'forest']);
  });
});

describe('snippets', () => {
  it('write Python’s own words', () => {
    expect(pythonLiteral({ a: null, b: true, c: [1, 'x'] }, 0)).toBe('{\n    "a": None,\n    "b": True,\n    "c": [\n        1,\n        "x",\n    ],\n}');
  });
  it('survive a quote in a value', () => {
    expect(snippet('curl', 'http://h', 'm', { name: "O'Neil" }, false)).toContain(String.raw`O'\''Neil`);
  });
});

describe('small things of the forms', () => {
  it('judge passwords by length and variety', () => {
    expect(['abc', 'aaaaaaaaaaaa', 'password', 'three brave otters', 'Tr4in-yard!x9'].map(strength)).toEqual(['short', 'weak', 'weak', 'strong', 'strong']);
  });
  it('name a table after its file', () => {
    expect(['sales.csv', 'a.b.parquet', 'plain', '.csv'].map(nameOf)).toEqual(['sales', 'a.b', 'plain', '.csv']);
  });
  it('know a spreadsheet’s rows from a comma list', () => {
    expect(pastedFile('a\tb\n1\t2').name).toBe('pasted.tsv');
    expect(pastedFile('a,b\n1,2').name).toBe('pasted.csv');
  });
});
