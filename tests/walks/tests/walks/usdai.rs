//! U1 and the conservation of every token over a long random walk on the real WASM with the real Uniswap: a model beside it, in exact
//! integers and from PROTOCOL 2, says of every operation whether it succeeds, with which names it may be refused, and what everybody has
//! afterwards. A swap's price is asked of Uniswap's own quoter.
//!
//! After each operation, every balance and supply of every token and the backing are compared with storage; after every eighth refusal,
//! the whole state. Every 64 operations, the views, the allowances and the parameters as well.
//!
//! [`scenarios::driver`] plays it.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{
    aliases::{U160, U24},
    Address, Bytes, B256, U256,
};
use alloy_sol_types::{sol, Eip712Domain, SolCall, SolStruct};
use scenarios::{
    abi::{
        token_mode, Adapter, BaseToken, CancelAuthorization, Consumer, Erc20, HostileToken, Permit, ReceiveWithAuthorization, Router,
        SwapRouter, TransferWithAuthorization, Usdai, Wired,
    },
    driver::{self, drive, Act, Ground, Journey},
    hands::{n, scaled, wad},
    refusals, target,
    usdai_cli::{
        node::Person,
        protocol::{
            bindings::{IUniswapV3Factory, IWrappedM},
            counterparts::{dollars6, SolidityArtifacts},
            suite::{id, Terms},
        },
    },
    walk::{slot_of, Books, Chronicle, Dice, Reasons},
    Town,
};
use stylus_chain::{accounts::DevAccount, Chain, Machine, Receipt, Tx};

sol! {
    #[derive(Debug)]
    interface Quoter {
        struct Single {
            address tokenIn;
            address tokenOut;
            uint256 amountIn;
            uint24 fee;
            uint160 sqrtPriceLimitX96;
        }
        function quoteExactInputSingle(Single params) external returns (uint256, uint160 after, uint32, uint256);
        function quoteExactInput(bytes path, uint256 amountIn) external returns (uint256, uint160[] afterwards, uint32[], uint256);
    }

    #[derive(Debug)]
    interface Plain {
        function approve(address spender, uint256 value) external;
        function factory() external view returns (address);
        function index() external view returns (uint256);
    }

    #[derive(Debug)]
    error AllowanceNotZeroFirst();
    #[derive(Debug)]
    error DepositsPaused();
    #[derive(Debug)]
    error WithdrawalsPaused();
    #[derive(Debug)]
    error ERC3009NotYetValid(uint256 validAfter);
    #[derive(Debug)]
    error ERC3009Expired(uint256 validBefore);
    #[derive(Debug)]
    error ERC3009NonceSpent(address authorizer, bytes32 nonce);
    #[derive(Debug)]
    error ERC3009InvalidSigner(address signer, address authorizer);
    #[derive(Debug)]
    error ERC3009CallerNotPayee(address caller, address payee);
}

const STEPS: u64 = 10_000;
/// Walks, and steps of each.
const NATIVELY: (usize, u64) = (2, 50_000);
const SEED: u64 = 0x0005_ea50_4ed0_11a5;
const DAY: u64 = 86_400;
/// Gas: a pool that runs dry looks through all its ticks, and so does the quoter once more.
const PLENTY: u64 = 1 << 40;
/// How much time may pass in all.
const LONGEST: u64 = 3_650 * DAY;

// The tokens, by number.
const USDAI: usize = 0;
const BASE: usize = 1;
const USDC: usize = 2;
const USDT: usize = 3;
const HOST: usize = 4;
/// A good token that nobody allowed.
const STRAY: usize = 5;
const TOKENS: usize = 6;
/// No token at all.
const NONSENSE: usize = 6;

// Who holds tokens, by number. First those who act.
const ALICE: usize = 0;
const WHALE: usize = 5;
const ADMIN: usize = 6;
const BRIDGE: usize = 7;
const GUARDIAN: usize = 8;
const STRANGER: usize = 9;
/// People with keys come before the one who is a contract.
const CONTRACT: usize = 10;
const ACTORS: usize = 11;
const TREASURY: usize = 11;
const VAULT: usize = 12;
const DOLLAR: usize = 13;
const ADAPTER: usize = 14;
const HOSTILE: usize = 15;
/// From here on the pools, and Uniswap's router: what they have is seen, what they have together is computed.
const MARKET: usize = 16;
/// The zero address.
const NOBODY: usize = usize::MAX;

const YEARLY_BPS: u64 = 420;

/// What the hostile token tries while it is moved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ambush {
    Deposit,
    Withdraw,
    Harvest,
    Transfer,
    Swap,
    /// Of USDai's yield: anybody may, at any time.
    Claim,
}

/// What should be the case.
struct Model {
    balances: Vec<Vec<U256>>,
    /// What the market has of each token together.
    market: Vec<U256>,
    supplies: Vec<U256>,
    /// USDai's: (owner, spender).
    allowances: BTreeMap<(usize, usize), U256>,
    /// What USDai may take: by token and owner.
    approved: Vec<Vec<U256>>,
    nonces: Vec<U256>,
    spent: BTreeSet<(usize, B256)>,
    bridged: U256,
    cap: U256,
    fee: U256,
    deposits_paused: bool,
    withdrawals_paused: bool,
    allowed: Vec<bool>,
    mode: u8,
    ambush: Option<Ambush>,
    // The base token's yield: simple interest since the holder was last touched.
    first_index: U256,
    indexed_at: u64,
    since: Vec<U256>,
    settled: Vec<U256>,
}

impl Model {
    fn index(&self, now: u64) -> U256 {
        let year = n(10_000 * 365 * 86_400);
        self.first_index + self.first_index * U256::from(YEARLY_BPS) * U256::from(now - self.indexed_at) / year
    }

    fn settle(&mut self, holder: usize, now: u64) {
        if holder >= MARKET {
            return;
        }
        let (index, since) = (self.index(now), self.since[holder]);
        if !since.is_zero() {
            self.settled[holder] += self.balances[BASE][holder] * (index - since) / since;
        }
        self.since[holder] = index;
    }

    fn create(&mut self, token: usize, to: usize, amount: U256, now: u64) {
        self.supplies[token] += amount;
        self.credit(token, to, amount, now);
    }

    fn destroy(&mut self, token: usize, from: usize, amount: U256, now: u64) {
        self.supplies[token] -= amount;
        self.debit(token, from, amount, now);
    }

    fn credit(&mut self, token: usize, to: usize, amount: U256, now: u64) {
        if token == BASE {
            self.settle(to, now);
        }
        if to >= MARKET {
            self.market[token] += amount;
        } else {
            self.balances[token][to] += amount;
        }
    }

    fn debit(&mut self, token: usize, from: usize, amount: U256, now: u64) {
        if token == BASE {
            self.settle(from, now);
        }
        if from >= MARKET {
            self.market[token] -= amount;
        } else {
            self.balances[token][from] -= amount;
        }
    }

    fn shift(&mut self, token: usize, from: usize, to: usize, amount: U256, now: u64) {
        self.debit(token, from, amount, now);
        self.credit(token, to, amount, now);
    }

    /// As [`Self::shift`], less the fee that the hostile token burns; returns what arrives.
    fn pay(&mut self, token: usize, from: usize, to: usize, amount: U256, now: u64) -> U256 {
        self.shift(token, from, to, amount, now);
        let arrived = self.arriving(token, amount);
        self.destroy(token, to, amount - arrived, now);
        arrived
    }

    fn arriving(&self, token: usize, amount: U256) -> U256 {
        if token == HOST && self.mode == token_mode::TAKE_FEE {
            amount - amount / n(100)
        } else {
            amount
        }
    }

    fn claim(&mut self, holder: usize, now: u64) -> U256 {
        self.settle(holder, now);
        let earned = std::mem::take(&mut self.settled[holder]);
        self.create(BASE, holder, earned, now);
        earned
    }

    fn issued(&self) -> U256 {
        self.supplies[USDAI] + self.bridged
    }

    fn allowance(&self, owner: usize, spender: usize) -> U256 {
        self.allowances.get(&(owner, spender)).copied().unwrap_or_default()
    }
}

/// A way through the pools.
struct Route {
    data: Option<Vec<u8>>,
    /// From the token given to the token wanted.
    tokens: Vec<usize>,
    leads: bool,
}

struct Walk {
    town: Town,
    dice: Dice,
    log: Chronicle,
    model: Model,
    actors: Vec<Address>,
    keys: Vec<DevAccount>,
    holders: Vec<Address>,
    tokens: Vec<Address>,
    books: Vec<Books>,
    bridged_slot: U256,
    quoter: Address,
    domain: Eip712Domain,
    ends: u64,
    authorizations: u64,
}

fn least(a: U256, b: U256) -> U256 {
    a.min(b)
}

fn wei_in_unit() -> U256 {
    scaled(U256::ONE)
}

fn units_up(wei: U256) -> U256 {
    wei.div_ceil(wei_in_unit())
}

fn path(tokens: &[Address]) -> Vec<u8> {
    tokens
        .iter()
        .map(|token| token.to_vec())
        .collect::<Vec<_>>()
        .join([0, 0, 100].as_slice())
}

/// Whether a pool was left with no liquidity on the side that was bought.
fn ran_dry(price: U160) -> bool {
    let lowest = U160::from(4_295_128_740u64);
    let highest = U160::from_str_radix("1461446703485210103287273052203988822378723970341", 10).expect("a number");
    price == lowest || price == highest
}

/// A view of the quoter's. On one machine: it also says what a swap costs in gas, and no two agree about that.
fn ask(chain: &mut Chain, quoter: Address, call: Vec<u8>) -> Receipt {
    let tx = Tx::call(Address::ZERO, quoter, call).gas_limit(PLENTY);
    let machine = chain.run_on(Machine::Native);
    let receipt = chain.simulate(&tx).unwrap_or_else(|invalid| panic!("{invalid}"));
    chain.run_on(machine);
    receipt
}

/// Beginning and ending.
impl Walk {
    #[allow(clippy::too_many_lines, reason = "a town has many people")]
    fn begin(ground: Ground, dice: Dice) -> Self {
        let mut town = ground.town(Chain::builder().programs_expire(false), Terms::REAL);
        let cast = town.cast.clone();
        let derived = |name| Person::derived(name, B256::repeat_byte(7)).expect("a key");
        let people: [Person; CONTRACT] = [
            cast.depositor.clone(),
            cast.curator.clone(),
            cast.borrower.clone(),
            cast.agent.clone(),
            cast.attestor.clone(),
            cast.appraiser.clone(),
            cast.admin.clone(),
            derived("bridge"),
            derived("guardian"),
            town.stranger.clone(),
        ];
        let keys = people
            .iter()
            .map(|person| DevAccount::from_key(person.signer.to_bytes()).expect("a key"))
            .collect();
        let mut actors: Vec<_> = people.iter().map(Person::address).collect();
        actors.push(town.solidity("Consumer", &[]));
        let admin = cast.admin.address();
        for (role, account) in [("BRIDGE", BRIDGE), ("GUARDIAN", GUARDIAN), ("DEPOSIT_ADMIN", WHALE)] {
            let grant = Router::grantRoleCall {
                role: id(role),
                account: actors[account],
            };
            town.does(admin, town.suite.router, &grant);
        }

        let host = town.hostile_token(10_000_000);
        let stray = town.solidity("UsdcLike", &[]);
        let (suite, world) = (town.suite, town.world);
        let tokens = vec![suite.usdai, world.wrapped_m, world.usdc, world.usdt, host, stray];
        let factory = town.read(world.swap_router, &Plain::factoryCall {});
        let mut pool = |a, b| {
            let get = IUniswapV3Factory::getPoolCall {
                tokenA: a,
                tokenB: b,
                fee: U24::from(100),
            };
            town.read(factory, &get)
        };
        let pools = [pool(host, world.wrapped_m), pool(host, world.usdc)];
        let quoter = SolidityArtifacts::under(&target())
            .deploy(
                &mut town.node,
                &cast.admin,
                "QuoterV2",
                &alloy_sol_types::SolValue::abi_encode_params(&(factory, factory)),
            )
            .expect("the quoter deploys");
        let mut holders = actors.clone();
        holders.extend([cast.treasury.address(), suite.susdai, suite.usdai, suite.swap_adapter, host]);
        assert_eq!(holders.len(), MARKET);
        holders.extend([world.usdc_pool, world.usdt_pool, pools[0], pools[1], world.swap_router]);

        // Everybody has something of everything, and so has the hostile token, for what it tries.
        for who in actors.iter().copied().chain([host]) {
            town.give_usdai(who, 50_000);
            town.give_base(who, dollars6(100_000));
            for token in [world.usdc, world.usdt, host, stray] {
                let amount = dollars6(100_000);
                town.does_silently(who, token, &HostileToken::mintCall { to: who, amount });
            }
            for token in &tokens[BASE..] {
                town.does_silently(
                    who,
                    *token,
                    &Plain::approveCall {
                        spender: suite.usdai,
                        value: U256::ZERO,
                    },
                );
                town.does_silently(
                    who,
                    *token,
                    &Plain::approveCall {
                        spender: suite.usdai,
                        value: U256::MAX,
                    },
                );
                if *token != stray {
                    let value = U256::MAX;
                    town.does_silently(
                        who,
                        *token,
                        &Plain::approveCall {
                            spender: world.swap_router,
                            value,
                        },
                    );
                }
            }
        }
        let bridge = actors[BRIDGE];
        let (from, value) = (actors[ALICE], n(123_456_789_000_000_000_001));
        town.does(bridge, suite.usdai, &Usdai::burnCall { from, amount: value });
        town.does(from, suite.usdai, &Erc20::approveCall { spender: bridge, value });
        let books: Vec<_> = tokens
            .iter()
            .map(|token| {
                let spender = if *token == suite.usdai { bridge } else { suite.usdai };
                Books::find(&mut town, *token, &holders, from, spender)
            })
            .collect();
        let bridged_slot = slot_of(&mut town, suite.usdai, &Usdai::bridgedSupplyCall {});

        // From here on the model knows the yield to the unit.
        let rate = IWrappedM::setRateCall {
            rateBps: U256::from(YEARLY_BPS),
        };
        town.does_silently(admin, world.wrapped_m, &rate);
        for holder in &holders[..MARKET] {
            town.does(admin, world.wrapped_m, &BaseToken::claimForCall { account: *holder });
        }
        let now = town.node.chain.timestamp();
        let first_index = town.read(world.wrapped_m, &Plain::indexCall {});
        let balances: Vec<Vec<_>> = books
            .iter()
            .map(|books| (0..holders.len()).map(|holder| books.balance(&mut town, holder)).collect())
            .collect();
        let mut approved = vec![vec![U256::MAX; ACTORS]; TOKENS];
        approved[USDAI] = vec![U256::ZERO; ACTORS];
        let model = Model {
            market: balances.iter().map(|row: &Vec<U256>| row[MARKET..].iter().sum()).collect(),
            supplies: books.iter().map(|books| books.supply(&mut town)).collect(),
            balances,
            allowances: BTreeMap::from([((ALICE, BRIDGE), value)]),
            approved,
            nonces: vec![U256::ZERO; CONTRACT],
            spent: BTreeSet::new(),
            bridged: value,
            cap: U256::MAX,
            fee: town.read(suite.usdai, &Usdai::adminFeeCall {}),
            deposits_paused: false,
            withdrawals_paused: false,
            allowed: vec![false, false, true, true, true, false, false],
            mode: token_mode::HONEST,
            ambush: None,
            first_index,
            indexed_at: now,
            since: vec![first_index; MARKET],
            settled: vec![U256::ZERO; MARKET],
        };
        let domain = town.domain(suite.usdai);
        let mut walk = Self {
            town,
            dice,
            log: Chronicle::default(),
            model,
            actors,
            keys,
            holders,
            tokens,
            books,
            bridged_slot,
            quoter,
            domain,
            ends: now + LONGEST,
            authorizations: 0,
        };
        walk.check(false);
        walk.check_everything();
        walk
    }

    /// Every balance and supply, and U1. The market's shares of what it has move only if `traded`.
    fn check(&mut self, traded: bool) {
        let Self {
            books,
            model,
            town,
            holders,
            ..
        } = self;
        for (token, books) in books.iter().enumerate() {
            for holder in 0..MARKET {
                let (is, should) = (books.balance(town, holder), model.balances[token][holder]);
                assert_eq!(is, should, "token {token} of holder {holder}");
            }
            let mut market = U256::ZERO;
            for holder in MARKET..holders.len() {
                let is = books.balance(town, holder);
                market += is;
                if traded {
                    model.balances[token][holder] = is;
                }
                assert_eq!(
                    is, model.balances[token][holder],
                    "token {token} of holder {holder} without a trade"
                );
            }
            assert_eq!(market, model.market[token], "the market's token {token}");
            assert_eq!(books.supply(town), model.supplies[token], "supply of token {token}");
        }
        let bridged = town.node.chain.storage(town.suite.usdai, self.bridged_slot);
        let backing = scaled(books[BASE].balance(town, DOLLAR));
        let issued = books[USDAI].supply(town) + bridged;
        assert!(backing >= issued, "U1: {backing} backs {issued}");
    }

    /// What [`Self::check`] leaves out: that balances add up, views, parameters, allowances.
    fn check_everything(&mut self) {
        let (usdai, adapter, uniswap) = (self.town.suite.usdai, self.town.suite.swap_adapter, self.town.world.swap_router);
        for token in 0..TOKENS {
            let sum: U256 = self.model.balances[token].iter().sum();
            assert_eq!(sum, self.model.supplies[token], "balances of token {token} and its supply");
            let address = self.tokens[token];
            assert_eq!(self.town.read(address, &Erc20::totalSupplyCall {}), sum, "token {token}");
            for (owner, spender) in [(usdai, adapter), (adapter, uniswap)] {
                let left = self.books[token].allowance(&mut self.town, owner, spender);
                assert_eq!(left, U256::ZERO, "an allowance in token {token} stands");
            }
            if token != USDAI {
                for who in 0..ACTORS {
                    let is = self.books[token].allowance(&mut self.town, self.actors[who], usdai);
                    assert_eq!(is, self.model.approved[token][who], "what {who} approved of token {token}");
                }
            }
        }
        for owner in 0..ACTORS {
            for spender in 0..ACTORS {
                let is = self.books[USDAI].allowance(&mut self.town, self.actors[owner], self.actors[spender]);
                assert_eq!(is, self.model.allowance(owner, spender), "allowance of {owner} for {spender}");
            }
        }
        let who = self.anybody();
        let address = self.actors[who];
        assert_eq!(self.town.balance(usdai, address), self.model.balances[USDAI][who]);
        assert_eq!(
            self.town.balance(self.tokens[BASE], usdai),
            self.model.balances[BASE][DOLLAR],
            "what backs it"
        );
        if who < CONTRACT {
            let nonce = self.town.read(usdai, &Erc20::noncesCall { owner: address });
            assert_eq!(nonce, self.model.nonces[who]);
        }
        let town = &mut self.town;
        assert_eq!(town.read(usdai, &Usdai::bridgedSupplyCall {}), self.model.bridged);
        assert_eq!(town.read(usdai, &Usdai::supplyCapCall {}), self.model.cap);
        assert_eq!(town.read(usdai, &Usdai::adminFeeCall {}), self.model.fee);
        assert_eq!(town.read(usdai, &Usdai::depositsPausedCall {}), self.model.deposits_paused);
        assert_eq!(town.read(usdai, &Usdai::withdrawalsPausedCall {}), self.model.withdrawals_paused);
    }
}

/// Choosing and acting.
impl Walk {
    fn now(&self) -> u64 {
        self.town.node.chain.timestamp()
    }

    fn at(&self, holder: usize) -> Address {
        if holder == NOBODY {
            Address::ZERO
        } else {
            self.holders[holder]
        }
    }

    fn anybody(&mut self) -> usize {
        usize::try_from(self.dice.below(ACTORS as u64)).expect("a small number")
    }

    fn anybody_with_a_key(&mut self) -> usize {
        usize::try_from(self.dice.below(CONTRACT as u64)).expect("a small number")
    }

    /// Mostly one of `those`, for what few may do.
    fn mostly(&mut self, those: &[usize]) -> usize {
        if self.dice.chance(70) {
            self.dice.one_of(those)
        } else {
            self.anybody()
        }
    }

    fn recipient(&mut self, who: usize) -> usize {
        match self.dice.below(100) {
            0..=1 => NOBODY,
            2..=3 => DOLLAR,
            4..=7 => self.dice.one_of(&[TREASURY, VAULT, HOSTILE]),
            8..=50 => self.anybody(),
            _ => who,
        }
    }

    /// An amount to be moved by who has `held` of it.
    fn amount(&mut self, held: U256) -> U256 {
        match self.dice.below(100) {
            0..=1 => U256::ZERO,
            2..=3 => self.dice.one_of(&[U256::ONE, wei_in_unit() - U256::ONE, wei_in_unit()]),
            4..=5 => held,
            6..=8 => held.saturating_add(U256::ONE),
            9 => U256::MAX,
            10..=11 => held.saturating_mul(n(3)),
            _ => self.dice.up_to(held / n(4)),
        }
    }

    /// A minimum where `expected` will arrive.
    fn minimum(&mut self, expected: U256) -> U256 {
        match self.dice.below(100) {
            0..=39 => U256::ZERO,
            40..=69 => expected,
            70..=76 => expected.saturating_add(U256::ONE),
            77..=79 => U256::MAX,
            _ => self.dice.up_to(expected),
        }
    }

    /// Has `who` do `call`, which must succeed, or be refused with one of `reasons` and change nothing.
    fn attempt<C: SolCall>(&mut self, kind: &'static str, who: usize, to: Address, call: &C, reasons: &Reasons) -> Option<C::Return> {
        let (from, to, data) = if who == CONTRACT {
            let run = Consumer::runCall {
                kind: 0,
                target: to,
                data: call.abi_encode().into(),
            };
            (self.actors[STRANGER], self.actors[CONTRACT], run.abi_encode())
        } else {
            (self.actors[who], to, call.abi_encode())
        };
        let tx = Tx::call(from, to, data).gas_limit(PLENTY);
        let receipt = self.log.attempt(&mut self.town.node.chain, kind, tx, reasons)?;
        let output = if who == CONTRACT {
            Consumer::runCall::abi_decode_returns(&receipt.output).expect("what was returned")
        } else {
            receipt.output
        };
        Some(C::abi_decode_returns(&output).unwrap_or_else(|error| panic!("{kind} returned {output}: {error}")))
    }

    fn lacks(&self, reasons: &mut Reasons, who: usize, role: &str, having: &[usize]) {
        let refusal = refusals::Unauthorized {
            account: self.actors[who],
            role: id(role),
        };
        reasons.add(!having.contains(&who), &refusal);
    }

    /// Why `token` may refuse to be taken from `who` by USDai.
    fn pull_reasons(&self, reasons: &mut Reasons, token: usize, who: usize, amount: U256) {
        let address = self.token(token);
        if token == NONSENSE {
            return reasons.add(true, &refusals::MalformedReturn {});
        }
        if token == HOST && self.model.mode == token_mode::REVERT {
            return reasons.add(true, &refusals::Hostile {});
        }
        if token == HOST && self.model.mode == token_mode::RETURN_FALSE {
            return reasons.add(true, &refusals::TokenCallFailed { token: address });
        }
        let (allowance, balance) = (self.model.approved[token][who], self.model.balances[token][who]);
        if token == USDT {
            let code = U256::from(0x11);
            return reasons.add(allowance < amount || balance < amount, &refusals::Panic { code });
        }
        let unallowed = refusals::ERC20InsufficientAllowance {
            spender: self.tokens[USDAI],
            allowance,
            needed: amount,
        };
        reasons.add(allowance < amount, &unallowed);
        let short = refusals::ERC20InsufficientBalance {
            sender: self.actors[who],
            balance,
            needed: amount,
        };
        reasons.add(balance < amount, &short);
    }

    fn short(&self, reasons: &mut Reasons, holder: usize, needed: U256) {
        let balance = if holder == NOBODY {
            U256::ZERO
        } else {
            self.model.balances[USDAI][holder]
        };
        let refusal = refusals::ERC20InsufficientBalance {
            sender: self.at(holder),
            balance,
            needed,
        };
        reasons.add(balance < needed, &refusal);
    }

    fn token(&self, token: usize) -> Address {
        if token == NONSENSE {
            self.actors[ALICE]
        } else {
            self.tokens[token]
        }
    }

    /// A way from `from` to `to`, or none.
    fn route(&mut self, from: usize, to: usize) -> Route {
        let stable = if from == BASE { to } else { from };
        let over = match stable {
            USDC => HOST,
            HOST => USDC,
            _ => NONSENSE,
        };
        let direct = vec![from, to];
        let (data, tokens, leads) = match self.dice.below(100) {
            0..=54 => (None, direct, true),
            55..=62 => (Some(vec![]), direct, true),
            75..=89 if over != NONSENSE => {
                let way = path(&[self.token(from), self.token(over), self.token(to)]);
                (Some(way), vec![from, over, to], true)
            }
            63..=89 => (Some(path(&[self.token(from), self.token(to)])), direct, true),
            90..=92 => (Some(vec![1]), direct, false),
            93..=96 => (Some(path(&[self.token(to), self.token(from)])), direct, false),
            _ => (Some(path(&[self.token(from), self.token(to)])[..42].to_vec()), direct, false),
        };
        Route { data, tokens, leads }
    }

    /// What the pools on a route would pay, and whether they have not enough; or their refusal.
    fn quote(&mut self, route: &Route, amount: U256) -> Result<(U256, bool), Bytes> {
        let chain = &mut self.town.node.chain;
        let (input, output) = (self.tokens[route.tokens[0]], self.tokens[*route.tokens.last().expect("an end")]);
        if route.tokens.len() == 2 {
            let params = Quoter::Single {
                tokenIn: input,
                tokenOut: output,
                amountIn: amount,
                fee: U24::from(100),
                sqrtPriceLimitX96: U160::ZERO,
            };
            let call = Quoter::quoteExactInputSingleCall { params }.abi_encode();
            let receipt = ask(chain, self.quoter, call);
            if !receipt.success {
                return Err(receipt.output);
            }
            let answer = Quoter::quoteExactInputSingleCall::abi_decode_returns(&receipt.output).expect("a quote");
            return Ok((answer._0, ran_dry(answer.after)));
        }
        let tokens: Vec<_> = route.tokens.iter().map(|token| self.tokens[*token]).collect();
        let call = Quoter::quoteExactInputCall {
            path: path(&tokens).into(),
            amountIn: amount,
        };
        let receipt = ask(chain, self.quoter, call.abi_encode());
        if !receipt.success {
            return Err(receipt.output);
        }
        let answer = Quoter::quoteExactInputCall::abi_decode_returns(&receipt.output).expect("a quote");
        Ok((answer._0, ran_dry(answer.afterwards[0])))
    }

    /// A quote, the reasons that follow from it added; none if the pools or the token refuse whatever the minimum.
    fn quoted(&mut self, reasons: &mut Reasons, route: &Route, amount: U256) -> Option<U256> {
        let takes_fee = self.model.mode == token_mode::TAKE_FEE;
        let misses_some = takes_fee && route.tokens[0] == HOST && amount >= n(100);
        let (out, dry) = match self.quote(route, amount) {
            Ok(quote) => quote,
            Err(refusal) => {
                // Nothing is left to buy, nothing came out of the first of two pools, or the token does not let itself be paid: the same
                // words without the quoter.
                for words in ["SPL", "AS", "TF"] {
                    let said = refusals::Error { reason: words.into() };
                    reasons.add_words(refusal == alloy_sol_types::SolError::abi_encode(&said), words);
                }
                assert!(!reasons.none(), "the quoter says {refusal}");
                // If it is the second pool that refuses: the first one is paid before, which the quoter leaves out.
                reasons.add_words(misses_some && route.tokens.len() == 3, "IIA");
                return None;
            }
        };
        reasons.add_any::<refusals::IncompleteSwap>(dry);
        if misses_some {
            reasons.add_words(true, "IIA");
            return None;
        }
        if takes_fee && route.tokens.len() == 3 && route.tokens[1] == HOST {
            // A pool pays Uniswap's router, which cannot pass on all of it, unless somebody left it some: then the next pool misses
            // some.
            reasons.add_words(true, "ST");
            reasons.add_words(true, "IIA");
            return None;
        }
        Some(out)
    }

    /// The hostile token moved, if `moved`: what it tried did not work, or was anybody's right.
    fn struck(&mut self, moved: bool) {
        if !moved || self.model.mode != token_mode::REENTER {
            return;
        }
        let host = self.tokens[HOST];
        if let Some(ambush) = self.model.ambush.take() {
            assert!(self.town.read(host, &HostileToken::ambushedCall {}), "the ambush was made");
            let won = self.town.read(host, &HostileToken::ambushSucceededCall {});
            assert_eq!(won, ambush == Ambush::Claim, "{ambush:?}");
            self.log.count("ambush", if won { "success" } else { "failed" });
        }
    }

    /// Yield that the hostile token claims for USDai before the swap moves anything else.
    fn claimed_meanwhile(&mut self, moved: bool) {
        if moved && self.model.mode == token_mode::REENTER && self.model.ambush == Some(Ambush::Claim) {
            let now = self.now();
            self.model.claim(DOLLAR, now);
        }
    }
}

const INS: [&str; 7] = [
    "",
    "deposit base",
    "deposit USDC",
    "deposit USDT",
    "deposit hostile",
    "deposit stray",
    "deposit nonsense",
];
const INS_WITH_DATA: [&str; 7] = [
    "",
    "deposit base, data",
    "deposit USDC, data",
    "deposit USDT, data",
    "deposit hostile, data",
    "deposit stray, data",
    "deposit nonsense, data",
];
const OUTS: [&str; 7] = [
    "",
    "withdraw base",
    "withdraw USDC",
    "withdraw USDT",
    "withdraw hostile",
    "withdraw stray",
    "withdraw nonsense",
];
const OUTS_WITH_DATA: [&str; 7] = [
    "",
    "withdraw base, data",
    "withdraw USDC, data",
    "withdraw USDT, data",
    "withdraw hostile, data",
    "withdraw stray, data",
    "withdraw nonsense, data",
];

/// In and out.
impl Walk {
    fn deposit_base(&mut self) {
        self.deposit(BASE, None);
    }

    fn deposit_swapped(&mut self) {
        let token = self
            .dice
            .one_of(&[USDC, USDC, USDC, USDT, USDT, HOST, HOST, HOST, STRAY, NONSENSE, USDAI]);
        self.deposit(token, None);
    }

    /// Of somebody's, or all that one has.
    fn deposit(&mut self, token: usize, all_of: Option<usize>) {
        let now = self.now();
        let who = all_of.unwrap_or_else(|| self.anybody());
        let recipient = self.recipient(who);
        let held = if token == NONSENSE {
            dollars6(1)
        } else {
            self.model.balances[token][who]
        };
        let mut amount = if all_of.is_some() { held } else { self.amount(held) };
        let full = self.model.cap != U256::MAX && all_of.is_none() && self.dice.chance(20);
        if full && token == BASE {
            // Up to the cap, or a unit beyond.
            amount = self.model.cap.saturating_sub(self.model.issued()) / wei_in_unit() + U256::from(self.dice.below(2));
        }
        let mut route = self.route(token, BASE);
        if token == HOST && self.model.mode == token_mode::TAKE_FEE && !route.leads {
            // What of these refuses first depends on the amount.
            route.leads = true;
            route.data = None;
        }
        if route.tokens.len() == 3 && token != HOST && self.model.mode == token_mode::TAKE_FEE && amount < dollars6(1) {
            // Too little for a fee: not the case in question.
            amount = dollars6(1);
        }
        let mut reasons = Reasons::default();
        reasons.add(self.model.deposits_paused, &DepositsPaused {});
        let invalid = token == USDAI || recipient == NOBODY || recipient == DOLLAR;
        reasons.add(invalid, &refusals::InvalidAddress {});
        reasons.add(amount.is_zero(), &refusals::InvalidAmount {});
        if token != USDAI {
            self.pull_reasons(&mut reasons, token, who, amount);
        }
        let model = &self.model;
        let arrives = model.arriving(token, amount);
        let offered = if token == BASE { arrives } else { model.arriving(token, arrives) };
        let over_host = route.tokens.contains(&HOST);
        if token != BASE && token != USDAI {
            let address = self.token(token);
            reasons.add(!model.allowed[token], &refusals::TokenNotAllowed { token: address });
            let wrong = refusals::InvalidPath {
                tokenIn: address,
                tokenOut: self.tokens[BASE],
            };
            reasons.add(!route.leads, &wrong);
        }
        let quote = if token == BASE {
            Some(arrives)
        } else if reasons.none() {
            self.quoted(&mut reasons, &route, offered)
        } else {
            None
        };
        let brought = quote.unwrap_or_default();
        let minted = brought.saturating_mul(wei_in_unit());
        let minimum = self.minimum(minted);
        if quote.is_some() {
            if token == BASE {
                let overflow = brought.checked_mul(wei_in_unit()).is_none();
                reasons.add(overflow, &refusals::ArithmeticOverflow {});
            } else {
                reasons.add_words(brought < units_up(minimum), "Too little received");
                reasons.add(brought.is_zero(), &refusals::InvalidAmount {});
            }
            let low = refusals::InsufficientOutput { amount: minted, minimum };
            reasons.add(minted < minimum, &low);
            let full = self.model.issued().saturating_add(minted) > self.model.cap;
            reasons.add(full && who != WHALE, &refusals::SupplyCapExceeded {});
        }
        self.log.begin(format!(
            "{now}: {who} deposits {amount} of token {token} for {recipient}, at least {minimum}, over {:?}, data {:?}",
            route.tokens,
            route.data.clone().map(Bytes::from)
        ));
        let done = self.send_deposit(who, token, amount, minimum, recipient, route.data, &reasons);
        if let Some(returned) = done {
            assert_eq!(returned, minted, "what a deposit mints");
            if self.model.issued() + minted > self.model.cap {
                self.log.count("deposit beyond the cap", "success");
            }
            self.claimed_meanwhile(over_host);
            self.spend_approval(token, who, amount);
            let model = &mut self.model;
            if token == BASE {
                model.shift(BASE, who, DOLLAR, amount, now);
            } else {
                let arrived = model.pay(token, who, DOLLAR, amount, now);
                let offered = model.pay(token, DOLLAR, ADAPTER, arrived, now);
                model.pay(token, ADAPTER, MARKET, offered, now);
                model.shift(BASE, MARKET, DOLLAR, brought, now);
            }
            model.create(USDAI, recipient, minted, now);
        }
        self.check(done.is_some() && token != BASE);
        self.struck(done.is_some() && over_host);
    }

    #[allow(clippy::too_many_arguments, reason = "a deposit has as many")]
    fn send_deposit(
        &mut self,
        who: usize,
        token: usize,
        amount: U256,
        minimum: U256,
        recipient: usize,
        data: Option<Vec<u8>>,
        reasons: &Reasons,
    ) -> Option<U256> {
        let (usdai, deposit_token, to) = (self.tokens[USDAI], self.token(token), self.at(recipient));
        let kinds = if data.is_some() { INS_WITH_DATA } else { INS };
        let kind = if token == USDAI { "deposit USDai" } else { kinds[token] };
        let Some(data) = data else {
            let call = Usdai::deposit_0Call {
                depositToken: deposit_token,
                depositAmount: amount,
                usdaiAmountMinimum: minimum,
                recipient: to,
            };
            return self.attempt(kind, who, usdai, &call, reasons);
        };
        let call = Usdai::deposit_1Call {
            depositToken: deposit_token,
            depositAmount: amount,
            usdaiAmountMinimum: minimum,
            recipient: to,
            data: data.into(),
        };
        self.attempt(kind, who, usdai, &call, reasons)
    }

    fn spend_approval(&mut self, token: usize, who: usize, amount: U256) {
        let approved = &mut self.model.approved[token][who];
        if *approved != U256::MAX {
            *approved -= amount;
        }
    }

    fn withdraw_base(&mut self) {
        self.withdraw(BASE, None);
    }

    fn withdraw_swapped(&mut self) {
        let token = self
            .dice
            .one_of(&[USDC, USDC, USDC, USDT, USDT, HOST, HOST, HOST, STRAY, NONSENSE, USDAI]);
        self.withdraw(token, None);
    }

    /// Of somebody's, or all that one has.
    fn withdraw(&mut self, token: usize, all_of: Option<usize>) {
        let now = self.now();
        let who = all_of.unwrap_or_else(|| self.anybody());
        let recipient = self.recipient(who);
        let held = self.model.balances[USDAI][who];
        // Of every magnitude from a base unit on, and in most cases more than a whole number of them.
        let mut amount = if all_of.is_some() { held } else { self.amount(held) };
        if amount < wei_in_unit() && self.dice.chance(90) {
            amount += scaled(self.dice.up_to(held / wei_in_unit() / n(4)));
        }
        let mut route = self.route(BASE, token);
        if route.tokens.len() == 3 && token != HOST && self.model.mode == token_mode::TAKE_FEE && amount < wad(1) {
            // Too little for a fee: not the case in question.
            amount = wad(1);
        }
        if token == HOST && self.model.mode == token_mode::TAKE_FEE && !route.leads {
            route.leads = true;
            route.data = None;
        }
        let base = amount / wei_in_unit();
        let burnt = base * wei_in_unit();
        let mut reasons = Reasons::default();
        reasons.add(self.model.withdrawals_paused, &WithdrawalsPaused {});
        let invalid = token == USDAI || recipient == NOBODY || recipient == DOLLAR;
        reasons.add(invalid, &refusals::InvalidAddress {});
        reasons.add(base.is_zero(), &refusals::InvalidAmount {});
        self.short(&mut reasons, who, burnt);
        let over_host = route.tokens.contains(&HOST);
        if token != BASE && token != USDAI {
            let address = self.token(token);
            reasons.add(!self.model.allowed[token], &refusals::TokenNotAllowed { token: address });
            let wrong = refusals::InvalidPath {
                tokenIn: self.tokens[BASE],
                tokenOut: address,
            };
            reasons.add(!route.leads, &wrong);
            reasons.add(token == NONSENSE, &refusals::MalformedReturn {});
        }
        let quote = if token == BASE {
            Some(base)
        } else if reasons.none() {
            self.quoted(&mut reasons, &route, base)
        } else {
            None
        };
        let paid = quote.unwrap_or_default();
        let here = if token == BASE { paid } else { self.model.arriving(token, paid) };
        let there = self.model.arriving(token, here);
        let expected = if self.dice.chance(20) { here } else { there };
        let minimum = self.minimum(expected);
        if quote.is_some() {
            reasons.add_words(token != BASE && paid < minimum, "Too little received");
            for amount in [here, there] {
                reasons.add(amount < minimum, &refusals::InsufficientOutput { amount, minimum });
            }
            reasons.add(there.is_zero(), &refusals::InvalidAmount {});
        }
        self.log.begin(format!(
            "{now}: {who} withdraws {amount} in token {token} to {recipient}, at least {minimum}, over {:?}, data {:?}",
            route.tokens,
            route.data.clone().map(Bytes::from)
        ));
        let (usdai, withdraw_token, to) = (self.tokens[USDAI], self.token(token), self.at(recipient));
        let kinds = if route.data.is_some() { OUTS_WITH_DATA } else { OUTS };
        let kind = if token == USDAI { "withdraw USDai" } else { kinds[token] };
        let done = match route.data {
            None => {
                let call = Usdai::withdraw_0Call {
                    withdrawToken: withdraw_token,
                    usdaiAmount: amount,
                    withdrawAmountMinimum: minimum,
                    recipient: to,
                };
                self.attempt(kind, who, usdai, &call, &reasons)
            }
            Some(data) => {
                let call = Usdai::withdraw_1Call {
                    withdrawToken: withdraw_token,
                    usdaiAmount: amount,
                    withdrawAmountMinimum: minimum,
                    recipient: to,
                    data: data.into(),
                };
                self.attempt(kind, who, usdai, &call, &reasons)
            }
        };
        if let Some(returned) = done {
            assert_eq!(returned, there, "what a withdrawal pays");
            self.claimed_meanwhile(over_host);
            let model = &mut self.model;
            model.destroy(USDAI, who, burnt, now);
            if token == BASE {
                model.shift(BASE, DOLLAR, recipient, base, now);
            } else {
                model.shift(BASE, DOLLAR, ADAPTER, base, now);
                model.shift(BASE, ADAPTER, MARKET, base, now);
                let here = model.pay(token, MARKET, DOLLAR, paid, now);
                model.pay(token, DOLLAR, recipient, here, now);
            }
        }
        self.check(done.is_some() && token != BASE);
        self.struck(done.is_some() && over_host);
    }

    /// More than the pools can take.
    fn flood(&mut self) {
        let (who, token) = (self.anybody(), self.dice.one_of(&[USDC, USDT, HOST]));
        if self.dice.chance(50) {
            self.earn(token, who, dollars6(25_000_000));
            self.deposit(token, Some(who));
        } else {
            self.earn(BASE, who, dollars6(25_000_000));
            self.deposit(BASE, Some(who));
            self.withdraw(token, Some(who));
        }
    }

    fn harvest(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        self.log.begin(format!("{now}: {who} harvests"));
        let minted = self.attempt("harvest", who, self.tokens[USDAI], &Usdai::harvestCall {}, &Reasons::default());
        let model = &mut self.model;
        model.claim(DOLLAR, now);
        let surplus = model.balances[BASE][DOLLAR].saturating_sub(units_up(model.issued()));
        let room = model.cap.saturating_sub(model.issued()) / wei_in_unit();
        let yielded = least(surplus, room) * wei_in_unit();
        assert_eq!(minted, Some(yielded), "what a harvest mints");
        let fee = yielded * model.fee / n(10_000);
        model.create(USDAI, TREASURY, fee, now);
        model.create(USDAI, VAULT, yielded - fee, now);
        let outcome = if yielded.is_zero() {
            "of nothing"
        } else if room < surplus {
            "up to the cap"
        } else {
            "of all"
        };
        self.log.count("harvest", outcome);
        self.check(false);
    }
}

/// ERC-20, signatures.
impl Walk {
    fn transfer(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let to = self.recipient(who);
        let value = self.amount(self.model.balances[USDAI][who]);
        let mut reasons = Reasons::default();
        reasons.add(to == NOBODY, &refusals::ERC20InvalidReceiver { receiver: Address::ZERO });
        self.short(&mut reasons, who, value);
        self.log.begin(format!("{now}: {who} transfers {value} to {to}"));
        let call = Erc20::transferCall { to: self.at(to), value };
        let done = self.attempt("transfer", who, self.tokens[USDAI], &call, &reasons);
        if done.is_some() {
            assert_eq!(done, Some(true));
            self.model.shift(USDAI, who, to, value, now);
        }
        self.check(false);
    }

    fn approve(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let spender = if self.dice.chance(5) { NOBODY } else { self.anybody() };
        let value = self.allowance_value();
        let mut reasons = Reasons::default();
        reasons.add(spender == NOBODY, &refusals::ERC20InvalidSpender { spender: Address::ZERO });
        self.log.begin(format!("{now}: {who} approves {value} to {spender}"));
        let call = Erc20::approveCall {
            spender: self.at(spender),
            value,
        };
        if self.attempt("approve", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.allowances.insert((who, spender), value);
        }
        self.check(false);
    }

    fn allowance_value(&mut self) -> U256 {
        match self.dice.below(10) {
            0 => U256::ZERO,
            1..=2 => U256::MAX,
            _ => self.dice.up_to(wad(1_000_000)),
        }
    }

    fn transfer_from(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let owner = if self.dice.chance(3) { NOBODY } else { self.anybody() };
        let to = self.recipient(who);
        let (held, allowance) = if owner == NOBODY {
            (U256::ZERO, U256::ZERO)
        } else {
            (self.model.balances[USDAI][owner], self.model.allowance(owner, who))
        };
        let most = if self.dice.chance(80) { held.min(allowance) } else { held };
        let value = self.amount(most);
        let mut reasons = Reasons::default();
        reasons.add(owner == NOBODY, &refusals::ERC20InvalidSender { sender: Address::ZERO });
        reasons.add(to == NOBODY, &refusals::ERC20InvalidReceiver { receiver: Address::ZERO });
        let refusal = refusals::ERC20InsufficientAllowance {
            spender: self.actors[who],
            allowance,
            needed: value,
        };
        reasons.add(allowance < value, &refusal);
        self.short(&mut reasons, owner, value);
        self.log.begin(format!("{now}: {who} transfers {value} from {owner} to {to}"));
        let call = Erc20::transferFromCall {
            from: self.at(owner),
            to: self.at(to),
            value,
        };
        if self.attempt("transferFrom", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.shift(USDAI, owner, to, value, now);
            if allowance != U256::MAX {
                self.model.allowances.insert((owner, who), allowance - value);
            }
        }
        self.check(false);
    }

    /// v, r, s of `who` over `message`.
    fn sign(&self, who: usize, message: &impl SolStruct) -> (u8, B256, B256) {
        let signature = self.keys[who].sign(message.eip712_signing_hash(&self.domain)).expect("a key signs");
        (27 + u8::from(signature.v()), signature.r().into(), signature.s().into())
    }

    /// The signer that is needed, or another.
    fn signer(&mut self, owner: usize) -> usize {
        if self.dice.chance(80) {
            owner
        } else {
            (owner + 1) % CONTRACT
        }
    }

    fn permit(&mut self) {
        let (now, who, owner) = (self.now(), self.anybody(), self.anybody_with_a_key());
        let (spender, signer) = (self.anybody(), self.signer(owner));
        let value = self.allowance_value();
        let deadline = U256::from(now) - U256::ONE + U256::from(self.dice.below(20));
        let nonce = self.model.nonces[owner];
        let stale = self.dice.chance(10);
        let message = Permit {
            owner: self.at(owner),
            spender: self.at(spender),
            value,
            nonce: if stale { nonce + U256::ONE } else { nonce },
            deadline,
        };
        let (v, r, s) = self.sign(signer, &message);
        let mut reasons = Reasons::default();
        reasons.add(deadline < U256::from(now), &refusals::ERC2612ExpiredSignature { deadline });
        reasons.add_any::<refusals::ERC2612InvalidSigner>(stale || signer != owner);
        self.log.begin(format!(
            "{now}: {who} has a permit of {owner} by {signer} to {spender} for {value} until {deadline}"
        ));
        let call = Usdai::permit_0Call {
            owner: message.owner,
            spender: message.spender,
            value,
            deadline,
            v,
            r,
            s,
        };
        if self.attempt("permit", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.nonces[owner] += U256::ONE;
            self.model.allowances.insert((owner, spender), value);
        }
        self.check(false);
    }

    /// A nonce never seen, or one that may have been.
    fn authorization(&mut self) -> B256 {
        let fresh = self.authorizations == 0 || self.dice.chance(70);
        let number = if fresh {
            self.authorizations += 1;
            self.authorizations
        } else {
            1 + self.dice.below(self.authorizations)
        };
        B256::from(U256::from(number))
    }

    fn transfer_with_authorization(&mut self) {
        self.authorized(false);
    }

    fn receive_with_authorization(&mut self) {
        self.authorized(true);
    }

    fn authorized(&mut self, receive: bool) {
        let (now, owner) = (self.now(), self.anybody_with_a_key());
        let signer = self.signer(owner);
        let to = if receive { self.anybody() } else { self.recipient(owner) };
        let who = if receive && self.dice.chance(80) { to } else { self.anybody() };
        let value = self.amount(self.model.balances[USDAI][owner]);
        let (after, until) = (
            U256::from(now) - U256::from(self.dice.below(20)),
            U256::from(now) + U256::from(self.dice.below(20)),
        );
        let nonce = self.authorization();
        let (from, payee) = (self.at(owner), self.at(to));
        let mut reasons = Reasons::default();
        reasons.add(U256::from(now) <= after, &ERC3009NotYetValid { validAfter: after });
        reasons.add(U256::from(now) >= until, &ERC3009Expired { validBefore: until });
        let spent = self.model.spent.contains(&(owner, nonce));
        reasons.add(spent, &ERC3009NonceSpent { authorizer: from, nonce });
        reasons.add_any::<ERC3009InvalidSigner>(signer != owner);
        reasons.add(to == NOBODY, &refusals::ERC20InvalidReceiver { receiver: Address::ZERO });
        self.short(&mut reasons, owner, value);
        self.log.begin(format!(
            "{now}: {who} hands in {nonce} of {owner} by {signer} for {value} to {to}, receive {receive}, in ({after}, {until})"
        ));
        let usdai = self.tokens[USDAI];
        let done = if receive {
            let caller = self.actors[who];
            reasons.add(who != to, &ERC3009CallerNotPayee { caller, payee });
            let message = ReceiveWithAuthorization {
                from,
                to: payee,
                value,
                validAfter: after,
                validBefore: until,
                nonce,
            };
            let (v, r, s) = self.sign(signer, &message);
            let call = Usdai::receiveWithAuthorization_0Call {
                from,
                to: payee,
                value,
                validAfter: after,
                validBefore: until,
                nonce,
                v,
                r,
                s,
            };
            self.attempt("receiveWithAuthorization", who, usdai, &call, &reasons).is_some()
        } else {
            let message = TransferWithAuthorization {
                from,
                to: payee,
                value,
                validAfter: after,
                validBefore: until,
                nonce,
            };
            let (v, r, s) = self.sign(signer, &message);
            let call = Usdai::transferWithAuthorization_1Call {
                from,
                to: payee,
                value,
                validAfter: after,
                validBefore: until,
                nonce,
                signature: [r.as_slice(), s.as_slice(), &[v]].concat().into(),
            };
            self.attempt("transferWithAuthorization", who, usdai, &call, &reasons).is_some()
        };
        if done {
            self.model.spent.insert((owner, nonce));
            self.model.shift(USDAI, owner, to, value, now);
        }
        self.check(false);
    }

    fn cancel_authorization(&mut self) {
        let (now, who, owner) = (self.now(), self.anybody(), self.anybody_with_a_key());
        let (signer, nonce) = (self.signer(owner), self.authorization());
        let authorizer = self.at(owner);
        let (v, r, s) = self.sign(signer, &CancelAuthorization { authorizer, nonce });
        let mut reasons = Reasons::default();
        let spent = self.model.spent.contains(&(owner, nonce));
        reasons.add(spent, &ERC3009NonceSpent { authorizer, nonce });
        reasons.add_any::<ERC3009InvalidSigner>(signer != owner);
        self.log.begin(format!("{now}: {who} cancels {nonce} of {owner} by {signer}"));
        let call = Usdai::cancelAuthorization_0Call {
            authorizer,
            nonce,
            v,
            r,
            s,
        };
        if self
            .attempt("cancelAuthorization", who, self.tokens[USDAI], &call, &reasons)
            .is_some()
        {
            self.model.spent.insert((owner, nonce));
        }
        self.check(false);
    }
}

/// The bridge, parameters, the adapter.
impl Walk {
    fn bridge_in(&mut self) {
        let (now, who) = (self.now(), self.mostly(&[BRIDGE]));
        let to = self.recipient(who);
        let bridged = self.model.bridged;
        let amount = self.amount(bridged);
        let mut reasons = Reasons::default();
        self.lacks(&mut reasons, who, "BRIDGE", &[BRIDGE]);
        reasons.add(amount.is_zero(), &refusals::InvalidAmount {});
        let more = refusals::InsufficientBridgedSupply {
            bridgedSupply: bridged,
            amount,
        };
        reasons.add(amount > bridged, &more);
        reasons.add(to == NOBODY, &refusals::ERC20InvalidReceiver { receiver: Address::ZERO });
        self.log.begin(format!("{now}: {who} bridges {amount} in to {to}"));
        let call = Usdai::mintCall { to: self.at(to), amount };
        if self.attempt("bridge mint", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.bridged -= amount;
            self.model.create(USDAI, to, amount, now);
        }
        self.check(false);
    }

    fn bridge_out(&mut self) {
        let (now, who) = (self.now(), self.mostly(&[BRIDGE]));
        let from = if self.dice.chance(3) { NOBODY } else { self.anybody() };
        let held = if from == NOBODY { wad(1) } else { self.model.balances[USDAI][from] };
        let amount = self.amount(held);
        let mut reasons = Reasons::default();
        self.lacks(&mut reasons, who, "BRIDGE", &[BRIDGE]);
        reasons.add(amount.is_zero(), &refusals::InvalidAmount {});
        reasons.add(from == NOBODY, &refusals::ERC20InvalidSender { sender: Address::ZERO });
        self.short(&mut reasons, from, amount);
        self.log.begin(format!("{now}: {who} bridges {amount} of {from} out"));
        let call = Usdai::burnCall {
            from: self.at(from),
            amount,
        };
        if self.attempt("bridge burn", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.bridged += amount;
            self.model.destroy(USDAI, from, amount, now);
        }
        self.check(false);
    }

    fn set_supply_cap(&mut self) {
        let (now, who) = (self.now(), self.mostly(&[ADMIN]));
        let supply_cap = match self.dice.below(10) {
            0 => U256::ZERO,
            1 => self.model.issued() + self.dice.up_to(wad(100_000)),
            2..=3 => self.model.issued() + scaled(self.dice.up_to(dollars6(100_000))),
            _ => U256::MAX,
        };
        let mut reasons = Reasons::default();
        self.lacks(&mut reasons, who, "ADMIN", &[ADMIN]);
        self.log.begin(format!("{now}: {who} caps the supply at {supply_cap}"));
        let call = Usdai::setSupplyCapCall { supplyCap: supply_cap };
        if self.attempt("setSupplyCap", who, self.tokens[USDAI], &call, &reasons).is_some() {
            self.model.cap = supply_cap;
        }
        self.check(false);
    }

    fn set_admin_fee(&mut self) {
        let (now, who) = (self.now(), self.mostly(&[ADMIN]));
        let bps = match self.dice.below(10) {
            0 => U256::MAX,
            1 => n(65_536),
            2 => n(2_001),
            3 => n(2_000),
            _ => U256::from(self.dice.below(2_001)),
        };
        let mut reasons = Reasons::default();
        self.lacks(&mut reasons, who, "ADMIN", &[ADMIN]);
        reasons.add(bps > n(2_000), &refusals::AdminFeeTooHigh { bps, maximum: n(2_000) });
        self.log.begin(format!("{now}: {who} sets the fee to {bps}"));
        if self
            .attempt("setAdminFee", who, self.tokens[USDAI], &Usdai::setAdminFeeCall { bps }, &reasons)
            .is_some()
        {
            self.model.fee = bps;
        }
        self.check(false);
    }

    fn pause(&mut self) {
        let (now, usdai) = (self.now(), self.tokens[USDAI]);
        let turn = self.dice.below(12);
        let who = self.mostly(if turn == 0 {
            &[GUARDIAN, ADMIN]
        } else {
            &[ADMIN, ADMIN, ADMIN, GUARDIAN]
        });
        let mut reasons = Reasons::default();
        if turn == 0 {
            // Either role would do, so either may be asked for.
            if who != GUARDIAN {
                self.lacks(&mut reasons, who, "ADMIN", &[ADMIN]);
                self.lacks(&mut reasons, who, "GUARDIAN", &[ADMIN]);
            }
            self.log.begin(format!("{now}: {who} pauses deposits"));
            if self
                .attempt("pauseDeposits", who, usdai, &Usdai::pauseDepositsCall {}, &reasons)
                .is_some()
            {
                self.model.deposits_paused = true;
            }
        } else {
            self.lacks(&mut reasons, who, "ADMIN", &[ADMIN]);
            if turn < 6 {
                self.log.begin(format!("{now}: {who} lets deposits go on"));
                if self
                    .attempt("unpauseDeposits", who, usdai, &Usdai::unpauseDepositsCall {}, &reasons)
                    .is_some()
                {
                    self.model.deposits_paused = false;
                }
            } else {
                let paused = turn == 6;
                self.log.begin(format!("{now}: {who} sets withdrawals paused {paused}"));
                let call = Usdai::setWithdrawalsPausedCall { paused };
                if self.attempt("setWithdrawalsPaused", who, usdai, &call, &reasons).is_some() {
                    self.model.withdrawals_paused = paused;
                }
            }
        }
        self.check(false);
    }

    fn wire(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let contract = self.dice.one_of(&[DOLLAR, ADAPTER]);
        self.log.begin(format!("{now}: {who} wires {contract}"));
        let to = self.at(contract);
        self.attempt("wire", who, to, &Wired::wireCall {}, &Reasons::default());
        self.check(false);
    }

    fn adapter_by_others(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let token = self.dice.one_of(&[BASE, USDC, USDT, HOST, STRAY]);
        let (address, amount) = (self.tokens[token], self.amount(dollars6(1_000)));
        let mut reasons = Reasons::default();
        let caller = self.actors[who];
        reasons.add(true, &refusals::OnlyUsdai { caller });
        self.log
            .begin(format!("{now}: {who} swaps {amount} of token {token} by the adapter"));
        let adapter = self.holders[ADAPTER];
        if self.dice.chance(50) {
            let call = Adapter::swapInCall {
                inputToken: address,
                inputAmount: amount,
                minBaseAmount: U256::ZERO,
                data: Bytes::new(),
            };
            self.attempt("swapIn by others", who, adapter, &call, &reasons);
        } else {
            let call = Adapter::swapOutCall {
                outputToken: address,
                baseAmount: amount,
                minOutputAmount: U256::ZERO,
                data: Bytes::new(),
            };
            self.attempt("swapOut by others", who, adapter, &call, &reasons);
        }
        self.check(false);
    }

    fn set_token_allowed(&mut self) {
        let (now, who) = (self.now(), self.mostly(&[ADMIN]));
        let token = self.dice.one_of(&[USDC, USDT, HOST, BASE, NOBODY]);
        let allowed = self.dice.chance(85);
        let address = if token == NOBODY { Address::ZERO } else { self.tokens[token] };
        let mut reasons = Reasons::default();
        self.lacks(&mut reasons, who, "ADMIN", &[ADMIN]);
        reasons.add(token == NOBODY || token == BASE, &refusals::InvalidAddress {});
        self.log.begin(format!("{now}: {who} sets token {token} allowed {allowed}"));
        let call = Adapter::setTokenAllowedCall { token: address, allowed };
        if self
            .attempt("setTokenAllowed", who, self.holders[ADAPTER], &call, &reasons)
            .is_some()
        {
            self.model.allowed[token] = allowed;
        }
        self.check(false);
    }
}

/// What others do around it.
impl Walk {
    fn pass_time(&mut self) {
        let now = self.now();
        let seconds = self.dice.below(DAY / 2).min(self.ends - now);
        self.log.begin(format!("{now}: {seconds} seconds pass"));
        self.town.node.chain.advance(seconds);
        self.log.count("time passes", "success");
    }

    fn donate(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let (token, to) = (
            self.dice.one_of(&[BASE, BASE, USDC, USDT]),
            self.dice.one_of(&[DOLLAR, DOLLAR, ADAPTER]),
        );
        let value = self.dice.up_to(least(self.model.balances[token][who], dollars6(1_000)));
        self.log.begin(format!("{now}: {who} gives {value} of token {token} away to {to}"));
        self.attempt(
            "donation",
            who,
            self.tokens[token],
            &silent_transfer(self.at(to), value),
            &Reasons::default(),
        );
        self.model.shift(token, who, to, value, now);
        self.check(false);
    }

    fn claim(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let whose = if self.dice.chance(50) { DOLLAR } else { self.anybody() };
        self.log.begin(format!("{now}: {who} claims the yield of {whose}"));
        let call = BaseToken::claimForCall { account: self.at(whose) };
        let claimed = self.attempt("claimFor", who, self.tokens[BASE], &call, &Reasons::default());
        let earned = self.model.claim(whose, now);
        assert_eq!(claimed.map(U256::from), Some(earned));
        self.check(false);
    }

    fn give(&mut self) {
        let to = self.anybody();
        let token = self.dice.one_of(&[BASE, BASE, USDC, USDT, HOST, STRAY]);
        let amount = self.dice.up_to(dollars6(500_000));
        self.earn(token, to, amount);
    }

    fn earn(&mut self, token: usize, to: usize, amount: U256) {
        let now = self.now();
        self.log.begin(format!("{now}: {to} earns {amount} of token {token}"));
        let call = HostileToken::mintCall { to: self.at(to), amount };
        self.attempt("mint of a token", ADMIN, self.tokens[token], &call, &Reasons::default());
        self.model.create(token, to, amount, now);
        self.check(false);
    }

    fn approve_token(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let token = self.dice.one_of(&[BASE, USDC, USDT, HOST, STRAY]);
        let value = match self.dice.below(20) {
            0 => U256::ZERO,
            1..=15 => U256::MAX,
            _ => self.dice.up_to(dollars6(1_000_000)),
        };
        let mut reasons = Reasons::default();
        let stands = token == USDT && !self.model.approved[token][who].is_zero() && !value.is_zero();
        reasons.add(stands, &AllowanceNotZeroFirst {});
        self.log.begin(format!("{now}: {who} approves {value} of token {token} to USDai"));
        let call = Plain::approveCall {
            spender: self.tokens[USDAI],
            value,
        };
        if self
            .attempt("approval of a token", who, self.tokens[token], &call, &reasons)
            .is_some()
        {
            self.model.approved[token][who] = value;
        }
        self.check(false);
    }

    /// A trade that has nothing to do with USDai, most often one that brings the pool back to par.
    fn trade(&mut self) {
        let (now, who) = (self.now(), self.anybody());
        let honest = self.model.mode == token_mode::HONEST;
        let (token, pool) = match self.dice.below(if honest { 3 } else { 2 }) {
            0 => (USDC, MARKET),
            1 => (USDT, MARKET + 1),
            _ => (HOST, MARKET + 2),
        };
        let (stable, base) = (self.model.balances[token][pool], self.model.balances[BASE][pool]);
        let home = self.dice.chance(70);
        let (input, output) = if (stable < base) == home { (token, BASE) } else { (BASE, token) };
        let distance = if stable < base { base - stable } else { stable - base };
        let wanted = if home {
            distance / n(2)
        } else {
            self.dice.up_to(dollars6(2_000_000))
        };
        let value = least(wanted, self.model.balances[input][who]);
        if value.is_zero() {
            return self.give();
        }
        let params = SwapRouter::ExactInputSingleParams {
            tokenIn: self.tokens[input],
            tokenOut: self.tokens[output],
            fee: U24::from(100),
            recipient: self.actors[who],
            amountIn: value,
            amountOutMinimum: U256::ZERO,
            sqrtPriceLimitX96: U160::ZERO,
        };
        let route = Route {
            data: None,
            tokens: vec![input, output],
            leads: true,
        };
        let bought = match self.quote(&route, value) {
            // Into an empty pool: nobody's trade.
            Ok((_, true)) | Err(_) => return self.give(),
            Ok((out, false)) => out,
        };
        self.log
            .begin(format!("{now}: {who} trades {value} of token {input} for token {output}"));
        let call = SwapRouter::exactInputSingleCall { params };
        let out = self.attempt("trade", who, self.town.world.swap_router, &call, &Reasons::default());
        assert_eq!(out, Some(bought));
        self.model.shift(input, who, MARKET, value, now);
        if !bought.is_zero() {
            // A pool that owes nothing does not touch the token, whose holders would earn by it.
            self.model.shift(output, MARKET, who, bought, now);
        }
        self.check(true);
    }

    fn turn_hostile(&mut self) {
        let (now, who, host) = (self.now(), self.anybody(), self.tokens[HOST]);
        let mode = self.dice.one_of(&[
            token_mode::HONEST,
            token_mode::HONEST,
            token_mode::HONEST,
            token_mode::TAKE_FEE,
            token_mode::RETURN_FALSE,
            token_mode::REVERT,
            token_mode::REENTER,
            token_mode::REENTER,
        ]);
        self.log.begin(format!("{now}: {who} turns the hostile token to {mode}"));
        self.attempt("hostile turn", who, host, &HostileToken::setModeCall { mode }, &Reasons::default());
        self.model.mode = mode;
        if mode == token_mode::REENTER {
            let ambush = self.dice.one_of(&[
                Ambush::Deposit,
                Ambush::Withdraw,
                Ambush::Harvest,
                Ambush::Transfer,
                Ambush::Swap,
                Ambush::Claim,
            ]);
            let (target, data) = self.ambush(ambush);
            let call = HostileToken::setAmbushCall { target, data: data.into() };
            self.attempt("ambush laid", who, host, &call, &Reasons::default());
            self.model.ambush = Some(ambush);
        }
        self.check(false);
    }

    fn ambush(&self, ambush: Ambush) -> (Address, Vec<u8>) {
        let (usdai, base, host) = (self.tokens[USDAI], self.tokens[BASE], self.tokens[HOST]);
        match ambush {
            Ambush::Deposit => {
                let call = Usdai::deposit_0Call {
                    depositToken: base,
                    depositAmount: dollars6(1),
                    usdaiAmountMinimum: U256::ZERO,
                    recipient: host,
                };
                (usdai, call.abi_encode())
            }
            Ambush::Withdraw => {
                let call = Usdai::withdraw_0Call {
                    withdrawToken: base,
                    usdaiAmount: wad(1),
                    withdrawAmountMinimum: U256::ZERO,
                    recipient: host,
                };
                (usdai, call.abi_encode())
            }
            Ambush::Harvest => (usdai, Usdai::harvestCall {}.abi_encode()),
            Ambush::Transfer => (usdai, silent_transfer(self.actors[ALICE], wad(1)).abi_encode()),
            Ambush::Swap => {
                let call = Adapter::swapInCall {
                    inputToken: self.tokens[USDC],
                    inputAmount: dollars6(1),
                    minBaseAmount: U256::ZERO,
                    data: Bytes::new(),
                };
                (self.holders[ADAPTER], call.abi_encode())
            }
            Ambush::Claim => (base, BaseToken::claimForCall { account: usdai }.abi_encode()),
        }
    }
}

sol! {
    #[derive(Debug)]
    interface Silent {
        function transfer(address to, uint256 value) external;
    }
}

/// A transfer whose answer, if there is one, is not looked at: USDT gives none.
fn silent_transfer(to: Address, value: U256) -> Silent::transferCall {
    Silent::transferCall { to, value }
}

/// Each kind of operation with its weight.
const ACTS: &[Act<Walk>] = &[
    (220, Walk::transfer),
    (90, Walk::approve),
    (110, Walk::transfer_from),
    (160, Walk::deposit_base),
    (130, Walk::withdraw_base),
    (70, Walk::deposit_swapped),
    (70, Walk::withdraw_swapped),
    (3, Walk::flood),
    (15, Walk::harvest),
    (15, Walk::pass_time),
    (15, Walk::donate),
    (10, Walk::claim),
    (25, Walk::bridge_in),
    (25, Walk::bridge_out),
    (10, Walk::set_supply_cap),
    (8, Walk::set_admin_fee),
    (24, Walk::pause),
    (3, Walk::wire),
    (8, Walk::adapter_by_others),
    (12, Walk::set_token_allowed),
    (15, Walk::permit),
    (15, Walk::transfer_with_authorization),
    (15, Walk::receive_with_authorization),
    (8, Walk::cancel_authorization),
    (25, Walk::give),
    (20, Walk::approve_token),
    (15, Walk::trade),
    (25, Walk::turn_hostile),
];

/// What cannot succeed.
const FUTILE: &[&str] = &[
    "deposit USDai",
    "deposit nonsense",
    "deposit nonsense, data",
    "deposit stray",
    "deposit stray, data",
    "withdraw USDai",
    "withdraw nonsense",
    "withdraw nonsense, data",
    "withdraw stray",
    "withdraw stray, data",
    "swapIn by others",
    "swapOut by others",
];

/// What a walk must have shown: kinds, and how each was refused besides succeeding.
const SHOWN: &[(&str, &[&str])] = &[
    ("ambush", &["failed"]),
    ("approval of a token", &["AllowanceNotZeroFirst"]),
    ("approve", &["ERC20InvalidSpender"]),
    (
        "bridge burn",
        &["ERC20InsufficientBalance", "ERC20InvalidSender", "InvalidAmount", "Unauthorized"],
    ),
    (
        "bridge mint",
        &["ERC20InvalidReceiver", "InsufficientBridgedSupply", "InvalidAmount", "Unauthorized"],
    ),
    ("cancelAuthorization", &["ERC3009InvalidSigner", "ERC3009NonceSpent"]),
    ("claimFor", &[]),
    ("deposit USDC", IN_BY_SWAP),
    ("deposit USDC, data", IN_BY_SWAP),
    ("deposit USDC, data", &["ERC20InsufficientAllowance", "InvalidPath", "TF"]),
    ("deposit USDT", IN_BY_SWAP),
    ("deposit USDT", &["Panic"]),
    ("deposit USDT, data", IN_BY_SWAP),
    ("deposit USDT, data", &["InvalidPath", "Panic"]),
    ("deposit USDai", &["InvalidAddress"]),
    ("deposit base", IN_BY_BASE),
    ("deposit base, data", IN_BY_BASE),
    ("deposit hostile", IN_BY_SWAP),
    ("deposit hostile", &["Hostile", "IIA", "TokenCallFailed"]),
    ("deposit hostile, data", IN_BY_SWAP),
    ("deposit hostile, data", &["Hostile", "IIA", "InvalidPath", "TokenCallFailed"]),
    ("deposit beyond the cap", &[]),
    ("deposit nonsense", &["MalformedReturn"]),
    ("deposit stray", &["TokenNotAllowed"]),
    ("donation", &[]),
    ("harvest", &["of all", "of nothing", "up to the cap"]),
    ("hostile turn", &[]),
    ("pauseDeposits", &["Unauthorized"]),
    ("permit", &["ERC2612ExpiredSignature", "ERC2612InvalidSigner"]),
    ("receiveWithAuthorization", AUTHORIZED),
    ("receiveWithAuthorization", &["ERC3009CallerNotPayee"]),
    ("setAdminFee", &["AdminFeeTooHigh", "Unauthorized"]),
    ("setSupplyCap", &["Unauthorized"]),
    ("setTokenAllowed", &["InvalidAddress", "Unauthorized"]),
    ("setWithdrawalsPaused", &["Unauthorized"]),
    ("swapIn by others", &["OnlyUsdai"]),
    ("swapOut by others", &["OnlyUsdai"]),
    ("time passes", &[]),
    ("trade", &[]),
    ("transfer", &["ERC20InsufficientBalance", "ERC20InvalidReceiver"]),
    (
        "transferFrom",
        &[
            "ERC20InsufficientAllowance",
            "ERC20InsufficientBalance",
            "ERC20InvalidReceiver",
            "ERC20InvalidSender",
        ],
    ),
    ("transferWithAuthorization", AUTHORIZED),
    ("unpauseDeposits", &["Unauthorized"]),
    ("wire", &[]),
    ("withdraw USDC", OUT_BY_SWAP),
    ("withdraw USDC, data", OUT_BY_SWAP),
    ("withdraw USDC, data", &["InvalidPath", "TF"]),
    ("withdraw USDT", OUT_BY_SWAP),
    ("withdraw USDT, data", OUT_BY_SWAP),
    ("withdraw USDT, data", &["InvalidPath"]),
    ("withdraw USDai", &["InvalidAddress"]),
    ("withdraw base", OUT_BY_BASE),
    ("withdraw base, data", OUT_BY_BASE),
    ("withdraw hostile", OUT_BY_SWAP),
    ("withdraw hostile", &["InsufficientOutput", "TF"]),
    ("withdraw hostile, data", OUT_BY_SWAP),
    ("withdraw hostile, data", &["InvalidPath", "TF"]),
    ("withdraw nonsense", &["MalformedReturn"]),
    ("withdraw stray", &["TokenNotAllowed"]),
];
const IN_BY_BASE: &[&str] = &[
    "DepositsPaused",
    "ERC20InsufficientAllowance",
    "ERC20InsufficientBalance",
    "InsufficientOutput",
    "InvalidAddress",
    "InvalidAmount",
    "SupplyCapExceeded",
];
const IN_BY_SWAP: &[&str] = &[
    "DepositsPaused",
    "InvalidAddress",
    "InvalidAmount",
    "SupplyCapExceeded",
    "TokenNotAllowed",
    "Too little received",
];
const OUT_BY_BASE: &[&str] = &[
    "ERC20InsufficientBalance",
    "InsufficientOutput",
    "InvalidAddress",
    "InvalidAmount",
    "WithdrawalsPaused",
];
const OUT_BY_SWAP: &[&str] = &[
    "InvalidAddress",
    "InvalidAmount",
    "TokenNotAllowed",
    "Too little received",
    "WithdrawalsPaused",
];
const AUTHORIZED: &[&str] = &[
    "ERC20InsufficientBalance",
    "ERC3009Expired",
    "ERC3009InvalidSigner",
    "ERC3009NonceSpent",
    "ERC3009NotYetValid",
];
/// Of whatever kind.
const SHOWN_SOMEWHERE: &[&str] = &["AS", "IncompleteSwap", "ST"];

impl driver::Walk for Walk {
    const NAME: &'static str = "usdai";
    const FULL_CHECK: u64 = 64;
    const ACTS: &'static [Act<Self>] = ACTS;
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

    fn check_everything(&mut self) {
        self.check_everything();
    }

    fn missing(&self) -> Vec<(&'static str, &'static str)> {
        // One that is refused everything proves nothing.
        let log = &self.log;
        let mut missing = log.missing(SHOWN);
        let kinds: BTreeSet<_> = log.kinds().chain(SHOWN.iter().map(|(kind, _)| *kind)).collect();
        let possible = kinds.into_iter().filter(|kind| !FUTILE.contains(kind));
        missing.extend(
            possible
                .map(|kind| (kind, "success"))
                .filter(|(kind, outcome)| log.seen(kind, outcome) == 0),
        );
        let anywhere = SHOWN_SOMEWHERE.iter().filter(|outcome| log.seen_at_all(outcome) == 0);
        missing.extend(anywhere.map(|outcome| ("anything", *outcome)));
        missing
    }
}

#[test]
fn usdai_is_backed_and_every_token_conserved_whatever_happens() {
    drive::<Walk>((), Journey::on_both(SEED, STEPS));
}

#[test]
fn usdai_is_backed_and_every_token_conserved_natively() {
    drive::<Walk>((), Journey::natively(SEED + 1, NATIVELY));
}
