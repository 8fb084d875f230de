// With whom a model is shared: nobody, everybody with an account, or everybody with its link.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useRef, useState } from 'react';
import { patch } from '../../api/client';
import { publicAddress } from '../../api/place';
import { modelQuery, queryClient } from '../../api/queries';
import type { ChangeModel, Model, Visibility } from '../../api/types';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Confirm } from '../../design/later';
import { ErrorPanel, Panel } from '../../design/parts';

const WAYS = ['private', 'signed-in', 'guest'] as const;

export function Share({ model }: { model: Model }) {
  const [ending, setEnding] = useState<Visibility | null>(null);
  const [copied, setCopied] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const share = useMutation({
    mutationFn: (visibility: Visibility) => patch<Model>(`/models/${model.id}`, { visibility } satisfies ChangeModel),
    onSuccess: (changed) => {
      queryClient.setQueryData(modelQuery(model.id).queryKey, changed);
      void queryClient.invalidateQueries({ queryKey: ['models'] });
    },
  });
  const choose = (visibility: Visibility) => {
    // A link that is taken back never comes again: asked first.
    if (model.visibility === 'guest') setEnding(visibility);
    else share.mutate(visibility);
  };
  const link = model.guest_slug ? publicAddress(`/g/${model.guest_slug}`) : null;
  const copy = () => {
    field.current?.select();
    if (link) void navigator.clipboard?.writeText(link).then(() => setCopied(true));
  };
  return (
    <Panel title={t('share.title')}>
      <div className="stack">
        <Choices legend={t('share.who')} hideLegend value={share.isPending ? share.variables : model.visibility} onChange={choose} choices={WAYS.map((way) => ({ value: way, label: t(`share.${way}`), note: t(`share.${way}Note`) }))} />
        <p role="status" className="hidden">{share.isSuccess ? t(`share.${model.visibility}`) : ''}</p>
        {share.error && <ErrorPanel error={share.error} />}
        {link && (
          <div className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
            <div className="row">
              <input ref={field} className="mono secret" aria-label={t('share.link')} value={link} readOnly onFocus={(event) => event.currentTarget.select()} />
              <Button variant="default" onClick={copy}>{copied ? t('action.copied') : t('action.copy')}</Button>
            </div>
            <p className="small soft">{t('share.linkNote')} <a href={link} target="_blank" rel="noreferrer">{t('share.open')}</a></p>
          </div>
        )}
      </div>
      {ending && (
        <Confirm
          title={t('share.endTitle')}
          action={t('share.endGo')}
          onClose={() => setEnding(null)}
          onConfirm={async () => {
            await share.mutateAsync(ending);
            setEnding(null);
          }}
        >
          <p>{t('share.endText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}
