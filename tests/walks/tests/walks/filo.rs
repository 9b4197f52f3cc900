//! F1–F5 and the conservation of USDai over long random walks on the WASM of FiLo, its contract of defaults, the vault and CALIBER, beside a model in exact
//! fractions (`protocol_model::filo`): it says of every operation whether it succeeds, with which names it may be refused, and what every book and balance is
//! afterwards, to the wei.
//!
//! Three curators with stacks of their own, three borrowers, payments of any size at any time by anybody, marks, margin calls, defaults and
//! auctions in any order, on hardware that may be worth nothing or many times the debt. What receipts are worth and how long they are insured is asked of
//! CALIBER, which has a walk of its own.
//!
//! [`scenarios::driver`] plays it.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::SolCall;
use protocol_model::filo::{Book, Filo as Model, LoanId, OfferId, Paid, Receipt, Refusal, StackId, Status, Wei};
use scenarios::{
    abi::{Caliber, Defaults, Erc20, Filo, Origination, Router, Vault},
    driver::{self, drive, Act, Ground, Journey},
    hands::{n, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::suite::{id, Terms},
    },
    walk::{wei, word, Books, Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{Chain, Tx};

use crate::credit::{self, Deal, Deeds, Desk, Posted, DAY, PERIOD};

mod acts;
mod distress;
mod lending;
mod offers;
mod shown;

const STEPS: u64 = 5_000;
/// Walks, and steps of each.
const NATIVELY: (usize, u64) = (5, 50_000);

// Who holds USDai, by number. First those who act: three curators, three borrowers, somebody else.
const CURATORS: usize = 3;
const PEOPLE: usize = 7;
/// Has nothing and has allowed nothing.
const PAUPER: usize = PEOPLE;
const TREASURY: usize = PEOPLE + 1;
const VAULT: usize = PEOPLE + 2;
const FILO: usize = PEOPLE + 3;
const HOLDERS: usize = PEOPLE + 4;

/// Which of the rarest outcomes it has to reach.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Half {
    First,
    Second,
}

struct Walk {
    half: Half,
    town: Town,
    dice: Dice,
    log: Chronicle,
    model: Model,
    holders: Vec<Address>,
    /// USDai of each holder.
    dollars: Vec<U256>,
    books: Books,
    /// What the vault has booked.
    cash: U256,
    /// What nobody booked: USDai that were given to FiLo.
    given: U256,
    receipts: Deeds,
    /// Receipts whose cover does not end.
    insured: BTreeSet<Receipt>,
    /// Loans whose hardware is worth nothing, and that are not paid.
    doomed: BTreeSet<LoanId>,
    /// What was posted, or only signed.
    offers: BTreeMap<OfferId, Posted>,
    curators: [Person; CURATORS],
    agent: Address,
    appraiser: Address,
    attestor: Address,
}

/// Beginning and checking.
impl Walk {
    fn begin(half: Half, ground: Ground, dice: Dice) -> Self {
        // Decades pass, in which nobody keeps programs alive.
        let mut town = ground.town(Chain::builder().programs_expire(false), Terms::REAL);
        let (cast, suite) = (town.cast.clone(), town.suite);
        let people = [
            &cast.curator,
            &cast.depositor,
            &cast.agent,
            &cast.borrower,
            &cast.keeper,
            &cast.custodian,
            &cast.attestor,
            &town.stranger,
            &cast.treasury,
        ];
        let mut holders: Vec<_> = people.into_iter().map(Person::address).collect();
        holders.extend([suite.susdai, suite.filo]);
        assert_eq!(holders.len(), HOLDERS);
        let admin = cast.admin.address();
        for account in &holders[1..CURATORS] {
            let grant = Router::grantRoleCall {
                role: id("CURATOR"),
                account: *account,
            };
            town.does(admin, suite.router, &grant);
        }
        for who in &holders[..PEOPLE] {
            town.give_usdai(*who, 50_000_000);
            let approve = Erc20::approveCall {
                spender: suite.filo,
                value: U256::MAX - U256::ONE,
            };
            town.does(*who, suite.usdai, &approve);
        }
        town.give_susdai(admin, 30_000_000);
        let books = Books::find(&mut town, suite.usdai, &holders, holders[0], suite.filo);
        let dollars: Vec<_> = (0..HOLDERS).map(|who| books.balance(&mut town, who)).collect();
        let model = Model::at(town.node.chain.timestamp(), PERIOD);
        let mut walk = Self {
            half,
            cash: dollars[VAULT],
            town,
            dice,
            log: Chronicle::default(),
            model,
            holders,
            dollars,
            books,
            given: U256::ZERO,
            receipts: BTreeMap::new(),
            insured: BTreeSet::new(),
            doomed: BTreeSet::new(),
            offers: BTreeMap::new(),
            curators: [&cast.curator, &cast.depositor, &cast.agent].map(Clone::clone),
            agent: cast.agent.address(),
            appraiser: cast.appraiser.address(),
            attestor: cast.attestor.address(),
        };
        for _ in 0..acts::RECEIPTS {
            walk.issue();
        }
        for curator in 0..CURATORS {
            walk.open_stack_of(curator);
        }
        walk.set_fees();
        walk.check();
        walk.check_everything();
        walk
    }

    fn now(&self) -> u64 {
        self.town.node.chain.timestamp()
    }

    /// Every balance; F2 and the vault's cash.
    fn check(&mut self) {
        for who in 0..HOLDERS {
            assert_eq!(self.books.balance(&mut self.town, who), self.dollars[who], "USDai of {who}");
        }
        assert_eq!(self.dollars[FILO], word(&self.model.held()) + self.given, "F2");
        assert_eq!(self.dollars[VAULT], self.cash, "the vault's cash");
    }

    /// F1: the vault's book is the sum over the loans, what they earn and what is expected to be lost included.
    fn check_book(&mut self) {
        let vault = self.holders[VAULT];
        self.model.now = self.now();
        let book = self.town.read(vault, &Vault::loanBookCall {});
        let running = book.rate * (U256::from(self.model.now) - book.updatedAt);
        let there = Book {
            principal: wei(book.principal),
            rate: wei(book.rate),
            accrual: wei(book.accrued + running),
            impairment: wei(self.town.read(vault, &Vault::impairmentCall {})),
        };
        assert_eq!(there, self.model.book(), "F1");
    }

    /// A loan and what secures it, and its stack.
    fn check_loan(&mut self, id: LoanId) {
        let filo = self.holders[FILO];
        let loan = self.model.loan(id).expect("a loan").clone();
        let there = self.town.read(filo, &Filo::loanCall { loan: U256::from(id) });
        let standing = self.town.read(filo, &Filo::standingCall { loan: U256::from(id) });
        assert_eq!(there.status, credit::number(loan.status), "status of {id}");
        assert_eq!(
            (wei(there.outstanding), wei(there.senior)),
            (loan.outstanding.clone(), loan.senior.clone()),
            "debt of {id}"
        );
        assert_eq!(wei(standing.impairment), loan.impairment, "impairment of {id}");
        if loan.is_open() {
            let due = (
                n(loan.paid as u128),
                U256::from(loan.next_due(PERIOD)),
                U256::from(loan.late_after(PERIOD)),
            );
            assert_eq!((there.periodsPaid, there.nextDue, standing.lateAfter), due, "due days of {id}");
            let call = loan
                .call
                .as_ref()
                .map_or((U256::ZERO, U256::ZERO), |call| (U256::from(call.deadline), word(&call.cure_below)));
            let outstanding = word(&loan.outstanding);
            assert_eq!(
                (standing.callDeadline, standing.cureBelow),
                (call.0, call.1.min(outstanding)),
                "call of {id}"
            );
            let instalment = self.town.read(filo, &Filo::instalmentCall { loan: U256::from(id) });
            let (due, interest, principal, late_fee) = loan.instalment_due(self.model.now, PERIOD);
            assert_eq!(
                (wei(instalment.interest), wei(instalment.principal), wei(instalment.lateFee)),
                (interest, principal, late_fee),
                "next payment of {id}"
            );
            assert_eq!(instalment.due, U256::from(due));
        }
        let mut receipts = self.town.read(filo, &Filo::receiptsOfCall { loan: U256::from(id) });
        receipts.sort_unstable();
        let mut expected: Vec<_> = loan.receipts.iter().map(|receipt| U256::from(*receipt)).collect();
        expected.sort_unstable();
        assert_eq!(receipts, expected, "receipts of {id}");
    }

    fn check_stack(&mut self, stack: StackId) {
        let filo = self.holders[FILO];
        let there = self.town.read(filo, &Filo::stackCall { stack: U256::from(stack) });
        let here = self.model.stack(stack).expect("a stack");
        let live = self.model.loans_of(stack).count() as u128;
        assert_eq!(
            (wei(there.senior), wei(there.juniorCash), wei(there.juniorLent), there.liveLoans),
            (self.model.senior(stack), here.cash.clone(), self.model.junior_lent(stack), n(live)),
            "stack {stack}"
        );
    }

    /// Now and then, at a loan that was touched and its stack, or at the vault's book.
    fn look(&mut self, id: LoanId) {
        match self.dice.below(8) {
            0 => self.check_loan(id),
            1 => self.check_stack(self.model.loan(id).expect("a loan").stack),
            2 => self.check_book(),
            _ => {}
        }
    }

    /// All of it.
    fn check_everything(&mut self) {
        self.check_book();
        let filo = self.holders[FILO];
        let open: Vec<_> = self.model.open_loans().map(|(id, _)| id).collect();
        for id in open {
            self.check_loan(id);
        }
        let stacks: Vec<_> = self.model.stacks().map(|(id, _)| id).collect();
        for stack in stacks {
            self.check_stack(stack);
        }
        assert_eq!(wei(self.town.read(filo, &Filo::reserveCall {})), self.model.reserve);
        let earliest = self.town.read(filo, &Filo::earliestDueCall {});
        match self.model.earliest_due() {
            None => assert_eq!((earliest.due, earliest.loan), (U256::ZERO, U256::ZERO)),
            Some((due, loans)) => {
                assert_eq!(earliest.due, U256::from(due), "the earliest due day");
                assert!(
                    loans.iter().any(|loan| U256::from(*loan) == earliest.loan),
                    "{} is not of {loans:?}",
                    earliest.loan
                );
            }
        }
        // F5, C1: what no open loan holds is its owner's and free.
        let caliber = self.town.suite.caliber;
        for (receipt, (owner, _)) in self.receipts.clone() {
            let there = self.town.read(
                caliber,
                &Caliber::receiptOfCall {
                    receipt: U256::from(receipt),
                },
            );
            let loan = self.model.pledged_to(receipt).map_or(U256::ZERO, U256::from);
            assert_eq!(
                (there.owner, there.loan),
                (self.holders[owner], loan),
                "owner and pledge of {receipt}"
            );
        }
    }

    /// `call`, which succeeds exactly if there is no reason against it.
    fn play<C: SolCall>(&mut self, kind: &'static str, from: Address, to: Address, call: &C, reasons: &Reasons) -> Option<C::Return> {
        let data = call.abi_encode();
        self.log.begin(format!(
            "{kind} by {from} at {}: {}",
            self.now(),
            alloy_primitives::hex::encode(&data)
        ));
        let chain = &mut self.town.node.chain;
        let receipt = self.log.attempt(chain, kind, Tx::call(from, to, data), reasons)?;
        Some(C::abi_decode_returns(&receipt.output).expect("an answer"))
    }

    fn desk(&self) -> Desk<'_> {
        Desk {
            model: &self.model,
            accounts: &self.holders,
            offers: &self.offers,
            deeds: &self.receipts,
            lendable: self.cash,
        }
    }

    /// What the model refuses about `deal`; nothing, if it refuses nothing.
    fn reasons<T>(&self, outcome: &Result<T, Vec<Refusal>>, deal: Deal) -> Reasons {
        let why = outcome.as_ref().err().cloned();
        self.desk().refused(why.unwrap_or_default(), deal)
    }

    /// Who pays what to whom in a payment.
    fn book(&mut self, payer: usize, stack: StackId, paid: &Paid) {
        let curator = self.model.stack(stack).expect("a stack").curator;
        let kept = paid.to_stack() + paid.to_reserve();
        for (to, amount) in [
            (VAULT, &paid.to_vault()),
            (curator, &paid.servicing),
            (TREASURY, &paid.protocol),
            (FILO, &kept),
        ] {
            self.dollars[payer] -= word(amount);
            self.dollars[to] += word(amount);
        }
        self.cash += word(&paid.to_vault());
    }
}

impl driver::Walk for Walk {
    const NAME: &'static str = "filo";
    const FULL_CHECK: u64 = 1_000;
    const ACTS: &'static [Act<Self>] = acts::ACTS;
    type Variant = Half;
    const VARIANTS: &'static [Half] = &[Half::First, Half::Second];

    fn begin(half: Half, ground: Ground, dice: Dice) -> Self {
        Self::begin(half, ground, dice)
    }

    fn dice(&mut self) -> &mut Dice {
        &mut self.dice
    }

    fn log(&mut self) -> &mut Chronicle {
        &mut self.log
    }

    fn town(&mut self) -> Option<&mut Town> {
        Some(&mut self.town)
    }

    fn set_clock(&mut self) {
        self.model.now = self.now();
    }

    fn check(&mut self) {
        self.check();
    }

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let rarest = match self.half {
            Half::First => shown::IN_THE_FIRST,
            Half::Second => shown::IN_THE_SECOND,
        };
        [self.log.missing(shown::SHOWN), self.log.missing(rarest)].concat()
    }
}

#[test]
fn every_wei_is_where_the_model_has_it() {
    drive::<Walk>(Half::First, Journey::on_both(0x0F11_0001, STEPS));
}

#[test]
fn every_wei_is_where_the_model_has_it_in_another_walk() {
    drive::<Walk>(Half::Second, Journey::on_both(0x0F11_0002, STEPS));
}

#[test]
fn every_wei_is_where_the_model_has_it_natively() {
    // That a loss reaches the vault is rarer: the walk over the whole protocol has to see it.
    drive::<Walk>(Half::First, Journey::natively(0x0F11_0003, NATIVELY));
}
