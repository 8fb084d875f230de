// Writes a .br and a .gz beside each file of a built folder that gains from it. The server only
// chooses among them, so nothing is compressed while it runs.
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';

const folder = process.argv[2];
if (!folder) {
  console.error('usage: node compress.mjs FOLDER');
  process.exit(2);
}

// Pictures and fonts are compressed already; pages carry a nonce that changes with each answer.
const skip = /\.(br|gz|woff2|png|jpg|webp|html)$/;
const smallest = 1024;

function compress(path) {
  const bytes = readFileSync(path);
  if (bytes.length < smallest) return;
  // ReDoc's megabyte takes quality 11 two seconds for one percent: it is opened rarely.
  const quality = bytes.length > 500_000 ? 9 : 11;
  const options = { params: { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } };
  for (const [extension, made] of [
    ['br', brotliCompressSync(bytes, options)],
    ['gz', gzipSync(bytes, { level: 9 })],
  ]) {
    if (made.length < bytes.length * 0.95) writeFileSync(`${path}.${extension}`, made);
  }
}

function walk(path) {
  for (const name of readdirSync(path).sort()) {
    const inner = join(path, name);
    if (statSync(inner).isDirectory()) walk(inner);
    else if (!skip.test(name)) compress(inner);
  }
}

walk(folder);
