//! What an automatic training may spend, and what it has spent.

use crate::error::FieldProblem;
use crate::progress::TrainContext;
use crate::spec::{AUTO, Effort, TrainSpec};
use serde::{Deserialize, Serialize};
use trainyard_estimators::Interruption;

/// How much an automatic training may do.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Budget {
    /// Units of work, each about a million looks at one cell; some thousand a second and core. What a fit takes is
    /// estimated from its settings and the table's shape, so that equal requests make equal models on any machine.
    Work(f64),
    /// Seconds by the clock. More is tried on faster machines: the result cannot be made again to the byte.
    Seconds(f64),
}

impl Budget {
    /// Whether equal requests on equal data give equal models.
    pub fn is_reproducible(&self) -> bool {
        matches!(self, Self::Work(_))
    }

    /// What is wrong with the budget of a request.
    pub(crate) fn problem(spec: &TrainSpec) -> Option<FieldProblem> {
        let (Self::Work(amount) | Self::Seconds(amount)) = spec.budget?;
        let detail = if spec.algorithm != AUTO {
            "only auto has a budget; name no budget, or train with auto"
        } else if !(amount > 0.0 && amount.is_finite()) {
            "give a number above 0, or leave the budget out"
        } else {
            return None;
        };
        Some(FieldProblem::new("/budget", detail))
    }

    /// The budget of an effort, for a table on which the plain setting of every usual family takes `round` units once.
    pub(super) fn of(effort: Effort, round: f64) -> Self {
        let (least, rounds) = match effort {
            Effort::Quick => (1_000.0, 3.0),
            Effort::Balanced => (2_500.0, 6.0),
            Effort::Thorough => (60_000.0, 60.0),
        };
        Self::Work(least + rounds * round)
    }
}

/// Share of a budget that goes into choosing; the rest is for fitting what was chosen on all rows and explaining it.
const CHOOSING: f64 = 0.7;
/// Share that is kept back, however little the rest is thought to take, and how wrong that may be.
const KEPT_BACK: f64 = 0.08;
const SURPRISE: f64 = 2.5;
/// Units that a core is taken to do in a second until this machine was seen at work.
const UNITS_A_SECOND: f64 = 1000.0;
/// Units after which the machine's own pace is believed.
const ENOUGH_SEEN: f64 = 50.0;

/// A budget and what is left of it.
pub(super) struct Purse<'a> {
    budget: Budget,
    context: &'a TrainContext<'a>,
    begun: f64,
    /// Units, whatever the budget is in.
    spent: f64,
    /// Share that goes into choosing.
    choosing: f64,
}

impl<'a> Purse<'a> {
    pub(super) fn new(budget: Budget, context: &'a TrainContext<'a>) -> Self {
        Self {
            budget,
            context,
            begun: (context.clock)(),
            spent: 0.0,
            choosing: CHOOSING,
        }
    }

    pub(super) fn budget(&self) -> Budget {
        self.budget
    }

    /// Units spent on choosing so far.
    pub(super) fn spent(&self) -> f64 {
        self.spent
    }

    pub(super) fn seconds(&self) -> f64 {
        (self.context.clock)() - self.begun
    }

    /// Units that choosing may take, all in all.
    pub(super) fn for_choosing(&self) -> f64 {
        self.choosing * self.limit()
    }

    /// Units for everything.
    pub(super) fn for_all(&self) -> f64 {
        self.limit()
    }

    /// Keeps so many units back for what comes after choosing, where that is more than usual.
    pub(super) fn keep_back(&mut self, work: f64) {
        self.choosing = self.choosing.min(1.0 - work / self.limit());
    }

    /// Lets choosing have more, once it is known that no more than so many units come after.
    pub(super) fn reserve(&mut self, work: f64) {
        let rest = 1.0 - KEPT_BACK - SURPRISE * work / self.limit();
        self.choosing = self.choosing.max(rest);
    }

    /// Units for what comes after.
    pub(super) fn for_finishing(&self) -> f64 {
        (1.0 - self.choosing) * self.limit()
    }

    /// Whether so many units more can be spent on choosing.
    pub(super) fn affords(&self, work: f64) -> bool {
        if (self.context.enough)() {
            return false;
        }
        match self.budget {
            Budget::Work(limit) => self.spent + work <= self.choosing * limit,
            Budget::Seconds(limit) => self.seconds() + work / self.pace() <= self.choosing * limit,
        }
    }

    pub(super) fn charge(&mut self, work: f64) {
        self.spent += work;
    }

    /// Share of the choosing that is done.
    pub(super) fn share(&self) -> f64 {
        let share = match self.budget {
            Budget::Work(limit) => self.spent / (self.choosing * limit),
            Budget::Seconds(limit) => self.seconds() / (self.choosing * limit),
        };
        share.clamp(0.0, 1.0)
    }

    /// The context's interruption, and the end of the time for choosing.
    pub(super) fn interruption(&self) -> impl Fn() -> Option<Interruption> + Sync + use<'a> {
        let (context, begun) = (self.context, self.begun);
        let most = match self.budget {
            Budget::Work(_) => f64::INFINITY,
            Budget::Seconds(limit) => self.choosing * limit,
        };
        move || {
            let late = || most.is_finite() && (context.clock)() - begun > most;
            let over = || late() || (context.enough)();
            (context.interruption)().or_else(|| over().then_some(Interruption::OutOfBudget))
        }
    }

    fn limit(&self) -> f64 {
        match self.budget {
            Budget::Work(limit) => limit,
            Budget::Seconds(limit) => limit * self.pace(),
        }
    }

    /// Units a second.
    fn pace(&self) -> f64 {
        let seconds = self.seconds();
        if self.spent > ENOUGH_SEEN && seconds > 0.1 {
            self.spent / seconds
        } else {
            UNITS_A_SECOND * rayon::current_num_threads() as f64
        }
    }
}
