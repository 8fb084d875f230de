// One account: names and role, tokens given and taken, a new password, off and on, and its end.
import { Button, NativeSelect, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { patch, remove } from '../../api/client';
import { asProblem } from '../../api/problem';
import { accountQuery, meQuery, queryClient } from '../../api/queries';
import type { Account, ChangeAccount, LedgerEntry } from '../../api/types';
import { ago, dateTime, number } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { More, usePages } from '../../app/list';
import { roleChoices, roleName } from '../../app/rights';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Confirm } from '../../design/later';
import { Chip, ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { EntryTable } from '../account/tokens';
import { AdminFrame } from './frame';
import { GiveTokens } from './grant';
import { NewPasswordPanel } from './password';
import { nameOf } from './users';

export function AdminUser() {
  const { id = '' } = useParams({ strict: false }) as { id?: string };
  const user = useQuery(accountQuery(id));
  const name = user.data ? nameOf(user.data) : t('admin.users');
  return (
    <AdminFrame
      title={name}
      lead={user.data && (
        <span className="row" style={{ '--gap': '8px' } as React.CSSProperties}>
          <Chip>{roleName(user.data.role)}</Chip>
          <Chip tone={user.data.active ? 'engine' : 'stop'}>{user.data.active ? t('users.on') : t('users.off')}</Chip>
          <span className="small">{t('users.since', { number: user.data.number, ago: ago(user.data.created_at) })}</span>
        </span>
      )}
    >
      {user.isPending ? <Skeleton height={420} /> : user.data ? <One key={user.data.id} user={user.data} /> : <ErrorPanel error={user.error} onRetry={() => void user.refetch()} />}
    </AdminFrame>
  );
}

function One({ user }: { user: Account }) {
  const me = useQuery(meQuery);
  const own = me.data?.id === user.id;
  return (
    <div className="two">
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <Names user={user} />
        {own ? <Panel title={t('users.you')}><p className="soft">{t('users.youNote')} <Link to="/account" search={{ tab: 'security' }}>{t('account.title')}</Link></p></Panel> : (
          <>
            <NewPasswordPanel user={user} />
            <Switching user={user} />
          </>
        )}
        <Panel title={t('users.theirs')}>
          <ul className="listing">
            <li><Link to="/admin/models" search={{ owner_id: user.id }}>{t('admin.models')}</Link></li>
            <li><Link to="/admin/data" search={{ owner_id: user.id }}>{t('admin.data')}</Link></li>
            <li><Link to="/admin/batches" search={{ owner_id: user.id }}>{t('admin.batches')}</Link></li>
            <li><Link to="/admin/jobs" search={{ owner_id: user.id }}>{t('admin.jobs')}</Link></li>
            <li><Link to="/admin/audit" search={{ actor: user.id }}>{t('users.acts')}</Link></li>
          </ul>
        </Panel>
      </div>
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <GiveTokens user={user} />
        <Movements user={user} />
      </div>
    </div>
  );
}

export function keepAccount(user: Account): void {
  queryClient.setQueryData(accountQuery(user.id).queryKey, user);
  void queryClient.invalidateQueries({ queryKey: ['admin/users'] });
}

function Names({ user }: { user: Account }) {
  const [email, setEmail] = useState(user.email ?? '');
  const [userName, setUserName] = useState(user.user_name ?? '');
  const [name, setName] = useState(user.display_name);
  const [role, setRole] = useState(user.role);
  const save = useMutation({
    mutationFn: () => patch<Account>(`/admin/users/${user.id}`, { email: email.trim() || null, user_name: userName.trim() || null, display_name: name, ...(role === user.role ? {} : { role }) } satisfies ChangeAccount),
    onSuccess: keepAccount,
  });
  const problem = save.error ? asProblem(save.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate();
  };
  return (
    <Panel title={t('users.profile')}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={t('users.name')} autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/display_name')} />
        <TextInput label={t('register.email')} type="email" autoComplete="off" value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={problem?.field('/email')} />
        <TextInput label={t('account.userName')} autoComplete="off" value={userName} onChange={(event) => setUserName(event.currentTarget.value)} error={problem?.field('/user_name')} />
        <NativeSelect label={t('users.role')} description={t(`role.${role}Note` as 'role.userNote')} value={role} onChange={(event) => setRole(event.currentTarget.value)} data={roleChoices()} error={problem?.field('/role')} />
        {role !== user.role && <p className="small" style={{ color: 'var(--signal)' }}>{t('users.roleEnds')}</p>}
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row">
          <Button type="submit" loading={save.isPending}>{t('action.save')}</Button>
          <span role="status" className="small soft">{save.isSuccess ? t('account.saved') : ''}</span>
        </div>
        <p className="small soft">{t('users.seen')}: <span title={dateTime(user.last_login_at)}>{user.last_login_at ? ago(user.last_login_at) : t('keys.never')}</span></p>
      </form>
    </Panel>
  );
}

function Switching({ user }: { user: Account }) {
  const go = useGo();
  const [ask, setAsk] = useState<'off' | 'delete' | null>(null);
  const turn = useMutation({ mutationFn: (active: boolean) => patch<Account>(`/admin/users/${user.id}`, { active } satisfies ChangeAccount), onSuccess: keepAccount });
  return (
    <Panel title={t('users.end')}>
      <div className="stack" style={{ alignItems: 'flex-start' }}>
        <p className="small soft">{t('users.endNote')}</p>
        {turn.error && <ErrorPanel error={turn.error} />}
        <div className="row">
          {user.active ? <Button variant="default" onClick={() => setAsk('off')}>{t('users.turnOff')}</Button> : <Button variant="default" loading={turn.isPending} onClick={() => turn.mutate(true)}>{t('users.turnOn')}</Button>}
          <Button variant="default" style={{ color: 'var(--stop)' }} onClick={() => setAsk('delete')}>{t('users.delete')}</Button>
        </div>
      </div>
      {ask === 'off' && (
        <Confirm title={t('users.offTitle', { name: nameOf(user) })} action={t('users.turnOff')} onClose={() => setAsk(null)} onConfirm={async () => { await turn.mutateAsync(false); setAsk(null); }}>
          <p>{t('users.offText')}</p>
        </Confirm>
      )}
      {ask === 'delete' && (
        <Confirm
          title={t('users.deleteTitle', { name: nameOf(user) })}
          action={t('users.delete')}
          onClose={() => setAsk(null)}
          onConfirm={async () => {
            await remove(`/admin/users/${user.id}`);
            // The list is asked again before it is shown: it would show the account once more.
            await queryClient.invalidateQueries({ queryKey: ['admin/users'], refetchType: 'all' });
            await go('/admin/users', { replace: true });
            queryClient.removeQueries({ queryKey: accountQuery(user.id).queryKey });
            toast(t('users.deleted', { name: nameOf(user) }));
          }}
        >
          <p>{t('users.deleteText')}</p>
        </Confirm>
      )}
    </Panel>
  );
}

function Movements({ user }: { user: Account }) {
  const pages = usePages<LedgerEntry>(`/admin/users/${user.id}/tokens`, {});
  const entries = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <section className="panel flush">
      <h2 style={{ padding: '20px 20px 8px' }}>{t('users.ledger', { count: number(user.tokens) })}</h2>
      {pages.isPending ? <div style={{ padding: 20 }}><Skeleton /></div> : pages.data ? <EntryTable entries={entries} /> : <div style={{ padding: 20 }}><ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} /></div>}
      <div style={{ padding: pages.hasNextPage ? '0 20px 20px' : 0 }}><More shown={entries.length} pages={pages} /></div>
    </section>
  );
}
