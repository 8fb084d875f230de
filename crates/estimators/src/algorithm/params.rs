//! Parameters: declared once as [`ParamSpec`], checked once into [`Params`].

use crate::FitError;
use crate::algorithm::Task;
use serde_json::{Map, Value};

/// The values a parameter may take. Several kinds may be allowed for one parameter (`max_features`).
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum ParamKind {
    /// A whole number in `min..=max`.
    Integer {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
    },
    /// A finite number in `min..=max` (`min` itself excluded when `above` is set).
    Number {
        /// Lower bound.
        min: f64,
        /// Upper bound, included.
        max: f64,
        /// Whether the lower bound is excluded.
        above: bool,
    },
    /// One of these words.
    Choice(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// `null`, with the meaning it has ("no limit").
    Null(&'static str),
    /// −1, 0 or 1 for columns by name: a JSON object, or text as people type it ("age: 1, price: -1"); kept as an object.
    Directions,
    /// Several whole numbers in `min..=max`, at least one: a JSON array, a single number, or text as people type it
    /// ("64, 64"); kept as an array.
    Integers {
        /// Smallest allowed.
        min: i64,
        /// Largest allowed.
        max: i64,
        /// Most numbers.
        longest: usize,
    },
}

/// One parameter of an algorithm.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ParamSpec {
    /// scikit-learn's name where it has one.
    pub name: &'static str,
    /// What it may be.
    pub kinds: &'static [ParamKind],
    /// The default, as JSON text (`"100"`, `"null"`, `"\"sqrt\""`).
    pub default: &'static str,
    /// Whether a search should move on a logarithmic scale.
    pub log_scale: bool,
    /// One sentence for people.
    pub doc: &'static str,
    /// The tasks it applies to.
    pub tasks: &'static [Task],
    /// Where the meaning comes from (a paper, or the reference implementation's documentation).
    pub source: &'static str,
}

impl ParamSpec {
    /// What a parameter is where its declaration says nothing else.
    pub(crate) const PLAIN: Self = Self {
        name: "",
        kinds: &[],
        default: "null",
        log_scale: false,
        doc: "",
        tasks: Task::BOTH,
        source: "",
    };
}

/// Weights by class, as every classifier that knows them offers them.
pub(crate) const CLASS_WEIGHT: ParamSpec = ParamSpec {
    name: "class_weight",
    kinds: &[
        ParamKind::Choice(&["balanced"]),
        ParamKind::Null("every row counts the same"),
    ],
    doc: "balanced makes rare classes count as much as common ones.",
    tasks: Task::CLASSIFICATION,
    source: "scikit-learn compute_class_weight",
    ..ParamSpec::PLAIN
};

/// Checked parameters: every declared name present, every value allowed.
#[derive(Clone, Debug, PartialEq)]
pub struct Params(Map<String, Value>);

impl Params {
    /// Checks given values against the declaration and fills in defaults. All problems are returned, not just the first.
    pub fn check(
        specs: &'static [ParamSpec],
        task: Task,
        given: &Map<String, Value>,
    ) -> Result<Self, Vec<FitError>> {
        let mut problems = Vec::new();
        let mut values = Map::new();
        for name in given
            .keys()
            .filter(|name| !specs.iter().any(|spec| spec.name == name.as_str()))
        {
            let known = specs
                .iter()
                .map(|spec| spec.name)
                .collect::<Vec<_>>()
                .join(", ");
            let detail = if known.is_empty() {
                "this algorithm has no parameters".to_owned()
            } else {
                format!("unknown parameter; known are {known}")
            };
            problems.push(FitError::Parameter {
                name: name.clone(),
                detail,
            });
        }
        for spec in specs {
            let value = match given.get(spec.name) {
                Some(value) => value.clone(),
                None => spec.default_value(),
            };
            let stranger = given.contains_key(spec.name)
                && !spec.tasks.contains(&task)
                && value != spec.default_value();
            if stranger {
                problems.push(FitError::Parameter {
                    name: spec.name.to_owned(),
                    detail: "does not apply to this task; leave it out".to_owned(),
                });
            } else if let Some(value) = spec.accept(&value) {
                values.insert(spec.name.to_owned(), value);
            } else {
                problems.push(FitError::Parameter {
                    name: spec.name.to_owned(),
                    detail: format!("{value} is not allowed; it must be {}", spec.allowed()),
                });
            }
        }
        if problems.is_empty() {
            Ok(Self(values))
        } else {
            Err(problems)
        }
    }

    /// The checked values, by name.
    pub fn values(&self) -> &Map<String, Value> {
        &self.0
    }

    /// A declared whole number, `None` when it is null or of another kind.
    pub fn integer(&self, name: &str) -> Option<usize> {
        self.0.get(name)?.as_u64().map(|value| value as usize)
    }

    /// A declared number, `None` when it is null or of another kind.
    pub fn number(&self, name: &str) -> Option<f64> {
        self.0.get(name)?.as_f64()
    }

    /// A declared word, `None` when it is null or of another kind.
    pub fn choice(&self, name: &str) -> Option<&str> {
        self.0.get(name)?.as_str()
    }

    /// Declared whole numbers, `None` when the value is null or of another kind.
    pub fn integers(&self, name: &str) -> Option<Vec<usize>> {
        let values = self.0.get(name)?.as_array()?;
        values
            .iter()
            .map(|value| value.as_u64().map(|whole| whole as usize))
            .collect()
    }

    /// A declared direction (−1, 0 or 1) for each named column; none when the value is null or of another kind.
    pub fn directions(&self, name: &str) -> Vec<(&str, i8)> {
        let given = self.0.get(name).and_then(Value::as_object);
        let pairs = given.into_iter().flatten();
        pairs
            .filter_map(|(column, value)| Some((column.as_str(), value.as_i64()? as i8)))
            .collect()
    }

    /// A declared switch; `false` when it is of another kind.
    pub fn flag(&self, name: &str) -> bool {
        self.0.get(name).and_then(Value::as_bool).unwrap_or(false)
    }
}

impl ParamSpec {
    /// The default as JSON.
    pub fn default_value(&self) -> Value {
        serde_json::from_str(self.default).unwrap_or(Value::Null)
    }

    /// The allowed values in words ("a whole number from 1 to 10000, or null (no limit)").
    pub fn allowed(&self) -> String {
        self.kinds
            .iter()
            .map(ParamKind::describe)
            .collect::<Vec<_>>()
            .join(", or ")
    }

    /// The value in canonical form when some kind allows it. A kind of the value's own type comes first, so that 1 and
    /// 1.0 can differ where both numbers and shares are allowed; then a whole float may stand for an integer and an
    /// integer for a float.
    fn accept(&self, value: &Value) -> Option<Value> {
        let own_type = |kind: &&ParamKind| match kind {
            ParamKind::Integer { .. } => !value.is_f64(),
            ParamKind::Number { .. } => value.is_f64(),
            _ => true,
        };
        let exact = self
            .kinds
            .iter()
            .filter(own_type)
            .find_map(|kind| kind.accept(value));
        exact.or_else(|| self.kinds.iter().find_map(|kind| kind.accept(value)))
    }
}

impl ParamKind {
    /// A whole number in `min..=max`.
    pub(crate) const fn integer(min: i64, max: i64) -> Self {
        Self::Integer { min, max }
    }

    /// A number in `min..=max`.
    pub(crate) const fn number(min: f64, max: f64) -> Self {
        Self::Number {
            min,
            max,
            above: false,
        }
    }

    /// A number in `min..=max` that is not `min`.
    pub(crate) const fn above(min: f64, max: f64) -> Self {
        Self::Number {
            min,
            max,
            above: true,
        }
    }

    fn accept(&self, value: &Value) -> Option<Value> {
        match *self {
            Self::Integer { min, max } => {
                let whole = whole(value)?;
                (min..=max).contains(&whole).then(|| Value::from(whole))
            }
            Self::Integers { min, max, longest } => {
                let wholes = match value {
                    Value::Array(values) => values.iter().map(whole).collect::<Option<Vec<_>>>()?,
                    Value::String(text) => text
                        .trim_matches(['[', ']', '(', ')', ' '])
                        .trim_end_matches([',', ' '])
                        .split(',')
                        .map(|part| part.trim().parse().ok())
                        .collect::<Option<Vec<i64>>>()?,
                    single => vec![whole(single)?],
                };
                let fits = (1..=longest).contains(&wholes.len())
                    && wholes.iter().all(|whole| (min..=max).contains(whole));
                fits.then(|| Value::from(wholes))
            }
            Self::Number { min, max, above } => {
                let number = value.as_f64()?;
                let low_enough = if above { number > min } else { number >= min };
                (low_enough && number <= max).then(|| Value::from(number))
            }
            Self::Choice(words) => value
                .as_str()
                .filter(|word| words.contains(word))
                .map(Value::from),
            Self::Boolean => value.as_bool().map(Value::from),
            Self::Null(_) => value.is_null().then_some(Value::Null),
            Self::Directions => directions(value),
        }
    }

    fn describe(&self) -> String {
        match *self {
            Self::Integer { min, max } => format!("a whole number from {min} to {max}"),
            Self::Number {
                min,
                max,
                above: true,
            } => format!("a number above {min} and up to {max}"),
            Self::Number {
                min,
                max,
                above: false,
            } => format!("a number from {min} to {max}"),
            Self::Choice(words) => format!("one of {}", words.join(", ")),
            Self::Boolean => "true or false".to_owned(),
            Self::Null(meaning) => format!("null ({meaning})"),
            Self::Directions => {
                r#"1 (rising), -1 (falling) or 0 by column, such as {"age": 1, "price": -1}"#
                    .to_owned()
            }
            Self::Integers { min, max, longest } => {
                format!("1 to {longest} whole numbers from {min} to {max}, such as [64, 64]")
            }
        }
    }
}

/// The whole number that a JSON number is, also when it is written as a float.
fn whole(value: &Value) -> Option<i64> {
    value.as_i64().or_else(|| {
        value
            .as_f64()
            .filter(|number| number.fract() == 0.0 && number.abs() < 9e15)
            .map(|number| number as i64)
    })
}

/// Directions by column, from an object or from text.
fn directions(value: &Value) -> Option<Value> {
    let direction = |value: &Value| whole(value).filter(|own| (-1..=1).contains(own));
    let pairs: Map<String, Value> = match value {
        Value::Object(given) => given
            .iter()
            .map(|(column, value)| Some((column.clone(), Value::from(direction(value)?))))
            .collect::<Option<_>>()?,
        Value::String(text) => text
            .trim_end_matches([',', ' '])
            .split(',')
            .map(|part| {
                let (column, value) = part.rsplit_once(':')?;
                let own = direction(&Value::from(value.trim().parse::<i64>().ok()?))?;
                Some((column.trim().to_owned(), Value::from(own)))
            })
            .collect::<Option<_>>()?,
        _ => return None,
    };
    (!pairs.is_empty()).then_some(Value::Object(pairs))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn directions_are_read_as_people_write_them() {
        let both = Some(json!({"age": 1, "net price": -1}));
        for given in [
            json!({"age": 1, "net price": -1.0}),
            json!("age: 1, net price: -1"),
            json!("age:1,net price:-1,"),
        ] {
            assert_eq!(ParamKind::Directions.accept(&given), both, "{given}");
        }
        for given in [
            json!({}),
            json!(""),
            json!("age"),
            json!("age: 2"),
            json!({"age": 0.5}),
            json!({"age": "up"}),
            json!([1]),
            json!(1),
        ] {
            assert_eq!(ParamKind::Directions.accept(&given), None, "{given}");
        }
    }

    #[test]
    fn lists_of_whole_numbers_are_read_as_people_write_them() {
        let kind = ParamKind::Integers {
            min: 1,
            max: 4096,
            longest: 3,
        };
        for given in [
            json!([64, 32]),
            json!([64.0, 32]),
            json!("64, 32"),
            json!("[64,32]"),
            json!("(64, 32,)"),
        ] {
            assert_eq!(kind.accept(&given), Some(json!([64, 32])), "{given}");
        }
        assert_eq!(kind.accept(&json!(7)), Some(json!([7])));
        for given in [
            json!([]),
            json!([0]),
            json!([5000]),
            json!([1, 2, 3, 4]),
            json!([1.5]),
            json!(["a"]),
            json!("a"),
            json!(""),
            json!(null),
            json!(true),
        ] {
            assert_eq!(kind.accept(&given), None, "{given}");
        }
    }
}
