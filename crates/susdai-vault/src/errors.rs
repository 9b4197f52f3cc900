//! What the vault refuses, by name.

use erc20_ledger::LedgerError;
use fixed_point::ArithmeticError;
use interfaces::authority::{AddressNotSet, Unauthorized};
use lean_abi::{sol, MalformedReturn};

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
    /// `account` is barred from the vault.
    #[derive(Debug, PartialEq, Eq)]
    error AccountBlacklisted(address account);
    /// Deposits and requests are paused.
    #[derive(Debug, PartialEq, Eq)]
    error EnforcedPause();
    /// A deposit of `assets` is more than the `room` that the cap leaves.
    #[derive(Debug, PartialEq, Eq)]
    error DepositCapExceeded(uint256 assets, uint256 room);
    /// The queue's shares are those of its positions: they come by requests alone.
    #[derive(Debug, PartialEq, Eq)]
    error SharesOfQueue(address queue);
    /// The bridge wants to bring back `amount`; `bridgedSupply` is out there.
    #[derive(Debug, PartialEq, Eq)]
    error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
    /// The signed authorisation was good until `deadline` (second).
    #[derive(Debug, PartialEq, Eq)]
    error AuthorizationExpired(uint256 deadline);
    /// `controller` has spent `nonce`.
    #[derive(Debug, PartialEq, Eq)]
    error AuthorizationNonceUsed(address controller, bytes32 nonce);
    /// The authorisation of `controller` is signed by `signer`, or by nobody (zero).
    #[derive(Debug, PartialEq, Eq)]
    error InvalidAuthorizationSigner(address signer, address controller);
    /// USDai answered a transfer with false.
    #[derive(Debug, PartialEq, Eq)]
    error TransferRefused();
}

lean_abi::errors! {
    /// Everything that a call to the vault can fail with.
    pub VaultError:
        LedgerError,
        AddressNotSet,
        Unauthorized,
        MalformedReturn,
        ZeroAmount,
        ZeroAddress,
        ArithmeticOverflow,
        AboveMaximum,
        ZeroShares,
        SharesBelowMinimum,
        AssetsAboveMaximum,
        NoAssetsBehindShares,
        PreviewUnsupported,
        NotControllerOrOperator,
        OnlyFilo,
        OnlyQueue,
        OnlyUsdai,
        NotWired,
        ExceedsLendable,
        ExceedsCash,
        ExceedsLoanBook,
        AccountBlacklisted,
        EnforcedPause,
        DepositCapExceeded,
        SharesOfQueue,
        InsufficientBridgedSupply,
        AuthorizationExpired,
        AuthorizationNonceUsed,
        InvalidAuthorizationSigner,
        TransferRefused
}

impl From<ArithmeticError> for VaultError {
    #[cold]
    #[inline(never)]
    fn from(_: ArithmeticError) -> Self {
        ArithmeticOverflow {}.into()
    }
}
