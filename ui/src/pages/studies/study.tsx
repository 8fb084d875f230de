// One search for better settings: as it runs, what it tried, and what becomes of the best.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { post, remove } from '../../api/client';
import { useJob } from '../../api/events';
import { isOver, queryClient } from '../../api/queries';
import type { Study, Trial } from '../../api/types';
import { setting } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { useMay } from '../../app/rights';
import { t, tMaybe } from '../../app/t';
import { toast } from '../../app/toast';
import { Tries } from '../../charts/tries';
import { Confirm } from '../../design/later';
import { Chip, ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { LOWER_IS_BETTER, metricName } from '../jobs/contenders';
import { exactValue, metricValue } from '../models/words';
import { encode, type TrainSettings } from '../train/settings';
import { Decide } from './decide';
import { StudyChip } from './list';
import { isGoing, studyQuery, trialsQuery } from './load';
import { TrialTable } from './trials';

export function StudyPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const study = useQuery(studyQuery(id));
  if (study.isPending) return <Skeleton height={420} />;
  if (!study.data) return <><h1 className="hidden">{t('studies.title')}</h1><ErrorPanel error={study.error} onRetry={() => void study.refetch()} /></>;
  return <One study={study.data} />;
}

/** The address with which the same search can be begun again. */
export function again(study: Pick<Study, 'request' | 'name'>): string {
  const said = study.request as { target?: string; algorithm?: string; metric?: string | null; positive_class?: string | null; params?: object; features?: string[] | null; test_size?: number; seed?: number; search?: { method?: string; trials?: number; folds?: number; seconds?: number | null; space?: object | null } };
  return encode({
    target: said.target ?? '', algorithm: said.algorithm ?? '', metric: said.metric ?? '', positive: said.positive_class ?? '', params: said.params ?? {}, only: said.features ?? [],
    test: Math.round((said.test_size ?? 0.2) * 100), seed: said.seed ?? 42, tune: said.search?.method ?? 'bayesian', trials: said.search?.trials ?? 40, inner: said.search?.folds ?? 3, seconds: Math.round(said.search?.seconds ?? 0), space: said.search?.space ?? {}, name: study.name,
  } as Partial<TrainSettings>);
}

function One({ study }: { study: Study }) {
  const go = useGo();
  const mayMake = useMay('make');
  const trials = useQuery(trialsQuery(study.id));
  const [deleting, setDeleting] = useState(false);
  const going = isGoing(study);
  // Until the first try is judged, what was asked for has to do.
  const metric = study.metric ?? (study.request as { metric?: string | null }).metric ?? null;
  const higher = study.best?.higher_is_better ?? (metric === null || !LOWER_IS_BETTER.has(metric));
  const items = trials.data?.items ?? [];
  const stop = useMutation({
    mutationFn: () => post<Study>(`/studies/${study.id}/stop`),
    onSuccess: (changed) => {
      queryClient.setQueryData(studyQuery(study.id).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ['me'] });
    },
  });
  return (
    <>
      <Head
        title={study.name}
        at={going ? 'train' : 'judge'}
        lead={
          <>
            {study.verdict ?? t('study.lead', { algorithm: study.algorithm.replaceAll('_', ' '), target: study.target })}
            <span className="row small" style={{ '--gap': '8px', marginBlockStart: 10 } as React.CSSProperties}>
              <StudyChip status={study.status} />
              <Chip>{study.algorithm.replaceAll('_', ' ')}</Chip>
              <Chip>{t(`study.method.${study.method}`)}</Chip>
              {study.dataset_id ? <Link to={`/data/${study.dataset_id}`} className="few">{study.dataset_name}</Link> : <span className="few">{study.dataset_name}</span>}
            </span>
          </>
        }
        actions={going && mayMake ? <Button variant="default" loading={stop.isPending} disabled={stop.isSuccess} onClick={() => stop.mutate()}>{t('study.stop')}</Button> : undefined}
      />
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        {stop.error && <ErrorPanel error={stop.error} />}
        {going && study.job_id && <Running id={study.job_id} study={study} tried={items.length} stopping={stop.isSuccess} />}
        {study.status === 'failed' && <div className="notice stop" role="alert"><h2>{t('job.failed')}</h2><p>{study.error?.detail}</p><p className="small">{t('job.refunded')}</p></div>}
        {study.status === 'cancelled' && <p className="notice">{t('study.cancelled')}</p>}
        {!going && <Decide study={study} />}
        {study.best && <Best study={study} trials={items} metric={metric} />}
        {trials.error && !trials.data ? <ErrorPanel error={trials.error} onRetry={() => void trials.refetch()} /> : items.length > 0 && (
          <>
            <div className="panel">
              <Tries title={findingOf(items, study, metric)} tries={items.map((one) => ({ number: one.number, score: one.score ?? null, pruned: one.pruned }))} higher={higher} metric={metricName(metric)} baseline={study.best?.baseline ?? null} format={(value) => metricValue(metric ?? '', value)} />
            </div>
            <TrialTable trials={items} metric={metric} higher={higher} best={study.best?.number} />
          </>
        )}
        {mayMake && (
          <div className="row">
            {!going && study.dataset_id && <Button variant="default" onClick={() => void go(`/data/${study.dataset_id}/train?${again(study)}`)}>{t('study.again')}</Button>}
            <Button variant="default" style={{ color: 'var(--stop)' }} onClick={() => setDeleting(true)}>{t('study.delete')}</Button>
          </div>
        )}
      </div>
      {deleting && (
        <Confirm
          title={t('study.deleteTitle', { name: study.name })} action={t('action.delete')} onClose={() => setDeleting(false)}
          onConfirm={async () => {
            await remove(`/studies/${study.id}`);
            // A list that still shows it would lead nowhere.
            queryClient.removeQueries({ queryKey: ['studies'], type: 'inactive' });
            for (const key of ['me', 'jobs']) void queryClient.invalidateQueries({ queryKey: [key] });
            await go('/studies', { replace: true });
            toast(t('study.deleted'));
          }}
        >
          <p>{t('study.deleteText')}</p>
        </Confirm>
      )}
    </>
  );
}

/** What the search has gained, against the setting everybody begins with, which is tried first. */
export function findingOf(trials: Trial[], study: Pick<Study, 'best'>, metric: string | null): string {
  const first = trials[0];
  const best = study.best;
  if (!best || best.score === null || best.score === undefined || !first) return t('study.chart');
  if (Object.keys(first.params).length > 0 || first.score === null || first.score === undefined) return t('study.chart.best', { metric: metricName(metric), best: exactValue(metric, best.score), at: best.number + 1 });
  if (best.number === first.number) return t('study.chart.same', { metric: metricName(metric) });
  return t('study.chart.gain', { metric: metricName(metric), from: exactValue(metric, first.score), to: exactValue(metric, best.score) });
}

/** Follows the job while it tries; each step of it means that there is more to read. */
function Running({ id, study, tried, stopping }: { id: string; study: Study; tried: number; stopping: boolean }) {
  const job = useJob(id).data;
  const done = job?.progress.done ?? 0;
  const over = isOver(job);
  useEffect(() => {
    void queryClient.invalidateQueries({ queryKey: ['trials', study.id] });
    if (over) void queryClient.invalidateQueries({ queryKey: ['study', study.id] });
  }, [done, over, study.id]);
  const planned = study.method === 'grid' ? null : ((study.request as { search?: { trials?: number } }).search?.trials ?? null);
  const of = job?.progress.of ?? 0;
  const share = of > 0 ? Math.min(1, done / of) : 0;
  return (
    <Panel title={t('study.running')}>
      <div className="stack" style={{ '--gap': '10px' } as React.CSSProperties}>
        <div className="meter" role="progressbar" aria-label={t('study.running')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>
        <p className="soft num" role="status">
          {study.status === 'queued' ? t('study.waiting') : planned === null ? t('study.progressOpen', { count: tried }) : t('study.progress', { count: tried, of: planned })}
          {stopping || job?.stopping ? ` ${t('study.stopping')}` : job?.progress.message ? ` ${tMaybe(`job.stage.${job.progress.stage}`, job.progress.stage)} · ${job.progress.message}` : ''}
        </p>
      </div>
    </Panel>
  );
}

function Best({ study, trials, metric }: { study: Study; trials: Trial[]; metric: string | null }) {
  const best = study.best;
  if (!best) return null;
  const params = Object.entries(best.params);
  const usual = trials[0] && Object.keys(trials[0].params).length === 0 ? trials[0].score : null;
  return (
    <Panel title={t('study.bestTitle')}>
      <div className="stack">
        <p><b className="num" style={{ fontSize: 30, lineHeight: 1.2 }}>{exactValue(metric, best.score)}</b> <span className="soft">{t('study.score', { metric: metricName(metric) })}</span><br /><span className="small soft num">{[usual === null || usual === undefined ? null : t('study.usual', { value: exactValue(metric, usual) }), t('study.guessing', { value: exactValue(metric, best.baseline) })].filter(Boolean).join(' · ')}</span></p>
        {params.length === 0 ? <p className="soft">{t('study.defaults')}</p> : <dl className="facts mono">{params.map(([name, value]) => <div key={name} style={{ display: 'contents' }}><dt>{name}</dt><dd>{setting(value, t('settings.none'))}</dd></div>)}</dl>}
        {study.stopped && <p className="small soft">{tMaybe(`study.stopped.${study.stopped}`, study.stopped)}</p>}
      </div>
    </Panel>
  );
}
