// All columns as small plots side by side, or each of them split by the values of one.
import { Button, NativeSelect } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Profile } from '../../api/types';
import { useAddress } from '../../app/list';
import { t } from '../../app/t';
import { ColumnPlot } from '../../charts/histogram';
import { Skeleton } from '../../design/parts';
import { splitters } from './split';

const Splitted = lazy(() => import('./splitted').then((module) => ({ default: module.Splitted })));

const STEP = 24;

export function Distributions({ id, profile }: { id: string; profile: Profile }) {
  const [address, change] = useAddress();
  const choices = splitters(profile.columns);
  const by = choices.find((column) => column.name === address.split)?.name;
  const [most, setMost] = useState(STEP);
  const drawable = profile.columns.filter((column) => (column.histogram?.counts.length ?? 0) > 0 || (column.kind !== 'identifier' && (column.top?.length ?? 0) > 0));
  return (
    <div className="stack">
      {choices.length > 0 && (
        <NativeSelect
          label={t('split.by')} value={by ?? ''} onChange={(event) => change({ split: event.currentTarget.value })} style={{ maxWidth: 320 }}
          data={[{ value: '', label: t('split.not') }, ...choices.map((column) => ({ value: column.name, label: column.name }))]}
        />
      )}
      {by ? <Suspense fallback={<Skeleton height={420} />}><Splitted id={id} profile={profile} by={by} /></Suspense> : <div className="grid" style={{ '--cell': '340px' } as React.CSSProperties}>
        {drawable.slice(0, most).map((column) => (
          <div className="panel" key={column.name}>
            <ColumnPlot column={{ ...column, top: column.top?.slice(0, 8), other: (column.other ?? 0) + (column.top ?? []).slice(8).reduce((sum, one) => sum + one.count, 0) }} rows={profile.rows} height={190} />
          </div>
        ))}
      </div>}
      {!by && drawable.length > most && <div><Button variant="default" onClick={() => setMost(most + STEP)}>{t('profile.more', { count: Math.min(STEP, drawable.length - most) })}</Button></div>}
    </div>
  );
}
