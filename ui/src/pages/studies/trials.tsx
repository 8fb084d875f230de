// What a study tried: each setting with its score, the best first or as they came.
import { Button, NativeSelect } from '@mantine/core';
import { useState } from 'react';
import type { Trial } from '../../api/types';
import { duration, number, setting } from '../../app/format';
import { t } from '../../app/t';
import { Chip, Scroll } from '../../design/parts';
import { metricName } from '../jobs/contenders';
import { exactValue } from '../models/words';

const FEW = 20;

/** The best first; those given up early after those judged whole, what could not be judged last. */
export function ranked(trials: Trial[], higher: boolean): Trial[] {
  const rank = (one: Trial) => (one.score === null || one.score === undefined ? 2 : one.pruned ? 1 : 0);
  return [...trials].sort((a, b) => rank(a) - rank(b) || (rank(a) === 2 ? 0 : higher ? (b.score as number) - (a.score as number) : (a.score as number) - (b.score as number)) || a.number - b.number);
}

export function paramsInWords(params: Trial['params']): string {
  const words = Object.entries(params).map(([name, value]) => `${name.replaceAll('_', ' ')} ${typeof value === 'number' ? number(value, 3) : setting(value, t('train.param.none'))}`);
  return words.length > 0 ? words.join(', ') : t('study.plain');
}

/** Without the place in the request that it begins with, where it does. */
export function inWords(error: string): string {
  return error.replace(/^\/[\w/]+: /, '');
}

export function TrialTable({ trials, metric, higher, best }: { trials: Trial[]; metric: string | null; higher: boolean; best: number | undefined }) {
  const [order, setOrder] = useState<'best' | 'tried'>('best');
  const [all, setAll] = useState(false);
  const sorted = order === 'best' ? ranked(trials, higher) : trials;
  const shown = all ? sorted : sorted.slice(0, FEW);
  return (
    <section className="panel flush">
      <div className="split" style={{ padding: '20px 20px 8px' }}>
        <h2>{t('study.trials')}</h2>
        <NativeSelect aria-label={t('study.sort')} value={order} onChange={(event) => setOrder(event.currentTarget.value === 'best' ? 'best' : 'tried')} data={(['best', 'tried'] as const).map((value) => ({ value, label: t(`study.sort.${value}`) }))} />
      </div>
      <Scroll label={t('study.trials')}>
        <table className="tight">
          <thead><tr><th scope="col" className="right">{t('study.try')}</th><th scope="col" className="right">{metricName(metric) || t('job.col.score')}</th><th scope="col" className="right">{t('study.spread')}</th><th scope="col">{t('study.params')}</th><th scope="col" className="right">{t('study.time')}</th><th scope="col">{t('job.col.state')}</th></tr></thead>
          <tbody>
            {shown.map((one) => (
              <tr key={one.number} className={one.number === best ? 'chosen' : undefined}>
                <th scope="row" className="right">{one.number + 1}</th>
                <td className="right">{exactValue(metric, one.score)}</td>
                <td className="right soft" style={{ whiteSpace: 'nowrap' }}>{one.std === null || one.std === undefined ? '–' : `± ${exactValue(metric, one.std)}`}</td>
                <td className="small" style={{ minWidth: 260, whiteSpace: 'normal' }}><bdi>{paramsInWords(one.params)}</bdi></td>
                <td className="right soft" style={{ whiteSpace: 'nowrap' }}>{duration(one.seconds)}</td>
                <td className="soft">{one.number === best ? <Chip tone="engine">{t('study.state.best')}</Chip> : one.error ? <span style={{ color: 'var(--stop)', whiteSpace: 'normal' }}>{inWords(one.error)}</span> : t(one.pruned ? 'study.state.pruned' : 'study.state.judged')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {!all && sorted.length > FEW && <div style={{ padding: '8px 20px 20px' }}><Button variant="default" onClick={() => setAll(true)}>{t('study.all', { count: sorted.length })}</Button></div>}
    </section>
  );
}
