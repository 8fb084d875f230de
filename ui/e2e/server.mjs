// Starts the real binary on a free port with an empty data folder, and stops it again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { front } from './front.mjs';

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address();
      probe.close(() => resolve(port));
    });
  });
}

async function run(binary, port, data, options) {
  const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, '--digits', options.digits ? 'on' : 'off', ...options.more], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(String(chunk)));
  const url = `http://127.0.0.1:${port}`;
  const until = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log.join('')}`);
    try {
      if ((await fetch(`${url}/readyz`)).ok) break;
    } catch {
      // Not listening yet.
    }
    if (Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`the server was not ready within 30 s:\n${log.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return child;
}

async function end(child) {
  const gone = child.exitCode !== null ? Promise.resolve() : new Promise((resolve) => child.once('exit', resolve));
  child.kill('SIGTERM');
  const timer = setTimeout(() => child.kill('SIGKILL'), 10_000);
  await gone;
  clearTimeout(timer);
}

/**
 * A server on a port of its own. `pause` ends it and keeps its data, `resume` starts it again at the same address. With
 * `digits` it trains its model of digits first, as usual. With `below` it stands behind a proxy that knows it by a path, and
 * nothing else; `inside` is where the proxy asks.
 */
export async function startServer(binary, { digits = false, below = '' } = {}) {
  const port = await freePort();
  const data = mkdtempSync(join(tmpdir(), 'trainyard-e2e-'));
  const pages = process.env.E2E_PAGES;
  const before = pages || below ? await freePort() : port;
  const url = `http://127.0.0.1:${before}${below}`;
  const options = { digits, more: below ? ['--public-url', url] : [] };
  let child = await run(binary, port, data, options);
  const fronting = before === port ? null : await front(before, port, { pages, below });
  return {
    url,
    inside: `http://127.0.0.1:${port}`,
    pause: () => end(child),
    resume: async () => {
      child = await run(binary, port, data, options);
    },
    stop: async () => {
      fronting?.close();
      fronting?.closeAllConnections();
      await end(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}
