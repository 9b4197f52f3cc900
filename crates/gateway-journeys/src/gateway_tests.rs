//! The gateway against tiny counterparts: a token that can keep a fee, a dollar that can leave a remainder, a vault, a loan.

use alloy_primitives::uint;
use erc20_ledger::{foreign::TokenCallFailed, IErc20};
use interfaces::calls::{IFiloPayments, IUsdai, IVault};
use motsu::prelude::*;
use stylus_sdk::storage::{StorageBool, StorageMap, StorageU256};

use super::*;
use crate::{BalanceChanged, DeadlineExpired, NotWired, NothingArrived, ZeroAmount};

const FOREVER: U256 = U256::MAX;
/// motsu's clock stands still.
const NOW: u64 = 1_735_689_600;

/// A token, and a dollar at once: `deposit` mints one unit per unit it was told to pull.
#[storage]
struct Token {
    balances: StorageMap<Address, StorageU256>,
    allowances: StorageMap<Address, StorageMap<Address, StorageU256>>,
    /// What each transfer loses.
    fee: StorageU256,
    /// What `deposit` does not pull.
    remainder: StorageU256,
    answer_false: StorageBool,
}

unsafe impl TopLevelStorage for Token {}

#[lean_abi::contract(interfaces(IUsdai))]
impl Token {
    fn balance_of(&self, account: Address) -> U256 {
        self.balances.get(account)
    }

    fn approve(&mut self, spender: Address, value: U256) -> Result<bool, Vec<u8>> {
        let owner = self.vm().msg_sender();
        let mut allowances = self.allowances.setter(owner);
        if !value.is_zero() && !allowances.get(spender).is_zero() {
            return Err(b"allowance is not zero".to_vec());
        }
        allowances.insert(spender, value);
        Ok(true)
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        if self.answer_false.get() {
            return Ok(false);
        }
        let spender = self.vm().msg_sender();
        let allowed = self
            .allowances
            .get(from)
            .get(spender)
            .checked_sub(value)
            .ok_or(b"allowance".to_vec())?;
        let left = self.balances.get(from).checked_sub(value).ok_or(b"balance".to_vec())?;
        self.allowances.setter(from).insert(spender, allowed);
        self.balances.insert(from, left);
        let arrived = value.saturating_sub(self.fee.get());
        self.mint(to, arrived);
        Ok(true)
    }

    fn deposit(&mut self, token: Address, amount: U256, minimum: U256, recipient: Address) -> Result<U256, Vec<u8>> {
        if amount < minimum {
            return Err(b"slippage".to_vec());
        }
        let (from, to, pulled) = (self.vm().msg_sender(), self.vm().contract_address(), amount - self.remainder.get());
        IErc20::new(token).transfer_from(self, from, to, pulled)?;
        self.mint(recipient, amount);
        Ok(amount)
    }
}

impl Token {
    fn mint(&mut self, to: Address, value: U256) {
        let balance = self.balances.get(to);
        self.balances.insert(to, balance + value);
    }
}

#[storage]
struct Vault {
    asset: StorageAddress,
    shares: StorageMap<Address, StorageU256>,
}

unsafe impl TopLevelStorage for Vault {}

#[lean_abi::contract(interfaces(IVault))]
impl Vault {
    /// Two dollars a share.
    fn deposit(&mut self, assets: U256, receiver: Address, minimum: U256) -> Result<U256, Vec<u8>> {
        let (from, here) = (self.vm().msg_sender(), self.vm().contract_address());
        let shares = assets / uint!(2_U256);
        if shares < minimum {
            return Err(b"too few shares".to_vec());
        }
        IErc20::new(self.asset.get()).transfer_from(self, from, here, assets)?;
        let held = self.shares.get(receiver);
        self.shares.insert(receiver, held + shares);
        Ok(shares)
    }
}

/// A loan that owes a hundred and takes no more.
#[storage]
struct Loan {
    usdai: StorageAddress,
}

unsafe impl TopLevelStorage for Loan {}

#[lean_abi::contract(interfaces(IFiloPayments))]
impl Loan {
    fn pay(&mut self, _loan: U256, maximum: U256) -> Result<U256, Vec<u8>> {
        let (from, here) = (self.vm().msg_sender(), self.vm().contract_address());
        let paid = maximum.min(uint!(100_U256));
        IErc20::new(self.usdai.get()).transfer_from(self, from, here, paid)?;
        Ok(paid)
    }
}

fn zero_address() -> GatewayError {
    GatewayError::from(ZeroAddress {})
}

/// The gateway and what its journeys pass through.
struct World {
    gateway: Contract<Gateway>,
    coin: Contract<Token>,
    usdai: Contract<Token>,
    vault: Contract<Vault>,
    loan: Contract<Loan>,
}

/// Alice has 1,000 of the stablecoin, has approved the gateway for all of it, and the book is filled in.
fn furnish(alice: Address) -> World {
    let world = World {
        gateway: Contract::from_tag("gateway"),
        coin: Contract::from_tag("coin"),
        usdai: Contract::from_tag("usdai"),
        vault: Contract::from_tag("vault"),
        loan: Contract::from_tag("loan"),
    };
    let World {
        gateway,
        coin,
        usdai,
        vault,
        loan,
    } = &world;
    gateway.sender(alice).constructor(alice).motsu_unwrap();
    gateway.sender(alice).usdai.set(usdai.address());
    gateway.sender(alice).vault.set(vault.address());
    gateway.sender(alice).filo.set(loan.address());
    loan.sender(alice).usdai.set(usdai.address());
    coin.sender(alice).mint(alice, uint!(1000_U256));
    coin.sender(alice).approve(gateway.address(), uint!(1000_U256)).motsu_unwrap();
    vault.sender(alice).asset.set(usdai.address());
    world
}

#[motsu::test]
fn a_journey_stakes_what_arrives_and_leaves_nothing(alice: Address, bob: Address) {
    let world = furnish(alice);
    let World {
        gateway,
        coin,
        usdai,
        vault,
        ..
    } = &world;
    let here = gateway.address();
    // Tokens that somebody sent here by mistake are nobody's windfall.
    coin.sender(alice).mint(here, uint!(5_U256));
    usdai.sender(alice).mint(here, uint!(7_U256));
    let shares = gateway
        .sender(alice)
        .deposit_and_stake(
            coin.address(),
            uint!(400_U256),
            uint!(400_U256),
            uint!(200_U256),
            bob,
            U256::from(NOW),
        )
        .motsu_unwrap();
    assert_eq!(shares, uint!(200_U256));
    assert_eq!(vault.sender(alice).shares.get(bob), shares);
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(600_U256));
    assert_eq!(coin.sender(alice).balance_of(here), uint!(5_U256));
    assert_eq!(usdai.sender(alice).balance_of(here), uint!(7_U256));
    assert!(coin.sender(alice).allowances.get(here).get(usdai.address()).is_zero());
    assert!(usdai.sender(alice).allowances.get(here).get(vault.address()).is_zero());
    gateway.assert_emitted(&DepositedAndStaked {
        caller: alice,
        receiver: bob,
        token: coin.address(),
        deposited: uint!(400_U256),
        usdai: uint!(400_U256),
        shares,
    });
}

#[motsu::test]
fn a_fee_on_transfer_is_the_callers(alice: Address) {
    let world = furnish(alice);
    let World { gateway, coin, .. } = &world;
    coin.sender(alice).fee.set(uint!(10_U256));
    let shares = gateway
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(400_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap();
    assert_eq!(shares, uint!(195_U256));

    coin.sender(alice).fee.set(uint!(1000_U256));
    let error = gateway
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(400_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap_err();
    assert_eq!(error, GatewayError::from(NothingArrived { token: coin.address() }));
}

#[motsu::test]
fn a_journey_refuses_bad_input(alice: Address) {
    let world = furnish(alice);
    let World { gateway, coin, .. } = &world;
    let token = coin.address();
    let (deadline, timestamp) = (U256::from(NOW - 1), U256::from(NOW));
    let run = |token, amount: u64, receiver, deadline| {
        gateway
            .sender(alice)
            .deposit_and_stake(token, U256::from(amount), U256::ZERO, U256::ZERO, receiver, deadline)
            .motsu_unwrap_err()
    };
    assert_eq!(
        run(token, 1, alice, deadline),
        GatewayError::from(DeadlineExpired { deadline, timestamp })
    );
    assert_eq!(run(token, 0, alice, FOREVER), GatewayError::from(ZeroAmount {}));
    assert_eq!(run(Address::ZERO, 1, alice, FOREVER), zero_address());
    assert_eq!(run(token, 1, Address::ZERO, FOREVER), zero_address());
    assert_eq!(run(token, 1001, alice, FOREVER), GatewayError::from(b"allowance".to_vec()));
    coin.sender(alice).answer_false.set(true);
    assert_eq!(run(token, 1, alice, FOREVER), GatewayError::from(TokenCallFailed { token }));
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_passes_slippage_on(alice: Address) {
    let world = furnish(alice);
    let World { gateway, coin, .. } = &world;
    let run = |min_usdai: u64, min_shares: u64| {
        gateway
            .sender(alice)
            .deposit_and_stake(
                coin.address(),
                uint!(100_U256),
                U256::from(min_usdai),
                U256::from(min_shares),
                alice,
                FOREVER,
            )
            .motsu_unwrap_err()
    };
    assert_eq!(run(101, 0), GatewayError::from(b"slippage".to_vec()));
    assert_eq!(run(100, 51), GatewayError::from(b"too few shares".to_vec()));
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_that_would_leave_something_reverts(alice: Address) {
    let world = furnish(alice);
    let World { gateway, coin, usdai, .. } = &world;
    usdai.sender(alice).remainder.set(uint!(3_U256));
    let error = gateway
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(100_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap_err();
    assert_eq!(
        error,
        GatewayError::from(BalanceChanged {
            token: coin.address(),
            before: U256::ZERO,
            afterwards: uint!(3_U256),
        })
    );
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_needs_addresses(gateway: Contract<Gateway>, coin: Contract<Token>, alice: Address) {
    assert_eq!(gateway.sender(alice).constructor(Address::ZERO).motsu_unwrap_err(), zero_address());
    gateway.sender(alice).constructor(alice).motsu_unwrap();
    let error = gateway
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(1_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap_err();
    assert_eq!(error, GatewayError::from(NotWired {}));
}

#[motsu::test]
fn a_repayment_gives_back_what_is_not_owed(alice: Address) {
    let world = furnish(alice);
    let World {
        gateway,
        coin,
        usdai,
        loan,
        ..
    } = &world;
    for (amount, paid, refunded) in [(40_u64, 40_u64, 0_u64), (250, 100, 150)] {
        let before = usdai.sender(alice).balance_of(alice);
        let taken = gateway
            .sender(alice)
            .repay_from(
                coin.address(),
                U256::from(amount),
                U256::from(amount),
                uint!(7_U256),
                U256::from(NOW),
            )
            .motsu_unwrap();
        assert_eq!(taken, U256::from(paid));
        assert_eq!(usdai.sender(alice).balance_of(alice) - before, U256::from(refunded));
        assert!(usdai.sender(alice).balance_of(gateway.address()).is_zero());
        assert!(usdai.sender(alice).allowances.get(gateway.address()).get(loan.address()).is_zero());
        gateway.assert_emitted(&RepaidFrom {
            caller: alice,
            loan: uint!(7_U256),
            token: coin.address(),
            deposited: U256::from(amount),
            paid: U256::from(paid),
            refunded: U256::from(refunded),
        });
    }
}
