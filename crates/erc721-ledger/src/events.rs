//! ERC-721's events.

use lean_abi::sol;

sol! {
    /// `tokenId` moved; from the zero address it was issued, to the zero address it was burnt. Its approval is cleared.
    #[derive(Debug, PartialEq, Eq)]
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// `approved` may move `tokenId` of `owner`'s, once; nobody, if it is the zero address.
    #[derive(Debug, PartialEq, Eq)]
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    /// `operator` may move all tokens of `owner`, or no longer.
    #[derive(Debug, PartialEq, Eq)]
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);
}
