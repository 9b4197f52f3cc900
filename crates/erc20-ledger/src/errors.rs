//! What a token refuses: ERC-6093's names, so that wallets and explorers know them.

use lean_abi::sol;

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

lean_abi::errors! {
    /// Why the ledger did nothing.
    pub LedgerError:
        ERC20InsufficientBalance,
        ERC20InvalidSender,
        ERC20InvalidReceiver,
        ERC20InsufficientAllowance,
        ERC20InvalidSpender,
        ERC20SupplyOverflow,
        ERC2612ExpiredSignature,
        ERC2612InvalidSigner
}
