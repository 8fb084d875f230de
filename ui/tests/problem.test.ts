import { afterEach, describe, expect, it, vi } from 'vitest';
import { address, get, onExpired, post } from '../src/api/client';
import { asProblem, Problem, problemOf } from '../src/api/problem';
import { safeNext } from '../src/app/session';

function answer(status: number, body: unknown, headers: Record<string, string> = {}): Response {
  return new Response(status === 204 ? null : typeof body === 'string' ? body : JSON.stringify(body), { status, headers });
}

afterEach(() => {
  vi.unstubAllGlobals();
  onExpired(() => {});
});

describe('problems', () => {
  it('reads the envelope with its fields and extras', async () => {
    const problem = await problemOf(answer(402, { title: 'Not enough tokens', code: 'insufficient_tokens', detail: 'This costs 5.', needed: 5, balance: 3, request_id: 'r1', errors: [{ pointer: '/target', detail: 'is missing' }, 'junk'] }));
    expect(problem).toMatchObject({ status: 402, code: 'insufficient_tokens', message: 'This costs 5.', needed: 5, balance: 3, requestId: 'r1' });
    expect(problem.field('/target')).toBe('is missing');
    expect(problem.field('/name')).toBeUndefined();
    expect(problem.fields).toHaveLength(1);
  });
  it('makes sense of a proxy’s page and takes the request id and the wait from the headers', async () => {
    const problem = await problemOf(answer(502, '<html>Bad gateway</html>', { 'x-request-id': 'r2', 'retry-after': '7' }));
    expect(problem).toMatchObject({ status: 502, code: 'internal', requestId: 'r2', retryAfter: 7 });
    expect(problem.message).toContain('502');
  });
  it('wraps anything thrown', () => {
    expect(asProblem(new TypeError('boom')).message).toBe('boom');
    const own = new Problem(404, {});
    expect(asProblem(own)).toBe(own);
  });
});

describe('requests', () => {
  it('leaves empty filters out of the address', () => {
    expect(address('/models', { limit: 50, search: '', cursor: null })).toBe('/api/v1/models?limit=50');
  });
  it('turns a lost connection into a problem', async () => {
    vi.stubGlobal('fetch', vi.fn().mockRejectedValue(new TypeError('failed')));
    await expect(get('/me')).rejects.toMatchObject({ status: 0, code: 'offline' });
  });
  it('renews an expired session once for many calls, then repeats each', async () => {
    let renewed = false;
    const calls: string[] = [];
    vi.stubGlobal('fetch', vi.fn(async (url: string) => {
      calls.push(url);
      if (url.endsWith('/auth/refresh')) {
        renewed = true;
        return answer(200, {});
      }
      return renewed ? answer(200, { url }) : answer(401, { code: 'unauthenticated' });
    }));
    const [first, second] = await Promise.all([get<{ url: string }>('/models'), get<{ url: string }>('/datasets')]);
    expect(first.url).toBe('/api/v1/models');
    expect(second.url).toBe('/api/v1/datasets');
    expect(calls.filter((url) => url.endsWith('/auth/refresh'))).toHaveLength(1);
  });
  it('tells when a session is over for good, but not for a wrong password', async () => {
    const ended = vi.fn();
    onExpired(ended);
    vi.stubGlobal('fetch', vi.fn(async () => answer(401, { code: 'unauthenticated', detail: 'Sign in.' })));
    await expect(post('/auth/login', {}, { renew: false })).rejects.toMatchObject({ status: 401 });
    expect(ended).not.toHaveBeenCalled();
    await expect(get('/me')).rejects.toMatchObject({ status: 401 });
    expect(ended).toHaveBeenCalledOnce();
  });
});

describe('returning after sign-in', () => {
  it('only leads to addresses of this app', () => {
    expect(safeNext('/models?q=a')).toBe('/models?q=a');
    for (const bad of ['//evil.example', 'https://evil.example', '/\\evil.example', undefined, 7, 'models']) expect(safeNext(bad)).toBe('/');
  });
});
