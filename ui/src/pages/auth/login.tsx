// Sign in, then back to where the visitor was going.
import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client';
import { digitsQuery, setupQuery } from '../../api/queries';
import type { LoginRequest, Session } from '../../api/types';
import { Contact } from '../../app/contact';
import { Link, useGo } from '../../app/link';
import { safeNext } from '../../app/session';
import { t } from '../../app/t';
import { ErrorPanel } from '../../design/parts';
import { Gate, useSignIn } from './fields';

export function LoginForm({ known, then }: { known?: string; then: () => void }) {
  const [login, setLogin] = useState(known ?? '');
  const [password, setPassword] = useState('');
  const form = useSignIn(() => post<Session>('/auth/login', { login, password } satisfies LoginRequest, { renew: false }), then);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    form.submit();
  };
  return (
    <form onSubmit={submit} className="stack">
      <TextInput label={t('login.who')} autoComplete="username" required value={login} onChange={(event) => setLogin(event.currentTarget.value)} error={form.problem?.field('/login')} />
      <PasswordInput label={t('login.password')} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={form.problem?.field('/password')} data-autofocus={known ? true : undefined} />
      {form.problem && form.problem.fields.length === 0 && <ErrorPanel error={form.problem} />}
      <Button type="submit" size="md" loading={form.busy}>{t('login.go')}</Button>
    </form>
  );
}

export function Login() {
  const go = useGo();
  const search = useSearch({ strict: false }) as { next?: string };
  const setup = useQuery(setupQuery);
  const digits = useQuery({ ...digitsQuery, refetchInterval: false });
  return (
    <Gate title={t('login.title')} lead={t('login.lead')}>
      <LoginForm then={() => void go(safeNext(search.next), { replace: true })} />
      <p className="soft">
        {setup.data?.registration_open ? <>{t('login.none')} <Link to="/register" search={search}>{t('register.title')}</Link></> : t('login.closed')}
      </p>
      <Contact className="soft" />
      {digits.data?.guests && digits.data.status !== 'off' && <p><Link to="/digits">{t('digits.guest')}</Link></p>}
    </Gate>
  );
}
