// Axes and grounds that all plots share.
import { scaleLinear, type ScaleLinear } from 'd3-scale';
import { compact } from '../app/format';

export type Scale = ScaleLinear<number, number>;

export interface Box {
  left: number;
  right: number;
  top: number;
  bottom: number;
}

/** A scale that also takes a single value or none: a plot of one constant is still a plot. */
export function linear(domain: [number, number], range: [number, number], nice = false): Scale {
  const [low, high] = domain;
  const safe: [number, number] = !Number.isFinite(low) || !Number.isFinite(high) ? [0, 1] : low === high ? [low - 0.5, high + 0.5] : [low, high];
  const scale = scaleLinear().domain(safe).range(range);
  return nice ? scale.nice(5) : scale;
}

interface AxisProps {
  scale: Scale;
  box: Box;
  label?: string;
  ticks?: number;
  /** Where ticks are, where that is not left to the scale. */
  at?: number[];
  format?: (value: number) => string;
  grid?: boolean;
}

export function AxisX({ scale, box, label, ticks, at, format = compact, grid = false }: AxisProps) {
  const wanted = ticks ?? Math.max(2, Math.min(8, Math.floor((box.right - box.left) / 70)));
  return (
    <g className="axis">
      <line x1={box.left} x2={box.right} y1={box.bottom} y2={box.bottom} />
      {(at ?? scale.ticks(wanted)).map((tick) => (
        <g key={tick} transform={`translate(${scale(tick)},0)`}>
          {grid && <line className="grid" y1={box.top} y2={box.bottom} />}
          <line y1={box.bottom} y2={box.bottom + 4} />
          <text y={box.bottom + 18} textAnchor="middle">{format(tick)}</text>
        </g>
      ))}
      {label && <text className="label" x={(box.left + box.right) / 2} y={box.bottom + 38} textAnchor="middle">{label}</text>}
    </g>
  );
}

export function AxisY({ scale, box, label, ticks = 5, at, format = compact, grid = true }: AxisProps) {
  return (
    <g className="axis">
      {(at ?? scale.ticks(ticks)).map((tick) => (
        <g key={tick} transform={`translate(0,${scale(tick)})`}>
          {grid && <line className="grid" x1={box.left} x2={box.right} />}
          <text x={box.left - 8} dy="0.32em" textAnchor="end">{format(tick)}</text>
        </g>
      ))}
      {label && <text className="label" x={box.left} y={box.top - 10} textAnchor="start">{label}</text>}
    </g>
  );
}

/** Counts on a scale of factors of ten that still has a place for none: the logarithm of one more. */
export function logUp(count: number): number {
  return Math.log10(1 + count);
}

/** 0, 1, 10, 100, … up to the highest count. */
export function logTicks(most: number): number[] {
  return [0, ...Array.from({ length: Math.floor(Math.log10(Math.max(1, most))) + 1 }, (_, power) => 10 ** power)];
}

/** Whether some bars are so low beside the highest that they can hardly be seen. */
export function rises(counts: number[]): boolean {
  const some = counts.filter((count) => count > 0);
  return some.length > 1 && Math.max(...some) >= 10 * Math.min(...some);
}
