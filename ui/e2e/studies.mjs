// Searches for better settings, and several algorithms trained side by side.
import { check, soon } from './check.mjs';
import { shoot } from './browser.mjs';
import { asAdmin, smallModel } from './api.mjs';
import { looksClean } from './pictures.mjs';
import { signedIn } from './people.mjs';

const LONG = 120_000;

/** Tuned from the train page to a saved model; another is stopped, one let go. */
export async function tuning(browser, url) {
  const api = await asAdmin(url);
  const { data, model } = await smallModel(api, 'to be <i>tuned</i>');
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto(`/data/${data.id}/train?target=kind`);
  await page.getByText(/^About .* of memory\.$/).waitFor();
  check('what a training takes stands beside the button', true);
  await page.getByRole('radio', { name: /^Tune one/ }).check();
  await page.getByLabel('Algorithm to tune').selectOption('decision_tree');
  await page.getByRole('radio', { name: /^Every combination/ }).check();
  await page.getByText('What to try').click();
  await page.getByRole('checkbox', { name: 'Search max depth' }).check();
  await page.getByRole('group', { name: 'max depth', exact: true }).getByLabel('From').fill('2');
  await page.getByRole('group', { name: 'max depth', exact: true }).getByLabel('To', { exact: true }).fill('6');
  await page.getByRole('checkbox', { name: 'Search criterion' }).check();
  await page.getByRole('checkbox', { name: 'Search min samples leaf' }).check();
  await page.getByRole('group', { name: 'min samples leaf', exact: true }).getByLabel('Values').fill('1, 3, 0.1');
  await page.getByText('combinations.').waitFor();
  // Wherever the page stands, its head lies over something.
  await page.evaluate(() => scrollTo(0, 0));
  await looksClean(page, 'tune form');
  const go = page.getByRole('button', { name: /^Tune · / });
  check('the price of tuning stands on the button', /^Tune · \d+ tokens? \(/.test(await go.innerText()), await go.innerText());
  await page.getByText(/^About .* of memory\.$/).waitFor();
  await page.reload();
  await soon('the address keeps what is searched', async () => (await page.getByRole('group', { name: 'max depth', exact: true }).getByLabel('To', { exact: true }).inputValue()) === '6');
  const said = await page.getByText('combinations.').innerText();
  await page.getByRole('group', { name: 'max depth', exact: true }).getByLabel('To', { exact: true }).fill('1');
  await go.click();
  await page.getByRole('alert').first().waitFor();
  check('a range that is none is refused in words', (await page.getByRole('group', { name: 'max depth', exact: true }).getByRole('alert').innerText()).includes('low'));
  await page.getByRole('group', { name: 'max depth', exact: true }).getByLabel('To', { exact: true }).fill('6');
  await go.click();
  await page.waitForURL('**/studies/**');
  await page.getByRole('heading', { name: 'The best is fitted and waits for you' }).waitFor({ timeout: LONG });
  const planned = Number(said.match(/\d+/)?.[0]);
  const every = page.getByRole('button', { name: `Show all ${planned}` });
  const tried = () => page.getByRole('region', { name: 'What was tried' }).locator('tbody tr').count();
  await soon('every combination was tried', async () => {
    if (await every.isVisible()) await every.click();
    return (await tried()) === planned;
  }, async () => `${await tried()} of ${planned}`);
  await soon('the search is drawn', async () => (await page.getByRole('img', { name: new RegExp(`${planned} settings tried`) }).count()) === 1);
  await looksClean(page, 'study done');
  await page.getByLabel('Name of the model').fill('tuned <b>tree</b>');
  await page.getByRole('button', { name: 'Save as a model' }).click();
  await page.waitForURL('**/models/**');
  await page.getByRole('heading', { level: 1, name: 'tuned <b>tree</b>' }).waitFor();
  check('the best is a model', true);
  await page.getByRole('tab', { name: 'Contenders' }).click();
  await page.getByRole('table', { name: 'Contenders' }).waitFor();

  await page.goto(`/models/${model.id}?tab=settings`);
  await page.getByRole('button', { name: 'Tune this algorithm' }).click();
  await page.getByRole('heading', { name: 'How thorough?' }).waitFor();
  await page.getByLabel('Algorithm to tune').locator('option', { hasText: 'Decision tree' }).waitFor({ state: 'attached' });
  check('a model leads to its own tuning', (await page.getByLabel('Algorithm to tune').inputValue()) === 'decision_tree');

  const endless = await api('POST', '/studies', { dataset_id: data.id, target: 'kind', algorithm: 'gradient_boosting', name: 'endless', search: { trials: 9000 } });
  await page.goto(`/studies/${endless.id}`);
  await page.getByRole('region', { name: 'What was tried' }).waitFor();
  await shoot(page, 'study-running');
  await page.getByRole('button', { name: 'Stop and keep the best so far' }).click();
  await page.getByRole('heading', { name: 'The best is fitted and waits for you' }).waitFor({ timeout: LONG });
  await soon('stopping keeps the best', () => page.getByText('It was stopped; this is the best so far.').isVisible());
  await page.getByRole('button', { name: 'Let it go' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Let it go' }).click();
  await page.getByText('The best of this study was let go.').waitFor();
  await soon('what was tried stays', async () => (await page.getByRole('region', { name: 'What was tried' }).locator('tbody tr').count()) > 0);
  await page.goto('/studies');
  await page.getByRole('link', { name: 'endless' }).waitFor();
  await looksClean(page, 'studies');
  await page.getByRole('link', { name: 'endless' }).click();
  await page.getByRole('button', { name: 'Delete the study' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete' }).click();
  await page.getByText('The study was deleted.').waitFor();
  await page.getByRole('link', { name: 'endless' }).waitFor({ state: 'detached' });
  check('a deleted study is gone', (await page.getByRole('link', { name: 'endless' }).count()) === 0);
  check('no console error while tuning', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** Several algorithms for one price, the best in front; what cannot be trained says why. */
export async function several(browser, url) {
  const api = await asAdmin(url);
  const { data } = await smallModel(api, 'to be compared');
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/data/${data.id}/train?target=kind`);
  await page.getByRole('radio', { name: /^Compare several/ }).check();
  const group = page.getByRole('group', { name: 'Who takes part' });
  const marked = group.getByRole('checkbox', { checked: true });
  await marked.first().waitFor();
  while ((await marked.count()) > 0) await marked.first().uncheck();
  const go = page.getByRole('button', { name: /^Train \d+ and compare/ });
  await soon('one alone cannot be compared', () => go.isDisabled());
  for (const name of ['Decision tree', 'Logistic regression', 'Nearest neighbours']) await group.getByRole('checkbox', { name, exact: true }).check();
  await looksClean(page, 'compare form');
  await go.click();
  await page.waitForURL('**/comparisons/**', { timeout: LONG });
  await page.getByRole('table', { name: 'Algorithms compared' }).waitFor();
  await soon('each is a model, the best in front', async () => (await page.locator('tbody tr').count()) === 3 && (await page.locator('tbody tr').first().getByText('best').count()) === 1);
  await looksClean(page, 'comparison');
  await page.getByRole('button', { name: 'See them side by side' }).click();
  await page.getByRole('heading', { name: 'Measures' }).waitFor();
  // Weights that no schema shows to be wrong: the rows do.
  const rows = Array.from({ length: 60 }, (_, index) => `${index % 7},${index % 5},${index > 50 ? 0 : -1}`).join('\n');
  const bad = await api('POST', '/datasets?name=bad', `x,y,w\n${rows}`, { Prefer: 'wait=30' });
  const made = await api('POST', '/compare-train', { dataset_id: bad.id, target: 'y', task: 'regression', weights: 'w', algorithms: [{ algorithm: 'linear_regression' }, { algorithm: 'dummy' }] }, { Prefer: 'wait=60' });
  await page.goto(`/comparisons/${made.job_id}`);
  await page.getByText('None of them could be trained.').waitFor();
  check('what failed says why', (await page.locator('tbody tr').last().innerText()).includes("'w'"), await page.locator('tbody tr').last().innerText());
  await looksClean(page, 'comparison failed');
  check('no console error with several', faults.length === 0, faults.join('\n        '));
  await context.close();
}
