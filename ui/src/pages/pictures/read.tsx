// What a model says of a picture: the answer large, the likeliest three as bars, and the picture as the model saw it.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { PictureAnswer } from '../../api/types';
import { cell, number, percent } from '../../app/format';
import { t } from '../../app/t';
import { download } from '../../charts/export';
import { Chip, Panel } from '../../design/parts';
import './pictures.css';

/** Below this the answer is a guess among several. */
const SURE = 0.6;

interface Props {
  answer: PictureAnswer | undefined;
  /** The picture was changed since. */
  stale: boolean;
  paid?: { charged: number; balance: number };
  /** Whether something drawn is cut out first; a scene is looked at as a whole. */
  ink: boolean;
  onAgain: () => void;
}

export function Read({ answer, stale, paid, ink, onAgain }: Props) {
  const confidence = answer?.confidence ?? null;
  const save = () => answer && download('answer.json', `${JSON.stringify({ value: answer.value, confidence, alternatives: answer.alternatives }, null, 2)}\n`, 'application/json');
  return (
    <Panel title={t('try.answer')}>
      <div className="stack">
        <div role="status" className="stack">
          {!answer ? <p className="soft">{t('picture.answerEmpty')}</p> : (
            <>
              <div>
                <p className="soft small">{t('picture.answer')}</p>
                <p className="answer">{typeof answer.value === 'number' ? number(answer.value, 5) : cell(answer.value)}</p>
                {confidence !== null && <p className="soft">{t('try.sure', { share: percent(confidence) })}</p>}
              </div>
              {stale && <div><Chip tone="signal">{t('picture.changed')}</Chip></div>}
              {confidence !== null && confidence < SURE && <p className="notice signal small">{t('picture.unsure')}</p>}
              {answer.alternatives.length > 0 && (
                <dl className="likely" aria-label={t('picture.likely')}>
                  {answer.alternatives.map((one) => (
                    <div key={String(one.value)}>
                      <dt title={cell(one.value)}>{cell(one.value)}</dt>
                      <dd><span className="bar-ground" aria-hidden="true"><i style={{ width: `${one.confidence * 100}%` }} /></span><span className="num">{percent(one.confidence)}</span></dd>
                    </div>
                  ))}
                </dl>
              )}
            </>
          )}
        </div>
        {answer && (
          <>
            <Seen png={answer.seen} ink={ink} effects={answer.explanation?.effects ?? []} />
            {paid && <p className="tiny soft num">{t('try.charged', paid)}</p>}
            <div className="row">
              <Button variant="default" onClick={onAgain}>{t('picture.again')}</Button>
              <Button variant="default" onClick={save}>{t('picture.save')}</Button>
            </div>
          </>
        )}
      </div>
    </Panel>
  );
}

/** Where the answer rests, in words, for whoever cannot see it. */
export function told(effects: number[][]): string {
  const most = Math.max(...effects.flat());
  if (!(most > 0.005)) return t('picture.partsNone');
  const row = effects.findIndex((line) => line.includes(most));
  const line = effects[row] ?? [];
  const third = (place: number, all: number) => Math.min(2, Math.floor((3 * (place + 0.5)) / Math.max(1, all)));
  const names = ['topLeft', 'top', 'topRight', 'left', 'middle', 'right', 'bottomLeft', 'bottom', 'bottomRight'] as const;
  const where = names[3 * third(row, effects.length) + third(line.indexOf(most), line.length)] ?? 'middle';
  return t('picture.partsTold', { where: t(`picture.at.${where}`), share: percent(most) });
}

/** Parts that speak for the answer, and parts that speak against it, over the picture. */
function Parts({ effects }: { effects: number[][] }) {
  const width = effects[0]?.length ?? 1;
  const most = Math.max(...effects.flat().map(Math.abs), 0.005);
  return (
    <svg className="parts" viewBox={`0 0 ${width} ${effects.length}`} preserveAspectRatio="none" aria-hidden="true">
      {effects.flatMap((line, row) => line.map((effect, column) => <rect key={`${row} ${column}`} x={column} y={row} width={1} height={1} className={effect < 0 ? 'against' : 'for'} fillOpacity={(0.75 * Math.abs(effect)) / most} />))}
    </svg>
  );
}

/** Width and height stand at the head of a PNG: bytes 16 to 24. */
export function sizeOf(png: string): string {
  const head = atob(png.slice(0, 32));
  const at = (from: number) => [0, 1, 2, 3].reduce((sum, place) => sum * 256 + head.charCodeAt(from + place), 0);
  return `${at(16)} × ${at(20)}`;
}

function Seen({ png, ink, effects }: { png: string; ink: boolean; effects: number[][] }) {
  const [parts, setParts] = useState(false);
  // Answers that were kept from before are written by us as well, but a picture is only ever this.
  if (!/^[A-Za-z0-9+/]{32,}=*$/.test(png)) return null;
  return (
    <figure className="seen">
      <div className="seen-picture">
        <img src={`data:image/png;base64,${png}`} alt={t('picture.seenAlt', { size: sizeOf(png) })} width={112} height={112} />
        {parts && <Parts effects={effects} />}
      </div>
      <figcaption>
        <b className="small">{t('picture.seen')}</b><br /><span className="small soft">{t(ink ? 'picture.seenNote' : 'picture.seenScene')}</span>
        {effects.length > 0 && <><br /><button type="button" className="linkish small" aria-pressed={parts} onClick={() => setParts(!parts)}>{t(parts ? 'picture.partsHide' : 'picture.parts')}</button></>}
        {parts && <><br /><span className="small soft">{told(effects)}</span></>}
      </figcaption>
    </figure>
  );
}
