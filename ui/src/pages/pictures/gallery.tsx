// The pictures of a data set as they were read, some at a time, each with what it shows.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { rowsQuery } from '../../api/queries';
import { t } from '../../app/t';
import { ErrorPanel, Panel, Skeleton } from '../../design/parts';
import { picturesOf, type Shape, type Shown } from './form';
import './pictures.css';

/** Few enough that the pixels of all of them come in one small answer. */
const AT_ONCE = 40;

export function Gallery({ id, shape, total }: { id: string; shape: Shape; total: number }) {
  const [from, setFrom] = useState(0);
  const rows = useQuery(rowsQuery(id, from, AT_ONCE));
  if (rows.isPending) return <Skeleton height={320} />;
  if (!rows.data) return <ErrorPanel error={rows.error} onRetry={() => void rows.refetch()} />;
  const shown = picturesOf(rows.data, shape);
  return (
    <Panel>
      <div className="stack">
        <p className="small soft num" role="status">{t('pictures.gallery', { from: from + 1, to: Math.min(total, from + AT_ONCE), total })}</p>
        <Pictures shown={shown} shape={shape} from={from} />
        <div className="row">
          <Button variant="default" disabled={from === 0} onClick={() => setFrom(Math.max(0, from - AT_ONCE))}>{t('pictures.previous')}</Button>
          <Button variant="default" disabled={from + AT_ONCE >= total} onClick={() => setFrom(from + AT_ONCE)}>{t('pictures.next')}</Button>
        </div>
      </div>
    </Panel>
  );
}

/** Pictures side by side, each over its label; `from` is how many came before. */
export function Pictures({ shown, shape, from }: { shown: Shown[]; shape: Shape; from: number }) {
  return (
    <ul className="gallery">
      {shown.map((one, index) => <li key={from + index}><Small shape={shape} shown={one} row={from + index + 1} /><span className="small clip" style={{ display: 'block' }} title={one.label}><bdi>{one.label}</bdi></span></li>)}
    </ul>
  );
}

function Small({ shape, shown, row }: { shape: Shape; shown: Shown; row: number }) {
  const canvas = useRef<HTMLCanvasElement>(null);
  useEffect(() => {
    const context = canvas.current?.getContext('2d');
    if (!context) return;
    const image = context.createImageData(shape.width, shape.height);
    shown.pixels.forEach((value, index) => image.data.set([value, value, value, 255], index * 4));
    context.putImageData(image, 0, 0);
  }, [shape, shown]);
  return <canvas ref={canvas} width={shape.width} height={shape.height} role="img" aria-label={t('pictures.of', { row, class: shown.label })} />;
}
