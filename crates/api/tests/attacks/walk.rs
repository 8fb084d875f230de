//! Every operation of the API's own document, with a request for each: parameters that name real things of somebody,
//! and a body made from its schema. What a test does with them it does to a new route the day that route appears.

use axum::http::Method;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

use crate::app::{Answer, Person, TestApp};

/// One operation.
#[derive(Clone, Debug)]
pub(crate) struct Operation {
    pub(crate) method: Method,
    pub(crate) path: String,
    /// Whether its document says that nobody has to be signed in.
    pub(crate) public: bool,
    body: Option<(String, Value)>,
    /// The names of its query's parameters.
    pub(crate) query: Vec<String>,
}

/// The document, and what it says.
pub(crate) struct Walk {
    document: Value,
}

impl Walk {
    pub(crate) fn new() -> Self {
        let document = serde_json::from_str(&trainyard_api::openapi_json()).unwrap();
        Self { document }
    }

    pub(crate) fn operations(&self) -> Vec<Operation> {
        let paths = self.document["paths"].as_object().unwrap();
        let each = paths.iter().flat_map(|(path, item)| {
            item.as_object()
                .unwrap()
                .iter()
                .map(move |(method, operation)| {
                    let body = operation["requestBody"]["content"].as_object();
                    let body = body.and_then(|kinds| kinds.iter().next());
                    Operation {
                        method: method.to_uppercase().parse().unwrap(),
                        path: path.clone(),
                        public: operation["security"] == json!([{}]),
                        body: body.map(|(kind, body)| (kind.clone(), body["schema"].clone())),
                        query: operation["parameters"]
                            .as_array()
                            .into_iter()
                            .flatten()
                            .filter(|one| one["in"] == "query")
                            .map(|one| one["name"].as_str().unwrap().to_owned())
                            .collect(),
                    }
                })
        });
        each.collect()
    }

    /// A value as a schema wants it; whatever is named after a kind of thing names one of these.
    fn example(&self, name: &str, schema: &Value, things: &Things) -> Value {
        if let Some(id) = name
            .strip_suffix("_id")
            .and_then(|noun| things.of(&format!("{noun}s")))
        {
            return json!(id);
        }
        if let Some(place) = schema["$ref"].as_str() {
            let target = self
                .document
                .pointer(place.trim_start_matches('#'))
                .unwrap();
            return self.example(name, target, things);
        }
        for choice in ["oneOf", "anyOf", "allOf"] {
            if let Some(first) = schema[choice]
                .as_array()
                .and_then(|all| all.iter().find(|one| one["type"] != "null"))
            {
                return self.example(name, first, things);
            }
        }
        if !schema["example"].is_null() {
            return schema["example"].clone();
        }
        if let Some(first) = schema["enum"].as_array().and_then(|all| all.first()) {
            return first.clone();
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds.iter().find(|kind| *kind != "null").unwrap().clone(),
            kind => kind.clone(),
        };
        match kind.as_str() {
            Some("object") | None => self.object(schema, things),
            Some("array") => json!([self.example(name, &schema["items"], things)]),
            Some("integer" | "number") => json!(schema["minimum"].as_i64().unwrap_or(1)),
            Some("boolean") => json!(true),
            _ if schema["format"] == "uuid" => json!(things.any()),
            _ if schema["format"]
                .as_str()
                .is_some_and(|format| format.starts_with("date")) =>
            {
                json!("2031-05-06T07:08:09Z")
            }
            _ => json!("a text of some length"),
        }
    }

    fn object(&self, schema: &Value, things: &Things) -> Value {
        let mut object = Map::new();
        let required = schema["required"].as_array().cloned().unwrap_or_default();
        for (name, property) in schema["properties"].as_object().into_iter().flatten() {
            if required.contains(&json!(name)) {
                object.insert(name.clone(), self.example(name, property, things));
            }
        }
        Value::Object(object)
    }

    fn target<'a>(&'a self, schema: &'a Value) -> &'a Value {
        match schema["$ref"].as_str() {
            Some(place) => self
                .document
                .pointer(place.trim_start_matches('#'))
                .unwrap(),
            None => schema,
        }
    }

    /// Requests of an operation that each say this in one place: a parameter of the query, or a text of the body.
    pub(crate) fn saying(
        &self,
        operation: &Operation,
        things: &Things,
        text: &str,
    ) -> Vec<(String, Value)> {
        let path = things.fill(&operation.path);
        let body = match &operation.body {
            Some((kind, schema)) if kind == "application/json" => self.target(schema),
            _ => &Value::Null,
        };
        let whole = self.object(body, things);
        let queries = operation.query.iter().map(|name| {
            let said = format!("{path}?{name}={}", super::names::percent(text));
            (said, whole.clone())
        });
        let fields = body["properties"].as_object().into_iter().flatten();
        let fields = fields.filter_map(|(name, schema)| {
            let said = match schema["items"]["type"] == "string" {
                true => json!([text]),
                false => json!(text),
            };
            let mut body = whole.clone();
            body[name.as_str()] = said;
            let is_text = schema["type"].to_string().contains("string")
                || schema["items"]["type"] == "string";
            is_text.then(|| (path.clone(), body))
        });
        queries.chain(fields).collect()
    }

    /// Asks for an operation on these things.
    pub(crate) async fn ask(
        &self,
        app: &TestApp,
        operation: &Operation,
        things: &Things,
        headers: &[(&str, &str)],
    ) -> Answer {
        let call = app.call(operation.method.clone(), &things.fill(&operation.path));
        let call = headers
            .iter()
            .fold(call, |call, (name, value)| call.header(name, value));
        let call = match &operation.body {
            Some((kind, schema)) if kind == "application/json" => {
                call.json(self.example("", schema, things))
            }
            Some((kind, _)) => call
                .header("content-type", kind)
                .body("a,b\n1,2\n3,4\n5,6\n"),
            None => call,
        };
        call.send().await
    }
}

/// The things of somebody, by the noun in their path.
#[derive(Clone, Debug, Default)]
pub(crate) struct Things(BTreeMap<String, String>);

impl Things {
    /// Whatever this person sees in every list there is, the latest of each kind.
    pub(crate) async fn of_person(app: &TestApp, walk: &Walk, person: &Person) -> Self {
        let mut things = BTreeMap::from([("users".to_owned(), person.id.clone())]);
        for operation in walk.operations() {
            let admin = operation.path.starts_with("/api/v1/admin/");
            if operation.method != Method::GET
                || operation.path.contains('{')
                || operation.public
                || admin
            {
                continue;
            }
            let answer = app.get(&operation.path).by(person).send().await;
            let Ok(list) = serde_json::from_slice::<Value>(&answer.bytes) else {
                continue;
            };
            let first = list["items"]
                .as_array()
                .and_then(|items| items.first())
                .cloned();
            if let Some(id) = first.and_then(|first| first["id"].as_str().map(str::to_owned)) {
                things.insert(noun(&operation.path), id);
            }
        }
        Self(things)
    }

    pub(crate) fn of(&self, noun: &str) -> Option<&str> {
        self.0.get(noun).map(String::as_str)
    }

    /// Every identifier.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &str> {
        self.0.values().map(String::as_str)
    }

    /// Some identifier: one that names a thing, though of another kind.
    fn any(&self) -> &str {
        self.ids().next().unwrap()
    }

    /// The path with each parameter replaced by the thing its noun names.
    pub(crate) fn fill(&self, path: &str) -> String {
        let mut filled = String::new();
        let mut before = "";
        for part in path.split('/').skip(1) {
            let value = match part {
                "{id}" => self.of(before).unwrap_or_else(|| self.any()),
                "{name}" if before == "samples" => "iris",
                parameter if parameter.starts_with('{') => self.any(),
                plain => plain,
            };
            filled.push('/');
            filled.push_str(value);
            before = part;
        }
        filled
    }
}

fn noun(path: &str) -> String {
    path.rsplit('/').next().unwrap().to_owned()
}
