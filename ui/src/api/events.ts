// Follows a job: the server's events while they come, asking every two seconds when they do not. A stream may also fall
// silent without breaking, so that it is asked now and then in any case.
import { useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { address, get } from './client';
import { isOver, jobQuery, queryClient } from './queries';
import type { Job } from './types';

const WITHOUT_EVENTS = 2_000;
const BESIDE_EVENTS = 10_000;

/** The newest state of a job. Other pages' answers about what it made are forgotten when it ends. */
export function useJob(id: string) {
  const [streaming, setStreaming] = useState(true);
  const query = useQuery({
    ...jobQuery(id),
    refetchInterval: (state) => (isOver(state.state.data) ? false : streaming ? BESIDE_EVENTS : WITHOUT_EVENTS),
  });
  const over = isOver(query.data);

  useEffect(() => {
    if (over) return undefined;
    if (typeof EventSource === 'undefined') {
      setStreaming(false);
      return undefined;
    }
    const source = new EventSource(address(`/jobs/${id}/events`));
    const onJob = (event: MessageEvent<string>) => {
      const job = JSON.parse(event.data) as Job;
      setStreaming(true);
      queryClient.setQueryData(jobQuery(id).queryKey, job);
      if (isOver(job)) source.close();
    };
    source.addEventListener('job', onJob);
    source.onerror = () => {
      // The stream also ends like this when the job is over; one question settles which it was.
      source.close();
      setStreaming(false);
      void get<Job>(`/jobs/${id}`).then(
        (job) => queryClient.setQueryData(jobQuery(id).queryKey, job),
        () => undefined,
      );
    };
    return () => source.close();
  }, [id, over]);

  useEffect(() => {
    if (!over) return;
    for (const key of ['models', 'model', 'datasets', 'dataset', 'studies', 'study', 'comparison', 'batch-predictions', 'batch', 'jobs', 'me', 'tokens']) {
      void queryClient.invalidateQueries({ queryKey: [key] });
    }
  }, [over]);

  return query;
}
