// The leaderboard: every contender with its score, the one that only guesses on top.
import { useState } from 'react';
import type { Contender, ReportContender } from '../../api/types';
import { duration, percent, setting } from '../../app/format';
import { t, tMaybe } from '../../app/t';
import { Choices } from '../../design/choices';
import { Chip, Panel } from '../../design/parts';
import { exactValue } from '../models/words';
import './jobs.css';

/** One line of the table: of a race that runs, or of the report on one that is over. */
export interface Row {
  algorithm: string;
  title: string;
  metric: string | null;
  value: number | null;
  low: number | null;
  high: number | null;
  seconds: number | null;
  chosen: boolean;
  /** `left`: never begun, for want of time. */
  state: Contender['status'] | 'left';
  error: string | null;
  /** How it differs from the others of its kind, where it does. */
  note: string | null;
  /** Its settings, once it is over. */
  params?: ReportContender['params'];
}

type Named = { algorithm: string; title: string };

/** "setting 2" for the second of a kind that comes more than once. */
function ordinal(list: Named[], index: number): string | null {
  const same = list.flatMap((one, place) => (one.title === list[index]?.title ? [place] : []));
  return same.length > 1 ? t('job.try', { n: same.indexOf(index) + 1 }) : null;
}

/** The parameters in which one contender differs from others of its kind. */
function difference(list: ReportContender[], index: number): string | null {
  const one = list[index];
  if (!one) return null;
  const others = list.filter((other) => other.algorithm === one.algorithm);
  const words = Object.entries(one.params).flatMap(([name, value]) => (others.some((other) => JSON.stringify(other.params[name]) !== JSON.stringify(value)) ? [`${name.replaceAll('_', ' ')} ${setting(value, t('train.param.none'))}`] : []));
  return words.length > 0 ? words.join(', ') : ordinal(list, index);
}

/** How it differs, and its share in the ensemble. */
function remarks(list: ReportContender[], index: number): string | null {
  const weight = list[index]?.weight;
  const share = weight === undefined ? null : t('job.share', { share: percent(weight, 0) });
  return [difference(list, index), share].filter(Boolean).join(' · ') || null;
}

export function running(list: Contender[]): Row[] {
  return list.map(({ status, value = null, low = null, high = null, seconds = null, ...one }, index) => ({ ...one, value, low, high, seconds, state: status, error: null, note: ordinal(list, index) }));
}

export function finished(list: ReportContender[]): Row[] {
  return list.map((one, index) => ({ ...one, seconds: one.fit_seconds, state: one.value !== null ? 'done' : one.fit_seconds === 0 && one.error?.startsWith('left out') ? 'left' : 'failed', note: remarks(list, index) }));
}

/** What can be asked for by its settings alone: no guess, no ensemble, nothing that lacks them. */
function trainable(one: Row): boolean {
  return !isBaseline(one) && one.algorithm !== 'ensemble' && one.params !== undefined && !one.chosen;
}

export function isBaseline(one: Pick<Row, 'algorithm'>): boolean {
  return one.algorithm === 'dummy';
}

/** Baseline first, then in the order given; each keeps its place, so that nothing jumps while it runs. */
export function ordered(list: Row[]): Row[] {
  return [...list.filter(isBaseline), ...list.filter((one) => !isBaseline(one))];
}

export function metricName(metric: string | null | undefined): string {
  return metric ? tMaybe(`metric.${metric}`, metric.replaceAll('_', ' ')) : '';
}

/** Error measures are better when small: their bars would say the opposite of what they mean. */
export const LOWER_IS_BETTER = new Set(['mae', 'mse', 'rmse', 'mape', 'median_ae', 'log_loss', 'brier']);

export function Contenders({ list, going }: { list: Contender[]; going: boolean }) {
  const rows = ordered(running(list));
  const metric = rows.find((one) => one.metric)?.metric ?? null;
  if (rows.length === 0) return going ? <Panel title={t('job.contenders')}><p className="soft">{t('job.contendersWait')}</p></Panel> : null;
  return (
    <section className="panel flush">
      <div style={{ padding: '20px 20px 8px' }}>
        <h2>{t('job.contenders')}</h2>
        <p className="soft small wrap">{t('job.contendersHow', { metric: metricName(metric) })}</p>
      </div>
      <ContenderTable rows={rows} />
    </section>
  );
}

/** Kinds by how much there is to understand in one, least first; others are not told apart. */
const PLAIN_FIRST = ['linear_regression', 'logistic_regression', 'decision_tree', 'knn'];

/** Worse than the best by no more than this share of it: as good. */
const AS_GOOD = 0.01;

/** The quickest and the simplest of those that are as good as the best, where they are not the chosen one. */
export function badges(rows: Row[]): { quickest: Row | null; simplest: Row | null } {
  const done = rows.filter((one) => !isBaseline(one) && one.value !== null && Number.isFinite(one.value));
  const metric = done[0]?.metric ?? '';
  const values = done.map((one) => one.value as number);
  const best = LOWER_IS_BETTER.has(metric) ? Math.min(...values) : Math.max(...values);
  const good = done.filter((one) => Math.abs((one.value as number) - best) <= Math.abs(best) * AS_GOOD);
  const quick = good.filter((one) => one.seconds !== null).sort((a, b) => (a.seconds as number) - (b.seconds as number))[0];
  const plain = good.filter((one) => PLAIN_FIRST.includes(one.algorithm)).sort((a, b) => PLAIN_FIRST.indexOf(a.algorithm) - PLAIN_FIRST.indexOf(b.algorithm))[0];
  const other = (one: Row | undefined) => (one && !one.chosen && good.length > 1 ? one : null);
  return { quickest: other(quick), simplest: other(plain) };
}

const ORDERS = ['usual', 'best', 'quickest'] as const;

/** All of a race that is over: put in order, told apart, and each of them ready to be trained by itself. */
export function FinishedTable({ rows, onTrain }: { rows: Row[]; onTrain?: (row: Row) => void }) {
  const [order, setOrder] = useState<(typeof ORDERS)[number]>('usual');
  const down = LOWER_IS_BETTER.has(rows.find((one) => one.metric)?.metric ?? '');
  const last = Number.POSITIVE_INFINITY;
  const key = (one: Row) => (order === 'quickest' ? (one.seconds ?? last) : one.value === null ? last : down ? one.value : -one.value);
  const sorted = order === 'usual' ? ordered(rows) : [...rows].sort((a, b) => key(a) - key(b));
  return (
    <div className="stack">
      {rows.length > 3 && <Choices legend={t('job.order')} hideLegend compact value={order} onChange={setOrder} choices={ORDERS.map((value) => ({ value, label: t(`job.order.${value}`) }))} />}
      {onTrain && <p className="small soft wrap">{t('job.trainLead')}</p>}
      <div className="panel flush"><ContenderTable rows={sorted} marks={badges(rows)} onTrain={onTrain} /></div>
    </div>
  );
}

interface TableProps {
  rows: Row[];
  marks?: ReturnType<typeof badges>;
  onTrain?: (row: Row) => void;
}

export function ContenderTable({ rows, marks, onTrain }: TableProps) {
  const metric = rows.find((one) => one.metric)?.metric ?? null;
  const values = rows.map((one) => one.value).filter((value): value is number => value !== null && Number.isFinite(value));
  const bars = metric !== null && !LOWER_IS_BETTER.has(metric) && values.every((value) => value <= 1);
  return (
    <table className="cards contenders" aria-label={t('job.contenders')}>
      <thead>
        <tr>
          <th scope="col">{t('job.col.name')}</th><th scope="col">{t('job.col.state')}</th><th scope="col" className="right">{metricName(metric) || t('job.col.score')}</th>
          <th scope="col" className="right">{t('job.col.range')}</th><th scope="col" className="right">{t('job.col.time')}</th>
          {onTrain && <th scope="col"><span className="hidden">{t('job.trainThis')}</span></th>}
        </tr>
      </thead>
      <tbody>
        {rows.map((one, index) => (
          <tr key={`${one.algorithm}:${one.title}:${index}`} className={one.chosen ? 'chosen' : undefined}>
            <th scope="row" className="whole">
              <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
                <span>{one.title}{one.note && <span className="small soft note">{one.note}</span>}{one.error && <span className="small note" style={{ color: one.state === 'left' ? 'var(--soft)' : 'var(--stop)' }}>{one.error}</span>}</span>
                {isBaseline(one) && <Chip>{t('job.baseline')}</Chip>}
                {one.chosen && <Chip tone="engine">{t('job.chosen')}</Chip>}
                {marks?.quickest === one && <Chip title={t('job.asGood')}>{t('job.quickest')}</Chip>}
                {marks?.simplest === one && <Chip title={t('job.asGood')}>{t('job.simplest')}</Chip>}
              </span>
            </th>
            <td className="soft">{t(`job.state.${one.state}`)}</td>
            <td className="right" data-label={metricName(metric) || t('job.col.score')}>
              <span className="score">
                {bars && one.value !== null ? <svg height="8" aria-hidden="true"><rect width="100%" height="8" rx="2" fill="var(--rule)" /><rect width={`${Math.max(0, one.value) * 100}%`} height="8" rx="2" fill={one.chosen ? 'var(--engine)' : 'var(--rule-strong)'} /></svg> : <span />}
                <b style={{ fontWeight: one.chosen ? 650 : 450 }}>{exactValue(metric, one.value)}</b>
              </span>
            </td>
            <td className="right soft" data-label={t('job.col.range')}>{one.low === null || one.high === null ? '–' : `${exactValue(metric, one.low)} – ${exactValue(metric, one.high)}`}</td>
            <td className="right soft" data-label={t('job.col.time')}>{one.state === 'left' ? '–' : duration(one.seconds)}</td>
            {onTrain && <td className="right">{trainable(one) && <button type="button" className="linkish small" onClick={() => onTrain(one)}>{t('job.trainThis')}<span className="hidden"> {one.title} {one.note}</span></button>}</td>}
          </tr>
        ))}
      </tbody>
    </table>
  );
}
