// @vitest-environment node
// What is said about an answer, read off its curves, counted in a file and told about the time since.
import { describe, expect, it } from 'vitest';
import type { Accuracy, Drift, Explanation, Prediction, Shift, SignatureColumn, WhatIfCurve } from '../src/api/types';
import { list } from '../src/app/format';
import { answersName, firstLines } from '../src/pages/batches/batch';
import { countFiles, countRows, priceOf, Records } from '../src/pages/batches/count';
import { badges, type Row } from '../src/pages/jobs/contenders';
import { expects } from '../src/pages/models/contract';
import { changedRow, outcome, placeOf, strongest, swing } from '../src/pages/models/curves';
import { accuracyVerdict, driftVerdict, shiftsOf, tellingPeriod } from '../src/pages/models/history/moved';
import { readTruths, truthLines, truthOf } from '../src/pages/models/history/truth';
import { fileSnippet, inferenceSnippet, MORE_LANGUAGES, tensors } from '../src/pages/models/more-snippets';
import { reasonsOf } from '../src/pages/models/why';
import { nameIn } from '../src/pages/predictions/predictions';

describe('reasons', () => {
  const found = (scale: Explanation['scale'], contributions: number[], rest = 0): Explanation => ({ method: 'trees', scale, base: 0.5, rest, reasons: contributions.map((contribution, at) => ({ column: `c${at}`, value: at === 0 ? null : at, contribution })) });
  it('name the value, the side and how much', () => {
    const said = reasonsOf(found('probability', [-0.4, 0.2]), 'yes', true);
    expect(said.map((one) => one.label)).toEqual(['c0 is not given', 'c1 is 1']);
    expect(said.map((one) => one.direction)).toEqual(['speaks against “yes”', 'speaks for “yes”']);
    expect(said.map((one) => one.amount)).toEqual(['−40 points', '+20 points']);
    expect(said.map((one) => one.bar)).toEqual([-1, 0.5]);
  });
  it('have no number where the scale means nothing to people', () => {
    expect(reasonsOf(found('log_odds', [4, 1, -0.1]), 'yes', true).map((one) => one.amount)).toEqual(['strongly', 'somewhat', 'a little']);
  });
  it('beyond five are one line, and none is none', () => {
    const said = reasonsOf(found('number', [6, 5, 4, 3, 2, 1, 1], 1), 3, false);
    expect(said).toHaveLength(6);
    expect(said[5]).toMatchObject({ label: 'all other columns together', amount: '+3', direction: 'makes it larger' });
    expect(reasonsOf(found('number', [0, 0]), 3, false)).toEqual([]);
  });
});

describe('what if', () => {
  const age: WhatIfCurve = { column: 'age', grid: [1, 2, 3], probabilities: { a: [0.9, 0.6, 0.2], b: [0.1, 0.4, 0.8] } };
  const hue: WhatIfCurve = { column: 'hue', grid: ['red', 'blue'], probabilities: { a: [0.6, 0.5], b: [0.4, 0.5] } };
  const answer = { value: 'a', probabilities: { a: 0.6, b: 0.4 }, warnings: [] } as Prediction;
  it('one column is what the model said', () => {
    expect(outcome(answer, [age, hue], {})).toMatchObject({ value: 'a', exact: true });
    expect(outcome(answer, [age, hue], { age: 2 })).toEqual({ value: 'b', probabilities: { a: 0.2, b: 0.8 }, exact: true });
  });
  it('several are added up, stay shares, and are called an estimate', () => {
    const both = outcome(answer, [age, hue], { age: 2, hue: 1 });
    expect(both.exact).toBe(false);
    expect(both.probabilities?.a).toBeCloseTo(0.1);
    expect(Object.values(both.probabilities ?? {}).reduce((sum, share) => sum + share, 0)).toBeCloseTo(1);
    const number = { value: 10, warnings: [] } as Prediction;
    const up: WhatIfCurve = { column: 'x', grid: [0, 1], values: [10, 14] };
    const down: WhatIfCurve = { column: 'y', grid: [0, 1], values: [10, 7] };
    expect(outcome(number, [up, down], { x: 1, y: 1 })).toEqual({ value: 11, probabilities: null, exact: false });
  });
  it('knows the row on the curve, and puts what was moved into it', () => {
    expect([placeOf(age, 2), placeOf(hue, 'blue'), placeOf(age, null), placeOf(age, 2.5), placeOf({ ...age, grid: [0.1 + 0.2] }, 0.3)]).toEqual([1, 1, null, null, 0]);
    expect(changedRow({ age: 2, hue: 'red', other: 1 }, [age, hue], { hue: 1 })).toEqual({ age: 2, hue: 'blue', other: 1 });
  });
  it('shows what moves the answer most first, and nothing that cannot move', () => {
    expect(swing(age)).toBeCloseTo(0.7);
    expect(strongest([hue, { column: 'one', grid: [1], values: [1] }, age]).map((curve) => curve.column)).toEqual(['age', 'hue']);
  });
});

describe('the rows of a file', () => {
  const count = async (name: string, text: string, most?: number) => countRows(new File([text], name), most);
  it('are counted with quoted line ends, without empty lines and the head', async () => {
    expect(await count('a.csv', 'a,b\r\n1,"x\ny"\r\n\r\n2,"say ""hi""\n"\r\n3,')).toEqual({ rows: 3, about: false });
    expect(await count('a.csv', 'a,b\n')).toEqual({ rows: 0, about: false });
    expect(await count('a.jsonl', '{"a":"\\"x"}\n{"a":2}\n')).toEqual({ rows: 2, about: false });
    expect(await count('a.parquet', 'PAR1')).toBeNull();
  });
  it('are guessed from a part of a large one, and parts may end anywhere', async () => {
    expect(await count('a.csv', `a\n${'1\n'.repeat(500)}`, 100)).toEqual({ rows: 500, about: true });
    const records = new Records(true);
    for (const part of ['a\n"x', '\n', 'y"\n', 'z']) records.take(new TextEncoder().encode(part));
    expect(records.count).toBe(3);
  });
  it('cost by started thousands', () => {
    expect([0, 1, 1000, 1001].map((rows) => priceOf(rows, 5))).toEqual([0, 5, 5, 10]);
  });
  it('leave under a harmless name', () => {
    expect([answersName('a/b:c', 'csv'), answersName('  ', 'csv'), answersName('x.CSV', 'csv'), answersName('x.csv', 'parquet')]).toEqual(['a_b_c.csv', 'answers.csv', 'x.CSV', 'x.csv.parquet']);
  });
});

describe('what turned out to be true', () => {
  const id = '01a2032d-184f-7057-b5f0-072509c122f7';
  it('is a number or a class', () => {
    expect([truthOf(' 1,5 ', 'regression'), truthOf('x', 'regression'), truthOf('1', 'classification'), truthOf(' ', 'regression')]).toEqual([1.5, undefined, '1', null]);
  });
  it('comes one a line', () => {
    expect(truthLines('a\n\nb', 3, 'classification')).toEqual({ truth: ['a', null, 'b'] });
    expect(truthLines('a', 2, 'classification')).toHaveProperty('problem');
    expect(truthLines('1\nx', 2, 'regression')).toEqual({ problem: 'Line 2: “x” is no number.' });
  });
  it('or as a table, with what is wrong named by its line', () => {
    expect(readTruths(`\uFEFFTruth;more;ID\nyes;1;${id.toUpperCase()}\n;2;${id}`, 'classification')).toEqual({ truths: [{ id, truth: 'yes' }], blank: 1 });
    expect(readTruths('a,b\n1,2', null)).toEqual({ problem: 'The first line has to name the columns id and truth.' });
    expect(readTruths(`id,truth\nx,1`, null)).toEqual({ problem: 'Line 2: “x” is not the id of a prediction.' });
    expect(readTruths(`id,truth\n${id},1\n${id},2`, null)).toEqual({ problem: 'Line 3: this prediction is there twice.' });
    expect(readTruths('id,truth\n', null)).toHaveProperty('problem');
  });
});

describe('the time since', () => {
  const accuracy = (metric: string, expected: number | null, value: number, rows: number): Accuracy => ({ model_id: '', metric, expected, cut_short: false, periods: [{ from: '2026-01-01T00:00:00Z', rows, value }] });
  it('is judged beside what was to be expected, and not by luck', () => {
    expect(accuracyVerdict({ ...accuracy('accuracy', 0.9, 1, 1), periods: [] })).toBeNull();
    expect(accuracyVerdict(accuracy('accuracy', 0.9, 0.5, 29))?.act).toBe(false);
    expect(accuracyVerdict(accuracy('accuracy', 0.9, 0.84, 100))).toMatchObject({ tone: 'signal', act: true });
    expect(accuracyVerdict(accuracy('accuracy', 0.9, 0.86, 100))).toMatchObject({ tone: 'engine', act: false });
    expect(accuracyVerdict(accuracy('mean_absolute_error', 10, 13, 100))?.act).toBe(true);
    expect(accuracyVerdict(accuracy('mean_absolute_error', 10, 5, 100))?.act).toBe(false);
    expect(accuracyVerdict(accuracy('accuracy', null, 0.5, 100))?.tone).toBe('');
  });
  const shift = (column: string, psi: number, level: string): Shift => ({ column, psi, level, bins: [], expected: [], actual: [] });
  const period = (columns: Shift[], answers: Shift | null = null) => ({ from: '2026-01-01T00:00:00Z', rows: 5, columns, answers });
  it('names what moved, the answers among it', () => {
    const moved = period([shift('a', 0.05, 'stable'), shift('b', 0.2, 'moderate')], shift('y', 0.9, 'major'));
    expect(shiftsOf(moved).map((one) => one.shift.column)).toEqual(['y', 'b', 'a']);
    expect(driftVerdict(moved, list)).toMatchObject({ act: true, text: 'Moved much since training: the answers.' });
    expect(driftVerdict(period([shift('b', 0.2, 'moderate')]), list).text).toBe('Moved a little since training: “b”. Keep an eye on it.');
    expect(driftVerdict(period([shift('b', 9, 'few_rows')]), list)).toMatchObject({ act: false, tone: '' });
    expect(driftVerdict(period([shift('b', 0, 'a new word')]), list).act).toBe(false);
  });
  it('looks at the newest period that can tell', () => {
    const [enough, few] = [period([shift('a', 0.1, 'stable')]), period([shift('a', 5, 'few_rows')])];
    const drift = (periods: Drift['periods']): Drift => ({ model_id: '', cut_short: false, periods });
    expect(tellingPeriod(drift([enough, few]))).toBe(enough);
    expect(tellingPeriod(drift([few]))).toBe(few);
    expect(tellingPeriod(drift([]))).toBeNull();
  });
});

describe('a contract', () => {
  it('says what a column was in training', () => {
    expect(expects({ name: 'a', kind: 'integer', range: [1, 99], policy: 'warn' })).toBe('whole number, 1 to 99');
    expect(expects({ name: 'a', kind: 'date', range: [0, 86400], policy: 'warn' })).toBe('date, 1970-01-01 to 1970-01-02');
    expect(expects({ name: 'a', kind: 'category', values: ['a', 'b', 'c', 'd', 'e', 'f'], policy: 'warn' })).toBe('category: a, b, c, d and 2 more');
    expect(expects({ name: 'a', kind: 'text', policy: 'warn' })).toBe('text');
  });
});

describe('programs for files and for Open Inference', () => {
  const signature = [{ name: "it's", kind: 'integer', typical: 3.4, required: false }, { name: 'ok', kind: 'boolean', typical: true, values: ['no', 'yes'], required: false }] as SignatureColumn[];
  it('send one tensor a column', () => {
    expect(tensors(signature)).toEqual([{ name: "it's", shape: [1], datatype: 'INT64', data: [3] }, { name: 'ok', shape: [1], datatype: 'BYTES', data: ['yes'] }]);
  });
  it.each(MORE_LANGUAGES)('name the model and the place in %s', (language) => {
    expect(fileSnippet(language, 'http://here', 'ID')).toContain('/models/ID/batch-predictions');
    expect(inferenceSnippet(language, 'http://here', 'ID', signature)).toContain('http://here/v2/models/ID/infer');
  });
  it('quote for the shell', () => {
    expect(inferenceSnippet('curl', 'http://here', 'ID', signature)).toContain(String.raw`it'\''s`);
  });
});

describe('archives and answers', () => {
  /** The end of a zip as programs write it: a list of names, and where it is. */
  function archive(names: string[], before = 10): File {
    const bytes: number[] = Array.from({ length: before }, () => 7);
    const number = (value: number, size: number) => { for (let place = 0; place < size; place += 1) bytes.push((value >> (8 * place)) & 255); };
    for (const name of names) {
      number(0x02014b50, 4);
      number(0, 24);
      number(name.length, 2);
      number(0, 16);
      bytes.push(...new TextEncoder().encode(name));
    }
    const size = bytes.length - before;
    number(0x06054b50, 4);
    number(0, 8);
    number(size, 4);
    number(before, 4);
    number(0, 2);
    return new File([Uint8Array.from(bytes)], 'some.zip');
  }
  it('an archive tells how many files are in it, without folders and clutter', async () => {
    expect(await countFiles(archive(['a/', 'a/one.png', 'two.jpg', '__MACOSX/a', 'a/.DS_Store', 'Thumbs.db']))).toEqual({ rows: 2, about: false });
    expect(await countFiles(archive([]))).toEqual({ rows: 0, about: false });
  });
  it('what is no archive is left to the server', async () => {
    expect(await countFiles(new File(['not a zip at all, but long enough to be one'], 'some.zip'))).toBeNull();
    expect(await countFiles(new File([''], 'some.zip'))).toBeNull();
  });
  it('only whole lines of a beginning are shown', () => {
    expect(firstLines({ text: 'prediction\nyes\nno\nye', whole: false })).toEqual({ head: ['prediction'], rows: [['yes'], ['no']] });
    expect(firstLines({ text: 'prediction,"a, b"\nyes,1\n', whole: true })).toEqual({ head: ['prediction', 'a, b'], rows: [['yes', '1']] });
  });
  it('a model has its name, is gone, or is known by its id alone', () => {
    const models = new Map([['x', { name: 'churn', version: 2 } as never]]);
    expect([nameIn({ models, all: true }, 'x'), nameIn({ models, all: true }, 'y'), nameIn({ models, all: false }, '0190aaaa-bbbb-cccc')]).toEqual(['churn v2', 'a model that is gone', '0190aaaa-bbbb']);
  });
});

describe('badges of a race', () => {
  const row = (algorithm: string, value: number | null, seconds: number, chosen = false): Row => ({ algorithm, title: algorithm, metric: 'accuracy', value, low: null, high: null, seconds, chosen, state: 'done', error: null, note: null });
  it('go to the quickest and the simplest of those as good as the best', () => {
    const rows = [row('dummy', 0.9, 0), row('random_forest', 0.9, 5, true), row('gradient_boosting', 0.899, 1), row('logistic_regression', 0.895, 2), row('knn', 0.7, 0.1), row('svm', null, 0)];
    expect(badges(rows).quickest?.algorithm).toBe('gradient_boosting');
    expect(badges(rows).simplest?.algorithm).toBe('logistic_regression');
  });
  it('say nothing where the chosen one is it, or is alone', () => {
    expect(badges([row('dummy', 0.5, 0), row('decision_tree', 0.9, 1, true)])).toEqual({ quickest: null, simplest: null });
    expect(badges([row('knn', 0.9, 1, true), row('random_forest', 0.9, 9)])).toEqual({ quickest: null, simplest: null });
  });
  it('turn round where less is better', () => {
    const rows = [row('random_forest', 10, 5, true), row('linear_regression', 10.05, 1), row('decision_tree', 12, 0.1)].map((one) => ({ ...one, metric: 'mae' }));
    expect(badges(rows).quickest?.algorithm).toBe('linear_regression');
  });
});
