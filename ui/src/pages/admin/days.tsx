// What happened day by day: predictions, the share of what was refused, and who spent tokens.
import { NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { DayStatistics, Spender, StatisticsDays } from '../../api/types';
import { day, number, percent } from '../../app/format';
import { useAddress } from '../../app/list';
import { t } from '../../app/t';
import { DayBars, Ranks } from '../../charts/bars';
import { Lines } from '../../charts/lines';
import { ErrorPanel, Skeleton } from '../../design/parts';

const SPANS = ['7', '30', '90', '366'] as const;
const USUAL = '30';
const WEEK = 7;

/** A day in UTC as seconds since 1970. */
export const secondsOf = (text: string) => Date.parse(`${text}T00:00:00Z`) / 1000;

const sum = (counts: number[]) => counts.reduce((all, count) => all + count, 0);

/** Whether the last week differs by a fifth from the week before; else which day had most. */
export function predictionsFinding(days: Pick<DayStatistics, 'day' | 'predictions'>[]): string {
  const counts = days.map((one) => one.predictions);
  if (sum(counts) === 0) return t('days.none', { days: days.length });
  const [now, before] = [sum(counts.slice(-WEEK)) / WEEK, sum(counts.slice(-2 * WEEK, -WEEK)) / WEEK];
  if (counts.length >= 2 * WEEK && before > 0 && Math.abs(now - before) > 0.2 * before) return t(now > before ? 'days.more' : 'days.fewer', { now: number(now, 2), before: number(before, 2) });
  const most = days.reduce((best, one) => (one.predictions > best.predictions ? one : best));
  return t('days.most', { day: most.day, count: most.predictions });
}

/** The share of a day's requests that were refused; nothing where nothing was asked. */
export function refusedShare(one: Pick<DayStatistics, 'predictions' | 'trainings' | 'refused'>): number | null {
  const asked = one.predictions + one.trainings + one.refused;
  return asked === 0 ? null : one.refused / asked;
}

export function refusedFinding(days: DayStatistics[]): string {
  const refused = sum(days.map((one) => one.refused));
  if (refused === 0) return t('days.noneRefused', { days: days.length });
  const all = refused + sum(days.map((one) => one.predictions + one.trainings));
  const worst = days.reduce((most, one) => (one.refused > most.refused ? one : most));
  return t('days.refused', { share: percent(refused / all), day: worst.day });
}

export const spenderName = (one: Spender) => one.user?.name ?? t('admin.gone');

export function spendersFinding(days: DayStatistics[], spenders: Spender[]): string {
  const [first] = spenders;
  const all = sum(days.map((one) => one.tokens));
  if (!first || all === 0) return t('days.nobody', { days: days.length });
  return t('days.spender', { name: spenderName(first), share: percent(Math.min(1, first.tokens / all)) });
}

export function Days() {
  const [address, change] = useAddress();
  const span = SPANS.find((one) => one === address.days) ?? USUAL;
  const found = useQuery({ queryKey: ['statistics', 'days', span], queryFn: () => get<StatisticsDays>('/admin/stats/days', { query: { days: span } }), refetchInterval: 60_000, placeholderData: (before) => before });
  if (found.isPending) return <Skeleton height={640} />;
  if (!found.data) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <NativeSelect
        label={t('days.span')} description={t('days.utc')} value={span} style={{ maxWidth: 240 }}
        onChange={(event) => change({ days: event.currentTarget.value === USUAL ? undefined : event.currentTarget.value })}
        data={SPANS.map((value) => ({ value, label: t('days.last', { days: Number(value) }) }))}
      />
      <Plots found={found.data} />
    </div>
  );
}

/** What would be plotted, where there is too little of it. */
function Said({ over, found, note }: { over: string; found: string; note?: string }) {
  return <div className="figure"><p className="over">{over}</p><h2>{found}</h2>{note && <p className="how">{note}</p>}</div>;
}

export function Plots({ found: { days, spenders } }: { found: StatisticsDays }) {
  const at = days.map((one) => secondsOf(one.day));
  const shares = days.map((one, index) => ({ at: at[index] ?? 0, share: refusedShare(one) })).filter((one): one is { at: number; share: number } => one.share !== null);
  const most = spenders.slice(0, 3).map((one) => `${spenderName(one)} ${number(one.tokens)}`).join(', ');
  return (
    <div className="two">
      <div className="panel">
        <DayBars
          title={predictionsFinding(days)} over={t('days.predictions')} how={t('days.predictionsHow')} name="predictions-per-day" days={at} counts={days.map((one) => one.predictions)} head={[t('days.day'), t('stats.predictions')]}
          summary={t('days.predictionsSummary', { count: sum(days.map((one) => one.predictions)), days: days.length })}
        />
      </div>
      <div className="panel">
        {shares.length > 1 ? (
          <Lines
            title={refusedFinding(days)} over={t('days.share')} how={t('days.shareHow')} name="refused-share" xLabel={t('days.day')} yLabel={t('days.shareOf')} height={260} limits={[0, 1]}
            lines={[{ name: t('days.share'), xs: shares.map((one) => one.at), ys: shares.map((one) => one.share) }]} periods={shares.map((one) => one.at)} formatX={(value) => day(value).slice(5, 10)} formatY={(value) => percent(value)}
            summary={t('days.shareSummary', { finding: refusedFinding(days) })}
          />
        ) : <Said over={t('days.share')} found={refusedFinding(days)} note={t('days.shareFew')} />}
      </div>
      <div className="panel" style={{ gridColumn: '1 / -1' }}>
        {spenders.length > 0 ? (
          <Ranks
            title={spendersFinding(days, spenders)} over={t('days.tokens')} how={t('days.tokensHow', { most: 20 })} name="tokens-by-account" rows={spenders.map((one) => ({ label: spenderName(one), count: one.tokens }))} head={[t('users.name'), t('stats.tokens_spent')]}
            summary={t('days.tokensSummary', { list: most })}
          />
        ) : <Said over={t('days.tokens')} found={spendersFinding(days, spenders)} />}
      </div>
    </div>
  );
}
