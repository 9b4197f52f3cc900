//! What the gateway reads for dashboards: views of the other contracts as it asks them.
//!
//! As with the calls, a contract is checked against its interface when it is compiled.

lean_abi::interface! {
    /// USDai's supply.
    interface IUsdaiViews {
        function totalSupply() external view returns (uint256);
        function bridgedSupply() external view returns (uint256);
        function supplyCap() external view returns (uint256);
    }

    /// The vault's prices and books.
    interface IVaultViews {
        function totalShares() external view returns (uint256);
        function totalAssets() external view returns (uint256);
        function depositSharePrice() external view returns (uint256);
        function redemptionSharePrice() external view returns (uint256);
        function cash() external view returns (uint256);
        function lendable() external view returns (uint256);
        function impairment() external view returns (uint256);
        function unvested() external view returns (uint256);
        /// Principal, rate (wei × 10^18 per second), accrued (wei × 10^18), when that was counted.
        function loanBook() external view returns (uint256, uint256, uint256, uint256);
    }

    /// The queue's book.
    interface IQueueViews {
        /// Genesis, length of an epoch and of its reveal window (seconds), first epoch that is not settled.
        function schedule() external view returns (uint256, uint256, uint256, uint256);
        function epoch() external view returns (uint256);
        function nextPosition() external view returns (uint256);
        /// The lanes in which anybody waits, highest first, and the shares that wait there.
        function depth() external view returns (uint256[], uint256[]);
        /// Holder, lane, shares that wait, shares and assets that can be claimed.
        function position(uint256 position) external view returns (address, uint8, uint256, uint256, uint256);
        /// Shares to be filled before the position: in its lane, and in all lanes above.
        function sharesAhead(uint256 position) external view returns (uint256, uint256);
        /// Premium (basis points), lowest lane filled wholly, shares of bids and of the par lane, and what is paid for them.
        function clearingEstimate() external view returns (uint256, uint256, uint256, uint256, uint256);
    }

    /// FiLo's loans.
    interface IFiloViews {
        /// When it is due, interest, principal and late fee.
        function instalment(uint256 loan) external view returns (uint256, uint256, uint256, uint256);
        function payoff(uint256 loan, uint256 time) external view returns (uint256);
        /// When instalment `number` is due, its interest and principal, what it leaves outstanding.
        function schedule(uint256 loan, uint256 number) external view returns (uint256, uint256, uint256, uint256);
    }
}
