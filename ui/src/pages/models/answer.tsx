// The model's answer: large, with how sure it is and every alternative as a bar.
import type { Prediction, Task } from '../../api/types';
import { cell, list, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { Chip, Panel } from '../../design/parts';

/** Past this many classes only the likeliest are drawn. */
const MOST = 10;

interface Props {
  target: string;
  task: Task | null;
  prediction: Prediction | undefined;
  /** The form was changed since. */
  stale: boolean;
  /** How far off it usually is, where that is known. */
  mae?: number;
  /** What the answer cost; nothing for those who do not pay. */
  paid?: { charged: number; balance: number };
}

/** The server's remarks on a row. One empty field is said as it is; many of them are one sentence. */
export function notesOn(prediction: Prediction): string[] {
  const missing = prediction.warnings.filter((warning) => warning.code === 'missing');
  if (missing.length <= 1) return prediction.warnings.map((warning) => warning.detail);
  return [t('try.missing', { list: list(missing.map((warning) => warning.column)) }), ...prediction.warnings.filter((warning) => warning.code !== 'missing').map((warning) => warning.detail)];
}

export function shownValue(value: Prediction['value'], task: Task | null): string {
  return typeof value === 'number' && task === 'regression' ? number(value, 5) : cell(value);
}

export function Answer({ target, task, prediction, stale, mae, paid }: Props) {
  const likely = Object.entries(prediction?.probabilities ?? {}).sort((a, b) => b[1] - a[1]);
  const notes = prediction ? notesOn(prediction) : [];
  return (
    <Panel title={t('try.answer')}>
      <div role="status" className="stack">
        {!prediction ? <p className="soft">{t('try.empty')}</p> : (
          <>
            <div>
              <p className="soft small few" title={target}>{target}</p>
              <p className="answer">{shownValue(prediction.value, task)}</p>
              {likely[0] && <p className="soft">{t('try.sure', { share: percent(prediction.probabilities?.[String(prediction.value)] ?? likely[0][1]) })}</p>}
              {task === 'regression' && mae !== undefined && <p className="soft small">{t('try.usually', { mae: number(mae, 3) })}</p>}
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
            {paid && <p className="tiny soft num">{t('try.charged', paid)}</p>}
          </>
        )}
      </div>
    </Panel>
  );
}
