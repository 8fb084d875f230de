//! Several pipelines that answer together: the weighted mean of their numbers, or of their class probabilities.
//!
//! Members learn one by one and keep their own preparations; those that prepare alike share one. To importance and
//! explanation a blend looks like one model whose features are those of all preparations side by side. May touch
//! pipelines and their parts. Who takes part, and with what weight, is decided by whoever puts one together.

mod columns;
mod contributions;

use crate::algorithm::algorithm;
use crate::explain::Contributions;
use crate::learner::Learner;
use crate::pipeline::Pipeline;
use crate::predictor::{Predictor, check_form};
use crate::preparation::{Preparation, PreparedColumn};
use crate::target::TargetEncoder;
use crate::{Array, Feature, Features, FitError, Prediction, State, StateError};
use serde_json::{Map, Value};
use std::fmt;
use std::ops::Range;
use trainyard_table::Table;

/// What a blend is called where algorithms have names.
pub const NAME: &str = "ensemble";
/// The same for people.
pub const TITLE: &str = "Ensemble";
/// Most members of one blend.
pub const MOST_MEMBERS: usize = 32;

/// Fitted pipelines with their weights.
pub struct Blend {
    target: TargetEncoder,
    preparations: Vec<Preparation>,
    members: Vec<Member>,
    /// Columns of all preparations, as one.
    columns: Vec<PreparedColumn>,
    /// Where the features of each preparation lie among all.
    spans: Vec<Range<usize>>,
    /// There is nothing to set.
    params: Map<String, Value>,
}

struct Member {
    /// Weights add up to 1.
    weight: f64,
    /// Which preparation its features come from.
    preparation: usize,
    learner: Learner,
}

impl Blend {
    /// Puts fitted pipelines together; weights are scaled to add up to 1.
    ///
    /// # Errors
    /// [`FitError::Data`] when there are none or more than [`MOST_MEMBERS`], when a weight is not above 0, or when the
    /// members predict different targets.
    pub fn new(members: Vec<(f64, Pipeline)>) -> Result<Self, FitError> {
        let whole: f64 = members.iter().map(|(weight, _)| weight).sum();
        let weighty = |weight: f64| weight > 0.0 && weight.is_finite();
        if !members.iter().all(|&(weight, _)| weighty(weight)) || !weighty(whole) {
            return Err(FitError::Data(
                "every member of an ensemble needs a weight above 0".to_owned(),
            ));
        }
        let (mut preparations, mut joined) = (Vec::<Preparation>::new(), Vec::new());
        let mut common: Option<TargetEncoder> = None;
        for (weight, pipeline) in members {
            let (own, target, learner) = pipeline.into_parts();
            if common.get_or_insert_with(|| target.clone()) != &target {
                return Err(FitError::Data(
                    "the members of an ensemble must predict the same target".to_owned(),
                ));
            }
            let shared = preparations.iter().position(|known| *known == own);
            let preparation = shared.unwrap_or_else(|| {
                preparations.push(own);
                preparations.len() - 1
            });
            joined.push(Member {
                weight: weight / whole,
                preparation,
                learner,
            });
        }
        let target =
            common.ok_or_else(|| FitError::Data("an ensemble needs members".to_owned()))?;
        if joined.len() > MOST_MEMBERS {
            return Err(FitError::Data(format!(
                "{} members are more than the {MOST_MEMBERS} an ensemble may have",
                joined.len()
            )));
        }
        Ok(Self::of(target, preparations, joined))
    }

    fn of(target: TargetEncoder, preparations: Vec<Preparation>, members: Vec<Member>) -> Self {
        let (columns, spans) = columns::side_by_side(&preparations);
        Self {
            target,
            preparations,
            members,
            columns,
            spans,
            params: Map::new(),
        }
    }

    /// Algorithm, parameters (defaults included) and weight of each member; weights add up to 1.
    pub fn members(
        &self,
    ) -> impl ExactSizeIterator<Item = (&'static str, &Map<String, Value>, f64)> {
        let members = self.members.iter();
        members.map(|member| {
            let learner = &member.learner;
            (learner.algorithm, learner.params.values(), member.weight)
        })
    }

    /// Reads back what [`save`](Predictor::save) wrote; hostile input gives an error.
    ///
    /// # Errors
    /// When a part is damaged, or the parts do not belong together.
    pub fn load(state: &State) -> Result<Self, StateError> {
        let target = TargetEncoder::load(&state.part("target"))?;
        let count: usize = state.meta("preparations")?;
        let weights = state.f64s("weights")?;
        let places = state.u32s("member preparations")?;
        let sum: f64 = weights.iter().sum();
        let sound = !weights.is_empty()
            && weights.len() <= MOST_MEMBERS
            && weights.iter().all(|&weight| weight > 0.0)
            && (sum - 1.0).abs() < 1e-6
            && weights.len() == places.len()
            && (1..=weights.len()).contains(&count);
        if !sound {
            return Err(StateError(
                "the members of the ensemble and their weights do not belong together".to_owned(),
            ));
        }
        let preparations = (0..count)
            .map(|place| Preparation::load(&state.part(&format!("preparation {place}"))))
            .collect::<Result<Vec<_>, _>>()?;
        let mut members = Vec::with_capacity(weights.len());
        for (index, (&weight, &place)) in weights.iter().zip(places).enumerate() {
            let place = place as usize;
            let Some(preparation) = preparations.get(place) else {
                return Err(StateError(format!(
                    "member {index} of the ensemble has no preparation"
                )));
            };
            let part = state.part(&format!("member {index}"));
            let learner = Learner::load(&part, target.task(), algorithm)?;
            check_form(&learner.fitted.predict(&preparation.unknown_row()), &target)?;
            members.push(Member {
                weight,
                preparation: place,
                learner,
            });
        }
        Ok(Self::of(target, preparations, members))
    }

    /// The features of one preparation among all.
    fn own(&self, features: &Features, preparation: usize) -> Features {
        let span = self.spans.get(preparation).cloned().unwrap_or_default();
        let columns = features.columns().get(span).unwrap_or_default();
        Features::new(features.rows(), columns.to_vec()).unwrap_or_default()
    }

    /// The mean answer of all members to rows that each preparation has prepared.
    fn answer(&self, prepared: &[Features]) -> Prediction {
        let nothing = Features::default();
        let answers = self.members.iter().map(|member| {
            let features = prepared.get(member.preparation).unwrap_or(&nothing);
            (member.weight, member.learner.fitted.predict(features))
        });
        Prediction::mean(answers)
    }
}

impl Predictor for Blend {
    fn algorithm(&self) -> &'static str {
        NAME
    }

    fn params(&self) -> &Map<String, Value> {
        &self.params
    }

    fn columns(&self) -> &[PreparedColumn] {
        &self.columns
    }

    fn knows(&self, column: &str, value: &str) -> bool {
        let mut preparations = self.preparations.iter();
        preparations.any(|preparation| preparation.knows(column, value))
    }

    fn target(&self) -> &TargetEncoder {
        &self.target
    }

    fn features(&self, table: &Table) -> Features {
        let parts = self.preparations.iter().enumerate();
        let columns = parts.flat_map(|(place, preparation)| {
            let made = preparation.transform(table);
            let named = move |feature: &Feature| Feature {
                // Names are unique among all features.
                name: match place {
                    0 => feature.name.clone(),
                    _ => format!("{} ({})", feature.name, place + 1),
                },
                values: feature.values.clone(),
            };
            made.columns().iter().map(named).collect::<Vec<_>>()
        });
        Features::new(table.rows(), columns.collect()).unwrap_or_default()
    }

    fn predict_features(&self, features: &Features) -> Prediction {
        let prepared: Vec<_> = (0..self.preparations.len())
            .map(|place| self.own(features, place))
            .collect();
        self.answer(&prepared)
    }

    fn contributions(&self, features: &Features) -> Option<Contributions> {
        let parts = self.members.iter().map(|member| {
            let own = self.own(features, member.preparation);
            let first = self.spans.get(member.preparation)?.start;
            let found = member.learner.fitted.contributions(&own)?;
            Some((member.weight, first, found))
        });
        contributions::sum(parts, features.rows(), features.columns().len())
    }

    fn save(&self) -> State {
        let weights = self.members.iter().map(|member| member.weight).collect();
        let places = self.members.iter().map(|member| member.preparation as u32);
        let mut state = State::default()
            .with_meta("preparations", self.preparations.len())
            .with("weights", Array::F64(weights))
            .with("member preparations", Array::U32(places.collect()))
            .nest("target", self.target.save());
        for (place, preparation) in self.preparations.iter().enumerate() {
            state = state.nest(&format!("preparation {place}"), preparation.save());
        }
        for (index, member) in self.members.iter().enumerate() {
            state = state.nest(&format!("member {index}"), member.learner.save());
        }
        state
    }

    fn predict(&self, table: &Table) -> Prediction {
        let preparations = self.preparations.iter();
        let prepared: Vec<_> = preparations
            .map(|preparation| preparation.transform(table))
            .collect();
        self.answer(&prepared)
    }
}

impl fmt::Debug for Blend {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Blend")
            .field("target", &self.target)
            .field("members", &self.members().collect::<Vec<_>>())
            .finish_non_exhaustive()
    }
}
