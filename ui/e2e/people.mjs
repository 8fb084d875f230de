// Accounts: one's own keys, password and end; those of others, as administrators make, help, switch off and delete them.
import { check, soon } from './check.mjs';
import { axe, open, overflow, shoot } from './browser.mjs';
import { asAdmin, send, smallModel } from './api.mjs';
import { ACCOUNT } from './golden.mjs';

export async function enter(page, login, password) {
  await page.goto('/login');
  await page.getByLabel('E-mail or user name').fill(login);
  await page.getByRole('textbox', { name: 'Password' }).fill(password);
  await page.getByRole('button', { name: 'Sign in' }).click();
  await page.locator('.purse').waitFor();
}

/** A page on which the administrator has signed in. */
export async function signedIn(browser, url, options) {
  const opened = await open(browser, url, options);
  await enter(opened.page, ACCOUNT.email, ACCOUNT.password);
  return opened;
}

async function clean(page, name) {
  const found = await axe(page);
  check(`axe: ${name}`, found.length === 0, found.join('\n        '));
}

const secretIn = (page) => page.locator('.secret').first().inputValue();

/** A key is made, shown once, lets a script in, and is ended. */
export async function apiKeys(browser, url) {
  await asAdmin(url);
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto('/account?tab=keys');
  await page.getByLabel('Name', { exact: false }).first().fill('<b>nightly</b>');
  await page.getByRole('button', { name: 'Make the key' }).click();
  await page.getByRole('heading', { name: 'The key “<b>nightly</b>” is made' }).waitFor();
  const key = await secretIn(page);
  check('the key is shown', key.startsWith('tyk_'), key.slice(0, 4));
  await clean(page, 'a key shown once');
  await shoot(page, 'key-once');
  const me = await send(url, 'GET', '/me', undefined, { Authorization: `Bearer ${key}` });
  check('the key lets a script in', me.status === 200, String(me.status));
  const more = await send(url, 'POST', '/me/api-keys', { name: 'x', scopes: ['read'] }, { Authorization: `Bearer ${key}` });
  check('and no further than it may', more.status === 403, String(more.status));
  await page.reload();
  await page.getByRole('table', { name: 'Your keys' }).waitFor();
  check('the key is not shown again', !(await page.content()).includes(key));
  await page.getByRole('button', { name: /^End/ }).first().click();
  await page.getByRole('dialog').getByText('Scripts that use it are refused').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'End' }).click();
  await page.getByText('No keys yet.').waitFor();
  check('an ended key lets nobody in', (await send(url, 'GET', '/me', undefined, { Authorization: `Bearer ${key}` })).status === 401);
  check('no console error with keys', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** An account from its first hour to its last: made, given tokens, helped with a password, switched off, on, deleted. */
export async function somebodyElse(browser, url) {
  await asAdmin(url);
  const { context, page, faults } = await signedIn(browser, url);
  await page.getByRole('link', { name: 'Admin' }).click();
  await page.getByRole('link', { name: 'Accounts' }).click();
  await page.getByRole('button', { name: 'Add an account' }).click();
  await page.getByRole('dialog').getByLabel('User name').fill('bea');
  await page.getByRole('dialog').getByLabel('Name', { exact: true }).fill('Bea <script>alert(1)</script>');
  await clean(page, 'a new account');
  await page.getByRole('button', { name: 'Make the account' }).click();
  await page.getByRole('heading', { name: 'The account “bea” is made' }).waitFor();
  const password = await secretIn(page);
  check('a password is generated', password.length >= 12, password);
  await page.getByRole('button', { name: 'I have kept it' }).click();
  await soon('and not shown again', async () => !(await page.content()).includes(password));

  const her = await open(browser, url, { expected: ['401'] });
  await enter(her.page, 'bea', password);
  check('she is no administrator', (await her.page.getByRole('link', { name: 'Admin' }).count()) === 0);
  await her.page.goto('/admin/users');
  await her.page.getByText('These pages are for administrators.').waitFor();
  check('and is told so', (await her.page.getByRole('table').count()) === 0);

  // Found by name and by tokens, then given some with a reason that she reads.
  await page.getByLabel('Find by name or e-mail').fill('bea');
  await page.waitForURL('**/admin/users?q=bea');
  await page.waitForFunction(() => document.querySelectorAll('tbody tr').length === 1);
  check('an account is found by its name', true);
  await page.getByRole('link', { name: /^Bea/ }).click();
  await page.getByLabel('Reason').fill('for the course in spring');
  await page.getByLabel('Tokens', { exact: false }).first().fill('250');
  await page.getByRole('button', { name: 'Give 250 tokens' }).click();
  await page.getByText(/^Done: /).waitFor();
  await page.getByText('for the course in spring').waitFor();
  await clean(page, 'one account');
  await shoot(page, 'admin-user');
  await her.page.goto('/account?tab=tokens');
  await her.page.getByText('for the course in spring').waitFor();
  await soon('she reads who gave her tokens and why', () => her.page.getByText('Given by an administrator').isVisible());
  await page.getByLabel('Tokens', { exact: false }).first().fill('-100000');
  await page.getByLabel('Reason').fill('all of them');
  await page.getByRole('button', { name: /^Take/ }).click();
  await page.locator('[role=alert], .mantine-InputWrapper-error').first().waitFor();
  check('more than there are cannot be taken', true);

  // Another role ends her session; what it may not do is not offered.
  await page.getByLabel('Role').selectOption('analyst');
  await page.getByText('Another role ends every session').waitFor();
  await page.getByRole('button', { name: 'Save' }).click();
  await page.getByText('Saved.').waitFor();
  await her.page.getByRole('link', { name: 'Data', exact: true }).click();
  await her.page.getByRole('dialog', { name: 'Sign in again' }).waitFor();
  await enter(her.page, 'bea', password);
  check('an analyst is offered no upload', (await her.page.locator('input[type=file]').count()) === 0);
  await clean(her.page, 'home of an analyst');
  await shoot(her.page, 'home-analyst');

  // A link for a new password: good once.
  await page.getByRole('button', { name: 'Make a link' }).click();
  await page.getByRole('heading', { name: 'The link for a new password' }).waitFor();
  const link = await secretIn(page);
  check('the secret stands where browsers send it to no server', new URL(link).hash.length > 20, link);
  const asked = [];
  her.page.on('request', (request) => asked.push(request.url()));
  await her.page.goto(link);
  await her.page.getByRole('heading', { name: 'Choose a new password' }).waitFor();
  await soon('it is taken out of the address', async () => new URL(her.page.url()).hash === '');
  await clean(her.page, 'a new password by link');
  await her.page.getByLabel('New password').fill('four quiet herons');
  await her.page.getByRole('button', { name: 'Set the password' }).click();
  await her.page.getByRole('heading', { name: 'The new password is set' }).waitFor();
  check('no address that was asked holds the secret', asked.every((one) => !one.includes(new URL(link).hash.slice(1))));
  await enter(her.page, 'bea', 'four quiet herons');
  check('the new password opens', true);
  const again = await open(browser, url, { expected: ['422'] });
  await again.page.goto(link);
  await again.page.getByLabel('New password').fill('five loud geese');
  await again.page.getByRole('button', { name: 'Set the password' }).click();
  await again.page.getByText('This link was used already').first().waitFor();
  await soon('a link is good once', () => again.page.getByRole('button', { name: 'Set the password' }).isDisabled());
  await again.context.close();

  // Off, on, and gone.
  await page.getByRole('button', { name: 'Switch off' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Switch off' }).click();
  await page.getByText('switched off', { exact: true }).waitFor();
  const closed = await send(url, 'POST', '/auth/login', { login: 'bea', password: 'four quiet herons' });
  check('who is switched off does not get in', closed.status === 401 || closed.status === 403, String(closed.status));
  await page.getByRole('button', { name: 'Switch on' }).click();
  await page.getByRole('button', { name: 'Switch off' }).waitFor();
  check('and gets in again when switched on', (await send(url, 'POST', '/auth/login', { login: 'bea', password: 'four quiet herons' })).status === 200);
  await page.getByRole('button', { name: 'Delete the account' }).click();
  await page.getByRole('dialog').getByText('stays in the audit').waitFor();
  await clean(page, 'deleting an account');
  await page.getByRole('dialog').getByRole('button', { name: 'Delete the account' }).click();
  await page.waitForURL('**/admin/users');
  check('a deleted account is gone', (await page.getByRole('link', { name: /^Bea/ }).count()) === 0);
  check('nobody’s name became markup', (await page.locator('td script, th script').count()) === 0);
  const wrong = faults.filter((fault) => !fault.includes('422') && !fault.includes('409'));
  check('no console error in administration', wrong.length === 0, wrong.join('\n        '));
  await her.context.close();
  await context.close();
}

/** One's own password, and one's own end. */
export async function ownAccount(browser, url) {
  const api = await asAdmin(url);
  const made = await api('POST', '/admin/users', { user_name: 'carl', email: 'carl@example.com' });
  const { context, page, faults } = await open(browser, url, { expected: ['422'] });
  await enter(page, 'carl', made.password);
  const elsewhere = await send(url, 'POST', '/auth/login', { login: 'carl', password: made.password });
  await page.goto('/account?tab=security');
  await page.getByLabel('Password now').fill('not it at all');
  await page.getByLabel('New password').fill('six slow snails');
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('This is not your password').first().waitFor();
  check('a wrong password ends no session', (await page.getByRole('dialog').count()) === 0);
  await page.getByLabel('Password now').fill(made.password);
  await page.getByRole('button', { name: 'Change the password' }).click();
  await page.getByText('You stay signed in here').waitFor();
  await page.goto('/account');
  await page.getByLabel('Your name').waitFor();
  check('one stays signed in', true);
  const other = await send(url, 'GET', '/me', undefined, { Authorization: `Bearer ${elsewhere.body.access_token}` });
  check('and nowhere else', other.status === 401, String(other.status));
  await page.goto('/account?tab=security');
  await page.getByRole('button', { name: 'Remove this account' }).click();
  await page.getByRole('dialog').getByRole('textbox', { name: 'Password' }).fill('six slow snails');
  await clean(page, 'leaving');
  await page.getByRole('dialog').getByRole('button', { name: 'Remove for good' }).click();
  await page.waitForURL('**/login');
  check('who left does not get in', (await send(url, 'POST', '/auth/login', { login: 'carl', password: 'six slow snails' })).status === 401);
  check('no console error with one’s own account', faults.length === 0, faults.join('\n        '));
  await context.close();
}

/** A model shared by link is asked by somebody without an account; taken back, the link leads nowhere. Shared here, others ask it. */
export async function sharing(browser, url) {
  const api = await asAdmin(url);
  const { model } = await smallModel(api, 'shared <i>shapes</i>');
  const made = await api('POST', '/admin/users', { user_name: 'dora' });
  const { context, page, faults } = await signedIn(browser, url);
  await page.goto(`/models/${model.id}?tab=settings`);
  await page.getByRole('radio', { name: /whoever has the link/ }).click();
  await page.getByRole('textbox', { name: 'Link' }).waitFor();
  const link = await page.getByRole('textbox', { name: 'Link' }).inputValue();
  await clean(page, 'a shared model');
  await shoot(page, 'share');

  const guest = await open(browser, url, { expected: ['404'] });
  await guest.page.goto(link);
  await guest.page.getByRole('heading', { level: 1, name: 'shared <i>shapes</i>' }).waitFor();
  check('a guest sees no navigation', (await guest.page.getByRole('navigation').count()) === 0);
  await guest.page.getByLabel('size', { exact: true }).fill('90');
  await guest.page.getByRole('button', { name: 'Predict' }).click();
  await guest.page.locator('p.answer').waitFor();
  check('a guest is answered', (await guest.page.locator('p.answer').innerText()) === 'large', await guest.page.locator('p.answer').innerText());
  check('and hears nothing of tokens', (await guest.page.getByText('token').count()) === 0);
  await clean(guest.page, 'the page of a guest');
  const saved = guest.page.waitForEvent('download');
  await guest.page.getByRole('button', { name: 'Download the answer' }).click();
  check('the answer can be taken away', (await saved).suggestedFilename() === 'kind.json');
  await shoot(guest.page, 'guest');

  await page.getByRole('radio', { name: /everybody here/ }).click();
  await page.getByRole('dialog').getByText('never comes back').waitFor();
  await page.getByRole('dialog').getByRole('button', { name: 'Take it back' }).click();
  await page.getByRole('textbox', { name: 'Link' }).waitFor({ state: 'detached' });
  await guest.page.reload();
  await guest.page.getByRole('heading', { name: 'This link leads nowhere' }).waitFor();
  await clean(guest.page, 'a link that leads nowhere');
  const wrong = guest.faults;
  check('no console error for a guest', wrong.length === 0, wrong.join('\n        '));
  await guest.context.close();

  const her = await open(browser, url);
  await enter(her.page, 'dora', made.password);
  await her.page.goto('/models?whose=shared');
  await her.page.getByRole('link', { name: 'shared <i>shapes</i>' }).click();
  await her.page.getByRole('tab', { name: 'Try it' }).click();
  await her.page.getByRole('button', { name: /^Predict · / }).click();
  await her.page.locator('p.answer').waitFor();
  check('somebody else asks a shared model', (await her.page.getByText(/shared by/).count()) > 0);
  await her.page.getByRole('tab', { name: 'Settings' }).click();
  await her.page.getByText('Recipe').waitFor();
  check('and can change nothing about it', (await her.page.getByRole('button', { name: /Delete|Rename/ }).count()) === 0);
  await clean(her.page, 'the settings of somebody else’s model');
  check('no console error with a shared model', her.faults.length === 0 && faults.length === 0, [...her.faults, ...faults].join('\n        '));
  await her.context.close();
  await context.close();
}

const NASTY = ['<img src=x onerror=alert(1)>', 'אבגדה'.repeat(20), '🍎🚀👩‍👩‍👧'.repeat(8), `${'x'.repeat(190)}`, '__proto__'];

/** Names of people, models and keys that are markup, endless or right to left, on every page that shows other people's. */
export async function nastyNames(browser, url) {
  const api = await asAdmin(url);
  const ids = [];
  for (const [index, name] of NASTY.entries()) {
    const made = await api('POST', '/admin/users', { user_name: `nasty${index}`, display_name: name });
    ids.push(made.user.id);
    await api('POST', `/admin/users/${made.user.id}/tokens`, { tokens: 1, reason: name }, { 'Idempotency-Key': `nasty-${index}` });
    await api('POST', '/me/api-keys', { name, scopes: ['read'] }).catch(() => undefined);
  }
  const models = [];
  for (const name of NASTY.slice(0, 4)) models.push((await smallModel(api, name)).model.id);
  const shared = await api('PATCH', `/models/${models[3]}`, { visibility: 'guest' });
  const { context, page, faults } = await open(browser, url, { width: 320, height: 700 });
  const dialogs = [];
  page.on('dialog', (dialog) => {
    dialogs.push(dialog.message());
    void dialog.dismiss();
  });
  await enter(page, ACCOUNT.email, ACCOUNT.password);
  const paths = ['/', '/models', '/data', '/jobs', `/models/compare?ids=${models.join(',')}`, `/models/${models[3]}?tab=settings`, `/models/${models[1]}?tab=try&rows=many`, '/account?tab=keys', '/admin/users', ...ids.map((id) => `/admin/users/${id}`), '/admin/models', '/admin/data', '/admin/batches', '/admin/jobs', '/admin/audit', `/admin/audit?actor=${ids[3]}`, `/admin/models?owner_id=${ids[3]}`, `/g/${shared.guest_slug}`];
  for (const path of paths) {
    await page.goto(path);
    await page.locator('h1').first().waitFor();
    await page.waitForFunction(() => document.querySelector('.skeleton') === null);
    const wide = await overflow(page);
    check(`320 px: nasty names on ${path.split('?')[0]} do not scroll sideways`, wide === null, wide ?? '');
    if (wide) await shoot(page, `nasty${path.replaceAll(/[^a-z]+/g, '-').slice(0, 30)}`);
    await clean(page, `nasty names on ${path}`);
  }
  await page.goto('/models');
  await page.locator('tbody tr').first().waitFor();
  await page.keyboard.press('Control+k');
  // A list to choose from is a combobox as well, but does not say so itself.
  await page.locator('[role=combobox]').fill('xxxx');
  await page.locator('[role=option]').first().waitFor();
  await clean(page, 'nasty names in the command menu');
  check('nobody’s name became markup', dialogs.length === 0 && (await page.locator('img[src=x]').count()) === 0, dialogs.join(' '));
  check('no console error with nasty names', faults.length === 0, faults.join('\n        '));
  await context.close();
}
