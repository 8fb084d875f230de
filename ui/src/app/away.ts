// Whether the server answers. A call that got no answer says it is away; from then on it is asked every few
// seconds, and when it is back every page asks its questions again by itself.
import { useSyncExternalStore } from 'react';
import { onHeard } from '../api/client';
import { below } from '../api/place';
import { queryClient } from '../api/queries';

const EVERY = 2500;

let away = false;
let timer: ReturnType<typeof setTimeout> | undefined;
const listeners = new Set<() => void>();

function set(value: boolean): void {
  if (away === value) return;
  away = value;
  for (const listener of listeners) listener();
}

async function look(): Promise<void> {
  try {
    const answer = await fetch(below('/healthz'), { cache: 'no-store' });
    if (answer.ok) {
      timer = undefined;
      set(false);
      void queryClient.invalidateQueries();
      return;
    }
  } catch {
    // Still away.
  }
  timer = setTimeout(() => void look(), EVERY);
}

onHeard((answered) => {
  if (answered) return;
  set(true);
  timer ??= setTimeout(() => void look(), EVERY);
});

export function useAway(): boolean {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => away,
  );
}
