// Names that point to a version: champion is one, any other word may be.
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, put, remove } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { Alias, Model } from '../../api/types';
import { ago } from '../../app/format';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { changed } from './versions';

export function Aliases({ model }: { model: Model }) {
  const mayMake = useMay('make');
  const [word, setWord] = useState('');
  const aliases = useQuery({ queryKey: ['aliases', model.name, model.id], queryFn: () => get<{ items: Alias[] }>(`/models/${model.id}/aliases`) });
  const path = (alias: string) => `/models/${model.id}/aliases/${encodeURIComponent(alias)}`;
  const add = useMutation({
    mutationFn: () => put<Model>(path(word.trim())),
    onSuccess: () => {
      setWord('');
      changed(model);
    },
  });
  const take = useMutation({ mutationFn: (alias: string) => remove(path(alias)), onSuccess: () => changed(model) });
  return (
    <Panel title={t('versions.aliases')}>
      <div className="stack">
        {aliases.isPending ? <Skeleton height={60} /> : !aliases.data ? <ErrorPanel error={aliases.error} onRetry={() => void aliases.refetch()} /> : aliases.data.items.length === 0 ? <p className="soft small">{t('versions.aliasNone')}</p> : (
          <ul className="listing">
            {aliases.data.items.map((one) => (
              <li key={one.alias}>
                <span className="grow"><b><bdi>@{one.alias}</bdi></b><br /><span className="small soft">{t('versions.aliasAt', { version: one.version, when: ago(one.since) })}</span></span>
                {mayMake && <button type="button" className="linkish small" disabled={take.isPending} onClick={() => take.mutate(one.alias)}><bdi>{t('versions.aliasTake', { alias: `@${one.alias}` })}</bdi></button>}
              </li>
            ))}
          </ul>
        )}
        {take.error && <ErrorPanel error={take.error} />}
        {mayMake && (
          <form
            className="row"
            style={{ alignItems: 'flex-end' }}
            onSubmit={(event) => {
              event.preventDefault();
              if (word.trim()) add.mutate();
            }}
          >
            <TextInput label={t('versions.alias')} description={t('versions.aliasNote')} inputWrapperOrder={['label', 'input', 'description', 'error']} value={word} maxLength={60} onChange={(event) => setWord(event.currentTarget.value)} error={add.error ? asProblem(add.error).message : undefined} style={{ flex: '1 1 200px' }} />
            <Button type="submit" variant="default" loading={add.isPending} disabled={word.trim() === ''} style={{ alignSelf: 'flex-start', marginBlockStart: 24 }}>{t('versions.aliasAdd')}</Button>
          </form>
        )}
      </div>
    </Panel>
  );
}
