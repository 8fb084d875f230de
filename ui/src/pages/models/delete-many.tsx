// Many models at once go only after their number was typed: one key too many must not cost a week of trainings.
import { Button, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { remove } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { ModelSummary } from '../../api/types';
import { list } from '../../app/format';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Dialog } from '../../design/dialog';
import { ErrorPanel } from '../../design/parts';

/** As many names as a sentence holds. */
const NAMED = 5;

export function DeleteMany({ models, onClose, onDone }: { models: ModelSummary[]; onClose: () => void; onDone: () => void }) {
  const [typed, setTyped] = useState('');
  const [done, setDone] = useState<number | null>(null);
  const [error, setError] = useState<unknown>(null);
  const names = models.slice(0, NAMED).map((model) => `“${model.name}” v${model.version}`);
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setError(null);
    let count = 0;
    setDone(0);
    for (const model of models) {
      try {
        await remove(`/models/${model.id}`);
      } catch (reason) {
        // Gone already is what was asked for.
        if (asProblem(reason).status !== 404) {
          setError(new Error(t('models.deletedSome', { done: count, name: model.name, reason: asProblem(reason).message })));
          setDone(null);
          void queryClient.invalidateQueries({ queryKey: ['models'] });
          return;
        }
      }
      queryClient.removeQueries({ queryKey: ['model', model.id] });
      count += 1;
      setDone(count);
    }
    await queryClient.invalidateQueries({ queryKey: ['models'] });
    toast(t('models.deletedMany', { count }));
    onDone();
  };
  return (
    <Dialog onClose={onClose} title={t('models.deleteManyTitle', { count: models.length })} closeOutside={false}>
      <form className="stack" onSubmit={(event) => void submit(event)}>
        <p style={{ overflowWrap: 'anywhere' }}><bdi>{t('models.deleteManyText', { list: list(models.length > NAMED ? [...names, '…'] : names) })}</bdi></p>
        <TextInput label={t('models.deleteManyType', { count: models.length })} inputMode="numeric" autoComplete="off" value={typed} onChange={(event) => setTyped(event.currentTarget.value)} data-autofocus />
        {error !== null && <ErrorPanel error={error} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <span className="small soft num" role="status">{done === null ? '' : `${done} / ${models.length}`}</span>
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" color="stop" loading={done !== null} disabled={typed.trim() !== String(models.length)}>{t('models.deleteMany')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
