// Two numbers against each other, as hexagons shaded by how many points fall in each: a thousand dots
// on top of one another would hide where most of them are.
import type { ReactNode } from 'react';
import { t } from '../app/t';
import { compact, number } from '../app/format';
import { AxisX, AxisY, linear, type Scale } from './axis';
import { Figure } from './figure';

export interface Point {
  x: number;
  y: number;
}

interface Hexagon {
  x: number;
  y: number;
  count: number;
}

/** Bins points, already in pixels, into hexagons of the given radius. */
export function hexagons(points: Point[], radius: number): Hexagon[] {
  const dx = radius * Math.sqrt(3);
  const dy = radius * 1.5;
  const bins = new Map<string, Hexagon>();
  for (const point of points) {
    // Candidate centres lie on two interleaved grids of rows; the nearer one wins.
    let best: { key: string; x: number; y: number; distance: number } | null = null;
    const near = Math.floor(point.y / dy);
    for (const row of [near, near + 1]) {
      const shift = row % 2 === 0 ? 0 : dx / 2;
      const column = Math.round((point.x - shift) / dx);
      const x = column * dx + shift;
      const y = row * dy;
      const distance = (point.x - x) ** 2 + (point.y - y) ** 2;
      if (!best || distance < best.distance) best = { key: `${row}:${column}`, x, y, distance };
    }
    if (!best) continue;
    const bin = bins.get(best.key);
    if (bin) bin.count += 1;
    else bins.set(best.key, { x: best.x, y: best.y, count: 1 });
  }
  return [...bins.values()];
}

function path(radius: number): string {
  const corners = Array.from({ length: 6 }, (_, index) => {
    const angle = (Math.PI / 3) * index + Math.PI / 6;
    return `${(radius * Math.cos(angle)).toFixed(2)},${(radius * Math.sin(angle)).toFixed(2)}`;
  });
  return `M${corners.join('L')}Z`;
}

interface Props {
  title: string;
  over?: string;
  how: string;
  summary: string;
  name: string;
  xLabel: string;
  yLabel: string;
  points: Point[];
  /** Draws a line of comparison into the plot. */
  guide?: (x: Scale, y: Scale) => ReactNode;
  /** Both axes on one range, so that the diagonal is where they agree. */
  square?: boolean;
}

export function Hexbin({ title, over, how, summary, name, xLabel, yLabel, points, guide, square = false }: Props) {
  const height = 320;
  const xs = points.map((point) => point.x);
  const ys = points.map((point) => point.y);
  const extent = (values: number[]): [number, number] => [Math.min(...values), Math.max(...values)];
  const both = extent([...xs, ...ys]);
  return (
    <Figure title={title} over={over} how={how} summary={summary} table={{ head: [xLabel, yLabel], rows: points.slice(0, 1000).map((point) => [point.x, point.y]) }} name={name} height={height}>
      {(width) => {
        const box = { left: 58, right: width - 12, top: 26, bottom: height - 46 };
        const x = linear(square ? both : extent(xs), [box.left + 8, box.right - 8], true);
        const y = linear(square ? both : extent(ys), [box.bottom - 8, box.top + 8], true);
        const radius = points.length > 150 ? 8 : 5;
        const bins = hexagons(points.map((point) => ({ x: x(point.x), y: y(point.y) })), radius);
        const most = Math.max(1, ...bins.map((bin) => bin.count));
        const shape = path(radius - 0.4);
        return (
          <>
            <AxisY scale={y} box={box} label={yLabel} format={compact} />
            <AxisX scale={x} box={box} label={xLabel} format={compact} />
            {bins.map((bin) => (
              <path key={`${bin.x}:${bin.y}`} className="hex" d={shape} transform={`translate(${bin.x.toFixed(2)},${bin.y.toFixed(2)})`} opacity={0.25 + 0.75 * Math.sqrt(bin.count / most)}>
                <title>{t('chart.points', { count: bin.count })}: {number(x.invert(bin.x), 3)} / {number(y.invert(bin.y), 3)}</title>
              </path>
            ))}
            {guide?.(x, y)}
          </>
        );
      }}
    </Figure>
  );
}
