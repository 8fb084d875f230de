// Sends a file with its progress in bytes. fetch cannot report what it has sent, so this one call uses
// XMLHttpRequest.
import { address, CLIENT_HEADERS, renewSession, sessionEnded } from './client';
import { Problem } from './problem';
import type { AcceptedBatch, Dataset, ReadSettings } from './types';

export interface Upload<Made = Dataset> {
  done: Promise<Made>;
  cancel: () => void;
}

type OnProgress = (sent: number, total: number) => void;

/** A table that becomes a data set; `chosen` says how it is read, where somebody said so. */
export function upload(file: Blob, name: string, fileName: string, chosen: Partial<ReadSettings>, onProgress: OnProgress): Upload {
  return send<Dataset>(address('/datasets', { name, file_name: fileName, ...chosen }), file, {}, onProgress);
}

/** A table whose rows a model is to answer. */
export function uploadRows(file: Blob, model: string, how: { file_name: string; format: 'csv' | 'parquet'; proba: boolean; sheet?: string }, key: string, onProgress: OnProgress): Upload<AcceptedBatch> {
  return send<AcceptedBatch>(address(`/models/${model}/batch-predictions`, how), file, { 'Idempotency-Key': key }, onProgress);
}

function send<Made>(to: string, file: Blob, headers: Record<string, string>, onProgress: OnProgress): Upload<Made> {
  let current: XMLHttpRequest | null = null;
  let cancelled = false;

  const attempt = () =>
    new Promise<Made>((resolve, reject) => {
      const call = new XMLHttpRequest();
      current = call;
      call.open('POST', to);
      for (const [key, value] of Object.entries({ ...CLIENT_HEADERS, ...headers })) call.setRequestHeader(key, value);
      call.setRequestHeader('Accept', 'application/json');
      call.setRequestHeader('Content-Type', 'application/octet-stream');
      call.upload.onprogress = (event) => onProgress(event.loaded, event.total || file.size);
      call.onload = () => {
        let body: Record<string, unknown> = {};
        try {
          body = JSON.parse(call.responseText) as Record<string, unknown>;
        } catch {
          // A body that is not JSON: the status alone has to do.
        }
        if (call.status >= 200 && call.status < 300) resolve(body as unknown as Made);
        else reject(new Problem(call.status, body, { get: (header) => call.getResponseHeader(header) }));
      };
      call.onerror = () => reject(new Problem(0, {}));
      call.onabort = () => reject(new DOMException('cancelled', 'AbortError'));
      call.send(file);
    });

  const done = attempt().catch(async (error: unknown) => {
    if (error instanceof Problem && error.status === 401 && !cancelled) {
      if (await renewSession()) return attempt();
      sessionEnded();
    }
    throw error;
  });
  return {
    done,
    cancel: () => {
      cancelled = true;
      current?.abort();
    },
  };
}
