// One check of a model: asked for at the price of a training, followed while it runs, and shown once it is there.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useEffect, useState } from 'react';
import { get, post } from '../../api/client';
import { useJob } from '../../api/events';
import { usePaid } from '../../api/paid';
import { asProblem } from '../../api/problem';
import { isOver, meQuery, queryClient, settingsQuery } from '../../api/queries';
import type { CheckAccepted, Model } from '../../api/types';
import { Contact } from '../../app/contact';
import { Link } from '../../app/link';
import { useMay } from '../../app/rights';
import { noteBalance } from '../../app/session';
import { t, tMaybe } from '../../app/t';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';

interface Props<T> {
  model: Model;
  /** Its last part of the address. */
  kind: 'self-tests' | 'learning-curve' | 'retraining';
  title: string;
  lead: string;
  action: string;
  show: (found: T) => ReactNode;
}

export function Check<T>({ model, kind, title, lead, action, show }: Props<T>) {
  const mayMake = useMay('make');
  const path = `/models/${model.id}/${kind}`;
  const key = ['check', model.id, kind];
  const me = useQuery(meQuery);
  const prices = useQuery(settingsQuery);
  const price = prices.data?.prices.train ?? 1;
  const balance = me.data?.tokens ?? price;
  const [job, setJob] = useState<string | null>(null);
  const found = useQuery({
    queryKey: key,
    queryFn: () => get<T>(path).catch((error: unknown) => {
      // Nobody has asked for it yet: that is an answer too.
      if (asProblem(error).status === 404) return null;
      throw error;
    }),
    staleTime: 60_000,
  });
  const paid = usePaid();
  const begin = useMutation({
    mutationFn: () => post<CheckAccepted>(path, {}, { headers: { 'Idempotency-Key': paid.key(path) } }),
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (made) => {
      noteBalance(made.balance);
      setJob(made.job_id);
    },
  });
  const short = balance < price;
  const mine = mayMake && !model.shared_by;
  const gone = !model.dataset_id;
  return (
    <Panel title={title}>
      <div className="stack">
        <p className="small soft wrap">{lead}</p>
        {found.isPending ? <Skeleton height={80} /> : found.error && !found.data ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} /> : found.data ? show(found.data) : null}
        {begin.error && <ErrorPanel error={begin.error} />}
        {job ? <Under key={job} job={job} onOver={() => { void queryClient.invalidateQueries({ queryKey: key }); }} /> : null}
        {mine && !found.isPending && (gone ? <p className="small soft">{t('checks.gone')}</p> : (
          <div className="row">
            <Button variant={found.data ? 'default' : 'filled'} loading={begin.isPending} disabled={short} onClick={() => begin.mutate()}>{found.data ? t('checks.repeat', { price }) : t('checks.go', { what: action, price })}</Button>
            {short && <span className="small" style={{ color: 'var(--signal)' }}>{t('train.noTokens', { price, balance })}</span>}
            {short && <Contact />}
          </div>
        ))}
      </div>
    </Panel>
  );
}

function Under({ job, onOver }: { job: string; onOver: () => void }) {
  const state = useJob(job).data;
  const over = isOver(state);
  useEffect(() => {
    if (over) onOver();
    // Told once, when it is over.
  }, [over]);
  if (over && state?.status === 'done') return null;
  if (state?.status === 'failed') return <div className="notice stop" role="alert"><h3>{t('checks.failed')}</h3><p>{state.error?.detail}</p><p className="small">{t('job.refunded')}</p></div>;
  if (over) return <p className="notice">{t('job.cancelledText')}</p>;
  const stage = state?.progress.stage ?? 'queued';
  return <p className="notice engine" role="status">{t('checks.running', { stage: [tMaybe(`job.stage.${stage}`, stage), state?.progress.message].filter(Boolean).join(' · ') })} <Link to={`/jobs/${job}`}>{t('checks.watch')}</Link></p>;
}
