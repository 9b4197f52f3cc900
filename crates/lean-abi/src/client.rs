//! Calls to other contracts. One function makes them all; what is generic is the encoding of arguments and the decoding of results.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use stylus_core::{
    calls::{errors::Error, CallContext, MutatingCallContext, StaticCallContext},
    Host, HostAccess, TopLevelStorage,
};

use crate::{decode_prefix, Decode, SolidityError};

/// The macro's own words name the crate as others do.
use crate as lean_abi;

lean_abi::sol! {
    /// A callee is no contract, or returned data that does not begin with what its interface says.
    #[derive(Debug, PartialEq, Eq)]
    error MalformedReturn();
}

/// Who may call: the whole contract, whose storage may change underneath it meanwhile. Borrowing it is what keeps values that were read
/// before from being used after; `&mut` is asked for where the callee may call back and write.
pub trait Caller: TopLevelStorage + HostAccess {}

impl<T: TopLevelStorage + HostAccess> Caller for T {}

/// How to call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CallKind {
    /// The callee may change the state.
    Plain,
    /// It may not.
    Static,
}

struct Context<'a>(Option<&'a U256>);

impl CallContext for Context<'_> {
    fn gas(&self) -> u64 {
        u64::MAX
    }
}

impl StaticCallContext for Context<'_> {}

// SAFETY: `call` is reached through the clients only, which hold a reference to the outermost storage, mutable for a call that changes
// the state.
unsafe impl MutatingCallContext for Context<'_> {
    fn value(&self) -> U256 {
        self.0.copied().unwrap_or_default()
    }
}

/// Calls `to` with `data`, encoded by the caller: for callees that don't keep to an interface. An address without code answers with
/// nothing, as on any chain. The host's cache of storage is written back before, and forgotten if the callee may write.
///
/// # Errors
/// What the callee reverts with.
pub fn call(storage: &mut impl Caller, to: &Address, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    host_call(storage.vm(), CallKind::Plain, to, None, data)
}

/// As [`call`], of a callee that may change nothing: precompiles, for instance.
///
/// # Errors
/// What the callee reverts with.
pub fn static_call(storage: &impl Caller, to: &Address, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    host_call(storage.vm(), CallKind::Static, to, None, data)
}

/// Has the code at `to` run on this contract's storage, with its address and its caller: for a contract of two programs. What is not code
/// is refused, for it would answer with nothing.
///
/// # Errors
/// What the other program reverts with; [`MalformedReturn`] if there is none.
///
/// # Safety
/// The program must lay the storage out as this one does, and be trusted as this one is.
pub unsafe fn delegate_call(storage: &mut impl Caller, to: &Address, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let vm: &dyn Host = storage.vm();
    // SAFETY: the caller's to see to.
    let returned = outcome(unsafe { concrete!(vm).delegate_call(&Context(None), *to, data) })?;
    require_code(vm, to, &returned)?;
    Ok(returned)
}

#[inline(never)]
fn host_call(vm: &dyn Host, kind: CallKind, to: &Address, value: Option<&U256>, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let context = Context(value);
    let returned = match kind {
        CallKind::Plain => concrete!(vm).call(&context, *to, data),
        CallKind::Static => concrete!(vm).static_call(&context, *to, data),
    };
    outcome(returned)
}

fn outcome(returned: Result<Vec<u8>, Error>) -> Result<Vec<u8>, Vec<u8>> {
    returned.map_err(|error| match error {
        Error::Revert(data) => data,
        Error::AbiDecodingFailed(_) => malformed(),
    })
}

/// Calls the contract at `to`: as [`call`], for the clients.
///
/// # Errors
/// What the callee reverts with; [`MalformedReturn`] if there is none.
#[inline(never)]
pub fn call_contract(vm: &dyn Host, kind: CallKind, to: &Address, value: Option<&U256>, data: &[u8]) -> Result<Vec<u8>, Vec<u8>> {
    let returned = host_call(vm, kind, to, value, data)?;
    require_code(vm, to, &returned)?;
    Ok(returned)
}

/// What returns something has code.
fn require_code(vm: &dyn Host, to: &Address, returned: &[u8]) -> Result<(), Vec<u8>> {
    // Motsu's accounts have none, and it does not survive a call to one without a contract: on chain only.
    if crate::ON_CHAIN && returned.is_empty() && concrete!(vm).code_size(*to) == 0 {
        return Err(malformed());
    }
    Ok(())
}

/// What the callee returned; it may return more than its interface says.
///
/// # Errors
/// [`MalformedReturn`].
pub fn returned<T: Decode>(data: Vec<u8>) -> Result<T, Vec<u8>> {
    decode_prefix(&data).ok_or_else(malformed)
}

#[cold]
#[inline(never)]
fn malformed() -> Vec<u8> {
    MalformedReturn {}.revert_data()
}
