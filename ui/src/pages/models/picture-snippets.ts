// Programs that ask a model of pictures about a file. Signing in is part of each, so that they run as they stand.
import type { Language } from './snippets';

export function pictureSnippet(language: Language, origin: string, model: string): string {
  const url = `${origin}/api/v1`;
  switch (language) {
    case 'curl':
      return `TOKEN=$(curl -s ${url}/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"login": "you@example.com", "password": "…"}' | sed 's/.*"access_token":"\\([^"]*\\)".*/\\1/')

curl -s ${url}/models/${model}/pictures \\
  -H "Authorization: Bearer $TOKEN" \\
  -F file=@picture.png`;
    case 'python':
      return `import requests

api = "${url}"
login = requests.post(f"{api}/auth/login", json={"login": "you@example.com", "password": "…"})
token = login.json()["access_token"]

with open("picture.png", "rb") as picture:
    answer = requests.post(
        f"{api}/models/${model}/pictures",
        headers={"Authorization": f"Bearer {token}"},
        files={"file": picture},
    )
answer.raise_for_status()
print(answer.json()["prediction"]["value"])`;
    case 'javascript':
      return `import { readFile } from 'node:fs/promises';

const api = '${url}';
const login = await fetch(\`\${api}/auth/login\`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/json' },
  body: JSON.stringify({ login: 'you@example.com', password: '…' }),
});
const { access_token } = await login.json();

const answer = await fetch(\`\${api}/models/${model}/pictures\`, {
  method: 'POST',
  headers: { 'Content-Type': 'application/octet-stream', Authorization: \`Bearer \${access_token}\` },
  body: await readFile('picture.png'),
});
console.log((await answer.json()).prediction.value);`;
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
        .post(format!("{api}/models/${model}/pictures"))
        .bearer_auth(login["access_token"].as_str().unwrap_or_default())
        .header("Content-Type", "application/octet-stream")
        .body(std::fs::read("picture.png")?)
        .send()?
        .error_for_status()?
        .json()?;
    println!("{}", answer["prediction"]["value"]);
    Ok(())
}`;
  }
}
