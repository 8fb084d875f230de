// Rows of a table as they are, one below the other, in a region of their own that scrolls sideways.
import { type ReactNode } from 'react';
import type { Rows } from '../../api/types';
import { cell } from '../../app/format';
import { t } from '../../app/t';
import { Scroll } from '../../design/parts';
import { type RowsWanted, sortedBy } from './narrow';

interface Props extends Pick<Rows, 'columns' | 'rows'> {
  label: string;
  /** How many came before. */
  from: number;
  /** A column to put before the others. */
  first?: string;
  /** Where each row stands in the whole table, from 0, if that is not its place here. */
  positions?: number[];
  /** Heads that put the rows in order when they are pressed. */
  sorting?: { wanted: RowsWanted; onSort: (column: string) => void };
}

export function Cells({ label, columns, rows, from, first, positions, sorting }: Props) {
  const order = columns.map((_, place) => place);
  const ahead = columns.findIndex((column) => column.name === first);
  if (ahead > 0) order.unshift(...order.splice(ahead, 1));
  const head = (name: string): ReactNode => {
    const how = sorting && sortedBy(sorting.wanted, name);
    if (!sorting) return <div className="clip name" title={name}>{name}</div>;
    return <button type="button" className="sorter clip name" title={name} onClick={() => sorting.onSort(name)}>{name}<span aria-hidden="true">{how === 'ascending' ? ' ↑' : how === 'descending' ? ' ↓' : ''}</span></button>;
  };
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="right">{t('table.number')}</th>
            {order.map((place) => <th key={place} scope="col" className={numeric(columns[place]?.kind) ? 'right' : undefined} aria-sort={sorting && sortedBy(sorting.wanted, columns[place]?.name ?? '')}>{head(columns[place]?.name ?? '')}</th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={from + index}>
              <td className="right soft">{(positions?.[index] ?? from + index) + 1}</td>
              {order.map((place) => {
                const value = row[place] ?? null;
                return (
                  <td key={place} className={numeric(columns[place]?.kind) ? 'right' : undefined} style={{ maxWidth: 280 }}>
                    {value === null ? <span className="soft tiny">{t('rows.empty')}</span> : <div className="clip" title={String(value)}>{cell(value, columns[place]?.kind)}</div>}
                  </td>
                );
              })}
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

function numeric(kind: string | undefined): boolean {
  return kind === 'number' || kind === 'integer';
}
