// Programs that ask a model for one prediction. Signing in is part of each, so that they run as they stand.
import type { FormValue } from './words';

export const LANGUAGES = ['curl', 'python', 'javascript', 'rust'] as const;
export type Language = (typeof LANGUAGES)[number];

export function snippet(language: Language, origin: string, model: string, row: Record<string, FormValue>, proba: boolean): string {
  const body = { rows: [row], proba };
  const json = JSON.stringify(body, null, 2);
  const url = `${origin}/api/v1`;
  switch (language) {
    case 'curl':
      return `TOKEN=$(curl -s ${url}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"login": "you@example.com", "password": "…"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

curl -s ${url}/models/${model}/predictions \\
  -H "Authorization: Bearer $TOKEN" \\
  -H 'Content-Type: application/json' \\
  -d '${json.replaceAll("'", String.raw`'\''`)}'`;
    case 'python':
      return `import requests

api = "${url}"
login = requests.post(f"{api}/auth/login", json={"login": "you@example.com", "password": "…"})
token = login.json()["access_token"]

answer = requests.post(
    f"{api}/models/${model}/predictions",
    headers={"Authorization": f"Bearer {token}"},
    json=${pythonLiteral(body, 4)},
)
answer.raise_for_status()
print(answer.json()["predictions"][0])`;
    case 'javascript':
      return `const api = '${url}';
const json = { 'Content-Type': 'application/json' };

const login = await fetch(\`\${api}/auth/login\`, {
  method: 'POST',
  headers: json,
  body: JSON.stringify({ login: 'you@example.com', password: '…' }),
});
const { access_token } = await login.json();

const answer = await fetch(\`\${api}/models/${model}/predictions\`, {
  method: 'POST',
  headers: { ...json, Authorization: \`Bearer \${access_token}\` },
  body: JSON.stringify(${json.replaceAll('\n', '\n  ')}),
});
console.log((await answer.json()).predictions[0]);`;
    case 'rust':
      return `// Cargo.toml: reqwest = { version = "0.12", features = ["blocking", "json"] }, serde_json = "1"
use serde_json::{Value, json};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let api = "${url}";
    let client = reqwest::blocking::Client::new();
    let login: Value = client
        .post(format!("{api}/auth/login"))
        .json(&json!({"login": "you@example.com", "password": "…"}))
        .send()?
        .error_for_status()?
        .json()?;

    let answer: Value = client
        .post(format!("{api}/models/${model}/predictions"))
        .bearer_auth(login["access_token"].as_str().unwrap_or_default())
        .json(&json!(${json.replaceAll('\n', '\n        ')}))
        .send()?
        .error_for_status()?
        .json()?;
    println!("{}", answer["predictions"][0]);
    Ok(())
}`;
  }
}

/** JSON as Python writes it: None, True and False. */
export function pythonLiteral(value: unknown, indent: number): string {
  const write = (part: unknown, level: number): string => {
    const pad = ' '.repeat(level + 4);
    const end = ' '.repeat(level);
    if (part === null || part === undefined) return 'None';
    if (part === true) return 'True';
    if (part === false) return 'False';
    if (Array.isArray(part)) return part.length === 0 ? '[]' : `[\n${part.map((one) => pad + write(one, level + 4)).join(',\n')},\n${end}]`;
    if (typeof part === 'object') return `{\n${Object.entries(part).map(([key, one]) => `${pad}${JSON.stringify(key)}: ${write(one, level + 4)}`).join(',\n')},\n${end}}`;
    return JSON.stringify(part);
  };
  return write(value, indent);
}
