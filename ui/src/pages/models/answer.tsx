// The model's answer: large, with how sure it is and every alternative as a bar.
import type { Model, Predictions, Report } from '../../api/types';
import { cell, list, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { Chip, Panel } from '../../design/parts';

/** Past this many classes only the likeliest are drawn. */
const MOST = 10;

export function Answer({ model, report, answer, stale }: { model: Model; report: Report | undefined; answer: Predictions | undefined; stale: boolean }) {
  const prediction = answer?.predictions[0];
  const likely = Object.entries(prediction?.probabilities ?? {}).sort((a, b) => b[1] - a[1]);
  const mae = report?.metrics.mae?.value ?? model.metrics?.mae?.value;
  const missing = prediction?.warnings.filter((warning) => warning.code === 'missing') ?? [];
  // One empty field is said by the server; many of them are one sentence.
  const notes = missing.length > 1 ? [t('try.missing', { list: list(missing.map((warning) => warning.column)) }), ...(prediction?.warnings ?? []).filter((warning) => warning.code !== 'missing').map((warning) => warning.detail)] : (prediction?.warnings ?? []).map((warning) => warning.detail);
  const shown = prediction && (typeof prediction.value === 'number' && model.task === 'regression' ? number(prediction.value, 5) : cell(prediction.value));
  return (
    <Panel title={t('try.answer')}>
      <div role="status" className="stack">
        {!prediction ? <p className="soft">{t('try.empty')}</p> : (
          <>
            <div>
              <p className="soft small">{model.target}</p>
              <p className="answer">{shown}</p>
              {likely[0] && <p className="soft">{t('try.sure', { share: percent(prediction.probabilities?.[String(prediction.value)] ?? likely[0][1]) })}</p>}
              {model.task === 'regression' && mae !== undefined && <p className="soft small">{t('try.usually', { mae: number(mae, 3) })}</p>}
            </div>
            {stale && <div><Chip tone="signal">{t('try.changed')}</Chip></div>}
            {likely.length > 0 && (
              <dl className="likely" aria-label={t('try.probabilities')}>
                {likely.slice(0, MOST).map(([name, share]) => (
                  <div key={name}>
                    <dt>{name}</dt>
                    <dd><span className="bar-ground" aria-hidden="true"><i style={{ width: `${share * 100}%` }} /></span><span className="num">{percent(share)}</span></dd>
                  </div>
                ))}
              </dl>
            )}
            {notes.length > 0 && (
              <div className="notice signal small">
                <h3>{t('try.notes')}</h3>
                <ul style={{ paddingInlineStart: 18 }}>{notes.map((note) => <li key={note}>{note}</li>)}</ul>
              </div>
            )}
            <p className="tiny soft num">{t('try.charged', { charged: answer.charged, balance: answer.balance })}</p>
          </>
        )}
      </div>
    </Panel>
  );
}
