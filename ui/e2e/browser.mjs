// A browser whose every complaint counts: console errors, failed scripts, refused requests to other hosts.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { chromium } from 'playwright-core';
import { PATIENCE, pages, until } from './check.mjs';

const axeSource = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const TAGS = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

export function launch() {
  return chromium.launch({
    executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
}

/** Milliseconds every request is held back, to see which check looks before a slow machine has an answer. */
const HELD = Number(process.env.E2E_SLOW ?? 0);

/** Waits for two more pictures of the page, or two seconds: a browser under load may stop drawing, and what is asked is true without. */
function drawn() {
  window.drawn = () => new Promise((resolve) => {
    requestAnimationFrame(() => requestAnimationFrame(resolve));
    setTimeout(resolve, 2000);
  });
}

/** Opens a page that notes everything that goes wrong in it. */
export async function open(browser, url, { width = 1280, height = 900, dark = false, expected = [] } = {}) {
  const context = await browser.newContext({ baseURL: `${url}/`, viewport: { width, height }, colorScheme: dark ? 'dark' : 'light', reducedMotion: 'reduce' });
  context.setDefaultTimeout(PATIENCE);
  if (HELD > 0) await context.route('**/*', (route) => setTimeout(() => route.continue().catch(() => {}), HELD));
  await context.addInitScript(drawn);
  const page = await context.newPage();
  pages.add(page);
  const faults = [];
  const note = (text) => {
    if (!expected.some((part) => text.includes(part))) faults.push(text);
  };
  page.on('console', (message) => {
    if (message.type() === 'error') note(`${message.text()} (${message.location().url})`);
  });
  page.on('pageerror', (error) => note(String(error)));
  page.on('request', (request) => {
    const { origin, protocol } = new URL(request.url());
    if (origin !== new URL(url).origin && protocol.startsWith('http')) note(`asks another host: ${request.url()}`);
  });
  return { context, page, faults };
}

/** What keeps a page from being whole: no heading, something loading or moving, pictures of it that never come. */
function unrest() {
  const now = () => [
    document.querySelector('h1')?.checkVisibility() ? '' : 'it has no heading',
    ...[...document.querySelectorAll('.skeleton, [aria-busy=true]')].map((part) => `loading in ${part.parentElement?.className || part.parentElement?.tagName}`),
  ].filter((reason) => reason !== '');
  const moving = () => document.getAnimations().filter((animation) => animation.playState === 'running').map(({ effect, animationName, transitionProperty }) => `${animationName ?? transitionProperty} moves ${effect?.target?.className || effect?.target?.tagName}`);
  return Promise.resolve(now()).then(async (reasons) => {
    if (reasons.length > 0) return reasons;
    await document.fonts.ready;
    const begin = performance.now();
    await window.drawn();
    if (performance.now() - begin >= 2000) reasons.push('it is not drawn');
    return [...reasons, ...now(), ...moving()];
  });
}

/** Whole, also after a change of size or theme: its heading shown, nothing loading or moving, its fonts there, one more picture drawn. */
export async function settled(page) {
  let reasons = [];
  // Not waitForFunction: it takes the promise of an answer for a yes.
  const whole = async () => {
    reasons = await page.evaluate(unrest);
    // What is not drawn never ends moving; a picture of one corner has it drawn.
    if (reasons.includes('it is not drawn')) await page.screenshot({ clip: { x: 0, y: 0, width: 8, height: 8 } });
    return reasons.every((reason) => reason === 'it is not drawn');
  };
  if (!(await until(whole))) throw new Error(`the page never came to rest: ${page.url()}: ${reasons.join(', ')}`);
}

/** What axe finds wrong with the page as it stands once it is there, as short texts; by some rules only, if they are named. */
export async function axe(page, rules) {
  await settled(page);
  // Through the debugger, so that the page's content policy need not allow it.
  if (await page.evaluate(() => window.axe === undefined)) await page.evaluate(axeSource);
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: TAGS };
  const result = await page.evaluate((only) => window.axe.run(document, { runOnly: only, resultTypes: ['violations'] }), runOnly);
  return result.violations.map((found) => `${found.id} (${found.impact}): ${found.nodes.slice(0, 3).map((node) => `${node.target.join(' ')} ${node.any[0]?.message ?? ''}`).join(' | ')}`);
}

/** Whether the page itself can be scrolled sideways, and by what; plots take a moment to be drawn for another width. */
export async function overflow(page) {
  const end = Date.now() + 3000;
  for (;;) {
    const wide = await overflowNow(page);
    if (wide === null || Date.now() > end) return wide;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function overflowNow(page) {
  return page.evaluate(async () => {
    await window.drawn();
    const wide = document.documentElement.scrollWidth - document.documentElement.clientWidth;
    if (wide <= 0) return null;
    const limit = document.documentElement.clientWidth;
    const inScroller = (element) => {
      for (let parent = element.parentElement; parent; parent = parent.parentElement) {
        if (['auto', 'scroll', 'hidden'].includes(getComputedStyle(parent).overflowX)) return true;
      }
      return false;
    };
    const culprit = [...document.querySelectorAll('body *')].find((element) => element.getBoundingClientRect().right > limit + 1 && !inScroller(element));
    return `${wide} px too wide${culprit ? `: <${culprit.tagName.toLowerCase()} class="${culprit.className}">` : ''}`;
  });
}

/** Whether the chosen tab, where there is one, can be seen whole; what it is, if not. It is moved into view a moment after a change of size. */
export async function hiddenTab(page) {
  const end = Date.now() + 3000;
  for (;;) {
    const hidden = await hiddenNow(page);
    if (hidden === null || Date.now() > end) return hidden;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

function hiddenNow(page) {
  return page.evaluate(() => {
    const chosen = document.querySelector('[role=tab][aria-selected=true]');
    const bar = chosen?.parentElement?.getBoundingClientRect();
    const place = chosen?.getBoundingClientRect();
    return !bar || (place.left >= bar.left - 1 && place.right <= bar.right + 1) ? null : chosen.textContent;
  });
}

export async function shoot(page, name, { full = true } = {}) {
  const folder = process.env.SCREENSHOTS;
  if (folder) await page.screenshot({ path: join(folder, `${name}.png`), fullPage: full });
}
