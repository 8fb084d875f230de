// A form made from the model's own signature, and the answer to what is in it.
import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { get, post } from '../../api/client';
import { usePaid } from '../../api/paid';
import { meQuery, settingsQuery } from '../../api/queries';
import type { Model, PredictRequest, Predictions, Report, Rows } from '../../api/types';
import { Contact } from '../../app/contact';
import { useAddress } from '../../app/list';
import { t } from '../../app/t';
import { noteBalance } from '../../app/session';
import { Choices } from '../../design/choices';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { shapeOf } from '../pictures/form';
import { Answer } from './answer';
import { Field } from './field';
import { type FormValue, formValue, typicalRow } from './words';
import './try.css';

const AskPicture = lazy(() => import('../pictures/ask').then((module) => ({ default: module.AskPicture })));
const Many = lazy(() => import('./many').then((module) => ({ default: module.Many })));
const SendFile = lazy(() => import('../batches/send').then((module) => ({ default: module.SendFile })));
const Why = lazy(() => import('./why').then((module) => ({ default: module.Why })));
const WhatIf = lazy(() => import('./what-if').then((module) => ({ default: module.WhatIf })));

const WAYS = ['one', 'many', 'file'] as const;

/** One case in a form, many rows at once or a whole file; for a model of pictures, a picture or an archive of them. */
export function Try({ model, report }: { model: Model; report: Report | undefined }) {
  const [address, change] = useAddress();
  const way = WAYS.find((one) => one === address.rows) ?? 'one';
  const shape = shapeOf(model);
  const ways: readonly (typeof WAYS)[number][] = shape ? WAYS.filter((one) => one !== 'many') : WAYS;
  const known = ways.includes(way) ? way : 'one';
  return (
    <div className="stack">
      <Choices
        legend={t('try.how')} hideLegend compact value={known} onChange={(value) => change({ rows: value === 'one' ? undefined : value })}
        choices={ways.map((value) => ({ value, label: t(shape ? (value === 'one' ? 'try.onePicture' : 'try.manyPictures') : `try.${value}`) }))}
      />
      <Suspense fallback={<Skeleton height={420} />}>
        {known === 'many' ? <Many model={model} /> : known === 'file' ? <SendFile model={model} />
        : shape ? <AskPicture path={`/models/${model.id}/pictures`} drawable={shape.content === 'ink'} lead={`${t('picture.lead')} ${t('picture.guestLead')}`} /> : <One model={model} report={report} />}
      </Suspense>
    </div>
  );
}

/** Values tried of each column: enough for a smooth curve. */
const POINTS = 21;

function One({ model, report }: { model: Model; report: Report | undefined }) {
  const signature = model.signature ?? [];
  const [row, setRow] = useState<Record<string, FormValue>>(() => typicalRow(signature));
  /** The last answer and what was asked for it; it stays while the next one comes. */
  const [last, setLast] = useState<{ row: Record<string, FormValue>; paid: Predictions } | null>(null);
  const me = useQuery(meQuery);
  const settings = useQuery(settingsQuery);
  const price = settings.data?.prices.predict ?? 5;
  const balance = me.data?.tokens ?? price;

  const paid = usePaid();
  const predict = useMutation({
    mutationFn: (given: Record<string, FormValue>) =>
      post<Predictions>(`/models/${model.id}/predictions`, { rows: [given], proba: model.task === 'classification', explain: true, what_if: { points: POINTS } } satisfies PredictRequest, { headers: { 'Idempotency-Key': paid.key(JSON.stringify(given)) } }),
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (answer, given) => {
      setLast({ row: given, paid: answer });
      noteBalance(answer.balance);
    },
  });
  const random = useMutation({
    mutationFn: async () => {
      const total = report ? report.rows.train + report.rows.test : 1;
      const offset = Math.floor(Math.random() * total);
      return get<Rows>(`/datasets/${model.dataset_id}/rows`, { query: { offset, limit: 1 } });
    },
    onSuccess: (rows) => {
      const cells = rows.rows[0];
      if (!cells) return;
      setRow(Object.fromEntries(signature.map((column) => [column.name, formValue(column, cells[rows.columns.findIndex((one) => one.name === column.name)])])));
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    predict.mutate(row);
  };
  const short = balance < price;
  const known = predict.error ? null : last;
  const answer = known?.paid.predictions[0];
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <div className="two wide try">
        <Panel title={t('try.form')} actions={
          <div className="row" style={{ '--gap': '4px 16px' } as React.CSSProperties}>
            {model.dataset_id && <button type="button" className="linkish small" disabled={random.isPending} onClick={() => random.mutate()}>{t('try.random')}</button>}
            <button type="button" className="linkish small" onClick={() => setRow(typicalRow(signature))}>{t('try.typical')}</button>
          </div>
        }>
          <form className="stack" style={{ '--gap': '20px' } as React.CSSProperties} onSubmit={submit}>
            <p className="soft small">{t('try.lead')}</p>
            {random.error && <ErrorPanel error={random.error} />}
            <div className="fields">
              {signature.map((column) => <Field key={column.name} column={column} value={row[column.name] ?? null} onValue={(value) => setRow((before) => ({ ...before, [column.name]: value }))} />)}
            </div>
            <div className="row try-go">
              <Button type="submit" size="md" loading={predict.isPending} disabled={short}>{price > 0 ? t('try.go', { price }) : t('try.goFree')}</Button>
              {short && <span className="small" style={{ color: 'var(--signal)' }}>{t('try.noTokens', { price, balance })}</span>}
            {short && <Contact />}
            </div>
          </form>
        </Panel>
        <div className="answer-side">
          {predict.error ? <ErrorPanel error={predict.error} /> : null}
          <Answer
            target={model.target} task={model.task ?? null} prediction={answer} stale={known !== null && JSON.stringify(known.row) !== JSON.stringify(row)}
            mae={report?.metrics.mae?.value ?? model.metrics?.mae?.value} paid={known?.paid}
          />
          {answer?.explanation && <Suspense><Why found={answer.explanation} value={answer.value} classes={model.task === 'classification'} signature={signature} /></Suspense>}
        </div>
      </div>
      {answer?.what_if && known && (
        <Suspense fallback={<Skeleton height={320} />}>
          <WhatIf
            key={known.paid.id} model={model} prediction={answer} row={known.row} price={price} busy={predict.isPending} short={short}
            onAsk={(other) => {
              setRow(other);
              predict.mutate(other);
            }}
          />
        </Suspense>
      )}
    </div>
  );
}
