//! What an indexer needs. Transfers and approvals are the ledger's events.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{sol, SolEvent};
use interfaces::words::{emit, Word};
use stylus_sdk::prelude::Host;

use crate::Harvest;

sol! {
    /// `caller` put in `depositAmount` of `depositToken` (its own units), `recipient` got `usdaiAmount` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event Deposited(address indexed caller, address indexed recipient, address depositToken, uint256 depositAmount, uint256 usdaiAmount);
    /// `caller` gave back `usdaiAmount` (wei), `recipient` got `withdrawAmount` of `withdrawToken` (its own units).
    #[derive(Debug, PartialEq, Eq)]
    event Withdrawn(address indexed caller, address indexed recipient, address withdrawToken, uint256 usdaiAmount, uint256 withdrawAmount);
    /// Supply and bridged supply may together be `supplyCap` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event SupplyCapSet(uint256 supplyCap);
    /// `bps` basis points of harvested yield go to the treasury.
    #[derive(Debug, PartialEq, Eq)]
    event AdminFeeSet(uint256 bps);
    /// `bridgedSupply` (wei) is now on other chains. The transfer to or from the zero address beside it says whose it was or is.
    #[derive(Debug, PartialEq, Eq)]
    event BridgedSupplySet(uint256 bridgedSupply);
    /// `baseClaimed` base units of yield now back `toVault` and `toTreasury` (wei).
    #[derive(Debug, PartialEq, Eq)]
    event Harvested(uint256 baseClaimed, uint256 toVault, uint256 toTreasury);
    /// USDai took these addresses over from the router.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address swapAdapter, address vault, address treasury);
}

/// Who gave what, and who got what for it.
pub(crate) struct Exchanged {
    pub(crate) caller: Address,
    pub(crate) recipient: Address,
    pub(crate) token: Address,
    pub(crate) given: U256,
    pub(crate) got: U256,
}

/// [`Deposited`].
pub(crate) fn deposited(vm: &dyn Host, deposit: &Exchanged) {
    exchanged(vm, Deposited::SIGNATURE_HASH, deposit);
}

/// [`Withdrawn`].
pub(crate) fn withdrawn(vm: &dyn Host, withdrawal: &Exchanged) {
    exchanged(vm, Withdrawn::SIGNATURE_HASH, withdrawal);
}

fn exchanged(vm: &dyn Host, signature: B256, e: &Exchanged) {
    let words = [
        signature,
        e.caller.word(),
        e.recipient.word(),
        e.token.word(),
        e.given.word(),
        e.got.word(),
    ];
    emit(vm, 3, &words);
}

/// [`SupplyCapSet`].
pub(crate) fn supply_cap_set(vm: &dyn Host, cap: U256) {
    emit(vm, 1, &[SupplyCapSet::SIGNATURE_HASH, cap.word()]);
}

/// [`AdminFeeSet`].
pub(crate) fn admin_fee_set(vm: &dyn Host, bps: U256) {
    emit(vm, 1, &[AdminFeeSet::SIGNATURE_HASH, bps.word()]);
}

/// [`BridgedSupplySet`].
pub(crate) fn bridged_supply_set(vm: &dyn Host, bridged: U256) {
    emit(vm, 1, &[BridgedSupplySet::SIGNATURE_HASH, bridged.word()]);
}

/// [`Harvested`].
pub(crate) fn harvested(vm: &dyn Host, harvest: &Harvest) {
    let words = [
        Harvested::SIGNATURE_HASH,
        harvest.base.0.word(),
        harvest.to_vault.0.word(),
        harvest.to_treasury.0.word(),
    ];
    emit(vm, 1, &words);
}

/// [`Wired`].
pub(crate) fn wired(vm: &dyn Host, adapter: Address, vault: Address, treasury: Address) {
    emit(vm, 1, &[Wired::SIGNATURE_HASH, adapter.word(), vault.word(), treasury.word()]);
}
