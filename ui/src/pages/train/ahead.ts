// The address keeps how a model is trained, but follows a moment after a choice. Until it has, what was chosen last counts: no
// key that is typed meanwhile is lost, and no box that was ticked jumps back.
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useMemo, useState } from 'react';

export type Search = Record<string, string | undefined>;

const textOf = (search: Search) => new URLSearchParams(Object.entries(search).filter((entry): entry is [string, string] => Boolean(entry[1])).sort(([a], [b]) => (a < b ? -1 : 1))).toString();

/** Which of the addresses that were asked for are still on their way once the address says this; none, if it is another one. */
export function stillAhead(asked: string[], said: string): string[] {
  const place = asked.lastIndexOf(said);
  return place < 0 ? [] : asked.slice(place + 1);
}

/** What the address says or is about to say, and a way to make it say something else. */
export function useAhead(): [Search, (next: string) => void] {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const said = textOf(search);
  const [seen, setSeen] = useState(said);
  const [asked, setAsked] = useState<string[]>([]);
  if (seen !== said) {
    setSeen(said);
    setAsked(stillAhead(asked, said));
  }
  const last = seen === said ? asked[asked.length - 1] : stillAhead(asked, said).at(-1);
  const ask = (next: string) => {
    const wanted = Object.fromEntries(new URLSearchParams(next));
    const text = textOf(wanted);
    if (text === (last ?? said)) return;
    setAsked((before) => [...before, text]);
    void navigate({ to: '.', search: wanted as never, replace: true, resetScroll: false });
  };
  const now = useMemo(() => (last === undefined ? search : Object.fromEntries(new URLSearchParams(last))), [last, search]);
  return [now, ask];
}
