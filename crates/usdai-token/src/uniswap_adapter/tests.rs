//! The adapter called directly; through USDai it is tested with USDai.

use alloy_primitives::{address, Address, U256};
use alloy_sol_types::SolError;
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    ids,
};
use motsu::prelude::*;
use stylus_sdk::abi::Bytes;

use super::*;
use crate::{stand_ins::*, *};

const ADMIN: Address = address!("00000000000000000000000000000000000000ad");
/// Stands for USDai: the adapter only needs its address.
const USDAI: Address = address!("000000000000000000000000000000000000da1a");
const ZERO: Address = Address::ZERO;

fn n(value: u64) -> U256 {
    U256::from(value)
}

fn none() -> Bytes {
    Bytes(Vec::new())
}

struct World<'a> {
    adapter: &'a Contract<UniswapAdapter>,
    books: &'a Contract<Books>,
    base: &'a Contract<Token>,
    usdc: &'a Contract<Token>,
    exchange: &'a Contract<Exchange>,
}

impl World<'_> {
    fn open(&self) {
        self.books.sender(ADMIN).addresses.insert(ids::address::USDAI.word(), USDAI);
        self.books.sender(ADMIN).members.setter(ids::role::ADMIN.word()).insert(ADMIN, true);
        self.adapter
            .sender(ADMIN)
            .constructor(self.books.address(), self.base.address(), self.exchange.address())
            .motsu_unwrap();
        self.adapter.sender(ADMIN).wire().motsu_unwrap();
        self.adapter
            .sender(ADMIN)
            .set_token_allowed(self.usdc.address(), true)
            .motsu_unwrap();
        for token in [self.base, self.usdc] {
            token.sender(ADMIN).give(self.exchange.address(), n(1_000));
            token.sender(ADMIN).give(USDAI, n(1_000));
            token.sender(ADMIN).allowances.setter(USDAI).insert(self.adapter.address(), n(100));
        }
    }

    fn balances(&self) -> [U256; 4] {
        let of = |token: &Contract<Token>, who| token.sender(ADMIN).balances.get(who);
        [
            of(self.usdc, USDAI),
            of(self.base, USDAI),
            of(self.usdc, self.adapter.address()),
            of(self.base, self.adapter.address()),
        ]
    }
}

macro_rules! world {
    ($($name:ident($world:ident $(, $who:ident)*) { $($body:tt)* })*) => {$(
        #[motsu::test]
        fn $name(
            adapter: Contract<UniswapAdapter>,
            books: Contract<Books>,
            base: Contract<Token>,
            usdc: Contract<Token>,
            exchange: Contract<Exchange>,
            $($who: Address,)*
        ) {
            let $world = World { adapter: &adapter, books: &books, base: &base, usdc: &usdc, exchange: &exchange };
            $world.open();
            $($body)*
        }
    )*};
}

world! {
    a_gift_that_earns_stops_no_swap(w) {
        let adapter = w.adapter.address();
        w.base.sender(ADMIN).give(adapter, n(7));
        w.base.sender(ADMIN).accrued.insert(adapter, n(2));
        w.base.sender(ADMIN).claims.set(true);
        let brought = w.adapter.sender(USDAI).swap_out(w.usdc.address(), n(100), n(100), none()).motsu_unwrap();
        assert_eq!(brought, n(100));
        // The gift and its yield stay.
        assert_eq!(w.balances(), [n(1_100), n(900), U256::ZERO, n(9)]);
    }

    a_swap_pays_usdai_and_leaves_nothing(w) {
        w.exchange.sender(ADMIN).cost.set(n(1));
        let brought = w.adapter.sender(USDAI).swap_in(w.usdc.address(), n(100), n(99), none()).motsu_unwrap();
        assert_eq!(brought, n(99));
        assert_eq!(w.balances(), [n(900), n(1_099), U256::ZERO, U256::ZERO]);
        let brought = w.adapter.sender(USDAI).swap_out(w.usdc.address(), n(50), n(49), none()).motsu_unwrap();
        assert_eq!(brought, n(49));
        assert_eq!(w.balances(), [n(949), n(1_049), U256::ZERO, U256::ZERO]);
    }

    what_lay_there_before_does_not_matter(w) {
        w.usdc.sender(ADMIN).give(w.adapter.address(), n(7));
        w.adapter.sender(USDAI).swap_in(w.usdc.address(), n(100), n(100), none()).motsu_unwrap();
        assert_eq!(w.balances()[2], n(7));
    }

    only_usdai_swaps(w, alice) {
        let refusal = AdapterError::from(OnlyUsdai { caller: alice });
        assert_eq!(w.adapter.sender(alice).swap_in(w.usdc.address(), n(1), U256::ZERO, none()).motsu_unwrap_err(), refusal);
        assert_eq!(w.adapter.sender(alice).swap_out(w.usdc.address(), n(1), U256::ZERO, none()).motsu_unwrap_err(), refusal);
    }

    a_token_off_the_list_is_refused(w) {
        let refusal = AdapterError::from(TokenNotAllowed { token: w.base.address() });
        assert_eq!(w.adapter.sender(USDAI).swap_in(w.base.address(), n(1), U256::ZERO, none()).motsu_unwrap_err(), refusal);
        assert_eq!(w.adapter.sender(USDAI).swap_out(w.base.address(), n(1), U256::ZERO, none()).motsu_unwrap_err(), refusal);
    }

    nothing_is_not_swapped(w) {
        let usdc = w.usdc.address();
        let refusal = AdapterError::from(InvalidAmount {});
        assert_eq!(w.adapter.sender(USDAI).swap_in(usdc, U256::ZERO, U256::ZERO, none()).motsu_unwrap_err(), refusal);
        assert_eq!(w.adapter.sender(USDAI).swap_out(usdc, U256::ZERO, U256::ZERO, none()).motsu_unwrap_err(), refusal);
        w.usdc.sender(ADMIN).lies.set(true);
        assert_eq!(w.adapter.sender(USDAI).swap_in(usdc, n(10), U256::ZERO, none()).motsu_unwrap_err(), refusal);
    }

    a_swap_that_leaves_something_is_refused(w) {
        w.exchange.sender(ADMIN).leaves.set(n(3));
        assert_eq!(
            w.adapter.sender(USDAI).swap_in(w.usdc.address(), n(100), U256::ZERO, none()).motsu_unwrap_err(),
            AdapterError::from(IncompleteSwap { token: w.usdc.address(), unspent: n(3) })
        );
        assert_eq!(w.balances(), [n(1_000), n(1_000), U256::ZERO, U256::ZERO]);
    }

    a_path_with_wrong_ends_is_refused_in_its_direction(w) {
        let (usdc, base) = (w.usdc.address(), w.base.address());
        let out = Bytes([base.as_slice(), &[0, 0, 100], usdc.as_slice()].concat());
        assert_eq!(
            w.adapter.sender(USDAI).swap_in(usdc, n(10), U256::ZERO, out.clone()).motsu_unwrap_err(),
            AdapterError::from(InvalidPath { tokenIn: usdc, tokenOut: base })
        );
        w.adapter.sender(USDAI).swap_out(usdc, n(10), n(10), out).motsu_unwrap();
        assert_eq!(
            w.adapter.sender(USDAI).swap_out(usdc, n(10), n(10), Bytes(vec![1])).motsu_unwrap_err(),
            AdapterError::from(InvalidPath { tokenIn: base, tokenOut: usdc })
        );
    }

    the_exchanges_own_refusal_is_passed_on(w) {
        w.exchange.sender(ADMIN).cost.set(n(5));
        assert_eq!(
            w.adapter.sender(USDAI).swap_in(w.usdc.address(), n(100), n(96), none()).motsu_unwrap_err(),
            AdapterError::from(b"Too little received".to_vec())
        );
    }

    a_minimum_that_the_exchange_forgets_is_enforced(w) {
        w.exchange.sender(ADMIN).cost.set(n(5));
        w.exchange.sender(ADMIN).careless.set(true);
        w.exchange.sender(ADMIN).boasts.set(true);
        assert_eq!(
            w.adapter.sender(USDAI).swap_in(w.usdc.address(), n(100), n(96), none()).motsu_unwrap_err(),
            AdapterError::from(InsufficientOutput { amount: n(95), minimum: n(96) })
        );
    }

    the_list_is_the_admins(w, alice) {
        let usdc = w.usdc.address();
        assert_eq!(
            w.adapter.sender(alice).set_token_allowed(usdc, false).motsu_unwrap_err(),
            AdapterError::from(Unauthorized { account: alice, role: ids::role::ADMIN.word() }.abi_encode())
        );
        for token in [ZERO, w.base.address()] {
            assert_eq!(
                w.adapter.sender(ADMIN).set_token_allowed(token, true).motsu_unwrap_err(),
                AdapterError::from(InvalidAddress {})
            );
        }
        assert!(w.adapter.sender(alice).token_allowed(usdc));
        w.adapter.sender(ADMIN).set_token_allowed(usdc, false).motsu_unwrap();
        assert!(!w.adapter.sender(alice).token_allowed(usdc));
        w.adapter.assert_emitted(&TokenAllowed { token: usdc, allowed: true });
        w.adapter.assert_emitted(&TokenAllowed { token: usdc, allowed: false });
    }

    wiring_copies_the_routers_address(w, alice) {
        w.adapter.assert_emitted(&super::Wired { usdai: USDAI });
        w.books.sender(ADMIN).addresses.insert(ids::address::USDAI.word(), ZERO);
        assert_eq!(
            w.adapter.sender(alice).wire().motsu_unwrap_err(),
            AdapterError::from(AddressNotSet { id: ids::address::USDAI.word() }.abi_encode())
        );
        let call = w.adapter.sender(alice);
        assert_eq!(call.usdai(), USDAI);
        assert_eq!(call.base_token(), w.base.address());
        assert_eq!(call.uniswap_router(), w.exchange.address());
    }
}

#[motsu::test]
fn the_constructor_refuses_zero(adapter: Contract<UniswapAdapter>, alice: Address) {
    for (router, base, uniswap) in [(ZERO, alice, alice), (alice, ZERO, alice), (alice, alice, ZERO)] {
        assert_eq!(
            adapter.sender(alice).constructor(router, base, uniswap).motsu_unwrap_err(),
            AdapterError::from(InvalidAddress {})
        );
    }
}
