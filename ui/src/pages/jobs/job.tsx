// A job under way: its stations, the contenders as they come in, and what came of it. Opens the model by
// itself when the training was watched from its start.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useParams, useSearch } from '@tanstack/react-router';
import { useEffect, useRef, useState } from 'react';
import { post } from '../../api/client';
import { useJob } from '../../api/events';
import { isOver, jobQuery, queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { ago, duration } from '../../app/format';
import { useGo } from '../../app/link';
import { t, tMaybe } from '../../app/t';
import { Confirm } from '../../design/later';
import { Chip, ErrorPanel, Head, Panel, Skeleton, type Station } from '../../design/parts';
import { Contenders, isBaseline } from './contenders';
import { Line } from './line';
import { jobSeconds } from './list';
import { useJobNames } from './names';
import { addressOf, jobTitle } from './words';
import { watchFromAfar } from './watch';

export function JobPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  return <Live key={id} id={id} />;
}

function Live({ id }: { id: string }) {
  const go = useGo();
  const search = useSearch({ strict: false }) as { follow?: string };
  const query = useJob(id);
  const job = query.data;
  const nameOf = useJobNames();
  const [stopping, setStopping] = useState(false);
  const keep = useMutation({
    mutationFn: () => post<Job>(`/jobs/${id}/stop`),
    onSuccess: (changed) => {
      queryClient.setQueryData(jobQuery(id).queryKey, changed);
      setStopping(false);
    },
  });
  const wasRunning = useRef(search.follow !== undefined);
  const latest = useRef<Job | undefined>(undefined);
  latest.current = job;

  useEffect(() => {
    if (!job) return;
    if (!isOver(job)) wasRunning.current = true;
    else if (job.status === 'done' && wasRunning.current && job.result) void go(addressOf(job.result), { replace: true });
  }, [job, go]);
  // Whoever leaves while it runs is told when it is done.
  useEffect(() => () => {
    if (latest.current && !isOver(latest.current)) watchFromAfar(latest.current);
  }, []);

  if (query.error && !job) return <><h1 className="hidden">{t('jobs.title')}</h1><ErrorPanel error={query.error} onRetry={() => void query.refetch()} /></>;
  if (!job) return <Skeleton height={420} />;
  const running = !isOver(job);
  const stage = job.progress.stage;
  const title = running ? t('job.progressTitle', { stage: tMaybe(`job.stage.${stage}`, stage), name: jobTitle(job) }) : jobTitle(job);
  const state = running ? 'running' : (job.status as 'done' | 'failed' | 'cancelled');
  const seconds = jobSeconds(job);
  const name = nameOf(job);
  return (
    <>
      <Head
        title={title}
        heading={t(`job.head.${state}`)}
        at={AT[job.kind] ?? 'train'}
        lead={
          <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
            {name ? t('job.of', { kind: jobTitle(job), name }) : jobTitle(job)}
            <span className="small">{seconds === null ? t('job.started', { ago: ago(job.started_at ?? job.created_at) }) : t('job.took', { time: duration(seconds) })}</span>
            {job.attempt > 1 && <Chip tone="signal">{t('job.attempt', { attempt: job.attempt, most: job.max_attempts ?? 3 })}</Chip>}
          </span>
        }
        actions={
          running && job.cancelable !== false ? <Button variant="default" onClick={() => setStopping(true)}>{t('job.stop')}</Button>
          : job.result ? <Button size="md" onClick={() => job.result && void go(addressOf(job.result))}>{t(OPEN[job.result.kind])}</Button>
          : undefined
        }
      />
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <Panel>
          <Line job={job} />
          <p className="soft" role="status" style={{ marginBlockStart: 12 }}>{sentence(job)}</p>
        </Panel>
        {query.error && running && (
          <div className="notice stack" role="alert" style={{ '--gap': '8px' } as React.CSSProperties}>
            <h2>{t('job.lost')}</h2>
            <p>{t('job.lostText')}</p>
          </div>
        )}
        {job.status === 'failed' && (
          <div className="notice stop stack" role="alert" style={{ '--gap': '8px' } as React.CSSProperties}>
            <h2>{t('job.failed')}</h2>
            <p>{job.error?.detail}</p>
            {job.kind !== 'profile' && <p className="small">{t('job.refunded')}</p>}
          </div>
        )}
        {MAKES.has(job.kind) && <Contenders list={job.progress.contenders} going={running} />}
      </div>
      {stopping && running && (
        <Confirm
          title={t('job.stopTitle')}
          action={t('job.stopGo')}
          onClose={() => setStopping(false)}
          onConfirm={async () => {
            queryClient.setQueryData(jobQuery(id).queryKey, await post<Job>(`/jobs/${id}/cancel`));
            setStopping(false);
          }}
        >
          <p>{t('job.stopText')}</p>
          {looks(job) && (
            <div className="stack" style={{ marginBlockStart: 12, alignItems: 'flex-start' }}>
              <p>{t('job.keepText')}</p>
              <Button variant="default" loading={keep.isPending} onClick={() => keep.mutate()}>{t('job.keep')}</Button>
              {keep.error && <ErrorPanel error={keep.error} />}
            </div>
          )}
        </Confirm>
      )}
    </>
  );
}

/** Where on the way from a file to an answer a job lies. */
const AT: Partial<Record<Job['kind'], Station>> = { profile: 'look', check: 'judge', batch: 'predict' };
/** Those that have contenders. */
const MAKES = new Set<Job['kind']>(['train', 'compare', 'study']);
const OPEN = { model: 'job.openModel', dataset: 'job.openData', study: 'job.openStudy', comparison: 'job.openComparison', batch: 'job.openBatch' } as const;

/** Whether it looks for something, and so has a best so far that can be kept. */
function looks(job: Job): boolean {
  return job.kind === 'study' || (job.kind === 'train' && job.progress.contenders.filter((one) => !isBaseline(one)).length > 1);
}

function sentence(job: Job): string {
  if (job.status === 'queued') return t('job.waiting');
  if (job.stopping && job.status === 'running') return t('job.keeping');
  if (job.status === 'cancelled') return t('job.cancelledText');
  if (job.status !== 'running') return t(`job.head.${job.status}`);
  const progress = job.progress;
  const learning = progress.contenders.find((one) => one.status === 'running');
  const stage = tMaybe(`job.stage.${progress.stage}`, progress.stage);
  const count = progress.of > 1 ? ` ${t('job.count', { done: progress.done, of: progress.of })}` : '';
  // The message is of the step begun last; while somebody learns, who that is says more.
  if (learning) return `${stage}${count}. ${t('job.learning', { title: learning.title })}`;
  return progress.message ? `${stage}${count} · ${progress.message}` : `${stage}${count}`;
}
