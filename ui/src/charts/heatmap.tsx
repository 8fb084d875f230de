// A square of shaded numbers as a real table: correlations, and where a classifier is right and wrong.
import { t } from '../app/t';
import { number, percent, signed } from '../app/format';
import { Scroll } from '../design/parts';
import { TableTools } from './figure';
import './charts.css';

/** The strongest tint that ink stays readable on. */
const STRONGEST = 0.4;

function tint(share: number, token: string): string {
  const strength = Math.round(Math.min(1, Math.max(0, share)) * STRONGEST * 100);
  return strength === 0 ? 'transparent' : `color-mix(in srgb, var(${token}) ${strength}%, var(--surface))`;
}

export function Correlations({ columns, values }: { columns: string[]; values: (number | null)[][] }) {
  return (
    <>
      <p className="small soft wrap" style={{ marginBlockEnd: 12 }}>{t('relations.how')}</p>
      <Scroll label={t('relations.matrix')}>
        <table className="matrix dense">
          <caption className="hidden">{t('relations.matrix')}</caption>
          <thead>
            <tr><td />{columns.map((column) => <th key={column} scope="col" title={column}>{column}</th>)}</tr>
          </thead>
          <tbody>
            {columns.map((row, i) => (
              <tr key={row}>
                <th scope="row" title={row}>{row}</th>
                {columns.map((column, j) => {
                  const value = i === j ? 1 : values[i]?.[j];
                  if (value === null || value === undefined) return <td key={column}>–</td>;
                  return <td key={column} className="num" style={{ background: tint(Math.abs(value), value < 0 ? '--series-2' : '--series-1') }}>{signed(value)}</td>;
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <TableTools name="correlations" table={() => ({ head: ['', ...columns], rows: columns.map((row, i) => [row, ...(values[i] ?? [])]) })} />
    </>
  );
}

/** Rows are the truth, columns the model's answer; shading is the share of the row. With `onCell` a cell that counts something can be pressed. */
export function ConfusionMatrix({ classes, counts, onCell }: { classes: string[]; counts: number[][]; onCell?: (really: string, answered: string) => void }) {
  const totals = counts.map((row) => row.reduce((sum, count) => sum + count, 0));
  return (
    <>
      <Scroll label={t('model.confusion.title')}>
        <table className={classes.length > 6 ? 'matrix dense' : classes.length < 4 ? 'matrix roomy' : 'matrix'}>
          <caption className="hidden">{t('model.confusion.title')}</caption>
          <thead>
            <tr>
              <td />
              <th scope="colgroup" colSpan={classes.length} className="axis-name">{t('model.confusion.columns')}</th>
            </tr>
            <tr>
              <th scope="col" className="axis-name">{t('model.confusion.rows')}</th>
              {classes.map((name) => <th key={name} scope="col" title={name}><span className="hidden">{t('model.confusion.answered')} </span>{name}</th>)}
            </tr>
          </thead>
          <tbody>
            {classes.map((name, i) => (
              <tr key={name}>
                <th scope="row" title={name}><span className="hidden">{t('model.confusion.really')} </span>{name}</th>
                {classes.map((other, j) => {
                  const count = counts[i]?.[j] ?? 0;
                  const share = count / Math.max(1, totals[i] ?? 1);
                  const inner = <><b>{number(count)}</b>{classes.length <= 12 && <span className="tiny">{percent(share, 0)}</span>}</>;
                  return (
                    <td key={other} className={i === j ? 'diagonal' : undefined} style={{ background: tint(share, i === j ? '--series-1' : '--series-2') }}>
                      {onCell && count > 0 ? <button type="button" className="cell" onClick={() => onCell(name, other)}>{inner}<span className="hidden"> {t('model.cell.of', { really: name, answered: other })}</span></button> : inner}
                    </td>
                  );
                })}
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <TableTools name="confusion-matrix" table={() => ({ head: [`${t('model.confusion.rows')} \\ ${t('model.confusion.columns')}`, ...classes], rows: classes.map((name, i) => [name, ...(counts[i] ?? [])]) })} />
    </>
  );
}

/** The mix-ups that happen most, for when the matrix is too large to read. */
export function worstPairs(classes: string[], counts: number[][], most = 20): { real: string; answered: string; count: number; share: number }[] {
  const pairs = classes.flatMap((real, i) => {
    const total = (counts[i] ?? []).reduce((sum, count) => sum + count, 0);
    return classes.map((answered, j) => ({ real, answered, count: i === j ? 0 : (counts[i]?.[j] ?? 0), share: (counts[i]?.[j] ?? 0) / Math.max(1, total) }));
  });
  return pairs.filter((pair) => pair.count > 0).sort((a, b) => b.count - a.count || b.share - a.share).slice(0, most);
}
