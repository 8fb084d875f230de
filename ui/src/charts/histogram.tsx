// How one column of numbers, or of categories, is spread.
import { useState } from 'react';
import { t } from '../app/t';
import { compact, day, number, percent } from '../app/format';
import type { ColumnProfile, Histogram as Bins } from '../api/types';
import { AxisX, AxisY, linear, logTicks, logUp, rises } from './axis';
import { Figure } from './figure';

interface Props {
  title: string;
  over?: string;
  bins: Bins;
  name: string;
  how?: string;
  label?: string;
  dates?: boolean;
  height?: number;
  summary?: string;
}

export function Histogram({ title, over, bins, name, how, label, dates = false, height = 220, summary }: Props) {
  const { edges, counts } = bins;
  const [log, setLog] = useState(false);
  const lopsided = rises(counts);
  const format = dates ? (value: number) => day(value).slice(0, 10) : compact;
  // Numbers stay numbers in the file that is taken away.
  const edge = (value: number) => (dates ? format(value) : value);
  const total = counts.reduce((sum, count) => sum + count, 0);
  const peak = counts.indexOf(Math.max(...counts));
  const text = summary ?? t('chart.histogram', { name: title, peak: `${format(edges[peak] ?? 0)} – ${format(edges[peak + 1] ?? 0)}`, share: percent((counts[peak] ?? 0) / Math.max(1, total)) });
  const table = { head: [t('chart.from'), t('chart.to'), t('chart.rows')], rows: counts.map((count, index) => [edge(edges[index] ?? 0), edge(edges[index + 1] ?? 0), count]) };
  return (
    <Figure
      title={title} over={over} how={log ? [how, t('chart.logHow')].filter(Boolean).join(' ') : how} summary={text} table={table} name={name} height={height}
      toggle={lopsided ? { label: t('chart.log'), on: log, onToggle: () => setLog(!log) } : undefined}
    >
      {(width) => {
        const box = { left: 46, right: width - 8, top: 12, bottom: height - (label ? 46 : 26) };
        const x = linear([edges[0] ?? 0, edges[edges.length - 1] ?? 1], [box.left, box.right]);
        const most = Math.max(1, ...counts);
        const scale = log ? linear([0, logUp(most)], [box.bottom, box.top]) : linear([0, most], [box.bottom, box.top], true);
        const y = (count: number) => scale(log ? logUp(count) : count);
        return (
          <>
            {log ? <AxisY scale={scale} box={box} at={logTicks(most).map(logUp)} format={(up) => compact(Math.round(10 ** up - 1))} /> : <AxisY scale={scale} box={box} ticks={4} />}
            {counts.map((count, index) => {
              const left = x(edges[index] ?? 0);
              const wide = x(edges[index + 1] ?? 0) - left;
              return (
                <rect key={edges[index]} className="bar" x={left + 0.5} width={Math.max(1, wide - 1)} y={y(count)} height={Math.max(0, box.bottom - y(count))}>
                  <title>{`${format(edges[index] ?? 0)} – ${format(edges[index + 1] ?? 0)}: ${number(count)}`}</title>
                </rect>
              );
            })}
            <AxisX scale={x} box={box} label={label} format={format} ticks={dates ? Math.max(2, Math.floor(width / 140)) : undefined} />
          </>
        );
      }}
    </Figure>
  );
}

export interface BarRow {
  label: string;
  value: number;
  faint?: boolean;
}

/** Horizontal bars with their numbers; long labels are cut, the whole text is in the table. */
export function Bars({ title, over, rows, name, how, summary, unit, total, level }: { title: string; over?: string; rows: BarRow[]; name: string; how?: string; summary: string; unit: string; total?: number; level?: 2 | 3 }) {
  const step = 26;
  const height = rows.length * step + 4;
  const table = { head: [t('chart.value'), unit], rows: rows.map((row) => [row.label, row.value]) };
  return (
    <Figure title={title} over={over} how={how} summary={summary} table={table} name={name} height={height} level={level}>
      {(width) => {
        const left = Math.min(180, width * 0.38);
        const x = linear([0, Math.max(1e-12, ...rows.map((row) => row.value))], [left, width - 78]);
        return rows.map((row, index) => (
          <g key={row.label} transform={`translate(0,${index * step})`}>
            <text className="strong" x={left - 8} y={step / 2} dy="0.34em" textAnchor="end">{cut(row.label, Math.floor((left - 8) / 6.7))}<title>{row.label}</title></text>
            <rect className={row.faint ? 'bar faint' : 'bar'} x={left} y={4} width={Math.max(1, x(row.value) - left)} height={step - 8} rx={2} />
            <text x={x(row.value) + 6} y={step / 2} dy="0.34em">{total ? percent(row.value / total) : compact(row.value)}</text>
          </g>
        ));
      }}
    </Figure>
  );
}

export function cut(text: string, length: number): string {
  return text.length > length ? `${text.slice(0, Math.max(1, length - 1))}…` : text;
}

/** What a column's plot says first: where most rows lie, or which value is most frequent. */
export function finding(column: ColumnProfile, rows: number): string | undefined {
  const filled = Math.max(1, rows - column.missing);
  if (column.histogram && column.histogram.counts.length > 0 && column.kind !== 'boolean') {
    const { edges, counts } = column.histogram;
    const format = column.kind === 'date' ? (value: number) => day(value).slice(0, 10) : compact;
    const total = Math.max(1, counts.reduce((sum, count) => sum + count, 0));
    if (counts.length === 1 || edges[0] === edges[edges.length - 1]) return t('finding.constant', { value: format(edges[0] ?? 0) });
    // The shortest run of bins that holds half of the rows.
    let best: [number, number] = [0, counts.length - 1];
    for (let from = 0; from < counts.length; from += 1) {
      let sum = 0;
      for (let to = from; to < counts.length && to - from < best[1] - best[0]; to += 1) {
        sum += counts[to] ?? 0;
        if (sum * 2 >= total) best = [from, to];
      }
    }
    return t('finding.middle', { low: format(edges[best[0]] ?? 0), high: format(edges[best[1] + 1] ?? 0) });
  }
  const first = column.top?.[0];
  return first ? t('finding.most', { value: String(first.value), share: percent(first.count / filled) }) : undefined;
}

/** The plot that fits a column: bars over its values, or its histogram. */
export function ColumnPlot({ column, rows, height, title = column.name }: { column: ColumnProfile; rows: number; height?: number; title?: string }) {
  const said = finding(column, rows);
  if (column.histogram && column.histogram.counts.length > 0 && column.kind !== 'boolean') {
    return <Histogram title={title} how={said} bins={column.histogram} name={column.name} dates={column.kind === 'date'} height={height} />;
  }
  const top = column.top ?? [];
  if (top.length === 0) return <p className="soft small">{t('profile.noPlot', { name: column.name })}</p>;
  const shown: BarRow[] = top.slice(0, 20).map((one) => ({ label: String(one.value), value: one.count }));
  const other = column.other ?? 0;
  if (other > 0) shown.push({ label: t('profile.others'), value: other, faint: true });
  const filled = Math.max(1, rows - column.missing);
  return <Bars title={title} how={said} rows={shown} name={column.name} unit={t('chart.rows')} total={filled} summary={t('chart.categories', { name: column.name, top: shown[0]?.label ?? '', share: percent((shown[0]?.value ?? 0) / filled) })} />;
}

/** A column at a glance, in one table cell. */
export function MiniPlot({ column, rows, width = 120, height = 30 }: { column: ColumnProfile; rows: number; width?: number; height?: number }) {
  if (column.histogram && column.histogram.counts.length > 0 && column.kind !== 'boolean') {
    const { counts } = column.histogram;
    const step = width / counts.length;
    const most = Math.max(1, ...counts);
    return (
      <svg className="mini" width={width} height={height} aria-hidden="true">
        {counts.map((count, index) => {
          const tall = count === 0 ? 0 : Math.max(1.5, (count / most) * (height - 2));
          return <rect key={index} x={index * step} y={height - tall} width={Math.max(0.8, step - 0.8)} height={tall} />;
        })}
      </svg>
    );
  }
  const top = (column.top ?? []).slice(0, 5);
  const filled = Math.max(1, rows - column.missing);
  let at = 0;
  return (
    <svg className="mini" width={width} height={height} aria-hidden="true">
      <rect className="rest" x={0} y={9} width={width} height={height - 18} rx={2} />
      {top.map((one, index) => {
        const wide = (one.count / filled) * width;
        const left = at;
        at += wide;
        return <rect key={one.value} x={left} y={9} width={Math.max(0, wide - 1.5)} height={height - 18} opacity={1 - index * 0.17} rx={1} />;
      })}
    </svg>
  );
}
