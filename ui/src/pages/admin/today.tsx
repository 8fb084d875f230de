// How much the place is used: today, this week, this month, and what there is now.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { statisticsQuery, settingsQuery } from '../../api/queries';
import type { Period, Stock } from '../../api/types';
import { bytes, duration, number, percent } from '../../app/format';
import { Link } from '../../app/link';
import { type Key, t } from '../../app/t';
import { ErrorPanel, Panel, Scroll, Skeleton, Tiles } from '../../design/parts';
import { AdminFrame } from './frame';

const Days = lazy(() => import('./days').then((module) => ({ default: module.Days })));

const ROWS = ['predictions', 'predicted_rows', 'trainings_ready', 'trainings_failed', 'refusals', 'sign_ins', 'new_users', 'tokens_spent', 'tokens_refunded', 'tokens_granted'] as const;

/** The share of today's work that was done: predictions answered and trainings that worked, of those that were tried. */
export function successShare(period: Pick<Period, 'predictions' | 'trainings_ready' | 'trainings_failed'>): number | null {
  const done = period.predictions + period.trainings_ready;
  const tried = done + period.trainings_failed;
  return tried === 0 ? null : done / tried;
}

/** What runs beside what waits, and how long the first of the queue has waited. */
export function queueNote(now: Pick<Stock, 'jobs_running' | 'oldest_waiting_seconds'>): string {
  const running = t('stats.running', { count: now.jobs_running });
  return now.oldest_waiting_seconds === null || now.oldest_waiting_seconds === undefined ? running : `${running} · ${t('stats.oldest', { time: duration(now.oldest_waiting_seconds) })}`;
}

export function AdminToday() {
  const settings = useQuery(settingsQuery);
  return (
    <AdminFrame title={t('admin.today')} lead={settings.data && t('admin.version', { version: settings.data.version })}>
      <Numbers />
    </AdminFrame>
  );
}

function Numbers() {
  const stats = useQuery(statisticsQuery);
  if (stats.isPending) return <Skeleton height={480} />;
  if (!stats.data) return <ErrorPanel error={stats.error} onRetry={() => void stats.refetch()} />;
  const { now, today, last_7_days: week, last_30_days: month } = stats.data;
  const share = successShare(today);
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <Tiles
        items={[
          { label: t('stats.predictionsToday'), value: number(today.predictions), note: t('stats.rows', { count: today.predicted_rows }) },
          { label: t('stats.done'), value: share === null ? '–' : percent(share), note: t('stats.doneNote', { failed: today.trainings_failed }) },
          { label: t('stats.refusalsToday'), value: number(today.refusals), note: <Link to="/admin/audit" search={{ outcome: 'refused' }}>{t('stats.refusalsSee')}</Link> },
          { label: t('stats.people'), value: number(now.active_users), note: t('stats.peopleNote', { count: now.users }) },
          { label: t('stats.tokens'), value: number(now.tokens), note: <Link to="/admin/users">{t('stats.tokensSee')}</Link> },
          { label: t('stats.without'), value: number(now.users_without_tokens), note: <Link to="/admin/users">{t('stats.tokensSee')}</Link> },
          { label: t('stats.queue'), value: number(now.jobs_waiting), note: <Link to="/admin/jobs" search={{ status: now.jobs_waiting > 0 ? 'queued' : 'running' }}>{queueNote(now)}</Link> },
          { label: t('stats.storage'), value: bytes(now.storage_bytes), note: t('stats.storageNote', { datasets: now.datasets, models: now.models }) },
        ]}
      />
      <Suspense fallback={<Skeleton height={640} />}><Days /></Suspense>
      <Panel title={t('stats.table')} className="flush">
        <Scroll label={t('stats.table')}>
          <table>
            <thead><tr><th scope="col">{t('stats.what')}</th><th scope="col" className="right">{t('stats.today')}</th><th scope="col" className="right">{t('stats.week')}</th><th scope="col" className="right">{t('stats.month')}</th></tr></thead>
            <tbody>
              {ROWS.map((row) => (
                <tr key={row}>
                  <th scope="row">{t(`stats.${row}` as Key)}</th>
                  {[today, week, month].map((period, index) => <td key={index} className="right">{number(period[row])}</td>)}
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      </Panel>
    </div>
  );
}
