// An account for somebody: its password is generated, shown this once, and handed over by hand.
import { Button, NativeSelect, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.layer.css';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { MadeAccount, NewAccountRequest } from '../../api/types';
import { roleChoices } from '../../app/rights';
import { t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import { Once } from '../../design/once';
import { ErrorPanel } from '../../design/parts';

export function NewUser({ onClose }: { onClose: () => void }) {
  const [email, setEmail] = useState('');
  const [userName, setUserName] = useState('');
  const [name, setName] = useState('');
  const [role, setRole] = useState('user');
  const [tokens, setTokens] = useState<number | ''>('');
  const make = useMutation({
    mutationFn: () => post<MadeAccount>('/admin/users', { email: email.trim() || null, user_name: userName.trim() || null, display_name: name.trim() || null, role, tokens: tokens === '' ? null : tokens } satisfies NewAccountRequest),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: ['admin/users'] });
      void queryClient.invalidateQueries({ queryKey: ['statistics'] });
    },
  });
  const problem = make.error ? asProblem(make.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    make.mutate();
  };
  if (make.data) {
    const made = make.data;
    const who = made.user.email ?? made.user.user_name ?? '';
    return <Once title={t('users.made', { name: who })} lead={t('users.madeLead')} secret={made.password} label={t('users.password')} onClose={onClose} />;
  }
  return (
    <Dialog onClose={onClose} title={t('users.add')} closeOutside={false}>
      <form className="stack" onSubmit={submit}>
        <TextInput label={t('register.email')} type="email" autoComplete="off" value={email} onChange={(event) => setEmail(event.currentTarget.value)} error={problem?.field('/email')} data-autofocus />
        <TextInput label={t('account.userName')} description={t('users.either')} autoComplete="off" value={userName} onChange={(event) => setUserName(event.currentTarget.value)} error={problem?.field('/user_name')} />
        <TextInput label={t('users.name')} autoComplete="off" value={name} onChange={(event) => setName(event.currentTarget.value)} error={problem?.field('/display_name')} />
        <NativeSelect label={t('users.role')} description={t(`role.${role}Note` as 'role.userNote')} value={role} onChange={(event) => setRole(event.currentTarget.value)} data={roleChoices()} error={problem?.field('/role')} />
        <NumberInput label={t('account.tokens')} description={t('users.tokensNote')} min={0} allowDecimal={false} allowNegative={false} hideControls value={tokens} onChange={(value) => setTokens(value === '' ? '' : Number(value))} error={problem?.field('/tokens')} />
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" loading={make.isPending} disabled={!email.trim() && !userName.trim()}>{t('users.addGo')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
