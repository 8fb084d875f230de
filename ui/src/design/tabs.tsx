// Tabs whose choice lives in the address. They scroll sideways on a phone instead of wrapping.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent, type ReactNode, type RefObject, useEffect, useId, useRef } from 'react';

export interface Tab {
  id: string;
  label: string;
  content: () => ReactNode;
}

/** The chosen tab and a way to choose another, kept as `?tab=`. */
export function useTab(tabs: { id: string }[]): [string, (id: string) => void] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const first = tabs[0]?.id ?? '';
  const current = tabs.some((tab) => tab.id === search.tab) ? (search.tab as string) : first;
  const choose = (id: string) => {
    void navigate({ to: '.', search: { ...search, tab: id === first ? undefined : id } as never, replace: true, resetScroll: false });
  };
  return [current, choose];
}

/** The chosen one of a bar that scrolls sideways is never hidden beyond the edge of a phone, also when the address chose it. */
export function useChosenInView(list: RefObject<HTMLElement | null>, chosen: string, current: string): void {
  useEffect(() => {
    const bar = list.current;
    if (!bar) return undefined;
    // Told once at the beginning, and again whenever the width changes.
    const watcher = new ResizeObserver(() => {
      const one = bar.querySelector(chosen);
      if (!one || bar.scrollWidth <= bar.clientWidth) return;
      const [around, inner] = [bar.getBoundingClientRect(), one.getBoundingClientRect()];
      bar.scrollLeft += (inner.left + inner.right - around.left - around.right) / 2;
    });
    watcher.observe(bar);
    return () => watcher.disconnect();
  }, [list, chosen, current]);
}

export function Tabs({ label, tabs, current, onChoose }: { label: string; tabs: Tab[]; current: string; onChoose: (id: string) => void }) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const move = (event: KeyboardEvent) => {
    const at = tabs.findIndex((tab) => tab.id === current);
    const last = tabs.length - 1;
    const to = { ArrowRight: at === last ? 0 : at + 1, ArrowLeft: at === 0 ? last : at - 1, Home: 0, End: last }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    onChoose(tabs[to]?.id ?? current);
    const button = list.current?.querySelectorAll<HTMLElement>('[role=tab]')[to];
    button?.focus();
  };
  useChosenInView(list, '[aria-selected=true]', current);
  const shown = tabs.find((tab) => tab.id === current);
  return (
    <>
      <div className="tabs" role="tablist" aria-label={label} ref={list}>
        {tabs.map((tab) => (
          <button key={tab.id} type="button" role="tab" id={`${id}-${tab.id}`} aria-selected={tab.id === current} aria-controls={tab.id === current ? `${id}-panel` : undefined} tabIndex={tab.id === current ? 0 : -1} onClick={() => onChoose(tab.id)} onKeyDown={move}>
            {tab.label}
          </button>
        ))}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${current}`} className="tabpanel">{shown?.content()}</div>
    </>
  );
}
