// @vitest-environment node
// What index.html asks for before there is a script has to be what Home then asks for, letter by letter: anything else would
// be asked for twice.
import { readFileSync } from 'node:fs';
import { afterEach, expect, it, vi } from 'vitest';
import { datasetsQuery, digitsQuery, HOME, jobsQuery, meQuery, modelsQuery, samplesQuery } from '../src/api/queries';
import { allows, ROLES } from '../src/app/rights';

const page = readFileSync(new URL('../index.html', import.meta.url), 'utf8');

afterEach(() => vi.unstubAllGlobals());

it('asks early for what the first page wants', async () => {
  const asked: string[] = [];
  vi.stubGlobal('fetch', async (address: string) => {
    asked.push(address.replace('/api/v1', ''));
    return new Response('{}');
  });
  for (const query of [meQuery, datasetsQuery({ limit: HOME.datasets }), modelsQuery({ limit: HOME.models }), jobsQuery({ limit: HOME.jobs }), samplesQuery, digitsQuery]) await (query.queryFn as () => Promise<unknown>)();
  const early = [...page.matchAll(/'(\/(?:me|datasets|models|jobs|samples|digits)\b[^']*)'/g)].map((found) => found[1]);
  expect(early).toEqual(asked);
});

it('asks for lists only of those who have them', () => {
  const roles = /\^\(([\w|-]+)\)\$\/\.test\(role\)/.exec(page)?.[1]?.split('|');
  expect(roles?.sort()).toEqual(ROLES.filter((role) => allows(role, 'make')).sort());
});
