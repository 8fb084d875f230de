// Who is signed in. The proof is in cookies no script can read; here is only a note that there was a
// session and of what role, so that a first visit asks nothing it knows will be refused.
import { useSyncExternalStore } from 'react';
import { onExpired, post } from '../api/client';
import { below } from '../api/place';
import { meQuery, queryClient } from '../api/queries';
import type { Session } from '../api/types';
import { flushDeletions } from './undo';

const NOTE = 'trainyard-session';

export function hasSession(): boolean {
  try {
    return localStorage.getItem(NOTE) !== null;
  } catch {
    return true;
  }
}

/** The role the last session had: enough to know what to ask for first, and for nothing else. */
export function notedRole(): string | null {
  try {
    return localStorage.getItem(NOTE);
  } catch {
    return null;
  }
}

function note(role: string | null): void {
  try {
    if (role !== null) localStorage.setItem(NOTE, role);
    else localStorage.removeItem(NOTE);
  } catch {
    // Without storage the first question of each visit finds out.
  }
}

let ended = false;
const listeners = new Set<() => void>();

function setEnded(value: boolean): void {
  ended = value;
  for (const listener of listeners) listener();
}

/** True while a session that was open has run out: the page stays and asks to sign in again. */
export function useSessionEnded(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => ended,
  );
}

onExpired(() => {
  if (queryClient.getQueryData(meQuery.queryKey)) setEnded(true);
});

/** Takes over a fresh session. Another person's answers are not kept. */
export function signedIn(session: Session): void {
  const before = queryClient.getQueryData(meQuery.queryKey);
  if (before?.id !== session.user.id) queryClient.clear();
  note(session.user.role);
  queryClient.setQueryData(meQuery.queryKey, session.user);
  if (ended) {
    setEnded(false);
    void queryClient.invalidateQueries();
  }
}

export function forgetSession(): void {
  note(null);
  setEnded(false);
  queryClient.clear();
}

/** Forgets the session and begins anew at the sign-in page, with nothing left in memory. */
export function toSignIn(): void {
  forgetSession();
  window.location.assign(below('/login'));
}

export async function signOut(): Promise<void> {
  try {
    // What waits to be deleted is deleted by whoever asked for it.
    await flushDeletions();
    await post('/auth/logout', {}, { renew: false });
  } finally {
    toSignIn();
  }
}

/** Notes a new balance that came with an answer, so that the top bar is right at once. */
export function noteBalance(balance: number): void {
  queryClient.setQueryData(meQuery.queryKey, (me) => (me ? { ...me, tokens: balance } : me));
  void queryClient.invalidateQueries({ queryKey: ['tokens'] });
}

/** Only addresses of this app may be returned to. */
export function safeNext(next: unknown): string {
  return typeof next === 'string' && /^\/(?![/\\])/.test(next) ? next : '/';
}
