//! Looking at state, changing it by hand, time, and going back.

use super::{block::OpenBlock, Chain};
use crate::{
    arbos::RecentPrograms,
    evm::{known, Db},
};
use alloy_primitives::{keccak256, Address, Bytes, B256, U256};
use revm::{
    primitives::StorageKeyMap,
    state::{AccountInfo, Bytecode},
    Database,
};
use std::collections::BTreeMap;

/// Names a moment to go back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SnapshotId(pub u64);

/// A moment to go back to.
#[derive(Debug)]
pub(super) struct Snapshot {
    db: Db,
    time: u64,
    blocks: usize,
    recent: RecentPrograms,
    open: Option<OpenBlock>,
}

impl Chain {
    /// Balance in wei.
    pub fn balance(&mut self, account: Address) -> U256 {
        self.info(account).balance
    }

    /// Transactions sent, or contracts created.
    pub fn nonce(&mut self, account: Address) -> u64 {
        self.info(account).nonce
    }

    /// Deployed code.
    pub fn code(&mut self, account: Address) -> Bytes {
        let info = self.info(account);
        let code = match info.code {
            Some(code) => code,
            None => known(self.db.code_by_hash(info.code_hash)),
        };
        code.original_bytes()
    }

    /// Keccak of the deployed code.
    pub fn code_hash(&mut self, account: Address) -> B256 {
        self.info(account).code_hash
    }

    /// A word of storage.
    pub fn storage(&mut self, account: Address, slot: U256) -> U256 {
        known(self.db.storage(account, slot))
    }

    /// Every word of an account's storage that is not zero, by slot.
    #[must_use]
    pub fn words(&self, account: Address) -> BTreeMap<U256, U256> {
        let there = self.db.cache.accounts.get(&account);
        let words = there.into_iter().flat_map(|account| &account.storage);
        words
            .filter(|(_, word)| !word.is_zero())
            .map(|(slot, word)| (*slot, *word))
            .collect()
    }

    /// Sets a balance, in wei.
    pub fn set_balance(&mut self, account: Address, wei: U256) {
        let info = self.info(account);
        self.db.insert_account_info(account, AccountInfo { balance: wei, ..info });
    }

    /// Sets a nonce.
    pub fn set_nonce(&mut self, account: Address, nonce: u64) {
        let info = self.info(account);
        self.db.insert_account_info(account, AccountInfo { nonce, ..info });
    }

    /// Puts code at an address, as a genesis file would: no constructor runs, and a program's code must still be activated.
    pub fn set_code(&mut self, account: Address, code: impl Into<Bytes>) {
        let code = code.into();
        let info = self.info(account);
        let code_hash = keccak256(&code);
        let code = Some(Bytecode::new_raw(code));
        self.db.insert_account_info(account, AccountInfo { code_hash, code, ..info });
    }

    /// Sets a word of storage.
    pub fn set_storage(&mut self, account: Address, slot: U256, value: U256) {
        known(self.db.insert_account_storage(account, slot, value));
    }

    /// Forgets all storage of an account.
    pub fn clear_storage(&mut self, account: Address) {
        known(self.db.replace_account_storage(account, StorageKeyMap::default()));
    }

    /// Runs `work` and takes back every change it makes to accounts.
    pub fn in_fork<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let db = self.db.clone();
        let result = work(self);
        self.db = db;
        result
    }

    fn info(&mut self, account: Address) -> AccountInfo {
        known(self.db.basic(account)).unwrap_or_default()
    }

    /// Unix seconds of the next block: what contracts see.
    #[must_use]
    pub fn timestamp(&self) -> u64 {
        self.time
    }

    /// Moves time to `timestamp` (Unix seconds). Going back is possible, if unusual.
    pub fn warp_to(&mut self, timestamp: u64) {
        self.time = timestamp;
    }

    /// Moves time on.
    pub fn advance(&mut self, seconds: u64) {
        self.time += seconds;
    }

    /// Remembers state, blocks and time.
    pub fn snapshot(&mut self) -> SnapshotId {
        self.snapshots.push(Snapshot {
            db: self.db.clone(),
            time: self.time,
            blocks: self.blocks.len(),
            recent: self.arb.recent.clone(),
            open: self.open.clone(),
        });
        SnapshotId(self.snapshots.len() as u64 - 1)
    }

    /// Goes back to a snapshot and forgets it and all later ones. False if there is none of that name.
    pub fn revert_to(&mut self, id: SnapshotId) -> bool {
        let Ok(index) = usize::try_from(id.0) else { return false };
        let Some(snapshot) = self.snapshots.drain(index.min(self.snapshots.len())..).next() else {
            return false;
        };
        let Snapshot {
            db,
            time,
            blocks,
            recent,
            open,
        } = snapshot;
        self.db = db;
        self.time = time;
        let dropped = self.blocks.drain(blocks..);
        for block in dropped {
            for hash in block.transactions {
                self.transactions.remove(&hash);
            }
        }
        self.arb.recent = recent;
        self.open = open;
        true
    }
}
