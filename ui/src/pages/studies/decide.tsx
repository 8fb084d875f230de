// What becomes of the best of a study: a model, or nothing.
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { Model, SaveStudy, Study } from '../../api/types';
import { useGo } from '../../app/link';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { Confirm } from '../../design/later';
import { ErrorPanel } from '../../design/parts';
import { studyQuery } from './load';

export function Decide({ study }: { study: Study }) {
  const go = useGo();
  const mayMake = useMay('make');
  const [name, setName] = useState(study.name);
  const [reverting, setReverting] = useState(false);
  const save = useMutation({
    mutationFn: () => post<Model>(`/studies/${study.id}/save`, { name: name.trim() || study.name } satisfies SaveStudy),
    onSuccess: (model) => {
      for (const key of ['study', 'studies', 'models', 'datasets']) void queryClient.invalidateQueries({ queryKey: [key] });
      void go(`/models/${model.id}`);
    },
  });
  if (study.status === 'reverted') return <p className="notice">{t('study.reverted')}</p>;
  if (study.status === 'saved') {
    return (
      <div className="notice engine row">
        <span className="grow">{study.model_id ? t('study.saved') : t('study.savedGone')}</span>
        {study.model_id && <Button onClick={() => void go(`/models/${study.model_id}`)}>{t('study.openModel')}</Button>}
      </div>
    );
  }
  if (study.status !== 'done' || !mayMake) return null;
  const problem = save.error ? asProblem(save.error) : null;
  return (
    <section className="notice engine stack" aria-label={t('study.decide')}>
      <div><h2>{t('study.decide')}</h2><p>{t('study.decideText')}</p></div>
      <form
        className="row"
        style={{ alignItems: 'flex-end' }}
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput label={t('study.name')} value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/name')} style={{ flex: '1 1 220px', maxWidth: 420 }} />
        <Button type="submit" loading={save.isPending}>{t('study.save')}</Button>
        <Button variant="default" onClick={() => setReverting(true)}>{t('study.revert')}</Button>
      </form>
      <p className="small soft">{t('train.nameNote')}</p>
      {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
      {reverting && (
        <Confirm
          title={t('study.revertTitle')} action={t('study.revert')} onClose={() => setReverting(false)}
          onConfirm={async () => {
            queryClient.setQueryData(studyQuery(study.id).queryKey, await post<Study>(`/studies/${study.id}/revert`));
            void queryClient.invalidateQueries({ queryKey: ['studies'] });
            setReverting(false);
          }}
        >
          <p>{t('study.revertText')}</p>
        </Confirm>
      )}
    </section>
  );
}
