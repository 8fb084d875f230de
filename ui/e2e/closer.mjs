// Looking closer at data: scales of plots, two numbers against each other, rows in order and narrowed, kinds of columns
// changed, a file read differently, how a model learned.
import { asAdmin, smallModel } from './api.mjs';
import { check, soon } from './check.mjs';
import { signedIn } from './people.mjs';
import { looksClean } from './pictures.mjs';

const LONG = 120_000;

/** Many cheap things and a few dear ones, of two kinds; <b>weight</b> follows size. */
function lopsided() {
  const rows = Array.from({ length: 600 }, (_, row) => [(row * 37) % 101, 2 * ((row * 37) % 101) + (row % 5), row % 200 === 0 ? 9000 + row : row % 50, row % 3 === 0 ? 'rare' : 'usual']);
  return ['size,<b>weight</b>,price,kind', ...rows.map((row) => row.join(','))].join('\n');
}

/** A log scale, two numbers as a plane, a column beside the one to predict. */
export async function closer(browser, url) {
  const api = await asAdmin(url);
  const data = await api('POST', '/datasets?name=closer&file_name=closer.csv', lopsided(), { Prefer: 'wait=30' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/data/${data.id}?target=kind`);
  await page.getByRole('button', { name: 'price', exact: true }).click();
  const side = page.getByRole('dialog', { name: 'price' });
  const bars = () => side.locator('figure').first().locator('rect.bar').evaluateAll((list) => list.map((bar) => Number(bar.getAttribute('height'))));
  await side.getByRole('button', { name: 'Log scale' }).waitFor();
  const before = await bars();
  await side.getByRole('button', { name: 'Log scale' }).click();
  const after = await bars();
  check('on a log scale the few dear ones can be seen', before.at(-1) < 3 && after.at(-1) > 15, `${before.at(-1)} ${after.at(-1)}`);
  await side.getByText(/ten times as many rows/).waitFor();
  await side.getByText('price by kind').waitFor();
  check('a column stands beside the one to predict', (await side.locator('figure').count()) === 2);
  await looksClean(page, 'a column closer');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.keyboard.press('Escape');
  await page.getByRole('tab', { name: 'Relations' }).click();
  const plane = page.getByRole('region', { name: 'Two numbers against each other' });
  await plane.getByRole('heading', { name: '<b>weight</b> rises with size' }).waitFor();
  await plane.getByLabel('Upwards').selectOption('price');
  await page.waitForURL('**y=price**');
  await plane.getByRole('heading', { name: /price .* size/ }).waitFor();
  check('two numbers of one’s choice stand in the address', new URL(page.url()).searchParams.get('y') === 'price');
  await looksClean(page, 'two numbers');
  check('no console error looking closer', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Rows are put in order and narrowed by the server; the address keeps both. */
export async function rowsInOrder(browser, url) {
  const api = await asAdmin(url);
  const data = await api('POST', '/datasets?name=rows&file_name=rows.csv', lopsided(), { Prefer: 'wait=30' });
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto(`/data/${data.id}?tab=rows`);
  const region = page.getByRole('region', { name: 'Rows of the table' });
  await region.waitFor();
  const column = (at) => region.locator(`tbody tr td:nth-child(${at})`).allInnerTexts();
  const head = region.getByRole('columnheader', { name: 'price' });
  await head.getByRole('button').click();
  await page.waitForURL('**sort=price**');
  await head.getByRole('button').click();
  await page.waitForURL('**order=desc**');
  await soon('the dearest come first', async () => {
    const prices = (await column(4)).map(Number);
    return prices.length === 50 && prices[0] >= 9000 && prices.every((price, at) => at === 0 || price <= prices[at - 1]);
  }, async () => (await column(4)).slice(0, 4).join());
  await soon('each row keeps its number in the table', async () => (await column(1))[0] === '401', async () => (await column(1)).slice(0, 3).join());
  await page.getByLabel('Only rows where').selectOption('kind');
  await page.getByLabel('Condition').selectOption('contains');
  await page.getByLabel('Value', { exact: true }).fill('RAR');
  await page.getByText(/^Rows 1 to 50 of 200 that fit, of 600 in all$/).waitFor();
  check('only those that fit are shown', (await column(5)).every((kind) => kind === 'rare'));
  await looksClean(page, 'rows in order');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.reload();
  await page.getByText(/of 200 that fit/).waitFor();
  await soon('order and condition outlive a reload', async () => (await page.getByLabel('Value', { exact: true }).inputValue()) === 'RAR' && (await head.getAttribute('aria-sort')) === 'descending');
  await page.getByLabel('Only rows where').selectOption('size');
  await page.getByLabel('Value', { exact: true }).fill('much');
  await page.locator('.mantine-InputWrapper-error').waitFor();
  check('what is no number is said beside its field', (await page.locator('.mantine-InputWrapper-error').innerText()).length > 5);
  await page.getByLabel('Value', { exact: true }).fill('5000');
  await page.getByText('No row fits this.').waitFor();
  await page.getByRole('button', { name: 'Show all' }).click();
  await page.getByText(/^Rows 1 to 50 of 600$/).waitFor();
  check('no console error with rows in order', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A column taken for something else, and a file whose separator was not found, are read again. */
export async function readAgain(browser, url) {
  const api = await asAdmin(url);
  const plain = ['zip,price', ...Array.from({ length: 60 }, (_, row) => `${10_000 + (row % 7)},${row}`)].join('\n');
  const data = await api('POST', '/datasets?name=zips&file_name=zips.csv', plain, { Prefer: 'wait=30' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/data/${data.id}`);
  const row = page.getByRole('table', { name: 'Columns' }).getByRole('row', { name: /^zip/ });
  await row.getByText('whole number').waitFor();
  await page.getByRole('button', { name: 'Change kinds' }).click();
  await page.getByLabel('Kind of zip').selectOption('category');
  await page.getByText('Changed: zip.').waitFor();
  await looksClean(page, 'kinds of columns');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'Read again with these kinds' }).click();
  await page.getByText('“zips” was read again.').waitFor({ timeout: LONG });
  await row.getByText('category').waitFor();
  check('a column has the kind that was chosen', (await api('GET', `/datasets/${data.id}/schema`)).columns[0].kind === 'category');
  await page.getByRole('button', { name: 'Read it differently' }).click();
  const dialog = page.getByRole('dialog', { name: 'Read the file differently' });
  await dialog.getByLabel('First line').selectOption('false');
  await looksClean(page, 'a file read differently');
  await page.setViewportSize({ width: 1280, height: 900 });
  await dialog.getByRole('button', { name: 'Read it again' }).click();
  await dialog.waitFor({ state: 'detached', timeout: LONG });
  await page.getByText(/^61 rows/).waitFor();
  check('without names the first line is a row', (await api('GET', `/datasets/${data.id}`)).rows === 61);
  check('no console error reading again', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** What was not found by looking is said before the file is sent, seen at once, and kept. */
export async function readAs(browser, url) {
  const api = await asAdmin(url);
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto('/data/new');
  const text = ['1;5,2', ...Array.from({ length: 40 }, (_, row) => `${row};${row % 9},${row % 7}`)].join('\n');
  await page.getByTestId('file').setInputFiles({ name: 'said.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });
  const first = page.getByRole('region', { name: 'First rows' });
  await first.waitFor();
  await page.getByText('Not right? Say how it is read').click();
  await page.getByLabel('Separator').selectOption('|');
  await soon('with another separator there is one column', async () => (await first.getByRole('columnheader').count()) === 1);
  await page.getByLabel('Separator').selectOption(';');
  await page.getByLabel('First line').selectOption('false');
  await page.getByLabel('Decimal sign').selectOption(',');
  await soon('without names the first line is a row', async () => (await first.getByRole('columnheader').count()) === 2 && (await first.locator('tbody tr').first().innerText()).startsWith('1'), () => first.innerText());
  await looksClean(page, 'a file to be read otherwise');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByText(/^41 rows/).waitFor({ timeout: LONG });
  const kept = await api('GET', `/datasets/${new URL(page.url()).pathname.split('/')[2]}/schema`);
  check('what was said is kept', kept.settings.delimiter === ';' && kept.settings.header === false && kept.settings.decimal === ',', JSON.stringify(kept.settings));
  check('no console error reading otherwise', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** How a model learned, round by round. */
export async function learned(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'learned', { algorithm: 'gradient_boosting' });
  const { model: plain } = await smallModel(api, 'learned at once');
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}`);
  const figure = page.locator('figure', { hasText: 'How it learned · ' });
  await figure.waitFor();
  await figure.getByRole('button', { name: 'Show as table' }).click();
  await soon('every round is in the table', async () => (await figure.locator('tbody tr').count()) > 5);
  await looksClean(page, 'how it learned');
  await page.setViewportSize({ width: 1280, height: 900 });
  await page.getByRole('button', { name: 'Draw the tree' }).click();
  await page.getByRole('img', { name: /^A tree of \d+ places/ }).waitFor();
  await soon('the focus goes on from what came in the button’s place', () => page.evaluate(() => document.activeElement?.querySelector('figure') !== null && document.activeElement !== document.body));
  await page.getByLabel('Which tree').selectOption('1');
  await page.getByLabel('How deep').selectOption('2');
  const tree = page.locator('figure', { hasText: 'The questions, one after the other' });
  await tree.getByRole('button', { name: 'Show as table' }).click();
  await soon('a tree is drawn to the depth that was chosen', async () => {
    const depths = (await tree.locator('tbody td:first-child').allInnerTexts()).map(Number);
    return depths.length > 1 && Math.max(...depths) <= 2;
  });
  await tree.getByRole('button', { name: 'Show as plot' }).click();
  await looksClean(page, 'a tree');
  await page.goto(`/models/${plain.id}`);
  await page.getByRole('heading', { name: 'How this was measured' }).waitFor();
  check('what learns at once has no such plot', (await page.getByText('How it learned · ').count()) === 0);
  check('no console error with how it learned', faults.length === 0, faults.join('\n        '));
  await context.close();
}
