// Line drawings, one weight. All are decoration beside a word, so they are hidden from readers.
import type { ReactNode } from 'react';

const paths = {
  data: <path d="M4 6c0-1.5 3.6-2.5 8-2.5s8 1 8 2.5-3.6 2.5-8 2.5S4 7.5 4 6Zm0 0v12c0 1.5 3.6 2.5 8 2.500s8-1 8-2.500V6M4 12c0 1.5 3.6 2.5 8 2.500s8-1 8-2.5" />,
  models: <path d="M12 3.5 20 8v8l-8 4.500L4 16V8l8-4.500ZM4 8l8 4.500L20 8M12 12.500v8" />,
  jobs: <path d="M5 5.500h9M5 12h14M5 18.500h6M18 5.500h.01M15 18.500h.01" />,
  home: <path d="m4 11 8-7 8 7v9h-5v-6H9v6H4v-9Z" />,
  account: <path d="M12 12a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM4.5 20.500c.8-3.6 3.7-5.5 7.5-5.500s6.7 1.9 7.5 5.5" />,
  sun: <path d="M12 16a4 4 0 1 0 0-8 4 4 0 0 0 0 8ZM12 2.500v2M12 19.500v2M2.5 12h2M19.5 12h2M5.3 5.300l1.4 1.400M17.3 17.300l1.4 1.400M18.7 5.300l-1.4 1.400M6.7 17.300l-1.4 1.4" />,
  moon: <path d="M20 14.500A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.500Z" />,
  upload: <path d="M12 16V4m0 0L7.5 8.500M12 4l4.5 4.500M4 15v5h16v-5" />,
  check: <path d="m5 12.5 4.5 4.500L19 7" />,
  warn: <path d="M12 4 2.5 20h19L12 4Zm0 6v4.500m0 2.500v.2" />,
  close: <path d="m6 6 12 12M18 6 6 18" />,
  more: <path d="M5 12h.01M12 12h.01M19 12h.01" strokeWidth={3} />,
  download: <path d="M12 4v12m0 0 4.5-4.500M12 16l-4.5-4.500M4 15v5h16v-5" />,
  token: <path d="M12 20.500a8.5 8.5 0 1 0 0-17 8.5 8.5 0 0 0 0 17ZM9 9h6M12 9v7" />,
  chevron: <path d="m6 9 6 6 6-6" />,
  find: <path d="M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 5 5" />,
  admin: <path d="M6 21V8m0 0 12-3v6L6 14m0-6V4M3 21h6" />,
  digits: <path d="M4 20l1.2-4.400L16 4.800a2 2 0 0 1 3.200 3.200L8.400 18.800 4 20ZM14 7l3 3M13 20h7" />,
  arrow: <path d="M4 12h15m0 0-5.5-5.500M19 12l-5.5 5.5" />,
} satisfies Record<string, ReactNode>;

export function Icon({ name, size = 20 }: { name: keyof typeof paths; size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 24 24" fill="none" stroke="currentColor" strokeWidth={1.7} strokeLinecap="round" strokeLinejoin="round" aria-hidden="true">
      {paths[name]}
    </svg>
  );
}

/** Two tracks joining, with a signal where they meet. */
export function Mark({ size = 28 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 32 32" aria-hidden="true">
      <rect width="32" height="32" rx="7" fill="#1f6f54" />
      <g fill="none" stroke="#fff" strokeWidth="2.6" strokeLinecap="round">
        <path d="M5 11h22" />
        <path d="M5 22h7c5 0 5-11 10-11" />
      </g>
      <circle cx="22.5" cy="11" r="3.1" fill="#f0b45a" />
    </svg>
  );
}

/** An empty siding: the picture of every empty state. */
export function Siding() {
  return (
    <svg width="190" height="64" viewBox="0 0 190 64" fill="none" stroke="currentColor" strokeWidth="1.5" strokeLinecap="round" aria-hidden="true">
      <path d="M4 22h182M4 30h182" />
      <path d="M40 30c26 0 22 20 48 20h74M34 22c34 0 30 20 54 20h74" />
      <path d="M14 18v16M28 18v16M62 18v10M80 18v16M98 18v16M116 18v16M134 18v16M152 18v16M170 18v16M100 38v16M118 38v16M136 38v16" opacity=".5" />
      <path d="M162 36v20M156 40h6M156 52h6" strokeWidth="2.5" />
    </svg>
  );
}

/** The gate's picture: lines that meet, one of them signalled on. */
export function Yard() {
  return (
    <svg viewBox="0 0 520 220" fill="none" strokeLinecap="round" aria-hidden="true" style={{ width: '100%', maxWidth: 560 }}>
      <g stroke="#4c7f6b" strokeWidth="3">
        <path d="M0 40h120c60 0 60 70 120 70h280" />
        <path d="M0 180h160c50 0 50-70 100-70" />
        <path d="M0 110h520" />
        <path d="M340 110c50 0 50-60 100-60h80" />
      </g>
      <path d="M0 180h160c50 0 50-70 100-70h80c50 0 50-60 100-60h80" stroke="#84d6b8" strokeWidth="5" />
      {[[70, 180], [260, 110], [340, 110], [450, 50]].map(([x, y]) => (
        <circle key={x} cx={x} cy={y} r="9" fill="#17372c" stroke="#84d6b8" strokeWidth="4" />
      ))}
      <circle cx="505" cy="50" r="10" fill="#f0b45a" />
    </svg>
  );
}
