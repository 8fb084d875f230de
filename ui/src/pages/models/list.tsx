// All trained models, newest first: found, filtered, and chosen to be compared or deleted together.
import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense, useState } from 'react';
import { algorithmsQuery, datasetQuery } from '../../api/queries';
import type { ModelSummary } from '../../api/types';
import { ago, dateTime } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable, useAddress } from '../../app/list';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { Chip, Empty, Head } from '../../design/parts';
import { StatusChip } from '../jobs/words';
import { Score } from './score';

const Bring = lazy(() => import('./bring').then((module) => ({ default: module.Bring })));
const DeleteMany = lazy(() => import('./delete-many').then((module) => ({ default: module.DeleteMany })));

const MOST_COMPARED = 4;
const STATES = ['queued', 'training', 'ready', 'failed', 'cancelled'] as const;

/** The models of one table are reached from its page; here stands which, and a way back to all. */
function OnlyOn() {
  const [address, change] = useAddress();
  const dataset = useQuery({ ...datasetQuery(address.dataset_id ?? ''), enabled: Boolean(address.dataset_id) });
  if (!address.dataset_id && !address.tag) return null;
  return (
    <p className="row small" style={{ marginBlockEnd: 16 }}>
      {address.dataset_id && <Chip tone="engine"><bdi>{t('models.onlyOn', { name: dataset.data?.name ?? '…' })}</bdi></Chip>}
      {address.tag && <Chip tone="engine"><bdi>{t('models.onlyTag', { tag: address.tag })}</bdi></Chip>}
      <button type="button" className="linkish" onClick={() => change({ dataset_id: undefined, tag: undefined })}>{t('models.onAll')}</button>
    </p>
  );
}

export function ModelList() {
  const go = useGo();
  const [address] = useAddress();
  const mayMake = useMay('make');
  const [chosen, setChosen] = useState<ReadonlyMap<string, ModelSummary>>(new Map());
  const [deleting, setDeleting] = useState(false);
  const [bringing, setBringing] = useState(false);
  const shared = address.whose === 'shared';
  const algorithms = useQuery(algorithmsQuery);
  const toggle = (model: ModelSummary) => {
    const next = new Map(chosen);
    if (!next.delete(model.id)) next.set(model.id, model);
    setChosen(next);
  };
  const ready = [...chosen.values()].filter((model) => model.status === 'ready');
  const choosing = !shared;
  const bar = (items: ModelSummary[]) => choosing && (
    <div className="row chooser">
      <Checkbox
        label={t('list.chooseAll')} checked={items.length > 0 && items.every((item) => chosen.has(item.id))} indeterminate={chosen.size > 0 && !items.every((item) => chosen.has(item.id))}
        onChange={(event) => setChosen(event.currentTarget.checked ? new Map(items.map((item) => [item.id, item])) : new Map())}
      />
      <span className="small soft num" role="status">{chosen.size > 0 ? t('list.chosen', { count: chosen.size }) : t('models.compareHow')}</span>
      {chosen.size > 0 && (
        <>
          <Button size="xs" variant="default" disabled={ready.length < 2 || ready.length > MOST_COMPARED} onClick={() => void go(`/models/compare?ids=${ready.map((model) => model.id).join(',')}`)}>{t('models.compare')}</Button>
          {mayMake && <Button size="xs" variant="default" style={{ color: 'var(--stop)' }} onClick={() => setDeleting(true)}>{t('models.deleteMany')}</Button>}
        </>
      )}
    </div>
  );
  return (
    <>
      <Head title={t('models.title')} lead={t('models.lead')} actions={<><Link to="/studies">{t('studies.title')}</Link>{mayMake && <Button variant="default" onClick={() => setBringing(true)}>{t('bring.open')}</Button>}</>} />
      <OnlyOn />
      <ListTable<ModelSummary>
        path="/models"
        fixed={{ dataset_id: address.dataset_id, tag: address.tag }}
        label={t('models.title')}
        filters={[
          { name: 'whose', label: t('models.whose'), all: t('models.mine'), choices: [{ value: 'shared', label: t('models.shared') }] },
          { name: 'task', label: t('models.task'), all: t('list.anyState'), choices: (['classification', 'regression'] as const).map((task) => ({ value: task, label: t(`models.task.${task}`) })) },
          { name: 'algorithm', label: t('models.algorithm'), all: t('list.anyState'), choices: (algorithms.data?.items ?? []).map(({ name, title }) => ({ value: name, label: title })) },
          { name: 'status', label: t('table.status'), all: t('list.anyState'), choices: STATES.map((state) => ({ value: state, label: t(`job.status.${state}`) })) },
        ]}
        above={bar}
        empty={<Empty action={<span className="row" style={{ justifyContent: 'center' }}>{mayMake && <Button onClick={() => void go('/data')}>{t('models.openData')}</Button>}<Button variant="default" onClick={() => void go('/models?whose=shared')}>{t('models.shared')}</Button></span>}>{t('models.empty')}</Empty>}
        head={
          <>
            {choosing && <th scope="col"><span className="hidden">{t('list.chosen', { count: chosen.size })}</span></th>}
            <th scope="col">{t('table.name')}</th><th scope="col">{t('models.target')}</th><th scope="col">{t('models.score')}</th><th scope="col">{t('models.algorithm')}</th>
            <th scope="col">{t('models.data')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th>
          </>
        }
        row={(model) => (
          <tr key={model.id} className={chosen.has(model.id) ? 'hover chosen' : 'hover'}>
            {choosing && <td className="pick"><Checkbox aria-label={t('list.choose', { name: `${model.name} v${model.version}` })} checked={chosen.has(model.id)} onChange={() => toggle(model)} /></td>}
            <th scope="row" className="whole"><span className="named"><Link to={`/models/${model.id}`} className="few" title={model.name}>{model.name}</Link><span className="tiny soft">v{model.version}</span>{model.aliases.map((alias) => <Chip key={alias} tone="engine"><bdi>@{alias}</bdi></Chip>)}{model.tags.map((tag) => <Link key={tag} to="/models" search={{ tag }} className="chip"><bdi>#{tag}</bdi></Link>)}{model.visibility !== 'private' && !model.shared_by && <Chip>{t(`share.${model.visibility}`)}</Chip>}</span>{model.shared_by && <span className="small soft few" style={{ fontWeight: 400 }}>{t('models.by', { name: model.shared_by })}</span>}</th>
            <td data-label={t('models.target')}><span className="few" title={model.target}>{model.target}</span></td>
            <td data-label={t('models.score')}><Score model={model} /></td>
            <td className="soft">{model.algorithm.replaceAll('_', ' ')}</td>
            <td>{model.dataset_id ? <Link to={`/data/${model.dataset_id}`} className="few">{model.dataset_name || '–'}</Link> : <span className="few">{model.dataset_name || '–'}</span>}</td>
            <td><StatusChip status={model.status} /></td>
            <td className="soft" title={dateTime(model.created_at)}>{ago(model.created_at)}</td>
          </tr>
        )}
      />
      <Suspense>
        {bringing && <Bring onClose={() => setBringing(false)} />}
        {deleting && chosen.size > 0 && <DeleteMany models={[...chosen.values()]} onClose={() => setDeleting(false)} onDone={() => { setDeleting(false); setChosen(new Map()); }} />}
      </Suspense>
    </>
  );
}
