// Every column in a row: kind, spread, gaps, and a drawer with all that is known about it.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import type { ColumnProfile, Dataset, Profile, ProfileWarning } from '../../api/types';
import { cell, day, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { MiniPlot } from '../../charts/histogram';
import { useMay } from '../../app/rights';
import { Chip, ErrorPanel, Skeleton } from '../../design/parts';
import type { Asked } from './kinds';
import { schemaQuery } from './reading';
import { typical } from './target';

const KindField = lazy(() => import('./kinds').then((module) => ({ default: module.KindField })));
const KindsBar = lazy(() => import('./kinds').then((module) => ({ default: module.KindsBar })));
const ColumnDrawer = lazy(() => import('./drawer').then((module) => ({ default: module.ColumnDrawer })));

interface Props {
  dataset: Dataset;
  profile: Profile;
  target: string | undefined;
  shown: string | null;
  onShow: (name: string | null) => void;
  onTarget: (name: string) => void;
}

const ORDERS = {
  table: () => 0,
  name: (a, b) => a.name.localeCompare(b.name, 'en', { numeric: true }),
  kind: (a, b) => a.kind.localeCompare(b.kind),
  empty: (a, b) => b.missing - a.missing,
  distinct: (a, b) => b.distinct - a.distinct,
} as const satisfies Record<string, (a: ColumnProfile, b: ColumnProfile) => number>;
type Order = keyof typeof ORDERS;

/** Columns in another order; those alike stay as the table has them. */
export function inOrder(columns: ColumnProfile[], order: Order): ColumnProfile[] {
  return [...columns].sort(ORDERS[order]);
}

/** Tables with hundreds of columns are drawn in parts. */
const STEP = 60;

export function Columns({ dataset, profile, target, shown, onShow, onTarget }: Props) {
  const [find, setFind] = useState('');
  const [problems, setProblems] = useState(false);
  const [order, setOrder] = useState<Order>('table');
  const [most, setMost] = useState(STEP);
  const [asked, setAsked] = useState<Asked | null>(null);
  const mayMake = useMay('make');
  const schema = useQuery({ ...schemaQuery(dataset), enabled: asked !== null });
  const remarks = new Map<string, ProfileWarning[]>();
  for (const warning of profile.warnings) {
    if (warning.column) remarks.set(warning.column, [...(remarks.get(warning.column) ?? []), warning]);
  }
  const wanted = inOrder(profile.columns, order).filter((column) => column.name.toLowerCase().includes(find.toLowerCase()) && (!problems || remarks.has(column.name)));
  const open = profile.columns.find((column) => column.name === shown);
  return (
    <div className="stack">
      <div className="row" style={{ '--gap': '20px' } as React.CSSProperties}>
        <TextInput type="search" aria-label={t('profile.find')} placeholder={t('profile.find')} value={find} onChange={(event) => setFind(event.currentTarget.value)} style={{ flex: '0 1 280px' }} />
        <NativeSelect aria-label={t('profile.order')} value={order} onChange={(event) => setOrder(event.currentTarget.value as Order)} data={(Object.keys(ORDERS) as Order[]).map((value) => ({ value, label: t(`profile.order.${value}`) }))} />
        {remarks.size > 0 && <Checkbox label={t('profile.onlyProblems')} checked={problems} onChange={(event) => setProblems(event.currentTarget.checked)} />}
        {mayMake && asked === null && <Button variant="default" onClick={() => setAsked({})}>{t('kinds.open')}</Button>}
      </div>
      {asked !== null && (schema.error && !schema.data ? <ErrorPanel error={schema.error} onRetry={() => void schema.refetch()} /> : <Suspense fallback={<Skeleton height={100} />}><KindsBar dataset={dataset} asked={asked} onDone={() => setAsked(null)} /></Suspense>)}
      {wanted.length === 0 ? <p className="soft">{t('profile.noColumn')}</p> : (
        <div className="panel flush">
          <table className="cards" aria-label={t('profile.tab.columns')}>
            <thead>
              <tr>
                <th scope="col">{t('profile.col.name')}</th><th scope="col">{t('profile.col.kind')}</th><th scope="col">{t('profile.col.spread')}</th>
                <th scope="col" className="right">{t('profile.col.empty')}</th><th scope="col" className="right">{t('profile.col.distinct')}</th>
                <th scope="col" className="right">{t('profile.col.typical')}</th><th scope="col" className="right">{t('profile.col.range')}</th>
              </tr>
            </thead>
            <tbody>
              {wanted.slice(0, most).map((column) => (
                <tr key={column.name} className="hover">
                  <th scope="row" className="whole">
                    <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
                      <button type="button" className="linkish" title={column.name} style={{ minWidth: 0 }} onClick={() => onShow(column.name)}><span className="few">{column.name}</span></button>
                      {column.name === target && <Chip tone="engine">{t('profile.isTarget')}</Chip>}
                      {remarks.has(column.name) && <Chip tone="signal" title={remarks.get(column.name)?.[0]?.detail}>{t('profile.remark')}</Chip>}
                    </span>
                  </th>
                  <td className="soft">{asked !== null && schema.data ? <Suspense fallback={t(`kind.${column.kind}`)}><KindField schema={schema.data} column={column.name} asked={asked} onAsk={setAsked} /></Suspense> : t(`kind.${column.kind}`)}</td>
                  <td><MiniPlot column={column} rows={profile.rows} /></td>
                  <td className="right" data-label={t('profile.col.empty')}>{column.missing === 0 ? '0' : percent(column.missing / Math.max(1, profile.rows))}</td>
                  <td className="right" data-label={t('profile.col.distinct')}>{number(column.distinct)}</td>
                  <td className="right" data-label={t('profile.col.typical')}><Typical column={column} /></td>
                  <td className="right" data-label={t('profile.col.range')}>{range(column)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {wanted.length > most && <div><Button variant="default" onClick={() => setMost(most + STEP)}>{t('profile.more', { count: Math.min(STEP, wanted.length - most) })}</Button></div>}
      <Suspense>
        {open && <ColumnDrawer id={dataset.id} profile={profile} target={target} column={open} rows={profile.rows} warnings={remarks.get(open.name) ?? []} isTarget={open.name === target} onClose={() => onShow(null)} onTarget={() => { onTarget(open.name); onShow(null); }} />}
      </Suspense>
    </div>
  );
}

function Typical({ column }: { column: ColumnProfile }) {
  const { value, kind } = typical(column);
  if (value === null) return <>–</>;
  return <span style={{ display: 'inline-block', maxWidth: 180, verticalAlign: 'bottom' }} className="clip">{typeof value === 'number' ? (kind === 'date' ? day(value) : number(value)) : cell(value)}</span>;
}

function range(column: ColumnProfile): string {
  if (column.min === null || column.min === undefined || column.max === null || column.max === undefined || column.kind === 'boolean') return '–';
  return column.kind === 'date' ? `${day(column.min)} – ${day(column.max)}` : `${number(column.min)} – ${number(column.max)}`;
}
