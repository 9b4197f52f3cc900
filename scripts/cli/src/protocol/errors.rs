//! What a contract's refusal says, in words.

use std::fmt::Debug;

use alloy_primitives::Bytes;
use alloy_sol_types::{sol, Revert, SolError, SolInterface};

use super::bindings::{Caliber, Defaults, Filo, Gateway, Origination, Qev, Router, Susdai, SwapAdapter, Usdai};

sol! {
    /// What StylusDeployer says when a constructor or the chain refuses.
    #[allow(missing_docs, reason = "nitro-contracts documents them")]
    #[derive(Debug)]
    interface Deployer {
        error ContractDeploymentError(bytes bytecode);
        error ContractInitializationError(address newContract, bytes data);
    }
}

/// The error's name and arguments if it is one of the protocol's or the deployer's, else its bytes.
#[must_use]
pub fn explain(data: &Bytes) -> String {
    if data.is_empty() {
        return "without a reason (a trap, a missing function, or too little gas)".into();
    }
    if let Ok(Revert { reason }) = Revert::abi_decode(data) {
        return reason;
    }
    match Deployer::DeployerErrors::abi_decode(data) {
        Ok(Deployer::DeployerErrors::ContractDeploymentError(_)) => {
            return "the chain does not take the code (over 24,576 bytes? scripts/build tells)".into();
        }
        Ok(Deployer::DeployerErrors::ContractInitializationError(error)) => {
            return format!("the constructor of {} refuses: {}", error.newContract, explain(&error.data));
        }
        Err(_) => {}
    }
    // An error that several contracts have reads the same in each.
    let known = [
        named::<Usdai::UsdaiErrors>,
        named::<Susdai::SusdaiErrors>,
        named::<Filo::FiloErrors>,
        named::<Defaults::DefaultsErrors>,
        named::<Origination::OriginationErrors>,
        named::<Caliber::CaliberErrors>,
        named::<Qev::QevErrors>,
        named::<Router::RouterErrors>,
        named::<Gateway::GatewayErrors>,
        named::<SwapAdapter::SwapAdapterErrors>,
    ];
    known.iter().find_map(|named| named(data)).unwrap_or_else(|| {
        let shown = &data[..data.len().min(68)];
        let more = if shown.len() < data.len() { "…" } else { "" };
        format!("{}{more}", Bytes::copy_from_slice(shown))
    })
}

/// What whoever was refused can do, where the name does not say it.
const ADVICE: [(&str, &str); 43] = [
    (
        "BiddingEnded",
        "bids are sealed before the epoch's reveal window: wait for the next epoch",
    ),
    (
        "RevealNotBegun",
        "bids are opened in the epoch's last days: `usdai status` says when",
    ),
    ("EpochNotEnded", "an epoch is settled after its end: `usdai status` says when"),
    ("EpochNotSettled", "anybody may settle it: `usdai keeper settle`"),
    ("LoanOverdue", "a payment is late that nobody has marked: `usdai keeper mark-late`"),
    ("BidSealed", "`abandon` the sealed bid first, or open it"),
    (
        "NoBid",
        "it has sealed none for this epoch: `usdai depositor positions` shows which have",
    ),
    (
        "NotBidding",
        "it stands in the par lane: `usdai depositor positions` shows which bid stands",
    ),
    ("NothingToClaim", "nothing of it is settled yet"),
    (
        "UnknownPosition",
        "there is no such position, or it is finished: `usdai depositor positions` lists them",
    ),
    ("NotController", "it is another's: `usdai depositor positions` lists your own"),
    ("ERC20InsufficientBalance", "the account has less than that"),
    ("ERC20InsufficientAllowance", "the account has not approved so much"),
    // Uniswap's own word.
    (
        "Too little received",
        "the swap costs more than --slippage allows: try less, later, or allow more",
    ),
    (
        "InsufficientOutput",
        "the swap costs more than --slippage allows: try less, later, or allow more",
    ),
    ("Unauthorized", "the account has not that role: the admin grants it"),
    ("OfferExpired", "ask the curator for a new offer"),
    (
        "OfferSpent",
        "it is posted already (1), cancelled (2) or taken (3): ask the curator for a new offer",
    ),
    (
        "InvalidOfferSigner",
        "its curator has neither posted nor signed it as it is: ask the curator for a new offer",
    ),
    ("OnlyCurator", "only the curator of the stack may: use the key that opened it"),
    ("OnlyBorrower", "only its borrower may, or whom they have made their operator"),
    (
        "OtherReceipts",
        "an offer in place of a loan names the loan's receipts, all and no others: ask the curator for one",
    ),
    ("UnknownLoan", "there is no such loan: `usdai status` lists those that are owed"),
    (
        "UnknownStack",
        "there is no such stack: `usdai curator open-stack` says the number of the one it opens",
    ),
    (
        "WrongStatus",
        "the loan is not in a state for that: `usdai borrower due` says how it stands",
    ),
    (
        "InsufficientJunior",
        "the stack has not the first-loss capital: `usdai curator fund`",
    ),
    (
        "InsufficientCover",
        "the receipts are not insured until the first payment is due: the attestor extends cover",
    ),
    ("LtvExceeded", "it is more than the stack lends on what the receipts are worth"),
    ("NotOverdue", "its payment is not late: `usdai borrower due` says when it is due"),
    (
        "CollateralSuffices",
        "its receipts are worth enough and insured: there is nothing to call for",
    ),
    (
        "CollateralInsufficient",
        "the reason of the call is still there: `usdai borrower meet-call` or `top-up` ends it",
    ),
    ("NoCall", "it is not called: `usdai keeper call-margin` calls"),
    (
        "CallLapsed",
        "its call is too long over to default it: `usdai keeper call-margin` calls again",
    ),
    ("NotInDefault", "it may still be paid: `usdai borrower due` says until when"),
    (
        "RedemptionOpen",
        "its borrower may still pay it off until then: the auction begins after it",
    ),
    ("AuctionOpen", "its auction is under way: `usdai keeper bid`"),
    ("NoAuction", "none of its receipts is for sale: `usdai keeper start-auction` begins"),
    (
        "ERC721NonexistentToken",
        "there is none of this number, or it was redeemed: its agent knows the number",
    ),
    ("ReceiptPledged", "it secures a loan: `usdai borrower pay --off` frees it"),
    (
        "ReceiptSurrendered",
        "it is handed in for the machines: `usdai borrower keep` takes that back",
    ),
    ("NotSurrendered", "it is not handed in: `usdai borrower redeem` does that"),
    (
        "CustodyNotProposed",
        "the agent has not proposed this account under this very agreement and URI: ask them for `propose-custodian`",
    ),
    (
        "OnlyCustodian",
        "only whoever keeps the machines may: `usdai agent receipt` says who",
    ),
];

/// [`explain`], and what can be done about it.
#[must_use]
pub fn sentence(data: &Bytes) -> String {
    let said = explain(data);
    match ADVICE.iter().find(|(error, _)| said.starts_with(error)) {
        Some((_, advice)) => format!("{said}; {advice}"),
        None => said,
    }
}

/// The error's name and arguments if it is among a contract's.
fn named<E: SolInterface + Debug>(data: &Bytes) -> Option<String> {
    let text = format!("{:?}", E::abi_decode(data).ok()?);
    // `NotWired(NotWired)`: the variant says what the value says.
    let (_, inner) = text.split_once('(')?;
    Some(inner.strip_suffix(')')?.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::U256;

    #[test]
    fn a_refusal_reads_as_its_name_and_arguments() {
        let lendable = Susdai::ExceedsLendable {
            principal: U256::from(2),
            lendable: U256::from(1),
        };
        assert_eq!(
            explain(&lendable.abi_encode().into()),
            "ExceedsLendable { principal: 2, lendable: 1 }"
        );
        assert_eq!(
            explain(
                &Filo::ZeroValue {
                    parameter: U256::ZERO.into()
                }
                .abi_encode()
                .into()
            )
            .split(' ')
            .next(),
            Some("ZeroValue")
        );
        assert!(explain(&Bytes::new()).contains("without a reason"));
        let late = Qev::LoanOverdue {
            loan: U256::from(7),
            due: U256::from(9),
        };
        assert_eq!(
            sentence(&late.abi_encode().into()),
            "LoanOverdue { loan: 7, due: 9 }; a payment is late that nobody has marked: `usdai keeper mark-late`"
        );
        assert_eq!(sentence(&Bytes::new()), explain(&Bytes::new()));
        assert!(explain(&Bytes::from(vec![7; 500])).len() < 200);
    }
}
