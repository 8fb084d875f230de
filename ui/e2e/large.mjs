// What is large: a thousand models in the list, a table of a million rows; and several models compared or deleted at once.
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { check, soon } from './check.mjs';
import { axe, overflow, shoot } from './browser.mjs';
import { asAdmin, smallModel } from './api.mjs';
import { enter, signedIn } from './people.mjs';

const LONG = 300_000;
const MODELS = 1000;
const ROWS = 1_000_000;

async function clean(page, name) {
  const found = await axe(page);
  check(`axe: ${name}`, found.length === 0, found.join('\n        '));
}

/** Three models of the same data: chosen in the list, side by side, and deleted once their number is typed. */
export async function sideBySide(browser, url) {
  const api = await asAdmin(url);
  const { data } = await smallModel(api, 'tree');
  for (const algorithm of ['logistic_regression', 'dummy']) await api('POST', '/models', { dataset_id: data.id, target: 'kind', algorithm, name: algorithm }, { Prefer: 'wait=60' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/models');
  for (const name of ['tree', 'logistic_regression', 'dummy']) await page.getByRole('checkbox', { name: `Choose ${name} v1` }).check();
  await page.getByRole('button', { name: 'Compare' }).click();
  await page.waitForURL('**/models/compare?ids=**');
  await page.getByRole('heading', { name: 'Measures' }).waitFor();
  await soon('the best of each measure is marked', async () => (await page.getByText('best', { exact: true }).count()) > 0);
  check('it says who is ahead', /ahead|better|level/.test(await page.locator('.notice').first().innerText()));
  check('only settings that differ are listed', (await page.getByRole('rowheader', { name: 'Seed' }).count()) === 0);
  await clean(page, 'models side by side');
  await shoot(page, 'compare');
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await overflow(page);
  check('320 px: models side by side do not scroll sideways', wide === null, wide ?? '');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.goto('/models');
  for (const name of ['tree', 'dummy']) await page.getByRole('checkbox', { name: `Choose ${name} v1` }).check();
  await page.getByRole('button', { name: 'Delete' }).click();
  const go = page.getByRole('dialog').getByRole('button', { name: 'Delete' });
  check('many are not deleted by one press', await go.isDisabled());
  await page.getByLabel('To go on, enter their number: 2').fill('2');
  await clean(page, 'deleting many');
  await go.click();
  await page.getByText('2 models were deleted.').waitFor();
  await soon('those that were chosen are gone, the others stay', async () => (await page.getByRole('checkbox', { name: 'Choose tree v1' }).count()) === 0 && (await page.getByRole('checkbox', { name: 'Choose logistic_regression v1' }).count()) === 1);
  check('no console error side by side', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Rows that are pasted are answered in a table, which can be taken away under a name of one's own. */
export async function manyRows(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'asked often');
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}?tab=try&rows=many`);
  const rows = page.getByLabel('Rows', { exact: true });
  await rows.fill('weight\n1');
  await page.getByText('None of these columns is one the model knows').waitFor();
  check('rows that fit nothing cannot be sent', await page.getByRole('button', { name: /^Predict/ }).isDisabled());
  await clean(page, 'refused rows');
  await rows.fill('size\tcolour\tremark\n5\tred\t=1+1\n99\tblue\t<b>x</b>\n\tpink\t');
  await page.getByText('3 rows, 3 columns.').waitFor();
  await page.getByText('Not sent, because the model does not know it: remark.').waitFor();
  await page.getByRole('button', { name: /^Predict/ }).click();
  await page.getByRole('heading', { name: '3 answers' }).waitFor();
  const answers = await page.locator('tbody th').allInnerTexts();
  check('each row has its answer', answers[0] === 'small' && answers[1] === 'large', answers.join(' '));
  await clean(page, 'many answers');
  await shoot(page, 'many-rows');
  await page.getByLabel('Name of the file').fill('my/answers');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download as CSV' }).click();
  const file = await saving;
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\n');
  check('they are taken away under the chosen name', file.suggestedFilename() === 'my_answers.csv', file.suggestedFilename());
  check('with the rows as they were given, and no formula among them', lines.length === 4 && lines[1].startsWith('small,') && lines[1].endsWith(",5,red,'=1+1"), lines[1]);
  check('no console error with many rows', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A thousand models: listed to the last, found by name, narrowed. */
export async function manyModels(browser, url) {
  const api = await asAdmin(url);
  const { data } = await smallModel(api, 'first of many');
  for (let index = 0; index < MODELS; index += 1) {
    await api('POST', '/models', { dataset_id: data.id, target: 'kind', algorithm: 'dummy', name: `model ${String(index).padStart(4, '0')}` });
  }
  const until = Date.now() + LONG;
  while (Date.now() < until) {
    const [queued, running] = [await api('GET', '/jobs?status=queued&limit=1'), await api('GET', '/jobs?status=running&limit=1')];
    if (queued.items.length + running.items.length === 0) break;
    await new Promise((resolve) => setTimeout(resolve, 250));
  }
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/models');
  const rows = page.locator('tbody tr');
  await rows.first().waitFor();
  for (let pages = 1; await page.getByRole('button', { name: 'Show more' }).isVisible(); pages += 1) {
    await page.getByRole('button', { name: 'Show more' }).click();
    await page.waitForFunction((most) => document.querySelectorAll('tbody tr').length > most, pages * 100);
    await page.waitForFunction(() => !document.querySelector('button[data-loading]'));
  }
  const count = await rows.count();
  check('a thousand models are listed to the last', count > MODELS, String(count));
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await overflow(page);
  check('320 px: a thousand models do not scroll sideways', wide === null, wide ?? '');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByLabel('Find by name').fill('model 0417');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  await soon('one is found among them', () => page.getByRole('link', { name: 'model 0417' }).isVisible());
  await page.getByRole('link', { name: 'model 0417' }).click();
  await page.getByRole('tab', { name: 'How good is it?' }).waitFor();
  await page.goBack();
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  check('back leads to the search as it was', (await page.getByLabel('Find by name').inputValue()) === 'model 0417');
  check('no console error with a thousand models', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A million rows: sent with progress, looked at, leafed through to the last. */
export async function millionRows(browser, url) {
  await asAdmin(url);
  const lines = ['size,colour,price'];
  for (let index = 0; index < ROWS; index += 1) lines.push(`${(index * 37) % 1009},${['red', 'green', 'blue'][index % 3]},${((index * 37) % 1009) * 2 + (index % 7)}`);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/data/new');
  // By its path: as bytes it would go through the debugger's own line.
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-e2e-'));
  writeFileSync(join(folder, 'million.csv'), lines.join('\n'));
  await page.getByTestId('file').setInputFiles(join(folder, 'million.csv'));
  await page.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
  await soon('a million rows are counted', async () => (await page.getByText('1,000,000 rows').count()) > 0);
  await clean(page, 'a million rows');
  await page.getByRole('tab', { name: 'Rows' }).click();
  await page.getByText('Rows 1 to 50 of 1,000,000').waitFor();
  await page.getByLabel('Go to row').fill('1000000');
  await page.getByLabel('Go to row').press('Enter');
  await page.getByText('to 1,000,000 of 1,000,000').waitFor();
  await soon('the last of them can be seen', () => page.getByRole('cell', { name: '1000000', exact: true }).isVisible());
  await shoot(page, 'million-rows');
  rmSync(folder, { recursive: true });
  check('no console error with a million rows', faults.length === 0, faults.join('\n        '));
  await context.close();
}
