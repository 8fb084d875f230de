// What comes with an answer and after it: its reasons, the sliders around it, whole files, what turned out to be true, how
// far rows have moved, and the contract of a model.
import { readFileSync } from 'node:fs';
import { asAdmin, smallModel } from './api.mjs';
import { open, shoot } from './browser.mjs';
import { check } from './check.mjs';
import { ACCOUNT } from './golden.mjs';
import { enter } from './people.mjs';
import { looksClean } from './pictures.mjs';

const LONG = 120_000;
const NASTY = '=cmd|<img src=x onerror=alert(1)>';

/** A number to estimate from a number, a day, a yes or no, a word and a text, under names that try to do harm. */
async function mixedModel(api) {
  const csv = [`day,ok,age,"${NASTY}",remark,price`, ...Array.from({ length: 300 }, (_, row) => `2024-0${1 + (row % 9)}-1${row % 9},${row % 2 ? 'yes' : 'no'},${((row * 37) % 90) / 2},${['red', '<b>green</b>', 'blue'][row % 3]},words ${(row * 7919) % 1000} of ${row},${((row * 37) % 90) * 3 + (row % 3) * 30 + (row % 7)}`)].join('\n');
  const data = await api('POST', '/datasets?name=mixed', csv, { Prefer: 'wait=30' });
  return api('POST', '/models', { dataset_id: data.id, target: 'price', algorithm: 'linear_regression', name: 'mixed' }, { Prefer: 'wait=60' });
}

async function signedIn(browser, url, options) {
  const { context, page, faults } = await open(browser, url, options);
  page.setDefaultTimeout(20_000);
  await enter(page, ACCOUNT.email, ACCOUNT.password);
  return { context, page, faults };
}

/** Why an answer is what it is, and what it would be: paid once, looked at for nothing. */
export async function whyAndWhatIf(browser, url) {
  const api = await asAdmin(url);
  const tokens = async () => (await api('GET', '/me')).tokens;
  const { model } = await smallModel(api, 'why');
  const mixed = await mixedModel(api);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}?tab=try`);
  const before = await tokens();
  await page.getByRole('textbox', { name: 'size', exact: true }).fill('49');
  await page.getByRole('button', { name: /^Predict/ }).click();
  const reasons = page.getByRole('list', { name: 'Why this answer?' });
  await reasons.waitFor();
  check('the reason is told with its value', (await reasons.locator('li').first().innerText()).includes('size is 49'), await reasons.innerText());
  check('and whom it speaks for', (await reasons.innerText()).includes('speaks for “small”'), await reasons.innerText());
  const slider = page.locator('.what-if').getByRole('slider', { name: 'size' });
  await slider.waitFor();
  let asked = 0;
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url().includes('/predictions')) asked += 1;
  });
  const would = page.locator('.would');
  check('the sliders begin at the row', (await slider.getAttribute('aria-valuetext')) === '49' && (await would.innerText()) === 'small');
  await slider.focus();
  await page.keyboard.press('End');
  await page.locator('.what-if').getByText('exact', { exact: true }).waitFor();
  check('one slider by keyboard: what the model says', (await would.innerText()) === 'large', await would.innerText());
  await looksClean(page, 'what if');
  await shoot(page, 'what-if');
  await page.locator('.what-if').getByRole('button', { name: 'Show as table' }).or(page.locator('.what-if').getByRole('button', { name: /table/i })).first().click();
  check('the curve is there as a table', (await page.locator('.what-if tbody tr').count()) > 10);
  await page.locator('.what-if').getByLabel('colour').selectOption({ label: 'red' });
  await page.locator('.what-if').getByText('estimate', { exact: true }).waitFor();
  check('nothing was asked while sliders moved', asked === 0 && (await tokens()) === before - 5, `${asked} asked`);
  await page.locator('.what-if').getByRole('button', { name: 'Predict again · 5 tokens' }).click();
  await page.getByText('As it was asked.').waitFor();
  check('asking again is paid again', asked === 1 && (await tokens()) === before - 10);
  check('and takes the sliders’ values into the form', (await page.getByRole('textbox', { name: 'size', exact: true }).inputValue()) === '95', await page.getByRole('textbox', { name: 'size', exact: true }).inputValue());

  await page.goto(`/models/${mixed.id}?tab=try`);
  await page.getByRole('button', { name: /^Predict/ }).click();
  await reasons.waitFor();
  check('a number is made larger or smaller', /makes it (larger|smaller)/.test(await reasons.innerText()), await reasons.innerText());
  await page.locator('.what-if').getByRole('slider', { name: 'day' }).focus();
  await page.keyboard.press('Home');
  await page.locator('.what-if').getByRole('img', { name: /of day,/ }).waitFor();
  await looksClean(page, 'what if a number');
  await shoot(page, 'what-if-number');
  check('a hostile name is only a name', (await page.locator('.what-if').getByLabel(NASTY).count()) === 1 && (await page.locator('main img').count()) === 0);
  await page.locator('.what-if').getByLabel(NASTY).selectOption({ index: 1 });
  await looksClean(page, 'what if a word');
  check('no console error with what-if', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A file: its price told, answered, taken away under a name, stopped and given back, refused in words, deleted. */
export async function wholeFiles(browser, url) {
  const api = await asAdmin(url);
  const tokens = async () => (await api('GET', '/me')).tokens;
  const { model } = await smallModel(api, 'filed <i>often</i>');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto(`/models/${model.id}?tab=try&rows=file`);
  const give = async (name, text) => page.getByTestId('file').setInputFiles({ name, mimeType: 'text/csv', buffer: Buffer.from(text) });
  await looksClean(page, 'a file to drop');
  await give('empty.csv', 'size,colour\n');
  await page.getByText('There is no row in this file.').waitFor();
  await page.getByRole('button', { name: 'Choose another file' }).click();
  await give('wrong.csv', 'weight\n5\n');
  await page.getByRole('button', { name: /^Answer it/ }).click();
  await page.getByRole('alert').waitFor();
  check('what is wrong with a file is said in words', (await page.getByRole('alert').innerText()).includes('size, colour'), await page.getByRole('alert').innerText());
  await looksClean(page, 'a refused file');
  await page.getByRole('button', { name: 'Choose another file' }).click();
  const before = await tokens();
  const rows = ['colour,size,remark', ...Array.from({ length: 2500 }, (_, row) => `${['red', 'blue', 'pink'][row % 3]},${row % 120},"=1+1, two\nlines"`)].join('\n');
  await give('my <b>rows<i>.csv', rows);
  await page.getByText(`2,500 rows: 15 tokens, ${(before - 15).toLocaleString('en')} left after.`).waitFor();
  await page.getByText('With the probability of every class').click();
  await looksClean(page, 'a priced file');
  await shoot(page, 'batch-send');
  await page.getByRole('button', { name: 'Answer it · 15 tokens' }).click();
  await page.waitForURL('**/batches/**');
  await page.getByRole('button', { name: /^Download ·/ }).waitFor({ timeout: LONG });
  check('it costs what was told', (await tokens()) === before - 15);
  await page.getByText('What was odd in it').waitFor();
  await looksClean(page, 'an answered file');
  await shoot(page, 'batch-done');
  await page.getByLabel('Name of the file').fill('my/answers');
  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: /^Download ·/ }).click();
  const file = await saving;
  const lines = readFileSync(await file.path(), 'utf8').trim().split('\n');
  check('the answers leave under the chosen name', file.suggestedFilename() === 'my_answers.csv', file.suggestedFilename());
  check('one answer a row, with probabilities', lines.length === 2501 && lines[0] === 'prediction,probability:large,probability:small', `${lines.length} ${lines[0]}`);

  await page.getByRole('link', { name: 'Answer another file' }).click();
  await give('many.csv', ['size,colour', ...Array.from({ length: 1_500_000 }, (_, row) => `${row % 100},red`)].join('\n'));
  const again = await tokens();
  await page.getByText('1,500,000 rows', { exact: false }).waitFor();
  const dear = await page.getByRole('button', { name: /^Answer it/ }).isDisabled();
  check('what cannot be paid cannot be sent', dear === again < 7500, `${again}`);
  if (dear) await api('POST', `/admin/users/${(await api('GET', '/me')).id}/tokens`, { tokens: 9000, reason: 'many rows' });
  await page.goto(`/models/${model.id}?tab=try&rows=file`);
  await give('many.csv', ['size,colour', ...Array.from({ length: 1_500_000 }, (_, row) => `${row % 100},red`)].join('\n'));
  await page.getByText('smaller, for programs').click();
  const rich = await tokens();
  await page.getByRole('button', { name: 'Answer it · 7,500 tokens' }).click();
  await page.waitForURL('**/batches/**', { timeout: LONG });
  const stop = page.getByRole('button', { name: 'Stop it' });
  await stop.or(page.getByRole('button', { name: /^Download ·/ })).first().waitFor();
  if (await stop.isVisible()) {
    await looksClean(page, 'a file under way');
    await shoot(page, 'batch-running');
  }
  if (await stop.isVisible()) {
    await stop.click();
    await page.getByRole('dialog').getByRole('button', { name: 'Stop it' }).click();
    await page.getByText('were given back').first().waitFor();
    check('what is stopped is given back', (await tokens()) === rich, `${rich} ${await tokens()}`);
    await looksClean(page, 'a stopped file');
  } else check('a file of a million rows can be stopped', false, 'it was over before');
  await page.getByRole('button', { name: 'Delete', exact: true }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.waitForURL('**/batches');
  await page.locator('tbody tr').first().waitFor();
  check('what is deleted is gone from the list', (await page.locator('tbody tr').count()) === 1);
  await looksClean(page, 'answered files');
  await shoot(page, 'batches');
  await page.goto('/jobs');
  await page.getByRole('link', { name: 'Answering a file' }).first().waitFor();
  check('no console error with whole files', faults.length === 0, faults.join('\n        '));
  await context.close();
}
