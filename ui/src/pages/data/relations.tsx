// Which columns go together: with the one to predict, and number columns with one another.
import { lazy, Suspense } from 'react';
import type { Profile } from '../../api/types';
import { signed } from '../../app/format';
import { t } from '../../app/t';
import { Correlations } from '../../charts/heatmap';
import { Bars } from '../../charts/histogram';
import { Panel, Skeleton } from '../../design/parts';

const TwoNumbers = lazy(() => import('./two').then((module) => ({ default: module.TwoNumbers })));

/** Past this, a square of numbers is a wall; the strongest columns are kept. */
const MOST = 24;

/** The server sends pairs; the plot wants a square. */
export function square(correlations: Profile['correlations']): { columns: string[]; values: (number | null)[][] } {
  const columns = [...new Set(correlations.flatMap((pair) => [pair.a, pair.b]))];
  const place = new Map(columns.map((name, index) => [name, index]));
  const values: (number | null)[][] = columns.map(() => columns.map(() => null));
  for (const pair of correlations) {
    const a = place.get(pair.a) ?? 0;
    const b = place.get(pair.b) ?? 0;
    (values[a] as (number | null)[])[b] = pair.value;
    (values[b] as (number | null)[])[a] = pair.value;
  }
  return limit({ columns, values });
}

function limit({ columns, values }: { columns: string[]; values: (number | null)[][] }) {
  if (columns.length <= MOST) return { columns, values };
  const strength = values.map((row, i) => Math.max(0, ...row.map((value, j) => (i === j ? 0 : Math.abs(value ?? 0)))));
  const kept = columns.map((_, index) => index).sort((a, b) => (strength[b] ?? 0) - (strength[a] ?? 0)).slice(0, MOST).sort((a, b) => a - b);
  return { columns: kept.map((index) => columns[index] ?? ''), values: kept.map((i) => kept.map((j) => values[i]?.[j] ?? null)) };
}

export function Relations({ id, profile, target }: { id: string; profile: Profile; target: string | undefined }) {
  const ranked = profile.columns
    .filter((column) => column.association && column.name !== target && column.kind !== 'identifier')
    .map((column) => ({ label: column.name, value: column.association?.value ?? 0 }))
    .sort((a, b) => b.value - a.value)
    .slice(0, 25);
  const { columns, values } = square(profile.correlations);
  const strongest = [...profile.correlations].filter((pair) => pair.a !== pair.b).sort((a, b) => Math.abs(b.value) - Math.abs(a.value))[0];
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {target && ranked.length > 0 && (
        <div className="panel">
          <Bars over={t('relations.target', { target })} title={(ranked[0]?.value ?? 0) < 0.1 ? t('relations.weak', { target }) : t('relations.found', { target, column: ranked[0]?.label ?? '' })} how={t('relations.targetHow')} rows={ranked} name="associations" unit="association" summary={t('relations.summary', { target, column: ranked[0]?.label ?? '' })} />
        </div>
      )}
      <Panel title={strongest ? t('relations.pair', { a: strongest.a, b: strongest.b, value: signed(strongest.value) }) : t('relations.matrix')}>
        {columns.length < 2 ? <p className="soft">{t('relations.none')}</p> : <Correlations columns={columns} values={values} />}
      </Panel>
      {profile.columns.filter((column) => column.kind === 'number' || column.kind === 'integer').length > 1 && <Suspense fallback={<Skeleton height={440} />}><TwoNumbers id={id} profile={profile} target={target} /></Suspense>}
    </div>
  );
}
