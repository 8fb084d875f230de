// Everybody's models, data sets, batches and jobs: whose they are and how they stand. What is in them stays their owner's.
import { useQuery } from '@tanstack/react-query';
import { accountQuery, isOver } from '../../api/queries';
import type { Batch, Dataset, Job, ModelSummary, Owned } from '../../api/types';
import { ago, bytes, dateTime, duration, number } from '../../app/format';
import { ListTable, useAddress } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { Chip, Empty } from '../../design/parts';
import { jobSeconds } from '../jobs/list';
import { jobTitle, StatusChip } from '../jobs/words';
import { Score } from '../models/score';
import { End } from './ending';
import { AdminFrame, OwnerLink } from './frame';
import { nameOf } from './users';

const states = (names: string[]) => ({ name: 'status', label: t('table.status'), all: t('list.anyState'), choices: names.map((name) => ({ value: name, label: tMaybe(`job.status.${name}`, tMaybe(`data.status.${name}`, name)) })) });

/** Lists of one account are reached from its page; here stands whose, and a way back to all. */
function OnlyOf() {
  const [address, change] = useAddress();
  const owner = useQuery({ ...accountQuery(address.owner_id ?? ''), enabled: Boolean(address.owner_id) });
  if (!address.owner_id) return null;
  return <p className="row small"><Chip tone="engine"><bdi>{t('admin.onlyOf', { name: owner.data ? nameOf(owner.data) : '…' })}</bdi></Chip><button type="button" className="linkish" onClick={() => change({ owner_id: undefined })}>{t('admin.ofAll')}</button></p>;
}

function useOwner() {
  const [address] = useAddress();
  return { owner_id: address.owner_id };
}

export function AdminModels() {
  return (
    <AdminFrame title={t('admin.models')} lead={t('admin.modelsLead')}>
      <div className="stack">
        <OnlyOf />
        <ListTable<Owned<ModelSummary>>
          path="/admin/models" label={t('admin.models')} fixed={useOwner()} empty={<Empty>{t('admin.nothing')}</Empty>}
          filters={[states(['queued', 'training', 'ready', 'failed', 'cancelled']), { name: 'visibility', label: t('share.title'), all: t('list.anyState'), choices: (['private', 'signed-in', 'guest'] as const).map((way) => ({ value: way, label: t(`share.${way}`) })) }]}
          head={<><th scope="col">{t('table.name')}</th><th scope="col">{t('admin.owner')}</th><th scope="col">{t('models.score')}</th><th scope="col">{t('share.title')}</th><th scope="col">{t('table.status')}</th><th scope="col" className="right">{t('settings.size')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('action.delete')}</span></th></>}
          row={(model) => (
            <tr key={model.id} className="hover">
              <th scope="row" className="whole"><span className="few"><bdi>{model.name}</bdi> <span className="tiny soft">v{model.version}</span></span><span className="small soft few" style={{ fontWeight: 400 }}>{t('model.predicts', { target: model.target })}</span></th>
              <td data-label={t('admin.owner')}><OwnerLink owner={model.owner} /></td>
              <td data-label={t('models.score')}><Score model={model} /></td>
              <td>{model.visibility === 'private' ? <span className="soft">{t('share.private')}</span> : <Chip tone="signal">{t(`share.${model.visibility}`)}</Chip>}</td>
              <td><StatusChip status={model.status} /></td>
              <td className="right" data-label={t('settings.size')}>{bytes(model.bytes)}</td>
              <td className="soft" title={dateTime(model.created_at)}>{ago(model.created_at)}</td>
              <td className="right"><End what="model" id={model.id} name={`${model.name} v${model.version}`} owner={model.owner} /></td>
            </tr>
          )}
        />
      </div>
    </AdminFrame>
  );
}

export function AdminData() {
  return (
    <AdminFrame title={t('admin.data')} lead={t('admin.dataLead')}>
      <div className="stack">
        <OnlyOf />
        <ListTable<Owned<Dataset>>
          path="/admin/datasets" label={t('admin.data')} fixed={useOwner()} empty={<Empty>{t('admin.nothing')}</Empty>}
          filters={[states(['profiling', 'ready', 'failed'])]}
          head={<><th scope="col">{t('table.name')}</th><th scope="col">{t('admin.owner')}</th><th scope="col" className="right">{t('data.rows')}</th><th scope="col" className="right">{t('data.columns')}</th><th scope="col" className="right">{t('data.size')}</th><th scope="col" className="right">{t('data.models')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('action.delete')}</span></th></>}
          row={(item) => (
            <tr key={item.id} className="hover">
              <th scope="row" className="whole"><span className="few"><bdi>{item.name}</bdi></span></th>
              <td data-label={t('admin.owner')}><OwnerLink owner={item.owner} /></td>
              <td className="right" data-label={t('data.rows')}>{number(item.rows)}</td>
              <td className="right" data-label={t('data.columns')}>{number(item.columns)}</td>
              <td className="right" data-label={t('data.size')}>{bytes(item.bytes)}</td>
              <td className="right" data-label={t('data.models')}>{number(item.models)}</td>
              <td><StatusChip status={item.status} /></td>
              <td className="soft" title={dateTime(item.created_at)}>{ago(item.created_at)}</td>
              <td className="right"><End what="dataset" id={item.id} name={item.name} owner={item.owner} /></td>
            </tr>
          )}
        />
      </div>
    </AdminFrame>
  );
}

export function AdminBatches() {
  return (
    <AdminFrame title={t('admin.batches')} lead={t('admin.batchesLead')}>
      <div className="stack">
        <OnlyOf />
        <ListTable<Owned<Batch>>
          path="/admin/batch-predictions" label={t('admin.batches')} fixed={useOwner()} searchable={false} empty={<Empty>{t('admin.nothing')}</Empty>}
          filters={[states(['queued', 'running', 'done', 'failed', 'cancelled'])]}
          head={<><th scope="col">{t('batches.file')}</th><th scope="col">{t('admin.owner')}</th><th scope="col">{t('batches.model')}</th><th scope="col" className="right">{t('batches.rows')}</th><th scope="col" className="right">{t('data.size')}</th><th scope="col" className="right">{t('batches.price')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('action.delete')}</span></th></>}
          row={(batch) => (
            <tr key={batch.id} className="hover">
              <th scope="row" className="whole"><span className="few"><bdi>{batch.file_name}</bdi></span></th>
              <td data-label={t('admin.owner')}><OwnerLink owner={batch.owner} /></td>
              <td data-label={t('batches.model')}><span className="few"><bdi>{batch.model_name}</bdi></span></td>
              <td className="right" data-label={t('batches.rows')}>{number(batch.rows)}</td>
              <td className="right" data-label={t('data.size')}>{bytes(batch.bytes)}</td>
              <td className="right" data-label={t('batches.price')}>{number(batch.charged)}</td>
              <td><StatusChip status={batch.status} /></td>
              <td className="soft" title={dateTime(batch.created_at)}>{ago(batch.created_at)}</td>
              <td className="right"><End what="batch" id={batch.id} name={batch.file_name} owner={batch.owner} /></td>
            </tr>
          )}
        />
      </div>
    </AdminFrame>
  );
}

export function AdminJobs() {
  return (
    <AdminFrame title={t('admin.jobs')} lead={t('admin.jobsLead')}>
      <div className="stack">
        <OnlyOf />
        <ListTable<Owned<Job>>
          path="/admin/jobs" label={t('admin.jobs')} fixed={useOwner()} searchable={false} empty={<Empty>{t('admin.nothing')}</Empty>}
          filters={[states(['queued', 'running', 'done', 'failed', 'cancelled']), { name: 'kind', label: t('job.col.job'), all: t('jobs.anyKind'), choices: (['profile', 'train', 'compare', 'study', 'batch', 'check'] as const).map((kind) => ({ value: kind, label: jobTitle({ kind }) })) }]}
          head={<><th scope="col">{t('job.col.job')}</th><th scope="col">{t('admin.owner')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('job.col.detail')}</th><th scope="col" className="right">{t('job.col.time')}</th><th scope="col">{t('table.created')}</th><th scope="col"><span className="hidden">{t('job.stop')}</span></th></>}
          row={(job) => (
            <tr key={job.id} className="hover">
              <th scope="row" className="whole">{jobTitle(job)}{job.attempt > 1 && <> <Chip tone="signal">{t('job.attempt', { attempt: job.attempt, most: job.max_attempts })}</Chip></>}</th>
              <td data-label={t('admin.owner')}><OwnerLink owner={job.owner} /></td>
              <td><StatusChip status={job.status} /></td>
              <td className="soft">{job.status === 'running' ? tMaybe(`job.stage.${job.progress.stage}`, job.progress.stage) : <span className="few">{job.error?.detail ?? ''}</span>}</td>
              <td className="right" data-label={t('job.col.time')}>{duration(jobSeconds(job))}</td>
              <td className="soft" title={dateTime(job.created_at)}>{ago(job.created_at)}</td>
              <td className="right">{!isOver(job) && job.cancelable && <End what="job" id={job.id} name={jobTitle(job)} owner={job.owner} />}</td>
            </tr>
          )}
        />
      </div>
    </AdminFrame>
  );
}
