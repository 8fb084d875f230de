// How a job, and anything with a state, is named.
import type { Job, JobResult } from '../../api/types';
import { t, tMaybe } from '../../app/t';
import { Chip, type Tone } from '../../design/parts';

const TONES: Record<string, Tone> = { queued: 'signal', running: 'signal', training: 'signal', profiling: 'signal', done: 'engine', ready: 'engine', failed: 'stop' };

export function StatusChip({ status }: { status: string }) {
  const word = status === 'profiling' ? t('data.status.profiling') : tMaybe(`job.status.${status}`, status);
  return <Chip tone={TONES[status] ?? ''}>{word}</Chip>;
}

/** Where what a job made can be looked at. */
export function addressOf(result: JobResult): string {
  const pages = { model: 'models', dataset: 'data', comparison: 'comparisons', study: 'studies', batch: 'batches' } as const;
  return `/${pages[result.kind] ?? 'jobs'}/${result.id}`;
}

export function jobTitle(job: Pick<Job, 'kind'>): string {
  return tMaybe(`job.${job.kind}`, t('job.other', { kind: job.kind }));
}
