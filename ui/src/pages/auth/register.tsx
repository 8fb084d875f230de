// A new account, where the administrator lets people make their own.
import { Button, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client';
import { setupQuery } from '../../api/queries';
import type { RegisterRequest, Session } from '../../api/types';
import { Link, useGo } from '../../app/link';
import { safeNext } from '../../app/session';
import { t } from '../../app/t';
import { ErrorPanel } from '../../design/parts';
import { EmailField, Gate, NewPassword, strength, strengthText, useSignIn } from './fields';

export function Register() {
  const go = useGo();
  const search = useSearch({ strict: false }) as { next?: string };
  const setup = useQuery(setupQuery);
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  const form = useSignIn(
    () => post<Session>('/auth/register', { email, password, display_name: name || undefined } satisfies RegisterRequest, { renew: false }),
    () => void go(safeNext(search.next), { replace: true }),
  );
  if (setup.data && !setup.data.registration_open) {
    return (
      <Gate title={t('register.closedTitle')} lead={t('login.closed')}>
        <p><Link to="/login" search={search}>{t('login.title')}</Link></p>
      </Gate>
    );
  }
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(strength(password) === 'short');
    if (strength(password) !== 'short') form.submit();
  };
  const field = (pointer: string) => form.problem?.field(pointer);
  return (
    <Gate title={t('register.title')} lead={t('register.lead')}>
      <form onSubmit={submit} className="stack">
        <EmailField value={email} onValue={setEmail} error={field('/email')} />
        <TextInput label={t('register.name')} description={t('register.nameNote')} autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={field('/display_name')} />
        <NewPassword value={password} onValue={setPassword} error={field('/password') ?? (short ? strengthText(password) : undefined)} />
        {form.problem && form.problem.fields.length === 0 && <ErrorPanel error={form.problem} />}
        <Button type="submit" size="md" loading={form.busy}>{t('register.go')}</Button>
      </form>
      <p className="soft">{t('register.have')} <Link to="/login" search={search}>{t('login.title')}</Link></p>
    </Gate>
  );
}
