//! Books and power. What takes time, and what the router calls, is tested on the chain (tests/scenarios/tests/timelock.rs): motsu's clock
//! stands still.

use interfaces::ids;
use motsu::prelude::*;

use super::*;
use crate::InvalidDelay;

const CURATOR: B256 = ids::id("CURATOR");

fn unauthorized(account: Address) -> RouterError {
    RouterError::from(Unauthorized {
        account,
        role: role::ADMIN.word(),
    })
}

fn zero_address() -> RouterError {
    RouterError::from(ZeroAddress {})
}

#[motsu::test]
fn construction_names_the_admin(router: Contract<Router>, admin: Address, alice: Address) {
    assert_eq!(
        router.sender(alice).constructor(Address::ZERO, U256::ZERO).motsu_unwrap_err(),
        zero_address()
    );
    assert!(!router.sender(alice).has_role(role::ADMIN.word(), Address::ZERO));

    router.sender(alice).constructor(admin, U256::ZERO).motsu_unwrap();
    assert_eq!(router.sender(alice).admin(), admin);
    assert!(router.sender(alice).has_role(role::ADMIN.word(), admin));
    assert!(!router.sender(alice).has_role(role::ADMIN.word(), alice));
    router.assert_emitted(&AdminTransferred {
        previous: Address::ZERO,
        admin,
    });
}

#[motsu::test]
fn roles_are_granted_and_revoked_by_the_admin(router: Contract<Router>, admin: Address, alice: Address) {
    router.sender(admin).constructor(admin, U256::ZERO).motsu_unwrap();
    router.sender(admin).grant_role(CURATOR, alice).motsu_unwrap();
    assert!(router.sender(alice).has_role(CURATOR, alice));
    assert!(!router.sender(alice).has_role(role::GUARDIAN.word(), alice));
    router.assert_emitted(&RoleGranted {
        role: CURATOR,
        account: alice,
    });
    let events = router.all_events().len();
    router.sender(admin).grant_role(CURATOR, alice).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");

    router.sender(admin).revoke_role(CURATOR, alice).motsu_unwrap();
    assert!(!router.sender(alice).has_role(CURATOR, alice));
    router.assert_emitted(&RoleRevoked {
        role: CURATOR,
        account: alice,
    });
    let events = router.all_events().len();
    router.sender(admin).revoke_role(CURATOR, alice).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");
}

#[motsu::test]
fn roles_refuse_strangers_zeros_and_admin(router: Contract<Router>, admin: Address, alice: Address) {
    router.sender(admin).constructor(admin, U256::ZERO).motsu_unwrap();
    let not_grantable = || RouterError::from(AdminNotGrantable {});
    let zero_id = || RouterError::from(ZeroId {});
    let mut by_alice = router.sender(alice);
    assert_eq!(by_alice.grant_role(CURATOR, alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(by_alice.revoke_role(CURATOR, alice).motsu_unwrap_err(), unauthorized(alice));
    let mut by_admin = router.sender(admin);
    assert_eq!(by_admin.grant_role(role::ADMIN.word(), alice).motsu_unwrap_err(), not_grantable());
    assert_eq!(by_admin.revoke_role(role::ADMIN.word(), admin).motsu_unwrap_err(), not_grantable());
    assert_eq!(by_admin.grant_role(B256::ZERO, alice).motsu_unwrap_err(), zero_id());
    assert_eq!(by_admin.revoke_role(B256::ZERO, alice).motsu_unwrap_err(), zero_id());
    assert_eq!(by_admin.grant_role(CURATOR, Address::ZERO).motsu_unwrap_err(), zero_address());
    assert_eq!(by_admin.revoke_role(CURATOR, Address::ZERO).motsu_unwrap_err(), zero_address());
    assert!(!router.sender(alice).has_role(CURATOR, alice));
    assert_eq!(router.sender(alice).admin(), admin);
}

#[motsu::test]
fn administration_changes_hands_in_two_steps(router: Contract<Router>, admin: Address, alice: Address, bob: Address) {
    router.sender(admin).constructor(admin, U256::ZERO).motsu_unwrap();
    let not_pending = |caller| RouterError::from(NotPendingAdmin { caller });
    assert_eq!(router.sender(alice).transfer_admin(alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(
        router.sender(admin).transfer_admin(Address::ZERO).motsu_unwrap_err(),
        zero_address()
    );
    assert_eq!(router.sender(alice).accept_admin().motsu_unwrap_err(), not_pending(alice));

    router.sender(admin).transfer_admin(alice).motsu_unwrap();
    router.assert_emitted(&AdminTransferStarted { admin, pending: alice });
    assert_eq!(router.sender(bob).pending_admin(), alice);
    assert_eq!(router.sender(bob).admin(), admin, "an offer is not a transfer");
    assert_eq!(router.sender(bob).accept_admin().motsu_unwrap_err(), not_pending(bob));
    // A new offer replaces the first.
    router.sender(admin).transfer_admin(bob).motsu_unwrap();
    assert_eq!(router.sender(alice).accept_admin().motsu_unwrap_err(), not_pending(alice));

    router.sender(bob).accept_admin().motsu_unwrap();
    router.assert_emitted(&AdminTransferred {
        previous: admin,
        admin: bob,
    });
    assert_eq!(router.sender(bob).admin(), bob);
    assert_eq!(router.sender(bob).pending_admin(), Address::ZERO);
    assert_eq!(router.sender(admin).transfer_admin(admin).motsu_unwrap_err(), unauthorized(admin));
    assert_eq!(router.sender(bob).accept_admin().motsu_unwrap_err(), not_pending(bob));
}

#[motsu::test]
fn the_address_book_is_kept_by_the_admin(router: Contract<Router>, admin: Address, alice: Address, bob: Address) {
    router.sender(admin).constructor(admin, U256::ZERO).motsu_unwrap();
    let id = ids::address::TREASURY.word();
    assert_eq!(router.sender(alice).address_of(id), Address::ZERO);
    assert_eq!(router.sender(alice).set_address(id, alice).motsu_unwrap_err(), unauthorized(alice));
    assert_eq!(
        router.sender(admin).set_address(id, Address::ZERO).motsu_unwrap_err(),
        zero_address()
    );
    assert_eq!(
        router.sender(admin).set_address(B256::ZERO, alice).motsu_unwrap_err(),
        RouterError::from(ZeroId {})
    );
    router.sender(admin).set_address(id, alice).motsu_unwrap();
    router.sender(admin).set_address(id, bob).motsu_unwrap();
    assert_eq!(router.sender(alice).address_of(id), bob);
    router.assert_emitted(&AddressSet {
        id,
        previous: Address::ZERO,
        current: alice,
    });
    router.assert_emitted(&AddressSet {
        id,
        previous: alice,
        current: bob,
    });
    let events = router.all_events().len();
    router.sender(admin).set_address(id, bob).motsu_unwrap();
    assert_eq!(router.all_events().len(), events, "no news, no event");
}

#[motsu::test]
fn a_delay_takes_admin_from_the_admin(router: Contract<Router>, admin: Address, alice: Address) {
    let day = U256::from(86_400);
    let mut by_admin = router.sender(admin);
    for delay in [U256::from(1), U256::from(3_599), U256::from(30 * 86_400 + 1), U256::MAX] {
        let error = router.sender(admin).constructor(admin, delay).motsu_unwrap_err();
        let (minimum, maximum) = (U256::from(3_600), U256::from(30 * 86_400));
        assert_eq!(error, RouterError::from(InvalidDelay { delay, minimum, maximum }));
    }
    by_admin.constructor(admin, U256::ZERO).motsu_unwrap();
    by_admin.grant_role(CURATOR, alice).motsu_unwrap();
    by_admin.set_delay(day).motsu_unwrap();
    let (admin_role, guardian) = (role::ADMIN.word(), role::GUARDIAN.word());
    assert!(!by_admin.has_role(admin_role, admin));
    assert!(by_admin.has_role(admin_role, router.address()));
    assert!(by_admin.has_role(guardian, admin), "the admin is a guardian");
    let queued = || RouterError::from(MustBeQueued { delay: day });
    assert_eq!(by_admin.grant_role(CURATOR, alice).motsu_unwrap_err(), queued());
    assert_eq!(by_admin.revoke_role(guardian, alice).motsu_unwrap_err(), queued());
    assert_eq!(by_admin.set_address(CURATOR, alice).motsu_unwrap_err(), queued());
    assert_eq!(by_admin.set_delay(day).motsu_unwrap_err(), queued());
    assert_eq!(by_admin.transfer_admin(alice).motsu_unwrap_err(), queued());
    // What takes power away is immediate.
    by_admin.transfer_admin(admin).motsu_unwrap();
    by_admin.revoke_role(CURATOR, alice).motsu_unwrap();
    assert!(!by_admin.has_role(CURATOR, alice));
}
