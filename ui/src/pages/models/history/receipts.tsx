// Every single call that somebody made, of one model or of all, with its receipt; what turned out to be true can be told of
// one, and of many where they are of one model.
import { Button } from '@mantine/core';
import { lazy, type ReactNode, Suspense, useState } from 'react';
import type { Model, Receipt } from '../../../api/types';
import { ago, cell, dateTime, number } from '../../../app/format';
import { Link } from '../../../app/link';
import { type Filter, ListTable } from '../../../app/list';
import { t, tMaybe } from '../../../app/t';
import { csv, download } from '../../../charts/export';
import { Chip, Empty } from '../../../design/parts';
import type { Asked } from './receipt';

const OneReceipt = lazy(() => import('./receipt').then((module) => ({ default: module.OneReceipt })));
const TellMany = lazy(() => import('./tell').then((module) => ({ default: module.TellMany })));

/** What is taken away, and can come back with truths in it; with the models' names where there are several. */
export function table(items: Receipt[], nameOf?: (id: string) => string) {
  const plain = (value: Receipt['first_value']) => (value === null || value === undefined ? null : typeof value === 'number' ? value : String(value));
  const names = nameOf ? ['model'] : [];
  return csv({ head: ['id', 'asked', ...names, 'through', 'rows', 'tokens', 'answer', 'truth'], rows: items.map((one) => [one.id, one.created_at, ...(nameOf ? [nameOf(one.model_id)] : []), one.door, one.rows, one.charged, plain(one.first_value), null]) });
}

interface Props {
  label: string;
  /** Asked for whatever the address says. */
  fixed?: Record<string, string>;
  filters?: Filter[];
  empty: ReactNode;
  /** What is known of the model that was asked. */
  modelOf: (id: string) => Asked | undefined;
  /** What each was asked of, where it is not always the same. */
  named?: { nameOf: (id: string) => string; show: (id: string) => ReactNode };
}

export function ReceiptTable({ label, fixed, filters = [], empty, modelOf, named }: Props) {
  const [open, setOpen] = useState<Receipt | null>(null);
  return (
    <>
      <ListTable<Receipt>
        path="/predictions"
        label={label}
        searchable={false}
        fixed={fixed}
        filters={[
          ...filters,
          { name: 'with_truth', label: t('receipts.truth'), all: t('list.anyState'), choices: [{ value: 'true', label: t('receipts.known') }, { value: 'false', label: t('receipts.unknown') }] },
          { name: 'door', label: t('receipts.door'), all: t('list.anyState'), choices: (['api', 'guest', 'v2'] as const).map((value) => ({ value, label: t(`receipts.door.${value}`) })) },
        ]}
        empty={empty}
        above={(items) => <div><button type="button" className="linkish small" onClick={() => download('predictions.csv', table(items, named?.nameOf), 'text/csv')}>{t(named ? 'predictions.csv' : 'receipts.csv')}</button></div>}
        head={<><th scope="col">{t('receipts.asked')}</th>{named && <th scope="col">{t('batches.model')}</th>}<th scope="col">{t('receipts.answer')}</th><th scope="col" className="right">{t('batches.rows')}</th><th scope="col" className="right">{t('batches.price')}</th><th scope="col">{t('receipts.door')}</th><th scope="col">{t('receipts.truth')}</th></>}
        row={(one) => (
          <tr key={one.id} className="hover">
            <th scope="row" className="whole" title={dateTime(one.created_at)}><button type="button" className="linkish" onClick={() => setOpen(one)}>{ago(one.created_at)}<span className="hidden"> {t('receipts.open')} {dateTime(one.created_at)}</span></button></th>
            {named && <td className="whole">{named.show(one.model_id)}</td>}
            <td data-label={t('receipts.answer')}><span className="few"><bdi>{one.first_value === null || one.first_value === undefined ? '–' : typeof one.first_value === 'number' ? number(one.first_value, 5) : cell(one.first_value)}</bdi>{one.rows > 1 && <span className="soft small"> {t('receipts.more', { count: one.rows - 1 })}</span>}</span></td>
            <td className="right" data-label={t('batches.rows')}>{number(one.rows)}</td>
            <td className="right" data-label={t('batches.price')}>{number(one.charged)}</td>
            <td className="soft">{tMaybe(`receipts.door.${one.door}`, one.door)}</td>
            <td data-label={t('receipts.truth')}>{one.truth_at ? <Chip tone="engine" title={dateTime(one.truth_at)}>{t('receipts.known')}</Chip> : <span className="soft">{t('receipts.unknown')}</span>}</td>
          </tr>
        )}
      />
      <Suspense>{open && <OneReceipt id={open.id} model={modelOf(open.model_id)} onClose={() => setOpen(null)} />}</Suspense>
    </>
  );
}

export function Receipts({ model }: { model: Model }) {
  const [many, setMany] = useState(false);
  return (
    <section className="stack">
      <div className="split">
        <h2>{t('receipts.title')}</h2>
        <div className="row" style={{ '--gap': '8px 16px' } as React.CSSProperties}>
          <Link to="/predictions" className="small">{t('predictions.open')}</Link>
          <Button variant="default" onClick={() => setMany(true)}>{t('truth.many')}</Button>
        </div>
      </div>
      <p className="small soft wrap">{t('receipts.lead')}</p>
      <ReceiptTable label={t('receipts.title')} fixed={{ model_id: model.id }} empty={<Empty>{t('receipts.empty')}</Empty>} modelOf={() => model} />
      <Suspense>{many && <TellMany model={model} onClose={() => setMany(false)} />}</Suspense>
    </section>
  );
}
