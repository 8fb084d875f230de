// A place to draw with a mouse, a finger or a pen. The strokes belong to the page; here they are only drawn and added to.
import { type PointerEvent, useRef } from 'react';
import { t } from '../../app/t';
import { drawnOn, PEN, pathOf, type Point, pointAt, SIDE } from './given';

export function Pad({ strokes, onStrokes }: { strokes: Point[][]; onStrokes: (change: (before: Point[][]) => Point[][]) => void }) {
  const drawing = useRef<number | null>(null);
  const at = (event: PointerEvent<SVGSVGElement>) => pointAt(event, event.currentTarget.getBoundingClientRect());
  const begin = (event: PointerEvent<SVGSVGElement>) => {
    // A second finger is no second pen.
    if (drawing.current !== null || event.button !== 0) return;
    drawing.current = event.pointerId;
    event.currentTarget.setPointerCapture(event.pointerId);
    const point = at(event);
    onStrokes((before) => [...before, [point]]);
  };
  const move = (event: PointerEvent<SVGSVGElement>) => {
    if (drawing.current !== event.pointerId) return;
    const point = at(event);
    onStrokes((before) => drawnOn(before, point));
  };
  const end = (event: PointerEvent<SVGSVGElement>) => {
    if (drawing.current === event.pointerId) drawing.current = null;
  };
  return (
    <svg className="pad" viewBox={`0 0 ${SIDE} ${SIDE}`} role="img" aria-label={`${t('picture.pad')} ${t('picture.strokes', { count: strokes.length })}`} onPointerDown={begin} onPointerMove={move} onPointerUp={end} onPointerCancel={end}>
      <g fill="none" strokeWidth={PEN} strokeLinecap="round" strokeLinejoin="round">
        {strokes.map((stroke, index) => <path key={index} d={pathOf(stroke)} />)}
      </g>
      {strokes.length === 0 && <text x={SIDE / 2} y={SIDE / 2} textAnchor="middle" dominantBaseline="middle">{t('picture.padHint')}</text>}
    </svg>
  );
}
