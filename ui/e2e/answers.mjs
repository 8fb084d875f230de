// What comes with an answer and after it: its reasons, the sliders around it, whole files, what turned out to be true, how
// far rows have moved, and the contract of a model.
import { execFile } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { asAdmin, smallModel } from './api.mjs';
import { shoot } from './browser.mjs';
import { check, soon } from './check.mjs';
import { ACCOUNT } from './golden.mjs';
import { signedIn } from './people.mjs';
import { looksClean as looks } from './pictures.mjs';

const LONG = 120_000;
const NASTY = '=cmd|<img src=x onerror=alert(1)>';

/** A number to estimate from a number, a day, a yes or no, a word and a text, under names that try to do harm. */
async function mixedModel(api) {
  const csv = [`day,ok,age,"${NASTY}",remark,price`, ...Array.from({ length: 300 }, (_, row) => `2024-0${1 + (row % 9)}-1${row % 9},${row % 2 ? 'yes' : 'no'},${((row * 37) % 90) / 2},${['red', '<b>green</b>', 'blue'][row % 3]},words ${(row * 7919) % 1000} of ${row},${((row * 37) % 90) * 3 + (row % 3) * 30 + (row % 7)}`)].join('\n');
  const data = await api('POST', '/datasets?name=mixed', csv, { Prefer: 'wait=30' });
  return api('POST', '/models', { dataset_id: data.id, target: 'price', algorithm: 'linear_regression', name: 'mixed' }, { Prefer: 'wait=60' });
}

/** Anew from the top: what lies under a bar that stays is no fault of the page. */
async function looksClean(page, name) {
  await page.evaluate(() => window.scrollTo(0, 0));
  await looks(page, name);
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
  await soon('the curve is there as a table', async () => (await page.locator('.what-if tbody tr').count()) > 10);
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

  // Many trees, so that there is time to look and to stop.
  const { model: slow } = await smallModel(api, 'slow', { algorithm: 'random_forest', params: { n_estimators: 1500 } });
  const many = ['size,colour', ...Array.from({ length: 1_000_000 }, (_, row) => `${row % 100},red`)].join('\n');
  const poor = await tokens();
  await page.getByRole('link', { name: 'Answer another file' }).click();
  await page.goto(`/models/${slow.id}?tab=try&rows=file`);
  await give('many.csv', many);
  if (poor < 5000) {
    await page.getByText('1,000,000 rows cost 5,000 tokens').waitFor();
    check('what cannot be paid cannot be sent', await page.getByRole('button', { name: /^Answer it/ }).isDisabled());
    await looksClean(page, 'a file too dear');
    await api('POST', `/admin/users/${(await api('GET', '/me')).id}/tokens`, { tokens: 9000, reason: 'many rows' });
    await page.reload();
    await give('many.csv', many);
  }
  await page.getByText('smaller, for programs').click();
  const rich = await tokens();
  await page.getByRole('button', { name: 'Answer it · 5,000 tokens' }).click();
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
  await soon('what is deleted is gone from the list', async () => (await page.locator('tbody tr').count()) === 1);
  await looksClean(page, 'answered files');
  await shoot(page, 'batches');
  await page.goto('/jobs');
  await page.getByRole('link', { name: 'Answering a file' }).first().waitFor();
  check('no console error with whole files', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Receipts, what turned out to be true of one and of many, and how the model fared by it. */
export async function history(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'fares <u>well</u>');
  const ask = (rows) => api('POST', `/models/${model.id}/predictions`, { rows });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}?tab=history`);
  await page.getByText('You have asked this model nothing yet.').waitFor();
  await looksClean(page, 'no history');
  const single = [];
  for (const size of [1, 99, 3, 97]) single.push((await ask([{ size, colour: 'red' }])).id);
  // The rows of a file that has gone astray: one colour only.
  await ask(Array.from({ length: 400 }, (_, row) => ({ size: (row * 37) % 101, colour: '=red' })));
  const pair = await ask([{ size: 1 }, { size: 99 }]);
  await page.reload();
  const table = page.getByRole('table', { name: 'What you asked' });
  await table.waitFor();
  await soon('every call has its receipt', async () => (await table.locator('tbody tr').count()) === 6);
  await page.getByText('Moved much since training: “colour”.').waitFor();
  await page.getByRole('button', { name: 'size', exact: true }).click();
  await page.getByRole('img', { name: /^Shares of size in training/ }).waitFor();
  await looksClean(page, 'rows have moved');

  await table.locator('tbody tr').last().getByRole('button').click();
  const side = page.getByRole('dialog');
  await side.getByText('Fingerprint of what was asked').waitFor();
  await side.getByLabel('kind, as it really was').fill('small');
  await looksClean(page, 'a receipt');
  await side.getByRole('button', { name: 'Note it' }).click();
  await side.getByText(/^Noted /).waitFor();
  check('the truth of one is noted', (await api('GET', `/predictions/${single[0]}`)).truth[0] === 'small');
  await page.keyboard.press('Escape');
  await side.waitFor({ state: 'detached' });
  await table.getByText('known', { exact: true }).waitFor();
  await page.getByText(/100\s%, but over only 1 row;/).waitFor();

  await table.locator('tbody tr').first().getByRole('button').click();
  await side.getByLabel('kind, as it really was').fill('small');
  await side.getByRole('button', { name: 'Note it' }).click();
  await side.getByText('There is 1 line for 2 rows.', { exact: false }).or(side.getByText('There are 1 line for 2 rows.', { exact: false })).waitFor();
  await side.getByLabel('kind, as it really was').fill('small\nlarge');
  await side.getByRole('button', { name: 'Note it' }).click();
  await side.getByText(/^Noted /).waitFor();
  check('and of several rows in their order', (await api('GET', `/predictions/${pair.id}`)).truth.join() === 'small,large');
  await page.keyboard.press('Escape');
  await side.waitFor({ state: 'detached' });

  const saving = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Take these as a table' }).click();
  const taken = readFileSync(await (await saving).path(), 'utf8').trim().split('\n');
  check('receipts leave as a table', taken.length === 7 && taken[0].startsWith('id,') && taken[0].endsWith(',truth'), taken[0]);
  await page.getByRole('button', { name: 'Say what turned out to be true' }).click();
  const words = side.getByLabel('Table of ids and truths');
  await words.fill('id,truth\nnobody,small');
  await side.getByText('Line 2: “nobody” is not the id of a prediction.').waitFor();
  await words.fill(taken.map((line) => (single.slice(1).some((id) => line.startsWith(id)) ? `${line}small` : line)).join('\n'));
  await side.getByText('3 predictions with a truth. 3 lines without one.').waitFor();
  await looksClean(page, 'many truths');
  await side.getByRole('button', { name: 'Note it' }).click();
  await page.getByText('Noted for 3 predictions.').waitFor();
  const found = await api('GET', `/models/${model.id}/accuracy`);
  check('the truths of a table count', found.periods[0].rows === 6 && found.periods[0].value < 1, JSON.stringify(found));
  await page.getByText(/over only 6 rows/).waitFor();
  await page.getByRole('img', { name: /^1 period, from/ }).waitFor();
  await page.getByLabel('Truth', { exact: true }).selectOption('false');
  await page.waitForFunction(() => document.querySelectorAll('table[aria-label="What you asked"] tbody tr').length === 1);
  await page.getByLabel('Periods').selectOption('hour');
  await page.getByRole('img', { name: /^1 period, from/ }).waitFor();
  await looksClean(page, 'how it fares');
  check('no console error with a history', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Runs a program in a folder of its own, signed in; whether it printed or kept answers, and what it said. */
async function ran(language, text) {
  const folder = mkdtempSync(join(tmpdir(), 'trainyard-snippet-'));
  try {
    writeFileSync(join(folder, 'rows.csv'), 'size,colour\n1,red\n99,blue\n');
    const program = text.replace('you@example.com', ACCOUNT.email).replace('…', ACCOUNT.password);
    writeFileSync(join(folder, 'program.mjs'), program);
    const [file, args] = language === 'curl' ? ['bash', ['-c', program]] : [process.execPath, ['program.mjs']];
    const done = await new Promise((resolve) => execFile(file, args, { cwd: folder, timeout: 120_000 }, (error, stdout, stderr) => resolve({ stdout, stderr: `${error ?? ''}\n${stderr}` })));
    const kept = existsSync(join(folder, 'answers.csv')) ? readFileSync(join(folder, 'answers.csv'), 'utf8') : done.stdout;
    return [text.includes('answers.csv') ? kept.trim() === 'prediction\nsmall\nlarge' : /prediction/.test(kept) && /small|large/.test(kept), `${kept}\n${done.stdout}\n${done.stderr}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What is done with odd cells, by column; two people at once; and the same asked in other ways. */
export async function contract(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'agreed');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['412', '422'] });
  await page.goto(`/models/${model.id}?tab=settings`);
  const size = page.getByLabel('What to do with odd cells in size');
  await size.waitFor();
  const save = page.getByRole('button', { name: 'Apply these rules' });
  check('there is nothing to save at first', await save.isDisabled());
  await size.selectOption('reject');
  await looksClean(page, 'contract');
  await save.click();
  await page.getByText('These rules hold from now on.').waitFor();
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('textbox', { name: 'size', exact: true }).fill('');
  await page.getByRole('button', { name: /^Predict/ }).click();
  await page.getByRole('alert').waitFor();
  check('a refused cell is told in words', (await page.getByRole('alert').innerText()).includes('size'), await page.getByRole('alert').innerText());
  await page.getByRole('tab', { name: 'Settings' }).click();
  await size.waitFor();
  await api('PATCH', `/models/${model.id}/contract`, { policies: { colour: 'reject' } });
  await size.selectOption('impute');
  await save.click();
  await page.getByText('Somebody changed these rules').waitFor();
  await soon('a conflict keeps what was chosen and shows the other’s', async () => (await size.inputValue()) === 'impute' && (await page.getByLabel('What to do with odd cells in colour').inputValue()) === 'reject');
  await looksClean(page, 'contract conflict');
  await save.click();
  await page.getByText('These rules hold from now on.').waitFor();
  const now = await api('GET', `/models/${model.id}/contract`);
  check('both changes hold', now.columns.map((column) => column.policy).join() === 'impute,reject', JSON.stringify(now.columns));

  await page.getByRole('tab', { name: 'Use from code' }).click();
  for (const [kind, part] of [['A file', '/batch-predictions'], ['Open Inference (/v2)', '/infer']]) {
    await page.getByText(kind, { exact: true }).click();
    for (const language of ['curl', 'Python', 'JavaScript']) {
      await page.getByText(language, { exact: true }).click();
      let text = '';
      await soon(`${kind} in ${language} names its call`, async () => (text = await page.locator('pre code').innerText()).includes(part), () => text);
      // Python and its library are not everywhere; what is here is run as it stands.
      if (language !== 'Python') check(`${kind} in ${language} runs`, ...(await ran(language, text)));
    }
    await looksClean(page, `code ${kind.replaceAll(/\W/g, '')}`);
  }
  check('no console error with a contract', faults.length === 0, faults.join('\n        '));
  await context.close();
}
