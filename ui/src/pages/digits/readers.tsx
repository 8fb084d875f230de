// For administrators: every model of digits, which of them reads, and training another kind beside them.
import { Button, NativeSelect } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { patch, post } from '../../api/client';
import { algorithmsQuery, digitModelsQuery, digitsQuery, queryClient } from '../../api/queries';
import type { DigitChoice, DigitModel, DigitsStatus, DigitTraining } from '../../api/types';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { Chip, ErrorPanel, Skeleton } from '../../design/parts';
import { StatusChip } from '../jobs/words';

/** Those that answer a picture at once and learn 20,000 of them in minutes: the server takes no others. */
const KINDS = ['svm', 'random_forest', 'extra_trees', 'neural_net', 'logistic_regression', 'knn'];

export function Readers({ active }: { active: string | undefined }) {
  const models = useQuery(digitModelsQuery);
  const algorithms = useQuery(algorithmsQuery);
  const [kind, setKind] = useState('random_forest');
  const titleOf = (name: string) => algorithms.data?.items.find((one) => one.name === name)?.title ?? name.replaceAll('_', ' ');
  const choose = useMutation({
    mutationFn: (model: DigitModel) => patch<DigitsStatus>('/admin/digits', { model_id: model.id } satisfies DigitChoice),
    onSuccess: (status, model) => {
      queryClient.setQueryData(digitsQuery.queryKey, status);
      toast(t('digits.chosen', { version: model.version }));
    },
  });
  const train = useMutation({
    mutationFn: () => post<DigitModel>('/admin/digits/models', { algorithm: kind } satisfies DigitTraining),
    onSuccess: () => void queryClient.invalidateQueries({ queryKey: ['digits'] }),
  });
  const ready = models.data?.items.filter((one) => one.status === 'ready').length;
  useEffect(() => {
    // The only one that is ready reads without being chosen.
    if (ready !== undefined) void queryClient.invalidateQueries({ queryKey: digitsQuery.queryKey });
  }, [ready]);
  if (models.isPending) return <Skeleton height={200} />;
  return (
    <section className="panel flush">
      <div style={{ padding: '20px 20px 8px' }}>
        <h2>{t('digits.models')}</h2>
        <p className="soft small wrap">{t('digits.modelsLead')}</p>
      </div>
      {!models.data ? <div style={{ padding: 20 }}><ErrorPanel error={models.error} onRetry={() => void models.refetch()} /></div> : models.data.items.length > 0 && (
        <table className="cards" aria-label={t('digits.models')}>
          <thead><tr><th scope="col">{t('digits.version')}</th><th scope="col">{t('models.algorithm')}</th><th scope="col">{t('digits.says')}</th><th scope="col">{t('table.status')}</th></tr></thead>
          <tbody>
            {models.data.items.map((one) => (
              <tr key={one.id} className={one.id === active ? 'chosen' : undefined}>
                <th scope="row" className="whole">{t('model.version', { version: one.version })}</th>
                <td>{titleOf(one.algorithm)}</td>
                <td className="soft small" style={{ whiteSpace: 'normal', gridColumn: '1 / -1' }}>{one.verdict ?? '–'}</td>
                <td>
                  {one.id === active ? <Chip tone="engine">{t('digits.active')}</Chip>
                  : one.status === 'ready' ? <Button size="xs" variant="default" aria-label={t('digits.chooseName', { version: one.version })} loading={choose.isPending && choose.variables?.id === one.id} onClick={() => choose.mutate(one)}>{t('digits.choose')}</Button>
                  : <StatusChip status={one.status} />}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      <form
        className="stack"
        style={{ padding: 20 }}
        onSubmit={(event) => {
          event.preventDefault();
          train.mutate();
        }}
      >
        {(choose.error || train.error) && <ErrorPanel error={choose.error ?? train.error} />}
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <NativeSelect label={t('digits.trainWith')} value={kind} onChange={(event) => setKind(event.currentTarget.value)} data={KINDS.map((name) => ({ value: name, label: titleOf(name) }))} />
          <Button type="submit" variant="default" loading={train.isPending}>{t('digits.train')}</Button>
        </div>
        <p className="small soft" role="status">{train.data ? t('digits.training', { version: train.data.version }) : t('digits.trainNote')}</p>
      </form>
    </section>
  );
}
