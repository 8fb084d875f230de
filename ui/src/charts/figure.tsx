// The frame of every plot: what it says, how to read it, the drawing, and the same numbers as a table.
import { type ReactNode, useId, useRef, useState } from 'react';
import { t } from '../app/t';
import { number } from '../app/format';
import { Scroll } from '../design/parts';
import './charts.css';
import { csv, download, svgText, type Table } from './export';
import { useWidth } from './width';

interface Props {
  title: ReactNode;
  /** What kind of plot it is, where the title says what it found. */
  over?: string;
  /** One line: how to read it. */
  how?: ReactNode;
  /** What the plot shows, in a sentence, for those who do not see it. */
  summary: string;
  table: Table;
  /** Name of the downloaded files. */
  name: string;
  height: number;
  legend?: ReactNode;
  level?: 2 | 3;
  /** Another way to draw it: what it is called, and whether it is chosen. */
  toggle?: { label: string; on: boolean; onToggle: () => void };
  children: (width: number) => ReactNode;
}

export function Figure({ title, over, how, summary, table, name, height, legend, level = 2, toggle, children }: Props) {
  const [asTable, setAsTable] = useState(false);
  const [target, width] = useWidth<HTMLDivElement>();
  const svg = useRef<SVGSVGElement>(null);
  const id = useId();
  const Heading = level === 2 ? 'h2' : 'h3';
  return (
    <figure className="figure" aria-labelledby={id}>
      {over && <p className="over">{over}</p>}
      <Heading id={id} className="few" title={typeof title === 'string' ? title : undefined}>{title}</Heading>
      {how && <p className="how">{how}</p>}
      {legend}
      <div ref={target} className="plot">
        {asTable ? (
          <Scroll label={t('chart.tableOf', { name: summary })}><PlotTable table={table} /></Scroll>
        ) : (
          <svg ref={svg} width={width} height={height} viewBox={`0 0 ${width} ${height}`} role="img" aria-label={summary}>{children(width)}</svg>
        )}
      </div>
      <div className="tools">
        <button type="button" className="tool" aria-pressed={asTable} onClick={() => setAsTable(!asTable)}>{asTable ? t('chart.asPlot') : t('chart.asTable')}</button>
        {!asTable && toggle && <button type="button" className="tool" aria-pressed={toggle.on} onClick={toggle.onToggle}>{toggle.label}</button>}
        {!asTable && <button type="button" className="tool" onClick={() => svg.current && download(`${name}.svg`, svgText(svg.current), 'image/svg+xml')}>SVG<span className="hidden"> {t('chart.download')}</span></button>}
        <button type="button" className="tool" onClick={() => download(`${name}.csv`, csv(table), 'text/csv')}>CSV<span className="hidden"> {t('chart.download')}</span></button>
      </div>
    </figure>
  );
}

function PlotTable({ table }: { table: Table }) {
  return (
    <table>
      <thead><tr>{table.head.map((name, place) => <th key={name} scope="col" className={typeof table.rows[0]?.[place] === 'number' ? 'right' : undefined}>{name}</th>)}</tr></thead>
      <tbody>
        {table.rows.map((row, index) => (
          // The rows of a plot never move: their place is their key.
          <tr key={index}>{row.map((value, place) => <td key={place} className={typeof value === 'number' ? 'right' : undefined}>{typeof value === 'number' ? number(value) : (value ?? '–')}</td>)}</tr>
        ))}
      </tbody>
    </table>
  );
}

/** The numbers of a table that is a plot itself, as a file. */
export function TableTools({ name, table }: { name: string; table: () => Table }) {
  return (
    <div className="tools">
      <button type="button" className="tool" onClick={() => download(`${name}.csv`, csv(table()), 'text/csv')}>CSV<span className="hidden"> {t('chart.download')}</span></button>
    </div>
  );
}

export interface Series {
  name: string;
  index: number;
}

/** Names the lines of a plot by colour and by dash, so that colour is never the only sign. */
export function Legend({ series }: { series: Series[] }) {
  return (
    <ul className="legend">
      {series.map((one) => (
        <li key={one.name}>
          <svg width="28" height="10" aria-hidden="true"><line x1="1" y1="5" x2="27" y2="5" className={`line series-${(one.index % 4) + 1}`} strokeDasharray={dash(one.index)} /></svg>
          {one.name}
        </li>
      ))}
    </ul>
  );
}

const DASHES = [undefined, '7 4', '2 4', '10 3 2 3', '4 2', '1 5', '12 4', '6 2 1 2'];

export function dash(index: number): string | undefined {
  return DASHES[index % DASHES.length];
}
