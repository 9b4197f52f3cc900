//! The shell against a tiny vault and a tiny dollar. motsu's clock stands still, so time passes by moving genesis back.

use alloy_primitives::{uint, U64};
use erc20_ledger::foreign::{safe_transfer, TokenCallFailed};
use interfaces::calls::IVaultRedemptions;
use motsu::prelude::*;
use stylus_sdk::storage::{StorageBool, StorageU256};

use super::*;
use crate::{EpochNotEnded, ExceedsClaimable, InvalidReceiver, NotController, NothingToClaim, SharesOutOfRange, ZeroAmount, ZeroSteps};

const NOW: u64 = 1_735_689_600;
const DAY: u64 = 86_400;
const EPOCH: u64 = 30 * DAY;
const REVEAL: u64 = 2 * DAY;
const ONE: U256 = uint!(1_U256);
const WAD: U256 = fixed_point::WAD;

#[storage]
struct Dollar {
    balances: StorageMap<Address, StorageU256>,
    answer_false: StorageBool,
}

unsafe impl TopLevelStorage for Dollar {}

#[lean_abi::contract]
impl Dollar {
    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        if self.answer_false.get() {
            return Ok(false);
        }
        let from = self.vm().msg_sender();
        let left = self.balances.get(from).checked_sub(value).ok_or(b"balance".to_vec())?;
        self.balances.insert(from, left);
        let balance = self.balances.get(to);
        self.balances.insert(to, balance + value);
        Ok(true)
    }
}

/// Holds dollars, quotes a price, pays what the queue says.
#[storage]
struct Vault {
    dollar: StorageAddress,
    cash: StorageU256,
    price: StorageU256,
    /// sUSDai of the queue.
    held: StorageU256,
    /// Calls of `fillRedemptions`.
    fills: StorageU256,
    refuse: StorageBool,
}

unsafe impl TopLevelStorage for Vault {}

#[lean_abi::contract(interfaces(IVaultRedemptions))]
impl Vault {
    fn cash(&self) -> U256 {
        self.cash.get()
    }

    fn redemption_share_price(&self) -> U256 {
        self.price.get()
    }

    fn fill_redemptions(&mut self, shares: U256, assets: U256, premium: U256) -> Result<(), Vec<u8>> {
        if self.refuse.get() || !premium.is_zero() {
            return Err(b"vault refuses".to_vec());
        }
        let cash = self.cash.get().checked_sub(assets).ok_or(b"cash".to_vec())?;
        let held = self.held.get().checked_sub(shares).ok_or(b"shares".to_vec())?;
        let fills = self.fills.get() + ONE;
        self.cash.set(cash);
        self.held.set(held);
        self.fills.set(fills);
        let (dollar, queue) = (self.dollar.get(), self.vm().msg_sender());
        safe_transfer(self, dollar, queue, assets)
    }

    fn settlement_terms(&self) -> (U256, U256) {
        (self.price.get(), self.cash.get())
    }

    fn burn_forfeited(&mut self, shares: U256) -> Result<(), Vec<u8>> {
        let held = self.held.get().checked_sub(shares).ok_or(b"shares".to_vec())?;
        self.held.set(held);
        Ok(())
    }

    /// Nobody is barred here.
    fn check_allowed(&self, _first: Address, _second: Address) {}
}

/// The three contracts, deployed and connected; the vault quotes 1.5 and has 1,000 dollars.
struct World {
    queue: Contract<Queue>,
    vault: Contract<Vault>,
    dollar: Contract<Dollar>,
    keeper: Address,
}

impl World {
    fn new() -> Self {
        let keeper = Address::with_last_byte(0xee);
        let world = Self {
            queue: Contract::from_tag("queue"),
            vault: Contract::from_tag("vault"),
            dollar: Contract::from_tag("dollar"),
            keeper,
        };
        world
            .queue
            .sender(keeper)
            .constructor(
                keeper,
                world.vault.address(),
                world.dollar.address(),
                U256::from(EPOCH),
                U256::from(REVEAL),
            )
            .motsu_unwrap();
        world.vault.sender(keeper).dollar.set(world.dollar.address());
        world.vault.sender(keeper).price.set(WAD * uint!(3_U256) / uint!(2_U256));
        world.fund(uint!(1000_U256));
        world
    }

    fn fund(&self, cash: U256) {
        let vault = self.vault.address();
        let booked = self.vault.sender(self.keeper).cash.get();
        self.vault.sender(self.keeper).cash.set(booked + cash);
        let balance = self.dollars(vault);
        self.dollar.sender(self.keeper).balances.insert(vault, balance + cash);
    }

    fn dollars(&self, account: Address) -> U256 {
        self.dollar.sender(self.keeper).balances.get(account)
    }

    fn pass(&self, seconds: u64) {
        let schedule = self.queue.sender(self.keeper).clock.schedule();
        self.queue.sender(self.keeper).clock.start(Schedule {
            genesis: schedule.genesis - seconds,
            ..schedule
        });
    }

    fn open(&self, controller: Address, shares: u64) -> U256 {
        let held = self.vault.sender(self.keeper).held.get();
        self.vault.sender(self.keeper).held.set(held + U256::from(shares));
        let id = self
            .queue
            .sender(self.vault.address())
            .open_position(controller, U256::from(shares))
            .motsu_unwrap();
        self.balanced();
        id
    }

    fn settle(&self) {
        self.queue.sender(self.keeper).settle(ONE).motsu_unwrap();
        self.balanced();
    }

    fn pending(&self, position: U256, controller: Address) -> U256 {
        self.queue.sender(self.keeper).pending_shares(position, controller)
    }

    fn claimable(&self, controller: Address) -> (U256, U256) {
        self.queue.sender(self.keeper).claimable_of(controller).motsu_unwrap()
    }

    /// Q1 and Q2.
    fn balanced(&self) {
        let (mut pending, mut claimable) = (U256::ZERO, U256::ZERO);
        for id in 1u64.. {
            let id = U256::from(id);
            let Ok((controller, ..)) = self.queue.sender(self.keeper).position(id) else {
                break;
            };
            pending += self.pending(id, controller);
            let (_, entry) = self.queue.sender(self.keeper).known_position(id).unwrap();
            claimable += self.queue.sender(self.keeper).claimable_of_entry(&entry).unwrap().assets.to_u256();
        }
        assert_eq!(pending, self.vault.sender(self.keeper).held.get(), "Q1");
        assert_eq!(claimable, self.dollars(self.queue.address()), "Q2");
    }
}

fn u(value: u64) -> U256 {
    U256::from(value)
}

#[motsu::test]
fn construction_refuses_zeros_and_impossible_epochs(queue: Contract<Queue>, a: Address) {
    let zero = QueueError::from(ZeroAddress {});
    let none = Address::ZERO;
    for (router, vault, usdai) in [(none, a, a), (a, none, a), (a, a, none)] {
        assert_eq!(
            queue.sender(a).constructor(router, vault, usdai, u(2), u(1)).motsu_unwrap_err(),
            zero
        );
    }
    let beyond = u(1 << 32);
    for (epoch, reveal) in [
        (u(0), u(0)),
        (u(2), u(0)),
        (u(2), u(2)),
        (u(2), u(3)),
        (beyond, u(1)),
        (U256::MAX, U256::MAX),
    ] {
        assert_eq!(
            queue.sender(a).constructor(a, a, a, epoch, reveal).motsu_unwrap_err(),
            invalid_epoch(epoch, reveal)
        );
    }
}

#[motsu::test]
fn construction_starts_the_clock() {
    let w = World::new();
    let by = w.queue.sender(w.keeper);
    assert_eq!(
        (by.router(), by.vault(), by.usdai()),
        (w.keeper, w.vault.address(), w.dollar.address())
    );
    assert_eq!(by.schedule(), (u(NOW), u(EPOCH), u(REVEAL), u(0)));
    assert_eq!(by.epoch().unwrap(), u(0));
    assert_eq!(by.epoch_end().unwrap(), u(NOW + EPOCH));
    w.pass(EPOCH);
    assert_eq!(w.queue.sender(w.keeper).epoch().unwrap(), u(1));
    assert_eq!(w.queue.sender(w.keeper).epoch_end().unwrap(), u(NOW + EPOCH));
}

#[motsu::test]
fn opening_takes_a_place_at_the_end(alice: Address, bob: Address) {
    let w = World::new();
    assert_eq!(w.open(alice, 100), u(1));
    assert_eq!(w.open(bob, 7), u(2));
    assert_eq!(w.open(alice, 5), u(3));
    w.queue.assert_emitted(&PositionOpened {
        position: u(3),
        controller: alice,
        lane: 0,
        start: u(107),
        shares: u(5),
    });
    let by = w.queue.sender(bob);
    assert_eq!(by.lane(0), (u(112), u(0)));
    assert_eq!(by.lane(7), (u(0), u(0)));
    assert_eq!(by.position(u(3)).unwrap(), (alice, 0, u(107), u(5), u(0), u(0), u(NOW)));
    assert_eq!(by.shares_ahead(u(3)).unwrap(), u(107));
    assert_eq!(by.position_count(alice), u(2));
    assert_eq!(by.position_at(alice, u(0)).unwrap(), u(1));
    assert_eq!(by.position_at(alice, u(1)).unwrap(), u(3));
    assert_eq!(by.pending_shares(u(3), alice), u(5));
    assert_eq!(by.pending_shares(u(3), bob), u(0), "not bob's");
    assert_eq!(by.pending_shares(u(9), bob), u(0));
    assert_eq!(by.claimable_shares(u(3), alice).unwrap(), u(0));
    assert_eq!(by.claimable_shares(u(9), alice).unwrap(), u(0));
    assert_eq!(w.claimable(alice), (u(0), u(0)));
}

#[motsu::test]
fn opening_refuses_strangers_and_impossible_lots(alice: Address) {
    let w = World::new();
    let vault = w.vault.address();
    let too_large = U256::from(u128::MAX) + ONE;
    let out_of_range = |shares| QueueError::from(SharesOutOfRange { shares });
    let open = |caller, controller, shares| w.queue.sender(caller).open_position(controller, shares).motsu_unwrap_err();
    assert_eq!(open(alice, alice, ONE), QueueError::from(OnlyVault { caller: alice }));
    assert_eq!(open(vault, Address::ZERO, ONE), QueueError::from(ZeroAddress {}));
    assert_eq!(open(vault, alice, U256::ZERO), QueueError::from(ZeroAmount {}));
    assert_eq!(open(vault, alice, too_large), out_of_range(too_large));
    assert_eq!(open(vault, alice, U256::MAX), out_of_range(U256::MAX));
    w.open(alice, 1);
    let rest = U256::from(u128::MAX);
    assert_eq!(open(vault, alice, rest), out_of_range(rest));
    assert_eq!(w.queue.sender(alice).lane(0), (ONE, U256::ZERO));
    assert_eq!(w.queue.sender(alice).position_count(alice), ONE);
}

#[motsu::test]
fn views_refuse_unknown_positions(alice: Address) {
    let w = World::new();
    w.open(alice, 1);
    for position in [u(0), u(2), U256::MAX] {
        let unknown = QueueError::from(UnknownPosition { position });
        assert_eq!(w.queue.sender(alice).position(position).motsu_unwrap_err(), unknown);
        assert_eq!(w.queue.sender(alice).shares_ahead(position).motsu_unwrap_err(), unknown);
        assert_eq!(w.queue.sender(alice).claim(position, alice).motsu_unwrap_err(), unknown);
    }
    for index in [u(1), U256::MAX] {
        assert_eq!(
            w.queue.sender(alice).position_at(alice, index).motsu_unwrap_err(),
            QueueError::from(NoPositionAt { controller: alice, index })
        );
    }
}

#[motsu::test]
fn settling_waits_for_the_end_of_the_epoch() {
    let w = World::new();
    let too_early = |epoch, end| {
        QueueError::from(EpochNotEnded {
            epoch: u(epoch),
            endsAt: u(end),
            timestamp: u(NOW),
        })
    };
    let settle = || w.queue.sender(w.keeper).settle(ONE).motsu_unwrap_err();
    assert_eq!(
        w.queue.sender(w.keeper).settle(U256::ZERO).motsu_unwrap_err(),
        QueueError::from(ZeroSteps {})
    );
    assert_eq!(settle(), too_early(0, NOW + EPOCH));
    w.pass(EPOCH - 1);
    assert_eq!(settle(), too_early(0, NOW + 1));
    w.pass(1);
    w.settle();
    assert_eq!(settle(), too_early(1, NOW + EPOCH), "once per epoch");
    w.pass(3 * EPOCH + 5);
    w.settle();
    assert_eq!(settle(), too_early(4, NOW + EPOCH - 5), "one settlement for three epochs");
    assert_eq!(w.queue.sender(w.keeper).schedule().3, u(4));
}

#[motsu::test]
fn settling_pays_first_come_first_served(alice: Address, bob: Address) {
    let w = World::new();
    let (first, second) = (w.open(alice, 500), w.open(bob, 400));
    w.pass(EPOCH);
    w.settle();
    // 1,000 dollars at 1.5 are 666 shares for 999.
    w.queue.assert_emitted(&EpochSettled {
        epoch: u(0),
        shares: u(666),
        assets: u(999),
        price: WAD * u(3) / u(2),
        premium: u(0),
    });
    assert_eq!((w.pending(first, alice), w.pending(second, bob)), (u(0), u(234)));
    assert_eq!((w.claimable(alice), w.claimable(bob)), ((u(500), u(750)), (u(166), u(249))));
    assert_eq!(w.queue.sender(bob).claimable_shares(second, bob).unwrap(), u(166));
    assert_eq!(w.queue.sender(bob).lane(0), (u(900), u(666)));
    assert_eq!(w.queue.sender(bob).shares_ahead(second).unwrap(), u(0));

    w.fund(u(1_000));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(bob), (u(400), u(600)));
    assert_eq!(w.vault.sender(bob).cash.get(), u(2_000 - 999 - 351));
}

#[motsu::test]
fn who_comes_in_the_reveal_window_waits_for_the_next_settlement(alice: Address, bob: Address) {
    let w = World::new();
    w.pass(EPOCH - REVEAL - 1);
    let in_time = w.open(alice, 10);
    w.pass(1);
    let late = w.open(bob, 10);
    w.pass(EPOCH - 1);
    // Epoch 1's own window, epoch 0 not settled yet.
    w.pass(1);
    let later = w.open(bob, 10);
    w.settle();
    assert_eq!((w.pending(in_time, alice), w.pending(late, bob)), (u(0), u(10)));
    w.pass(REVEAL);
    w.settle();
    assert_eq!((w.pending(late, bob), w.pending(later, bob)), (u(0), u(10)));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.pending(later, bob), u(0));
}

#[motsu::test]
fn a_settlement_of_nothing_still_tells_the_vault(alice: Address) {
    let w = World::new();
    let nothing = |epoch, price| EpochSettled {
        epoch: u(epoch),
        shares: u(0),
        assets: u(0),
        price,
        premium: u(0),
    };
    w.pass(EPOCH);
    w.settle();
    w.queue.assert_emitted(&nothing(0, WAD * u(3) / u(2)));
    assert_eq!(w.vault.sender(alice).fills.get(), u(1));
    // A total loss: nobody's shares are burnt for nothing, and the clock goes on.
    let position = w.open(alice, 10);
    w.vault.sender(alice).price.set(U256::ZERO);
    w.pass(EPOCH);
    w.settle();
    w.queue.assert_emitted(&nothing(1, U256::ZERO));
    assert_eq!(w.vault.sender(alice).fills.get(), u(2));
    assert_eq!(w.pending(position, alice), u(10));
}

#[motsu::test]
fn a_vault_that_refuses_leaves_the_epoch_unsettled(alice: Address) {
    let w = World::new();
    let position = w.open(alice, 10);
    w.pass(EPOCH);
    w.vault.sender(alice).refuse.set(true);
    let error = w.queue.sender(w.keeper).settle(ONE).motsu_unwrap_err();
    assert_eq!(error, QueueError::from(b"vault refuses".to_vec()));
    assert_eq!(w.pending(position, alice), u(10));
    assert_eq!(w.queue.sender(alice).schedule().3, u(0));
    w.vault.sender(alice).refuse.set(false);
    w.vault.sender(alice).cash.set(U256::MAX);
    w.vault.sender(alice).price.set(ONE);
    let error = w.queue.sender(w.keeper).settle(ONE).motsu_unwrap_err();
    assert_eq!(error, QueueError::from(crate::ArithmeticFailed {}));
}

#[motsu::test]
fn a_controller_claims_its_position(alice: Address, bob: Address, carol: Address) {
    let w = World::new();
    let (first, second) = (w.open(alice, 100), w.open(bob, 1_000));
    w.pass(EPOCH);
    w.settle();
    let stranger = w.queue.sender(bob).claim(first, bob).motsu_unwrap_err();
    assert_eq!(
        stranger,
        QueueError::from(NotController {
            position: first,
            caller: bob
        })
    );
    for receiver in [Address::ZERO, w.queue.address(), w.vault.address()] {
        let error = w.queue.sender(alice).claim(first, receiver).motsu_unwrap_err();
        assert_eq!(error, QueueError::from(InvalidReceiver { receiver }));
    }
    assert_eq!(w.queue.sender(alice).claim(first, carol).motsu_unwrap(), u(150));
    w.balanced();
    assert_eq!(w.dollars(carol), u(150));
    w.queue.assert_emitted(&Claimed {
        position: first,
        controller: alice,
        receiver: carol,
        shares: u(100),
        assets: u(150),
    });
    assert_eq!(
        w.queue.sender(alice).claim(first, carol).motsu_unwrap_err(),
        QueueError::from(NothingToClaim { position: first })
    );
    // 566 of bob's shares are filled, for 849; the rest later.
    assert_eq!(w.queue.sender(bob).claim(second, bob).motsu_unwrap(), u(849));
    w.fund(u(10_000));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.queue.sender(bob).claim(second, bob).motsu_unwrap(), u(651));
    assert_eq!(w.queue.sender(bob).position(second).unwrap().4, u(1_000));
    assert_eq!(w.queue.sender(bob).position(second).unwrap().5, u(1_500));
    assert_eq!(w.dollars(w.queue.address()), u(0));
}

#[motsu::test]
fn the_vault_claims_over_all_positions(alice: Address, bob: Address) {
    let w = World::new();
    let vault = w.vault.address();
    let ids: Vec<U256> = [100, 50, 200].iter().map(|shares| w.open(alice, *shares)).collect();
    w.open(bob, 10);
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice), (u(350), u(525)));
    // The second by itself, so that the walk has to pass a finished one.
    w.queue.sender(alice).claim(ids[1], alice).motsu_unwrap();
    assert_eq!(w.claimable(alice), (u(300), u(450)));
    // 101 shares: the first position whole, one share of the third.
    let paid = w.queue.sender(vault).claim_shares(alice, u(101), bob).motsu_unwrap();
    assert_eq!((paid, w.dollars(bob)), (u(151), u(151)));
    w.balanced();
    assert_eq!(w.queue.sender(alice).owners.get(alice).first_unfinished.get(), U64::from(2));
    // 100 assets of the 299 that 199 shares are worth: 67 shares, rounded up.
    let burnt = w.queue.sender(vault).claim_assets(alice, u(100), bob).motsu_unwrap();
    assert_eq!((burnt, w.dollars(bob)), (u(67), u(251)));
    w.balanced();
    let (shares, assets) = w.claimable(alice);
    assert_eq!((shares, assets), (u(132), u(199)));
    assert_eq!(w.queue.sender(vault).claim_assets(alice, assets, bob).motsu_unwrap(), shares);
    assert_eq!(w.claimable(alice), (u(0), u(0)));
    assert_eq!(w.claimable(bob), (u(10), u(15)));
    w.balanced();
}

#[motsu::test]
fn the_vaults_claims_refuse_bad_input(alice: Address, bob: Address) {
    let w = World::new();
    let vault = w.vault.address();
    w.open(alice, 100);
    w.open(alice, 2_000);
    w.pass(EPOCH);
    w.settle();
    let (shares, assets) = w.claimable(alice);
    assert_eq!((shares, assets), (u(666), u(999)));
    let exceeds = |requested, claimable| {
        QueueError::from(ExceedsClaimable {
            controller: alice,
            requested,
            claimable,
        })
    };
    let by_shares = |caller, amount, receiver| w.queue.sender(caller).claim_shares(alice, amount, receiver).motsu_unwrap_err();
    let by_assets = |caller, amount, receiver| w.queue.sender(caller).claim_assets(alice, amount, receiver).motsu_unwrap_err();
    let only_vault = QueueError::from(OnlyVault { caller: alice });
    assert_eq!(by_shares(alice, ONE, alice), only_vault);
    assert_eq!(by_assets(alice, ONE, alice), only_vault);
    let zero = QueueError::from(ZeroAmount {});
    assert_eq!(by_shares(vault, U256::ZERO, alice), zero);
    assert_eq!(by_assets(vault, U256::ZERO, alice), zero);
    for receiver in [Address::ZERO, w.queue.address(), vault] {
        let invalid = QueueError::from(InvalidReceiver { receiver });
        assert_eq!(by_shares(vault, ONE, receiver), invalid);
        assert_eq!(by_assets(vault, ONE, receiver), invalid);
    }
    for requested in [shares + ONE, U256::from(u128::MAX), U256::MAX] {
        assert_eq!(by_shares(vault, requested, bob), exceeds(requested, shares));
    }
    for requested in [assets + ONE, U256::from(u128::MAX), U256::MAX] {
        assert_eq!(by_assets(vault, requested, bob), exceeds(requested, assets));
    }
    assert_eq!(w.claimable(alice), (shares, assets));
    w.dollar.sender(bob).answer_false.set(true);
    let token = w.dollar.address();
    let failed = QueueError::from(TokenCallFailed { token });
    assert_eq!(by_shares(vault, ONE, bob), failed);
    assert_eq!(w.claimable(alice), (shares, assets));
    w.balanced();
}

#[motsu::test]
fn words_keep_all_their_bits(alice: Address, bob: Address) {
    let w = World::new();
    let vault = w.vault.address();
    let billion = u(1_000_000_000) * WAD;
    let odd = billion * u(7) / u(3);
    w.vault.sender(alice).held.set(billion + odd);
    w.fund(billion * u(2));
    for (controller, shares) in [(alice, billion), (bob, odd)] {
        w.queue.sender(vault).open_position(controller, shares).motsu_unwrap();
    }
    w.balanced();
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice).0, billion);
    assert_eq!(w.claimable(alice).1, billion * u(3) / u(2));
    let (filled, owed) = w.claimable(bob);
    assert_eq!(w.queue.sender(bob).lane(0), (billion + odd, billion + filled));
    assert_eq!(w.queue.sender(bob).claim(u(2), bob).motsu_unwrap(), owed);
    assert_eq!(
        w.queue.sender(bob).position(u(2)).unwrap(),
        (bob, 0, billion, odd, filled, owed, u(NOW))
    );
    w.balanced();
}
