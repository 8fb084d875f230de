// A search as it goes: a dot for each setting that was tried, and the best so far as steps.
import { t } from '../app/t';
import { number } from '../app/format';
import { AxisX, AxisY, linear } from './axis';
import { polyline } from './curves';
import { Figure } from './figure';

export interface Try {
  number: number;
  score: number | null;
  pruned: boolean;
}

/** The best score up to each try; nothing until one was judged whole. */
export function bestSoFar(tries: Try[], higher: boolean): (number | null)[] {
  let best: number | null = null;
  return tries.map((one) => {
    if (one.score !== null && !one.pruned && (best === null || (higher ? one.score > best : one.score < best))) best = one.score;
    return best;
  });
}

interface Props {
  title: string;
  tries: Try[];
  higher: boolean;
  metric: string;
  baseline: number | null;
  format: (value: number) => string;
}

export function Tries({ title, tries, higher, metric, baseline, format }: Props) {
  const height = 300;
  const best = bestSoFar(tries, higher);
  const last = best[best.length - 1] ?? null;
  const at = best.indexOf(last);
  const scores = tries.flatMap((one) => (one.score === null ? [] : [one.score]));
  const state = (one: Try) => t(one.score === null ? 'study.state.failed' : one.pruned ? 'study.state.pruned' : 'study.state.judged');
  const table = { head: [t('study.chart.x'), metric, t('study.chart.state')], rows: tries.map((one) => [one.number + 1, one.score, state(one)]) };
  return (
    <Figure title={title} over={t('study.chart')} how={t('study.chart.how')} summary={t('study.chart.summary', { count: tries.length, best: last === null ? '–' : format(last), at: at + 1 })} table={table} name="tries" height={height}>
      {(width) => {
        const box = { left: 58, right: width - 14, top: 26, bottom: height - 46 };
        const x = linear([1, Math.max(2, tries.length)], [box.left + 8, box.right]);
        // One wild try must not flatten all others; it is drawn at the edge.
        const sorted = [...scores].sort((a, b) => a - b);
        const inner = sorted.slice(higher ? Math.floor(sorted.length * 0.1) : 0, higher ? undefined : Math.max(1, Math.ceil(sorted.length * 0.9)));
        const shown = baseline === null ? inner : [...inner, baseline];
        const y = linear([Math.min(...shown), Math.max(...shown)], [box.bottom, box.top], true);
        const place = (score: number) => Math.min(box.bottom, Math.max(box.top, y(score)));
        const steps = best.flatMap((value, index): [number, number][] => (value === null ? [] : [...(index > 0 && best[index - 1] !== null ? [[x(index + 1), place(best[index - 1] as number)] as [number, number]] : []), [x(index + 1), place(value)]]));
        return (
          <>
            <AxisY scale={y} box={box} label={metric} format={format} />
            <AxisX scale={x} box={box} label={t('study.chart.x')} format={(value) => (Number.isInteger(value) ? number(value) : '')} />
            {baseline !== null && <line className="guide" x1={box.left} x2={box.right} y1={place(baseline)} y2={place(baseline)} />}
            {steps.length > 0 && <path className="line series-1" d={polyline(steps)} />}
            {tries.map((one, index) => one.score !== null && <circle key={one.number} className={one.pruned ? 'series-2' : 'series-1'} fill={one.pruned ? 'var(--surface)' : 'currentColor'} fillOpacity={one.pruned ? 1 : 0.55} strokeWidth={1.5} color="var(--series-1)" cx={x(index + 1)} cy={place(one.score)} r={tries.length > 200 ? 2 : 3.5} />)}
          </>
        );
      }}
    </Figure>
  );
}
