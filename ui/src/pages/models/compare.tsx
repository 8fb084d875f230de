// Models side by side: who wins which measure, their curves over one another, and only the settings that differ.
import { Button } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { modelQuery, reportQuery } from '../../api/queries';
import type { Model, Report } from '../../api/types';
import { duration, list, number } from '../../app/format';
import { MetricLink } from '../../app/explained';
import { Link, useGo } from '../../app/link';
import { t, tMaybe } from '../../app/t';
import { Curves } from '../../charts/curves';
import { Chip, Empty, ErrorPanel, Head, Panel, Scroll, Skeleton } from '../../design/parts';
import { metricName } from '../jobs/contenders';
import { compared, differences, open } from './beside';
import { exactValue, mainMetrics } from './words';

const MOST = 4;

export function Compare() {
  const go = useGo();
  const search = useSearch({ strict: false }) as { ids?: string };
  const ids = [...new Set((search.ids ?? '').split(',').filter(Boolean))].slice(0, MOST);
  const models = useQueries({ queries: ids.map((id) => modelQuery(id)) });
  const reports = useQueries({ queries: ids.map((id) => reportQuery(id)) });
  const head = <Head title={t('compare.title')} at="judge" lead={t('compare.lead')} actions={<Button variant="default" onClick={() => void go('/models')}>{t('compare.other')}</Button>} />;
  if (ids.length < 2) return <>{head}<Empty action={<Link to="/models">{t('models.title')}</Link>}>{t('compare.few')}</Empty></>;
  const failed = [...models, ...reports].find((query) => query.error && !query.data);
  if (failed) return <>{head}<ErrorPanel error={failed.error} onRetry={() => void failed.refetch()} /></>;
  const sides = ids.flatMap((_, index) => {
    const [model, report] = [models[index]?.data, reports[index]?.data];
    return model && report ? [{ model, report }] : [];
  });
  if (sides.length < ids.length) return <>{head}<Skeleton height={520} /></>;
  return <>{head}<Beside sides={sides} /></>;
}

interface Side {
  model: Model;
  report: Report;
}

const labelOf = ({ model }: Side) => `${model.name} v${model.version}`;

/** Names that stay apart even when two models are called the same. */
function labels(sides: Side[]): string[] {
  const plain = sides.map(labelOf);
  return plain.map((label, index) => (plain.indexOf(label) === plain.lastIndexOf(label) ? label : `${label} (${index + 1})`));
}

function Beside({ sides }: { sides: Side[] }) {
  const names = labels(sides);
  const first = sides[0];
  const alike = sides.every(({ model }) => model.target === first?.model.target && model.task === first?.model.task);
  const sameRows = sides.every(({ model, report }) => model.dataset_id === first?.model.dataset_id && report.rows.test === first?.report.rows.test && model.seed === first?.model.seed);
  const rows = compared(sides.map(({ report }) => report));
  const main = first ? mainMetrics(first.report.task, first.report.metrics) : [];
  const ordered = [...rows].sort((a, b) => place(main, a.name) - place(main, b.name));
  const top = ordered.find((row) => row.name === main[0]);
  const winner = top?.best.length === 1 ? (top.best[0] ?? null) : null;
  const runnerUp = top && winner !== null ? top.values.findIndex((value, index) => index !== winner && value !== null && open(top.values[winner] ?? null, value)) : -1;
  const roc = sides.flatMap(({ report, model }, index) => {
    const curves = report.roc ?? [];
    const curve = curves.find((one) => one.class === report.positive_class) ?? (report.classes?.length === 2 ? curves[curves.length - 1] : undefined);
    return curve && model.task === 'classification' ? [{ name: `${names[index]} (AUC ${number(curve.auc, 3)})`, xs: curve.fpr, ys: curve.tpr, class: curve.class }] : [];
  });
  const same = new Set(roc.map((curve) => curve.class)).size === 1 && roc.length === sides.length;
  const unlike = differences(sides.map(({ model }) => model), t('settings.none'));
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {!alike && <p className="notice signal">{t('compare.unlike')}</p>}
      {alike && !sameRows && <p className="notice">{t('compare.otherRows')}</p>}
      {alike && top && (
        <p className="notice engine" role="status"><bdi>{winner === null ? t('compare.even', { metric: metricName(top.name) }) : runnerUp >= 0 ? t('compare.close', { name: names[winner] ?? '', metric: metricName(top.name) }) : t('compare.wins', { name: names[winner] ?? '', metric: metricName(top.name) })}</bdi></p>
      )}
      <section className="panel flush">
        <h2 style={{ padding: '20px 20px 8px' }}>{t('compare.measures')}</h2>
        <Scroll label={t('compare.measures')}>
          <table className="tight">
            <thead><tr><th scope="col">{t('model.measure')}</th>{sides.map(({ model }, index) => <th key={model.id} scope="col" className="right"><Link to={`/models/${model.id}`} className="few" style={{ marginInlineStart: 'auto' }} title={names[index]}>{names[index]}</Link></th>)}</tr></thead>
            <tbody>
              {ordered.map((row) => (
                <tr key={row.name}>
                  <th scope="row"><MetricLink name={row.name} /></th>
                  {row.values.map((metric, index) => (
                    <td key={index} className="right num">{row.best.includes(index) ? <b>{exactValue(row.name, metric?.value)} <Chip tone="engine">{t('compare.best')}</Chip></b> : exactValue(row.name, metric?.value)}</td>
                  ))}
                </tr>
              ))}
              <tr><th scope="row">{t('compare.rows')}</th>{sides.map(({ model, report }) => <td key={model.id} className="right">{number(report.rows.test)}</td>)}</tr>
              <tr><th scope="row">{t('settings.fit')}</th>{sides.map(({ model, report }) => <td key={model.id} className="right">{duration(report.lineage.fit_seconds)}</td>)}</tr>
            </tbody>
          </table>
        </Scroll>
      </section>
      <div className="two">
        {same && (
          <div className="panel">
            <Curves
              title={t('compare.roc', { class: roc[0]?.class ?? '' })} how={t('model.roc.how')} name="compared-roc" xLabel={t('model.roc.x')} yLabel={t('model.roc.y')} guide={[[0, 0], [1, 1]]}
              summary={t('model.roc.summary', { list: list(roc.map((curve) => curve.name)) })} curves={roc}
            />
          </div>
        )}
        <Panel title={t('compare.settings')}>
          {unlike.length === 0 ? <p className="soft">{t('compare.sameSettings')}</p> : (
            <Scroll label={t('compare.settings')}>
              <table className="tight">
                <thead><tr><th scope="col">{t('compare.setting')}</th>{names.map((name) => <th key={name} scope="col"><span className="few">{name}</span></th>)}</tr></thead>
                <tbody>{unlike.map((row) => <tr key={row.name}><th scope="row">{tMaybe(`compare.setting.${row.name}`, row.name.replaceAll('_', ' '))}</th>{row.values.map((value, index) => <td key={index}><span className="few"><bdi>{value}</bdi></span></td>)}</tr>)}</tbody>
              </table>
            </Scroll>
          )}
        </Panel>
      </div>
    </div>
  );
}

function place(main: string[], name: string): number {
  const at = main.indexOf(name);
  return at < 0 ? main.length : at;
}
