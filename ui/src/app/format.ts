// Numbers, sizes and times as people read them: put together in English, like the catalogue, and then in the signs that were chosen.
import { moment, written } from './formats';

/** Made when it is first needed: a formatter takes longer to make than a page to begin. */
export function once<T>(make: () => T): () => T {
  let made: T | undefined;
  return () => (made ??= make());
}

const compactFormat = once(() => new Intl.NumberFormat('en', { notation: 'compact', maximumSignificantDigits: 3 }));

/** A whole number with its thousands apart, without the tables a formatter would load first. */
export function grouped(value: number): string {
  if (!Number.isInteger(value) || Math.abs(value) >= 1e15) return written(value.toLocaleString('en'));
  return written(String(value).replaceAll(/\B(?=(?:\d{3})+$)/g, ','));
}

/** A number with about four significant digits: 1,309 · 29.88 · 0.001234 · 1.2e-9. */
export function number(value: number | null | undefined, digits = 4): string {
  if (value === null || value === undefined || !Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size === 0) return '0';
  if (size >= 1e12 || size < 1e-6) return written(value.toExponential(2));
  if (Number.isInteger(value) || size >= 10 ** (digits - 1)) return grouped(Math.sign(value) * Math.round(size));
  return written(new Intl.NumberFormat('en', { maximumSignificantDigits: digits }).format(value));
}

/** For ticks and narrow places: 12K, 3.4M. */
export function compact(value: number): string {
  const size = Math.abs(value);
  if (size !== 0 && size < 0.001) return written(value.toExponential(1));
  return size >= 10_000 ? written(compactFormat().format(value)) : number(value, 3);
}

/** 0.8034 → "80 %", never parted at the end of a line; small shares keep a digit so that nothing rounds to nothing. */
export function percent(share: number | null | undefined, digits?: number): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  const value = share * 100;
  const places = digits ?? (value !== 0 && Math.abs(value) < 10 && !Number.isInteger(value) ? 1 : 0);
  if (value > 0 && value < 0.1) return written('<\u00a00.1\u00a0%');
  if (places === 0 && value > 99.5 && value < 100) return `${written(value.toFixed(1))}\u00a0%`;
  // No minus before a zero.
  return `${written(value.toFixed(places).replace(/^-(0(?:\.0*)?)$/, '$1'))}\u00a0%`;
}

export function bytes(count: number | null | undefined): string {
  if (count === null || count === undefined) return '–';
  const units = ['B', 'kB', 'MB', 'GB', 'TB'];
  let value = count;
  let unit = 0;
  while (value >= 1000 && unit < units.length - 1) {
    value /= 1000;
    unit += 1;
  }
  return `${unit === 0 || value >= 100 ? Math.round(value) : written(value.toFixed(1))} ${units[unit]}`;
}

export function duration(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  if (seconds < 0.001) return '< 1 ms';
  if (seconds < 1) return `${Math.round(seconds * 1000)} ms`;
  if (seconds < 60) return `${seconds < 10 ? written(seconds.toFixed(1)) : Math.round(seconds)} s`;
  if (seconds < 3600) return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`;
  return `${Math.floor(seconds / 3600)} h ${Math.round((seconds % 3600) / 60)} min`;
}

const relative = once(() => new Intl.RelativeTimeFormat('en', { numeric: 'auto' }));
const steps: [Intl.RelativeTimeFormatUnit, number][] = [['year', 31_557_600], ['month', 2_629_800], ['day', 86_400], ['hour', 3600], ['minute', 60]];

/** "3 minutes ago"; anything under a minute is "just now". */
export function ago(time: string | null | undefined, now = Date.now()): string {
  if (!time) return '–';
  const seconds = (Date.parse(time) - now) / 1000;
  for (const [unit, length] of steps) {
    if (Math.abs(seconds) >= length) return relative().format(Math.round(seconds / length), unit);
  }
  return 'just now';
}

/** A time in full, for tooltips and tables of record. */
export function dateTime(time: string | null | undefined): string {
  return time ? moment(new Date(time)) : '–';
}

/** A number of fixed decimals with a true minus, and none before a zero. */
export function signed(value: number, places = 2): string {
  const text = value.toFixed(places);
  return written(Number(text) === 0 ? text.replace('-', '') : text.replace('-', '−'));
}

/** Seconds since 1970 in UTC as a day, with the time only where there is one. */
export function day(seconds: number | null | undefined): string {
  if (seconds === null || seconds === undefined || !Number.isFinite(seconds)) return '–';
  const text = new Date(seconds * 1000).toISOString();
  return text.endsWith('T00:00:00.000Z') ? text.slice(0, 10) : text.slice(0, 16).replace('T', ' ');
}

/** A column's value in the words of its kind. */
export function cell(value: unknown, kind?: string): string {
  if (value === null || value === undefined) return '';
  if (kind === 'date' && typeof value === 'number') return day(value);
  if (typeof value === 'number') return Number.isInteger(value) ? String(value) : number(value, 6);
  return String(value);
}

/** The value of a parameter: several numbers as people list them, "64, 64". */
export function setting(value: unknown, nothing: string): string {
  if (value === null || value === undefined) return nothing;
  if (Array.isArray(value)) return value.join(', ');
  return typeof value === 'object' ? Object.entries(value).map(([name, own]) => `${name}: ${String(own)}`).join(', ') : String(value);
}

/** "a, b and c". */
export function list(words: string[]): string {
  return new Intl.ListFormat('en', { type: 'conjunction' }).format(words);
}
