//! The shell against a tiny vault and a tiny dollar. motsu's clock stands still, so time passes by moving genesis back. It knows no
//! delegate calls: what the second program answers is asked of the queue's own functions beneath it.

use std::cell::RefCell;

use alloy_primitives::{address, uint, B256};
use erc20_ledger::foreign::{safe_transfer, TokenCallFailed};
use erc721_ledger::IErc721Callee;
use interfaces::calls::{IFiloDues, IVaultRedemptions};
use motsu::prelude::*;
use stylus_sdk::storage::{StorageBool, StorageU256};

use super::*;
use crate::{
    units::{Exact, Tick},
    *,
};

const NOW: u64 = 1_735_689_600;
const DAY: u64 = 86_400;
const EPOCH: u64 = 30 * DAY;
const REVEAL: u64 = 2 * DAY;
const ONE: U256 = uint!(1_U256);
const WAD: U256 = fixed_point::WAD;
const SALT: B256 = B256::repeat_byte(7);
const SETTLEMENT: Address = address!("00000000000000000000000000000000000005e7");

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

/// Holds dollars, quotes a price, pays what the queue says, bars one account, and is the sUSDai of the queue alone.
#[storage]
struct Vault {
    dollar: StorageAddress,
    cash: StorageU256,
    price: StorageU256,
    /// sUSDai of the queue.
    held: StorageU256,
    /// Calls of `fillRedemptions`.
    fills: StorageU256,
    premium: StorageU256,
    burnt: StorageU256,
    barred: StorageAddress,
    /// The operator of everybody.
    operator: StorageAddress,
    refuse: StorageBool,
}

unsafe impl TopLevelStorage for Vault {}

#[lean_abi::contract(interfaces(IVaultRedemptions))]
impl Vault {
    fn fill_redemptions(&mut self, shares: U256, assets: U256, premium: U256) -> Result<(), Vec<u8>> {
        if self.refuse.get() {
            return Err(b"vault refuses".to_vec());
        }
        let cash = self.cash.get().checked_sub(assets).ok_or(b"cash".to_vec())?;
        let held = self.held.get().checked_sub(shares).ok_or(b"shares".to_vec())?;
        let fills = self.fills.get() + ONE;
        let kept = self.premium.get() + premium;
        self.cash.set(cash);
        self.held.set(held);
        self.fills.set(fills);
        self.premium.set(kept);
        let (dollar, queue) = (self.dollar.get(), self.vm().msg_sender());
        safe_transfer(self, dollar, queue, assets)
    }

    fn settlement_terms(&self) -> (U256, U256) {
        (self.price.get(), self.cash.get())
    }

    fn burn_forfeited(&mut self, shares: U256) -> Result<(), Vec<u8>> {
        let held = self.held.get().checked_sub(shares).ok_or(b"shares".to_vec())?;
        self.held.set(held);
        let burnt = self.burnt.get() + shares;
        self.burnt.set(burnt);
        Ok(())
    }

    fn check_allowed(&self, first: Address, second: Address) -> Result<(), Vec<u8>> {
        if [first, second].contains(&self.barred.get()) {
            return Err(b"barred".to_vec());
        }
        Ok(())
    }

    fn is_operator(&self, _controller: Address, operator: Address) -> bool {
        operator == self.operator.get()
    }

    fn transfer(&mut self, _to: Address, shares: U256) -> Result<bool, Vec<u8>> {
        let held = self.held.get().checked_sub(shares).ok_or(b"shares".to_vec())?;
        self.held.set(held);
        Ok(true)
    }
}

/// The router's book, of one entry, and at once who answers for due days.
#[storage]
struct Dues {
    entered: StorageBool,
    due: StorageU256,
}

unsafe impl TopLevelStorage for Dues {}

#[lean_abi::contract(interfaces(IFiloDues))]
impl Dues {
    fn address_of(&self, id: B256) -> Address {
        if self.entered.get() && id == interfaces::ids::id("DUE_DAYS") {
            self.vm().contract_address()
        } else {
            Address::ZERO
        }
    }

    fn earliest_due(&self) -> (U256, U256) {
        (self.due.get(), uint!(9_U256))
    }
}

/// The contracts, deployed and connected; the vault quotes 1.5 and has 1,000 dollars.
struct World {
    queue: Contract<Queue>,
    vault: Contract<Vault>,
    dollar: Contract<Dollar>,
    dues: Contract<Dues>,
    keeper: Address,
    /// All positions that were opened.
    ids: RefCell<Vec<U256>>,
}

impl World {
    fn new() -> Self {
        let world = Self {
            queue: Contract::from_tag("queue"),
            vault: Contract::from_tag("vault"),
            dollar: Contract::from_tag("dollar"),
            dues: Contract::from_tag("dues"),
            keeper: Address::with_last_byte(0xee),
            ids: RefCell::default(),
        };
        world
            .by(world.keeper)
            .constructor(
                world.dues.address(),
                world.vault.address(),
                world.dollar.address(),
                U256::from(EPOCH),
                U256::from(REVEAL),
                SETTLEMENT,
            )
            .motsu_unwrap();
        world.vault.sender(world.keeper).dollar.set(world.dollar.address());
        world.quote(WAD * uint!(3_U256) / uint!(2_U256));
        world.fund(uint!(1000_U256));
        world
    }

    fn by(&self, sender: Address) -> ContractCall<'_, Queue> {
        self.queue.sender(sender)
    }

    fn quote(&self, price: U256) {
        self.vault.sender(self.keeper).price.set(price);
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

    fn held(&self) -> U256 {
        self.vault.sender(self.keeper).held.get()
    }

    fn pass(&self, seconds: u64) {
        let mut clock = self.by(self.keeper).clock.read();
        clock.schedule.genesis -= seconds;
        self.by(self.keeper).clock.write(&clock);
    }

    fn open(&self, controller: Address, shares: u64) -> U256 {
        self.vault.sender(self.keeper).held.set(self.held() + U256::from(shares));
        let id = self
            .by(self.vault.address())
            .open_position(controller, U256::from(shares))
            .motsu_unwrap();
        self.ids.borrow_mut().push(id);
        self.balanced();
        id
    }

    fn split(&self, who: Address, position: U256, shares: u64) -> U256 {
        let id = self.by(who).run_split(position, u(shares)).motsu_unwrap();
        self.ids.borrow_mut().push(id);
        self.balanced();
        id
    }

    fn commitment(&self, position: U256, tick: u8) -> B256 {
        let epoch = self.by(self.keeper).clock.read();
        let epoch = self.by(self.keeper).epoch_of(&epoch).unwrap();
        self.by(self.keeper).sealed(epoch, position, Tick(tick), SALT)
    }

    fn commit(&self, who: Address, position: U256, tick: u8) {
        let commitment = self.commitment(position, tick);
        self.by(who).commit_bid(position, commitment).motsu_unwrap();
    }

    /// Opens positions with bids and goes to the epoch's end; the ids.
    fn bids(&self, who: Address, bids: &[(u8, u64)]) -> Vec<U256> {
        let ids: Vec<U256> = bids.iter().map(|(_, shares)| self.open(who, *shares)).collect();
        for (id, (tick, _)) in ids.iter().zip(bids) {
            self.commit(who, *id, *tick);
        }
        self.pass(EPOCH - REVEAL);
        for (id, (tick, _)) in ids.iter().zip(bids) {
            self.by(who).reveal_bid(*id, *tick, SALT).motsu_unwrap();
            self.balanced();
        }
        self.pass(REVEAL);
        ids
    }

    fn settle(&self) {
        self.by(self.keeper).run_settle(U256::MAX).motsu_unwrap();
        self.balanced();
    }

    fn pending(&self, position: U256) -> U256 {
        let holding = self.by(self.keeper).known(position).unwrap();
        self.by(self.keeper).pending(&holding).unwrap().to_u256()
    }

    fn claimable(&self, controller: Address) -> (U256, U256) {
        self.by(self.keeper).claimable_of(controller).motsu_unwrap()
    }

    fn lane(&self, tick: u8) -> (U256, U256) {
        let by = self.by(self.keeper);
        let lane = by.book.lane(Tick(tick));
        (book::Lane::line(&*lane).live.to_u256(), book::Lane::front(&*lane).filled.to_u256())
    }

    /// Q1, and Q2 without any rounding.
    fn balanced(&self) {
        let by = self.by(self.keeper);
        let mut pending = by.book.desk().forfeited.to_u256();
        let mut owed = by.book.dust();
        for id in self.ids.borrow().iter() {
            let Some(holding) = by.find(*id) else {
                continue;
            };
            let position = holding.position;
            let lane = by.book.lane(position.lane);
            let filled = book::filled_of(&*lane, &position.lot);
            pending += position.lot.length.minus(filled).unwrap().to_u256();
            let (claim, fraction) = position.claimable(&*lane, by.book.settlements(), Hint::NONE).unwrap();
            owed = owed.wrapping_plus(Exact::of(claim.assets)).wrapping_plus(fraction);
        }
        assert_eq!(pending, self.held(), "Q1");
        let held = units::Assets::from_u256(self.dollars(self.queue.address())).unwrap();
        assert_eq!(owed, Exact::of(held), "Q2");
    }
}

fn u(value: u64) -> U256 {
    U256::from(value)
}

#[motsu::test]
fn construction_refuses_zeros_and_impossible_epochs(queue: Contract<Queue>, a: Address) {
    let zero = QueueError::from(ZeroAddress {});
    let none = Address::ZERO;
    for [router, vault, usdai, settlement] in [[none, a, a, a], [a, none, a, a], [a, a, none, a], [a, a, a, none]] {
        let refusal = queue.sender(a).constructor(router, vault, usdai, u(2), u(1), settlement);
        assert_eq!(refusal.motsu_unwrap_err(), zero);
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
            queue.sender(a).constructor(a, a, a, epoch, reveal, a).motsu_unwrap_err(),
            invalid_epoch(epoch, reveal)
        );
    }
}

#[motsu::test]
fn construction_starts_the_clock() {
    let w = World::new();
    assert_eq!(w.by(w.keeper).epoch_end().unwrap(), u(NOW + EPOCH));
    w.pass(EPOCH);
    let clock = w.by(w.keeper).clock.read();
    assert_eq!(w.by(w.keeper).epoch_of(&clock).unwrap(), 1);
    assert_eq!(w.by(w.keeper).epoch_end().unwrap(), u(NOW + EPOCH));
}

#[motsu::test]
fn the_second_program_has_no_books_of_its_own(settlement: Contract<Settlement>, a: Address) {
    let refusal = QueueError::from(OnlyThroughQueue {});
    let by = || settlement.sender(a);
    by().constructor();
    assert_eq!(by().settle(ONE).motsu_unwrap_err(), refusal);
    assert_eq!(by().split(ONE, ONE).motsu_unwrap_err(), refusal);
    assert_eq!(by().merge(ONE, ONE).motsu_unwrap_err(), refusal);
    assert_eq!(by().wire().motsu_unwrap_err(), refusal);
    assert_eq!(by().position(ONE).motsu_unwrap_err(), refusal);
    assert_eq!(by().clearing_estimate().motsu_unwrap_err(), refusal);
    assert_eq!(by().schedule().motsu_unwrap_err(), refusal);
}

#[motsu::test]
fn opening_takes_a_place_at_the_end(alice: Address, bob: Address) {
    let w = World::new();
    let first = w.open(alice, 100);
    w.open(bob, 7);
    let third = w.open(alice, 5);
    assert_eq!((store::born_to(&third), store::number_of(&third)), (alice, 3));
    w.queue.assert_emitted(&PositionOpened {
        position: third,
        controller: alice,
        lane: 0,
        start: u(107),
        shares: u(5),
    });
    let by = w.by(bob);
    assert_eq!((w.lane(0), w.lane(7)), ((u(112), u(0)), (u(0), u(0))));
    let holding = by.known(third).unwrap();
    assert_eq!(by.before(&holding).unwrap(), (units::Shares(107), units::Shares(0)));
    assert_eq!(by.listed(alice), [first, third]);
    assert_eq!((by.balance_of(alice).unwrap(), by.owner_of(third).unwrap()), (u(2), alice));
    assert_eq!(by.pending_shares(third, alice).unwrap(), u(5));
    assert_eq!(by.pending_shares(third, bob).unwrap(), u(0), "not bob's");
    for unknown in [u(3), u(9), store::id_of(bob, 3), store::id_of(alice, 4)] {
        assert_eq!(by.pending_shares(unknown, bob).unwrap(), u(0));
        assert_eq!(by.claimable_shares(unknown, bob).unwrap(), u(0));
        assert_eq!(
            by.known(unknown).unwrap_err(),
            QueueError::from(UnknownPosition { position: unknown })
        );
    }
    assert_eq!(by.claimable_shares(third, alice).unwrap(), u(0));
    assert_eq!(w.claimable(alice), (u(0), u(0)));
}

/// However many positions somebody has, the vault claims over seven at most; the others are claimed by their ids, or listed when there is
/// room.
#[motsu::test]
fn a_list_has_room_for_seven(alice: Address, bob: Address) {
    let w = World::new();
    let ids: Vec<U256> = (0..9).map(|_| w.open(alice, 10)).collect();
    let sent = w.open(bob, 10);
    w.by(bob).transfer_from(bob, alice, sent).motsu_unwrap();
    assert_eq!(w.by(alice).balance_of(alice).unwrap(), u(10));
    assert_eq!(w.by(alice).listed(alice), ids[..7]);
    let full = QueueError::from(ListFull { controller: alice });
    assert_eq!(w.by(alice).set_listed(ids[8], true).motsu_unwrap_err(), full);
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice), (u(70), u(105)));
    // The last takes the place of one that is finished.
    w.by(alice).run_claim(ids[1], alice, Hint::NONE).motsu_unwrap();
    let [a, _, c, d, e, f, g, h, i] = ids[..] else { unreachable!() };
    assert_eq!(w.by(alice).listed(alice), [a, g, c, d, e, f]);
    w.by(alice).set_listed(sent, true).motsu_unwrap();
    w.by(alice).set_listed(f, false).motsu_unwrap();
    w.by(alice).set_listed(h, true).motsu_unwrap();
    assert_eq!(w.by(alice).listed(alice), [a, g, c, d, e, sent, h]);
    assert_eq!(w.by(alice).set_listed(i, true).motsu_unwrap_err(), full);
    let paid = w.by(w.vault.address()).claim_shares(alice, u(70), alice).motsu_unwrap();
    assert_eq!(paid, u(105));
    assert_eq!(w.by(alice).listed(alice), [U256::ZERO; 0]);
    let left = w.by(alice).claim_many(vec![f, i], bob, u(30)).motsu_unwrap();
    assert_eq!((left, w.by(alice).balance_of(alice).unwrap()), (u(30), u(0)));
    w.balanced();
}

/// What lies in one word comes back from it, whatever piece of which entry it is.
#[motsu::test]
fn a_place_is_one_word(alice: Address) {
    let w = World::new();
    let id = w.open(alice, 10);
    let mut holding = w.by(alice).known(id).unwrap();
    for entry in [0, 1, u64::from(u32::MAX)] {
        for width in [16, 8, 4, 2, 1_u8] {
            for behind in (u64::from(width)..=16).step_by(width.into()) {
                holding.position.lot.last = entry * 16 + behind - 1;
                holding.position.lot.width = width;
                holding.position.lot.start = units::Shares::MAX_PLACE;
                holding.position.lot.length = store::MAX_LOT;
                holding.position.lane = Tick::TOP;
                w.by(alice).save(&mut holding).unwrap();
                assert_eq!(w.by(alice).known(id).unwrap(), holding);
            }
        }
    }
}

#[motsu::test]
fn opening_refuses_strangers_and_impossible_lots(alice: Address) {
    let w = World::new();
    let vault = w.vault.address();
    let open = |caller, controller, shares| w.by(caller).open_position(controller, shares).motsu_unwrap_err();
    assert_eq!(open(alice, alice, ONE), QueueError::from(OnlyVault { caller: alice }));
    assert_eq!(open(vault, Address::ZERO, ONE), QueueError::from(ZeroAddress {}));
    assert_eq!(open(vault, alice, U256::ZERO), QueueError::from(ZeroAmount {}));
    for shares in [ONE << 104, U256::from(u128::MAX), U256::MAX] {
        assert_eq!(open(vault, alice, shares), QueueError::from(SharesOutOfRange { shares }));
    }
    assert_eq!(w.lane(0), (u(0), u(0)));
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
    let settle = || w.by(w.keeper).run_settle(ONE).motsu_unwrap_err();
    assert_eq!(
        w.by(w.keeper).run_settle(U256::ZERO).motsu_unwrap_err(),
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
    assert_eq!(w.by(w.keeper).clock.read().first_unsettled, 4);
}

#[motsu::test]
fn the_next_settlement_is_the_end_of_the_first_unsettled_epoch() {
    let w = World::new();
    let next = || w.by(w.keeper).next_settlement().unwrap();
    let end = || w.by(w.keeper).epoch_end().unwrap();
    w.pass(DAY);
    assert_eq!((next(), end()), (u(NOW + EPOCH - DAY), u(NOW + EPOCH - DAY)));
    w.pass(EPOCH);
    assert_eq!((next(), end()), (u(NOW - DAY), u(NOW + EPOCH - DAY)), "now, since a day ago");
    w.pass(EPOCH);
    assert_eq!(next(), u(NOW - DAY - EPOCH));
    w.settle();
    assert_eq!((next(), end()), (u(NOW + EPOCH - DAY), u(NOW + EPOCH - DAY)));
}

#[motsu::test]
fn without_bids_who_came_first_is_paid_first(alice: Address, bob: Address) {
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
    assert_eq!((w.pending(first), w.pending(second)), (u(0), u(234)));
    assert_eq!((w.claimable(alice), w.claimable(bob)), ((u(500), u(750)), (u(166), u(249))));
    assert_eq!(w.by(bob).claimable_shares(second, bob).unwrap(), u(166));
    assert_eq!(w.lane(0), (u(900), u(666)));

    w.fund(u(1_000));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(bob), (u(400), u(600)));
    assert_eq!(w.vault.sender(bob).cash.get(), u(2_000 - 999 - 351));
}

/// The example of docs/QEV.md, in milli-shares.
#[motsu::test]
fn bids_clear_at_one_premium_and_the_vault_keeps_it(ann: Address, bob: Address) {
    let w = World::new();
    w.quote(WAD);
    w.vault.sender(ann).cash.set(u(600_000));
    w.dollar.sender(ann).balances.insert(w.vault.address(), u(600_000));
    let patient = w.open(ann, 600_000);
    let ids = w.bids(bob, &[(40, 100_000), (20, 300_000), (20, 200_000), (4, 400_000)]);
    let estimate = w.by(ann).estimate().unwrap();
    w.settle();
    assert_eq!((estimate.premium, estimate.whole_from), (Tick(20), 40));
    w.queue.assert_emitted(&EpochSettled {
        epoch: u(0),
        shares: u(604_848),
        assets: u(599_999),
        price: WAD,
        premium: u(100),
    });
    w.queue.assert_emitted(&LanesFilled {
        settlement: u(1),
        wholeFrom: u(40),
        wholeShares: u(100_000),
        partShares: u(384_848),
        parShares: u(120_000),
        burnt: u(0),
        kept: u(4_849),
    });
    assert_eq!(w.vault.sender(ann).premium.get(), u(4_849));
    assert_eq!(w.by(ann).run_claim(patient, ann, Hint::NONE).motsu_unwrap(), u(120_000));
    let paid: Vec<U256> = ids[..3]
        .iter()
        .map(|id| w.by(bob).run_claim(*id, bob, Hint::NONE).motsu_unwrap())
        .collect();
    assert_eq!(paid, [u(99_000), u(297_000), u(83_999)]);
    assert_eq!(
        w.by(bob).run_claim(ids[3], bob, Hint::NONE).motsu_unwrap_err(),
        QueueError::from(NothingToClaim { position: ids[3] })
    );
    w.balanced();
}

#[motsu::test]
fn a_settlement_in_steps_goes_by_the_last_calls_price(bob: Address) {
    let w = World::new();
    let ids = w.bids(bob, &[(40, 100), (30, 100), (20, 100), (10, 1_000)]);
    w.by(bob).run_settle(ONE).motsu_unwrap();
    w.queue.assert_emitted(&SettlementAdvanced {
        epoch: u(0),
        tick: u(40),
        shares: u(100),
    });
    assert_eq!(w.claimable(bob), (u(0), u(0)), "nothing is paid before the end");
    w.quote(WAD);
    w.by(bob).run_settle(ONE).motsu_unwrap();
    w.by(bob).run_settle(ONE).motsu_unwrap();
    w.balanced();
    w.by(bob).run_settle(u(5)).motsu_unwrap();
    w.balanced();
    // 1,000 dollars at 1 and 50 bps: 300 of the first three, and the rest to the lane of tick 10.
    assert_eq!(w.by(bob).run_claim(ids[0], bob, Hint::NONE).motsu_unwrap(), u(99));
    assert_eq!(w.pending(ids[2]), u(0));
    assert_eq!(w.pending(ids[3]), u(1_300 - 1_005));
    assert_eq!(w.by(bob).book.desk().settlements, 1);
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
    assert_eq!(w.pending(late), u(10));
    assert_eq!(w.pending(in_time), u(0));
    w.pass(REVEAL);
    w.settle();
    assert_eq!((w.pending(late), w.pending(later)), (u(0), u(10)));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.pending(later), u(0));
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
    // A total loss, and a price beyond all numbers: nobody's shares are burnt for nothing, and the clock goes on.
    let position = w.open(alice, 10);
    for (epoch, price) in [(1, U256::ZERO), (2, U256::MAX)] {
        w.quote(price);
        w.pass(EPOCH);
        w.settle();
        w.queue.assert_emitted(&nothing(epoch, price));
        assert_eq!(w.pending(position), u(10));
    }
    assert_eq!(w.vault.sender(alice).fills.get(), u(3));
}

#[motsu::test]
fn a_vault_that_refuses_leaves_the_epoch_unsettled(alice: Address) {
    let w = World::new();
    let position = w.open(alice, 10);
    w.pass(EPOCH);
    w.vault.sender(alice).refuse.set(true);
    let error = w.by(w.keeper).run_settle(ONE).motsu_unwrap_err();
    assert_eq!(error, QueueError::from(b"vault refuses".to_vec()));
    assert_eq!(w.pending(position), u(10));
    assert_eq!(w.by(alice).clock.read().first_unsettled, 0);
}

#[motsu::test]
fn an_overdue_loan_that_is_not_marked_stops_the_settlement(alice: Address) {
    let w = World::new();
    let settle = || w.by(alice).run_settle(U256::MAX);
    let due = |at: u64| w.dues.sender(alice).due.set(u(at));
    w.pass(EPOCH);
    // Nobody answers for due days: none is heeded.
    due(NOW - 1);
    w.by(alice).run_wire().motsu_unwrap();
    w.queue.assert_emitted(&Wired { dueDays: Address::ZERO });
    settle().motsu_unwrap();
    w.dues.sender(alice).entered.set(true);
    w.by(alice).run_wire().motsu_unwrap();
    w.queue.assert_emitted(&Wired { dueDays: w.dues.address() });
    w.pass(EPOCH);
    let overdue = LoanOverdue {
        loan: u(9),
        due: u(NOW - 1),
    };
    assert_eq!(settle().motsu_unwrap_err(), QueueError::from(overdue));
    // Due now is on time, and so is none.
    for at in [NOW, 0] {
        due(at);
        settle().motsu_unwrap();
        w.pass(EPOCH);
    }
}

#[motsu::test]
fn sealing_and_opening_refuse_by_name(alice: Address, bob: Address) {
    let w = World::new();
    let position = w.open(alice, 1_000);
    let commitment = w.commitment(position, 9);
    let commit = |who, position, commitment| w.by(who).commit_bid(position, commitment).motsu_unwrap_err();
    assert_eq!(commit(alice, position, B256::ZERO), QueueError::from(ZeroAmount {}));
    assert_eq!(
        commit(alice, u(9), commitment),
        QueueError::from(UnknownPosition { position: u(9) })
    );
    assert_eq!(
        commit(bob, position, commitment),
        QueueError::from(NotController { position, caller: bob })
    );
    let no_bid = QueueError::from(NoBid { position, epoch: u(0) });
    assert_eq!(w.by(alice).abandon_bid(position).motsu_unwrap_err(), no_bid);
    assert_eq!(
        w.by(alice).withdraw_bid(position).motsu_unwrap_err(),
        QueueError::from(NotBidding { position })
    );
    w.by(alice).commit_bid_below(position, commitment, 8).motsu_unwrap();
    w.queue.assert_emitted(&BidCommitted {
        position,
        epoch: u(0),
        commitment,
        maxTick: 8,
    });
    let sealed = QueueError::from(BidSealed { position });
    assert_eq!(w.by(alice).cancel(position, ONE, alice).motsu_unwrap_err(), sealed);
    assert_eq!(w.by(alice).run_split(position, ONE).motsu_unwrap_err(), sealed);
    let early = QueueError::from(RevealNotBegun {
        epoch: u(0),
        beginsAt: u(NOW + EPOCH - REVEAL),
        timestamp: u(NOW),
    });
    assert_eq!(w.by(alice).reveal_bid(position, 9, SALT).motsu_unwrap_err(), early);
    // Abandoned in time, nothing is lost; sealed again.
    w.by(alice).abandon_bid(position).motsu_unwrap();
    assert_eq!(w.pending(position), u(1_000));
    w.by(alice).commit_bid_below(position, commitment, 8).motsu_unwrap();

    w.pass(EPOCH - REVEAL);
    let ended = QueueError::from(BiddingEnded {
        epoch: u(0),
        endedAt: u(NOW),
        timestamp: u(NOW),
    });
    assert_eq!(commit(alice, position, commitment), ended);
    let reveal = |who, tick, salt| w.by(who).reveal_bid(position, tick, salt).motsu_unwrap_err();
    for (tick, salt) in [(8, SALT), (9, B256::ZERO)] {
        let opened = w.by(alice).sealed(0, position, Tick(tick), salt);
        let wrong = WrongOpening {
            position,
            opened,
            commitment: store::kept_of(commitment),
        };
        assert_eq!(reveal(alice, tick, salt), QueueError::from(wrong));
    }
    assert_eq!(reveal(bob, 9, SALT), QueueError::from(NotController { position, caller: bob }));
    let above = TickAboveMaximum {
        position,
        tick: u(9),
        maxTick: u(8),
    };
    assert_eq!(reveal(alice, 9, SALT), QueueError::from(above));
    assert_eq!(
        w.by(alice).reveal_bids(vec![position], vec![], vec![SALT]).motsu_unwrap_err(),
        QueueError::from(LengthMismatch {})
    );
    w.balanced();
}

#[motsu::test]
fn a_tick_below_the_reserve_is_no_lane(alice: Address) {
    let w = World::new();
    let position = w.open(alice, 1_000);
    w.commit(alice, position, 1);
    w.pass(EPOCH - REVEAL);
    assert_eq!(
        w.by(alice).reveal_bid(position, 1, SALT).motsu_unwrap_err(),
        QueueError::from(InvalidTick { tick: u(1), reserve: u(2) })
    );
}

#[motsu::test]
fn a_bid_that_is_not_opened_loses_its_bond(alice: Address, bob: Address) {
    let w = World::new();
    let (kept, lost) = (w.open(alice, 1_000), w.open(bob, 1_001));
    w.commit(alice, kept, 3);
    w.commit(bob, lost, 3);
    w.pass(EPOCH - REVEAL);
    w.by(alice).reveal_bid(kept, 3, SALT).motsu_unwrap();
    w.by(bob).forfeit_bonds(vec![kept, lost, u(77)]).motsu_unwrap();
    assert_eq!(w.pending(lost), u(1_001), "the window is still open");
    w.pass(REVEAL);
    // Views know before anybody has taken it: 6 of 1,001, rounded up.
    assert_eq!(w.pending(lost), u(995));
    assert_eq!(w.held(), u(2_001));
    w.by(alice).forfeit_bonds(vec![kept, lost, lost, u(77)]).motsu_unwrap();
    w.queue.assert_emitted(&BondForfeited {
        position: lost,
        shares: u(6),
        assets: u(0),
    });
    assert_eq!((w.pending(kept), w.pending(lost)), (u(1_000), u(995)));
    w.balanced();
    w.vault.sender(bob).cash.set(U256::ZERO);
    w.settle();
    // Burnt also by a settlement that fills nobody.
    assert_eq!(w.vault.sender(bob).burnt.get(), u(6));
    assert_eq!(w.held(), u(1_995));
}

#[motsu::test]
fn a_bid_taken_back_while_others_open_theirs_loses_its_bond(alice: Address, bob: Address) {
    let w = World::new();
    let (large, single) = (w.open(alice, 1_001), w.open(bob, 1));
    w.commit(alice, large, 3);
    w.commit(bob, single, 3);
    w.pass(EPOCH - REVEAL);
    w.by(alice).abandon_bid(large).motsu_unwrap();
    w.queue.assert_emitted(&BondForfeited {
        position: large,
        shares: u(6),
        assets: u(0),
    });
    w.queue.assert_emitted(&BidAbandoned { position: large });
    assert_eq!(w.pending(large), u(995));
    w.balanced();
    let none = QueueError::from(NoBid {
        position: large,
        epoch: u(0),
    });
    assert_eq!(w.by(alice).abandon_bid(large).motsu_unwrap_err(), none);
    // The bond of a single share is all of it.
    w.by(bob).abandon_bid(single).motsu_unwrap();
    assert!(w.by(bob).find(single).is_none());
    w.balanced();
}

#[motsu::test]
fn of_a_position_that_was_all_bond_nothing_is_left_to_act_with(bob: Address) {
    let w = World::new();
    let single = w.open(bob, 1);
    w.commit(bob, single, 3);
    w.pass(EPOCH);
    w.vault.sender(bob).cash.set(U256::ZERO);
    w.settle();
    let commitment = w.commitment(single, 3);
    assert_eq!(
        w.by(bob).commit_bid(single, commitment).motsu_unwrap_err(),
        QueueError::from(ZeroAmount {})
    );
    w.by(bob).forfeit_bonds(vec![single]).motsu_unwrap();
    assert_eq!(
        w.by(bob).commit_bid(single, commitment).motsu_unwrap_err(),
        QueueError::from(UnknownPosition { position: single })
    );
}

#[motsu::test]
fn a_bond_lost_while_a_settlement_counts_is_not_counted(alice: Address, bob: Address) {
    let w = World::new();
    w.vault.sender(bob).cash.set(U256::ZERO);
    let ids = w.bids(bob, &[(40, 100), (30, 100)]);
    w.settle();
    w.commit(bob, ids[0], 50);
    w.pass(EPOCH);
    w.vault.sender(bob).cash.set(u(1_000));
    w.by(alice).run_settle(ONE).motsu_unwrap();
    w.queue.assert_emitted(&SettlementAdvanced {
        epoch: u(1),
        tick: u(40),
        shares: u(100),
    });
    assert_ne!(w.by(alice).book.desk().walk, crate::clearing::Walk::START);
    w.by(alice).forfeit_bonds(vec![ids[0]]).motsu_unwrap();
    assert_eq!(w.by(alice).book.desk().walk, crate::clearing::Walk::START, "from the beginning");
    w.balanced();
    w.settle();
    assert_eq!([w.pending(ids[0]), w.pending(ids[1])], [u(0), u(0)]);
    assert_eq!(
        (w.claimable(bob).0, w.vault.sender(bob).burnt.get(), w.held()),
        (u(199), u(1), u(0))
    );
}

#[motsu::test]
fn a_seal_puts_only_what_waits_at_stake(alice: Address) {
    let w = World::new();
    w.quote(WAD);
    w.fund(u(998_000));
    let position = w.open(alice, 1_000_000);
    w.pass(EPOCH);
    w.settle();
    assert_eq!((w.pending(position), w.claimable(alice)), (u(1_000), (u(999_000), u(999_000))));
    w.commit(alice, position, 3);
    w.balanced();
    assert_eq!(w.claimable(alice), (u(999_000), u(999_000)), "what was settled is out of the lane");
    assert_eq!(
        w.by(alice).find(position).unwrap().position.bond(),
        Ok(units::Shares(5)),
        "of the 1,000 that wait"
    );
    w.pass(EPOCH);
    assert_eq!((w.pending(position), w.claimable(alice)), (u(995), (u(999_000), u(999_000))));
    assert_eq!(w.by(alice).run_claim(position, alice, Hint::NONE).motsu_unwrap(), u(999_000));
    w.queue.assert_emitted(&BondForfeited {
        position,
        shares: u(5),
        assets: u(0),
    });
    w.balanced();
}

#[motsu::test]
fn where_nothing_waits_there_is_nothing_to_bid_for(alice: Address) {
    let w = World::new();
    let position = w.open(alice, 1_000);
    w.fund(u(10_000));
    w.pass(EPOCH);
    w.settle();
    assert_eq!((w.pending(position), w.claimable(alice)), (u(0), (u(1_000), u(1_500))));
    let commitment = w.commitment(position, 3);
    for most in [0, 8] {
        assert_eq!(
            w.by(alice).commit_bid_below(position, commitment, most).motsu_unwrap_err(),
            QueueError::from(ZeroAmount {})
        );
    }
}

#[motsu::test]
fn a_bid_that_is_filled_is_withdrawn_and_still_paid(bob: Address) {
    let w = World::new();
    let id = w.bids(bob, &[(40, 100)])[0];
    w.settle();
    let claimable = w.claimable(bob);
    assert_eq!((w.pending(id), claimable.0), (u(0), u(100)));
    w.by(bob).withdraw_bid(id).motsu_unwrap();
    assert_eq!(w.claimable(bob), claimable);
    assert_eq!(w.by(bob).run_claim(id, bob, Hint::NONE).motsu_unwrap(), claimable.1);
    w.balanced();
}

#[motsu::test]
fn a_bond_that_was_filled_before_it_was_taken_is_the_vaults(alice: Address) {
    let w = World::new();
    let position = w.open(alice, 1_000);
    w.commit(alice, position, 3);
    w.fund(u(10_000));
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice), (u(995), u(1_492)));
    assert_eq!(w.by(alice).run_claim(position, alice, Hint::NONE).motsu_unwrap(), u(1_492));
    w.queue.assert_emitted(&BondForfeited {
        position,
        shares: u(0),
        assets: u(7),
    });
    w.balanced();
    // The 8 that are left here are worth that much less to pay.
    let next = w.open(alice, 100);
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.vault.sender(alice).premium.get(), u(8));
    assert_eq!(w.by(alice).run_claim(next, alice, Hint::NONE).motsu_unwrap(), u(150));
    assert_eq!(w.dollars(w.queue.address()), u(0));
}

#[motsu::test]
fn a_bid_stands_until_it_is_withdrawn_while_bidding_is_open(alice: Address) {
    let w = World::new();
    w.vault.sender(alice).cash.set(U256::ZERO);
    let id = w.bids(alice, &[(40, 100)])[0];
    let unsettled = QueueError::from(EpochNotSettled { epoch: u(0) });
    assert_eq!(w.by(alice).withdraw_bid(id).motsu_unwrap_err(), unsettled);
    assert_eq!(w.by(alice).cancel(id, ONE, alice).motsu_unwrap_err(), unsettled);
    w.settle();
    assert_eq!(w.lane(40), (u(100), u(0)));
    w.by(alice).withdraw_bid(id).motsu_unwrap();
    w.queue.assert_emitted(&PositionMoved {
        position: id,
        lane: 0,
        start: u(100),
        shares: u(100),
    });
    assert_eq!((w.lane(40), w.lane(0)), ((u(0), u(0)), (u(100), u(0))));
    w.balanced();
}

#[motsu::test]
fn a_bid_that_was_wholly_filled_is_set_aside_with_a_log(alice: Address) {
    let w = World::new();
    let id = w.bids(alice, &[(40, 100)])[0];
    w.fund(u(10_000));
    w.settle();
    assert_eq!(w.pending(id), u(0));
    w.by(alice).withdraw_bid(id).motsu_unwrap();
    // It stays in its lane: nothing of it waits.
    w.queue.assert_emitted(&PositionMoved {
        position: id,
        lane: 40,
        start: u(100),
        shares: u(0),
    });
    w.balanced();
}

#[motsu::test]
fn shares_that_wait_are_given_back(alice: Address, bob: Address) {
    let w = World::new();
    let (first, second) = (w.open(alice, 500), w.open(bob, 400));
    w.pass(EPOCH);
    w.settle();
    let exceeds = ExceedsPending {
        position: second,
        requested: u(235),
        pending: u(234),
    };
    assert_eq!(w.by(bob).cancel(second, u(235), bob).motsu_unwrap_err(), QueueError::from(exceeds));
    assert_eq!(
        w.by(bob).cancel(second, u(0), bob).motsu_unwrap_err(),
        QueueError::from(ZeroAmount {})
    );
    assert_eq!(
        w.by(alice).cancel(first, U256::MAX, bob).motsu_unwrap_err(),
        QueueError::from(ZeroAmount {}),
        "nothing waits"
    );
    assert_eq!(w.by(bob).cancel(second, u(34), alice).motsu_unwrap(), u(34));
    w.balanced();
    assert_eq!(w.by(bob).cancel(second, U256::MAX, bob).motsu_unwrap(), u(200));
    w.balanced();
    // What was filled is still there.
    assert_eq!(w.by(bob).run_claim(second, bob, Hint::NONE).motsu_unwrap(), u(249));
    assert_eq!(
        w.by(bob).run_claim(second, bob, Hint::NONE).motsu_unwrap_err(),
        QueueError::from(UnknownPosition { position: second })
    );
    assert_eq!(w.by(bob).balance_of(bob).unwrap(), u(0));
    w.balanced();
}

#[motsu::test]
fn a_place_is_cut_and_put_together_again(alice: Address, bob: Address) {
    let w = World::new();
    let (first, other) = (w.open(alice, 1_600), w.open(bob, 10));
    let behind = w.split(alice, first, 600);
    w.queue.assert_emitted(&PositionSplit {
        position: first,
        behind,
        shares: u(600),
    });
    w.balanced();
    assert_eq!((w.pending(first), w.pending(behind)), (u(1_000), u(600)));
    let ahead = |id| w.by(alice).before(&w.by(alice).known(id).unwrap()).unwrap().0;
    assert_eq!((ahead(behind).0, ahead(other).0), (1_000, 1_600));
    let adjacent = |position, behind| QueueError::from(NotAdjacent { position, behind });
    assert_eq!(w.by(alice).run_merge(behind, first).motsu_unwrap_err(), adjacent(behind, first));
    w.by(alice).set_approval_for_all(bob, true).motsu_unwrap();
    w.by(bob).set_approval_for_all(alice, true).motsu_unwrap();
    assert_eq!(
        w.by(alice).run_merge(behind, other).motsu_unwrap_err(),
        adjacent(behind, other),
        "not one holder's"
    );
    w.by(alice).run_merge(first, behind).motsu_unwrap();
    w.balanced();
    assert_eq!(w.pending(first), u(1_600));
    assert!(w.by(alice).find(behind).is_none());
    // Sixteen ordinals, of which the first cut took half: three more, and no fourth.
    let mut last = first;
    for shares in [800, 400, 200] {
        last = w.split(alice, last, shares);
        w.balanced();
    }
    assert_eq!(
        w.by(alice).run_split(last, u(100)).motsu_unwrap_err(),
        QueueError::from(TooManyPieces { position: last })
    );
    // Something stays, and something goes.
    let all = QueueError::from(ExceedsPending {
        position: first,
        requested: u(800),
        pending: u(800),
    });
    assert_eq!(w.by(alice).run_split(first, u(800)).motsu_unwrap_err(), all);
    assert_eq!(
        w.by(alice).run_split(first, u(0)).motsu_unwrap_err(),
        QueueError::from(ZeroAmount {})
    );
    assert_eq!(
        w.by(alice).run_split(first, u(1_600)).motsu_unwrap_err(),
        QueueError::from(ExceedsPending {
            position: first,
            requested: u(1_600),
            pending: w.pending(first)
        })
    );
}

#[motsu::test]
fn places_are_put_together_up_to_the_longest_that_there_can_be(alice: Address, bob: Address) {
    let w = World::new();
    let most = store::MAX_LOT.to_u256();
    let open = |who, shares| w.by(w.vault.address()).open_position(who, shares).motsu_unwrap();
    let (first, second, third) = (open(alice, most - u(2)), open(alice, u(2)), open(alice, ONE));
    w.by(alice).run_merge(first, second).motsu_unwrap();
    assert_eq!((w.pending(first), w.pending(third)), (most, ONE));
    let refused = QueueError::from(SharesOutOfRange { shares: ONE << 96 });
    assert_eq!(w.by(alice).run_merge(first, third).motsu_unwrap_err(), refused);
    assert_eq!((w.pending(first), w.pending(third)), (most, ONE), "both are as they were");
    let (large, larger) = (open(bob, most), open(bob, most));
    let refused = QueueError::from(SharesOutOfRange { shares: most + most });
    assert_eq!(w.by(bob).run_merge(large, larger).motsu_unwrap_err(), refused);
}

#[motsu::test]
fn who_was_in_time_is_not_merged_with_who_was_not(alice: Address) {
    let w = World::new();
    let early = w.open(alice, 10);
    w.pass(EPOCH - REVEAL);
    let late = w.open(alice, 10);
    let apart = QueueError::from(NotAdjacent {
        position: early,
        behind: late,
    });
    assert_eq!(w.by(alice).run_merge(early, late).motsu_unwrap_err(), apart);
}

#[motsu::test]
fn a_position_that_is_sold_takes_everything_with_it(alice: Address, bob: Address, carol: Address) {
    let w = World::new();
    let position = w.open(alice, 1_000);
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice), (u(666), u(999)));
    for receiver in [w.queue.address(), w.vault.address()] {
        assert_eq!(
            w.by(alice).transfer_from(alice, receiver, position).motsu_unwrap_err(),
            QueueError::from(InvalidReceiver { receiver })
        );
    }
    w.by(alice).approve(carol, position).motsu_unwrap();
    w.by(carol).transfer_from(alice, bob, position).motsu_unwrap();
    w.balanced();
    // What is sent is in nobody's list until they say so.
    assert_eq!((w.claimable(alice), w.claimable(bob)), ((u(0), u(0)), (u(0), u(0))));
    assert_eq!(
        w.by(alice).run_claim(position, alice, Hint::NONE).motsu_unwrap_err(),
        QueueError::from(NotController { position, caller: alice })
    );
    w.by(bob).set_listed(position, true).motsu_unwrap();
    w.queue.assert_emitted(&PositionListed {
        position,
        controller: bob,
        listed: true,
    });
    assert_eq!(w.claimable(bob), (u(666), u(999)));
    w.by(bob).set_listed(position, false).motsu_unwrap();
    assert_eq!(w.claimable(bob), (u(0), u(0)));
    assert_eq!(w.by(bob).run_claim(position, carol, Hint::NONE).motsu_unwrap(), u(999));
    assert_eq!(w.dollars(carol), u(999));
    w.balanced();
}

/// What a buyer has in the middle of an epoch is what the seller had: the place, what is earned, the bid that is sealed and its bond.
#[motsu::test]
fn a_position_sold_mid_epoch_gives_the_buyer_exactly_what_the_seller_had(alice: Address, bob: Address, carol: Address) {
    let w = World::new();
    w.open(carol, 100);
    let position = w.open(alice, 1_000);
    w.pass(EPOCH);
    w.settle();
    w.commit(alice, position, 40);
    let seen = |w: &World| {
        let by = w.by(w.keeper);
        let holding = by.known(position).unwrap();
        let claim = by.claimable(&holding).unwrap();
        (holding.position, by.pending(&holding).unwrap(), claim, by.before(&holding).unwrap())
    };
    let before = seen(&w);
    w.by(alice).transfer_from(alice, bob, position).motsu_unwrap();
    assert_eq!(seen(&w), before);
    w.balanced();
    let refused = QueueError::from(NotController { position, caller: alice });
    w.pass(EPOCH - REVEAL);
    assert_eq!(w.by(alice).reveal_bid(position, 40, SALT).motsu_unwrap_err(), refused);
    w.by(bob).reveal_bid(position, 40, SALT).motsu_unwrap();
    w.fund(uint!(2000_U256));
    w.pass(REVEAL);
    w.settle();
    assert_eq!(w.by(alice).run_claim(position, alice, Hint::NONE).motsu_unwrap_err(), refused);
    // 566 shares at 1.5, and 434 at par again, for the cash covers all.
    assert_eq!(w.by(bob).run_claim(position, bob, Hint::NONE).motsu_unwrap(), u(1_500));
    assert_eq!((w.dollars(alice), w.dollars(bob)), (u(0), u(1_500)));
    w.balanced();
}

#[motsu::test]
fn who_is_barred_takes_nothing_out_and_stops_nobody(alice: Address, bob: Address, carol: Address) {
    let w = World::new();
    let (hers, his) = (w.open(alice, 300), w.open(bob, 300));
    w.by(alice).set_approval_for_all(carol, true).motsu_unwrap();
    w.vault.sender(alice).barred.set(alice);
    w.pass(EPOCH);
    w.settle();
    let barred = QueueError::from(b"barred".to_vec());
    // Herself, another for her, and for her what is another's.
    assert_eq!(w.by(alice).run_claim(hers, bob, Hint::NONE).motsu_unwrap_err(), barred);
    assert_eq!(w.by(carol).run_claim(hers, carol, Hint::NONE).motsu_unwrap_err(), barred);
    assert_eq!(w.by(bob).run_claim(his, alice, Hint::NONE).motsu_unwrap_err(), barred);
    assert_eq!(w.by(bob).claim_many(vec![his], alice, u(0)).motsu_unwrap_err(), barred);
    assert_eq!(w.by(alice).transfer_from(alice, bob, hers).motsu_unwrap_err(), barred);
    assert_eq!(w.by(bob).transfer_from(bob, alice, his).motsu_unwrap_err(), barred);
    assert_eq!(w.by(bob).run_claim(his, bob, Hint::NONE).motsu_unwrap(), u(450));
    // Nor may she act for another.
    w.vault.sender(alice).barred.set(carol);
    assert_eq!(w.by(carol).run_claim(hers, bob, Hint::NONE).motsu_unwrap_err(), barred);
    assert_eq!(w.by(alice).run_claim(hers, bob, Hint::NONE).motsu_unwrap(), u(450));
    w.balanced();
}

#[motsu::test]
fn many_are_claimed_at_once(alice: Address, bob: Address) {
    let w = World::new();
    let ids: Vec<U256> = [100, 50, 200].iter().map(|shares| w.open(alice, *shares)).collect();
    w.pass(EPOCH);
    w.settle();
    let below = BelowMinimum {
        assets: u(525),
        minimum: u(526),
    };
    assert_eq!(
        w.by(alice).claim_many(ids.clone(), bob, u(526)).motsu_unwrap_err(),
        QueueError::from(below)
    );
    let twice = [ids.clone(), vec![ids[0]]].concat();
    assert_eq!(
        w.by(alice).claim_many(twice, bob, u(0)).motsu_unwrap_err(),
        QueueError::from(UnknownPosition { position: ids[0] })
    );
    assert_eq!(w.by(alice).claim_many(ids, bob, u(525)).motsu_unwrap(), u(525));
    assert_eq!(w.dollars(bob), u(525));
    assert_eq!(w.by(alice).balance_of(alice).unwrap(), u(0));
    w.balanced();
}

#[motsu::test]
fn the_vault_claims_over_all_listed_positions(alice: Address, bob: Address) {
    let w = World::new();
    let vault = w.vault.address();
    let ids: Vec<U256> = [100, 50, 200].iter().map(|shares| w.open(alice, *shares)).collect();
    w.open(bob, 10);
    w.pass(EPOCH);
    w.settle();
    assert_eq!(w.claimable(alice), (u(350), u(525)));
    w.by(alice).run_claim(ids[1], alice, Hint::NONE).motsu_unwrap();
    assert_eq!(w.claimable(alice), (u(300), u(450)));
    // 101 shares: the first position whole, one share of the third.
    let paid = w.by(vault).claim_shares(alice, u(101), bob).motsu_unwrap();
    assert_eq!((paid, w.dollars(bob)), (u(151), u(151)));
    w.balanced();
    // 100 assets of the 299 that 199 shares are worth: 67 shares, rounded up.
    let burnt = w.by(vault).claim_assets(alice, u(100), bob).motsu_unwrap();
    assert_eq!((burnt, w.dollars(bob)), (u(67), u(251)));
    w.balanced();
    let (shares, assets) = w.claimable(alice);
    assert_eq!((shares, assets), (u(132), u(199)));
    assert_eq!(w.by(vault).claim_assets(alice, assets, bob).motsu_unwrap(), shares);
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
    let by_shares = |caller, amount, receiver| w.by(caller).claim_shares(alice, amount, receiver).motsu_unwrap_err();
    let by_assets = |caller, amount, receiver| w.by(caller).claim_assets(alice, amount, receiver).motsu_unwrap_err();
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

/// Taken in part, a single share stays whole; what it was worth is not counted twice.
#[motsu::test]
fn part_of_a_single_share_is_assets_for_no_share(alice: Address) {
    let w = World::new();
    let vault = w.vault.address();
    w.quote(WAD * u(9) / u(2));
    w.open(alice, 1);
    w.open(alice, 3);
    w.pass(EPOCH);
    w.settle();
    // 4.5 and 13.5: four halves of a wei are nobody's until somebody takes what is theirs.
    assert_eq!(w.claimable(alice), (u(4), u(17)));
    assert_eq!(w.by(vault).claim_assets(alice, u(2), alice).motsu_unwrap(), u(0));
    w.balanced();
    assert_eq!(w.by(vault).claim_assets(alice, u(3), alice).motsu_unwrap(), u(2));
    w.balanced();
    assert_eq!(w.by(vault).claim_assets(alice, u(12), alice).motsu_unwrap(), u(2));
    w.balanced();
}

#[motsu::test]
fn a_token_describes_its_place(alice: Address) {
    let w = World::new();
    w.open(alice, 10);
    let second = w.open(alice, 1_000);
    w.pass(EPOCH);
    w.settle();
    let uri = w.by(alice).describe(second).unwrap();
    assert_eq!(
        uri,
        "data:application/json;utf8,{\"name\":\"QEV 2\",\"attributes\":[{\"trait_type\":\"premium bps\",\"value\":\"0\"},\
         {\"trait_type\":\"shares ahead in lane\",\"value\":\"0\"},{\"trait_type\":\"shares in lanes above\",\"value\":\"0\"},\
         {\"trait_type\":\"waiting shares\",\"value\":\"344\"},{\"trait_type\":\"claimable assets\",\"value\":\"984\"}]}"
    );
}
