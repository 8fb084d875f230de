// Everything known about one column, in a drawer beside the table.
import { Button } from '@mantine/core';
import { lazy, Suspense } from 'react';
import type { ColumnProfile, Profile, ProfileWarning } from '../../api/types';
import { day, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { SidePanel } from '../../design/dialog';
import { ColumnPlot } from '../../charts/histogram';
import { Skeleton } from '../../design/parts';

const ByTarget = lazy(() => import('./two').then((module) => ({ default: module.ByTarget })));

interface Props {
  id: string;
  profile: Profile;
  target: string | undefined;
  column: ColumnProfile;
  rows: number;
  warnings: ProfileWarning[];
  isTarget: boolean;
  onClose: () => void;
  onTarget: () => void;
}

export function ColumnDrawer({ onClose, ...rest }: Props) {
  return (
    <SidePanel onClose={onClose} title={rest.column.name}>
      <Detail {...rest} />
    </SidePanel>
  );
}

function Detail({ id, profile, target, column, rows, warnings, isTarget, onTarget }: Omit<Props, 'onClose'>) {
  const show = (value: number | null | undefined) => (column.kind === 'date' ? day(value) : number(value));
  const numeric = column.quartiles && column.kind !== 'boolean';
  const facts: [string, string][] = [
    [t('profile.col.kind'), t(`kind.${column.kind}`)],
    [t('profile.fact.filled'), `${number(rows - column.missing)} (${percent((rows - column.missing) / Math.max(1, rows))})`],
    [t('profile.fact.empty'), number(column.missing)],
    [t('profile.fact.distinct'), number(column.distinct)],
  ];
  if (numeric) {
    facts.push(
      [t('profile.fact.min'), show(column.min)],
      [t('profile.fact.q1'), show(column.quartiles?.[0])],
      [t('profile.fact.median'), show(column.quartiles?.[1])],
      [t('profile.fact.q3'), show(column.quartiles?.[2])],
      [t('profile.fact.max'), show(column.max)],
    );
    if (column.kind !== 'date') facts.push([t('profile.fact.mean'), number(column.mean)], [t('profile.fact.std'), number(column.std)]);
  }
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {warnings.map((warning) => <div key={warning.code} className="notice signal small">{warning.detail}{warning.action && <> {warning.action}</>}</div>)}
      <ColumnPlot column={column} rows={rows} title={t('profile.spread')} />
      {target !== undefined && !isTarget && <Suspense fallback={<Skeleton height={220} />}><ByTarget id={id} profile={profile} column={column.name} target={target} /></Suspense>}
      <dl className="facts">{facts.map(([label, value]) => <Fact key={label} label={label} value={value} />)}</dl>
      {!isTarget && <div><Button variant="default" onClick={onTarget}>{t('profile.makeTarget')}</Button></div>}
    </div>
  );
}

function Fact({ label, value }: { label: string; value: string }) {
  return <><dt>{label}</dt><dd>{value}</dd></>;
}
