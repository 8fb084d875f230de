// Reads an upload again with other kinds of columns, another separator or another sheet. Small files are read while one waits;
// of large ones the job is shown.
import { useMutation } from '@tanstack/react-query';
import { post } from '../../api/client';
import { datasetQuery, queryClient } from '../../api/queries';
import type { Dataset, ReadAgain } from '../../api/types';
import { useGo } from '../../app/link';
import { t } from '../../app/t';
import { toast } from '../../app/toast';

/** As long as one looks at a button that turns. */
const WAIT_SECONDS = 10;

/** The job behind the address the server gives. */
export function jobIn(location: string | null): string | null {
  return /\/jobs\/([^/?#]+)/.exec(location ?? '')?.[1] ?? null;
}

export function useReadAgain(dataset: Dataset, onDone: () => void) {
  const go = useGo();
  return useMutation({
    mutationFn: async (changes: ReadAgain) => {
      let location: string | null = null;
      const made = await post<Dataset>(`/datasets/${dataset.id}/schema`, changes, { headers: { Prefer: `wait=${WAIT_SECONDS}` }, onLocation: (address) => { location = address; } });
      return { made, job: jobIn(location) };
    },
    onSuccess: async ({ made, job }) => {
      queryClient.setQueryData(datasetQuery(dataset.id).queryKey, made);
      const done = made.status === 'ready' && made.revision !== dataset.revision;
      // What was known of columns that may be gone is not asked for again; the page asks anew with the new reading.
      for (const key of ['profile', 'rows', 'schema']) void queryClient.invalidateQueries({ queryKey: [key, dataset.id], refetchType: 'none' });
      for (const key of ['datasets', 'jobs']) void queryClient.invalidateQueries({ queryKey: [key] });
      onDone();
      if (done) toast(t('again.done', { name: dataset.name }));
      else if (made.status === 'ready' && job) void go(`/jobs/${job}?follow=1`);
    },
  });
}
