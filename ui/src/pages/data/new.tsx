// Brings a table in: choose it, see how its first lines are read, then send it with its progress in bytes.
import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { queryClient, settingsQuery } from '../../api/queries';
import { asProblem } from '../../api/problem';
import type { ReadSettings } from '../../api/types';
import { type Upload, upload } from '../../api/upload';
import { bytes } from '../../app/format';
import { useGo } from '../../app/link';
import { t } from '../../app/t';
import { ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { partOf, useBeginning } from './beginning';
import { DropArea, takeFile } from './drop';
import { ParsePreview } from './preview';
import { ReadingFields, settingsFor } from './reading';
import { Samples } from './samples';
import { SheetField } from './sheet';

export function nameOf(file: string): string {
  return file.replace(/\.(zip|csv|tsv|tab|txt|xlsx|parquet|jsonl|ndjson|json)$/i, '') || file;
}

/** A pasted block becomes a file whose ending says how it is separated. */
export function pastedFile(text: string): File {
  const first = text.split('\n', 1)[0] ?? '';
  return new File([text], first.includes('\t') ? 'pasted.tsv' : 'pasted.csv', { type: 'text/plain' });
}

export function NewData() {
  const [file, setFile] = useState<File | null>(takeFile);
  const [pasted, setPasted] = useState('');

  useEffect(() => {
    // A table pasted anywhere on the page is taken as one, except into a field.
    const onPaste = (event: ClipboardEvent) => {
      if (event.target instanceof HTMLElement && event.target.closest('input, textarea')) return;
      const given = event.clipboardData?.files[0];
      const text = event.clipboardData?.getData('text/plain') ?? '';
      if (given) setFile(given);
      else if (text.includes('\n')) setFile(pastedFile(text));
    };
    document.addEventListener('paste', onPaste);
    return () => document.removeEventListener('paste', onPaste);
  }, []);

  return (
    <>
      <Head title={t('new.title')} at="upload" lead={file ? undefined : t('new.lead')} />
      {file ? (
        <Chosen key={`${file.name}:${file.size}:${file.lastModified}`} file={file} onOther={() => setFile(null)} />
      ) : (
        <div className="stack" style={{ '--gap': '28px' } as React.CSSProperties}>
          <DropArea onFile={setFile} />
          <details>
            <summary>{t('new.paste')}</summary>
            <div className="stack" style={{ marginBlockStart: 8 }}>
              <Textarea label={t('new.pasteLabel')} rows={6} value={pasted} onChange={(event) => setPasted(event.currentTarget.value)} styles={{ input: { fontFamily: 'var(--mono)', fontSize: 14 } }} />
              <div><Button variant="default" disabled={!pasted.includes('\n')} onClick={() => setFile(pastedFile(pasted))}>{t('new.pasteGo')}</Button></div>
            </div>
          </details>
          <section className="stack">
            <h2>{t('home.samples')}</h2>
            <Samples />
          </section>
        </div>
      )}
    </>
  );
}

function Chosen({ file, onOther }: { file: File; onOther: () => void }) {
  const go = useGo();
  const settings = useQuery(settingsQuery);
  const [name, setName] = useState(nameOf(file.name));
  const [sent, setSent] = useState<number | null>(null);
  const sending = useRef<Upload | null>(null);
  const limit = settings.data?.limits.upload_bytes ?? Number.POSITIVE_INFINITY;
  const refused = file.size === 0 ? t('new.emptyFile') : file.size > limit ? t('new.tooLarge', { size: bytes(file.size), limit: bytes(limit) }) : null;
  const archive = /\.zip$/i.test(file.name);
  const previewable = refused === null && partOf(file) !== null;

  // The sheet of a workbook has a field of its own, of what else can be said there is one each.
  const [chosen, setChosen] = useState<ReadSettings>({});
  const [opened, setOpened] = useState(false);
  const sheet = chosen.sheet ?? '';
  const workbook = /\.xlsx$/i.test(file.name);
  const readable = settingsFor(file.name).filter((one) => one !== 'sheet');

  const preview = useBeginning(file, chosen, previewable);
  const send = useMutation({
    mutationFn: () => {
      setSent(0);
      sending.current = upload(file, name.trim() || nameOf(file.name), file.name, chosen, setSent);
      return sending.current.done;
    },
    onSuccess: (made) => {
      void queryClient.invalidateQueries({ queryKey: ['datasets'] });
      void go(`/data/${made.id}`, { replace: true });
    },
    onError: () => setSent(null),
  });
  useEffect(() => () => sending.current?.cancel(), []);

  if (sent !== null) {
    const share = file.size === 0 ? 1 : Math.min(1, sent / file.size);
    return (
      <Panel title={t('new.sending', { name: file.name })}>
        <div className="stack">
          <div className="meter" role="progressbar" aria-label={t('new.sending', { name: file.name })} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>
          <div className="split">
            <span className="num soft" role="status">{share < 1 ? t('new.sent', { sent: bytes(sent), total: bytes(file.size) }) : t('new.finishing')}</span>
            <Button variant="default" onClick={() => sending.current?.cancel()}>{t('new.stop')}</Button>
          </div>
        </div>
      </Panel>
    );
  }
  // The end of a Parquet file tells how many rows there are, and shows none.
  const headerOnly = preview.data !== undefined && preview.data.rows.length === 0 && !preview.data.row_count;
  const stopped = send.error instanceof DOMException;
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      {refused && <div className="notice stop" role="alert">{refused}</div>}
      {send.error && !stopped && <ErrorPanel error={send.error} />}
      {preview.error && <ErrorPanel error={preview.error} />}
      {headerOnly && <div className="notice stop" role="alert">{t('new.headerOnly')}</div>}
      {preview.data && !headerOnly && <ParsePreview preview={preview.data} />}
      {workbook && <div className="panel"><SheetField preview={preview.data} sheet={sheet} onSheet={(next) => setChosen({ ...chosen, sheet: next || null })} /></div>}
      {previewable && readable.length > 0 && !preview.isPending && (
        <details open={opened || Boolean(preview.error) || headerOnly} onToggle={(event) => setOpened(event.currentTarget.open)}>
          <summary>{t('new.readAs')}</summary>
          <div className="panel stack" style={{ marginBlockStart: 8 }}>
            <p className="small soft">{t('new.readAsNote')}</p>
            <div className="params"><ReadingFields names={readable} sheets={[]} now={chosen} problem={preview.error ? asProblem(preview.error) : null} onNow={setChosen} /></div>
          </div>
        </details>
      )}
      {previewable && preview.isPending && <Skeleton height={260} label={t('new.reading')} />}
      {archive && !refused && <div className="notice"><h2>{t('pictures.archive')}</h2><p>{t('pictures.archiveLead')}</p></div>}
      {!previewable && !archive && !refused && <p className="notice">{t(workbook ? 'new.noPreviewSheet' : 'new.noPreview')}</p>}
      <div className="panel">
        <form
          className="row"
          style={{ alignItems: 'flex-end' }}
          onSubmit={(event) => {
            event.preventDefault();
            send.mutate();
          }}
        >
          <TextInput label={t('new.name')} value={name} maxLength={200} onChange={(event) => setName(event.currentTarget.value)} style={{ flex: '1 1 240px' }} />
          <Button type="submit" disabled={refused !== null || headerOnly || Boolean(preview.error) || (previewable && (preview.isPending || preview.isPlaceholderData))}>{t('new.go')}</Button>
          <Button variant="default" onClick={onOther}>{t('new.other')}</Button>
        </form>
      </div>
    </div>
  );
}
