//! What every host function works on: the frame, its memory and its ink.

use crate::{cache::StorageCache, price, EvmApi, EvmData, Trap, WriteError};
use alloy_primitives::{Address, Bytes, B256, U256};
use wasmi::{Caller, Global, Memory, Val};

/// Why a host function does not return to the program.
#[derive(Clone, Debug, thiserror::Error)]
pub(crate) enum Escape {
    #[error("out of ink")]
    OutOfInk,
    #[error("exit with status {0}")]
    Exit(u32),
    #[error(transparent)]
    Trap(#[from] Trap),
}

impl wasmi::errors::HostError for Escape {}

impl From<WriteError> for Escape {
    fn from(error: WriteError) -> Self {
        match error {
            WriteError::Static => Self::Trap(Trap::WriteProtection),
            WriteError::OutOfGas => Self::OutOfInk,
        }
    }
}

/// State of one frame beside its memory.
pub(crate) struct Frame<'f> {
    pub(crate) evm: &'f mut dyn EvmApi,
    pub(crate) data: &'f EvmData,
    pub(crate) args: &'f [u8],
    /// Return data of this frame.
    pub(crate) output: Vec<u8>,
    /// Return data of the last call or creation.
    pub(crate) return_data: Bytes,
    pub(crate) cache: StorageCache,
    /// The code last loaded: asking for it again costs no gas.
    pub(crate) last_code: Option<(Address, Bytes)>,
    /// Set once the module is instantiated, before any of its code runs.
    pub(crate) handles: Option<Handles>,
}

/// Where the instance keeps what host functions touch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Handles {
    pub(crate) memory: Memory,
    pub(crate) ink: Global,
}

/// One host call.
pub(super) struct Host<'c, 'f> {
    caller: Caller<'c, Frame<'f>>,
    handles: Handles,
}

impl<'c, 'f> Host<'c, 'f> {
    pub(super) fn new(caller: Caller<'c, Frame<'f>>) -> Result<Self, wasmi::Error> {
        let handles = caller
            .data()
            .handles
            .ok_or_else(|| wasmi::Error::new("host call during instantiation"))?;
        Ok(Self { caller, handles })
    }

    /// The frame.
    pub(super) fn frame(&mut self) -> &mut Frame<'f> {
        self.caller.data_mut()
    }

    /// Facts of the frame and the block.
    pub(super) fn data(&self) -> &'f EvmData {
        self.caller.data().data
    }

    /// Ink left.
    pub(super) fn ink_left(&self) -> u64 {
        match self.handles.ink.get(&self.caller) {
            Val::I64(ink) => ink.cast_unsigned(),
            _ => 0,
        }
    }

    /// Gas left, rounded down.
    pub(super) fn gas_left(&self) -> u64 {
        self.ink_left() / price::INK_PER_GAS
    }

    /// Takes `ink`.
    ///
    /// # Errors
    /// [`Escape::OutOfInk`] if there is less.
    pub(super) fn buy_ink(&mut self, ink: u64) -> Result<(), Escape> {
        let left = self.ink_left().checked_sub(ink).ok_or(Escape::OutOfInk)?;
        let set = self.handles.ink.set(&mut self.caller, Val::I64(left.cast_signed()));
        set.map_err(|error| Trap::Runtime(error.to_string()).into())
    }

    /// Takes `gas`.
    pub(super) fn buy_gas(&mut self, gas: u64) -> Result<(), Escape> {
        self.buy_ink(gas.saturating_mul(price::INK_PER_GAS))
    }

    /// Checks that `gas` is left and takes none.
    pub(super) fn require_gas(&self, gas: u64) -> Result<(), Escape> {
        if self.ink_left() < gas.saturating_mul(price::INK_PER_GAS) {
            return Err(Escape::OutOfInk);
        }
        Ok(())
    }

    /// Takes the price of handing `bytes` from the program to the EVM: they are read twice.
    pub(super) fn pay_for_evm_input(&mut self, bytes: u32) -> Result<(), Escape> {
        self.buy_ink(price::read(bytes))?;
        self.buy_ink(price::read(bytes))
    }

    /// Memory in `[pointer, pointer + length)` and the frame.
    fn slice(&mut self, pointer: u32, length: usize) -> Result<(&mut [u8], &mut Frame<'f>), Escape> {
        let (memory, frame) = self.handles.memory.data_and_store_mut(&mut self.caller);
        let size = memory.len();
        let start = pointer as usize;
        let range = start.checked_add(length).and_then(|end| memory.get_mut(start..end));
        let range = range.ok_or(Trap::HostPointer {
            pointer,
            length,
            memory: size,
        })?;
        Ok((range, frame))
    }

    /// Copies `length` bytes out of the program's memory.
    pub(super) fn read(&mut self, pointer: u32, length: u32) -> Result<Vec<u8>, Escape> {
        Ok(self.slice(pointer, length as usize)?.0.to_vec())
    }

    fn read_fixed<const N: usize>(&mut self, pointer: u32) -> Result<[u8; N], Escape> {
        let mut bytes = [0; N];
        bytes.copy_from_slice(self.slice(pointer, N)?.0);
        Ok(bytes)
    }

    /// The word at `pointer`.
    pub(super) fn read_word(&mut self, pointer: u32) -> Result<B256, Escape> {
        self.read_fixed(pointer).map(B256::new)
    }

    /// The big-endian number at `pointer`.
    pub(super) fn read_u256(&mut self, pointer: u32) -> Result<U256, Escape> {
        self.read_fixed::<32>(pointer).map(U256::from_be_bytes)
    }

    /// The address at `pointer`.
    pub(super) fn read_address(&mut self, pointer: u32) -> Result<Address, Escape> {
        self.read_fixed(pointer).map(Address::new)
    }

    /// Copies `bytes` into the program's memory.
    pub(super) fn write(&mut self, pointer: u32, bytes: &[u8]) -> Result<(), Escape> {
        self.slice(pointer, bytes.len())?.0.copy_from_slice(bytes);
        Ok(())
    }

    /// Writes a big-endian number.
    pub(super) fn write_u256(&mut self, pointer: u32, value: U256) -> Result<(), Escape> {
        self.write(pointer, &value.to_be_bytes::<32>())
    }

    /// Writes a length in the program's own, little-endian form and returns it.
    pub(super) fn write_length(&mut self, pointer: u32, length: usize) -> Result<(), Escape> {
        self.write(pointer, &length_u32(length).to_le_bytes())
    }

    /// Writes the frame's calldata.
    pub(super) fn write_args(&mut self, pointer: u32) -> Result<(), Escape> {
        let args = self.caller.data().args;
        self.write(pointer, args)
    }
}

/// Lengths of data that went through the EVM fit: their gas would not.
pub(super) fn length_u32(length: usize) -> u32 {
    u32::try_from(length).unwrap_or(u32::MAX)
}

/// The part of `bytes` in `[offset, offset + size)`, as much of it as there is.
pub(super) fn overlap(bytes: &Bytes, offset: u32, size: u32) -> Bytes {
    let start = bytes.len().min(offset as usize);
    let end = bytes.len().min(start.saturating_add(size as usize));
    bytes.slice(start..end)
}
