// Keyboard shortcuts: Ctrl K anywhere, single keys outside of fields. The single keys can be switched off, for people
// whose speech or hands press keys they did not mean.
import { useEffect, useRef, useSyncExternalStore } from 'react';

const NOTE = 'trainyard-keys';
const listeners = new Set<() => void>();

function read(): boolean {
  try {
    return localStorage.getItem(NOTE) !== 'off';
  } catch {
    return true;
  }
}

export function useSingleKeys(): [boolean, (on: boolean) => void] {
  const on = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    read,
  );
  const set = (value: boolean) => {
    try {
      if (value) localStorage.removeItem(NOTE);
      else localStorage.setItem(NOTE, 'off');
    } catch {
      // Without storage the keys stay on.
    }
    for (const listener of listeners) listener();
  };
  return [on, set];
}

/** Where `g` and then this key leads. */
export const PLACES: Record<string, string> = { h: '/', d: '/data', m: '/models', j: '/jobs', a: '/account' };

export type Pressed = { open: 'menu' | 'keys' } | { go: string };

function inField(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && (target.isContentEditable || target.closest('input, textarea, select, [role=dialog], [role=slider], [role=combobox]') !== null);
}

/** How long a `g` waits for the key after it. */
const PATIENCE = 1200;

export function useShortcuts(act: (pressed: Pressed) => void): void {
  const then = useRef(act);
  then.current = act;
  useEffect(() => {
    let waiting = 0;
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.key.toLowerCase() === 'k') {
        event.preventDefault();
        then.current({ open: 'menu' });
        return;
      }
      if (event.ctrlKey || event.metaKey || event.altKey || inField(event.target) || !read()) return;
      const place = PLACES[event.key];
      if (event.timeStamp < waiting && place) {
        waiting = 0;
        then.current({ go: place });
        return;
      }
      waiting = event.key === 'g' ? event.timeStamp + PATIENCE : 0;
      if (event.key === '?') then.current({ open: 'keys' });
    };
    document.addEventListener('keydown', onKey);
    return () => document.removeEventListener('keydown', onKey);
  }, []);
}
