// Whether a model can be believed, its versions, and what is taken from it and brought back.
import { readFileSync } from 'node:fs';
import { settled } from './browser.mjs';
import { check, soon } from './check.mjs';
import { asAdmin, smallModel } from './api.mjs';
import { looksClean } from './pictures.mjs';
import { signedIn } from './people.mjs';

const LONG = 120_000;

/** Every check is asked for once and stays; a column's effect is drawn; reports and files leave and come back. */
export async function believed(browser, url) {
  const api = await asAdmin(url);
  const { data, model } = await smallModel(api, 'to be <u>believed</u>');
  // A check that nobody has asked for yet is 404; damaged files are 422.
  const { context, page, faults } = await signedIn(browser, url, { expected: ['404', '422'] });
  await page.goto(`/models/${model.id}?tab=checks`);
  const before = (await api('GET', '/me')).tokens;
  await page.getByRole('button', { name: /^Test it · 1 token/ }).waitFor();
  const ways = page.getByRole('table', { name: 'The same answer, however it is asked' }).locator('tbody tr');
  await soon('the certificate has every way to ask', async () => (await ways.count()) === 5 && (await ways.filter({ hasText: 'the same' }).count()) === 5, async () => (await ways.allInnerTexts()).join(' | '));
  await looksClean(page, 'checks before');
  await page.getByRole('button', { name: /^Test it/ }).click();
  await page.getByText('Shuffled answers', { exact: true }).waitFor({ timeout: LONG });
  await soon('every self-test has its sentence', async () => (await page.locator('.listing li').count()) === 3);
  await page.getByRole('button', { name: /^Train again and compare/ }).click();
  await page.getByText('The same, byte for byte').waitFor({ timeout: LONG });
  await page.getByRole('button', { name: /^Work out the learning curve/ }).click();
  await page.getByRole('img', { name: /rows it had never seen\.$/ }).waitFor({ timeout: LONG });
  check('each check costs a training', (await api('GET', '/me')).tokens === before - 3, String((await api('GET', '/me')).tokens));
  await looksClean(page, 'checks');
  await page.reload();
  await page.getByRole('img', { name: /rows it had never seen\.$/ }).waitFor();
  await soon('what was found stays', () => page.getByText('The same, byte for byte').isVisible());

  await page.getByRole('tab', { name: 'How good is it?' }).click();
  const column = page.getByLabel('Column', { exact: true });
  await column.selectOption('size');
  await page.getByRole('img', { name: /^Mean answer at \d+ values of size/ }).waitFor();
  check('the plot says what it found', /likel|highest/.test(await page.getByRole('heading', { level: 3, name: /is highest where size is/ }).innerText()));
  await looksClean(page, 'depends number');
  await column.selectOption('colour');
  await page.getByRole('img', { name: /of colour/ }).waitFor();
  await page.getByLabel('Likelihood of').selectOption('small');
  await looksClean(page, 'depends words');

  await page.getByRole('tab', { name: 'Settings' }).click();
  const take = async (name) => {
    const saving = page.waitForEvent('download');
    await page.getByRole('button', { name }).click();
    const file = await saving;
    return { name: file.suggestedFilename(), bytes: readFileSync(await file.path()) };
  };
  const report = await take('Report (HTML)');
  check('the report is a page under a harmless name', report.name === 'to_be_u_believed_u_-v1.html' && report.bytes.toString().includes('<html'), report.name);
  const numbers = await take('Report (JSON)');
  check('and the same as numbers', JSON.parse(numbers.bytes.toString()).target === 'kind', numbers.name);
  const onnx = await take('For other programs (.onnx)');
  check('it leaves for other programs too', onnx.name.endsWith('-v1.onnx') && onnx.bytes.includes('colour'), onnx.name);
  const file = await take('Model file (.tym)');
  await looksClean(page, 'take away');

  await page.goto('/models');
  const bring = async (bytes) => {
    await page.getByRole('button', { name: 'Bring a model' }).click();
    await page.getByRole('dialog').waitFor();
    await page.getByTestId('model-file').setInputFiles({ name: file.name, mimeType: 'application/octet-stream', buffer: bytes });
    await page.getByRole('button', { name: 'Bring it in' }).click();
  };
  const broken = Buffer.from(file.bytes);
  broken[broken.length >> 1] ^= 1;
  await bring(broken);
  await page.getByRole('dialog').getByRole('alert').waitFor();
  await settled(page);
  check('a file of which a bit was changed is refused', (await page.getByRole('dialog').getByRole('alert').innerText()).length > 30, await page.getByRole('dialog').getByRole('alert').innerText());
  await page.getByRole('dialog').getByRole('button', { name: 'Cancel' }).click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
  await bring(file.bytes);
  await page.waitForURL('**/models/**');
  await page.getByText('This model came as a file, which holds no report.').waitFor();
  await looksClean(page, 'brought model');
  await page.getByRole('tab', { name: 'Try it' }).click();
  await page.getByRole('button', { name: /^Predict/ }).click();
  await page.locator('p.answer').waitFor();
  check('a brought model answers', ['large', 'small'].includes(await page.locator('p.answer').innerText()));
  for (const tab of ['checks', 'contenders', 'versions', 'settings']) {
    await page.goto(`${new URL(page.url()).pathname}?tab=${tab}`);
    await page.getByRole('tab', { selected: true }).waitFor();
    await settled(page);
    check(`a brought model has its page: ${tab}`, (await page.getByText('This page stumbled').count()) === 0);
  }
  await api('DELETE', `/datasets/${data.id}`);
  await page.goto(`/models/${model.id}?tab=checks`);
  await page.getByText('The data is no longer here').first().waitFor();
  check('without its data nothing can be checked', (await page.getByRole('button', { name: /^Once more/ }).count()) === 0);
  check('no console error while checking', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Three versions: the champion moves, tags and notes are kept, an alias comes and goes. */
export async function versions(browser, url) {
  const api = await asAdmin(url);
  const { data, model } = await smallModel(api, 'line');
  for (const algorithm of ['dummy', 'logistic_regression']) await api('POST', '/models', { dataset_id: data.id, target: 'kind', algorithm, name: 'line' }, { Prefer: 'wait=60' });
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto(`/models/${model.id}?tab=versions`);
  const table = page.getByRole('table', { name: 'Versions' });
  await table.waitFor();
  await soon('all versions are listed', async () => (await table.locator('tbody tr').count()) === 3);
  await page.getByRole('img', { name: /of 3 versions/ }).waitFor();
  await page.getByRole('button', { name: 'Make champion: version 3' }).click();
  await page.getByText('Version 3 is the champion now.').waitFor();
  await table.getByText('@champion').waitFor();
  await page.getByRole('button', { name: 'Make champion: version 1' }).click();
  await page.getByText('Version 1 is the champion now.').waitFor();
  await page.locator('.lead').getByText('@champion').waitFor();
  await soon('the champion moves back', async () => (await api('GET', '/models/line@champion')).version === 1);
  await page.getByLabel('Alias', { exact: true }).fill('<s>stage</s>');
  await page.getByRole('button', { name: 'Point it here' }).click();
  await page.locator('.mantine-InputWrapper-error').first().waitFor();
  check('a word that is none is refused beside it', (await page.locator('.mantine-InputWrapper-error').first().innerText()).length > 15, await page.locator('.mantine-InputWrapper-error').first().innerText());
  await page.getByLabel('Alias', { exact: true }).fill('staging');
  await page.getByRole('button', { name: 'Point it here' }).click();
  await page.getByRole('button', { name: 'Take back @staging' }).waitFor();
  await page.getByLabel('Tags, apart by commas').fill('Churn, 2026, churn');
  await page.getByLabel('Notes').fill('Keep <b>this</b> one.');
  await page.getByRole('button', { name: 'Save tags and notes' }).click();
  await page.getByText('Saved.').waitFor();
  check('tags are tidied', (await page.getByLabel('Tags, apart by commas').inputValue()) === 'churn, 2026' || (await page.getByLabel('Tags, apart by commas').inputValue()) === '2026, churn', await page.getByLabel('Tags, apart by commas').inputValue());
  await page.getByText('The request as it was read').click();
  await looksClean(page, 'versions');
  await page.getByRole('button', { name: 'Take back @staging' }).click();
  await page.getByRole('button', { name: 'Take back @staging' }).waitFor({ state: 'detached' });
  await page.reload();
  await table.waitFor();
  await soon('notes are kept', async () => (await page.getByLabel('Notes').inputValue()) === 'Keep <b>this</b> one.');
  await page.getByRole('link', { name: '#churn' }).click();
  await page.waitForURL('**/models?tag=churn');
  await page.getByText('filed under churn').waitFor();
  await page.locator('tbody tr').first().waitFor();
  await soon('a tag finds its models', async () => (await page.locator('tbody tr').count()) === 1);
  await looksClean(page, 'models by tag');
  check('no console error with versions', faults.length === 0, faults.join('\n        '));
  await context.close();
}
