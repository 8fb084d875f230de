import { readFileSync } from 'node:fs';
import { launch, open } from './browser.mjs';
import { startServer } from './server.mjs';
import { byMouse } from './golden.mjs';
const server = await startServer('/work/main/target/debug/trainyard');
const browser = await launch();
const golden = await byMouse(browser, server.url);
const cookies = await golden.context.cookies();
await golden.context.close();
for (let run = 0; run < 2; run += 1) {
  const { context, page } = await open(browser, server.url);
  await context.addCookies(cookies);
  const debug = await context.newCDPSession(page);
  await page.addInitScript(() => localStorage.setItem('trainyard-session', 'admin'));
  await debug.send('Emulation.setCPUThrottlingRate', { rate: 4 });
  await browser.startTracing(page, { path: '/tmp/w/trace.json', categories: ['devtools.timeline', 'loading', 'v8'] });
  await page.goto('/');
  await page.locator('h1').first().waitFor();
  await page.waitForLoadState('networkidle');
  await browser.stopTracing();
  await context.close();
}
await browser.close();
await server.stop();
