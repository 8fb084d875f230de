// Short news that does not belong to the page in view. Read out politely; gone after some seconds, or when closed.
import { useSyncExternalStore } from 'react';
import { Icon } from '../design/icons';
import { Link } from './link';
import { t } from './t';

interface Toast {
  id: number;
  text: string;
  to?: string;
  act?: { label: string; run: () => void };
}

let toasts: Toast[] = [];
let next = 1;
const listeners = new Set<() => void>();

function set(list: Toast[]): void {
  toasts = list;
  for (const listener of listeners) listener();
}

interface Options {
  /** Where a press on the words leads. */
  to?: string;
  /** Something that can still be done about it. */
  act?: Toast['act'];
  /** How long it stays, in milliseconds. */
  patience?: number;
}

/** Shows some news and returns its number, by which it can be taken away. Never more than three, unless something can be done about them. */
export function toast(text: string, { to, act, patience = 8000 }: Options = {}): number {
  const id = next;
  next += 1;
  const plain = toasts.filter((one) => !one.act);
  const dropped = plain.length >= 3 ? plain[0]?.id : undefined;
  set([...toasts.filter((one) => one.id !== dropped), { id, text, to, act }]);
  setTimeout(() => dismiss(id), patience);
  return id;
}

export function dismiss(id: number): void {
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
          {one.act && <button type="button" className="linkish" onClick={one.act.run}>{one.act.label}</button>}
          <button type="button" className="iconbtn" aria-label={t('action.close')} onClick={() => dismiss(one.id)}><Icon name="close" size={16} /></button>
        </div>
      ))}
    </div>
  );
}
