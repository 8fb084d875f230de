// What can be looked up afterwards: everything that was asked, what stands behind a number of the matrix, who took part in a
// race; and workbooks of several sheets.
import { readFileSync } from 'node:fs';
import { asAdmin, smallModel } from './api.mjs';
import { check, soon, until } from './check.mjs';
import { signedIn } from './people.mjs';
import { looksClean, zip } from './pictures.mjs';

const LONG = 120_000;

/** All single calls of all models: named, narrowed to one model, opened, told the truth of, taken away. */
export async function allAsked(browser, url) {
  const api = await asAdmin(url);
  const { context, page, faults } = await signedIn(browser, url);
  await page.keyboard.press('Control+k');
  await page.getByRole('combobox').fill('what you asked');
  await page.getByRole('option', { name: /^What you asked/i, selected: true }).waitFor();
  await page.keyboard.press('Enter');
  await page.waitForURL('**/predictions');
  await page.getByText('You have asked nothing yet.').or(page.getByRole('table', { name: 'What you asked' })).first().waitFor();
  const { model: one } = await smallModel(api, 'asked <i>one</i>');
  const { model: two } = await smallModel(api, 'asked two');
  const { model: gone } = await smallModel(api, 'asked gone');
  const first = await api('POST', `/models/${one.id}/predictions`, { rows: [{ size: 3, colour: 'red' }] });
  // More than five in all: below that a list has nothing to narrow it.
  for (let call = 0; call < 5; call += 1) await api('POST', `/models/${two.id}/predictions`, { rows: [{ size: 99, colour: 'red' }, { size: 1, colour: 'blue' }] });
  await api('POST', `/models/${gone.id}/predictions`, { rows: [{ size: 3, colour: 'red' }] });
  await api('DELETE', `/models/${gone.id}`);
  await page.reload();
  const table = page.getByRole('table', { name: 'What you asked' });
  await table.getByText('asked <i>one</i> v1').waitFor();
  await soon('a model that is gone is called so', async () => (await table.getByText('a model that is gone').count()) === 1);
  await looksClean(page, 'predictions');
  await page.getByLabel('Model', { exact: true }).selectOption({ label: 'asked two v1' });
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label="What you asked"] tbody tr').length === 5);
  await soon('one model’s calls alone, by the address', async () => new URL(page.url()).searchParams.get('model_id') === two.id && (await table.getByText('asked two v1').count()) === 5);
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Download what is shown as CSV' }).click();
  const lines = readFileSync(await (await saving).path(), 'utf8').trim().split('\n');
  check('they leave as a table with the model’s name', lines.length === 6 && lines[0] === 'id,asked,model,through,rows,tokens,answer,truth' && lines[1].includes(',asked two v1,'), lines.slice(0, 2).join(' | '));
  await page.goto(`/predictions?model_id=${one.id}`);
  await table.locator('tbody tr').first().getByRole('button').click();
  const side = page.getByRole('dialog');
  await side.getByLabel('kind, as it really was').fill('small');
  await side.getByRole('button', { name: 'Note it' }).click();
  await side.getByText(/^Noted /).waitFor();
  check('a truth is told from here too', (await api('GET', `/predictions/${first.id}`)).truth[0] === 'small');
  await looksClean(page, 'prediction receipt');
  await page.keyboard.press('Escape');
  await table.getByRole('link', { name: 'asked <i>one</i> v1' }).click();
  await page.getByRole('link', { name: 'Of all models' }).click();
  await page.waitForURL('**/predictions');
  check('no console error among all that was asked', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Behind a number of the matrix stand its rows, as many as it says, and only where the model itself draws the line. */
export async function behindNumbers(browser, url) {
  const api = await asAdmin(url);
  // Some answers have nothing to do with what is known, so that some are wrong.
  const csv = ['size,colour,"<b>kind</b>"', ...Array.from({ length: 400 }, (_, row) => `${(row * 37) % 101},${['red', 'green', 'blue'][row % 3]},${(row * 7919) % 7 < 2 || (row * 37) % 101 > 50 ? 'large' : 'small'}`)].join('\n');
  const data = await api('POST', '/datasets?name=behind', csv, { Prefer: 'wait=30' });
  const model = await api('POST', '/models', { dataset_id: data.id, target: '<b>kind</b>', algorithm: 'logistic_regression', name: 'behind' }, { Prefer: 'wait=60' });
  const { confusion_matrix: matrix } = await api('GET', `/models/${model.id}/confusion-matrix`);
  const at = matrix.classes.flatMap((really, i) => matrix.classes.map((answered, j) => ({ really, answered, count: matrix.counts[i][j] }))).find((cell) => cell.really !== cell.answered && cell.count > 0);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}`);
  const cell = page.getByRole('button', { name: `really “${at.really}”, answered “${at.answered}”` });
  check('the number is the cell’s own', (await cell.innerText()).startsWith(String(at.count)), await cell.innerText());
  await cell.focus();
  await page.keyboard.press('Enter');
  const side = page.getByRole('dialog', { name: `“${at.really}” taken for “${at.answered}”` });
  await side.locator('tbody tr').first().waitFor();
  check('as many rows as the number says', (await side.locator('tbody tr').count()) === Math.min(40, at.count), `${await side.locator('tbody tr').count()} of ${at.count}`);
  check('the column to predict comes first, and is what it really was', (await side.locator('thead th').nth(1).innerText()) === '<b>kind</b>' && (await side.locator('tbody tr').first().locator('td').nth(1).innerText()) === at.really);
  await looksClean(page, 'rows of a cell');
  await page.keyboard.press('Escape');
  await side.waitFor({ state: 'detached' });
  await soon('the focus is back on the number', () => cell.evaluate((button) => button === document.activeElement));
  await page.getByRole('slider').first().press('ArrowRight');
  await soon('with another line there are no rows to show', async () => (await page.locator('.matrix button').count()) === 0);
  check('no console error behind numbers', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Everybody in a race: whole on the page, put in another order, and trained alone with the settings they had. */
export async function race(browser, url) {
  const api = await asAdmin(url);
  const { data } = await smallModel(api, 'for a race');
  const model = await api('POST', '/models', { dataset_id: data.id, target: 'kind', algorithm: 'auto', effort: 'quick', name: 'raced' }, { Prefer: 'wait=120' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}?tab=contenders`);
  const table = page.getByRole('table', { name: 'Contenders' });
  await table.waitFor();
  await soon('no column of the table is cut off', () => table.evaluate((one) => one.scrollWidth <= one.parentElement.clientWidth));
  await page.getByText('Quickest first', { exact: true }).click();
  const times = async () => (await table.locator('tbody tr td:nth-child(5)').allInnerTexts()).map((text) => (text.startsWith('<') ? 0 : text.endsWith('ms') ? Number.parseFloat(text) / 1000 : Number.parseFloat(text))).filter(Number.isFinite);
  const rising = (list) => list.length > 2 && list.every((time, at) => at === 0 || time >= list[at - 1]);
  await soon('the quickest come first', async () => rising(await times()), async () => (await times()).join());
  await looksClean(page, 'a race that is over');
  // Which is the quickest is chance, and some ran with what is usual: the one that is trained is one with settings of its own.
  const { contenders } = await api('GET', `/models/${model.id}/report`);
  const inOrder = [...contenders.filter((one) => one.algorithm === 'dummy'), ...contenders.filter((one) => one.algorithm !== 'dummy')];
  const at = inOrder.findIndex((one) => !one.chosen && !['dummy', 'ensemble'].includes(one.algorithm) && Object.keys(one.params).length > 0);
  check('somebody ran with settings of its own', at >= 0, JSON.stringify(inOrder.map((one) => [one.algorithm, one.params, one.chosen])));
  await page.getByText('As they ran', { exact: true }).click();
  await table.locator('tbody tr').nth(at).getByRole('button', { name: /^Train this one/ }).click();
  await page.getByRole('button', { name: /^Train · / }).waitFor();
  const asked = () => new URL(page.url()).searchParams;
  await soon('its settings are in the form', async () => asked().get('algorithm') === inOrder[at].algorithm && asked().get('params') === JSON.stringify(inOrder[at].params) && asked().get('name') === 'raced', () => `${page.url()} instead of ${JSON.stringify(inOrder[at])}`);
  check('no console error in a race', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A file let go anywhere on the list of data is taken; the columns of a table come in another order. */
export async function dropped(browser, url) {
  await asAdmin(url);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/data');
  await page.getByRole('heading', { level: 1 }).waitFor();
  const letGo = (type) => page.evaluate((kind) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File(['b,a\n1,\n2,x\n3,y\n'], 'dropped.csv', { type: 'text/csv' }));
    document.querySelector('h1').dispatchEvent(new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true }));
  }, type);
  // The page takes files once it knows that this account may bring some.
  await until(async () => {
    await letGo('dragover');
    return page.getByText('Let go to read it').isVisible();
  });
  await page.getByText('Let go to read it').waitFor();
  await looksClean(page, 'a file over the page');
  await letGo('drop');
  await page.getByRole('heading', { name: 'Does this look right?' }).waitFor();
  check('a file dropped on the list is taken in', new URL(page.url()).pathname === '/data/new' && (await page.getByLabel('Name', { exact: true }).inputValue()) === 'dropped');
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
  const names = () => page.getByRole('table', { name: 'Columns' }).locator('tbody th button').allInnerTexts();
  await soon('columns stand as in the table at first', async () => (await names()).join() === 'b,a');
  await page.getByLabel('Order of the columns').selectOption('empty');
  await soon('the most empty come first', async () => (await names()).join() === 'a,b', async () => (await names()).join());
  check('no console error with a dropped file', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Lists narrowed and put in order by the server; the address keeps both. */
export async function lists(browser, url) {
  const api = await asAdmin(url);
  await smallModel(api, 'narrow');
  const long = ['x,y', ...Array.from({ length: 200 }, (_, row) => `${row % 17},${2 * (row % 17) + (row % 3)}`)].join('\n');
  const data = await api('POST', '/datasets?name=longest&file_name=longest.csv', long, { Prefer: 'wait=30' });
  await api('POST', '/models', { dataset_id: data.id, target: 'y', algorithm: 'linear_regression', name: 'straight' }, { Prefer: 'wait=60' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/models?task=regression');
  const names = async () => (await page.locator('tbody tr th .named > a:first-child').allInnerTexts()).join();
  await soon('models of one kind alone', async () => (await names()) === 'straight', names);
  await page.getByLabel('Kind', { exact: true }).selectOption({ label: 'picks a class' });
  await page.getByLabel('Algorithm', { exact: true }).selectOption({ label: 'Decision tree' });
  await page.waitForURL('**algorithm=decision_tree**');
  await soon('and of one algorithm', async () => (await names()).split(',').includes('narrow') && !(await names()).includes('straight'), names);
  await looksClean(page, 'models narrowed');
  await page.goto('/data?sort=rows&status=ready');
  const rows = async () => (await page.locator('tbody td[data-label=Rows]').allInnerTexts()).map((text) => Number(text.replaceAll(',', '')));
  await soon('data with most rows first', async () => (await rows()).length > 1 && (await rows()).every((count, at, all) => at === 0 || count <= all[at - 1]), async () => (await rows()).join());
  await page.getByLabel('Status').selectOption('failed');
  await page.getByText('Nothing here fits these filters.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.waitForURL((address) => address.search === '');
  await page.locator('tbody tr').first().waitFor();
  check('no console error in narrowed lists', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A workbook of two sheets, of which the second is a table of rows. */
function workbook() {
  const cells = (rows) => rows.map((row, at) => `<row r="${at + 1}">${row.map((value, column) => (typeof value === 'number' ? `<c r="${'ABC'[column]}${at + 1}"><v>${value}</v></c>` : `<c r="${'ABC'[column]}${at + 1}" t="inlineStr"><is><t>${value}</t></is></c>`)).join('')}</row>`).join('');
  const sheet = (rows) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>${cells(rows)}</sheetData></worksheet>`);
  const relations = (list) => Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">${list.map(([id, kind, target]) => `<Relationship Id="${id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/${kind}" Target="${target}"/>`).join('')}</Relationships>`);
  const main = 'application/vnd.openxmlformats-officedocument.spreadsheetml';
  return zip([
    ['[Content_Types].xml', Buffer.from(`<?xml version="1.0" encoding="UTF-8"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="${main}.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="${main}.worksheet+xml"/><Override PartName="/xl/worksheets/sheet2.xml" ContentType="${main}.worksheet+xml"/></Types>`)],
    ['_rels/.rels', relations([['r1', 'officeDocument', 'xl/workbook.xml']])],
    ['xl/workbook.xml', Buffer.from('<?xml version="1.0" encoding="UTF-8"?><workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="Notes" sheetId="1" r:id="r1"/><sheet name="Rows" sheetId="2" r:id="r2"/></sheets></workbook>')],
    ['xl/_rels/workbook.xml.rels', relations([['r1', 'worksheet', 'worksheets/sheet1.xml'], ['r2', 'worksheet', 'worksheets/sheet2.xml']])],
    ['xl/worksheets/sheet1.xml', sheet([['remark', 'by'], ['counted twice', 'Ana'], ['looks right', 'Bo']])],
    ['xl/worksheets/sheet2.xml', sheet([['size', 'colour'], [1, 'red'], [99, 'blue'], [2, 'green']])],
  ]);
}

/** The sheet is chosen, its columns are compared with the model's before anything is paid, and the first answers are shown. */
export async function sheets(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'sheets');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto(`/models/${model.id}?tab=try&rows=file`);
  await page.getByTestId('file').setInputFiles({ name: 'answers wanted.xlsx', mimeType: 'application/octet-stream', buffer: workbook() });
  await page.getByText('Not in this file: size and colour.', { exact: false }).waitFor();
  await page.getByText('This is the sheet', { exact: false }).waitFor();
  await looksClean(page, 'a workbook to answer');
  const sheet = page.getByLabel('Sheet', { exact: true });
  check('its sheets are there to choose from', (await sheet.locator('option').allInnerTexts()).join() === 'Notes,Rows' && (await sheet.inputValue()) === 'Notes', (await sheet.locator('option').allInnerTexts()).join());
  await sheet.selectOption('Rows');
  await page.getByText('All 2 columns the model wants are in it.').waitFor();
  await page.getByText(/^3 rows: 5 tokens/).waitFor();
  await page.getByRole('button', { name: 'Answer it · 5 tokens' }).click();
  await page.waitForURL('**/batches/**');
  const first = page.getByRole('region', { name: 'The first answers' });
  await first.waitFor({ timeout: LONG });
  check('the sheet that was named is answered', (await first.locator('tbody tr td:last-child').allInnerTexts()).join() === 'small,large,small', await first.innerText());
  await looksClean(page, 'the first answers');
  check('no console error with sheets', faults.length === 0, faults.join('\n        '));
  await context.close();
}
