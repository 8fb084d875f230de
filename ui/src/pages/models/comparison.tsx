// Several algorithms that were trained together: who is best, and why the others that are missing are.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { get } from '../../api/client';
import { algorithmsQuery } from '../../api/queries';
import type { Comparison } from '../../api/types';
import { duration } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { t } from '../../app/t';
import { Chip, ErrorPanel, Head, Skeleton } from '../../design/parts';
import { StatusChip } from '../jobs/words';
import { Score } from './score';

/** As many as stand side by side. */
const MOST = 4;

export function ComparisonPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const go = useGo();
  const algorithms = useQuery(algorithmsQuery);
  const comparison = useQuery({
    queryKey: ['comparison', id],
    queryFn: () => get<Comparison>(`/compare-train/${id}`),
    refetchInterval: (query) => (query.state.data && ['queued', 'running'].includes(query.state.data.status) ? 2000 : false),
  });
  if (comparison.isPending) return <Skeleton height={420} />;
  if (!comparison.data) return <><h1 className="hidden">{t('comparison.title')}</h1><ErrorPanel error={comparison.error} onRetry={() => void comparison.refetch()} /></>;
  const { models, best, status } = comparison.data;
  const ready = models.filter((model) => model.status === 'ready');
  const failed = models.filter((model) => model.status === 'failed');
  const going = status === 'queued' || status === 'running';
  // The best first; those that failed last. Others stay in the order asked for.
  const place = (one: (typeof models)[number]) => (one.id === best ? 0 : one.status === 'failed' ? 2 : 1);
  const sorted = models.map((one, at) => ({ one, at })).sort((a, b) => place(a.one) - place(b.one) || a.at - b.at).map(({ one }) => one);
  const side = sorted.filter((model) => model.status === 'ready').slice(0, MOST);
  return (
    <>
      <Head
        title={t('comparison.title')} at="judge" lead={t('comparison.lead')}
        actions={side.length > 1 && <Button size="md" onClick={() => void go(`/models/compare?ids=${side.map((model) => model.id).join(',')}`)}>{t('comparison.side')}</Button>}
      />
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        {going && <p className="notice engine" role="status">{t('comparison.running')} <Link to={`/jobs/${id}`}>{t('comparison.watch')}</Link></p>}
        {!going && failed.length > 0 && <p className="notice signal">{ready.length === 0 ? t('comparison.none') : t('comparison.failed', { count: failed.length })}</p>}
        <div className="panel flush">
          <table className="cards" aria-label={t('comparison.title')}>
            <thead><tr><th scope="col">{t('models.algorithm')}</th><th scope="col">{t('models.score')}</th><th scope="col">{t('table.name')}</th><th scope="col" className="right">{t('settings.fit')}</th><th scope="col">{t('table.status')}</th></tr></thead>
            <tbody>
              {sorted.map((model) => (
                <tr key={model.id} className={model.id === best ? 'chosen' : 'hover'}>
                  <th scope="row" className="whole"><span className="named"><Link to={`/models/${model.id}`}>{algorithms.data?.items.find((one) => one.name === model.algorithm)?.title ?? model.algorithm.replaceAll('_', ' ')}</Link>{model.id === best && <Chip tone="engine">{t('comparison.best')}</Chip>}</span></th>
                  <td data-label={t('models.score')}><Score model={model} /></td>
                  <td><span className="few" title={model.name}>{model.name} <span className="tiny soft">v{model.version}</span></span></td>
                  <td className="right soft" data-label={t('settings.fit')}>{duration(model.fit_seconds)}</td>
                  <td style={{ whiteSpace: 'normal', overflowWrap: 'anywhere' }}>{model.error ? <span className="small" style={{ color: 'var(--stop)' }}>{model.error.detail}</span> : <StatusChip status={model.status} />}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      </div>
    </>
  );
}
