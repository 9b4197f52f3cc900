//! The 25 ERC-20 properties of crytic/properties, by their ids there, over both tokens on their WASM. What those of burning, minting and
//! pausing mean here is said at each: the bridge burns and mints, no pause stops a transfer, and no function changes an allowance by a
//! difference.

use std::collections::BTreeSet;

use alloy_primitives::{keccak256, Address, U256};
use scenarios::{
    abi::{Erc20, Router, Usdai, Vault},
    hands::{n, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::{bindings::IErc20, counterparts::dollars6, suite::id},
    },
    Town,
};
use stylus_chain::Receipt;

const ZERO: Address = Address::ZERO;
/// Cases of each property and token.
const CASES: usize = 200;

/// SplitMix64: the same cases in every run.
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn index(&mut self, length: usize) -> usize {
        usize::try_from(self.next() % length as u64).expect("an index")
    }

    fn chance(&mut self, one_in: u64) -> bool {
        self.next().is_multiple_of(one_in)
    }

    /// Any word: of any number of bits, so that small ones come up too.
    fn word(&mut self) -> U256 {
        let bits = self.index(257);
        let word = U256::from_limbs([self.next(), self.next(), self.next(), self.next()]);
        word >> (256 - bits)
    }

    /// From zero to `limit`, and either of them more often than chance has it.
    fn up_to(&mut self, limit: U256) -> U256 {
        match self.next() % 8 {
            0 => limit,
            1 => U256::ZERO,
            _ if limit == U256::MAX => self.word(),
            _ => self.word() % (limit + U256::ONE),
        }
    }
}

/// One of the tokens, four people who hold some of it, and one of them who bridges.
struct Stage {
    town: Town,
    token: Address,
    people: [Address; 4],
    bridge: Address,
    random: Random,
}

impl Stage {
    fn of(which: fn(&Town) -> Address, seed: u64) -> Self {
        let mut town = Town::deployed();
        let people = [&town.cast.depositor, &town.cast.curator, &town.cast.borrower, &town.cast.keeper].map(Person::address);
        for who in people {
            town.give_usdai(who, 1_000_000);
            town.give_susdai(who, 1_000_000);
        }
        let (admin, router, bridge) = (town.cast.admin.address(), town.suite.router, people[3]);
        let role = id("BRIDGE");
        town.does(admin, router, &Router::grantRoleCall { role, account: bridge });
        Self {
            token: which(&town),
            town,
            people,
            bridge,
            random: Random(seed),
        }
    }

    fn anybody(&mut self) -> Address {
        self.people[self.random.index(4)]
    }

    /// Two who are not the same.
    fn two(&mut self) -> (Address, Address) {
        let first = self.random.index(4);
        let second = (first + 1 + self.random.index(3)) % 4;
        (self.people[first], self.people[second])
    }

    fn balance(&mut self, account: Address) -> U256 {
        self.town.balance(self.token, account)
    }

    fn supply(&mut self) -> U256 {
        self.town.read(self.token, &Erc20::totalSupplyCall {})
    }

    fn allowance(&mut self, owner: Address, spender: Address) -> U256 {
        self.town.read(self.token, &Erc20::allowanceCall { owner, spender })
    }

    fn approve(&mut self, owner: Address, spender: Address, value: U256) {
        let token = self.token;
        assert!(self.town.does(owner, token, &Erc20::approveCall { spender, value }));
    }

    /// Everybody's balance, and the supply last.
    fn books(&mut self) -> Vec<U256> {
        let mut books: Vec<U256> = self.holders().into_iter().map(|holder| self.balance(holder)).collect();
        books.push(self.supply());
        books
    }

    /// All allowances that there can be.
    fn allowances(&mut self) -> Vec<U256> {
        let pairs = self.people.map(|owner| self.people.map(|spender| (owner, spender)));
        pairs
            .into_iter()
            .flatten()
            .map(|(owner, spender)| self.allowance(owner, spender))
            .collect()
    }

    /// Everybody who can have some of the token.
    fn holders(&self) -> Vec<Address> {
        let suite = self.town.suite;
        let treasury = self.town.cast.treasury.address();
        [
            &self.people[..],
            &[ZERO, suite.usdai, suite.susdai, suite.qev, suite.filo, treasury],
        ]
        .concat()
    }

    /// The one transfer that `receipt` tells of.
    fn moved(&self, receipt: &Receipt) -> (Address, Address, U256) {
        let events = receipt.events::<IErc20::Transfer>(self.token);
        let [event] = &events[..] else {
            panic!("one transfer, and not {events:?}")
        };
        (event.from, event.to, event.value)
    }

    fn transfer(&mut self, from: Address, to: Address, value: U256) -> Receipt {
        self.succeeds(from, &Erc20::transferCall { to, value })
    }

    fn transfer_from(&mut self, spender: Address, from: Address, to: Address, value: U256) -> Receipt {
        self.succeeds(spender, &Erc20::transferFromCall { from, to, value })
    }

    /// A call that returns true.
    fn succeeds<C: alloy_sol_types::SolCall<Return = bool>>(&mut self, who: Address, call: &C) -> Receipt {
        let receipt = self
            .town
            .attempt(who, self.token, call)
            .unwrap_or_else(|refusal| panic!("{}: {refusal}", C::SIGNATURE));
        assert_eq!(U256::try_from_be_slice(&receipt.output), Some(U256::ONE), "true, in a word");
        receipt
    }

    /// An allowance of at least `value`: exactly it, more, or without limit.
    fn allow(&mut self, owner: Address, spender: Address, value: U256) -> U256 {
        let allowance = match self.random.next() % 3 {
            0 => value,
            1 => value.saturating_add(self.random.word()),
            _ => U256::MAX,
        };
        self.approve(owner, spender, allowance);
        allowance
    }

    /// Somebody moves something, as the standard has it.
    fn trade(&mut self) {
        let (from, to, spender) = (self.anybody(), self.anybody(), self.anybody());
        let held = self.balance(from);
        let value = self.random.up_to(held);
        if self.random.chance(2) {
            self.transfer(from, to, value);
        } else {
            self.allow(from, spender, value);
            self.transfer_from(spender, from, to, value);
        }
    }

    /// Somebody does anything that changes balances or the supply of either token, or tries it.
    fn live(&mut self) {
        let (usdai, susdai, bridge) = (self.town.suite.usdai, self.town.suite.susdai, self.bridge);
        let who = self.anybody();
        let held = self.town.balance(usdai, who);
        let shares = self.town.balance(susdai, who);
        let amount = self.random.up_to(held);
        match self.random.next() % 8 {
            0 => self.town.give_usdai(who, 1 + self.random.next() % 1_000),
            1 => {
                let withdrawal = Usdai::withdraw_0Call {
                    withdrawToken: self.town.world.wrapped_m,
                    usdaiAmount: amount / n(100),
                    withdrawAmountMinimum: U256::ZERO,
                    recipient: who,
                };
                drop(self.town.attempt(who, usdai, &withdrawal));
            }
            2 => drop(self.town.attempt(
                bridge,
                usdai,
                &Usdai::burnCall {
                    from: who,
                    amount: amount / n(10),
                },
            )),
            3 => {
                let bridged = self.town.read(usdai, &Usdai::bridgedSupplyCall {});
                let amount = self.random.up_to(bridged);
                drop(self.town.attempt(bridge, usdai, &Usdai::mintCall { to: who, amount }));
            }
            4 => {
                let assets = amount / n(100);
                self.town.does(
                    who,
                    usdai,
                    &Erc20::approveCall {
                        spender: susdai,
                        value: assets,
                    },
                );
                drop(self.town.attempt(who, susdai, &Vault::deposit_0Call { assets, receiver: who }));
            }
            5 => {
                let shares = self.random.up_to(shares / n(100));
                drop(self.town.attempt(
                    who,
                    susdai,
                    &Vault::requestRedeemCall {
                        shares,
                        controller: who,
                        owner: who,
                    },
                ));
            }
            6 => {
                self.town.node.chain.advance(self.random.next() % 86_400);
                self.town.does(who, usdai, &Usdai::harvestCall {});
            }
            _ => self.trade(),
        }
    }

    fn refuses<C: alloy_sol_types::SolCall, E: alloy_sol_types::SolError>(&mut self, who: Address, call: &C, error: &E) {
        let token = self.token;
        self.town.refuses_as(who, token, call, error);
    }
}

/// Plays `case` again and again, on USDai and on sUSDai.
fn of_both(seed: u64, case: fn(&mut Stage)) {
    of_usdai(seed, case);
    of_susdai(seed, case);
}

fn of_usdai(seed: u64, case: fn(&mut Stage)) {
    play(Stage::of(|town| town.suite.usdai, seed), case);
}

fn of_susdai(seed: u64, case: fn(&mut Stage)) {
    play(Stage::of(|town| town.suite.susdai, !seed), case);
}

fn play(mut stage: Stage, case: fn(&mut Stage)) {
    for _ in 0..CASES {
        case(&mut stage);
    }
    println!("tried {CASES}");
}

/// ERC20-BASE-001: nothing but a mint or a burn changes the supply.
#[test]
fn supply_is_constant_but_for_mint_and_burn() {
    of_both(1, |stage| {
        let supply = stage.supply();
        stage.trade();
        let elapsed = stage.random.next() % 3_600;
        stage.town.node.chain.advance(elapsed);
        assert_eq!(stage.supply(), supply);
    });
}

/// ERC20-BASE-002.
#[test]
fn no_balance_is_higher_than_the_supply() {
    of_both(2, |stage| {
        stage.live();
        let supply = stage.supply();
        for holder in stage.holders() {
            assert!(stage.balance(holder) <= supply, "{holder}");
        }
    });
}

/// ERC20-BASE-003, and more: all balances together are the supply.
#[test]
fn all_balances_together_are_the_supply() {
    of_both(3, |stage| {
        stage.live();
        let mut books = stage.books();
        let supply = books.pop().expect("the supply is last");
        assert_eq!(books.iter().sum::<U256>(), supply);
    });
}

/// ERC20-BASE-004.
#[test]
fn the_zero_address_has_nothing() {
    of_both(4, |stage| {
        stage.live();
        let (who, token) = (stage.anybody(), stage.token);
        let held = stage.balance(who);
        let value = stage.random.up_to(held);
        drop(stage.town.attempt(who, token, &Erc20::transferCall { to: ZERO, value }));
        assert_eq!(stage.balance(ZERO), U256::ZERO);
    });
}

/// ERC20-BASE-005.
#[test]
fn a_transfer_to_the_zero_address_is_refused() {
    of_both(5, |stage| {
        let who = stage.anybody();
        let held = stage.balance(who);
        let value = stage.random.up_to(held);
        stage.refuses(
            who,
            &Erc20::transferCall { to: ZERO, value },
            &refusals::ERC20InvalidReceiver { receiver: ZERO },
        );
        stage.trade();
    });
}

/// ERC20-BASE-006.
#[test]
fn a_transfer_from_somebody_to_the_zero_address_is_refused() {
    of_both(6, |stage| {
        let (from, spender) = (stage.anybody(), stage.anybody());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        stage.allow(from, spender, value);
        stage.refuses(
            spender,
            &Erc20::transferFromCall { from, to: ZERO, value },
            &refusals::ERC20InvalidReceiver { receiver: ZERO },
        );
        stage.trade();
    });
}

/// ERC20-BASE-007.
#[test]
fn a_transfer_to_oneself_keeps_the_books() {
    of_both(7, |stage| {
        stage.trade();
        let (who, books) = (stage.anybody(), stage.books());
        let held = stage.balance(who);
        let value = stage.random.up_to(held);
        let receipt = stage.transfer(who, who, value);
        assert_eq!(stage.moved(&receipt), (who, who, value));
        assert_eq!(stage.books(), books);
    });
}

/// ERC20-BASE-008: by another, and by the holder itself, who needs an allowance of its own for that.
#[test]
fn a_transfer_from_somebody_to_the_same_keeps_the_books() {
    of_both(8, |stage| {
        stage.trade();
        let (who, spender, books) = (stage.anybody(), stage.anybody(), stage.books());
        let held = stage.balance(who);
        let value = stage.random.up_to(held);
        stage.allow(who, spender, value);
        let receipt = stage.transfer_from(spender, who, who, value);
        assert_eq!(stage.moved(&receipt), (who, who, value));
        assert_eq!(stage.books(), books);
    });
}

/// ERC20-BASE-009.
#[test]
fn a_transfer_of_more_than_the_balance_is_refused() {
    of_both(9, |stage| {
        stage.trade();
        let (sender, to) = (stage.anybody(), stage.anybody());
        let balance = stage.balance(sender);
        let needed = balance + U256::ONE + stage.random.up_to(U256::MAX - balance - U256::ONE);
        let short = refusals::ERC20InsufficientBalance { sender, balance, needed };
        stage.refuses(sender, &Erc20::transferCall { to, value: needed }, &short);
    });
}

/// ERC20-BASE-010.
#[test]
fn a_transfer_from_somebody_of_more_than_the_balance_is_refused() {
    of_both(10, |stage| {
        stage.trade();
        let (sender, to, spender) = (stage.anybody(), stage.anybody(), stage.anybody());
        let balance = stage.balance(sender);
        let needed = balance + U256::ONE + stage.random.up_to(U256::MAX - balance - U256::ONE);
        stage.allow(sender, spender, needed);
        let short = refusals::ERC20InsufficientBalance { sender, balance, needed };
        let take = Erc20::transferFromCall {
            from: sender,
            to,
            value: needed,
        };
        stage.refuses(spender, &take, &short);
    });
}

/// ERC20-BASE-011.
#[test]
fn a_transfer_of_nothing_keeps_the_books() {
    of_both(11, |stage| {
        stage.trade();
        let (from, to, books) = (stage.anybody(), stage.anybody(), stage.books());
        let receipt = stage.transfer(from, to, U256::ZERO);
        assert_eq!(stage.moved(&receipt), (from, to, U256::ZERO));
        assert_eq!(stage.books(), books);
    });
}

/// ERC20-BASE-012: with no allowance either.
#[test]
fn a_transfer_of_nothing_from_somebody_keeps_the_books() {
    of_both(12, |stage| {
        stage.trade();
        let (from, to, spender, books) = (stage.anybody(), stage.anybody(), stage.anybody(), stage.books());
        let allowance = if stage.random.chance(2) { U256::ZERO } else { stage.random.word() };
        stage.approve(from, spender, allowance);
        let receipt = stage.transfer_from(spender, from, to, U256::ZERO);
        assert_eq!(stage.moved(&receipt), (from, to, U256::ZERO));
        assert_eq!((stage.books(), stage.allowance(from, spender)), (books, allowance));
    });
}

/// Books after `value` went from one to another.
fn after_moving(stage: &Stage, mut books: Vec<U256>, from: Address, to: Address, value: U256) -> Vec<U256> {
    let place = |who| stage.people.iter().position(|person| *person == who).expect("one of the people");
    books[place(from)] -= value;
    books[place(to)] += value;
    books
}

/// ERC20-BASE-013.
#[test]
fn a_transfer_moves_what_it_says() {
    of_both(13, |stage| {
        let ((from, to), books, allowances) = (stage.two(), stage.books(), stage.allowances());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        let receipt = stage.transfer(from, to, value);
        assert_eq!(stage.moved(&receipt), (from, to, value));
        assert_eq!(stage.books(), after_moving(stage, books, from, to, value));
        assert_eq!(stage.allowances(), allowances);
    });
}

/// ERC20-BASE-014.
#[test]
fn a_transfer_from_somebody_moves_what_it_says() {
    of_both(14, |stage| {
        let ((from, to), spender, books) = (stage.two(), stage.anybody(), stage.books());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        stage.allow(from, spender, value);
        let receipt = stage.transfer_from(spender, from, to, value);
        assert_eq!(stage.moved(&receipt), (from, to, value));
        assert_eq!(stage.books(), after_moving(stage, books, from, to, value));
    });
}

/// Approves and sees to it that this allowance, and nothing else, is `value`.
fn approves(stage: &mut Stage, owner: Address, spender: Address, value: U256) {
    let (books, mut allowances) = (stage.books(), stage.allowances());
    let receipt = stage.succeeds(owner, &Erc20::approveCall { spender, value });
    let events = receipt.events::<IErc20::Approval>(stage.token);
    let [event] = &events[..] else {
        panic!("one approval, and not {events:?}")
    };
    assert_eq!((event.owner, event.spender, event.value), (owner, spender, value));
    let place = |who| stage.people.iter().position(|person| *person == who).expect("one of the people");
    allowances[place(owner) * 4 + place(spender)] = value;
    assert_eq!(stage.allowances(), allowances);
    assert_eq!(stage.books(), books);
}

/// ERC20-BASE-015: any word, whatever is held.
#[test]
fn an_approval_sets_the_allowance() {
    of_both(15, |stage| {
        let (owner, spender, value) = (stage.anybody(), stage.anybody(), stage.random.up_to(U256::MAX));
        approves(stage, owner, spender, value);
    });
}

/// ERC20-BASE-016: the second takes the place of the first, with no zero between them.
#[test]
fn a_second_approval_takes_the_place_of_the_first() {
    of_both(16, |stage| {
        let (owner, spender) = (stage.anybody(), stage.anybody());
        for _ in 0..2 {
            let value = stage.random.up_to(U256::MAX);
            approves(stage, owner, spender, value);
        }
    });
}

/// ERC20-BASE-017: what is spent is off the allowance, and no wei more can be; the largest word stands.
#[test]
fn an_allowance_falls_by_what_is_spent_unless_it_is_the_largest() {
    of_both(17, |stage| {
        let (from, to, spender) = (stage.anybody(), stage.anybody(), stage.anybody());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        let allowed = stage.allow(from, spender, value);
        stage.transfer_from(spender, from, to, value);
        let left = if allowed == U256::MAX { allowed } else { allowed - value };
        assert_eq!(stage.allowance(from, spender), left);
        if left < U256::MAX {
            let needed = left + U256::ONE;
            let short = refusals::ERC20InsufficientAllowance {
                spender,
                allowance: left,
                needed,
            };
            stage.refuses(spender, &Erc20::transferFromCall { from, to, value: needed }, &short);
        }
    });
}

/// Has the bridge burn `amount` of `from`'s and sees to it that balance, supply and what is bridged agree, and no allowance is touched.
fn bridge_burns(stage: &mut Stage, from: Address, amount: U256) {
    let (token, bridge) = (stage.token, stage.bridge);
    let (held, supply, allowances) = (stage.balance(from), stage.supply(), stage.allowances());
    let bridged = stage.town.read(token, &Usdai::bridgedSupplyCall {});
    let burn = Usdai::burnCall { from, amount };
    if amount.is_zero() {
        if token == stage.town.suite.usdai {
            stage.refuses(bridge, &burn, &refusals::InvalidAmount {});
        } else {
            stage.refuses(bridge, &burn, &refusals::ZeroAmount {});
        }
        return;
    }
    let receipt = stage.town.attempt(bridge, token, &burn).expect("the bridge burns");
    assert_eq!(stage.moved(&receipt), (from, ZERO, amount));
    assert_eq!((stage.balance(from), stage.supply()), (held - amount, supply - amount));
    assert_eq!(stage.town.read(token, &Usdai::bridgedSupplyCall {}), bridged + amount);
    assert_eq!(stage.allowances(), allowances);
}

/// ERC20-BURNABLE-001: the bridge burns its own.
#[test]
fn a_burn_takes_from_balance_and_supply() {
    of_both(18, |stage| {
        stage.trade();
        let bridge = stage.bridge;
        let held = stage.balance(bridge);
        let amount = stage.random.up_to(held / n(2));
        bridge_burns(stage, bridge, amount);
        has_none_of(stage, &["burn(uint256)"]);
    });
}

/// ERC20-BURNABLE-002: the bridge burns another's, up to all of it and no more.
#[test]
fn a_burn_of_anothers_takes_from_its_balance_and_the_supply() {
    of_both(19, |stage| {
        stage.trade();
        let (from, bridge) = (stage.people[stage.random.index(3)], stage.bridge);
        let balance = stage.balance(from);
        let needed = balance + U256::ONE;
        let short = refusals::ERC20InsufficientBalance {
            sender: from,
            balance,
            needed,
        };
        stage.refuses(bridge, &Usdai::burnCall { from, amount: needed }, &short);
        let amount = stage.random.up_to(balance / n(2));
        bridge_burns(stage, from, amount);
        has_none_of(stage, &["burnFrom(address,uint256)"]);
    });
}

/// ERC20-BURNABLE-003, turned round: who burns another's here is the bridge, which has its owner's word elsewhere. It needs no allowance
/// and spends none, and no allowance makes anybody else a bridge.
#[test]
fn a_burn_of_anothers_spends_no_allowance_and_none_suffices_for_it() {
    of_both(20, |stage| {
        let (from, bridge) = (stage.people[stage.random.index(3)], stage.bridge);
        let allowance = stage.random.up_to(U256::MAX);
        stage.approve(from, bridge, allowance);
        let held = stage.balance(from);
        let amount = stage.random.up_to(held / n(2));
        bridge_burns(stage, from, amount);
        let other = stage.people[stage.random.index(3)];
        stage.approve(from, other, U256::MAX);
        let refusal = refusals::Unauthorized {
            account: other,
            role: id("BRIDGE"),
        };
        stage.refuses(other, &Usdai::burnCall { from, amount }, &refusal);
        has_none_of(stage, &["burnFrom(address,uint256)", "burn(uint256)"]);
    });
}

/// ERC20-MINTABLE-001: USDai's bridge brings back what is bridged and no more; sUSDai is minted for deposits.
#[test]
fn a_mint_adds_to_balance_and_supply() {
    of_usdai(21, |stage| {
        let (token, bridge, to) = (stage.token, stage.bridge, stage.anybody());
        let (from, bridged) = (stage.anybody(), stage.town.read(token, &Usdai::bridgedSupplyCall {}));
        let held = stage.balance(from);
        let sent = stage.random.up_to(held / n(2)) + U256::from(held > U256::ONE);
        bridge_burns(stage, from, sent);
        let amount = U256::ONE + stage.random.up_to(bridged + sent - U256::ONE);
        let (held, supply) = (stage.balance(to), stage.supply());
        let more = refusals::InsufficientBridgedSupply {
            bridgedSupply: bridged + sent,
            amount: bridged + sent + U256::ONE,
        };
        stage.refuses(bridge, &Usdai::mintCall { to, amount: more.amount }, &more);
        let receipt = stage
            .town
            .attempt(bridge, token, &Usdai::mintCall { to, amount })
            .expect("the bridge mints");
        assert_eq!(stage.moved(&receipt), (ZERO, to, amount));
        assert_eq!((stage.balance(to), stage.supply()), (held + amount, supply + amount));
        assert_eq!(stage.town.read(token, &Usdai::bridgedSupplyCall {}), bridged + sent - amount);
    });
    of_susdai(21, |stage| {
        let (susdai, usdai, (from, to)) = (stage.token, stage.town.suite.usdai, stage.two());
        let whole = 1 + stage.random.next() % 1_000;
        stage.town.give_usdai(from, whole);
        let approval = Erc20::approveCall {
            spender: susdai,
            value: wad(whole),
        };
        stage.town.does(from, usdai, &approval);
        let (held, supply) = (stage.balance(to), stage.supply());
        let deposit = Vault::deposit_0Call {
            assets: wad(whole),
            receiver: to,
        };
        let receipt = stage.town.attempt(from, susdai, &deposit).expect("a deposit");
        let shares = U256::from_be_slice(&receipt.output);
        assert!(!shares.is_zero());
        assert_eq!(stage.moved(&receipt), (ZERO, to, shares));
        assert_eq!((stage.balance(to), stage.supply()), (held + shares, supply + shares));
    });
}

/// Pauses deposits, withdrawals, both or neither.
fn pause_at_random(stage: &mut Stage) {
    let (admin, usdai) = (stage.town.cast.admin.address(), stage.town.suite.usdai);
    if stage.random.chance(2) {
        stage.town.does(admin, usdai, &Usdai::pauseDepositsCall {});
    } else {
        stage.town.does(admin, usdai, &Usdai::unpauseDepositsCall {});
    }
    let paused = stage.random.chance(2);
    stage.town.does(admin, usdai, &Usdai::setWithdrawalsPausedCall { paused });
}

/// ERC20-PAUSABLE-001, turned round: a pause stops deposits or withdrawals, and never a transfer.
#[test]
fn no_pause_stops_a_transfer() {
    of_both(22, |stage| {
        pause_at_random(stage);
        let ((from, to), books) = (stage.two(), stage.books());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        stage.transfer(from, to, value);
        assert_eq!(stage.books(), after_moving(stage, books, from, to, value));
    });
}

/// ERC20-PAUSABLE-002, turned round likewise.
#[test]
fn no_pause_stops_a_transfer_from_somebody() {
    of_both(23, |stage| {
        pause_at_random(stage);
        let ((from, to), spender, books) = (stage.two(), stage.anybody(), stage.books());
        let held = stage.balance(from);
        let value = stage.random.up_to(held);
        stage.allow(from, spender, value);
        stage.transfer_from(spender, from, to, value);
        assert_eq!(stage.books(), after_moving(stage, books, from, to, value));
    });
}

/// Asserts that the token has no function of these signatures: a call changes nothing and says nothing.
fn has_none_of(stage: &mut Stage, signatures: &[&str]) {
    let (who, token) = (stage.anybody(), stage.token);
    for signature in signatures {
        let mut data = keccak256(signature)[..4].to_vec();
        if signature.contains("address") {
            data.extend_from_slice(stage.anybody().into_word().as_slice());
        }
        data.extend_from_slice(&stage.random.word().to_be_bytes::<32>());
        stage.town.refuses_raw(who, token, U256::ZERO, data, &[], signature);
    }
}

/// ERC20-ALLOWANCE-001: there is no `increaseAllowance`; an approval takes the place of the one before.
#[test]
fn allowances_are_not_increased() {
    of_both(24, |stage| {
        has_none_of(stage, &["increaseAllowance(address,uint256)"]);
        stage.trade();
    });
}

/// ERC20-ALLOWANCE-002: there is no `decreaseAllowance` either.
#[test]
fn allowances_are_not_decreased() {
    of_both(25, |stage| {
        has_none_of(stage, &["decreaseAllowance(address,uint256)"]);
        stage.trade();
    });
}

#[test]
fn the_cases_are_not_all_alike() {
    let mut random = Random(0);
    let limit = dollars6(1);
    let words: Vec<U256> = (0..CASES).map(|_| random.up_to(limit)).collect();
    assert!(words.contains(&limit) && words.contains(&U256::ZERO) && words.iter().all(|word| *word <= limit));
    assert!(words.iter().filter(|word| !word.is_zero() && **word != limit).count() > CASES / 2);
    let lengths = (0..CASES).map(|_| random.word().bit_len() / 32);
    assert!(lengths.collect::<BTreeSet<_>>().len() >= 8, "words of every length");
}
