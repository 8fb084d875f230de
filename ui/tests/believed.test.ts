// What is said about a model beyond its scores, and under which name it leaves.
import { describe, expect, it } from 'vitest';
import type { Dependence, LearningCurve, ModelSummary } from '../src/api/types';
import { differenceText, holds } from '../src/pages/models/certificate';
import { curveFinding } from '../src/pages/models/checks';
import { dependsFinding, meansOf, rowsOf } from '../src/pages/models/depends';
import { tagsOf } from '../src/pages/models/filed';
import { fileName } from '../src/pages/models/take';
import { course } from '../src/pages/models/versions';
import { limitsOf } from '../src/pages/models/words';

describe('how one column acts', () => {
  const found: Dependence = { column: 'age', grid: [1, 5, 9], outputs: 2, mean: [0.1, 0.9, 0.4, 0.6, 0.8, 0.2], rows: [3, 7], curves: [0, 1, 1, 0, 0.5, 0.5, 1, 0, 0, 1, 1, 0] };
  it('is read class by class and row by row', () => {
    expect(meansOf(found, 1)).toEqual([0.9, 0.6, 0.2]);
    expect(rowsOf(found, 1, 9)).toEqual([[1, 0, 0.5], [0, 1, 0]]);
    expect(rowsOf(found, 0, 1)).toEqual([[0, 1, 0.5]]);
  });
  it('is said in a sentence, and only where it moves something', () => {
    const words = { what: 'it', at: String, of: (value: number) => `${value}`, scale: 1 };
    expect(dependsFinding(found, [0.9, 0.6, 0.2], words)).toBe('it is highest where age is 1 (0.9), lowest at 9 (0.2)');
    expect(dependsFinding(found, [0.5, 0.51, 0.5], words)).toBe('age alone hardly moves the answer');
    expect(dependsFinding(found, [Number.NaN, 1, 2], words)).toBe('age alone hardly moves the answer');
  });
});

describe('the certificate', () => {
  it('says when nothing differs, and how little', () => {
    expect([differenceText(0), differenceText(null), differenceText(3.2e-7)]).toEqual(['none', '–', '3.2e-7']);
    const one = { path: 'onnx' as const, largest: 2e-5, labels: 0, bound: 1e-5 };
    expect([holds(one), holds({ ...one, largest: 1e-6 }), holds({ ...one, largest: 0, labels: 1 }), holds({ ...one, largest: null })]).toEqual([false, true, false, false]);
  });
});

describe('the learning curve', () => {
  const curve = (metric: string, before: number, last: number, std: number): LearningCurve => ({
    metric, points: [before, last].map((mean, at) => ({ share: at ? 1 : 0.7, rows: [10], train: {}, test: { [metric]: { mean, std, values: [1, 2, 3] } } })),
  });
  it('says whether more rows help, beyond luck and the right way round', () => {
    expect(curveFinding(curve('accuracy', 0.8, 0.9, 0.01))).toContain('should help');
    expect(curveFinding(curve('accuracy', 0.8, 0.81, 0.1))).toContain('hardly help');
    expect(curveFinding(curve('rmse', 9, 5, 0.1))).toContain('should help');
    expect(curveFinding(curve('rmse', 5, 9, 0.1))).toContain('hardly help');
    expect(curveFinding({ metric: 'accuracy', points: [] })).toBe('Would more rows help?');
  });
  it('never shows a measure where none can be', () => {
    expect([limitsOf('accuracy'), limitsOf('rmse'), limitsOf('mcc')]).toEqual([[0, 1], [0, Number.POSITIVE_INFINITY], [-1, 1]]);
  });
});

describe('versions', () => {
  const version = (number: number, value: number | null, status = 'ready') => ({ version: number, status, task: 'classification', metrics: value === null ? {} : { accuracy: { value } } }) as unknown as ModelSummary;
  it('are drawn oldest first, without those that have no score', () => {
    expect(course([version(3, 0.9), version(2, null), version(1, 0.8), version(4, 0.7, 'failed')])).toEqual({ metric: 'accuracy', versions: [1, 3], values: [0.8, 0.9] });
    expect(course([version(1, 0.8)])).toBeNull();
  });
  it('are filed under each word once', () => {
    expect(tagsOf(' Churn, 2026,churn,, ')).toEqual(['churn', '2026']);
    expect(tagsOf('')).toEqual([]);
  });
});

describe('the name of a file', () => {
  it('is one everywhere', () => {
    expect(fileName({ name: '../../etc/passwd', version: 2 }, 'tym')).toBe('etc_passwd-v2.tym');
    expect(fileName({ name: 'Übung: häuser <b>', version: 1 }, 'html')).toBe('Übung_häuser_b_-v1.html');
    expect(fileName({ name: '🚂', version: 1 }, 'json')).toBe('model-v1.json');
  });
});
