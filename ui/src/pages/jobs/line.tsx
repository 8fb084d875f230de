// The stations of a job as a transit line: behind us green, here a ring, ahead grey.
import type { Job } from '../../api/types';
import { t } from '../../app/t';
import './jobs.css';

const TRAIN = ['queued', 'reading', 'preparing', 'training', 'testing', 'saving'] as const;
const ANSWER = ['queued', 'reading', 'predicting', 'saving'] as const;
const READ = ['queued', 'reading', 'preparing', 'saving'] as const;

export function Line({ job }: { job: Job }) {
  const stations: readonly string[] = job.kind === 'profile' ? READ : job.kind === 'batch' ? ANSWER : TRAIN;
  const done = job.status === 'done';
  const here = done ? stations.length : Math.max(0, stations.indexOf(job.status === 'queued' ? 'queued' : job.progress.stage));
  const stopped = job.status === 'failed' || job.status === 'cancelled';
  const progress = job.progress;
  return (
    <ol className={`line-map ${stopped ? 'stopped' : ''}`} aria-label={t('job.stations')}>
      {stations.map((station, index) => {
        const state = index < here ? 'past' : index === here ? 'here' : 'ahead';
        const part = state === 'here' && progress.of > 0 ? Math.min(1, progress.done / progress.of) : 0;
        return (
          <li key={station} className={state} aria-current={state === 'here' ? 'step' : undefined}>
            <span className="track"><i style={{ width: state === 'past' ? '100%' : `${part * 100}%` }} /></span>
            <span className="stop-mark" />
            <span className="name">
              {t(`job.stage.${station}` as 'job.stage.queued')}
              {state === 'past' && <span className="hidden"> {t('job.past')}</span>}
              {state === 'here' && (station === 'training' || station === 'predicting') && progress.of > 1 && !done && <span className="tiny num"> {t('job.count', { done: progress.done, of: progress.of })}</span>}
            </span>
          </li>
        );
      })}
    </ol>
  );
}
