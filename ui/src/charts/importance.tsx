// What the model looks at: how much worse it gets when a column is shuffled, with the spread over repeats.
import { t } from '../app/t';
import { number } from '../app/format';
import { linear } from './axis';
import { Figure } from './figure';
import { cut } from './histogram';

export function Importance({ rows, metric, title, summary }: { rows: { column: string; mean: number; std: number }[]; metric: string; title: string; summary: string }) {
  const shown = rows.slice(0, 20);
  const step = 28;
  const height = shown.length * step + 6;
  const table = { head: [t('chart.column'), t('chart.drop', { metric }), t('chart.spread')], rows: rows.map((row) => [row.column, row.mean, row.std]) };
  return (
    <Figure title={title} how={t('model.importance.how', { metric })} summary={summary} table={table} name="importance" height={height}>
      {(width) => {
        const left = Math.min(190, width * 0.38);
        const low = Math.min(0, ...shown.map((row) => row.mean - row.std));
        const high = Math.max(1e-9, ...shown.map((row) => row.mean + row.std));
        const x = linear([low, high], [left, width - 68]);
        return (
          <>
            <line className="guide" x1={x(0)} x2={x(0)} y1={0} y2={height} />
            {shown.map((row, index) => {
              const from = Math.min(x(0), x(row.mean));
              const middle = step / 2;
              return (
                <g key={row.column} transform={`translate(0,${index * step})`}>
                  <text className="strong" x={left - 10} y={middle} dy="0.34em" textAnchor="end">{cut(row.column, Math.floor((left - 10) / 6.7))}<title>{row.column}</title></text>
                  <rect className="bar" x={from} y={6} height={step - 12} width={Math.max(1, Math.abs(x(row.mean) - x(0)))} rx={2} />
                  <line className="whisker" x1={x(row.mean - row.std)} x2={x(row.mean + row.std)} y1={middle} y2={middle} />
                  <text x={Math.max(x(row.mean + row.std), x(row.mean)) + 8} y={middle} dy="0.34em">{number(row.mean, 2)}</text>
                </g>
              );
            })}
          </>
        );
      }}
    </Figure>
  );
}
