// What a search may try, parameter by parameter: read from the algorithm's own description, as the server wants it.
import type { Param, Setting, Space } from '../../api/types';
import { setting } from '../../app/format';
import { typedValue } from './typed';

export type Entry = Space[string];
export type Ranged = Exclude<Entry, Setting[]>;

/** Points a grid takes from a range unless told. */
export const STEPS = 3;

/** How a parameter is searched: between two numbers, among a few words, or among values that are written down. */
export function formOf(param: Param): 'range' | 'words' | 'list' {
  const kinds = param.type.split('|');
  if (kinds.every((kind) => kind === 'integer' || kind === 'number' || kind === 'float')) return kinds.length === 1 ? 'range' : 'list';
  return kinds.every((kind) => kind === 'choice' || kind === 'boolean') ? 'words' : 'list';
}

/** The values among which one may choose. */
export function wordsOf(param: Param): Setting[] {
  const words: Setting[] = param.type.includes('boolean') ? [true, false] : [...(param.choices ?? [])];
  return param.nullable ? [...words, null] : words;
}

/** Three significant digits are enough to begin with, and whole numbers stay whole. */
function rounded(value: number, whole: boolean): number {
  return whole ? Math.round(value) : Number(value.toPrecision(3));
}

/** A range around the default, or where that says nothing, the lower end of what is allowed. */
export function usual(param: Param): Entry {
  if (formOf(param) === 'words') return wordsOf(param);
  if (formOf(param) === 'list') return [param.default];
  const whole = param.type === 'integer';
  const [least, most] = [param.min ?? 0, param.max ?? Number.POSITIVE_INFINITY];
  const middle = typeof param.default === 'number' && param.default > 0 ? param.default : null;
  const factor = param.log ? 10 : 5;
  const low = middle === null ? (most <= 1 ? 0.1 : Math.max(1, least)) : middle / factor;
  const high = middle === null ? (most <= 1 ? most : Math.max(1, least) * 32) : middle * factor;
  const range = { low: rounded(Math.max(least, whole ? Math.max(1, low) : low), whole), high: rounded(Math.min(most, high), whole) };
  return { ...range, ...(param.log && range.low > 0 ? { log: true } : {}) };
}

/** "3, 5, none" as the server wants it; several whole numbers in a row are parted by semicolons: "64, 32; 128". */
export function readList(text: string, param: Param): Setting[] {
  const parts = text.split(param.type.split('|').includes('integers') ? ';' : ',');
  const values = parts.map((part) => typedValue(part, param)).filter((value): value is Setting => value !== undefined);
  return values.filter((value, index) => values.findIndex((other) => JSON.stringify(other) === JSON.stringify(value)) === index);
}

export function writeList(values: Setting[], param: Param): string {
  return values.map((value) => setting(value, 'none')).join(param.type.split('|').includes('integers') ? '; ' : ', ');
}

/** How many settings a grid over this space has. */
export function gridSize(space: Space): number {
  return Object.values(space).reduce((product, entry) => product * (Array.isArray(entry) ? Math.max(1, entry.length) : (entry.steps ?? STEPS)), 1);
}

/** Whether something in an address is a space. What is no space is none. */
export function isSpace(value: unknown): value is Space {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && Object.values(value).every((entry) => Array.isArray(entry) || (typeof entry === 'object' && entry !== null && typeof (entry as Ranged).low === 'number' && typeof (entry as Ranged).high === 'number'));
}
