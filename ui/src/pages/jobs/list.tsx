// The queue: what runs now and what has run.
import { Button } from '@mantine/core';
import type { Job } from '../../api/types';
import { ago, dateTime, duration } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { Empty, Head } from '../../design/parts';
import { useJobNames } from './names';
import { jobTitle, StatusChip } from './words';

export function jobSeconds(job: Job): number | null {
  if (!job.started_at || !job.finished_at) return null;
  return (Date.parse(job.finished_at) - Date.parse(job.started_at)) / 1000;
}

export function JobList() {
  const go = useGo();
  const nameOf = useJobNames();
  return (
    <>
      <Head title={t('jobs.title')} lead={t('jobs.lead')} />
      <ListTable<Job>
        path="/jobs"
        label={t('jobs.title')}
        searchable={false}
        empty={<Empty action={<Button onClick={() => void go('/data/new')}>{t('data.new')}</Button>}>{t('jobs.empty')}</Empty>}
        head={<><th scope="col">{t('job.col.job')}</th><th scope="col">{t('table.name')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('job.col.detail')}</th><th scope="col" className="right">{t('job.col.time')}</th><th scope="col">{t('table.created')}</th></>}
        row={(job) => (
          <tr key={job.id} className="hover">
            <th scope="row" className="whole"><Link to={`/jobs/${job.id}`}>{jobTitle(job)}</Link></th>
            <td><span className="few">{nameOf(job) ?? '–'}</span></td>
            <td><StatusChip status={job.status} /></td>
            <td className="soft">{job.status === 'running' ? tMaybe(`job.stage.${job.progress.stage}`, job.progress.stage) : (job.error?.detail ?? '')}</td>
            <td className="right" data-label={t('job.col.time')}>{duration(jobSeconds(job))}</td>
            <td className="soft" title={dateTime(job.created_at)}>{ago(job.created_at)}</td>
          </tr>
        )}
      />
    </>
  );
}
