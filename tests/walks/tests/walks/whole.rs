//! The whole protocol in one town, walked at random beside one model (`protocol_model::protocol`): USDai, the vault, the queue, CALIBER, FiLo with its
//! contracts of origination and of defaults, the router and the gateway. What the parts do to each other is what it is about: redemptions while loans default,
//! settlements while the cash is lent, marks between a request and its settlement, capital withdrawn while receipts are sold, income that vests while bids
//! are open, everything paused.
//!
//! The model says of every operation whether it succeeds, with which names it may be refused, and what everybody has afterwards. After each step: every
//! balance of USDai and of sUSDai, both supplies, the vault's cash and its price, to the wei, and what the step has touched. Every 250 steps: all
//! books of the vault, the queue and FiLo. What receipts are worth is asked of CALIBER, what another coin buys of Uniswap: they have walks of their own.
//!
//! [`scenarios::driver`] plays it.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, Bytes, B256, U256};
use alloy_sol_types::SolCall;
use num_bigint::BigInt;
use protocol_model::{
    filo::{LoanId, OfferId, Receipt, StackId, Status},
    protocol::{Protocol, Refusal, Seats, Wei},
    qev::{self, Id},
    vault,
};
use scenarios::{
    abi::{BaseToken, Caliber, Defaults, Erc20, Filo, Gateway, HostileToken, Origination, Queue, Router, Usdai, Vault},
    driver::{self, drive, Act, Ground, Journey},
    hands::{kept_of, n, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::{
            counterparts::dollars6,
            suite::{id, Terms},
        },
    },
    walk::{wei, word, Books, Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{Chain, Receipt as Sent, Tx};

use crate::credit::{self, Deal, Deeds, Desk, Posted, DAY, PERIOD};

mod acts;
mod distress;
mod dollars;
mod hardware;
mod journeys;
mod lending;
mod looking;
mod offers;
mod positions;
mod powers;
mod reasons;
mod shares;
mod shown;

use reasons::Case;

/// Together, natively and on the WASM beside it.
const STEPS: u64 = 20_000;
/// Walks, and steps of each.
const NATIVELY: (usize, u64) = (5, 60_000);

// Who holds something, by number. First those who act: savers, two curators, two borrowers, others.
const SAVERS: usize = 3;
const CURATORS: [usize; 2] = [3, 4];
const BORROWERS: [usize; 2] = [5, 6];
/// The one who is barred now and then.
const SUSPECT: usize = 8;
const PEOPLE: usize = 9;
const TREASURY: usize = PEOPLE;
const VAULT: usize = PEOPLE + 1;
const QUEUE: usize = PEOPLE + 2;
const FILO: usize = PEOPLE + 3;
const GATEWAY: usize = PEOPLE + 4;
const HOLDERS: usize = PEOPLE + 5;

/// A bid as it was sealed.
#[derive(Clone, Copy, Debug)]
struct Seal {
    tick: u8,
    salt: B256,
    commitment: B256,
}

struct Walk {
    town: Town,
    dice: Dice,
    log: Chronicle,
    model: Protocol,
    rules: qev::Rules,
    holders: Vec<Address>,
    dollars: Books,
    shares: Books,
    /// What backs USDai, in base units, as far as it has arrived.
    backing: U256,
    fee: U256,
    deposits_paused: bool,
    withdrawals_paused: bool,
    /// What positions are called on chain, who holds them, and what each holder claims over, in the queue's order.
    tokens: BTreeMap<Id, U256>,
    owners: BTreeMap<Id, usize>,
    lists: Vec<Vec<Id>>,
    seals: BTreeMap<Id, Seal>,
    gone: Vec<Id>,
    receipts: Deeds,
    insured: BTreeSet<Receipt>,
    offers: BTreeMap<OfferId, Posted>,
    /// Who is a curator now.
    curators: BTreeSet<usize>,
    keys: [Person; 2],
    hostile: Address,
    agent: Address,
    appraiser: Address,
    attestor: Address,
    admin: Address,
}

/// Beginning.
impl Walk {
    #[allow(clippy::too_many_lines, reason = "a town has many people")]
    fn begin(ground: Ground, dice: Dice) -> Self {
        // Decades pass, in which nobody keeps programs alive.
        let mut town = ground.town(Chain::builder().programs_expire(false), Terms::REAL);
        let (cast, suite) = (town.cast.clone(), town.suite);
        let people = [
            &cast.depositor,
            &cast.custodian,
            &cast.keeper,
            &cast.curator,
            &cast.agent,
            &cast.borrower,
            &cast.attestor,
            &cast.appraiser,
            &town.stranger,
        ];
        let mut holders: Vec<_> = people.into_iter().map(Person::address).collect();
        holders.extend([cast.treasury.address(), suite.susdai, suite.qev, suite.filo, suite.gateway]);
        assert_eq!(holders.len(), HOLDERS);
        let admin = cast.admin.address();
        let bridge = ("BRIDGE", holders[7]);
        for (role, account) in [
            ("CURATOR", holders[CURATORS[1]]),
            ("BLACKLIST", admin),
            bridge,
            ("GUARDIAN", holders[7]),
        ] {
            let grant = Router::grantRoleCall { role: id(role), account };
            town.does(admin, suite.router, &grant);
        }
        // Little yields what backs millions: else the vault would soon have more than anybody borrows.
        let rate = BaseToken::setRateCall { rateBps: n(5) };
        town.does_silently(admin, town.world.wrapped_m, &rate);
        let hostile = town.hostile_token(10_000_000);
        let (usdai, base) = (suite.usdai, town.world.wrapped_m);
        for who in holders[..PEOPLE].iter().copied() {
            town.give_usdai(who, 1_000_000);
            for (token, spender) in [
                (usdai, suite.susdai),
                (usdai, suite.filo),
                (base, usdai),
                (town.world.usdc, usdai),
                (hostile, usdai),
                (base, suite.gateway),
            ] {
                let value = U256::MAX - U256::ONE;
                town.does_silently(who, token, &Erc20::approveCall { spender, value });
            }
        }
        // Whoever goes through the gateway has it act for them at the vault and at the origination of loans.
        for who in holders[..PEOPLE].iter().copied() {
            let (operator, approved) = (suite.gateway, true);
            town.does(who, suite.susdai, &Vault::setOperatorCall { operator, approved });
            town.does(who, suite.origination, &Origination::setOperatorCall { operator, approved });
        }
        // Something in every book, for their slots to be found.
        let first = holders[0];
        let deposit = Vault::deposit_0Call {
            assets: wad(1_000),
            receiver: first,
        };
        town.does(first, suite.susdai, &deposit);
        let approve = Erc20::approveCall {
            spender: suite.filo,
            value: n(77),
        };
        town.does(first, suite.susdai, &approve);
        let [dollars, shares] = [usdai, suite.susdai].map(|token| Books::find(&mut town, token, &holders, first, suite.filo));
        let schedule = town.read(suite.qev, &Queue::scheduleCall {});
        let rules = qev::Rules {
            genesis: schedule.genesis.to(),
            epoch: schedule.epochSeconds.to(),
            reveal: schedule.revealSeconds.to(),
            ..qev::Rules::default()
        };
        let seats = Seats {
            vault: VAULT,
            queue: QUEUE,
            filo: FILO,
            treasury: TREASURY,
        };
        let now = town.node.chain.timestamp();
        let mut model = Protocol::new(now, PERIOD, rules.clone(), HOLDERS, seats);
        for who in 0..PEOPLE {
            model.issue_dollars(who, &wei(wad(1_000_000)));
        }
        assert_eq!(model.deposit(0, 0, &wei(wad(1_000))), Ok(wei(wad(1_000))));
        let backing = town.balance(base, usdai);
        let fee = town.read(usdai, &Usdai::adminFeeCall {});
        let mut walk = Self {
            dice,
            log: Chronicle::default(),
            model,
            rules,
            dollars,
            shares,
            backing,
            fee,
            deposits_paused: false,
            withdrawals_paused: false,
            tokens: BTreeMap::new(),
            owners: BTreeMap::new(),
            lists: vec![Vec::new(); PEOPLE],
            seals: BTreeMap::new(),
            gone: Vec::new(),
            receipts: BTreeMap::new(),
            insured: BTreeSet::new(),
            offers: BTreeMap::new(),
            curators: CURATORS.into(),
            keys: [&cast.curator, &cast.agent].map(Clone::clone),
            hostile,
            agent: cast.agent.address(),
            appraiser: cast.appraiser.address(),
            attestor: cast.attestor.address(),
            admin,
            holders,
            town,
        };
        for _ in 0..hardware::RECEIPTS {
            walk.issue();
        }
        for curator in CURATORS {
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

    fn person(&mut self) -> usize {
        usize::try_from(self.dice.below(PEOPLE as u64)).expect("a few")
    }

    fn has(&self, who: usize) -> U256 {
        word(&self.model.dollars[who])
    }

    fn holds(&self, who: usize) -> U256 {
        word(&self.model.shares[who])
    }

    /// Mostly all, or a part of any magnitude.
    fn part_of(&mut self, limit: U256) -> U256 {
        match self.dice.below(8) {
            0 | 1 => limit,
            2 => limit + U256::ONE,
            _ => self.dice.up_to(limit),
        }
    }

    /// `data` for `to`, which succeeds exactly if there is no reason against it.
    fn send(&mut self, kind: &'static str, from: Address, to: Address, data: Vec<u8>, reasons: &Reasons) -> Option<Sent> {
        self.log.begin(format!("{kind} by {from} at {}", self.now()));
        let chain = &mut self.town.node.chain;
        self.log.attempt(chain, kind, Tx::call(from, to, data), reasons)
    }

    /// `call` by somebody.
    fn play<C: SolCall>(&mut self, kind: &'static str, who: usize, to: Address, call: &C, reasons: &Reasons) -> Option<C::Return> {
        self.play_as(kind, self.holders[who], to, call, reasons)
    }

    fn play_as<C: SolCall>(&mut self, kind: &'static str, from: Address, to: Address, call: &C, reasons: &Reasons) -> Option<C::Return> {
        let receipt = self.send(kind, from, to, call.abi_encode(), reasons)?;
        Some(C::abi_decode_returns(&receipt.output).expect("an answer"))
    }
}

impl driver::Walk for Walk {
    const NAME: &'static str = "whole";
    const FULL_CHECK: u64 = 250;
    const ACTS: &'static [Act<Self>] = acts::ACTS;
    type Variant = ();
    const VARIANTS: &'static [()] = &[()];

    fn begin((): (), ground: Ground, dice: Dice) -> Self {
        Self::begin(ground, dice)
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
        self.model.pass_to(self.now());
    }

    fn check(&mut self) {
        self.check();
    }

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        self.log.missing(shown::SHOWN)
    }
}

#[test]
fn the_parts_do_to_each_other_what_the_model_says() {
    drive::<Walk>((), Journey::on_both(0x0A11_0001, STEPS));
}

#[test]
fn the_parts_do_to_each_other_what_the_model_says_natively() {
    drive::<Walk>((), Journey::natively(0x0A11_0002, NATIVELY));
}
