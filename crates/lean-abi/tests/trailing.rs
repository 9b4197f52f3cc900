//! Bytes behind the encoding: ignored behind a call's arguments and behind what a callee returns, as Solidity does. What is too short
//! is refused all the same, and so is anything that is not canonical before them.
#![allow(
    clippy::unwrap_used,
    clippy::missing_errors_doc,
    clippy::must_use_candidate,
    missing_docs,
    reason = "tests"
)]
#[macro_use]
extern crate alloc;

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use lean_abi::{decode, decode_prefix, encode, interface, MalformedReturn, Name, Reader, SolidityError};
use motsu::prelude::*;
use stylus_sdk::{abi::Router, prelude::*, storage::StorageU256, testing::TestVM};

#[storage]
pub struct Callee {
    total: StorageU256,
}

unsafe impl TopLevelStorage for Callee {}

#[lean_abi::contract]
impl Callee {
    #[constructor]
    pub fn constructor(&mut self, total: U256) {
        self.total.set(total);
    }

    pub fn total(&self) -> U256 {
        self.total.get()
    }

    pub fn add(&mut self, amount: U256, memo: String) -> U256 {
        let total = self.total.get() + amount + U256::from(memo.len());
        self.total.set(total);
        total
    }

    pub fn pair(&self) -> (U256, bool) {
        (U256::from(7), true)
    }

    pub fn nothing(&self) {}
}

interface! {
    /// As an older version of it was: `pair` returned one value, `total` two, and `nothing` something.
    interface IOlder {
        function pair() external view returns (uint256);
        function total() external view returns (uint256, uint256);
        function nothing() external view returns (bool);
    }
}

#[storage]
pub struct User {
    pub unused: StorageU256,
}

unsafe impl TopLevelStorage for User {}

#[lean_abi::contract]
impl User {
    pub fn pair(&self, callee: Address) -> Result<U256, Vec<u8>> {
        IOlder::new(callee).pair(self)
    }

    pub fn total(&self, callee: Address) -> Result<(U256, U256), Vec<u8>> {
        IOlder::new(callee).total(self)
    }

    pub fn nothing(&self, callee: Address) -> Result<bool, Vec<u8>> {
        IOlder::new(callee).nothing(self)
    }
}

/// What callers append: nothing, a sender, a marker and its length, zeros, a word, and more than a word.
fn suffixes() -> Vec<Vec<u8>> {
    vec![
        vec![],
        vec![0x80, 0x21],
        Address::repeat_byte(0xaa).to_vec(),
        vec![0; 31],
        vec![0; 32],
        vec![0xff; 32],
        vec![0xff; 1_000],
    ]
}

#[test]
fn calls_ignore_what_is_behind_their_arguments() {
    let vm = TestVM::default();
    let mut callee = Callee::from(&vm);
    let add = lean_abi::selector("add", &[Name::new("uint256"), Name::new("string")]);
    let total = lean_abi::selector("total", &[]);
    let arguments = encode(&(U256::from(2), "ab"));
    let mut expected = U256::ZERO;
    for suffix in suffixes() {
        expected += U256::from(4);
        let call = [&arguments[..], &suffix].concat();
        assert_eq!(Callee::route(&mut callee, add, &call), Some(Ok(encode(&expected))), "{suffix:02x?}");
        // Without arguments everything is behind them.
        assert_eq!(
            Callee::route(&mut callee, total, &suffix),
            Some(Ok(encode(&expected))),
            "{suffix:02x?}"
        );
    }
    for length in 0..arguments.len() {
        assert_eq!(Callee::route(&mut callee, add, &arguments[..length]), Some(Err(vec![])), "{length}");
    }
    // An encoding that another would follow, as Solidity does, but no encoder makes.
    let mut gap = arguments.clone();
    gap[63] = 0x60;
    gap.splice(64..64, [0; 32]);
    assert_eq!(Callee::route(&mut callee, add, &gap), Some(Err(vec![])));
    assert_eq!(callee.total(), expected);
}

#[test]
fn constructors_ignore_what_is_behind_their_arguments() {
    let call = [encode(&U256::from(3)), vec![1; 7]].concat();
    for (length, outcome, total) in [(31, Err(vec![]), 0), (39, Ok(vec![]), 3)] {
        let mut callee = Callee::from(&TestVM::default());
        assert_eq!(<Callee as Router<Callee>>::constructor(&mut callee, &call[..length]), Some(outcome));
        assert_eq!(callee.total(), U256::from(total));
    }
}

#[motsu::test]
fn callees_may_return_more_than_the_interface_says(callee: Contract<Callee>, user: Contract<User>, alice: Address) {
    assert_eq!(user.sender(alice).pair(callee.address()).motsu_unwrap(), U256::from(7));
}

#[motsu::test]
fn callees_may_not_return_less(callee: Contract<Callee>, user: Contract<User>, alice: Address) {
    let malformed = MalformedReturn {}.revert_data();
    assert_eq!(user.sender(alice).total(callee.address()).motsu_unwrap_err(), malformed);
    assert_eq!(user.sender(alice).nothing(callee.address()).motsu_unwrap_err(), malformed);
}

#[test]
fn the_exact_form_takes_no_suffix() {
    let value = (U256::from(2), String::from("ab"), vec![true, false]);
    let data = encode(&value);
    for suffix in suffixes() {
        let data = [&data[..], &suffix].concat();
        assert_eq!(decode_prefix::<(U256, String, Vec<bool>)>(&data).as_ref(), Some(&value));
        assert_eq!(
            decode::<(U256, String, Vec<bool>)>(&data).as_ref(),
            suffix.is_empty().then_some(&value)
        );
        assert_eq!(decode_prefix::<()>(&suffix), Some(()));
        assert_eq!(decode::<()>(&suffix), suffix.is_empty().then_some(()));
    }
    for length in 0..data.len() {
        assert_eq!(decode_prefix::<(U256, String, Vec<bool>)>(&data[..length]), None, "{length}");
    }
}

/// A length or offset anywhere near a power of two at which some width overflows, with and without as much data as its low bits ask for.
#[test]
fn huge_lengths_and_offsets_are_refused() {
    let word = |exponent: usize, below: u64, above: u64| {
        let power = if exponent == 256 { U256::ZERO } else { U256::from(1) << exponent };
        power.wrapping_sub(U256::from(below)).wrapping_add(U256::from(above))
    };
    let mut checked = 0;
    for exponent in [16, 26, 27, 31, 32, 33, 58, 59, 63, 64, 65, 128, 255, 256] {
        for (below, above) in [(0, 0), (1, 0), (31, 0), (32, 0), (33, 0), (64, 0), (0, 1), (0, 2), (0, 32), (0, 64)] {
            let huge = word(exponent, below, above);
            // 2^256 and more is small again.
            if huge <= U256::from(1_000) {
                continue;
            }
            for room in [0, 32, 64, 96, 320] {
                let data = |words: &[U256]| {
                    let mut data = words.iter().flat_map(U256::to_be_bytes::<32>).collect::<Vec<u8>>();
                    data.resize(data.len() + room, 0);
                    data
                };
                let place = U256::from(32);
                for data in [data(&[huge]), data(&[place, huge]), data(&[place, U256::from(1), huge])] {
                    let nested = data.len() > 64 + room;
                    assert!(nested || decode_prefix::<Vec<u8>>(&data).is_none());
                    assert!(nested || decode_prefix::<String>(&data).is_none());
                    assert!(nested || decode_prefix::<Vec<U256>>(&data).is_none());
                    assert!(nested || decode_prefix::<Vec<[U256; 3]>>(&data).is_none());
                    assert_eq!(decode_prefix::<Vec<Vec<u8>>>(&data), None);
                    assert_eq!(decode_prefix::<Vec<Vec<U256>>>(&data), None);
                    assert_eq!(decode_prefix::<Vec<(String, [Vec<bool>; 2])>>(&data), None);
                    assert_eq!(decode_prefix::<([Vec<u8>; 1], (U256, String))>(&data), None);
                    checked += 1;
                }
            }
        }
    }
    assert!(checked > 1_000, "{checked}");
}

/// Whoever writes `Decode` by hand may ask for anything.
#[test]
fn places_saturate() {
    let data = encode(&(U256::from(32), U256::from(usize::MAX)));
    for words in [
        usize::MAX,
        usize::MAX / 32,
        usize::MAX / 32 + 1,
        usize::MAX / 32 + 2,
        1 << 59,
        1 << 60,
    ] {
        assert!(!Reader::new(&data, words).valid(), "{words}");
        assert!(!Reader::new(&data, words).complete(), "{words}");
        let mut reader = Reader::new(&data, 1);
        let outer = reader.enter();
        reader.sequence(words);
        let inner = reader.enter();
        assert_eq!(reader.list(words), 0);
        assert!(reader.bytes().is_empty());
        reader.leave(&inner);
        reader.leave(&outer);
        assert!(!reader.valid(), "{words}");
    }
    // Elements of no words could be of any number in no data.
    let mut reader = Reader::new(&data, 1);
    let _ = reader.enter();
    assert_eq!(reader.list(0), 0);
    assert!(!reader.valid());
}
