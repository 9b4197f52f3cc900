//! This crate's encoding against alloy's: random values, encoded, decoded, and decoded after random damage. Both must agree on every
//! byte and every verdict, for a list of Rust types and for random signatures.
//!
//! Alloy decodes with validation, which refuses all but canonical encodings. The differences are these, a test each: a word that is
//! neither 0 nor 1 is no truth value here; a length at which alloy panics is refused here; there is a form that ignores what is behind
//! the encoding, and what it gives is the exact decoding of the data's beginning; alloy stops at sixteen levels.
#![allow(clippy::unwrap_used, reason = "tests")]

mod random;
mod reference;
mod signature;

use std::collections::HashSet;

use alloy_primitives::{
    aliases::{I24, I96, U24, U40, U96},
    keccak256, Address, I256, U256,
};
use alloy_sol_types::{abi::token::TokenSeq, sol_data, SolType};
use lean_abi::{decode, decode_prefix, encode, AbiType, Decode, Encode};

// Alloy's `keccak256` calls the host, which is Motsu here.
use motsu as _;
use random::{damage, Random, Sample};
use reference::unless_it_panics;

/// What alloy decodes. To panic is to refuse.
fn alloy<S: SolType>(data: &[u8], validate: bool) -> Option<S::RustType>
where
    for<'a> S::Token<'a>: TokenSeq<'a>,
{
    unless_it_panics(|| S::abi_decode_params(data, validate).ok()).flatten()
}

#[derive(Default)]
struct Count {
    cases: usize,
    valid: usize,
    strange_flags: usize,
    behind: usize,
    panics: usize,
}

/// `rounds` values: four cases each. The last says the same of the same types at run time, which so do as the generic ones do.
fn check<T, S>(seed: u64, rounds: usize, count: &mut Count)
where
    T: Sample + Encode + Decode + PartialEq + core::fmt::Debug,
    S: SolType<RustType = T>,
    T: alloy_sol_types::private::SolTypeValue<S>,
    for<'a> S::Token<'a>: TokenSeq<'a>,
{
    let mut random = Random(seed);
    assert_eq!(T::NAME.text(), S::SOL_NAME);
    let arguments = signature::parse(S::SOL_NAME);
    assert_eq!(signature::names(&arguments), S::SOL_NAME);
    for round in 0..rounds {
        let value = T::sample(&mut random);
        let mut data = S::abi_encode_params(&value);
        assert_eq!(encode(&value), data, "{} of {value:?}", S::SOL_NAME);
        assert_eq!(decode::<T>(&data).as_ref(), Some(&value), "{}", S::SOL_NAME);
        damage(&mut random, &mut data);
        let valid = alloy::<S>(&data, true);
        let expected = valid.as_ref().filter(|value| S::abi_encode_params(*value) == data);
        count.valid += usize::from(expected.is_some());
        count.strange_flags += usize::from(expected != valid.as_ref());
        assert!(expected == valid.as_ref() || S::SOL_NAME.contains("bool"), "{data:02x?}");
        let decoded = decode::<T>(&data);
        assert_eq!(decoded.as_ref(), expected, "{} from {data:02x?}", S::SOL_NAME);
        let prefix = alloy::<S>(&data, false).filter(|value| data.starts_with(&S::abi_encode_params(value)));
        let decoded_prefix = decode_prefix::<T>(&data);
        assert_eq!(decoded_prefix, prefix, "{} from {data:02x?}", S::SOL_NAME);
        count.behind += usize::from(prefix.as_ref() != expected);
        count.cases += 4;
        if round % 16 == 0 {
            let verdict = reference::decode(&arguments, &data);
            assert_eq!(
                verdict.as_ref().is_some_and(|verdict| verdict.exact),
                valid.is_some(),
                "{data:02x?}"
            );
            let (exact, prefix) = signature::decode(&arguments, &data);
            let encoded = |values: Option<Vec<_>>| values.map(|values| signature::encode(&arguments, &values));
            assert_eq!(encoded(exact), decoded.as_ref().map(encode), "{data:02x?}");
            assert_eq!(encoded(prefix), decoded_prefix.as_ref().map(encode), "{data:02x?}");
        }
    }
}

macro_rules! check_all {
    ($rounds:expr, $count:expr, $($sol:ty),+ $(,)?) => {{
        let mut seed = 0;
        $(
            seed += 1;
            check::<<$sol as SolType>::RustType, $sol>(seed, $rounds, $count);
        )+
    }};
}

#[test]
fn agrees_with_alloy() {
    use sol_data::{Address as A, Array as L, Bool, Bytes as By, FixedArray as F, FixedBytes as FB, Int, String as S, Uint};
    type U = Uint<256>;
    let mut count = Count::default();
    check_all!(
        30_000,
        &mut count,
        (U,),
        (A, U),
        (A, A, U),
        (Bool, U, Bool),
        (Uint<8>, Uint<16>, Uint<32>, Uint<64>, Uint<128>),
        (Int<8>, Int<16>, Int<32>, Int<64>, Int<128>, Int<256>),
        (Uint<24>, Uint<40>, Uint<96>, Uint<160>, Uint<248>, Int<24>, Int<96>, Int<200>),
        (FB<1>, FB<4>, FB<20>, FB<31>, FB<32>),
        (By,),
        (S,),
        (By, S, U, By),
        (L<U>,),
        (L<A>, U, L<Bool>),
        (L<L<U>>, Bool),
        (L<S>, A, L<By>),
        (F<U, 3>, A),
        (F<By, 2>, U, F<Bool, 4>),
        (L<F<U, 2>>, U),
        (F<L<U>, 2>, By),
        (U, (A, U), Bool),
        (U, (A, S), Bool),
        ((S, (By, U)), L<(A, U)>),
        (L<(A, By)>, (U, U), S),
        (L<L<S>>, F<F<S, 2>, 2>),
        (L<(U, L<(S, Bool)>)>,),
        (A, U, U, A, By, Bool, FB<32>, S),
        (U, A, L<U>, U, U, U, Bool, U),
        (F<(Uint<24>, Int<40>), 2>, L<FB<4>>),
        ((L<S>, F<By, 1>),),
        (L<Int<24>>, L<Uint<16>>, L<F<Bool, 2>>),
        (((U, S), (A, By)), L<((U, A), S)>),
    );
    assert!(count.cases >= 3_720_000, "{}", count.cases);
    assert_compared(&count);
}

/// Some of the damage does none, or only as much as one of the forms minds: every verdict is compared many times.
fn assert_compared(count: &Count) {
    println!(
        "{} cases; of those with damage {} valid, {} with more behind, {} with strange truth values",
        count.cases, count.valid, count.behind, count.strange_flags
    );
    assert!(count.valid > count.cases / 100 && count.valid < count.cases / 6, "{}", count.valid);
    assert!(count.behind > count.cases / 1_000, "{}", count.behind);
    assert!(count.strange_flags > 500, "{}", count.strange_flags);
}

#[test]
fn agrees_with_alloy_on_random_signatures() {
    let mut random = Random(1);
    let mut count = Count::default();
    let mut seen = HashSet::new();
    for _ in 0..1_000 {
        let arguments = signature::signature(&mut random);
        let names = signature::names(&arguments);
        let lean_names: Vec<_> = arguments.iter().map(signature::Type::lean_name).collect();
        assert_eq!(lean_abi::signature_hash("f", &lean_names), keccak256(format!("f{names}")).0);
        check_signature(&arguments, &names, &mut random, 500, &mut count);
        seen.insert(names);
    }
    assert!(seen.len() > 800, "{}", seen.len());
    let all: String = seen.into_iter().collect();
    for size in 1..=32 {
        for name in [format!("uint{}", 8 * size), format!("int{}", 8 * size), format!("bytes{size}")] {
            assert!(all.contains(&format!("({name},")) || all.contains(&format!(",{name},")), "{name}");
        }
    }
    for name in ["address", "bool", "string", "[]", "[4]", "[][]", "[][2]", "[3][]", "((((", "))))"] {
        assert!(all.contains(name), "{name}");
    }
    assert!(count.cases >= 2_500_000, "{}", count.cases);
    assert!(count.panics > 500, "{}", count.panics);
    assert_compared(&count);
}

/// `rounds` values: five cases each.
fn check_signature(arguments: &[signature::Type], names: &str, random: &mut Random, rounds: usize, count: &mut Count) {
    for _ in 0..rounds {
        let values: Vec<_> = arguments
            .iter()
            .map(|argument| signature::Value::random(random, argument))
            .collect();
        let mut data = reference::encode(arguments, &values);
        assert_eq!(signature::encode(arguments, &values), data, "{names} of {values:?}");
        let length = data.len();
        data.extend((0..random.below(70)).map(|_| random.limb().to_le_bytes()[0]));
        let (exact, prefix) = signature::decode(arguments, &data);
        assert_eq!(exact.is_some(), data.len() == length, "{names} from {data:02x?}");
        assert_eq!(prefix.as_ref(), Some(&values), "{names} from {data:02x?}");
        data.truncate(length);
        assert_eq!(
            signature::decode(arguments, &data).0.as_ref(),
            Some(&values),
            "{names} from {data:02x?}"
        );

        damage(random, &mut data);
        let (exact, prefix) = signature::decode(arguments, &data);
        count.cases += 5;
        let Some(theirs) = reference::decode(arguments, &data) else {
            count.panics += 1;
            assert_eq!((exact, prefix), (None, None), "{names} from {data:02x?}");
            continue;
        };
        if theirs.strange_flag {
            count.strange_flags += 1;
            assert_eq!((exact, prefix), (None, None), "{names} from {data:02x?}");
            continue;
        }
        assert_eq!(prefix, theirs.prefix, "{names} from {data:02x?}");
        assert_eq!(exact, theirs.prefix.filter(|_| theirs.exact), "{names} from {data:02x?}");
        count.valid += usize::from(exact.is_some());
        count.behind += usize::from(exact != prefix);
    }
}

#[test]
fn truth_values_are_0_and_1_only() {
    type One = (sol_data::Bool,);
    type Many = (sol_data::Array<sol_data::Bool>,);
    for flag in [0, 1, 2, 3, 0x7f, 0x80, 0xff, 0x100] {
        let data = encode(&U256::from(flag));
        let theirs = alloy::<One>(&data, true).map(|(flag,)| flag);
        assert_eq!(theirs, (flag < 0x100).then_some(flag != 0), "{flag}");
        let expected = (flag < 2).then_some(flag == 1);
        assert_eq!(decode::<bool>(&data), expected, "{flag}");
        assert_eq!(decode_prefix::<bool>(&data), expected, "{flag}");
        let data = encode(&vec![U256::from(1), U256::from(flag)]);
        assert_eq!(alloy::<Many>(&data, true).is_some(), flag < 0x100, "{flag}");
        assert_eq!(decode::<Vec<bool>>(&data), expected.map(|flag| vec![true, flag]), "{flag}");
        assert_eq!(decode_prefix::<Vec<bool>>(&data), expected.map(|flag| vec![true, flag]), "{flag}");
    }
}

#[test]
fn lengths_at_which_alloy_panics_are_refused() {
    type Bytes = (sol_data::Bytes,);
    type Text = (sol_data::String,);
    type Texts = (sol_data::Array<sol_data::String>,);
    for below in 0..32_u64 {
        let length = U256::from(u64::MAX - below);
        // An offset and then the length, with data behind it or none.
        for room in [0, 1, 4] {
            let mut data = encode(&(U256::from(32), length));
            data.resize(data.len() + 32 * room, 0);
            assert!(unless_it_panics(|| Bytes::abi_decode_params(&data, true).is_ok()).is_none());
            assert!(unless_it_panics(|| Text::abi_decode_params(&data, true).is_ok()).is_none());
            assert_eq!((decode::<Vec<u8>>(&data), decode_prefix::<Vec<u8>>(&data)), (None, None));
            assert_eq!((decode::<String>(&data), decode_prefix::<String>(&data)), (None, None));
            let mut data = encode(&(U256::from(32), U256::from(1), U256::from(32), length));
            data.resize(data.len() + 32 * room, 0);
            assert!(unless_it_panics(|| Texts::abi_decode_params(&data, true).is_ok()).is_none());
            assert_eq!((decode::<Vec<String>>(&data), decode_prefix::<Vec<String>>(&data)), (None, None));
        }
    }
}

#[test]
fn bytes_behind_the_encoding_are_refused_in_the_exact_form_only() {
    type Sol = (sol_data::Uint<256>, sol_data::Array<sol_data::String>);
    let value = (U256::from(7), vec![String::from("a"), String::new()]);
    let data = encode(&value);
    for behind in 0..100 {
        for byte in [0, 1, 0xff] {
            let mut longer = data.clone();
            longer.resize(data.len() + behind, byte);
            let exact = (behind == 0).then_some(&value);
            assert_eq!(alloy::<Sol>(&longer, true).as_ref(), exact, "{behind}");
            assert_eq!(decode::<(U256, Vec<String>)>(&longer).as_ref(), exact, "{behind}");
            assert_eq!(decode_prefix::<(U256, Vec<String>)>(&longer).as_ref(), Some(&value), "{behind}");
        }
    }
    for length in 0..data.len() {
        assert_eq!(decode_prefix::<(U256, Vec<String>)>(&data[..length]), None, "{length}");
    }
}

#[test]
fn alloy_stops_at_sixteen_levels() {
    // Two levels a list, for alloy.
    type Eight<T> = Vec<Vec<Vec<Vec<Vec<Vec<Vec<Vec<T>>>>>>>>;
    use sol_data::Array as L;
    type SolEight<T> = L<L<L<L<L<L<L<L<T>>>>>>>>;
    let eight = || vec![vec![vec![vec![vec![vec![vec![vec![true]]]]]]]];
    let data = encode(&eight());
    assert_eq!(alloy::<(SolEight<sol_data::Bool>,)>(&data, true), Some((eight(),)));
    assert_eq!(decode::<Eight<bool>>(&data), Some(eight()));
    let data = encode(&vec![eight()]);
    assert_eq!(alloy::<(L<SolEight<sol_data::Bool>>,)>(&data, true), None);
    assert_eq!(decode::<Vec<Eight<bool>>>(&data), Some(vec![eight()]));
}

#[test]
fn numbers_at_the_edges() {
    fn all<T: Decode + Encode + PartialEq + core::fmt::Debug>(values: &[T]) {
        for value in values {
            assert_eq!(decode::<T>(&encode(value)).as_ref(), Some(value));
        }
    }
    all(&[U24::ZERO, U24::MAX]);
    all(&[U40::MAX]);
    all(&[U96::MAX, U96::ZERO]);
    all(&[I24::MIN, I24::MAX, I24::MINUS_ONE, I24::ZERO]);
    all(&[I96::MIN, I96::MAX, I96::MINUS_ONE]);
    all(&[I256::MIN, I256::MAX, I256::MINUS_ONE]);
    all(&[i8::MIN, i8::MAX, -1]);
    all(&[i128::MIN, i128::MAX, -1]);
    for word in [U256::from(1) << 24, U256::MAX, U256::from(1) << 255] {
        assert_eq!(decode::<U24>(&encode(&word)), None);
        assert_eq!(decode::<u8>(&encode(&word)), None);
        assert_eq!(decode::<Address>(&encode(&U256::MAX)), None);
    }
    assert_eq!(decode::<I24>(&encode(&(U256::from(1) << 23))), None);
    assert_eq!(decode::<bool>(&encode(&2_u8)), None);
}

#[derive(Debug, PartialEq, AbiType)]
struct Order {
    maker: Address,
    memo: String,
    amounts: Vec<U256>,
}

#[derive(Debug, PartialEq, AbiType)]
struct Pair {
    first: U256,
    second: u64,
}

/// An order as alloy's only argument.
type OneOrder = ((sol_data::Address, sol_data::String, sol_data::Array<sol_data::Uint<256>>),);

#[test]
fn structs_are_tuples_but_one_value() {
    let order = Order {
        maker: Address::repeat_byte(1),
        memo: "memo".into(),
        amounts: vec![U256::from(2)],
    };
    assert_eq!(<Order as lean_abi::Abi>::NAME.text(), "(address,string,uint256[])");
    let tuple = (Address::repeat_byte(1), String::from("memo"), vec![U256::from(2)]);
    // As an argument it is one value: alloy's encoding of a tuple in a tuple.
    let data = OneOrder::abi_encode_params(&(tuple,));
    assert_eq!(encode(&order), data);
    assert_eq!(decode::<Order>(&data), Some(order));
    let pair = || Pair {
        first: U256::from(7),
        second: 8,
    };
    let pairs = vec![pair(), pair()];
    assert_eq!(decode::<Vec<Pair>>(&encode(&pairs)), Some(pairs));
    assert_eq!(encode(&pair()).len(), 64);
}

#[test]
fn bytes_in_every_form() {
    let data = encode(&[1_u8, 2, 3][..]);
    assert_eq!(data, sol_data::Bytes::abi_encode(&[1_u8, 2, 3]));
    assert_eq!(decode::<Vec<u8>>(&data), Some(vec![1, 2, 3]));
    assert_eq!(decode::<stylus_sdk::abi::Bytes>(&data), Some(vec![1, 2, 3].into()));
    assert_eq!(<Vec<u8> as lean_abi::Abi>::NAME.text(), "bytes");
    assert_eq!(<Vec<Vec<u8>> as lean_abi::Abi>::NAME.text(), "bytes[]");
    assert_eq!(encode("text"), sol_data::String::abi_encode("text"));
}
