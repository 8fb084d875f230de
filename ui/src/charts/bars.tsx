// Bars over days, and bars of a ranking: how much, when, and by whom.
import { compact, day, number } from '../app/format';
import { AxisX, AxisY, linear } from './axis';
import { thin } from './curves';
import { Figure } from './figure';
import { cut } from './histogram';

interface DaysProps {
  title: string;
  over: string;
  how: string;
  summary: string;
  name: string;
  /** The beginning of each day in seconds since 1970, and what is counted in it. */
  days: number[];
  counts: number[];
  head: [string, string];
}

const DAY = 86_400;

export function DayBars({ title, over, how, summary, name, days, counts, head }: DaysProps) {
  const height = 240;
  return (
    <Figure title={title} over={over} how={how} summary={summary} name={name} height={height} table={{ head, rows: days.map((at, index) => [day(at), counts[index] ?? 0]) }}>
      {(width) => {
        const box = { left: 46, right: width - 8, top: 12, bottom: height - 26 };
        const x = linear([days[0] ?? 0, (days[days.length - 1] ?? 0) + DAY], [box.left, box.right]);
        const y = linear([0, Math.max(1, ...counts)], [box.bottom, box.top], true);
        const places = Math.max(2, Math.min(6, Math.floor((box.right - box.left) / 110)));
        return (
          <>
            <AxisY scale={y} box={box} ticks={4} format={(tick) => (Number.isInteger(tick) ? compact(tick) : '')} />
            {days.map((at, index) => (
              <rect key={at} className="bar" x={x(at) + 0.5} width={Math.max(1, x(at + DAY) - x(at) - 1)} y={y(counts[index] ?? 0)} height={Math.max(0, box.bottom - y(counts[index] ?? 0))}>
                <title>{`${day(at)}: ${number(counts[index])}`}</title>
              </rect>
            ))}
            <g transform={`translate(${(x(DAY) - x(0)) / 2},0)`}><AxisX scale={x} box={{ ...box, left: box.left - (x(DAY) - x(0)) / 2, right: box.right - (x(DAY) - x(0)) / 2 }} at={thin(days.length, places).map((place) => days[place] ?? 0)} format={(at) => day(at).slice(5)} /></g>
          </>
        );
      }}
    </Figure>
  );
}

interface RanksProps {
  title: string;
  over: string;
  how: string;
  summary: string;
  name: string;
  rows: { label: string; count: number }[];
  head: [string, string];
}

export function Ranks({ title, over, how, summary, name, rows, head }: RanksProps) {
  const step = 28;
  const height = rows.length * step + 6;
  return (
    <Figure title={title} over={over} how={how} summary={summary} name={name} height={height} table={{ head, rows: rows.map(({ label, count }) => [label, count]) }}>
      {(width) => {
        const left = Math.min(190, width * 0.38);
        const x = linear([0, Math.max(1, ...rows.map(({ count }) => count))], [left, width - 68]);
        return rows.map(({ label, count }, index) => (
          // Two people may bear the same name: the place is the key.
          <g key={index} transform={`translate(0,${index * step})`}>
            <text className="strong" x={left - 10} y={step / 2} dy="0.34em" textAnchor="end">{cut(label, Math.floor((left - 10) / 6.7))}<title>{label}</title></text>
            <rect className="bar" x={left} y={6} height={step - 12} width={Math.max(1, x(count) - left)} rx={2} />
            <text x={x(count) + 8} y={step / 2} dy="0.34em">{number(count)}</text>
          </g>
        ));
      }}
    </Figure>
  );
}
