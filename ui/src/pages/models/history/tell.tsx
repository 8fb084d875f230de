// What turned out to be true of many predictions at once: a file or a pasted table of ids and truths.
import { Button, Input } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { post } from '../../../api/client';
import type { Model, TruthsRequest } from '../../../api/types';
import { t } from '../../../app/t';
import { toast } from '../../../app/toast';
import { Dialog } from '../../../design/dialog';
import { ErrorPanel } from '../../../design/parts';
import { told } from './history';
import { MOST_TRUTHS, readTruths, type Truths } from './truth';

export function TellMany({ model, onClose }: { model: Model; onClose: () => void }) {
  const [text, setText] = useState('');
  const [read, setRead] = useState<Truths | null>(null);
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const tell = useMutation({
    mutationFn: async (truths: TruthsRequest['truths']) => {
      // Telling the same again changes nothing: what failed half-way is simply told once more.
      for (let at = 0; at < truths.length; at += MOST_TRUTHS) await post('/predictions/truth', { truths: truths.slice(at, at + MOST_TRUTHS) } satisfies TruthsRequest);
    },
    onSettled: told,
    onSuccess: (_, truths) => {
      toast(t('truth.toldMany', { count: truths.length }));
      onClose();
    },
  });
  const take = (given: string) => {
    setText(given);
    tell.reset();
    setRead(given.trim() === '' ? null : readTruths(given, model.task));
  };
  const good = read && 'truths' in read ? read : null;
  return (
    <Dialog title={t('truth.many')} onClose={onClose} closeOutside={text === ''}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (good) tell.mutate(good.truths);
        }}
      >
        <p className="small soft">{t('truth.manyLead')}</p>
        <Input.Wrapper id={id} label={t('truth.manyLabel')} error={read && 'problem' in read ? read.problem : undefined}>
          <Input component="textarea" id={id} multiline rows={7} value={text} spellCheck={false} onChange={(event) => take(event.currentTarget.value)} placeholder={'id,truth\n0190…,'} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 14 } }} />
        </Input.Wrapper>
        <input ref={file} type="file" hidden data-testid="truth-file" accept=".csv,.tsv,.txt" onChange={(event) => { void event.currentTarget.files?.[0]?.text().then(take); event.currentTarget.value = ''; }} />
        {tell.error && <ErrorPanel error={tell.error} />}
        <p className="small soft" role="status">{good ? `${t('truth.read', { count: good.truths.length })}${good.blank > 0 ? ` ${t('truth.blank', { count: good.blank })}` : ''}` : ''}</p>
        <div className="row">
          <Button type="submit" loading={tell.isPending} disabled={!good}>{t('truth.go')}</Button>
          <Button variant="default" onClick={() => file.current?.click()}>{t('many.file')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
