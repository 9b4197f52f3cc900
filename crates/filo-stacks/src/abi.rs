//! The ABI, written out: what integrators compile against, and the router that answers it.
//!
//! By hand, because with the SDK's generated router, decoder and encoder the contract does not fit its slot of 24,576 bytes; the methods
//! behind it are ordinary ones ([`crate::FiloStacks`]). The tests send each function what alloy encodes and decode what comes back.

#![allow(
    missing_docs,
    reason = "`sol!` documents the functions; it gives no way to document the fields it generates"
)]

use alloc::vec::Vec;

use alloy_sol_types::{sol, SolCall};
use interfaces::{
    calldata::{Args, Malformed},
    words::Words,
};
use stylus_sdk::{abi::Router, prelude::*, ArbResult};

use crate::{FiloError, FiloStacks};

sol! {
    /// FiLo stacks. Amounts in USDai, ratios in basis points, rates in WAD per year, times in Unix seconds.
    interface IFilo {
        /// Copies USDai, the vault, CALIBER and the treasury from the router's address book. Anybody.
        function wire() external;
        /// Fees on the interest of loans offered from now on. ADMIN.
        function setFees(uint256 protocolFeeBps, uint256 reserveBps) external;
        /// Opens a stack; a hardware class of zero allows any. CURATOR.
        function openStack(
            uint256 firstLossBps,
            uint256 maxLtvBps,
            uint256 seniorCap,
            uint256 servicingFeeBps,
            uint256 juniorSpreadBps,
            bytes32 hardwareClass
        ) external returns (uint256 stack);
        /// Pays in first-loss capital. The stack's curator.
        function depositJunior(uint256 stack, uint256 assets) external;
        /// Takes out first-loss capital that is not lent, while no loan of the stack is overdue. The stack's curator.
        function withdrawJunior(uint256 stack, uint256 assets, address receiver) external;
        /// Offers a loan. The stack's curator.
        function offer(
            uint256 stack,
            address borrower,
            uint256[] receipts,
            uint256 principal,
            uint256 rate,
            uint256 periods,
            bool levelPayment,
            uint256 expiry
        ) external returns (uint256 loan);
        /// Takes an offer back. The stack's curator.
        function cancelOffer(uint256 loan) external;
        /// Draws a loan. Its borrower.
        function draw(uint256 loan, address receiver) external;
        /// Pays on a loan, at most `maxAmount` and at most what is owed. Anybody.
        function pay(uint256 loan, uint256 maxAmount) external returns (uint256 paid);

        function stack(uint256 stack) external view returns (
            address curator,
            uint256 firstLossBps,
            uint256 maxLtvBps,
            uint256 servicingFeeBps,
            uint256 juniorSpreadBps,
            uint256 seniorCap,
            uint256 senior,
            uint256 juniorCash,
            uint256 juniorLent,
            uint256 liveLoans,
            bytes32 hardwareClass
        );
        /// Status: 1 offered, 2 live, 3 closed, 4 cancelled. `nextDue` is 0 unless it is live. `instalment` is the level payment, or the
        /// straight line's part of principal.
        function loan(uint256 loan) external view returns (
            uint256 status,
            address borrower,
            uint256 stack,
            uint256 principal,
            uint256 outstanding,
            uint256 senior,
            uint256 rate,
            uint256 periods,
            uint256 periodsPaid,
            uint256 nextDue,
            uint256 drawnAt,
            uint256 instalment,
            bool levelPayment
        );
        /// The next payment.
        function instalment(uint256 loan) external view returns (uint256 due, uint256 interest, uint256 principal);
        /// What closes the loan at `at`.
        function payoff(uint256 loan, uint256 at) external view returns (uint256 amount);
        /// Instalment `number` of the plan as agreed.
        function schedule(uint256 loan, uint256 number) external view returns (
            uint256 due,
            uint256 interest,
            uint256 principal,
            uint256 outstanding
        );
        function receiptsOf(uint256 loan) external view returns (uint256[] receipts);
        function juniorCash(uint256 stack) external view returns (uint256);
        function reserve() external view returns (uint256);
        function parameters() external view returns (uint256 periodSeconds, uint256 protocolFeeBps, uint256 reserveBps);
    }
}

impl From<Malformed> for FiloError {
    fn from(_: Malformed) -> Self {
        Self::Call(Vec::new())
    }
}

/// Whether a selector is that of a function.
fn is<F: SolCall>(selector: u32) -> bool {
    selector == u32::from_be_bytes(F::SELECTOR)
}

impl Router<Self> for FiloStacks {
    type Storage = Self;

    fn route(storage: &mut Self, selector: u32, input: &[u8]) -> Option<ArbResult> {
        // No function takes ether.
        if let Err(refusal) = storage.deny_value("filo") {
            return Some(Err(refusal));
        }
        storage.answer(selector, input).map_err(Into::into).transpose()
    }

    fn receive(_: &mut Self) -> Option<Result<(), Vec<u8>>> {
        None
    }

    fn fallback(_: &mut Self, _: &[u8]) -> Option<ArbResult> {
        None
    }

    fn constructor(storage: &mut Self, input: &[u8]) -> Option<ArbResult> {
        Some(storage.construct(input).map_err(Into::into))
    }
}

impl FiloStacks {
    fn construct(&mut self, input: &[u8]) -> Result<Vec<u8>, FiloError> {
        self.deny_value("constructor")?;
        self.check_constructor_slot()?;
        let args = Args::new(input, 2)?;
        self.constructor(args.address(0)?, args.number(1))?;
        Ok(Vec::new())
    }

    /// What the function of `selector` returns; `None` if there is none.
    fn answer(&mut self, selector: u32, input: &[u8]) -> Result<Option<Vec<u8>>, FiloError> {
        let mut answer = Words::answer();
        let args = |words| Args::new(input, words);
        if is::<IFilo::wireCall>(selector) {
            self.wire()?;
        } else if is::<IFilo::setFeesCall>(selector) {
            let args = args(2)?;
            self.set_fees(args.number(0), args.number(1))?;
        } else if is::<IFilo::openStackCall>(selector) {
            let args = args(6)?;
            let ratios = [0, 1, 2, 3, 4].map(|index| args.number(index));
            answer.with(&self.open_stack(ratios[0], ratios[1], ratios[2], ratios[3], ratios[4], args.hash(5))?);
        } else if is::<IFilo::depositJuniorCall>(selector) {
            let args = args(2)?;
            self.deposit_junior(args.number(0), args.number(1))?;
        } else if is::<IFilo::withdrawJuniorCall>(selector) {
            let args = args(3)?;
            self.withdraw_junior(args.number(0), args.number(1), args.address(2)?)?;
        } else if is::<IFilo::offerCall>(selector) {
            let args = args(8)?;
            let (borrower, receipts, level) = (args.address(1)?, args.numbers(2)?, args.flag(6)?);
            let [stack, principal, rate, periods, expiry] = [0, 3, 4, 5, 7].map(|index| args.number(index));
            answer.with(&self.offer(stack, borrower, receipts, principal, rate, periods, level, expiry)?);
        } else if is::<IFilo::cancelOfferCall>(selector) {
            self.cancel_offer(args(1)?.number(0))?;
        } else if is::<IFilo::drawCall>(selector) {
            let args = args(2)?;
            self.draw(args.number(0), args.address(1)?)?;
        } else if is::<IFilo::payCall>(selector) {
            let args = args(2)?;
            answer.with(&self.pay(args.number(0), args.number(1))?);
        } else {
            return self.view(selector, args, answer);
        }
        Ok(Some(answer.data()))
    }

    /// As [`FiloStacks::answer`], for the functions that change nothing.
    fn view<'a>(
        &self,
        selector: u32,
        args: impl Fn(usize) -> Result<Args<'a>, Malformed>,
        mut answer: Words,
    ) -> Result<Option<Vec<u8>>, FiloError> {
        if is::<IFilo::stackCall>(selector) {
            let stack = self.stack(args(1)?.number(0))?;
            answer.with(&stack.curator);
            for ratio in [stack.first_loss, stack.max_ltv, stack.servicing, stack.spread] {
                answer.with(&u64::from(ratio.get()));
            }
            for amount in [stack.senior_cap, stack.senior, stack.junior_cash, stack.junior_lent] {
                answer.with(&amount.0);
            }
            answer.with(&u64::from(stack.live)).with(&stack.hardware_class);
        } else if is::<IFilo::loanCall>(selector) {
            let (loan, next_due) = self.loan(args(1)?.number(0))?;
            answer.with(&(loan.status as u64)).with(&loan.borrower).with(&loan.stack);
            for amount in [loan.terms.principal, loan.balance.outstanding, loan.balance.senior] {
                answer.with(&amount.0);
            }
            for number in [
                loan.terms.rate,
                loan.terms.periods.into(),
                loan.paid.into(),
                next_due,
                loan.drawn_at,
            ] {
                answer.with(&number);
            }
            answer.with(&loan.instalment.0).with(&loan.terms.level);
        } else if is::<IFilo::instalmentCall>(selector) {
            let (due, interest, principal) = self.instalment(args(1)?.number(0))?;
            answer.with(&due).with(&interest.0).with(&principal.0);
        } else if is::<IFilo::payoffCall>(selector) {
            let args = args(2)?;
            answer.with(&self.payoff(args.number(0), args.number(1))?.0);
        } else if is::<IFilo::scheduleCall>(selector) {
            let args = args(2)?;
            let (due, interest, principal, outstanding) = self.schedule(args.number(0), args.number(1))?;
            answer.with(&due).with(&interest.0).with(&principal.0).with(&outstanding.0);
        } else if is::<IFilo::receiptsOfCall>(selector) {
            let receipts = self.receipts_of(args(1)?.number(0))?;
            answer.with(&32_u64).with(&(receipts.len() as u64));
            for receipt in &receipts {
                answer.with(receipt);
            }
        } else if is::<IFilo::juniorCashCall>(selector) {
            answer.with(&self.junior_cash(args(1)?.number(0))?.0);
        } else if is::<IFilo::reserveCall>(selector) {
            answer.with(&self.reserve());
        } else if is::<IFilo::parametersCall>(selector) {
            for number in self.parameters() {
                answer.with(&number);
            }
        } else {
            return Ok(None);
        }
        Ok(Some(answer.data()))
    }
}

#[cfg(test)]
#[path = "abi_tests.rs"]
mod tests;
