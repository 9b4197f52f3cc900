//! The contract: its storage, and every external function. What the functions do is in [`crate::entry`], [`crate::exit`] and
//! [`crate::lending`]; here stands who may call what, with which words.

#![allow(clippy::must_use_candidate, reason = "external functions are called through the ABI")]
#![allow(clippy::missing_errors_doc, reason = "named in each function's own sentence")]

use alloc::vec::Vec;

use alloy_primitives::{Address, FixedBytes, U256};
use eip712::{Domain, IErc5267};
use erc20_ledger::{Approval, Erc20Ledger, IErc20, IErc2612, Token, Transfer};
use fixed_point::{Assets, Shares, WAD};
use interfaces::{
    authority,
    calls::{IVault, IVaultBook, IVaultIncome, IVaultRedemptions},
    ids::{
        address::{FILO, QEV},
        role,
    },
    views::IVaultViews,
};
use lean_abi::SolidityEvent;
use stylus_sdk::{
    prelude::*,
    storage::{StorageAddress, StorageBool, StorageMap, StorageU256},
};

use crate::{
    books::View,
    errors::{PreviewUnsupported, VaultError, ZeroAddress},
    events::{
        AuthorizationNonceSpent, Blacklisted, BridgedSupplySet, Deposit, DepositCapSet, LoanDrawn, LoanMarked, LoanRepaid, LoanWrittenOff,
        OperatorSet, Paused, RedeemRequest, RedemptionsFilled, SharesForfeited, Unpaused, Wired, Withdraw, YieldReceived,
    },
    loan_book::{Accrual, Rate, Remark, Repayment},
    nav::MAX_BOOK,
    operators::{IErc7741, Operators, ERC7741_ID},
};

/// State of the vault. The words of the books are laid out in [`crate::words`].
#[storage]
pub struct Vault {
    pub(crate) shares: Erc20Ledger,
    pub(crate) till: StorageU256,
    pub(crate) loans: StorageU256,
    pub(crate) accrual: StorageU256,
    pub(crate) vesting: StorageU256,
    pub(crate) usdai: StorageAddress,
    /// One slot with the dollar: who enters reads both.
    pub(crate) paused: StorageBool,
    pub(crate) queue: StorageAddress,
    pub(crate) filo: StorageAddress,
    pub(crate) router: StorageAddress,
    pub(crate) operators: Operators,
    pub(crate) limits: StorageU256,
    /// Zero unless the accrual's word says otherwise.
    pub(crate) impairment: StorageU256,
    /// Who is barred.
    pub(crate) blacklist: StorageMap<Address, StorageBool>,
}

// SAFETY: `Vault` is the contract's outermost storage struct; nothing else in the program starts at slot zero.
unsafe impl TopLevelStorage for Vault {}

impl Domain for Vault {
    const NAME: &'static str = "Staked USDai";
}

impl Token for Vault {
    type Error = VaultError;
    const SYMBOL: &'static str = "sUSDai";

    fn check_transfer(&self, from: Address, to: Address) -> Result<(), VaultError> {
        self.require_transferable(from, to)
    }

    fn ledger(&self) -> &Erc20Ledger {
        &self.shares
    }

    fn ledger_mut(&mut self) -> &mut Erc20Ledger {
        &mut self.shares
    }
}

/// sUSDai, the vault share.
///
/// Any function that computes can fail with `ArithmeticOverflow` on amounts near 2^256, and any that books with `AboveMaximum` on amounts
/// near 2^128. One that calls USDai, the queue or the router passes on what they revert with. A transfer of shares fails with
/// `AccountBlacklisted` if giver, receiver or caller is barred, and with `SharesOfQueue` if it is to the queue. Further errors are named at
/// each function.
#[lean_abi::contract(
    errors(VaultError),
    events(
        Transfer,
        Approval,
        Deposit,
        Withdraw,
        RedeemRequest,
        OperatorSet,
        LoanDrawn,
        LoanRepaid,
        LoanMarked,
        LoanWrittenOff,
        RedemptionsFilled,
        SharesForfeited,
        Blacklisted,
        YieldReceived,
        Paused,
        Unpaused,
        DepositCapSet,
        BridgedSupplySet,
        AuthorizationNonceSpent,
        Wired
    ),
    interfaces(IVault, IVaultBook, IVaultRedemptions, IVaultIncome, IVaultViews),
    implements(IErc20, IErc2612, IErc5267, IErc7741)
)]
impl Vault {
    /// The vault over `usdai`, with its authority and address book at `router`. Deposits have no cap until `ADMIN` sets one. Errors:
    /// `ZeroAddress`. Event: `DepositCapSet`.
    #[constructor]
    pub fn constructor(&mut self, router: Address, usdai: Address) -> Result<(), VaultError> {
        require_address(router)?;
        require_address(usdai)?;
        self.router.set(router);
        self.usdai.set(usdai);
        self.store_deposit_cap(MAX_BOOK)
    }

    /// Takes the queue's and the loan contract's addresses from the router. By anyone: the router is the authority. Errors:
    /// `AddressNotSet`. Event: `Wired`.
    pub fn wire(&mut self) -> Result<(), VaultError> {
        let router = self.router.get();
        let queue = authority::address_of(self, router, QEV)?;
        let filo = authority::address_of(self, router, FILO)?;
        self.queue.set(queue);
        self.filo.set(filo);
        Wired { queue, filo }.emit(self.vm());
        Ok(())
    }

    // ERC-4626, ERC-7575: what the vault is worth. Totals and conversions speak of the optimistic value, rounded down; entry of the face
    // value, which is never less.

    /// USDai.
    pub fn asset(&self) -> Address {
        self.usdai.get()
    }

    /// The vault is its own share token (ERC-7575).
    pub fn share(&self) -> Address {
        self.vm().contract_address()
    }

    /// The optimistic value: what the vault has, and the interest earned and not yet paid.
    pub fn total_assets(&self) -> Result<U256, VaultError> {
        self.read(View::Optimistic, &U256::ZERO)
    }

    /// Shares for `assets` at the optimistic value, rounded down.
    pub fn convert_to_shares(&self, assets: U256) -> Result<U256, VaultError> {
        self.read(View::ToSharesDown, &assets)
    }

    /// Assets for `shares` at the optimistic value, rounded down.
    pub fn convert_to_assets(&self, shares: U256) -> Result<U256, VaultError> {
        self.read(View::ToAssetsDown, &shares)
    }

    /// The largest deposit accepted: what books and cap have room for; nothing after a total loss, while paused, or for a `receiver` that is
    /// barred, the queue or zero.
    pub fn max_deposit(&self, receiver: Address) -> Result<U256, VaultError> {
        if !self.accepts(receiver) {
            return Ok(U256::ZERO);
        }
        self.read(View::MaxDeposit, &U256::ZERO)
    }

    /// The largest mint accepted; nothing where [`Self::max_deposit`] is nothing.
    pub fn max_mint(&self, receiver: Address) -> Result<U256, VaultError> {
        if !self.accepts(receiver) {
            return Ok(U256::ZERO);
        }
        self.read(View::MaxMint, &U256::ZERO)
    }

    /// Shares that a deposit of `assets` mints at the face value, rounded down. Errors: `NoAssetsBehindShares`.
    pub fn preview_deposit(&self, assets: U256) -> Result<U256, VaultError> {
        self.read(View::PreviewDeposit, &assets)
    }

    /// Assets that minting `shares` costs at the face value, rounded up. Errors: `NoAssetsBehindShares`.
    pub fn preview_mint(&self, shares: U256) -> Result<U256, VaultError> {
        self.read(View::PreviewMint, &shares)
    }

    /// Always `PreviewUnsupported`, as ERC-7540 asks.
    pub fn preview_redeem(&self, _shares: U256) -> Result<U256, VaultError> {
        Err(PreviewUnsupported {}.into())
    }

    /// Always `PreviewUnsupported`, as ERC-7540 asks.
    pub fn preview_withdraw(&self, _assets: U256) -> Result<U256, VaultError> {
        Err(PreviewUnsupported {}.into())
    }

    /// Shares that `controller` can claim the assets of.
    pub fn max_redeem(&self, controller: Address) -> Result<U256, VaultError> {
        Ok(self.claimable_of(controller)?.0)
    }

    /// Assets that `controller` can claim.
    pub fn max_withdraw(&self, controller: Address) -> Result<U256, VaultError> {
        Ok(self.claimable_of(controller)?.1)
    }

    // ERC-4626: entry.

    /// Takes `assets` from the caller and mints `receiver` the shares they are worth, rounded down; returns the shares. Errors:
    /// `EnforcedPause`, `SharesOfQueue` for the queue, `AccountBlacklisted` if caller or receiver is barred, `ZeroAmount`,
    /// `NoAssetsBehindShares`, `ZeroShares`, `DepositCapExceeded`, `ERC20InvalidReceiver`. Event: `Deposit`.
    pub fn deposit(&mut self, assets: U256, receiver: Address) -> Result<U256, VaultError> {
        self.enter_with_assets(Assets(assets), receiver, Shares::ZERO)
    }

    /// As the other, if it mints at least `minShares`. Errors also: `SharesBelowMinimum`.
    #[selector(name = "deposit")]
    pub fn deposit_with_minimum(&mut self, assets: U256, receiver: Address, min_shares: U256) -> Result<U256, VaultError> {
        self.enter_with_assets(Assets(assets), receiver, Shares(min_shares))
    }

    /// Mints `receiver` exactly `shares` and takes what they cost, rounded up, from the caller; returns the cost. Errors: `EnforcedPause`,
    /// `SharesOfQueue` for the queue, `AccountBlacklisted` if caller or receiver is barred, `ZeroAmount`, `NoAssetsBehindShares`,
    /// `DepositCapExceeded`, `ERC20InvalidReceiver`. Event: `Deposit`.
    pub fn mint(&mut self, shares: U256, receiver: Address) -> Result<U256, VaultError> {
        self.enter_with_shares(Shares(shares), receiver, Assets(U256::MAX))
    }

    /// As the other, if it costs at most `maxAssets`. Errors also: `AssetsAboveMaximum`.
    #[selector(name = "mint")]
    pub fn mint_with_maximum(&mut self, shares: U256, receiver: Address, max_assets: U256) -> Result<U256, VaultError> {
        self.enter_with_shares(Shares(shares), receiver, Assets(max_assets))
    }

    // ERC-7540: exit, through the queue.

    /// Puts `shares` of `owner` into the queue as a position of `controller`; returns its id. By the controller or its operator, who must
    /// be the owner, or its operator, or spends its allowance of the caller. Errors: `ZeroAmount`, `EnforcedPause`, `NotControllerOrOperator`,
    /// `AccountBlacklisted` if owner, controller or caller is barred, `NotWired`, `ERC20InsufficientAllowance`, `ERC20InsufficientBalance`.
    /// Event: `RedeemRequest`.
    pub fn request_redeem(&mut self, shares: U256, controller: Address, owner: Address) -> Result<U256, VaultError> {
        self.request(Shares(shares), controller, owner)
    }

    /// Shares of the position that wait.
    pub fn pending_redeem_request(&self, request_id: U256, controller: Address) -> Result<U256, VaultError> {
        self.pending(request_id, controller)
    }

    /// Shares of the position that are settled and not claimed.
    pub fn claimable_redeem_request(&self, request_id: U256, controller: Address) -> Result<U256, VaultError> {
        self.claimable(request_id, controller)
    }

    /// Pays `receiver` the assets of `shares` of `controller` that are settled; returns the assets. By the controller or its operator.
    /// Errors: `ZeroAmount`, `ZeroAddress`, `NotControllerOrOperator`, `AccountBlacklisted` if controller, receiver or caller is barred,
    /// `NotWired`, and `ExceedsClaimable` or `InvalidReceiver` of the queue. Event: `Withdraw`.
    pub fn redeem(&mut self, shares: U256, receiver: Address, controller: Address) -> Result<U256, VaultError> {
        self.claim_by_shares(shares, receiver, controller)
    }

    /// Pays `receiver` exactly `assets` of what is settled for `controller`; returns the shares they were settled for. By the controller
    /// or its operator. Errors: as `redeem`. Event: `Withdraw`.
    pub fn withdraw(&mut self, assets: U256, receiver: Address, controller: Address) -> Result<U256, VaultError> {
        self.claim_by_assets(assets, receiver, controller)
    }

    /// Makes `operator` the caller's operator, or no longer. Errors: `ZeroAddress`. Event: `OperatorSet`.
    pub fn set_operator(&mut self, operator: Address, approved: bool) -> Result<bool, VaultError> {
        self.store_operator(self.vm().msg_sender(), operator, approved)?;
        Ok(true)
    }

    /// Whether `operator` may act for `controller`.
    pub fn is_operator(&self, controller: Address, operator: Address) -> bool {
        self.operates(controller, operator)
    }

    /// ERC-165: itself, ERC-7540 redeem and operator, ERC-7575, ERC-7741, ERC-20, its metadata, ERC-2612, ERC-5267.
    pub fn supports_interface(&self, interface_id: FixedBytes<4>) -> bool {
        matches!(
            u32::from_be_bytes(interface_id.0),
            0x01ff_c9a7 | 0x620e_e8e4 | 0xe3bc_4e65 | 0x2f0a_18c5 | ERC7741_ID | 0x3637_2b07 | 0xa219_a025 | 0x9d8f_f7da | 0x84b0_196e
        )
    }

    // The books, as anybody may read them.

    /// The conservative value in wei: cash and principal, less what is impaired and what has not vested. Redemptions are paid from it.
    pub fn nav(&self) -> Result<U256, VaultError> {
        self.read(View::Conservative, &U256::ZERO)
    }

    /// Assets that a share costs, in WAD: the face value per share, rounded up: cash, loans at face and their interest. For show: deposits
    /// compute with the totals.
    pub fn deposit_share_price(&self) -> Result<U256, VaultError> {
        self.read(View::EntryPrice, &WAD)
    }

    /// Assets that a share pays who leaves, in WAD: the conservative value per share, rounded down.
    pub fn redemption_share_price(&self) -> Result<U256, VaultError> {
        self.read(View::ExitPrice, &U256::ZERO)
    }

    /// All shares there are, those on other chains included.
    pub fn total_shares(&self) -> Result<U256, VaultError> {
        Ok(self.all_shares()?.0)
    }

    /// Shares on other chains; their assets are here.
    pub fn bridged_supply(&self) -> U256 {
        self.limits_book().bridged.0
    }

    /// The most that a deposit may bring the face value to; 2^128 − 1: no cap.
    pub fn deposit_cap(&self) -> U256 {
        self.limits_book().cap.0
    }

    /// Whether deposits and requests are paused.
    pub fn paused(&self) -> bool {
        self.paused.get()
    }

    /// Second from which the next redemptions can be settled, passed if nobody has yet; 0 before there is a queue.
    pub fn redemption_timestamp(&self) -> Result<U256, VaultError> {
        self.next_settlement()
    }

    // Administration.

    /// Stops deposits and requests; transfers and claims go on. By `GUARDIAN` or `ADMIN`. Errors: `Unauthorized`. Event: `Paused`.
    pub fn pause(&mut self) -> Result<(), VaultError> {
        self.store_pause(true)
    }

    /// Lets deposits and requests go on. By `ADMIN`. Errors: `Unauthorized`. Event: `Unpaused`.
    pub fn unpause(&mut self) -> Result<(), VaultError> {
        self.store_pause(false)
    }

    /// Caps the face value that deposits may lead to; a cap below what there is stops them; 2^128 − 1 or more is no cap. By `ADMIN`.
    /// Errors: `Unauthorized`. Event: `DepositCapSet`.
    pub fn set_deposit_cap(&mut self, deposit_cap: U256) -> Result<(), VaultError> {
        self.require_role(role::ADMIN)?;
        self.store_deposit_cap(deposit_cap)
    }

    /// Brings `shares` back from another chain, to `to`. By `BRIDGE`. Errors: `Unauthorized`, `ZeroAmount`, `InsufficientBridgedSupply`,
    /// `AccountBlacklisted`, `SharesOfQueue`, `ERC20InvalidReceiver`. Events: `BridgedSupplySet`, `Transfer`.
    #[selector(name = "mint")]
    pub fn mint_bridged(&mut self, to: Address, shares: U256) -> Result<(), VaultError> {
        self.bridge_in(to, Shares(shares))
    }

    /// Sends `shares` of `from` to another chain; their assets stay here, and they count on. By `BRIDGE`, which is trusted to have the owner's
    /// word. Errors: `Unauthorized`, `ZeroAmount`, `AccountBlacklisted`, `SharesOfQueue`, `ERC20InsufficientBalance`. Events:
    /// `BridgedSupplySet`, `Transfer`.
    pub fn burn(&mut self, from: Address, shares: U256) -> Result<(), VaultError> {
        self.bridge_out(from, Shares(shares))
    }

    /// USDai that the vault holds, as booked.
    pub fn cash(&self) -> U256 {
        self.till_book().cash.0
    }

    /// What the vault may lend: cash less the reserve for those who wait in the queue.
    pub fn lendable(&self) -> Result<U256, VaultError> {
        Ok(self.till_book().lendable(self.awaited()?).0)
    }

    /// What of the principal is not expected back, over all loans that are late or in default.
    pub fn impairment(&self) -> U256 {
        self.loans_book().impairment.0
    }

    /// Income that has not vested yet, rounded up.
    pub fn unvested(&self) -> Result<U256, VaultError> {
        self.read(View::Unvested, &U256::ZERO)
    }

    /// Principal (wei), rate (wei × 10^18 per second), accrued (wei × 10^18) at `updatedAt` (second).
    #[returns(principal, rate, accrued, updated_at)]
    pub fn loan_book(&self) -> (U256, U256, U256, U256) {
        let book = self.loans_book();
        (book.principal.0, book.rate.0, book.accrued.0, U256::from(book.updated_at))
    }

    // Hooks of the other contracts.

    /// Lends `principal`, paid to `receiver`, at `rate` (wei × 10^18 per second). By FiLo. Errors: `OnlyFilo`, `ZeroAmount`, `ZeroAddress`,
    /// `ExceedsLendable`. Event: `LoanDrawn`.
    pub fn draw_loan(&mut self, principal: U256, rate: U256, receiver: Address) -> Result<(), VaultError> {
        self.lend(Assets(principal), Rate(rate), receiver)
    }

    /// Books money that FiLo has moved to the vault: principal back, interest, the accrual (wei × 10^18) that it settles, the change of the
    /// loan's rate. Any of them may be zero. By FiLo. Errors: `OnlyFilo`, `ExceedsLoanBook`. Event: `LoanRepaid`.
    pub fn repay_loan(&mut self, principal: U256, interest: U256, accrual: U256, old_rate: U256, new_rate: U256) -> Result<(), VaultError> {
        let repayment = Repayment {
            principal: Assets(principal),
            accrual: Accrual(accrual),
            old_rate: Rate(old_rate),
            new_rate: Rate(new_rate),
        };
        self.book_repayment(&repayment, Assets(interest))
    }

    /// Marks a loan anew without money: takes `accrual` (wei × 10^18) out of the book, exchanges the loan's rate and what of it is not expected
    /// back. Counts at once, up as down: entry is at face, so nobody buys what a mark gives back. By FiLo. Errors: `OnlyFilo`,
    /// `ExceedsLoanBook`. Event: `LoanMarked`.
    pub fn mark_loan(
        &mut self,
        accrual: U256,
        old_rate: U256,
        new_rate: U256,
        old_impairment: U256,
        new_impairment: U256,
    ) -> Result<(), VaultError> {
        let change = Repayment {
            principal: Assets::ZERO,
            accrual: Accrual(accrual),
            old_rate: Rate(old_rate),
            new_rate: Rate(new_rate),
        };
        let remark = Remark {
            old: Assets(old_impairment),
            new: Assets(new_impairment),
        };
        self.remark(&change, &remark)
    }

    /// Takes lost `principal` out of the book for good and releases the `impairment` that was held against it. By FiLo. Errors:
    /// `OnlyFilo`, `ExceedsLoanBook`. Event: `LoanWrittenOff`.
    pub fn write_off(&mut self, principal: U256, impairment: U256) -> Result<(), VaultError> {
        self.book_loss(Assets(principal), Assets(impairment))
    }

    /// What a settlement needs to know: the redemption share price (WAD) and the cash, as `redemptionSharePrice` and `cash` say.
    #[returns(price, cash)]
    pub fn settlement_terms(&self) -> Result<(U256, U256), VaultError> {
        Ok((self.redemption_share_price()?, self.cash()))
    }

    /// Burns `shares` held by the queue that a bidder has forfeited; what they were worth vests for all who stay. By the queue. Errors:
    /// `OnlyQueue`, `ZeroAmount`, `ERC20InsufficientBalance`. Event: `SharesForfeited`.
    pub fn burn_forfeited(&mut self, shares: U256) -> Result<(), VaultError> {
        self.forfeit(Shares(shares))
    }

    /// Succeeds unless one of the two is barred. Errors: `AccountBlacklisted`.
    pub fn check_allowed(&self, first: Address, second: Address) -> Result<(), VaultError> {
        self.require_allowed([first, second])
    }

    /// Bars `account`, or no longer; the queue, whose shares are others', is never barred. By the role BLACKLIST. Errors: `Unauthorized`,
    /// `ZeroAddress`, `SharesOfQueue`. Event: `Blacklisted`.
    pub fn set_blacklist(&mut self, account: Address, is_blacklisted: bool) -> Result<(), VaultError> {
        self.bar(account, is_blacklisted)
    }

    /// Whether `account` is barred.
    pub fn is_blacklisted(&self, account: Address) -> bool {
        self.blacklist.get(account)
    }

    /// Burns `shares` held by the queue, pays it `assets` for them, and lets `premium`, which stays, vest; what borrowers paid back before
    /// is no longer reserved. All zeros: a settlement that filled nobody. By the queue. Errors: `OnlyQueue`, `ZeroAmount` (no shares for
    /// assets or a premium), `ExceedsCash`, `ERC20InsufficientBalance`. Event: `RedemptionsFilled`.
    pub fn fill_redemptions(&mut self, shares: U256, assets: U256, premium: U256) -> Result<(), VaultError> {
        self.fill(Shares(shares), Assets(assets), Assets(premium))
    }

    /// Books `assets` that USDai has just minted to the vault; they vest. By USDai. Errors: `OnlyUsdai`,
    /// `ZeroAmount`. Event: `YieldReceived`.
    pub fn notify_yield(&mut self, assets: U256) -> Result<(), VaultError> {
        self.receive_yield(Assets(assets))
    }
}

/// Succeeds unless `address` is zero.
pub(crate) fn require_address(address: Address) -> Result<(), VaultError> {
    if address.is_zero() {
        return Err(ZeroAddress {}.into());
    }
    Ok(())
}

#[cfg(test)]
#[path = "vault_tests.rs"]
mod tests;
