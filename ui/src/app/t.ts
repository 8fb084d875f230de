// Every word the pages say goes through `t`. English only for now; a second language is another catalogue.
import { grouped } from './format';
import { account } from './strings/account';
import { admin } from './strings/admin';
import { asking } from './strings/asking';
import { checks } from './strings/checks';
import { common } from './strings/common';
import { data } from './strings/data';
import { models } from './strings/models';
import { pictures } from './strings/pictures';
import { studies } from './strings/studies';
import { training } from './strings/training';

const catalogue = { ...common, ...account, ...admin, ...data, ...training, ...models, ...pictures, ...studies, ...checks, ...asking };

export type Key = keyof typeof catalogue;
type Values = Record<string, string | number>;

/**
 * The text for a key. `{name}` is replaced by a value, numbers with grouping; `{count|row|rows}` writes
 * the number with the form that fits it.
 */
export function t(key: Key, values: Values = {}): string {
  return catalogue[key].replaceAll(/\{(\w+)(?:\|([^|}]*)\|([^|}]*))?\}/g, (_, name: string, one?: string, other?: string) => {
    const value = values[name];
    if (value === undefined) return '';
    const shown = typeof value === 'number' ? grouped(value) : value;
    if (one === undefined) return shown;
    return `${shown} ${Math.abs(Number(value)) === 1 ? one : other}`;
  });
}

/** The text for a key made at run time, or the fallback where the catalogue has none. */
export function tMaybe(key: string, fallback: string, values?: Values): string {
  return key in catalogue ? t(key as Key, values) : fallback;
}
