// The person's own page: who they are, what their tokens were spent on, how the pages look.
import { Button, TextInput, useMantineColorScheme } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../../api/client';
import { asProblem } from '../../api/problem';
import { meQuery, queryClient, tokensQuery } from '../../api/queries';
import type { ChangeMe, User } from '../../api/types';
import { ago, dateTime } from '../../app/format';
import { signOut } from '../../app/session';
import { t, tMaybe } from '../../app/t';
import { Choices } from '../../design/choices';
import { ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';

export function Account() {
  const me = useQuery(meQuery);
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!me.data) return me.error ? <ErrorPanel error={me.error} /> : <Skeleton height={420} />;
  return (
    <>
      <Head title={t('account.title')} lead={me.data.email ?? me.data.user_name} />
      <div className="two lean">
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <ProfileForm me={me.data} />
          <Panel title={t('account.theme')}>
            <Choices
              legend={t('account.theme')} hideLegend compact value={colorScheme} onChange={setColorScheme}
              choices={(['auto', 'light', 'dark'] as const).map((scheme) => ({ value: scheme, label: t(`account.theme.${scheme}`) }))}
            />
          </Panel>
          <Panel title={t('account.session')}>
            <Button variant="default" onClick={() => void signOut()}>{t('nav.signOut')}</Button>
          </Panel>
        </div>
        <Ledger />
      </div>
    </>
  );
}

function ProfileForm({ me }: { me: User }) {
  const [name, setName] = useState(me.display_name ?? '');
  const [userName, setUserName] = useState(me.user_name ?? '');
  const [email, setEmail] = useState(me.email ?? '');
  const save = useMutation({
    mutationFn: () => patch<User>('/me', { display_name: name || null, user_name: userName || null, email: email || null } satisfies ChangeMe),
    onSuccess: (user) => queryClient.setQueryData(meQuery.queryKey, (before) => ({ ...before, ...user })),
  });
  const problem = save.error ? asProblem(save.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Panel title={t('account.profile')}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={t('register.name')} autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/display_name')} />
        <TextInput label={t('register.email')} type="email" autoComplete="email" value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={problem?.field('/email')} />
        <TextInput label={t('account.userName')} description={t('account.userNameNote')} autoComplete="username" value={userName} onChange={(event) => setUserName(event.currentTarget.value)} error={problem?.field('/user_name')} />
        <p className="small soft">{t('account.role')}: {me.role}</p>
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row">
          <Button type="submit" loading={save.isPending}>{t('action.save')}</Button>
          <span role="status" className="small soft">{save.isSuccess ? t('account.saved') : ''}</span>
        </div>
      </form>
    </Panel>
  );
}

function Ledger() {
  const tokens = useQuery(tokensQuery);
  if (tokens.isPending) return <Skeleton height={320} />;
  if (tokens.error && !tokens.data) return <ErrorPanel error={tokens.error} onRetry={() => void tokens.refetch()} />;
  const { balance, entries, prices } = tokens.data;
  return (
    <section className="panel flush">
      <div style={{ padding: 20 }} className="stack">
        <h2>{t('account.tokens')}</h2>
        <p style={{ fontSize: 44, lineHeight: 1.1, fontWeight: 650 }} className="num">{balance}</p>
        <dl className="facts">
          <dt>{t('account.price.train')}</dt><dd>{t('nav.tokens', { count: prices.train })}</dd>
          <dt>{t('account.price.predict')}</dt><dd>{t('nav.tokens', { count: prices.predict })}</dd>
        </dl>
        <h3>{t('account.ledger')}</h3>
      </div>
      {entries.items.length === 0 ? <p className="soft" style={{ padding: '0 20px 20px' }}>{t('account.ledgerEmpty')}</p> : (
        <table aria-label={t('account.ledger')}>
          <thead><tr><th scope="col">{t('account.what')}</th><th scope="col">{t('account.when')}</th><th scope="col" className="right">{t('account.change')}</th><th scope="col" className="right">{t('account.after')}</th></tr></thead>
          <tbody>
            {entries.items.map((entry) => (
              <tr key={entry.id}>
                <td>{tMaybe(`ledger.${entry.reason}`, entry.reason.replaceAll('_', ' '))}</td>
                <td className="soft" title={dateTime(entry.at)}>{ago(entry.at)}</td>
                <td className="right">{entry.delta > 0 ? `+${entry.delta}` : entry.delta}</td>
                <td className="right">{entry.balance_after}</td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
