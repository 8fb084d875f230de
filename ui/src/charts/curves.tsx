// Lines in the unit square: ROC, precision-recall, calibration, and how a cut moves each measure.
import type { ReactNode } from 'react';
import { percent } from '../app/format';
import { t } from '../app/t';
import { AxisX, AxisY, linear, type Scale } from './axis';
import { dash, Figure, Legend } from './figure';

export interface Curve {
  name: string;
  xs: number[];
  ys: number[];
  dots?: boolean;
  /** How many rows stand behind each point, drawn as bars at the foot. */
  counts?: number[];
}

interface Props {
  title: string;
  over?: string;
  how: string;
  summary: string;
  name: string;
  xLabel: string;
  yLabel: string;
  curves: Curve[];
  /** A straight dashed line for comparison, from its first to its second point. */
  guide?: [[number, number], [number, number]];
  /** A point to stand out, for example where the chosen cut lies. */
  mark?: [number, number] | null;
  xMark?: number | null;
  extra?: (x: Scale, y: Scale) => ReactNode;
}

/** How high the bars at the foot reach, in pixels. */
const FOOT = 56;

/** At most `most` points, the first and last among them: a screen has no room for more. */
export function thin(length: number, most = 300): number[] {
  if (length <= most) return Array.from({ length }, (_, index) => index);
  return Array.from({ length: most }, (_, index) => Math.round((index * (length - 1)) / (most - 1)));
}

/** The path through points, in pixels. */
export function polyline(points: [number, number][]): string {
  return points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(2)},${y.toFixed(2)}`).join('');
}

export function Curves({ title, over, how, summary, name, xLabel, yLabel, curves, guide, mark, xMark, extra }: Props) {
  const height = 300;
  const counted = curves.some((curve) => curve.counts);
  const table = {
    head: [...(curves.length > 1 ? ['series'] : []), xLabel, yLabel, ...(counted ? [t('chart.rows')] : [])],
    rows: curves.flatMap((curve) => thin(curve.xs.length, 60).map((index) => [...(curves.length > 1 ? [curve.name] : []), curve.xs[index] ?? null, curve.ys[index] ?? null, ...(counted ? [curve.counts?.[index] ?? null] : [])])),
  };
  return (
    <Figure title={title} over={over} how={how} summary={summary} table={table} name={name} height={height} legend={curves.length > 1 ? <Legend series={curves.map((curve, index) => ({ name: curve.name, index }))} /> : undefined}>
      {(width) => {
        const box = { left: 46, right: Math.min(width - 12, 46 + 440), top: 26, bottom: height - 46 };
        const x = linear([0, 1], [box.left, box.right]);
        const y = linear([0, 1], [box.bottom, box.top]);
        const share = (value: number) => percent(value, 0);
        return (
          <>
            <AxisY scale={y} box={box} label={yLabel} format={share} />
            <AxisX scale={x} box={box} label={xLabel} format={share} ticks={5} />
            {guide && <line className="guide" x1={x(guide[0][0])} y1={y(guide[0][1])} x2={x(guide[1][0])} y2={y(guide[1][1])} />}
            {curves.map((curve) => curve.counts?.map((count, place) => (
              <rect key={`${curve.name}:${curve.xs[place]}`} className="bar faint" x={Math.min(box.right - 14, Math.max(box.left, x(curve.xs[place] ?? 0) - 7))} width={14} y={box.bottom - (count / Math.max(1, ...(curve.counts ?? []))) * FOOT} height={(count / Math.max(1, ...(curve.counts ?? []))) * FOOT}><title>{t('chart.points', { count })}</title></rect>
            )))}
            {curves.map((curve, index) => (
              <g key={curve.name}>
                <path className={`line series-${(index % 4) + 1}`} strokeDasharray={curve.dots ? undefined : dash(index)} d={polyline(thin(curve.xs.length).map((place) => [x(curve.xs[place] ?? 0), y(curve.ys[place] ?? 0)]))} />
                {curve.dots && curve.xs.map((at, place) => <circle key={at} className={`series-${(index % 4) + 1}`} fill="var(--surface)" strokeWidth={2} cx={x(at)} cy={y(curve.ys[place] ?? 0)} r={4} />)}
              </g>
            ))}
            {extra?.(x, y)}
            {xMark !== null && xMark !== undefined && <line className="whisker" x1={x(xMark)} x2={x(xMark)} y1={box.top} y2={box.bottom} />}
            {mark && <circle className="dot" cx={x(mark[0])} cy={y(mark[1])} r={6} />}
          </>
        );
      }}
    </Figure>
  );
}
