// Brings a model file in, from this or another server.
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { Model } from '../../api/types';
import { bytes } from '../../app/format';
import { useGo } from '../../app/link';
import { t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import { ErrorPanel } from '../../design/parts';

export function Bring({ onClose }: { onClose: () => void }) {
  const go = useGo();
  const input = useRef<HTMLInputElement>(null);
  const [file, setFile] = useState<File | null>(null);
  const [name, setName] = useState('');
  const bring = useMutation({
    mutationFn: () => post<Model>('/models/import', file as Blob, { query: { name: name.trim() || undefined } }),
    onSuccess: (model) => {
      void queryClient.invalidateQueries({ queryKey: ['models'] });
      void go(`/models/${model.id}`);
    },
  });
  const problem = bring.error ? asProblem(bring.error) : null;
  return (
    <Dialog title={t('bring.title')} onClose={onClose} closeOutside={false}>
      <form
        className="stack"
        onSubmit={(event) => {
          event.preventDefault();
          if (file) bring.mutate();
        }}
      >
        <p className="soft">{t('bring.lead')}</p>
        <div className="row">
          <Button variant="default" onClick={() => input.current?.click()}>{t('bring.choose')}</Button>
          {file && <span className="small" style={{ overflowWrap: 'anywhere', minWidth: 0 }}><bdi>{file.name}</bdi> · {bytes(file.size)}</span>}
        </div>
        <input
          ref={input} type="file" hidden accept=".tym" data-testid="model-file"
          onChange={(event) => {
            const chosen = event.currentTarget.files?.[0] ?? null;
            event.currentTarget.value = '';
            if (!chosen) return;
            setFile(chosen);
            bring.reset();
            setName((before) => before || chosen.name.replace(/(-v\d+)?\.tym$/i, ''));
          }}
        />
        <TextInput label={t('bring.name')} description={t('train.nameNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/name')} />
        {problem && <ErrorPanel error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" loading={bring.isPending} disabled={!file}>{t('bring.go')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
