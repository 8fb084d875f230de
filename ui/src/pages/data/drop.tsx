// Takes a file in: dropped, or chosen. The file waits here while its page opens.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useEffect, useRef, useState } from 'react';
import { settingsQuery } from '../../api/queries';
import { bytes } from '../../app/format';
import { t } from '../../app/t';
import { Icon } from '../../design/icons';

let waiting: File | null = null;

/** Hands a file from one page to the next: files do not fit into an address. */
export function leaveFile(file: File): void {
  waiting = file;
}

export function takeFile(): File | null {
  const file = waiting;
  waiting = null;
  return file;
}

/** A file let go anywhere on the page is taken, not only over an area of its own. */
export function DropAnywhere({ onFile }: { onFile: (file: File) => void }) {
  const [over, setOver] = useState(false);
  const take = useRef(onFile);
  take.current = onFile;
  useEffect(() => {
    const carries = (event: globalThis.DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const onOver = (event: globalThis.DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(true);
    };
    const onLeave = (event: globalThis.DragEvent) => {
      if (event.relatedTarget === null) setOver(false);
    };
    const onDrop = (event: globalThis.DragEvent) => {
      if (!carries(event)) return;
      event.preventDefault();
      setOver(false);
      const file = event.dataTransfer?.files[0];
      if (file) take.current(file);
    };
    document.addEventListener('dragover', onOver);
    document.addEventListener('dragleave', onLeave);
    document.addEventListener('drop', onDrop);
    return () => {
      document.removeEventListener('dragover', onOver);
      document.removeEventListener('dragleave', onLeave);
      document.removeEventListener('drop', onDrop);
    };
  }, []);
  return over ? <div className="drop hovered anywhere" role="status"><Icon name="upload" size={32} /><b>{t('drop.now')}</b></div> : null;
}

const TABLES = '.csv,.tsv,.tab,.txt,.xlsx,.parquet,.jsonl,.ndjson,.json';

const TAKES = {
  data: { title: 'drop.title', formats: 'drop.formats', accept: `${TABLES},.zip` },
  rows: { title: 'batch.drop', formats: 'batch.formats', accept: TABLES },
  pictures: { title: 'batch.dropPictures', formats: 'batch.formatsPictures', accept: '.zip' },
} as const;

/** Takes a table or an archive of pictures as data, or what a model is to answer: rows for one of tables, an archive for one of pictures. */
export function DropArea({ onFile, slim = false, takes = 'data' }: { onFile: (file: File) => void; slim?: boolean; takes?: keyof typeof TAKES }) {
  const settings = useQuery(settingsQuery);
  const [over, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const drop = (event: DragEvent) => {
    event.preventDefault();
    setOver(false);
    const file = event.dataTransfer.files[0];
    if (file) onFile(file);
  };
  return (
    <div
      className={`drop ${over ? 'hovered' : ''} ${slim ? 'slim' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {!slim && <Icon name="upload" size={32} />}
      <b>{over ? t('drop.now') : t(TAKES[takes].title)}</b>
      <div className="row" style={{ justifyContent: 'center' }}>
        <span>{t('drop.or')}</span>
        <Button variant="default" onClick={() => input.current?.click()}>{t('drop.browse')}</Button>
      </div>
      <span className="small">{t(TAKES[takes].formats, { size: bytes(settings.data?.limits.upload_bytes ?? 1_073_741_824) })}</span>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="file"
        accept={TAKES[takes].accept}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
