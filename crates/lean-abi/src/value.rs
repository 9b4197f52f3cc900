//! Whether a call sends value.

use stylus_core::ValueDenier;

/// Whether the call sends value, as the SDK finds out. On chain the word is looked at as it comes: the SDK makes a number of it first,
/// which costs 15 gas in every call.
#[inline]
pub fn sends_value(storage: &impl ValueDenier) -> bool {
    #[cfg(target_arch = "wasm32")]
    {
        let _ = storage;
        host::value_is_not_zero()
    }
    #[cfg(not(target_arch = "wasm32"))]
    storage.deny_value("").is_err()
}

#[cfg(target_arch = "wasm32")]
mod host {
    #[link(wasm_import_module = "vm_hooks")]
    extern "C" {
        fn msg_value(value: *mut u8);
    }

    #[inline(never)]
    pub(super) fn value_is_not_zero() -> bool {
        let mut value = [0_u64; 4];
        // SAFETY: the host writes 32 bytes, as many as there are.
        unsafe { msg_value(value.as_mut_ptr().cast()) };
        value.iter().fold(0, |any, limb| any | limb) != 0
    }
}
