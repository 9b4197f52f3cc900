//! What curators do: open a stack, stand in front with capital.

use alloy_primitives::{Address, B256, U256};
use erc20_ledger::foreign::safe_transfer;
use interfaces::ids::role;
use lean_abi::SolidityEvent;
use stylus_sdk::prelude::*;

use super::{bps, lending::pull, FiloStacks};
use crate::{
    amount::{low_half, word},
    errors::{in_range, non_zero},
    events::{JuniorDeposited, JuniorWithdrawn, StackOpened},
    stack::{Stack, MAX_FEE_BPS, MAX_FIRST_LOSS_BPS, MAX_LTV_BPS, MAX_SENIOR, MAX_SPREAD_BPS, MAX_TRIGGER_BPS, MIN_FIRST_LOSS_BPS},
    storage::Seat,
    FiloError,
};

/// [`FiloStacks::open_stack`].
pub(super) fn open_stack(
    filo: &mut FiloStacks,
    first_loss_bps: U256,
    max_ltv_bps: U256,
    margin_trigger_bps: U256,
    senior_cap: U256,
    servicing_fee_bps: U256,
    junior_spread_bps: U256,
    hardware_class: B256,
) -> Result<U256, FiloError> {
    let curator = filo.require_role(role::CURATOR)?;
    in_range("seniorCap", &senior_cap, 1, MAX_SENIOR)?;
    let max_ltv = bps("maxLtvBps", &max_ltv_bps, 1, MAX_LTV_BPS)?;
    let stack = Stack {
        curator,
        first_loss: bps("firstLossBps", &first_loss_bps, MIN_FIRST_LOSS_BPS, MAX_FIRST_LOSS_BPS)?,
        max_ltv,
        trigger: bps("marginTriggerBps", &margin_trigger_bps, max_ltv.get().into(), MAX_TRIGGER_BPS)?,
        servicing: bps("servicingFeeBps", &servicing_fee_bps, 0, MAX_FEE_BPS)?,
        spread: bps("juniorSpreadBps", &junior_spread_bps, 0, MAX_SPREAD_BPS)?,
        senior_cap: low_half(&senior_cap),
        hardware_class,
        ..Stack::default()
    };
    let stack_id = filo.next(Seat::Router);
    filo.stacks.open(stack_id, &stack);
    let stack = word(stack_id);
    StackOpened {
        stack,
        curator,
        hardwareClass: hardware_class,
        firstLossBps: first_loss_bps,
        maxLtvBps: max_ltv_bps,
        marginTriggerBps: margin_trigger_bps,
        seniorCap: senior_cap,
        servicingFeeBps: servicing_fee_bps,
        juniorSpreadBps: junior_spread_bps,
    }
    .emit(filo.vm());
    Ok(stack)
}

/// [`FiloStacks::deposit_junior`].
pub(super) fn deposit_junior(filo: &mut FiloStacks, stack: U256, assets: U256) -> Result<(), FiloError> {
    in_range("assets", &assets, 1, u128::MAX)?;
    let (stack_id, mut state) = filo.curated(stack)?;
    state.deposit(low_half(&assets))?;
    filo.stacks.write(stack_id, &state);
    JuniorDeposited { stack, assets }.emit(filo.vm());
    pull(filo, filo.vm().msg_sender(), filo.vm().contract_address(), low_half(&assets))
}

/// [`FiloStacks::withdraw_junior`].
pub(super) fn withdraw_junior(filo: &mut FiloStacks, stack: U256, assets: U256, receiver: Address) -> Result<(), FiloError> {
    in_range("assets", &assets, 1, u128::MAX)?;
    non_zero("receiver", receiver.as_slice())?;
    let (stack_id, mut state) = filo.curated(stack)?;
    state.withdraw(stack_id, low_half(&assets))?;
    filo.require_marked()?;
    filo.stacks.write(stack_id, &state);
    JuniorWithdrawn { stack, receiver, assets }.emit(filo.vm());
    let usdai = filo.usdai()?;
    Ok(safe_transfer(filo, usdai, receiver, assets)?)
}
