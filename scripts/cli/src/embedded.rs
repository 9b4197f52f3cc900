//! The embedded chain as a [`Node`], in this process and without RPC.

use alloy_primitives::{Address, Bytes, Log, B256, U256};
use stylus_chain::{Chain, Receipt, Tx};

use crate::node::{Node, NodeError, Person, Sent};

/// The embedded chain. It takes no signatures: whoever is said to send, sends.
#[derive(Debug, Default)]
pub struct Embedded {
    /// The chain, for what only it can do (caching programs, snapshots, storage).
    pub chain: Chain,
}

impl Embedded {
    /// A node on `chain`.
    #[must_use]
    pub fn on(chain: Chain) -> Self {
        Self { chain }
    }

    fn transaction(from: Address, to: Option<Address>, value: U256, data: Bytes) -> Tx {
        match to {
            Some(to) => Tx::call(from, to, data),
            None => Tx::create(from, data),
        }
        .value(value)
    }

    /// A success, or why not: revert data if there is any, else the machine's own word (out of gas, a trap).
    fn outcome(receipt: Receipt) -> Result<Receipt, NodeError> {
        receipt.ok().map_err(|revert| {
            if revert.data().is_empty() {
                NodeError::Other(revert.to_string())
            } else {
                NodeError::Reverted(revert.data().clone())
            }
        })
    }
}

impl Node for Embedded {
    fn chain_id(&self) -> u64 {
        self.chain.chain_id()
    }

    fn now(&mut self) -> Result<u64, NodeError> {
        Ok(self.chain.timestamp())
    }

    fn send(&mut self, from: &Person, to: Option<Address>, value: U256, data: Bytes) -> Result<Sent, NodeError> {
        let tx = Self::transaction(from.address(), to, value, data);
        let receipt = self.chain.execute(tx).map_err(|invalid| NodeError::Other(invalid.to_string()))?;
        let receipt = Self::outcome(receipt)?;
        Ok(Sent {
            gas_used: receipt.gas_used,
            logs: receipt.logs,
            output: Some(receipt.output),
            created: receipt.contract_address,
            hash: receipt.tx_hash,
        })
    }

    fn view(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        let tx = Self::transaction(from, Some(to), value, data);
        let receipt = self.chain.simulate(&tx).map_err(|invalid| NodeError::Other(invalid.to_string()))?;
        Self::outcome(receipt).map(|receipt| receipt.output)
    }

    fn balance(&mut self, account: Address) -> Result<U256, NodeError> {
        Ok(self.chain.balance(account))
    }

    fn nonce(&mut self, account: Address) -> Result<u64, NodeError> {
        Ok(self.chain.nonce(account))
    }

    fn code(&mut self, account: Address) -> Result<Bytes, NodeError> {
        Ok(self.chain.code(account))
    }

    fn storage(&mut self, account: Address, slot: U256) -> Result<U256, NodeError> {
        Ok(self.chain.storage(account, slot))
    }

    fn view_with_code(&mut self, account: Address, code: Bytes, to: Address, value: U256, data: Bytes) -> Result<Bytes, NodeError> {
        let before = self.chain.snapshot();
        self.chain.set_code(account, code);
        self.chain.set_balance(account, value);
        let answer = self.view(account, to, value, data);
        self.chain.revert_to(before);
        answer
    }

    fn estimate(&mut self, from: Address, to: Address, value: U256, data: Bytes) -> Result<u64, NodeError> {
        let tx = Self::transaction(from, Some(to), value, data);
        let receipt = self.chain.simulate(&tx).map_err(|invalid| NodeError::Other(invalid.to_string()))?;
        Self::outcome(receipt).map(|receipt| receipt.gas_used)
    }

    fn gas_price(&mut self) -> Result<u128, NodeError> {
        Ok(self.chain.base_fee().into())
    }

    fn block(&mut self) -> Result<u64, NodeError> {
        Ok(self.chain.block_number())
    }

    fn logs(&mut self, account: Address, topic: B256, since: u64) -> Result<Vec<(Log, B256)>, NodeError> {
        let mut found = Vec::new();
        for number in since..=self.chain.block_number() {
            let hashes = self.chain.block(number).map(|block| block.transactions.clone()).unwrap_or_default();
            for hash in hashes {
                let logs = self
                    .chain
                    .transaction(hash)
                    .map(|record| record.receipt.logs.clone())
                    .unwrap_or_default();
                let mine = logs
                    .into_iter()
                    .filter(|log| log.address == account && log.topics().first() == Some(&topic));
                found.extend(mine.map(|log| (log, hash)));
            }
        }
        Ok(found)
    }

    fn settle(&mut self, _: Address) -> Result<(), NodeError> {
        Ok(())
    }

    fn fund(&mut self, account: Address, wei: U256) -> Result<(), NodeError> {
        let held = self.chain.balance(account);
        self.chain.set_balance(account, held.max(wei));
        Ok(())
    }

    fn pass_time_until(&mut self, timestamp: u64) -> Result<(), NodeError> {
        if timestamp > self.chain.timestamp() {
            self.chain.warp_to(timestamp);
        }
        Ok(())
    }

    fn travels_in_time(&self) -> bool {
        true
    }

    fn keeps_return_data(&self) -> bool {
        true
    }
}
