// Before a page is printed: light colours, since paper is white, and everything that is folded away unfolded.
// Afterwards all is as it was.
const SCHEME = 'data-mantine-color-scheme';

export function preparePrinting(): void {
  let scheme: string | null = null;
  let opened: HTMLDetailsElement[] = [];
  window.addEventListener('beforeprint', () => {
    scheme = document.documentElement.getAttribute(SCHEME);
    document.documentElement.setAttribute(SCHEME, 'light');
    opened = [...document.querySelectorAll<HTMLDetailsElement>('main details:not([open])')];
    for (const one of opened) one.open = true;
  });
  window.addEventListener('afterprint', () => {
    if (scheme) document.documentElement.setAttribute(SCHEME, scheme);
    for (const one of opened) one.open = false;
    opened = [];
  });
}
