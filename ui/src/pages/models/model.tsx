// One trained model: how good it is, a form to try it, who it won against, how to call it, and its recipe.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { modelQuery, reportQuery } from '../../api/queries';
import type { Model, Report } from '../../api/types';
import { Link, useGo } from '../../app/link';
import { t } from '../../app/t';
import { Chip, ErrorPanel, Head, Skeleton } from '../../design/parts';
import { Tabs, useTab } from '../../design/tabs';
import { Good } from './good';

const Try = lazy(() => import('./try').then((module) => ({ default: module.Try })));
const Code = lazy(() => import('./code').then((module) => ({ default: module.Code })));
const Race = lazy(() => import('./race').then((module) => ({ default: module.Race })));
const Checks = lazy(() => import('./checks').then((module) => ({ default: module.Checks })));
const Versions = lazy(() => import('./versions').then((module) => ({ default: module.Versions })));
const History = lazy(() => import('./history/history').then((module) => ({ default: module.History })));
const Settings = lazy(() => import('./settings').then((module) => ({ default: module.Settings })));

const TABS = ['good', 'try', 'checks', 'contenders', 'history', 'code', 'versions', 'settings'] as const;

export function ModelPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const model = useQuery(modelQuery(id));
  if (model.isPending) return <Skeleton height={420} />;
  if (!model.data) return <><h1 className="hidden">{t('models.title')}</h1><ErrorPanel error={model.error} onRetry={() => void model.refetch()} /></>;
  if (model.data.status !== 'ready') return <Unready model={model.data} />;
  return <Ready model={model.data} />;
}

function Unready({ model }: { model: Model }) {
  const go = useGo();
  const failed = model.status === 'failed' || model.status === 'cancelled';
  return (
    <>
      <Head title={model.name} at="train" lead={t('model.predicts', { target: model.target })} />
      <div className={`notice ${failed ? 'stop' : 'engine'} stack`} style={{ '--gap': '10px' } as React.CSSProperties} role="status">
        <h2>{failed ? t('model.failed') : t('model.training')}</h2>
        {model.error && <p>{model.error.detail}</p>}
        <div className="row">
          {model.job_id && <Button variant="default" onClick={() => void go(`/jobs/${model.job_id}`)}>{t('model.watch')}</Button>}
          {failed && model.dataset_id && <Button variant="default" onClick={() => void go(`/data/${model.dataset_id}/train`)}>{t('job.again')}</Button>}
        </div>
      </div>
      {failed && <div style={{ marginBlockStart: 20 }}><Suspense fallback={<Skeleton />}><Settings model={model} report={undefined} /></Suspense></div>}
    </>
  );
}

function Ready({ model }: { model: Model }) {
  // What was brought as a file has no scores, and no report that could be asked for.
  const scored = Object.keys(model.metrics ?? {}).length > 0;
  const report = useQuery({ ...reportQuery(model.id), enabled: scored });
  // Versions are their owner's.
  const tabs = TABS.filter((id) => id !== 'versions' || !model.shared_by);
  const [tab, choose] = useTab(tabs.map((id) => ({ id })));
  const withReport = (content: (data: Report) => React.ReactNode) => () => {
    if (!scored) return <p className="notice">{t('bring.noReport')}</p>;
    if (report.error && !report.data) return <ErrorPanel error={report.error} onRetry={() => void report.refetch()} />;
    return report.data ? content(report.data) : <Skeleton height={420} />;
  };
  const later = (content: React.ReactNode) => <Suspense fallback={<Skeleton height={420} />}>{content}</Suspense>;
  return (
    <>
      <Head
        title={model.name}
        at={tab === 'try' || tab === 'code' ? 'predict' : 'judge'}
        lead={
          <>
            {model.verdict ?? report.data?.verdict ?? t('model.predicts', { target: model.target })}
            <span className="row small" style={{ '--gap': '8px', marginBlockStart: 10 } as React.CSSProperties}>
              <Chip>{t('model.version', { version: model.version })}</Chip>
              {model.aliases.map((alias) => <Chip key={alias} tone="engine"><bdi>@{alias}</bdi></Chip>)}
              <Chip>{report.data?.algorithm_title ?? model.algorithm.replaceAll('_', ' ')}</Chip>
              {model.shared_by && <Chip tone="engine"><bdi>{t('models.by', { name: model.shared_by })}</bdi></Chip>}
              {!model.shared_by && model.visibility !== 'private' && <Chip tone="signal">{t('share.with', { who: t(`share.${model.visibility}`) })}</Chip>}
              {model.dataset_id && <Link to={`/data/${model.dataset_id}`} className="few">{model.dataset_name}</Link>}
            </span>
          </>
        }
        actions={tab !== 'try' && <Button size="md" onClick={() => choose('try')}>{t('model.tab.try')}</Button>}
      />
      <Tabs
        label={t('model.tabs')}
        current={tab}
        onChoose={choose}
        tabs={[
          { id: 'good', label: t('model.tab.good'), content: withReport((data) => <Good model={model} report={data} />) },
          { id: 'try', label: t('model.tab.try'), content: () => later(<Try model={model} report={report.data} />) },
          { id: 'checks', label: t('model.tab.checks'), content: () => later(<Checks model={model} certificate={report.data?.certificate} />) },
          { id: 'contenders', label: t('model.tab.contenders'), content: withReport((data) => later(<Race model={model} report={data} />)) },
          { id: 'history', label: t('model.tab.history'), content: () => later(<History model={model} />) },
          { id: 'code', label: t('model.tab.code'), content: () => later(<Code model={model} />) },
          { id: 'versions', label: t('model.tab.versions'), content: () => later(<Versions model={model} />) },
          { id: 'settings', label: t('model.tab.settings'), content: () => later(<Settings model={model} report={report.data} />) },
        ].filter((one) => tabs.some((id) => id === one.id))}
      />
    </>
  );
}
