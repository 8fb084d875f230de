// What is done with odd cells, column by column. Two people may do this at once: whoever saves second is shown what the
// first did, and loses nothing of their own.
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get, patch } from '../../api/client';
import { asProblem } from '../../api/problem';
import { queryClient } from '../../api/queries';
import type { Contract, ContractChange, ContractColumn, Model, Policy } from '../../api/types';
import { day, number } from '../../app/format';
import { t, tMaybe } from '../../app/t';
import { ErrorPanel, Scroll, Skeleton } from '../../design/parts';

const POLICIES = ['reject', 'warn', 'impute'] as const;
/** As many values as are named. */
const NAMED = 4;

interface Seen {
  contract: Contract;
  tag: string | null;
}

async function ask(model: string): Promise<Seen> {
  let tag: string | null = null;
  const contract = await get<Contract>(`/models/${model}/contract`, { onTag: (given) => { tag = given; } });
  return { contract, tag };
}

/** What a column was in training, in a few words. */
export function expects(column: ContractColumn): string {
  const kind = tMaybe(`kind.${column.kind}`, column.kind);
  if (column.range) {
    const write = column.kind === 'date' ? day : number;
    return `${kind}, ${t('contract.range', { low: write(column.range[0]), high: write(column.range[1]) })}`;
  }
  const values = column.values ?? [];
  if (values.length === 0) return kind;
  const named = values.slice(0, NAMED).join(', ');
  return `${kind}: ${values.length > NAMED ? t('contract.values', { list: named, more: values.length - NAMED }) : named}`;
}

export function ContractPanel({ model, mine }: { model: Model; mine: boolean }) {
  const key = ['contract', model.id];
  const found = useQuery({ queryKey: key, queryFn: () => ask(model.id), staleTime: 60_000 });
  const [changes, setChanges] = useState<Record<string, Policy>>({});
  const save = useMutation({
    mutationFn: async ({ contract, tag }: Seen): Promise<Seen> => {
      const body = { policies: Object.fromEntries(Object.entries(changes).filter(([name]) => contract.columns.some((column) => column.name === name))) } satisfies ContractChange;
      let after: string | null = null;
      const now = await patch<Contract>(`/models/${model.id}/contract`, body, { headers: tag ? { 'If-Match': tag } : {}, onTag: (given) => { after = given; } });
      return { contract: now, tag: after };
    },
    onSuccess: (now) => {
      queryClient.setQueryData(key, now);
      setChanges({});
    },
    // Theirs is read again; what was chosen here stays on top of it.
    onError: (error) => (asProblem(error).status === 412 ? queryClient.invalidateQueries({ queryKey: key }) : undefined),
  });
  const problem = save.error ? asProblem(save.error) : null;
  const conflict = problem?.status === 412;
  const columns = found.data?.contract.columns ?? [];
  const chosen = (column: ContractColumn) => changes[column.name] ?? column.policy;
  const choose = (names: ContractColumn[], policy: Policy) => {
    if (!conflict) save.reset();
    setChanges((before) => {
      const next = { ...before };
      for (const column of names) {
        if (column.policy === policy) delete next[column.name];
        else next[column.name] = policy;
      }
      return next;
    });
  };
  const dirty = Object.keys(changes).length > 0;
  const data = POLICIES.map((policy) => ({ value: policy, label: t(`contract.${policy}`) }));
  return (
    <section className="panel flush">
      <div className="stack" style={{ padding: '20px 20px 12px', '--gap': '8px' } as React.CSSProperties}>
        <h2>{t('contract.title')}</h2>
        <p className="small soft wrap">{t('contract.lead')}</p>
        <p className="small soft wrap">{t('contract.note')}</p>
        {mine && columns.length > 4 && <NativeSelect label={t('contract.all')} value="" onChange={(event) => event.currentTarget.value !== '' && choose(columns, event.currentTarget.value as Policy)} data={[{ value: '', label: t('contract.each') }, ...data]} style={{ maxWidth: 240 }} />}
        {conflict && (
          <div className="notice signal stack" role="alert" style={{ '--gap': '8px' } as React.CSSProperties}>
            <h3>{t('contract.conflict')}</h3>
            <p>{t('contract.conflictText')}</p>
            <div><Button size="xs" variant="default" onClick={() => { setChanges({}); save.reset(); }}>{t('contract.drop')}</Button></div>
          </div>
        )}
        {problem && !conflict && <ErrorPanel error={problem} />}
      </div>
      {found.isPending ? <Skeleton height={160} /> : !found.data ? <div style={{ padding: '0 20px 20px' }}><ErrorPanel error={found.error} onRetry={() => void found.refetch()} /></div> : (
        <Scroll label={t('contract.title')}>
          <table className="cards">
            <thead><tr><th scope="col">{t('profile.col.name')}</th><th scope="col">{t('contract.expects')}</th><th scope="col">{t('contract.policy')}</th></tr></thead>
            <tbody>
              {columns.map((column) => (
                <tr key={column.name} className={changes[column.name] ? 'chosen' : undefined}>
                  <th scope="row" className="whole"><span className="few" title={column.name}>{column.name}</span></th>
                  <td className="soft small"><span className="few"><bdi>{expects(column)}</bdi></span></td>
                  <td>{mine ? <NativeSelect aria-label={t('contract.label', { column: column.name })} value={chosen(column)} data={data} onChange={(event) => choose([column], event.currentTarget.value as Policy)} style={{ minWidth: 170 }} /> : t(`contract.${column.policy}`)}</td>
                </tr>
              ))}
            </tbody>
          </table>
        </Scroll>
      )}
      {mine && (
        <div className="row" style={{ padding: '12px 20px 20px' }}>
          <Button variant="default" loading={save.isPending} disabled={!dirty || found.isFetching} onClick={() => found.data && save.mutate(found.data)}>{t('contract.save')}</Button>
          <span className="small soft" role="status">{save.isSuccess && !dirty ? t('contract.saved') : ''}</span>
        </div>
      )}
    </section>
  );
}
