// A file under way or answered: how far it is, what was odd in it, and its answers to take away.
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { beginningOf, get, post, remove } from '../../api/client';
import { useJob } from '../../api/events';
import { isOver, jobQuery, queryClient } from '../../api/queries';
import type { Batch } from '../../api/types';
import { bytes, dateTime, duration, number } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { save } from '../../charts/export';
import { Confirm } from '../../design/later';
import { ErrorPanel, Head, Panel, Scroll, Skeleton } from '../../design/parts';
import { Line } from '../jobs/line';
import { fields } from '../models/rows';

export const batchQuery = (id: string) => ({ queryKey: ['batch', id], queryFn: () => get<Batch>(`/batch-predictions/${id}`) });

/** A name that every system takes, with the ending of its format. */
export function answersName(name: string, format: string): string {
  const plain = name.trim().replaceAll(/[\\/:*?"<>|\p{Cc}]/gu, '_') || 'answers';
  return plain.toLowerCase().endsWith(`.${format}`) ? plain : `${plain}.${format}`;
}

/** What the server calls an archive of pictures. */
const PICTURES = 'pictures';

export function BatchPage() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const batch = useQuery(batchQuery(id));
  if (batch.isPending) return <Skeleton height={420} />;
  if (!batch.data) return <><h1 className="hidden">{t('batches.title')}</h1><ErrorPanel error={batch.error} onRetry={() => void batch.refetch()} /></>;
  return <Known key={id} batch={batch.data} />;
}

function Known({ batch }: { batch: Batch }) {
  const go = useGo();
  const { data: job = batch.job } = useJob(batch.job.id);
  const [ask, setAsk] = useState<'stop' | 'delete' | null>(null);
  const over = isOver(job);
  const pictures = batch.format === PICTURES;
  const status = over && !isOver(batch.job) ? job.status : batch.status === 'done' ? 'done' : job.status;
  const kept = batch.result_bytes !== null && batch.result_bytes !== undefined;
  // The job ends before the page knows what came of it.
  useEffect(() => {
    if (over && !isOver(batch.job)) void queryClient.invalidateQueries({ queryKey: ['batch', batch.id] });
  }, [over, batch.job, batch.id]);
  const { done, of } = job.progress;
  // Before it answers, steps are counted and not rows.
  const predicting = job.progress.stage === 'predicting' && of > 0;
  const share = predicting ? Math.min(1, done / of) : 0;
  const seconds = batch.finished_at ? (Date.parse(batch.finished_at) - Date.parse(batch.created_at)) / 1000 : null;
  return (
    <>
      <Head
        title={batch.file_name}
        at="predict"
        heading={<bdi className="few">{batch.file_name}</bdi>}
        lead={<span className="row" style={{ '--gap': '4px 8px' } as React.CSSProperties}>{t(pictures ? 'batch.ofPictures' : 'batch.of', { rows: batch.rows })} <Link to={`/models/${batch.model_id}`} search={{ tab: 'try', rows: 'file' }} className="few">{batch.model_name}</Link></span>}
        actions={over ? <Button variant="default" style={{ color: 'var(--stop)' }} onClick={() => setAsk('delete')}>{t('batch.delete')}</Button> : <Button variant="default" onClick={() => setAsk('stop')}>{t('batch.stop')}</Button>}
      />
      <div className="two wide">
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <Panel title={t(`batch.head.${status}`)}>
            <div className="stack">
              {status !== 'done' && <Line job={job} />}
              {!over && (
                <>
                  <div className="meter" role="progressbar" aria-label={t('batch.head.running')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>
                  <p className="soft num" role="status">{job.status === 'queued' ? t('batch.waiting') : predicting ? t('batch.progress', { done, of }) : t('batch.reading')} {t('batch.leave')}</p>
                </>
              )}
              {status === 'failed' && <div className="notice stop" role="alert"><p>{batch.error?.detail ?? job.error?.detail}</p><p className="small">{t('batch.failedText', { charged: batch.charged })}</p></div>}
              {status === 'cancelled' && <p className="notice" role="status">{t('batch.cancelledText', { charged: batch.charged })}</p>}
              {status === 'done' && (kept ? <Answers batch={batch} /> : <Skeleton height={90} />)}
            </div>
          </Panel>
          {status === 'done' && kept && batch.result_format === 'csv' && <First batch={batch} />}
          {batch.warnings.length > 0 && (
            <Panel title={t('batch.odd')}>
              <ul style={{ paddingInlineStart: 0 }} className="stack">{batch.warnings.map((warning) => <li key={warning.column + warning.code}><bdi>{pictures && `${t('batch.count.pictures', { count: warning.rows })}: `}{warning.detail}</bdi></li>)}</ul>
            </Panel>
          )}
        </div>
        <Panel title={t('batch.facts')}>
          <dl className="facts">
            <dt>{t(pictures ? 'batch.files' : 'batches.rows')}</dt><dd>{number(batch.rows)}</dd>
            <dt>{t('batch.cost')}</dt><dd>{t('nav.tokens', { count: batch.charged })}</dd>
            <dt>{t('batch.size')}</dt><dd>{bytes(batch.bytes)}</dd>
            <dt>{t('batch.asked')}</dt><dd>{dateTime(batch.created_at)}</dd>
            <dt>{t('batch.took')}</dt><dd>{duration(seconds)}</dd>
            <dt>{t('settings.id')}</dt><dd className="mono">{batch.id}</dd>
          </dl>
          <p className="row small" style={{ marginBlockStart: 16 }}><Link to="/batches">{t('batches.open')}</Link><Link to={`/models/${batch.model_id}`} search={{ tab: 'try', rows: 'file' }}>{t('batch.again')}</Link></p>
        </Panel>
      </div>
      {ask === 'stop' && !over && (
        <Confirm
          title={t('batch.stopTitle')} action={t('batch.stop')} onClose={() => setAsk(null)}
          onConfirm={async () => {
            const now = await post<Batch>(`/batch-predictions/${batch.id}/cancel`);
            queryClient.setQueryData(jobQuery(now.job.id).queryKey, now.job);
            queryClient.setQueryData(['batch', batch.id], now);
            for (const key of ['batch-predictions', 'jobs', 'me', 'tokens']) void queryClient.invalidateQueries({ queryKey: [key] });
            setAsk(null);
          }}
        >
          <p>{t('batch.stopText', { charged: batch.charged })}</p>
        </Confirm>
      )}
      {ask === 'delete' && (
        <Confirm
          title={t('batch.deleteTitle')} action={t('action.delete')} onClose={() => setAsk(null)}
          onConfirm={async () => {
            await remove(`/batch-predictions/${batch.id}`);
            await queryClient.invalidateQueries({ queryKey: ['batch-predictions'], refetchType: 'all' });
            await go('/batches', { replace: true });
            queryClient.removeQueries({ queryKey: ['batch', batch.id] });
            toast(t('batch.deleted', { name: batch.file_name }));
          }}
        >
          <p><bdi>{t('batch.deleteText', { name: batch.file_name })}</bdi></p>
        </Confirm>
      )}
    </>
  );
}

function Answers({ batch }: { batch: Batch }) {
  const [name, setName] = useState(`${batch.file_name.replace(/\.[a-z]{2,8}$/i, '')} answers`);
  const fetchIt = useMutation({
    mutationFn: () => get<Blob>(`/batch-predictions/${batch.id}/result`, { as: 'blob' }),
    onSuccess: (file) => save(answersName(name, batch.result_format), file),
  });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        fetchIt.mutate();
      }}
    >
      <p className="soft">{t(batch.format === PICTURES ? 'batch.pictureNote' : 'batch.rowNote')}</p>
      <div className="row" style={{ alignItems: 'flex-end' }}>
        <TextInput label={t('batch.fileName')} value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} rightSection={<span className="small soft">.{batch.result_format}</span>} rightSectionWidth={72} style={{ flex: '1 1 220px' }} />
        <Button type="submit" loading={fetchIt.isPending}>{t('batch.download', { size: bytes(batch.result_bytes) })}</Button>
      </div>
      {fetchIt.error && <ErrorPanel error={fetchIt.error} />}
    </form>
  );
}

/** As many answers as are shown before the file is taken away, and the bytes that surely hold them. */
const SHOWN = 10;
const ENOUGH = 64_000;

/** The lines of a text that are surely whole, with the names of the first. */
export function firstLines({ text, whole }: { text: string; whole: boolean }): { head: string[]; rows: string[][] } {
  const [head = [], ...lines] = fields(text, ',');
  const rows = whole ? lines : lines.slice(0, -1);
  return { head, rows: rows.slice(0, SHOWN) };
}

/** A cell as people read it: shares and numbers without their last digits. */
function plain(text: string): string {
  return /^-?\d+\.\d{5,}(?:e-?\d+)?$/.test(text) ? number(Number(text)) : text;
}

function First({ batch }: { batch: Batch }) {
  const found = useQuery({ queryKey: ['batch', batch.id, 'first'], queryFn: async () => firstLines(await beginningOf(`/batch-predictions/${batch.id}/result`, ENOUGH)), staleTime: Number.POSITIVE_INFINITY });
  if (found.error) return <ErrorPanel error={found.error} onRetry={() => void found.refetch()} />;
  if (!found.data) return <Skeleton height={320} />;
  const { head, rows } = found.data;
  return (
    <section className="panel flush">
      <h2>{t('batch.first')}</h2>
      <Scroll label={t('batch.first')}>
        <table>
          <thead><tr><th scope="col" className="right">{t('table.number')}</th>{head.map((name) => <th key={name} scope="col"><div className="clip name" title={name}>{name}</div></th>)}</tr></thead>
          <tbody>{rows.map((row, index) => <tr key={index}><td className="right soft">{index + 1}</td>{head.map((name, place) => <td key={name} style={{ maxWidth: 280 }}><div className="clip" title={row[place]}>{plain(row[place] ?? '')}</div></td>)}</tr>)}</tbody>
        </table>
      </Scroll>
    </section>
  );
}
