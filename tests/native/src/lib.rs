//! The contracts compiled for this machine: the same crates, entered through the same `answer`, with the embedded chain's host functions in place
//! of the node's. The chain runs them in place of their WASM where many steps matter, or beside it, to compare.

use lean_abi::private::{answer, Contract};
use native_hooks::{for_each_hook, Ended, Hooks, Program, Programs};
use std::{
    panic::{self, catch_unwind, AssertUnwindSafe},
    sync::OnceLock,
};

static HOOKS: OnceLock<&'static Hooks> = OnceLock::new();

static PROGRAMS: Programs = Programs {
    all: &[
        program("usdai", run::<usdai_token::Usdai>),
        program("swap-adapter", run::<usdai_token::UniswapAdapter>),
        program("susdai", run::<susdai_vault::Vault>),
        program("caliber", run::<caliber_receipts::CaliberReceipts>),
        program("filo", run::<filo_stacks::FiloStacks>),
        program("origination", run::<filo_origination::FiloOrigination>),
        program("defaults", run::<filo_defaults::FiloDefaults>),
        program("qev", run::<qev_queue::Queue>),
        program("qev-settlement", run::<qev_queue::Settlement>),
        program("router", run_router),
        program("gateway", run::<gateway_journeys::Gateway>),
    ],
};

const fn program(name: &'static str, enter: unsafe extern "C" fn(usize) -> Ended) -> Program {
    Program { name, enter }
}

unsafe extern "C" fn run<C: Contract>(length: usize) -> Ended {
    enter(|| answer::<C>(length, &[]))
}

/// The router answers its views while it is at work, as its entrypoint in `contracts/router` has it.
unsafe extern "C" fn run_router(length: usize) -> Ended {
    enter(|| answer::<protocol_router::Router>(length, &[lean_abi::views!(protocol_router::IRouter)]))
}

fn enter(program: impl FnOnce() -> usize) -> Ended {
    match catch_unwind(AssertUnwindSafe(program)) {
        Ok(0) => Ended::Success,
        Ok(_) => Ended::Revert,
        Err(_) => Ended::Panic,
    }
}

/// Takes the host functions, once, and returns the contracts.
///
/// # Safety
/// The functions must be what `hostio` of the SDK says of them.
#[no_mangle]
pub unsafe extern "C" fn native_programs(hooks: &'static Hooks) -> &'static Programs {
    HOOKS.get_or_init(|| {
        // A panic is a trap, of which the chain speaks.
        panic::set_hook(Box::new(|_| ()));
        hooks
    });
    &PROGRAMS
}

/// The host functions by name: what the SDK and `lean-abi` import, where the linker looks for it.
macro_rules! forward {
    ($(fn $name:ident($($argument:ident: $type:ty),*) $(-> $result:ty)?;)*) => {
        $(
            #[no_mangle]
            unsafe extern "C" fn $name($($argument: $type),*) $(-> $result)? {
                let hooks = HOOKS.get().expect("the chain has started the contracts");
                // SAFETY: the importer's arguments, unchanged.
                unsafe { (hooks.$name)($($argument),*) }
            }
        )*
    };
}

for_each_hook!(forward);
