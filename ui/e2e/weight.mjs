// What a first visit costs, as the browser sees it: requests, bytes on the wire, and how far things jump.
import { check } from './check.mjs';
import { open } from './browser.mjs';

const MOST_REQUESTS = 10;
const MOST_BYTES = 300_000;
const MOST_SHIFT = 0.05;

/** Opens a page with an empty cache, adding up what is not an answer of the API. */
export async function firstVisit(browser, url, session, path, name) {
  const { context, page } = await open(browser, url);
  await context.addCookies(session.cookies);
  await page.addInitScript(() => {
    localStorage.setItem('trainyard-session', '1');
    window.shift = 0;
    window.jumped = [];
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        if (entry.hadRecentInput) continue;
        window.shift += entry.value;
        window.jumped.push(...entry.sources.map(({ node }) => `${node?.nodeName.toLowerCase()}.${node?.className ?? ''}`));
      }
    }).observe({ type: 'layout-shift', buffered: true });
  });
  const sizes = [];
  page.on('requestfinished', (request) => {
    if (!new URL(request.url()).pathname.startsWith('/api/')) sizes.push(request.sizes().then((size) => ({ path: new URL(request.url()).pathname, bytes: size.responseBodySize })));
  });
  await page.goto(path);
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  const list = await Promise.all(sizes);
  const bytes = list.reduce((sum, one) => sum + one.bytes, 0);
  const shift = await page.evaluate(() => window.shift);
  console.log(`  ${name}: ${list.length} requests, ${Math.round(bytes / 1000)} kB, layout shift ${shift.toFixed(3)} (${(await page.evaluate(() => window.jumped)).join(', ')})`);
  check(`${name}: at most ${MOST_REQUESTS} requests`, list.length <= MOST_REQUESTS, list.map((one) => one.path).join(' '));
  check(`${name}: at most ${MOST_BYTES / 1000} kB`, bytes <= MOST_BYTES, String(bytes));
  check(`${name}: nothing jumps`, shift <= MOST_SHIFT, `${shift.toFixed(3)}: ${(await page.evaluate(() => window.jumped)).join(', ')}`);
  await context.close();
}
