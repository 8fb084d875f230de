// Running the place: the audit with its file and chain, the settings, jobs that are stopped; and the command menu.
import { readFileSync } from 'node:fs';
import { check, soon } from './check.mjs';
import { axe, open, shoot } from './browser.mjs';
import { asAdmin, send, smallModel } from './api.mjs';
import { table } from './flows.mjs';
import { signedIn } from './people.mjs';

async function clean(page, name) {
  const found = await axe(page);
  check(`axe: ${name}`, found.length === 0, found.join('\n        '));
}

/** Filtered, taken away as a file of exactly the filtered rows, and verified. */
export async function audit(browser, url) {
  const api = await asAdmin(url);
  await api('POST', '/admin/users', { user_name: 'eve=1+1', display_name: '=HYPERLINK("http://x")' });
  await send(url, 'POST', '/auth/login', { login: 'nobody', password: 'wrong password' });
  await send(url, 'GET', '/admin/users', undefined, { Authorization: 'Bearer nonsense' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/admin/audit');
  const log = page.getByRole('table', { name: 'Audit' });
  await log.waitFor();
  const all = await log.locator('tbody tr').count();
  await page.getByLabel('What').selectOption('user.create');
  await page.waitForURL('**action=user.create**');
  await page.waitForFunction((before) => document.querySelectorAll('tbody tr').length < before, all);
  const rows = await log.locator('tbody tr').count();
  check('a filter narrows the log', rows >= 1 && rows < all, `${rows} of ${all}`);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download these as CSV' }).click();
  const text = readFileSync(await (await saving).path(), 'utf8');
  const lines = text.trim().split(/\r?\n/);
  check('the file holds exactly the filtered rows', lines.length - 1 === rows && lines.slice(1).every((line) => line.includes('user.create')), `${lines.length - 1} of ${rows}`);
  await page.getByRole('button', { name: /^Made an account/ }).first().click();
  await page.getByRole('dialog').getByText('Place in the chain').waitFor();
  await clean(page, 'an entry of the audit');
  await shoot(page, 'audit-entry', { full: false });
  await page.getByRole('dialog').getByRole('button', { name: 'all by this account' }).click();
  await page.waitForURL('**actor=**');
  await page.getByText(/^only by /).waitFor();
  check('one leads to all by the same', (await log.locator('tbody tr').count()) >= 1);
  await page.goto('/admin/audit?outcome=refused');
  await log.waitFor();
  await soon('refusals are there', async () => (await log.getByText('refused').count()) >= 1);
  await page.getByLabel('Find words').fill('no such words anywhere');
  await page.getByText('Nothing here fits these filters.').waitFor();
  await clean(page, 'an audit without matches');
  await page.getByRole('button', { name: 'Show all' }).click();
  await log.waitFor();
  await page.getByRole('button', { name: 'Verify the chain' }).click();
  await page.getByText(/^Sound: all \d/).waitFor();
  check('the chain is verified', true);
  await page.goto('/admin/audit?from=2001-01-01&until=2001-01-31');
  await page.getByText('Nothing here fits these filters.').waitFor();
  check('days narrow the log', true);
  check('no console error in the audit', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A price is changed and stands on the button; what is out of bounds is refused beside its field; leaving asks. */
export async function settings(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'priced');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto('/admin/settings');
  const price = page.getByLabel('A prediction', { exact: true });
  await price.fill('99999999');
  await page.getByRole('button', { name: 'Save the changes' }).click();
  await page.locator('.mantine-InputWrapper-error').first().waitFor();
  check('what is out of bounds is refused beside its field', (await page.locator('.mantine-InputWrapper-error').first().innerText()).length > 10);
  await clean(page, 'a refused setting');
  await price.fill('3');
  await page.getByText('1 change not saved yet.').waitFor();
  await page.getByRole('link', { name: 'Audit' }).click();
  await page.getByRole('dialog', { name: 'Leave without saving?' }).waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  check('leaving with changes asks first', (await price.inputValue()) === '3');
  await page.getByRole('button', { name: 'Save the changes' }).click();
  await page.getByText('Saved.').waitFor();
  await page.goto(`/models/${model.id}?tab=try`);
  await page.getByRole('button', { name: 'Predict · 3 tokens' }).waitFor();
  check('the new price stands on the button', true);
  await page.goto('/admin/settings');
  await page.getByText('SQLite', { exact: true }).waitFor();
  await page.getByLabel('Whom to ask', { exact: true }).fill('ana@example.com');
  await page.getByRole('button', { name: 'Save the changes' }).click();
  await page.getByText('Saved.').waitFor();
  const outside = await open(browser, url);
  await outside.page.goto('/login');
  await outside.page.getByRole('link', { name: 'ana@example.com' }).waitFor();
  check('whoever stands outside reads whom to ask', (await outside.page.getByRole('link', { name: 'ana@example.com' }).getAttribute('href')) === 'mailto:ana@example.com');
  await clean(outside.page, 'whom to ask');
  await outside.context.close();
  await api('PATCH', '/admin/settings', { price_predict: 5, contact: '' });
  check('no console error in the settings', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A job is stopped from the list; its token comes back. */
export async function jobs(browser, url) {
  const api = await asAdmin(url);
  const data = await api('POST', '/datasets?name=long', table(20_000), { Prefer: 'wait=30' });
  const before = (await api('GET', '/me')).tokens;
  await api('POST', '/models', { dataset_id: data.id, target: 'price', effort: 'thorough', name: 'long' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/jobs');
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await page.getByRole('dialog').getByText('thrown away').waitFor();
  await clean(page, 'stopping a job');
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the job' }).click();
  await page.getByRole('table', { name: 'Jobs' }).getByText('stopped').first().waitFor({ timeout: 60_000 });
  check('a job is stopped from the list', true);
  await soon('its token comes back', async () => (await api('GET', '/me')).tokens === before);
  await page.goto('/jobs?status=cancelled');
  await page.getByRole('table', { name: 'Jobs' }).waitFor();
  const states = await page.locator('tbody .chip').allInnerTexts();
  check('the list is narrowed by status', states.length > 0 && states.every((state) => state === 'stopped'), states.join(' '));
  check('no console error with jobs', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Ctrl K and a few letters lead anywhere; single keys too, unless they are switched off or somebody types. */
export async function menu(browser, url) {
  const api = await asAdmin(url);
  await smallModel(api, 'otters');
  const { context, page, faults } = await signedIn(browser, url);
  await page.keyboard.press('Control+k');
  const field = page.locator('[role=combobox]');
  await field.waitFor();
  await soon('the menu takes the focus', () => field.evaluate((element) => element === document.activeElement));
  await clean(page, 'the command menu');
  await shoot(page, 'menu', { full: false });
  // The page is on its way when the menu is opened again.
  await page.route('**/*.js', async (route) => {
    await new Promise((resolve) => setTimeout(resolve, 700));
    await route.continue();
  });
  await page.keyboard.type('audit');
  await page.keyboard.press('Enter');
  await page.waitForURL('**/admin/audit');
  check('it leads to a page', true);
  // The address changes a moment before the menu is gone; the keys would close it then.
  await field.waitFor({ state: 'detached' });
  await page.keyboard.press('Control+k');
  await page.waitForFunction(() => document.activeElement?.getAttribute('role') === 'combobox');
  await page.locator('main h1').getByText('Audit').waitFor({ state: 'attached' });
  await page.unroute('**/*.js');
  check('a page that arrives takes no focus out of the menu', await field.evaluate((element) => element === document.activeElement));
  await page.keyboard.type('otter');
  await page.getByRole('option', { name: /otters v1/ }).waitFor();
  await page.getByRole('option', { name: /otters v1/ }).click();
  await page.waitForURL('**/models/**');
  // As above: keys into the field of a menu that is closing lead nowhere.
  await field.waitFor({ state: 'detached' });
  check('and to a model by its name', true);
  await page.keyboard.press('g');
  await page.keyboard.press('d');
  await page.waitForURL('**/data');
  check('g d leads to the data', true);
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await clean(page, 'the shortcuts');
  await page.getByRole('switch', { name: 'Single-key shortcuts' }).uncheck();
  await page.waitForFunction(() => localStorage.getItem('trainyard-keys') === 'off');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('g');
  await page.keyboard.press('m');
  await page.waitForTimeout(300);
  check('switched off, single keys do nothing', new URL(page.url()).pathname === '/data');
  check('no console error with the menu', faults.length === 0, faults.join('\n        '));
  await context.close();
}
