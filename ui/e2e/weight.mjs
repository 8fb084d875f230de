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
    localStorage.setItem('trainyard-session', 'admin');
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

/** How long the largest part of Home takes to be drawn with a processor four times slower, and a slider to answer. Printed, never checked: that is the machine's doing too. */
export async function speeds(browser, url, session, model) {
  const { context, page } = await open(browser, url);
  await context.addCookies(session.cookies);
  const debug = await context.newCDPSession(page);
  await page.addInitScript(() => {
    localStorage.setItem('trainyard-session', 'admin');
    window.largest = 0;
    window.slowest = 0;
    new PerformanceObserver((list) => {
      window.largest = list.getEntries().at(-1).startTime;
    }).observe({ type: 'largest-contentful-paint', buffered: true });
    new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) if (entry.name === 'keydown') window.slowest = Math.max(window.slowest, entry.duration);
    }).observe({ type: 'event', durationThreshold: 16, buffered: true });
  });
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await page.goto('/');
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  const largest = await page.evaluate(() => window.largest);
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 1 });
  await page.goto(`/models/${model}`);
  const slider = page.getByRole('slider').first();
  await slider.focus();
  for (let count = 0; count < 20; count += 1) await slider.press('ArrowRight');
  const slowest = await page.evaluate(() => window.slowest);
  console.log(`  largest paint of home, processor 4 times slower: ${Math.round(largest)} ms; slowest of 20 steps of a slider: ${Math.round(slowest)} ms`);
  check('a slider moves by keys', (await slider.getAttribute('aria-valuenow')) === '0.7', await slider.getAttribute('aria-valuenow'));
  await context.close();
}
