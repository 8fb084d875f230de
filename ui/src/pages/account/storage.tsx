// How much the account's data sets and models take of what they may.
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { Storage } from '../../api/types';
import { bytes } from '../../app/format';
import { t } from '../../app/t';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';

export function StoragePanel() {
  const storage = useQuery({ queryKey: ['me', 'storage'], queryFn: () => get<Storage>('/me/storage') });
  const { used = 0, limit } = storage.data ?? {};
  const share = limit ? Math.min(1, used / limit) : null;
  const text = limit ? t('storage.used', { used: bytes(used), limit: bytes(limit) }) : t('storage.free', { used: bytes(used) });
  return (
    <Panel title={t('storage.title')}>
      {storage.isPending ? <Skeleton height={56} /> : !storage.data ? <ErrorPanel error={storage.error} onRetry={() => void storage.refetch()} /> : (
        <div className="stack" style={{ '--gap': '10px' } as React.CSSProperties}>
          <p className="num">{text}</p>
          {share !== null && <div className="meter" role="meter" aria-label={t('storage.title')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)} aria-valuetext={text}><i style={{ width: `${share * 100}%` }} /></div>}
          <p className="small soft">{t('storage.note')}</p>
        </div>
      )}
    </Panel>
  );
}
