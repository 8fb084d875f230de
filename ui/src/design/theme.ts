// Mantine in our colours. The tokens themselves are CSS variables in tokens.css; here they are handed to
// the kit, with its own greys replaced where they would be too faint to read.
import { createTheme, type CSSVariablesResolver, type MantineColorSchemeManager } from '@mantine/core';
import { separators } from '../app/formats';

export const THEME_KEY = 'trainyard-theme';

export const theme = createTheme({
  primaryColor: 'engine',
  // White on the bright green of the dark theme would be unreadable: each scheme has its own filled shade.
  primaryShade: { light: 7, dark: 6 },
  colors: {
    engine: ['#eef6f2', '#e3efe8', '#c5e0d4', '#9fcdb9', '#84d6b8', '#5fc39f', '#25805b', '#1f6f54', '#17563f', '#10402f'],
    stop: ['#fdf1f0', '#fbe9e7', '#f6cfcb', '#efa9a3', '#f28b82', '#df5b51', '#b3362e', '#b3261e', '#8f1d17', '#6d1510'],
  },
  fontFamily: 'var(--font)',
  fontFamilyMonospace: 'var(--mono)',
  defaultRadius: 8,
  focusRing: 'auto',
  cursorType: 'pointer',
  respectReducedMotion: true,
  // Fields take point and comma alike and show the one that was chosen.
  components: { NumberInput: { defaultProps: () => ({ decimalSeparator: separators().decimalSeparator }) } },
  fontSizes: { xs: '12.5px', sm: '14px', md: '16px', lg: '18px', xl: '30px' },
});

export const resolver: CSSVariablesResolver = () => {
  const variables = {
    '--mantine-color-body': 'var(--paper)',
    '--mantine-color-text': 'var(--ink)',
    '--mantine-color-dimmed': 'var(--soft)',
    '--mantine-color-placeholder': 'var(--soft)',
    '--mantine-color-error': 'var(--stop)',
    '--mantine-color-anchor': 'var(--engine-ink)',
    '--mantine-color-default': 'var(--surface)',
    '--mantine-color-default-hover': 'var(--sunk)',
    '--mantine-color-default-color': 'var(--ink)',
    '--mantine-color-default-border': 'var(--rule-strong)',
    '--mantine-color-disabled': 'var(--sunk)',
    '--mantine-color-disabled-color': 'var(--soft)',
    '--mantine-color-engine-light': 'var(--engine-wash)',
    '--mantine-color-engine-light-color': 'var(--engine-ink)',
    '--mantine-color-engine-light-hover': 'var(--engine-wash)',
    '--mantine-color-engine-text': 'var(--engine-ink)',
    '--mantine-color-engine-outline': 'var(--engine)',
    '--mantine-primary-color-filled': 'var(--engine-fill)',
    '--mantine-color-engine-filled': 'var(--engine-fill)',
    '--mantine-color-stop-filled': 'var(--stop-fill)',
  };
  return { variables: {}, light: variables, dark: variables };
};

/** Keeps the choice under our own key, which index.html reads before the first paint. */
export const schemeManager: MantineColorSchemeManager = {
  get: (fallback) => {
    try {
      const kept = localStorage.getItem(THEME_KEY);
      return kept === 'light' || kept === 'dark' ? kept : fallback;
    } catch {
      return fallback;
    }
  },
  set: (value) => {
    try {
      localStorage.setItem(THEME_KEY, value);
    } catch {
      // Private windows may refuse storage: the choice then lasts for the visit.
    }
  },
  subscribe: () => undefined,
  unsubscribe: () => undefined,
  clear: () => localStorage.removeItem(THEME_KEY),
};
