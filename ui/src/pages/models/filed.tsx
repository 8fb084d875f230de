// Tags and notes of a version. What is typed stays until it is saved.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { patch } from '../../api/client';
import { asProblem } from '../../api/problem';
import { modelQuery, queryClient } from '../../api/queries';
import type { ChangeModel, Model } from '../../api/types';
import { Link } from '../../app/link';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { ErrorPanel, Panel } from '../../design/parts';
import { changed } from './versions';

/** "Churn, 2026,churn" → ["churn", "2026"], as the server keeps them. */
export function tagsOf(text: string): string[] {
  return [...new Set(text.split(',').map((tag) => tag.trim().toLowerCase()).filter(Boolean))];
}

export function Filed({ model }: { model: Model }) {
  const mayMake = useMay('make');
  const [tags, setTags] = useState(model.tags.join(', '));
  const [notes, setNotes] = useState(model.notes ?? '');
  const save = useMutation({
    mutationFn: () => patch<Model>(`/models/${model.id}`, { tags: tagsOf(tags), notes: notes.trim() || null } satisfies Partial<ChangeModel>),
    onSuccess: (now) => {
      queryClient.setQueryData(modelQuery(model.id).queryKey, now);
      setTags(now.tags.join(', '));
      changed(model);
    },
  });
  const problem = save.error ? asProblem(save.error) : null;
  const same = tagsOf(tags).join() === model.tags.join() && notes.trim() === (model.notes ?? '');
  return (
    <Panel title={t('versions.filed', { version: model.version })}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          save.mutate();
        }}
      >
        <TextInput label={t('versions.tagsLabel')} description={t('versions.tagsNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} readOnly={!mayMake} value={tags} onChange={(event) => setTags(event.currentTarget.value)} error={problem?.fields.find((field) => field.pointer.startsWith('/tags'))?.detail} />
        {model.tags.length > 0 && <p className="row small" style={{ '--gap': '8px' } as React.CSSProperties}>{model.tags.map((tag) => <Link key={tag} to="/models" search={{ tag }}><bdi>#{tag}</bdi></Link>)}</p>}
        <Textarea label={t('versions.notes')} description={t('versions.notesNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} readOnly={!mayMake} rows={4} value={notes} onChange={(event) => setNotes(event.currentTarget.value)} error={problem?.field('/notes')} />
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        {mayMake && <div className="row"><Button type="submit" variant="default" loading={save.isPending} disabled={same}>{t('versions.save')}</Button><span className="small soft" role="status">{save.isSuccess && same ? t('versions.saved') : ''}</span></div>}
      </form>
    </Panel>
  );
}
