// What the pages ask for, once each: the key under which an answer is kept, and the call.
import { QueryClient, queryOptions } from '@tanstack/react-query';
import { get } from './client';
import { Problem } from './problem';
import type {
  Account, Algorithm, Dataset, DigitModel, DigitsStatus, Job, Model, Page, Profile, PublicSettings, Report, Rows, Sample, ServerSettings, Setup, Statistics, User,
} from './types';

export const queryClient = new QueryClient({
  defaultOptions: {
    // The server may run on this machine or next door: whether the browser sees a network says nothing of it.
    mutations: { networkMode: 'always' },
    queries: {
      networkMode: 'always',
      staleTime: 5_000,
      // A refusal stays a refusal; only a server in trouble or a lost connection is worth asking again.
      retry: (count, error) => error instanceof Problem && (error.status === 0 || error.status >= 500) && count < 2,
    },
  },
});

const forever = Number.POSITIVE_INFINITY;

export const setupQuery = queryOptions({ queryKey: ['setup'], queryFn: () => get<Setup>('/setup', { renew: false }) });
export const settingsQuery = queryOptions({ queryKey: ['settings'], queryFn: () => get<PublicSettings>('/settings/public', { renew: false }), staleTime: 60_000 });
export const meQuery = queryOptions({ queryKey: ['me'], queryFn: () => get<User>('/me'), staleTime: 15_000 });

export interface ListFilter {
  search?: string;
  limit?: number;
  cursor?: string;
  status?: string;
  dataset_id?: string;
  whose?: string;
}

export const datasetsQuery = (filter: ListFilter = {}) =>
  queryOptions({
    queryKey: ['datasets', filter],
    queryFn: () => get<Page<Dataset>>('/datasets', { query: { limit: 50, ...filter } }),
    refetchInterval: (query) => (query.state.data?.items.some((item) => item.status === 'profiling') ? 1500 : false),
  });
export const datasetQuery = (id: string) =>
  queryOptions({
    queryKey: ['dataset', id],
    queryFn: () => get<Dataset>(`/datasets/${id}`),
    refetchInterval: (query) => (query.state.data?.status === 'profiling' ? 600 : false),
  });
/** Each reading of the file has a profile of its own. */
export const profileQuery = (id: string, target?: string | null, revision?: number) =>
  queryOptions({
    queryKey: ['profile', id, target ?? null, revision ?? null],
    queryFn: () => get<Profile>(`/datasets/${id}/profile`, { query: { target } }),
    staleTime: 300_000,
    placeholderData: (before) => before,
  });
export const rowsQuery = (id: string, offset: number, limit: number, wanted: Partial<Record<'sort' | 'order' | 'column' | 'operator' | 'value', string>> = {}) =>
  queryOptions({
    queryKey: ['rows', id, offset, limit, wanted],
    queryFn: () => get<Rows>(`/datasets/${id}/rows`, { query: { offset, limit, ...wanted } }),
    staleTime: 300_000,
    placeholderData: (before) => before,
  });
export const samplesQuery = queryOptions({ queryKey: ['samples'], queryFn: () => get<{ items: Sample[] }>('/samples'), staleTime: forever });
export const algorithmsQuery = queryOptions({ queryKey: ['algorithms'], queryFn: () => get<{ items: Algorithm[] }>('/algorithms'), staleTime: forever });

const busy = new Set(['queued', 'training', 'running']);

export const modelsQuery = (filter: ListFilter = {}) =>
  queryOptions({
    queryKey: ['models', filter],
    queryFn: () => get<Page<Model>>('/models', { query: { limit: 50, ...filter } }),
    refetchInterval: (query) => (query.state.data?.items.some((item) => busy.has(item.status)) ? 2000 : false),
  });
export const modelQuery = (id: string) =>
  queryOptions({
    queryKey: ['model', id],
    queryFn: () => get<Model>(`/models/${id}`),
    refetchInterval: (query) => (query.state.data && busy.has(query.state.data.status) ? 1500 : false),
  });
export const reportQuery = (id: string) => queryOptions({ queryKey: ['report', id], queryFn: () => get<Report>(`/models/${id}/report`), staleTime: 300_000 });
export const jobsQuery = (filter: ListFilter = {}) =>
  queryOptions({
    queryKey: ['jobs', filter],
    queryFn: () => get<Page<Job>>('/jobs', { query: { limit: 50, ...filter } }),
    refetchInterval: (query) => (query.state.data?.items.some((item) => busy.has(item.status)) ? 2000 : false),
  });
export function isOver(job: Job | undefined): boolean {
  return job?.status === 'done' || job?.status === 'failed' || job?.status === 'cancelled';
}

/** A job is over once and for all: an answer that was on its way while it ended is older than what is known. */
export const jobQuery = (id: string) => queryOptions({
  queryKey: ['job', id],
  queryFn: async ({ client, queryKey }) => {
    const job = await get<Job>(`/jobs/${id}`);
    const known = client.getQueryData<Job>(queryKey);
    return known && isOver(known) && !isOver(job) ? known : job;
  },
});

export const accountQuery = (id: string) => queryOptions({ queryKey: ['account', id], queryFn: () => get<Account>(`/admin/users/${id}`) });
export const statisticsQuery = queryOptions({ queryKey: ['statistics'], queryFn: () => get<Statistics>('/admin/stats'), refetchInterval: 30_000 });
export const serverSettingsQuery = queryOptions({ queryKey: ['server-settings'], queryFn: () => get<ServerSettings>('/admin/settings') });

/** As many of each as Home lists. */
export const HOME = { datasets: 5, models: 5, jobs: 10 };

/** Asked again while the first model learns. */
export const digitsQuery = queryOptions({
  queryKey: ['digits', 'status'],
  queryFn: () => get<DigitsStatus>('/digits', { renew: false }),
  staleTime: 60_000,
  refetchInterval: (query) => (query.state.data?.status === 'preparing' ? 2000 : false),
});
export const digitModelsQuery = queryOptions({
  queryKey: ['digits', 'models'],
  queryFn: () => get<{ items: DigitModel[] }>('/admin/digits/models'),
  refetchInterval: (query) => (query.state.data?.items.some((item) => busy.has(item.status)) ? 2000 : false),
});
