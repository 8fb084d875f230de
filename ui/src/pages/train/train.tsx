// Train in three choices, all answered beforehand, with every other setting one press away.
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useMemo } from 'react';
import { post } from '../../api/client';
import { usePaid } from '../../api/paid';
import { algorithmsQuery, datasetQuery, meQuery, profileQuery, queryClient, settingsQuery } from '../../api/queries';
import { asProblem } from '../../api/problem';
import type { ColumnProfile, CompareAccepted, Dataset, Profile, StudyAccepted, TrainAccepted } from '../../api/types';
import { Contact } from '../../app/contact';
import { useGo } from '../../app/link';
import { noteBalance } from '../../app/session';
import { type Key, t } from '../../app/t';
import { type Choice, Choices } from '../../design/choices';
import { Chip, ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { classesOf, guessTarget, taskOf } from '../data/target';
import { useAhead } from './ahead';
import { AllSettings } from './all';
import { Cost } from './cost';
import { fitting, How, MOST_COMPARED, wayOf } from './how';
import { candidates, decode, defaultMetric, encode, narrowed, toComparison, toEstimate, toRequest, toStudy, type TrainSettings } from './settings';
import './train.css';

export function Train() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const dataset = useQuery(datasetQuery(id));
  const ready = dataset.data?.status === 'ready';
  const profile = useQuery({ ...profileQuery(id, null, dataset.data?.revision), enabled: ready });
  const error = dataset.error ?? profile.error;
  if (error && !(dataset.data && profile.data)) return <><h1 className="hidden">{t('profile.train')}</h1><ErrorPanel error={error} onRetry={() => void dataset.refetch()} /></>;
  if (dataset.data && !ready) return <><Head title={t('train.title', { name: dataset.data.name })} at="train" /><p className="notice">{dataset.data.error?.detail ?? t('train.notReady')}</p></>;
  if (!dataset.data || !profile.data) return <Skeleton height={480} />;
  return <Form dataset={dataset.data} profile={profile.data} />;
}

function metricChoices(task: 'classification' | 'regression', target: ColumnProfile, positive: string): Choice<string>[] {
  const names = task === 'regression' ? ['mae', 'rmse'] : target.distinct === 2 ? ['accuracy', 'balanced_accuracy', 'recall', 'precision'] : ['accuracy', 'balanced_accuracy'];
  return names.map((name) => ({ value: name, label: t(`train.metric.${name}` as Key, { class: positive }), note: t(`train.metric.${name}Note` as Key, { class: positive }) }));
}

/** The class somebody would look for: the rarer of two. */
function rarer(column: ColumnProfile): string {
  const counts = (column.top ?? []).slice().sort((a, b) => a.count - b.count);
  return String(counts[0]?.value ?? classesOf(column)[1] ?? '');
}

/** What stands on the button: what is done, and what it costs. */
function goes(way: ReturnType<typeof wayOf>, price: number, left: number, count: number): string {
  if (way === 'several') return t('train.goCompare', { count, price, left });
  return way === 'tune' ? t('train.goTune', { price, left }) : t('train.go', { price, left });
}

function Form({ dataset, profile }: { dataset: Dataset; profile: Profile }) {
  const go = useGo();
  const [search, ask] = useAhead();
  const me = useQuery(meQuery);
  const prices = useQuery(settingsQuery);
  const algorithms = useQuery(algorithmsQuery);
  const settings = useMemo(() => {
    const read = decode(search);
    const known = profile.columns.some((column) => column.name === read.target) ? read : { ...read, target: guessTarget(profile) ?? '', only: [] };
    return narrowed(profile.columns, known);
  }, [search, profile]);
  const change = (part: Partial<TrainSettings>) => ask(encode({ ...settings, ...part }));
  const target = profile.columns.find((column) => column.name === settings.target);
  const task = target ? taskOf(target) : null;
  const classes = target ? classesOf(target) : [];
  const positive = settings.positive && classes.includes(settings.positive) ? settings.positive : target ? rarer(target) : '';
  const metrics = target && task ? metricChoices(task, target, positive) : [];
  const metric = metrics.some((choice) => choice.value === settings.metric) ? settings.metric : task ? defaultMetric(task) : '';
  const fits = fitting(algorithms.data?.items ?? [], task);
  const chosen = { ...settings, metric, positive, several: settings.several.filter((name) => fits.some((one) => one.name === name)) };

  const paid = usePaid();
  const way = wayOf(settings);
  const start = useMutation({
    mutationFn: async (): Promise<{ balance: number; to: string }> => {
      const headers = { 'Idempotency-Key': paid.key(JSON.stringify(chosen)) };
      if (way === 'tune') {
        const made = await post<StudyAccepted>('/studies', toStudy(dataset, profile.columns, chosen), { headers });
        return { balance: made.balance, to: `/studies/${made.id}` };
      }
      const made = way === 'several' ? await post<CompareAccepted>('/compare-train', toComparison(dataset, profile.columns, chosen), { headers }) : await post<TrainAccepted>('/models', toRequest(dataset, profile.columns, chosen), { headers });
      return { balance: made.balance, to: `/jobs/${made.job_id}?follow=1` };
    },
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (made) => {
      noteBalance(made.balance);
      for (const key of ['models', 'jobs', 'datasets', 'studies']) void queryClient.invalidateQueries({ queryKey: [key] });
      void go(made.to);
    },
  });

  const price = (way === 'tune' ? prices.data?.prices.tune : prices.data?.prices.train) ?? 1;
  const balance = me.data?.tokens ?? 0;
  const used = candidates(profile.columns, settings.target).filter((column) => !settings.without.includes(column.name));
  const taking = way === 'several' ? chosen.several.length : null;
  const blocked = !target ? t('train.noTarget') : used.length === 0 ? t('train.noFeatures') : taking !== null && taking < 2 ? t('train.severalFew') : taking !== null && taking > MOST_COMPARED ? t('train.severalMany', { most: MOST_COMPARED }) : me.data && balance < price ? t('train.noTokens', { price, balance }) : null;
  const problem = start.error ? asProblem(start.error) : null;
  return (
    <>
      <Head title={t('train.title', { name: dataset.name })} at="train" lead={t('train.lead')} />
      <form
        className="stack train"
        onSubmit={(event) => {
          event.preventDefault();
          start.mutate();
        }}
      >
        <Panel title={<><span className="ordinal">1</span>{t('train.q1')}</>}>
          <div className="row" style={{ alignItems: 'flex-end', '--gap': '16px' } as React.CSSProperties}>
            <NativeSelect
              aria-label={t('profile.targetLabel')}
              value={settings.target}
              onChange={(event) => change({ target: event.currentTarget.value, metric: '', positive: '', without: [] })}
              data={[...(settings.target ? [] : [{ value: '', label: '–' }]), ...profile.columns.filter((one) => !profile.pictures || one.name === profile.suggested_target).map((one) => ({ value: one.name, label: `${one.name} (${t(`kind.${one.kind}`)})` }))]}
              style={{ flex: '0 1 380px' }}
            />
            {target && task && (
              <span className="row" style={{ '--gap': '8px', minHeight: 36 } as React.CSSProperties}>
                <Chip tone="engine">{task === 'regression' ? t('profile.regressionShort') : t('profile.classificationShort')}</Chip>
                <span className="small soft">{task === 'regression' ? t('profile.regression') : t('profile.classification', { count: target.distinct })}</span>
              </span>
            )}
          </div>
        </Panel>
        <Panel title={<><span className="ordinal">2</span>{t('train.q2')}</>}>
          <How settings={settings} onChange={change} algorithms={algorithms.data?.items ?? []} task={task} problem={problem} />
        </Panel>
        {metrics.length > 0 && (
          <Panel title={<><span className="ordinal">3</span>{t('train.q3')}</>}>
            <div className="stack">
              <Choices legend={t('train.q3')} hideLegend value={metric} onChange={(name) => change({ metric: name })} choices={metrics} />
              {(metric === 'recall' || metric === 'precision') && classes.length === 2 && (
                <NativeSelect label={t('train.positive')} value={positive} data={classes} onChange={(event) => change({ positive: event.currentTarget.value })} style={{ maxWidth: 320 }} />
              )}
            </div>
          </Panel>
        )}
        <AllSettings settings={settings} onChange={change} columns={profile.columns} dataset={dataset} algorithms={algorithms.data?.items ?? []} task={task} pictures={Boolean(profile.pictures)} problem={problem} />
        {problem && <ErrorPanel error={problem} />}
        <div className="row go-bar">
          <Button type="submit" size="md" loading={start.isPending} disabled={blocked !== null}>{price > 0 ? goes(way, price, Math.max(0, balance - price), taking ?? 0) : t('train.free')}</Button>
          {!blocked && <Cost requests={toEstimate(dataset, profile.columns, chosen)} />}
          {blocked && <span className="small" style={{ color: 'var(--signal)' }}>{blocked}</span>}
          {target && me.data && balance < price && <Contact />}
        </div>
      </form>
    </>
  );
}
