//! Calls that nobody would make: every function of every contract with words, lists and bytes at random, by everybody, on the WASM. None of them
//! traps, what is refused changes nothing, and what outsiders achieve breaks no book.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;

use alloy_primitives::{Address, Bytes, U256};
use scenarios::{
    abi::{Caliber, Erc20, Filo, Origination, Queue, Router, Usdai, Vault},
    hands::{n, wad},
    lending::{Market, Offer, DAY},
    shapes::{self, Filler, Function},
    usdai_cli::{node::Person, protocol::suite::id},
    walk::Dice,
};
use stylus_chain::{Receipt, Tx};

/// Calls of each test.
const CALLS: usize = 12_000;
/// A transaction has as much as Arbitrum lets it have.
const GAS: u64 = 32_000_000;

/// A world in which there is something to break: a loan that performs, shares, a place in the queue, an offer, allowances.
struct World {
    market: Market,
    dice: Dice,
    functions: Vec<(String, Address, Function)>,
    people: Vec<Person>,
    addresses: Vec<Address>,
    /// Places in the queue.
    places: Vec<(Address, U256)>,
    /// How often each function did something.
    done: BTreeMap<String, usize>,
}

/// Words that mean something somewhere, and words that do not.
struct Words<'a> {
    dice: &'a mut Dice,
    addresses: &'a [Address],
    places: &'a [(Address, U256)],
    /// Who calls: what is asked for is often one's own.
    from: Address,
    now: U256,
}

impl Words<'_> {
    fn any(&mut self) -> U256 {
        let mut bytes = [0; 32];
        bytes.fill_with(|| u8::try_from(self.dice.below(256)).unwrap());
        U256::from_be_bytes(bytes)
    }
}

impl Filler for Words<'_> {
    fn word(&mut self, kind: &str) -> U256 {
        if self.dice.chance(2) {
            // Dirty, where the type is less wide than a word.
            return self.any();
        }
        match kind {
            "address" if self.dice.chance(50) => self.from.into_word().into(),
            "address" => self.dice.one_of(self.addresses).into_word().into(),
            "bool" => U256::from(self.dice.below(2)),
            "uint8" => U256::from(self.dice.below(256)),
            "bytes32" => match self.dice.below(3) {
                0 => id(self.dice.one_of(&["H100", "ADMIN", "CURATOR", "APPRAISER", "FILO", "TREASURY"])).into(),
                1 => self.dice.one_of(self.addresses).into_word().into(),
                _ => self.any(),
            },
            kind if kind.starts_with("bytes") => {
                let width: usize = kind[5..].parse().unwrap();
                self.any() << (256 - 8 * width)
            }
            // Ids, amounts, ratios, times, bounds.
            _ => match self.dice.below(20) {
                0 => U256::ZERO,
                1..=3 => {
                    let own = self.places.iter().find(|(owner, _)| *owner == self.from);
                    let any = self.dice.one_of(self.places);
                    own.copied().filter(|_| self.dice.chance(50)).unwrap_or(any).1
                }
                4..=8 => U256::from(1 + self.dice.below(9)),
                9..=12 => wad(1) * U256::from(self.dice.below(300)),
                13 => U256::from(self.dice.below(10_001)),
                14 => wad(1) * U256::from(self.dice.below(100_000)),
                15 => U256::from(self.dice.below(u64::MAX)),
                16 => self.now + U256::from(self.dice.below(100 * DAY)),
                17 | 18 => U256::MAX >> self.dice.below(256),
                _ => self.any(),
            },
        }
    }

    fn length(&mut self) -> usize {
        let most = if self.dice.chance(90) { 3 } else { 70 };
        usize::try_from(1 + self.dice.below(most)).unwrap() - usize::from(self.dice.chance(20))
    }
}

impl World {
    fn new(seed: u64) -> Self {
        let mut market = Market::open();
        let town = &market.town;
        let (suite, world) = (town.suite, town.world);
        let cast = &town.cast;
        let people: Vec<_> = [
            &cast.depositor,
            &cast.borrower,
            &cast.curator,
            &cast.keeper,
            &cast.agent,
            &cast.appraiser,
            &cast.attestor,
            &cast.custodian,
            &town.stranger,
        ]
        .map(Clone::clone)
        .into();
        let tokens = [world.usdc, world.usdt, world.wrapped_m, suite.usdai, suite.susdai];
        let contracts = shapes::contracts(&suite);
        let mut addresses: Vec<_> = people.iter().map(Person::address).collect();
        addresses.extend(tokens);
        addresses.extend(contracts.iter().map(|(_, address)| *address));
        addresses.push(cast.admin.address());
        addresses.push(Address::ZERO);

        let mut places = Vec::new();
        for who in people.iter().map(Person::address) {
            market.town.give_usdai(who, 50_000);
            market.town.give_susdai(who, 10_000);
            market.town.give_usdc(who, n(50_000_000_000));
            for token in tokens {
                for spender in [suite.usdai, suite.susdai, suite.filo, suite.gateway, suite.swap_adapter] {
                    let value = U256::MAX;
                    market.town.does_silently(who, token, &Erc20::approveCall { spender, value });
                }
            }
            let request = Vault::requestRedeemCall {
                shares: wad(100),
                controller: who,
                owner: who,
            };
            places.push((who, market.town.does(who, suite.susdai, &request)));
        }
        let offer = market.offer();
        market.draw(&offer);
        let second = Offer {
            receipts: vec![market.receipts[1]],
            salt: U256::ONE,
            ..offer
        };
        let curator = market.curator.address();
        market
            .town
            .does(curator, suite.origination, &Origination::postCall { offer: second });

        let functions = contracts
            .into_iter()
            .flat_map(|(name, address)| {
                shapes::functions(&name)
                    .into_iter()
                    .map(move |function| (name.clone(), address, function))
            })
            .collect();
        Self {
            market,
            dice: Dice::new(seed),
            functions,
            people,
            addresses,
            places,
            done: BTreeMap::new(),
        }
    }

    /// Calldata for `function`: well formed; or with a byte changed, cut off, or nothing but bytes behind the selector.
    fn calldata(&mut self, from: Address, function: &Function) -> Vec<u8> {
        let now = self.market.town.now();
        let mut words = Words {
            dice: &mut self.dice,
            addresses: &self.addresses,
            places: &self.places,
            from,
            now,
        };
        let mut data = function.call(&mut words);
        let length = data.len() as u64;
        match words.dice.below(20) {
            0 => data.truncate(usize::try_from(words.dice.below(length)).unwrap()),
            1 | 2 => {
                let place = usize::try_from(words.dice.below(length)).unwrap();
                data[place] ^= u8::try_from(1 + words.dice.below(255)).unwrap();
            }
            3 => {
                data.truncate(4);
                for _ in 0..words.dice.below(12) {
                    data.extend(words.any().to_be_bytes::<32>());
                }
            }
            _ => (),
        }
        data
    }

    /// One call by `from`; time passes now and then, in all much less than the year after which programs expire.
    fn call(&mut self, from: Address) -> (String, Receipt) {
        let mut choose = || {
            let choice = usize::try_from(self.dice.below(self.functions.len() as u64)).unwrap();
            self.functions[choice].clone()
        };
        // Views seldom: there are as many, and they do nothing.
        let (name, to, function) = match choose() {
            view if !view.2.changes => choose(),
            other => other,
        };
        let data: Bytes = self.calldata(from, &function).into();
        if self.dice.chance(3) {
            let seconds = self.dice.below(DAY);
            self.market.town.node.chain.advance(seconds);
        }
        let call = Tx::call(from, to, data.clone()).gas_limit(GAS);
        let receipt = self
            .market
            .town
            .node
            .chain
            .execute(call)
            .unwrap_or_else(|invalid| panic!("{invalid}"));
        let told = format!("{name}.{} by {from} with {data}", function.signature);
        assert!(receipt.fault.is_none() && receipt.halt.is_none(), "{told}: {receipt:?}");
        if receipt.success && function.changes {
            *self.done.entry(format!("{name}.{}", function.signature)).or_default() += 1;
        }
        (told, receipt)
    }

    /// How many functions did something at least once; a fuzzer that reaches little proves little.
    fn reached(&self, least: usize) {
        println!(
            "{CALLS} calls, {} did something, of {} functions",
            self.done.values().sum::<usize>(),
            self.done.len()
        );
        assert!(
            self.done.len() >= least,
            "only {} functions ever did something: {:?}",
            self.done.len(),
            self.done.keys()
        );
    }

    /// What is booked is held, and what is lent is owed.
    fn books(&mut self) {
        let suite = self.market.town.suite;
        let town = &mut self.market.town;
        let supply = town.read(suite.usdai, &Usdai::totalSupplyCall {});
        let base = town.balance(town.world.wrapped_m, suite.usdai) * n(1_000_000_000_000);
        assert!(supply <= base, "U1: {supply} dollars on {base}");
        let cash = town.read(suite.susdai, &Vault::cashCall {});
        assert!(cash <= town.balance(suite.usdai, suite.susdai), "V3");
        let (mut booked, mut owed) = (town.read(suite.filo, &Filo::reserveCall {}), U256::ZERO);
        for id in 1.. {
            let view = Filo::juniorCashCall { stack: n(id) };
            let Ok(receipt) = town.attempt(self.people[0].address(), suite.filo, &view) else {
                break;
            };
            booked += U256::from_be_slice(&receipt.output);
        }
        for id in 1.. {
            let view = Filo::loanCall { loan: n(id) };
            let who = self.people[0].address();
            if town.attempt(who, suite.filo, &view).is_err() {
                break;
            }
            owed += town.read(suite.filo, &view).senior;
        }
        assert!(booked <= town.balance(suite.usdai, suite.filo), "F2");
        assert_eq!(town.read(suite.susdai, &Vault::loanBookCall {}).principal, owed, "F1");
        let shares = town.balance(suite.susdai, suite.qev);
        let depth = town.read(suite.qev, &Queue::depthCall {});
        let pending = depth.shares.iter().sum::<U256>();
        assert!(pending <= shares, "{pending} wait, {shares} are held");
        for receipt in self.market.receipts.clone() {
            self.market.town.read(suite.caliber, &Caliber::ownerOfCall { tokenId: receipt });
        }
    }
}

/// By everybody, contracts and the admin among them.
#[test]
fn no_call_traps_and_what_is_refused_changes_nothing() {
    let mut world = World::new(7_001);
    let people: Vec<_> = world
        .people
        .iter()
        .map(Person::address)
        .chain([world.market.town.cast.admin.address()])
        .collect();
    let mut before = world.market.town.node.chain.fingerprint(&people);
    for _ in 0..CALLS {
        // Contracts call too, but as outsiders see it: what they say to each other is theirs to answer for.
        let from = world.dice.one_of(&people);
        let (told, receipt) = world.call(from);
        let after = world.market.town.node.chain.fingerprint(&people);
        assert!(receipt.success || before == after, "{told} was refused and changed something");
        before = after;
    }
    world.reached(50);
    println!("tried {CALLS}");
}

/// By everybody but the admin.
#[test]
fn whatever_outsiders_call_the_books_balance() {
    let mut world = World::new(7_002);
    let people: Vec<_> = world.people.iter().map(Person::address).collect();
    for number in 0..CALLS {
        let from = world.dice.one_of(&people);
        world.call(from);
        if number % 200 == 0 {
            world.books();
        }
    }
    world.books();
    println!("tried {CALLS}");
    // Nobody has got a role or moved an address.
    let suite = world.market.town.suite;
    for (name, contract) in [
        ("FILO", suite.filo),
        ("QEV", suite.qev),
        ("SUSDAI", suite.susdai),
        ("USDAI", suite.usdai),
    ] {
        let id = id(name);
        assert_eq!(world.market.town.read(suite.router, &Router::addressOfCall { id }), contract);
    }
    for who in people {
        let has = Router::hasRoleCall {
            role: id("ADMIN"),
            account: who,
        };
        assert!(!world.market.town.read(suite.router, &has), "{who} is admin");
    }
    world.reached(38);
}
