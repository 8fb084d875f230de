// The race: every contender with its score, the one that only guesses on top.
import type { Contender } from '../../api/types';
import { duration } from '../../app/format';
import { t, tMaybe } from '../../app/t';
import { Chip, Panel } from '../../design/parts';
import { exactValue } from '../models/words';
import './jobs.css';

export function isBaseline(one: Contender): boolean {
  return one.baseline === true || one.algorithm === 'dummy';
}

/** Baseline first, then in the order given; each keeps its place, so that nothing jumps while it runs. */
export function ordered(list: Contender[]): Contender[] {
  return [...list.filter(isBaseline), ...list.filter((one) => !isBaseline(one))];
}

export function metricName(metric: string | null | undefined): string {
  return metric ? tMaybe(`metric.${metric}`, metric.replaceAll('_', ' ')) : '';
}

/** Error measures are better when small: their bars would say the opposite of what they mean. */
export const LOWER_IS_BETTER = new Set(['mae', 'mse', 'rmse', 'mape', 'median_ae', 'log_loss', 'brier']);

export function Contenders({ list, running }: { list: Contender[]; running: boolean }) {
  const rows = ordered(list);
  const metric = rows.find((one) => one.metric)?.metric ?? null;
  if (rows.length === 0) return running ? <Panel title={t('job.contenders')}><p className="soft">{t('job.contendersWait')}</p></Panel> : null;
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

export function ContenderTable({ rows }: { rows: Contender[] }) {
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
                {one.title}
                {isBaseline(one) && <Chip>{t('job.baseline')}</Chip>}
                {one.chosen && <Chip tone="engine">{t('job.chosen')}</Chip>}
              </span>
            </th>
            <td className="soft">{one.error ? <span style={{ color: 'var(--stop)' }}>{one.error}</span> : one.status ? tMaybe(`job.state.${one.status}`, one.status) : one.value === null ? t('job.state.failed') : t('job.state.done')}</td>
            <td className="right" data-label={metricName(metric) || t('job.col.score')}>
              <span className="score">
                {bars && one.value !== null ? <svg height="8" aria-hidden="true"><rect width="100%" height="8" rx="2" fill="var(--rule)" /><rect width={`${Math.max(0, one.value) * 100}%`} height="8" rx="2" fill={one.chosen ? 'var(--engine)' : 'var(--rule-strong)'} /></svg> : <span />}
                <b style={{ fontWeight: one.chosen ? 650 : 450 }}>{exactValue(metric, one.value)}</b>
              </span>
            </td>
            <td className="right soft" data-label={t('job.col.range')}>{one.low === null || one.low === undefined || one.high === null || one.high === undefined ? '–' : `${exactValue(metric, one.low)} – ${exactValue(metric, one.high)}`}</td>
            <td className="right soft" data-label={t('job.col.time')}>{duration(one.seconds ?? one.fit_seconds)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
