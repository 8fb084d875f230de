import { launch, open } from './browser.mjs';
import { startServer } from './server.mjs';
import { byMouse } from './golden.mjs';
const binary = '/work/main/target/debug/trainyard';
const server = await startServer(binary);
const browser = await launch();
const golden = await byMouse(browser, server.url);
const cookies = await golden.context.cookies();
await golden.context.close();
for (const [name, url] of [['own', server.url]]) {
  const found = [];
  for (let run = 0; run < 7; run += 1) {
    const { context, page } = await open(browser, url);
    await context.addCookies(cookies);
    const debug = await context.newCDPSession(page);
    await page.addInitScript(() => {
      localStorage.setItem('trainyard-session', 'admin');
      window.list = [];
      new PerformanceObserver((list) => { for (const e of list.getEntries()) window.list.push([Math.round(e.startTime), e.element?.tagName, (e.element?.textContent ?? '').slice(0, 30), e.size]); }).observe({ type: 'largest-contentful-paint', buffered: true });
    });
    await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 });
    await page.goto('/');
    await page.locator('h1').first().waitFor();
    await page.waitForLoadState('networkidle');
    const list = await page.evaluate(() => window.list);
    const timing = await page.evaluate(() => performance.getEntriesByType('resource').map((e) => [e.name.replace(/^.*\/(?=[^/]+$)/, ''), Math.round(e.startTime), Math.round(e.responseEnd)]));
    found.push(list.at(-1)[0]);
    if (run === 6) console.log(JSON.stringify(list), '\n', timing.map((t) => t.join(' ')).join('\n '));
    await context.close();
  }
  console.log(name, process.env.E2E_PAGES ?? 'embedded', found.join(' '), 'median', [...found].sort((a, b) => a - b)[3]);
}
await browser.close();
await server.stop();
