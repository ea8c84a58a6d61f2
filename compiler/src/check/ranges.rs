//! Ranges of numbers: none is empty, and no two have a number in common.

use super::context::Check;
use crate::descriptor::File;
use crate::diagnostics::{Diagnostic, Place};
use crate::places;
use crate::work;

/// A range with its last number, and what it is.
pub(super) struct NumberRange {
    pub(super) path: Vec<i32>,
    pub(super) first: i64,
    pub(super) last: i64,
    pub(super) is_extension: bool,
}

impl NumberRange {
    fn name(&self) -> String {
        if self.first == self.last {
            format!("{}", self.first)
        } else {
            format!("{} to {}", self.first, self.last)
        }
    }
}

/// Ranges by their first number, to find the one that a number is in.
pub(super) struct Ranges {
    sorted: Vec<NumberRange>,
}

impl Ranges {
    /// The range that has a number, if no two overlap.
    pub(super) fn find(&self, number: i64) -> Option<&NumberRange> {
        let behind = self.sorted.partition_point(|range| range.first <= number);
        let range = self.sorted.get(behind.checked_sub(1)?)?;
        (number <= range.last).then_some(range)
    }

    /// The first number from 1 on that is in no range and not in `used`, which is sorted.
    pub(super) fn free(&self, used: &[i64]) -> i64 {
        let mut number = 1;
        let mut used = used.iter().peekable();
        loop {
            work::count(1);
            while used.peek().is_some_and(|used| **used < number) {
                work::count(1);
                used.next();
            }
            if let Some(range) = self.find(number) {
                number = range.last + 1;
            } else if used.peek() == Some(&&number) || (19_000..20_000).contains(&number) {
                number += 1;
            } else {
                return number;
            }
        }
    }
}

impl Check<'_, '_> {
    /// Tells of empty ranges and of those that overlap.
    pub(super) fn ranges(&mut self, ranges: Vec<NumberRange>, minimum: i64) -> Ranges {
        let (mut whole, empty): (Vec<_>, Vec<_>) = ranges
            .into_iter()
            .partition(|range| range.first <= range.last);
        for range in &empty {
            let message = format!(
                "the range from {} to {} has no numbers",
                range.first, range.last
            );
            let help = "write the smaller number first";
            self.problem(|file| places::at(file, &range.path), message, help);
        }
        for range in whole.iter().filter(|range| range.first < minimum) {
            let message = format!(
                "field numbers are positive, and the range begins with {}",
                range.first
            );
            self.problem(
                |file| places::at(file, &range.path),
                message,
                "begin it with 1",
            );
        }
        // Ranges are sorted, so one overlaps an earlier one only if it overlaps the one that reaches furthest.
        whole.sort_by_key(|range| range.first);
        let mut reached: Option<usize> = None;
        for index in 0..whole.len() {
            if let Some(before) = reached.filter(|before| whole[*before].last >= whole[index].first)
            {
                self.overlap(&whole[before], &whole[index]);
            }
            let is_further = |before: usize| whole[before].last < whole[index].last;
            if reached.is_none_or(is_further) {
                reached = Some(index);
            }
        }
        Ranges { sorted: whole }
    }

    fn overlap(&mut self, one: &NumberRange, other: &NumberRange) {
        let text = format!("{} and {} overlap", one.name(), other.name());
        let (file, help) = (self.file, "a number is in one range only");
        self.problems.error(|| {
            let places = (places::at(file, &one.path), places::at(file, &other.path));
            let (later, earlier) = places::later_first(places.0, places.1);
            Diagnostic::error(text)
                .with_label(later, "")
                .with_label(earlier, "the other one")
                .with_help(help)
        });
    }

    /// Something has a number that a range keeps.
    pub(super) fn kept(
        &mut self,
        range: &NumberRange,
        place: impl FnOnce(&File) -> Place,
        text: String,
        help: impl FnOnce() -> String,
    ) {
        let file = self.file;
        self.problems.error(|| {
            let places = (place(file), places::at(file, &range.path));
            let (later, earlier) = places::later_first(places.0, places.1);
            Diagnostic::error(text)
                .with_label(later, "")
                .with_label(earlier, "the other one")
                .with_help(help())
        });
    }
}
