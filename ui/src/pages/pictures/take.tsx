// Takes a picture in: drawn, chosen, dropped, or pasted anywhere on the page.
import { Button } from '@mantine/core';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { bytes } from '../../app/format';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Icon } from '../../design/icons';
import { type Given, MOST_BYTES, NOTHING, pictureAmong } from './given';
import { Pad } from './pad';
import './pictures.css';

interface Props {
  given: Given;
  onGiven: (change: (before: Given) => Given) => void;
  /** Whether drawing comes first: for what is written or drawn. */
  drawable?: boolean;
}

/** What is wrong with a file before it is sent. */
export function refusalOf(given: Given): string | null {
  if (given.kind !== 'file') return null;
  if (given.file.size === 0) return t('picture.empty');
  return given.file.size > MOST_BYTES ? t('picture.tooLarge', { size: bytes(given.file.size), limit: bytes(MOST_BYTES) }) : null;
}

export function TakePicture({ given, onGiven, drawable = true }: Props) {
  const [way, setWay] = useState<'draw' | 'file'>(drawable ? 'draw' : 'file');
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const take = (file: File | null) => {
    if (!file) return;
    setWay('file');
    onGiven(() => ({ kind: 'file', file }));
  };
  const latest = useRef(take);
  latest.current = take;
  useEffect(() => {
    const onPaste = (event: ClipboardEvent) => {
      const file = pictureAmong(event.clipboardData?.files);
      if (!file) return;
      event.preventDefault();
      latest.current(file);
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    take(pictureAmong(event.dataTransfer.files));
  };
  const strokes = given.kind === 'drawing' ? given.strokes : [];
  return (
    <div
      className={`stack taking ${over ? 'hovered' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {drawable && (
        <Choices
          legend={t('picture.how')} hideLegend compact value={way} onChange={setWay}
          choices={[{ value: 'draw', label: t('picture.draw') }, { value: 'file', label: t('picture.file') }]}
        />
      )}
      {way === 'draw' ? (
        <>
          <Pad strokes={strokes} onStrokes={(change) => onGiven((before) => ({ kind: 'drawing', strokes: change(before.kind === 'drawing' ? before.strokes : []) }))} />
          <div className="row">
            <Button size="xs" variant="default" disabled={strokes.length === 0} onClick={() => onGiven((before) => (before.kind === 'drawing' ? { ...before, strokes: before.strokes.slice(0, -1) } : before))}>{t('picture.undo')}</Button>
            <Button size="xs" variant="default" disabled={strokes.length === 0} onClick={() => onGiven(() => NOTHING)}>{t('picture.clear')}</Button>
          </div>
        </>
      ) : (
        <div className={`drop ${over ? 'hovered' : ''}`}>
          {given.kind === 'file' ? <Chosen key={`${given.file.name}${given.file.lastModified}${given.file.size}`} file={given.file} /> : <Icon name="upload" size={32} />}
          <b>{given.kind === 'file' ? given.file.name || t('picture.pasted') : t('picture.drop')}</b>
          <Button variant="default" onClick={() => input.current?.click()}>{given.kind === 'file' ? t('picture.other') : t('picture.browse')}</Button>
          <span className="small">{t('picture.formats', { size: bytes(MOST_BYTES) })}</span>
        </div>
      )}
      <input
        ref={input} type="file" hidden data-testid="picture" accept="image/png,image/jpeg,image/gif,image/webp,image/bmp"
        onChange={(event) => {
          const file = event.currentTarget.files?.[0] ?? null;
          event.currentTarget.value = '';
          take(file);
        }}
      />
    </div>
  );
}

/** A look at the file, as the browser shows it. */
function Chosen({ file }: { file: File }) {
  const [url, setUrl] = useState<string | null>(null);
  const [shown, setShown] = useState(true);
  useEffect(() => {
    const made = URL.createObjectURL(file);
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [file]);
  if (!shown) return <span className="small">{t('picture.unshown')}</span>;
  return url && <img className="given" src={url} alt={t('picture.alt', { name: file.name || t('picture.pasted') })} onError={() => setShown(false)} />;
}
