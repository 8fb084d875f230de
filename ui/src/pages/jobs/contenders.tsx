// The leaderboard: every contender with its score, the one that only guesses on top.
import type { Contender, ReportContender } from '../../api/types';
import { duration, percent, setting } from '../../app/format';
import { t, tMaybe } from '../../app/t';
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
  state: Contender['status'];
  error: string | null;
  /** How it differs from the others of its kind, where it does. */
  note: string | null;
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
  return list.map((one, index) => ({ ...one, seconds: one.fit_seconds, state: one.value === null ? 'failed' : 'done', note: remarks(list, index) }));
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

export function ContenderTable({ rows }: { rows: Row[] }) {
  const metric = rows.find((one) => one.metric)?.metric ?? null;
  const values = rows.map((one) => one.value).filter((value): value is number => value !== null && Number.isFinite(value));
  const bars = metric !== null && !LOWER_IS_BETTER.has(metric) && values.every((value) => value <= 1);
  return (
    <table className="cards" aria-label={t('job.contenders')}>
      <thead>
        <tr>
          <th scope="col">{t('job.col.name')}</th><th scope="col">{t('job.col.state')}</th><th scope="col" className="right">{metricName(metric) || t('job.col.score')}</th>
          <th scope="col" className="right">{t('job.col.range')}</th><th scope="col" className="right">{t('job.col.time')}</th>
        </tr>
      </thead>
      <tbody>
        {rows.map((one, index) => (
          <tr key={`${one.algorithm}:${one.title}:${index}`} className={one.chosen ? 'chosen' : undefined}>
            <th scope="row" className="whole">
              <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
                <span>{one.title}{one.note && <span className="small soft note">{one.note}</span>}</span>
                {isBaseline(one) && <Chip>{t('job.baseline')}</Chip>}
                {one.chosen && <Chip tone="engine">{t('job.chosen')}</Chip>}
              </span>
            </th>
            <td className="soft">{one.error ? <span style={{ color: 'var(--stop)' }}>{one.error}</span> : t(`job.state.${one.state}`)}</td>
            <td className="right" data-label={metricName(metric) || t('job.col.score')}>
              <span className="score">
                {bars && one.value !== null ? <svg height="8" aria-hidden="true"><rect width="100%" height="8" rx="2" fill="var(--rule)" /><rect width={`${Math.max(0, one.value) * 100}%`} height="8" rx="2" fill={one.chosen ? 'var(--engine)' : 'var(--rule-strong)'} /></svg> : <span />}
                <b style={{ fontWeight: one.chosen ? 650 : 450 }}>{exactValue(metric, one.value)}</b>
              </span>
            </td>
            <td className="right soft" data-label={t('job.col.range')}>{one.low === null || one.high === null ? '–' : `${exactValue(metric, one.low)} – ${exactValue(metric, one.high)}`}</td>
            <td className="right soft" data-label={t('job.col.time')}>{duration(one.seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
