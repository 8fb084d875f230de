// A new password by the link an administrator handed over. The secret stands behind `#`: browsers send that to no
// server, and it is taken out of the address at once.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useEffect, useState } from 'react';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { ResetRequest } from '../../api/types';
import { Link } from '../../app/link';
import { forgetSession } from '../../app/session';
import { t } from '../../app/t';
import { ErrorPanel } from '../../design/parts';
import { Gate, NewPassword, strength, strengthText } from './fields';

export function Reset() {
  const [secret] = useState(() => window.location.hash.slice(1));
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  useEffect(() => {
    if (window.location.hash) window.history.replaceState(window.history.state, '', window.location.pathname);
  }, []);
  const reset = useMutation({
    mutationFn: () => post<void>('/auth/reset', { token: secret, new_password: password } satisfies ResetRequest, { renew: false }),
    // Every session of the account has ended, one that was open here among them.
    onSuccess: forgetSession,
  });
  const problem = reset.error ? asProblem(reset.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(strength(password) === 'short');
    if (strength(password) !== 'short') reset.mutate();
  };
  if (reset.isSuccess) {
    return (
      <Gate title={t('reset.doneTitle')} lead={t('reset.done')}>
        <p role="status"><Link to="/login">{t('login.title')}</Link></p>
      </Gate>
    );
  }
  if (!secret) {
    return (
      <Gate title={t('reset.title')} lead={t('reset.noSecret')}>
        <p><Link to="/login">{t('login.title')}</Link></p>
      </Gate>
    );
  }
  const spent = problem?.field('/token');
  return (
    <Gate title={t('reset.title')} lead={t('reset.lead')}>
      <form onSubmit={submit} className="stack">
        <NewPassword label={t('account.next')} value={password} onValue={setPassword} error={problem?.field('/new_password') ?? (short ? strengthText(password) : undefined)} />
        {problem && (spent || problem.fields.length === 0) && <ErrorPanel error={problem} />}
        <Button type="submit" size="md" loading={reset.isPending} disabled={Boolean(spent)}>{t('reset.go')}</Button>
      </form>
    </Gate>
  );
}
