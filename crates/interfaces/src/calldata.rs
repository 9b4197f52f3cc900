//! Calldata read by hand, for contracts whose size does not allow the SDK's generic decoder: a router with twenty functions is some 4 kB
//! of compressed code smaller. The checks are the decoder's: enough words, no dirty bytes, lists within the data.

use alloc::vec::Vec;

use alloy_primitives::{Address, B256, U256};

/// Calldata that does not decode; a contract reverts with no data then, as the SDK's decoder does.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Malformed;

/// The arguments of a call, after the selector.
#[derive(Clone, Copy, Debug)]
pub struct Args<'a>(&'a [u8]);

impl<'a> Args<'a> {
    /// Arguments that must have at least `words` words.
    ///
    /// # Errors
    /// [`Malformed`] if there are fewer.
    pub fn new(data: &'a [u8], words: usize) -> Result<Self, Malformed> {
        if data.len() < 32 * words {
            return Err(Malformed);
        }
        Ok(Self(data))
    }

    /// Word `index`, zero beyond the data.
    #[must_use]
    pub fn hash(&self, index: usize) -> B256 {
        let mut word = B256::ZERO;
        if let Some(bytes) = self.0.get(32 * index..32 * index + 32) {
            word.copy_from_slice(bytes);
        }
        word
    }

    /// Word `index` as a number.
    #[must_use]
    #[inline(never)]
    pub fn number(&self, index: usize) -> U256 {
        U256::from_be_bytes(self.hash(index).0)
    }

    /// Word `index` as an address.
    ///
    /// # Errors
    /// [`Malformed`] unless the upper twelve bytes are zero.
    #[inline(never)]
    pub fn address(&self, index: usize) -> Result<Address, Malformed> {
        let word = self.hash(index);
        if word[..12].iter().any(|byte| *byte != 0) {
            return Err(Malformed);
        }
        Ok(Address::from_slice(&word[12..]))
    }

    /// Word `index` as a truth value.
    ///
    /// # Errors
    /// [`Malformed`] unless it is 0 or 1.
    pub fn flag(&self, index: usize) -> Result<bool, Malformed> {
        u8::try_from(self.number(index))
            .ok()
            .filter(|flag| *flag < 2)
            .map(|flag| flag == 1)
            .ok_or(Malformed)
    }

    /// The list of numbers whose offset is word `index`.
    ///
    /// # Errors
    /// [`Malformed`] if it does not lie within the data.
    pub fn numbers(&self, index: usize) -> Result<Vec<U256>, Malformed> {
        let at = u32::try_from(self.number(index)).map_err(|_| Malformed)? as usize;
        let list = self.0.get(at..).ok_or(Malformed)?;
        let length = u32::try_from(Self::new(list, 1)?.number(0)).map_err(|_| Malformed)? as usize;
        // A length beyond the data would reserve memory for nothing.
        if length > list.len() / 32 {
            return Err(Malformed);
        }
        let list = Self::new(list, 1 + length)?;
        Ok((1..=length).map(|item| list.number(item)).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_sol_types::{sol, SolCall};

    sol! {
        function mixed(uint256 a, address b, uint256[] c, bool d, bytes32 e, uint256[] f);
    }

    fn example() -> mixedCall {
        mixedCall {
            a: U256::from(1) << 200,
            b: Address::repeat_byte(2),
            c: vec![U256::from(3), U256::MAX],
            d: true,
            e: B256::repeat_byte(5),
            f: vec![],
        }
    }

    #[test]
    fn reads_what_the_generic_encoder_writes() {
        let call = example();
        let data = call.abi_encode();
        let args = Args::new(&data[4..], 6).unwrap();
        assert_eq!(args.number(0), call.a);
        assert_eq!(args.address(1), Ok(call.b));
        assert_eq!(args.numbers(2), Ok(call.c));
        assert_eq!(args.flag(3), Ok(true));
        assert_eq!(args.hash(4), call.e);
        assert_eq!(args.numbers(5), Ok(call.f));
    }

    #[test]
    fn refuses_short_dirty_and_wandering_data() {
        let data = example().abi_encode();
        let data = &data[4..];
        assert!(Args::new(&data[..6 * 32 - 1], 6).is_err());
        let with = |at: usize, byte: u8| {
            let mut changed = data.to_vec();
            changed[at] = byte;
            changed
        };
        assert_eq!(Args(&with(32, 1)).address(1), Err(Malformed));
        assert_eq!(Args(&with(3 * 32 + 31, 2)).flag(3), Err(Malformed));
        assert_eq!(Args(&with(3 * 32, 1)).flag(3), Err(Malformed));
        // Offset beyond the data, offset beyond 32 bits, length beyond the data, length beyond 32 bits.
        for at in [2 * 32 + 29, 2 * 32, 6 * 32 + 31, 6 * 32] {
            assert_eq!(Args(&with(at, 0xff)).numbers(2), Err(Malformed));
        }
        assert_eq!(Args(&data[..data.len() - 1]).numbers(5), Err(Malformed));
    }
}
