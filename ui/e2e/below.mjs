// A server that shares its host: a proxy knows it by a path and takes that path away. Nothing is asked for beside it.
import { check, soon } from './check.mjs';
import { open } from './browser.mjs';
import { ACCOUNT, byMouse } from './golden.mjs';

/** Notes what a page asks for outside of the path. */
function watch(page, url, strayed) {
  page.on('request', (request) => {
    if (request.url().startsWith('http') && !request.url().startsWith(`${url}/`)) strayed.push(request.url());
  });
}

export async function belowAPath(browser, { url, inside, pause, resume }) {
  const { context, page, ids } = await byMouse(browser, url);
  const { pathname } = new URL(url);
  const strayed = [];
  watch(page, url, strayed);
  check('cookies are sent to nothing else on the host', (await context.cookies()).every((one) => one.path.startsWith(`${pathname}/`)), JSON.stringify((await context.cookies()).map((one) => one.path)));

  await page.goto(`./models/${ids.model}`);
  await page.getByRole('tab', { name: 'Use from code' }).click();
  await soon('examples name the public address', async () => (await page.locator('pre').allInnerTexts()).some((text) => text.includes(`${url}/api/v1/`)));
  const links = await page.locator('a[href^="/"]').evaluateAll((all) => all.map((one) => one.getAttribute('href')));
  check('every link stays below the path', links.length > 5 && links.every((one) => one === pathname || one.startsWith(`${pathname}/`)), links.join(' '));
  await page.getByRole('link', { name: 'Models', exact: true }).click();
  await page.waitForURL(`${url}/models`);
  await page.getByRole('heading', { level: 1, name: 'Models' }).waitFor();
  await page.goBack();
  await page.waitForURL(`${url}/models/${ids.model}*`);

  const begun = await page.evaluate(async (address) => {
    const headers = { 'X-Trainyard-Client': 'web', 'Content-Type': 'application/json' };
    const { items } = await (await fetch(`${address}/api/v1/datasets`, { headers })).json();
    const answer = await fetch(`${address}/api/v1/models`, { method: 'POST', headers, body: JSON.stringify({ dataset_id: items[0].id, target: 'survived', algorithm: 'dummy' }) });
    return { status: answer.status, location: answer.headers.get('location') };
  }, url);
  check('a job is where its answer says', begun.location?.startsWith(`${pathname}/api/v1/jobs/`), JSON.stringify(begun));
  check('and it is there', (await page.evaluate(async (at) => (await fetch(at)).status, begun.location)) === 200);

  // Out, and in again to where one was going.
  await page.goto('./account?tab=security');
  await page.getByRole('button', { name: 'Sign out' }).first().click();
  await page.waitForURL(`${url}/login`);
  await page.goto(`./models/${ids.model}?tab=try`);
  await page.waitForURL(`${url}/login?**`);
  await page.getByLabel('E-mail').fill(ACCOUNT.email);
  await page.locator('input[type=password]').fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL(`${url}/models/${ids.model}?tab=try`);
  await page.getByRole('button', { name: 'Predict · 5 tokens' }).waitFor();
  await pause();
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.locator('.away').waitFor();
  await resume();
  await soon('below a path, too, the page goes on when the server is back', async () => (await page.locator('.away').count()) === 0);
  check('nothing is asked for beside the path', strayed.length === 0, strayed.join('\n        '));

  await page.goto('./docs');
  await page.locator('.opblock').first().waitFor();
  check('the reference is below it too', page.url().startsWith(`${url}/docs`), page.url());
  await page.goto('./redoc');
  await page.locator('#redoc h1').first().waitFor();
  check('and asks for nothing beside it', strayed.length === 0, strayed.join('\n        '));
  await context.close();

  // Past the proxy, right at the server: the app goes where it lives.
  const direct = await open(browser, inside);
  await direct.page.goto('./help?x=1');
  await direct.page.waitForURL(`${inside}${pathname}/help?x=1`);
  await direct.page.getByRole('heading', { level: 1 }).first().waitFor();
  check('no console error', direct.faults.length === 0, direct.faults.join('\n        '));
  await direct.context.close();
}
