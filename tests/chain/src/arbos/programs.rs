//! The table of activated programs, by code hash, kept in the state of ArbOS so that it rolls back with everything else.

use super::{Params, ARBOS_STATE};
use crate::evm::{known, Ctx};
use alloy_primitives::{B256, U256};
use revm::context_interface::{ContextTr, JournalTr};

/// When Arbitrum began, in Unix seconds; activation times count in hours from here.
const ARBITRUM_START: u64 = 1_421_388_000;
const HOUR: u64 = 3_600;
const DAY: u64 = 24 * HOUR;
const MIN_INIT_GAS_UNIT: u64 = 128;
const MIN_CACHED_GAS_UNIT: u64 = 32;

/// Why a program is not active. Names and arguments are those of the errors of ArbWasm.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ProgramFault {
    /// Never activated.
    #[error("ProgramNotActivated")]
    NotActivated,
    /// Activated for another version of Stylus.
    #[error("ProgramNeedsUpgrade(version {version}, current {current})")]
    NeedsUpgrade {
        /// Version at activation.
        version: u16,
        /// Version of the chain.
        current: u16,
    },
    /// More than 365 days old; it must be activated anew.
    #[error("ProgramExpired(age {age} s)")]
    Expired {
        /// Seconds since activation or the last keepalive.
        age: u64,
    },
}

/// What Nitro stores of a program.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct ProgramRecord {
    /// Stylus version it was activated for; 0 if never.
    pub(crate) version: u16,
    pub(crate) init_cost: u16,
    pub(crate) cached_cost: u16,
    /// Pages.
    pub(crate) footprint: u16,
    /// Hours since [`ARBITRUM_START`].
    activated_at: u32,
    asm_kilobytes: u32,
    /// In the cache by a cache manager's word.
    pub(crate) cached: bool,
}

impl ProgramRecord {
    /// A record of a program activated at `time` (Unix seconds).
    pub(crate) fn new(info: &stylus_wasm::ProgramInfo, version: u16, time: u64, cached: bool) -> Self {
        Self {
            version,
            init_cost: info.init_cost,
            cached_cost: info.cached_cost,
            footprint: info.footprint,
            activated_at: hours(time),
            asm_kilobytes: info.asm_estimate.div_ceil(1024),
            cached,
        }
    }

    /// Seconds since activation. Whole hours are stored, so up to an hour more than passed.
    pub(crate) fn age(&self, time: u64) -> u64 {
        time.saturating_sub(ARBITRUM_START + u64::from(self.activated_at) * HOUR)
    }

    /// Starts the 365 days again.
    pub(crate) fn renew(&mut self, time: u64) {
        self.activated_at = hours(time);
    }

    /// Estimated length of the native code in bytes.
    pub(crate) fn asm_size(&self) -> u32 {
        self.asm_kilobytes.saturating_mul(1024)
    }

    /// Gas of every call, cached or not.
    pub(crate) fn cached_gas(&self, params: &Params) -> u64 {
        u64::from(params.min_cached_init_gas) * MIN_CACHED_GAS_UNIT + u64::from(self.cached_cost)
    }

    /// Gas that a call pays on top while the program is not cached.
    pub(crate) fn init_gas(&self, params: &Params) -> u64 {
        u64::from(params.min_init_gas) * MIN_INIT_GAS_UNIT + u64::from(self.init_cost)
    }

    /// Errors unless the program may run at `time`.
    pub(crate) fn check_active(&self, params: &Params, time: u64) -> Result<(), ProgramFault> {
        if self.version == 0 {
            return Err(ProgramFault::NotActivated);
        }
        if self.version != params.stylus_version {
            return Err(ProgramFault::NeedsUpgrade {
                version: self.version,
                current: params.stylus_version,
            });
        }
        if self.is_expired(params, time) {
            return Err(ProgramFault::Expired { age: self.age(time) });
        }
        Ok(())
    }

    fn is_expired(&self, params: &Params, time: u64) -> bool {
        params.programs_expire && self.age(time) > u64::from(params.expiry_days) * DAY
    }

    /// Seconds until expiry, 0 if past it.
    pub(crate) fn time_left(&self, params: &Params, time: u64) -> u64 {
        (u64::from(params.expiry_days) * DAY).saturating_sub(self.age(time))
    }

    /// Whether the program is old enough for a keepalive.
    pub(crate) fn may_be_kept_alive(&self, params: &Params, time: u64) -> bool {
        self.age(time) >= u64::from(params.keepalive_days) * DAY
    }

    fn to_word(self) -> U256 {
        let hours = self.activated_at.to_be_bytes();
        let kilobytes = self.asm_kilobytes.to_be_bytes();
        let mut word = [0; 32];
        word[0..2].copy_from_slice(&self.version.to_be_bytes());
        word[2..4].copy_from_slice(&self.init_cost.to_be_bytes());
        word[4..6].copy_from_slice(&self.cached_cost.to_be_bytes());
        word[6..8].copy_from_slice(&self.footprint.to_be_bytes());
        word[8..11].copy_from_slice(&hours[1..]);
        word[11..14].copy_from_slice(&kilobytes[1..]);
        word[14] = u8::from(self.cached);
        U256::from_be_bytes(word)
    }

    fn from_word(word: U256) -> Self {
        let word = word.to_be_bytes::<32>();
        let short = |at: usize| u16::from_be_bytes([word[at], word[at + 1]]);
        let three = |at: usize| u32::from_be_bytes([0, word[at], word[at + 1], word[at + 2]]);
        Self {
            version: short(0),
            init_cost: short(2),
            cached_cost: short(4),
            footprint: short(6),
            activated_at: three(8),
            asm_kilobytes: three(11),
            cached: word[14] != 0,
        }
    }
}

/// Access to the table through the running transaction's journal.
pub(crate) struct Programs;

impl Programs {
    /// The record of `code_hash`; all zero if there is none.
    pub(crate) fn get(ctx: &mut Ctx<'_>, code_hash: B256) -> ProgramRecord {
        let journal = ctx.journal_mut();
        known(journal.load_account(ARBOS_STATE));
        ProgramRecord::from_word(known(journal.sload(ARBOS_STATE, slot(code_hash))).data)
    }

    /// The record of `code_hash` if the program may run in this block.
    pub(crate) fn get_active(ctx: &mut Ctx<'_>, code_hash: B256) -> Result<ProgramRecord, ProgramFault> {
        let record = Self::get(ctx, code_hash);
        let time = ctx.block.timestamp.saturating_to();
        record.check_active(&ctx.chain.params, time)?;
        Ok(record)
    }

    /// Writes the record of `code_hash`.
    pub(crate) fn set(ctx: &mut Ctx<'_>, code_hash: B256, record: ProgramRecord) {
        let journal = ctx.journal_mut();
        known(journal.load_account(ARBOS_STATE));
        known(journal.sstore(ARBOS_STATE, slot(code_hash), record.to_word()));
    }
}

/// Slot of a program's record in the account of ArbOS: the hash itself, for no other slot there is the hash of a code.
fn slot(code_hash: B256) -> U256 {
    code_hash.into()
}

fn hours(time: u64) -> u32 {
    u32::try_from(time.saturating_sub(ARBITRUM_START) / HOUR).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests {
    use super::{ProgramFault, ProgramRecord, DAY};
    use crate::arbos::Params;

    #[test]
    fn a_record_survives_its_word() {
        let record = ProgramRecord {
            version: 2,
            init_cost: 3,
            cached_cost: 4,
            footprint: 5,
            activated_at: 0x12_3456,
            asm_kilobytes: 0x65_4321,
            cached: true,
        };
        assert_eq!(ProgramRecord::from_word(record.to_word()), record);
    }

    #[test]
    fn expires_after_a_year() {
        let params = Params::default();
        let start = 1_800_000_000;
        let mut record = ProgramRecord {
            version: 2,
            ..ProgramRecord::default()
        };
        record.renew(start);
        let age = record.age(start);
        assert!(age < 3_600);
        assert_eq!(record.check_active(&params, start + 365 * DAY - age), Ok(()));
        let late = start + 365 * DAY - age + 1;
        assert_eq!(
            record.check_active(&params, late),
            Err(ProgramFault::Expired { age: 365 * DAY + 1 })
        );
        let kept = Params {
            programs_expire: false,
            ..params
        };
        assert_eq!(record.check_active(&kept, late), Ok(()));
    }
}
