//! The journeys. Each notes its balances of what it will touch, goes its way, and compares.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use erc20_ledger::{
    foreign::{balance_of, safe_approve, safe_transfer, safe_transfer_from},
    IErc2612,
};
use filo_origination::{errors::OnlyBorrower, Offer};
use interfaces::calls::{IFiloPayments, IQueueBids, IUsdai, IVault};
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use crate::{
    gateway::{non_zero, Authorization, Gateway, Permit},
    quotes::wired,
    BalanceChanged, ClaimedTo, DeadlineExpired, DepositedAndStaked, DrawnTo, GatewayError, InvalidReceiver, NothingArrived, OtherPosition,
    RepaidFrom, RequestedAndBid, ZeroAmount,
};

lean_abi::interface! {
    /// Origination as the gateway's journeys use it.
    pub(crate) interface IOriginationDraws {
        /// Takes an offer, by its borrower or an operator of theirs; returns the loan's id.
        function draw(Offer offer, bytes signature, address receiver) external returns (uint256);
    }
}

/// What the gateway held of a token as a journey began.
#[derive(Clone, Copy)]
struct Found {
    token: Address,
    balance: U256,
}

impl Gateway {
    /// See [`Gateway::deposit_and_stake`].
    #[allow(clippy::too_many_arguments, reason = "as many as the journey has bounds")]
    pub(crate) fn run_deposit_and_stake(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
        permit: Option<&Permit>,
    ) -> Result<U256, GatewayError> {
        self.require_in_time(deadline)?;
        self.require_receiver(receiver)?;
        let (vault, caller) = (self.vault.get(), self.vm().msg_sender());
        let (found, deposited, usdai) = self.take_in(token, amount, min_usdai, permit)?;
        safe_approve(self, found[1].token, vault, usdai)?;
        let shares = IVault::new(vault).deposit(self, usdai, receiver, min_shares)?;
        self.require_as_found(&found)?;
        DepositedAndStaked {
            caller,
            receiver,
            token,
            deposited,
            usdai,
            shares,
        }
        .emit(self.vm());
        Ok(shares)
    }

    /// See [`Gateway::request_and_bid`].
    pub(crate) fn run_request_and_bid(
        &mut self,
        shares: U256,
        position: U256,
        commitment: B256,
        max_tick: u8,
        deadline: U256,
        authorization: Option<&Authorization>,
    ) -> Result<U256, GatewayError> {
        self.require_in_time(deadline)?;
        let (vault, caller) = (self.consented(authorization)?, self.vm().msg_sender());
        let opened = vault.request_redeem(self, shares, caller, caller)?;
        if opened != position {
            return Err(OtherPosition {
                expected: position,
                opened,
            }
            .into());
        }
        IQueueBids::new(self.queue.get()).commit_bid(self, position, commitment, max_tick)?;
        RequestedAndBid {
            caller,
            position,
            shares,
            commitment,
        }
        .emit(self.vm());
        Ok(position)
    }

    /// See [`Gateway::claim_to`].
    pub(crate) fn run_claim_to(
        &mut self,
        shares: U256,
        token: Address,
        min_amount: U256,
        receiver: Address,
        deadline: U256,
        authorization: Option<&Authorization>,
    ) -> Result<U256, GatewayError> {
        self.require_in_time(deadline)?;
        self.require_receiver(receiver)?;
        let (vault, caller, here) = (self.consented(authorization)?, self.vm().msg_sender(), self.vm().contract_address());
        let found = self.find(self.usdai.get())?;
        let shares = if shares == U256::MAX {
            vault.max_redeem(self, caller)?
        } else {
            shares
        };
        let claimed = vault.redeem(self, shares, here, caller)?;
        let (paid, remainder) = self.pay_out(found, claimed, token, min_amount, receiver)?;
        ClaimedTo {
            caller,
            receiver,
            token,
            shares,
            claimed,
            paid,
            remainder,
        }
        .emit(self.vm());
        Ok(paid)
    }

    /// See [`Gateway::draw_to`].
    pub(crate) fn run_draw_to(
        &mut self,
        offer: Offer,
        signature: Vec<u8>,
        token: Address,
        min_amount: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<(U256, U256), GatewayError> {
        self.require_in_time(deadline)?;
        self.require_receiver(receiver)?;
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());
        // Other borrowers trust the gateway too.
        let (borrower, principal) = (offer.borrower, offer.principal);
        if caller != borrower {
            return Err(OnlyBorrower { caller, borrower }.into());
        }
        let found = self.find(wired(self.usdai.get())?)?;
        let loan = IOriginationDraws::new(self.origination.get()).draw(self, offer, signature, here)?;
        let (paid, remainder) = self.pay_out(found, principal, token, min_amount, receiver)?;
        DrawnTo {
            caller,
            loan,
            token,
            receiver,
            principal,
            paid,
            remainder,
        }
        .emit(self.vm());
        Ok((loan, paid))
    }

    /// See [`Gateway::repay_from`].
    pub(crate) fn run_repay_from(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        loan: U256,
        deadline: U256,
        permit: Option<&Permit>,
    ) -> Result<U256, GatewayError> {
        self.require_in_time(deadline)?;
        let (filo, caller) = (self.filo.get(), self.vm().msg_sender());
        let (found, deposited, brought) = self.take_in(token, amount, min_usdai, permit)?;
        let usdai = found[1].token;
        safe_approve(self, usdai, filo, brought)?;
        let paid = IFiloPayments::new(filo).pay(self, loan, brought)?;
        let refunded = brought.saturating_sub(paid);
        if !refunded.is_zero() {
            safe_approve(self, usdai, filo, U256::ZERO)?;
            safe_transfer(self, usdai, caller, refunded)?;
        }
        self.require_as_found(&found)?;
        RepaidFrom {
            caller,
            loan,
            token,
            deposited,
            paid,
            refunded,
        }
        .emit(self.vm());
        Ok(paid)
    }

    /// Succeeds if `receiver` can do something with what it receives.
    fn require_receiver(&self, receiver: Address) -> Result<(), GatewayError> {
        non_zero(receiver)?;
        if receiver == self.vm().contract_address() {
            return Err(InvalidReceiver { receiver }.into());
        }
        Ok(())
    }

    /// Takes `amount` of `token` from the caller and turns what arrives into USDai. Returns what was found of both, the token first, what
    /// arrived, and the USDai.
    fn take_in(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        permit: Option<&Permit>,
    ) -> Result<([Found; 2], U256, U256), GatewayError> {
        if amount.is_zero() {
            return Err(ZeroAmount {}.into());
        }
        non_zero(token)?;
        let (usdai, here) = (wired(self.usdai.get())?, self.vm().contract_address());
        let found = [self.find(token)?, self.find(usdai)?];
        self.pull(token, amount, permit)?;
        let arrived = balance_of(self, token, here)?
            .checked_sub(found[0].balance)
            .filter(|arrived| !arrived.is_zero())
            .ok_or(NothingArrived { token })?;
        safe_approve(self, token, usdai, arrived)?;
        let minted = IUsdai::new(usdai).deposit(self, token, arrived, min_usdai, here)?;
        Ok((found, arrived, minted))
    }

    /// Turns `usdai` of the gateway's into at least `min_amount` of `token` for `receiver`, who gets what is less than a base unit as it is.
    /// Returns both.
    fn pay_out(
        &mut self,
        found: Found,
        usdai: U256,
        token: Address,
        min_amount: U256,
        receiver: Address,
    ) -> Result<(U256, U256), GatewayError> {
        let paid = IUsdai::new(found.token).withdraw(self, token, usdai, min_amount, receiver)?;
        let remainder = self.find(found.token)?.balance.saturating_sub(found.balance);
        if !remainder.is_zero() {
            safe_transfer(self, found.token, receiver, remainder)?;
        }
        self.require_as_found(&[found])?;
        Ok((paid, remainder))
    }

    /// The vault, told of the caller's consent if it came along.
    fn consented(&mut self, authorization: Option<&Authorization>) -> Result<IVault, GatewayError> {
        let vault = IVault::new(wired(self.vault.get())?);
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());
        if let Some(Authorization {
            nonce,
            deadline,
            signature,
        }) = authorization
        {
            // Whoever saw it may have used it before us: then the gateway is the operator all the same.
            let _ = vault.authorize_operator(self, caller, here, true, *nonce, *deadline, signature.0.clone());
        }
        Ok(vault)
    }

    /// Takes `amount` of `token` from the caller, by permit if there is one and the token takes it.
    fn pull(&mut self, token: Address, amount: U256, permit: Option<&Permit>) -> Result<(), GatewayError> {
        let (caller, here) = (self.vm().msg_sender(), self.vm().contract_address());
        if let Some(&Permit { deadline, v, r, s }) = permit {
            // Whoever saw it may have used it before us: then the allowance is there all the same.
            let _ = IErc2612::new(token).permit(self, caller, here, amount, deadline, v, r, s);
        }
        Ok(safe_transfer_from(self, token, caller, here, amount)?)
    }

    fn find(&self, token: Address) -> Result<Found, GatewayError> {
        let balance = balance_of(self, token, self.vm().contract_address())?;
        Ok(Found { token, balance })
    }

    fn require_in_time(&self, deadline: U256) -> Result<(), GatewayError> {
        let timestamp = U256::from(self.vm().block_timestamp());
        if timestamp > deadline {
            return Err(DeadlineExpired { deadline, timestamp }.into());
        }
        Ok(())
    }

    /// Succeeds if the gateway has of every token what it had.
    fn require_as_found(&self, found: &[Found]) -> Result<(), GatewayError> {
        for Found { token, balance: before } in found.iter().copied() {
            let afterwards = self.find(token)?.balance;
            if afterwards != before {
                return Err(BalanceChanged { token, before, afterwards }.into());
            }
        }
        Ok(())
    }
}
