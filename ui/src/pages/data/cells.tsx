// Rows of a table as they are, one below the other, in a region of their own that scrolls sideways.
import type { Rows } from '../../api/types';
import { cell } from '../../app/format';
import { t } from '../../app/t';
import { Scroll } from '../../design/parts';

interface Props extends Pick<Rows, 'columns' | 'rows'> {
  label: string;
  /** How many came before. */
  from: number;
  /** A column to put before the others. */
  first?: string;
}

export function Cells({ label, columns, rows, from, first }: Props) {
  const order = columns.map((_, place) => place);
  const ahead = columns.findIndex((column) => column.name === first);
  if (ahead > 0) order.unshift(...order.splice(ahead, 1));
  return (
    <Scroll label={label}>
      <table>
        <thead>
          <tr>
            <th scope="col" className="right">{t('table.number')}</th>
            {order.map((place) => <th key={place} scope="col" className={numeric(columns[place]?.kind) ? 'right' : undefined}><div className="clip name" title={columns[place]?.name}>{columns[place]?.name}</div></th>)}
          </tr>
        </thead>
        <tbody>
          {rows.map((row, index) => (
            <tr key={from + index}>
              <td className="right soft">{from + index + 1}</td>
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
