// The middle half and the reach of a number for each of some groups; and how groups share out over values.
import { t } from '../app/t';
import { compact, day, percent } from '../app/format';
import { AxisX, linear } from './axis';
import { Figure } from './figure';
import { cut } from './histogram';

/** A number in one group. */
export interface Five {
  group: string;
  count: number;
  low: number;
  quartiles: [number, number, number];
  high: number;
  /** Beyond one and a half times the middle half. */
  far: number;
}

/** A value, and how groups share out over it. */
export interface Stack {
  value: string;
  count: number;
  /** One for each group, in their order. */
  shares: number[];
}

const STEP = 34;

interface BoxesProps {
  title: string;
  over: string;
  name: string;
  by: string;
  boxes: Five[];
  dates: boolean;
}

export function Boxes({ title, over, name, by, boxes, dates }: BoxesProps) {
  const format = dates ? (value: number) => day(value).slice(0, 10) : compact;
  const plain = (value: number) => (dates ? format(value) : value);
  const height = boxes.length * STEP + 30;
  const table = { head: [by, t('chart.rows'), t('split.low'), t('profile.fact.q1'), t('profile.fact.median'), t('profile.fact.q3'), t('split.high'), t('split.far')], rows: boxes.map((box) => [box.group, box.count, plain(box.low), ...box.quartiles.map(plain), plain(box.high), box.far]) };
  return (
    <Figure title={title} over={over} how={t('split.boxesHow')} summary={t('split.boxes', { column: name, by, list: boxes.map((box) => `${box.group} ${format(box.quartiles[1])}`).join(', ') })} table={table} name={`${name}-by-${by}`} height={height}>
      {(width) => {
        const left = Math.min(150, width * 0.34);
        const area = { left, right: width - 44, top: 0, bottom: boxes.length * STEP + 4 };
        const x = linear([Math.min(...boxes.map((box) => box.low)), Math.max(...boxes.map((box) => box.high))], [area.left + 4, area.right]);
        return (
          <>
            <AxisX scale={x} box={area} format={format} ticks={dates ? 2 : Math.max(2, Math.min(5, Math.floor((area.right - area.left) / 70)))} grid />
            {boxes.map((box, at) => (
              <g key={box.group} transform={`translate(0,${at * STEP})`}>
                <text className="strong" x={left - 8} y={STEP / 2} dy="0.34em" textAnchor="end">{cut(box.group, Math.floor((left - 8) / 6.7))}<title>{`${box.group}: ${format(box.quartiles[1])}`}</title></text>
                <line className="whisker" x1={x(box.low)} x2={x(box.high)} y1={STEP / 2} y2={STEP / 2} />
                <rect className="bar" x={x(box.quartiles[0])} width={Math.max(2, x(box.quartiles[2]) - x(box.quartiles[0]))} y={7} height={STEP - 14} rx={2} />
                <line x1={x(box.quartiles[1])} x2={x(box.quartiles[1])} y1={7} y2={STEP - 7} stroke="var(--surface)" strokeWidth={3} />
                {box.far > 0 && <text x={area.right + 8} y={STEP / 2} dy="0.34em">+{box.far}</text>}
              </g>
            ))}
          </>
        );
      }}
    </Figure>
  );
}

interface StacksProps {
  title: string;
  over: string;
  name: string;
  by: string;
  groups: string[];
  stacks: Stack[];
}

/** Groups beyond the fourth go on in fainter turns of the same colours; the shares are written where they fit. */
const faint = (group: number) => (group < 4 ? 1 : 0.5);

export function Stacks({ title, over, name, by, groups, stacks }: StacksProps) {
  const table = { head: [name, t('chart.rows'), ...groups], rows: stacks.map((stack) => [stack.value, stack.count, ...stack.shares]) };
  const legend = (
    <ul className="legend">
      {groups.map((group, at) => <li key={group}><svg width="18" height="12" aria-hidden="true"><rect width={18} height={12} rx={2} fill={`var(--series-${(at % 4) + 1})`} opacity={faint(at)} /></svg>{group}</li>)}
    </ul>
  );
  return (
    <Figure title={title} over={over} how={t('split.stacksHow', { by })} summary={t('split.stacks', { column: name, by, list: stacks.map((stack) => `${stack.value} ${percent(stack.shares[0], 0)}`).join(', '), group: groups[0] ?? '' })} table={table} name={`${name}-by-${by}`} height={stacks.length * STEP} legend={legend}>
      {(width) => {
        const left = Math.min(150, width * 0.34);
        const wide = Math.max(10, width - left - 4);
        return stacks.map((stack, row) => {
          let from = left;
          return (
            <g key={stack.value} transform={`translate(0,${row * STEP})`}>
              <text className="strong" x={left - 8} y={STEP / 2} dy="0.34em" textAnchor="end">{cut(stack.value, Math.floor((left - 8) / 6.7))}<title>{stack.value}</title></text>
              {stack.shares.map((share, at) => {
                const begin = from;
                from += share * wide;
                return share > 0 && (
                  <g key={groups[at]}>
                    <rect x={begin + 0.75} width={Math.max(0.5, share * wide - 1.5)} y={3} height={12} rx={2} fill={`var(--series-${(at % 4) + 1})`} opacity={faint(at)}><title>{`${groups[at]}: ${percent(share)}`}</title></rect>
                    {share * wide > 42 && <text x={begin + 2} y={27}>{percent(share, 0)}</text>}
                  </g>
                );
              })}
            </g>
          );
        });
      }}
    </Figure>
  );
}
