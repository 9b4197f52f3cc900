//! The sUSDai vault in every state that a property has to hold in, and the people who use it.

use std::sync::{Mutex, PoisonError};

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use usdai_cli::{
    node::Person,
    protocol::{counterparts::dollars6, suite::id},
};

use crate::{
    abi::{Erc20, Queue, Router, Usdai, Vault},
    hands::wad,
    scenes::scene,
    walk::Dice,
    Town,
};

/// WAD, as a word.
pub const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
/// Virtual wei of shares, and of assets, in every conversion (PROTOCOL 3.1).
pub const VIRTUAL: U256 = U256::from_limbs([1_000_000, 0, 0, 0]);
/// What everybody has in the pocket, in whole USDai.
pub const POCKET: u64 = 1_000_000;
/// Seconds in a year of interest.
const YEAR: u64 = 31_536_000;
/// Seconds over which income vests.
const VESTING_PERIOD: u64 = 7 * 86_400;

/// Settles all that there is, in one call.
pub const SETTLE: Queue::settleCall = Queue::settleCall {
    maxSteps: U256::from_limbs([1_000, 0, 0, 0]),
};

/// What the vault went through before a property is looked at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Nobody has deposited.
    Fresh,
    /// Four people have, and nothing else happened: a share is worth 1.
    Par,
    /// Income has vested: a share is worth more than 1.
    Risen,
    /// More income is half vested.
    Vesting,
    /// Income has vested, half the money is lent, and its interest is earned and not paid: the two prices differ.
    Accruing,
    /// A loan is late and half of it is not expected back, and income vests: entry at face costs more than a share stands for.
    Marked,
    /// A third of the money is lost, and a loan accrues: a share is worth less than 1.
    Fallen,
    /// All is lost.
    Lost,
}

impl State {
    /// All of them.
    pub const ALL: [Self; 8] = [
        Self::Fresh,
        Self::Par,
        Self::Risen,
        Self::Vesting,
        Self::Accruing,
        Self::Marked,
        Self::Fallen,
        Self::Lost,
    ];
    /// Those in which the vault takes deposits.
    pub const OPEN: [Self; 7] = [
        Self::Fresh,
        Self::Par,
        Self::Risen,
        Self::Vesting,
        Self::Accruing,
        Self::Marked,
        Self::Fallen,
    ];
    /// Those in which people have shares that are worth something.
    pub const HELD: [Self; 6] = [Self::Par, Self::Risen, Self::Vesting, Self::Accruing, Self::Marked, Self::Fallen];
}

/// A town with a vault in some state. Four people have USDai, let the vault take it, and hold shares unless the vault is fresh.
#[derive(Debug)]
pub struct Stage {
    /// Everything deployed.
    pub town: Town,
    /// The vault.
    pub vault: Address,
    /// What it is made of.
    pub usdai: Address,
    /// The queue.
    pub queue: Address,
    /// The four.
    pub people: [Address; 4],
    /// The same in every run.
    pub dice: Dice,
}

/// Deployed towns that no test is playing in.
static IDLE: Mutex<Vec<Stage>> = Mutex::new(Vec::new());

/// Plays `act` on the vault in each of `states`, and takes back everything after each. A town is deployed only if none is idle; one in
/// which a test failed is never played in again.
///
/// # Panics
/// If the vault cannot be brought there.
pub fn in_each(states: &[State], seed: u64, mut act: impl FnMut(&mut Stage, State)) {
    let idle = IDLE.lock().unwrap_or_else(PoisonError::into_inner).pop();
    let mut stage = idle.unwrap_or_else(Stage::deployed);
    for (state, salt) in states.iter().zip(0..) {
        stage.dice = Dice::new((seed << 8) | salt);
        stage.scene(|stage| {
            stage.bring_to(*state);
            act(stage, *state);
        });
    }
    IDLE.lock().unwrap_or_else(PoisonError::into_inner).push(stage);
}

/// As [`in_each`], `cases` times in each state, every case on the state as it was.
///
/// # Panics
/// As [`in_each`].
pub fn cases_in_each(states: &[State], seed: u64, cases: u64, mut case: impl FnMut(&mut Stage, State)) {
    in_each(states, seed, |stage, state| {
        for _ in 0..cases {
            stage.scene(|stage| case(stage, state));
        }
    });
    println!("tried {}", states.len() as u64 * cases);
}

impl Stage {
    /// A fresh vault.
    fn deployed() -> Self {
        let mut town = Town::deployed();
        let people = [&town.cast.depositor, &town.cast.curator, &town.cast.borrower, &town.cast.keeper].map(Person::address);
        let (usdai, vault, queue) = (town.suite.usdai, town.suite.susdai, town.suite.qev);
        for who in people {
            town.give_usdai(who, POCKET);
            let approve = Erc20::approveCall {
                spender: vault,
                value: U256::MAX,
            };
            town.does(who, usdai, &approve);
        }
        Self {
            town,
            vault,
            usdai,
            queue,
            people,
            dice: Dice::new(0),
        }
    }

    /// Lets `act` play and takes everything back that it did, but for the dice.
    ///
    /// # Panics
    /// If `act` reverts to an earlier snapshot itself.
    pub fn scene<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        scene(self, |stage| &mut stage.town, act)
    }

    /// From fresh to `state`.
    fn bring_to(&mut self, state: State) {
        if state == State::Fresh {
            return;
        }
        // 1,000,000 in all, of no round numbers.
        for (who, parts) in self.people.into_iter().zip(1..) {
            self.town.give_usdai(who, 100_000 * parts);
            let odd = U256::from(parts * 1_234_567);
            self.deposit(who, wad(100_000 * parts) - odd);
        }
        match state {
            State::Fresh | State::Par => {}
            State::Risen => {
                self.income(77_777);
                self.advance(VESTING_PERIOD);
                assert!(self.price() > WAD);
            }
            State::Vesting => {
                self.income(77_777);
                self.advance(VESTING_PERIOD);
                self.income(33_333);
                self.advance(VESTING_PERIOD / 2 + 1_234);
                assert!(!self.number(&Vault::unvestedCall {}).is_zero());
            }
            State::Accruing => {
                self.income(77_777);
                self.advance(VESTING_PERIOD);
                self.lend(wad(500_000), 15);
                self.advance(47 * 86_400 + 11);
                assert!(self.total_assets() > self.nav());
            }
            State::Marked => {
                self.lend(wad(444_444), 12);
                let seconds = 31 * 86_400 + 7;
                self.advance(seconds);
                let rate = rate_of(wad(444_444), 12);
                self.mark(rate * U256::from(seconds), (rate, U256::ZERO), (U256::ZERO, wad(222_222)));
                self.income(33_333);
                self.advance(VESTING_PERIOD / 2 + 4_321);
                let cost = self.number(&Vault::depositSharePriceCall {});
                assert!(cost * self.supply() > self.total_assets() * WAD);
            }
            State::Fallen => {
                self.lend(wad(444_444), 12);
                self.advance(17 * 86_400 + 3);
                self.lose(wad(333_333) + U256::ONE);
                assert!(self.price() < WAD && self.total_assets() > self.nav());
            }
            State::Lost => {
                let all = self.number(&Vault::cashCall {});
                self.lend(all, 0);
                self.lose(all);
                assert!(self.total_assets().is_zero() && !self.supply().is_zero());
            }
        }
    }

    /// Seconds pass.
    pub fn advance(&mut self, seconds: u64) {
        self.town.node.chain.advance(seconds);
    }

    /// USDai's reserves yield `whole` dollars, and they are harvested.
    pub fn income(&mut self, whole: u64) {
        let (usdai, anybody) = (self.usdai, self.town.stranger.address());
        self.town.give_base(usdai, dollars6(whole));
        self.town.does(anybody, usdai, &Usdai::harvestCall {});
    }

    /// FiLo lends `principal` of the vault's money at `percent` a year.
    pub fn lend(&mut self, principal: U256, percent: u64) {
        let (filo, vault) = (self.town.suite.filo, self.vault);
        let rate = rate_of(principal, percent);
        let draw = Vault::drawLoanCall {
            principal,
            rate,
            receiver: filo,
        };
        self.town.does(filo, vault, &draw);
    }

    /// FiLo pays the vault `principal` and `interest` for a loan, settling `accrual`, whose rate goes from one to the other. What FiLo has
    /// not, it is given.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn repay(&mut self, principal: U256, interest: U256, accrual: U256, rates: (U256, U256)) {
        let (filo, vault, usdai) = (self.town.suite.filo, self.vault, self.usdai);
        let value = principal + interest;
        let short = value.saturating_sub(self.pocket(filo));
        if !short.is_zero() {
            self.town.give_usdai(filo, short.div_ceil(WAD).to());
        }
        self.town.does(filo, usdai, &Erc20::transferCall { to: vault, value });
        let repayment = Vault::repayLoanCall {
            principal,
            interest,
            accrual,
            oldRate: rates.0,
            newRate: rates.1,
        };
        self.town.does(filo, vault, &repayment);
    }

    /// FiLo marks a loan anew: takes `accrual` out of the book and changes its rate and impairment from one to the other.
    pub fn mark(&mut self, accrual: U256, rates: (U256, U256), impairments: (U256, U256)) {
        let (filo, vault) = (self.town.suite.filo, self.vault);
        let mark = Vault::markLoanCall {
            accrual,
            oldRate: rates.0,
            newRate: rates.1,
            oldImpairment: impairments.0,
            newImpairment: impairments.1,
        };
        self.town.does(filo, vault, &mark);
    }

    /// FiLo books `principal` as lost.
    pub fn lose(&mut self, principal: U256) {
        let (filo, vault) = (self.town.suite.filo, self.vault);
        let loss = Vault::writeOffCall {
            principal,
            impairment: U256::ZERO,
        };
        self.town.does(filo, vault, &loss);
    }

    /// An officer bars `account` from the vault, or no longer.
    pub fn bar(&mut self, account: Address, barred: bool) {
        let (admin, router, vault) = (self.town.cast.admin.address(), self.town.suite.router, self.vault);
        let grant = Router::grantRoleCall {
            role: id("BLACKLIST"),
            account: admin,
        };
        self.town.does(admin, router, &grant);
        let set = Vault::setBlacklistCall {
            account,
            isBlacklisted: barred,
        };
        self.town.does(admin, vault, &set);
    }

    /// One of the four.
    pub fn anybody(&mut self) -> Address {
        let people = self.people;
        self.dice.one_of(&people)
    }

    /// Three of the four, no two the same.
    pub fn three(&mut self) -> [Address; 3] {
        let mut people = self.people;
        let first = self.dice.below(4);
        people.rotate_left(usize::try_from(first).unwrap_or_default());
        [people[0], people[1], people[2]]
    }

    /// An amount of assets to enter with: from a wei to all that anybody has in the pocket, more than a share is worth at least.
    pub fn assets(&mut self) -> U256 {
        let least = U256::from(10);
        least + self.dice.up_to(wad(POCKET) - least)
    }

    /// A number of shares that anybody can pay for.
    pub fn shares(&mut self) -> U256 {
        let least = U256::from(10);
        let most = self.number(&Vault::convertToSharesCall { assets: wad(POCKET) });
        least + self.dice.up_to(most - least - U256::ONE)
    }

    /// Of what `who` holds, a part that is worth something.
    pub fn part_of_holding(&mut self, who: Address) -> U256 {
        let held = self.held(who);
        let least = U256::from(10);
        least + self.dice.up_to(held - least)
    }

    /// A part of what `who` can withdraw, at least 3 wei short of all: nearer to it one share stays behind with the rest, whatever it is
    /// worth.
    pub fn part_of_claim(&mut self, who: Address) -> U256 {
        let most = self.max_withdraw(who);
        U256::ONE + self.dice.up_to(most - U256::from(4))
    }

    /// Any word, of any magnitude.
    pub fn word(&mut self) -> U256 {
        self.dice.up_to(U256::MAX)
    }

    /// A word up to the most that the vault's books hold.
    pub fn reasonable(&mut self) -> U256 {
        self.dice.up_to(U256::from(u128::MAX))
    }

    /// What one of the vault's views says.
    pub fn number<C: SolCall<Return = U256>>(&mut self, view: &C) -> U256 {
        self.town.read(self.vault, view)
    }

    /// What one of the vault's views says to `who`.
    ///
    /// # Panics
    /// If it refuses.
    pub fn number_for<C: SolCall<Return = U256>>(&mut self, who: Address, view: &C) -> U256 {
        let vault = self.vault;
        self.scene(|stage| stage.town.does(who, vault, view))
    }

    /// Assets at the optimistic value.
    pub fn total_assets(&mut self) -> U256 {
        self.number(&Vault::totalAssetsCall {})
    }

    /// Assets at the face value: cash, loans, and the interest they earn.
    pub fn face(&mut self) -> U256 {
        let book = self.town.read(self.vault, &Vault::loanBookCall {});
        let accrued = self.total_assets() - self.nav();
        self.number(&Vault::cashCall {}) + book.principal + accrued
    }

    /// Assets at the conservative value.
    pub fn nav(&mut self) -> U256 {
        self.number(&Vault::navCall {})
    }

    /// All shares.
    pub fn supply(&mut self) -> U256 {
        self.number(&Vault::totalSharesCall {})
    }

    /// What a share pays who leaves.
    pub fn price(&mut self) -> U256 {
        self.number(&Vault::redemptionSharePriceCall {})
    }

    /// Shares of `who`.
    pub fn held(&mut self, who: Address) -> U256 {
        self.town.balance(self.vault, who)
    }

    /// USDai of `who`.
    pub fn pocket(&mut self, who: Address) -> U256 {
        self.town.balance(self.usdai, who)
    }

    /// Shares that `who` gets for `assets`.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn deposit(&mut self, who: Address, assets: U256) -> U256 {
        let vault = self.vault;
        self.town.does(who, vault, &Vault::deposit_0Call { assets, receiver: who })
    }

    /// Assets that `shares` cost `who`.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn mint(&mut self, who: Address, shares: U256) -> U256 {
        let vault = self.vault;
        self.town.does(who, vault, &Vault::mint_0Call { shares, receiver: who })
    }

    /// `who` asks to leave with `shares`; the position.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn request(&mut self, who: Address, shares: U256) -> U256 {
        let vault = self.vault;
        let request = Vault::requestRedeemCall {
            shares,
            controller: who,
            owner: who,
        };
        self.town.does(who, vault, &request)
    }

    /// The epoch ends and is settled.
    ///
    /// # Panics
    /// If the queue refuses.
    pub fn settle(&mut self) {
        self.end_epoch();
        self.settle_now();
    }

    /// Second from which the running epoch can be settled.
    pub fn epoch_end(&mut self) -> u64 {
        self.town.read(self.queue, &Queue::epochEndCall {}).to()
    }

    /// Time passes to the end of the running epoch.
    pub fn end_epoch(&mut self) {
        let end = self.epoch_end();
        self.town.node.chain.warp_to(end);
    }

    /// The epoch that has ended is settled.
    ///
    /// # Panics
    /// If the queue refuses.
    pub fn settle_now(&mut self) {
        let (queue, anybody) = (self.queue, self.town.stranger.address());
        self.town.does(anybody, queue, &SETTLE);
    }

    /// Gas of `call` on `to` by `who`, who does it.
    ///
    /// # Panics
    /// If it is refused.
    pub fn gas<C: SolCall>(&mut self, who: Address, to: Address, call: &C) -> u64 {
        let receipt = self.town.attempt(who, to, call);
        receipt.unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE)).gas_used
    }

    /// `who` asks to leave with `shares`, and time passes until all of them are settled; the position.
    ///
    /// # Panics
    /// If they are not after two settlements.
    pub fn request_and_settle(&mut self, who: Address, shares: U256) -> U256 {
        let id = self.request(who, shares);
        for _ in 0..2 {
            self.settle();
            if self.claimable(id, who) == shares {
                return id;
            }
        }
        panic!("{shares} shares wait longer than two epochs");
    }

    /// Shares of a position that wait.
    pub fn pending(&mut self, id: U256, controller: Address) -> U256 {
        self.number(&Vault::pendingRedeemRequestCall { requestId: id, controller })
    }

    /// Shares of a position that are settled and not claimed.
    pub fn claimable(&mut self, id: U256, controller: Address) -> U256 {
        self.number(&Vault::claimableRedeemRequestCall { requestId: id, controller })
    }

    /// Shares that `who` can claim the assets of.
    pub fn max_redeem(&mut self, who: Address) -> U256 {
        self.number(&Vault::maxRedeemCall { controller: who })
    }

    /// Assets that `who` can claim.
    pub fn max_withdraw(&mut self, who: Address) -> U256 {
        self.number(&Vault::maxWithdrawCall { controller: who })
    }

    /// `who` claims the assets of `shares`.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn redeem(&mut self, who: Address, shares: U256) -> U256 {
        let vault = self.vault;
        let redeem = Vault::redeemCall {
            shares,
            receiver: who,
            controller: who,
        };
        self.town.does(who, vault, &redeem)
    }

    /// `who` claims exactly `assets`; the shares they were settled for.
    ///
    /// # Panics
    /// If the vault refuses.
    pub fn withdraw(&mut self, who: Address, assets: U256) -> U256 {
        let vault = self.vault;
        let withdraw = Vault::withdrawCall {
            assets,
            receiver: who,
            controller: who,
        };
        self.town.does(who, vault, &withdraw)
    }
}

/// Interest per second on `principal` at `percent` a year, in wei × 10^18.
#[must_use]
pub fn rate_of(principal: U256, percent: u64) -> U256 {
    principal * WAD * U256::from(percent) / U256::from(100 * YEAR)
}

/// `a × b ÷ c`, rounded down, of numbers whose product fits a word.
#[must_use]
pub fn floor_div(a: U256, b: U256, c: U256) -> U256 {
    a * b / c
}

/// `a × b ÷ c`, rounded up, of numbers whose product fits a word.
#[must_use]
pub fn ceil_div(a: U256, b: U256, c: U256) -> U256 {
    (a * b).div_ceil(c)
}
