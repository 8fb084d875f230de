import { launch } from './browser.mjs';
import { part, results } from './check.mjs';
import { byMouse } from './golden.mjs';
import { startServer } from './server.mjs';
import * as hostile from './hostile.mjs';
const browser = await launch();
const server = await startServer(process.env.TRAINYARD_BIN);
try {
  await part('golden', async () => { await byMouse(browser, server.url); });
  for (const name of process.argv.slice(2)) await part(name, () => hostile[name](browser, server.url, server));
} finally { await browser.close(); await server.stop(); }
console.log(results);
