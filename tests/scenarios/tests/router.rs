//! The router on its WASM, without a delay: authority and address book.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Router, Usdai},
    refusals,
    usdai_cli::{node::Person, protocol::suite::id},
    Town,
};

const ZERO: Address = Address::ZERO;

#[test]
fn roles_refuse_by_name() {
    let mut town = Town::deployed();
    let (router, admin, stranger) = (town.suite.router, town.cast.admin.clone(), town.stranger.clone());
    let other = stranger.address();
    let grant = |role, account| Router::grantRoleCall { role, account };
    let revoke = |role, account| Router::revokeRoleCall { role, account };
    for who in [&stranger, &town.cast.curator.clone()] {
        let refusal = refusals::Unauthorized {
            account: who.address(),
            role: id("ADMIN"),
        };
        for role in [id("CURATOR"), id("ADMIN"), B256::ZERO] {
            town.refuses(who, router, &grant(role, other), &refusal);
            town.refuses(who, router, &revoke(role, other), &refusal);
        }
        town.refuses(
            who,
            router,
            &Router::setAddressCall {
                id: id("USDAI"),
                current: other,
            },
            &refusal,
        );
        town.refuses(who, router, &Router::transferAdminCall { account: other }, &refusal);
        town.refuses(
            who,
            router,
            &Router::acceptAdminCall {},
            &refusals::NotPendingAdmin { caller: who.address() },
        );
    }
    for account in [other, admin.address(), ZERO] {
        town.refuses(&admin, router, &grant(id("ADMIN"), account), &refusals::AdminNotGrantable {});
        town.refuses(&admin, router, &revoke(id("ADMIN"), account), &refusals::AdminNotGrantable {});
    }
    town.refuses(&admin, router, &grant(B256::ZERO, other), &refusals::ZeroId {});
    town.refuses(&admin, router, &revoke(B256::ZERO, other), &refusals::ZeroId {});
    town.refuses(&admin, router, &grant(id("CURATOR"), ZERO), &refusals::ZeroAddress {});
    town.refuses(&admin, router, &revoke(id("CURATOR"), ZERO), &refusals::ZeroAddress {});
    town.refuses(
        &admin,
        router,
        &Router::setAddressCall {
            id: B256::ZERO,
            current: other,
        },
        &refusals::ZeroId {},
    );
    town.refuses(
        &admin,
        router,
        &Router::setAddressCall {
            id: id("USDAI"),
            current: ZERO,
        },
        &refusals::ZeroAddress {},
    );
    town.refuses(
        &admin,
        router,
        &Router::transferAdminCall { account: ZERO },
        &refusals::ZeroAddress {},
    );
    // What is so already is no news: nothing changes, nobody is told.
    let before = town.node.chain.fingerprint(&[admin.address()]);
    let curator = town.cast.curator.address();
    for call in [
        grant(id("CURATOR"), curator).abi_encode(),
        revoke(id("CURATOR"), other).abi_encode(),
    ] {
        let receipt = town.raw(admin.address(), router, U256::ZERO, call);
        assert!(receipt.success && receipt.logs.is_empty());
    }
    assert_eq!(before, town.node.chain.fingerprint(&[admin.address()]));
}

#[test]
fn the_administration_changes_hands_in_two_steps() {
    let mut town = Town::deployed();
    let (router, admin, next, stranger) = (
        town.suite.router,
        town.cast.admin.clone(),
        town.cast.keeper.clone(),
        town.stranger.clone(),
    );
    let offer = |who: &Person| Router::transferAdminCall { account: who.address() };
    town.does(admin.address(), router, &offer(&stranger));
    town.does(admin.address(), router, &offer(&next));
    for who in [&stranger, &admin] {
        town.refuses(
            who,
            router,
            &Router::acceptAdminCall {},
            &refusals::NotPendingAdmin { caller: who.address() },
        );
    }
    town.does(next.address(), router, &Router::acceptAdminCall {});
    town.refuses(
        &next,
        router,
        &Router::acceptAdminCall {},
        &refusals::NotPendingAdmin { caller: next.address() },
    );
    let refusal = refusals::Unauthorized {
        account: admin.address(),
        role: id("ADMIN"),
    };
    town.refuses(&admin, router, &offer(&admin), &refusal);
    // Every contract asks the router, so all of them have changed hands.
    let call = Usdai::setSupplyCapCall { supplyCap: U256::ZERO };
    town.refuses(&admin, town.suite.usdai, &call, &refusal);
    town.does(next.address(), town.suite.usdai, &call);
    // An offer to oneself takes the offer back.
    town.does(next.address(), router, &offer(&stranger));
    town.does(next.address(), router, &offer(&next));
    town.refuses(
        &stranger,
        router,
        &Router::acceptAdminCall {},
        &refusals::NotPendingAdmin {
            caller: stranger.address(),
        },
    );
}
