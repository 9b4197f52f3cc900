//! The rules that the reader's documentation says, one test each, and the places where the writer puts things.
#![allow(clippy::unwrap_used, reason = "tests")]

use alloy_primitives::{Address, FixedBytes, I256, U256};
use lean_abi::{decode, decode_prefix, encode, encode_with_selector, Decode, Encode, Reader, Writer};

/// Words, one behind the other.
fn words(numbers: &[U256]) -> Vec<u8> {
    numbers.iter().flat_map(U256::to_be_bytes::<32>).collect()
}

fn number(number: u64) -> U256 {
    U256::from(number)
}

/// The word that is nothing but `bit`.
fn only(bit: usize) -> [u8; 32] {
    (U256::from(1) << bit).to_be_bytes()
}

/// The word that is everything but `bit`.
fn all_but(bit: usize) -> [u8; 32] {
    only(bit).map(|byte| !byte)
}

/// Whether `read` finds the word valid.
fn takes<'a, T>(word: &'a [u8; 32], read: impl Fn(&mut Reader<'a>) -> T) -> bool {
    let mut reader = Reader::new(word, 1);
    read(&mut reader);
    assert_eq!(reader.valid(), reader.complete());
    reader.valid()
}

/// Refused in both forms.
fn refused<T: Decode + PartialEq + core::fmt::Debug>(data: &[u8]) {
    assert_eq!(decode::<T>(data), None, "{data:02x?}");
    assert_eq!(decode_prefix::<T>(data), None, "{data:02x?}");
}

#[test]
fn unsigned_numbers_have_no_bits_above_theirs() {
    for bits in (8..=256).step_by(8) {
        for bit in 0..256 {
            assert_eq!(takes(&only(bit), |reader| reader.number(bits)), bit < bits, "{bits} {bit}");
            if bits <= 64 {
                assert_eq!(takes(&only(bit), |reader| reader.small(bits)), bit < bits, "{bits} {bit}");
            }
        }
    }
}

#[test]
fn signed_numbers_are_filled_with_their_sign() {
    for bits in (8..=256).step_by(8) {
        for bit in 0..256 {
            // The sign's own bit alone is not extended, as long as there is room to extend it.
            let valid = bit < bits - 1 || bits == 256;
            assert_eq!(takes(&only(bit), |reader| reader.signed(bits)), valid, "{bits} {bit}");
            assert_eq!(takes(&all_but(bit), |reader| reader.signed(bits)), valid, "{bits} {bit}");
        }
    }
    let data = I256::MINUS_ONE.to_be_bytes::<32>();
    assert_eq!(Reader::new(&data, 1).signed(8), U256::MAX);
}

#[test]
fn truth_values_are_0_and_1() {
    for bit in 0..256 {
        assert_eq!(takes(&only(bit), Reader::flag), bit == 0, "{bit}");
        assert!(!takes(&all_but(bit), Reader::flag), "{bit}");
    }
    assert_eq!(decode(&words(&[number(0)])), Some(false));
    assert_eq!(decode(&words(&[number(1)])), Some(true));
}

#[test]
fn addresses_have_zeros_before_them() {
    for bit in 0..256 {
        assert_eq!(takes(&only(bit), Reader::address), bit < 160, "{bit}");
    }
}

#[test]
fn fixed_bytes_have_zeros_behind_them() {
    for bit in 0..256 {
        assert_eq!(takes(&only(bit), Reader::fixed_bytes::<1>), bit >= 248, "{bit}");
        assert_eq!(takes(&only(bit), Reader::fixed_bytes::<20>), bit >= 96, "{bit}");
        assert_eq!(takes(&only(bit), Reader::fixed_bytes::<31>), bit >= 8, "{bit}");
        assert!(takes(&only(bit), Reader::fixed_bytes::<32>), "{bit}");
    }
}

#[test]
fn text_is_utf8() {
    for text in ["", "a", "ß€𝛑\0"] {
        assert_eq!(decode::<String>(&encode(text.as_bytes())).as_deref(), Some(text));
    }
    // A lone continuation, one too long, half a pair, beyond the last letter, a beginning without its end.
    for bytes in [
        &[0x80][..],
        &[0xc0, 0x80],
        &[0xed, 0xa0, 0x80],
        &[0xf4, 0x90, 0x80, 0x80],
        &[b'a', 0xe2, 0x82],
    ] {
        refused::<String>(&encode(bytes));
        assert!(decode::<Vec<u8>>(&encode(bytes)).is_some());
    }
}

#[test]
fn padding_is_there_and_zero() {
    for length in 0..=65 {
        let bytes = vec![0xff; length];
        let data = encode(&bytes[..]);
        assert_eq!(data.len(), 64 + length.next_multiple_of(32));
        assert_eq!(decode::<Vec<u8>>(&data), Some(bytes));
        for at in 64 + length..data.len() {
            let mut filled = data.clone();
            filled[at] = 1;
            refused::<Vec<u8>>(&filled);
            refused::<Vec<u8>>(&data[..at]);
        }
    }
}

#[test]
fn what_is_dynamic_lies_where_an_encoder_puts_it() {
    type Two = (Vec<u8>, Vec<u8>);
    let two = |first: u64, second: u64, rest: &[u64]| {
        let numbers: Vec<_> = [&[first, second], rest].concat().into_iter().map(number).collect();
        words(&numbers)
    };
    // Two times no bytes.
    assert_eq!(decode::<Two>(&two(0x40, 0x60, &[0, 0])), Some((vec![], vec![])));
    // Each other's place, one place for both, a gap before and between, and into the head.
    refused::<Two>(&two(0x60, 0x40, &[0, 0]));
    refused::<Two>(&two(0x40, 0x40, &[0]));
    refused::<Two>(&two(0x40, 0x40, &[0, 0]));
    refused::<Two>(&two(0x60, 0x80, &[0, 0, 0]));
    refused::<Two>(&two(0x40, 0x80, &[0, 0, 0]));
    refused::<Two>(&two(0x20, 0x40, &[0, 0]));
    refused::<Two>(&two(0, 0, &[0, 0]));
    // Between words.
    refused::<Two>(&two(0x41, 0x61, &[0, 0]));
    refused::<Two>(&two(0x3f, 0x60, &[0, 0]));
}

#[test]
fn offsets_count_from_the_sequence_they_are_in() {
    type Nested = (U256, (U256, Vec<Vec<u8>>));
    let value = (number(1), (number(2), vec![vec![], vec![3]]));
    let last = U256::from(3) << 248;
    let data = |numbers: [u64; 9]| {
        let mut numbers = numbers.map(number).to_vec();
        numbers.push(last);
        words(&numbers)
    };
    // The tuple's offset, its list's, and those of the list's elements.
    let right = [1, 0x40, 2, 0x40, 2, 0x40, 0x60, 0, 1];
    assert_eq!(encode(&value), data(right));
    assert_eq!(decode::<Nested>(&data(right)), Some(value));
    for at in [1, 3, 5, 6] {
        for other in [0x20, 0x80, 0xa0, 0xc0, 0xe0] {
            let mut wrong = right;
            wrong[at] = other;
            refused::<Nested>(&data(wrong));
        }
    }
}

#[test]
fn lists_are_never_longer_than_the_data_has_words() {
    for words_each in 1..5 {
        for room in 0..20 {
            for length in 0..25 {
                let mut data = words(&[number(32), number(length)]);
                data.resize(data.len() + 32 * room, 0);
                let fits = usize::try_from(length).unwrap() * words_each <= room;
                let mut reader = Reader::new(&data, 1);
                let outer = reader.enter();
                let read = reader.list(words_each);
                reader.leave(&outer);
                // What does not fit reserves nothing.
                assert_eq!(read, if fits { usize::try_from(length).unwrap() } else { 0 });
                assert_eq!(reader.valid(), fits);
                let elements = Reader::new(&data, 1).elements(words_each, |reader| reader.number(256));
                assert_eq!(elements.len(), read);
            }
        }
    }
}

#[test]
fn behind_the_end_there_are_zeros_and_no_way_back() {
    let data = [0xff; 63];
    let mut reader = Reader::new(&data, 2);
    assert_eq!(reader.number(256), U256::MAX);
    assert!(!reader.valid());
    for _ in 0..3 {
        assert_eq!(reader.word(), &[0; 32]);
        assert_eq!((reader.flag(), reader.address(), reader.small(64)), (false, Address::ZERO, 0));
        assert_eq!((reader.bytes(), reader.text()), (&[][..], String::new()));
        assert_eq!(reader.fixed_bytes::<32>(), FixedBytes::ZERO);
        assert!(reader.elements(1, Reader::flag).is_empty());
        assert!(!reader.valid() && !reader.complete());
    }
}

#[test]
fn a_failure_is_final() {
    let data = words(&[number(2), number(1)]);
    let mut reader = Reader::new(&data, 2);
    reader.flag();
    assert!(reader.flag());
    assert!(!reader.valid() && !reader.complete());
    let mut reader = Reader::new(&data, 2);
    assert!(reader.valid() && reader.complete());
    reader.fail();
    assert!(!reader.valid() && !reader.complete());
}

#[test]
fn the_data_is_the_encoding_or_begins_with_it() {
    let data = words(&[number(1), number(2)]);
    for (count, complete, valid) in [(0, false, true), (1, false, true), (2, true, true), (3, false, false)] {
        let mut reader = Reader::new(&data, count);
        for _ in 0..count {
            reader.word();
        }
        assert_eq!((reader.complete(), reader.valid()), (complete, valid), "{count}");
    }
    // Of types that say that they have more words than they read, too.
    assert!(!Reader::new(&data, 3).valid());
}

#[test]
fn no_encoding_begins_another() {
    let texts = [
        "",
        "a",
        "b",
        "ab",
        "0123456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcdef0",
    ];
    let lists = [vec![], vec![0], vec![1], vec![0, 0], vec![0, 1]].map(|list| list.into_iter().map(number).collect::<Vec<_>>());
    let encodings: Vec<_> = texts
        .iter()
        .flat_map(|text| lists.iter().map(move |list| encode(&(text, list))))
        .collect();
    for (at, one) in encodings.iter().enumerate() {
        for (other_at, other) in encodings.iter().enumerate() {
            assert_eq!(other.starts_with(one), at == other_at);
        }
    }
}

/// Whatever bit is changed, the data is no encoding any more, or another value's.
#[test]
fn every_bit_has_a_meaning() {
    type All = (i16, Address, Vec<(String, [bool; 2])>, FixedBytes<3>, ([Vec<u8>; 2], u128));
    let value: All = (
        -3,
        Address::repeat_byte(7),
        vec![("text".into(), [true, false]), (String::new(), [false, true])],
        FixedBytes([1, 2, 3]),
        ([vec![9; 33], vec![]], 1 << 100),
    );
    let data = encode(&value);
    let mut others = 0;
    for bit in 0..8 * data.len() {
        let mut changed = data.clone();
        changed[bit / 8] ^= 1 << (bit % 8);
        let exact = decode::<All>(&changed);
        assert_ne!(exact.as_ref(), Some(&value), "{bit}");
        if let Some(other) = &exact {
            assert_eq!(encode(other), changed, "{bit}");
            others += 1;
        }
        // What begins with another encoding may be shorter only.
        if let Some(other) = decode_prefix::<All>(&changed) {
            assert!(changed.starts_with(&encode(&other)), "{bit}");
            assert_ne!(other, value, "{bit}");
        }
    }
    // 15 bits of the number, the address, one bit of each of four flags, three bytes, 33 bytes, 128 bits; seven of each letter; and
    // four bits each of the lengths 33 and 4, which may grow into their padding.
    assert_eq!(others, 15 + 160 + 4 + 24 + 8 * 33 + 128 + 7 * 4 + 2 * 4);
}

#[test]
fn the_writer_fills_words_from_their_side() {
    let mut writer = Writer::new(5, 0);
    writer.left(&[1, 2]);
    writer.right(&[3, 4]);
    writer.small(u64::MAX);
    writer.address(&Address::repeat_byte(5));
    writer.number(&(U256::from(6) << 248));
    let data = writer.finish();
    let expected = [
        U256::from(0x0102) << 240,
        number(0x0304),
        number(u64::MAX),
        Address::repeat_byte(5).into_word().into(),
        U256::from(6) << 248,
    ];
    assert_eq!(data, words(&expected));
}

#[test]
fn offsets_do_not_count_the_selector_or_the_topics() {
    let arguments = (number(1), "a");
    let plain = encode(&arguments);
    assert_eq!(encode_with_selector(0x0102_0304, &arguments), [&[1, 2, 3, 4][..], &plain].concat());
    let mut writer = Writer::event(&[8; 32], 2, 2, arguments.fields_tail_words());
    writer.number(&number(9));
    writer.data(2);
    arguments.write_fields(&mut writer);
    assert_eq!(writer.finish(), [&[8; 32][..], &words(&[number(9)]), &plain].concat());
}

#[test]
fn bytes_take_whole_words() {
    for length in 0..=65 {
        let bytes = vec![1; length];
        let padded = [&bytes[..], &vec![0; length.next_multiple_of(32) - length]].concat();
        let second = 0x80 + 32 * length.div_ceil(32) as u64;
        // What comes behind lies behind the padding.
        let expected = [
            words(&[number(0x40), number(second - 0x20), number(length as u64)]),
            padded,
            words(&[number(0)]),
        ];
        assert_eq!(encode(&(&bytes[..], "")), expected.concat(), "{length}");
    }
}

#[test]
fn a_reference_is_encoded_as_what_it_refers_to() {
    let pair = (number(1), vec![number(2), number(3)]);
    let (text, list) = ("a", [&pair, &pair]);
    assert_eq!(encode(&&pair), encode(&pair));
    assert_eq!(encode_with_selector(7, &&pair), encode_with_selector(7, &pair));
    assert_eq!(encode(&(&list, &text)), encode(&([pair.clone(), pair.clone()], "a")));
    let encoded = encode(&(&pair, &&pair));
    assert_eq!(decode(&encoded), Some((pair.clone(), pair)));
}
