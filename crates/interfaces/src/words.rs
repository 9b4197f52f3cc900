//! Errors and events that are nothing but words, without alloy's generic encoder: a contract with fifteen of each saves some 2 kB of
//! compressed code. The `sol!` types stay the one definition of names, arguments and selectors; each crate's tests compare the two.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};
use stylus_sdk::prelude::Host;

/// What the ABI encodes in one word.
pub trait Word {
    /// Writes the word.
    fn append(&self, data: &mut Vec<u8>);

    /// The word itself.
    fn word(&self) -> B256 {
        let mut data = Vec::with_capacity(32);
        self.append(&mut data);
        B256::from_slice(&data)
    }
}

impl Word for U256 {
    // Reversing 32 bytes takes some 200 bytes of code: once is enough.
    #[inline(never)]
    fn append(&self, data: &mut Vec<u8>) {
        data.extend_from_slice(&self.to_be_bytes::<32>());
    }

    #[inline(never)]
    fn word(&self) -> B256 {
        B256::new(self.to_be_bytes())
    }
}

impl Word for B256 {
    #[inline(never)]
    fn append(&self, data: &mut Vec<u8>) {
        data.extend_from_slice(self.as_slice());
    }

    fn word(&self) -> B256 {
        *self
    }
}

impl Word for Address {
    #[inline(never)]
    fn append(&self, data: &mut Vec<u8>) {
        self.into_word().append(data);
    }

    fn word(&self) -> B256 {
        self.into_word()
    }
}

impl Word for u128 {
    #[inline(never)]
    fn append(&self, data: &mut Vec<u8>) {
        data.extend_from_slice(&[0; 16]);
        data.extend_from_slice(&self.to_be_bytes());
    }
}

impl Word for u64 {
    fn append(&self, data: &mut Vec<u8>) {
        u128::from(*self).append(data);
    }
}

impl Word for bool {
    fn append(&self, data: &mut Vec<u8>) {
        u64::from(*self).append(data);
    }

    fn word(&self) -> B256 {
        B256::with_last_byte(u8::from(*self))
    }
}

/// An error, an event or an answer in the making. Takes its words by reference: copying 32 bytes onto the stack costs more code than a call.
pub struct Words(Vec<u8>);

impl Words {
    /// An error, by its selector.
    #[must_use]
    pub fn error(selector: [u8; 4]) -> Self {
        Self(selector.to_vec())
    }

    /// An event, by its signature's hash.
    #[must_use]
    pub fn event(signature: &B256) -> Self {
        Self(signature.to_vec())
    }

    /// What a function returns.
    #[must_use]
    pub fn answer() -> Self {
        Self(Vec::new())
    }

    /// Adds a word: a topic while the event has some left, else data.
    pub fn with(&mut self, word: &impl Word) -> &mut Self {
        word.append(&mut self.0);
        self
    }

    /// Emits the event; the signature and the words after it are topics, `topics` in all.
    pub fn emit(&self, vm: &dyn Host, topics: usize) {
        vm.emit_log(&self.0, topics);
    }

    /// The error's revert data, or the answer.
    pub fn data(&mut self) -> Vec<u8> {
        core::mem::take(&mut self.0)
    }
}

/// The revert data of an error, or the calldata of a call: its selector and its arguments.
#[must_use]
pub fn revert(selector: [u8; 4], arguments: &[B256]) -> Vec<u8> {
    let mut data = selector.to_vec();
    for argument in arguments {
        data.extend_from_slice(argument.as_slice());
    }
    data
}

/// Emits an event: its topics, the first `topics` of `words`, then its data.
pub fn emit(vm: &dyn Host, topics: usize, words: &[B256]) {
    let mut log = Vec::with_capacity(32 * words.len());
    for word in words {
        log.extend_from_slice(word.as_slice());
    }
    vm.emit_log(&log, topics);
}

/// Declares a crate's error enum: one boxed variant for each `sol!` error listed, convertible from it, and `Call` for what a called
/// contract reverted with. Boxed, because results travel through every function: with the error a pointer wide they are half the code.
#[macro_export]
macro_rules! error_enum {
    ($(#[$doc:meta])* $name:ident: $($error:ident),+ $(,)?) => {
        $(#[$doc])*
        #[derive(Debug, PartialEq, Eq)]
        pub enum $name {
            $(
                #[doc = concat!("See [`struct@", stringify!($error), "`].")]
                $error(alloc::boxed::Box<$error>),
            )+
            /// What a called contract reverted with, passed on.
            Call(alloc::vec::Vec<u8>),
        }

        $(
            impl From<$error> for $name {
                #[cold]
                fn from(error: $error) -> Self {
                    Self::$error(alloc::boxed::Box::new(error))
                }
            }
        )+

        impl From<alloc::vec::Vec<u8>> for $name {
            fn from(data: alloc::vec::Vec<u8>) -> Self {
                Self::Call(data)
            }
        }
    };
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_sol_types::{sol, SolError};

    sol! {
        error Mixed(address account, bytes32 hash, uint256 amount, bool flag);
    }

    #[test]
    fn equals_the_generic_encoding() {
        let (account, hash, amount) = (Address::repeat_byte(7), B256::repeat_byte(9), U256::from(11));
        for flag in [false, true] {
            let generic = Mixed {
                account,
                hash,
                amount,
                flag,
            };
            let words = Words::error(Mixed::SELECTOR)
                .with(&account)
                .with(&hash)
                .with(&amount)
                .with(&flag)
                .data();
            assert_eq!(words, generic.abi_encode());
            let words = [account.word(), hash.word(), amount.word(), flag.word()];
            assert_eq!(revert(Mixed::SELECTOR, &words), generic.abi_encode());
        }
    }
}
