//! Who may come in, hold shares, and go.

use crate::operators::IErc7741Callee;
use interfaces::ids::{role::*, Id};

use super::*;

pub(super) const ADMINISTRATOR: Address = Address::repeat_byte(0xad);
pub(super) const GUARD: Address = Address::repeat_byte(0x97);
pub(super) const BRIDGE_CONTRACT: Address = Address::repeat_byte(0xb1);

/// Who has which role in these tests.
pub(super) const ROLES: [(Id, Address); 4] = [
    (BLACKLIST, OFFICER),
    (ADMIN, ADMINISTRATOR),
    (GUARDIAN, GUARD),
    (BRIDGE, BRIDGE_CONTRACT),
];

fn lacks(account: Address, role: Id) -> VaultError {
    Unauthorized {
        account,
        role: role.word(),
    }
    .into()
}

#[motsu::test]
fn a_pause_stops_entry_and_requests_and_nothing_else(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    dollar.sender(alice).ledger.mint(line.address(), units(10)).motsu_unwrap();
    line.sender(alice).settle(alice, units(10), units(10));

    assert_eq!(vault.sender(alice).pause().motsu_unwrap_err(), lacks(alice, ADMIN));
    vault.sender(GUARD).pause().motsu_unwrap();
    vault.assert_emitted(&Paused { account: GUARD });
    assert!(vault.sender(alice).paused());
    let paused = VaultError::from(EnforcedPause {});
    assert_eq!(vault.sender(alice).deposit(units(1), alice).motsu_unwrap_err(), paused);
    assert_eq!(vault.sender(alice).mint(units(1), alice).motsu_unwrap_err(), paused);
    assert_eq!(
        vault.sender(alice).request_redeem(units(1), alice, alice).motsu_unwrap_err(),
        paused
    );
    assert_eq!(vault.sender(alice).max_deposit(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).max_mint(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).preview_deposit(units(1)).motsu_unwrap(), units(1));
    assert!(vault.sender(alice).transfer(bob, units(1)).motsu_unwrap());
    assert_eq!(vault.sender(alice).max_redeem(alice).motsu_unwrap(), units(10));
    assert_eq!(vault.sender(alice).redeem(units(10), alice, alice).motsu_unwrap(), units(10));

    assert_eq!(vault.sender(GUARD).unpause().motsu_unwrap_err(), lacks(GUARD, ADMIN));
    vault.sender(ADMINISTRATOR).unpause().motsu_unwrap();
    vault.assert_emitted(&Unpaused { account: ADMINISTRATOR });
    vault.sender(alice).deposit(units(1), alice).motsu_unwrap();
    vault.sender(ADMINISTRATOR).pause().motsu_unwrap();
    assert!(vault.sender(alice).paused());
}

#[motsu::test]
fn who_is_barred_neither_enters_nor_moves_nor_leaves(alice: Address, bob: Address, carol: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    fund(vault, dollar, bob, units(100));
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    vault.sender(bob).deposit(units(50), bob).motsu_unwrap();
    vault.sender(bob).approve(alice, U256::MAX).motsu_unwrap();
    vault.sender(alice).approve(bob, U256::MAX).motsu_unwrap();
    vault.sender(bob).set_operator(alice, true).motsu_unwrap();
    vault.sender(alice).set_operator(bob, true).motsu_unwrap();
    line.sender(alice).settle(bob, units(10), units(10));
    line.sender(alice).settle(alice, units(5), units(5));
    dollar.sender(alice).ledger.mint(line.address(), units(15)).motsu_unwrap();
    vault.sender(OFFICER).set_blacklist(bob, true).motsu_unwrap();

    let barred = VaultError::from(AccountBlacklisted { account: bob });
    let one = units(1);
    assert_eq!(vault.sender(bob).deposit(one, carol).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).deposit(one, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).mint(one, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).max_deposit(bob).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).max_mint(bob).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(bob).transfer(carol, one).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).transfer(bob, one).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).transfer_from(bob, carol, one).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(bob).transfer_from(alice, carol, one).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(bob).request_redeem(one, bob, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).request_redeem(one, alice, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).request_redeem(one, bob, alice).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(bob).request_redeem(one, alice, alice).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(bob).redeem(units(10), bob, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).redeem(units(10), alice, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).withdraw(units(5), bob, alice).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(bob).withdraw(units(5), carol, alice).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).max_redeem(bob).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).max_withdraw(bob).motsu_unwrap(), U256::ZERO);
    // Nobody else is stopped, and what is settled for the barred waits for it.
    assert_eq!(vault.sender(alice).redeem(units(5), alice, alice).motsu_unwrap(), units(5));
    assert_eq!(vault.sender(alice).request_redeem(one, alice, alice).motsu_unwrap(), U256::from(7));
    vault.sender(OFFICER).set_blacklist(bob, false).motsu_unwrap();
    assert_eq!(vault.sender(bob).redeem(units(10), bob, bob).motsu_unwrap(), units(10));
}

#[motsu::test]
fn the_queue_gets_shares_by_requests_alone_and_may_give_them_back(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    vault.sender(alice).approve(bob, U256::MAX).motsu_unwrap();
    let queue = line.address();
    let refused = VaultError::from(SharesOfQueue { queue });
    let one = units(1);
    assert_eq!(vault.sender(alice).transfer(queue, one).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(bob).transfer_from(alice, queue, one).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(alice).deposit(one, queue).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(alice).mint(one, queue).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(alice).max_deposit(queue).motsu_unwrap(), U256::ZERO);
    vault.sender(alice).request_redeem(units(10), alice, alice).motsu_unwrap();
    assert_eq!(vault.sender(BRIDGE_CONTRACT).burn(queue, one).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(OFFICER).set_blacklist(queue, true).motsu_unwrap_err(), refused);
    vault.sender(OFFICER).set_blacklist(queue, false).motsu_unwrap();
    assert_eq!(vault.sender(alice).balance_of(queue).motsu_unwrap(), units(10));
    assert!(vault.sender(queue).transfer(alice, units(10)).motsu_unwrap());
    assert_eq!(vault.sender(alice).balance_of(alice).motsu_unwrap(), units(100));
}

#[motsu::test]
fn the_cap_bounds_what_deposits_lead_to(alice: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    assert_eq!(vault.sender(alice).deposit_cap(), MAX_BOOK);
    assert_eq!(
        vault.sender(GUARD).set_deposit_cap(units(1)).motsu_unwrap_err(),
        lacks(GUARD, ADMIN)
    );
    vault.sender(ADMINISTRATOR).set_deposit_cap(units(150)).motsu_unwrap();
    vault.assert_emitted(&DepositCapSet { depositCap: units(150) });
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    let refused = VaultError::from(DepositCapExceeded {
        assets: units(51),
        room: units(50),
    });
    assert_eq!(vault.sender(alice).deposit(units(51), alice).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(alice).mint(units(51), alice).motsu_unwrap_err(), refused);
    assert_eq!(vault.sender(alice).max_deposit(alice).motsu_unwrap(), units(50));
    assert_eq!(vault.sender(alice).max_mint(alice).motsu_unwrap(), units(50));
    vault.sender(alice).mint(units(50), alice).motsu_unwrap();
    assert_eq!(vault.sender(alice).max_deposit(alice).motsu_unwrap(), U256::ZERO);
    vault.sender(ADMINISTRATOR).set_deposit_cap(units(10)).motsu_unwrap();
    assert_eq!(vault.sender(alice).max_mint(alice).motsu_unwrap(), U256::ZERO);
    vault.sender(ADMINISTRATOR).set_deposit_cap(U256::MAX).motsu_unwrap();
    assert_eq!(vault.sender(alice).deposit_cap(), MAX_BOOK);
    vault.sender(alice).deposit(units(1), alice).motsu_unwrap();
}

#[motsu::test]
fn bridged_shares_count_and_no_price_moves_by_a_bridge(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    dollar.sender(alice).ledger.mint(vault.address(), units(50)).motsu_unwrap();
    vault.sender(dollar.address()).notify_yield(units(50)).motsu_unwrap();
    pass(vault, alice, VESTING_PERIOD);
    let prices = || {
        let deposit = vault.sender(alice).deposit_share_price().motsu_unwrap();
        (deposit, vault.sender(alice).redemption_share_price().motsu_unwrap())
    };
    let before = prices();
    assert_eq!(vault.sender(alice).burn(alice, units(1)).motsu_unwrap_err(), lacks(alice, BRIDGE));
    vault.sender(BRIDGE_CONTRACT).burn(alice, units(60)).motsu_unwrap();
    vault.assert_emitted(&BridgedSupplySet { bridgedSupply: units(60) });
    assert_eq!(vault.sender(alice).total_supply().motsu_unwrap(), units(40));
    assert_eq!(vault.sender(alice).total_shares().motsu_unwrap(), units(100));
    assert_eq!((prices(), vault.sender(alice).bridged_supply()), (before, units(60)));
    let too_many = VaultError::from(InsufficientBridgedSupply {
        bridgedSupply: units(60),
        amount: units(61),
    });
    let mut bridge = vault.sender(BRIDGE_CONTRACT);
    assert_eq!(bridge.mint_bridged(bob, units(61)).motsu_unwrap_err(), too_many);
    assert_eq!(bridge.mint_bridged(bob, U256::ZERO).motsu_unwrap_err(), ZeroAmount {}.into());
    assert_eq!(bridge.burn(alice, U256::ZERO).motsu_unwrap_err(), ZeroAmount {}.into());
    bridge.mint_bridged(bob, units(60)).motsu_unwrap();
    drop(bridge);
    assert_eq!(vault.sender(alice).balance_of(bob).motsu_unwrap(), units(60));
    assert_eq!((prices(), vault.sender(alice).bridged_supply()), (before, U256::ZERO));
    vault.sender(OFFICER).set_blacklist(bob, true).motsu_unwrap();
    let barred = VaultError::from(AccountBlacklisted { account: bob });
    assert_eq!(vault.sender(BRIDGE_CONTRACT).burn(bob, units(1)).motsu_unwrap_err(), barred);
}

#[motsu::test]
fn an_operator_is_authorised_by_signature_once_and_in_time(alice: Account, bob: Address, carol: Address) {
    let controller = alice.address();
    let world = open(bob);
    let World { vault, .. } = &world;
    let separator = vault.sender(bob).domain_separator().motsu_unwrap();
    let (nonce, deadline) = (B256::repeat_byte(5), U256::from(NOW));
    let sign = |operator: Address, approved: bool, nonce: B256| {
        let type_hash = alloy_primitives::keccak256(
            "AuthorizeOperator(address controller,address operator,bool approved,bytes32 nonce,uint256 deadline)",
        );
        let encoded = (type_hash, controller, operator, approved, nonce, deadline).abi_encode();
        let of_struct = alloy_primitives::keccak256(encoded);
        let digest = alloy_primitives::keccak256([b"\x19\x01".as_slice(), separator.as_slice(), of_struct.as_slice()].concat());
        alice.signer().sign_hash_sync(&digest).unwrap().as_bytes().to_vec()
    };
    let signature = sign(carol, true, nonce);
    let mut call = vault.sender(bob);
    assert!(call
        .authorize_operator(controller, carol, true, nonce, deadline, signature.clone())
        .motsu_unwrap());
    assert!(call.is_operator(controller, carol) && call.authorizations(controller, nonce).motsu_unwrap());
    let again = call
        .authorize_operator(controller, carol, true, nonce, deadline, signature.clone())
        .motsu_unwrap_err();
    assert_eq!(again, AuthorizationNonceUsed { controller, nonce }.into());
    let late = call
        .authorize_operator(controller, carol, true, nonce, deadline - U256::from(1), signature.clone())
        .motsu_unwrap_err();
    let expired = AuthorizationExpired {
        deadline: deadline - U256::from(1),
    };
    assert_eq!(late, expired.into());
    let other = B256::repeat_byte(6);
    let forged = call
        .authorize_operator(controller, bob, true, other, deadline, signature)
        .motsu_unwrap_err();
    assert_eq!(forged.get::<InvalidAuthorizationSigner>().unwrap().controller, controller);
    assert!(!call.is_operator(controller, bob));
    drop(call);
    vault.sender(controller).invalidate_nonce(other).motsu_unwrap();
    vault.assert_emitted(&AuthorizationNonceSpent { controller, nonce: other });
    let void = vault
        .sender(bob)
        .authorize_operator(controller, carol, false, other, deadline, sign(carol, false, other))
        .motsu_unwrap_err();
    assert_eq!(void, AuthorizationNonceUsed { controller, nonce: other }.into());
    let third = B256::repeat_byte(7);
    vault
        .sender(bob)
        .authorize_operator(controller, carol, false, third, deadline, sign(carol, false, third))
        .motsu_unwrap();
    assert!(!vault.sender(bob).is_operator(controller, carol));
}

#[motsu::test]
fn the_next_settlement_is_the_queues_to_say(alice: Address) {
    let world = open(alice);
    assert_eq!(world.vault.sender(alice).redemption_timestamp().motsu_unwrap(), U256::from(NOW));
}
