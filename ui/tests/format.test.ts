import { describe, expect, it } from 'vitest';
import { ago, bytes, cell, compact, day, duration, grouped, number, percent } from '../src/app/format';
import { t, tMaybe } from '../src/app/t';

describe('numbers', () => {
  it('keeps four digits and groups thousands', () => {
    expect([1309, 29.8811, 0.001234, 0, -0.5, 123456.789].map((value) => number(value))).toEqual(['1,309', '29.88', '0.001234', '0', '-0.5', '123,457']);
  });
  it('writes the very large and very small as powers', () => {
    expect(number(1.5e15)).toBe('1.50e+15');
    expect(number(2e-9)).toBe('2.00e-9');
  });
  it('shows a dash for what is not a number', () => {
    expect([null, undefined, Number.NaN, Number.POSITIVE_INFINITY].map((value) => number(value))).toEqual(['–', '–', '–', '–']);
  });
  it('groups as the browser does, without asking it', () => {
    for (const value of [0, 7, 999, 1000, -1000, 12_345, -123, 1_234_567, 999_999_999_999, 0.5, 1234.5]) expect(grouped(value)).toBe(value.toLocaleString('en'));
  });
  it('shortens ticks', () => {
    expect([12_345, 0, 3_400_000, 0.25].map(compact)).toEqual(['12.3K', '0', '3.4M', '0.25']);
  });
});

describe('percent', () => {
  it('never rounds a rest to nothing or to all', () => {
    expect(percent(0.8034)).toBe('80\u00a0%');
    expect(percent(0.0004)).toBe('<\u00a00.1\u00a0%');
    expect(percent(0.0334)).toBe('3.3\u00a0%');
    expect(percent(0.998)).toBe('99.8\u00a0%');
    expect(percent(1)).toBe('100\u00a0%');
    expect(percent(0)).toBe('0\u00a0%');
  });
});

describe('sizes and times', () => {
  it('counts bytes in thousands', () => {
    expect([0, 999, 30_512, 1_073_741_824].map(bytes)).toEqual(['0 B', '999 B', '30.5 kB', '1.1 GB']);
  });
  it('names durations', () => {
    expect([0.0004, 0.25, 3.21, 45, 125, 7300].map(duration)).toEqual(['< 1 ms', '250 ms', '3.2 s', '45 s', '2 min 5 s', '2 h 2 min']);
  });
  it('says how long ago', () => {
    const now = Date.parse('2026-03-01T12:00:00Z');
    expect(ago('2026-03-01T11:59:30Z', now)).toBe('just now');
    expect(ago('2026-03-01T11:57:00Z', now)).toBe('3 minutes ago');
    expect(ago('2026-02-28T12:00:00Z', now)).toBe('yesterday');
  });
  it('shows dates in UTC, with the time only where there is one', () => {
    expect(day(0)).toBe('1970-01-01');
    expect(day(86_400 + 3600)).toBe('1970-01-02 01:00');
    expect(cell(86_400, 'date')).toBe('1970-01-02');
  });
});

describe('t', () => {
  it('fills values and chooses the form that fits a number', () => {
    expect(t('nav.tokens', { count: 1 })).toBe('1 token');
    expect(t('nav.tokens', { count: 1500 })).toBe('1,500 tokens');
    expect(t('train.go', { price: 1, left: 14 })).toBe('Train · 1 token (14 left after)');
  });
  it('falls back for keys made at run time', () => {
    expect(tMaybe('metric.r2', 'r2')).toBe('R²');
    expect(tMaybe('metric.unheard_of', 'unheard of')).toBe('unheard of');
  });
});
