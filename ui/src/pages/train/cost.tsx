// What a training would take on this server, asked without beginning it: shown beside the button before anything is paid.
import { useDebouncedValue } from '@mantine/hooks';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Estimate, TrainRequest } from '../../api/types';
import { bytes, duration } from '../../app/format';
import { t } from '../../app/t';

/** Of several trainings one after another: their times together, the memory of the largest. */
export function together(estimates: Pick<Estimate, 'seconds' | 'bytes'>[]): { seconds: number; bytes: number } {
  return { seconds: estimates.reduce((sum, one) => sum + one.seconds, 0), bytes: Math.max(0, ...estimates.map((one) => one.bytes)) };
}

/** "About 4 s": no more digits than an estimate has. */
export function about(seconds: number): string {
  if (seconds < 1) return t('time.second');
  if (seconds < 90) return duration(seconds < 10 ? Math.round(seconds) : Math.round(seconds / 5) * 5).replace('.0', '');
  const minutes = Math.round(seconds / 60);
  return minutes < 90 ? t('time.minutes', { count: minutes }) : t('time.hours', { count: Math.round(minutes / 60) });
}

export function Cost({ requests }: { requests: TrainRequest[] }) {
  const [asked] = useDebouncedValue(JSON.stringify(requests), 400);
  const estimate = useQuery({
    queryKey: ['estimate', asked],
    queryFn: async () => together(await Promise.all((JSON.parse(asked) as TrainRequest[]).map((request) => post<Estimate>('/models', request, { query: { dry_run: true } })))),
    enabled: requests.length > 0,
    staleTime: 60_000,
    placeholderData: keepPreviousData,
  });
  if (requests.length === 0) return null;
  return (
    <span className="small soft num" role="status">
      {estimate.error ? <span style={{ color: 'var(--signal)' }}>{asProblem(estimate.error).message}</span> : estimate.data ? t('train.estimate', { time: about(estimate.data.seconds), memory: estimate.data.bytes < 1_000_000 ? t('train.littleMemory') : bytes(estimate.data.bytes) }) : t('train.estimating')}
    </span>
  );
}
