// Names and address of the account.
import { Button, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { patch } from '../../api/client';
import { asProblem } from '../../api/problem';
import { meQuery, queryClient } from '../../api/queries';
import type { ChangeMe, User } from '../../api/types';
import { t } from '../../app/t';
import { ErrorPanel, Panel } from '../../design/parts';

export function ProfileForm({ me }: { me: User }) {
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
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row">
          <Button type="submit" loading={save.isPending}>{t('action.save')}</Button>
          <span role="status" className="small soft">{save.isSuccess ? t('account.saved') : ''}</span>
        </div>
      </form>
    </Panel>
  );
}
