// The rows themselves, a page at a time from the server, which also sorts and filters them.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { asProblem } from '../../api/problem';
import { rowsQuery } from '../../api/queries';
import type { ColumnProfile, Kind } from '../../api/types';
import { useAddress, useSearchText } from '../../app/list';
import { t } from '../../app/t';
import { Empty, ErrorPanel, Skeleton } from '../../design/parts';
import { Cells } from './cells';
import { needsValue, nextOrder, operatorName, operatorsOf, wantedRows } from './narrow';

const PAGE = 50;

export function RowsTable({ id, columns: known }: { id: string; columns: Pick<ColumnProfile, 'name' | 'kind'>[] }) {
  const [address, change] = useAddress();
  const wanted = wantedRows(address, known);
  const asked = JSON.stringify(wanted);
  // Another question begins at its first row.
  const [place, setPlace] = useState({ asked, offset: 0 });
  const offset = place.asked === asked ? place.offset : 0;
  const setOffset = (to: number) => setPlace({ asked, offset: to });
  const rows = useQuery(rowsQuery(id, offset, PAGE, wanted));
  const problem = rows.error ? asProblem(rows.error) : null;
  const widen = () => change({ column: undefined, operator: undefined, value: undefined });
  const bar = <Narrow columns={known} problem={problem?.field('/value')} onWiden={widen} />;
  if (rows.isPending) return <div className="stack">{bar}<Skeleton height={420} /></div>;
  if (!rows.data) return <div className="stack">{bar}{!problem?.field('/value') && <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />}</div>;
  const { columns, total, positions, dataset_rows: all } = rows.data;
  const last = Math.min(total, offset + rows.data.rows.length);
  const narrowed = wanted.column !== undefined;
  return (
    <div className="stack">
      {bar}
      {total === 0 && narrowed ? <Empty action={<Button variant="default" onClick={widen}>{t('list.clear')}</Button>}>{t('rows.none')}</Empty> : (
        <div className="panel flush">
          <Cells label={t('rows.region')} columns={columns} rows={rows.data.rows} from={offset} positions={positions} sorting={{ wanted, onSort: (name) => change(nextOrder(wanted, name)) }} />
        </div>
      )}
      <div className="split">
        <span className="small soft num" role="status">{t('rows.range', { from: total === 0 ? 0 : offset + 1, to: last, total })}{narrowed && all !== undefined ? ` ${t('rows.ofAll', { all })}` : ''}</span>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          {total > PAGE && <GoTo total={total} onGo={setOffset} />}
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>{t('rows.previous')}</Button>
          <Button variant="default" disabled={last >= total} onClick={() => setOffset(offset + PAGE)}>{t('rows.next')}</Button>
        </div>
      </div>
    </div>
  );
}

const INPUTS: Partial<Record<Kind, { type?: string; inputMode?: 'decimal' | 'numeric' }>> = { number: { inputMode: 'decimal' }, integer: { inputMode: 'numeric' }, date: { type: 'date' } };

/** One condition: a column, what is asked of it, and with what it is compared. */
function Narrow({ columns, problem, onWiden }: { columns: Pick<ColumnProfile, 'name' | 'kind'>[]; problem: string | undefined; onWiden: () => void }) {
  const [address, change] = useAddress();
  const [typed, , setTyped] = useSearchText('value');
  const column = columns.find((one) => one.name === address.column);
  const choices = column ? operatorsOf(column.kind) : [];
  const operator = choices.find((one) => one === address.operator);
  const choose = (name: string) => {
    const kind = columns.find((one) => one.name === name)?.kind;
    if (!kind) onWiden();
    else change({ column: name, operator: operatorsOf(kind)[0], value: undefined });
  };
  return (
    <div className="filters" role="search" aria-label={t('rows.narrow')}>
      <NativeSelect label={t('rows.column')} value={column?.name ?? ''} onChange={(event) => choose(event.currentTarget.value)} data={[{ value: '', label: t('rows.every') }, ...columns.map((one) => ({ value: one.name, label: one.name }))]} />
      {column && <NativeSelect label={t('rows.operator')} value={operator ?? ''} onChange={(event) => change({ operator: event.currentTarget.value })} data={choices.map((one) => ({ value: one, label: operatorName(one, column.kind) }))} />}
      {column && operator && needsValue(operator) && <TextInput label={t('rows.value')} autoComplete="off" {...INPUTS[column.kind]} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} error={problem} />}
    </div>
  );
}

/** Where a page begins that shows this row; the last page is a whole one. */
export function pageOf(row: number, total: number): number {
  return Math.max(0, Math.min(Math.round(row) - 1, total - PAGE));
}

function GoTo({ total, onGo }: { total: number; onGo: (offset: number) => void }) {
  const [typed, setTyped] = useState('');
  const row = Number(typed.replaceAll(/\D/g, ''));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (typed !== '' && Number.isFinite(row)) onGo(pageOf(row, total));
  };
  return (
    <form onSubmit={submit} className="row" style={{ '--gap': '8px', alignItems: 'flex-end' } as React.CSSProperties}>
      <TextInput label={t('rows.goTo')} inputMode="numeric" autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} style={{ width: 130 }} />
    </form>
  );
}
