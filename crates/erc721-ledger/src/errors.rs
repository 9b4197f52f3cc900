//! What a collection refuses: ERC-6093's names, so that wallets and explorers know them.

use lean_abi::sol;

sol! {
    /// `owner` cannot own tokens: the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidOwner(address owner);
    /// There is no token `tokenId`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721NonexistentToken(uint256 tokenId);
    /// Not `sender` owns `tokenId`, but `owner`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    /// Nothing can be moved from `sender`: the zero address, for a token that already exists.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidSender(address sender);
    /// Nothing can be moved to `receiver`: the zero address, or a contract that does not say that it takes tokens.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidReceiver(address receiver);
    /// `operator` may not move `tokenId`.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    /// `approver` may not approve others for the token.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidApprover(address approver);
    /// `operator` cannot operate: the zero address.
    #[derive(Debug, PartialEq, Eq)]
    error ERC721InvalidOperator(address operator);
}

lean_abi::errors! {
    /// Why the ledger did nothing.
    pub Erc721Error:
        ERC721InvalidOwner,
        ERC721NonexistentToken,
        ERC721IncorrectOwner,
        ERC721InvalidSender,
        ERC721InvalidReceiver,
        ERC721InsufficientApproval,
        ERC721InvalidApprover,
        ERC721InvalidOperator
}
