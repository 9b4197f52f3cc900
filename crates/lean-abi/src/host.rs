//! What every call asks of the host. On chain by name and with words as they lie in memory: the SDK makes numbers of them first, byte
//! by byte, and back. In a native build through the SDK's host, which tests put in, unless the host's functions are linked in (`native`).

#[cfg(any(target_arch = "wasm32", feature = "native"))]
pub(crate) use on_chain::{keccak256, load, store};
#[cfg(not(any(target_arch = "wasm32", feature = "native")))]
pub(crate) use on_host::{keccak256, load, store};

#[cfg(any(target_arch = "wasm32", feature = "native"))]
pub use on_chain::{check_constructor, sends_value};
#[cfg(not(any(target_arch = "wasm32", feature = "native")))]
pub use on_host::{check_constructor, sends_value};

#[cfg(any(target_arch = "wasm32", feature = "native"))]
mod on_chain {
    use alloc::vec::Vec;

    use stylus_core::{ConstructorGuard, ValueDenier};
    use stylus_sdk::abi::internal::CONSTRUCTOR_EXECUTED_SLOT;

    use crate::constant;

    #[link(wasm_import_module = "vm_hooks")]
    extern "C" {
        fn msg_value(value: *mut u8);
        fn native_keccak256(bytes: *const u8, len: usize, output: *mut u8);
        fn storage_load_bytes32(key: *const u8, dest: *mut u8);
        fn storage_cache_bytes32(key: *const u8, value: *const u8);
    }

    /// Whether the call sends value.
    #[inline]
    pub fn sends_value(_: &impl ValueDenier) -> bool {
        value_is_not_zero()
    }

    #[inline(never)]
    fn value_is_not_zero() -> bool {
        let mut value = [0_u64; 4];
        // SAFETY: the host writes 32 bytes, as many as there are.
        unsafe { msg_value(value.as_mut_ptr().cast()) };
        value.iter().fold(0, |any, limb| any | limb) != 0
    }

    /// Succeeds once: the SDK's flag, in the SDK's place.
    #[inline(never)]
    pub fn check_constructor(_: &impl ConstructorGuard) -> Result<(), Vec<u8>> {
        let slot = constant!(CONSTRUCTOR_EXECUTED_SLOT.to_be_bytes()).0;
        if load(&(), &slot) != [0; 32] {
            return Err(Vec::new());
        }
        let mut executed = [0; 32];
        executed[31] = 1;
        store(&(), &slot, &executed);
        Ok(())
    }

    pub(crate) fn keccak256<M>(_: &M, bytes: &[u8; 64]) -> [u8; 32] {
        let mut hash = [0; 32];
        // SAFETY: the host reads 64 bytes, as many as there are, and writes 32.
        unsafe { native_keccak256(bytes.as_ptr(), bytes.len(), hash.as_mut_ptr()) };
        hash
    }

    pub(crate) fn load<M>(_: &M, key: &[u8; 32]) -> [u8; 32] {
        let mut word = [0; 32];
        // SAFETY: the host reads 32 bytes and writes 32.
        unsafe { storage_load_bytes32(key.as_ptr(), word.as_mut_ptr()) };
        word
    }

    pub(crate) fn store<M>(_: &M, key: &[u8; 32], word: &[u8; 32]) {
        // SAFETY: the host reads 32 bytes of each.
        unsafe { storage_cache_bytes32(key.as_ptr(), word.as_ptr()) };
    }
}

#[cfg(not(any(target_arch = "wasm32", feature = "native")))]
mod on_host {
    use alloc::vec::Vec;

    use alloy_primitives::U256;
    use stylus_core::{ConstructorGuard, HostAccess, ValueDenier};

    /// Whether the call sends value.
    pub fn sends_value(storage: &impl ValueDenier) -> bool {
        storage.deny_value("").is_err()
    }

    /// Succeeds once.
    ///
    /// # Errors
    /// No data.
    pub fn check_constructor(storage: &impl ConstructorGuard) -> Result<(), Vec<u8>> {
        storage.check_constructor_slot()
    }

    pub(crate) fn keccak256(map: &impl HostAccess, bytes: &[u8; 64]) -> [u8; 32] {
        map.vm().native_keccak256(bytes).0
    }

    pub(crate) fn load(map: &impl HostAccess, key: &[u8; 32]) -> [u8; 32] {
        map.vm().storage_load_bytes32(U256::from_be_bytes(*key)).0
    }

    pub(crate) fn store(map: &impl HostAccess, key: &[u8; 32], word: &[u8; 32]) {
        // SAFETY: the key is an entry's, which the caller has borrowed alone.
        unsafe { map.vm().storage_cache_bytes32(U256::from_be_bytes(*key), (*word).into()) };
    }
}
