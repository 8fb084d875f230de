// Requests to /api/v1. The session lives in httpOnly cookies; an expired one is renewed once, by a
// single request however many calls notice it together.
import { below } from './place';
import { Problem, problemOf } from './problem';

export const BASE = below('/api/v1');
export const CLIENT_HEADERS = { 'X-Trainyard-Client': 'web' };

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

export interface Options {
  query?: Record<string, string | number | boolean | null | undefined>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
  /** Sign-in calls answer 401 themselves: renewing would only repeat it. */
  renew?: boolean;
  /** A file instead of JSON. */
  as?: 'blob';
  /** Is told the `ETag` of what came, for `If-Match` later. */
  onTag?: (tag: string | null) => void;
  /** Is told where the server says that what was begun can be followed. */
  onLocation?: (address: string | null) => void;
}

export function address(path: string, query: Options['query'] = {}): string {
  const parts = new URLSearchParams();
  for (const [key, value] of Object.entries(query)) {
    if (value !== null && value !== undefined && value !== '') parts.set(key, String(value));
  }
  const text = parts.toString();
  return BASE + path + (text ? `?${text}` : '');
}

/** What index.html asked for before there was a script, by address. Each answer is taken once, and only while it is fresh. */
const early = (globalThis as { trainyardEarly?: Record<string, Promise<Response | undefined>> }).trainyardEarly ?? {};
const FRESH_MS = 5000;

function takeEarly(method: Method, at: string): Promise<Response | undefined> | undefined {
  const answer = method === 'GET' && performance.now() < FRESH_MS ? early[at] : undefined;
  delete early[at];
  return answer;
}

async function send(method: Method, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { Accept: 'application/json', ...CLIENT_HEADERS, ...options.headers };
  let body: BodyInit | undefined;
  if (options.body instanceof Blob) {
    body = options.body;
    headers['Content-Type'] ??= 'application/octet-stream';
  } else if (options.body !== undefined) {
    body = JSON.stringify(options.body);
    headers['Content-Type'] = 'application/json';
  }
  try {
    const at = address(path, options.query);
    const response = (await takeEarly(method, at)) ?? await fetch(at, { method, headers, body, signal: options.signal, credentials: 'same-origin' });
    heard(true);
    return response;
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    heard(false);
    throw new Problem(0, {});
  }
}

let heard: (answered: boolean) => void = () => {};

/** Names who is told of every call whether the server answered it at all. */
export function onHeard(listener: (answered: boolean) => void): void {
  heard = listener;
}

/**
 * Runs one call at a time over all tabs. Each renewal uses up the key it was made with: two tabs renewing with
 * the same one would look like a theft, and end the session in both. Where the browser has no locks (a page
 * over plain http from another machine) a tab waits a moment of its own instead.
 */
async function alone(run: () => Promise<Response>): Promise<Response> {
  if (typeof navigator !== 'undefined' && navigator.locks) return navigator.locks.request('trainyard-renewal', run);
  await new Promise((resolve) => setTimeout(resolve, Math.random() * 400));
  return run();
}

let renewal: Promise<boolean> | null = null;

/** Renews the session; true when it worked. */
export function renewSession(): Promise<boolean> {
  renewal ??= alone(() => send('POST', '/auth/refresh', { body: {} }))
    .then((response) => response.ok)
    .catch(() => false)
    .finally(() => {
      renewal = null;
    });
  return renewal;
}

let expired: () => void = () => {};

/** Names who is told when a session has ended for good. */
export function onExpired(listener: () => void): void {
  expired = listener;
}

export function sessionEnded(): void {
  expired();
}

export async function request<T>(method: Method, path: string, options: Options = {}): Promise<T> {
  let response = await send(method, path, options);
  if (response.status === 401 && options.renew !== false) {
    if (await renewSession()) response = await send(method, path, options);
    if (response.status === 401) expired();
  }
  if (!response.ok) throw await problemOf(response);
  options.onTag?.(response.headers.get('etag'));
  options.onLocation?.(response.headers.get('location'));
  if (response.status === 204) return undefined as T;
  if (options.as === 'blob') return (await response.blob()) as T;
  return (await response.json()) as T;
}

/** The beginning of a long text, and whether that is all of it; the rest is not waited for. */
export async function beginningOf(path: string, bytes: number): Promise<{ text: string; whole: boolean }> {
  const response = await send('GET', path, { headers: { Accept: '*/*' } });
  if (!response.ok) throw await problemOf(response);
  const reader = response.body?.getReader();
  const decoder = new TextDecoder();
  let [text, read] = ['', 0];
  while (reader) {
    const { done, value } = await reader.read();
    if (done) return { text: text + decoder.decode(), whole: true };
    read += value.length;
    text += decoder.decode(value, { stream: true });
    if (read >= bytes) {
      await reader.cancel();
      return { text, whole: false };
    }
  }
  return { text, whole: true };
}

export const get = <T>(path: string, options?: Options) => request<T>('GET', path, options);
export const post = <T>(path: string, body?: unknown, options?: Options) => request<T>('POST', path, { body: body ?? {}, ...options });
export const put = <T>(path: string, body?: unknown) => request<T>('PUT', path, { body });
export const patch = <T>(path: string, body: unknown, options?: Options) => request<T>('PATCH', path, { body, ...options });
export const remove = (path: string, body?: unknown) => request<void>('DELETE', path, { body });

/** A key that makes a paid request safe to repeat: the server charges it once. */
export function idempotencyKey(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
