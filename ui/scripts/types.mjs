// Writes src/api/schema.ts, the types of every body the server takes and gives, from its OpenAPI document.
// `npm run types` writes it; `npm run types -- --check` only says whether it is still what the document makes.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const document = new URL('../../crates/api/openapi.json', import.meta.url);
const file = fileURLToPath(new URL('../src/api/schema.ts', import.meta.url));
const head = `// Made from crates/api/openapi.json by \`npm run types\` in ui/. Do not edit: change the server, run
// \`cargo xtask openapi\`, then \`npm run types\`. Pages import the short names in types.ts instead.

`;

const fresh = head + astToString(await openapiTS(document, { alphabetize: true }));
if (!process.argv.includes('--check')) {
  writeFileSync(file, fresh);
} else {
  let committed = '';
  try {
    committed = readFileSync(file, 'utf8');
  } catch {
    // A missing file differs.
  }
  if (committed !== fresh) {
    const [old, now] = [committed.split('\n'), fresh.split('\n')];
    const line = now.findIndex((text, index) => text !== old[index]);
    console.error(`ui/src/api/schema.ts is not what crates/api/openapi.json makes (first difference in line ${(line < 0 ? now.length : line) + 1}); write it again: npm run types (in ui/)`);
    process.exit(1);
  }
}
