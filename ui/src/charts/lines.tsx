// Lines over numbers of any kind, each with its spread where there is one: how an answer moves with a column, how a score
// moves with rows or versions.
import type { ReactNode } from 'react';
import { compact } from '../app/format';
import { AxisX, AxisY, linear } from './axis';
import { polyline, thin } from './curves';
import { dash, Figure, Legend } from './figure';

export interface Line {
  name: string;
  xs: number[];
  ys: number[];
  /** Half the height of the band at each point. */
  spread?: number[];
}

interface Props {
  title: ReactNode;
  over?: string;
  how?: string;
  summary: string;
  name: string;
  xLabel: string;
  yLabel: string;
  lines: Line[];
  /** Thin lines in the background: those of single rows. */
  faint?: { xs: number[]; ys: number[] }[];
  /** Ticks at the foot: where values lie. */
  rug?: number[];
  formatX?: (value: number) => string;
  formatY?: (value: number) => string;
  level?: 2 | 3;
  /** A point to stand out. */
  mark?: [number, number] | null;
  height?: number;
  /** Where ticks may be along the foot: the beginnings of periods. */
  periods?: number[];
  /** Beyond these no value lies, whatever the spread says. */
  limits?: [number, number];
}

export function Lines({ title, over, how, summary, name, xLabel, yLabel, lines, faint = [], rug = [], formatX = compact, formatY = compact, level, mark, height = 300, periods, limits = [Number.NEGATIVE_INFINITY, Number.POSITIVE_INFINITY] }: Props) {
  const spreads = lines.some((line) => line.spread);
  const table = {
    head: [...(lines.length > 1 ? ['series'] : []), xLabel, yLabel, ...(spreads ? ['±'] : [])],
    rows: lines.flatMap((line) => line.xs.map((x, at) => [...(lines.length > 1 ? [line.name] : []), x, line.ys[at] ?? null, ...(spreads ? [line.spread?.[at] ?? null] : [])])),
  };
  const within = (value: number) => Math.min(limits[1], Math.max(limits[0], value));
  const all = lines.flatMap((line) => line.ys.flatMap((y, at) => [within(y - (line.spread?.[at] ?? 0)), within(y + (line.spread?.[at] ?? 0))])).concat(faint.flatMap((line) => line.ys)).filter(Number.isFinite);
  const across = lines.flatMap((line) => line.xs).filter(Number.isFinite);
  return (
    <Figure title={title} over={over} how={how} summary={summary} table={table} name={name} height={height} level={level} legend={lines.length > 1 ? <Legend series={lines.map((line, index) => ({ name: line.name, index }))} /> : undefined}>
      {(width) => {
        const box = { left: 58, right: Math.min(width - 14, 58 + 620), top: 26, bottom: height - 46 };
        const x = linear([Math.min(...across), Math.max(...across)], [box.left + 6, box.right]);
        const y = linear([Math.min(...all), Math.max(...all)], [box.bottom, box.top], true);
        const places = Math.max(2, Math.min(6, Math.floor((box.right - box.left) / 90)));
        return (
          <>
            <AxisY scale={y} box={box} label={yLabel} format={formatY} />
            <AxisX scale={x} box={box} label={xLabel} format={formatX} ticks={places} at={periods && thin(periods.length, places).map((place) => periods[place] ?? 0)} />
            {faint.map((line, index) => <path key={index} className="line" stroke="var(--rule-strong)" strokeOpacity={0.25} style={{ strokeWidth: 1 }} d={polyline(line.xs.map((at, place) => [x(at), y(line.ys[place] ?? 0)]))} />)}
            {lines.map((line, index) => line.spread && (
              <path key={`band-${line.name}`} fill={`var(--series-${(index % 4) + 1})`} fillOpacity={0.14} stroke="none"
                d={`${polyline(line.xs.map((at, place) => [x(at), y(within((line.ys[place] ?? 0) + (line.spread?.[place] ?? 0)))]))}${[...line.xs.keys()].reverse().map((place) => `L${x(line.xs[place] ?? 0).toFixed(2)},${y(within((line.ys[place] ?? 0) - (line.spread?.[place] ?? 0))).toFixed(2)}`).join('')}Z`} />
            ))}
            {lines.map((line, index) => (
              <g key={line.name}>
                <path className={`line series-${(index % 4) + 1}`} strokeDasharray={dash(index)} d={polyline(line.xs.map((at, place) => [x(at), y(line.ys[place] ?? 0)]))} />
                {line.xs.length <= 12 && line.xs.map((at, place) => <circle key={at} className={`series-${(index % 4) + 1}`} fill="var(--surface)" strokeWidth={2} cx={x(at)} cy={y(line.ys[place] ?? 0)} r={4} />)}
              </g>
            ))}
            {rug.map((at, index) => <line key={index} stroke="var(--ink)" strokeOpacity={0.5} x1={x(at)} x2={x(at)} y1={box.bottom - 6} y2={box.bottom} />)}
            {mark && <circle className="dot" cx={x(mark[0])} cy={y(mark[1])} r={6} />}
          </>
        );
      }}
    </Figure>
  );
}
