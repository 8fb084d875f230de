// Every single call that somebody made of a model, with its receipt; what turned out to be true can be told of one or of
// many.
import { Button } from '@mantine/core';
import { lazy, Suspense, useState } from 'react';
import type { Model, Receipt } from '../../../api/types';
import { ago, cell, dateTime, number } from '../../../app/format';
import { ListTable } from '../../../app/list';
import { t, tMaybe } from '../../../app/t';
import { csv, download } from '../../../charts/export';
import { Chip, Empty } from '../../../design/parts';

const OneReceipt = lazy(() => import('./receipt').then((module) => ({ default: module.OneReceipt })));
const TellMany = lazy(() => import('./tell').then((module) => ({ default: module.TellMany })));

/** What is taken away, and can come back with truths in it. */
function table(items: Receipt[]) {
  return csv({ head: ['id', 'asked', 'through', 'rows', 'tokens', 'answer', 'truth'], rows: items.map((one) => [one.id, one.created_at, one.door, one.rows, one.charged, one.first_value === null || one.first_value === undefined ? null : typeof one.first_value === 'number' ? one.first_value : String(one.first_value), null]) });
}

export function Receipts({ model }: { model: Model }) {
  const [open, setOpen] = useState<string | null>(null);
  const [many, setMany] = useState(false);
  return (
    <section className="stack">
      <div className="split">
        <h2>{t('receipts.title')}</h2>
        <Button variant="default" onClick={() => setMany(true)}>{t('truth.many')}</Button>
      </div>
      <p className="small soft wrap">{t('receipts.lead')}</p>
      <ListTable<Receipt>
        path="/predictions"
        label={t('receipts.title')}
        searchable={false}
        fixed={{ model_id: model.id }}
        filters={[
          { name: 'with_truth', label: t('receipts.truth'), all: t('list.anyState'), choices: [{ value: 'true', label: t('receipts.known') }, { value: 'false', label: t('receipts.unknown') }] },
          { name: 'door', label: t('receipts.door'), all: t('list.anyState'), choices: (['api', 'guest', 'v2'] as const).map((value) => ({ value, label: t(`receipts.door.${value}`) })) },
        ]}
        empty={<Empty>{t('receipts.empty')}</Empty>}
        above={(items) => <div><button type="button" className="linkish small" onClick={() => download('predictions.csv', table(items), 'text/csv')}>{t('receipts.csv')}</button></div>}
        head={<><th scope="col">{t('receipts.asked')}</th><th scope="col">{t('receipts.answer')}</th><th scope="col" className="right">{t('batches.rows')}</th><th scope="col" className="right">{t('batches.price')}</th><th scope="col">{t('receipts.door')}</th><th scope="col">{t('receipts.truth')}</th></>}
        row={(one) => (
          <tr key={one.id} className="hover">
            <th scope="row" className="whole" title={dateTime(one.created_at)}><button type="button" className="linkish" onClick={() => setOpen(one.id)}>{ago(one.created_at)}<span className="hidden"> {t('receipts.open')} {dateTime(one.created_at)}</span></button></th>
            <td data-label={t('receipts.answer')}><span className="few"><bdi>{one.first_value === null || one.first_value === undefined ? '–' : typeof one.first_value === 'number' ? number(one.first_value, 5) : cell(one.first_value)}</bdi>{one.rows > 1 && <span className="soft small"> {t('receipts.more', { count: one.rows - 1 })}</span>}</span></td>
            <td className="right" data-label={t('batches.rows')}>{number(one.rows)}</td>
            <td className="right" data-label={t('batches.price')}>{number(one.charged)}</td>
            <td className="soft">{tMaybe(`receipts.door.${one.door}`, one.door)}</td>
            <td data-label={t('receipts.truth')}>{one.truth_at ? <Chip tone="engine" title={dateTime(one.truth_at)}>{t('receipts.known')}</Chip> : <span className="soft">{t('receipts.unknown')}</span>}</td>
          </tr>
        )}
      />
      <Suspense>
        {open && <OneReceipt id={open} model={model} onClose={() => setOpen(null)} />}
        {many && <TellMany model={model} onClose={() => setMany(false)} />}
      </Suspense>
    </section>
  );
}
