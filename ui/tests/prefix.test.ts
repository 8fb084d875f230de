// Addresses of an app that may lie below a path of its host.
import { afterEach, describe, expect, it, vi } from 'vitest';

afterEach(() => {
  delete document.documentElement.dataset.prefix;
  window.history.replaceState(null, '', '/');
  vi.resetModules();
});

/** The module as it is on a page that was served below this path and stands at this address. */
async function placeAt(prefix: string | undefined, address: string) {
  vi.resetModules();
  if (prefix !== undefined) document.documentElement.dataset.prefix = prefix;
  window.history.replaceState(null, '', address);
  return import('../src/api/place');
}

describe('addresses', () => {
  it('are those of the host where the app has it for itself', async () => {
    const place = await placeAt(undefined, '/models/7');
    expect(place.below('/login')).toBe('/login');
    expect(place.publicAddress('/g/iris')).toBe(`${window.location.origin}/g/iris`);
    expect(place.pagePath()).toBe('/models/7');
  });

  it('lie below the path the server wrote into the page', async () => {
    const place = await placeAt('/tools/ml', '/tools/ml/models/7?tab=try');
    expect(place.below('/login')).toBe('/tools/ml/login');
    expect(place.publicAddress()).toBe(`${window.location.origin}/tools/ml`);
    expect(place.pagePath()).toBe('/models/7');
    const { address } = await import('../src/api/client');
    expect(address('/models', { limit: 5 })).toBe('/tools/ml/api/v1/models?limit=5');
  });

  it('take the bare path for the front page', async () => {
    expect((await placeAt('/tools/ml', '/tools/ml')).pagePath()).toBe('/');
    expect((await placeAt('/tools/ml', '/tools/ml/')).pagePath()).toBe('/');
  });
});
