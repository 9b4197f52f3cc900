//! What a contract must be before it may be deployed: small enough, cheap to enter, and a program that Nitro activates.

use stylus_chain::stylus_wasm::{activate, ActivationError};

/// Bytes of code an account may have (EIP-170). Chains from ArbOS 60 on allow more in pieces, but not all do, and not the same.
pub const CODE_LIMIT: usize = 24_576;

/// Pages that a transaction has free of charge; each further one costs 1,000 gas in every open frame.
pub const PAGE_LIMIT: u16 = 2;

/// Why a contract is not fit to deploy.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum GateError {
    /// The code does not fit in an account.
    #[error("{size} bytes compressed is {} more than the {CODE_LIMIT} that fit in an account", size - CODE_LIMIT)]
    TooLarge {
        /// Bytes on chain, prefix included.
        size: usize,
    },
    /// The memory is larger than what a transaction has free of charge.
    #[error("{pages} pages of memory, at most {PAGE_LIMIT}: look for large statics, or a stack that outgrew its 16 KiB")]
    TooManyPages {
        /// Initial pages of 64 KiB.
        pages: u16,
    },
    /// Nitro would not activate it.
    #[error(transparent)]
    Refused(#[from] ActivationError),
}

/// Checks code as it would lie on chain and returns its memory pages.
///
/// # Errors
/// [`GateError`], the first rule that it breaks.
pub fn check(code: &[u8]) -> Result<u16, GateError> {
    if code.len() > CODE_LIMIT {
        return Err(GateError::TooLarge { size: code.len() });
    }
    let pages = activate(code)?.info().footprint;
    if pages > PAGE_LIMIT {
        return Err(GateError::TooManyPages { pages });
    }
    Ok(pages)
}

/// `size` as a part of what fits in an account, and how much of the rest `before` took.
#[must_use]
pub fn bar(size: usize, before: usize) -> String {
    let cells = |size: usize| (size * 20 / CODE_LIMIT).min(20);
    let (filled, saved) = (cells(size), cells(before).saturating_sub(cells(size)));
    "█".repeat(filled) + &"▒".repeat(saved) + &"░".repeat(20 - filled - saved)
}

#[cfg(test)]
mod tests {
    use std::fmt::Write as _;

    use super::*;

    /// A program that Nitro takes, with `fields` added and a memory of `pages`.
    fn program(pages: u16, fields: &str) -> Vec<u8> {
        let text = format!(
            r#"(module {fields}
                (memory (export "memory") {pages} {pages})
                (func (export "user_entrypoint") (param i32) (result i32) (i32.const 0)))"#
        );
        wat::parse_str(text).expect("the test's module is well-formed")
    }

    fn check_wasm(wasm: &[u8]) -> Result<u16, GateError> {
        check(&stylus_chain::compress(wasm))
    }

    #[test]
    fn a_small_program_passes_and_tells_its_pages() {
        assert_eq!(check_wasm(&program(1, "")), Ok(1));
        assert_eq!(check_wasm(&program(2, "")), Ok(2));
    }

    #[test]
    fn code_over_the_limit_is_refused_and_told_by_how_much() {
        // Bytes that no compressor shortens: a linear congruential generator's.
        let (mut state, mut noise) = (1_u32, String::new());
        for _ in 0..CODE_LIMIT {
            state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            write!(noise, "\\{:02x}", state >> 24).expect("writing to memory does not fail");
        }
        let error = check_wasm(&program(1, &format!(r#"(data (i32.const 0) "{noise}")"#))).unwrap_err();
        let GateError::TooLarge { size } = error else { panic!("{error}") };
        assert!(size > CODE_LIMIT);
        assert!(error.to_string().contains(&format!("{} more than", size - CODE_LIMIT)));
    }

    #[test]
    fn three_pages_are_refused() {
        assert_eq!(check_wasm(&program(3, "")), Err(GateError::TooManyPages { pages: 3 }));
    }

    #[test]
    fn an_import_from_elsewhere_is_refused() {
        let error = check_wasm(&program(1, r#"(import "env" "abort" (func))"#)).unwrap_err();
        let (module, name) = ("env".into(), "abort".into());
        assert_eq!(error, ActivationError::UnknownImport { module, name }.into());
    }

    #[test]
    fn floats_are_refused() {
        let error = check_wasm(&program(1, "(func (drop (f64.add (f64.const 1) (f64.const 2))))")).unwrap_err();
        let features = vec!["floating point"];
        assert_eq!(error, ActivationError::UnsupportedFeatures { features }.into());
    }

    #[test]
    fn multi_value_is_refused() {
        let error = check_wasm(&program(1, "(func (result i32 i32) (i32.const 1) (i32.const 2))")).unwrap_err();
        let features = vec!["multi-value"];
        assert_eq!(error, ActivationError::UnsupportedFeatures { features }.into());
    }
}
