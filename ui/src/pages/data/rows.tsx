// The rows themselves, a page at a time from the server.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { rowsQuery } from '../../api/queries';
import { t } from '../../app/t';
import { ErrorPanel, Skeleton } from '../../design/parts';
import { Cells } from './cells';

const PAGE = 50;

export function RowsTable({ id }: { id: string }) {
  const [offset, setOffset] = useState(0);
  const rows = useQuery(rowsQuery(id, offset, PAGE));
  if (rows.isPending) return <Skeleton height={420} />;
  if (!rows.data) return <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />;
  const { columns, total } = rows.data;
  const last = Math.min(total, offset + rows.data.rows.length);
  return (
    <div className="stack">
      <div className="panel flush">
        <Cells label={t('rows.region')} columns={columns} rows={rows.data.rows} from={offset} />
      </div>
      <div className="split">
        <span className="small soft num" role="status">{t('rows.range', { from: total === 0 ? 0 : offset + 1, to: last, total })}</span>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          {total > PAGE && <GoTo total={total} onGo={setOffset} />}
          <Button variant="default" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>{t('rows.previous')}</Button>
          <Button variant="default" disabled={last >= total} onClick={() => setOffset(offset + PAGE)}>{t('rows.next')}</Button>
        </div>
      </div>
    </div>
  );
}

/** Where a page begins that shows this row; the last page is a whole one. */
export function pageOf(row: number, total: number): number {
  return Math.max(0, Math.min(Math.round(row) - 1, total - PAGE));
}

function GoTo({ total, onGo }: { total: number; onGo: (offset: number) => void }) {
  const [typed, setTyped] = useState('');
  const row = Number(typed.replaceAll(',', ''));
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
