// The form and the answer of a shared model.
import { Button } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type FormEvent, lazy, Suspense, useState } from 'react';
import { post } from '../../api/client';
import type { GuestModel, GuestPredictions, GuestPredictRequest } from '../../api/types';
import { t } from '../../app/t';
import { download } from '../../charts/export';
import { ErrorPanel, Head, Panel } from '../../design/parts';
import { Answer } from '../models/answer';
import { Field } from '../models/field';
import { type FormValue, typicalRow } from '../models/words';
import { shapeOf } from '../pictures/form';
import '../models/try.css';

// Few models answer pictures: whoever fills in a form does not wait for the pad.
const AskPicture = lazy(() => import('../pictures/ask').then((module) => ({ default: module.AskPicture })));

export function Ask({ slug, model }: { slug: string; model: GuestModel }) {
  const signature = model.signature ?? [];
  const [row, setRow] = useState<Record<string, FormValue>>(() => typicalRow(signature));
  const [asked, setAsked] = useState<Record<string, FormValue> | null>(null);
  const predict = useMutation({
    mutationFn: (given: Record<string, FormValue>) => post<GuestPredictions>(`/g/${encodeURIComponent(slug)}/predictions`, { rows: [given], proba: model.task === 'classification' } satisfies GuestPredictRequest, { renew: false }),
    onSuccess: (_, given) => setAsked(given),
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    predict.mutate(row);
  };
  const prediction = predict.data?.predictions[0];
  const shape = shapeOf(model);
  if (shape) {
    return (
      <>
        <Head title={model.name} lead={model.verdict ?? t('model.predicts', { target: model.target })} />
        <Suspense><AskPicture guest path={`/g/${encodeURIComponent(slug)}/pictures`} drawable={shape.content === 'ink'} lead={t('picture.lead')} /></Suspense>
      </>
    );
  }
  const save = () => download(`${model.target}.json`, `${JSON.stringify({ model: model.name, asked, answer: prediction }, null, 2)}\n`, 'application/json');
  return (
    <>
      <Head title={model.name} lead={model.verdict ?? t('model.predicts', { target: model.target })} />
      <div className="two wide try">
        <Panel title={t('try.form')} actions={<button type="button" className="linkish small" onClick={() => setRow(typicalRow(signature))}>{t('try.typical')}</button>}>
          <form className="stack" style={{ '--gap': '20px' } as React.CSSProperties} onSubmit={submit}>
            <p className="soft small">{t('guest.lead')}</p>
            <div className="fields">
              {signature.map((column) => <Field key={column.name} column={column} value={row[column.name] ?? null} onValue={(value) => setRow((before) => ({ ...before, [column.name]: value }))} />)}
            </div>
            <div className="row try-go"><Button type="submit" size="md" loading={predict.isPending}>{t('try.goFree')}</Button></div>
          </form>
        </Panel>
        <div className="answer-side">
          {predict.error ? <ErrorPanel error={predict.error} /> : null}
          <Answer target={model.target} task={model.task ?? null} prediction={prediction} stale={asked !== null && JSON.stringify(asked) !== JSON.stringify(row)} />
          {prediction && <div className="row"><Button variant="default" onClick={save}>{t('guest.save')}</Button></div>}
        </div>
      </div>
    </>
  );
}
