// What plots claim in their titles follows from their numbers, and nothing is claimed where they say nothing.
import { describe, expect, it } from 'vitest';
import { finding } from '../src/charts/histogram';
import { calibrationFinding, errorFinding, growth, matrixFinding, missAt, overconfidence, prFinding, precisionAtHalf, predictedFinding, residualFinding, rocFinding } from '../src/pages/models/findings';

const residuals = (rows: [number, number][]) => ({ sample: rows.map(([actual, predicted]) => ({ actual, predicted })), histogram: { edges: [0, 1], counts: [rows.length] } });

describe('the matrix', () => {
  it('says of two classes what is found and what is a false alarm', () => {
    expect(matrixFinding({ classes: ['no', 'yes'], counts: [[141, 21], [34, 66]] }, 'yes')).toBe('It finds 66 of 100 “yes”, with 21 false alarms');
    expect(matrixFinding({ classes: ['yes', 'no'], counts: [[66, 34], [1, 141]] }, 'yes')).toBe('It finds 66 of 100 “yes”, with 1 false alarm');
  });
  it('names the worst mix-up of many classes, or that there is none', () => {
    expect(matrixFinding({ classes: ['a', 'b', 'c'], counts: [[5, 0, 0], [0, 5, 2], [0, 1, 5]] }, '')).toContain('“b” for “c” most: 2 times');
    expect(matrixFinding({ classes: ['a', 'b', 'c'], counts: [[5, 0, 0], [0, 5, 0], [0, 0, 5]] }, '')).toBe('It mixed up nothing in the test.');
  });
});

describe('curves', () => {
  const roc = (name: string, auc: number) => ({ class: name, auc, fpr: [], tpr: [], thresholds: [] });
  it('counts pairs of two classes, names the hardest of many', () => {
    expect(rocFinding([roc('yes', 0.868)])).toContain('87 times out of 100');
    expect(rocFinding([roc('a', 0.99), roc('b', 0.8)])).toContain('“b”');
    expect(rocFinding([])).toBe('Finds against false alarms');
  });
  it('reads the precision where half is found', () => {
    expect(precisionAtHalf({ recall: [0, 0.4, 0.6, 1], precision: [1, 0.95, 0.9, 0.5] })).toBe(0.9);
    expect(precisionAtHalf({ recall: [0, 0.2], precision: [1, 1] })).toBeNull();
    expect(prFinding([])).toBe('Finding all against being right');
  });
  it('tells sure from too sure, on both sides of a half', () => {
    const bins = (observedLow: number, observedHigh: number) => [{ predicted: 0.1, observed: observedLow, count: 50 }, { predicted: 0.9, observed: observedHigh, count: 50 }];
    expect(overconfidence(bins(0.3, 0.7))).toBeCloseTo(0.2);
    expect(calibrationFinding([{ class: 'yes', bins: bins(0.3, 0.7) }])).toBe('It is too sure of itself, by 20\u00a0% on average');
    expect(calibrationFinding([{ class: 'yes', bins: bins(0, 1) }])).toContain('not sure enough');
    expect(calibrationFinding([{ class: 'yes', bins: bins(0.11, 0.9) }])).toContain('can be trusted');
    expect(calibrationFinding([{ class: 'yes', bins: [] }])).toContain('Can “80 % sure” be trusted?');
  });
});

describe('misses', () => {
  it('are counted whatever their sign', () => {
    const rows = residuals([[1, 0], [0, 2], [3, 0], [0, 4], [10, 0]]);
    expect(missAt(rows, 0.5)).toBe(3);
    expect(predictedFinding(rows)).toContain('less than 3');
    expect(errorFinding(rows)).toContain('smaller than 10');
    expect(missAt(residuals([]), 0.5)).toBeNull();
    expect(errorFinding(residuals([]))).toBe('How large its misses are');
  });
  it('that grow are said to grow, and few rows say nothing of it', () => {
    const funnel = Array.from({ length: 40 }, (_, index): [number, number] => [index + (index % 2 === 0 ? 1 : -1) * index, index]);
    expect(growth(residuals(funnel).sample)).toBeGreaterThan(2);
    expect(residualFinding(residuals(funnel))).toContain('times as much where it predicts large values');
    expect(growth(residuals(funnel.slice(0, 5)).sample)).toBeNull();
    expect(residualFinding(residuals([[2, 1], [3, 1], [4, 1]]))).toBe('It guesses too low in 100\u00a0% of the rows');
    expect(residualFinding(residuals([[2, 1], [0, 1]]))).toBe('It misses as often high as low');
  });
});

describe('a column', () => {
  const column = (part: object) => ({ name: 'x', kind: 'number' as const, missing: 0, distinct: 3, ...part });
  it('is said to lie where the shortest half of its rows lies', () => {
    expect(finding(column({ histogram: { edges: [0, 10, 20, 30, 40], counts: [1, 6, 4, 1] } }), 12)).toBe('Half of the rows lie between 10 and 20.');
    expect(finding(column({ histogram: { edges: [5, 5], counts: [9] } }), 9)).toBe('It is 5 in every row.');
  });
  it('of words is said by its most frequent one, of those that are there', () => {
    expect(finding(column({ kind: 'category', missing: 2, top: [{ value: 'a', count: 6 }] }), 10)).toBe('Most often “a”, in 75\u00a0% of the rows.');
    expect(finding(column({ kind: 'category', top: [] }), 10)).toBeUndefined();
  });
});
