// All columns as small plots side by side.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { Profile } from '../../api/types';
import { t } from '../../app/t';
import { ColumnPlot } from '../../charts/histogram';

const STEP = 24;

export function Distributions({ profile }: { profile: Profile }) {
  const [most, setMost] = useState(STEP);
  const drawable = profile.columns.filter((column) => (column.histogram?.counts.length ?? 0) > 0 || (column.kind !== 'identifier' && (column.top?.length ?? 0) > 0));
  return (
    <div className="stack">
      <div className="grid" style={{ '--cell': '340px' } as React.CSSProperties}>
        {drawable.slice(0, most).map((column) => (
          <div className="panel" key={column.name}>
            <ColumnPlot column={{ ...column, top: column.top?.slice(0, 8), other: (column.other ?? 0) + (column.top ?? []).slice(8).reduce((sum, one) => sum + one.count, 0) }} rows={profile.rows} height={190} />
          </div>
        ))}
      </div>
      {drawable.length > most && <div><Button variant="default" onClick={() => setMost(most + STEP)}>{t('profile.more', { count: Math.min(STEP, drawable.length - most) })}</Button></div>}
    </div>
  );
}
