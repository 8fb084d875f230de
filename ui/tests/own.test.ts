// What is one's own: how numbers and times are written, and ten seconds to take a deletion back.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bytes, compact, dateTime, duration, number, percent, signed } from '../src/app/format';
import { moment, readFormats, setFormats, typedNumber, written } from '../src/app/formats';
import { t } from '../src/app/t';
import { deleteSoon, flushDeletions, PATIENCE } from '../src/app/undo';
import { historyFinding, lineOf } from '../src/pages/models/training';
import { queueNote } from '../src/pages/admin/today';
import type { TrainingHistory } from '../src/api/types';
import { toRequest, decode } from '../src/pages/train/settings';

describe('formats', () => {
  afterEach(() => setFormats({ numbers: 'point', times: 'month' }));
  it('write every number with the chosen signs', () => {
    setFormats({ numbers: 'comma' });
    expect([number(1234.5), number(1_234_567), number(0.25), compact(12_345), percent(0.0334), bytes(30_512), duration(3.21), signed(-0.5)]).toEqual(['1.235', '1.234.567', '0,25', '12,3K', '3,3\u00a0%', '30,5 kB', '3,2 s', '−0,50']);
    expect(t('nav.tokens', { count: 1200 })).toBe('1.200 tokens');
    setFormats({ numbers: 'space' });
    expect([number(1_234_567), number(1.5)]).toEqual(['1\u202f234\u202f567', '1,5']);
  });
  it('write times as chosen, in the same time zone', () => {
    const time = new Date(2026, 2, 5, 14, 7);
    expect(moment(time, 'iso')).toBe('2026-03-05 14:07');
    expect(moment(time, 'day')).toBe('5 Mar 2026, 14:07');
    setFormats({ times: 'iso' });
    expect(dateTime(time.toISOString())).toBe('2026-03-05 14:07');
  });
  it('are kept, and nonsense is the usual', () => {
    setFormats({ numbers: 'comma', times: 'day' });
    expect(readFormats(localStorage.getItem('trainyard-formats'))).toEqual({ numbers: 'comma', times: 'day' });
    expect([readFormats(null), readFormats('<b> 7')]).toEqual([{ numbers: 'point', times: 'month' }, { numbers: 'point', times: 'month' }]);
    expect(written('1,234.5', 'comma')).toBe('1.234,5');
  });
  it('read what is typed in them', () => {
    expect([typedNumber('1,234.5', 'point'), typedNumber('1.234,5', 'comma'), typedNumber('12.5', 'comma'), typedNumber('1\u202f234,5', 'space')]).toEqual(['1234.5', '1234.5', '12.5', '1234.5']);
  });
});

describe('ten seconds to think again', () => {
  const calls: { method: string; path: string; keepalive: boolean }[] = [];
  let status = 204;
  beforeEach(() => {
    vi.useFakeTimers();
    calls.length = 0;
    status = 204;
    vi.stubGlobal('fetch', async (path: string, options: RequestInit) => {
      calls.push({ method: options.method ?? 'GET', path, keepalive: options.keepalive === true });
      const code = options.method === 'DELETE' ? status : 200;
      return new Response(code === 204 ? null : '{}', { status: code });
    });
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
  const deletions = () => calls.filter((call) => call.method === 'DELETE');

  it('asks first whether it is there, and deletes only when they are over', async () => {
    const gone = vi.fn();
    await deleteSoon({ id: '1', path: '/models/1', name: 'one', onGone: gone });
    expect(calls.map((call) => call.method)).toEqual(['GET']);
    await vi.advanceTimersByTimeAsync(PATIENCE - 1);
    expect(deletions()).toHaveLength(0);
    await vi.advanceTimersByTimeAsync(1);
    expect(deletions().map((call) => call.path)).toEqual(['/api/v1/models/1']);
    expect(gone).toHaveBeenCalledOnce();
  });
  it('deletes at once, by a request that outlives it, when the page is left; and only once', async () => {
    await deleteSoon({ id: '2', path: '/models/2', name: 'two', onGone: () => {} });
    window.dispatchEvent(new Event('pagehide'));
    expect(deletions()).toEqual([{ method: 'DELETE', path: '/api/v1/models/2', keepalive: true }]);
    await vi.advanceTimersByTimeAsync(PATIENCE);
    await flushDeletions();
    expect(deletions()).toHaveLength(1);
  });
  it('does not call a thing gone that the server keeps', async () => {
    const gone = vi.fn();
    status = 409;
    await deleteSoon({ id: '3', path: '/models/3', name: 'three', onGone: gone });
    await vi.advanceTimersByTimeAsync(PATIENCE);
    expect(deletions()).toHaveLength(1);
    expect(gone).not.toHaveBeenCalled();
  });
});

describe('how it learned', () => {
  const history = (training: number[], more: Partial<TrainingHistory> = {}): TrainingHistory => ({ algorithm: 'neural_net', title: 'Neural network', step: 'epoch', loss: 'log_loss', steps: training.length, kept: training.length, training_rows: 100, validation_rows: 0, points: training.map((value, at) => ({ step: at + 1, training: value, validation: null })), ...more });
  const falling = Array.from({ length: 50 }, (_, at) => 0.3 + 0.4 * 0.8 ** at);
  it('leaves out what a history does not have', () => {
    expect(lineOf(history([3, 2, 1]), 'training')).toEqual({ xs: [1, 2, 3], ys: [3, 2, 1] });
    expect(lineOf(history([3, 2, 1]), 'validation').xs).toEqual([]);
  });
  it('says where it stopped, that it still learned, or how far it came', () => {
    expect(historyFinding(history(falling, { kept: 40 }))).toBe('It stopped learning after 40 epochs');
    expect(historyFinding(history(Array.from({ length: 50 }, (_, at) => 1 - at / 100)))).toBe('It was still learning after 50 epochs');
    expect(historyFinding(history(falling, { step: 'round' }))).toBe('The loss went from 0.7 to 0.3 in 50 rounds');
  });
});

describe('a limit of seconds', () => {
  const columns = [{ name: 'y', kind: 'category' as const, missing: 0, distinct: 2 }, { name: 'x', kind: 'number' as const, missing: 0, distinct: 9 }];
  it('goes with the thorough race only', () => {
    expect(toRequest({ id: 'd', name: 'd' }, columns, decode({ target: 'y', effort: 'thorough', seconds: '90' })).budget).toEqual({ seconds: 90 });
    expect(toRequest({ id: 'd', name: 'd' }, columns, decode({ target: 'y', effort: 'quick', seconds: '90' })).budget).toBeUndefined();
  });
});

describe('the queue of all', () => {
  it('names how long the first waits, if anything does', () => {
    expect(queueNote({ jobs_running: 1, oldest_waiting_seconds: 41 })).toBe('1 job running · the first waits 41 s');
    expect(queueNote({ jobs_running: 0, oldest_waiting_seconds: null })).toBe('0 jobs running');
  });
});
