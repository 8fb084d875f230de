// How numbers and times are written, as this browser's user likes them. Words stay English: that is the only catalogue
// there is. What other programs read (files, code, addresses) is never written by these.
import { useSyncExternalStore } from 'react';

const NOTE = 'trainyard-formats';

/** The decimal sign and what stands between thousands. */
const SIGNS = { point: ['.', ','], comma: [',', '.'], space: [',', '\u202f'] } as const;
export const NUMBERS = Object.keys(SIGNS) as (keyof typeof SIGNS)[];
export const TIMES = ['month', 'day', 'iso'] as const;

export interface Formats {
  numbers: (typeof NUMBERS)[number];
  times: (typeof TIMES)[number];
}

const USUAL: Formats = { numbers: 'point', times: 'month' };

/** Reads what was kept; anything that makes no sense is the usual. */
export function readFormats(kept: string | null): Formats {
  const [numbers, times] = (kept ?? '').split(' ');
  return { numbers: NUMBERS.find((one) => one === numbers) ?? USUAL.numbers, times: TIMES.find((one) => one === times) ?? USUAL.times };
}

function stored(): string | null {
  try {
    return localStorage.getItem(NOTE);
  } catch {
    return null;
  }
}

let current = readFormats(stored());
const listeners = new Set<() => void>();

export const formats = (): Formats => current;

export function setFormats(part: Partial<Formats>): void {
  current = { ...current, ...part };
  try {
    localStorage.setItem(NOTE, `${current.numbers} ${current.times}`);
  } catch {
    // Without storage the choice lasts for the visit.
  }
  for (const listener of listeners) listener();
}

export function useFormats(): Formats {
  return useSyncExternalStore(
    (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    formats,
  );
}

/** For fields that numbers are typed into: they take either sign and show the chosen one. */
export function separators(): { decimalSeparator: string; thousandSeparator: string } {
  const [decimalSeparator, thousandSeparator] = SIGNS[current.numbers];
  return { decimalSeparator, thousandSeparator };
}

/** A number written with point and commas, in the chosen signs. */
export function written(text: string, numbers = current.numbers): string {
  if (numbers === 'point') return text;
  const [decimal, thousands] = SIGNS[numbers];
  return text.replaceAll(/[.,]/g, (sign) => (sign === '.' ? decimal : thousands));
}

/** A number as it was typed, as machines write it: a comma is a decimal sign only where that was chosen. */
export function typedNumber(text: string, numbers = current.numbers): string {
  const bare = text.replaceAll(/\s/g, '');
  if (numbers === 'point') return bare.replaceAll(',', '');
  return bare.includes(',') ? bare.replaceAll('.', '').replace(',', '.') : bare;
}

const two = (value: number) => String(value).padStart(2, '0');

/** A moment in the time of this place. */
export function moment(time: Date, times = current.times): string {
  if (times === 'iso') return `${time.getFullYear()}-${two(time.getMonth() + 1)}-${two(time.getDate())} ${two(time.getHours())}:${two(time.getMinutes())}`;
  return time.toLocaleString(times === 'day' ? 'en-GB' : 'en', { dateStyle: 'medium', timeStyle: 'short' });
}
