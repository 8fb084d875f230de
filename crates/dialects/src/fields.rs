//! Fields of JSON bodies, forms and queries, read as leniently as the old servers read them: numbers may be text, unknown
//! fields pass, and everything that is wrong is told at once.

use serde_json::{Map, Value, json};

use crate::email;
use crate::refusal::{Answer, Issue, Refusal};

/// Named values from one place of a request.
#[derive(Debug)]
pub(crate) struct Fields {
    place: &'static str,
    values: Map<String, Value>,
    /// What a missing field is told to stand in: the whole body, or nothing.
    whole: Value,
    issues: Vec<Issue>,
}

impl Fields {
    /// Of a JSON object.
    pub(crate) fn of_body(values: Map<String, Value>) -> Self {
        Self {
            place: "body",
            whole: Value::Object(values.clone()),
            values,
            issues: Vec::new(),
        }
    }

    /// Of texts by name, from a form (`body`) or an address (`query`).
    pub(crate) fn of_texts(
        place: &'static str,
        texts: impl IntoIterator<Item = (String, String)>,
    ) -> Self {
        let mut values = Map::new();
        for (name, text) in texts {
            values.insert(name, Value::String(text));
        }
        Self {
            place,
            values,
            whole: Value::Null,
            issues: Vec::new(),
        }
    }

    /// Whether a field is there.
    pub(crate) fn has(&self, name: &str) -> bool {
        self.values.contains_key(name)
    }

    /// The value as it came.
    pub(crate) fn raw(&self, name: &str) -> Option<&Value> {
        self.values.get(name)
    }

    /// Notes something wrong.
    pub(crate) fn wrong(&mut self, name: &str, kind: &'static str, message: impl Into<String>) {
        let input = self.values.get(name).cloned().unwrap_or_default();
        let place = vec![self.place.into(), name.into()];
        self.issues.push(Issue::new(kind, place, message, input));
    }

    fn wrong_with(
        &mut self,
        name: &str,
        kind: &'static str,
        message: impl Into<String>,
        context: (&str, Value),
    ) {
        self.wrong(name, kind, message);
        if let Some(issue) = self.issues.pop() {
            self.issues.push(issue.with(context.0, context.1));
        }
    }

    /// The value of a field that has to be there.
    fn needed(&mut self, name: &str) -> Option<Value> {
        if let Some(value) = self.values.get(name) {
            return Some(value.clone());
        }
        self.missing(name);
        None
    }

    /// Notes that a field is missing.
    pub(crate) fn missing(&mut self, name: &str) {
        let place = vec![self.place.into(), name.into()];
        let whole = self.whole.clone();
        self.issues
            .push(Issue::new("missing", place, "Field required", whole));
    }

    /// A text that has to be there.
    pub(crate) fn text(&mut self, name: &str) -> String {
        match self.needed(name) {
            Some(Value::String(text)) => text,
            Some(_) => {
                self.wrong(name, "string_type", "Input should be a valid string");
                String::new()
            }
            None => String::new(),
        }
    }

    /// A text, or nothing.
    pub(crate) fn optional_text(&mut self, name: &str) -> Option<String> {
        match self.values.get(name) {
            None | Some(Value::Null) => None,
            Some(_) => Some(self.text(name)),
        }
    }

    /// The same where an empty text says as little as none.
    pub(crate) fn optional_words(&mut self, name: &str) -> Option<String> {
        self.optional_text(name).filter(|text| !text.is_empty())
    }

    /// A text of so many characters.
    pub(crate) fn text_within(&mut self, name: &str, fewest: usize, most: usize) -> String {
        let before = self.issues.len();
        let text = self.text(name);
        let length = text.chars().count();
        if self.issues.len() > before {
            return text;
        }
        if length < fewest {
            let message = format!("String should have at least {fewest} characters");
            self.wrong_with(
                name,
                "string_too_short",
                message,
                ("min_length", json!(fewest)),
            );
        } else if length > most {
            let message = format!("String should have at most {most} characters");
            self.wrong_with(
                name,
                "string_too_long",
                message,
                ("max_length", json!(most)),
            );
        }
        text
    }

    /// An e-mail address.
    pub(crate) fn email(&mut self, name: &str) -> String {
        let before = self.issues.len();
        let text = self.text(name).trim().to_owned();
        if self.issues.len() > before {
            return text;
        }
        if let Some(reason) = email::fault(&text) {
            let message = format!("value is not a valid email address: {reason}");
            self.wrong_with(name, "value_error", message, ("reason", reason.into()));
        }
        text
    }

    /// A whole number.
    pub(crate) fn integer(&mut self, name: &str) -> i64 {
        let Some(value) = self.needed(name) else {
            return 0;
        };
        match whole_number(&value) {
            Ok(number) => number,
            Err((kind, message)) => {
                self.wrong(name, kind, message);
                0
            }
        }
    }

    /// A whole number, or nothing.
    pub(crate) fn optional_integer(&mut self, name: &str) -> Option<i64> {
        match self.values.get(name) {
            None | Some(Value::Null) => None,
            Some(_) => Some(self.integer(name)),
        }
    }

    /// A whole number above 0.
    pub(crate) fn positive(&mut self, name: &str) -> i64 {
        let before = self.issues.len();
        let number = self.integer(name);
        if self.issues.len() == before && number <= 0 {
            let message = "Input should be greater than 0";
            self.wrong_with(name, "greater_than", message, ("gt", json!(0)));
        }
        number
    }

    /// A whole number in bounds, with a default.
    pub(crate) fn within(
        &mut self,
        name: &str,
        default: i64,
        least: i64,
        most: Option<i64>,
    ) -> i64 {
        let before = self.issues.len();
        let Some(number) = self.optional_integer(name) else {
            return default;
        };
        if self.issues.len() > before {
            return default;
        }
        if number < least {
            let message = format!("Input should be greater than or equal to {least}");
            self.wrong_with(name, "greater_than_equal", message, ("ge", json!(least)));
        } else if let Some(most) = most.filter(|most| number > *most) {
            let message = format!("Input should be less than or equal to {most}");
            self.wrong_with(name, "less_than_equal", message, ("le", json!(most)));
        }
        number
    }

    /// A number, with a default.
    pub(crate) fn number_or(&mut self, name: &str, default: f64) -> f64 {
        let Some(value) = self.values.get(name) else {
            return default;
        };
        match number(value) {
            Some(number) => number,
            None => {
                let (kind, message) = if value.is_string() {
                    (
                        "float_parsing",
                        "Input should be a valid number, unable to parse string as a number",
                    )
                } else {
                    ("float_type", "Input should be a valid number")
                };
                self.wrong(name, kind, message);
                default
            }
        }
    }

    /// Yes or no, with a default.
    pub(crate) fn switch_or(&mut self, name: &str, default: bool) -> bool {
        let Some(value) = self.values.get(name) else {
            return default;
        };
        match truth(value) {
            Some(truth) => truth,
            None => {
                let (kind, message) = if value.is_string() {
                    (
                        "bool_parsing",
                        "Input should be a valid boolean, unable to interpret input",
                    )
                } else {
                    ("bool_type", "Input should be a valid boolean")
                };
                self.wrong(name, kind, message);
                default
            }
        }
    }

    /// An object that has to be there.
    pub(crate) fn object(&mut self, name: &str) -> Map<String, Value> {
        match self.needed(name) {
            Some(Value::Object(object)) => object,
            Some(_) => {
                self.wrong(name, "dict_type", "Input should be a valid dictionary");
                Map::new()
            }
            None => Map::new(),
        }
    }

    /// An object, empty when it is left out or null.
    pub(crate) fn optional_object(&mut self, name: &str) -> Map<String, Value> {
        match self.raw(name) {
            None | Some(Value::Null) => Map::new(),
            Some(_) => self.object(name),
        }
    }

    /// A list that has to be there.
    pub(crate) fn list(&mut self, name: &str) -> Vec<Value> {
        match self.needed(name) {
            Some(Value::Array(list)) => list,
            Some(_) => {
                self.wrong(name, "list_type", "Input should be a valid list");
                Vec::new()
            }
            None => Vec::new(),
        }
    }

    /// Notes something wrong further inside.
    pub(crate) fn wrong_inside(
        &mut self,
        place: Vec<Value>,
        kind: &'static str,
        message: &str,
        input: Value,
    ) {
        let place = std::iter::once(Value::from(self.place)).chain(place);
        self.issues
            .push(Issue::new(kind, place.collect(), message, input));
    }

    /// Takes what was found wrong elsewhere in the same request along.
    pub(crate) fn and(&mut self, other: Self) {
        self.issues.extend(other.issues);
    }

    /// Lets the request on when nothing was wrong.
    pub(crate) fn done(&mut self) -> Answer<()> {
        if self.issues.is_empty() {
            return Ok(());
        }
        Err(Refusal::issues(std::mem::take(&mut self.issues)).by_frame())
    }
}

/// A number, also written as text.
pub(crate) fn number(value: &Value) -> Option<f64> {
    let number = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.trim().parse().ok(),
        Value::Bool(truth) => Some(f64::from(u8::from(*truth))),
        _ => None,
    };
    number.filter(|number: &f64| number.is_finite())
}

/// A whole number, also written as text; or what is wrong.
pub(crate) fn whole_number(value: &Value) -> Result<i64, (&'static str, &'static str)> {
    let fraction = (
        "int_from_float",
        "Input should be a valid integer, got a number with a fractional part",
    );
    match value {
        Value::Number(number) => match (number.as_i64(), number.as_f64()) {
            (Some(number), _) => Ok(number),
            (None, Some(float)) if float.fract() == 0.0 && float.abs() < 9.0e15 => Ok(float as i64),
            (None, Some(float)) if float.fract() != 0.0 => Err(fraction),
            _ => Err(("int_type", "Input should be a valid integer")),
        },
        Value::Bool(truth) => Ok(i64::from(*truth)),
        Value::String(text) => {
            let text = text.trim();
            let whole = text.split_once('.').map_or(text, |(whole, rest)| {
                if rest.bytes().all(|digit| digit == b'0') {
                    whole
                } else {
                    text
                }
            });
            whole.parse().map_err(|_| {
                (
                    "int_parsing",
                    "Input should be a valid integer, unable to parse string as an integer",
                )
            })
        }
        _ => Err(("int_type", "Input should be a valid integer")),
    }
}

/// Yes or no, in the words that are taken for them.
pub(crate) fn truth(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(truth) => Some(*truth),
        Value::Number(number) => match number.as_f64() {
            Some(1.0) => Some(true),
            Some(0.0) => Some(false),
            _ => None,
        },
        Value::String(text) => match text.to_lowercase().as_str() {
            "true" | "1" | "yes" | "on" | "t" | "y" => Some(true),
            "false" | "0" | "no" | "off" | "f" | "n" => Some(false),
            _ => None,
        },
        _ => None,
    }
}
