//! Positions: reading and writing them, and the list of those that their controller consented to.
//!
//! What a controller can claim through the vault adds up over its list. A position is listed when it is opened, which its controller
//! agreed to, and when its holder says so; not when somebody sends it. A list has room for seven: it lies in the word that counts the
//! controller's positions, which is written anyway. So nobody's claims cost more because of what others sent, nor without bound because
//! of what they opened themselves; what is not in the list is claimed by its id.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use erc721_ledger::{ERC721NonexistentToken, Erc721Error, Spare, Title};
use interfaces::calls::IVaultRedemptions;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    book::Hint,
    queue::Queue,
    store::{born_to, id_of, number_of, Clock, Holding},
    words::bits_u32,
    BondForfeited, ListFull, NotController, PositionListed, QueueError, UnknownPosition,
};

impl Queue {
    /// The position, if there is one.
    pub(crate) fn find(&self, id: U256) -> Option<Holding> {
        let holder = || self.ledger.find(id).map(|title| title.owner);
        self.positions.getter(id).read(id, holder)
    }

    /// Whose the position is, as its token's ledger would say it.
    pub(crate) fn title_of(&self, id: U256) -> Result<Title, QueueError> {
        let holding = self
            .find(id)
            .ok_or_else(|| Erc721Error::from(ERC721NonexistentToken { tokenId: id }))?;
        Ok(Title {
            owner: holding.owner,
            spare: Spare::default(),
        })
    }

    /// Writes down whose the position is, if nobody has.
    pub(crate) fn write_title(&mut self, id: U256) -> Result<(), QueueError> {
        let mut holding = self.known(id)?;
        if !holding.titled {
            let title = self.title_of(id)?;
            self.ledger.entitle(id, title);
            holding.titled = true;
            self.save(&mut holding)?;
        }
        Ok(())
    }

    pub(crate) fn known(&self, position: U256) -> Result<Holding, QueueError> {
        self.find(position).ok_or_else(|| UnknownPosition { position }.into())
    }

    /// The position, of which the caller may dispose: its holder, who is ERC-721's approved or operator, or the holder's ERC-7540 operator.
    /// A bond that was forfeited is taken off it.
    pub(crate) fn own(&mut self, position: U256) -> Result<Holding, QueueError> {
        let mut holding = self.known(position)?;
        let caller = self.vm().msg_sender();
        // The vault is asked where it would be refused otherwise: nobody else pays for the question.
        if !self.ledger.may_move(caller, holding.owner, position)
            && !IVaultRedemptions::new(self.vault.get()).is_operator(self, holding.owner, caller)?
        {
            return Err(NotController { position, caller }.into());
        }
        self.resolve(&mut holding)?;
        Ok(holding)
    }

    /// Takes off the bond of a bid that was not opened in its epoch; returns whether there was one.
    pub(crate) fn resolve(&mut self, holding: &mut Holding) -> Result<bool, QueueError> {
        if holding.position.committed == 0 {
            return Ok(false);
        }
        let clock = self.clock.read();
        let epoch = self.epoch_of(&clock)?;
        // The epoch of the commitment, plus one, is at most the epoch that is: then it has ended.
        if u64::from(holding.position.committed) > epoch {
            return Ok(false);
        }
        self.take_bond(holding)?;
        Ok(true)
    }

    /// The bond of a position is lost.
    pub(crate) fn take_bond(&mut self, holding: &mut Holding) -> Result<(), QueueError> {
        let tick = holding.position.lane;
        let (mut lane, settlements) = self.book.parts(tick);
        let lost = holding.position.forfeit(&mut *lane, settlements)?;
        drop(lane);
        self.left(tick)?;
        self.book.add_dust(lost.earned);
        let mut desk = self.book.desk();
        desk.forfeited = desk.forfeited.plus(lost.shares)?;
        self.book.set_desk(&desk)?;
        self.positions.setter(holding.id).unseal();
        self.save(holding)?;
        let (assets, _) = lost.earned.split()?;
        BondForfeited {
            position: holding.id,
            shares: lost.shares.to_u256(),
            assets: assets.to_u256(),
        }
        .emit(self.vm());
        Ok(())
    }

    /// Takes what is filled out of the lane.
    pub(crate) fn harvest(&mut self, holding: &mut Holding) -> Result<(), QueueError> {
        self.harvest_at(holding, Hint::NONE)
    }

    /// As the other, with somebody's word on where it was filled.
    pub(crate) fn harvest_at(&mut self, holding: &mut Holding, hint: Hint) -> Result<(), QueueError> {
        let position = &mut holding.position;
        let fraction = position.harvest(&*self.book.lane(position.lane), self.book.settlements(), hint)?;
        self.book.add_dust(fraction);
        Ok(())
    }

    /// Writes the position; one of which nothing is left is burnt.
    pub(crate) fn save(&mut self, holding: &mut Holding) -> Result<(), QueueError> {
        let Holding { id, owner, titled, .. } = *holding;
        // One that lost all it had with its bond is no more.
        if !self.positions.getter(id).exists() {
            return Err(UnknownPosition { position: id }.into());
        }
        if !holding.position.is_finished() {
            self.positions.setter(id).write(holding);
            return Ok(());
        }
        self.unlist(owner, id);
        self.positions.setter(id).erase(holding);
        if titled {
            self.ledger.burn(id)?;
        } else {
            self.ledger.burn_untitled(owner, id);
        }
        Ok(())
    }

    /// Appends a position to its controller's list, if there is room; whether there was.
    pub(crate) fn list(&mut self, controller: Address, id: U256) -> bool {
        let mut account = self.ledger.account(controller);
        let end = List(account).len();
        let Ok(number) = u32::try_from(number_of(&id)) else {
            return false;
        };
        if end == List::ROOM {
            return false;
        }
        account |= U256::from(number) << List::place(end);
        self.ledger.set_account(controller, &account);
        true
    }

    /// Takes a position off its controller's list, if it is there; the last one takes its place.
    pub(crate) fn unlist(&mut self, controller: Address, id: U256) {
        let account = self.ledger.account(controller);
        let list = List(account);
        let end = list.len();
        let Some(index) = (0..end).find(|index| u64::from(list.number(*index)) == number_of(&id)) else {
            return;
        };
        // The differences of both numbers to what will stand there.
        let hindmost = U256::from(list.number(end - 1));
        let mut changed = account ^ hindmost << List::place(end - 1);
        if index + 1 != end {
            changed ^= (hindmost ^ U256::from(list.number(index))) << List::place(index);
        }
        self.ledger.set_account(controller, &changed);
    }

    /// See [`Queue::set_listed`].
    pub(crate) fn run_set_listed(&mut self, position: U256, listed: bool) -> Result<(), QueueError> {
        let holding = self.own(position)?;
        let controller = holding.owner;
        let is_listed = self.listed(controller).contains(&position);
        if listed == is_listed || holding.position.is_finished() {
            return Ok(());
        }
        if !listed {
            self.unlist(controller, position);
        } else if self.list(controller, position) {
            let born_to = born_to(&position);
            if born_to != controller {
                self.births.insert(U256::from(number_of(&position)), born_to);
            }
        } else {
            return Err(ListFull { controller }.into());
        }
        PositionListed {
            position,
            controller,
            listed,
        }
        .emit(self.vm());
        Ok(())
    }

    /// The ids in the list of `controller`.
    pub(crate) fn listed(&self, controller: Address) -> Vec<U256> {
        let list = List(self.ledger.account(controller));
        let id = |index| {
            let number = u64::from(list.number(index));
            let own = id_of(controller, number);
            if self.positions.getter(own).exists() {
                own
            } else {
                id_of(self.births.get(U256::from(number)), number)
            }
        };
        (0..list.len()).map(id).collect()
    }

    /// The epoch that is.
    pub(crate) fn epoch_of(&self, clock: &Clock) -> Result<u64, QueueError> {
        Ok(clock.schedule.epoch(self.vm().block_timestamp())?.0)
    }
}

/// The numbers of the positions that a controller claims through the vault: the seven upper parts of its word in the ledger.
struct List(U256);

impl List {
    /// How many numbers there can be.
    const ROOM: usize = 7;

    /// The bit at which the number at `index` begins.
    fn place(index: usize) -> usize {
        32 * (index + 1)
    }

    /// The number at `index`; 0 behind the last.
    fn number(&self, index: usize) -> u32 {
        bits_u32(&self.0, Self::place(index))
    }

    /// How many there are.
    fn len(&self) -> usize {
        (0..Self::ROOM).find(|index| self.number(*index) == 0).unwrap_or(Self::ROOM)
    }
}
