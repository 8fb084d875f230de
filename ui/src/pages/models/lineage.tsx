// Where a model comes from: with this the same bytes can be made again.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Lineage, Model } from '../../api/types';
import { dateTime } from '../../app/format';
import { Link } from '../../app/link';
import { t } from '../../app/t';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';

export function LineagePanel({ model }: { model: Model }) {
  const lineage = useQuery({ queryKey: ['lineage', model.id], queryFn: () => get<Lineage>(`/models/${model.id}/lineage`), staleTime: 60_000 });
  if (lineage.isPending) return <Skeleton height={240} />;
  if (!lineage.data) return <ErrorPanel error={lineage.error} onRetry={() => void lineage.refetch()} />;
  const from = lineage.data;
  const facts: [string, React.ReactNode][] = [
    [t('settings.data'), from.dataset_id ? <Link to={`/data/${from.dataset_id}`}>{from.dataset_name}</Link> : from.dataset_name || '–'],
    [t('lineage.data'), <span key="data" className="mono">{from.data_hash ?? '–'}</span>],
    [t('lineage.table'), <span key="table" className="mono">{from.table_hash ?? '–'}</span>],
    [t('lineage.kept'), from.table_kept ? t('lineage.yes') : t('lineage.no')],
    [t('lineage.model'), <span key="model" className="mono">{from.model_hash ?? '–'}</span>],
    [t('settings.seed'), String(from.seed)],
    [t('lineage.program'), from.version_of_program ?? '–'],
    [t('lineage.kernel'), from.kernel ?? '–'],
    [t('lineage.begun'), dateTime(from.created_at)],
    [t('lineage.done'), dateTime(from.finished_at)],
  ];
  return (
    <Panel title={t('lineage.title')}>
      <div className="stack">
        <p className="small soft wrap">{t('lineage.lead')}</p>
        <dl className="facts">{facts.map(([label, value]) => <div key={label} style={{ display: 'contents' }}><dt>{label}</dt><dd>{value}</dd></div>)}</dl>
        <details>
          <summary>{t('lineage.request')}</summary>
          <pre className="sunk" style={{ overflowX: 'auto', margin: '8px 0 0', fontSize: 14 }} role="region" aria-label={t('lineage.request')} tabIndex={0}><code style={{ fontSize: 'inherit' }}>{JSON.stringify(from.request, null, 2)}</code></pre>
        </details>
      </div>
    </Panel>
  );
}
