//! The learned values of a model as plain data: one JSON value and named little arrays. The model file (in the
//! `training` crate) stores exactly this; nothing in it can run.

use std::collections::BTreeMap;

/// A one-dimensional array of one number type.
#[derive(Clone, Debug, PartialEq)]
pub enum Array {
    /// 64-bit floats.
    F64(Vec<f64>),
    /// 32-bit floats.
    F32(Vec<f32>),
    /// 64-bit unsigned integers.
    U64(Vec<u64>),
    /// 32-bit unsigned integers.
    U32(Vec<u32>),
    /// 32-bit signed integers.
    I32(Vec<i32>),
    /// 16-bit unsigned integers.
    U16(Vec<u16>),
    /// Bytes.
    U8(Vec<u8>),
}

/// Everything a fitted part has to remember.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct State {
    /// Small values: counts, names, settings.
    pub meta: serde_json::Map<String, serde_json::Value>,
    /// Large values by name, in name order.
    pub arrays: BTreeMap<String, Array>,
}

/// A state that is not what the reader expected: a damaged or foreign model file.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the model file is damaged or from another version: {0}")]
pub struct StateError(pub String);

macro_rules! typed {
    ($get:ident, $variant:ident, $type:ty) => {
        /// The named array of this type, or an error that names it.
        pub fn $get(&self, name: &str) -> Result<&[$type], StateError> {
            match self.arrays.get(name) {
                Some(Array::$variant(values)) => Ok(values),
                Some(_) => Err(StateError(format!("array '{name}' has another type"))),
                None => Err(StateError(format!("array '{name}' is missing"))),
            }
        }
    };
}

impl State {
    typed!(f64s, F64, f64);
    typed!(f32s, F32, f32);
    typed!(u64s, U64, u64);
    typed!(u32s, U32, u32);
    typed!(i32s, I32, i32);
    typed!(u16s, U16, u16);
    typed!(u8s, U8, u8);

    /// Adds an array.
    #[must_use]
    pub fn with(mut self, name: &str, array: Array) -> Self {
        self.arrays.insert(name.to_owned(), array);
        self
    }

    /// Adds a small value.
    #[must_use]
    pub fn with_meta(mut self, name: &str, value: impl serde::Serialize) -> Self {
        self.meta.insert(
            name.to_owned(),
            serde_json::to_value(value).unwrap_or(serde_json::Value::Null),
        );
        self
    }

    /// Reads a small value.
    pub fn meta<T: serde::de::DeserializeOwned>(&self, name: &str) -> Result<T, StateError> {
        let value = self
            .meta
            .get(name)
            .ok_or_else(|| StateError(format!("value '{name}' is missing")))?;
        serde_json::from_value(value.clone())
            .map_err(|error| StateError(format!("value '{name}': {error}")))
    }

    /// Adds an array that files of earlier versions lack, or nothing: a note beside it tells one that was never written
    /// from one that got lost.
    #[must_use]
    pub(crate) fn with_added(self, name: &str, array: Option<Array>) -> Self {
        match array {
            Some(array) => self.with(name, array).with_meta(name, true),
            None => self,
        }
    }

    /// Whether there is such an array.
    pub(crate) fn has_added(&self, name: &str) -> Result<bool, StateError> {
        match (self.meta.get(name), self.arrays.contains_key(name)) {
            (None, false) => Ok(false),
            (Some(serde_json::Value::Bool(true)), true) => Ok(true),
            _ => Err(StateError(format!(
                "array '{name}' and the note about it do not fit together"
            ))),
        }
    }

    /// Takes in another state under a prefix ("model.", "preparation."), so that parts nest.
    #[must_use]
    pub fn nest(mut self, prefix: &str, part: State) -> Self {
        for (name, value) in part.meta {
            self.meta.insert(format!("{prefix}.{name}"), value);
        }
        for (name, array) in part.arrays {
            self.arrays.insert(format!("{prefix}.{name}"), array);
        }
        self
    }

    /// The part that was nested under a prefix.
    #[must_use]
    pub fn part(&self, prefix: &str) -> State {
        let dotted = format!("{prefix}.");
        let meta = self.meta.iter().filter_map(|(name, value)| {
            Some((name.strip_prefix(&dotted)?.to_owned(), value.clone()))
        });
        let arrays = self.arrays.iter().filter_map(|(name, array)| {
            Some((name.strip_prefix(&dotted)?.to_owned(), array.clone()))
        });
        State {
            meta: meta.collect(),
            arrays: arrays.collect(),
        }
    }
}
