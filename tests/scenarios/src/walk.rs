//! Random walks: dice that fall the same way for the same seed, what may be refused, what happened so far, balances read from storage.

use std::{
    collections::{BTreeMap, VecDeque},
    fmt::Write,
};

use alloy_primitives::{keccak256, Address, U256};
use alloy_sol_types::{SolCall, SolError, SolValue};
use num_bigint::BigUint;

use stylus_chain::{Chain, Receipt, Tx};

use crate::{abi::Erc20, refusals, Town};

/// How many operations are told when a walk ends badly.
const REMEMBERED: usize = 20;
/// Of so many refusals one is looked at closely: it must have changed nothing.
const CLOSELY: u64 = 8;
/// How many of a contract's first slots are looked through for its books.
const SLOTS: u64 = 24;

/// Dice: SplitMix64.
#[derive(Clone, Debug)]
pub struct Dice(u64);

impl Dice {
    /// Dice that fall as `seed` has it.
    #[must_use]
    pub fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A number, and the dice that fall as it has it.
    pub fn fork(&mut self) -> (u64, Self) {
        let number = self.roll();
        (number, Self(number))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut word = self.0;
        word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        word ^ (word >> 31)
    }

    /// A number below `bound`, which is not zero.
    pub fn below(&mut self, bound: u64) -> u64 {
        // The bias of a remainder is of no matter for bounds that are so much smaller than a word.
        self.roll() % bound
    }

    /// True in `percent` of a hundred cases.
    pub fn chance(&mut self, percent: u64) -> bool {
        self.below(100) < percent
    }

    /// One of `options`.
    ///
    /// # Panics
    /// If there are none.
    pub fn one_of<T: Copy>(&mut self, options: &[T]) -> T {
        options[usize::try_from(self.below(options.len() as u64)).expect("a number below a length")]
    }

    /// One of `options`, each as often as its weight has it.
    ///
    /// # Panics
    /// If no option has a weight.
    pub fn weighted<T: Copy>(&mut self, options: &[(u64, T)]) -> T {
        let mut roll = self.below(options.iter().map(|(weight, _)| weight).sum());
        let option = options.iter().find_map(|(weight, option)| match roll.checked_sub(*weight) {
            Some(rest) => {
                roll = rest;
                None
            }
            None => Some(*option),
        });
        option.expect("a roll below the sum")
    }

    /// A number from zero to `limit`, every magnitude as likely as another.
    pub fn up_to(&mut self, limit: U256) -> U256 {
        let shift = self.below(limit.bit_len().max(1) as u64);
        let bound = limit >> shift;
        let word = U256::from_limbs([self.roll(), self.roll(), self.roll(), self.roll()]);
        bound.checked_add(U256::ONE).map_or(word, |bound| word % bound)
    }
}

/// A word as a model counts.
#[must_use]
pub fn wei(word: U256) -> BigUint {
    BigUint::from_bytes_be(&word.to_be_bytes::<32>())
}

/// What a model counts as a word.
///
/// # Panics
/// If it does not fit.
#[must_use]
pub fn word(wei: &BigUint) -> U256 {
    U256::try_from_be_slice(&wei.to_bytes_be()).expect("an amount fits a word")
}

/// The number in the environment variable `name`, or `otherwise`.
///
/// # Panics
/// If what it has is no number.
#[must_use]
pub fn chosen(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().unwrap_or_else(|_| panic!("{name} is no number")))
}

/// Everything that a call may be refused with: nothing, if it has to succeed.
#[derive(Clone, Debug, Default)]
pub struct Reasons(Vec<(&'static str, Vec<u8>)>);

impl Reasons {
    /// Whether the call has to succeed.
    #[must_use]
    pub fn none(&self) -> bool {
        self.0.is_empty()
    }

    /// With those of `others` too.
    pub fn extend(&mut self, others: Self) {
        self.0.extend(others.0);
    }

    /// With exactly `error`, if `applies`.
    pub fn add<E: SolError>(&mut self, applies: bool, error: &E) {
        if applies {
            self.0.push((name_of(E::SIGNATURE), error.abi_encode()));
        }
    }

    /// With an `E` whose arguments cannot be known, if `applies`.
    pub fn add_any<E: SolError>(&mut self, applies: bool) {
        if applies {
            self.0.push((name_of(E::SIGNATURE), E::SELECTOR.to_vec()));
        }
    }

    /// With Solidity's `revert("…")`, if `applies`.
    pub fn add_words(&mut self, applies: bool, words: &'static str) {
        if applies {
            self.0.push((words, refusals::Error { reason: words.into() }.abi_encode()));
        }
    }

    /// The name of the reason that `data` gives, if it is one of these.
    #[must_use]
    pub fn name(&self, data: &[u8]) -> Option<&'static str> {
        let fits = |reason: &[u8]| {
            if reason.len() == 4 && data.len() > 4 {
                data.starts_with(reason)
            } else {
                data == reason
            }
        };
        self.0.iter().find(|(_, reason)| fits(reason)).map(|(name, _)| *name)
    }
}

/// `Name(arguments)` without the arguments.
fn name_of(signature: &'static str) -> &'static str {
    signature.split('(').next().unwrap_or(signature)
}

/// What happened so far; told on the way out of a panic.
#[derive(Debug)]
pub struct Chronicle {
    /// Operations begun.
    pub step: u64,
    recent: VecDeque<String>,
    /// How many of them are remembered.
    memory: usize,
    counts: BTreeMap<(&'static str, &'static str), u64>,
    refusals: u64,
}

impl Default for Chronicle {
    fn default() -> Self {
        Self {
            step: 0,
            recent: VecDeque::new(),
            memory: REMEMBERED,
            counts: BTreeMap::new(),
            refusals: 0,
        }
    }
}

impl Chronicle {
    /// Remembers every operation from now on, and says nothing in the end: somebody asks for [`Self::told`].
    pub fn remember_all(&mut self) {
        self.memory = usize::MAX;
        self.recent.clear();
    }

    /// The operations that are remembered.
    #[must_use]
    pub fn told(&self) -> Vec<String> {
        self.recent.iter().cloned().collect()
    }

    /// The next operation.
    pub fn begin(&mut self, operation: String) {
        self.step += 1;
        if self.recent.len() == self.memory {
            self.recent.pop_front();
        }
        self.recent.push_back(operation);
    }

    /// What came of it.
    pub fn count(&mut self, kind: &'static str, outcome: &'static str) {
        *self.counts.entry((kind, outcome)).or_default() += 1;
    }

    /// Sends `tx`, which succeeds exactly if there is no reason against it, and counts what came of it. Its receipt, if it succeeded.
    ///
    /// # Panics
    /// If it traps or runs out of gas, succeeds against a reason, is refused for another, or changes something although it is refused.
    pub fn attempt(&mut self, chain: &mut Chain, kind: &'static str, tx: Tx, reasons: &Reasons) -> Option<Receipt> {
        let sender = [tx.from];
        self.refusals += u64::from(!reasons.none());
        let closely = !reasons.none() && self.refusals.is_multiple_of(CLOSELY);
        let before = closely.then(|| chain.fingerprint(&sender));
        let receipt = chain.execute(tx).unwrap_or_else(|invalid| panic!("{kind}: {invalid}"));
        assert_eq!(receipt.halt, None, "{kind} crashes");
        if receipt.success {
            assert!(reasons.none(), "{kind} succeeds against {reasons:?}");
            self.count(kind, "success");
            return Some(receipt);
        }
        let Some(name) = reasons.name(&receipt.output) else {
            panic!("{kind} is refused with {} and not for {reasons:?}", receipt.output);
        };
        if let Some(before) = before {
            assert_eq!(before, chain.fingerprint(&sender), "{kind}, refused, changed something");
        }
        self.count(kind, name);
        None
    }

    /// How often a `kind` had this outcome.
    #[must_use]
    pub fn seen(&self, kind: &str, outcome: &str) -> u64 {
        self.counts.get(&(kind, outcome)).copied().unwrap_or_default()
    }

    /// How often any kind had this outcome.
    #[must_use]
    pub fn seen_at_all(&self, outcome: &str) -> u64 {
        self.counts
            .iter()
            .filter(|((_, one), _)| *one == outcome)
            .map(|(_, count)| count)
            .sum()
    }

    /// Those of `expected`, kinds with their outcomes, that never happened.
    #[must_use]
    pub fn missing<'a>(&self, expected: &[(&'a str, &[&'a str])]) -> Vec<(&'a str, &'a str)> {
        let outcomes = expected
            .iter()
            .flat_map(|(kind, outcomes)| outcomes.iter().map(move |outcome| (*kind, *outcome)));
        outcomes.filter(|(kind, outcome)| self.seen(kind, outcome) == 0).collect()
    }

    /// The kinds of operations so far.
    pub fn kinds(&self) -> impl Iterator<Item = &'static str> + '_ {
        self.counts.keys().map(|(kind, _)| *kind)
    }

    /// How many operations there were, as the page of promises counts them, and kinds and outcomes with their numbers, a line each.
    #[must_use]
    pub fn table(&self) -> String {
        let mut table = format!("tried {}\n", self.step);
        for ((kind, outcome), count) in &self.counts {
            let _ = writeln!(table, "{kind:<28} {outcome:<30} {count:>7}");
        }
        table
    }
}

impl Drop for Chronicle {
    fn drop(&mut self) {
        if std::thread::panicking() && self.memory == REMEMBERED {
            let Self { step, recent, .. } = self;
            eprintln!("step {step}; the last operations:");
            for operation in recent {
                eprintln!("  {operation}");
            }
        }
    }
}

/// Where a token has its books in storage: found by comparing with what its views say, so no layout is assumed.
#[derive(Clone, Debug)]
pub struct Books {
    /// The token.
    pub token: Address,
    supply: U256,
    allowances: U256,
    rows: Vec<U256>,
}

impl Books {
    /// The books of `token` with a row for each of `holders`. `owner` has an allowance for `spender`.
    ///
    /// # Panics
    /// If they are nowhere, or nobody holds anything.
    pub fn find(town: &mut Town, token: Address, holders: &[Address], owner: Address, spender: Address) -> Self {
        let supply = town.read(token, &Erc20::totalSupplyCall {});
        let held: Vec<_> = holders.iter().map(|holder| town.balance(token, *holder)).collect();
        let allowance = town.read(token, &Erc20::allowanceCall { owner, spender });
        assert!(!supply.is_zero() && !allowance.is_zero() && held.iter().any(|held| !held.is_zero()));
        let chain = &mut town.node.chain;
        let mut slot = |is: &mut dyn FnMut(&mut stylus_chain::Chain, U256) -> bool| {
            (0..SLOTS)
                .map(U256::from)
                .find(|slot| is(chain, *slot))
                .expect("a token keeps books")
        };
        let supply = slot(&mut |chain, slot| chain.storage(token, slot) == supply);
        let allowances = slot(&mut |chain, slot| chain.storage(token, entry(spender, entry(owner, slot))) == allowance);
        let rows = |slot: U256| holders.iter().map(move |holder| entry(*holder, slot));
        let balances = slot(&mut |chain, slot| rows(slot).zip(&held).all(|(row, held)| chain.storage(token, row) == *held));
        Self {
            token,
            supply,
            allowances,
            rows: rows(balances).collect(),
        }
    }

    /// What all have.
    pub fn supply(&self, town: &mut Town) -> U256 {
        town.node.chain.storage(self.token, self.supply)
    }

    /// What the holder of this number has.
    pub fn balance(&self, town: &mut Town, holder: usize) -> U256 {
        town.node.chain.storage(self.token, self.rows[holder])
    }

    /// What `spender` may spend of `owner`.
    pub fn allowance(&self, town: &mut Town, owner: Address, spender: Address) -> U256 {
        town.node.chain.storage(self.token, entry(spender, entry(owner, self.allowances)))
    }
}

/// The slot of the one word that a view returns, found by having it hold a value that no other slot has.
///
/// # Panics
/// If there is none, or more than one.
pub fn slot_of<C: SolCall<Return = U256>>(town: &mut Town, contract: Address, view: &C) -> U256 {
    let value = town.read(contract, view);
    let slots: Vec<_> = (0..SLOTS)
        .map(U256::from)
        .filter(|slot| town.node.chain.storage(contract, *slot) == value)
        .collect();
    assert_eq!(slots.len(), 1, "{} is in {slots:?}", C::SIGNATURE);
    slots[0]
}

/// The slot of a mapping's entry.
fn entry(key: Address, mapping: U256) -> U256 {
    keccak256((key, mapping).abi_encode()).into()
}
