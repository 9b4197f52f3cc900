//! What the vault refuses, by name.

use alloc::{boxed::Box, vec::Vec};

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolError};
use erc20_ledger::LedgerError;
use fixed_point::{ArithmeticError, Assets, Shares};
use interfaces::words::{revert, Word};

sol! {
    /// An amount is zero where that would do nothing.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAmount();
    /// An address is zero.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroAddress();
    /// A computation left its range: the amount is too large for the state of the vault.
    #[derive(Debug, PartialEq, Eq)]
    error ArithmeticOverflow();
    /// A book would hold more than it has room for.
    #[derive(Debug, PartialEq, Eq)]
    error AboveMaximum(uint256 value, uint256 maximum);
    /// `assets` are worth less than one wei of shares.
    #[derive(Debug, PartialEq, Eq)]
    error ZeroShares(uint256 assets);
    /// The deposit would mint fewer shares than the caller accepts.
    #[derive(Debug, PartialEq, Eq)]
    error SharesBelowMinimum(uint256 shares, uint256 minimum);
    /// The mint would cost more assets than the caller accepts.
    #[derive(Debug, PartialEq, Eq)]
    error AssetsAboveMaximum(uint256 assets, uint256 maximum);
    /// Everything is lost: shares exist, assets do not, so a share has no price to be sold at (PROTOCOL 3.4).
    #[derive(Debug, PartialEq, Eq)]
    error NoAssetsBehindShares(uint256 totalShares);
    /// The redeem side is asynchronous: what a request will yield is not known in advance (ERC-7540).
    #[derive(Debug, PartialEq, Eq)]
    error PreviewUnsupported();
    /// `caller` is neither the controller nor its operator.
    #[derive(Debug, PartialEq, Eq)]
    error NotControllerOrOperator(address caller, address controller);
    /// Only the loan contract may call this.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyFilo(address caller);
    /// Only the redemption queue may call this.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyQueue(address caller);
    /// Only the dollar may call this.
    #[derive(Debug, PartialEq, Eq)]
    error OnlyUsdai(address caller);
    /// The vault does not know the queue yet: `wire()` has not been called.
    #[derive(Debug, PartialEq, Eq)]
    error NotWired();
    /// A loan asks for more than the vault may lend.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsLendable(uint256 principal, uint256 lendable);
    /// A redemption asks for more than the vault has.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsCash(uint256 assets, uint256 cash);
    /// A repayment takes more out of the loan book than stands in it.
    #[derive(Debug, PartialEq, Eq)]
    error ExceedsLoanBook(uint256 amount, uint256 booked);
    /// USDai answered a transfer with false.
    #[derive(Debug, PartialEq, Eq)]
    error TransferRefused();
}

/// Why the vault refuses a call; each becomes the Solidity error of the same name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum VaultError {
    /// [`ZeroAmount`].
    ZeroAmount,
    /// [`ZeroAddress`].
    ZeroAddress,
    /// [`ArithmeticOverflow`].
    Arithmetic,
    /// [`AboveMaximum`].
    AboveMaximum {
        /// What would have to be booked.
        value: U256,
        /// What fits.
        maximum: U256,
    },
    /// [`ZeroShares`].
    ZeroShares(Assets),
    /// [`SharesBelowMinimum`]: shares, minimum.
    SharesBelowMinimum(Shares, Shares),
    /// [`AssetsAboveMaximum`]: assets, maximum.
    AssetsAboveMaximum(Assets, Assets),
    /// [`NoAssetsBehindShares`].
    NoAssetsBehindShares(Shares),
    /// [`PreviewUnsupported`].
    PreviewUnsupported,
    /// [`NotControllerOrOperator`]: caller, controller.
    NotControllerOrOperator(Address, Address),
    /// [`OnlyFilo`].
    OnlyFilo(Address),
    /// [`OnlyQueue`].
    OnlyQueue(Address),
    /// [`OnlyUsdai`].
    OnlyUsdai(Address),
    /// [`NotWired`].
    NotWired,
    /// [`ExceedsLendable`]: principal, lendable.
    ExceedsLendable(Assets, Assets),
    /// [`ExceedsCash`]: assets, cash.
    ExceedsCash(Assets, Assets),
    /// [`ExceedsLoanBook`]: what is to be taken out, what stands there; both in the unit of the entry concerned.
    ExceedsLoanBook(U256, U256),
    /// [`TransferRefused`].
    TransferRefused,
    /// What another contract, or the share ledger, reverted with.
    Call(Vec<u8>),
}

impl From<VaultError> for Vec<u8> {
    fn from(error: VaultError) -> Self {
        let none = B256::ZERO;
        let (selector, count, arguments) = match error {
            VaultError::ZeroAmount => (ZeroAmount::SELECTOR, 0, [none; 2]),
            VaultError::ZeroAddress => (ZeroAddress::SELECTOR, 0, [none; 2]),
            VaultError::Arithmetic => (ArithmeticOverflow::SELECTOR, 0, [none; 2]),
            VaultError::AboveMaximum { value, maximum } => (AboveMaximum::SELECTOR, 2, [value.word(), maximum.word()]),
            VaultError::ZeroShares(assets) => (ZeroShares::SELECTOR, 1, [assets.0.word(), none]),
            VaultError::SharesBelowMinimum(shares, minimum) => (SharesBelowMinimum::SELECTOR, 2, [shares.0.word(), minimum.0.word()]),
            VaultError::AssetsAboveMaximum(assets, maximum) => (AssetsAboveMaximum::SELECTOR, 2, [assets.0.word(), maximum.0.word()]),
            VaultError::NoAssetsBehindShares(shares) => (NoAssetsBehindShares::SELECTOR, 1, [shares.0.word(), none]),
            VaultError::PreviewUnsupported => (PreviewUnsupported::SELECTOR, 0, [none; 2]),
            VaultError::NotControllerOrOperator(caller, controller) => {
                (NotControllerOrOperator::SELECTOR, 2, [caller.word(), controller.word()])
            }
            VaultError::OnlyFilo(caller) => (OnlyFilo::SELECTOR, 1, [caller.word(), none]),
            VaultError::OnlyQueue(caller) => (OnlyQueue::SELECTOR, 1, [caller.word(), none]),
            VaultError::OnlyUsdai(caller) => (OnlyUsdai::SELECTOR, 1, [caller.word(), none]),
            VaultError::NotWired => (NotWired::SELECTOR, 0, [none; 2]),
            VaultError::ExceedsLendable(principal, lendable) => (ExceedsLendable::SELECTOR, 2, [principal.0.word(), lendable.0.word()]),
            VaultError::ExceedsCash(assets, cash) => (ExceedsCash::SELECTOR, 2, [assets.0.word(), cash.0.word()]),
            VaultError::ExceedsLoanBook(amount, booked) => (ExceedsLoanBook::SELECTOR, 2, [amount.word(), booked.word()]),
            VaultError::TransferRefused => (TransferRefused::SELECTOR, 0, [none; 2]),
            VaultError::Call(data) => return data,
        };
        revert(selector, &arguments[..count])
    }
}

/// A [`VaultError`] on its way out. Refusal, because most functions of the contract can refuse and would otherwise move 72 bytes for it on
/// every path: unboxed the contract is 1.3 kB larger (compressed).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal(Box<VaultError>);

impl Refusal {
    /// Why.
    #[must_use]
    pub fn reason(&self) -> &VaultError {
        &self.0
    }
}

impl PartialEq<VaultError> for Refusal {
    fn eq(&self, other: &VaultError) -> bool {
        *self.0 == *other
    }
}

impl From<VaultError> for Refusal {
    #[inline(never)]
    fn from(error: VaultError) -> Self {
        Self(Box::new(error))
    }
}

impl From<ArithmeticError> for Refusal {
    #[inline(never)]
    fn from(_: ArithmeticError) -> Self {
        VaultError::Arithmetic.into()
    }
}

impl From<LedgerError> for Refusal {
    #[inline(never)]
    fn from(error: LedgerError) -> Self {
        VaultError::Call(error.into()).into()
    }
}

impl From<Vec<u8>> for Refusal {
    #[inline(never)]
    fn from(data: Vec<u8>) -> Self {
        VaultError::Call(data).into()
    }
}

impl From<Refusal> for Vec<u8> {
    #[inline(never)]
    fn from(refusal: Refusal) -> Self {
        (*refusal.0).into()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_encoding_agrees_with_the_abi_encoder_of_every_error() {
        let (one, two) = (U256::from(1), U256::MAX);
        let (a, b) = (Address::repeat_byte(0xaa), Address::repeat_byte(0xbb));
        let cases: Vec<(VaultError, Vec<u8>)> = vec![
            (VaultError::ZeroAmount, ZeroAmount {}.abi_encode()),
            (VaultError::ZeroAddress, ZeroAddress {}.abi_encode()),
            (VaultError::Arithmetic, ArithmeticOverflow {}.abi_encode()),
            (
                VaultError::AboveMaximum { value: one, maximum: two },
                AboveMaximum { value: one, maximum: two }.abi_encode(),
            ),
            (VaultError::ZeroShares(Assets(one)), ZeroShares { assets: one }.abi_encode()),
            (
                VaultError::SharesBelowMinimum(Shares(one), Shares(two)),
                SharesBelowMinimum { shares: one, minimum: two }.abi_encode(),
            ),
            (
                VaultError::AssetsAboveMaximum(Assets(one), Assets(two)),
                AssetsAboveMaximum { assets: one, maximum: two }.abi_encode(),
            ),
            (
                VaultError::NoAssetsBehindShares(Shares(two)),
                NoAssetsBehindShares { totalShares: two }.abi_encode(),
            ),
            (VaultError::PreviewUnsupported, PreviewUnsupported {}.abi_encode()),
            (
                VaultError::NotControllerOrOperator(a, b),
                NotControllerOrOperator { caller: a, controller: b }.abi_encode(),
            ),
            (VaultError::OnlyFilo(a), OnlyFilo { caller: a }.abi_encode()),
            (VaultError::OnlyQueue(a), OnlyQueue { caller: a }.abi_encode()),
            (VaultError::OnlyUsdai(a), OnlyUsdai { caller: a }.abi_encode()),
            (VaultError::NotWired, NotWired {}.abi_encode()),
            (
                VaultError::ExceedsLendable(Assets(one), Assets(two)),
                ExceedsLendable {
                    principal: one,
                    lendable: two,
                }
                .abi_encode(),
            ),
            (
                VaultError::ExceedsCash(Assets(one), Assets(two)),
                ExceedsCash { assets: one, cash: two }.abi_encode(),
            ),
            (
                VaultError::ExceedsLoanBook(one, two),
                ExceedsLoanBook { amount: one, booked: two }.abi_encode(),
            ),
            (VaultError::TransferRefused, TransferRefused {}.abi_encode()),
            (VaultError::Call(vec![1, 2, 3]), vec![1, 2, 3]),
        ];
        for (error, encoded) in cases {
            assert_eq!(Vec::from(error.clone()), encoded, "{error:?}");
        }
    }
}
