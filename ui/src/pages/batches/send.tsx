// A file of any length for a model to answer: dropped, counted, its price told, and sent with its progress in bytes.
import { Button, Checkbox } from '@mantine/core';
import '@mantine/core/styles/Checkbox.layer.css';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useEffect, useRef, useState } from 'react';
import { usePaid } from '../../api/paid';
import { meQuery, queryClient, settingsQuery } from '../../api/queries';
import type { AcceptedBatch, Model } from '../../api/types';
import { type Upload, uploadRows } from '../../api/upload';
import { bytes } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { noteBalance } from '../../app/session';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { ErrorPanel, Panel } from '../../design/parts';
import { DropArea } from '../data/drop';
import { countRows, priceOf } from './count';

type Format = 'csv' | 'parquet';

export function SendFile({ model }: { model: Model }) {
  const [file, setFile] = useState<File | null>(null);
  const settings = useQuery(settingsQuery);
  const price = settings.data?.prices.batch ?? 5;
  return (
    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
      <Panel title={t('batch.send')} actions={<Link to="/batches" className="small">{t('batches.open')}</Link>}>
        <div className="stack">
          <p className="soft small wrap">{price > 0 ? t('batch.lead', { price }) : t('batch.leadFree')}</p>
          {file ? <Chosen key={`${file.name}:${file.size}:${file.lastModified}`} model={model} file={file} price={price} onOther={() => setFile(null)} /> : <DropArea rows onFile={setFile} />}
        </div>
      </Panel>
    </div>
  );
}

function Chosen({ model, file, price, onOther }: { model: Model; file: File; price: number; onOther: () => void }) {
  const go = useGo();
  const me = useQuery(meQuery);
  const settings = useQuery(settingsQuery);
  const [format, setFormat] = useState<Format>('csv');
  const [proba, setProba] = useState(false);
  const [sent, setSent] = useState<number | null>(null);
  const sending = useRef<Upload<AcceptedBatch> | null>(null);
  const paid = usePaid();
  const counted = useQuery({ queryKey: ['count', file.name, file.size, file.lastModified], queryFn: () => countRows(file), staleTime: Number.POSITIVE_INFINITY, gcTime: 0, retry: false });
  const send = useMutation({
    mutationFn: () => {
      setSent(0);
      const how = { file_name: file.name, format, proba };
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
  const found = counted.data;
  const balance = me.data?.tokens ?? 0;
  const cost = found ? priceOf(found.rows, price) : null;
  const limit = settings.data?.limits.upload_bytes ?? Number.POSITIVE_INFINITY;
  const refused = file.size === 0 ? t('new.emptyFile') : file.size > limit ? t('new.tooLarge', { size: bytes(file.size), limit: bytes(limit) }) : found?.rows === 0 ? t('batch.noRows') : null;
  const short = cost !== null && found?.about === false && cost > balance;
  const said = counted.isPending ? t('batch.counting')
    : !found || cost === null ? (price > 0 ? t('batch.uncounted', { price, balance }) : '')
    : price === 0 ? t('batch.free', { count: found.rows })
    : found.about ? t('batch.about', { count: found.rows, price: cost, balance })
    : short ? t('batch.short', { count: found.rows, price: cost, balance }) : t('batch.counted', { count: found.rows, price: cost, left: balance - cost });
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
      <Choices legend={t('batch.format')} value={format} onChange={setFormat} choices={(['csv', 'parquet'] as const).map((value) => ({ value, label: t(`batch.${value}`), note: t(`batch.${value}Note`) }))} />
      {model.task === 'classification' && <Checkbox label={t('batch.proba')} checked={proba} onChange={(event) => setProba(event.currentTarget.checked)} />}
      <p role="status" className="num" style={short ? { color: 'var(--signal)' } : undefined}>{refused ? '' : said}</p>
      <div><Button type="submit" size="md" disabled={refused !== null || counted.isPending || short}>{cost === null || price === 0 ? t('batch.goUnknown') : t(found?.about ? 'batch.goAbout' : 'batch.go', { price: cost })}</Button></div>
    </form>
  );
}
