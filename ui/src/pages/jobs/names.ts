// What a job works on, in the names people gave: the server's job says only its kind.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import { datasetsQuery, modelsQuery } from '../../api/queries';
import type { Batch, Job, Page, Study } from '../../api/types';

/** Gives the name of what a job makes; nothing when that is gone, or older than the newest of its list. */
export function useJobNames(): (job: Pick<Job, 'id'>) => string | undefined {
  const models = useQuery(modelsQuery());
  const datasets = useQuery(datasetsQuery());
  const studies = useQuery({ queryKey: ['studies', 'names'], queryFn: () => get<Page<Study>>('/studies', { query: { limit: 50 } }), staleTime: 15_000 });
  const batches = useQuery({ queryKey: ['batch-predictions', 'names'], queryFn: () => get<Page<Batch>>('/batch-predictions', { query: { limit: 50 } }), staleTime: 15_000 });
  return (job) => models.data?.items.find((one) => one.job_id === job.id)?.name ?? datasets.data?.items.find((one) => one.job_id === job.id)?.name ?? studies.data?.items.find((one) => one.job_id === job.id)?.name ?? batches.data?.items.find((one) => one.job.id === job.id)?.file_name;
}
