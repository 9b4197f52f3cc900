//! What pays the instalment that is due, by the time that the payment is in a block.

use alloy_primitives::{Address, U256};

use crate::{
    node::{Node, NodeError, NodeExt},
    protocol::bindings::Filo,
};

/// Interest runs while a transaction is on its way: so much longer is reckoned with, seconds.
pub const ON_ITS_WAY: u64 = 600;

/// What pays the instalment of `loan` that is due, now or within [`ON_ITS_WAY`].
///
/// From its due second on, interest and late fees grow by the second, and a payment goes to them first: what is due as of the last block
/// falls short of principal in a later one, and then the instalment does not count as paid. Whatever time does not take of the rest pays
/// off a little more principal.
///
/// # Errors
/// The contract's refusal of a loan that it does not know, or if the node does not answer.
pub fn soon(node: &mut dyn Node, filo: Address, loan: U256) -> Result<U256, NodeError> {
    let owed = node.read(filo, &Filo::instalmentCall { loan })?;
    let now = U256::from(node.now()?);
    let mut amount = owed.interest + owed.principal + owed.lateFee;
    let (until, from) = (now + U256::from(ON_ITS_WAY), owed.due.max(now));
    if !amount.is_zero() && until > from {
        let mut all = |time| node.read(filo, &Filo::payoffCall { loan, time });
        amount += all(until)?.saturating_sub(all(from)?);
    }
    Ok(amount)
}
