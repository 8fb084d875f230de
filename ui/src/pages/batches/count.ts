// How many rows a file has, so that its price can be told before it is sent. Texts are counted here; what only a library
// could read is left to the server, which counts every file before it charges.

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

/** What so many rows cost: each started thousand. */
export function priceOf(rows: number, price: number): number {
  return Math.ceil(rows / 1000) * price;
}
