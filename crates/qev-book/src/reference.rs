//! QEV as a list of lots (PROTOCOL 5): a settlement sorts them and fills one after the other. Nothing here is clever: sums are summed,
//! every tick is tried, fractions are kept as fractions. It shares no line with the book.

use std::collections::BTreeMap;

use num_bigint::BigUint;

/// A premium in steps of 5 basis points; 0 is par.
pub(crate) type Tick = u16;
/// A position's number.
pub(crate) type Id = u64;

/// Ticks in the whole of the proceeds.
const WHOLE: u32 = 2_000;
/// The lowest tick that can be bid.
const RESERVE: Tick = 2;
/// One more than the highest.
const BEYOND: Tick = 256;

/// An amount of assets without rounding: the numerator over [`unit`].
pub(crate) type Fraction = BigUint;

/// What stands under the fraction: a WAD price times 2,000 ticks.
fn unit() -> BigUint {
    BigUint::from(1_000_000_000_000_000_000_u64) * WHOLE
}

/// Whole wei of `fraction`, rounded down.
fn whole(fraction: &Fraction) -> u128 {
    u128::try_from(fraction / unit()).expect("an amount of assets")
}

/// Shares in one place of one lane.
#[derive(Clone, Debug)]
struct Lot {
    id: Id,
    lane: Tick,
    /// When it came into its lane.
    entered: u64,
    waiting: u128,
}

/// What a position has beside its lot.
#[derive(Clone, Debug, Default)]
pub(crate) struct Account {
    /// Filled shares that were not taken out of the lane yet.
    filled: u128,
    /// What they earned.
    earned: Fraction,
    /// The same settlement by settlement, the latest last.
    fills: Vec<(u128, Fraction)>,
    /// Filled shares that were.
    pub(crate) banked_shares: u128,
    /// What they were worth.
    pub(crate) banked_assets: u128,
}

/// What a settlement did.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Settled {
    /// The premium, in ticks; 0 if no bid was filled.
    pub(crate) premium: Tick,
    /// Shares filled, par lane included.
    pub(crate) shares: u128,
    /// Of the par lane.
    pub(crate) par: u128,
    /// What the vault pays.
    pub(crate) assets: u128,
    /// What stays in the vault as premium.
    pub(crate) kept: u128,
}

/// The queue.
#[derive(Clone, Debug, Default)]
pub(crate) struct Queue {
    /// In the order of arrival in their lanes; pieces of one lot in the order of its line.
    lots: Vec<Lot>,
    accounts: BTreeMap<Id, Account>,
    /// What was set aside and is owed to nobody any more, less what is owed beyond what was set aside.
    gained: Fraction,
    lacked: Fraction,
}

impl Account {
    /// What the last `shares` of the filled ones earned; they are taken off.
    fn lose(&mut self, mut shares: u128) -> Fraction {
        let mut lost = Fraction::default();
        self.filled -= shares;
        while shares != 0 {
            let (filled, paid) = self.fills.pop().expect("so many were filled");
            let part = shares.min(filled);
            // One rate: the division leaves nothing.
            let each = paid / filled;
            lost += each.clone() * part;
            if part < filled {
                self.fills.push((filled - part, each * (filled - part)));
            }
            shares -= part;
        }
        self.earned -= lost.clone();
        lost
    }
}

impl Queue {
    fn place(&self, id: Id) -> usize {
        self.lots.iter().position(|lot| lot.id == id).expect("a position has a lot")
    }

    /// `shares` come into the par lane at `now`.
    pub(crate) fn open(&mut self, id: Id, shares: u128, now: u64) {
        self.lots.push(Lot {
            id,
            lane: 0,
            entered: now,
            waiting: shares,
        });
        self.accounts.insert(id, Account::default());
    }

    /// The lane of `id`.
    pub(crate) fn lane(&self, id: Id) -> Tick {
        self.lots[self.place(id)].lane
    }

    /// Shares of `id` that wait.
    pub(crate) fn waiting(&self, id: Id) -> u128 {
        self.lots[self.place(id)].waiting
    }

    /// Shares in the lane that are before those of `id`.
    pub(crate) fn ahead(&self, id: Id) -> u128 {
        let place = self.place(id);
        let lane = self.lots[place].lane;
        self.lots[..place]
            .iter()
            .filter(|lot| lot.lane == lane)
            .map(|lot| lot.waiting)
            .sum()
    }

    /// Shares that wait in `lane`.
    pub(crate) fn depth(&self, lane: Tick) -> u128 {
        self.lots.iter().filter(|lot| lot.lane == lane).map(|lot| lot.waiting).sum()
    }

    /// Shares that wait in all lanes.
    pub(crate) fn total_waiting(&self) -> u128 {
        self.lots.iter().map(|lot| lot.waiting).sum()
    }

    /// Claimable shares and assets of `id`.
    pub(crate) fn claimable(&self, id: Id) -> (u128, u128) {
        let account = &self.accounts[&id];
        (
            account.banked_shares + account.filled,
            account.banked_assets + whole(&account.earned),
        )
    }

    /// What all positions could claim, without rounding.
    pub(crate) fn owed(&self) -> Fraction {
        self.accounts
            .values()
            .map(|account| account.earned.clone() + account.banked_assets * unit())
            .sum()
    }

    /// Takes what is filled out of the lane, rounding its worth down.
    pub(crate) fn harvest(&mut self, id: Id) {
        let account = self.accounts.get_mut(&id).expect("a position has an account");
        let assets = whole(&account.earned);
        account.banked_shares += account.filled;
        account.banked_assets += assets;
        self.gained += account.earned.clone() - assets * unit();
        account.filled = 0;
        account.earned = Fraction::default();
        account.fills.clear();
    }

    /// Pays everything out that `id` can claim.
    pub(crate) fn claim(&mut self, id: Id) -> (u128, u128) {
        self.harvest(id);
        let account = self.accounts.get_mut(&id).expect("a position has an account");
        let claimed = (account.banked_shares, account.banked_assets);
        (account.banked_shares, account.banked_assets) = (0, 0);
        claimed
    }

    /// Pays `shares` of what `id` can claim; the assets are rounded down unless that is all.
    pub(crate) fn claim_part(&mut self, id: Id, shares: u128) -> u128 {
        self.harvest(id);
        let account = self.accounts.get_mut(&id).expect("a position has an account");
        assert!(shares <= account.banked_shares, "not so much is claimable");
        let assets = if shares == account.banked_shares {
            account.banked_assets
        } else {
            let part = BigUint::from(account.banked_assets) * shares / account.banked_shares;
            u128::try_from(part).expect("a part")
        };
        account.banked_shares -= shares;
        account.banked_assets -= assets;
        assets
    }

    /// `shares` of those of `id` that wait leave, from its end.
    pub(crate) fn leave(&mut self, id: Id, shares: u128) {
        self.harvest(id);
        let place = self.place(id);
        self.lots[place].waiting -= shares;
    }

    /// What waits of `id` goes to the end of `lane`.
    pub(crate) fn switch(&mut self, id: Id, lane: Tick, now: u64) {
        self.harvest(id);
        let mut lot = self.lots.remove(self.place(id));
        (lot.lane, lot.entered) = (lane, now);
        self.lots.push(lot);
    }

    /// The last `shares` of those of `id` that wait become `behind`.
    pub(crate) fn split(&mut self, id: Id, behind: Id, shares: u128) {
        self.harvest(id);
        let place = self.place(id);
        self.lots[place].waiting -= shares;
        let piece = Lot {
            id: behind,
            waiting: shares,
            ..self.lots[place].clone()
        };
        self.lots.insert(place + 1, piece);
        self.accounts.insert(behind, Account::default());
    }

    /// `behind`, which stands right behind `id`, becomes part of it, with all that can be claimed of it.
    pub(crate) fn join(&mut self, id: Id, behind: Id) {
        self.harvest(id);
        self.harvest(behind);
        let lot = self.lots.remove(self.place(behind));
        let other = self.accounts.remove(&behind).expect("a position has an account");
        let place = self.place(id);
        self.lots[place].waiting += lot.waiting;
        let account = self.accounts.get_mut(&id).expect("a position has an account");
        account.banked_shares += other.banked_shares;
        account.banked_assets += other.banked_assets;
    }

    /// `bond` shares of `id` are lost, from its end: those that wait are gone, what others earned is the vault's. Returns the shares gone.
    pub(crate) fn forfeit(&mut self, id: Id, bond: u128) -> u128 {
        let place = self.place(id);
        let gone = bond.min(self.lots[place].waiting);
        self.lots[place].waiting -= gone;
        let account = self.accounts.get_mut(&id).expect("a position has an account");
        self.gained += account.lose(bond - gone);
        gone
    }

    /// Forgets `id`, of which nothing is left.
    pub(crate) fn close(&mut self, id: Id) {
        assert_eq!((self.waiting(id), self.claimable(id)), (0, (0, 0)), "something is left");
        self.lots.remove(self.place(id));
        self.accounts.remove(&id);
    }

    /// Fills what `budget` pays at `price` (WAD). Of the par lane only what entered before `window` is in time.
    pub(crate) fn settle(&mut self, price: u128, budget: u128, window: u64) -> Settled {
        let cost = |shares: u128, tick: Tick| -> Fraction { BigUint::from(price) * (WHOLE - u32::from(tick)) * shares };
        let cash = unit() * budget;
        let in_time = |lot: &Lot| lot.lane != 0 || lot.entered < window;
        let bids = |from: Tick| -> u128 { self.lots.iter().filter(|lot| lot.lane >= from).map(|lot| lot.waiting).sum() };
        let par: u128 = self
            .lots
            .iter()
            .filter(|lot| lot.lane == 0 && in_time(lot))
            .map(|lot| lot.waiting)
            .sum();

        // The premium, by trying every tick.
        let floor = (cash.clone() / 5_u32).min(cost(par, 0));
        let rest = cash.clone() - floor;
        let (premium, wholly_from) = if cost(bids(RESERVE) + par, 0) <= cash {
            (0, 1)
        } else {
            let lowest = (RESERVE..=BEYOND).find(|tick| cost(bids(*tick), *tick) <= rest).unwrap_or(BEYOND);
            let below = lowest - 1;
            if below >= RESERVE && cost(bids(lowest), below) <= rest {
                (below, lowest)
            } else {
                (lowest, lowest)
            }
        };

        // The line: higher lanes first, par last, first come first in each.
        let mut line: Vec<usize> = (0..self.lots.len()).filter(|lot| in_time(&self.lots[*lot])).collect();
        line.sort_by_key(|lot| std::cmp::Reverse(self.lots[*lot].lane));
        let mut left_for_bids = if premium == 0 { cash.clone() } else { rest };
        let mut left = cash;
        let mut fills = Vec::new();
        for lot in line {
            let Lot { lane, waiting, .. } = self.lots[lot];
            let tick = if lane == 0 { 0 } else { premium };
            let each = cost(1, tick);
            if lane != 0 && lane < premium || each == BigUint::default() {
                continue;
            }
            let purse = if lane == 0 { &left } else { &left_for_bids };
            let shares = u128::try_from(purse / &each).unwrap_or(u128::MAX).min(waiting);
            assert!(
                lane < wholly_from || lane == 0 || shares == waiting,
                "who bid more than the premium is filled wholly"
            );
            let paid = each * shares;
            left -= paid.clone();
            if lane != 0 {
                left_for_bids -= paid.clone();
            }
            fills.push((lot, shares, paid));
        }

        let paid: Fraction = fills.iter().map(|(_, _, paid)| paid.clone()).sum();
        let assets = whole(&paid);
        if assets == 0 {
            return Settled::default();
        }
        let mut settled = Settled {
            assets,
            ..Settled::default()
        };
        for (lot, shares, paid) in fills {
            let lot = &mut self.lots[lot];
            lot.waiting -= shares;
            settled.shares += shares;
            if lot.lane == 0 {
                settled.par += shares;
            } else if shares != 0 {
                settled.premium = premium;
            }
            let account = self.accounts.get_mut(&lot.id).expect("a position has an account");
            account.filled += shares;
            if shares != 0 {
                account.fills.push((shares, paid.clone()));
            }
            account.earned += paid;
        }
        settled.kept = whole(&cost(settled.shares, 0)) - assets;
        self.lacked += paid - assets * unit();
        settled
    }

    /// Whole wei that are owed to nobody any more, which go to the vault; and whole wei that are lacking, which it pays.
    pub(crate) fn level(&mut self, at_most: u128) -> (u128, u128) {
        if self.gained < self.lacked {
            let lacking = whole(&(self.lacked.clone() - self.gained.clone()));
            self.gained += lacking * unit();
            return (0, lacking);
        }
        let free = whole(&(self.gained.clone() - self.lacked.clone())).min(at_most);
        self.lacked += free * unit();
        (free, 0)
    }
}
