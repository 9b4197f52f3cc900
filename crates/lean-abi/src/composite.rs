//! The types that are made of others.

use alloc::{string::String, vec::Vec};

use stylus_sdk::abi::Bytes;

use crate::{
    describe::{Parameter, Structure},
    Abi, Decode, Encode, Name, Reader, Writer,
};

impl<T: Abi + ?Sized> Abi for &T {
    const NAME: Name = T::NAME;
    const LIST: Name = T::LIST;
    const DYNAMIC: bool = T::DYNAMIC;
    const WORDS: usize = T::WORDS;
    const FIELDS: usize = T::FIELDS;
    const STRUCTURE: Option<&'static Structure> = T::STRUCTURE;
}

impl<T: Encode + ?Sized> Encode for &T {
    const RESULTS: &'static [Parameter] = T::RESULTS;

    fn tail_words(&self) -> usize {
        T::tail_words(self)
    }

    fn fields_tail_words(&self) -> usize {
        T::fields_tail_words(self)
    }

    fn write(&self, writer: &mut Writer) {
        T::write(self, writer);
    }

    fn write_fields(&self, writer: &mut Writer) {
        T::write_fields(self, writer);
    }
}

/// `bytes` under another name.
macro_rules! bytes {
    ($($type:ty),+) => {$(
        impl Abi for $type {
            const NAME: Name = Name::new("bytes");
            const DYNAMIC: bool = true;
        }

        impl Encode for $type {
            fn tail_words(&self) -> usize {
                u8::list_tail_words(self)
            }

            fn write(&self, writer: &mut Writer) {
                writer.bytes(self);
            }
        }

        impl Decode for $type {
            fn read(reader: &mut Reader<'_>) -> Self {
                Self::from(reader.bytes().to_vec())
            }
        }
    )+};
}

bytes!(Bytes, alloy_primitives::Bytes);

impl Abi for str {
    const NAME: Name = Name::new("string");
    const DYNAMIC: bool = true;
}

impl Encode for str {
    fn tail_words(&self) -> usize {
        u8::list_tail_words(self.as_bytes())
    }

    fn write(&self, writer: &mut Writer) {
        writer.bytes(self.as_bytes());
    }
}

impl Abi for String {
    const NAME: Name = <str as Abi>::NAME;
    const DYNAMIC: bool = true;
}

impl Encode for String {
    fn tail_words(&self) -> usize {
        self.as_str().tail_words()
    }

    fn write(&self, writer: &mut Writer) {
        self.as_str().write(writer);
    }
}

impl Decode for String {
    fn read(reader: &mut Reader<'_>) -> Self {
        reader.text()
    }
}

impl<T: Abi> Abi for [T] {
    const NAME: Name = T::LIST;
    const DYNAMIC: bool = true;
    const WORDS: usize = {
        // A list of these could be of any length in no data.
        assert!(T::WORDS > 0, "the ABI has no lists of empty values");
        1
    };
    const STRUCTURE: Option<&'static Structure> = T::STRUCTURE;
}

impl<T: Encode> Encode for [T] {
    fn tail_words(&self) -> usize {
        T::list_tail_words(self)
    }

    fn write(&self, writer: &mut Writer) {
        T::write_list(self, writer);
    }
}

impl<T: Abi> Abi for Vec<T> {
    const NAME: Name = <[T] as Abi>::NAME;
    const DYNAMIC: bool = true;
    const WORDS: usize = <[T] as Abi>::WORDS;
    const STRUCTURE: Option<&'static Structure> = T::STRUCTURE;
}

impl<T: Encode> Encode for Vec<T> {
    fn tail_words(&self) -> usize {
        T::list_tail_words(self)
    }

    fn write(&self, writer: &mut Writer) {
        T::write_list(self, writer);
    }
}

impl<T: Decode> Decode for Vec<T> {
    fn read(reader: &mut Reader<'_>) -> Self {
        const { assert!(T::WORDS > 0, "the ABI has no lists of empty values") };
        T::read_list(reader)
    }
}

impl<T: Abi, const N: usize> Abi for [T; N] {
    const NAME: Name = {
        assert!(N > 0, "the ABI has no arrays of length zero");
        T::NAME.then("[").then_number(N).then("]")
    };
    const DYNAMIC: bool = T::DYNAMIC;
    const WORDS: usize = if T::DYNAMIC { 1 } else { N * T::WORDS };
    const STRUCTURE: Option<&'static Structure> = T::STRUCTURE;
}

impl<T: Encode, const N: usize> Encode for [T; N] {
    fn tail_words(&self) -> usize {
        if T::DYNAMIC {
            // As a list without its length.
            self.iter().map(|element| T::WORDS + element.tail_words()).sum()
        } else {
            0
        }
    }

    fn write(&self, writer: &mut Writer) {
        if T::DYNAMIC {
            let outer = writer.enter();
            writer.sequence(N * T::WORDS);
            for element in self {
                element.write(writer);
            }
            writer.leave(&outer);
        } else {
            for element in self {
                element.write(writer);
            }
        }
    }
}

impl<T: Decode, const N: usize> Decode for [T; N] {
    fn read(reader: &mut Reader<'_>) -> Self {
        if T::DYNAMIC {
            let outer = reader.enter();
            reader.sequence(N * T::WORDS);
            let array = core::array::from_fn(|_| T::read(reader));
            reader.leave(&outer);
            array
        } else {
            core::array::from_fn(|_| T::read(reader))
        }
    }
}

impl Abi for () {
    const NAME: Name = Name::new("()");
    const WORDS: usize = 0;
}

impl Encode for () {
    const RESULTS: &'static [Parameter] = &[];

    fn write(&self, _: &mut Writer) {}
}

impl Decode for () {
    fn read(_: &mut Reader<'_>) -> Self {}
}

/// Tuples: several arguments or results, or one value.
macro_rules! tuple {
    ($($type:ident $member:tt),+) => {
        impl<$($type: Abi),+> Abi for ($($type,)+) {
            const NAME: Name = Name::tuple(&[$($type::NAME),+]);
            const DYNAMIC: bool = $($type::DYNAMIC)||+;
            const WORDS: usize = if Self::DYNAMIC { 1 } else { Self::FIELDS };
            const FIELDS: usize = $($type::WORDS +)+ 0;
            const STRUCTURE: Option<&'static Structure> = Some(&Structure {
                name: "",
                members: &[$(Parameter {
                    name: "",
                    r#type: $type::NAME_TEXT,
                    indexed: false,
                    structure: $type::STRUCTURE,
                }),+],
                documentation: &[],
            });
        }

        impl<$($type: Encode),+> Encode for ($($type,)+) {
            const RESULTS: &'static [Parameter] = &[$(Parameter {
                name: "",
                r#type: $type::NAME_TEXT,
                indexed: false,
                structure: $type::STRUCTURE,
            }),+];

            fn tail_words(&self) -> usize {
                if Self::DYNAMIC {
                    Self::FIELDS + self.fields_tail_words()
                } else {
                    0
                }
            }

            fn fields_tail_words(&self) -> usize {
                $(self.$member.tail_words() +)+ 0
            }

            fn write(&self, writer: &mut Writer) {
                if Self::DYNAMIC {
                    let outer = writer.enter();
                    writer.sequence(Self::FIELDS);
                    self.write_fields(writer);
                    writer.leave(&outer);
                } else {
                    self.write_fields(writer);
                }
            }

            fn write_fields(&self, writer: &mut Writer) {
                $(self.$member.write(writer);)+
            }
        }

        impl<$($type: Decode),+> Decode for ($($type,)+) {
            fn read(reader: &mut Reader<'_>) -> Self {
                if Self::DYNAMIC {
                    let outer = reader.enter();
                    reader.sequence(Self::FIELDS);
                    let tuple = Self::read_fields(reader);
                    reader.leave(&outer);
                    tuple
                } else {
                    Self::read_fields(reader)
                }
            }

            fn read_fields(reader: &mut Reader<'_>) -> Self {
                ($($type::read(reader),)+)
            }
        }
    };
}

tuple!(A 0);
tuple!(A 0, B 1);
tuple!(A 0, B 1, C 2);
tuple!(A 0, B 1, C 2, D 3);
tuple!(A 0, B 1, C 2, D 3, E 4);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14);
tuple!(A 0, B 1, C 2, D 3, E 4, F 5, G 6, H 7, I 8, J 9, K 10, L 11, M 12, N 13, O 14, P 15);
