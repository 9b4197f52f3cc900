//! Calls between contracts. Amounts in USDai or sUSDai wei unless a comment says otherwise.
//!
//! A function that is overloaded on its contract appears here once, in the form that other contracts use. The contract that is called
//! is checked against its interface when it is compiled.

lean_abi::interface! {
    /// The router's books.
    interface IRouter {
        function hasRole(bytes32 role, address account) external view returns (bool);
        function addressOf(bytes32 id) external view returns (address);
    }

    /// USDai as the gateway's journeys use it.
    interface IUsdai {
        function deposit(address token, uint256 amount, uint256 minimum, address recipient) external returns (uint256);
        /// Burns the whole base units in `amount` USDai of the caller's and pays `recipient` at least `minimum` of `token`; returns what it paid.
        function withdraw(address token, uint256 amount, uint256 minimum, address recipient) external returns (uint256);
    }

    /// The swap adapter; only USDai calls it. Amounts in the tokens' own units.
    interface ISwapAdapter {
        function swapIn(address token, uint256 amount, uint256 minimum, bytes data) external returns (uint256);
        function swapOut(address token, uint256 amount, uint256 minimum, bytes data) external returns (uint256);
    }

    /// The vault as the gateway's journeys use it.
    interface IVault {
        function deposit(uint256 assets, address receiver, uint256 minimum) external returns (uint256);
        /// Shares of `owner` into the queue for `controller`; by those, or an operator of both. Returns the position.
        function requestRedeem(uint256 shares, address controller, address owner) external returns (uint256);
        /// Pays `receiver` what `shares` of the claimable shares of `controller` are worth; by that, or its operator.
        function redeem(uint256 shares, address receiver, address controller) external returns (uint256);
        function maxRedeem(address controller) external view returns (uint256);
        /// Makes `operator` the operator of `controller`, who signed it (ERC-7741).
        function authorizeOperator(
            address controller,
            address operator,
            bool approved,
            bytes32 nonce,
            uint256 deadline,
            bytes signature
        ) external returns (bool);
    }

    /// The queue as the gateway's journeys use it.
    interface IQueueBids {
        /// Seals a bid of a position of which the caller may dispose.
        function commitBid(uint256 position, bytes32 commitment, uint8 maxTick) external;
    }

    /// FiLo as the gateway's journeys use it.
    interface IFiloPayments {
        /// Pays at most `maximum` of what `loan` owes with the caller's USDai; returns what it took.
        function pay(uint256 loan, uint256 maximum) external returns (uint256);
    }

    /// The vault's loan book, for FiLo alone. Accrual rates in wei × 10^18 per second.
    interface IVaultBook {
        /// Pays `principal` to `receiver`, books it as lent, and adds `rate` to the accrual.
        function drawLoan(uint256 principal, uint256 rate, address receiver) external;
        /// Books money that has already been moved to the vault: principal back, interest, the accrual (wei × 10^18) that this interest
        /// settles, and the change of the loan's rate.
        /// Interest above what the accrual comes to was in no price yet: it vests.
        function repayLoan(uint256 principal, uint256 interest, uint256 accrual, uint256 oldRate, uint256 newRate) external;
        /// Marks a loan anew without money: takes `accrual` (wei × 10^18) out of the book, exchanges the loan's rate and what of it is not
        /// expected back. Counts at once, up as down.
        function markLoan(uint256 accrual, uint256 oldRate, uint256 newRate, uint256 oldImpairment, uint256 newImpairment) external;
        /// Takes lost `principal` out of the book for good and releases the `impairment` held against it.
        function writeOff(uint256 principal, uint256 impairment) external;
    }

    /// FiLo's loans as the contract of defaults sees and changes them.
    interface IFiloLoans {
        function standing(uint256 loan) external view returns (uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256);
        function payoff(uint256 loan, uint256 time) external view returns (uint256);
        function receiptsOf(uint256 loan) external view returns (uint256[]);
        /// Marks a loan late or in default, with what its receipts are expected to bring.
        function mark(uint256 loan, uint256 recoverable, bool inDefault) external;
        /// Opens a margin call, or withdraws it with zeros.
        function setCall(uint256 loan, uint256 deadline, uint256 cureBelow) external;
        /// Sells receipts of a loan in default; returns whether the loan is over.
        function sell(uint256 loan, uint256[] receipts, address buyer, address receiver, uint256 price, uint256 costs) external returns (bool);
    }

    /// Loans as the contract of origination makes them, and what it asks before.
    interface IFiloOrigination {
        /// Curator, first loss, max LTV, servicing fee, junior spread, senior cap, senior, junior cash, junior lent, open loans, class.
        function stack(uint256 stack) external view returns (address, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, bytes32);
        /// Status, borrower, stack, principal, outstanding, senior, rate, periods, periods paid, next due, drawn at, instalment, level.
        function loan(uint256 loan) external view returns (uint256, address, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, uint256, bool);
        /// Seconds of a period, the treasury's and the reserve's part of interest.
        function parameters() external view returns (uint256, uint256, uint256);
        /// Lends on `receipts`, all of one class, in place of the loan `replaces` or of none; returns the loan's id.
        function originate(uint256 replaces, address borrower, address receiver, uint256 stack, uint256[] receipts, bytes32 hardwareClass, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 graceSeconds, uint256 lateFeeBps, uint256 instalment) external returns (uint256);
        /// Pledges further receipts of the borrower, `owner`, for a loan.
        function addReceipts(uint256 loan, uint256[] receipts, address owner) external;
    }

    /// The vault's redemption side, for QEV alone.
    interface IVaultRedemptions {
        /// Burns `shares` held by the queue, pays it `assets`, and vests `premium`, which stays in the vault.
        function fillRedemptions(uint256 shares, uint256 assets, uint256 premium) external;
        /// The redemption share price (WAD) and the cash.
        function settlementTerms() external view returns (uint256, uint256);
        /// Burns forfeited `shares` held by the queue; their worth vests for those who stay.
        function burnForfeited(uint256 shares) external;
        /// Reverts if one of the two is barred from the vault.
        function checkAllowed(address first, address second) external view;
        /// Whether `operator` may act for `controller` (ERC-7540).
        function isOperator(address controller, address operator) external view returns (bool);
    }

    /// Who answers for the loans' due days, as QEV asks before anybody leaves at the vault's price.
    interface IFiloDues {
        /// The last second at which the payment that is due first among performing loans that are not marked late is on time, and that
        /// loan; zeros if there is none.
        function earliestDue() external view returns (uint256, uint256);
    }

    /// The vault's income, for USDai alone.
    interface IVaultIncome {
        /// Books `assets` that have just been minted to the vault; they vest.
        function notifyYield(uint256 assets) external;
    }

    /// The queue as the vault's ERC-7540 side uses it; only the vault calls what changes state.
    interface IQueue {
        /// Second from which the next settlement can be made; it may have passed.
        function nextSettlement() external view returns (uint256);
        /// Opens a position over `shares` that the vault has just moved to the queue.
        function openPosition(address controller, uint256 shares) external returns (uint256);
        function pendingShares(uint256 position, address controller) external view returns (uint256);
        function claimableShares(uint256 position, address controller) external view returns (uint256);
        /// Claimable shares and the assets they are worth, over all positions of `controller`.
        function claimableOf(address controller) external view returns (uint256, uint256);
        function claimShares(address controller, uint256 shares, address receiver) external returns (uint256);
        function claimAssets(address controller, uint256 assets, address receiver) external returns (uint256);
    }

    /// Receipts as collateral, for FiLo alone.
    interface ICaliber {
        /// Encumbers the receipts, all owned by `owner`, for `loan`; returns their total value and the earliest expiry of their cover
        /// (0 if one of them is not insured).
        function pledge(uint256[] receipts, address owner, uint256 loan) external returns (uint256, uint256);
        function release(uint256[] receipts, uint256 loan) external;
        /// Passes the receipts from one loan to another (refinance); they are free at no time.
        function repledge(uint256[] receipts, uint256 fromLoan, uint256 toLoan) external;
        /// Frees the receipts and gives them to `to`, without a callback: nobody can block an auction.
        function deliver(uint256[] receipts, uint256 loan, address to) external;
        /// Total value of the receipts, stale ones as nothing, and the earliest expiry of their cover (0 if one of them is not insured).
        /// Reverts for a receipt that does not exist only.
        function collateralOf(uint256[] receipts) external view returns (uint256, uint256);
        /// Hardware class of a receipt, zero if there is none.
        function classOf(uint256 receipt) external view returns (bytes32);
    }
}
