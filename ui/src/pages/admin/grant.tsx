// Tokens given to somebody, or taken: with a line that says why, which its owner reads.
import { Button, NumberInput, TextInput } from '@mantine/core';
import '@mantine/core/styles/NumberInput.layer.css';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, useState } from 'react';
import { post } from '../../api/client';
import { usePaid } from '../../api/paid';
import { asProblem } from '../../api/problem';
import { accountQuery, queryClient } from '../../api/queries';
import type { Account, Grant, GrantRequest } from '../../api/types';
import { number } from '../../app/format';
import { t } from '../../app/t';
import { ErrorPanel, Panel } from '../../design/parts';

export function GiveTokens({ user }: { user: Account }) {
  const [tokens, setTokens] = useState<number | ''>(100);
  const [reason, setReason] = useState('');
  const paid = usePaid();
  const asked = { tokens: Number(tokens), reason: reason.trim() };
  const give = useMutation({
    mutationFn: (request: GrantRequest) => post<Grant>(`/admin/users/${user.id}/tokens`, request, { headers: { 'Idempotency-Key': paid.key(JSON.stringify(request)) } }),
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (made) => {
      queryClient.setQueryData(accountQuery(user.id).queryKey, (before) => (before ? { ...before, tokens: made.balance } : before));
      for (const key of [[`admin/users/${user.id}/tokens`], ['admin/users'], ['statistics'], ['me'], ['tokens']]) void queryClient.invalidateQueries({ queryKey: key });
      setReason('');
    },
  });
  const problem = give.error ? asProblem(give.error) : null;
  const submit = (event: FormEvent) => {
    event.preventDefault();
    give.mutate(asked);
  };
  const taking = asked.tokens < 0;
  return (
    <Panel title={t('grant.title')}>
      <form className="stack" onSubmit={submit}>
        <p className="small soft">{t('grant.lead')}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <NumberInput label={t('grant.tokens')} required allowDecimal={false} value={tokens} onChange={(value) => setTokens(value === '' ? '' : Number(value))} error={problem?.field('/tokens')} style={{ flex: '0 1 140px' }} hideControls />
          <TextInput label={t('grant.reason')} required maxLength={200} value={reason} onChange={(event) => setReason(event.currentTarget.value)} error={problem?.field('/reason')} style={{ flex: '1 1 220px' }} />
        </div>
        {problem && problem.fields.length === 0 && <ErrorPanel error={problem} />}
        <div className="row">
          <Button type="submit" loading={give.isPending} disabled={asked.tokens === 0}>{taking ? t('grant.take', { count: -asked.tokens }) : t('grant.give', { count: asked.tokens })}</Button>
          <span role="status" className="small soft">{give.data ? t('grant.done', { balance: number(give.data.balance) }) : ''}</span>
        </div>
      </form>
    </Panel>
  );
}
