// Rows taken evenly over a table, read once for all plots that need rows and not only what is known of each column.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Rows, SomeRows } from '../../api/types';
import { AT_ONCE, places } from './split';

export function useSpread(id: string, total: number) {
  return useQuery({
    queryKey: ['rows', id, 'spread'],
    queryFn: async (): Promise<SomeRows> => {
      const parts = await Promise.all(places(total).map((offset) => get<Rows>(`/datasets/${id}/rows`, { query: { offset, limit: AT_ONCE } })));
      return { columns: parts[0]?.columns ?? [], rows: parts.flatMap((part) => part.rows) };
    },
    staleTime: 300_000,
  });
}

/** Some columns of the rows, in the order asked for. */
export function only(rows: SomeRows, names: string[]): SomeRows {
  const at = names.map((name) => rows.columns.findIndex((column) => column.name === name)).filter((place) => place >= 0);
  return { columns: at.flatMap((place) => rows.columns[place] ?? []), rows: rows.rows.map((row) => at.map((place) => row[place] ?? null)) };
}
