// Programs that send a model a whole file, and that ask it by the Open Inference protocol. Signing in is part of each, so
// that they run as they stand.
import type { Kind, SignatureColumn } from '../../api/types';
import { pythonLiteral } from './snippets';
import { type FormValue, typicalValue } from './words';

export const MORE_LANGUAGES = ['curl', 'python', 'javascript'] as const;
export type MoreLanguage = (typeof MORE_LANGUAGES)[number];

const LOGIN = {
  curl: (api: string) => `TOKEN=$(curl -s ${api}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"login": "you@example.com", "password": "…"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')`,
  python: (api: string) => `api = "${api}"
login = requests.post(f"{api}/auth/login", json={"login": "you@example.com", "password": "…"})
headers = {"Authorization": f"Bearer {login.json()['access_token']}"}`,
  javascript: (api: string) => `const api = '${api}';
const login = await fetch(\`\${api}/auth/login\`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ login: 'you@example.com', password: '…' }),
});
const { access_token } = await login.json();
const headers = { Authorization: \`Bearer \${access_token}\` };`,
};

/** Sends rows.csv, waits, and keeps answers.csv. */
export function fileSnippet(language: MoreLanguage, origin: string, model: string): string {
  const api = `${origin}/api/v1`;
  switch (language) {
    case 'curl':
      return `${LOGIN.curl(api)}

BATCH=$(curl -s "${api}/models/${model}/batch-predictions?file_name=rows.csv" \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/octet-stream' \\
  --data-binary @rows.csv | sed 's/^{"id":"\\([^"]*\\)".*/\\1/')

until curl -s "${api}/batch-predictions/$BATCH" -H "Authorization: Bearer $TOKEN" \\
  | grep -qE '"result_bytes":[0-9]|"status":"(failed|cancelled)"'; do sleep 2; done

curl -sf "${api}/batch-predictions/$BATCH/result" -H "Authorization: Bearer $TOKEN" -o answers.csv`;
    case 'python':
      return `import time
import requests

${LOGIN.python(api)}

with open("rows.csv", "rb") as rows:
    sent = requests.post(
        f"{api}/models/${model}/batch-predictions",
        params={"file_name": "rows.csv"},
        headers={**headers, "Content-Type": "application/octet-stream"},
        data=rows,
    )
sent.raise_for_status()
batch = sent.json()
while batch["status"] in ("queued", "running"):
    time.sleep(2)
    batch = requests.get(f"{api}/batch-predictions/{batch['id']}", headers=headers).json()

result = requests.get(f"{api}/batch-predictions/{batch['id']}/result", headers=headers)
result.raise_for_status()
with open("answers.csv", "wb") as answers:
    answers.write(result.content)`;
    case 'javascript':
      return `import { readFile, writeFile } from 'node:fs/promises';

${LOGIN.javascript(api)}

const sent = await fetch(\`\${api}/models/${model}/batch-predictions?file_name=rows.csv\`, {
  method: 'POST',
  headers: { ...headers, 'Content-Type': 'application/octet-stream' },
  body: await readFile('rows.csv'),
});
if (!sent.ok) throw new Error((await sent.json()).detail);
let batch = await sent.json();
while (batch.status === 'queued' || batch.status === 'running') {
  await new Promise((resolve) => setTimeout(resolve, 2000));
  batch = await (await fetch(\`\${api}/batch-predictions/\${batch.id}\`, { headers })).json();
}
const result = await fetch(\`\${api}/batch-predictions/\${batch.id}/result\`, { headers });
if (!result.ok) throw new Error((await result.json()).detail);
await writeFile('answers.csv', Buffer.from(await result.arrayBuffer()));`;
  }
}

const DATATYPES: Partial<Record<Kind, string>> = { integer: 'INT64', number: 'FP64' };

/** One tensor a column, of one row: numbers as numbers, everything else as text. */
export function tensors(signature: SignatureColumn[]): { name: string; shape: number[]; datatype: string; data: FormValue[] }[] {
  return signature.map((column) => {
    const value = typicalValue(column);
    const datatype = DATATYPES[column.kind] ?? 'BYTES';
    return { name: column.name, shape: [1], datatype, data: [value === null || datatype !== 'BYTES' ? value : String(value)] };
  });
}

export function inferenceSnippet(language: MoreLanguage, origin: string, model: string, signature: SignatureColumn[]): string {
  const api = `${origin}/api/v1`;
  const body = { inputs: tensors(signature) };
  const json = JSON.stringify(body, null, 2);
  const url = `${origin}/v2/models/${model}/infer`;
  switch (language) {
    case 'curl':
      return `${LOGIN.curl(api)}

curl -s ${url} \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '${json.replaceAll("'", String.raw`'\''`)}'`;
    case 'python':
      return `import requests

${LOGIN.python(api)}

answer = requests.post(
    "${url}",
    headers=headers,
    json=${pythonLiteral(body, 4)},
)
answer.raise_for_status()
print({output["name"]: output["data"] for output in answer.json()["outputs"]})`;
    case 'javascript':
      return `${LOGIN.javascript(api)}

const answer = await fetch('${url}', {
  method: 'POST',
  headers: { ...headers, 'Content-Type': 'application/json' },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
});
console.log((await answer.json()).outputs);`;
  }
}
