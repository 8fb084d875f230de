// @vitest-environment node
// What is known of a job while its news come two ways at once.
import { afterEach, describe, expect, it, vi } from 'vitest';
import { isOver, jobQuery, queryClient } from '../src/api/queries';
import type { Job } from '../src/api/types';

const job = (status: Job['status']) => ({ id: 'one', status }) as Job;
const answersWith = (own: Job) => vi.stubGlobal('fetch', () => Promise.resolve(new Response(JSON.stringify(own), { headers: { 'content-type': 'application/json' } })));

afterEach(() => {
  vi.unstubAllGlobals();
  queryClient.clear();
});

describe('a job', () => {
  it('stays over when an older answer comes late', async () => {
    answersWith(job('running'));
    const asked = queryClient.fetchQuery(jobQuery('one'));
    queryClient.setQueryData(jobQuery('one').queryKey, job('done'));
    expect((await asked).status).toBe('done');
    expect(isOver(queryClient.getQueryData(jobQuery('one').queryKey))).toBe(true);
  });
  it('is otherwise what was answered last', async () => {
    queryClient.setQueryData(jobQuery('one').queryKey, job('queued'));
    answersWith(job('running'));
    expect((await queryClient.fetchQuery({ ...jobQuery('one'), staleTime: 0 })).status).toBe('running');
    answersWith(job('cancelled'));
    expect((await queryClient.fetchQuery({ ...jobQuery('one'), staleTime: 0 })).status).toBe('cancelled');
  });
});
