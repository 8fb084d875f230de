// Short news that does not belong to the page in view. Read out politely; gone after some seconds, or when closed.
import { useSyncExternalStore } from 'react';
import { Icon } from '../design/icons';
import { Link } from './link';
import { t } from './t';

interface Toast {
  id: number;
  text: string;
  to?: string;
}

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(list: Toast[]): void {
  toasts = list;
  for (const listener of listeners) listener();
}

export function toast(text: string, to?: string): void {
  const id = next;
  next += 1;
  set([...toasts, { id, text, to }].slice(-3));
  setTimeout(() => dismiss(id), 8000);
}

function dismiss(id: number): void {
  set(toasts.filter((one) => one.id !== id));
}

export function Toasts() {
  const list = useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    () => toasts,
  );
  return (
    <div className="toasts" role="status">
      {list.map((one) => (
        <div className="toast" key={one.id}>
          {one.to ? <Link to={one.to} onClick={() => dismiss(one.id)}>{one.text}</Link> : <span>{one.text}</span>}
          <button type="button" className="iconbtn" aria-label={t('action.close')} onClick={() => dismiss(one.id)}><Icon name="close" size={16} /></button>
        </div>
      ))}
    </div>
  );
}
