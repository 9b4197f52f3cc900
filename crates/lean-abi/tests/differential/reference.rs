//! Alloy for types that exist at run time: its decoder, its encoder and its rules for each word, driven as its own types drive them.
//! What decides is alloy's code; that it is driven rightly, the fixed list of signatures shows, for which there are alloy's types.

use std::{
    cell::Cell,
    panic::{catch_unwind, set_hook, take_hook},
    sync::Once,
};

use alloy_primitives::{Address, U256};
use alloy_sol_types::{
    abi::{
        token::{PackedSeqToken, Token, WordToken},
        Decoder, Encoder,
    },
    sol_data, Error, Result, SolType, Word,
};

use crate::signature::{members, Kind, Type, Value};

thread_local! {
    static IN_REFERENCE: Cell<bool> = const { Cell::new(false) };
}

/// What `decode` gives, or nothing if it panics: alloy does where a length and its place overflow. That is a refusal, and nothing to
/// print.
pub(crate) fn unless_it_panics<T>(decode: impl FnOnce() -> T + std::panic::UnwindSafe) -> Option<T> {
    static QUIET: Once = Once::new();
    QUIET.call_once(|| {
        let print = take_hook();
        set_hook(Box::new(move |panic| {
            if !IN_REFERENCE.get() {
                print(panic);
            }
        }));
    });
    IN_REFERENCE.set(true);
    let decoded = catch_unwind(decode);
    IN_REFERENCE.set(false);
    decoded.ok()
}

/// What alloy makes of data before it makes values of it.
enum Tree<'a> {
    Word(WordToken),
    Bytes(PackedSeqToken<'a>),
    Sequence(Vec<Tree<'a>>),
}

fn decode_tree<'a>(decoder: &mut Decoder<'a>, r#type: &Type) -> Result<Tree<'a>> {
    let length = match &r#type.kind {
        Kind::Bytes | Kind::Text => return PackedSeqToken::decode_from(decoder).map(Tree::Bytes),
        Kind::List(element) => {
            let mut child = decoder.take_indirection()?;
            let length = child.take_offset()?;
            let mut child = child.raw_child()?;
            // Each takes a word or more. Alloy's types find that out as they go.
            if length > child.remaining_words() {
                return Err(Error::Overrun);
            }
            let elements = (0..length).map(|_| decode_tree(&mut child, element));
            return elements.collect::<Result<_>>().map(Tree::Sequence);
        }
        Kind::Array(_, length) => *length,
        Kind::Tuple(members) => members.len(),
        _ => return WordToken::decode_from(decoder).map(Tree::Word),
    };
    let decode = |decoder: &mut Decoder<'a>| {
        let trees = members(r#type, length).map(|member| decode_tree(decoder, member));
        trees.collect::<Result<_>>().map(Tree::Sequence)
    };
    if r#type.dynamic {
        decode(&mut decoder.take_indirection()?)
    } else {
        decode(decoder)
    }
}

impl Tree<'_> {
    fn total_words(&self, r#type: &Type) -> usize {
        r#type.words + self.tail_words(r#type)
    }

    fn tail_words(&self, r#type: &Type) -> usize {
        match self {
            Self::Word(_) => 0,
            Self::Bytes(bytes) => bytes.tail_words(),
            Self::Sequence(_) if !r#type.dynamic => 0,
            Self::Sequence(trees) => {
                let pairs = members(r#type, trees.len()).zip(trees);
                let length = usize::from(matches!(r#type.kind, Kind::List(_)));
                length + pairs.map(|(member, tree)| tree.total_words(member)).sum::<usize>()
            }
        }
    }

    fn append_head(&self, encoder: &mut Encoder, r#type: &Type) {
        match self {
            Self::Word(word) => word.head_append(encoder),
            Self::Bytes(bytes) => bytes.head_append(encoder),
            Self::Sequence(_) if r#type.dynamic => encoder.append_indirection(),
            Self::Sequence(trees) => {
                for (member, tree) in members(r#type, trees.len()).zip(trees) {
                    tree.append_head(encoder, member);
                }
            }
        }
    }

    fn append_tail(&self, encoder: &mut Encoder, r#type: &Type) {
        match self {
            Self::Word(word) => word.tail_append(encoder),
            Self::Bytes(bytes) => bytes.tail_append(encoder),
            Self::Sequence(trees) if r#type.dynamic => {
                if matches!(r#type.kind, Kind::List(_)) {
                    encoder.append_seq_len(trees.len());
                }
                append_sequence(encoder, members(r#type, trees.len()).zip(trees).collect());
            }
            Self::Sequence(_) => {}
        }
    }

    /// Whether alloy finds every word valid for its type.
    fn valid(&self, r#type: &Type) -> bool {
        match self {
            Self::Word(word) => valid_word(&r#type.kind, word),
            Self::Bytes(bytes) if r#type.kind == Kind::Text => sol_data::String::valid_token(bytes),
            Self::Bytes(bytes) => sol_data::Bytes::valid_token(bytes),
            Self::Sequence(trees) => members(r#type, trees.len()).zip(trees).all(|(member, tree)| tree.valid(member)),
        }
    }

    /// Whether some truth value is neither 0 nor 1.
    fn has_strange_flag(&self, r#type: &Type) -> bool {
        match self {
            Self::Word(word) => r#type.kind == Kind::Bool && U256::from_be_bytes(word.0 .0) > U256::from(1),
            Self::Bytes(_) => false,
            Self::Sequence(trees) => members(r#type, trees.len())
                .zip(trees)
                .any(|(member, tree)| tree.has_strange_flag(member)),
        }
    }

    fn value(&self, r#type: &Type) -> Value {
        match (self, &r#type.kind) {
            (Self::Word(word), Kind::Uint(_) | Kind::Int(_)) => Value::Number(U256::from_be_bytes(word.0 .0)),
            (Self::Word(word), Kind::Address) => Value::Address(sol_data::Address::detokenize(*word)),
            (Self::Word(word), Kind::Bool) => Value::Flag(sol_data::Bool::detokenize(*word)),
            (Self::Word(word), Kind::FixedBytes(length)) => Value::Bytes(word.0[..*length].to_vec()),
            (Self::Bytes(bytes), Kind::Text) => Value::Text(sol_data::String::detokenize(*bytes)),
            (Self::Bytes(bytes), _) => Value::Bytes(bytes.into_vec()),
            (Self::Sequence(trees), _) => {
                let pairs = members(r#type, trees.len()).zip(trees);
                Value::Sequence(pairs.map(|(member, tree)| tree.value(member)).collect())
            }
            (Self::Word(_), kind) => panic!("{kind:?} is more than a word"),
        }
    }
}

fn append_sequence(encoder: &mut Encoder, pairs: Vec<(&Type, &Tree<'_>)>) {
    encoder.push_offset(pairs.iter().map(|(r#type, _)| r#type.words).sum());
    for (r#type, tree) in &pairs {
        tree.append_head(encoder, r#type);
        encoder.bump_offset(tree.tail_words(r#type));
    }
    for (r#type, tree) in &pairs {
        tree.append_tail(encoder, r#type);
    }
    encoder.pop_offset();
}

fn valid_word(kind: &Kind, word: &WordToken) -> bool {
    macro_rules! by_size {
        ($($size:literal)+) => {
            match kind {
                $(
                    Kind::FixedBytes($size) => sol_data::FixedBytes::<$size>::valid_token(word),
                    Kind::Uint(bits) if *bits == 8 * $size => sol_data::Uint::<{ 8 * $size }>::valid_token(word),
                    Kind::Int(bits) if *bits == 8 * $size => sol_data::Int::<{ 8 * $size }>::valid_token(word),
                )+
                Kind::Address => sol_data::Address::valid_token(word),
                Kind::Bool => sol_data::Bool::valid_token(word),
                other => panic!("{other:?} is no type of one word"),
            }
        };
    }
    by_size!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

fn encode_trees(arguments: &[Type], trees: &[Tree<'_>]) -> Vec<u8> {
    let mut encoder = Encoder::new();
    append_sequence(&mut encoder, arguments.iter().zip(trees).collect());
    encoder.into_bytes()
}

fn tree_of<'a>(value: &'a Value, r#type: &Type) -> Tree<'a> {
    let word = |word: Word| Tree::Word(WordToken(word));
    match value {
        Value::Number(number) => word(number.to_be_bytes().into()),
        Value::Address(address) => word(Address::into_word(address)),
        Value::Flag(flag) => Tree::Word(WordToken::from(*flag)),
        Value::Bytes(bytes) if r#type.dynamic => Tree::Bytes(PackedSeqToken(bytes)),
        Value::Bytes(bytes) => word(Word::right_padding_from(bytes)),
        Value::Text(text) => Tree::Bytes(PackedSeqToken(text.as_bytes())),
        Value::Sequence(values) => {
            let pairs = members(r#type, values.len()).zip(values);
            Tree::Sequence(pairs.map(|(member, value)| tree_of(value, member)).collect())
        }
    }
}

/// Alloy's encoding of `values`.
pub(crate) fn encode(arguments: &[Type], values: &[Value]) -> Vec<u8> {
    let trees: Vec<_> = arguments
        .iter()
        .zip(values)
        .map(|(argument, value)| tree_of(value, argument))
        .collect();
    encode_trees(arguments, &trees)
}

/// What alloy makes of data.
pub(crate) struct Verdict {
    /// The values, if every word is valid and the data begins with their encoding.
    pub(crate) prefix: Option<Vec<Value>>,
    /// Whether the data is nothing else: what alloy's validation asks for.
    pub(crate) exact: bool,
    /// Whether some truth value is neither 0 nor 1.
    pub(crate) strange_flag: bool,
}

/// Alloy's verdict; nothing if it panics.
pub(crate) fn decode(arguments: &[Type], data: &[u8]) -> Option<Verdict> {
    unless_it_panics(|| {
        let refused = Verdict {
            prefix: None,
            exact: false,
            strange_flag: false,
        };
        let mut decoder = Decoder::new(data, true);
        let trees: Result<Vec<_>> = arguments.iter().map(|argument| decode_tree(&mut decoder, argument)).collect();
        let Ok(trees) = trees else { return refused };
        let encoding = encode_trees(arguments, &trees);
        let pairs = || arguments.iter().zip(&trees);
        if !data.starts_with(&encoding) || !pairs().all(|(argument, tree)| tree.valid(argument)) {
            return refused;
        }
        Verdict {
            prefix: Some(pairs().map(|(argument, tree)| tree.value(argument)).collect()),
            exact: encoding.len() == data.len(),
            strange_flag: pairs().any(|(argument, tree)| tree.has_strange_flag(argument)),
        }
    })
}
