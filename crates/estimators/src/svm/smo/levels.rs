//! Where samples stand against the optimality conditions, and which of them to solve next.

use super::Solver;

/// Where the active samples stand.
pub(crate) struct Levels {
    up: Vec<f64>,
    down: Vec<f64>,
    /// Least of what may move up, and largest of what may move down.
    pub(crate) least: f64,
    pub(crate) largest: f64,
}

impl Levels {
    pub(crate) fn new(solver: &Solver<'_>, active: &[u32]) -> Self {
        let mut levels = Self {
            up: Vec::with_capacity(active.len()),
            down: Vec::with_capacity(active.len()),
            least: f64::INFINITY,
            largest: f64::NEG_INFINITY,
        };
        for &index in active {
            let index = index as usize;
            let (gradient, beta) = (solver.gradient[index], solver.beta[index]);
            let up = gradient + solver.problem.up(index, beta);
            let down = gradient + solver.problem.down(index, beta);
            levels.least = levels.least.min(up);
            levels.largest = levels.largest.max(down);
            levels.up.push(up);
            levels.down.push(down);
        }
        levels
    }

    /// Positions of the samples that may still take part in a violating pair.
    pub(crate) fn staying(&self) -> Vec<u32> {
        let levels = self.up.iter().zip(&self.down).enumerate();
        levels
            .filter(|(_, (up, down))| **up < self.largest || **down > self.least)
            .map(|(at, _)| at as u32)
            .collect()
    }

    /// Positions (rising) of the samples to solve next: the strongest violators both ways, and of the last ones those
    /// that are free first.
    pub(crate) fn choose(
        &self,
        solver: &Solver<'_>,
        active: &[u32],
        last: &[u32],
        width: usize,
    ) -> Vec<u32> {
        let size = active.len();
        if size <= width {
            return (0..size as u32).collect();
        }
        let mut taken = vec![false; size];
        let mut chosen: Vec<u32> = Vec::with_capacity(width);
        // Both lists rise, so that positions are found in one pass.
        let mut old: Vec<(bool, u32)> = Vec::new();
        let mut at = 0;
        for &index in last {
            while at < size && active[at] < index {
                at += 1;
            }
            if at < size && active[at] == index {
                let beta = solver.beta[index as usize];
                let free = solver.problem.up(index as usize, beta)
                    == solver.problem.down(index as usize, beta);
                old.push((!free, at as u32));
            }
        }
        old.sort_unstable();
        for &(_, at) in old.iter().take(width / 2) {
            taken[at as usize] = true;
            chosen.push(at);
        }
        for upward in [true, false] {
            let levels = if upward { &self.up } else { &self.down };
            let mut candidates: Vec<(f64, u32)> = levels
                .iter()
                .enumerate()
                .filter(|(at, level)| !taken[*at] && level.is_finite())
                .map(|(at, level)| (if upward { *level } else { -level }, at as u32))
                .filter(|(level, _)| {
                    if upward {
                        *level < self.largest
                    } else {
                        -level > self.least
                    }
                })
                .collect();
            let room = width - chosen.len();
            let count = if upward { room / 2 } else { room }.min(candidates.len());
            let order = |left: &(f64, u32), right: &(f64, u32)| {
                left.0.total_cmp(&right.0).then(left.1.cmp(&right.1))
            };
            if count < candidates.len() {
                candidates.select_nth_unstable_by(count, order);
            }
            for &(_, at) in &candidates[..count] {
                taken[at as usize] = true;
                chosen.push(at);
            }
        }
        chosen.sort_unstable();
        chosen
    }
}
