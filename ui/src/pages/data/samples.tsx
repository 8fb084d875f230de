// The data sets that come with the server. One press copies a sample into one's own data.
import { useMutation, useQuery } from '@tanstack/react-query';
import { post } from '../../api/client';
import { queryClient, samplesQuery } from '../../api/queries';
import type { Dataset } from '../../api/types';
import { useGo } from '../../app/link';
import { t } from '../../app/t';
import { Icon } from '../../design/icons';
import { ErrorPanel, Skeleton } from '../../design/parts';

export function Samples({ most = 100 }: { most?: number }) {
  const go = useGo();
  const samples = useQuery(samplesQuery);
  const use = useMutation({
    mutationFn: (name: string) => post<Dataset>(`/samples/${encodeURIComponent(name)}`),
    onSuccess: (made) => {
      void queryClient.invalidateQueries({ queryKey: ['datasets'] });
      void go(`/data/${made.id}`);
    },
  });
  if (samples.isPending) return <Skeleton height={220} />;
  if (samples.error && !samples.data) return <ErrorPanel error={samples.error} onRetry={() => void samples.refetch()} />;
  return (
    <div className="stack">
      {use.error && <ErrorPanel error={use.error} />}
      <ul className="grid" style={{ '--cell': '250px', padding: 0 } as React.CSSProperties}>
        {samples.data.items.slice(0, most).map((sample) => (
          <li key={sample.name} style={{ display: 'grid' }}>
            <button type="button" className="sample" disabled={use.isPending} onClick={() => use.mutate(sample.name)} data-sample={sample.name}>
              <span className="over">{sample.task === 'regression' ? t('profile.regressionShort') : t('profile.classificationShort')}</span>
              <b>{sample.title}</b>
              <span className="small soft">{sample.description}</span>
              <span className="tiny soft">{t('sample.size', { rows: sample.rows, columns: sample.columns })}</span>
              <span className="go">{t('sample.predict', { target: sample.target })} <Icon name="arrow" size={16} /></span>
            </button>
          </li>
        ))}
      </ul>
    </div>
  );
}
