// Keys for scripts: made with as few rights as they need, shown once, ended at once.
import { Button, Checkbox, NativeSelect, TextInput } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post, remove } from '../../api/client';
import { publicAddress } from '../../api/place';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { ApiKey, MadeKey, NewKeyRequest, User } from '../../api/types';
import { ago, dateTime } from '../../app/format';
import { More, usePages } from '../../app/list';
import { allows } from '../../app/rights';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Confirm } from '../../design/later';
import { Empty, ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { Once } from '../../design/once';

type Scope = 'read' | 'upload' | 'train' | 'predict' | 'admin';

/** What a key of this role may be given; the server refuses others. */
export function scopesOf(role: string): Scope[] {
  const scopes: [Scope, boolean][] = [['read', true], ['upload', allows(role, 'make')], ['train', allows(role, 'make')], ['predict', true], ['admin', allows(role, 'run')]];
  return scopes.filter(([, has]) => has).map(([scope]) => scope);
}

const LIVES = { '30': 30, '90': 90, '365': 365, never: null } as const;

/** The moment a key made now ends by itself. */
export function endsAt(life: keyof typeof LIVES, now = Date.now()): string | null {
  const days = LIVES[life];
  return days === null ? null : new Date(now + days * 86_400_000).toISOString().replace(/\.\d+Z$/, 'Z');
}

export function ApiKeys({ me }: { me: User }) {
  const pages = usePages<ApiKey>('/me/api-keys', {});
  const [made, setMade] = useState<MadeKey | null>(null);
  const [ending, setEnding] = useState<ApiKey | null>(null);
  const forget = () => queryClient.invalidateQueries({ queryKey: ['me/api-keys'] });
  const keys = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="two lean">
      <NewKey me={me} onMade={(key) => { setMade(key); void forget(); }} />
      <div className="stack">
        {made && <Once title={t('keys.made', { name: made.name })} lead={t('keys.madeLead')} secret={made.key} label={t('keys.secret')} onClose={() => setMade(null)}><pre className="sunk small" style={{ overflowX: 'auto', margin: 0 }} tabIndex={0} role="region" aria-label={t('keys.example')}><code>{`curl -H "Authorization: Bearer ${made.key}" ${publicAddress('/api/v1/me')}`}</code></pre></Once>}
        {pages.isPending ? <Skeleton height={220} /> : !pages.data ? <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} /> : keys.length === 0 ? <Panel><Empty>{t('keys.empty')}</Empty></Panel> : (
          <section className="panel flush">
            <h2 style={{ padding: '20px 20px 8px' }}>{t('keys.yours')}</h2>
            <table className="cards" aria-label={t('keys.yours')}>
              <thead><tr><th scope="col">{t('table.name')}</th><th scope="col">{t('keys.may')}</th><th scope="col">{t('keys.used')}</th><th scope="col">{t('keys.ends')}</th><th scope="col"><span className="hidden">{t('keys.end')}</span></th></tr></thead>
              <tbody>
                {keys.map((key) => (
                  <tr key={key.id}>
                    <th scope="row" className="whole"><span className="few"><bdi>{key.name}</bdi></span><span className="mono soft">{key.prefix}…</span></th>
                    <td>{key.scopes.map((scope) => t(`scope.${scope as Scope}`)).join(', ')}</td>
                    <td data-label={t('keys.used')} className="soft" title={dateTime(key.last_used_at)}>{key.last_used_at ? ago(key.last_used_at) : t('keys.never')}</td>
                    <td data-label={t('keys.ends')} className="soft" title={dateTime(key.expires_at)}>{key.expires_at ? (Date.parse(key.expires_at) < Date.now() ? t('keys.ended') : ago(key.expires_at)) : t('keys.byHand')}</td>
                    <td className="right"><button type="button" className="linkish small" onClick={() => setEnding(key)}>{t('keys.end')}<span className="hidden"> {key.name}</span></button></td>
                  </tr>
                ))}
              </tbody>
            </table>
          </section>
        )}
        <More shown={keys.length} pages={pages} />
      </div>
      {ending && (
        <Confirm
          title={t('keys.endTitle', { name: ending.name })}
          action={t('keys.end')}
          onClose={() => setEnding(null)}
          onConfirm={async () => {
            await remove(`/me/api-keys/${ending.id}`);
            if (made?.id === ending.id) setMade(null);
            await forget();
            toast(t('keys.endDone', { name: ending.name }));
            setEnding(null);
          }}
        >
          <p>{t('keys.endText')}</p>
        </Confirm>
      )}
    </div>
  );
}

function NewKey({ me, onMade }: { me: User; onMade: (key: MadeKey) => void }) {
  const [name, setName] = useState('');
  const [scopes, setScopes] = useState<Scope[]>(['read', 'predict']);
  const [life, setLife] = useState<keyof typeof LIVES>('90');
  const make = useMutation({
    mutationFn: () => post<MadeKey>('/me/api-keys', { name: name.trim(), scopes, expires_at: endsAt(life) } satisfies NewKeyRequest),
    onSuccess: (key) => {
      setName('');
      onMade(key);
    },
  });
  const problem = make.error ? asProblem(make.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  return (
    <Panel title={t('keys.new')}>
      <form className="stack" onSubmit={submit}>
        <p className="small soft">{t('keys.lead')}</p>
        <TextInput label={t('keys.name')} description={t('keys.nameNote')} required maxLength={200} value={name} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/name')} />
        <fieldset className="stack" style={{ '--gap': '10px' } as React.CSSProperties}>
          <legend style={{ fontWeight: 550, marginBlockEnd: 8, padding: 0 }}>{t('keys.may')}</legend>
          {scopesOf(me.role).map((scope) => (
            <Checkbox
              key={scope} label={t(`scope.${scope}`)} description={t(`scope.${scope}Note`)} checked={scopes.includes(scope)}
              onChange={(event) => setScopes(event.currentTarget.checked ? [...scopes, scope] : scopes.filter((one) => one !== scope))}
            />
          ))}
          {problem?.field('/scopes') && <p className="small" style={{ color: 'var(--stop)' }} role="alert">{problem.field('/scopes')}</p>}
        </fieldset>
        <NativeSelect label={t('keys.ends')} value={life} onChange={(event) => setLife(event.currentTarget.value as keyof typeof LIVES)} data={(Object.keys(LIVES) as (keyof typeof LIVES)[]).map((one) => ({ value: one, label: t(`keys.life.${one}`) }))} error={problem?.field('/expires_at')} />
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div><Button type="submit" loading={make.isPending} disabled={scopes.length === 0}>{t('keys.go')}</Button></div>
      </form>
    </Panel>
  );
}
