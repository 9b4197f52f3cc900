//! How much gas a transaction needs.

use crate::{error, Answer};
use stylus_chain::{Chain, Tx};

/// How far, in parts of a thousand, the estimate may lie above what is needed. geth and Nitro use the same.
const TOLERANCE: u64 = 15;
/// Gas that a value transfer lends its callee: the first guess leaves room for it.
const STIPEND: u64 = 2_300;

/// The least gas limit, within 1.5 %, with which `tx` succeeds on the state as it is.
pub(crate) fn gas(chain: &mut Chain, tx: &Tx) -> Answer<u64> {
    let full = chain.simulate(tx).map_err(|invalid| error::invalid(&invalid))?;
    if !full.success {
        return Err(error::failed(&full));
    }
    let mut succeeds = |gas: u64| chain.simulate(&tx.clone().gas_limit(gas)).is_ok_and(|receipt| receipt.success);
    let mut too_low = full.gas_used.saturating_sub(1);
    let mut enough = tx.gas_limit;
    // Mostly right at once: what it used, the part that calls keep back, and the stipend.
    let guess = (full.gas_used + STIPEND) * 64 / 63;
    if guess < enough {
        if succeeds(guess) {
            enough = guess;
        } else {
            too_low = guess;
        }
    }
    while enough - too_low > 1 && (enough - too_low) * 1_000 > enough * TOLERANCE {
        // Rather low than in the middle: limits are mostly close to what is used.
        let middle = (too_low + (enough - too_low) / 2).min(too_low.saturating_mul(2));
        if succeeds(middle) {
            enough = middle;
        } else {
            too_low = middle;
        }
    }
    Ok(enough)
}
