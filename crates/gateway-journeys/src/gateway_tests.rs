//! The gateway against tiny counterparts: a token that can keep a fee, a dollar that can leave a remainder, a vault, a loan.

use alloy_primitives::uint;
use erc20_ledger::{foreign::TokenCallFailed, IErc20};
use filo_origination::{errors::OnlyBorrower, Offer};
use interfaces::calls::{IFiloPayments, IQueueBids, IUsdai, IVault};
use motsu::prelude::*;
use stylus_sdk::storage::{StorageB256, StorageBool, StorageMap, StorageU256};

use super::*;
use crate::{journeys::IOriginationDraws, BalanceChanged, DeadlineExpired, NotWired, NothingArrived, OtherPosition, ZeroAmount};

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

    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let from = self.vm().msg_sender();
        let left = self.balances.get(from).checked_sub(value).ok_or(b"balance".to_vec())?;
        self.balances.insert(from, left);
        self.mint(to, value);
        Ok(true)
    }

    /// Burns whole tens, and pays `token` for each.
    fn withdraw(&mut self, token: Address, amount: U256, minimum: U256, recipient: Address) -> Result<U256, Vec<u8>> {
        let from = self.vm().msg_sender();
        let paid = amount / uint!(10_U256);
        if paid < minimum {
            return Err(b"slippage".to_vec());
        }
        let left = self
            .balances
            .get(from)
            .checked_sub(paid * uint!(10_U256))
            .ok_or(b"balance".to_vec())?;
        self.balances.insert(from, left);
        IErc20::new(token).transfer(self, recipient, paid)?;
        Ok(paid)
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
    /// Who is the operator of whom, by a call or by a nonce that is not zero.
    operator: StorageMap<Address, StorageAddress>,
    /// Number of the last position.
    last: StorageU256,
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

    fn request_redeem(&mut self, shares: U256, controller: Address, owner: Address) -> Result<U256, Vec<u8>> {
        self.require_operator(controller)?;
        let left = self.shares.get(owner).checked_sub(shares).ok_or(b"shares".to_vec())?;
        self.shares.insert(owner, left);
        let position = self.last.get() + U256::ONE;
        self.last.set(position);
        Ok(position)
    }

    /// Every share is settled, at two dollars.
    fn redeem(&mut self, shares: U256, receiver: Address, controller: Address) -> Result<U256, Vec<u8>> {
        self.require_operator(controller)?;
        let left = self.shares.get(controller).checked_sub(shares).ok_or(b"shares".to_vec())?;
        self.shares.insert(controller, left);
        let assets = shares * uint!(2_U256);
        IErc20::new(self.asset.get()).transfer(self, receiver, assets)?;
        Ok(assets)
    }

    fn max_redeem(&self, controller: Address) -> U256 {
        self.shares.get(controller)
    }

    fn authorize_operator(
        &mut self,
        controller: Address,
        operator: Address,
        _approved: bool,
        nonce: B256,
        _deadline: U256,
        signature: Vec<u8>,
    ) -> Result<bool, Vec<u8>> {
        if nonce.is_zero() || signature != b"signed" {
            return Err(b"not signed".to_vec());
        }
        self.operator.insert(controller, operator);
        Ok(true)
    }
}

impl Vault {
    fn require_operator(&self, controller: Address) -> Result<(), Vec<u8>> {
        if self.operator.get(controller) == self.vm().msg_sender() {
            return Ok(());
        }
        Err(b"no operator".to_vec())
    }
}

#[storage]
struct Queue {
    position: StorageU256,
    commitment: StorageB256,
    max_tick: StorageU256,
}

unsafe impl TopLevelStorage for Queue {}

#[lean_abi::contract(interfaces(IQueueBids))]
impl Queue {
    fn commit_bid(&mut self, position: U256, commitment: B256, max_tick: u8) -> Result<(), Vec<u8>> {
        if commitment.is_zero() {
            return Err(b"no commitment".to_vec());
        }
        self.position.set(position);
        self.commitment.set(commitment);
        self.max_tick.set(U256::from(max_tick));
        Ok(())
    }
}

/// Origination: lends what the offer says, to its borrower or the gateway.
#[storage]
struct Originator {
    usdai: StorageAddress,
    operator: StorageAddress,
}

unsafe impl TopLevelStorage for Originator {}

#[lean_abi::contract(interfaces(IOriginationDraws))]
impl Originator {
    fn draw(&mut self, offer: Offer, signature: Vec<u8>, receiver: Address) -> Result<U256, Vec<u8>> {
        if self.operator.get() != self.vm().msg_sender() || signature != b"signed" {
            return Err(b"no operator".to_vec());
        }
        IErc20::new(self.usdai.get()).transfer(self, receiver, offer.principal)?;
        Ok(offer.stack)
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
    queue: Contract<Queue>,
    originator: Contract<Originator>,
    loan: Contract<Loan>,
}

/// Alice has 1,000 of the stablecoin, has approved the gateway for all of it, and the book is filled in.
fn furnish(alice: Address) -> World {
    let world = World {
        gateway: Contract::from_tag("gateway"),
        coin: Contract::from_tag("coin"),
        usdai: Contract::from_tag("usdai"),
        vault: Contract::from_tag("vault"),
        queue: Contract::from_tag("queue"),
        originator: Contract::from_tag("originator"),
        loan: Contract::from_tag("loan"),
    };
    let World {
        gateway,
        coin,
        usdai,
        vault,
        queue,
        originator,
        loan,
    } = &world;
    gateway.sender(alice).constructor(alice).motsu_unwrap();
    gateway.sender(alice).usdai.set(usdai.address());
    gateway.sender(alice).vault.set(vault.address());
    gateway.sender(alice).queue.set(queue.address());
    gateway.sender(alice).filo.set(loan.address());
    gateway.sender(alice).origination.set(originator.address());
    originator.sender(alice).usdai.set(usdai.address());
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

fn authorization(nonce: u8) -> Authorization {
    Authorization {
        nonce: B256::with_last_byte(nonce),
        deadline: FOREVER,
        signature: Bytes(b"signed".to_vec()),
    }
}

#[motsu::test]
fn a_request_and_its_bid_are_one_step(alice: Address) {
    let world = furnish(alice);
    let World { gateway, vault, queue, .. } = &world;
    vault.sender(alice).shares.insert(alice, uint!(100_U256));
    vault.sender(alice).last.set(uint!(6_U256));
    let (seal, shares) = (B256::repeat_byte(5), uint!(40_U256));
    let request = |position: u64, commitment, deadline| {
        gateway
            .sender(alice)
            .request_and_bid(shares, U256::from(position), commitment, 9, deadline)
    };
    // Without consent, too late, for another position, without a seal: nothing has happened.
    let refused = request(7, seal, FOREVER).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"no operator".to_vec()));
    vault.sender(alice).operator.insert(alice, gateway.address());
    let (deadline, timestamp) = (U256::from(NOW - 1), U256::from(NOW));
    let refused = request(7, seal, deadline).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(DeadlineExpired { deadline, timestamp }));
    let refused = request(8, seal, FOREVER).motsu_unwrap_err();
    let other = OtherPosition {
        expected: uint!(8_U256),
        opened: uint!(7_U256),
    };
    assert_eq!(refused, GatewayError::from(other));
    let refused = request(7, B256::ZERO, FOREVER).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"no commitment".to_vec()));
    assert_eq!(vault.sender(alice).max_redeem(alice), uint!(100_U256));
    assert!(queue.sender(alice).commitment.get().is_zero());

    assert_eq!(request(7, seal, timestamp).motsu_unwrap(), uint!(7_U256));
    assert_eq!(queue.sender(alice).position.get(), uint!(7_U256));
    assert_eq!(queue.sender(alice).commitment.get(), seal);
    assert_eq!(queue.sender(alice).max_tick.get(), uint!(9_U256));
    gateway.assert_emitted(&RequestedAndBid {
        caller: alice,
        position: uint!(7_U256),
        shares,
        commitment: seal,
    });
}

#[motsu::test]
fn an_authorization_makes_the_gateway_the_operator(alice: Address, bob: Address) {
    let world = furnish(alice);
    let World { gateway, vault, .. } = &world;
    vault.sender(alice).shares.insert(alice, uint!(100_U256));
    let request = |who, nonce, position: u64| {
        gateway.sender(who).request_and_bid_with_authorization(
            uint!(10_U256),
            U256::from(position),
            B256::repeat_byte(5),
            0,
            FOREVER,
            authorization(nonce),
        )
    };
    // One that the vault refuses is none, and does no harm where it is not needed.
    let refused = request(alice, 0, 1).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"no operator".to_vec()));
    request(alice, 1, 1).motsu_unwrap();
    request(alice, 0, 2).motsu_unwrap();
    // It acts for its caller alone: bob has no shares.
    let refused = request(bob, 1, 3).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"shares".to_vec()));
}

#[motsu::test]
fn a_claim_is_paid_out_to_the_last_wei(alice: Address, bob: Address) {
    let world = furnish(alice);
    let World {
        gateway,
        coin,
        usdai,
        vault,
        ..
    } = &world;
    let here = gateway.address();
    vault.sender(alice).shares.insert(alice, uint!(100_U256));
    usdai.sender(alice).mint(vault.address(), uint!(1000_U256));
    usdai.sender(alice).mint(here, uint!(7_U256));
    coin.sender(alice).mint(usdai.address(), uint!(1000_U256));
    let claim = |shares, minimum: u64, receiver, authorization| {
        gateway
            .sender(alice)
            .claim_to_with_authorization(shares, coin.address(), U256::from(minimum), receiver, FOREVER, authorization)
    };
    let refused = claim(uint!(12_U256), 0, bob, authorization(0)).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"no operator".to_vec()));
    let refused = claim(uint!(12_U256), 3, bob, authorization(1)).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"slippage".to_vec()));
    let refused = claim(uint!(12_U256), 2, Address::ZERO, authorization(1)).motsu_unwrap_err();
    assert_eq!(refused, zero_address());
    // Twelve shares are 24 dollars: two coins, and four dollars that are no coin.
    let paid = claim(uint!(12_U256), 2, bob, authorization(1)).motsu_unwrap();
    assert_eq!(paid, uint!(2_U256));
    assert_eq!(coin.sender(alice).balance_of(bob), uint!(2_U256));
    assert_eq!(usdai.sender(alice).balance_of(bob), uint!(4_U256));
    assert_eq!(usdai.sender(alice).balance_of(here), uint!(7_U256));
    gateway.assert_emitted(&ClaimedTo {
        caller: alice,
        receiver: bob,
        token: coin.address(),
        shares: uint!(12_U256),
        claimed: uint!(24_U256),
        paid,
        remainder: uint!(4_U256),
    });
    // All that is left, without a number.
    let paid = gateway
        .sender(alice)
        .claim_to(U256::MAX, coin.address(), U256::ZERO, alice, FOREVER)
        .motsu_unwrap();
    assert_eq!(paid, uint!(17_U256));
    assert!(vault.sender(alice).max_redeem(alice).is_zero());
}

#[motsu::test]
fn a_loan_is_drawn_to_a_stablecoin(alice: Address, bob: Address) {
    let world = furnish(alice);
    let World {
        gateway,
        coin,
        usdai,
        originator,
        ..
    } = &world;
    let here = gateway.address();
    usdai.sender(alice).mint(originator.address(), uint!(1000_U256));
    usdai.sender(alice).mint(here, uint!(7_U256));
    coin.sender(alice).mint(usdai.address(), uint!(1000_U256));
    let offer = Offer {
        stack: uint!(3_U256),
        borrower: alice,
        receipts: vec![U256::ONE],
        principal: uint!(125_U256),
        rate: U256::ONE,
        periods: U256::ONE,
        level_payment: true,
        grace_seconds: U256::ZERO,
        late_fee_bps: U256::ZERO,
        expiry: FOREVER,
        salt: U256::ZERO,
    };
    let signature = || Bytes(b"signed".to_vec());
    let draw = |who, minimum: u64, receiver, deadline| {
        gateway
            .sender(who)
            .draw_to(offer.clone(), signature(), coin.address(), U256::from(minimum), receiver, deadline)
    };
    // Somebody else's offer, too late, for nobody, without consent, for too little.
    let refused = draw(bob, 0, bob, FOREVER).motsu_unwrap_err();
    let other = OnlyBorrower {
        caller: bob,
        borrower: alice,
    };
    assert_eq!(refused, GatewayError::from(other));
    let (deadline, timestamp) = (U256::from(NOW - 1), U256::from(NOW));
    let refused = draw(alice, 0, bob, deadline).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(DeadlineExpired { deadline, timestamp }));
    assert_eq!(draw(alice, 0, Address::ZERO, FOREVER).motsu_unwrap_err(), zero_address());
    let refused = draw(alice, 0, bob, FOREVER).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"no operator".to_vec()));
    originator.sender(alice).operator.set(here);
    let refused = draw(alice, 13, bob, FOREVER).motsu_unwrap_err();
    assert_eq!(refused, GatewayError::from(b"slippage".to_vec()));
    // 125 dollars: twelve coins, and five dollars that are no coin.
    let drawn = draw(alice, 12, bob, timestamp).motsu_unwrap();
    assert_eq!(drawn, (uint!(3_U256), uint!(12_U256)));
    assert_eq!(coin.sender(alice).balance_of(bob), uint!(12_U256));
    assert_eq!(usdai.sender(alice).balance_of(bob), uint!(5_U256));
    assert_eq!(usdai.sender(alice).balance_of(here), uint!(7_U256));
    gateway.assert_emitted(&DrawnTo {
        caller: alice,
        loan: uint!(3_U256),
        token: coin.address(),
        receiver: bob,
        principal: uint!(125_U256),
        paid: uint!(12_U256),
        remainder: uint!(5_U256),
    });
}
