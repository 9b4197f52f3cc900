//! What goes through the ABI as one.

use alloc::string::String;

use alloy_primitives::{Address, B256, U256};
use lean_abi::AbiType;

/// What is issued: hardware, its bailment, first appraisal and cover.
#[derive(AbiType, Clone, Debug)]
pub struct Lot {
    /// Borrower of record.
    pub owner: Address,
    /// For example `H100-SXM5-80G`, in ASCII or hashed.
    pub hardware_class: B256,
    /// Number of machines.
    pub units: U256,
    /// Keccak hash of the serial manifest.
    pub manifest_hash: B256,
    /// Keccak hash of the bailment agreement.
    pub agreement_hash: B256,
    /// Where that is.
    pub agreement_uri: String,
    /// The bailee.
    pub custodian: Address,
    /// First appraisal, USDai units.
    pub appraisal: U256,
    /// USDai units.
    pub insured_value: U256,
    /// Unix seconds; 0 for uninsured.
    pub insured_until: U256,
}

/// The machines that a receipt stands for, and who keeps them.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Goods {
    /// For example `H100-SXM5-80G`, in ASCII or hashed.
    pub hardware_class: B256,
    /// Number of machines.
    pub units: U256,
    /// Keccak hash of the serial manifest.
    pub manifest_hash: B256,
    /// Keccak hash of the bailment agreement.
    pub agreement_hash: B256,
    /// Where that is.
    pub agreement_uri: String,
    /// The bailee.
    pub custodian: Address,
}

/// Everything about a receipt, as of now. In two structs, because compilers and libraries end at twelve or sixteen values.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Receipt {
    /// In control of the document.
    pub owner: Address,
    /// Who operates the machines by the holder's leave; zero leaves it to the holder.
    pub user: Address,
    /// The loan that it secures, 0 if none.
    pub loan: U256,
    /// Whether it is handed in for the machines.
    pub surrendered: bool,
    /// What it stands for.
    pub goods: Goods,
    /// Median of the appraisals that count, as they were posted; 0 of none.
    pub appraisal: U256,
    /// How many count.
    pub appraisals: U256,
    /// What it is worth now, as `valueOf` says.
    pub value: U256,
    /// What was attested last, USDai units.
    pub insured_value: U256,
    /// Until when, Unix seconds.
    pub insured_until: U256,
    /// The same if that insures the receipt now, else 0.
    pub covered_until: U256,
}

/// What an appraiser said of a receipt.
#[derive(AbiType, Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Zero if it was struck.
    pub appraiser: Address,
    /// Whether it is the agent's figure of the issue.
    pub issuer: bool,
    /// USDai units.
    pub value: U256,
    /// Unix seconds.
    pub appraised_at: U256,
    /// What that is worth now; 0 if it does not count.
    pub worth: U256,
}
