// How many rows or pictures a file has, so that its price can be told before it is sent. Texts are counted here, and files by
// the list at the end of an archive; what only a library could read is left to the server, which counts every file before it
// charges.

/** As much of a file as is looked at; beyond it the rest is taken to be alike. */
const MOST = 64_000_000;

export interface Counted {
  rows: number;
  /** Whether only a part was looked at. */
  about: boolean;
}

/** Counts records in parts of a text, bytes in UTF-8: line ends within quotation marks end none, empty lines are none. */
export class Records {
  private quoted = false;
  private something = false;
  private ended = 0;

  constructor(private readonly quotes: boolean) {}

  take(part: Uint8Array): void {
    for (const byte of part) {
      if (byte === 0x22 && this.quotes) {
        this.quoted = !this.quoted;
        this.something = true;
      } else if ((byte === 0x0a || byte === 0x0d) && !this.quoted) {
        if (this.something) this.ended += 1;
        this.something = false;
      } else if (byte !== 0x20) this.something = true;
    }
  }

  /** Those that ended, and the one that the text ended in. */
  get count(): number {
    return this.ended + (this.something ? 1 : 0);
  }
}

/** The rows of a file; nothing where its format keeps that to itself. */
export async function countRows(file: File, most = MOST): Promise<Counted | null> {
  const lines = /\.(jsonl|ndjson)$/i.test(file.name);
  if (!lines && !/\.(csv|tsv|tab|txt)$/i.test(file.name)) return null;
  const records = new Records(!lines);
  const reader = file.slice(0, most).stream().getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    records.take(value);
  }
  const head = lines ? 0 : 1;
  const about = file.size > most;
  const rows = Math.max(0, about ? Math.round((records.count * file.size) / most) - head : records.count - head);
  return { rows, about };
}

/** The end of a zip, after which at most a remark of 65,535 bytes follows. */
const END_BYTES = 22;
const CLUTTER = /^__MACOSX\/|(?:^|\/)(?:\.[^/]*|thumbs\.db|desktop\.ini)$/i;

/** The files in an archive by its own list: neither folders nor what operating systems leave behind. Nothing where the list cannot be read. */
export async function countFiles(file: File): Promise<Counted | null> {
  const from = Math.max(0, file.size - END_BYTES - 65_535);
  const tail = new DataView(await file.slice(from).arrayBuffer());
  let end = tail.byteLength - END_BYTES;
  while (end >= 0 && tail.getUint32(end, true) !== 0x06054b50) end -= 1;
  if (end < 0) return null;
  const [size, start] = [tail.getUint32(end + 12, true), tail.getUint32(end + 16, true)];
  if (start + size > from + end || size > MOST) return null;
  const list = new DataView(await file.slice(start, start + size).arrayBuffer());
  let rows = 0;
  for (let at = 0; at + 46 <= list.byteLength && list.getUint32(at, true) === 0x02014b50; ) {
    const [name, extra, remark] = [list.getUint16(at + 28, true), list.getUint16(at + 30, true), list.getUint16(at + 32, true)];
    const text = new TextDecoder().decode(new Uint8Array(list.buffer, at + 46, Math.min(name, list.byteLength - at - 46)));
    if (!text.endsWith('/') && !CLUTTER.test(text)) rows += 1;
    at += 46 + name + extra + remark;
  }
  return { rows, about: false };
}

/** What so many rows cost: each started thousand. */
export function priceOf(rows: number, price: number): number {
  return Math.ceil(rows / 1000) * price;
}
