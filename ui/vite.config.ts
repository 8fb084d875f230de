import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import react from '@vitejs/plugin-react';
import { defineConfig, type Plugin } from 'vite';

const resolve = createRequire(import.meta.url).resolve;

/**
 * Emits ReDoc's ready-made bundle as one hashed file and hands out its address. The bundle shows one
 * small logo from a content network; the pages load nothing from other hosts, so it becomes an empty
 * inline picture.
 */
function redocBundle(): Plugin {
  const id = 'virtual:redoc-bundle';
  return {
    name: 'redoc-bundle',
    resolveId: (source) => (source === id ? `\0${id}` : undefined),
    load(loaded) {
      if (loaded !== `\0${id}`) return undefined;
      const path = resolve('redoc/bundles/redoc.standalone.js');
      if (this.environment.mode !== 'build') return `export default ${JSON.stringify(`/@fs${path}`)}`;
      const source = readFileSync(path, 'utf8').replaceAll(
        /https:\/\/cdn\.redoc\.ly\/redoc\/[\w.-]+\.svg/g,
        'data:image/svg+xml,%3Csvg xmlns=%22http://www.w3.org/2000/svg%22/%3E',
      );
      const reference = this.emitFile({ type: 'asset', name: 'redoc.js', source });
      return `export default import.meta.ROLLUP_FILE_URL_${reference}`;
    },
  };
}

/**
 * Says of the one file that every page runs at once that it does: the browser then compiles all of it beside the main
 * thread while it arrives, and not piece by piece in the way of the first paint. https://v8.dev/blog/explicit-compile-hints
 */
function compiledAhead(): Plugin {
  return {
    name: 'compiled-ahead',
    generateBundle: {
      order: 'post',
      handler(_, bundle) {
        for (const file of Object.values(bundle)) if (file.type === 'chunk' && file.name === 'core') file.code = `//# allFunctionsCalledOnLoad\n${file.code}`;
      },
    },
  };
}

/**
 * The server writes into the pages below which path of its host they are served: it may share that with others. Scripts and
 * styles name each other beside themselves.
 */
function anywhere(): Plugin {
  return {
    name: 'anywhere',
    transformIndexHtml: {
      order: 'post',
      handler: (html, { server }) => (server ? html.replaceAll('__PREFIX__', '') : html.replaceAll('="./', '="__PREFIX__/')),
    },
  };
}

/**
 * The letters of every page, asked for with the page itself. A browser otherwise finds out that it needs them when the first
 * words are drawn, and draws those twice.
 */
function lettersAhead(): Plugin {
  return {
    name: 'letters-ahead',
    transformIndexHtml: {
      order: 'post',
      handler(_, { bundle, filename }) {
        if (!bundle || !filename.endsWith('index.html')) return [];
        return Object.keys(bundle).filter((name) => /atkinson[^/]*\.woff2$/.test(name)).map((name) => ({ tag: 'link', attrs: { rel: 'preload', as: 'font', type: 'font/woff2', crossorigin: true, href: `./${name}` }, injectTo: 'head' as const }));
      },
    },
  };
}

const KIT = /@mantine\/core\/esm\/(core|utils\/InlineInput|components\/(Box|Button|UnstyledButton|Loader|Transition|Input|InputBase|TextInput|NativeSelect|Checkbox|Slider))\//;
const FRAME = /node_modules\/(react|react-dom|scheduler|@tanstack|@mantine\/hooks|clsx)\//;
const OURS = /ui\/src\/(api|app|design|pages\/home)\/.*\.tsx?$|ui\/src\/pages\/(data\/(drop|samples|target)|jobs\/words|models\/words)\.tsx?$/;
const LATER = /ui\/src\/design\/dialogs?\.tsx$/;

function isCore(id: string): boolean {
  return KIT.test(id) || FRAME.test(id) || (OURS.test(id) && !LATER.test(id));
}

const server = process.env.TRAINYARD_SERVER ?? 'http://127.0.0.1:8000';

export default defineConfig({
  plugins: [react(), redocBundle(), compiledAhead(), lettersAhead(), anywhere()],
  base: './',
  html: { cspNonce: '__CSP_NONCE__' },
  build: {
    target: 'es2022',
    sourcemap: false,
    // One stylesheet: all of them together are smaller than the requests they would cost.
    cssCodeSplit: false,
    chunkSizeWarningLimit: 1500,
    reportCompressedSize: false,
    assetsInlineLimit: 0,
    rollupOptions: {
      input: ['index.html', 'redoc.html'],
      output: {
        // What every page needs goes into one file: few requests matter more than a finer cache.
        codeSplitting: { groups: [{ name: 'core', test: isCore }] },
      },
    },
  },
  server: {
    proxy: { '/api': server, '/openapi.json': server, '/docs': server },
  },
});
