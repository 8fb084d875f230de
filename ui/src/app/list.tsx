// What all list pages share: pages of the server's list, found by name and filtered, with both in the address.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { get } from '../api/client';
import type { Page } from '../api/types';
import { Empty, ErrorPanel, Skeleton } from '../design/parts';
import { t } from './t';
import { useGoing } from './undo';

const BUSY = new Set(['queued', 'running', 'training', 'profiling']);
/** As many as the server gives at once. */
const PAGE = 100;

export type Wanted = Record<string, string | undefined>;

/** A list of the server by keyset pages; while something in it is under way it is asked again. */
export function usePages<T extends object>(path: string, wanted: Wanted, options: { enabled?: boolean } = {}) {
  return useInfiniteQuery({
    queryKey: [path.slice(1), 'pages', wanted],
    queryFn: ({ pageParam }) => get<Page<T>>(path, { query: { limit: PAGE, ...wanted, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some((item) => BUSY.has((item as { status?: string }).status ?? ''))) ? 2000 : false),
    ...options,
  });
}

/** What the address asks for, and a way to ask for something else; empty values leave it. */
export function useAddress(): [Wanted, (part: Wanted) => void] {
  const search = useSearch({ strict: false }) as Wanted;
  const navigate = useNavigate();
  const change = (part: Wanted) => {
    const next = Object.fromEntries(Object.entries({ ...search, ...part }).filter(([, value]) => value !== undefined && value !== ''));
    void navigate({ to: '.', search: next as never, replace: true, resetScroll: false });
  };
  return [search, change];
}

/** A text kept in the address; what is typed reaches it a moment after the last key. */
export function useSearchText(name = 'q'): [string, string, (text: string) => void] {
  const [search, change] = useAddress();
  const kept = search[name] ?? '';
  const [typed, setTyped] = useState(kept);
  // The address may also change by itself: the back button, or a link to this same page.
  const [seen, setSeen] = useState(kept);
  if (seen !== kept) {
    setSeen(kept);
    setTyped(kept);
  }
  useEffect(() => {
    if (typed === kept) return undefined;
    const timer = setTimeout(() => change({ [name]: typed }), 250);
    return () => clearTimeout(timer);
  });
  return [typed, kept, setTyped];
}

export interface Filter {
  /** Its name in the address and in the server's question. */
  name: string;
  label: string;
  /** What it is without a choice. */
  all: string;
  choices: { value: string; label: string }[];
  /** A choice that leaves nothing out: the order of a list. */
  orders?: boolean;
}

/** Drop-down lists that narrow a list, each kept in the address. */
export function Filters({ filters }: { filters: Filter[] }) {
  const [search, change] = useAddress();
  return (
    <>
      {filters.map((filter) => (
        <NativeSelect
          key={filter.name} label={filter.label} value={search[filter.name] ?? ''}
          onChange={(event) => change({ [filter.name]: event.currentTarget.value })}
          data={[{ value: '', label: filter.all }, ...filter.choices]}
        />
      ))}
    </>
  );
}

interface Props<T> {
  path: string;
  label: string;
  head: ReactNode;
  row: (item: T) => ReactNode;
  empty: ReactNode;
  searchable?: boolean;
  filters?: Filter[];
  /** Asked for whatever the address says. */
  fixed?: Wanted;
  /** Stands between the filters and the table; gets what is listed. */
  above?: (items: T[]) => ReactNode;
}

export function ListTable<T extends { id: string }>({ path, label, head, row, empty, searchable = true, filters = [], fixed = {}, above }: Props<T>) {
  const [typed, search, setTyped] = useSearchText();
  const [address, change] = useAddress();
  const chosen = Object.fromEntries(filters.map(({ name }) => [name, address[name]]));
  const pages = usePages<T>(path, { ...fixed, ...chosen, search });
  const going = useGoing();
  if (pages.isPending) return <Skeleton height={280} />;
  if (!pages.data) return <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items).filter((item) => !going.has(item.id));
  const narrowed = search !== '' || filters.some(({ name, orders }) => !orders && Boolean(chosen[name]));
  if (items.length === 0 && !narrowed && typed === '') return <>{empty}</>;
  const clear = () => {
    setTyped('');
    change({ q: undefined, ...Object.fromEntries(filters.map(({ name }) => [name, undefined])) });
  };
  const bar = items.length > 5 || narrowed || typed !== '' || Object.values(chosen).some(Boolean);
  return (
    <div className="stack">
      {bar && (searchable || filters.length > 0) && (
        <div className="filters" role="search" aria-label={label}>
          {searchable && <TextInput type="search" label={t('list.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />}
          <Filters filters={filters} />
        </div>
      )}
      {pages.isRefetchError && <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />}
      {items.length === 0 ? (
        <Empty action={<Button variant="default" onClick={clear}>{t('list.clear')}</Button>}>{search ? t('list.none', { search }) : t('list.noneFiltered')}</Empty>
      ) : (
        <>
          {above?.(items)}
          <div className="panel flush">
            <table className="cards" aria-label={label}>
              <thead><tr>{head}</tr></thead>
              <tbody>{items.map((item) => row(item))}</tbody>
            </table>
          </div>
        </>
      )}
      {items.length > 0 && <More shown={items.length} pages={pages} />}
    </div>
  );
}

/** How many are shown, and the next ones. */
export function More({ shown, pages }: { shown: number; pages: { hasNextPage: boolean; isFetchingNextPage: boolean; fetchNextPage: () => Promise<unknown> } }) {
  if (!pages.hasNextPage && shown <= PAGE) return null;
  return (
    <div className="row">
      {pages.hasNextPage && <Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t('list.more')}</Button>}
      <span className="small soft num" role="status">{pages.hasNextPage ? t('list.shown', { count: shown }) : t('list.allShown', { count: shown })}</span>
    </div>
  );
}
