//! V1–V3 and the conservation of every token over long random walks on the vault's real WASM: a model beside it in exact fractions
//! (`protocol_model::vault`) says of every operation whether it succeeds, with which names it may be refused, and what every book, price and
//! balance is afterwards, to the wei.
//!
//! Two walks. In one the real queue settles and pays; what it pays is compared with what it said, and the vault's part with the model. In
//! the other the queue's hooks are called as by the auction: fillings at a premium, forfeited bonds. FiLo's hooks are called by its address in
//! both: loans are drawn, paid, marked, cured and written off, and income is harvested, given away, bridged.
//!
//! [`scenarios::driver`] plays them.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{hex, Address, U256};
use alloy_sol_types::SolCall;
use num_rational::BigRational;
use protocol_model::vault::{down, up, Loan, Refusal, Vault as Model, Wei};
use scenarios::{
    abi::{Erc20, Queue, Router, Usdai, Vault},
    driver::{self, drive, Act, Ground, Journey},
    hands::{n, wad},
    refusals,
    usdai_cli::protocol::{
        counterparts::dollars6,
        suite::{id, Terms},
    },
    walk::{wei, word, Books, Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{Chain, Tx};

const STEPS: u64 = 5_000;
/// Walks, and steps of each, twice. In a hundred thousand steps interest comes near the most that the book holds, of which the model knows nothing.
const NATIVELY: (usize, u64) = (1, 50_000);
const DAY: u64 = 86_400;
/// How much time may pass in all.
const LONGEST: u64 = 3_650 * DAY;
/// Parts of a wei that QEV counts dust in.
const DUST_SCALE: u128 = 2_000_000_000_000_000_000_000;
const WAD: U256 = U256::from_limbs([1_000_000_000_000_000_000, 0, 0, 0]);
/// Loans at a time.
const LOANS: usize = 40;

// Who holds something, by number. First those who act.
const PEOPLE: usize = 6;
const OUTSIDER: usize = PEOPLE;
const VAULT: usize = PEOPLE + 1;
const QUEUE: usize = PEOPLE + 2;
const FILO: usize = PEOPLE + 3;
const HOLDERS: usize = PEOPLE + 4;

/// Who settles.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Settler {
    /// The deployed queue.
    Queue,
    /// The dice, by the queue's address.
    Dice,
}

struct Walk {
    town: Town,
    settler: Settler,
    dice: Dice,
    log: Chronicle,
    model: Model,
    holders: Vec<Address>,
    /// sUSDai and USDai of each holder.
    shares: Vec<U256>,
    dollars: Vec<U256>,
    bridged: U256,
    /// (owner, spender), of shares.
    allowances: BTreeMap<(usize, usize), U256>,
    /// (controller, operator).
    operators: BTreeSet<(usize, usize)>,
    barred: BTreeSet<usize>,
    paused: bool,
    books: [Books; 2],
    admin: Address,
    bridge: Address,
    guardian: Address,
    ends: u64,
    /// The prices before the operation, and whether it may lower them.
    prices: Prices,
    loss: bool,
    /// Whether it paid a wei that the vault had kept before.
    made_up: bool,
}

/// V1's prices, exact.
#[derive(Clone, Debug)]
struct Prices {
    entry: BigRational,
    standing: BigRational,
    exit: BigRational,
    open: bool,
}

fn units(price: &BigRational) -> BigRational {
    price * BigRational::from_integer(wei(WAD).into())
}

/// Beginning and checking.
impl Walk {
    fn begin(settler: Settler, ground: Ground, dice: Dice) -> Self {
        // Days for months: a program lives for a year.
        let terms = Terms {
            epoch: DAY,
            reveal: 7_200,
            ..Terms::REAL
        };
        let mut town = ground.town(Chain::builder().programs_expire(false), terms);
        let (cast, suite) = (town.cast.clone(), town.suite);
        let people = [
            &cast.depositor,
            &cast.curator,
            &cast.borrower,
            &cast.agent,
            &cast.attestor,
            &cast.appraiser,
        ];
        let mut holders: Vec<_> = people.iter().map(|person| person.address()).collect();
        holders.extend([town.stranger.address(), suite.susdai, suite.qev, suite.filo]);
        assert_eq!(holders.len(), HOLDERS);
        let (admin, bridge, guardian) = (cast.admin.address(), cast.keeper.address(), Address::repeat_byte(0x61));
        for (role, account) in [("BRIDGE", bridge), ("GUARDIAN", guardian), ("BLACKLIST", admin)] {
            let grant = Router::grantRoleCall { role: id(role), account };
            town.does(admin, suite.router, &grant);
        }
        for who in &holders[..=OUTSIDER] {
            town.give_usdai(*who, 3_000_000);
            for spender in [suite.susdai, holders[OUTSIDER]] {
                let approve = Erc20::approveCall { spender, value: U256::MAX };
                town.does(*who, suite.usdai, &approve);
            }
        }
        town.give_usdai(suite.filo, 20_000_000);
        // Something in every book, for their slots to be found.
        let deposit = Vault::deposit_0Call {
            assets: wad(1_000),
            receiver: holders[0],
        };
        town.does(holders[0], suite.susdai, &deposit);
        let value = n(123_456_789);
        let approve = Erc20::approveCall {
            spender: holders[1],
            value,
        };
        town.does(holders[0], suite.susdai, &approve);
        let books = [suite.susdai, suite.usdai].map(|token| {
            let spender = if token == suite.susdai { holders[1] } else { suite.susdai };
            Books::find(&mut town, token, &holders, holders[0], spender)
        });
        let [shares, dollars] = [0, 1].map(|token: usize| (0..HOLDERS).map(|who| books[token].balance(&mut town, who)).collect::<Vec<_>>());
        let mut model = Model::at(town.node.chain.timestamp());
        assert_eq!(model.deposit(&wei(wad(1_000))), Ok(wei(wad(1_000))));
        let prices = Prices::of(&model);
        let mut walk = Self {
            ends: model.now + LONGEST,
            town,
            settler,
            dice,
            log: Chronicle::default(),
            model,
            holders,
            shares,
            dollars,
            bridged: U256::ZERO,
            allowances: BTreeMap::from([((0, 1), value)]),
            operators: BTreeSet::new(),
            barred: BTreeSet::new(),
            paused: false,
            books,
            admin,
            bridge,
            guardian,
            prices,
            loss: false,
            made_up: false,
        };
        walk.check();
        walk.check_everything();
        walk
    }

    /// Every balance, both supplies, cash and price; V1, V2 and V3.
    fn check(&mut self) {
        self.model.now = self.town.node.chain.timestamp();
        for who in 0..HOLDERS {
            assert_eq!(self.books[0].balance(&mut self.town, who), self.shares[who], "shares of {who}");
            assert_eq!(self.books[1].balance(&mut self.town, who), self.dollars[who], "USDai of {who}");
        }
        let supply = self.books[0].supply(&mut self.town);
        assert_eq!(supply, self.shares.iter().sum::<U256>(), "supply");
        assert_eq!(supply + self.bridged, word(&self.model.shares), "all shares");
        let vault = self.holders[VAULT];
        let terms = self.town.read(vault, &Vault::settlementTermsCall {});
        let cash = word(&self.model.cash);
        assert_eq!((terms.price, terms.cash), (self.exit_price(), cash), "terms");
        assert!(cash <= self.dollars[VAULT], "V3: {cash} of {}", self.dollars[VAULT]);
        // V2: all shares at the price are worth no more than there is.
        let worth = wei(terms.price) * &self.model.shares / wei(WAD);
        assert!(worth <= self.model.exit().assets, "V2");
        // V1.
        let now = Prices::of(&self.model);
        if now.open && self.prices.open && !self.loss {
            let mut whole = self.model.clone();
            whole.cash += u32::from(self.made_up);
            Prices::of(&whole).has_not_fallen_from(&self.prices);
        }
        self.made_up = false;
        assert!(!now.open || (now.entry >= now.standing && now.standing >= now.exit), "{now:?}");
        self.prices = now;
        self.loss = false;
    }

    fn exit_price(&self) -> U256 {
        word(&down(&units(&self.model.exit().exit_price())))
    }

    fn waiting(&self) -> Wei {
        wei(self.shares[QUEUE])
    }

    /// What [`Self::check`] leaves out.
    fn check_everything(&mut self) {
        let vault = self.holders[VAULT];
        let model = self.model.clone();
        let entry = model.entry();
        let (assets, shares) = (self.dice.up_to(wad(9_000_000)), self.dice.up_to(wad(9_000_000)));
        let wiped = model.is_wiped_out();
        let mut expected = vec![
            (Vault::totalAssetsCall {}.abi_encode(), word(&model.standing().assets)),
            (Vault::navCall {}.abi_encode(), word(&model.exit().assets)),
            (Vault::cashCall {}.abi_encode(), word(&model.cash)),
            (Vault::unvestedCall {}.abi_encode(), word(&model.unvested())),
            (Vault::impairmentCall {}.abi_encode(), word(&model.impairment())),
            (Vault::lendableCall {}.abi_encode(), word(&model.lendable(&self.waiting()))),
            (Vault::totalSharesCall {}.abi_encode(), word(&model.shares)),
            (Vault::bridgedSupplyCall {}.abi_encode(), self.bridged),
            (Vault::redemptionSharePriceCall {}.abi_encode(), self.exit_price()),
            (Vault::depositSharePriceCall {}.abi_encode(), word(&up(&units(&entry.price())))),
            (
                Vault::convertToSharesCall { assets }.abi_encode(),
                word(&down(&model.standing().shares_for(&wei(assets)))),
            ),
            (
                Vault::convertToAssetsCall { shares }.abi_encode(),
                word(&down(&model.standing().assets_for(&wei(shares)))),
            ),
        ];
        if !wiped {
            expected.extend([
                (
                    Vault::previewDepositCall { assets }.abi_encode(),
                    word(&down(&entry.shares_for(&wei(assets)))),
                ),
                (
                    Vault::previewMintCall { shares }.abi_encode(),
                    word(&up(&entry.assets_for(&wei(shares)))),
                ),
            ]);
        }
        for (view, value) in expected {
            let receipt = self.town.raw(Address::ZERO, vault, U256::ZERO, view.clone());
            assert!(receipt.success, "a view refuses");
            assert_eq!(U256::from_be_slice(&receipt.output), value, "view {view:02x?}");
        }
        let book = self.town.read(vault, &Vault::loanBookCall {});
        assert_eq!(
            (book.principal, book.rate),
            (word(&model.principal()), word(&model.rate())),
            "loan book"
        );
        let running = book.rate * (U256::from(model.now) - book.updatedAt);
        assert_eq!(book.accrued + running, word(&model.accrual()), "accrual, to the last digit");
        assert_eq!(self.town.read(vault, &Vault::pausedCall {}), self.paused);

        let who = self.person();
        let receiver = self.holders[who];
        let closed = wiped || self.paused || self.barred.contains(&who);
        let most = self.town.read(vault, &Vault::maxDepositCall { receiver });
        if closed {
            assert!(most.is_zero(), "nothing may be deposited");
        } else if let Some(room) = model.room() {
            let buys = !down(&entry.shares_for(&room)).eq(&Wei::default());
            assert_eq!(most, if buys { word(&room) } else { U256::ZERO });
        }
        for owner in 0..PEOPLE {
            for spender in 0..PEOPLE {
                let allowed = self.allowances.get(&(owner, spender)).copied().unwrap_or_default();
                let (from, to) = (self.holders[owner], self.holders[spender]);
                assert_eq!(self.books[0].allowance(&mut self.town, from, to), allowed);
            }
        }
        if self.settler == Settler::Queue {
            let mut claims = U256::ZERO;
            for who in 0..PEOPLE {
                claims += self.claimable(who).1;
            }
            assert!(claims <= self.dollars[QUEUE], "claims of {claims} with {}", self.dollars[QUEUE]);
        }
    }

    fn claimable(&mut self, who: usize) -> (U256, U256) {
        let (vault, controller) = (self.holders[VAULT], self.holders[who]);
        (
            self.town.read(vault, &Vault::maxRedeemCall { controller }),
            self.town.read(vault, &Vault::maxWithdrawCall { controller }),
        )
    }

    fn person(&mut self) -> usize {
        usize::try_from(self.dice.below(PEOPLE as u64)).expect("a few")
    }

    /// `call` of the vault, which succeeds exactly if there is no reason against it.
    fn play<C: SolCall>(&mut self, kind: &'static str, from: Address, call: &C, reasons: &Reasons) -> Option<C::Return> {
        let vault = self.holders[VAULT];
        let words = format!(
            "{kind} by {}: {} {}",
            hex::encode(from),
            C::SIGNATURE,
            hex::encode(call.abi_encode())
        );
        self.log.begin(self.named(words));
        let chain = &mut self.town.node.chain;
        let receipt = self.log.attempt(chain, kind, Tx::call(from, vault, call.abi_encode()), reasons)?;
        Some(C::abi_decode_returns(&receipt.output).expect("an answer"))
    }

    /// With the names of contracts in place of their addresses, which change with their programs.
    fn named(&self, words: String) -> String {
        let contracts = self.town.suite.contracts().into_iter();
        contracts.fold(words, |words, (name, address)| words.replace(&hex::encode(address), name))
    }

    fn barred(&self, reasons: &mut Reasons, accounts: &[usize]) {
        for account in accounts {
            let error = refusals::AccountBlacklisted {
                account: self.holders[*account],
            };
            reasons.add(self.barred.contains(account), &error);
        }
    }

    /// What `from` cannot give of its shares.
    fn short(&self, reasons: &mut Reasons, from: usize, needed: U256) {
        let error = refusals::ERC20InsufficientBalance {
            sender: self.holders[from],
            balance: self.shares[from],
            needed,
        };
        reasons.add(self.shares[from] < needed, &error);
    }

    /// What `spender` may not take of `owner`'s.
    fn unallowed(&self, reasons: &mut Reasons, owner: usize, spender: usize, needed: U256) {
        let allowance = self.allowances.get(&(owner, spender)).copied().unwrap_or_default();
        let error = refusals::ERC20InsufficientAllowance {
            spender: self.holders[spender],
            allowance,
            needed,
        };
        reasons.add(allowance < needed, &error);
    }

    fn spend(&mut self, owner: usize, spender: usize, value: U256) {
        let allowance = self.allowances.entry((owner, spender)).or_default();
        if *allowance != U256::MAX {
            *allowance -= value;
        }
    }
}

impl Prices {
    fn of(model: &Model) -> Self {
        Self {
            entry: model.entry().price(),
            standing: model.standing().price(),
            exit: model.exit().exit_price(),
            open: !model.is_wiped_out(),
        }
    }

    fn has_not_fallen_from(&self, before: &Self) {
        for (name, now, then) in [
            ("entry", &self.entry, &before.entry),
            ("standing", &self.standing, &before.standing),
            ("exit", &self.exit, &before.exit),
        ] {
            assert!(now >= then, "V1: {name} fell from {then} to {now}");
        }
    }
}

/// Entry.
impl Walk {
    fn entry_reasons(&self, sender: usize, receiver: usize) -> Reasons {
        let mut reasons = Reasons::default();
        reasons.add(self.paused, &refusals::EnforcedPause {});
        let queue = refusals::SharesOfQueue {
            queue: self.holders[QUEUE],
        };
        reasons.add(receiver == QUEUE, &queue);
        self.barred(&mut reasons, &[sender, receiver]);
        reasons
    }

    fn refusal(&self, reasons: &mut Reasons, refusal: Refusal, assets: U256) {
        let total = refusals::NoAssetsBehindShares {
            totalShares: word(&self.model.shares),
        };
        let room = self.model.room().map_or(U256::MAX, |room| word(&room));
        reasons.add(refusal == Refusal::Zero, &refusals::ZeroAmount {});
        reasons.add(refusal == Refusal::NothingBehind, &total);
        reasons.add(refusal == Refusal::NoShare, &refusals::ZeroShares { assets });
        reasons.add(refusal == Refusal::AboveCap, &refusals::DepositCapExceeded { assets, room });
    }

    fn receiver(&mut self, sender: usize) -> usize {
        match self.dice.below(20) {
            0 => QUEUE,
            1..=4 => self.person(),
            _ => sender,
        }
    }

    fn unpaid(&self, reasons: &mut Reasons, sender: usize, needed: U256) {
        let error = refusals::ERC20InsufficientBalance {
            sender: self.holders[sender],
            balance: self.dollars[sender],
            needed,
        };
        reasons.add(self.dollars[sender] < needed, &error);
    }

    fn deposit(&mut self) {
        let sender = self.person();
        let receiver = self.receiver(sender);
        let assets = match self.dice.below(20) {
            0 => U256::ZERO,
            1 | 2 => self.dollars[sender] + U256::ONE + self.dice.up_to(wad(1)),
            3 => self.dice.up_to(n(1_000_000_000)),
            _ => self.dice.up_to(self.dollars[sender]),
        };
        let mut after = self.model.clone();
        let outcome = after.deposit(&wei(assets));
        let mut reasons = self.entry_reasons(sender, receiver);
        match &outcome {
            Err(refusal) => self.refusal(&mut reasons, *refusal, assets),
            Ok(_) => self.unpaid(&mut reasons, sender, assets),
        }
        // Compared with a minimum before it is with the cap.
        let shares = word(&down(&self.model.entry().shares_for(&wei(assets))));
        let (from, to) = (self.holders[sender], self.holders[receiver]);
        let minted = if self.dice.chance(40) {
            let minimum = match self.dice.below(4) {
                0 => shares + U256::ONE,
                1 => self.dice.up_to(U256::MAX),
                _ => shares,
            };
            reasons.add(shares < minimum, &refusals::SharesBelowMinimum { shares, minimum });
            let call = Vault::deposit_1Call {
                assets,
                receiver: to,
                minShares: minimum,
            };
            self.play("deposit with a minimum", from, &call, &reasons)
        } else {
            self.play("deposit", from, &Vault::deposit_0Call { assets, receiver: to }, &reasons)
        };
        if let Some(minted) = minted {
            assert_eq!(minted, shares);
            self.entered(sender, receiver, assets, shares, after);
        }
    }

    fn mint(&mut self) {
        let sender = self.person();
        let receiver = self.receiver(sender);
        let entry = self.model.entry();
        let most = word(&down(&entry.shares_for(&wei(self.dollars[sender].min(wad(2_000_000))))));
        let shares = match self.dice.below(20) {
            0 => U256::ZERO,
            1 | 2 => word(&up(&entry.shares_for(&wei(self.dollars[sender])))) + U256::ONE + self.dice.up_to(wad(1)),
            _ => self.dice.up_to(most),
        };
        let mut after = self.model.clone();
        let outcome = after.mint(&wei(shares));
        let cost = word(&up(&entry.assets_for(&wei(shares))));
        let mut reasons = self.entry_reasons(sender, receiver);
        match &outcome {
            Err(refusal) => self.refusal(&mut reasons, *refusal, cost),
            Ok(_) => self.unpaid(&mut reasons, sender, cost),
        }
        let (from, to) = (self.holders[sender], self.holders[receiver]);
        let paid = if self.dice.chance(40) {
            let maximum = if self.dice.chance(30) { self.dice.up_to(cost) } else { cost };
            reasons.add(cost > maximum, &refusals::AssetsAboveMaximum { assets: cost, maximum });
            let call = Vault::mint_1Call {
                shares,
                receiver: to,
                maxAssets: maximum,
            };
            self.play("mint with a maximum", from, &call, &reasons)
        } else {
            self.play("mint", from, &Vault::mint_0Call { shares, receiver: to }, &reasons)
        };
        if let Some(paid) = paid {
            assert_eq!(paid, cost);
            self.entered(sender, receiver, cost, shares, after);
        }
    }

    fn entered(&mut self, sender: usize, receiver: usize, assets: U256, shares: U256, after: Model) {
        self.dollars[sender] -= assets;
        self.dollars[VAULT] += assets;
        self.shares[receiver] += shares;
        self.model = after;
    }

    fn set_cap(&mut self) {
        let (caller, is_admin) = if self.dice.chance(80) {
            (self.admin, true)
        } else {
            (self.holders[OUTSIDER], false)
        };
        let face = word(&self.model.entry().assets);
        let cap = match self.dice.below(4) {
            0 => self.dice.up_to(face),
            1 => face + self.dice.up_to(wad(1_000_000)),
            _ => n(u128::MAX),
        };
        let mut reasons = Reasons::default();
        reasons.add_any::<refusals::Unauthorized>(!is_admin);
        let call = Vault::setDepositCapCall { depositCap: cap };
        if self.play("setDepositCap", caller, &call, &reasons).is_some() {
            self.model.cap = (cap != n(u128::MAX)).then(|| wei(cap));
        }
    }
}

/// Shares between people.
impl Walk {
    fn amount_of(&mut self, who: usize) -> U256 {
        match self.dice.below(12) {
            0 => self.shares[who] + U256::ONE + self.dice.up_to(wad(1)),
            1 => self.shares[who],
            _ => self.dice.up_to(self.shares[who]),
        }
    }

    fn transfer(&mut self) {
        let (from, by) = (self.person(), self.person());
        let to = self.receiver(by);
        let value = self.amount_of(from);
        let mut reasons = Reasons::default();
        let queue = refusals::SharesOfQueue {
            queue: self.holders[QUEUE],
        };
        reasons.add(to == QUEUE, &queue);
        self.short(&mut reasons, from, value);
        let (giver, taker) = (self.holders[from], self.holders[to]);
        let done = if self.dice.chance(50) {
            self.barred(&mut reasons, &[from, to]);
            let call = Erc20::transferCall { to: taker, value };
            self.play("transfer", giver, &call, &reasons).is_some()
        } else {
            self.barred(&mut reasons, &[from, to, by]);
            self.unallowed(&mut reasons, from, by, value);
            let call = Erc20::transferFromCall {
                from: giver,
                to: taker,
                value,
            };
            let done = self.play("transferFrom", self.holders[by], &call, &reasons).is_some();
            if done {
                self.spend(from, by, value);
            }
            done
        };
        if done {
            self.shares[from] -= value;
            self.shares[to] += value;
        }
    }

    fn approve(&mut self) {
        let (owner, spender) = (self.person(), self.person());
        let value = if self.dice.chance(20) {
            U256::MAX
        } else {
            self.dice.up_to(wad(1_000_000))
        };
        let call = Erc20::approveCall {
            spender: self.holders[spender],
            value,
        };
        self.play("approve", self.holders[owner], &call, &Reasons::default())
            .expect("no reason");
        self.allowances.insert((owner, spender), value);
    }

    fn bridge(&mut self) {
        let who = if self.dice.chance(5) { QUEUE } else { self.person() };
        let caller = if self.dice.chance(85) { self.bridge } else { self.admin };
        let mut reasons = Reasons::default();
        reasons.add_any::<refusals::Unauthorized>(caller != self.bridge);
        let queue = refusals::SharesOfQueue {
            queue: self.holders[QUEUE],
        };
        reasons.add(who == QUEUE, &queue);
        self.barred(&mut reasons, &[who]);
        let out = self.dice.chance(50);
        let shares = match self.dice.below(10) {
            0 => U256::ZERO,
            _ if out => self.amount_of(who),
            1 => self.bridged + U256::ONE + self.dice.up_to(wad(1)),
            _ => self.dice.up_to(self.bridged),
        };
        reasons.add(shares.is_zero(), &refusals::ZeroAmount {});
        let account = self.holders[who];
        if out {
            self.short(&mut reasons, who, shares);
            let call = Vault::burnCall { from: account, shares };
            if self.play("bridge burn", caller, &call, &reasons).is_some() {
                self.shares[who] -= shares;
                self.bridged += shares;
            }
        } else {
            let error = refusals::InsufficientBridgedSupply {
                bridgedSupply: self.bridged,
                amount: shares,
            };
            reasons.add(shares > self.bridged, &error);
            let call = Vault::mint_2Call { to: account, shares };
            if self.play("bridge mint", caller, &call, &reasons).is_some() {
                self.shares[who] += shares;
                self.bridged -= shares;
            }
        }
    }

    fn set_blacklist(&mut self) {
        let who = self.person();
        // More are let in again than barred: else nobody is left.
        let barred = self.barred.is_empty() && self.dice.chance(50);
        let caller = if self.dice.chance(85) { self.admin } else { self.bridge };
        let mut reasons = Reasons::default();
        reasons.add_any::<refusals::Unauthorized>(caller != self.admin);
        let call = Vault::setBlacklistCall {
            account: self.holders[who],
            isBlacklisted: barred,
        };
        if self.play("setBlacklist", caller, &call, &reasons).is_some() {
            if barred {
                self.barred.insert(who);
            } else {
                self.barred.remove(&who);
            }
        }
    }

    fn pause(&mut self) {
        let caller = match self.dice.below(4) {
            0 => self.holders[0],
            1 => self.admin,
            _ => self.guardian,
        };
        let mut reasons = Reasons::default();
        if self.paused || self.dice.chance(30) {
            let caller = if self.dice.chance(90) { self.admin } else { caller };
            reasons.add_any::<refusals::Unauthorized>(caller != self.admin);
            if self.play("unpause", caller, &Vault::unpauseCall {}, &reasons).is_some() {
                self.paused = false;
            }
        } else {
            let caller = if self.dice.chance(70) { self.holders[0] } else { caller };
            reasons.add_any::<refusals::Unauthorized>(caller == self.holders[0]);
            if self.play("pause", caller, &Vault::pauseCall {}, &reasons).is_some() {
                self.paused = true;
            }
        }
    }

    fn set_operator(&mut self) {
        let (controller, operator) = (self.person(), self.person());
        let approved = self.dice.chance(70);
        let call = Vault::setOperatorCall {
            operator: self.holders[operator],
            approved,
        };
        self.play("setOperator", self.holders[controller], &call, &Reasons::default())
            .expect("no reason");
        if approved {
            self.operators.insert((controller, operator));
        } else {
            self.operators.remove(&(controller, operator));
        }
    }
}

/// Exit.
impl Walk {
    fn not_operator(&self, reasons: &mut Reasons, sender: usize, controller: usize) {
        let error = refusals::NotControllerOrOperator {
            caller: self.holders[sender],
            controller: self.holders[controller],
        };
        reasons.add(sender != controller && !self.operators.contains(&(controller, sender)), &error);
    }

    fn request(&mut self) {
        let sender = self.person();
        let [controller, owner] = [0; 2].map(|_: u8| if self.dice.chance(75) { sender } else { self.person() });
        let open = Queue::positionCountCall {
            controller: self.holders[controller],
        };
        // The vault claims over as many positions of a controller as its list has room for.
        if self.settler == Settler::Queue && self.town.read(self.holders[QUEUE], &open) >= n(7) {
            return self.leave();
        }
        let shares = if self.dice.chance(5) { U256::ZERO } else { self.amount_of(owner) };
        let mut reasons = Reasons::default();
        reasons.add(shares.is_zero(), &refusals::ZeroAmount {});
        reasons.add(self.paused, &refusals::EnforcedPause {});
        self.not_operator(&mut reasons, sender, controller);
        self.barred(&mut reasons, &[owner, controller, sender]);
        let spends = sender != owner && !self.operators.contains(&(owner, sender));
        if spends {
            self.unallowed(&mut reasons, owner, sender, shares);
        }
        self.short(&mut reasons, owner, shares);
        let call = Vault::requestRedeemCall {
            shares,
            controller: self.holders[controller],
            owner: self.holders[owner],
        };
        if self.play("requestRedeem", self.holders[sender], &call, &reasons).is_some() {
            if spends {
                self.spend(owner, sender, shares);
            }
            self.shares[owner] -= shares;
            self.shares[QUEUE] += shares;
        }
    }

    /// Of what is settled for somebody, all or a part.
    fn claim(&mut self) {
        let controller = self.person();
        let sender = if self.dice.chance(80) { controller } else { self.person() };
        let receiver = if self.dice.chance(70) { controller } else { self.person() };
        let (shares, assets) = self.claimable(controller);
        if self.barred.contains(&controller) {
            assert_eq!((shares, assets), (U256::ZERO, U256::ZERO));
        }
        let by_assets = self.dice.chance(40);
        let most = if by_assets { assets } else { shares };
        let amount = if self.dice.chance(70) { most } else { self.dice.up_to(most) };
        let mut reasons = Reasons::default();
        reasons.add(amount.is_zero(), &refusals::ZeroAmount {});
        self.not_operator(&mut reasons, sender, controller);
        self.barred(&mut reasons, &[controller, receiver, sender]);
        let (from, to, owner) = (self.holders[sender], self.holders[receiver], self.holders[controller]);
        let paid = if by_assets {
            let call = Vault::withdrawCall {
                assets: amount,
                receiver: to,
                controller: owner,
            };
            self.play("withdraw", from, &call, &reasons).map(|taken| (taken, amount))
        } else {
            let call = Vault::redeemCall {
                shares: amount,
                receiver: to,
                controller: owner,
            };
            self.play("redeem", from, &call, &reasons).map(|paid| (amount, paid))
        };
        if let Some((taken, paid)) = paid {
            assert!(taken <= shares && paid <= assets);
            let (shares_left, assets_left) = self.claimable(controller);
            assert_eq!(shares_left, shares - taken, "what is claimed is not claimable");
            // A wei may be left over by what is claimed in parts; it is the queue's, never more than there was.
            assert!(assets_left + paid <= assets, "claims grow");
            assert!(assets_left + paid + n(2) >= assets, "claims shrink");
            self.dollars[QUEUE] -= paid;
            self.dollars[receiver] += paid;
        }
    }

    /// The real queue settles what waits.
    fn settle(&mut self) {
        let (queue, vault) = (self.holders[QUEUE], self.holders[VAULT]);
        let end = self.town.read(queue, &Queue::epochEndCall {}).to::<u64>();
        if end > self.ends {
            return;
        }
        let late = self.dice.below(3_600);
        if self.town.node.chain.timestamp() < end {
            self.town.node.chain.warp_to(end + late);
        }
        self.model.now = self.town.node.chain.timestamp();
        self.log.begin("settle".into());
        let price = self.exit_price();
        let (supply, had) = (self.books[0].supply(&mut self.town), self.books[1].balance(&mut self.town, QUEUE));
        let dust = self.town.read(queue, &Queue::dustCall {});
        let dust = if dust.is_negative() {
            U256::ZERO
        } else {
            dust.into_raw() / n(DUST_SCALE)
        };
        let settle = Queue::settleCall { maxSteps: n(1_000) };
        let by = self.holders[OUTSIDER];
        self.town.does(by, queue, &settle);
        let filled = supply - self.books[0].supply(&mut self.town);
        let assets = self.books[1].balance(&mut self.town, QUEUE) - had;
        // Nobody bids in this walk: everybody is paid the price, of which the vault keeps what the queue's dust pays. A wei that the
        // fractions of settlements before have come to is paid beside it: the vault kept it then, so it is no loss now.
        let worth = filled * price / WAD;
        self.made_up = assets > worth;
        assert!(
            assets <= worth + U256::ONE && worth.saturating_sub(assets) <= dust,
            "{assets} for {filled} at {price}, dust {dust}"
        );
        if self.made_up {
            self.log.count("settle", "a wei made up");
        }
        let waits = self.shares[QUEUE] - filled;
        let outcome = match (filled.is_zero(), waits.is_zero()) {
            (true, _) => "nobody",
            (false, true) => "everybody",
            (false, false) => "some",
        };
        self.log.count("settle", outcome);
        self.model
            .fill(&wei(filled), &wei(assets), &wei(worth.saturating_sub(assets)))
            .expect("the vault did");
        self.filled(filled, assets);
        let cash = self.town.read(vault, &Vault::cashCall {});
        assert_eq!(cash, word(&self.model.cash));
    }

    fn filled(&mut self, shares: U256, assets: U256) {
        self.shares[QUEUE] -= shares;
        self.dollars[VAULT] -= assets;
        self.dollars[QUEUE] += assets;
    }

    /// The dice fill redemptions at a premium.
    fn fill(&mut self) {
        let price = self.exit_price();
        let shares = match self.dice.below(8) {
            0 => U256::ZERO,
            1 => self.shares[QUEUE] + U256::ONE,
            2 | 3 => self.shares[QUEUE],
            _ => self.dice.up_to(self.shares[QUEUE]),
        };
        let worth = shares * price / WAD;
        let premium = if self.dice.chance(60) {
            (worth * U256::from(self.dice.below(1_276))).div_ceil(n(10_000))
        } else {
            U256::ZERO
        };
        let assets = worth - premium;
        let mut after = self.model.clone();
        let mut reasons = Reasons::default();
        let known = shares <= self.shares[QUEUE];
        let refusal = if known {
            after.fill(&wei(shares), &wei(assets), &wei(premium)).err()
        } else {
            None
        };
        let cash = word(&self.model.cash);
        reasons.add(assets > cash, &refusals::ExceedsCash { assets, cash });
        reasons.add(refusal == Some(Refusal::Zero), &refusals::ZeroAmount {});
        self.short(&mut reasons, QUEUE, shares);
        let call = Vault::fillRedemptionsCall { shares, assets, premium };
        let kind = if premium.is_zero() { "fill at par" } else { "fill at a premium" };
        if self.play(kind, self.holders[QUEUE], &call, &reasons).is_some() {
            self.model = after;
            self.filled(shares, assets);
        }
    }

    fn forfeit(&mut self) {
        let shares = match self.dice.below(10) {
            0 => U256::ZERO,
            1 => self.shares[QUEUE] + U256::ONE,
            _ => self.dice.up_to(self.shares[QUEUE] / n(200)),
        };
        let mut reasons = Reasons::default();
        reasons.add(shares.is_zero(), &refusals::ZeroAmount {});
        self.short(&mut reasons, QUEUE, shares);
        let call = Vault::burnForfeitedCall { shares };
        if self.play("burnForfeited", self.holders[QUEUE], &call, &reasons).is_some() {
            self.model.forfeit(&wei(shares)).expect("the vault did");
            self.shares[QUEUE] -= shares;
        }
    }

    fn leave(&mut self) {
        match (self.settler, self.dice.below(10)) {
            (Settler::Queue, 0 | 1) => self.settle(),
            (Settler::Queue, _) => self.claim(),
            (Settler::Dice, 0 | 1) => self.forfeit(),
            (Settler::Dice, _) => self.fill(),
        }
    }
}

/// Income and loans.
impl Walk {
    fn income(&mut self) {
        let whole = 1 + self.dice.up_to(n(30_000)).to::<u64>();
        let (usdai, vault) = (self.town.suite.usdai, self.holders[VAULT]);
        self.log.begin(format!("income of {whole}"));
        self.town.give_base(usdai, dollars6(whole));
        let by = self.holders[OUTSIDER];
        self.town.does(by, usdai, &Usdai::harvestCall {});
        // What USDai keeps for the treasury is another walk's.
        let income = self.books[1].balance(&mut self.town, VAULT) - self.dollars[VAULT];
        assert!(income >= wad(whole) * n(8) / n(10), "{income} of {whole}");
        self.log.count("income", "success");
        self.model.income(&wei(income));
        self.dollars[VAULT] += income;
        assert_eq!(self.town.read(vault, &Vault::cashCall {}), word(&self.model.cash));
    }

    fn donate(&mut self) {
        let who = self.person();
        let value = self.dice.up_to(self.dollars[who] / n(100));
        let (usdai, vault) = (self.town.suite.usdai, self.holders[VAULT]);
        self.log.begin(format!("{who} gives {value}"));
        self.town.does(self.holders[who], usdai, &Erc20::transferCall { to: vault, value });
        self.log.count("donation", "success");
        self.dollars[who] -= value;
        self.dollars[VAULT] += value;
    }

    fn loan(&mut self) -> Option<Loan> {
        let loans: Vec<_> = self.model.loans().collect();
        (!loans.is_empty()).then(|| self.dice.one_of(&loans))
    }

    fn rate(&mut self, principal: U256) -> U256 {
        // Up to 60 % a year.
        principal * WAD * U256::from(self.dice.below(61)) / n(100 * 31_536_000)
    }

    fn draw(&mut self) {
        if self.model.loans().count() >= LOANS {
            return self.repay();
        }
        let waiting = self.waiting();
        let lendable = word(&self.model.lendable(&waiting));
        let principal = match self.dice.below(20) {
            0 => U256::ZERO,
            1 => lendable + U256::ONE + self.dice.up_to(wad(1)),
            2 => lendable,
            _ => self.dice.up_to(lendable / n(2)),
        };
        self.draw_exactly(principal);
    }

    fn draw_exactly(&mut self, principal: U256) {
        let waiting = self.waiting();
        let lendable = word(&self.model.lendable(&waiting));
        let (rate, borrower) = (self.rate(principal), self.person());
        let mut reasons = Reasons::default();
        reasons.add(principal.is_zero(), &refusals::ZeroAmount {});
        reasons.add(principal > lendable, &refusals::ExceedsLendable { principal, lendable });
        let call = Vault::drawLoanCall {
            principal,
            rate,
            receiver: self.holders[borrower],
        };
        if self.play("drawLoan", self.holders[FILO], &call, &reasons).is_some() {
            self.model.draw(&wei(principal), &wei(rate), &waiting).expect("the vault did");
            self.dollars[VAULT] -= principal;
            self.dollars[borrower] += principal;
        }
    }

    /// A payment of interest, of a part or of all of it, with a late fee now and then; in one of ten cases it takes out more than there is.
    fn repay(&mut self) {
        let Some(loan) = self.loan() else { return self.draw() };
        let (principal, rate, _, accrual) = self.model.loan(loan).expect("a loan");
        let (principal, rate, accrual) = (word(&principal), word(&rate), word(&accrual));
        let back = match self.dice.below(3) {
            0 => principal,
            1 => U256::ZERO,
            _ => self.dice.up_to(principal),
        };
        let fee = if self.dice.chance(20) {
            self.dice.up_to(wad(1_000))
        } else {
            U256::ZERO
        };
        let interest = accrual.div_ceil(WAD) + fee;
        let new_rate = if principal.is_zero() {
            U256::ZERO
        } else {
            rate * (principal - back) / principal
        };
        let booked = word(&self.model.principal());
        let taken = if self.dice.chance(10) { booked + U256::ONE } else { back };
        let mut reasons = Reasons::default();
        reasons.add(taken > booked, &refusals::ExceedsLoanBook { amount: taken, booked });
        // FiLo moves the money before it tells the vault, and all of it is taken back if the vault refuses.
        let (usdai, vault, filo) = (self.town.suite.usdai, self.holders[VAULT], self.holders[FILO]);
        if taken == back {
            let value = back + interest;
            let short = value.saturating_sub(self.dollars[FILO]);
            if !short.is_zero() {
                let whole = short.div_ceil(WAD).to::<u64>();
                self.town.give_usdai(filo, whole);
                self.dollars[FILO] += wad(whole);
            }
            self.town.does(filo, usdai, &Erc20::transferCall { to: vault, value });
            self.dollars[FILO] -= value;
            self.dollars[VAULT] += value;
        }
        let call = Vault::repayLoanCall {
            principal: taken,
            interest,
            accrual,
            oldRate: rate,
            newRate: new_rate,
        };
        if self.play("repayLoan", filo, &call, &reasons).is_some() {
            self.model.repay(loan, &wei(back), &wei(interest), &wei(new_rate));
        }
    }

    /// Late, worse, better, or cured.
    fn mark(&mut self) {
        let Some(loan) = self.loan() else { return self.draw() };
        let principal = word(&self.model.loan(loan).expect("a loan").0);
        let new = match self.dice.below(4) {
            0 => U256::ZERO,
            1 => principal,
            _ => self.dice.up_to(principal),
        };
        let wrongly = self.dice.chance(8);
        self.mark_to(loan, new, wrongly);
    }

    /// Marks a loan; wrongly, if more is said to have been held against it than against all.
    fn mark_to(&mut self, loan: Loan, new: U256, wrongly: bool) {
        let (principal, rate, old, accrual) = self.model.loan(loan).expect("a loan");
        let (principal, rate, old, accrual) = (word(&principal), word(&rate), word(&old), word(&accrual));
        let new_rate = if new.is_zero() { self.rate(principal) } else { U256::ZERO };
        let booked = word(&self.model.impairment());
        let held = if wrongly { booked + U256::ONE } else { old };
        let mut reasons = Reasons::default();
        reasons.add(held > booked, &refusals::ExceedsLoanBook { amount: held, booked });
        let call = Vault::markLoanCall {
            accrual,
            oldRate: rate,
            newRate: new_rate,
            oldImpairment: held,
            newImpairment: new,
        };
        let kind = if new > old { "markLoan down" } else { "markLoan up" };
        if self.play(kind, self.holders[FILO], &call, &reasons).is_some() {
            self.model.mark(loan, &wei(new), &wei(new_rate));
            // What it had earned is in no price any more, whatever becomes of the mark.
            self.loss = true;
        }
    }

    /// Nothing is expected back of any loan, and all that may be lent is lent and lost too.
    fn ruin(&mut self) {
        for loan in self.model.loans().collect::<Vec<_>>() {
            let principal = word(&self.model.loan(loan).expect("a loan").0);
            self.mark_to(loan, principal, false);
        }
        let lendable = word(&self.model.lendable(&self.waiting()));
        if !lendable.is_zero() {
            self.draw_exactly(lendable);
            let last = self.model.loans().last().expect("just drawn");
            self.mark_to(last, lendable, false);
        }
        self.log
            .count("ruin", if self.model.is_wiped_out() { "of everything" } else { "of loans" });
    }

    fn write_off(&mut self) {
        let Some(loan) = self.loan() else { return self.draw() };
        let (principal, _, impairment, _) = self.model.loan(loan).expect("a loan");
        let (principal, impairment) = (word(&principal), word(&impairment));
        let booked = word(&self.model.principal());
        let lost = match self.dice.below(6) {
            0 => booked + U256::ONE,
            1 | 2 => principal,
            _ => self.dice.up_to(principal),
        };
        let mut reasons = Reasons::default();
        reasons.add(lost > booked, &refusals::ExceedsLoanBook { amount: lost, booked });
        let call = Vault::writeOffCall {
            principal: lost,
            impairment,
        };
        if self.play("writeOff", self.holders[FILO], &call, &reasons).is_some() {
            self.model.write_off(loan, &wei(lost));
            self.loss = true;
        }
    }

    /// A hook called by somebody whose hook it is not.
    fn intrude(&mut self) {
        let who = self.person();
        let caller = self.holders[who];
        let mut reasons = Reasons::default();
        let one = U256::ONE;
        match self.dice.below(4) {
            0 => {
                reasons.add(true, &refusals::OnlyFilo { caller });
                let call = Vault::writeOffCall {
                    principal: one,
                    impairment: one,
                };
                self.play("FiLo's hook", caller, &call, &reasons);
            }
            1 => {
                reasons.add(true, &refusals::OnlyQueue { caller });
                let call = Vault::fillRedemptionsCall {
                    shares: one,
                    assets: one,
                    premium: one,
                };
                self.play("the queue's hook", caller, &call, &reasons);
            }
            2 => {
                reasons.add(true, &refusals::OnlyQueue { caller });
                self.play("the queue's hook", caller, &Vault::burnForfeitedCall { shares: one }, &reasons);
            }
            _ => {
                reasons.add(true, &refusals::OnlyUsdai { caller });
                self.play("USDai's hook", caller, &Vault::notifyYieldCall { assets: one }, &reasons);
            }
        }
    }

    fn pass_time(&mut self) {
        let now = self.town.node.chain.timestamp();
        let seconds = 1 + self.dice.up_to(U256::from(2 * DAY)).to::<u64>();
        // As much a step as leaves some for those to come.
        let left = self.ends.saturating_sub(now) / 100;
        self.town.node.chain.advance(seconds.min(left));
        self.log.begin(format!("{seconds} seconds pass"));
        self.log.count("time passes", "success");
    }
}

/// Each kind of operation with its weight.
const ACTS: &[Act<Walk>] = &[
    (120, Walk::deposit),
    (90, Walk::mint),
    (80, Walk::transfer),
    (30, Walk::approve),
    (90, Walk::request),
    (160, Walk::leave),
    (25, Walk::set_operator),
    (25, Walk::income),
    (15, Walk::donate),
    (70, Walk::draw),
    (80, Walk::repay),
    (50, Walk::mark),
    (12, Walk::write_off),
    (2, Walk::ruin),
    (40, Walk::bridge),
    (25, Walk::set_blacklist),
    (40, Walk::pause),
    (15, Walk::set_cap),
    (10, Walk::intrude),
    (60, Walk::pass_time),
];

/// What a walk must have shown: kinds, and how each was refused besides succeeding.
const SHOWN: &[(&str, &[&str])] = &[
    ("approve", &["success"]),
    (
        "bridge burn",
        &[
            "success",
            "AccountBlacklisted",
            "ERC20InsufficientBalance",
            "SharesOfQueue",
            "Unauthorized",
            "ZeroAmount",
        ],
    ),
    (
        "bridge mint",
        &[
            "success",
            "AccountBlacklisted",
            "InsufficientBridgedSupply",
            "SharesOfQueue",
            "Unauthorized",
            "ZeroAmount",
        ],
    ),
    ("deposit", ENTRY),
    ("deposit with a minimum", ENTRY),
    ("deposit with a minimum", &["SharesBelowMinimum"]),
    ("donation", &["success"]),
    ("drawLoan", &["success", "ExceedsLendable", "ZeroAmount"]),
    ("FiLo's hook", &["OnlyFilo"]),
    ("income", &["success"]),
    ("markLoan down", &["success", "ExceedsLoanBook"]),
    ("markLoan up", &["success", "ExceedsLoanBook"]),
    ("mint", ENTRY),
    ("mint with a maximum", ENTRY),
    ("mint with a maximum", &["AssetsAboveMaximum"]),
    ("pause", &["success", "Unauthorized"]),
    ("repayLoan", &["success", "ExceedsLoanBook"]),
    (
        "requestRedeem",
        &[
            "success",
            "AccountBlacklisted",
            "ERC20InsufficientAllowance",
            "ERC20InsufficientBalance",
            "EnforcedPause",
            "NotControllerOrOperator",
            "ZeroAmount",
        ],
    ),
    ("setBlacklist", &["success", "Unauthorized"]),
    ("setDepositCap", &["success", "Unauthorized"]),
    ("setOperator", &["success"]),
    ("the queue's hook", &["OnlyQueue"]),
    ("time passes", &["success"]),
    (
        "transfer",
        &["success", "AccountBlacklisted", "ERC20InsufficientBalance", "SharesOfQueue"],
    ),
    (
        "transferFrom",
        &[
            "success",
            "AccountBlacklisted",
            "ERC20InsufficientAllowance",
            "ERC20InsufficientBalance",
            "SharesOfQueue",
        ],
    ),
    ("unpause", &["success", "Unauthorized"]),
    ("USDai's hook", &["OnlyUsdai"]),
    ("ruin", &["of everything"]),
    ("writeOff", &["success", "ExceedsLoanBook"]),
];
const ENTRY: &[&str] = &[
    "success",
    "AccountBlacklisted",
    "DepositCapExceeded",
    "ERC20InsufficientBalance",
    "EnforcedPause",
    "NoAssetsBehindShares",
    "SharesOfQueue",
    "ZeroAmount",
];
const BY_QUEUE: &[(&str, &[&str])] = &[
    (
        "redeem",
        &["success", "AccountBlacklisted", "NotControllerOrOperator", "ZeroAmount"],
    ),
    (
        "withdraw",
        &["success", "AccountBlacklisted", "NotControllerOrOperator", "ZeroAmount"],
    ),
    ("settle", &["nobody", "some", "everybody", "a wei made up"]),
];
const BY_DICE: &[(&str, &[&str])] = &[
    ("burnForfeited", &["success", "ERC20InsufficientBalance", "ZeroAmount"]),
    ("fill at par", &["success", "ERC20InsufficientBalance", "ExceedsCash"]),
    ("fill at a premium", &["success", "ERC20InsufficientBalance", "ExceedsCash"]),
];

impl driver::Walk for Walk {
    const NAME: &'static str = "susdai";
    const FULL_CHECK: u64 = 32;
    const ACTS: &'static [Act<Self>] = ACTS;
    type Variant = Settler;
    const VARIANTS: &'static [Settler] = &[Settler::Queue, Settler::Dice];

    fn begin(settler: Settler, ground: Ground, dice: Dice) -> Self {
        Self::begin(settler, ground, dice)
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
        self.model.now = self.town.node.chain.timestamp();
    }

    fn check(&mut self) {
        self.check();
    }

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        let own = if self.settler == Settler::Queue { BY_QUEUE } else { BY_DICE };
        [self.log.missing(SHOWN), self.log.missing(own)].concat()
    }
}

#[test]
fn books_and_prices_are_exact_with_the_real_queue() {
    drive::<Walk>(Settler::Queue, Journey::on_both(0x0005_05da_1000_0001, STEPS));
}

#[test]
fn books_and_prices_are_exact_through_premiums_and_forfeits() {
    drive::<Walk>(Settler::Dice, Journey::on_both(0x0005_05da_1000_0002, STEPS));
}

#[test]
fn books_and_prices_stay_exact_natively() {
    drive::<Walk>(Settler::Queue, Journey::natively(0x0005_05da_1000_0003, NATIVELY));
    drive::<Walk>(Settler::Dice, Journey::natively(0x0005_05da_1000_0004, NATIVELY));
}

#[test]
fn stories_end_well_now() {
    driver::stories::<Walk>();
}
