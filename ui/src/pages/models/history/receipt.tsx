// One receipt: what was answered, at what price, and what turned out to be true.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, useId, useState } from 'react';
import { get, post } from '../../../api/client';
import { asProblem } from '../../../api/problem';
import { queryClient } from '../../../api/queries';
import type { Cell, Model, ReceiptDetail, TruthRequest } from '../../../api/types';
import { cell, dateTime, number, percent } from '../../../app/format';
import { t, tMaybe } from '../../../app/t';
import { SidePanel } from '../../../design/dialog';
import { ErrorPanel, Scroll, Skeleton } from '../../../design/parts';
import { notesOn, shownValue } from '../answer';
import { told } from './history';
import { truthLines } from './truth';

/** More answers than this are kept, but not all drawn. */
const DRAWN = 100;

/** What a receipt needs to know of its model; a model that is gone leaves the answers alone. */
export type Asked = Pick<Model, 'target' | 'task'> & { classes?: Model['classes'] };

export function OneReceipt({ id, model, onClose }: { id: string; model: Asked | undefined; onClose: () => void }) {
  const found = useQuery({ queryKey: ['prediction', id], queryFn: () => get<ReceiptDetail>(`/predictions/${id}`) });
  const receipt = found.data;
  return (
    <SidePanel title={t('receipt.title')} onClose={onClose}>
      {found.isPending ? <Skeleton height={240} /> : !receipt ? <ErrorPanel error={found.error} onRetry={() => void found.refetch()} /> : (
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <dl className="facts">
            <dt>{t('receipts.asked')}</dt><dd>{dateTime(receipt.created_at)}</dd>
            <dt>{t('receipts.door')}</dt><dd>{tMaybe(`receipts.door.${receipt.door}`, receipt.door)}</dd>
            <dt>{t('batch.cost')}</dt><dd>{t('nav.tokens', { count: receipt.charged })}</dd>
            <dt>{t('batches.rows')}</dt><dd>{number(receipt.rows)}</dd>
            <dt>{t('settings.id')}</dt><dd className="mono">{receipt.id}</dd>
            <dt>{t('receipt.digest')}</dt><dd className="mono">{receipt.input}</dd>
          </dl>
          <p className="tiny soft">{t('receipt.digestNote')}</p>
          <Kept receipt={receipt} model={model} />
          {model && <Tell key={receipt.truth_at ?? ''} receipt={receipt} model={model} />}
        </div>
      )}
    </SidePanel>
  );
}

function Kept({ receipt, model }: { receipt: ReceiptDetail; model: Asked | undefined }) {
  const answers = receipt.predictions;
  if (!answers) return <p className="notice">{t('receipt.notKept')}</p>;
  return (
    <div>
      <h3>{t('many.answers', { count: answers.length })}</h3>
      <Scroll label={t('many.answers', { count: answers.length })}>
        <table>
          <thead><tr><th scope="col" className="right">{t('table.number')}</th><th scope="col">{t('receipts.answer')}</th>{model?.task === 'classification' && <th scope="col" className="right">{t('many.sure')}</th>}<th scope="col">{t('receipts.truth')}</th><th scope="col">{t('try.notes')}</th></tr></thead>
          <tbody>
            {answers.slice(0, DRAWN).map((answer, at) => (
              <tr key={at}>
                <td className="right soft">{number(at + 1)}</td>
                <th scope="row"><span className="few"><bdi>{shownValue(answer.value, model?.task ?? null)}</bdi></span></th>
                {model?.task === 'classification' && <td className="right">{percent(answer.probabilities?.[String(answer.value)])}</td>}
                <td><bdi>{receipt.truth?.[at] === undefined || receipt.truth[at] === null ? '–' : cell(receipt.truth[at])}</bdi></td>
                <td className="small soft" style={{ minWidth: 160 }}>{notesOn(answer).join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {answers.length > DRAWN && <p className="small soft">{t('receipt.drawn', { count: DRAWN })}</p>}
    </div>
  );
}

function Tell({ receipt, model }: { receipt: ReceiptDetail; model: Asked }) {
  const kept = (receipt.truth ?? []).map((value: Cell) => (value === null ? '' : String(value))).join('\n');
  const [text, setText] = useState(kept);
  const id = useId();
  const [problem, setProblem] = useState<string | null>(null);
  const tell = useMutation({
    mutationFn: (truth: Cell[]) => post<ReceiptDetail>(`/predictions/${receipt.id}/truth`, { truth: receipt.rows === 1 ? (truth[0] ?? null) : truth } satisfies TruthRequest),
    onSuccess: (now) => {
      queryClient.setQueryData(['prediction', receipt.id], now);
      told();
    },
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = truthLines(text, receipt.rows, model.task);
    setProblem('problem' in read ? read.problem : null);
    if ('truth' in read) tell.mutate(read.truth);
  };
  const change = (value: string) => {
    setText(value);
    setProblem(null);
  };
  const refused = tell.error ? asProblem(tell.error) : null;
  const classes = [...new Set(model.classes ?? [])];
  const common = { label: t('truth.label', { target: model.target }), value: text, error: problem ?? refused?.fields[0]?.detail };
  return (
    <form className="stack" onSubmit={submit}>
      <h3>{t('truth.title')}</h3>
      <p className="small soft">{t('truth.lead')}</p>
      {receipt.rows > 1 ? <Textarea {...common} rows={Math.min(8, receipt.rows)} description={t('truth.perLine', { rows: receipt.rows })} onChange={(event) => change(event.currentTarget.value)} />
      : <TextInput {...common} list={classes.length > 0 ? id : undefined} autoComplete="off" inputMode={model.task === 'regression' ? 'decimal' : undefined} onChange={(event) => change(event.currentTarget.value)} />}
      {classes.length > 0 && <datalist id={id}>{classes.map((one) => <option key={one} value={one} />)}</datalist>}
      {refused && refused.fields.length === 0 && <ErrorPanel error={refused} />}
      <div className="row">
        <Button type="submit" loading={tell.isPending} disabled={text.trim() === '' || text === kept}>{t('truth.go')}</Button>
        <span className="small soft" role="status">{receipt.truth_at && text === kept ? t('truth.noted', { when: dateTime(receipt.truth_at) }) : ''}</span>
      </div>
    </form>
  );
}
