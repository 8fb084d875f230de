// Many rows at once: pasted from a spreadsheet, a small file, or a JSON array; answered in a table that can be taken away.
import { Button, Input, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useId, useRef, useState } from 'react';
import { post } from '../../api/client';
import { usePaid } from '../../api/paid';
import { meQuery, settingsQuery } from '../../api/queries';
import type { Model, Prediction, Predictions, PredictRequest, SignatureColumn } from '../../api/types';
import { Contact } from '../../app/contact';
import { cell, list, number, percent } from '../../app/format';
import { noteBalance } from '../../app/session';
import { t } from '../../app/t';
import { csv, download, type Table } from '../../charts/export';
import { ErrorPanel, Panel, Scroll } from '../../design/parts';
import { notesOn, shownValue } from './answer';
import { asked, MOST_ROWS, type Read, readRows, type Row } from './rows';

/** A typical value as a file holds it: no signs between thousands. */
function example(column: SignatureColumn): string {
  return typeof column.typical === 'number' && column.kind !== 'date' ? String(column.typical) : cell(column.typical, column.kind);
}

/** More rows than this are answered, but not all drawn. */
const DRAWN = 200;

export function Many({ model }: { model: Model }) {
  const signature = model.signature ?? [];
  const [text, setText] = useState('');
  const [read, setRead] = useState<Read | null>(null);
  const id = useId();
  const file = useRef<HTMLInputElement>(null);
  const me = useQuery(meQuery);
  const settings = useQuery(settingsQuery);
  const price = settings.data?.prices.predict ?? 5;
  const balance = me.data?.tokens ?? price;
  const paid = usePaid();
  const predict = useMutation({
    mutationFn: (rows: Row[]) => {
      const body = { rows: asked(rows, signature), proba: model.task === 'classification' } satisfies PredictRequest;
      return post<Predictions>(`/models/${model.id}/predictions`, body, { headers: { 'Idempotency-Key': paid.key(JSON.stringify(body)) } });
    },
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (answer) => noteBalance(answer.balance),
  });
  const take = (given: string) => {
    setText(given);
    predict.reset();
    setRead(given.trim() === '' ? null : readRows(given, signature));
  };
  const good = read && 'rows' in read ? read : null;
  const short = balance < price;
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <Panel title={t('many.title')}>
        <form
          className="stack"
          onSubmit={(event) => {
            event.preventDefault();
            if (good) predict.mutate(good.rows);
          }}
        >
          <p className="soft small">{t('many.lead', { most: MOST_ROWS })}</p>
          <Input.Wrapper id={id} label={t('many.label')} error={read && 'problem' in read ? read.problem : undefined}>
            <Input component="textarea" id={id} multiline rows={8} value={text} onChange={(event) => take(event.currentTarget.value)} spellCheck={false} placeholder={[signature.map((column) => column.name).join(','), signature.map(example).join(',')].join('\n')} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 14 } }} />
          </Input.Wrapper>
          <input ref={file} type="file" hidden data-testid="rows-file" accept=".csv,.tsv,.txt,.json" onChange={(event) => { void event.currentTarget.files?.[0]?.text().then(take); event.currentTarget.value = ''; }} />
          <div className="row">
            <Button type="submit" size="md" loading={predict.isPending} disabled={!good || short}>{price > 0 ? t('try.go', { price }) : t('try.goFree')}</Button>
            <Button variant="default" onClick={() => file.current?.click()}>{t('many.file')}</Button>
            {short && <span className="small" style={{ color: 'var(--signal)' }}>{t('try.noTokens', { price, balance })}</span>}
            {short && <Contact />}
            <span className="small soft" role="status">{good ? t('many.read', { count: good.rows.length, columns: good.columns.length }) : ''}</span>
          </div>
          {good && good.unknown.length > 0 && <p className="small notice"><bdi>{t('many.unknown', { list: list(good.unknown.slice(0, 10)) })}</bdi></p>}
          {good && good.absent.length > 0 && <p className="small notice"><bdi>{t('many.absent', { list: list(good.absent.slice(0, 10)) })}</bdi></p>}
        </form>
      </Panel>
      {predict.error && <ErrorPanel error={predict.error} />}
      {predict.data && predict.variables && <Answers model={model} rows={predict.variables} answers={predict.data.predictions} paid={predict.data} />}
    </div>
  );
}

/** The rows as they were given, each with its answer in front. */
function answered(model: Model, rows: Row[], answers: Prediction[]): Table {
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const classes = model.task === 'classification' ? Object.keys(answers[0]?.probabilities ?? {}) : [];
  const plain = (value: unknown) => (typeof value === 'number' ? value : value === null || value === undefined ? null : String(value));
  return {
    head: [t('many.answerOf', { target: model.target }), ...classes.map((name) => t('many.share', { class: name })), ...columns],
    rows: rows.map((row, index) => [plain(answers[index]?.value), ...classes.map((name) => answers[index]?.probabilities?.[name] ?? null), ...columns.map((name) => plain(row[name]))]),
  };
}

function Answers({ model, rows, answers, paid }: { model: Model; rows: Row[]; answers: Prediction[]; paid: { charged: number; balance: number } }) {
  const [name, setName] = useState(`${model.name} answers`);
  const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
  const odd = answers.filter((answer) => answer.warnings.length > 0).length;
  const save = () => download(`${name.trim().replaceAll(/[\\/:*?"<>|]/g, '_') || 'answers'}.csv`, csv(answered(model, rows, answers)), 'text/csv');
  return (
    <section className="panel flush">
      <h2>{t('many.answers', { count: answers.length })}</h2>
      <div className="stack" style={{ padding: '0 20px 16px' }}>
        <p className="small soft" role="status">{t('try.charged', paid)} {odd > 0 && t('many.odd', { count: odd })}</p>
        <div className="row" style={{ alignItems: 'flex-end' }}>
          <TextInput label={t('many.fileName')} value={name} maxLength={120} onChange={(event) => setName(event.currentTarget.value)} />
          <Button variant="default" onClick={save}>{t('many.save')}</Button>
        </div>
      </div>
      <Scroll label={t('many.answers', { count: answers.length })}>
        <table>
          <thead><tr><th scope="col" className="right">{t('table.number')}</th><th scope="col"><span className="few">{t('many.answerOf', { target: model.target })}</span></th>{model.task === 'classification' && <th scope="col" className="right">{t('many.sure')}</th>}{columns.map((column) => <th key={column} scope="col"><div className="clip name" title={column}>{column}</div></th>)}<th scope="col">{t('try.notes')}</th></tr></thead>
          <tbody>
            {answers.slice(0, DRAWN).map((answer, index) => (
              <tr key={index}>
                <td className="right soft">{number(index + 1)}</td>
                <th scope="row"><span className="few"><bdi>{shownValue(answer.value, model.task ?? null)}</bdi></span></th>
                {model.task === 'classification' && <td className="right">{percent(answer.probabilities?.[String(answer.value)])}</td>}
                {columns.map((column) => <td key={column} style={{ maxWidth: 240 }}><div className="clip">{cell(rows[index]?.[column])}</div></td>)}
                <td className="small soft" style={{ minWidth: 180 }}>{notesOn(answer).join(' ')}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      {answers.length > DRAWN && <p className="small soft" style={{ padding: '12px 20px' }}>{t('many.drawn', { count: DRAWN })}</p>}
    </section>
  );
}
