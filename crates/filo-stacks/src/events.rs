//! What FiLo tells indexers: enough to rebuild its state from logs alone.

#![allow(
    missing_docs,
    reason = "`sol!` documents the events; it gives no way to document the fields it generates"
)]

use alloy_primitives::{Address, U256};
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::Words;
use stylus_sdk::prelude::Host;

use crate::{amount::Amount, balance, loan::Loan, stack::Stack};

sol! {
    /// A curator opened a stack. Ratios in basis points; a zero class is any.
    #[derive(Debug, PartialEq, Eq)]
    event StackOpened(
        uint256 indexed stack,
        address indexed curator,
        bytes32 indexed hardwareClass,
        uint256 firstLossBps,
        uint256 maxLtvBps,
        uint256 seniorCap,
        uint256 servicingFeeBps,
        uint256 juniorSpreadBps
    );
    /// The stack's curator paid in first-loss capital.
    #[derive(Debug, PartialEq, Eq)]
    event JuniorDeposited(uint256 indexed stack, uint256 assets);
    /// The stack's curator took out first-loss capital that was not lent.
    #[derive(Debug, PartialEq, Eq)]
    event JuniorWithdrawn(uint256 indexed stack, address indexed receiver, uint256 assets);
    /// A loan is on offer to `borrower` until `expiry`; `rate` is WAD per year.
    #[derive(Debug, PartialEq, Eq)]
    event LoanOffered(
        uint256 indexed loan,
        uint256 indexed stack,
        address indexed borrower,
        uint256 principal,
        uint256 rate,
        uint256 periods,
        bool levelPayment,
        uint256 expiry,
        uint256[] receipts
    );
    /// The curator took the offer back.
    #[derive(Debug, PartialEq, Eq)]
    event OfferCancelled(uint256 indexed loan);
    /// `senior` was lent by the vault and `junior` by the stack; `instalment` is due each period, first at `firstDue`.
    #[derive(Debug, PartialEq, Eq)]
    event LoanDrawn(
        uint256 indexed loan,
        uint256 indexed stack,
        address indexed receiver,
        uint256 senior,
        uint256 junior,
        uint256 instalment,
        uint256 firstDue
    );
    /// `payer` paid `interest` and `principal`; the other amounts say where each wei of them went.
    #[derive(Debug, PartialEq, Eq)]
    event Payment(
        uint256 indexed loan,
        address indexed payer,
        uint256 interest,
        uint256 principal,
        uint256 seniorInterest,
        uint256 juniorInterest,
        uint256 servicingFee,
        uint256 protocolFee,
        uint256 toReserve,
        uint256 seniorPrincipal,
        uint256 juniorPrincipal
    );
    /// Nothing is owed; the receipts are free.
    #[derive(Debug, PartialEq, Eq)]
    event LoanClosed(uint256 indexed loan);
    /// Fees on interest of loans offered from now on.
    #[derive(Debug, PartialEq, Eq)]
    event ParametersSet(uint256 protocolFeeBps, uint256 reserveBps);
    /// Addresses were copied from the router's address book.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address usdai, address susdai, address caliber, address treasury);
}

pub(crate) fn stack_opened(vm: &dyn Host, id: u64, stack: &Stack) {
    let mut words = Words::event(&StackOpened::SIGNATURE_HASH);
    words.with(&id).with(&stack.curator).with(&stack.hardware_class);
    words.with(&u64::from(stack.first_loss.get())).with(&u64::from(stack.max_ltv.get()));
    words.with(&stack.senior_cap.0);
    words.with(&u64::from(stack.servicing.get())).with(&u64::from(stack.spread.get()));
    words.emit(vm, 4);
}

pub(crate) fn junior_deposited(vm: &dyn Host, stack: U256, assets: U256) {
    Words::event(&JuniorDeposited::SIGNATURE_HASH)
        .with(&stack)
        .with(&assets)
        .emit(vm, 2);
}

pub(crate) fn junior_withdrawn(vm: &dyn Host, stack: U256, receiver: Address, assets: U256) {
    Words::event(&JuniorWithdrawn::SIGNATURE_HASH)
        .with(&stack)
        .with(&receiver)
        .with(&assets)
        .emit(vm, 3);
}

pub(crate) fn loan_offered(vm: &dyn Host, id: u64, loan: &Loan, receipts: &[U256]) {
    let mut words = Words::event(&LoanOffered::SIGNATURE_HASH);
    words.with(&id).with(&loan.stack).with(&loan.borrower);
    words.with(&loan.terms.principal.0).with(&loan.terms.rate);
    words
        .with(&u64::from(loan.terms.periods))
        .with(&loan.terms.level)
        .with(&loan.terms.expiry);
    // The list begins behind the six words of data.
    words.with(&(6 * 32_u64)).with(&u64::from(loan.receipts));
    for receipt in receipts {
        words.with(receipt);
    }
    words.emit(vm, 4);
}

pub(crate) fn offer_cancelled(vm: &dyn Host, loan: U256) {
    Words::event(&OfferCancelled::SIGNATURE_HASH).with(&loan).emit(vm, 2);
}

pub(crate) fn loan_drawn(vm: &dyn Host, id: u64, loan: &Loan, receiver: Address, junior: Amount, first_due: u64) {
    let mut words = Words::event(&LoanDrawn::SIGNATURE_HASH);
    words.with(&id).with(&loan.stack).with(&receiver);
    words
        .with(&loan.balance.senior.0)
        .with(&junior.0)
        .with(&loan.instalment.0)
        .with(&first_due);
    words.emit(vm, 4);
}

pub(crate) fn payment(vm: &dyn Host, loan: U256, payer: Address, paid: &balance::Payment) {
    Words::event(&Payment::SIGNATURE_HASH)
        .with(&loan)
        .with(&payer)
        .with(&paid.interest.0)
        .with(&paid.principal.0)
        .with(&paid.split.senior.0)
        .with(&paid.split.junior.0)
        .with(&paid.split.servicing.0)
        .with(&paid.split.protocol.0)
        .with(&paid.split.reserve.0)
        .with(&paid.senior_principal.0)
        .with(&paid.junior_principal.0)
        .emit(vm, 3);
}

pub(crate) fn loan_closed(vm: &dyn Host, loan: U256) {
    Words::event(&LoanClosed::SIGNATURE_HASH).with(&loan).emit(vm, 2);
}

pub(crate) fn parameters_set(vm: &dyn Host, protocol_fee: U256, reserve: U256) {
    Words::event(&ParametersSet::SIGNATURE_HASH)
        .with(&protocol_fee)
        .with(&reserve)
        .emit(vm, 1);
}

pub(crate) fn wired(vm: &dyn Host, addresses: [Address; 4]) {
    let mut words = Words::event(&Wired::SIGNATURE_HASH);
    for address in &addresses {
        words.with(address);
    }
    words.emit(vm, 1);
}
