// Where this app is served: at the root of its host, or below a path that it shares the host by.

/** The path of the host that everything lies below: `/ml`, or nothing. The server writes it into the page. */
export const PREFIX = globalThis.document?.documentElement.dataset.prefix ?? '';

/** An address of this server for the browser: `/login` → `/ml/login`. */
export function below(path: string): string {
  return PREFIX + path;
}

/** The same in full, to be handed to somebody else. */
export function publicAddress(path = ''): string {
  return window.location.origin + below(path);
}

/** The page's own address without what lies before the app. */
export function pagePath(): string {
  const { pathname } = window.location;
  return pathname.startsWith(`${PREFIX}/`) ? pathname.slice(PREFIX.length) : '/';
}
