// Every training under this model's name, which of them is the champion, what is noted about this one, and where it comes
// from.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { get, put } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Model, ModelSummary, Page } from '../../api/types';
import { ago, dateTime, list } from '../../app/format';
import { Link } from '../../app/link';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Lines } from '../../charts/lines';
import { Chip, ErrorPanel, Skeleton } from '../../design/parts';
import { LOWER_IS_BETTER, metricName } from '../jobs/contenders';
import { StatusChip } from '../jobs/words';
import { Aliases } from './aliases';
import { Filed } from './filed';
import { LineagePanel } from './lineage';
import { Score } from './score';
import { exactValue, mainMetrics, metricValue } from './words';

const CHAMPION = 'champion';

/** What an alias or a tag touches: this model, its versions, and every list. */
export function changed(model: Pick<Model, 'id'>): void {
  void queryClient.invalidateQueries({ queryKey: ['model', model.id] });
  for (const key of ['models', 'versions', 'aliases']) void queryClient.invalidateQueries({ queryKey: [key] });
}

export function Versions({ model }: { model: Model }) {
  const mayMake = useMay('make');
  const versions = useQuery({ queryKey: ['versions', model.name], queryFn: () => get<Page<ModelSummary>>('/models', { query: { name: model.name, limit: 100 } }) });
  const promote = useMutation({
    mutationFn: (one: ModelSummary) => put<Model>(`/models/${one.id}/aliases/${CHAMPION}`),
    onSuccess: (_, one) => {
      changed(model);
      void queryClient.invalidateQueries({ queryKey: ['model', one.id] });
      toast(t('versions.promoted', { version: one.version }));
    },
  });
  const items = versions.data?.items ?? [];
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <section className="panel flush">
        <div style={{ padding: '20px 20px 8px' }}>
          <h2><bdi>{t('versions.title', { name: model.name })}</bdi></h2>
          <p className="small soft wrap">{t('versions.lead', { name: model.name })}</p>
        </div>
        {promote.error && <div style={{ padding: '0 20px 12px' }}><ErrorPanel error={promote.error} /></div>}
        {versions.isPending ? <Skeleton height={160} /> : !versions.data ? <div style={{ padding: 20 }}><ErrorPanel error={versions.error} onRetry={() => void versions.refetch()} /></div> : (
          <table className="cards" aria-label={t('model.tab.versions')}>
            <thead><tr><th scope="col">{t('versions.version')}</th><th scope="col">{t('models.algorithm')}</th><th scope="col">{t('models.score')}</th><th scope="col">{t('versions.aliases')}</th><th scope="col">{t('versions.tags')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('versions.promote')}</span></th></tr></thead>
            <tbody>
              {items.map((one) => (
                <tr key={one.id} className={one.id === model.id ? 'chosen' : 'hover'}>
                  <th scope="row" className="whole"><span className="named"><Link to={`/models/${one.id}`} search={{ tab: 'versions' }}>{t('model.version', { version: one.version })}</Link>{one.id === model.id && <Chip tone="engine">{t('versions.this')}</Chip>}</span></th>
                  <td className="soft">{one.algorithm.replaceAll('_', ' ')}</td>
                  <td data-label={t('models.score')}><Score model={one} /></td>
                  <td><span className="row" style={{ '--gap': '4px' } as React.CSSProperties}>{one.aliases.map((alias) => <Chip key={alias} tone="engine"><bdi>@{alias}</bdi></Chip>)}</span></td>
                  <td><span className="row" style={{ '--gap': '4px' } as React.CSSProperties}>{one.tags.map((tag) => <Chip key={tag}><bdi>{tag}</bdi></Chip>)}</span></td>
                  <td><StatusChip status={one.status} /></td>
                  <td className="soft" title={dateTime(one.created_at)}>{ago(one.created_at)}</td>
                  <td className="right"><span className="row" style={{ justifyContent: 'flex-end', flexWrap: 'nowrap' }}>{beforeOf(items, one) && <Link to="/models/compare" className="small" style={{ whiteSpace: 'nowrap' }} search={{ ids: `${beforeOf(items, one)?.id},${one.id}` }}>{t('versions.changed')}<span className="hidden"> {t('model.version', { version: one.version })}</span></Link>}{mayMake && one.status === 'ready' && !one.aliases.includes(CHAMPION) && <Button size="xs" variant="default" aria-label={t('versions.promoteName', { version: one.version })} loading={promote.isPending && promote.variables?.id === one.id} onClick={() => promote.mutate(one)}>{t('versions.promote')}</Button>}</span></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </section>
      <OverVersions items={items} />
      <div className="two">
        <Aliases model={model} />
        <Filed key={model.id} model={model} />
      </div>
      <LineagePanel model={model} />
    </div>
  );
}

/** The version before one, where both are ready to be compared. */
function beforeOf(items: ModelSummary[], one: ModelSummary): ModelSummary | undefined {
  if (one.status !== 'ready') return undefined;
  return items.filter((other) => other.status === 'ready' && other.version < one.version).sort((a, b) => b.version - a.version)[0];
}

/** The main measure of each version, oldest first; nothing where there is nothing to compare. */
export function course(items: ModelSummary[]): { metric: string; versions: number[]; values: number[] } | null {
  const ready = items.filter((one) => one.status === 'ready' && one.metrics && one.task).sort((a, b) => a.version - b.version);
  const metric = ready[0]?.task && ready[0].metrics ? mainMetrics(ready[0].task, ready[0].metrics)[0] : undefined;
  const shown = metric ? ready.flatMap((one) => (one.metrics?.[metric] ? [{ version: one.version, value: one.metrics[metric].value }] : [])) : [];
  return metric && shown.length > 1 ? { metric, versions: shown.map((one) => one.version), values: shown.map((one) => one.value) } : null;
}

function OverVersions({ items }: { items: ModelSummary[] }) {
  const found = course(items);
  if (!found) return null;
  const { metric, versions, values } = found;
  const [low, high] = [Math.min(...values), Math.max(...values)];
  const first = LOWER_IS_BETTER.has(metric) ? low : high;
  const best = versions.filter((_, at) => values[at] === first);
  return (
    <div className="panel">
      <Lines
        title={t(best.length > 1 ? 'versions.chart.tie' : 'versions.chart.best', { version: list(best.map(String)), metric: metricName(metric) })} over={t('versions.chart')} how={t('versions.chart.how')} name="versions" xLabel={t('versions.version')} yLabel={metricName(metric)}
        lines={[{ name: metricName(metric), xs: versions, ys: values }]} formatX={(value) => (Number.isInteger(value) ? String(value) : '')} formatY={(value) => metricValue(metric, value)}
        summary={t('versions.chart.summary', { metric: metricName(metric), count: versions.length, low: exactValue(metric, low), high: exactValue(metric, high) })}
      />
    </div>
  );
}
