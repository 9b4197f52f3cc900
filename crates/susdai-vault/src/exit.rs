//! Redemptions: asynchronous, the queue doing the work (PROTOCOL 3.4, 5).
//!
//! The vault holds the shares' ledger and the consent: who may put whose shares into the queue for whom, and who may take what is
//! settled. Places, prices and claims are the queue's.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use fixed_point::{mul_div_down, Assets, Shares, WAD};
use interfaces::calls::IQueue;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    errors::{AccountBlacklisted, NotControllerOrOperator, NotWired, OnlyQueue, VaultError, ZeroAmount},
    events::{RedeemRequest, RedemptionsFilled, SharesForfeited, Withdraw},
    vault::{require_address, Vault},
    vesting::VESTING_PERIOD,
};

impl Vault {
    /// Moves `shares` of `owner` to the queue and opens a position of `controller` over them.
    pub(crate) fn request(&mut self, shares: Shares, controller: Address, owner: Address) -> Result<U256, VaultError> {
        if shares.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        self.require_unpaused()?;
        // Nobody fills another's hands with positions: a position needs its controller's consent (PROTOCOL 5.4).
        let sender = self.require_controller(controller)?;
        self.require_allowed([owner, controller])?;
        self.require_allowed([sender, sender])?;
        let queue = self.wired_queue()?;
        if sender != owner && !self.operates(owner, sender) {
            self.shares.spend_allowance(owner, sender, shares.0)?;
        }
        self.shares.transfer(owner, queue.address, shares.0)?;
        let request_id = queue.open_position(self, controller, shares.0)?;
        RedeemRequest {
            controller,
            owner,
            requestId: request_id,
            sender,
            shares: shares.0,
        }
        .emit(self.vm());
        Ok(request_id)
    }

    /// Claims the assets of `shares`.
    pub(crate) fn claim_by_shares(&mut self, shares: U256, receiver: Address, controller: Address) -> Result<U256, VaultError> {
        let (sender, queue) = self.require_claim(shares, receiver, controller)?;
        let assets = queue.claim_shares(self, controller, shares, receiver)?;
        self.log_withdraw(sender, receiver, controller, assets, shares);
        Ok(assets)
    }

    /// Claims exactly `assets`.
    pub(crate) fn claim_by_assets(&mut self, assets: U256, receiver: Address, controller: Address) -> Result<U256, VaultError> {
        let (sender, queue) = self.require_claim(assets, receiver, controller)?;
        let shares = queue.claim_assets(self, controller, assets, receiver)?;
        self.log_withdraw(sender, receiver, controller, assets, shares);
        Ok(shares)
    }

    /// Claimable shares and assets of `controller`.
    pub(crate) fn claimable_of(&self, controller: Address) -> Result<(U256, U256), VaultError> {
        if self.blacklist.get(controller) {
            return Ok((U256::ZERO, U256::ZERO));
        }
        self.ask(|queue| queue.claimable_of(self, controller))
    }

    /// Second from which the next redemptions can be settled, passed if nobody has yet; 0 before there is a queue.
    pub(crate) fn next_settlement(&self) -> Result<U256, VaultError> {
        self.ask(|queue| queue.next_settlement(self))
    }

    /// Shares of position `id` that wait.
    pub(crate) fn pending(&self, id: U256, controller: Address) -> Result<U256, VaultError> {
        self.ask(|queue| queue.pending_shares(self, id, controller))
    }

    /// Shares of position `id` that are settled and not claimed.
    pub(crate) fn claimable(&self, id: U256, controller: Address) -> Result<U256, VaultError> {
        self.ask(|queue| queue.claimable_shares(self, id, controller))
    }

    /// Burns what the queue settled, pays it, and lets the premium vest.
    pub(crate) fn fill(&mut self, shares: Shares, assets: Assets, premium: Assets) -> Result<(), VaultError> {
        let queue = self.require_queue()?;
        // A settlement that fills nobody still ends the epoch's claim on what was repaid in it.
        let nobody = shares.is_zero();
        if nobody && !(assets.is_zero() && premium.is_zero()) {
            return Err(ZeroAmount {}.into());
        }
        let till = self.till_book().settle(assets)?;
        self.set_till(&till)?;
        self.vest_gain(premium)?;
        if !nobody {
            self.shares.burn(queue, shares.0)?;
        }
        RedemptionsFilled {
            shares: shares.0,
            assets: assets.0,
            premium: premium.0,
        }
        .emit(self.vm());
        if nobody {
            return Ok(());
        }
        self.pay(queue, assets)
    }

    /// Burns forfeited bonds. What they were worth stays with all shares, and vests.
    pub(crate) fn forfeit(&mut self, shares: Shares) -> Result<(), VaultError> {
        let queue = self.require_queue()?;
        if shares.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        let price = self.snapshot()?.exit()?.exit_price()?;
        self.shares.burn(queue, shares.0)?;
        self.vest_gain(Assets(mul_div_down(shares.0, price, WAD)?))?;
        SharesForfeited { shares: shares.0 }.emit(self.vm());
        Ok(())
    }

    /// Succeeds unless one of the two is barred.
    pub(crate) fn require_allowed(&self, accounts: [Address; 2]) -> Result<(), VaultError> {
        for account in accounts {
            if self.blacklist.get(account) {
                return Err(AccountBlacklisted { account }.into());
            }
        }
        Ok(())
    }

    /// Lets a gain vest, if there is one: an addition of nothing would still start the line of earlier income anew.
    pub(crate) fn vest_gain(&mut self, gain: Assets) -> Result<(), VaultError> {
        if gain.is_zero() {
            return Ok(());
        }
        self.vest(gain)
    }

    /// Adds income to what vests.
    pub(crate) fn vest(&mut self, income: Assets) -> Result<(), VaultError> {
        let line = self.vesting_line().add(income, VESTING_PERIOD, self.now())?;
        self.set_vesting(&line)
    }

    /// What those who wait in the queue would get at the conservative value, rounded up; bonds included.
    pub(crate) fn awaited(&self) -> Result<Assets, VaultError> {
        let waiting = self.shares.balance_of(self.queue.get());
        Ok(self.snapshot()?.exit()?.to_assets_up(Shares(waiting))?)
    }

    /// The queue, if it is the caller.
    fn require_queue(&self) -> Result<Address, VaultError> {
        let queue = self.queue.get();
        let caller = self.vm().msg_sender();
        if caller != queue {
            return Err(OnlyQueue { caller }.into());
        }
        Ok(queue)
    }

    /// The caller and the queue, if the caller may claim `amount` of `controller` for `receiver`.
    fn require_claim(&self, amount: U256, receiver: Address, controller: Address) -> Result<(Address, IQueue), VaultError> {
        if amount.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        require_address(receiver)?;
        let sender = self.require_controller(controller)?;
        self.require_allowed([controller, receiver])?;
        self.require_allowed([sender, sender])?;
        Ok((sender, self.wired_queue()?))
    }

    /// The caller, if it is `controller` or its operator.
    fn require_controller(&self, controller: Address) -> Result<Address, VaultError> {
        let caller = self.vm().msg_sender();
        if caller == controller || self.operates(controller, caller) {
            Ok(caller)
        } else {
            Err(NotControllerOrOperator { caller, controller }.into())
        }
    }

    /// What the queue answers; nothing before there is one, for these views of ERC-4626 and ERC-7540 do not revert.
    fn ask<T: Default>(&self, question: impl FnOnce(IQueue) -> Result<T, Vec<u8>>) -> Result<T, VaultError> {
        match self.wired_queue() {
            Ok(queue) => Ok(question(queue)?),
            Err(_) => Ok(T::default()),
        }
    }

    fn wired_queue(&self) -> Result<IQueue, VaultError> {
        let queue = self.queue.get();
        if queue.is_zero() {
            return Err(NotWired {}.into());
        }
        Ok(IQueue::new(queue))
    }

    fn log_withdraw(&self, sender: Address, receiver: Address, owner: Address, assets: U256, shares: U256) {
        Withdraw {
            sender,
            receiver,
            owner,
            assets,
            shares,
        }
        .emit(self.vm());
    }
}
