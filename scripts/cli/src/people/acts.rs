//! What a depositor and a keeper do.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolError;

use crate::{
    deploy::record::Record,
    node::{Node, NodeError, NodeExt, Person},
    protocol::bindings::{IErc20, Qev, Susdai, Usdai},
};

/// Steps of a settlement that one transaction takes.
const STEPS: u64 = 200;

/// Lets `spender` take `amount` of `token`, unless it may already.
fn allow(node: &mut dyn Node, who: &Person, token: Address, spender: Address, amount: U256) -> Result<(), NodeError> {
    let owner = who.address();
    if node.read(token, &IErc20::allowanceCall { owner, spender })? >= amount {
        return Ok(());
    }
    // Some stablecoins return nothing from it: the call goes out raw.
    let approve = IErc20::approveCall { spender, value: amount };
    let data = alloy_sol_types::SolCall::abi_encode(&approve).into();
    node.send(who, Some(token), U256::ZERO, data).map(drop)
}

/// Turns `amount` of `token` into USDai, at least `minimum` of it; returns what came, wei.
///
/// # Errors
/// If a contract refuses.
pub fn deposit(node: &mut dyn Node, record: &Record, who: &Person, token: Address, amount: U256, minimum: U256) -> Result<U256, NodeError> {
    let usdai = record.address("usdai")?;
    allow(node, who, token, usdai, amount)?;
    let deposit = Usdai::deposit_0Call {
        depositToken: token,
        depositAmount: amount,
        usdaiAmountMinimum: minimum,
        recipient: who.address(),
    };
    Ok(node.perform(who, usdai, &deposit)?.0)
}

/// Stakes `assets` of USDai; returns the shares.
///
/// # Errors
/// If a contract refuses.
pub fn stake(node: &mut dyn Node, record: &Record, who: &Person, assets: U256) -> Result<U256, NodeError> {
    let (usdai, susdai) = (record.address("usdai")?, record.address("susdai")?);
    allow(node, who, usdai, susdai, assets)?;
    let deposit = Susdai::deposit_0Call {
        assets,
        receiver: who.address(),
    };
    Ok(node.perform(who, susdai, &deposit)?.0)
}

/// Puts `shares` into the queue; returns the position.
///
/// # Errors
/// If a contract refuses.
pub fn request(node: &mut dyn Node, record: &Record, who: &Person, shares: U256) -> Result<U256, NodeError> {
    let me = who.address();
    let request = Susdai::requestRedeemCall {
        shares,
        controller: me,
        owner: me,
    };
    Ok(node.perform(who, record.address("susdai")?, &request)?.0)
}

/// Claims everything that is claimable; returns USDai in wei.
///
/// # Errors
/// If a contract refuses.
pub fn claim(node: &mut dyn Node, record: &Record, who: &Person) -> Result<U256, NodeError> {
    let (me, susdai) = (who.address(), record.address("susdai")?);
    let shares = node.read(susdai, &Susdai::maxRedeemCall { controller: me })?;
    if shares.is_zero() {
        return Ok(U256::ZERO);
    }
    let redeem = Susdai::redeemCall {
        shares,
        receiver: me,
        controller: me,
    };
    Ok(node.perform(who, susdai, &redeem)?.0)
}

/// Settles every epoch that has ended, in as many transactions as it takes; returns how many epochs.
///
/// # Errors
/// If a contract refuses.
pub fn settle(node: &mut dyn Node, record: &Record, keeper: &Person, tell: &mut dyn FnMut(&str)) -> Result<u64, NodeError> {
    let qev = record.address("qev")?;
    let first =
        |node: &mut dyn Node| -> Result<u64, NodeError> { Ok(node.read(qev, &Qev::scheduleCall {})?.firstUnsettled.saturating_to()) };
    let begun = first(node)?;
    loop {
        let settle = Qev::settleCall {
            maxSteps: U256::from(STEPS),
        };
        match node.perform(keeper, qev, &settle) {
            Ok((_, sent)) => tell(&format!("settled, or some of it: {} gas", crate::units::thousands(sent.gas_used))),
            Err(error)
                if error
                    .revert_data()
                    .is_some_and(|data| data.starts_with(&Qev::EpochNotEnded::SELECTOR)) =>
            {
                break
            }
            Err(error) => return Err(error),
        }
    }
    Ok(first(node)? - begun)
}

/// Brings the base token's yield in; returns USDai that went to the vault and the treasury, wei.
///
/// # Errors
/// If a contract refuses.
pub fn harvest(node: &mut dyn Node, record: &Record, keeper: &Person) -> Result<U256, NodeError> {
    Ok(node.perform(keeper, record.address("usdai")?, &Usdai::harvestCall {})?.0)
}
