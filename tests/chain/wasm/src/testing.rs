//! An [`EvmApi`] in memory, for tests of programs and of this crate.

use crate::{CallKind, CallOutcome, CallStatus, CreateOutcome, EvmApi, WriteError};
use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use std::collections::{BTreeMap, BTreeSet};

/// A call as the program made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Which of the three.
    pub kind: CallKind,
    /// Target.
    pub to: Address,
    /// Calldata.
    pub data: Vec<u8>,
    /// Value in wei.
    pub value: U256,
    /// Gas the program had.
    pub gas_left: u64,
    /// Gas it wanted to forward at most.
    pub gas_limit: u64,
}

/// A creation as the program made it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Create {
    /// Init code.
    pub code: Bytes,
    /// Value in wei.
    pub endowment: U256,
    /// CREATE2's salt.
    pub salt: Option<B256>,
    /// Gas the program had.
    pub gas_left: u64,
}

/// One contract's storage, accounts with code and balance, and a record of what the program did. Calls and creations answer what
/// the test has put in.
#[derive(Clone, Debug, Default)]
pub struct MemoryEvm {
    /// Whether writes are refused.
    pub is_static: bool,
    /// Storage of the contract.
    pub storage: BTreeMap<B256, B256>,
    /// Slots touched before.
    pub warm_slots: BTreeSet<B256>,
    /// Transient storage.
    pub transient: BTreeMap<B256, B256>,
    /// Balance and code.
    pub accounts: BTreeMap<Address, (U256, Bytes)>,
    /// Accounts touched before.
    pub warm_accounts: BTreeSet<Address>,
    /// Topics and data of logs.
    pub logs: Vec<(Vec<B256>, Bytes)>,
    /// Words in the order they were written.
    pub writes: Vec<(B256, B256)>,
    /// Calls made.
    pub calls: Vec<Call>,
    /// What the next calls return, success without data once used up.
    pub call_answers: Vec<CallOutcome>,
    /// Creations made.
    pub creates: Vec<Create>,
    /// What the next creations return, failure once used up.
    pub create_answers: Vec<CreateOutcome>,
    /// Pages opened by growth.
    pub pages: u16,
}

/// Gas of a write, whatever it writes.
pub const STORE_GAS: u64 = 20_000;

impl MemoryEvm {
    fn touch(&mut self, account: Address) -> u64 {
        if self.warm_accounts.insert(account) {
            2_600
        } else {
            100
        }
    }
}

impl EvmApi for MemoryEvm {
    fn storage(&mut self, key: B256) -> (B256, u64) {
        let gas = if self.warm_slots.insert(key) { 2_100 } else { 100 };
        (self.storage.get(&key).copied().unwrap_or_default(), gas)
    }

    fn store(&mut self, slots: &[(B256, B256)], gas_left: u64) -> Result<u64, WriteError> {
        if self.is_static {
            return Err(WriteError::Static);
        }
        let gas = STORE_GAS * slots.len() as u64;
        if gas > gas_left {
            return Err(WriteError::OutOfGas);
        }
        self.writes.extend_from_slice(slots);
        self.storage.extend(slots.iter().copied());
        Ok(gas)
    }

    fn transient(&mut self, key: B256) -> B256 {
        self.transient.get(&key).copied().unwrap_or_default()
    }

    fn store_transient(&mut self, key: B256, value: B256) -> Result<(), WriteError> {
        if self.is_static {
            return Err(WriteError::Static);
        }
        self.transient.insert(key, value);
        Ok(())
    }

    fn call(&mut self, kind: CallKind, to: Address, data: &[u8], value: U256, gas_left: u64, gas_limit: u64) -> CallOutcome {
        self.calls.push(Call {
            kind,
            to,
            data: data.to_vec(),
            value,
            gas_left,
            gas_limit,
        });
        if self.call_answers.is_empty() {
            return CallOutcome {
                status: CallStatus::Success,
                data: Bytes::new(),
                gas_cost: 0,
            };
        }
        self.call_answers.remove(0)
    }

    fn create(&mut self, code: Bytes, endowment: U256, salt: Option<B256>, gas_left: u64) -> CreateOutcome {
        self.creates.push(Create {
            code,
            endowment,
            salt,
            gas_left,
        });
        if self.create_answers.is_empty() {
            return CreateOutcome {
                address: None,
                data: Bytes::new(),
                gas_cost: 0,
            };
        }
        self.create_answers.remove(0)
    }

    fn log(&mut self, topics: Vec<B256>, data: Bytes) -> Result<(), WriteError> {
        if self.is_static {
            return Err(WriteError::Static);
        }
        self.logs.push((topics, data));
        Ok(())
    }

    fn balance(&mut self, account: Address) -> (U256, u64) {
        let gas = self.touch(account);
        (self.accounts.get(&account).map(|(balance, _)| *balance).unwrap_or_default(), gas)
    }

    fn code(&mut self, account: Address) -> (Bytes, u64) {
        let gas = self.touch(account);
        (self.accounts.get(&account).map(|(_, code)| code.clone()).unwrap_or_default(), gas)
    }

    fn code_hash(&mut self, account: Address) -> (B256, u64) {
        let gas = self.touch(account);
        (
            self.accounts.get(&account).map(|(_, code)| keccak256(code)).unwrap_or_default(),
            gas,
        )
    }

    fn add_pages(&mut self, pages: u16) -> u64 {
        let gas = crate::page_gas(pages, self.pages, self.pages);
        self.pages += pages;
        gas
    }
}
