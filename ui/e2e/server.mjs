// Starts the real binary on a free port with an empty data folder, and stops it again.
import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { front } from './front.mjs';

/** Runs the server; on any free port, unless one is named. Tells the process and where it listens. */
async function run(binary, port, data, options) {
  const child = spawn(binary, ['serve', '--listen', `127.0.0.1:${port}`, '--data', data, '--digits', options.digits ? 'on' : 'off', ...options.more], { stdio: ['ignore', 'pipe', 'pipe'] });
  const log = [];
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => log.push(String(chunk)));
  const until = Date.now() + 30_000;
  for (;;) {
    if (child.exitCode !== null) throw new Error(`the server ended with ${child.exitCode}:\n${log.join('')}`);
    const said = /ready at .*http:\/\/127\.0\.0\.1:(\d+)\s/.exec(log.join(''));
    if (said) return { child, port: Number(said[1]) };
    if (Date.now() > until) {
      child.kill('SIGKILL');
      throw new Error(`the server was not ready within 30 s:\n${log.join('')}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
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
  const data = mkdtempSync(join(tmpdir(), 'trainyard-e2e-'));
  const pages = process.env.E2E_PAGES;
  const fronting = pages || below ? await front({ pages, below }) : null;
  const before = fronting && `http://127.0.0.1:${fronting.port}${below}`;
  const options = { digits, more: below ? ['--public-url', before] : [] };
  let { child, port } = await run(binary, 0, data, options);
  fronting?.standBefore(port);
  const inside = `http://127.0.0.1:${port}`;
  return {
    url: before ?? inside,
    inside,
    pause: () => end(child),
    resume: async () => {
      ({ child } = await run(binary, port, data, options));
    },
    stop: async () => {
      fronting?.end();
      await end(child);
      rmSync(data, { recursive: true, force: true });
    },
  };
}
