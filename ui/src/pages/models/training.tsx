// How the loss fell while a model learned, round by round; on the rows it learned from and on those held back to know when
// to stop.
import type { TrainingHistory } from '../../api/types';
import { number } from '../../app/format';
import { t, tMaybe } from '../../app/t';
import { Lines } from '../../charts/lines';

type Filled = { xs: number[]; ys: number[] };

/** One line of a history, where it has one. */
export function lineOf(history: TrainingHistory, which: 'training' | 'validation'): Filled {
  const filled = history.points.flatMap((point) => (typeof point[which] === 'number' ? [[point.step, point[which]] as const] : []));
  return { xs: filled.map(([step]) => step), ys: filled.map(([, loss]) => loss) };
}

/** What the plot says first: where it stopped, that it still learned at the end, or how far it came. */
export function historyFinding(history: TrainingHistory): string {
  const held = lineOf(history, 'validation');
  const seen = lineOf(history, 'training');
  const steps = t(history.step === 'epoch' ? 'learned.epochs' : 'learned.rounds', { count: history.kept });
  if (history.kept < history.steps) return t('learned.stopped', { steps });
  const line = held.ys.length > 1 ? held : seen;
  const [first, last] = [line.ys[0], line.ys[line.ys.length - 1]];
  if (first === undefined || last === undefined || line.ys.length < 2) return t('learned.title');
  const late = line.ys[Math.floor((line.ys.length - 1) * 0.9)] ?? last;
  // More than a twentieth of all that was gained came in the last tenth.
  if (first - last > 0 && late - last > 0.05 * (first - last)) return t('learned.still', { steps });
  return t('learned.fell', { from: number(first, 3), to: number(last, 3), steps });
}

export function Learned({ history }: { history: TrainingHistory }) {
  const lines = (['training', 'validation'] as const).map((which) => ({ which, ...lineOf(history, which) })).filter((line) => line.xs.length > 0);
  const shown = lines[lines.length - 1];
  if (!shown) return null;
  const at = shown.xs.indexOf(history.kept);
  const loss = tMaybe(`loss.${history.loss}`, history.loss.replaceAll('_', ' '));
  const how = [t('learned.how', { loss }), history.validation_rows > 0 ? t('learned.held', { rows: history.validation_rows }) : '', history.kept < history.steps ? t('learned.kept', { kept: history.kept, steps: history.steps }) : ''].filter(Boolean).join(' ');
  return (
    <div className="panel">
      <Lines
        title={historyFinding(history)} over={t('learned.over', { title: history.title })} how={how} name="training-history" xLabel={t(history.step === 'epoch' ? 'learned.epoch' : 'learned.round')} yLabel={loss} height={260}
        lines={lines.map((line) => ({ name: t(`learned.${line.which}`), xs: line.xs, ys: line.ys }))} mark={history.kept < history.steps && at >= 0 ? [history.kept, shown.ys[at] ?? 0] : null}
        summary={t('learned.summary', { title: history.title, loss, from: number(shown.ys[0]), to: number(shown.ys[shown.ys.length - 1]) })}
      />
    </div>
  );
}
