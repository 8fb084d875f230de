// What happens off the golden path: a file of one's own, bad files, dialogs, a lost session, no tokens.
import { check, soon, until } from './check.mjs';
import { axe, open, shoot } from './browser.mjs';
import { ACCOUNT } from './golden.mjs';

/** A limit for what never ends, not for what is slow: other programs may share the machine. */
const LONG = 300_000;

export async function signIn(page) {
  await page.goto('/login');
  await page.getByLabel('E-mail or user name').fill(ACCOUNT.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.purse').waitFor();
}

export function table(rows) {
  const lines = ['size;rooms;colour;price'];
  for (let index = 0; index < rows; index += 1) {
    const size = 40 + ((index * 37) % 90);
    const rooms = 1 + (index % 5);
    lines.push(`${size};${rooms};${['red', 'green', 'blue'][index % 3]};${(size * 2.5 + rooms * 11 + (index % 7)).toFixed(1)}`);
  }
  return Buffer.from(lines.join('\n'));
}

/** Brings a table in and waits until it has been looked at. */
export async function uploadTable(page, name, buffer) {
  await page.goto('/data/new');
  await page.getByTestId('file').setInputFiles({ name, mimeType: 'text/csv', buffer });
  await page.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
}

/** A file of one's own: chosen, previewed, sent, trained on as a regression, and deleted again with its model. */
export async function ownFile(browser, url) {
  const { context, page, faults } = await open(browser, url, { expected: ['422'] });
  await signIn(page);
  await page.getByRole('link', { name: 'Data', exact: true }).click();
  await page.getByRole('button', { name: 'Add data' }).first().click();
  await page.getByTestId('file').setInputFiles({ name: 'flats.csv', mimeType: 'text/csv', buffer: table(3000) });
  await page.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  check('the preview names the separator', (await page.getByText('semicolon').count()) > 0);
  const found = await axe(page);
  check('axe: preview', found.length === 0, found.join('\n        '));
  await shoot(page, 'preview');
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
  await page.getByLabel('Column to predict').selectOption('price');
  await page.getByText('Estimates a number').waitFor();
  check('a number is estimated', true);
  await page.getByRole('button', { name: 'size', exact: true }).click();
  await page.getByRole('dialog').waitFor();
  const inDrawer = await axe(page);
  check('axe: column drawer', inDrawer.length === 0, inDrawer.join('\n        '));
  await shoot(page, 'drawer', { full: false });
  await page.keyboard.press('Escape');
  await page.getByRole('button', { name: 'Train a model' }).click();
  // Thorough, so that the live page is there long enough to be looked at.
  await page.getByText('Thorough', { exact: true }).click();
  await page.getByRole('button', { name: /^Train · / }).click();
  await page.waitForURL('**/jobs/**');
  await page.getByRole('table', { name: 'Contenders' }).waitFor();
  await soon('the baseline comes first', async () => (await page.locator('table[aria-label=Contenders] tbody tr').first().innerText()).includes('baseline'));
  const live = await axe(page);
  check('axe: live job', live.length === 0, live.join('\n        '));
  await shoot(page, 'job-live');
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByText('Predicted against real').first().waitFor();
  check('no console error with an own file', faults.length === 0, faults.join('\n        '));
  await context.close();
}

export async function badFiles(browser, url) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  for (const [name, buffer] of [
    ['empty.csv', Buffer.alloc(0)],
    ['junk.csv', Buffer.from(Array.from({ length: 4096 }, (_, index) => (index * 7919) % 256))],
    ['header.csv', Buffer.from('a,b,c\n')],
    ['photo.png', Buffer.concat([Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]), Buffer.alloc(2000, 7)])],
    ['sheet.xlsx', Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), Buffer.alloc(2000, 9)])],
    ['broken.parquet', Buffer.concat([Buffer.from('PAR1'), Buffer.alloc(500, 1)])],
  ]) {
    await page.goto('/data/new');
    await page.getByTestId('file').setInputFiles({ name, mimeType: 'text/csv', buffer });
    await page.getByRole('alert').waitFor();
    check(`${name} is refused in words`, (await page.getByRole('alert').first().innerText()).length > 15);
    check(`${name} cannot be sent`, await page.getByRole('button', { name: 'Looks right, upload' }).isDisabled());
  }
  const found = await axe(page);
  check('axe: refused file', found.length === 0, found.join('\n        '));
  await shoot(page, 'refused');
  await context.close();
}

/** The session ends while a form is filled in: sign in over it, and what was typed is still there. */
export async function lostSession(browser, url) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  await page.getByRole('link', { name: 'Account' }).first().click();
  await page.getByLabel('Your name').fill('Ana Lovelace');
  await context.clearCookies();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  const found = await axe(page);
  check('axe: sign in again', found.length === 0, found.join('\n        '));
  await shoot(page, 'sign-in-again', { full: false });
  await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill(ACCOUNT.password);
  await page.getByRole('dialog').getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await soon('what was typed is kept', async () => (await page.getByLabel('Your name').inputValue()) === 'Ana Lovelace');
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await page.reload();
  await page.getByLabel('Your name').waitFor();
  check('the change was saved', (await page.getByLabel('Your name').inputValue()) === 'Ana Lovelace');
  await context.close();
}

/** An address opened without a session leads to the gate and back to where it was going. */
export async function returnAfterSignIn(browser, url) {
  const { context, page, faults } = await open(browser, url);
  await page.goto('/models?q=ti');
  await page.waitForURL('**/login?next=**');
  await page.getByLabel('E-mail or user name').fill(ACCOUNT.email);
  await page.getByRole('textbox', { name: 'Password' }).fill(ACCOUNT.password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.waitForURL('**/models?q=ti');
  check('sign-in leads back to where one was going', true);
  check('no console error at sign-in', faults.length === 0, faults.join('\n        '));
  await context.close();
}

export async function wrongPassword(browser, url) {
  const { context, page } = await open(browser, url);
  await page.goto('/login');
  await page.getByLabel('E-mail or user name').fill(ACCOUNT.email);
  await page.getByRole('textbox', { name: 'Password' }).fill('not the password');
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.getByRole('alert').waitFor();
  check('a wrong password says so', (await page.getByRole('alert').innerText()).length > 20);
  const found = await axe(page);
  check('axe: wrong password', found.length === 0, found.join('\n        '));
  await context.close();
}

/** A network's layers, several numbers in one field: refused in words where they make no sense, else sent as numbers and shown as such. */
export async function severalNumbers(browser, url) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  await uploadTable(page, 'layers.csv', table(300));
  await page.goto(`${new URL(page.url()).pathname}/train?target=price&algorithm=neural_net`);
  const layers = page.getByRole('textbox', { name: 'hidden layer sizes' });
  await layers.waitFor();
  check('the default stands in the field', (await layers.getAttribute('placeholder')) === '64, 64', await layers.getAttribute('placeholder'));
  await layers.fill('16, many');
  await page.getByRole('button', { name: /^Train · / }).click();
  await page.getByText(/16, many.*is not allowed; it must be 1 to 8 whole numbers/).first().waitFor();
  const sentences = await page.getByRole('alert').getByText('16, many').count();
  check('what is wrong is said once below the form', sentences === 1, String(sentences));
  check('the field is marked as wrong', (await layers.getAttribute('aria-invalid')) === 'true');
  const found = await axe(page);
  check('axe: a refused parameter', found.length === 0, found.join('\n        '));
  await shoot(page, 'layers-refused');
  await layers.fill('16, 8');
  const asked = page.waitForRequest((request) => request.method() === 'POST' && request.url().endsWith('/models'));
  await page.getByRole('button', { name: /^Train · / }).click();
  const sent = (await asked).postDataJSON().params;
  check('numbers are sent', JSON.stringify(sent) === '{"hidden_layer_sizes":[16,8]}', JSON.stringify(sent));
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByText('hidden_layer_sizes', { exact: true }).waitFor();
  check('the recipe lists them', await page.getByText('16, 8', { exact: true }).isVisible());
  await shoot(page, 'layers-settings');
  await page.getByRole('button', { name: 'Train again with these settings' }).click();
  await layers.waitFor();
  await soon('and takes them over', async () => (await layers.inputValue()) === '16, 8', () => layers.inputValue());
  await context.close();
}

/** Spends what is left; the button then says why it is off. Renames and deletes the model at the end. */
export async function outOfTokens(browser, url, model) {
  const { context, page } = await open(browser, url);
  await signIn(page);
  await page.goto(`/models/${model}?tab=try`);
  const predict = page.getByRole('button', { name: 'Predict · 5 tokens' });
  await predict.waitFor();
  const poor = page.getByText(/A prediction costs 5 tokens and you have/);
  // Until the balance is known the button says nothing yet.
  const affordable = async () => {
    await until(async () => (await poor.isVisible()) || (await predict.isEnabled()));
    return !(await poor.isVisible());
  };
  for (let count = 0; count < 4 && (await affordable()); count += 1) {
    const purse = await page.locator('.purse').innerText();
    await predict.click();
    await page.waitForFunction((before) => document.querySelector('.purse')?.innerText !== before, purse);
    await page.waitForFunction(() => document.querySelector('.try-go button:not([data-loading])') !== null);
  }
  await soon('without tokens the button is off', () => predict.isDisabled());
  await soon('and says why', () => poor.isVisible());
  const found = await axe(page);
  check('axe: out of tokens', found.length === 0, found.join('\n        '));
  await shoot(page, 'out-of-tokens');

  await page.getByRole('tab', { name: 'Settings' }).click();
  await page.getByRole('button', { name: 'Rename the model' }).click();
  await page.getByLabel('New name').fill('passengers');
  const inDialog = await axe(page);
  check('axe: rename dialog', inDialog.length === 0, inDialog.join('\n        '));
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByRole('heading', { level: 1, name: 'passengers' }).waitFor();
  check('a model can be renamed', true);
  await page.getByRole('button', { name: 'Delete the model' }).click();
  await page.getByRole('dialog').getByText('deleted for good').waitFor();
  await shoot(page, 'delete-dialog', { full: false });
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/models');
  check('a model can be deleted', (await page.getByRole('link', { name: 'passengers' }).count()) === 0);
  await context.close();
}
