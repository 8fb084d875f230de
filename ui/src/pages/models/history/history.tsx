// What a model was asked and how it fared since: how right it still is, how far its rows have moved, and every receipt.
import { Button, NativeSelect } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../../api/client';
import { queryClient } from '../../../api/queries';
import type { Accuracy, Drift, Model } from '../../../api/types';
import { day, list, signed } from '../../../app/format';
import { useGo } from '../../../app/link';
import { useAddress } from '../../../app/list';
import { useMay } from '../../../app/rights';
import { t } from '../../../app/t';
import { Lines } from '../../../charts/lines';
import { Pairs } from '../../../charts/pairs';
import { Chip, ErrorPanel, Panel, Scroll, Skeleton } from '../../../design/parts';
import { accuracyVerdict, driftVerdict, type Interval, levelOf, measured, secondsOf, shiftsOf, tellingPeriod, type Verdict } from './moved';
import { Receipts } from './receipts';

const INTERVALS: Interval[] = ['hour', 'day', 'week'];
const TONES = { major: 'signal', moderate: 'signal', stable: 'engine', few_rows: '' } as const;

/** What changes when a truth is told. */
export function told(): void {
  for (const key of ['predictions', 'prediction', 'accuracy']) void queryClient.invalidateQueries({ queryKey: [key] });
}

export function History({ model }: { model: Model }) {
  const [address, change] = useAddress();
  const interval = INTERVALS.find((one) => one === address.per) ?? 'day';
  // How everybody's questions fared is their owner's to see.
  const mine = !model.shared_by;
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {mine && (
        <>
          <NativeSelect label={t('history.per')} value={interval} onChange={(event) => change({ per: event.currentTarget.value === 'day' ? undefined : event.currentTarget.value })} data={INTERVALS.map((value) => ({ value, label: t(`history.per.${value}`) }))} style={{ maxWidth: 220 }} />
          <Right model={model} interval={interval} />
          <Moved model={model} interval={interval} />
        </>
      )}
      <Receipts model={model} />
    </div>
  );
}

/** When a period began, as short as its length lets it be. */
const shown = (seconds: number, interval: Interval) => (interval === 'hour' ? (day(seconds).length > 10 ? day(seconds).slice(5) : `${day(seconds).slice(5)} 00:00`) : day(seconds).slice(0, 10));

function Act({ verdict, children }: { verdict: Verdict; children: React.ReactNode }) {
  const go = useGo();
  const mayMake = useMay('make');
  return (
    <div className={`notice stack ${verdict.tone}`} style={{ '--gap': '8px' } as React.CSSProperties}>
      <p><bdi><b>{verdict.text}</b></bdi></p>
      {verdict.act && <p className="small">{children}</p>}
      {verdict.act && mayMake && <div><Button size="xs" variant="default" onClick={() => void go('/data/new')}>{t('history.newer')}</Button></div>}
    </div>
  );
}

function Right({ model, interval }: { model: Model; interval: Interval }) {
  const found = useQuery({ queryKey: ['accuracy', model.id, interval], queryFn: () => get<Accuracy>(`/models/${model.id}/accuracy`, { query: { interval } }) });
  const verdict = found.data ? accuracyVerdict(found.data) : null;
  const periods = found.data?.periods ?? [];
  const metric = found.data?.metric ?? 'accuracy';
  const xs = periods.map((period) => secondsOf(period.from));
  const ys = periods.map((period) => period.value);
  const expected = found.data?.expected;
  const name = t(metric === 'accuracy' ? 'accuracy.share' : 'accuracy.distance');
  return (
    <Panel title={t('accuracy.title')}>
      {found.isPending ? <Skeleton height={200} /> : !found.data ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} /> : !verdict ? <p className="soft wrap">{t('accuracy.none')}</p> : (
        <div className="stack">
          <Act verdict={verdict}>{t('accuracy.act')}</Act>
          <Lines
            level={3} height={240} title={name} how={t('accuracy.how')} name="accuracy-over-time" xLabel={t('history.from')} yLabel={name}
            lines={[{ name: t('accuracy.since'), xs, ys }, ...(expected !== null && expected !== undefined ? [{ name: t('accuracy.expected'), xs: xs.length === 1 ? [(xs[0] ?? 0) - 1800, (xs[0] ?? 0) + 1800] : [xs[0] ?? 0, xs[xs.length - 1] ?? 0], ys: [expected, expected] }] : [])]}
            periods={xs} formatX={(value) => shown(value, interval)} formatY={(value) => measured(metric, value)} limits={metric === 'accuracy' ? [0, 1] : [0, Number.POSITIVE_INFINITY]}
            summary={t('accuracy.summary', { count: periods.length, low: measured(metric, Math.min(...ys)), high: measured(metric, Math.max(...ys)) })}
          />
          {found.data.cut_short && <p className="small soft">{t('history.cut')}</p>}
        </div>
      )}
    </Panel>
  );
}

function Moved({ model, interval }: { model: Model; interval: Interval }) {
  const found = useQuery({ queryKey: ['drift', model.id, interval], queryFn: () => get<Drift>(`/models/${model.id}/drift`, { query: { interval } }) });
  const [chosen, setChosen] = useState<string | null>(null);
  if (found.isPending) return <Panel title={t('drift.title')}><Skeleton height={200} /></Panel>;
  if (!found.data) return <Panel title={t('drift.title')}>{<ErrorPanel error={found.error} onRetry={() => void found.refetch()} />}</Panel>;
  const period = tellingPeriod(found.data);
  if (!period) return <Panel title={t('drift.title')}><p className="soft wrap">{t('drift.none')}</p></Panel>;
  const shifts = shiftsOf(period);
  const key = (one: (typeof shifts)[number]) => `${one.answers ? '=' : ':'}${one.shift.column}`;
  const at = shifts.find((one) => key(one) === chosen) ?? shifts[0];
  const of = (one: (typeof shifts)[number]) => (one.answers ? t('drift.answersOf', { column: one.shift.column }) : one.shift.column);
  const course = at ? found.data.periods.flatMap((one) => {
    const shift = at.answers ? one.answers : one.columns.find((column) => column.column === at.shift.column);
    return shift ? [{ x: secondsOf(one.from), y: shift.psi }] : [];
  }) : [];
  return (
    <Panel title={t('drift.title')}>
      <div className="stack">
        <p className="small soft wrap">{t('drift.lead')}</p>
        <Act verdict={driftVerdict(period, list)}>{t('drift.act')}</Act>
        <p className="small soft">{t('drift.period', { from: shown(secondsOf(period.from), interval), rows: period.rows })}</p>
        <div className="two">
          <Scroll label={t('drift.table')}>
            <table aria-label={t('drift.table')}>
              <thead><tr><th scope="col">{t('drift.column')}</th><th scope="col">{t('drift.moved')}</th><th scope="col" className="right">{t('drift.index')}</th></tr></thead>
              <tbody>
                {shifts.map((one) => (
                  <tr key={key(one)} className={one === at ? 'chosen' : 'hover'}>
                    <th scope="row"><button type="button" className="linkish few" aria-pressed={one === at} onClick={() => setChosen(key(one))}><bdi>{of(one)}</bdi></button></th>
                    <td><Chip tone={TONES[levelOf(one.shift)]}>{t(`drift.level.${levelOf(one.shift)}`)}</Chip></td>
                    <td className="right">{signed(one.shift.psi)}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
          {at && (
            <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
              <Pairs
                level={3} title={t('drift.found', { column: of(at), level: t(`drift.level.${levelOf(at.shift)}`) })} how={t('drift.how')} name={`drift-${at.shift.column}`} label={at.shift.column} bins={at.shift.bins}
                before={{ name: t('drift.then'), shares: at.shift.expected }} now={{ name: t('drift.now'), shares: at.shift.actual }} summary={t('drift.summary', { column: of(at), psi: signed(at.shift.psi) })}
              />
              {course.length > 1 && (
                <Lines
                  level={3} height={220} title={t('drift.over', { column: of(at) })} how={t('drift.overHow')} name={`drift-${at.shift.column}-over-time`} xLabel={t('history.from')} yLabel={t('drift.index')}
                  lines={[{ name: t('drift.index'), xs: course.map((one) => one.x), ys: course.map((one) => one.y) }]} periods={course.map((one) => one.x)} formatX={(value) => shown(value, interval)} limits={[0, Number.POSITIVE_INFINITY]}
                  summary={t('drift.overSummary', { column: of(at), count: course.length })}
                />
              )}
            </div>
          )}
        </div>
        {found.data.cut_short && <p className="small soft">{t('history.cut')}</p>}
      </div>
    </Panel>
  );
}
