//! Types that exist at run time: random ones, their values, and what this crate's generic implementations do with them, over the same
//! [`Reader`] and [`Writer`].

use alloy_primitives::{Address, U256};
use lean_abi::{Name, Reader, Writer};

use crate::random::{Random, Sample};

/// How deep types are nested at most.
const DEPTH: usize = 4;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Kind {
    Uint(usize),
    Int(usize),
    Address,
    Bool,
    FixedBytes(usize),
    Bytes,
    Text,
    List(Box<Type>),
    Array(Box<Type>, usize),
    Tuple(Vec<Type>),
}

/// A type, with what is a constant of Rust's types.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Type {
    pub(crate) kind: Kind,
    pub(crate) dynamic: bool,
    /// In the sequence that the value is in.
    pub(crate) words: usize,
}

impl Type {
    pub(crate) fn new(kind: Kind) -> Self {
        let (dynamic, fields) = match &kind {
            Kind::Bytes | Kind::Text | Kind::List(_) => (true, 1),
            Kind::Array(element, length) => (element.dynamic, length * element.words),
            Kind::Tuple(members) => (members.iter().any(|member| member.dynamic), fields(members)),
            _ => (false, 1),
        };
        Self {
            kind,
            dynamic,
            words: if dynamic { 1 } else { fields },
        }
    }

    fn random(random: &mut Random, depth: usize) -> Self {
        let inner = |random: &mut Random| Box::new(Self::random(random, depth + 1));
        Self::new(match random.below(if depth < DEPTH { 14 } else { 9 }) {
            0 => Kind::Uint(256),
            1 => Kind::Uint(8 * (1 + random.below(32))),
            2 => Kind::Int(8 * (1 + random.below(32))),
            3 => Kind::Address,
            4 => Kind::Bool,
            5 => Kind::FixedBytes(1 + random.below(32)),
            6 | 7 => Kind::Bytes,
            8 => Kind::Text,
            9 | 10 => Kind::List(inner(random)),
            11 => Kind::Array(inner(random), 1 + random.below(4)),
            _ => Kind::Tuple((0..=random.below(4)).map(|_| Self::random(random, depth + 1)).collect()),
        })
    }

    /// As the type is written.
    pub(crate) fn name(&self) -> String {
        match &self.kind {
            Kind::Uint(bits) => format!("uint{bits}"),
            Kind::Int(bits) => format!("int{bits}"),
            Kind::Address => "address".into(),
            Kind::Bool => "bool".into(),
            Kind::FixedBytes(length) => format!("bytes{length}"),
            Kind::Bytes => "bytes".into(),
            Kind::Text => "string".into(),
            Kind::List(element) => format!("{}[]", element.name()),
            Kind::Array(element, length) => format!("{}[{length}]", element.name()),
            Kind::Tuple(members) => names(members),
        }
    }

    /// As this crate writes it for a selector.
    pub(crate) fn lean_name(&self) -> Name {
        match &self.kind {
            Kind::Uint(bits) => Name::new("uint").then_number(*bits),
            Kind::Int(bits) => Name::new("int").then_number(*bits),
            Kind::Address => Name::new("address"),
            Kind::Bool => Name::new("bool"),
            Kind::FixedBytes(length) => Name::new("bytes").then_number(*length),
            Kind::Bytes => Name::new("bytes"),
            Kind::Text => Name::new("string"),
            Kind::List(element) => element.lean_name().then("[]"),
            Kind::Array(element, length) => element.lean_name().then("[").then_number(*length).then("]"),
            Kind::Tuple(members) => Name::tuple(&members.iter().map(Self::lean_name).collect::<Vec<_>>()),
        }
    }

    /// The type that `text` begins with, and what comes behind it.
    fn parse(text: &str) -> (Self, &str) {
        let (mut parsed, mut rest) = if text.starts_with('(') {
            let (members, rest) = parse_members(text);
            (Kind::Tuple(members), rest)
        } else {
            let end = text.find([',', ')', '[']).unwrap_or(text.len());
            let (name, rest) = text.split_at(end);
            let digits = name.find(|letter: char| letter.is_ascii_digit()).unwrap_or(end);
            let (kind, number) = name.split_at(digits);
            let kind = match (kind, number.parse().ok()) {
                ("uint", Some(bits)) => Kind::Uint(bits),
                ("int", Some(bits)) => Kind::Int(bits),
                ("bytes", Some(length)) => Kind::FixedBytes(length),
                ("address", None) => Kind::Address,
                ("bool", None) => Kind::Bool,
                ("bytes", None) => Kind::Bytes,
                ("string", None) => Kind::Text,
                _ => panic!("{name} is no type"),
            };
            (kind, rest)
        };
        while let Some(behind) = rest.strip_prefix('[') {
            let (length, behind) = behind.split_once(']').unwrap();
            let element = Box::new(Self::new(parsed));
            parsed = if length.is_empty() {
                Kind::List(element)
            } else {
                Kind::Array(element, length.parse().unwrap())
            };
            rest = behind;
        }
        (Self::new(parsed), rest)
    }

    /// How many words, byte strings and texts a value has whose lists have three elements each.
    fn leaves(&self) -> usize {
        match &self.kind {
            Kind::List(element) => 3 * element.leaves(),
            Kind::Array(element, length) => length * element.leaves(),
            Kind::Tuple(members) => members.iter().map(Self::leaves).sum(),
            _ => 1,
        }
    }
}

fn parse_members(text: &str) -> (Vec<Type>, &str) {
    let mut rest = text.strip_prefix('(').unwrap();
    let mut members = Vec::new();
    while !rest.starts_with(')') {
        let (member, behind) = Type::parse(rest);
        members.push(member);
        rest = behind.strip_prefix(',').unwrap_or(behind);
    }
    (members, &rest[1..])
}

/// The arguments that `signature` says.
pub(crate) fn parse(signature: &str) -> Vec<Type> {
    let (arguments, rest) = parse_members(signature);
    assert!(rest.is_empty(), "{rest}");
    arguments
}

/// Up to eight arguments, of values that are not too large.
pub(crate) fn signature(random: &mut Random) -> Vec<Type> {
    loop {
        let arguments: Vec<_> = (0..random.below(9)).map(|_| Type::random(random, 1)).collect();
        if arguments.iter().map(Type::leaves).sum::<usize>() <= 60 {
            return arguments;
        }
    }
}

/// The signature's arguments, as they are written.
pub(crate) fn names(members: &[Type]) -> String {
    format!("({})", members.iter().map(Type::name).collect::<Vec<_>>().join(","))
}

/// How many words the members of a sequence take without what is dynamic.
fn fields(members: &[Type]) -> usize {
    members.iter().map(|member| member.words).sum()
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    /// Signed ones in two's complement.
    Number(U256),
    Address(Address),
    Flag(bool),
    /// Bytes of a fixed number or of any.
    Bytes(Vec<u8>),
    Text(String),
    Sequence(Vec<Value>),
}

impl Value {
    pub(crate) fn random(random: &mut Random, r#type: &Type) -> Self {
        let number = |random: &mut Random, bits: usize| U256::sample(random) >> (256 - bits);
        match &r#type.kind {
            Kind::Uint(bits) => Self::Number(number(random, *bits)),
            Kind::Int(bits) => Self::Number(U256::sample(random).arithmetic_shr(256 - bits)),
            Kind::Address => Self::Address(Address::sample(random)),
            Kind::Bool => Self::Flag(bool::sample(random)),
            Kind::FixedBytes(length) => Self::Bytes(number(random, 256).to_be_bytes::<32>()[..*length].to_vec()),
            Kind::Bytes => Self::Bytes(alloy_primitives::Bytes::sample(random).to_vec()),
            Kind::Text => Self::Text(String::sample(random)),
            Kind::List(element) => Self::Sequence((0..random.below(4)).map(|_| Self::random(random, element)).collect()),
            Kind::Array(element, length) => Self::Sequence((0..*length).map(|_| Self::random(random, element)).collect()),
            Kind::Tuple(members) => Self::Sequence(members.iter().map(|member| Self::random(random, member)).collect()),
        }
    }
}

/// The types of a sequence's values.
pub(crate) fn members<'a>(r#type: &'a Type, length: usize) -> Box<dyn Iterator<Item = &'a Type> + 'a> {
    match &r#type.kind {
        Kind::List(element) | Kind::Array(element, _) => Box::new(std::iter::repeat_n(&**element, length)),
        Kind::Tuple(members) => Box::new(members.iter()),
        other => panic!("{other:?} has no members"),
    }
}

fn tail_words(r#type: &Type, value: &Value) -> usize {
    if !r#type.dynamic {
        return 0;
    }
    match value {
        Value::Bytes(bytes) => 1 + bytes.len().div_ceil(32),
        Value::Text(text) => 1 + text.len().div_ceil(32),
        Value::Sequence(values) => {
            let length = usize::from(matches!(r#type.kind, Kind::List(_)));
            let elements = members(r#type, values.len()).zip(values);
            length
                + elements
                    .map(|(member, value)| member.words + tail_words(member, value))
                    .sum::<usize>()
        }
        other => panic!("{other:?} is not dynamic"),
    }
}

fn write(writer: &mut Writer, r#type: &Type, value: &Value) {
    match (&r#type.kind, value) {
        (Kind::Uint(8 | 16 | 32 | 64), Value::Number(number)) => writer.small(number.to()),
        (_, Value::Number(number)) => writer.number(number),
        (_, Value::Address(address)) => writer.address(address),
        (_, Value::Flag(flag)) => writer.small(u64::from(*flag)),
        (Kind::FixedBytes(_), Value::Bytes(bytes)) => writer.left(bytes),
        (_, Value::Bytes(bytes)) => writer.bytes(bytes),
        (_, Value::Text(text)) => writer.bytes(text.as_bytes()),
        (kind, Value::Sequence(values)) => {
            let outer = r#type.dynamic.then(|| writer.enter());
            if matches!(kind, Kind::List(_)) {
                writer.small(values.len() as u64);
            }
            if r#type.dynamic {
                writer.sequence(members(r#type, values.len()).map(|member| member.words).sum());
            }
            for (member, value) in members(r#type, values.len()).zip(values) {
                write(writer, member, value);
            }
            if let Some(outer) = outer {
                writer.leave(&outer);
            }
        }
    }
}

/// As [`lean_abi::encode`].
pub(crate) fn encode(arguments: &[Type], values: &[Value]) -> Vec<u8> {
    let pairs = || arguments.iter().zip(values);
    let mut writer = Writer::new(
        fields(arguments),
        pairs().map(|(argument, value)| tail_words(argument, value)).sum(),
    );
    for (argument, value) in pairs() {
        write(&mut writer, argument, value);
    }
    writer.finish()
}

fn fixed_bytes(reader: &mut Reader<'_>, length: usize) -> Vec<u8> {
    macro_rules! by_length {
        ($($length:literal)+) => {
            match length {
                $($length => reader.fixed_bytes::<$length>().to_vec(),)+
                _ => panic!("bytes{length} is no type"),
            }
        };
    }
    by_length!(1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20 21 22 23 24 25 26 27 28 29 30 31 32)
}

fn read(reader: &mut Reader<'_>, r#type: &Type) -> Value {
    match &r#type.kind {
        Kind::Uint(bits @ (8 | 16 | 32 | 64)) => Value::Number(U256::from(reader.small(*bits))),
        Kind::Uint(bits) => Value::Number(reader.number(*bits)),
        Kind::Int(bits) => Value::Number(reader.signed(*bits)),
        Kind::Address => Value::Address(reader.address()),
        Kind::Bool => Value::Flag(reader.flag()),
        Kind::FixedBytes(length) => Value::Bytes(fixed_bytes(reader, *length)),
        Kind::Bytes => Value::Bytes(reader.bytes().to_vec()),
        Kind::Text => Value::Text(reader.text()),
        Kind::List(element) => Value::Sequence(reader.elements(element.words, |reader| read(reader, element))),
        Kind::Array(_, length) => read_sequence(reader, r#type, *length),
        Kind::Tuple(members) => read_sequence(reader, r#type, members.len()),
    }
}

fn read_sequence(reader: &mut Reader<'_>, r#type: &Type, length: usize) -> Value {
    let outer = r#type.dynamic.then(|| {
        let outer = reader.enter();
        reader.sequence(members(r#type, length).map(|member| member.words).sum());
        outer
    });
    let values = members(r#type, length).map(|member| read(reader, member)).collect();
    if let Some(outer) = outer {
        reader.leave(&outer);
    }
    Value::Sequence(values)
}

/// What [`lean_abi::decode`] and [`lean_abi::decode_prefix`] give.
pub(crate) fn decode(arguments: &[Type], data: &[u8]) -> (Option<Vec<Value>>, Option<Vec<Value>>) {
    let mut reader = Reader::new(data, fields(arguments));
    let values: Vec<_> = arguments.iter().map(|argument| read(&mut reader, argument)).collect();
    let exact = reader.complete().then(|| values.clone());
    (exact, reader.valid().then_some(values))
}
