// The browser tests, against the real binary: TRAINYARD_BIN=target/debug/trainyard node e2e/run.mjs
// SCREENSHOTS=folder keeps a picture of every view; CHROMIUM names another browser.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { launch } from './browser.mjs';
import { part, results } from './check.mjs';
import { badFiles, lostSession, outOfTokens, ownFile, returnAfterSignIn, wrongPassword } from './flows.mjs';
import { byKeyboard, byMouse } from './golden.mjs';
import { startServer } from './server.mjs';
import { firstVisit } from './weight.mjs';
import { addresses, everyView, gates, narrow, reference } from './views.mjs';

const binary = process.env.TRAINYARD_BIN ?? fileURLToPath(new URL('../../target/debug/trainyard', import.meta.url));
if (process.env.SCREENSHOTS) mkdirSync(process.env.SCREENSHOTS, { recursive: true });

const browser = await launch();
const servers = [];
const start = async () => {
  const server = await startServer(binary);
  servers.push(server);
  return server;
};
try {
  const { url } = await start();
  let golden;
  await part('golden path', async () => {
    golden = await byMouse(browser, url);
  });
  if (golden) {
    await part('a file of one’s own', () => ownFile(browser, url));
    const session = { cookies: await golden.context.cookies() };
    const list = await addresses(golden.page);
    await part('first visits', async () => {
      await firstVisit(browser, url, session, '/', 'home');
    });
    await part('every view', () => everyView(browser, url, session, list));
    await part('at 320 px', () => narrow(browser, url, session, list));
    await part('reference', () => reference(browser, url));
    await part('gates', () => gates(browser, url));
    await part('bad files', () => badFiles(browser, url));
    await part('a lost session', () => lostSession(browser, url));
    await part('return after sign-in', () => returnAfterSignIn(browser, url));
    await part('wrong password', () => wrongPassword(browser, url));
    await part('out of tokens', () => outOfTokens(browser, url, golden.ids.model));
  }
  await part('by keyboard', async () => byKeyboard(browser, (await start()).url));
} catch (error) {
  results.failed += 1;
  console.error(error);
} finally {
  await browser.close();
  for (const server of servers) await server.stop();
}
console.log(`e2e: ${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
