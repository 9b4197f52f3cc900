//! Errors and events.

use alloc::vec::Vec;
use core::fmt;

use alloy_primitives::hex;
use stylus_sdk::prelude::Host;

use crate::{
    constant,
    describe::{Item, Items},
    Encode, Writer,
};

/// A custom error, declared in [`crate::sol!`].
pub trait SolidityError {
    /// The first four bytes of its signature's hash.
    const ERROR_SELECTOR: u32;
    /// What the interface says of it.
    const ITEM: Item;

    /// What a call that fails with it reverts with.
    fn revert_data(&self) -> Vec<u8>;
}

/// What a contract can revert with: an error, or one of several, a type that [`crate::errors!`] makes.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is no error",
    label = "not an error of `lean_abi::sol!` or `lean_abi::errors!`"
)]
pub trait Errors {
    /// What the interface says of it.
    const ERRORS: Items;
}

impl<T: SolidityError> Errors for T {
    const ERRORS: Items = Items::One(&T::ITEM);
}

/// Makes a contract's error type out of the errors named: types of [`crate::sol!`], or other types that this macro made. It converts
/// from each of them, and from what a called contract reverted with, and into revert data; [`macro@crate::contract`] takes the errors of
/// the interface from it.
///
/// Why no enum: nobody on chain asks which error it was, and results travel through every function. So an error becomes its revert data
/// where it arises, and is a pointer from then on: a contract with fifteen of them is 2.5 % smaller than with an enum of boxed errors, and
/// a vault with an enum of plain ones was 1.3 kB larger than with a pointer to it. What can arise is as typed as in an enum.
///
/// ```
/// # extern crate alloc;
/// use lean_abi::Refusal;
///
/// lean_abi::sol! {
///     #[derive(Debug, PartialEq, Eq)]
///     error Empty();
///     #[derive(Debug, PartialEq, Eq)]
///     error TooMuch(uint256 asked, uint256 left);
/// }
///
/// lean_abi::errors! {
///     /// Why the box stays shut.
///     pub BoxError: Empty, TooMuch
/// }
///
/// fn open(left: bool) -> Result<(), BoxError> {
///     if left { Ok(()) } else { Err(Empty {}.into()) }
/// }
///
/// let error = open(false).unwrap_err();
/// assert_eq!(error, BoxError::from(Empty {}));
/// assert!(error.is::<Empty>() && !error.is::<TooMuch>());
/// assert_eq!(format!("{error:?}"), "Empty(0x)");
/// ```
#[macro_export]
macro_rules! errors {
    ($(#[$attribute:meta])* $visibility:vis $name:ident: $($error:ident),+ $(,)?) => {
        $(#[$attribute])*
        ///
        #[doc = concat!("One of ", $("[`struct@", stringify!($error), "`], ",)+ "or what a called contract reverted with.")]
        #[derive(Clone, PartialEq, Eq)]
        #[must_use]
        $visibility struct $name($crate::private::Box<$crate::private::Vec<u8>>);

        $(
            impl From<$error> for $name {
                #[cold]
                #[inline(never)]
                fn from(error: $error) -> Self {
                    Self($crate::private::Box::new(error.into()))
                }
            }
        )+

        impl From<$crate::private::Vec<u8>> for $name {
            #[cold]
            #[inline(never)]
            fn from(data: $crate::private::Vec<u8>) -> Self {
                Self($crate::private::Box::new(data))
            }
        }

        impl From<$name> for $crate::private::Vec<u8> {
            #[cold]
            fn from(error: $name) -> Self {
                *error.0
            }
        }

        impl $crate::Errors for $name {
            const ERRORS: $crate::describe::Items = $crate::describe::Items::Several(&[$(<$error as $crate::Errors>::ERRORS),+]);
        }

        impl $crate::Refusal for $name {
            fn revert_data(&self) -> &[u8] {
                &self.0
            }
        }

        impl ::core::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut ::core::fmt::Formatter<'_>) -> ::core::fmt::Result {
                $crate::private::debug_error(self, formatter)
            }
        }
    };
}

/// An error type of [`crate::errors!`]: revert data, whatever it was made of.
pub trait Refusal: Errors {
    /// What the call reverts with.
    fn revert_data(&self) -> &[u8];

    /// Whether it was made of an `E`.
    fn is<E: SolidityError>(&self) -> bool {
        self.revert_data().starts_with(&E::ERROR_SELECTOR.to_be_bytes())
    }

    /// The `E` that it was made of: for tests, which look at arguments.
    #[cfg(not(target_arch = "wasm32"))]
    fn get<E: alloy_sol_types::SolError>(&self) -> Option<E> {
        E::abi_decode(self.revert_data(), true).ok()
    }
}

/// The error's name and its arguments as they are encoded: for the messages of failing tests.
///
/// # Errors
/// The formatter's.
pub fn debug_error<E: Refusal>(error: &E, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
    fn name(items: &Items, selector: u32) -> Option<&'static str> {
        match items {
            Items::One(item) => (item.selector() == selector).then_some(item.name),
            Items::Several(several) => several.iter().find_map(|items| name(items, selector)),
        }
    }
    let data = error.revert_data();
    let known = data
        .split_first_chunk()
        .and_then(|(selector, arguments)| Some((name(&E::ERRORS, u32::from_be_bytes(*selector))?, arguments)));
    match known {
        Some((name, arguments)) => write!(formatter, "{name}({})", hex::encode_prefixed(arguments)),
        None => write!(formatter, "revert {}", hex::encode_prefixed(data)),
    }
}

/// An event, declared in [`crate::sol!`].
pub trait SolidityEvent {
    /// Its signature's hash.
    const TOPIC: [u8; 32];
    /// What the interface says of it.
    const ITEM: Item;

    /// Emits it.
    fn emit(&self, vm: &dyn Host);
}

/// Emits the event `E` with `topics` topics, its own and `indexed`.
#[inline]
pub fn emit<E: SolidityEvent, I: Encode, D: Encode>(vm: &dyn Host, topics: usize, indexed: &I, data: &D) {
    // In the code, not in the data: see `constant`.
    let topic = constant!(E::TOPIC);
    let mut writer = Writer::event(&topic.0, topics, D::FIELDS, data.fields_tail_words());
    indexed.write_fields(&mut writer);
    writer.data(D::FIELDS);
    data.write_fields(&mut writer);
    concrete!(vm).emit_log(&writer.finish(), topics);
}
