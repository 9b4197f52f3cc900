//! From a transaction to a receipt.

use super::{machine, Chain, Machine, Receipt, Tx, TxInvalid};
use crate::{
    arbos::ArbState,
    evm::{Ctx, StylusEvm, TxError, SPEC},
};
use alloy_primitives::{Address, Bytes, TxKind};
use revm::{
    context::{
        transaction::{AccessList, AccessListItem},
        TxEnv,
    },
    context_interface::{
        result::{EVMError, ExecutionResult, InvalidTransaction},
        JournalTr,
    },
    state::EvmState,
    DatabaseCommit,
};

/// Code limit of a contract, EVM or program, in bytes.
const MAX_CODE_SIZE: usize = 24_576;

impl Chain {
    /// Executes a transaction and keeps its changes.
    ///
    /// # Errors
    /// [`TxInvalid`] if it breaks a rule before execution; nothing changes then. A revert is no error here: see
    /// [`Receipt::success`].
    pub fn execute(&mut self, tx: Tx) -> Result<Receipt, TxInvalid> {
        self.execute_hashed(tx, None)
    }

    /// As [`Self::execute`], for a transaction that came in signed: `raw` is what its hash is taken of.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn execute_signed(&mut self, tx: Tx, raw: Bytes) -> Result<Receipt, TxInvalid> {
        self.execute_hashed(tx, Some(raw))
    }

    fn execute_hashed(&mut self, tx: Tx, raw: Option<Bytes>) -> Result<Receipt, TxInvalid> {
        if self.open.is_some() {
            return self.execute_in_block(tx, raw);
        }
        self.open_block();
        let result = self.execute_in_block(tx, raw);
        match result {
            Ok(_) => self.close_block(),
            // Invalid transactions leave no block behind.
            Err(_) => self.open = None,
        }
        result
    }

    fn execute_in_block(&mut self, tx: Tx, raw: Option<Bytes>) -> Result<Receipt, TxInvalid> {
        let nonce = self.nonce(tx.from);
        let mut receipt = self.run(&tx, true)?;
        self.record(tx, nonce, raw, &mut receipt);
        Ok(receipt)
    }

    /// Executes a transaction in the next block without keeping anything of it.
    ///
    /// # Errors
    /// As [`Self::execute`].
    pub fn simulate(&mut self, tx: &Tx) -> Result<Receipt, TxInvalid> {
        let recent = self.arb.recent.clone();
        if self.open.is_none() {
            self.arb.recent.clear();
            self.arb.l2_block = self.block_number() + 1;
        }
        let receipt = self.run(tx, false);
        self.arb.recent = recent;
        receipt
    }

    /// Runs `tx` on every machine that is to run it, and keeps what the first says.
    fn run(&mut self, tx: &Tx, keep: bool) -> Result<Receipt, TxInvalid> {
        let recent = (self.machine == Machine::Both).then(|| self.arb.recent.clone());
        let (receipt, changes) = self.transact(tx, self.machine == Machine::Native)?;
        if let Some(recent) = recent {
            let after = std::mem::replace(&mut self.arb.recent, recent);
            let native = self.transact(tx, true)?;
            self.arb.recent = after;
            machine::agree(tx, &(&receipt, &changes), &(&native.0, &native.1));
        }
        if keep {
            self.db.commit(changes);
        }
        Ok(receipt)
    }

    /// What `tx` does on one machine, and the changes that it would make.
    fn transact(&mut self, tx: &Tx, natively: bool) -> Result<(Receipt, EvmState), TxInvalid> {
        let nonce = self.nonce(tx.from);
        let block = self.block_env();
        let mut arb = std::mem::take(&mut self.arb);
        arb.natively = natively;
        let mut ctx = Ctx::new(&mut self.db, SPEC)
            .with_block(block)
            .with_chain(arb)
            .with_tx(tx_env(tx, nonce));
        ctx.cfg.chain_id = self.id;
        ctx.cfg.tx_chain_id_check = false;
        ctx.cfg.limit_contract_code_size = Some(MAX_CODE_SIZE);
        // Only Stylus' prefix is exempt: `evm` sees to that.
        ctx.cfg.disable_eip3541 = true;
        // Tests speak for contracts too.
        ctx.cfg.disable_eip3607 = true;
        ctx.cfg.disable_eip7623 = true;
        ctx.cfg.disable_base_fee = tx.gas_price == 0;

        let mut evm = StylusEvm::new(ctx);
        let result = evm.transact();
        let mut ctx = evm.into_ctx();
        let changes = ctx.journaled_state.finalize();
        let mut arb: ArbState = ctx.chain;
        let fault = arb.fault.take();
        self.arb = arb;
        let result = result.map_err(|error| invalid(tx, error))?;
        let receipt = Receipt {
            fault,
            block_number: self.arb.l2_block,
            ..receipt(result)
        };
        Ok((receipt, changes))
    }

    /// Calls `to` and keeps the changes, with [`super::DEFAULT_GAS_LIMIT`] and without value.
    ///
    /// # Panics
    /// If the transaction is invalid, which such a call never is.
    pub fn call(&mut self, from: Address, to: Address, data: impl Into<Bytes>) -> Receipt {
        let result = self.execute(Tx::call(from, to, data));
        result.unwrap_or_else(|invalid| panic!("{invalid}"))
    }

    /// Calls `to` without keeping anything.
    ///
    /// # Panics
    /// As [`Self::call`].
    pub fn view(&mut self, from: Address, to: Address, data: impl Into<Bytes>) -> Receipt {
        let result = self.simulate(&Tx::call(from, to, data));
        result.unwrap_or_else(|invalid| panic!("{invalid}"))
    }
}

fn tx_env(tx: &Tx, nonce: u64) -> TxEnv {
    let access_list: Vec<AccessListItem> = tx
        .access_list
        .iter()
        .map(|(address, slots)| AccessListItem {
            address: *address,
            storage_keys: slots.clone(),
        })
        .collect();
    TxEnv {
        // The price is settled already, so a legacy transaction or one with an access list says it all.
        tx_type: u8::from(!access_list.is_empty()),
        caller: tx.from,
        gas_limit: tx.gas_limit,
        gas_price: tx.gas_price,
        kind: tx.to.map_or(TxKind::Create, TxKind::Call),
        value: tx.value,
        data: tx.data.clone(),
        nonce,
        chain_id: None,
        access_list: AccessList(access_list),
        ..TxEnv::default()
    }
}

fn receipt(result: ExecutionResult) -> Receipt {
    let gas_used = result.tx_gas_used();
    match result {
        ExecutionResult::Success { logs, output, .. } => Receipt {
            success: true,
            contract_address: output.address().copied(),
            output: output.into_data(),
            gas_used,
            logs,
            ..Receipt::default()
        },
        ExecutionResult::Revert { output, .. } => Receipt {
            output,
            gas_used,
            ..Receipt::default()
        },
        ExecutionResult::Halt { reason, .. } => Receipt {
            halt: Some(format!("{reason:?}")),
            gas_used,
            ..Receipt::default()
        },
    }
}

fn invalid(tx: &Tx, error: TxError) -> TxInvalid {
    match error {
        EVMError::Transaction(InvalidTransaction::LackOfFundForMaxFee { fee, balance }) => TxInvalid::InsufficientFunds {
            from: tx.from,
            have: *balance,
            want: *fee,
        },
        EVMError::Transaction(InvalidTransaction::CallGasCostMoreThanGasLimit { initial_gas, gas_limit }) => TxInvalid::IntrinsicGas {
            limit: gas_limit,
            intrinsic: initial_gas,
        },
        other => TxInvalid::Other(other.to_string()),
    }
}
