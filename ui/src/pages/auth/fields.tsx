// What the sign-in forms share: their frame, the password field with its strength in words, and sending.
import { PasswordInput, type PasswordInputProps, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { asProblem, type Problem } from '../../api/problem';
import type { Session } from '../../api/types';
import { signedIn } from '../../app/session';
import { ThemeButton } from '../../app/shell';
import { t } from '../../app/t';
import { Mark, Yard } from '../../design/icons';
import { useTitle } from '../../design/parts';

export const MINIMUM = 8;

/** How hard a password is to guess, roughly: length counts most, variety next, repetition against it. */
export function strength(password: string): 'short' | 'weak' | 'fair' | 'strong' {
  if (password.length < MINIMUM) return 'short';
  const distinct = new Set(password.toLowerCase()).size;
  const kinds = [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9]/].filter((kind) => kind.test(password)).length;
  const score = Math.min(distinct, 10) + kinds * 2 + Math.max(0, password.length - MINIMUM) * 0.7;
  if (distinct < 5 || score < 11) return 'weak';
  return score < 16 ? 'fair' : 'strong';
}

export function strengthText(password: string): string {
  const grade = strength(password);
  return grade === 'short' ? t('password.short', { count: MINIMUM - password.length }) : t(`password.${grade}`);
}

export function NewPassword({ value, onValue, ...rest }: { value: string; onValue: (value: string) => void } & PasswordInputProps) {
  return (
    <PasswordInput
      label={t('password.new')}
      description={value ? strengthText(value) : t('password.note')}
      descriptionProps={{ 'aria-live': 'polite' } as never}
      autoComplete="new-password"
      required
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
      {...rest}
    />
  );
}

export function EmailField({ value, onValue, error }: { value: string; onValue: (value: string) => void; error?: string }) {
  return (
    <TextInput
      label={t('register.email')}
      type="email"
      autoComplete="username"
      required
      value={value}
      onChange={(event) => onValue(event.currentTarget.value)}
      error={error}
    />
  );
}

/** The two halves of every page before the gate: what this is, and the form. */
export function Gate({ title, lead, children }: { title: string; lead: ReactNode; children: ReactNode }) {
  useTitle(title);
  return (
    <div className="gate">
      <aside aria-label="Trainyard">
        <span className="brand"><Mark /><span>Trainyard</span></span>
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <h2>{t('gate.claim')}</h2>
          <p>{t('gate.more')}</p>
        </div>
        <Yard />
        <p className="small">{t('gate.foot')}</p>
      </aside>
      <main id="page" tabIndex={-1}>
        <div className="split" style={{ marginBlockEnd: 28 }}>
          <span className="brand"><Mark /><span>Trainyard</span></span>
          <ThemeButton />
        </div>
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <div className="stack" style={{ '--gap': '6px' } as React.CSSProperties}>
            <h1 tabIndex={-1}>{title}</h1>
            <p className="soft">{lead}</p>
          </div>
          {children}
        </div>
      </main>
    </div>
  );
}

/** Sends a sign-in form and takes over the session it answers with. */
export function useSignIn(send: () => Promise<Session>, then: () => void) {
  const mutation = useMutation({
    mutationFn: send,
    onSuccess: (session) => {
      signedIn(session);
      then();
    },
  });
  const problem: Problem | null = mutation.error ? asProblem(mutation.error) : null;
  return { submit: () => mutation.mutate(), busy: mutation.isPending, problem };
}
