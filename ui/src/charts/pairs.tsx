// Two shares beside each other for each of some bins: what there was, and what there is now.
import { percent } from '../app/format';
import { linear } from './axis';
import { Figure } from './figure';
import { cut } from './histogram';

interface Props {
  title: string;
  over?: string;
  how?: string;
  summary: string;
  name: string;
  /** What the bins are of. */
  label: string;
  bins: string[];
  before: { name: string; shares: number[] };
  now: { name: string; shares: number[] };
  level?: 2 | 3;
}

export function Pairs({ title, over, how, summary, name, label, bins, before, now, level }: Props) {
  const step = 36;
  const height = bins.length * step + 4;
  const table = { head: [label, before.name, now.name], rows: bins.map((bin, at) => [bin, before.shares[at] ?? 0, now.shares[at] ?? 0]) };
  const legend = (
    <ul className="legend">
      {[before.name, now.name].map((one, at) => <li key={one}><svg width="18" height="12" aria-hidden="true"><rect className={at === 0 ? 'bar then' : 'bar warm'} x={0.75} y={0.75} width={16.5} height={10.5} rx={2} /></svg>{one}</li>)}
    </ul>
  );
  return (
    <Figure title={title} over={over} how={how} summary={summary} table={table} name={name} height={height} legend={legend} level={level}>
      {(width) => {
        const left = Math.min(170, width * 0.36);
        const x = linear([0, Math.max(1e-9, ...before.shares, ...now.shares)], [left, width - 62]);
        return bins.map((bin, at) => {
          const [was, is] = [before.shares[at] ?? 0, now.shares[at] ?? 0];
          return (
            <g key={`${bin}-${at}`} transform={`translate(0,${at * step})`}>
              <text className="strong" x={left - 8} y={step / 2} dy="0.34em" textAnchor="end">{cut(bin, Math.floor((left - 8) / 6.7))}<title>{bin}</title></text>
              <rect className="bar then" x={left} y={4} height={12} width={Math.max(1, x(was) - left)} rx={2} />
              <rect className="bar warm" x={left} y={18} height={12} width={Math.max(1, x(is) - left)} rx={2} />
              <text x={x(was) + 6} y={10} dy="0.34em">{percent(was, 0)}</text>
              <text x={x(is) + 6} y={25} dy="0.34em">{percent(is, 0)}</text>
            </g>
          );
        });
      }}
    </Figure>
  );
}
