// What turned out to be true, read from what people write: one value a row, or a table of predictions and truths.
import type { Cell, Task, TruthsRequest } from '../../../api/types';
import { t } from '../../../app/t';
import { fields, separatorOf } from '../rows';

/** As many as one call takes. */
export const MOST_TRUTHS = 1000;
const UUID = /^[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}$/i;

export type Truths = { truths: TruthsRequest['truths']; blank: number } | { problem: string };

/** A truth in the model's own terms; nothing where it is empty, and undefined where it is no number but should be. */
export function truthOf(text: string, task: Task | null | undefined): Cell | undefined {
  const plain = text.trim();
  if (plain === '') return null;
  if (task !== 'regression') return plain;
  const value = Number(/^-?\d+,\d+$/.test(plain) ? plain.replace(',', '.') : plain);
  return Number.isFinite(value) ? value : undefined;
}

/** One value a line, as many as there were rows. */
export function truthLines(text: string, rows: number, task: Task | null | undefined): { truth: Cell[] } | { problem: string } {
  const lines = text.replace(/\n$/, '').split(/\r?\n/);
  if (lines.length !== rows) return { problem: t('truth.lines', { lines: lines.length, rows }) };
  const truth = lines.map((line) => truthOf(line, task));
  const odd = truth.findIndex((value) => value === undefined);
  if (odd >= 0) return { problem: t('truth.number', { line: odd + 1, value: lines[odd] ?? '' }) };
  if (truth.every((value) => value === null)) return { problem: t('truth.nothing') };
  return { truth: truth as Cell[] };
}

/** A table with the columns `id` and `truth`; others are left aside, rows without a truth too. */
export function readTruths(text: string, task: Task | null | undefined): Truths {
  const [head, ...lines] = fields(text.replace(/^\uFEFF/, ''), separatorOf(text));
  const names = (head ?? []).map((name) => name.trim().toLowerCase());
  const [id, truth] = [names.indexOf('id'), names.indexOf('truth')];
  if (id < 0 || truth < 0) return { problem: t('truth.columns') };
  const truths: TruthsRequest['truths'] = [];
  const seen = new Set<string>();
  let blank = 0;
  for (const [at, line] of lines.entries()) {
    const key = (line[id] ?? '').trim().toLowerCase();
    const value = truthOf(line[truth] ?? '', task);
    if (value === null) {
      blank += 1;
      continue;
    }
    if (!UUID.test(key)) return { problem: t('truth.badId', { line: at + 2, value: key }) };
    if (value === undefined) return { problem: t('truth.number', { line: at + 2, value: line[truth] ?? '' }) };
    if (seen.has(key)) return { problem: t('truth.twice', { line: at + 2 }) };
    seen.add(key);
    truths.push({ id: key, truth: value });
  }
  return truths.length === 0 ? { problem: t('truth.nothing') } : { truths, blank };
}
