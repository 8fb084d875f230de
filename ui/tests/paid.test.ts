// A paid request is charged once, however often it is sent before it is answered.
import { describe, expect, it } from 'vitest';
import { Paid } from '../src/api/paid';
import { Problem } from '../src/api/problem';

describe('the key of a paid request', () => {
  it('stays the same until somebody knows what became of it', () => {
    const paid = new Paid();
    const first = paid.key('a');
    paid.settle(new Problem(0, {}));
    expect(paid.key('a')).toBe(first);
    paid.settle(new Problem(503, {}));
    expect(paid.key('a')).toBe(first);
  });
  it('is new after an answer, a refusal, or a change', () => {
    const paid = new Paid();
    const first = paid.key('a');
    paid.settle(null);
    const second = paid.key('a');
    paid.settle(new Problem(422, {}));
    const third = paid.key('a');
    expect(new Set([first, second, third, paid.key('b')]).size).toBe(4);
  });
});
