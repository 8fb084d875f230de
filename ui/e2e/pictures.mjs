// Pictures: handwritten digits drawn, chosen, pasted and dropped, with and without an account; a data set of pictures from
// its zip to the answer of its model.
import { deflateSync } from 'node:zlib';
import { check, soon, until } from './check.mjs';
import { axe, open, overflow, settled, shoot } from './browser.mjs';
import { asAdmin, send } from './api.mjs';
import { ACCOUNT } from './golden.mjs';
import { enter, signedIn } from './people.mjs';

const LONG = 300_000;

/** In both themes, on a desk and a phone: nothing for axe to find, and nothing scrolls sideways. */
export async function looksClean(page, name) {
  for (const colorScheme of ['light', 'dark']) {
    await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' });
    for (const [device, width, height] of [['desk', 1280, 900], ['phone', 390, 844]]) {
      await page.setViewportSize({ width, height });
      const found = await axe(page, colorScheme === 'dark' ? ['color-contrast'] : undefined);
      check(`axe: ${name} ${device}-${colorScheme}`, found.length === 0, found.join('\n        '));
      await shoot(page, `${name.replaceAll(' ', '-')}-${device}-${colorScheme}`);
    }
  }
  await page.emulateMedia({ colorScheme: 'light', reducedMotion: 'reduce' });
  await page.setViewportSize({ width: 320, height: 700 });
  const wide = await overflow(page);
  check(`320 px: ${name} does not scroll sideways`, wide === null, wide ?? '');
  await page.setViewportSize({ width: 1280, height: 900 });
}

function crc(bytes) {
  let sum = ~0;
  for (const byte of bytes) {
    sum ^= byte;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  }
  return ~sum >>> 0;
}

const word = (value) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

/** A grey PNG; `at(row, column)` is the brightness of a pixel. */
export function png(side, at) {
  const rows = Buffer.alloc(side * (side + 1));
  for (let row = 0; row < side; row += 1) for (let column = 0; column < side; column += 1) rows[row * (side + 1) + column + 1] = at(row, column);
  const chunk = (name, data) => {
    const body = Buffer.concat([Buffer.from(name), data]);
    return Buffer.concat([word(data.length), body, word(crc(body))]);
  };
  const head = Buffer.concat([word(side), word(side), Buffer.from([8, 0, 0, 0, 0])]);
  return Buffer.concat([Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]), chunk('IHDR', head), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A zip of files that are kept as they are. */
export function zip(files) {
  const [parts, list] = [[], []];
  let at = 0;
  for (const [name, data] of files) {
    const said = Buffer.from(name);
    const facts = Buffer.alloc(26);
    facts.writeUInt16LE(20, 0);
    facts.writeUInt16LE(0x0800, 2);
    facts.writeUInt32LE(crc(data), 10);
    facts.writeUInt32LE(data.length, 14);
    facts.writeUInt32LE(data.length, 18);
    facts.writeUInt16LE(said.length, 22);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(at, 10);
    list.push(Buffer.from([80, 75, 1, 2, 20, 0]), facts, tail, said);
    parts.push(Buffer.from([80, 75, 3, 4]), facts, said, data);
    at += 30 + said.length + data.length;
  }
  const directory = Buffer.concat(list);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(at, 16);
  return Buffer.concat([...parts, directory, end]);
}

/** A one: a dark stroke on white paper. */
const one = () => png(64, (row, column) => (Math.abs(column - 32) < 4 && row > 10 && row < 54 ? 20 : 250));

async function drawOne(page) {
  const pad = page.locator('svg.pad');
  await pad.waitFor();
  // Where the pad lies counts only once nothing above it is still on its way.
  await settled(page);
  await pad.scrollIntoViewIfNeeded();
  let box = await pad.boundingBox();
  await until(async () => {
    const before = box;
    await page.evaluate(() => window.drawn());
    box = await pad.boundingBox();
    return box.y === before.y && box.x === before.x;
  });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.2);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.5, { steps: 6 });
  await page.mouse.move(box.x + box.width / 2, box.y + box.height * 0.8, { steps: 6 });
  await page.mouse.up();
}

/** Gives the page a file as the clipboard or a drag would. */
const give = (page, type, target, bytes, name) =>
  page.evaluate(
    ({ type: kind, target: at, data, name: called }) => {
      const transfer = new DataTransfer();
      transfer.items.add(new File([Uint8Array.from(data)], called, { type: 'image/png' }));
      const event = kind === 'paste' ? new ClipboardEvent('paste', { clipboardData: transfer, bubbles: true, cancelable: true }) : new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
      document.querySelector(at).dispatchEvent(event);
    },
    { type, target, data: [...bytes], name },
  );

/** Digits: while the model learns, then drawn, pasted, dropped and refused; as a guest; another model is trained and chosen. */
export async function digits(browser, url) {
  const { context, page, faults } = await open(browser, url, { expected: ['422'] });
  await page.goto('/digits');
  await page.getByRole('heading', { level: 1, name: 'Read a digit' }).waitFor();
  const go = page.getByRole('button', { name: /^Read it/ });
  await page.getByRole('heading', { name: 'The model is still learning' }).waitFor();
  await drawOne(page);
  check('nothing can be asked while the model learns', await go.isDisabled());
  await looksClean(page, 'digits preparing');
  const api = await asAdmin(url);
  await page.getByRole('heading', { name: 'The model is still learning' }).waitFor({ state: 'detached', timeout: LONG });
  await soon('the drawing is still there when the model is', async () => (await page.locator('svg.pad path').count()) === 1);
  await go.click();
  await page.locator('p.answer').waitFor();
  check('a guest is told the digit', (await page.locator('p.answer').innerText()) === '1', await page.locator('p.answer').innerText());
  await page.close();

  const inside = await context.newPage();
  await enter(inside, ACCOUNT.email, ACCOUNT.password);
  await inside.getByRole('link', { name: 'Digits', exact: true }).click();
  const read = inside.getByRole('button', { name: 'Read it · 5 tokens' });
  await read.waitFor();
  check('without a picture there is nothing to read', await read.isDisabled());
  await drawOne(inside);
  await read.click();
  const answer = inside.locator('p.answer');
  await answer.waitFor();
  check('a drawn one is read', (await answer.innerText()) === '1');
  check('with the three likeliest answers', (await inside.locator('.likely > div').count()) === 3);
  await inside.getByRole('button', { name: 'Which parts mattered?' }).click();
  await soon('the parts that mattered are shown, and told in words', async () => (await inside.locator('.parts rect').count()) === 49 && (await inside.getByText(/^Most of it rests on a part/).count()) === 1);
  await looksClean(inside, 'digits parts');
  await soon('and what the model saw', () => inside.getByRole('img', { name: /28 × 28 pixels/ }).evaluate((image) => image.complete && image.naturalWidth === 28));
  await soon('the balance is right at once', async () => (await inside.locator('.purse').innerText()).includes('1,995'), () => inside.locator('.purse').innerText());
  await looksClean(inside, 'digits read');
  await drawOne(inside);
  await soon('a changed drawing says so', () => inside.getByText('The picture has changed since this answer.').isVisible());
  await inside.getByRole('button', { name: 'Undo' }).click();
  await soon('undo takes the last stroke back', async () => (await inside.locator('svg.pad path').count()) === 1 && !(await inside.getByText('The picture has changed').isVisible()));
  await inside.getByRole('button', { name: 'Try another' }).click();
  await soon('another begins empty', async () => (await inside.locator('svg.pad path').count()) === 0 && (await answer.count()) === 0);

  await give(inside, 'paste', 'body', one(), 'pasted.png');
  await inside.getByRole('img', { name: 'The picture you chose: pasted.png' }).waitFor();
  await read.click();
  await answer.waitFor();
  check('a pasted one is read', (await answer.innerText()) === '1');
  await looksClean(inside, 'digits pasted');
  await give(inside, 'drop', '.taking', png(64, () => 255), '<img src=x onerror=alert(1)>.png');
  await inside.getByText('<img src=x onerror=alert(1)>.png').waitFor();
  await read.click();
  await inside.getByText('Nothing stands out on the picture').waitFor();
  await soon('a blank picture costs nothing', async () => (await inside.locator('.purse').innerText()).includes('1,990'), () => inside.locator('.purse').innerText());
  await looksClean(inside, 'digits refused');
  await inside.getByTestId('picture').setInputFiles({ name: 'letter.txt', mimeType: 'text/plain', buffer: Buffer.from('Dear model,') });
  await inside.getByText('letter.txt').first().waitFor();
  await read.click();
  await inside.getByText('This is a text, and pictures are read as').waitFor();
  check('what is no picture is refused in words', true);

  await inside.getByLabel('With which algorithm').selectOption('logistic_regression');
  await inside.getByRole('button', { name: 'Train another' }).click();
  await inside.getByText('Version 2 is being trained.').waitFor();
  const choose = inside.getByRole('button', { name: 'Let it read: version 2' });
  await choose.waitFor({ timeout: LONG });
  await choose.click();
  await inside.getByText('Version 2 reads from now on.').waitFor();
  await soon('the chosen model reads', async () => (await inside.locator('.lead').innerText()).includes('logistic regression, version 2'), () => inside.locator('.lead').innerText());
  await looksClean(inside, 'digits chosen');
  await api('PATCH', '/admin/settings', { digits_guest_calls: 0 });
  check('no console error with digits', faults.length === 0, faults.join('\n        '));
  await context.close();

  const outside = await open(browser, url);
  await outside.page.goto('/digits');
  await outside.page.getByRole('heading', { name: 'Sign in to have it read' }).waitFor();
  check('guests can be kept out', await outside.page.getByRole('button', { name: /^Read it/ }).isDisabled());
  check('no console error outside', outside.faults.length === 0, outside.faults.join('\n        '));
  await outside.context.close();
}

/** Bars that lie and bars that stand, as pictures in folders: brought as a zip, looked at, learned, and asked. */
export async function pictureSet(browser, url) {
  const api = await asAdmin(url);
  const files = [];
  for (let index = 0; index < 60; index += 1) {
    const [a, b] = [6 + (index % 12), 4 + (index % 5)];
    const lies = (row, column) => (Math.abs(row - a) < 2 && column > b && column < 24 ? 240 : 0);
    files.push([`lying <b>flat</b>/${index}.png`, png(28, lies)], [`standing/${index}.png`, png(28, (row, column) => lies(column, row))]);
  }
  const { context, page, faults } = await signedIn(browser, url, { expected: ['422'] });
  await page.goto('/data/new');
  await page.getByTestId('file').setInputFiles({ name: 'bars.zip', mimeType: 'application/zip', buffer: zip(files) });
  await page.getByRole('heading', { name: 'A zip of pictures' }).waitFor();
  await looksClean(page, 'pictures chosen');
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('tab', { name: 'Classes' }).waitFor({ timeout: LONG });
  await soon('each class is counted', async () => (await page.getByRole('img', { name: /2 classes/ }).count()) === 1);
  await page.getByRole('heading', { name: 'Every class has about as many pictures' }).waitFor();
  await looksClean(page, 'pictures classes');
  await page.getByRole('tab', { name: 'Gallery' }).click();
  const first = page.getByRole('img', { name: /^Picture 1: / });
  await first.waitFor();
  await soon('pictures are drawn as they were read', () => first.evaluate((canvas) => [...canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height).data].some((value, index) => index % 4 === 0 && value > 200)));
  await looksClean(page, 'pictures gallery');
  await page.getByRole('button', { name: 'Train a model' }).click();
  await page.getByRole('button', { name: /^Train · / }).waitFor();
  await soon('only the class can be predicted', async () => (await page.getByLabel('Column to predict').locator('option').count()) === 1);
  await looksClean(page, 'pictures train');
  const dataset = new URL(page.url()).pathname.split('/')[2];
  const model = await api('POST', '/models', { dataset_id: dataset, target: 'label', algorithm: 'random_forest', name: 'bars' }, { Prefer: 'wait=60' });
  await page.goto(`/models/${model.id}?tab=try`);
  await drawOne(page);
  await page.getByRole('button', { name: /^Read it/ }).click();
  await page.locator('p.answer').waitFor();
  check('a drawn bar that stands is told', (await page.locator('p.answer').innerText()) === 'standing', await page.locator('p.answer').innerText());
  await looksClean(page, 'pictures try');
  await page.goto(`/models/${model.id}`);
  await page.locator('.matrix .cell').first().click();
  const side = page.getByRole('dialog');
  await side.getByRole('img', { name: /^Picture 1: / }).waitFor();
  const behind = await side.getByRole('status').innerText();
  await soon('behind a number of the matrix are its pictures', async () => (await side.locator('canvas').count()) === Math.min(40, Number.parseInt(behind, 10)), () => behind);
  await looksClean(page, 'pictures of a cell');
  await page.goto(`/models/${model.id}?tab=try`);
  await page.getByText('A zip of pictures', { exact: true }).click();
  await page.getByTestId('file').setInputFiles({ name: 'more bars.zip', mimeType: 'application/zip', buffer: zip([['__MACOSX/._a.png', Buffer.from('clutter')], ['here/<u>a</u>.png', files[0][1]], ['b.png', files[1][1]], ['letter.txt', Buffer.from('Dear model,')]]) });
  await page.getByText(/^3 files: 5 tokens/).waitFor();
  await looksClean(page, 'pictures to answer');
  await page.getByRole('button', { name: 'Answer it · 5 tokens' }).click();
  await page.waitForURL('**/batches/**');
  const answered = page.getByRole('region', { name: 'The first answers' });
  await answered.waitFor({ timeout: LONG });
  const told = await answered.locator('tbody tr').allInnerTexts();
  check('an archive of pictures is answered, and what is none says why', told.length === 3 && told[0].includes('lying') && told[1].includes('standing') && told.some((line) => line.includes('letter.txt')), told.join(' | '));
  await looksClean(page, 'pictures answered');
  const { guest_slug: slug } = await api('PATCH', `/models/${model.id}`, { visibility: 'guest' });
  const outside = await open(browser, url);
  await outside.page.goto(`/g/${slug}`);
  await drawOne(outside.page);
  await outside.page.getByRole('button', { name: /^Read it/ }).click();
  await outside.page.locator('p.answer').waitFor();
  check('a guest draws for a shared model', (await outside.page.locator('p.answer').innerText()) === 'standing', await outside.page.locator('p.answer').innerText());
  await looksClean(outside.page, 'pictures guest');
  check('no console error for a guest with pictures', outside.faults.length === 0, outside.faults.join('\n        '));
  await outside.context.close();
  await page.goto(`/models/${model.id}?tab=code`);
  check('the code sends a picture', (await page.locator('pre').innerText()).includes(`/models/${model.id}/pictures`));
  await page.goto(`/models/${model.id}?tab=settings`);
  await page.getByText('pictures of 28 × 28 pixels').waitFor();
  await looksClean(page, 'pictures settings');
  await page.goto('/data/new');
  await page.getByTestId('file').setInputFiles({ name: 'empty.zip', mimeType: 'application/zip', buffer: zip([['notes/readme.txt', Buffer.from('nothing here')]]) });
  await page.getByRole('button', { name: 'Looks right, upload' }).click();
  await page.getByRole('heading', { name: 'This file could not be read' }).waitFor({ timeout: LONG });
  check('a zip without pictures says what is wrong', (await page.getByRole('alert').innerText()).length > 60, await page.getByRole('alert').innerText());
  check('no console error with pictures', faults.length === 0, faults.join('\n        '));
  await context.close();
  const status = await send(url, 'GET', '/digits');
  check('a server without digits says so', status.body.status === 'off');
}
