//! The shell: storage and external functions.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use filo_origination::Offer;
use interfaces::{authority, ids::address};
use lean_abi::{AbiType, SolidityEvent};
use stylus_sdk::{abi::Bytes, prelude::*, storage::StorageAddress};

use crate::{
    ClaimedTo, DepositedAndStaked, DrawnTo, GatewayError, LoanQuote, PositionQuote, RepaidFrom, RequestedAndBid, Snapshot, Wired,
    ZeroAddress,
};

/// An ERC-2612 approval of exactly what a journey takes, by signature of the caller.
#[derive(AbiType, Clone, Copy, Debug, PartialEq, Eq)]
pub struct Permit {
    /// Until when the signature counts (seconds).
    pub deadline: U256,
    /// Its parity.
    pub v: u8,
    /// Its first half.
    pub r: B256,
    /// Its second half.
    pub s: B256,
}

/// An ERC-7741 authorization of the gateway as the caller's operator at the vault, by the caller's signature.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Authorization {
    /// The caller's choice; each counts once.
    pub nonce: B256,
    /// Until when the signature counts (seconds).
    pub deadline: U256,
    /// An account's `r`, `s`, `v`, or what a contract takes for its signature (ERC-1271).
    pub signature: Bytes,
}

/// State of the gateway: where everything is.
#[storage]
pub struct Gateway {
    router: StorageAddress,
    pub(crate) usdai: StorageAddress,
    pub(crate) vault: StorageAddress,
    pub(crate) queue: StorageAddress,
    pub(crate) filo: StorageAddress,
    pub(crate) origination: StorageAddress,
}

// SAFETY: `Gateway` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Gateway {}

/// The protocol's front door: several steps in one transaction, and what a dashboard shows in one call. It owns nothing, has no power, and
/// acts for the caller alone. USDai and sUSDai in wei, times in seconds, deadlines inclusive.
#[lean_abi::contract(
    errors(GatewayError),
    events(Wired, DepositedAndStaked, RequestedAndBid, ClaimedTo, DrawnTo, RepaidFrom)
)]
impl Gateway {
    /// The front door of the protocol whose address book is at `router`.
    ///
    /// # Errors
    /// `ZeroAddress`.
    #[constructor]
    pub fn constructor(&mut self, router: Address) -> Result<(), GatewayError> {
        non_zero(router)?;
        self.router.set(router);
        Ok(())
    }

    /// Takes the addresses of USDai, the vault, the queue, FiLo and its originations over from the router. By anybody: the router is the authority.
    ///
    /// # Errors
    /// `AddressNotSet` if the router lacks one.
    ///
    /// # Events
    /// `Wired`.
    pub fn wire(&mut self) -> Result<(), GatewayError> {
        let router = self.router.get();
        let usdai = authority::address_of(self, router, address::USDAI)?;
        let vault = authority::address_of(self, router, address::SUSDAI)?;
        let queue = authority::address_of(self, router, address::QEV)?;
        let filo = authority::address_of(self, router, address::FILO)?;
        let origination = authority::address_of(self, router, address::ORIGINATION)?;
        self.usdai.set(usdai);
        self.vault.set(vault);
        self.queue.set(queue);
        self.filo.set(filo);
        self.origination.set(origination);
        Wired {
            usdai,
            vault,
            queue,
            filo,
            origination,
        }
        .emit(self.vm());
        Ok(())
    }

    /// The address book.
    pub fn router(&self) -> Address {
        self.router.get()
    }

    /// Stablecoin to sUSDai: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `min_usdai` USDai and
    /// stakes those for at least `min_shares` sUSDai of `receiver`. Returns the shares. The caller approves this contract for `amount` first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `NothingArrived`, `BalanceChanged`,
    /// `TokenCallFailed`, or what the token, USDai or the vault reverts with, slippage included.
    ///
    /// # Events
    /// `DepositedAndStaked`.
    pub fn deposit_and_stake(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<U256, GatewayError> {
        self.run_deposit_and_stake(token, amount, min_usdai, min_shares, receiver, deadline, None)
    }

    /// As `depositAndStake`, with the approval that it needs.
    ///
    /// # Errors
    /// As `depositAndStake`. A permit that the token refuses is none: then the allowance decides.
    ///
    /// # Events
    /// `DepositedAndStaked`.
    #[allow(clippy::too_many_arguments, reason = "as many as the journey has bounds")]
    pub fn deposit_and_stake_with_permit(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        min_shares: U256,
        receiver: Address,
        deadline: U256,
        permit: Permit,
    ) -> Result<U256, GatewayError> {
        self.run_deposit_and_stake(token, amount, min_usdai, min_shares, receiver, deadline, Some(&permit))
    }

    /// Requests the redemption of `shares` of the caller and seals a bid for the new position, of at most `max_tick` (0 is any). A commitment
    /// contains the position, so the caller says which one it reckons with: its own address, and `nextPosition` of the queue. Returns it. The caller
    /// makes this contract its operator at the vault first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `NotWired`, `OtherPosition` if somebody else was faster, or what the vault or the queue reverts with.
    ///
    /// # Events
    /// `RequestedAndBid`.
    pub fn request_and_bid(
        &mut self,
        shares: U256,
        position: U256,
        commitment: B256,
        max_tick: u8,
        deadline: U256,
    ) -> Result<U256, GatewayError> {
        self.run_request_and_bid(shares, position, commitment, max_tick, deadline, None)
    }

    /// As `requestAndBid`, with the consent that it needs.
    ///
    /// # Errors
    /// As `requestAndBid`. An authorization that the vault refuses is none: then it decides by those it knows.
    ///
    /// # Events
    /// `RequestedAndBid`.
    pub fn request_and_bid_with_authorization(
        &mut self,
        shares: U256,
        position: U256,
        commitment: B256,
        max_tick: u8,
        deadline: U256,
        authorization: Authorization,
    ) -> Result<U256, GatewayError> {
        self.run_request_and_bid(shares, position, commitment, max_tick, deadline, Some(&authorization))
    }

    /// Settled redemption to stablecoin: claims what `shares` of the caller's claimable shares are worth (the largest number stands for
    /// the vault's `maxRedeem`: those of the positions on the caller's list) and pays it to `receiver` in `token`, at least `min_amount` of it. What is less than a unit of the base token goes to
    /// the receiver in USDai. Returns what it was paid. The caller makes this contract its operator at the vault first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `BalanceChanged`, `TokenCallFailed`, or what the vault, the queue or
    /// USDai reverts with, slippage included.
    ///
    /// # Events
    /// `ClaimedTo`.
    pub fn claim_to(
        &mut self,
        shares: U256,
        token: Address,
        min_amount: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<U256, GatewayError> {
        self.run_claim_to(shares, token, min_amount, receiver, deadline, None)
    }

    /// As `claimTo`, with the consent that it needs.
    ///
    /// # Errors
    /// As `claimTo`. An authorization that the vault refuses is none: then it decides by those it knows.
    ///
    /// # Events
    /// `ClaimedTo`.
    pub fn claim_to_with_authorization(
        &mut self,
        shares: U256,
        token: Address,
        min_amount: U256,
        receiver: Address,
        deadline: U256,
        authorization: Authorization,
    ) -> Result<U256, GatewayError> {
        self.run_claim_to(shares, token, min_amount, receiver, deadline, Some(&authorization))
    }

    /// Loan to stablecoin: takes the caller's `offer` (`signature` is its curator's, nothing if it is posted) and pays `receiver` the loan's
    /// principal in `token`, at least `min_amount` of it. What is less than a unit of the base token goes to the receiver in USDai. Returns
    /// the loan's id and what was paid. The caller makes this contract its operator at origination first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAddress` (token or receiver), `InvalidReceiver` for the gateway, `NotWired`, `OnlyBorrower`, `BalanceChanged`, `TokenCallFailed`, or what
    /// origination, FiLo or USDai reverts with, slippage included.
    ///
    /// # Events
    /// `DrawnTo`.
    #[returns(loan, paid)]
    pub fn draw_to(
        &mut self,
        offer: Offer,
        signature: Bytes,
        token: Address,
        min_amount: U256,
        receiver: Address,
        deadline: U256,
    ) -> Result<(U256, U256), GatewayError> {
        self.run_draw_to(offer, signature.0, token, min_amount, receiver, deadline)
    }

    /// Repays a loan from a stablecoin: takes `amount` of `token` from the caller (what arrives counts), turns it into at least `min_usdai`
    /// USDai, pays with them what `loan` owes, and gives the caller what is left. Anybody may pay for a borrower. Returns the USDai paid.
    /// The caller approves this contract for `amount` first.
    ///
    /// # Errors
    /// `DeadlineExpired`, `ZeroAmount`, `ZeroAddress` (token), `NotWired`, `NothingArrived`, `BalanceChanged`, `TokenCallFailed`, or what
    /// the token, USDai or FiLo reverts with, slippage included.
    ///
    /// # Events
    /// `RepaidFrom`.
    pub fn repay_from(&mut self, token: Address, amount: U256, min_usdai: U256, loan: U256, deadline: U256) -> Result<U256, GatewayError> {
        self.run_repay_from(token, amount, min_usdai, loan, deadline, None)
    }

    /// As `repayFrom`, with the approval that it needs.
    ///
    /// # Errors
    /// As `repayFrom`. A permit that the token refuses is none: then the allowance decides.
    ///
    /// # Events
    /// `RepaidFrom`.
    pub fn repay_from_with_permit(
        &mut self,
        token: Address,
        amount: U256,
        min_usdai: U256,
        loan: U256,
        deadline: U256,
        permit: Permit,
    ) -> Result<U256, GatewayError> {
        self.run_repay_from(token, amount, min_usdai, loan, deadline, Some(&permit))
    }

    /// Prices, supply, loan book, epoch and lanes, all of this moment.
    ///
    /// # Errors
    /// `NotWired`, or what a view reverts with.
    pub fn snapshot(&self) -> Result<Snapshot, GatewayError> {
        self.read_snapshot()
    }

    /// A loan: where it stands, what is due, what pays it off at `time`, and its plan.
    ///
    /// # Errors
    /// `NotWired`, or what FiLo reverts with: `UnknownLoan`, a `time` that has passed.
    pub fn loan_quote(&self, loan: U256, time: U256) -> Result<LoanQuote, GatewayError> {
        self.read_loan(loan, time)
    }

    /// A position: its place, and what it would be paid if the epoch were settled now.
    ///
    /// # Errors
    /// `NotWired`, or what the queue reverts with: `UnknownPosition`.
    pub fn position_quote(&self, position: U256) -> Result<PositionQuote, GatewayError> {
        self.read_position(position)
    }
}

/// Succeeds unless `account` is zero.
pub(crate) fn non_zero(account: Address) -> Result<(), GatewayError> {
    if account.is_zero() {
        return Err(ZeroAddress {}.into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "gateway_tests.rs"]
mod tests;
