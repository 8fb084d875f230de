// What a file holds, as far as a part of it tells before it is sent: texts and small files by their beginning, Parquet of any
// size by its end, where its directory stands. Only a large workbook has to be there whole.
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Preview, ReadSettings } from '../../api/types';

/** As much of a file as a preview reads. */
export const HEAD_BYTES = 4_000_000;
/** Nearly every directory of a Parquet file fits into this; those of thousands of columns need more. */
const TAIL_BYTES = 1_000_000;

export type Part = 'begin' | 'end';

/** Which part of a file is looked at; nothing where a part is of no use. */
export function partOf(file: Pick<File, 'name' | 'size'>): Part | null {
  if (/\.zip$/i.test(file.name) || file.size === 0) return null;
  if (file.size <= HEAD_BYTES) return 'begin';
  if (/\.parquet$/i.test(file.name)) return 'end';
  return /\.xlsx$/i.test(file.name) ? null : 'begin';
}

/** What was chosen of how a file is read; the rest is found by looking. */
export type Chosen = Partial<ReadSettings>;

async function look(file: File, part: Part, chosen: Chosen, signal: AbortSignal): Promise<Preview> {
  const ask = (bytes: Blob) => post<Preview>('/datasets/preview', bytes, { query: { file_name: file.name, ...chosen, part: part === 'end' ? part : undefined }, signal });
  if (part === 'begin') return ask(file.slice(0, HEAD_BYTES));
  try {
    return await ask(file.slice(-TAIL_BYTES));
  } catch (error) {
    if (asProblem(error).code !== 'unreadable_file') throw error;
    return ask(file.slice(-HEAD_BYTES));
  }
}

export function useBeginning(file: File, chosen: Chosen, wanted: boolean) {
  const part = partOf(file);
  return useQuery({
    queryKey: ['preview', file.name, file.size, file.lastModified, chosen],
    queryFn: ({ signal }) => look(file, part ?? 'begin', chosen, signal),
    enabled: wanted && part !== null,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: 0,
    retry: false,
    // While another sheet is read, or with another separator, what was found before stays.
    placeholderData: keepPreviousData,
  });
}
