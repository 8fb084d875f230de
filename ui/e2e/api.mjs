// The server by its API, for what a browser test needs but does not try: accounts, many models, large tables.
import { ACCOUNT } from './golden.mjs';

/** Calls as the first account, which is made when there is none. */
export async function asAdmin(url) {
  const first = await send(url, 'POST', '/setup', { email: ACCOUNT.email, password: ACCOUNT.password, display_name: ACCOUNT.name, starting_tokens: 2000 });
  const session = first.body.access_token ? first.body : (await send(url, 'POST', '/auth/login', { login: ACCOUNT.email, password: ACCOUNT.password })).body;
  return caller(url, session.access_token);
}

/** Calls with a token or key; fails on any refusal unless told not to. */
export function caller(url, token) {
  return async (method, path, body, headers = {}) => {
    const { status, body: answer } = await send(url, method, path, body, { Authorization: `Bearer ${token}`, ...headers });
    if (status >= 400) throw new Error(`${method} ${path}: ${status} ${JSON.stringify(answer)}`);
    return answer;
  };
}

export async function send(url, method, path, body, headers = {}) {
  const plain = typeof body === 'string' || body instanceof Buffer;
  const response = await fetch(`${url}/api/v1${path}`, { method, headers: { ...(body === undefined || plain ? {} : { 'Content-Type': 'application/json' }), ...headers }, body: body === undefined || plain ? body : JSON.stringify(body) });
  const text = await response.text();
  return { status: response.status, body: text && (response.headers.get('content-type') ?? '').includes('json') ? JSON.parse(text) : text };
}

/** A small table of two classes, and a model that is trained on it. */
export async function smallModel(api, name, more = {}) {
  const csv = ['size,colour,kind', ...Array.from({ length: 80 }, (_, index) => `${(index * 37) % 101},${['red', 'green', 'blue'][index % 3]},${(index * 37) % 101 > 50 ? 'large' : 'small'}`)].join('\n');
  const data = await api('POST', `/datasets?name=${encodeURIComponent(name)}`, csv, { Prefer: 'wait=30' });
  const model = await api('POST', '/models', { dataset_id: data.id, target: 'kind', algorithm: 'decision_tree', name, ...more }, { Prefer: 'wait=60' });
  return { data, model };
}
