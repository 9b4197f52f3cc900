//! Which performing loan falls due first (PROTOCOL 6, Marks): answered in O(1), kept at a cost that does not depend on how many there are.
//!
//! A [`BitTree`] holds the days on which something falls due, and each day has a list of its loans, unordered: they are on time until the
//! same second ([`crate::loan::last_second`]). The first word of a day's list is its length and three loans, so a day with few loans is
//! one word. A loan knows its place, so it is taken out without a search; the last of the list moves into the gap.
//!
//! Days are counted from the contract's first. Where a day lasts seconds (demonstrations) the numbers end after 194 days or more; later
//! days share the last number, nothing is refused.

use alloc::vec::Vec;

use bit_tree::{BitTree, Ordinal, StoredBitTree};
use fixed_point::Checked;
use stylus_sdk::prelude::*;

use crate::{
    loan::{day, last_second, Loan, Status},
    storage::{Clock, Words},
};

/// Due days and the loans of each.
#[storage]
pub struct Dues {
    days: StoredBitTree,
    loans: Words,
}

/// The day on which `loan` falls due if it performs.
fn day_of(loan: &Loan, Clock { period, first_day }: Clock) -> Checked<Option<Ordinal>> {
    if loan.status != Status::Live {
        return Ok(None);
    }
    let number = (loan.next_due(period)? / day(period)).saturating_sub(first_day);
    let number = number.min(Ordinal::MAX.get().into());
    Ok(u32::try_from(number).ok().and_then(Ordinal::new))
}

impl Dues {
    /// The first day's last second and one of the loans that fall due on it; zeros if nothing falls due. `read` finds a loan.
    ///
    /// # Errors
    /// An overflow; never for times that fit in storage.
    pub fn earliest(&self, period: u64, read: impl FnOnce(u64) -> Loan) -> Checked<(u64, u64)> {
        let Some(first) = self.days.first() else {
            return Ok((0, 0));
        };
        let loan = self.loans.item(first.get().into(), 1);
        Ok((last_second(read(loan).next_due(period)?, period)?, loan))
    }

    /// Moves loan `id` from where it was in the index, as `before`, to where it belongs, as `after`. Returns the loan that took its old
    /// place, if one did, and that place.
    ///
    /// # Errors
    /// An overflow; never for times that fit in storage.
    pub fn shift(&mut self, id: u64, before: &Loan, after: &mut Loan, clock: Clock) -> Checked<Option<(u64, u32)>> {
        let (old, new) = (day_of(before, clock)?, day_of(after, clock)?);
        if old == new {
            return Ok(None);
        }
        if let Some(day) = new {
            after.due_place = self.push(day, id);
        }
        Ok(old.and_then(|day| self.pull(day, before.due_place)))
    }

    fn push(&mut self, day: Ordinal, id: u64) -> u32 {
        let list = day.get().into();
        let length = self.loans.item(list, 0).saturating_add(1);
        let place = u32::try_from(length).unwrap_or(u32::MAX);
        self.loans.set_item(list, 0, length);
        self.loans.set_item(list, place, id);
        if length == 1 {
            self.days.insert(day);
        }
        place
    }

    fn pull(&mut self, day: Ordinal, place: u32) -> Option<(u64, u32)> {
        let list = day.get().into();
        let length = self.loans.item(list, 0);
        let end = u32::try_from(length).unwrap_or(u32::MAX);
        let mover = self.loans.item(list, end);
        self.loans.set_item(list, end, 0);
        self.loans.set_item(list, 0, length.saturating_sub(1));
        if length == 1 {
            self.days.remove(day);
        }
        if place == end {
            return None;
        }
        self.loans.set_item(list, place, mover);
        Some((mover, place))
    }

    /// The loans of a day's list, for tests.
    #[cfg(test)]
    pub(crate) fn listed(&self) -> Vec<u64> {
        let (mut all, mut from) = (Vec::new(), Some(Ordinal::default()));
        while let Some(day) = from.and_then(|from| self.days.at_or_after(from)) {
            let list = day.get().into();
            let length = u32::try_from(self.loans.item(list, 0)).unwrap();
            all.extend((1..=length).map(|place| self.loans.item(list, place)));
            from = Ordinal::new(day.get() + 1);
        }
        all
    }
}
