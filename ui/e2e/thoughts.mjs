// Second thoughts and one's own ways: deletions taken back, numbers and times as one writes them, and what administrators end
// of others.
import { asAdmin, caller, send, smallModel } from './api.mjs';
import { check, soon, until } from './check.mjs';
import { table } from './flows.mjs';
import { signedIn } from './people.mjs';
import { looksClean } from './pictures.mjs';

async function deleteModel(page, id) {
  await page.goto(`/models/${id}?tab=settings`);
  await page.getByRole('button', { name: 'Delete the model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/models');
  await page.getByText('will be deleted in a few seconds.').waitFor();
}

/** Ten seconds to take a deletion back; who leaves has decided. */
export async function undoing(browser, url) {
  const api = await asAdmin(url);
  const { model: kept } = await smallModel(api, 'kept <i>after all</i>');
  const { model: left, data } = await smallModel(api, 'left behind');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['404'] });
  const exists = async (path) => (await context.request.get(`${url}/api/v1${path}`)).status();
  await deleteModel(page, kept.id);
  const link = page.getByRole('link', { name: 'kept <i>after all</i>', exact: true });
  check('what is being deleted is still there on the server', (await exists(`/models/${kept.id}`)) === 200);
  await page.getByRole('link', { name: 'left behind', exact: true }).first().waitFor();
  check('and gone from the list', (await link.count()) === 0);
  await looksClean(page, 'a deletion to undo');
  await page.setViewportSize({ width: 1280, height: 900 });
  await context.close();

  const again = await signedIn(browser, url, { expected: ['404'] });
  const { model: third } = await smallModel(api, 'taken back');
  await deleteModel(again.page, third.id);
  await again.page.getByRole('button', { name: 'Undo' }).click();
  await again.page.getByText('“taken back v1” stays.').waitFor();
  await soon('what is taken back stands in the list again', () => again.page.getByRole('link', { name: 'taken back', exact: true }).first().isVisible());
  await again.page.waitForTimeout(11_000);
  check('and stays on the server', (await again.context.request.get(`${url}/api/v1/models/${third.id}`)).status() === 200);
  await deleteModel(again.page, left.id);
  await again.page.goto('/help');
  await soon('who leaves has decided', async () => (await again.context.request.get(`${url}/api/v1/models/${left.id}`)).status() === 404);
  await again.page.goto(`/data/${data.id}`);
  await again.page.getByRole('button', { name: 'Delete', exact: true }).click();
  await again.page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await again.page.getByText('“left behind” was deleted.').waitFor();
  check('after ten seconds a table is gone', (await again.context.request.get(`${url}/api/v1/datasets/${data.id}`)).status() === 404);
  check('no console error with second thoughts', faults.length + again.faults.length === 0, [...faults, ...again.faults].join('\n        '));
  await again.context.close();
}

/** Numbers and times as one writes them, on every page and in fields; kept for the next visit. */
export async function formats(browser, url) {
  const api = await asAdmin(url);
  await api('POST', '/datasets?name=long&file_name=long.csv', table(1234), { Prefer: 'wait=30' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/account');
  await page.getByRole('heading', { name: 'Language and formats' }).waitFor();
  await page.getByRole('heading', { name: 'What you store' }).waitFor();
  const purse = page.locator('.purse');
  const before = await purse.innerText();
  await page.getByRole('radio', { name: '1.234,5' }).check();
  await soon('the balance in the bar is written anew at once', async () => /\d\.\d{3}/.test(await purse.innerText()) && /\d,\d{3}/.test(before), async () => `${before} ${await purse.innerText()}`);
  await page.getByRole('radio', { name: '2026-03-25 14:07' }).check();
  await looksClean(page, 'formats');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/data');
  await page.getByText('1.234', { exact: true }).first().waitFor();
  check('times are written as chosen', /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}$/.test((await page.locator('tbody td[title]').first().getAttribute('title')) ?? ''));
  await page.goto('/admin/settings');
  const tokens = page.getByLabel('A prediction', { exact: true });
  await tokens.fill('1234');
  await tokens.blur();
  await soon('fields show the same signs', async () => (await tokens.inputValue()) === '1.234', () => tokens.inputValue());
  check('no console error with formats', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** An administrator deletes somebody's model and stops somebody's job; both stand in the audit. */
export async function endingOthers(browser, url) {
  const api = await asAdmin(url);
  const made = await api('POST', '/admin/users', { user_name: 'owner', display_name: 'Olga <u>Owner</u>', tokens: 50 });
  const session = await send(url, 'POST', '/auth/login', { login: 'owner', password: made.password });
  const theirs = caller(url, session.body.access_token);
  const { model, data } = await smallModel(theirs, 'somebody’s model');
  const long = await theirs('POST', '/datasets?name=long&file_name=long.csv', table(20_000), { Prefer: 'wait=30' });
  await theirs('POST', '/models', { dataset_id: long.id, target: 'price', effort: 'thorough', name: 'somebody’s long' });
  // What others queued here may come first; an empty list is not asked for again.
  await until(async () => (await theirs('GET', '/jobs?status=running')).items.length > 0);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/admin/jobs?owner_id=${made.user.id}&status=running`);
  await page.getByRole('button', { name: /^Stop/ }).first().click();
  await page.getByRole('dialog').getByText('It belongs to Olga <u>Owner</u>').waitFor();
  await looksClean(page, 'stopping somebody’s job');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('dialog').getByRole('button', { name: 'Stop the job' }).click();
  await page.getByText('“Training” was stopped.').waitFor();
  await page.goto(`/admin/models?owner_id=${made.user.id}`);
  await page.getByRole('button', { name: 'Delete somebody’s model v1' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“somebody’s model v1” was deleted.').waitFor();
  await page.goto(`/admin/data?owner_id=${made.user.id}`);
  await page.getByRole('button', { name: 'Delete somebody’s model' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“somebody’s model” was deleted.').waitFor();
  const batch = await theirs('POST', `/models/${(await smallModel(theirs, 'filed')).model.id}/batch-predictions?file_name=filed.csv`, 'size,colour\n1,red\n');
  await until(async () => (await theirs('GET', `/batch-predictions/${batch.id}`)).status === 'done');
  await page.goto(`/admin/batches?owner_id=${made.user.id}`);
  await page.getByRole('button', { name: 'Delete filed.csv' }).click();
  await page.getByRole('dialog').getByText('It belongs to Olga').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('“filed.csv” was deleted.').waitFor();
  check('a batch of somebody is gone', (await context.request.get(`${url}/api/v1/batch-predictions/${batch.id}`)).status() === 404);
  const events = async (kind, id) => (await api('GET', `/admin/audit-events?subject_kind=${kind}&subject_id=${id}`)).items;
  check('what was ended stands in the audit under the administrator', (await events('model', model.id)).some((event) => event.action === 'model.delete') && (await events('dataset', data.id)).some((event) => event.action === 'dataset.delete'));
  await soon('their token for the stopped job came back', async () => (await theirs('GET', '/me')).tokens === 43, async () => String((await theirs('GET', '/me')).tokens));
  check('no console error ending others', faults.length === 0, faults.join('\n        '));
  await context.close();
}
