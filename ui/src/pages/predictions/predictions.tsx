// What this account asked, of all its models and of those that are shared with it: every single call, newest first.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { ModelSummary, Page } from '../../api/types';
import { Link, useGo } from '../../app/link';
import { useAddress } from '../../app/list';
import { t } from '../../app/t';
import { Empty, Head } from '../../design/parts';
import { ReceiptTable } from '../models/history/receipts';

/** As many names as the server gives at once. */
const MOST = 200;

export interface Known {
  models: Map<string, ModelSummary>;
  /** Whether there are no others. */
  all: boolean;
}

const labelOf = (model: Pick<ModelSummary, 'name' | 'version'>) => `${model.name} v${model.version}`;

/** What a model is called, or as much as is known of one that is not in the lists. */
export function nameIn(known: Known | undefined, id: string): string {
  const model = known?.models.get(id);
  return model ? labelOf(model) : known?.all ? t('predictions.gone') : id.slice(0, 13);
}

/** The models somebody can have asked: their own and shared ones. */
function useModels() {
  return useQuery({
    queryKey: ['models', 'names'],
    queryFn: async (): Promise<Known> => {
      const lists = await Promise.all(['', 'shared'].map((whose) => get<Page<ModelSummary>>('/models', { query: { limit: MOST, whose } })));
      return { models: new Map(lists.flatMap((one) => one.items).map((model) => [model.id, model])), all: lists.every((one) => !one.next_cursor) };
    },
    staleTime: 30_000,
  });
}

export function Predictions() {
  const go = useGo();
  const known = useModels().data;
  const [address] = useAddress();
  const models = [...(known?.models.values() ?? [])].filter((model) => model.status === 'ready');
  const choices = models.map((model) => ({ value: model.id, label: labelOf(model) }));
  const asked = address.model_id;
  // One that the lists do not hold can still be what the address asks for.
  if (asked && !choices.some((one) => one.value === asked)) choices.unshift({ value: asked, label: nameIn(known, asked) });
  const show = (id: string) => (known?.all && !known.models.has(id) ? <span className="soft">{t('predictions.gone')}</span> : <Link to={`/models/${id}`} search={{ tab: 'history' }} className="few" title={nameIn(known, id)}>{nameIn(known, id)}</Link>);
  return (
    <>
      <Head title={t('predictions.title')} at="predict" lead={t('predictions.lead')} actions={<Link to="/batches">{t('batches.open')}</Link>} />
      <ReceiptTable
        label={t('predictions.title')}
        filters={[{ name: 'model_id', label: t('batches.model'), all: t('predictions.anyModel'), choices }]}
        empty={<Empty action={<Button onClick={() => void go('/models')}>{t('nav.models')}</Button>}>{t('predictions.empty')}</Empty>}
        modelOf={(id) => known?.models.get(id)}
        named={{ nameOf: (id) => nameIn(known, id), show }}
      />
    </>
  );
}
