// How one signs in: another password, signing out here, and leaving for good.
import { Button, PasswordInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post, remove } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { ChangePassword, DeleteMe, Session, User } from '../../api/types';
import { signedIn, signOut, toSignIn } from '../../app/session';
import { t } from '../../app/t';
import { Dialog } from '../../design/dialog';
import { ErrorPanel, Panel } from '../../design/parts';
import { NewPassword, strength, strengthText } from '../auth/fields';

export function Security({ me }: { me: User }) {
  return (
    <div className="two">
      <PasswordForm me={me} />
      <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
        <Panel title={t('account.session')}>
          <div className="stack" style={{ alignItems: 'flex-start' }}>
            <p className="small soft">{t('account.sessionNote')}</p>
            <Button variant="default" onClick={() => void signOut()}>{t('nav.signOut')}</Button>
          </div>
        </Panel>
        <Leave />
      </div>
    </div>
  );
}

function PasswordForm({ me }: { me: User }) {
  const [current, setCurrent] = useState('');
  const [next, setNext] = useState('');
  const [short, setShort] = useState(false);
  const change = useMutation({
    mutationFn: () => post<Session>('/me/password', { current_password: current, new_password: next } satisfies ChangePassword),
    onSuccess: (session) => {
      signedIn(session);
      setCurrent('');
      setNext('');
    },
  });
  const problem = change.error ? asProblem(change.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    setShort(strength(next) === 'short');
    if (strength(next) !== 'short') change.mutate();
  };
  return (
    <Panel title={t('account.password')}>
      <form className="stack" onSubmit={submit}>
        <p className="small soft">{t('account.passwordNote')}</p>
        {/* Password stores look for the name that belongs to the password. */}
        <input type="text" className="hidden" autoComplete="username" value={me.email ?? me.user_name ?? ''} readOnly tabIndex={-1} aria-hidden="true" />
        <PasswordInput label={t('account.current')} autoComplete="current-password" required value={current} onChange={(event) => setCurrent(event.currentTarget.value)} error={problem?.field('/current_password')} />
        <NewPassword label={t('account.next')} value={next} onValue={setNext} error={problem?.field('/new_password') ?? (short ? strengthText(next) : undefined)} />
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row">
          <Button type="submit" loading={change.isPending}>{t('account.passwordGo')}</Button>
          <span role="status" className="small soft">{change.isSuccess ? t('account.passwordDone') : ''}</span>
        </div>
      </form>
    </Panel>
  );
}

function Leave() {
  const [open, setOpen] = useState(false);
  return (
    <Panel title={t('account.leave')}>
      <div className="stack" style={{ alignItems: 'flex-start' }}>
        <p className="small soft">{t('account.leaveNote')}</p>
        <Button variant="default" style={{ color: 'var(--stop)' }} onClick={() => setOpen(true)}>{t('account.leaveOpen')}</Button>
      </div>
      {open && <LeaveDialog onClose={() => setOpen(false)} />}
    </Panel>
  );
}

function LeaveDialog({ onClose }: { onClose: () => void }) {
  const [password, setPassword] = useState('');
  const leave = useMutation({
    mutationFn: () => remove('/me', { password } satisfies DeleteMe),
    onSuccess: toSignIn,
  });
  const problem = leave.error ? asProblem(leave.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    leave.mutate();
  };
  return (
    <Dialog onClose={onClose} title={t('account.leaveTitle')}>
      <form className="stack" onSubmit={submit}>
        <p>{t('account.leaveText')}</p>
        <PasswordInput label={t('login.password')} autoComplete="current-password" required value={password} onChange={(event) => setPassword(event.currentTarget.value)} error={problem?.field('/password')} data-autofocus />
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row" style={{ justifyContent: 'flex-end' }}>
          <Button variant="default" onClick={onClose}>{t('action.cancel')}</Button>
          <Button type="submit" color="stop" loading={leave.isPending}>{t('account.leaveGo')}</Button>
        </div>
      </form>
    </Dialog>
  );
}
