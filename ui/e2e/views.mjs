// Every page in light and dark, on a desk and a phone: axe finds nothing, nothing scrolls sideways at 320 px.
import { check } from './check.mjs';
import { axe, open, overflow, shoot } from './browser.mjs';

const SETTLE = 150;

/** The addresses to look at, made from what the golden path left behind. */
export async function addresses(page) {
  const ask = (path) => page.evaluate(async (at) => (await fetch(`/api/v1${at}`, { headers: { 'X-Trainyard-Client': 'web' } })).json(), path);
  const [models, datasets, jobs] = [await ask('/models?limit=50'), await ask('/datasets?limit=50'), await ask('/jobs?limit=50')];
  const classifier = models.items.find((item) => item.task === 'classification');
  const regressor = models.items.find((item) => item.task === 'regression');
  const dataset = datasets.items.find((item) => item.name.includes('titanic')) ?? datasets.items[0];
  const job = jobs.items.find((item) => item.kind === 'train');
  const list = [
    ['home', '/'],
    ['data', '/data'],
    ['data-new', '/data/new'],
    ['profile', `/data/${dataset.id}`],
    ['profile-distributions', `/data/${dataset.id}?tab=distributions`],
    ['profile-relations', `/data/${dataset.id}?tab=relations`],
    ['profile-rows', `/data/${dataset.id}?tab=rows`],
    ['train', `/data/${dataset.id}/train`],
    ['train-all', `/data/${dataset.id}/train?algorithm=random_forest`],
    ['jobs', '/jobs'],
    ['job', `/jobs/${job.id}`],
    ['models', '/models'],
    ['model-good', `/models/${classifier.id}`],
    ['model-try', `/models/${classifier.id}?tab=try`],
    ['model-contenders', `/models/${classifier.id}?tab=contenders`],
    ['model-code', `/models/${classifier.id}?tab=code`],
    ['model-settings', `/models/${classifier.id}?tab=settings`],
    ['account', '/account'],
    ['missing', '/no/such/page'],
  ];
  if (regressor) list.push(['regression-good', `/models/${regressor.id}`], ['regression-try', `/models/${regressor.id}?tab=try`]);
  return list;
}

async function visit(page, path) {
  await page.goto(path);
  await page.locator('h1').first().waitFor();
  await page.waitForFunction(() => document.querySelector('.skeleton') === null);
  await page.waitForTimeout(SETTLE);
}

export async function everyView(browser, url, session, list) {
  for (const [label, width, height, dark] of [['desk-light', 1280, 900, false], ['desk-dark', 1280, 900, true], ['phone-light', 390, 844, false], ['phone-dark', 390, 844, true]]) {
    const { context, page, faults } = await open(browser, url, { width, height, dark });
    await context.addCookies(session.cookies);
    await page.addInitScript(() => localStorage.setItem('trainyard-session', '1'));
    for (const [name, path] of list) {
      await visit(page, path);
      const found = await axe(page);
      check(`axe: ${name} ${label}`, found.length === 0, found.join('\n        '));
      await shoot(page, `${name}-${label}`);
    }
    check(`no console error in ${label}`, faults.length === 0, faults.join('\n        '));
    await context.close();
  }
}

/** The pages before the gate, for somebody who is not signed in. */
export async function gates(browser, url) {
  for (const [label, width, dark] of [['desk-light', 1280, false], ['desk-dark', 1280, true], ['phone-light', 390, false], ['phone-dark', 390, true]]) {
    const { context, page, faults } = await open(browser, url, { width, dark });
    for (const [name, path] of [['login', '/login'], ['register', '/register']]) {
      await visit(page, path);
      const found = await axe(page);
      check(`axe: ${name} ${label}`, found.length === 0, found.join('\n        '));
      await shoot(page, `${name}-${label}`);
    }
    check(`no console error at the gates in ${label}`, faults.length === 0, faults.join('\n        '));
    await context.close();
  }
}

/** The API reference is drawn without a word from another host. */
export async function reference(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await page.goto('/redoc');
  await page.locator('#redoc [data-role="redoc-wrap"], #redoc .redoc-wrap').first().waitFor({ timeout: 30_000 });
  await page.waitForTimeout(500);
  check('ReDoc shows the reference', (await page.locator('#redoc h1').first().innerText()).length > 0);
  check('no console error in ReDoc', faults.length === 0, faults.join('\n        '));
  await shoot(page, 'redoc', { full: false });
  await context.close();
}

export async function narrow(browser, url, session, list) {
  const { context, page } = await open(browser, url, { width: 320, height: 700 });
  await context.addCookies(session.cookies);
  await page.addInitScript(() => localStorage.setItem('trainyard-session', '1'));
  for (const [name, path] of list) {
    await visit(page, path);
    const wide = await overflow(page);
    check(`320 px: ${name} does not scroll sideways`, wide === null, wide ?? '');
    if (wide) await shoot(page, `${name}-320`);
  }
  await context.close();
}
