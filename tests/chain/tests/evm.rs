//! The EVM side alone: deployment rules, gas, blocks, time, snapshots.

use stylus_chain::{
    alloy_primitives::{address, keccak256, Address, Bytes, U256},
    init_code, sol, ArbSys, Chain, DeployError, Tx, TxInvalid, ARB_SYS, DEFAULT_CHAIN_ID, DEFAULT_TIMESTAMP, DEV_ACCOUNT,
};

const ALICE: Address = address!("00000000000000000000000000000000000a11ce");

sol! {
    function anything() external view returns (uint256);
}

/// Returns the word that `opcode` pushes.
fn returns(opcode: u8) -> Vec<u8> {
    vec![opcode, 0x5f, 0x52, 0x60, 32, 0x5f, 0xf3]
}

#[test]
fn a_transfer_costs_21_000_and_calldata_its_own() {
    let mut chain = Chain::new();
    let receipt = chain.execute(Tx::call(DEV_ACCOUNT, ALICE, []).value(U256::from(5))).unwrap();
    assert!(receipt.success);
    assert_eq!(receipt.gas_used, 21_000);
    assert_eq!(chain.balance(ALICE), U256::from(5));
    // Four gas a zero byte, sixteen any other; no EIP-7623 floor.
    assert_eq!(chain.call(ALICE, DEV_ACCOUNT, [0, 0, 1]).gas_used, 21_000 + 4 + 4 + 16);
}

#[test]
fn invalid_transactions_change_nothing() {
    let mut chain = Chain::new();
    let poor = chain.execute(Tx::call(ALICE, DEV_ACCOUNT, []).value(U256::from(1)));
    assert_eq!(
        poor,
        Err(TxInvalid::InsufficientFunds {
            from: ALICE,
            have: U256::ZERO,
            want: U256::from(1)
        })
    );
    let tight = chain.execute(Tx::call(ALICE, DEV_ACCOUNT, []).gas_limit(20_999));
    assert_eq!(
        tight,
        Err(TxInvalid::IntrinsicGas {
            limit: 20_999,
            intrinsic: 21_000
        })
    );
    assert_eq!(chain.block_number(), 0);
    assert_eq!(chain.nonce(ALICE), 0);
}

#[test]
fn only_the_stylus_prefix_may_follow_ef() {
    let mut chain = Chain::new();
    let deposit = |code: &[u8], chain: &mut Chain| chain.deploy_runtime(DEV_ACCOUNT, code).map(|done| done.gas_used);
    for code in [&[0xEF][..], &[0xEF, 0xF0], &[0xEF, 0xF1, 0x00], &[0xEF, 0x01, 0x00]] {
        let error = deposit(code, &mut chain).unwrap_err();
        let DeployError::Creation(revert) = error else { panic!("{error}") };
        assert_eq!(revert.receipt().halt.as_deref(), Some("CreateContractStartingWithEF"));
    }
    let small = deposit(&[0xEF, 0xF0, 0x00, 1], &mut chain).unwrap();
    let large = deposit(&[0xEF, 0xF0, 0x00, 1, 1, 1, 1, 1], &mut chain).unwrap();
    // Four more bytes: 200 each to store and 16 each as calldata.
    assert_eq!(large - small, 4 * (200 + 16));
}

#[test]
fn code_has_at_most_24_576_bytes() {
    let mut chain = Chain::new();
    let mut code = vec![0; 24_576];
    code[..3].copy_from_slice(&[0xEF, 0xF0, 0]);
    assert!(chain.deploy_runtime(DEV_ACCOUNT, &code).is_ok());
    code.push(0);
    let error = chain.deploy_runtime(DEV_ACCOUNT, &code).unwrap_err();
    assert!(matches!(error, DeployError::Creation(_)), "{error}");
}

#[test]
fn contracts_see_block_time_and_chain() {
    let mut chain = Chain::builder().timestamp(DEFAULT_TIMESTAMP).build();
    let time = chain.deploy_runtime(ALICE, &returns(0x42)).unwrap().address;
    let number = chain.deploy_runtime(ALICE, &returns(0x43)).unwrap().address;
    let id = chain.deploy_runtime(ALICE, &returns(0x46)).unwrap().address;
    let read = |chain: &mut Chain, to| chain.read(to, &anythingCall {}).unwrap().to::<u64>();
    assert_eq!(read(&mut chain, time), DEFAULT_TIMESTAMP);
    assert_eq!(read(&mut chain, id), DEFAULT_CHAIN_ID);
    let first = read(&mut chain, number);
    chain.advance(3_600);
    assert_eq!(read(&mut chain, time), DEFAULT_TIMESTAMP + 3_600);
    // `block.number` estimates L1's, so an hour is 300 blocks however few this chain has made.
    assert_eq!(read(&mut chain, number), first + 300);
    let block = chain.read(ARB_SYS, &ArbSys::arbBlockNumberCall {}).unwrap();
    assert_eq!(block, U256::from(chain.block_number() + 1));
    assert_eq!(
        chain.read(ARB_SYS, &ArbSys::arbChainIDCall {}).unwrap(),
        U256::from(DEFAULT_CHAIN_ID)
    );
    assert_eq!(chain.read(ARB_SYS, &ArbSys::arbOSVersionCall {}).unwrap(), U256::from(115));
}

#[test]
fn one_block_a_transaction_or_several_in_one() {
    let mut chain = Chain::new();
    chain.call(ALICE, ALICE, []);
    chain.call(ALICE, ALICE, []);
    assert_eq!(chain.block_number(), 2);
    let receipts = chain.in_block(|chain| [chain.call(ALICE, ALICE, []), chain.call(ALICE, ALICE, [])]);
    assert_eq!(chain.block_number(), 3);
    assert!(receipts.iter().all(|receipt| receipt.block_number == 3));
    let block = chain.head();
    assert_eq!(block.transactions, receipts.map(|receipt| receipt.tx_hash));
    assert_eq!(block.header.gas_used, 42_000);
    assert_eq!(block.header.parent_hash, chain.block(2).unwrap().hash);
}

#[test]
fn snapshots_take_back_state_blocks_and_time() {
    let mut chain = Chain::new();
    chain.execute(Tx::call(DEV_ACCOUNT, ALICE, []).value(U256::from(1))).unwrap();
    let before = chain.snapshot();
    let receipt = chain.execute(Tx::call(DEV_ACCOUNT, ALICE, []).value(U256::from(2))).unwrap();
    chain.advance(10);
    assert_eq!(chain.balance(ALICE), U256::from(3));
    assert!(chain.revert_to(before));
    assert_eq!(chain.balance(ALICE), U256::from(1));
    assert_eq!(chain.block_number(), 1);
    assert_eq!(chain.timestamp(), DEFAULT_TIMESTAMP);
    assert!(chain.transaction(receipt.tx_hash).is_none());
    assert!(!chain.revert_to(before), "a snapshot serves once");
}

#[test]
fn a_view_leaves_no_trace() {
    let mut chain = Chain::new();
    // PUSH1 1, PUSH0, SSTORE
    let contract = chain.deploy_runtime(ALICE, &[0x60, 1, 0x5f, 0x55]).unwrap().address;
    assert!(chain.view(ALICE, contract, []).success);
    assert_eq!(chain.storage(contract, U256::ZERO), U256::ZERO);
    assert!(chain.call(ALICE, contract, []).success);
    assert_eq!(chain.storage(contract, U256::ZERO), U256::from(1));
}

#[test]
fn ecrecover_answers() {
    let mut chain = Chain::new();
    let account = stylus_chain::accounts::DEV_ACCOUNTS[1];
    let hash = keccak256("message");
    let signature = account.sign(hash).unwrap();
    let mut input = hash.to_vec();
    input.extend(U256::from(27 + u8::from(signature.v())).to_be_bytes::<32>());
    input.extend(signature.r().to_be_bytes::<32>());
    input.extend(signature.s().to_be_bytes::<32>());
    let output = chain.view(ALICE, Address::with_last_byte(1), input).output;
    assert_eq!(Address::from_slice(&output[12..]), account.address);
}

#[test]
fn init_code_returns_what_follows_it() {
    let mut chain = Chain::new();
    let code = Bytes::from(vec![0x5b; 300]);
    let address = chain.deploy_evm(ALICE, init_code(&code)).unwrap().address;
    assert_eq!(chain.code(address), code);
}
