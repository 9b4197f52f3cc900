//! What a contract's refusal says, in words.

use alloy_primitives::Bytes;
use alloy_sol_types::{sol, Revert, SolError, SolInterface};

sol! {
    /// Every error of the protocol's contracts, and StylusDeployer's.
    #[allow(missing_docs, reason = "each contract documents its errors")]
    #[derive(Debug)]
    interface Refusals {
        error AboveMaximum(uint256 value, uint256 maximum);
        error AddressNotSet(bytes32 id);
        error AdminFeeTooHigh(uint256 bps, uint256 maximum);
        error AdminNotGrantable();
        error ArithmeticFailed();
        error ArithmeticOverflow();
        error AssetsAboveMaximum(uint256 assets, uint256 maximum);
        error BalanceChanged(address token, uint256 before, uint256 afterwards);
        error DeadlineExpired(uint256 deadline, uint256 timestamp);
        error DuplicateManifest(bytes32 manifest, uint256 receipt);
        error ERC20InsufficientAllowance(address spender, uint256 allowance, uint256 needed);
        error ERC20InsufficientBalance(address sender, uint256 balance, uint256 needed);
        error ERC20InvalidReceiver(address receiver);
        error ERC20InvalidSender(address sender);
        error ERC20InvalidSpender(address spender);
        error ERC20SupplyOverflow(uint256 supply, uint256 value);
        error ERC2612ExpiredSignature(uint256 deadline);
        error ERC2612InvalidSigner(address signer, address owner);
        error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
        error ERC721InsufficientApproval(address operator, uint256 tokenId);
        error ERC721InvalidApprover(address approver);
        error ERC721InvalidOperator(address operator);
        error ERC721InvalidOwner(address owner);
        error ERC721InvalidReceiver(address receiver);
        error ERC721NonexistentToken(uint256 tokenId);
        error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
        error ExceedsCash(uint256 assets, uint256 cash);
        error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
        error ExceedsLendable(uint256 principal, uint256 lendable);
        error ExceedsLoanBook(uint256 amount, uint256 booked);
        error IncompleteSwap(address token, uint256 unspent);
        error InsufficientBridgedSupply(uint256 bridgedSupply, uint256 amount);
        error InsufficientCover(uint256 coveredUntil, uint256 required);
        error InsufficientJunior(uint256 stack, uint256 needed, uint256 available);
        error InsufficientOutput(uint256 amount, uint256 minimum);
        error InvalidAddress();
        error InvalidAmount();
        error InvalidBaseToken(address token);
        error InvalidEpoch(uint256 epochSeconds, uint256 revealSeconds);
        error InvalidPath(address tokenIn, address tokenOut);
        error InvalidReceiver(address receiver);
        error LoanOverdue(uint256 loan, uint256 due);
        error LtvExceeded(uint256 principal, uint256 limit);
        error MalformedReturn();
        error Mixed(address account, bytes32 hash, uint256 amount, bool flag);
        error NoAssetsBehindShares(uint256 totalShares);
        error NoPositionAt(address controller, uint256 index);
        error NotController(uint256 position, address caller);
        error NotControllerOrOperator(address caller, address controller);
        error NotPendingAdmin(address caller);
        error NotPledgedTo(uint256 receipt, uint256 loan);
        error NotWired();
        error NothingArrived(address token);
        error NothingToClaim(uint256 position);
        error OfferExpired(uint256 loan, uint256 expiry);
        error OnlyBorrower(address caller, uint256 loan);
        error OnlyCurator(address caller, uint256 stack);
        error OnlyFilo(address caller);
        error OnlyQueue(address caller);
        error OnlyUsdai(address caller);
        error OnlyVault(address caller);
        error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
        error PreviewUnsupported();
        error ReceiptPledged(uint256 receipt, uint256 loan);
        error SeniorCapExceeded(uint256 stack, uint256 senior, uint256 cap);
        error SharesBelowMinimum(uint256 shares, uint256 minimum);
        error SharesOutOfRange(uint256 shares);
        error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
        error SupplyCapExceeded();
        error TokenCallFailed(address token);
        error TokenNotAllowed(address token);
        error TooManyLoans(uint256 stack, uint256 limit);
        error TransferRefused();
        error Unauthorized(address account, bytes32 role);
        error UnknownLoan(uint256 loan);
        error UnknownPosition(uint256 position);
        error UnknownStack(uint256 stack);
        error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
        error WrongStatus(uint256 loan, uint256 status);
        error ZeroAddress();
        error ZeroAmount();
        error ZeroId();
        error ZeroShares(uint256 assets);
        error ZeroSteps();
        error ZeroValue(bytes32 parameter);
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
    match Refusals::RefusalsErrors::abi_decode(data) {
        Ok(Refusals::RefusalsErrors::ContractDeploymentError(_)) => {
            "the chain does not take the code (over 24,576 bytes? scripts/build tells)".into()
        }
        Ok(Refusals::RefusalsErrors::ContractInitializationError(error)) => {
            format!("the constructor of {} refuses: {}", error.newContract, explain(&error.data))
        }
        // `NotWired(NotWired)`: the variant says what the value says.
        Ok(error) => {
            let text = format!("{error:?}");
            text.split_once('(')
                .map_or(text.clone(), |(_, inner)| inner.trim_end_matches(')').to_owned())
        }
        Err(_) => {
            let shown = &data[..data.len().min(68)];
            format!(
                "{}{}",
                Bytes::copy_from_slice(shown),
                if shown.len() < data.len() { "…" } else { "" }
            )
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use alloy_primitives::U256;

    /// Each `error Name(…);` of the crates' sources must be in [`Refusals`], or people see bytes where a name should be.
    #[test]
    fn every_error_of_the_contracts_is_known() {
        let crates = concat!(env!("CARGO_MANIFEST_DIR"), "/../../crates");
        let mut seen = 0;
        for file in sources(std::path::Path::new(crates)) {
            let text = std::fs::read_to_string(&file).unwrap();
            let declarations = text.lines().filter_map(|line| line.trim().strip_prefix("error "));
            // A declaration, not an expression that begins with a variable of that name.
            let declarations = declarations.filter(|rest| rest.ends_with(");") && rest.starts_with(char::is_uppercase));
            for name in declarations.filter_map(|rest| rest.split_once('(')).map(|(name, _)| name) {
                let known = Refusals::RefusalsErrors::SELECTORS
                    .iter()
                    .any(|selector| Refusals::RefusalsErrors::name_by_selector(*selector) == Some(name));
                assert!(known, "{} declares {name}", file.display());
                seen += 1;
            }
        }
        assert!(seen > 50, "only {seen} declarations found: is this looking in the right place?");
    }

    fn sources(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut found = Vec::new();
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            if path.is_dir() {
                found.extend(sources(&path));
            } else if path.extension().is_some_and(|ending| ending == "rs") && !name.contains("test") && name != "stand_ins.rs" {
                found.push(path);
            }
        }
        found
    }

    #[test]
    fn a_refusal_reads_as_its_name_and_arguments() {
        let lendable = Refusals::ExceedsLendable {
            principal: U256::from(2),
            lendable: U256::from(1),
        };
        assert_eq!(
            explain(&lendable.abi_encode().into()),
            "ExceedsLendable { principal: 2, lendable: 1 }"
        );
        assert!(explain(&Bytes::new()).contains("without a reason"));
        assert!(explain(&Bytes::from(vec![7; 500])).len() < 200);
    }
}
