// The golden path: from an empty server to a first prediction, by mouse with every click counted, and by
// keyboard alone.
import { check, soon, until } from './check.mjs';
import { open, shoot } from './browser.mjs';

export const ACCOUNT = { email: 'ana@example.com', password: 'three brave otters', name: 'Ana' };
const SAMPLE = 'titanic';
const MOST_CLICKS = 6;
const MOST_SECONDS = 120;
const LONG = 90_000;

export async function byMouse(browser, url) {
  const { context, page, faults } = await open(browser, url);
  const begin = Date.now();
  let clicks = 0;
  const click = async (target) => {
    clicks += 1;
    await target.click();
  };
  await page.goto('./');
  await page.waitForURL('**/welcome');
  await page.getByRole('heading', { level: 1, name: 'Welcome to Trainyard' }).waitFor();
  check('a new server asks for its first account', true);
  // The keys of the three fields; the focus moves with Tab, as a person's would.
  await page.getByLabel('E-mail').focus();
  await page.keyboard.type(ACCOUNT.email);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ACCOUNT.name);
  await page.keyboard.press('Tab');
  await page.keyboard.type(ACCOUNT.password);
  await click(page.getByRole('button', { name: 'Make the account' }));
  await page.getByRole('heading', { name: 'Start with a table' }).waitFor();
  await shoot(page, 'golden-1-home');
  await click(page.locator(`[data-sample=${SAMPLE}]`));
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
  await soon('the profile guesses the column to predict', async () => (await page.getByLabel('Column to predict').inputValue()) === 'survived');
  await click(page.getByRole('button', { name: 'Train a model' }));
  const train = page.getByRole('button', { name: /^Train · 1 token/ });
  await train.waitFor();
  await soon('the price stands on the button', async () => /Train · 1 token \(14 left after\)/.test(await train.innerText()), () => train.innerText());
  await click(train);
  await page.waitForURL('**/jobs/**');
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByText('Where it is right and wrong').first().waitFor();
  await soon('the model opens by itself with its verdict', async () => (await page.locator('.lead').innerText()).length > 40);
  await click(page.getByRole('tab', { name: 'Try it' }));
  const predict = page.getByRole('button', { name: 'Predict · 5 tokens' });
  await predict.waitFor();
  await click(predict);
  await page.locator('p.answer').waitFor();
  const answer = await page.locator('p.answer').innerText();
  check('the prediction is one of the classes', ['yes', 'no', '0', '1', 'died', 'survived'].includes(answer), answer);
  await soon('the balance is right at once', async () => (await page.locator('.purse').innerText()).includes('9 tokens'), () => page.locator('.purse').innerText());
  const seconds = (Date.now() - begin) / 1000;
  check(`at most ${MOST_CLICKS} clicks`, clicks <= MOST_CLICKS, String(clicks));
  check(`at most ${MOST_SECONDS} s`, seconds <= MOST_SECONDS, String(seconds));
  check('no console error', faults.length === 0, faults.join('\n        '));
  console.log(`  golden path: ${clicks} clicks, ${seconds.toFixed(1)} s`);
  const ids = { model: /\/models\/([^/?#]+)/.exec(page.url())[1] };
  return { context, page, ids };
}

/** Tabs until something with this role and name has the focus; fails when the page has no such stop. */
async function tabTo(page, matches, most = 120) {
  for (let count = 0; count < most; count += 1) {
    const found = await page.evaluate(() => {
      const element = document.activeElement;
      if (!element || element === document.body) return null;
      const style = getComputedStyle(element);
      const outlined = style.outlineStyle !== 'none' && Number.parseFloat(style.outlineWidth) >= 1;
      const input = element.closest('label, [data-with-left-section], .mantine-Input-wrapper, .choice');
      return { text: `${element.getAttribute('aria-label') ?? ''} ${element.textContent ?? ''}`.trim(), sample: element.getAttribute('data-sample'), tag: element.tagName, type: element.getAttribute('type'), outlined: outlined || Boolean(input) };
    });
    if (found && matches(found)) return found;
    await page.keyboard.press('Tab');
  }
  throw new Error(`Tab never reached ${matches}`);
}

export async function byKeyboard(browser, url) {
  const { context, page, faults } = await open(browser, url);
  const key = page.keyboard;
  await page.goto('/');
  await page.waitForURL('**/welcome');
  await page.getByRole('heading', { level: 1 }).waitFor();
  await tabTo(page, (at) => at.type === 'email');
  await key.type(ACCOUNT.email);
  await tabTo(page, (at) => at.type === 'password');
  await key.type(ACCOUNT.password);
  await key.press('Enter');
  await page.getByRole('heading', { name: 'Start with a table' }).waitFor();
  await page.locator('[data-sample]').first().waitFor();
  const sample = await tabTo(page, (at) => at.sample === SAMPLE);
  check('the focus is visible', sample.outlined);
  await key.press('Enter');
  await page.getByRole('tab', { name: 'Columns' }).waitFor({ timeout: LONG });
  const focused = () => page.evaluate(() => document.activeElement?.tagName);
  await soon('the focus follows to the new page', async () => ['H1', 'MAIN'].includes(await focused()), focused);
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.text === 'Train a model');
  await key.press('Enter');
  // A button that is off is no stop of Tab.
  await until(() => page.getByRole('button', { name: /^Train · / }).isEnabled());
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.text.startsWith('Train ·'));
  await key.press('Enter');
  await page.waitForURL('**/models/**', { timeout: LONG });
  await page.getByRole('tab', { name: 'How good is it?' }).waitFor();
  await tabTo(page, (at) => at.text === 'How good is it?');
  await key.press('ArrowRight');
  await until(() => page.getByRole('button', { name: /^Predict · / }).isEnabled());
  check('arrow keys change tabs', (await page.getByRole('tab', { name: 'Try it' }).getAttribute('aria-selected')) === 'true');
  await tabTo(page, (at) => at.tag === 'BUTTON' && at.text.startsWith('Predict ·'));
  await key.press('Enter');
  await page.locator('p.answer').waitFor();
  check('the whole path by keyboard', (await page.locator('p.answer').innerText()).length > 0);
  check('no console error by keyboard', faults.length === 0, faults.join('\n        '));
  await context.close();
}
