//! What runs programs: the WASM that is on chain, the same contracts compiled for this machine, or both, compared.

use super::{Chain, Receipt, Tx};
use crate::native::Native;
use alloy_primitives::{hex, Address, U256};
use revm::state::{Account, EvmState};
use std::{collections::BTreeMap, fmt::Write};

/// What runs programs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Machine {
    /// Their WASM, under Nitro's rules: what is on chain.
    #[default]
    Wasm,
    /// What stands in for it ([`Chain::stand_in`]), where something does: much faster, and gas says nothing.
    Native,
    /// Every transaction and every view on both, from the same state; the WASM's result counts. A difference in anything but gas is a panic.
    Both,
}

impl Chain {
    /// Has `native` stand in for the program at `account`, whenever programs run natively.
    pub fn stand_in(&mut self, account: Address, native: Native) {
        let code = self.code_hash(account);
        self.arb.natives.insert(code, native);
    }

    /// Has programs run on `machine` from now on; returns what they ran on before.
    pub fn run_on(&mut self, machine: Machine) -> Machine {
        std::mem::replace(&mut self.machine, machine)
    }
}

/// A result and the changes that it would make.
type Outcome<'a> = (&'a Receipt, &'a EvmState);

/// Asserts that two machines did the same.
pub(super) fn agree(tx: &Tx, wasm: &Outcome<'_>, native: &Outcome<'_>) {
    let said = |(receipt, _): &Outcome<'_>| {
        (
            receipt.success,
            receipt.output.clone(),
            receipt.logs.clone(),
            receipt.contract_address,
        )
    };
    if said(wasm) == said(native) && left(wasm.1) == left(native.1) {
        return;
    }
    let mut report = format!(
        "WASM and native differ in {} to {:?} from {}\n",
        hex::encode(&tx.data),
        tx.to,
        tx.from
    );
    for (machine, (receipt, changes)) in [("WASM", wasm), ("native", native)] {
        let _ = writeln!(report, "{machine}: {receipt:?}\n{:?}", left(changes));
    }
    panic!("{report}");
}

/// Words of storage that are not what they were, by account and slot, and what else an account is.
#[derive(Debug, PartialEq, Eq)]
struct Left {
    balance: U256,
    nonce: u64,
    code: alloy_primitives::B256,
    words: BTreeMap<U256, U256>,
}

fn left(changes: &EvmState) -> BTreeMap<Address, Left> {
    let touched = changes.iter().filter(|(_, account)| account.is_touched());
    touched.map(|(address, account)| (*address, Left::of(account))).collect()
}

impl Left {
    fn of(account: &Account) -> Self {
        Self {
            balance: account.info.balance,
            nonce: account.info.nonce,
            code: account.info.code_hash,
            words: account
                .changed_storage_slots()
                .map(|(slot, word)| (*slot, word.present_value()))
                .collect(),
        }
    }
}
