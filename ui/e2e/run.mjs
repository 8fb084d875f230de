// The browser tests, against the real binary: TRAINYARD_BIN=target/debug/trainyard node e2e/run.mjs
// SCREENSHOTS=folder keeps a picture of every view; CHROMIUM names another browser; E2E_ONLY="sharing,jobs" runs
// only these parts, while one works on them, E2E_PAGES=folder takes the pages built there, not the binary's own, and
// E2E_SLOW=300 holds every request back by 300 ms, which finds checks that look too early.
import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { contract, history, whyAndWhatIf, wholeFiles } from './answers.mjs';
import { allAsked, behindNumbers, dropped, lists, race, sheets } from './asked.mjs';
import { believed, versions } from './believed.mjs';
import { launch } from './browser.mjs';
import { closer, learned, readAgain, readAs, rowsInOrder } from './closer.mjs';
import { part, results, wanted } from './check.mjs';
import { badFiles, lostSession, outOfTokens, ownFile, returnAfterSignIn, severalNumbers, wrongPassword } from './flows.mjs';
import { belowAPath } from './below.mjs';
import { byKeyboard, byMouse } from './golden.mjs';
import { manyModels, manyRows, millionRows, sideBySide } from './large.mjs';
import { apiKeys, nastyNames, ownAccount, sharing, somebodyElse } from './people.mjs';
import { digits, pictureSet } from './pictures.mjs';
import { audit, jobs, menu, settings } from './running.mjs';
import { backButton, lostReply, names, serverAway, twoTabs, wide } from './hostile.mjs';
import { startServer } from './server.mjs';
import { several, tuning } from './studies.mjs';
import { endingOthers, formats, undoing } from './thoughts.mjs';
import { firstVisit, speeds } from './weight.mjs';
import { addresses, everyView, gates, reference } from './views.mjs';

const binary = process.env.TRAINYARD_BIN ?? fileURLToPath(new URL('../../target/debug/trainyard', import.meta.url));
if (process.env.SCREENSHOTS) mkdirSync(process.env.SCREENSHOTS, { recursive: true });

const browser = await launch();
const servers = [];
const start = async (options) => {
  const server = await startServer(binary, options);
  servers.push(server);
  return server;
};

/** The path everybody takes, then every page it leads to. */
async function usual() {
  const { url } = await start();
  let golden;
  await part('golden path', async () => {
    golden = await byMouse(browser, url);
  });
  if (!golden) return;
  await part('a file of one’s own', () => ownFile(browser, url));
  const session = { cookies: await golden.context.cookies() };
  const list = await addresses(golden.page);
  await part('first visits', () => firstVisit(browser, url, session, '/', 'home'));
  await part('speeds', () => speeds(browser, url, session, golden.ids.model));
  await part('every view', () => everyView(browser, url, session, list));
  await part('reference', () => reference(browser, url));
  await part('return after sign-in', () => returnAfterSignIn(browser, url));
  await part('wrong password', () => wrongPassword(browser, url));
  await part('two tabs', () => twoTabs(browser, url));
  await part('a lost reply', () => lostReply(browser, url, golden.ids.model));
  await part('out of tokens', () => outOfTokens(browser, url, golden.ids.model));
}

/** What is unusual. */
async function unusual() {
  const { url } = await start();
  await part('by keyboard', () => byKeyboard(browser, url));
  await part('hostile names', () => names(browser, url));
  await part('two hundred columns', () => wide(browser, url));
  await part('the back button', () => backButton(browser, url));
  await part('bad files', () => badFiles(browser, url));
  await part('a lost session', () => lostSession(browser, url));
  await part('gates', () => gates(browser, url));
}

/** A server that comes and goes. */
async function interrupted() {
  const server = await start();
  await part('the server goes away', () => serverAway(browser, server));
  await part('several numbers', () => severalNumbers(browser, server.url));
}

/** What answers a model gives, and how far they are believed. */
async function answering() {
  const { url } = await start();
  await part('believed', () => believed(browser, url));
  await part('versions', () => versions(browser, url));
  await part('why and what if', () => whyAndWhatIf(browser, url));
  await part('whole files', () => wholeFiles(browser, url));
  await part('how it fares', () => history(browser, url));
  await part('contract', () => contract(browser, url));
}

/** What can be looked up, read otherwise, searched for. */
async function looking() {
  const { url } = await start();
  await part('all that was asked', () => allAsked(browser, url));
  await part('behind numbers', () => behindNumbers(browser, url));
  await part('a race', () => race(browser, url));
  await part('narrowed lists', () => lists(browser, url));
  await part('sheets', () => sheets(browser, url));
  await part('a dropped file', () => dropped(browser, url));
  await part('looking closer', () => closer(browser, url));
  await part('rows in order', () => rowsInOrder(browser, url));
  await part('read again', () => readAgain(browser, url));
  await part('read as said', () => readAs(browser, url));
  await part('how it learned', () => learned(browser, url));
  await part('tuning', () => tuning(browser, url));
  await part('several algorithms', () => several(browser, url));
  await part('pictures', () => pictureSet(browser, url));
}

/** A server that shares its host. */
async function sharingHost() {
  if (!wanted('below a path')) return;
  const server = await start({ below: '/tools/ml' });
  await part('below a path', () => belowAPath(browser, server));
}

/** A server that reads digits. */
async function reading() {
  if (!wanted('digits')) return;
  const { url } = await start({ digits: true });
  await part('digits', () => digits(browser, url));
}

/** People and the running of the place. */
async function others() {
  const { url } = await start();
  await part('somebody else', () => somebodyElse(browser, url));
  await part('keys', () => apiKeys(browser, url));
  await part('one’s own account', () => ownAccount(browser, url));
  await part('sharing', () => sharing(browser, url));
  await part('the audit', () => audit(browser, url));
  await part('the settings', () => settings(browser, url));
  await part('the command menu', () => menu(browser, url));
  await part('jobs', () => jobs(browser, url));
  await part('second thoughts', () => undoing(browser, url));
  await part('formats', () => formats(browser, url));
  await part('ending others', () => endingOthers(browser, url));
  await part('side by side', () => sideBySide(browser, url));
  await part('nasty names', () => nastyNames(browser, url));
}

/** What is large. */
async function large() {
  const { url } = await start();
  await part('many rows', () => manyRows(browser, url));
  await part('a million rows', () => millionRows(browser, url));
  await part('a thousand models', () => manyModels(browser, url));
}

/** Each on servers of its own, the longest first, so that the lanes end at about the same time. */
const groups = [usual, unusual, others, large, looking, answering, interrupted, reading, sharingHost];
/** Side by side: each waits for its server most of the time. */
const LANES = 3;

async function lane() {
  for (let group = groups.shift(); group; group = groups.shift()) await group();
}

try {
  await Promise.all(Array.from({ length: LANES }, lane));
} catch (error) {
  results.failed += 1;
  console.error(error);
} finally {
  await browser.close();
  for (const server of servers) await server.stop();
}
console.log(`e2e: ${results.passed} passed, ${results.failed} failed`);
process.exit(results.failed === 0 ? 0 : 1);
