// Every page in light and dark, on a desk and a phone: axe finds nothing, and nothing scrolls sideways at 320 px.
import { check } from './check.mjs';
import { axe, hiddenTab, open, overflow, settled, shoot } from './browser.mjs';

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
    ['profile-split', `/data/${dataset.id}?tab=distributions&split=${dataset.suggested_target}`],
    ['profile-relations', `/data/${dataset.id}?tab=relations`],
    ['profile-rows', `/data/${dataset.id}?tab=rows`],
    ['train', `/data/${dataset.id}/train`],
    ['train-all', `/data/${dataset.id}/train?algorithm=random_forest`],
    ['train-network', `/data/${dataset.id}/train?algorithm=neural_net`],
    ['train-tune', `/data/${dataset.id}/train?algorithm=gradient_boosting&tune=bayesian`],
    ['train-several', `/data/${dataset.id}/train?algorithm=several&several=${encodeURIComponent('["knn","svm"]')}`],
    ['studies', '/studies'],
    ['digits-off', '/digits'],
    ['jobs', '/jobs'],
    ['job', `/jobs/${job.id}`],
    ['models', '/models'],
    ['model-good', `/models/${classifier.id}`],
    ['model-try', `/models/${classifier.id}?tab=try`],
    ['model-try-many', `/models/${classifier.id}?tab=try&rows=many`],
    ['model-contenders', `/models/${classifier.id}?tab=contenders`],
    ['model-try-file', `/models/${classifier.id}?tab=try&rows=file`],
    ['model-history', `/models/${classifier.id}?tab=history`],
    ['batches', '/batches'],
    ['predictions', '/predictions'],
    ['predictions-of-one', `/predictions?model_id=${classifier.id}`],
    ['model-code', `/models/${classifier.id}?tab=code`],
    ['model-versions', `/models/${classifier.id}?tab=versions`],
    ['model-settings', `/models/${classifier.id}?tab=settings`],
    ['account', '/account'],
    ['account-security', '/account?tab=security'],
    ['account-keys', '/account?tab=keys'],
    ['account-tokens', '/account?tab=tokens'],
    ['help', '/help'],
    ['compare', `/models/compare?ids=${models.items.slice(0, 2).map((item) => item.id).join(',')}`],
    ['models-shared', '/models?whose=shared'],
    ['admin', '/admin'],
    ['admin-users', '/admin/users'],
    ['admin-user', `/admin/users/${(await ask('/me')).id}`],
    ['admin-models', '/admin/models'],
    ['admin-data', '/admin/data'],
    ['admin-batches', '/admin/batches'],
    ['admin-jobs', '/admin/jobs'],
    ['admin-audit', '/admin/audit'],
    ['admin-settings', '/admin/settings'],
    ['missing', '/no/such/page'],
  ];
  if (regressor) list.push(['regression-good', `/models/${regressor.id}`], ['regression-try', `/models/${regressor.id}?tab=try`]);
  return list;
}

/** Opens a page and waits until it has drawn what it came for. */
async function visit(page, path) {
  await page.goto(path);
  await settled(page);
}

const SIZES = [['desk', 1280, 900], ['phone', 390, 844]];

/** Loads each page in either theme and looks at it in two sizes, then at the narrowest. In the dark only colours are new to axe. */
async function lookAtAll(page, list) {
  for (const [name, path] of list) {
    for (const theme of ['dark', 'light']) {
      await page.emulateMedia({ colorScheme: theme, reducedMotion: 'reduce' });
      await visit(page, path);
      for (const [device, width, height] of SIZES) {
        await page.setViewportSize({ width, height });
        const found = await axe(page, theme === 'dark' ? ['color-contrast'] : undefined);
        check(`axe: ${name} ${device}-${theme}`, found.length === 0, found.join('\n        '));
        await shoot(page, `${name}-${device}-${theme}`);
      }
    }
    await page.setViewportSize({ width: 320, height: 700 });
    await settled(page);
    const wide = await overflow(page);
    check(`320 px: ${name} does not scroll sideways`, wide === null, wide ?? '');
    if (wide) await shoot(page, `${name}-320`);
    const tab = await hiddenTab(page);
    check(`320 px: ${name} shows the chosen tab`, tab === null, tab ?? '');
  }
}

export async function everyView(browser, url, session, list) {
  const { context, page, faults } = await open(browser, url);
  await context.addCookies(session.cookies);
  await page.addInitScript(() => localStorage.setItem('trainyard-session', 'admin'));
  await lookAtAll(page, list);
  check('no console error in any view', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** The pages before the gate, for somebody who is not signed in. */
export async function gates(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await lookAtAll(page, [['login', '/login'], ['register', '/register'], ['reset', '/reset#a-secret'], ['reset-incomplete', '/reset'], ['help-outside', '/help']]);
  check('no console error at the gates', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** The API reference is drawn without a word from another host. */
export async function reference(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await page.goto('/redoc');
  await page.locator('#redoc [data-role="redoc-wrap"], #redoc .redoc-wrap').first().waitFor({ timeout: 30_000 });
  await page.locator('#redoc h1').first().waitFor();
  check('ReDoc shows the reference', (await page.locator('#redoc h1').first().innerText()).length > 0);
  check('no console error in ReDoc', faults.length === 0, faults.join('\n        '));
  await shoot(page, 'redoc', { full: false });
  await context.close();
}
