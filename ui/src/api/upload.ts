// Sends a file with its progress in bytes. fetch cannot report what it has sent, so this one call uses
// XMLHttpRequest.
import { address, CLIENT_HEADERS, renewSession, sessionEnded } from './client';
import { Problem } from './problem';
import type { Dataset } from './types';

export interface Upload {
  done: Promise<Dataset>;
  cancel: () => void;
}

export function upload(file: Blob, name: string, fileName: string, sheet: string | undefined, onProgress: (sent: number, total: number) => void): Upload {
  let current: XMLHttpRequest | null = null;
  let cancelled = false;

  const attempt = () =>
    new Promise<Dataset>((resolve, reject) => {
      const call = new XMLHttpRequest();
      current = call;
      call.open('POST', address('/datasets', { name, file_name: fileName, sheet }));
      for (const [key, value] of Object.entries(CLIENT_HEADERS)) call.setRequestHeader(key, value);
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
        if (call.status >= 200 && call.status < 300) resolve(body as unknown as Dataset);
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
