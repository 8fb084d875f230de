//! A question about the bin of a column as questions whether a number is at most another.

/// The bin of what is missing.
pub(super) const MISSING: u8 = u8::MAX;

/// Which bins of a column go left.
pub(super) struct Question<'a> {
    /// Rising numbers between the bins; `None` where the column's numbers are those of the bins.
    pub(super) cuts: Option<&'a [f64]>,
    /// The last bin there is.
    pub(super) last: usize,
    /// One bit a bin, that of missing values among them.
    pub(super) lefts: [u64; 4],
}

/// One question of a chain: at most this?
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Link {
    pub(super) at_most: f64,
    /// The child that yes leads to. No leads to the next link, and at the end of the chain to the other child.
    pub(super) yes_goes_left: bool,
    pub(super) missing_is_yes: bool,
}

/// Links to be asked one after the other, or where all rows go.
#[derive(Debug, PartialEq)]
pub(super) struct Chain {
    pub(super) links: Vec<Link>,
    pub(super) always: Option<bool>,
}

/// The bins up to one, and perhaps that of missing values.
pub(super) fn up_to(bin: u8, missing: bool) -> [u64; 4] {
    let mut lefts = [0; 4];
    for own in (0..=bin).filter(|&own| own != MISSING) {
        lefts[usize::from(own >> 6)] |= 1 << (own & 63);
    }
    // Nothing is greater than the last bin: a question up to it leads all rows left.
    if missing || bin == MISSING {
        lefts[3] |= 1 << 63;
    }
    lefts
}

/// The chain that asks the same.
pub(super) fn chain(question: &Question<'_>) -> Chain {
    let goes_left = |bin: usize| question.lefts[bin >> 6] >> (bin & 63) & 1 == 1;
    let missing_goes_left = goes_left(usize::from(MISSING));
    let mut links: Vec<Link> = (0..question.last)
        .filter(|&bin| goes_left(bin) != goes_left(bin + 1))
        .map(|bin| Link {
            at_most: match question.cuts {
                Some(cuts) => cuts.get(bin).copied().unwrap_or(f64::MAX),
                None => bin as f64,
            },
            yes_goes_left: goes_left(bin),
            missing_is_yes: false,
        })
        .collect();
    let end_goes_left = goes_left(question.last);
    if links.is_empty() {
        if missing_goes_left == end_goes_left {
            return Chain {
                links,
                always: Some(end_goes_left),
            };
        }
        // Only what is missing goes the other way.
        links.push(Link {
            at_most: f64::MAX,
            yes_goes_left: end_goes_left,
            missing_is_yes: false,
        });
    }
    // Missing values leave the chain at the first link that leads their way, or at its end.
    if let Some(link) = links
        .iter_mut()
        .find(|link| link.yes_goes_left == missing_goes_left)
    {
        link.missing_is_yes = true;
    }
    Chain {
        links,
        always: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Where a row goes along the links.
    fn goes_left(chain: &Chain, value: f64) -> bool {
        if let Some(always) = chain.always {
            return always;
        }
        for link in &chain.links {
            let yes = value <= link.at_most || (value.is_nan() && link.missing_is_yes);
            if yes {
                return link.yes_goes_left;
            }
        }
        chain.links.last().is_some_and(|link| !link.yes_goes_left)
    }

    proptest! {
        #[test]
        fn a_chain_asks_what_the_bins_ask(lefts in prop::array::uniform4(any::<u64>()), sparse in any::<bool>(), last in 0_usize..255) {
            let lefts = if sparse { lefts.map(|bits| bits & (bits >> 3) & (bits >> 17)) } else { lefts };
            let cuts: Vec<f64> = (0..last).map(|bin| bin as f64 * 1.5 - 7.0).collect();
            let question = Question { cuts: Some(&cuts), last, lefts };
            let asked = chain(&question);
            let left = |bin: usize| lefts[bin >> 6] >> (bin & 63) & 1 == 1;
            for bin in 0..=last {
                let inside = cuts.get(bin).copied().unwrap_or(f64::MAX);
                prop_assert_eq!(goes_left(&asked, inside), left(bin), "bin {}", bin);
                if bin > 0 {
                    prop_assert_eq!(goes_left(&asked, cuts[bin - 1].next_up()), left(bin), "just in bin {}", bin);
                }
            }
            prop_assert_eq!(goes_left(&asked, f64::NAN), left(255));
        }
    }

    #[test]
    fn a_threshold_is_one_link() {
        let cuts = [0.5, 1.5, 2.5];
        let asked = |bin, missing| {
            chain(&Question {
                cuts: Some(&cuts),
                last: 3,
                lefts: up_to(bin, missing),
            })
        };
        let link = |at_most, missing_is_yes| Link {
            at_most,
            yes_goes_left: true,
            missing_is_yes,
        };
        assert_eq!(asked(1, false).links, [link(1.5, false)]);
        assert_eq!(asked(1, true).links, [link(1.5, true)]);
        assert_eq!(asked(7, false).links, [link(f64::MAX, false)]);
        assert_eq!(asked(7, true).always, Some(true));
    }
}
