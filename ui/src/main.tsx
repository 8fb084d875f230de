// Starts the app: styles in their order of layers, the kit's theme, the kept answers, the addresses.
import './design/layers.css';
import './design/fonts.css';
import './design/mantine.css';
import './design/tokens.css';
import './design/base.css';
import './design/shell.css';
import { MantineProvider } from '@mantine/core';
import { QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { pagePath } from './api/place';
import { meQuery, queryClient } from './api/queries';
import { preparePrinting } from './app/printing';
import { ROLES } from './app/rights';
import { askForHome, router } from './app/router';
import { hasSession, notedRole } from './app/session';
import { resolver, schemeManager, theme } from './design/theme';

const nonce = document.querySelector<HTMLScriptElement>('script[nonce]')?.nonce ?? '';
// The kit's scroll lock writes a style element of its own and looks for its nonce here.
(globalThis as { __webpack_nonce__?: string }).__webpack_nonce__ = nonce;
preparePrinting();
// Who this is, every page behind the gate wants to know first: asked while the first of it is drawn.
if (hasSession() && !/^\/(?:welcome|login|register|reset|g)(?:\/|$)/.test(pagePath())) void queryClient.prefetchQuery(meQuery);
// The answers index.html asked for are taken before anything is drawn, so that Home is drawn once and with them.
const role = ROLES.find((one) => one === notedRole());
if (role && pagePath() === '/') askForHome(role);
const root = document.getElementById('root');
if (root) {
  createRoot(root).render(
    <StrictMode>
      <MantineProvider theme={theme} cssVariablesResolver={resolver} colorSchemeManager={schemeManager} defaultColorScheme="auto" getStyleNonce={() => nonce}>
        <QueryClientProvider client={queryClient}>
          <RouterProvider router={router} />
        </QueryClientProvider>
      </MantineProvider>
    </StrictMode>,
  );
}
