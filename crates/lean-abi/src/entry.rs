//! The entrypoint: what the chain calls.

use stylus_core::{TopLevelStorage, ValueDenier};
use stylus_sdk::{abi::Router, storage::StorageType};

use crate::describe::{Function, Mutability};

/// Makes `$contract` the program's contract: exports the `user_entrypoint` that the chain calls. Once in a cdylib; nothing in a native
/// build, so that contracts can be tested together.
///
/// As the SDK's `#[entrypoint]` in its default build: a call that comes back into a contract that is still at work is refused, with no
/// data. A call that fails does not write its storage first, only to have it undone.
///
/// `entrypoint!(Books, reentrant(IBooks))`: the functions of the interface `IBooks`, all of them views, are answered even then, for a
/// contract that calls others which have to ask it something. What they answer is what is written when the call out is made.
#[macro_export]
macro_rules! entrypoint {
    ($contract:ty $(, reentrant($views:ty))?) => {
        #[cfg(target_arch = "wasm32")]
        #[doc(hidden)]
        #[no_mangle]
        pub extern "C" fn user_entrypoint(len: usize) -> usize {
            $crate::private::answer::<$contract>(len, &[$($crate::views!($views))?])
        }

        $(
            #[cfg(not(target_arch = "wasm32"))]
            const _: &[&[u32]] = &[$crate::views!($views)];
        )?

        // That it is a contract is seen in a native build too.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = $crate::private::assert_contract::<$contract>();
    };
}

/// The selectors of an interface of views.
#[doc(hidden)]
#[macro_export]
macro_rules! views {
    ($views:ty) => {{
        const FUNCTIONS: &[$crate::describe::Function] = <$views>::FUNCTIONS;
        const SELECTORS: [u32; FUNCTIONS.len()] = $crate::private::views(FUNCTIONS);
        &SELECTORS
    }};
}

/// The selectors of `functions`.
///
/// # Panics
/// At compile time, if one of them is not a view.
#[must_use]
pub const fn views<const N: usize>(functions: &[Function]) -> [u32; N] {
    let mut selectors = [0; N];
    let mut at = 0;
    while at < N {
        assert!(
            matches!(functions[at].mutability, Mutability::View | Mutability::Pure),
            "only views are answered while the contract is at work"
        );
        selectors[at] = functions[at].selector;
        at += 1;
    }
    selectors
}

/// A contract: storage with a router.
pub trait Contract: Router<Self, Storage = Self> + StorageType + TopLevelStorage + ValueDenier + Sized {}

impl<C: Router<Self, Storage = Self> + StorageType + TopLevelStorage + ValueDenier> Contract for C {}

/// Compiles for contracts only.
#[cfg(not(target_arch = "wasm32"))]
pub const fn assert_contract<C: Contract>() {}

/// Answers a call with `len` bytes of calldata; zero if it succeeds. `views` are answered while the contract is at work.
#[cfg(any(target_arch = "wasm32", feature = "native"))]
#[inline(always)]
pub fn answer<C: Contract>(len: usize, views: &[&[u32]]) -> usize {
    use stylus_core::{CalldataAccess, MemoryAccess, MessageAccess, StorageAccess};
    use stylus_sdk::{
        abi::router_entrypoint,
        host::{WasmVM, VM},
    };

    let vm = VM(WasmVM {});
    let reentered = vm.msg_reentrant();
    if reentered && views.is_empty() {
        return 1;
    }
    // Names the host function that the chain puts in where memory grows; without it activation fails. Growing by nothing is free.
    vm.pay_for_memory_grow(0);
    let input = vm.read_args(len);
    if reentered {
        let selector = input.first_chunk().map(|selector| u32::from_be_bytes(*selector));
        if !views.iter().any(|views| selector.is_some_and(|selector| views.contains(&selector))) {
            return 1;
        }
    }
    match router_entrypoint::<C, C>(input, vm.clone()) {
        Ok(data) => {
            vm.flush_cache(false);
            vm.write_result(&data);
            0
        }
        Err(data) => {
            vm.write_result(&data);
            1
        }
    }
}
