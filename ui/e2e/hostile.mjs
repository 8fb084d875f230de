// What a hostile or unlucky person does: names that are markup, endless, right to left; a very wide table; empty
// answers; a server that dies in the middle; two tabs; the back button.
import { Buffer } from 'node:buffer';
import { check } from './check.mjs';
import { axe, open, overflow, shoot } from './browser.mjs';
import { signIn } from './flows.mjs';

const LONG = 90_000;
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

async function uploadTable(page, name, buffer) {
  await page.goto('/data/new');
  await page.getByTestId('file').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
}

async function train(page, effort) {
  await page.getByRole('button', { name: 'Train a model' }).click();
  await page.getByText(effort, { exact: true }).click();
  await page.getByRole('button', { name: /^Train · / }).click();
  await page.waitForURL('**/jobs/**');
}

const settled = (page) => page.waitForFunction(() => document.querySelector('.skeleton') === null && document.querySelector('h1') !== null);

async function looks(page, name) {
  await settled(page);
  const found = await axe(page);
  check(`axe: ${name}`, found.length === 0, found.join('\n        '));
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
  page.setDefaultTimeout(20_000);
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
  for (const field of await page.locator('.try form input:not([type=radio]):not([type=range])').all()) {
    await field.fill('');
    await field.blur();
  }
  await predict.click();
  await page.locator('p.answer').waitFor();
  check('an empty row is answered', (await page.locator('p.answer').innerText()).length > 0);
  check('and says which columns were empty', (await page.locator('.answer-side').getByText(/missing|empty|not given/i).count()) > 0);
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
  page.setDefaultTimeout(20_000);
  await signIn(page);
  await uploadTable(page, 'wide.csv', wideTable(200, 300));
  await looks(page, 'wide-profile');
  await page.getByLabel('Find a column').fill('column_199');
  await page.getByRole('button', { name: 'column_199', exact: true }).waitFor();
  check('a column is found among two hundred', (await page.locator('tbody tr').count()) === 1, String(await page.locator('tbody tr').count()));
  const data = new URL(page.url()).pathname;
  for (const tab of ['distributions', 'relations', 'rows']) {
    await page.goto(`${data}?tab=${tab}`);
    await looks(page, `wide-${tab}`);
  }
  await page.goto(data);
  await page.getByLabel('Column to predict').selectOption('column_1');
  await train(page, 'Quick');
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('button', { name: /^Predict · / }).waitFor();
  await looks(page, 'wide-try');
  check('no console error with a wide table', faults.length === 0, faults.join('\n        '));
  await context.close();
}
