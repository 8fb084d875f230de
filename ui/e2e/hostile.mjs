// What a hostile or unlucky person does: names that are markup, endless, right to left; a very wide table; empty
// answers; a server that dies in the middle; two tabs; the back button.
import { Buffer } from 'node:buffer';
import { check, soon } from './check.mjs';
import { axe, open, overflow, settled, shoot } from './browser.mjs';
import { signIn, table, uploadTable } from './flows.mjs';
import { ACCOUNT } from './golden.mjs';

/** A limit for what never ends, not for what is slow: other programs may share the machine. */
const LONG = 300_000;
const ENDLESS = `${'x'.repeat(120)} ${'long '.repeat(16)}`.slice(0, 200).trim();
const NAMES = [ENDLESS, '<img src=x onerror=alert(1)>', '<script>alert(2)</script>', 'גודל הדירה במטר', '🍎🚀👩‍👩‍👧', 'a/b?c=d&e#f', '__proto__', 'constructor'];

function hostileTable(rows) {
  const quoted = (text) => `"${text.replaceAll('"', '""')}"`;
  const lines = [[...NAMES, '<b>target</b>'].map(quoted).join(',')];
  const words = ['<i>red</i>', 'ירוק', '🔵', `${'y'.repeat(150)}`];
  for (let index = 0; index < rows; index += 1) {
    const size = (index * 37) % 101;
    lines.push([size, (index * 7) % 13, words[index % 4], index % 5, words[(index * 3) % 4], (index * 11) % 17, (index * 5) % 23, index % 7, size > 50 ? '<u>yes</u>' : 'לא'].map((cell) => quoted(String(cell))).join(','));
  }
  return Buffer.from(lines.join('\n'));
}

function wideTable(columns, rows) {
  const lines = [Array.from({ length: columns }, (_, index) => `column_${index + 1}`).join(',')];
  for (let row = 0; row < rows; row += 1) lines.push(Array.from({ length: columns }, (_, index) => (row * (index + 3) * 7) % (11 + index)).join(','));
  return Buffer.from(lines.join('\n'));
}

async function train(page, effort) {
  await page.getByRole('button', { name: 'Train a model' }).click();
  await page.getByText(effort, { exact: true }).click();
  await page.getByRole('button', { name: /^Train · / }).click();
  await page.waitForURL('**/jobs/**');
}

async function looks(page, name) {
  await settled(page);
  // What is under the sticky bar would count as covered.
  await page.evaluate(() => window.scrollTo(0, 0));
  const found = await axe(page);
  check(`axe: ${name}`, found.length === 0, found.join('\n        '));
  await fits(page, name);
}

/** At the narrowest nothing scrolls sideways. */
async function fits(page, name) {
  await settled(page);
  await shoot(page, `hostile-${name}`);
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await overflow(page);
  check(`320 px: ${name} does not scroll sideways`, wide === null, wide ?? '');
  await shoot(page, `hostile-${name}-320`);
  await page.setViewportSize({ width: 1280, height: 900 });
}

/** Every page of a table whose names and values are markup, endless, right to left, or words of JavaScript. */
export async function names(browser, url) {
  const { context, page, faults } = await open(browser, url);
  const dialogs = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await signIn(page);
  await uploadTable(page, '<svg onload=alert(3)>.csv', hostileTable(400));
  const data = new URL(page.url()).pathname;
  await looks(page, 'names-profile');
  for (const tab of ['distributions', 'relations', 'rows']) {
    await page.goto(`${data}?tab=${tab}`);
    await looks(page, `names-${tab}`);
  }
  await page.goto(data);
  await page.getByLabel('Column to predict').selectOption('<b>target</b>');
  await train(page, 'Quick');
  await page.waitForURL('**/models/**', { timeout: LONG });
  const model = new URL(page.url()).pathname;
  await looks(page, 'names-good');
  await page.goto(`${model}?tab=try`);
  const predict = page.getByRole('button', { name: /^Predict · / });
  await predict.waitFor();
  await looks(page, 'names-try');
  // Every field emptied: the model fills in what it learned, and says so.
  for (const field of await page.locator('.try form .mantine-Input-input').all()) {
    await field.fill('');
    await field.blur();
  }
  await predict.click();
  await page.locator('p.answer').waitFor();
  check('an empty row is answered', (await page.locator('p.answer').innerText()).length > 0);
  await soon('and says which columns were empty', async () => (await page.locator('.answer-side').getByText(/missing|empty|not given/i).count()) > 0);
  await looks(page, 'names-answer');
  for (const tab of ['contenders', 'code', 'settings']) {
    await page.goto(`${model}?tab=${tab}`);
    await looks(page, `names-${tab}`);
  }
  for (const path of ['/', '/data', '/models', '/jobs']) {
    await page.goto(path);
    await looks(page, `names${path.replaceAll('/', '-')}list`);
  }
  check('no name became markup', dialogs.length === 0 && (await page.locator('img[src=x]').count()) === 0, dialogs.join(' '));
  check('no console error with hostile names', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Two hundred columns: found, drawn, trained on, and asked about. */
export async function wide(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await signIn(page);
  await uploadTable(page, 'wide.csv', wideTable(200, 300));
  await fits(page, 'wide-profile');
  await page.getByLabel('Find a column').fill('column_199');
  await page.getByRole('button', { name: 'column_199', exact: true }).waitFor();
  await soon('a column is found among two hundred', async () => (await page.locator('tbody tr').count()) === 1, async () => String(await page.locator('tbody tr').count()));
  const data = new URL(page.url()).pathname;
  for (const tab of ['distributions', 'relations', 'rows']) {
    await page.goto(`${data}?tab=${tab}`);
    await fits(page, `wide-${tab}`);
  }
  await page.goto(data);
  await page.getByLabel('Column to predict').selectOption('column_1');
  await train(page, 'Quick');
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('button', { name: /^Predict · / }).waitFor();
  await fits(page, 'wide-try');
  check('no console error with a wide table', faults.length === 0, faults.join('\n        '));
  await context.close();
}

const contenders = (page) => page.getByRole('table', { name: 'Contenders' });

/** The server goes away in the middle of a training and comes back: the page says so, and then goes on by itself. */
export async function serverAway(browser, server) {
  const { url } = server;
  const made = await fetch(`${url}/api/v1/setup`, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ email: ACCOUNT.email, password: ACCOUNT.password }) });
  check('a first account by the API', made.ok, String(made.status));
  const { context, page } = await open(browser, url);
  await signIn(page);
  await uploadTable(page, 'away.csv', table(3000));
  await page.getByLabel('Column to predict').selectOption('price');
  await train(page, 'Thorough');
  await contenders(page).waitFor();
  await server.pause();
  await page.getByText('The server does not answer just now').waitFor();
  await page.locator('.away').waitFor();
  check('the frame says that the server is away', (await page.locator('.away').innerText()).includes('goes on by itself'));
  check('what was known stays on the page', await contenders(page).isVisible());
  const found = await axe(page);
  check('axe: server away', found.length === 0, found.join('\n        '));
  await shoot(page, 'server-away');
  await server.resume();
  await page.waitForURL('**/models/**', { timeout: LONG });
  check('the page goes on by itself when the server is back', true);

  await page.getByRole('tab', { name: 'Try it' }).click();
  const predict = page.getByRole('button', { name: /^Predict · / });
  await predict.waitFor();
  await page.getByLabel('size', { exact: true }).fill('77');
  await server.pause();
  await predict.click();
  await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  check('what was typed is kept while the server is away', (await page.getByLabel('size', { exact: true }).inputValue()) === '77');
  await shoot(page, 'predict-away');
  // To a page whose answers are not here yet: the frame stays, the refusal is said in words.
  await page.getByRole('link', { name: 'Jobs' }).click();
  await page.getByText('The server cannot be reached').first().waitFor();
  await shoot(page, 'jobs-away');
  await server.resume();
  await page.getByRole('table', { name: 'Jobs' }).waitFor();
  await soon('a page that found no server asks again by itself', async () => (await page.locator('.away').count()) === 0);
  await page.goBack();
  await page.getByRole('tab', { name: 'Try it' }).waitFor();
  // The network may be gone while the server is not: it may run on this very machine.
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByRole('link', { name: 'away' }).first().waitFor();
  await page.evaluate(() => window.dispatchEvent(new Event('offline')));
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('heading', { level: 1 }).waitFor();
  await soon('without a network the pages of a server on this machine go on', async () => (await page.locator('main .skeleton').count()) === 0);
  await context.close();
}

/** The reply to a paid request is lost: asking again is charged once. */
export async function lostReply(browser, url, model) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  await page.goto(`/models/${model}?tab=try`);
  const predict = page.getByRole('button', { name: /^Predict · / });
  await predict.waitFor();
  const before = Number.parseInt(await page.locator('.purse').innerText(), 10);
  let lost = false;
  await page.route('**/predictions', async (route) => {
    if (lost) return route.continue();
    lost = true;
    await route.fetch();
    return route.abort('connectionreset');
  });
  await predict.click();
  await page.getByRole('alert').getByText('The server cannot be reached').waitFor();
  await predict.click();
  await page.locator('p.answer').waitFor();
  await page.reload();
  await page.locator('.purse').waitFor();
  const after = Number.parseInt(await page.locator('.purse').innerText(), 10);
  check('a lost reply is not paid twice', before - after === 5, `${before} → ${after}`);
  await context.close();
}

/** Two tabs whose short-lived proof has run out renew it at the same moment; then one of them signs out. */
export async function twoTabs(browser, url) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  const tabs = [page];
  for (let count = 0; count < 3; count += 1) {
    const tab = await context.newPage();
    await tab.goto('/account');
    await tab.getByLabel('Your name').waitFor();
    tabs.push(tab);
  }
  const kept = (await context.cookies()).filter((cookie) => cookie.name !== 'trainyard_session');
  const ask = async (tab) => {
    // As a press in that tab, though another is in front: through the app's own link, which asks the server.
    await tab.evaluate(() => document.querySelector('a[href="/jobs"]').click());
    const jobs = tab.getByRole('table', { name: 'Jobs' });
    const refused = tab.locator('[role=dialog], [role=alert]');
    await jobs.or(refused).first().waitFor();
    return (await refused.count()) > 0 ? refused.first().innerText() : 'fine';
  };
  await context.clearCookies();
  await context.addCookies(kept);
  const said = await Promise.all(tabs.map(ask));
  check('tabs that renew together stay signed in', said.every((one) => one === 'fine'), said.join(' | '));
  await tabs[1].goto('/account?tab=security');
  await tabs[1].getByRole('button', { name: 'Sign out' }).click();
  await tabs[1].waitForURL('**/login**');
  await tabs[2].getByRole('link', { name: 'Models' }).click();
  await tabs[2].locator('[role=dialog]').or(tabs[2].getByLabel('E-mail or user name')).first().waitFor();
  check('another tab asks to sign in after a sign-out', true);
  await context.close();
}

/** Back from a running training: the settings are as they were, the training goes on and says when it is done. */
export async function backButton(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await signIn(page);
  await uploadTable(page, 'back.csv', table(1500));
  await page.getByLabel('Column to predict').selectOption('price');
  await page.getByRole('button', { name: 'Train a model' }).click();
  await page.getByText('Thorough', { exact: true }).click();
  await page.getByText('No big misses').click();
  await page.getByRole('button', { name: /^Train · / }).click();
  await page.waitForURL('**/jobs/**');
  await contenders(page).waitFor();
  await page.goBack();
  await page.getByRole('button', { name: /^Train · / }).waitFor();
  await soon('back leads to the settings as they were', async () => (await page.getByRole('radio', { name: /Thorough/ }).isChecked()) && (await page.getByRole('radio', { name: /No big misses/ }).isChecked()));
  const news = page.getByRole('link', { name: 'The training is done. Open the model' });
  await news.waitFor({ timeout: LONG });
  await news.click();
  await page.waitForURL('**/models/**');
  check('a training left behind is announced when done', true);
  check('no console error with the back button', faults.length === 0, faults.join('\n        '));
  await context.close();
}
