// Deleting that can still be taken back. The server deletes at once and for good, so the request itself waits for ten
// seconds; until then the thing is only kept out of the lists of this tab. A page that is left sends what still waits.
import { useSyncExternalStore } from 'react';
import { address, CLIENT_HEADERS, get, remove } from '../api/client';
import { asProblem } from '../api/problem';
import { t } from './t';
import { dismiss, toast } from './toast';

/** Long enough to read the words and to reach the button. */
export const PATIENCE = 10_000;

export interface Deletion {
  id: string;
  /** What the server is asked to delete. */
  path: string;
  /** What people call it. */
  name: string;
  /** Once it is gone. */
  onGone: () => void;
}

let waiting: ReadonlyMap<string, { deletion: Deletion; timer: ReturnType<typeof setTimeout>; toast: number }> = new Map();
/** What waits and what was sent: neither is shown in lists. */
let hidden: ReadonlySet<string> = new Set();
const listeners = new Set<() => void>();

function change(id: string, there: boolean): void {
  const next = new Set(hidden);
  if (there) next.delete(id);
  else next.add(id);
  hidden = next;
  for (const listener of listeners) listener();
}

function take(id: string) {
  const entry = waiting.get(id);
  if (!entry) return undefined;
  clearTimeout(entry.timer);
  waiting = new Map([...waiting].filter(([other]) => other !== id));
  dismiss(entry.toast);
  return entry.deletion;
}

async function send(deletion: Deletion): Promise<void> {
  try {
    await remove(deletion.path);
  } catch (error) {
    const problem = asProblem(error);
    // Gone already is what was asked for.
    if (problem.status !== 404) {
      change(deletion.id, true);
      toast(t('undo.failed', { name: deletion.name, reason: problem.message }));
      return;
    }
  }
  deletion.onGone();
}

/** Deletes something in ten seconds, and says so beside a way back. Fails at once where it is not there or the session is over. */
export async function deleteSoon(deletion: Deletion): Promise<void> {
  // A session that has to be renewed is renewed now: a page that is being left can no longer do it.
  await get(deletion.path);
  const note = toast(t('undo.soon', { name: deletion.name }), { act: { label: t('undo.undo'), run: () => undo(deletion.id) }, patience: PATIENCE });
  const timer = setTimeout(() => {
    const taken = take(deletion.id);
    if (taken) void send(taken);
  }, PATIENCE);
  waiting = new Map(waiting).set(deletion.id, { deletion, timer, toast: note });
  change(deletion.id, false);
}

function undo(id: string): void {
  const deletion = take(id);
  if (!deletion) return;
  change(id, true);
  toast(t('undo.undone', { name: deletion.name }));
}

/** Sends what still waits, by requests that outlive the page. */
export async function flushDeletions(): Promise<void> {
  const left = [...waiting.keys()].flatMap((id) => take(id) ?? []);
  await Promise.allSettled(left.map((one) => fetch(address(one.path), { method: 'DELETE', headers: CLIENT_HEADERS, credentials: 'same-origin', keepalive: true })));
}

if (typeof window !== 'undefined') window.addEventListener('pagehide', () => void flushDeletions());

/** What is about to be deleted: lists leave it out. */
export function useGoing(): ReadonlySet<string> {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => hidden,
  );
}
