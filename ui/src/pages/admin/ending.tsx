// Ending what is somebody else's: deleting a model, a data set or a batch, stopping a job. Asked once, with whose it is.
import { useState } from 'react';
import { post, remove } from '../../api/client';
import { queryClient } from '../../api/queries';
import type { Owner } from '../../api/types';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Confirm } from '../../design/later';

const WAYS = {
  model: { path: '/admin/models', list: 'admin/models', action: 'action.delete', title: 'ending.delete', text: 'ending.modelText', done: 'ending.deleted' },
  dataset: { path: '/admin/datasets', list: 'admin/datasets', action: 'action.delete', title: 'ending.delete', text: 'ending.datasetText', done: 'ending.deleted' },
  batch: { path: '/admin/batch-predictions', list: 'admin/batch-predictions', action: 'action.delete', title: 'ending.delete', text: 'ending.batchText', done: 'ending.deleted' },
  job: { path: '/admin/jobs', list: 'admin/jobs', action: 'job.stopGo', title: 'ending.stop', text: 'ending.jobText', done: 'ending.stopped' },
} as const;

interface Props {
  what: keyof typeof WAYS;
  id: string;
  name: string;
  owner: Owner | null | undefined;
}

/** The button at the end of a row, and the question behind it. */
export function End({ what, id, name, owner }: Props) {
  const [asked, setAsked] = useState(false);
  const way = WAYS[what];
  const end = async () => {
    if (what === 'job') await post(`${way.path}/${id}/cancel`);
    else await remove(`${way.path}/${id}`);
    for (const key of [way.list, 'statistics', 'jobs', 'models', 'datasets', 'batch-predictions', 'me']) void queryClient.invalidateQueries({ queryKey: [key] });
    setAsked(false);
    toast(t(way.done, { name }));
  };
  return (
    <>
      <button type="button" className="linkish small" onClick={() => setAsked(true)}>{t(what === 'job' ? 'job.stop' : 'action.delete')}<span className="hidden"> {name}</span></button>
      {asked && (
        <Confirm title={t(way.title, { name })} action={t(way.action)} onClose={() => setAsked(false)} onConfirm={end}>
          <div className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
            <p><bdi>{owner ? t('ending.whose', { name: owner.name }) : t('ending.nobodys')}</bdi></p>
            <p>{t(way.text)}</p>
          </div>
        </Confirm>
      )}
    </>
  );
}
