// Studies and their trials as the server has them.
import { queryOptions } from '@tanstack/react-query';
import { get } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Page, Study, Trial } from '../../api/types';

const PAGE = 200;

export const isGoing = (study: Pick<Study, 'status'> | undefined) => study?.status === 'queued' || study?.status === 'running';

export const studyQuery = (id: string) =>
  queryOptions({
    queryKey: ['study', id],
    queryFn: () => get<Study>(`/studies/${id}`),
    // The job's events say when there is more; this is for when they do not come.
    refetchInterval: (query) => (isGoing(query.state.data) ? 4000 : false),
  });

interface Loaded {
  items: Trial[];
  /** Where the last page began: it may have grown since, the pages before it have not. */
  cursor: string | null;
  kept: number;
}

/** Every trial, in the order tried. What was read before is not read again, but for its last page. */
export const trialsQuery = (id: string) =>
  queryOptions({
    queryKey: ['trials', id],
    queryFn: async ({ signal }): Promise<Loaded> => {
      const before = queryClient.getQueryData<Loaded>(['trials', id]);
      let cursor = before?.cursor ?? null;
      const items = before ? before.items.slice(0, before.kept) : [];
      for (;;) {
        const page = await get<Page<Trial>>(`/studies/${id}/trials`, { query: { limit: PAGE, cursor }, signal });
        const kept = items.length;
        items.push(...page.items);
        if (!page.next_cursor) return { items, cursor, kept };
        cursor = page.next_cursor;
      }
    },
  });
