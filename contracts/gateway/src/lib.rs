//! Entrypoint of the gateway: see the crate `gateway-journeys`.

lean_abi::entrypoint!(gateway_journeys::Gateway);
