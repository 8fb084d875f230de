// The queue: what runs now and what has run.
import { Button } from '@mantine/core';
import { useState } from 'react';
import { post } from '../../api/client';
import { isOver, jobQuery, queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { ago, dateTime, duration } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { Confirm } from '../../design/later';
import { Empty, Head } from '../../design/parts';
import { useJobNames } from './names';
import { jobTitle, StatusChip } from './words';

export function jobSeconds(job: Job): number | null {
  if (!job.started_at || !job.finished_at) return null;
  return (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
}

const STATES = ['queued', 'running', 'done', 'failed', 'cancelled'] as const;

export function JobList() {
  const go = useGo();
  const nameOf = useJobNames();
  const [stopping, setStopping] = useState<Job | null>(null);
  return (
    <>
      <Head title={t('jobs.title')} lead={t('jobs.lead')} actions={<Link to="/batches">{t('batches.title')}</Link>} />
      <ListTable<Job>
        path="/jobs"
        label={t('jobs.title')}
        searchable={false}
        filters={[{ name: 'status', label: t('table.status'), all: t('list.anyState'), choices: STATES.map((state) => ({ value: state, label: t(`job.status.${state}`) })) }]}
        empty={<Empty action={<Button onClick={() => void go('/data/new')}>{t('data.new')}</Button>}>{t('jobs.empty')}</Empty>}
        head={<><th scope="col">{t('job.col.job')}</th><th scope="col">{t('table.name')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('job.col.detail')}</th><th scope="col" className="right">{t('job.col.time')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('job.stop')}</span></th></>}
        row={(job) => (
          <tr key={job.id} className="hover">
            <th scope="row" className="whole"><Link to={`/jobs/${job.id}`}>{jobTitle(job)}</Link></th>
            <td><span className="few">{nameOf(job) ?? '–'}</span></td>
            <td><StatusChip status={job.status} /></td>
            <td className="soft">{job.status === 'running' ? tMaybe(`job.stage.${job.progress.stage}`, job.progress.stage) : <span className="few">{job.error?.detail ?? ''}</span>}</td>
            <td className="right" data-label={t('job.col.time')}>{duration(jobSeconds(job))}</td>
            <td className="soft" title={dateTime(job.created_at)}>{ago(job.created_at)}</td>
            <td className="right">{!isOver(job) && job.cancelable && <button type="button" className="linkish small" onClick={() => setStopping(job)}>{t('job.stop')}<span className="hidden"> {jobTitle(job)} {nameOf(job)}</span></button>}</td>
          </tr>
        )}
      />
      {stopping && (
        <Confirm
          title={t('job.stopTitle')}
          action={t('job.stopGo')}
          onClose={() => setStopping(null)}
          onConfirm={async () => {
            const job = await post<Job>(`/jobs/${stopping.id}/cancel`);
            queryClient.setQueryData(jobQuery(job.id).queryKey, job);
            for (const key of ['jobs', 'models', 'me', 'tokens']) void queryClient.invalidateQueries({ queryKey: [key] });
            setStopping(null);
          }}
        >
          <p><b><bdi>{nameOf(stopping)}</bdi></b></p>
          <p>{t('job.stopText')}</p>
        </Confirm>
      )}
    </>
  );
}
