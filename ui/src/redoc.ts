// The API reference page: ReDoc reads the server's own OpenAPI file. A page of its own, because its
// styles are made while it runs and need a looser content policy than the app has.
import bundle from 'virtual:redoc-bundle';
import './design/fonts.css';

interface Redoc {
  init(url: string, options: object, element: HTMLElement | null): void;
}

document.body.style.margin = '0';
const script = document.createElement('script');
script.src = bundle;
script.onload = () => {
  const redoc = (window as unknown as { Redoc: Redoc }).Redoc;
  redoc.init(
    `${document.documentElement.dataset.prefix ?? ''}/openapi.json`,
    {
      disableSearch: false,
      hideDownloadButton: false,
      theme: {
        colors: { primary: { main: '#17563f' } },
        typography: {
          fontFamily: "'Atkinson Hyperlegible Next Variable', sans-serif",
          headings: { fontFamily: "'Atkinson Hyperlegible Next Variable', sans-serif" },
          code: { fontFamily: "'Overpass Mono Variable', monospace" },
        },
        sidebar: { backgroundColor: '#f7f5f0', textColor: '#1b2420' },
        rightPanel: { backgroundColor: '#1a211d' },
      },
    },
    document.getElementById('redoc'),
  );
};
document.head.append(script);
