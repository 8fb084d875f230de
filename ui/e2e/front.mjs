// What may stand before a server. Freshly built pages before one that was built with older ones, so that working on a page
// needs no new binary: `npx vite build --outDir FOLDER`, then E2E_PAGES=FOLDER node e2e/run.mjs; the header with the content
// policy is the server's own. And a proxy that knows the server by a path of its host and takes that path away.
import { existsSync, readFileSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { extname, join, normalize } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const TYPES = { '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.woff2': 'font/woff2' };

const packed = new Map();

/** A file as it goes over the wire, packed once. */
function wire(file) {
  if (!packed.has(file)) packed.set(file, brotliCompressSync(readFileSync(file)));
  return packed.get(file);
}

/** Sends what lies below the path `below` to the server it is told to stand before, and answers files that `pages` holds itself. */
export function front({ pages, below }) {
  let behind = 0;
  const server = createServer((asked, answer) => {
    const address = new URL(asked.url, 'http://here');
    if (!address.pathname.startsWith(`${below}/`)) {
      answer.writeHead(404, { 'content-type': 'text/plain' });
      answer.end('nothing of this server');
      return;
    }
    const pathname = address.pathname.slice(below.length);
    const file = pages && join(pages, normalize(pathname));
    if (file && TYPES[extname(file)] && existsSync(file)) {
      answer.writeHead(200, { 'content-type': TYPES[extname(file)], 'content-encoding': 'br' });
      answer.end(wire(file));
      return;
    }
    const page = pages && !/^\/(api|docs|redoc|openapi|healthz|readyz|metrics)/.test(pathname);
    const headers = page ? { ...asked.headers, 'accept-encoding': 'identity' } : asked.headers;
    const passed = request({ host: '127.0.0.1', port: behind, path: pathname + address.search, method: asked.method, headers }, (got) => {
      const { 'content-length': _length, etag: _etag, ...kept } = got.headers;
      if (!page || !String(got.headers['content-type']).startsWith('text/html')) {
        answer.writeHead(got.statusCode, got.headers);
        got.pipe(answer);
        return;
      }
      got.resume();
      const nonce = /'nonce-([^']+)'/.exec(String(got.headers['content-security-policy']))?.[1] ?? '';
      answer.writeHead(got.statusCode, kept);
      answer.end(readFileSync(join(pages, 'index.html'), 'utf8').replaceAll('__CSP_NONCE__', nonce).replaceAll('__PREFIX__', below));
    });
    passed.on('error', () => answer.destroy());
    answer.on('close', () => passed.destroy());
    asked.pipe(passed);
  });
  const standBefore = (port) => {
    behind = port;
  };
  const end = () => {
    server.close();
    server.closeAllConnections();
  };
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', () => resolve({ port: server.address().port, standBefore, end }));
  });
}
