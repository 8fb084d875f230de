// Rows that somebody pastes or brings as a small file, made ready to be asked: a table with a line of names, or a JSON
// array. What is a number or a day in each column the model's own signature says, not the text.
import type { Cell, SignatureColumn } from '../../api/types';
import { t } from '../../app/t';

/** As many rows as one call takes. */
export const MOST_ROWS = 1000;

export type Row = Record<string, Cell>;
export type Read = { rows: Row[]; columns: string[]; unknown: string[]; absent: string[] } | { problem: string };

/** The fields of separated text; quoted ones may hold separators, line ends and doubled quotes. */
export function fields(text: string, separator: string): string[][] {
  const lines: string[][] = [];
  let line: string[] = [];
  let field = '';
  let quoted = false;
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at];
    if (quoted) {
      if (sign !== '"') field += sign;
      else if (text[at + 1] === '"') {
        field += '"';
        at += 1;
      } else quoted = false;
    } else if (sign === '"' && field === '') quoted = true;
    else if (sign === separator) {
      line.push(field);
      field = '';
    } else if (sign === '\n' || sign === '\r') {
      if (sign === '\r' && text[at + 1] === '\n') at += 1;
      line.push(field);
      if (line.length > 1 || line[0] !== '') lines.push(line);
      line = [];
      field = '';
    } else field += sign;
  }
  line.push(field);
  if (line.length > 1 || line[0] !== '') lines.push(line);
  return lines;
}

/** The separator that the first line has most of. */
export function separatorOf(text: string): string {
  const first = text.split(/\r?\n/, 1)[0] ?? '';
  const count = (sign: string) => first.split(sign).length - 1;
  return [';', '\t', '|'].reduce((best, sign) => (count(sign) > count(best) ? sign : best), ',');
}

function cellOf(text: string, column: SignatureColumn | undefined, decimalComma: boolean): Cell {
  const plain = text.trim();
  if (plain === '') return null;
  if (column?.kind === 'number' || column?.kind === 'integer') {
    const value = Number(decimalComma ? plain.replace(',', '.') : plain);
    // What is no number goes as it is: the server says what is wrong with it, in which row.
    return Number.isFinite(value) ? value : plain;
  }
  return plain;
}

/** Reads what was given; says in words what keeps it from being asked. */
export function readRows(text: string, signature: SignatureColumn[]): Read {
  const plain = text.replace(/^\uFEFF/, '').trim();
  if (plain === '') return { problem: t('many.empty') };
  const read = plain.startsWith('[') || plain.startsWith('{') ? fromJson(plain) : fromTable(plain, signature);
  if ('problem' in read) return read;
  if (read.rows.length === 0) return { problem: t('many.noRows') };
  if (read.rows.length > MOST_ROWS) return { problem: t('many.tooMany', { count: read.rows.length, most: MOST_ROWS }) };
  const names = new Set(signature.map((column) => column.name));
  const known = read.columns.filter((name) => names.has(name));
  if (known.length === 0) return { problem: t('many.noColumn', { columns: signature.slice(0, 5).map((column) => column.name).join(', ') }) };
  return {
    // What the model does not know stays in the table that is shown, but is not sent.
    ...read,
    unknown: read.columns.filter((name) => !names.has(name)),
    absent: signature.filter((column) => !read.columns.includes(column.name)).map((column) => column.name),
  };
}

function fromTable(text: string, signature: SignatureColumn[]): { rows: Row[]; columns: string[] } | { problem: string } {
  const separator = separatorOf(text);
  const [head, ...lines] = fields(text, separator);
  const columns = (head ?? []).map((name) => name.trim());
  const twice = columns.find((name, index) => columns.indexOf(name) !== index);
  if (twice !== undefined) return { problem: t('many.twice', { name: twice }) };
  const long = lines.findIndex((line) => line.length > columns.length);
  if (long >= 0) return { problem: t('many.ragged', { line: long + 2, fields: lines[long]?.length ?? 0, columns: columns.length }) };
  const byName = new Map(signature.map((column) => [column.name, column]));
  return { columns, rows: lines.map((line) => Object.fromEntries(columns.map((name, index) => [name, cellOf(line[index] ?? '', byName.get(name), separator !== ',')]))) };
}

function fromJson(text: string): { rows: Row[]; columns: string[] } | { problem: string } {
  let given: unknown;
  try {
    given = JSON.parse(text);
  } catch (error) {
    return { problem: t('many.badJson', { reason: error instanceof Error ? error.message : String(error) }) };
  }
  const list = Array.isArray(given) ? given : [given];
  const odd = list.findIndex((one) => typeof one !== 'object' || one === null || Array.isArray(one) || Object.values(one).some((value) => typeof value === 'object' && value !== null));
  if (odd >= 0) return { problem: t('many.noObject', { row: odd + 1 }) };
  const rows = list as Row[];
  return { rows, columns: [...new Set(rows.flatMap((row) => Object.keys(row)))] };
}

/** Only what the model was trained on. */
export function asked(rows: Row[], signature: SignatureColumn[]): Row[] {
  return rows.map((row) => Object.fromEntries(signature.filter((column) => column.name in row).map((column) => [column.name, row[column.name] ?? null])));
}
