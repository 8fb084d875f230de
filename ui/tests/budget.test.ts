// @vitest-environment node
// What a first visit and each later page may weigh, measured on the built files.
import { gzipSync } from 'node:zlib';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'vite';
import { beforeAll, describe, expect, it } from 'vitest';

const root = fileURLToPath(new URL('..', import.meta.url));
const kB = 1000;
let files: Map<string, Rolldown.OutputChunk | Rolldown.OutputAsset>;

beforeAll(async () => {
  // The test runner's own environment would pull in React's slow, talkative build.
  process.env.NODE_ENV = 'production';
  const built = (await build({ root, logLevel: 'silent', build: { write: false } })) as Rolldown.RolldownOutput | Rolldown.RolldownOutput[];
  const outputs = Array.isArray(built) ? built : [built];
  files = new Map(outputs.flatMap((output) => output.output).map((file) => [file.fileName, file]));
}, 60_000);

const weight = (name: string) => {
  const file = files.get(name);
  if (!file) return 0;
  return gzipSync(file.type === 'chunk' ? file.code : file.source, { level: 9 }).length;
};

/** A chunk with everything it needs at once. */
function closure(name: string, seen = new Set<string>()): Set<string> {
  const file = files.get(name);
  if (!file || seen.has(name) || file.type !== 'chunk') return seen;
  seen.add(name);
  for (const inner of file.imports) closure(inner, seen);
  for (const sheet of (file as unknown as { viteMetadata?: { importedCss: Set<string> } }).viteMetadata?.importedCss ?? []) seen.add(sheet);
  return seen;
}

const entry = () => {
  const found = [...files.values()].find((file) => file.type === 'chunk' && file.isEntry && file.facadeModuleId?.endsWith('index.html'));
  return closure(found?.fileName ?? '');
};
const page = (module: string) => {
  const found = [...files.values()].find((file) => file.type === 'chunk' && file.facadeModuleId?.endsWith(`/src/pages/${module}.tsx`));
  if (!found) throw new Error(`no chunk for ${module}`);
  return closure(found.fileName);
};
const sum = (names: Iterable<string>, ending: string) => [...names].filter((name) => name.endsWith(ending)).reduce((total, name) => total + weight(name), 0);

describe('budgets, gzipped', () => {
  it('a first visit to Home', () => {
    // Home itself is part of the frame; the one stylesheet serves all pages.
    const names = new Set([...entry(), ...[...files.keys()].filter((name) => name.endsWith('.css'))]);
    const fonts = [...files.values()].filter((file) => file.fileName.endsWith('.woff2')).reduce((total, file) => total + (file.type === 'asset' ? file.source.length : 0), 0);
    const scripts = sum(names, '.js');
    const styles = sum(names, '.css');
    expect(scripts, 'scripts').toBeLessThanOrEqual(210 * kB);
    expect(styles, 'styles').toBeLessThanOrEqual(25 * kB);
    expect(fonts, 'fonts').toBeLessThanOrEqual(60 * kB);
    expect(scripts + styles + fonts + weight('index.html'), 'all').toBeLessThanOrEqual(300 * kB);
    expect(names.size + 2, 'files, fonts included').toBeLessThanOrEqual(9);
  });
  it.each(['auth/welcome', 'auth/login', 'data/list', 'data/new', 'data/profile', 'train/train', 'jobs/job', 'models/list', 'models/model', 'models/compare', 'account/account', 'auth/register', 'auth/reset', 'guest/guest', 'help/help', 'jobs/list', 'menu/menu', 'admin/today', 'admin/users', 'admin/user', 'admin/everything', 'admin/audit', 'admin/settings', 'digits/digits', 'studies/list', 'studies/study', 'models/comparison', 'batches/list', 'batches/batch', 'predictions/predictions'])('%s, on top of the frame', (module) => {
    const frame = entry();
    const added = [...page(module)].filter((name) => !frame.has(name));
    expect(sum(added, '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it('the form of a model, on top of its page', () => {
    const before = new Set([...entry(), ...page('models/model')]);
    expect(sum([...page('models/try')].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it.each(['models/many', 'models/why', 'models/what-if', 'batches/send'])('%s, on top of the form', (module) => {
    const before = new Set([...entry(), ...page('models/model'), ...page('models/try')]);
    expect(sum([...page(module)].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it.each(['models/checks', 'models/versions', 'models/depends', 'pictures/ask', 'models/history/history', 'models/settings', 'models/code', 'models/cell-rows', 'models/training', 'models/tree'])('%s, on top of the page of a model', (module) => {
    const before = new Set([...entry(), ...page('models/model')]);
    expect(sum([...page(module)].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it.each(['data/splitted', 'data/two', 'data/kinds', 'data/drawer'])('%s, on top of the page of data', (module) => {
    const before = new Set([...entry(), ...page('data/profile')]);
    expect(sum([...page(module)].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it('the days of a place, on top of the page of today', () => {
    const before = new Set([...entry(), ...page('admin/today')]);
    expect(sum([...page('admin/days')].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it('tuning, on top of the form of a training', () => {
    const before = new Set([...entry(), ...page('train/train')]);
    expect(sum([...page('train/tuning')].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it('the form of a guest, on top of its page', () => {
    const before = new Set([...entry(), ...page('guest/guest')]);
    expect(sum([...page('guest/ask')].filter((name) => !before.has(name)), '.js')).toBeLessThanOrEqual(40 * kB);
  });
  it('one stylesheet for everything', () => {
    expect([...files.keys()].filter((name) => name.endsWith('.css'))).toHaveLength(1);
  });
  it('the file that every page runs is compiled ahead', () => {
    const core = [...files.values()].find((file) => file.type === 'chunk' && file.name === 'core');
    expect(core?.type === 'chunk' && core.code.startsWith('//# allFunctionsCalledOnLoad\n')).toBe(true);
  });
  it('the letters of every page are asked for with it', () => {
    const html = files.get('index.html');
    const preloads = [...String(html?.type === 'asset' ? html.source : '').matchAll(/<link rel="preload" as="font"[^>]*href="__PREFIX__\/([^"]+)"/g)].map((found) => found[1] ?? '');
    expect(preloads).toHaveLength(1);
    expect(files.has(preloads[0] ?? '')).toBe(true);
  });
  it('the reference page stays out of the app', () => {
    expect([...entry()].some((name) => name.includes('redoc'))).toBe(false);
  });
});
