// The keys of paid requests. One that got no answer may have been carried out all the same: asking the same
// again sends the same key, and the server charges it once. Anything else is a new purchase.
import { useMemo } from 'react';
import { idempotencyKey } from './client';
import { asProblem } from './problem';

export class Paid {
  private open: { asked: string; key: string } | null = null;

  /** The key for what is asked now. */
  key(asked: string): string {
    if (this.open?.asked !== asked) this.open = { asked, key: idempotencyKey() };
    return this.open.key;
  }

  /** Forgets the key, unless nobody knows what became of the request. */
  settle(error: unknown): void {
    const status = error ? asProblem(error).status : 200;
    if (status !== 0 && status < 500) this.open = null;
  }
}

export function usePaid(): Paid {
  return useMemo(() => new Paid(), []);
}
