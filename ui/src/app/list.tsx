// What all list pages share: pages of the server's list, found by name, with the search in the address.
import { TextInput } from '@mantine/core';
import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import { Button } from '@mantine/core';
import { get } from '../api/client';
import type { Page } from '../api/types';
import { Empty, ErrorPanel, Skeleton } from '../design/parts';
import { t } from './t';

const BUSY = new Set(['queued', 'running', 'training', 'profiling']);

/** A list of the server by keyset pages; while something in it is under way it is asked again. */
export function usePages<T extends { status: string }>(path: string, search: string) {
  return useInfiniteQuery({
    queryKey: [path.slice(1), 'pages', search],
    queryFn: ({ pageParam }) => get<Page<T>>(path, { query: { limit: 50, search, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.next_cursor,
    placeholderData: (before) => before,
    refetchInterval: (query) => (query.state.data?.pages.some((page) => page.items.some((item) => BUSY.has(item.status))) ? 2000 : false),
  });
}

/** A text kept as `?q=`; what is typed reaches the address a moment after the last key. */
export function useSearchText(): [string, string, (text: string) => void] {
  const search = useSearch({ strict: false }) as Record<string, string | undefined>;
  const navigate = useNavigate();
  const [typed, setTyped] = useState(search.q ?? '');
  useEffect(() => {
    if (typed === (search.q ?? '')) return undefined;
    const timer = setTimeout(() => void navigate({ to: '.', search: { ...search, q: typed || undefined } as never, replace: true }), 250);
    return () => clearTimeout(timer);
  }, [typed, search, navigate]);
  return [typed, search.q ?? '', setTyped];
}

interface Props<T> {
  path: string;
  label: string;
  head: ReactNode;
  row: (item: T) => ReactNode;
  empty: ReactNode;
  searchable?: boolean;
}

export function ListTable<T extends { status: string; id: string }>({ path, label, head, row, empty, searchable = true }: Props<T>) {
  const [typed, search, setTyped] = useSearchText();
  const pages = usePages<T>(path, search);
  if (pages.isPending) return <Skeleton height={280} />;
  if (!pages.data) return <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />;
  const items = pages.data.pages.flatMap((page) => page.items);
  if (items.length === 0 && search === '') return <>{empty}</>;
  return (
    <div className="stack">
      {searchable && (items.length > 5 || search !== '' || typed !== '') && (
        <TextInput type="search" aria-label={t('list.search')} placeholder={t('list.search')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} style={{ maxWidth: 320 }} />
      )}
      {items.length === 0 ? (
        <Empty action={<Button variant="default" onClick={() => setTyped('')}>{t('list.clear')}</Button>}>{t('list.none', { search })}</Empty>
      ) : (
        <div className="panel flush">
          <table className="cards" aria-label={label}>
            <thead><tr>{head}</tr></thead>
            <tbody>{items.map((item) => row(item))}</tbody>
          </table>
        </div>
      )}
      {pages.hasNextPage && <div><Button variant="default" loading={pages.isFetchingNextPage} onClick={() => void pages.fetchNextPage()}>{t('list.more')}</Button></div>}
    </div>
  );
}
