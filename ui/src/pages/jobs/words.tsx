// How a job, and anything with a state, is named.
import type { Job } from '../../api/types';
import { t, tMaybe } from '../../app/t';
import { Chip, type Tone } from '../../design/parts';

const TONES: Record<string, Tone> = { queued: 'signal', running: 'signal', training: 'signal', profiling: 'signal', done: 'engine', ready: 'engine', failed: 'stop' };

export function StatusChip({ status }: { status: string }) {
  const word = status === 'profiling' ? t('data.status.profiling') : tMaybe(`job.status.${status}`, status);
  return <Chip tone={TONES[status] ?? ''}>{word}</Chip>;
}

export function jobTitle(job: Pick<Job, 'kind'>): string {
  return tMaybe(`job.${job.kind}`, t('job.other', { kind: job.kind }));
}
