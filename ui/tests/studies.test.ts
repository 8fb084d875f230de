// Searches: what is asked, and what is made of the answers.
import { describe, expect, it } from 'vitest';
import type { Algorithm, ColumnProfile, Param, Trial } from '../src/api/types';
import { bestSoFar } from '../src/charts/tries';
import { findingOf, again } from '../src/pages/studies/study';
import { inWords, paramsInWords, ranked } from '../src/pages/studies/trials';
import { about, together } from '../src/pages/train/cost';
import { chosenWay, wayOf } from '../src/pages/train/how';
import { decode, encode, toComparison, toEstimate, toStudy } from '../src/pages/train/settings';
import { formOf, gridSize, isSpace, readList, usual, wordsOf, writeList } from '../src/pages/train/space';

const param = (part: Partial<Param>): Param => ({ name: 'p', type: 'number', default: null, log: false, nullable: false, allowed: '', doc: '', tasks: [], ...part });
const trial = (number: number, score: number | null, part: Partial<Trial> = {}): Trial => ({ number, score, params: { depth: number }, values: [], pruned: false, seconds: 1, ...part });
const COLUMNS = [{ name: 'kind', kind: 'category', distinct: 2, missing: 0 }, { name: 'size', kind: 'number', distinct: 90, missing: 0 }] as ColumnProfile[];
const read = (text: string) => decode(Object.fromEntries(new URLSearchParams(text)));

describe('what may be tried', () => {
  it('lies around the default, inside of what is allowed', () => {
    expect(usual(param({ default: 0.1, min: 0, max: 1, log: true }))).toEqual({ low: 0.01, high: 1, log: true });
    expect(usual(param({ type: 'integer', default: 100, min: 1, max: 300 }))).toEqual({ low: 20, high: 300 });
    expect(usual(param({ type: 'integer', default: null, min: 1, max: 1e9 }))).toEqual({ low: 1, high: 32 });
    expect(usual(param({ default: null, min: 0, max: 1 }))).toEqual({ low: 0.1, high: 1 });
    expect(usual(param({ type: 'choice', choices: ['a', 'b'], nullable: true }))).toEqual(['a', 'b', null]);
    expect(wordsOf(param({ type: 'boolean' }))).toEqual([true, false]);
  });
  it('has the form that its values need', () => {
    expect([formOf(param({ type: 'integer' })), formOf(param({ type: 'integer|number' })), formOf(param({ type: 'choice|boolean' })), formOf(param({ type: 'integers' }))]).toEqual(['range', 'list', 'words', 'list']);
  });
  it('is read from a list, each value once', () => {
    const mixed = param({ type: 'integer|number|choice', nullable: true, choices: ['sqrt'] });
    expect(readList('1, 0.5, sqrt, none, 1,', mixed)).toEqual([1, 0.5, 'sqrt', null]);
    const layers = param({ type: 'integers' });
    expect(readList('64, 32; 128', layers)).toEqual([[64, 32], [128]]);
    expect(readList(writeList([[64, 32], [128]], layers), layers)).toEqual([[64, 32], [128]]);
  });
  it('counts the combinations of a grid', () => {
    expect(gridSize({ a: [1, 2], b: { low: 1, high: 2 }, c: { low: 1, high: 2, steps: 5 } })).toBe(30);
    expect(gridSize({})).toBe(1);
  });
  it('is a space only when it looks like one', () => {
    expect([isSpace({ a: [1], b: { low: 1, high: 2 } }), isSpace({ a: 1 }), isSpace({ a: { low: 'x', high: 2 } }), isSpace([1]), isSpace(null)]).toEqual([true, false, false, false, false]);
  });
});

describe('the address of a training', () => {
  it('keeps what is tuned', () => {
    const settings = { ...read(''), algorithm: 'svm', tune: 'grid' as const, space: { C: { low: 1, high: 5 }, kernel: ['rbf'] }, params: { C: 3, degree: 2 }, inner: 5 };
    expect(read(encode(settings))).toEqual(settings);
    const study = toStudy({ id: 'd', name: 'n' }, COLUMNS, { ...settings, target: 'kind' });
    expect(study.params).toEqual({ degree: 2 });
    expect(study.search).toEqual({ method: 'grid', folds: 5, space: { C: { low: 1, high: 5 }, kernel: ['rbf'] } });
  });
  it('falls back where it makes no sense', () => {
    expect(read('tune=magic&trials=0&inner=99&seconds=-1&space=[1]&several={}')).toMatchObject({ tune: '', trials: 40, inner: 3, seconds: 0, space: {}, several: [] });
  });
  it('names each that is compared, once for the price of one', () => {
    const settings = { ...read('target=kind&algorithm=several'), several: ['knn', 'svm'], folds: 3 };
    expect(toComparison({ id: 'd', name: 'n' }, COLUMNS, settings)).toMatchObject({ algorithms: [{ algorithm: 'knn' }, { algorithm: 'svm' }], folds: 3, name: 'n' });
    expect(toEstimate({ id: 'd', name: 'n' }, COLUMNS, settings).map((one) => one.algorithm)).toEqual(['knn', 'svm']);
    expect(toEstimate({ id: 'd', name: 'n' }, COLUMNS, { ...settings, algorithm: 'svm', tune: 'random' })[0]?.search).toMatchObject({ method: 'random', trials: 40 });
  });
  it('tells the ways apart, and changes between them without losing the algorithm', () => {
    const fits = ['logistic_regression', 'random_forest', 'svm'].map((name) => ({ name })) as Algorithm[];
    expect([wayOf(read('')), wayOf(read('algorithm=svm')), wayOf(read('algorithm=svm&tune=grid')), wayOf(read('algorithm=several'))]).toEqual(['balanced', 'one', 'tune', 'several']);
    expect(chosenWay('tune', read('algorithm=svm'), fits)).toMatchObject({ algorithm: 'svm', tune: 'bayesian' });
    expect(chosenWay('tune', read(''), fits).algorithm).toBe('random_forest');
    expect(chosenWay('several', read(''), fits).several).toEqual(['logistic_regression', 'random_forest']);
  });
  it('takes what is usual while the list of algorithms is on its way', () => {
    expect(chosenWay('several', read(''), []).several).toEqual(['linear_regression', 'logistic_regression', 'random_forest', 'gradient_boosting']);
    expect([chosenWay('one', read(''), []).algorithm, chosenWay('one', read('algorithm=svm'), []).algorithm]).toEqual(['gradient_boosting', 'svm']);
    expect(chosenWay('one', read('algorithm=several'), []).algorithm).toBe('gradient_boosting');
  });
});

describe('what was tried', () => {
  const tries = [trial(0, 0.5, { params: {} }), trial(1, 0.9, { pruned: true }), trial(2, null, { error: 'x' }), trial(3, 0.7)];
  it('is the best so far only when it was judged whole', () => {
    const plain = tries.map((one) => ({ number: one.number, score: one.score ?? null, pruned: one.pruned }));
    expect(bestSoFar(plain, true)).toEqual([0.5, 0.5, 0.5, 0.7]);
    expect(bestSoFar(plain, false)).toEqual([0.5, 0.5, 0.5, 0.5]);
  });
  it('is listed with the best first and failures last', () => {
    expect(ranked(tries, true).map((one) => one.number)).toEqual([3, 0, 1, 2]);
    expect(ranked(tries, false).map((one) => one.number)).toEqual([0, 3, 1, 2]);
  });
  it('is said in words', () => {
    expect(paramsInWords({ max_depth: 3, class_weight: null })).toBe('max depth 3, class weight None');
    expect(paramsInWords({})).toBe('the usual ones');
    expect(inWords('/params/criterion: use gini')).toBe('use gini');
  });
  it('says what tuning gained, and only where the usual settings were tried', () => {
    const best = { number: 3, params: { depth: 3 }, score: 0.7, baseline: 0.4, higher_is_better: true };
    expect(findingOf(tries, { best }, 'accuracy')).toContain('from 50.0');
    expect(findingOf(tries, { best: { ...best, number: 0 } }, 'accuracy')).toContain('No setting beat');
    expect(findingOf(tries.slice(3), { best }, 'accuracy')).toContain('in try 4');
    expect(findingOf([], { best: null }, null)).toBe('Score by try');
  });
  it('can be begun again', () => {
    const text = again({ name: 'n', request: { target: 'kind', algorithm: 'svm', params: {}, test_size: 0.25, seed: 7, search: { method: 'random', trials: 9, folds: 4, seconds: null, space: null } } });
    expect(read(text)).toMatchObject({ target: 'kind', algorithm: 'svm', test: 25, seed: 7, tune: 'random', trials: 9, inner: 4, name: 'n' });
  });
});

describe('what it takes', () => {
  it('adds times and takes the largest memory', () => {
    expect(together([{ seconds: 1, bytes: 5 }, { seconds: 2, bytes: 3 }])).toEqual({ seconds: 3, bytes: 5 });
  });
  it('is said roughly', () => {
    expect([about(0.1), about(4.3), about(43), about(400), about(9000)]).toEqual(['a second', '4 s', '45 s', '7 minutes', '3 hours']);
  });
});
