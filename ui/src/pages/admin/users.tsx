// Everybody who has an account, found by name, role and tokens.
import { Button, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.layer.css';
import { useState } from 'react';
import type { Account } from '../../api/types';
import { ago, dateTime, number } from '../../app/format';
import { Link } from '../../app/link';
import { Filters, More, useAddress, usePages, useSearchText } from '../../app/list';
import { roleChoices, roleName } from '../../app/rights';
import { t } from '../../app/t';
import { Chip, Empty, ErrorPanel, Skeleton } from '../../design/parts';
import { AdminFrame } from './frame';
import { NewUser } from './new-user';

const FILTERS = () => [
  { name: 'role', label: t('users.role'), all: t('users.anyRole'), choices: roleChoices() },
  { name: 'active', label: t('table.status'), all: t('users.anyState'), choices: [{ value: 'true', label: t('users.on') }, { value: 'false', label: t('users.off') }] },
];

export function AdminUsers() {
  const [adding, setAdding] = useState(false);
  return (
    <AdminFrame title={t('admin.users')} lead={t('users.lead')} actions={<Button onClick={() => setAdding(true)}>{t('users.add')}</Button>}>
      <div className="stack">
        {adding && <NewUser onClose={() => setAdding(false)} />}
        <UserTable />
      </div>
    </AdminFrame>
  );
}

export function nameOf(user: Pick<Account, 'display_name' | 'user_name' | 'email'>): string {
  return user.display_name || user.user_name || user.email || '';
}

function UserTable() {
  const [address, change] = useAddress();
  const [typed, search, setTyped] = useSearchText();
  const pages = usePages<Account>('/admin/users', { search, role: address.role, active: address.active, min_tokens: address.tokens });
  if (pages.isPending) return <Skeleton height={320} />;
  if (!pages.data) return <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />;
  const users = pages.data.pages.flatMap((page) => page.items);
  return (
    <>
      <div className="filters" role="search" aria-label={t('admin.users')}>
        <TextInput type="search" label={t('users.find')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Filters filters={FILTERS()} />
        <NumberInput label={t('users.minTokens')} min={0} allowDecimal={false} allowNegative={false} hideControls value={address.tokens ?? ''} onChange={(value) => change({ tokens: value === '' ? undefined : String(value) })} />
      </div>
      {users.length === 0 ? (
        <Empty action={<Button variant="default" onClick={() => { setTyped(''); change({ q: undefined, role: undefined, active: undefined, tokens: undefined }); }}>{t('list.clear')}</Button>}>{t('list.noneFiltered')}</Empty>
      ) : (
        <div className="panel flush">
          <table className="cards" aria-label={t('admin.users')}>
            <thead><tr><th scope="col" className="right">{t('table.number')}</th><th scope="col">{t('table.name')}</th><th scope="col">{t('users.role')}</th><th scope="col" className="right">{t('account.tokens')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('users.seen')}</th><th scope="col">{t('table.created')}</th></tr></thead>
            <tbody>
              {users.map((user) => (
                <tr key={user.id} className="hover">
                  <td className="right soft" data-label={t('table.number')}>{user.number}</td>
                  <th scope="row" className="whole">
                    <Link to={`/admin/users/${user.id}`} className="few" title={nameOf(user)}>{nameOf(user)}</Link>
                    {nameOf(user) !== (user.email ?? user.user_name) && <span className="small soft few" style={{ fontWeight: 400 }}>{user.email ?? user.user_name}</span>}
                  </th>
                  <td data-label={t('users.role')}>{roleName(user.role)}</td>
                  <td className="right" data-label={t('account.tokens')}>{number(user.tokens)}</td>
                  <td><Chip tone={user.active ? 'engine' : 'stop'}>{user.active ? t('users.on') : t('users.off')}</Chip></td>
                  <td className="soft" data-label={t('users.seen')} title={dateTime(user.last_login_at)}>{user.last_login_at ? ago(user.last_login_at) : t('keys.never')}</td>
                  <td className="soft" data-label={t('table.created')} title={dateTime(user.created_at)}>{ago(user.created_at)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      <More shown={users.length} pages={pages} />
    </>
  );
}
