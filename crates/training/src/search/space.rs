//! What may be tried: one [`Dimension`] a parameter, each with one or more [`Branch`]es (a fixed value, or a range).
//!
//! A parameter that may be a word, null or a number (`max_features`) has a branch for each, so every sampler first picks a
//! branch and then, in a range, a place. Places are in `0.0..=1.0`, on the range's own scale: samplers know nothing else.
//! Next: [`derive`](super::derive) makes a space from an algorithm's declaration, [`given`](super::given) from a request.

use serde::Serialize;
use serde_json::{Map, Value};

/// A setting: values by parameter name.
pub type Setting = Map<String, Value>;

/// Numbers between two ends, both included.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Range {
    /// Lower end.
    pub low: f64,
    /// Upper end, above the lower one.
    pub high: f64,
    /// Whether steps are equal as factors; the lower end is above 0 then.
    pub log: bool,
    /// Whether only whole numbers are meant.
    pub integer: bool,
    /// Points that a grid takes from it.
    pub steps: usize,
}

/// One of the forms a parameter may take.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Branch {
    /// Exactly this.
    Value(Value),
    /// A number between two ends.
    Range(Range),
}

/// One parameter and all it may be.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Dimension {
    /// The parameter.
    pub name: String,
    /// Its forms; at least one.
    pub branches: Vec<Branch>,
}

/// Everything that may be tried, parameters in a fixed order.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
pub struct Space {
    /// One entry a parameter.
    pub dimensions: Vec<Dimension>,
}

/// Where a setting lies in one dimension: which branch, and the place in its range.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Index of the branch.
    pub branch: usize,
    /// Place in `0.0..=1.0`; 0.5 for a fixed value.
    pub at: f64,
}

impl Range {
    /// Ends on the scale on which places are linear. Whole numbers own half a step to either side, so that each is as
    /// likely as the next.
    fn ends(&self) -> (f64, f64) {
        let half = if self.integer { 0.5 } else { 0.0 };
        let (low, high) = (self.low - half, self.high + half);
        if self.log {
            (low.ln(), high.ln())
        } else {
            (low, high)
        }
    }

    /// The number at a place.
    pub fn number(&self, at: f64) -> f64 {
        let (low, high) = self.ends();
        let scaled = low + at.clamp(0.0, 1.0) * (high - low);
        let number = if self.log { scaled.exp() } else { scaled };
        let number = if self.integer { number.round() } else { number };
        number.clamp(self.low, self.high)
    }

    /// The place of a number.
    pub fn place(&self, number: f64) -> f64 {
        let (low, high) = self.ends();
        let scaled = if self.log { number.ln() } else { number };
        ((scaled - low) / (high - low)).clamp(0.0, 1.0)
    }

    /// The number as JSON, whole where it must be.
    pub fn value(&self, at: f64) -> Value {
        let number = self.number(at);
        if self.integer {
            Value::from(number as i64)
        } else {
            Value::from(number)
        }
    }

    /// Different numbers there are, `None` when they cannot be counted.
    fn count(&self) -> Option<u128> {
        self.integer
            .then(|| (self.high - self.low).max(0.0) as u128 + 1)
    }

    /// The numbers a grid takes: both ends and equal steps between, each once.
    fn points(&self) -> Vec<Value> {
        let last = self.steps.saturating_sub(1).max(1) as f64;
        let (from, to) = (self.place(self.low), self.place(self.high));
        let mut points = (0..self.steps.max(1))
            .map(|step| match step {
                0 => self.value_of(self.low),
                step if step as f64 == last => self.value_of(self.high),
                step => self.value(from + (to - from) * step as f64 / last),
            })
            .collect::<Vec<_>>();
        points.dedup();
        points
    }

    fn value_of(&self, number: f64) -> Value {
        if self.integer {
            Value::from(number as i64)
        } else {
            Value::from(number)
        }
    }
}

impl Dimension {
    /// The value at a place.
    pub fn value(&self, place: Place) -> Value {
        match self.branches.get(place.branch) {
            Some(Branch::Value(value)) => value.clone(),
            Some(Branch::Range(range)) => range.value(place.at),
            None => Value::Null,
        }
    }

    /// The points a grid takes.
    pub(crate) fn points(&self) -> Vec<Value> {
        self.branches
            .iter()
            .flat_map(|branch| match branch {
                Branch::Value(value) => vec![value.clone()],
                Branch::Range(range) => range.points(),
            })
            .collect()
    }

    /// Where a value lies; `None` outside of all branches.
    fn place(&self, value: &Value) -> Option<Place> {
        let number = value.as_f64();
        let at = |branch: &Branch| match branch {
            Branch::Value(known) => (known == value).then_some(0.5),
            Branch::Range(range) => number
                .filter(|number| (range.low..=range.high).contains(number))
                .map(|number| range.place(number)),
        };
        let mut places = self.branches.iter().map(at).enumerate();
        places.find_map(|(branch, at)| at.map(|at| Place { branch, at }))
    }

    fn count(&self) -> Option<u128> {
        self.branches
            .iter()
            .map(|branch| match branch {
                Branch::Value(_) => Some(1),
                Branch::Range(range) => range.count(),
            })
            .sum()
    }
}

impl Space {
    /// The setting at these places, one a dimension.
    pub fn setting(&self, places: &[Place]) -> Setting {
        self.dimensions
            .iter()
            .zip(places)
            .map(|(dimension, &place)| (dimension.name.clone(), dimension.value(place)))
            .collect()
    }

    /// Where a setting lies; `None` where it says nothing of a dimension, or something that is not in it.
    pub fn places(&self, setting: &Setting) -> Option<Vec<Place>> {
        let places = self.dimensions.iter().map(|dimension| {
            let value = setting.get(&dimension.name)?;
            dimension.place(value)
        });
        places.collect()
    }

    /// Different settings there are, `None` when they cannot be counted.
    pub fn count(&self) -> Option<u128> {
        self.dimensions
            .iter()
            .try_fold(1_u128, |product, dimension| {
                product.checked_mul(dimension.count()?)
            })
    }

    /// The same space with every whole number of a range as a point of its own; `None` when they cannot be counted.
    pub(crate) fn exhaustive(&self) -> Option<Self> {
        const MOST: u128 = 1_000_000;
        self.count().filter(|&count| count <= MOST)?;
        let mut all = self.clone();
        for branch in all
            .dimensions
            .iter_mut()
            .flat_map(|dimension| &mut dimension.branches)
        {
            if let Branch::Range(range) = branch {
                range.log = false;
                range.steps = (range.high - range.low) as usize + 1;
            }
        }
        Some(all)
    }
}
