//! The entrypoint: what the chain calls.

use stylus_core::{TopLevelStorage, ValueDenier};
use stylus_sdk::{abi::Router, storage::StorageType};

/// Makes `$contract` the program's contract: exports the `user_entrypoint` that the chain calls. Once in a cdylib; nothing in a native
/// build, so that contracts can be tested together.
///
/// As the SDK's `#[entrypoint]` in its default build: a call that comes back into a contract that is still at work is refused, with no
/// data. A call that fails does not write its storage first, only to have it undone.
#[macro_export]
macro_rules! entrypoint {
    ($contract:ty) => {
        #[cfg(target_arch = "wasm32")]
        #[doc(hidden)]
        #[no_mangle]
        pub extern "C" fn user_entrypoint(len: usize) -> usize {
            $crate::private::answer::<$contract>(len)
        }

        // That it is a contract is seen in a native build too.
        #[cfg(not(target_arch = "wasm32"))]
        const _: () = $crate::private::assert_contract::<$contract>();
    };
}

/// A contract: storage with a router.
pub trait Contract: Router<Self, Storage = Self> + StorageType + TopLevelStorage + ValueDenier + Sized {}

impl<C: Router<Self, Storage = Self> + StorageType + TopLevelStorage + ValueDenier> Contract for C {}

/// Compiles for contracts only.
#[cfg(not(target_arch = "wasm32"))]
pub const fn assert_contract<C: Contract>() {}

/// Answers a call with `len` bytes of calldata; zero if it succeeds.
#[cfg(target_arch = "wasm32")]
#[inline(always)]
pub fn answer<C: Contract>(len: usize) -> usize {
    use stylus_core::{CalldataAccess, MemoryAccess, MessageAccess, StorageAccess};
    use stylus_sdk::{
        abi::router_entrypoint,
        host::{WasmVM, VM},
    };

    let vm = VM(WasmVM {});
    if vm.msg_reentrant() {
        return 1;
    }
    // Names the host function that the chain puts in where memory grows; without it activation fails. Growing by nothing is free.
    vm.pay_for_memory_grow(0);
    let input = vm.read_args(len);
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
