//! The JSON-RPC server, asked by alloy's client.

// Helpers of tests may panic as tests may.
#![allow(clippy::unwrap_used)]

#[path = "../../tests/common/mod.rs"]
mod common;

use alloy_consensus::transaction::SignerRecoverable;
use alloy_network::{EthereumWallet, TransactionBuilder};
use alloy_provider::{Provider, ProviderBuilder};
use alloy_rpc_types_eth::{
    state::{AccountOverride, StateOverride},
    BlockNumberOrTag, Filter, TransactionRequest,
};
use alloy_signer_local::PrivateKeySigner;
use common::{load, op, probe_wasm, store, to_u64, word, ALICE};
use stylus_chain::{
    accounts::DEV_ACCOUNTS,
    alloy_primitives::{keccak256, Address, Bytes, B256, U256},
    alloy_sol_types::SolCall,
    compress, init_code, ArbWasm, Chain, NodeInterface, ARB_WASM, DEFAULT_CHAIN_ID, DEFAULT_TIMESTAMP, NODE_INTERFACE,
};
use stylus_node::{serve, Clock, ServeError, Server};

/// The whole test runs against one server, as one client's afternoon.
async fn start() -> (Server, impl Provider, Address) {
    // The tool switches on TLS without a default provider, for both, when both are built together; a second install is refused and fine.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let server = serve(Chain::new(), ([127, 0, 0, 1], 0).into(), Clock::Manual).await.unwrap();
    let signer = PrivateKeySigner::from_bytes(&DEV_ACCOUNTS[0].key).unwrap();
    let address = signer.address();
    let provider = ProviderBuilder::new()
        .wallet(EthereumWallet::from(signer))
        .connect_http(server.url().parse().unwrap());
    (server, provider, address)
}

fn call(to: Address, data: impl Into<Bytes>) -> TransactionRequest {
    TransactionRequest::default().with_to(to).with_input(data)
}

#[tokio::test]
async fn a_program_from_deployment_to_its_events() {
    let (_server, provider, from) = start().await;
    assert_eq!(provider.get_chain_id().await.unwrap(), DEFAULT_CHAIN_ID);

    // Deploy: the wallet fills in nonce, gas and fees, so this asks for all of them.
    let code = compress(&probe_wasm());
    let create = TransactionRequest::default().with_deploy_code(init_code(&code));
    let receipt = provider.send_transaction(create).await.unwrap().get_receipt().await.unwrap();
    let program = receipt.contract_address.unwrap();
    assert!(receipt.status());
    assert_eq!(provider.get_code_at(program).await.unwrap(), Bytes::from(code));

    // A call before activation fails, and says why.
    let error = provider.call(call(program, load(1))).await.unwrap_err().to_string();
    assert!(error.contains("ProgramNotActivated"), "{error}");

    let activate = ArbWasm::activateProgramCall { program }.abi_encode();
    let request = call(ARB_WASM, activate).with_value(U256::from(10).pow(U256::from(17)));
    let receipt = provider.send_transaction(request).await.unwrap().get_receipt().await.unwrap();
    assert!(receipt.status());
    assert!(receipt.gas_used > 1_659_168);

    let receipt = provider
        .send_transaction(call(program, store(1, 42)))
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    assert!(receipt.status());
    assert_eq!(to_u64(&provider.call(call(program, load(1))).await.unwrap()), 42);
    assert_eq!(provider.get_storage_at(program, U256::from(1)).await.unwrap(), U256::from(42));

    let log = op(5, &[&word(7), b"hello"]);
    let sent = provider
        .send_transaction(call(program, log))
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let filter = Filter::new().address(program).event_signature(B256::from(word(7))).from_block(0);
    let logs = provider.get_logs(&filter).await.unwrap();
    assert_eq!(logs.len(), 1);
    assert_eq!(logs[0].transaction_hash, Some(sent.transaction_hash));
    assert_eq!(logs[0].data().data, Bytes::from_static(b"hello"));
    assert!(provider.get_logs(&filter.event_signature(B256::ZERO)).await.unwrap().is_empty());

    let transaction = provider.get_transaction_by_hash(sent.transaction_hash).await.unwrap().unwrap();
    assert_eq!(transaction.inner.signer(), from);
    let block = provider
        .get_block_by_number(BlockNumberOrTag::Latest)
        .full()
        .await
        .unwrap()
        .unwrap();
    assert_eq!(block.transactions.len(), 1);
    assert_eq!(block.header.hash, sent.block_hash.unwrap());
    assert_eq!(
        provider.get_block_by_hash(block.header.hash).await.unwrap().unwrap().header,
        block.header
    );
    assert_eq!(provider.get_transaction_count(from).await.unwrap(), 4);
}

#[tokio::test]
async fn fees_are_paid_in_full_and_in_nothing_else() {
    let (_server, provider, from) = start().await;
    let before = provider.get_balance(from).await.unwrap();
    let receipt = provider
        .send_transaction(TransactionRequest::default().with_to(ALICE).with_value(U256::from(5)))
        .await
        .unwrap()
        .get_receipt()
        .await
        .unwrap();
    let fee = U256::from(receipt.gas_used) * U256::from(receipt.effective_gas_price);
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(provider.get_balance(from).await.unwrap(), before - fee - U256::from(5));
    assert_eq!(provider.get_balance(ALICE).await.unwrap(), U256::from(5));
}

#[tokio::test]
async fn estimates_suffice_and_are_close() {
    let (server, provider, from) = start().await;
    let program = server.with_chain(|chain| chain.deploy_stylus(from, &probe_wasm()).unwrap().address);
    for data in [load(1), store(1, 1), common::relay(common::CALL, program, &store(2, 2))] {
        let request = call(program, data.clone()).with_from(from);
        let estimate = provider.estimate_gas(request.clone()).await.unwrap();
        let receipt = provider
            .send_transaction(request.with_gas_limit(estimate))
            .await
            .unwrap()
            .get_receipt()
            .await
            .unwrap();
        assert!(receipt.status(), "{data:?}");
        assert!(
            estimate <= receipt.gas_used * 107 / 100 + 2_400,
            "{estimate} for {}",
            receipt.gas_used
        );
    }
    let error = provider
        .estimate_gas(call(program, common::store_and_revert(1, 77)))
        .await
        .unwrap_err();
    let data: Bytes = error.as_error_resp().unwrap().as_revert_data().unwrap();
    assert_eq!(to_u64(&data), 77);

    let components = NodeInterface::gasEstimateComponentsCall {
        to: program,
        contractCreation: false,
        data: load(1).into(),
    };
    let output = provider.call(call(NODE_INTERFACE, components.abi_encode())).await.unwrap();
    let components = NodeInterface::gasEstimateComponentsCall::abi_decode_returns(&output).unwrap();
    assert!(components.gasEstimate > 21_000 && components.gasEstimateForL1 == 0);
}

/// What `cargo stylus check` does: activate code that is nowhere, from an account that has nothing.
#[tokio::test]
async fn calls_on_a_state_that_never_was() {
    let (_server, provider, _) = start().await;
    let code = compress(&probe_wasm());
    let overrides = StateOverride::from_iter([
        (ALICE, AccountOverride::default().with_balance(U256::MAX)),
        (Address::with_last_byte(0xaa), AccountOverride::default().with_code(code)),
    ]);
    let data = ArbWasm::activateProgramCall {
        program: Address::with_last_byte(0xaa),
    }
    .abi_encode();
    let request = call(ARB_WASM, data).with_from(ALICE).with_value(U256::from(10).pow(U256::from(18)));
    let output = provider.call(request.clone()).overrides(overrides).await.unwrap();
    let returned = ArbWasm::activateProgramCall::abi_decode_returns(&output).unwrap();
    assert_eq!(returned.version, 2);
    assert!(!returned.dataFee.is_zero());
    assert!(provider.get_code_at(Address::with_last_byte(0xaa)).await.unwrap().is_empty());
    assert!(provider.call(request).await.is_err(), "the balance was lent for one call");
}

#[tokio::test]
async fn time_snapshots_and_balances_obey() {
    let (_server, provider, _) = start().await;
    let client = provider.client();
    let time = || async {
        provider
            .get_block_by_number(BlockNumberOrTag::Latest)
            .await
            .unwrap()
            .unwrap()
            .header
            .timestamp
    };
    let snapshot: U256 = client.request("evm_snapshot", ()).await.unwrap();
    client.request::<_, U256>("evm_increaseTime", [3_600]).await.unwrap();
    client.request::<_, String>("evm_mine", ()).await.unwrap();
    assert_eq!(time().await, DEFAULT_TIMESTAMP + 3_600);
    client
        .request::<_, ()>("evm_setNextBlockTimestamp", [DEFAULT_TIMESTAMP + 86_400])
        .await
        .unwrap();
    client.request::<_, String>("evm_mine", ()).await.unwrap();
    assert_eq!(time().await, DEFAULT_TIMESTAMP + 86_400);
    client.request::<_, bool>("anvil_setBalance", (ALICE, U256::from(9))).await.unwrap();
    assert_eq!(provider.get_balance(ALICE).await.unwrap(), U256::from(9));
    assert!(client.request::<_, bool>("evm_revert", [snapshot]).await.unwrap());
    assert_eq!(provider.get_balance(ALICE).await.unwrap(), U256::ZERO);
    assert_eq!(provider.get_block_number().await.unwrap(), 0);
    assert!(client.request::<_, bool>("evm_revert", [snapshot]).await.is_err());
}

#[tokio::test]
async fn development_accounts_need_no_wallet() {
    let (server, _, _) = start().await;
    let provider = ProviderBuilder::new().connect_http(server.url().parse().unwrap());
    let accounts = provider.get_accounts().await.unwrap();
    assert_eq!(accounts, DEV_ACCOUNTS.map(|account| account.address));
    let request = TransactionRequest::default()
        .with_from(accounts[3])
        .with_to(ALICE)
        .with_value(U256::from(1));
    let hash: B256 = provider.client().request("eth_sendTransaction", [request.clone()]).await.unwrap();
    let transaction = provider.get_transaction_by_hash(hash).await.unwrap().unwrap();
    assert_eq!(transaction.inner.inner().recover_signer().unwrap(), accounts[3]);
    let stranger = provider
        .client()
        .request::<_, B256>("eth_sendTransaction", [request.with_from(ALICE)])
        .await;
    assert!(stranger.unwrap_err().to_string().contains("unknown account"));
}

#[tokio::test]
async fn what_cannot_be_answered_is_said() {
    let (server, provider, from) = start().await;
    server.with_chain(Chain::mine);
    let old = provider.get_balance(from).number(0).await.unwrap_err().to_string();
    assert!(old.contains("state of block 0 is not kept"), "{old}");
    let nonce = call(ALICE, []).with_nonce(7).with_gas_limit(30_000);
    let error = provider.send_transaction(nonce).await.unwrap_err().to_string();
    assert!(error.contains("nonce too high"), "{error}");
    let cheap = call(ALICE, [])
        .with_gas_limit(30_000)
        .with_max_fee_per_gas(1)
        .with_max_priority_fee_per_gas(0);
    let error = provider.send_transaction(cheap).await.unwrap_err().to_string();
    assert!(error.contains("max fee per gas less than block base fee"), "{error}");
    assert!(provider.get_transaction_receipt(keccak256("no such")).await.unwrap().is_none());

    let busy = serve(Chain::new(), server.address(), Clock::Manual).await.unwrap_err();
    assert!(matches!(busy, ServeError::AddressInUse(address) if address == server.address()));
    assert_eq!(
        busy.to_string(),
        format!("{} is in use by another process: choose another port", server.address())
    );
}
