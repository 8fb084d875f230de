// Makes src/api/schema.d.ts from the server's own OpenAPI file, so that the client cannot drift from it unseen.
import { existsSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import openapiTS, { astToString } from 'openapi-typescript';

const source = new URL('../../crates/api/openapi.json', import.meta.url);
const target = new URL('../src/api/schema.d.ts', import.meta.url);
if (!existsSync(source)) {
  console.error(`${fileURLToPath(source)} is missing: run \`cargo xtask openapi\` first.`);
  process.exit(1);
}
writeFileSync(target, `// Made from crates/api/openapi.json; do not edit.\n${astToString(await openapiTS(source))}`);
