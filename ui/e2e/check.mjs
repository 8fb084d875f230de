// Counts what held and what did not.
export const results = { passed: 0, failed: 0 };

export function check(name, holds, detail = '') {
  if (holds) {
    results.passed += 1;
    if (process.env.E2E_VERBOSE) console.log(`  ok    ${name}`);
  } else {
    results.failed += 1;
    console.log(`  FAIL  ${name}${detail ? `: ${detail}` : ''}`);
  }
}

/** As long as anything on a page may take to become true: a machine that is shared may be several times slower. */
export const PATIENCE = 60_000;

/** Asks again until it holds; false when it never does. */
export async function until(holds) {
  const end = Date.now() + PATIENCE;
  for (;;) {
    if (await holds()) return true;
    if (Date.now() > end) return false;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What becomes true a moment after something was pressed or answered. */
export async function soon(name, holds, detail = '') {
  const held = await until(holds);
  check(name, held, held || typeof detail === 'string' ? String(detail) : await detail());
}

/** Pages that were opened, to tell where one stood when a part fell over. */
export const pages = new Set();

/** What an open page of this part shows, in few words. */
async function sight(page) {
  const text = await page.evaluate(() => document.body.innerText).catch(() => '(it does not answer)');
  return `${page.url()} shows: ${text.replaceAll(/\s+/g, ' ').slice(0, 900)}`;
}

const only = process.env.E2E_ONLY?.split(',');

/** Whether a part is to run at all. */
export const wanted = (name) => !only || only.includes(name);

/** Runs one part; an exception in it is one failed check, and the other parts still run. */
export async function part(name, run) {
  if (!wanted(name)) return;
  const begin = Date.now();
  const before = new Set(pages);
  try {
    await run();
  } catch (error) {
    check(name, false, error instanceof Error ? error.message.split('\n').slice(0, 12).join('\n        ') : String(error));
    for (const page of pages) if (!before.has(page) && !page.isClosed()) console.log(`        ${await sight(page)}`);
  }
  console.log(`${name}: ${((Date.now() - begin) / 1000).toFixed(1)} s`);
}
