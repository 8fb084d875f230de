// First run: the first account, which becomes the administrator. There is no default password.
import { Button, NumberInput, Switch, TextInput } from '@mantine/core';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client';
import { queryClient, setupQuery } from '../../api/queries';
import type { Session, SetupRequest } from '../../api/types';
import { useGo } from '../../app/link';
import { t } from '../../app/t';
import { ErrorPanel } from '../../design/parts';
import { EmailField, Gate, NewPassword, strength, strengthText, useSignIn } from './fields';

export function Welcome() {
  const go = useGo();
  const [email, setEmail] = useState('');
  const [name, setName] = useState('');
  const [password, setPassword] = useState('');
  const [short, setShort] = useState(false);
  const [open, setOpen] = useState(true);
  const [tokens, setTokens] = useState<number>(15);
  const form = useSignIn(
    () => post<Session>('/setup', { email, password, display_name: name || undefined, registration_open: open, starting_tokens: tokens } satisfies SetupRequest, { renew: false }),
    () => {
      queryClient.setQueryData(setupQuery.queryKey, { needed: false, registration_open: open });
      void go('/', { replace: true });
    },
  );
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(strength(password) === 'short');
    if (strength(password) !== 'short') form.submit();
  };
  const field = (pointer: string) => form.problem?.field(pointer);
  return (
    <Gate title={t('welcome.title')} lead={t('welcome.lead')}>
      <form onSubmit={submit} className="stack">
        <EmailField value={email} onValue={setEmail} error={field('/email')} />
        <TextInput label={t('register.name')} description={t('register.nameNote')} autoComplete="name" value={name} onChange={(event) => setName(event.currentTarget.value)} error={field('/display_name')} />
        <NewPassword value={password} onValue={setPassword} error={field('/password') ?? (short ? strengthText(password) : undefined)} />
        <details>
          <summary>{t('welcome.more')}</summary>
          <div className="stack" style={{ marginBlockStart: 16 }}>
            <Switch label={t('welcome.open')} description={t('welcome.openNote')} checked={open} onChange={(event) => setOpen(event.currentTarget.checked)} />
            <NumberInput label={t('welcome.tokens')} description={t('welcome.tokensNote')} min={0} max={1_000_000} allowDecimal={false} value={tokens} onChange={(value) => setTokens(Number(value) || 0)} />
          </div>
        </details>
        {form.problem && form.problem.fields.length === 0 && <ErrorPanel error={form.problem} />}
        <Button type="submit" size="md" loading={form.busy}>{t('welcome.go')}</Button>
      </form>
    </Gate>
  );
}
