// How good is it? In words, then in numbers, then in plots.
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { Model, Report } from '../../api/types';
import { dateTime, list, number, percent } from '../../app/format';
import { MetricLink } from '../../app/explained';
import { t, tMaybe } from '../../app/t';
import { Importance } from '../../charts/importance';
import { Panel, Scroll, Skeleton, Tiles } from '../../design/parts';
import { metricName } from '../jobs/contenders';
import { shapeOf } from '../pictures/form';
import { Classification } from './classification';
import { classFinding } from './findings';
import { RegressionPlots } from './regression';
import { mainMetrics, metricValue } from './words';

const Learned = lazy(() => import('./training').then((module) => ({ default: module.Learned })));
const Tree = lazy(() => import('./tree').then((module) => ({ default: module.Tree })));
const Depends = lazy(() => import('./depends').then((module) => ({ default: module.Depends })));

/** Those that answer by trees which can be drawn. */
const TREES = new Set(['decision_tree', 'random_forest', 'extra_trees', 'gradient_boosting']);

export function Good({ model, report }: { model: Model; report: Report }) {
  const main = mainMetrics(report.task, report.metrics);
  const importance = report.importance ?? [];
  const top = importance[0];
  const looksAt = importance.length > 0 && (
    <div className="panel">
      <Importance
        rows={importance}
        metric={metricName(report.main_metric ?? main[0])}
        title={top && top.mean > 0 ? t('model.importance.titleTop', { column: top.column }) : t('model.importance.title')}
        summary={t('model.importance.summary', { list: list(importance.slice(0, 5).map((row) => `${row.column} ${number(row.mean, 2)}`)) })}
      />
    </div>
  );
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <p className="only-print small soft">{t('report.printed', { when: dateTime(new Date().toISOString()), address: window.location.href })}</p>
      <Tiles
        items={main.map((name) => {
          const metric = report.metrics[name];
          const notes = [
            metric?.low !== null && metric?.low !== undefined && metric.high !== null && metric.high !== undefined ? t('model.range', { low: metricValue(name, metric.low), high: metricValue(name, metric.high) }) : null,
            metric?.baseline !== null && metric?.baseline !== undefined ? t('model.guessing', { value: metricValue(name, metric.baseline) }) : null,
          ].filter(Boolean);
          return { label: tMaybe(`tile.${name}`, metricName(name)), value: metricValue(name, metric?.value), note: <><MetricLink name={name} /><br />{notes.join(' · ')}</> };
        })}
      />
      {(report.warnings?.length ?? 0) > 0 && (
        <div className="notice signal">
          <h2>{t('model.warnings')}</h2>
          <ul style={{ paddingInlineStart: 18 }}>{report.warnings?.map((warning) => <li key={warning.code + warning.detail}>{warning.detail}</li>)}</ul>
        </div>
      )}
      {report.task === 'classification' ? <Classification model={model} report={report}>{looksAt}</Classification> : <RegressionPlots report={report}>{looksAt}</RegressionPlots>}
      {!shapeOf(model) && <Suspense fallback={<Skeleton height={140} />}><Depends model={model} report={report} /></Suspense>}
      {TREES.has(model.algorithm) && !model.shared_by && !shapeOf(model) && <Suspense fallback={<Skeleton height={140} />}><Tree model={model} /></Suspense>}
      {(report.training_history?.length ?? 0) > 0 && (
        <Suspense fallback={<Skeleton height={320} />}>
          <div className={report.training_history?.length === 1 ? undefined : 'two'}>{report.training_history?.map((history, index) => <Learned key={index} history={history} />)}</div>
        </Suspense>
      )}
      <Honesty report={report} metric={main[0]} />
      <AllMeasures report={report} />
      <div className="no-print"><Button variant="default" onClick={() => window.print()}>{t('report.print')}</Button></div>
    </div>
  );
}

function Honesty({ report, metric }: { report: Report; metric: string | undefined }) {
  const folds = report.folds && metric ? report.folds.metrics[metric] : undefined;
  return (
    <Panel title={t('model.honesty.title')}>
      <ul className="small stack" style={{ '--gap': '8px', paddingInlineStart: 18, listStyle: 'disc' } as React.CSSProperties}>
        <li>{t('model.honesty.rows', { test: report.rows.test, train: report.rows.train })}</li>
        {report.rows.dropped > 0 && <li>{t('model.honesty.dropped', { dropped: report.rows.dropped })}</li>}
        {folds && metric && <li>{t('model.honesty.folds', { count: report.folds?.count ?? 0, metric: metricName(metric), mean: metricValue(metric, folds.mean), std: metricValue(metric, folds.std) })}</li>}
        <li>{t('model.honesty.baseline')}</li>
        <li>{t('model.honesty.range')}</li>
      </ul>
    </Panel>
  );
}

function AllMeasures({ report }: { report: Report }) {
  return (
    <details>
      <summary>{t('model.more')}</summary>
      <div className="panel flush" style={{ marginBlockStart: 8 }}>
        <Scroll label={t('model.more')}>
          <table>
            <thead><tr><th scope="col">{t('model.measure')}</th><th scope="col" className="right">{t('model.value')}</th><th scope="col" className="right">{t('model.low')}</th><th scope="col" className="right">{t('model.high')}</th><th scope="col" className="right">{t('model.baselineCol')}</th></tr></thead>
            <tbody>
              {Object.entries(report.metrics).map(([name, metric]) => (
                <tr key={name}>
                  <th scope="row"><MetricLink name={name} /></th>
                  {[metric.value, metric.low, metric.high, metric.baseline].map((value, index) => <td key={index} className="right">{number(value)}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </div>
    </details>
  );
}

export function PerClass({ report }: { report: Report }) {
  const rows = report.per_class ?? [];
  if (rows.length === 0) return null;
  return (
    <section className="panel flush">
      <h2><span className="over">{t('model.report.title')}</span><br /><bdi>{classFinding(rows)}</bdi></h2>
      <Scroll label={t('model.report.title')}>
        <table className="tight">
          <thead>
            <tr><th scope="col">{t('model.class')}</th><th scope="col" className="right">{t('model.report.precision')}<br />{t('metric.precision')}</th><th scope="col" className="right">{t('model.report.recall')}<br />{t('metric.recall')}</th><th scope="col" className="right">{t('model.report.f1')}</th><th scope="col" className="right">{t('model.report.support')}</th></tr>
          </thead>
          <tbody>
            {rows.map((row) => (
              <tr key={row.class}><th scope="row">{row.class}</th><td className="right">{percent(row.precision)}</td><td className="right">{percent(row.recall)}</td><td className="right">{percent(row.f1)}</td><td className="right">{number(row.support)}</td></tr>
            ))}
          </tbody>
        </table>
      </Scroll>
    </section>
  );
}
