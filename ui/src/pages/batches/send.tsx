// A file of any length for a model to answer, or an archive of pictures: dropped, counted, its columns compared with the
// model's, its price told, and sent with its progress in bytes.
import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { usePaid } from '../../api/paid';
import { meQuery, queryClient, settingsQuery } from '../../api/queries';
import type { AcceptedBatch, Model, Preview } from '../../api/types';
import { type Upload, uploadRows } from '../../api/upload';
import { bytes, list } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { noteBalance } from '../../app/session';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { ErrorPanel, Panel } from '../../design/parts';
import { HEAD_BYTES, useBeginning } from '../data/beginning';
import { DropArea } from '../data/drop';
import { SheetField } from '../data/sheet';
import { shapeOf } from '../pictures/form';
import { countFiles, countRows, priceOf } from './count';

type Format = 'csv' | 'parquet';
/** The rows of a preview at most: with fewer, they are all there are. */
const PREVIEWED = 100;

export function SendFile({ model }: { model: Model }) {
  const [file, setFile] = useState<File | null>(null);
  const settings = useQuery(settingsQuery);
  const price = settings.data?.prices.batch ?? 5;
  const pictures = shapeOf(model) !== null;
  const lead = pictures ? (price > 0 ? 'batch.leadPictures' : 'batch.leadPicturesFree') : price > 0 ? 'batch.lead' : 'batch.leadFree';
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <Panel title={t('batch.send')} actions={<Link to="/batches" className="small">{t('batches.open')}</Link>}>
        <div className="stack">
          <p className="soft small wrap">{t(lead, { price })}</p>
          {file ? <Chosen key={`${file.name}:${file.size}:${file.lastModified}`} model={model} pictures={pictures} file={file} price={price} onOther={() => setFile(null)} /> : <DropArea takes={pictures ? 'pictures' : 'rows'} onFile={setFile} />}
        </div>
      </Panel>
    </div>
  );
}

function Chosen({ model, pictures, file, price, onOther }: { model: Model; pictures: boolean; file: File; price: number; onOther: () => void }) {
  const go = useGo();
  const me = useQuery(meQuery);
  const settings = useQuery(settingsQuery);
  const [format, setFormat] = useState<Format>('csv');
  const [proba, setProba] = useState(false);
  const [sheet, setSheet] = useState('');
  const [sent, setSent] = useState<number | null>(null);
  const sending = useRef<Upload<AcceptedBatch> | null>(null);
  const paid = usePaid();
  const workbook = !pictures && /\.xlsx$/i.test(file.name);
  const counted = useQuery({ queryKey: ['count', file.name, file.size, file.lastModified], queryFn: () => (pictures ? countFiles(file) : countRows(file)), staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false });
  const begins = useBeginning(file, { sheet }, !pictures);
  const send = useMutation({
    mutationFn: () => {
      setSent(0);
      const how = { file_name: file.name, format, proba, ...(workbook && sheet ? { sheet } : {}) };
      sending.current = uploadRows(file, model.id, how, paid.key(JSON.stringify([how, file.size, file.lastModified])), setSent);
      return sending.current.done;
    },
    onSettled: (_, error) => paid.settle(error),
    onSuccess: (made) => {
      noteBalance(made.balance);
      void queryClient.invalidateQueries({ queryKey: ['batch-predictions'] });
      void go(`/batches/${made.id}`);
    },
    onError: () => setSent(null),
  });
  useEffect(() => () => sending.current?.cancel(), []);

  if (sent !== null) {
    const share = file.size === 0 ? 1 : Math.min(1, sent / file.size);
    return (
      <div className="stack">
        <p><b><bdi>{t('batch.sending', { name: file.name })}</bdi></b></p>
        <div className="meter" role="progressbar" aria-label={t('batch.sending', { name: file.name })} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>
        <div className="split">
          <span className="num soft" role="status">{share < 1 ? t('new.sent', { sent: bytes(sent), total: bytes(file.size) }) : t('new.finishing')}</span>
          <Button variant="default" onClick={() => sending.current?.cancel()}>{t('new.stop')}</Button>
        </div>
      </div>
    );
  }
  const said = begins.data?.row_count;
  const few = said !== undefined ? { rows: said, about: false } : begins.data && begins.data.rows.length < PREVIEWED && file.size <= HEAD_BYTES ? { rows: begins.data.rows.length, about: false } : null;
  const found = counted.data ?? few;
  const balance = me.data?.tokens ?? 0;
  const cost = found ? priceOf(found.rows, price) : null;
  const limit = settings.data?.limits.upload_bytes ?? Number.POSITIVE_INFINITY;
  const refused = file.size === 0 ? t('new.emptyFile') : file.size > limit ? t('new.tooLarge', { size: bytes(file.size), limit: bytes(limit) }) : found?.rows === 0 ? t(pictures ? 'batch.noPictures' : 'batch.noRows') : null;
  const short = cost !== null && found?.about === false && cost > balance;
  const what = found ? t(pictures ? 'batch.count.pictures' : 'batch.count.rows', { count: found.rows }) : '';
  const told = counted.isPending ? t('batch.counting')
    : !found || cost === null ? (price > 0 ? t('batch.uncounted', { price, balance }) : '')
    : price === 0 ? t('batch.free', { what })
    : found.about ? t('batch.about', { what, price: cost, balance })
    : short ? t('batch.short', { what, price: cost, balance }) : t('batch.counted', { what, price: cost, left: balance - cost });
  return (
    <form
      className="stack"
      onSubmit={(event) => {
        event.preventDefault();
        send.mutate();
      }}
    >
      <p className="row" style={{ '--gap': '4px 12px' } as React.CSSProperties}><b className="few">{file.name}</b><span className="soft num">{bytes(file.size)}</span><button type="button" className="linkish small" onClick={onOther}>{t('batch.other')}</button></p>
      {refused && <div className="notice stop" role="alert">{refused}</div>}
      {send.error && !(send.error instanceof DOMException) && <ErrorPanel error={send.error} />}
      {workbook && <SheetField preview={begins.data} sheet={sheet} onSheet={setSheet} />}
      {workbook && begins.error && !send.error && <ErrorPanel error={begins.error} />}
      {begins.data && !refused && <Fitting model={model} preview={begins.data} />}
      <Choices legend={t('batch.format')} value={format} onChange={setFormat} choices={(['csv', 'parquet'] as const).map((value) => ({ value, label: t(`batch.${value}`), note: t(`batch.${value}Note`) }))} />
      {model.task === 'classification' && <Checkbox label={t('batch.proba')} checked={proba} onChange={(event) => setProba(event.currentTarget.checked)} />}
      <p role="status" className="num" style={short ? { color: 'var(--signal)' } : undefined}>{refused ? '' : told}</p>
      <div><Button type="submit" size="md" disabled={refused !== null || counted.isPending || short}>{cost === null || price === 0 ? t('batch.goUnknown') : t(found?.about ? 'batch.goAbout' : 'batch.go', { price: cost })}</Button></div>
    </form>
  );
}

/** The columns of a file beside those the model wants, before anything is paid; and which sheet of a workbook this is. */
function Fitting({ model, preview }: { model: Model; preview: Preview }) {
  const wanted = (model.signature ?? []).map((column) => column.name);
  const there = preview.columns.map((column) => column.name);
  const absent = wanted.filter((name) => !there.includes(name));
  const unknown = there.filter((name) => !wanted.includes(name) && name !== model.target);
  const sheet = preview.notes.find((note) => note.code === 'sheet');
  return (
    <div className={`notice small stack ${absent.length > 0 ? 'signal' : ''}`} role="status" style={{ '--gap': '4px' } as React.CSSProperties}>
      {sheet && <p><bdi>{sheet.detail}</bdi></p>}
      {absent.length > 0 ? <p><bdi>{t('batch.absent', { list: list(absent.slice(0, 10)) })}</bdi></p> : <p>{wanted.length === 1 ? t('batch.fitsOne') : t('batch.fits', { count: wanted.length })}</p>}
      {unknown.length > 0 && <p><bdi>{t('batch.unknown', { list: list(unknown.slice(0, 10)) })}</bdi></p>}
    </div>
  );
}
