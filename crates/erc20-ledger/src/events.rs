//! ERC-20's events.

use lean_abi::sol;

sol! {
    /// `value` moved; from the zero address it was minted, to the zero address it was burnt.
    #[derive(Debug, PartialEq, Eq)]
    event Transfer(address indexed from, address indexed to, uint256 value);
    /// `spender` may spend `value` of `owner` from now on. Spending an allowance emits nothing.
    #[derive(Debug, PartialEq, Eq)]
    event Approval(address indexed owner, address indexed spender, uint256 value);
}
