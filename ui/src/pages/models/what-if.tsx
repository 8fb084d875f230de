// Sliders around an answered row. Every place they can stand was computed with the answer, so that moving them asks
// nothing and costs nothing.
import { Button, NativeSelect } from '@mantine/core';
import { useId, useState } from 'react';
import type { Cell, Model, Prediction, SignatureColumn, WhatIfCurve } from '../../api/types';
import { cell, day, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { Bars } from '../../charts/histogram';
import { Lines } from '../../charts/lines';
import { Chip, Panel } from '../../design/parts';
import { shownValue } from './answer';
import { dependsFinding } from './depends';
import { changedRow, heights, type Moved, outcome, placeOf, strongest } from './curves';
import type { FormValue } from './words';

/** As many sliders as there are at first. */
const FIRST = 6;

interface Props {
  model: Model;
  prediction: Prediction;
  /** What was asked. */
  row: Record<string, FormValue>;
  price: number;
  /** Puts another row into the form and asks about it. */
  onAsk: (row: Record<string, FormValue>) => void;
  busy: boolean;
  short: boolean;
}

/** A value of a curve in the words of its column. */
const said = (value: Cell | undefined, kind?: string) => (typeof value === 'number' ? (kind === 'date' ? day(value) : number(value)) : cell(value ?? null, kind));

export function WhatIf({ model, prediction, row, price, onAsk, busy, short }: Props) {
  const curves = strongest(prediction.what_if ?? []);
  const [moved, setMoved] = useState<Moved>({});
  const [all, setAll] = useState(false);
  const [drawn, setDrawn] = useState(curves[0]?.column ?? '');
  const classes = Object.keys(prediction.probabilities ?? {});
  const [of, setOf] = useState<string | null>(classes.length > 0 ? String(prediction.value) : null);
  if (curves.length === 0) return null;
  const kinds = new Map((model.signature ?? []).map((column) => [column.name, column]));
  const now = outcome(prediction, curves, moved);
  const count = Object.keys(moved).length;
  const move = (curve: WhatIfCurve, place: number) => {
    setDrawn(curve.column);
    setMoved((before) => {
      const { [curve.column]: _, ...others } = before;
      return place === placeOf(curve, row[curve.column]) ? others : { ...others, [curve.column]: place };
    });
  };
  const shown = curves.find((curve) => curve.column === drawn) ?? curves[0];
  return (
    <Panel title={t('whatif.title')}>
      <div className="stack">
        <p className="small soft wrap">{t('whatif.lead')}</p>
        <div className="two lean what-if">
          <div className="stack" style={{ '--gap': '18px' } as React.CSSProperties}>
            {(all ? curves : curves.slice(0, FIRST)).map((curve) => (
              <Mover key={curve.column} curve={curve} column={kinds.get(curve.column)} own={row[curve.column] ?? null} place={moved[curve.column]} onMove={(place) => move(curve, place)} onDraw={() => setDrawn(curve.column)} drawn={curve === shown} />
            ))}
            {!all && curves.length > FIRST && <button type="button" className="linkish small" onClick={() => setAll(true)}>{t('whatif.all', { count: curves.length })}</button>}
          </div>
          <div className="stack">
            <div className="sunk stack" style={{ '--gap': '8px' } as React.CSSProperties}>
              <p className="small soft">{t('whatif.now')}</p>
              <p role="status" className="row" style={{ '--gap': '4px 12px' } as React.CSSProperties}>
                <span className="would"><bdi>{shownValue(now.value, model.task ?? null)}</bdi></span>
                {now.probabilities && <span className="soft num">{t('whatif.share', { share: percent(now.probabilities[String(now.value)]) })}</span>}
                {count > 0 && <Chip tone={now.exact ? 'engine' : 'signal'}>{t(now.exact ? 'whatif.exact' : 'whatif.estimate')}</Chip>}
              </p>
              <p className="small soft">{t(count === 0 ? 'whatif.same' : now.exact ? 'whatif.exactNote' : 'whatif.estimateNote')}</p>
              <div className="row">
                <Button size="xs" variant="default" disabled={count === 0} onClick={() => setMoved({})}>{t('whatif.back')}</Button>
                {!now.exact && <Button size="xs" loading={busy} disabled={short} onClick={() => onAsk(changedRow(row, curves, moved))}>{price > 0 ? t('whatif.ask', { price }) : t('whatif.askFree')}</Button>}
              </div>
            </div>
            {classes.length > 1 && <NativeSelect label={t('whatif.class')} value={of ?? ''} data={classes} onChange={(event) => setOf(event.currentTarget.value)} style={{ maxWidth: 260 }} />}
            {shown && <Drawn curve={shown} of={of} target={model.target} column={kinds.get(shown.column)} place={moved[shown.column] ?? placeOf(shown, row[shown.column])} />}
          </div>
        </div>
      </div>
    </Panel>
  );
}

interface MoverProps {
  curve: WhatIfCurve;
  column: SignatureColumn | undefined;
  own: Cell;
  /** Where it was put, if it was. */
  place: number | undefined;
  onMove: (place: number) => void;
  onDraw: () => void;
  drawn: boolean;
}

function Mover({ curve, column, own, place, onMove, onDraw, drawn }: MoverProps) {
  const id = useId();
  const home = placeOf(curve, own);
  const at = place ?? home;
  const value = at === null ? t('try.unset') : said(curve.grid[at], column?.kind);
  const was = place === undefined ? null : home === null ? t('whatif.unset') : t('whatif.was', { value: said(curve.grid[home], column?.kind) });
  const ordered = column?.kind !== 'category' && column?.kind !== 'boolean' && column?.kind !== 'identifier';
  return (
    <div className={drawn ? 'mover drawn' : 'mover'} onFocus={onDraw}>
      <div className="split" style={{ gap: '2px 12px' }}>
        <label htmlFor={id} className="few">{curve.column}</label>
        {ordered && <span className="small num clip" aria-hidden="true">{value}</span>}
      </div>
      {ordered ? (
        <input id={id} type="range" min={0} max={curve.grid.length - 1} step={1} value={at ?? Math.floor((curve.grid.length - 1) / 2)} aria-valuetext={value} className={at === null ? 'unset' : undefined} onChange={(event) => onMove(Number(event.currentTarget.value))} onPointerDown={onDraw} />
      ) : (
        <NativeSelect id={id} value={at === null ? '' : String(at)} onChange={(event) => event.currentTarget.value !== '' && onMove(Number(event.currentTarget.value))} data={[...(at === null ? [{ value: '', label: t('try.unset') }] : []), ...curve.grid.map((one, index) => ({ value: String(index), label: said(one, column?.kind) }))]} />
      )}
      <p className="tiny soft" style={{ minHeight: 17 }}>{was}</p>
    </div>
  );
}

function Drawn({ curve, of, target, column, place }: { curve: WhatIfCurve; of: string | null; target: string; column: SignatureColumn | undefined; place: number | null }) {
  const ys = heights(curve, of);
  const shares = of !== null;
  const what = shares ? t('depends.likely', { class: of }) : target;
  const write = (value: number) => (shares ? percent(value) : number(value));
  const numeric = curve.grid.map((value) => (typeof value === 'number' ? value : column?.kind === 'date' && typeof value === 'string' ? Date.parse(value.length > 10 ? value : `${value}T00:00:00Z`) / 1000 : Number.NaN));
  const grid = curve.grid.map((value) => said(value, column?.kind));
  const [low, high] = [Math.min(...ys), Math.max(...ys)];
  const title = dependsFinding({ column: curve.column, grid }, ys, { what, at: (value) => String(value), of: write, scale: shares ? 1 : Math.abs(high) || 1 });
  const summary = t('depends.summary', { count: grid.length, column: curve.column, low: write(low), high: write(high) });
  const common = { title, over: t('whatif.over', { column: curve.column }), how: t('whatif.how'), summary, name: `what-if-${curve.column}`, level: 3 as const };
  if (numeric.every(Number.isFinite)) {
    const dates = column?.kind === 'date';
    const mark = place === null ? null : ([numeric[place] ?? 0, ys[place] ?? 0] as [number, number]);
    return <Lines {...common} height={260} xLabel={curve.column} yLabel={what} lines={[{ name: what, xs: numeric, ys }]} mark={mark} formatX={dates ? (value) => day(value).slice(0, 10) : undefined} formatY={shares ? (value) => percent(value, 0) : undefined} />;
  }
  return <Bars {...common} rows={grid.map((label, at) => ({ label, value: ys[at] ?? 0, faint: at !== place }))} unit={what} total={shares ? 1 : undefined} />;
}
