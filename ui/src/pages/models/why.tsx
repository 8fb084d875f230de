// Why a row is answered as it is: its strongest reasons as bars, each with the value of its column in words.
import type { Explanation, Prediction, SignatureColumn } from '../../api/types';
import { cell, number } from '../../app/format';
import { t } from '../../app/t';
import { Panel } from '../../design/parts';

/** More than these are too many to remember. */
const SHOWN = 5;

export interface Said {
  label: string;
  direction: string;
  /** How much, in the answer's own measure where that means something to people. */
  amount: string;
  /** From -1 to 1, the strongest at an end. */
  bar: number;
}

/** Reasons in words. Scores on a logarithmic scale have no measure of their own: they are told by how strong they are. */
export function reasonsOf(found: Explanation, value: Prediction['value'], classes: boolean, signature: Pick<SignatureColumn, 'name' | 'kind'>[] = []): Said[] {
  const kinds = new Map(signature.map((column) => [column.name, column.kind]));
  const shown = found.reasons.slice(0, SHOWN).map((reason) => ({
    label: reason.value === null || reason.value === undefined || reason.value === '' ? t('why.absent', { column: reason.column }) : t('why.value', { column: reason.column, value: short(cell(reason.value, kinds.get(reason.column))) }),
    contribution: reason.contribution,
  }));
  const rest = found.rest + found.reasons.slice(SHOWN).reduce((sum, reason) => sum + reason.contribution, 0);
  const strongest = Math.max(...shown.map((one) => Math.abs(one.contribution)), Math.abs(rest));
  if (!(strongest > 0)) return [];
  if (Math.abs(rest) > strongest * 0.005) shown.push({ label: t('why.rest'), contribution: rest });
  return shown.filter((one) => Math.abs(one.contribution) > strongest * 1e-6).map(({ label, contribution }) => {
    const bar = contribution / strongest;
    const direction = classes ? t(contribution > 0 ? 'why.for' : 'why.against', { class: String(value) }) : t(contribution > 0 ? 'why.up' : 'why.down');
    return { label, direction, amount: amountOf(found.scale, contribution, Math.abs(bar)), bar };
  });
}

function amountOf(scale: Explanation['scale'], contribution: number, strength: number): string {
  const sign = contribution > 0 ? '+' : '−';
  const size = Math.abs(contribution);
  if (scale === 'probability') return t('why.points', { share: `${sign}${size >= 0.1 ? Math.round(size * 100) : number(size * 100, 2)}` });
  if (scale === 'number') return `${sign}${number(size, 3)}`;
  return t(strength >= 0.6 ? 'why.strong' : strength >= 0.2 ? 'why.some' : 'why.little');
}

function short(text: string): string {
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

export function Why({ found, value, classes, signature }: { found: Explanation; value: Prediction['value']; classes: boolean; signature: SignatureColumn[] }) {
  const reasons = reasonsOf(found, value, classes, signature);
  return (
    <Panel title={t('why.title')}>
      {reasons.length === 0 ? <p className="soft">{t('why.none')}</p> : (
        <div className="stack" style={{ '--gap': '12px' } as React.CSSProperties}>
          <p className="small soft">{t('why.lead')}</p>
          <ul className="reasons" aria-label={t('why.title')}>
            {reasons.map((reason) => (
              <li key={reason.label}>
                <span className="few" title={reason.label}>{reason.label}</span>
                <span className="reason-bar" aria-hidden="true"><i className={reason.bar < 0 ? 'against' : ''} style={{ width: `${Math.abs(reason.bar) * 50}%`, insetInlineStart: reason.bar < 0 ? `${50 - Math.abs(reason.bar) * 50}%` : '50%' }} /></span>
                <span className="small soft"><bdi>{reason.direction}</bdi> · <span className="num">{reason.amount}</span></span>
              </li>
            ))}
          </ul>
          <p className="tiny soft">
            {found.scale === 'probability' && <><bdi>{t('why.base.share', { class: String(value), share: `${Math.round(found.base * 100)} %` })}</bdi> </>}
            {found.scale === 'number' && `${t('why.base.number', { value: number(found.base, 4) })} `}
            {t(found.method === 'sampled' ? 'why.sampled' : 'why.exact')}
          </p>
        </div>
      )}
    </Panel>
  );
}
