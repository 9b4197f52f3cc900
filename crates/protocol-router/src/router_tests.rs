//! The router against tiny counterparts: a token that can keep a fee, a dollar that can leave a remainder, a vault.

use alloy_primitives::uint;
use erc20_ledger::{foreign::TokenCallFailed, IErc20};
use interfaces::{
    authority::AddressNotSet,
    calls::{IUsdai, IVault},
    ids,
};
use motsu::prelude::*;
use stylus_sdk::storage::StorageU256;

use super::*;
use crate::{BalanceChanged, DeadlineExpired, DepositedAndStaked, NothingArrived, ZeroAmount};

const CURATOR: B256 = ids::id("CURATOR");
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

fn unauthorized(account: Address) -> RouterError {
    RouterError::from(Unauthorized {
        account,
        role: role::ADMIN.word(),
    })
}

fn zero_address() -> RouterError {
    RouterError::from(ZeroAddress {})
}

#[motsu::test]
fn construction_names_the_admin(router: Contract<Router>, admin: Address, alice: Address) {
    assert_eq!(router.sender(alice).constructor(Address::ZERO).motsu_unwrap_err(), zero_address());
    assert!(!router.sender(alice).has_role(role::ADMIN.word(), Address::ZERO));

    router.sender(alice).constructor(admin).motsu_unwrap();
    assert_eq!(router.sender(alice).admin(), admin);
    assert!(router.sender(alice).has_role(role::ADMIN.word(), admin));
    assert!(!router.sender(alice).has_role(role::ADMIN.word(), alice));
    router.assert_emitted(&AdminTransferred {
        previous: Address::ZERO,
        admin,
    });
}

#[motsu::test]
fn roles_are_granted_and_revoked_by_the_admin(router: Contract<Router>, admin: Address, alice: Address) {
    router.sender(admin).constructor(admin).motsu_unwrap();
    router.sender(admin).grant_role(CURATOR, alice).motsu_unwrap();
    assert!(router.sender(alice).has_role(CURATOR, alice));
    assert!(!router.sender(alice).has_role(role::GUARDIAN.word(), alice));
    router.assert_emitted(&RoleGranted {
        role: CURATOR,
        account: alice,
    });
    let events = router.all_events().len();
    router.sender(admin).grant_role(CURATOR, alice).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");

    router.sender(admin).revoke_role(CURATOR, alice).motsu_unwrap();
    assert!(!router.sender(alice).has_role(CURATOR, alice));
    router.assert_emitted(&RoleRevoked {
        role: CURATOR,
        account: alice,
    });
    let events = router.all_events().len();
    router.sender(admin).revoke_role(CURATOR, alice).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");
}

#[motsu::test]
fn roles_refuse_strangers_zeros_and_admin(router: Contract<Router>, admin: Address, alice: Address) {
    router.sender(admin).constructor(admin).motsu_unwrap();
    let not_grantable = || RouterError::from(AdminNotGrantable {});
    let zero_id = || RouterError::from(ZeroId {});
    let mut by_alice = router.sender(alice);
    assert_eq!(by_alice.grant_role(CURATOR, alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(by_alice.revoke_role(CURATOR, alice).motsu_unwrap_err(), unauthorized(alice));
    let mut by_admin = router.sender(admin);
    assert_eq!(by_admin.grant_role(role::ADMIN.word(), alice).motsu_unwrap_err(), not_grantable());
    assert_eq!(by_admin.revoke_role(role::ADMIN.word(), admin).motsu_unwrap_err(), not_grantable());
    assert_eq!(by_admin.grant_role(B256::ZERO, alice).motsu_unwrap_err(), zero_id());
    assert_eq!(by_admin.revoke_role(B256::ZERO, alice).motsu_unwrap_err(), zero_id());
    assert_eq!(by_admin.grant_role(CURATOR, Address::ZERO).motsu_unwrap_err(), zero_address());
    assert_eq!(by_admin.revoke_role(CURATOR, Address::ZERO).motsu_unwrap_err(), zero_address());
    assert!(!router.sender(alice).has_role(CURATOR, alice));
    assert_eq!(router.sender(alice).admin(), admin);
}

#[motsu::test]
fn administration_changes_hands_in_two_steps(router: Contract<Router>, admin: Address, alice: Address, bob: Address) {
    router.sender(admin).constructor(admin).motsu_unwrap();
    let not_pending = |caller| RouterError::from(NotPendingAdmin { caller });
    assert_eq!(router.sender(alice).transfer_admin(alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(
        router.sender(admin).transfer_admin(Address::ZERO).motsu_unwrap_err(),
        zero_address()
    );
    assert_eq!(router.sender(alice).accept_admin().motsu_unwrap_err(), not_pending(alice));

    router.sender(admin).transfer_admin(alice).motsu_unwrap();
    router.assert_emitted(&AdminTransferStarted { admin, pending: alice });
    assert_eq!(router.sender(bob).pending_admin(), alice);
    assert_eq!(router.sender(bob).admin(), admin, "an offer is not a transfer");
    assert_eq!(router.sender(bob).accept_admin().motsu_unwrap_err(), not_pending(bob));
    // A new offer replaces the first.
    router.sender(admin).transfer_admin(bob).motsu_unwrap();
    assert_eq!(router.sender(alice).accept_admin().motsu_unwrap_err(), not_pending(alice));

    router.sender(bob).accept_admin().motsu_unwrap();
    router.assert_emitted(&AdminTransferred {
        previous: admin,
        admin: bob,
    });
    assert_eq!(router.sender(bob).admin(), bob);
    assert_eq!(router.sender(bob).pending_admin(), Address::ZERO);
    assert_eq!(router.sender(admin).transfer_admin(admin).motsu_unwrap_err(), unauthorized(admin));
    assert_eq!(router.sender(bob).accept_admin().motsu_unwrap_err(), not_pending(bob));
}

#[motsu::test]
fn the_address_book_is_kept_by_the_admin(router: Contract<Router>, admin: Address, alice: Address, bob: Address) {
    router.sender(admin).constructor(admin).motsu_unwrap();
    let id = ids::address::TREASURY.word();
    assert_eq!(router.sender(alice).address_of(id), Address::ZERO);
    assert_eq!(router.sender(alice).set_address(id, alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(
        router.sender(admin).set_address(id, Address::ZERO).motsu_unwrap_err(),
        zero_address()
    );
    assert_eq!(
        router.sender(admin).set_address(B256::ZERO, alice).motsu_unwrap_err(),
        RouterError::from(ZeroId {})
    );
    router.sender(admin).set_address(id, alice).motsu_unwrap();
    router.sender(admin).set_address(id, bob).motsu_unwrap();
    assert_eq!(router.sender(alice).address_of(id), bob);
    router.assert_emitted(&AddressSet {
        id,
        previous: Address::ZERO,
        current: alice,
    });
    router.assert_emitted(&AddressSet {
        id,
        previous: alice,
        current: bob,
    });
    let events = router.all_events().len();
    router.sender(admin).set_address(id, bob).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");
}

/// The router and what its journeys pass through.
struct World {
    router: Contract<Router>,
    coin: Contract<Token>,
    usdai: Contract<Token>,
    vault: Contract<Vault>,
}

/// Alice has 1,000 of the stablecoin, has approved the router for all of it, and the book is filled in.
fn furnish(alice: Address) -> World {
    let world = World {
        router: Contract::from_tag("router"),
        coin: Contract::from_tag("coin"),
        usdai: Contract::from_tag("usdai"),
        vault: Contract::from_tag("vault"),
    };
    let World {
        router,
        coin,
        usdai,
        vault,
    } = &world;
    router.sender(alice).constructor(alice).motsu_unwrap();
    router
        .sender(alice)
        .set_address(ids::address::USDAI.word(), usdai.address())
        .motsu_unwrap();
    router
        .sender(alice)
        .set_address(ids::address::SUSDAI.word(), vault.address())
        .motsu_unwrap();
    coin.sender(alice).mint(alice, uint!(1000_U256));
    coin.sender(alice).approve(router.address(), uint!(1000_U256)).motsu_unwrap();
    vault.sender(alice).asset.set(usdai.address());
    world
}

#[motsu::test]
fn a_journey_stakes_what_arrives_and_leaves_nothing(alice: Address, bob: Address) {
    let world = furnish(alice);
    let World {
        router,
        coin,
        usdai,
        vault,
    } = &world;
    let here = router.address();
    // Tokens that somebody sent here by mistake are nobody's windfall.
    coin.sender(alice).mint(here, uint!(5_U256));
    usdai.sender(alice).mint(here, uint!(7_U256));
    let shares = router
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
    router.assert_emitted(&DepositedAndStaked {
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
    let World { router, coin, .. } = &world;
    coin.sender(alice).fee.set(uint!(10_U256));
    let shares = router
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(400_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap();
    assert_eq!(shares, uint!(195_U256));

    coin.sender(alice).fee.set(uint!(1000_U256));
    let error = router
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(400_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap_err();
    assert_eq!(error, RouterError::from(NothingArrived { token: coin.address() }));
}

#[motsu::test]
fn a_journey_refuses_bad_input(alice: Address) {
    let world = furnish(alice);
    let World { router, coin, .. } = &world;
    let token = coin.address();
    let (deadline, timestamp) = (U256::from(NOW - 1), U256::from(NOW));
    let run = |token, amount: u64, receiver, deadline| {
        router
            .sender(alice)
            .deposit_and_stake(token, U256::from(amount), U256::ZERO, U256::ZERO, receiver, deadline)
            .motsu_unwrap_err()
    };
    assert_eq!(
        run(token, 1, alice, deadline),
        RouterError::from(DeadlineExpired { deadline, timestamp })
    );
    assert_eq!(run(token, 0, alice, FOREVER), RouterError::from(ZeroAmount {}));
    assert_eq!(run(Address::ZERO, 1, alice, FOREVER), zero_address());
    assert_eq!(run(token, 1, Address::ZERO, FOREVER), zero_address());
    assert_eq!(run(token, 1001, alice, FOREVER), RouterError::from(b"allowance".to_vec()));
    coin.sender(alice).answer_false.set(true);
    assert_eq!(run(token, 1, alice, FOREVER), RouterError::from(TokenCallFailed { token }));
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_passes_slippage_on(alice: Address) {
    let world = furnish(alice);
    let World { router, coin, .. } = &world;
    let run = |min_usdai: u64, min_shares: u64| {
        router
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
    assert_eq!(run(101, 0), RouterError::from(b"slippage".to_vec()));
    assert_eq!(run(100, 51), RouterError::from(b"too few shares".to_vec()));
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_that_would_leave_something_reverts(alice: Address) {
    let world = furnish(alice);
    let World { router, coin, usdai, .. } = &world;
    usdai.sender(alice).remainder.set(uint!(3_U256));
    let error = router
        .sender(alice)
        .deposit_and_stake(coin.address(), uint!(100_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
        .motsu_unwrap_err();
    assert_eq!(
        error,
        RouterError::from(BalanceChanged {
            token: coin.address(),
            before: U256::ZERO,
            afterwards: uint!(3_U256),
        })
    );
    assert_eq!(coin.sender(alice).balance_of(alice), uint!(1000_U256));
}

#[motsu::test]
fn a_journey_needs_the_address_book(router: Contract<Router>, coin: Contract<Token>, usdai: Contract<Token>, alice: Address) {
    router.sender(alice).constructor(alice).motsu_unwrap();
    let missing = |id| RouterError::from(AddressNotSet { id });
    let run = || {
        router
            .sender(alice)
            .deposit_and_stake(coin.address(), uint!(1_U256), U256::ZERO, U256::ZERO, alice, FOREVER)
            .motsu_unwrap_err()
    };
    assert_eq!(run(), missing(ids::address::USDAI.word()));
    router
        .sender(alice)
        .set_address(ids::address::USDAI.word(), usdai.address())
        .motsu_unwrap();
    assert_eq!(run(), missing(ids::address::SUSDAI.word()));
}
