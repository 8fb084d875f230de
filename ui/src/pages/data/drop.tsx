// Takes a file in: dropped, or chosen. The file waits here while its page opens.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { type DragEvent, useRef, useState } from 'react';
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

const TABLES = '.csv,.tsv,.tab,.txt,.xlsx,.parquet,.jsonl,.ndjson,.json';

/** Takes a table; with `rows`, one of rows to be answered: no archive of pictures. */
export function DropArea({ onFile, slim = false, rows = false }: { onFile: (file: File) => void; slim?: boolean; rows?: boolean }) {
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
      className={`drop ${over ? 'over' : ''} ${slim ? 'slim' : ''}`}
      onDragOver={(event) => {
        event.preventDefault();
        setOver(true);
      }}
      onDragLeave={() => setOver(false)}
      onDrop={drop}
    >
      {!slim && <Icon name="upload" size={32} />}
      <b>{over ? t('drop.now') : t(rows ? 'batch.drop' : 'drop.title')}</b>
      <div className="row" style={{ justifyContent: 'center' }}>
        <span>{t('drop.or')}</span>
        <Button variant="default" onClick={() => input.current?.click()}>{t('drop.browse')}</Button>
      </div>
      <span className="small">{t(rows ? 'batch.formats' : 'drop.formats', { size: bytes(settings.data?.limits.upload_bytes ?? 1_073_741_824) })}</span>
      <input
        ref={input}
        type="file"
        hidden
        data-testid="file"
        accept={rows ? TABLES : `${TABLES},.zip`}
        onChange={(event) => {
          const file = event.currentTarget.files?.[0];
          event.currentTarget.value = '';
          if (file) onFile(file);
        }}
      />
    </div>
  );
}
