//! What a token refuses: ERC-6093's names, so that wallets and explorers know them.

use alloc::vec::Vec;

use alloy_sol_types::{sol, SolError};
use interfaces::words::{revert, Word};

sol! {
    /// `sender` has `balance`, `needed` was asked of it.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
    /// Nothing can be moved from `sender`: the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20InvalidSender(address sender);
    /// Nothing can be moved to `receiver`: the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20InvalidReceiver(address receiver);
    /// `spender` may still spend `allowance`, `needed` was asked.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
    /// `spender` cannot be approved: the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20InvalidSpender(address spender);
    /// `value` more than `supply` does not fit in a word.
    #[derive(Debug, PartialEq, Eq)]
    error ERC20SupplyOverflow(uint256 supply, uint256 value);
    /// The permit was good until `deadline`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC2612ExpiredSignature(uint256 deadline);
    /// The permit of `owner` is signed by `signer`, or by nobody (zero): wrong words, wrong nonce, wrong chain, malleable or no signature.
    #[derive(Debug, PartialEq, Eq)]
    error ERC2612InvalidSigner(address signer, address owner);
}

/// Why the ledger did nothing.
#[derive(Debug, PartialEq, Eq)]
pub enum LedgerError {
    /// More was asked of an account than it has.
    InsufficientBalance(ERC20InsufficientBalance),
    /// The zero address cannot send.
    InvalidSender(ERC20InvalidSender),
    /// The zero address cannot receive.
    InvalidReceiver(ERC20InvalidReceiver),
    /// More was asked of an allowance than is left.
    InsufficientAllowance(ERC20InsufficientAllowance),
    /// The zero address cannot be approved.
    InvalidSpender(ERC20InvalidSpender),
    /// The supply would not fit in a word.
    SupplyOverflow(ERC20SupplyOverflow),
    /// The permit's deadline has passed.
    ExpiredSignature(ERC2612ExpiredSignature),
    /// The permit is not signed by its owner.
    InvalidSigner(ERC2612InvalidSigner),
}

impl From<LedgerError> for Vec<u8> {
    fn from(error: LedgerError) -> Self {
        match error {
            LedgerError::InsufficientBalance(e) => revert(
                ERC20InsufficientBalance::SELECTOR,
                &[e.sender.word(), e.balance.word(), e.needed.word()],
            ),
            LedgerError::InvalidSender(e) => revert(ERC20InvalidSender::SELECTOR, &[e.sender.word()]),
            LedgerError::InvalidReceiver(e) => revert(ERC20InvalidReceiver::SELECTOR, &[e.receiver.word()]),
            LedgerError::InsufficientAllowance(e) => revert(
                ERC20InsufficientAllowance::SELECTOR,
                &[e.spender.word(), e.allowance.word(), e.needed.word()],
            ),
            LedgerError::InvalidSpender(e) => revert(ERC20InvalidSpender::SELECTOR, &[e.spender.word()]),
            LedgerError::SupplyOverflow(e) => revert(ERC20SupplyOverflow::SELECTOR, &[e.supply.word(), e.value.word()]),
            LedgerError::ExpiredSignature(e) => revert(ERC2612ExpiredSignature::SELECTOR, &[e.deadline.word()]),
            LedgerError::InvalidSigner(e) => revert(ERC2612InvalidSigner::SELECTOR, &[e.signer.word(), e.owner.word()]),
        }
    }
}
