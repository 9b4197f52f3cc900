//! The vault against tiny counterparts: a dollar, a queue, a router. motsu's clock stands still, so time passes by moving the books'
//! own time back; what time does to the books is tested in the core.

use alloc::{string::String, vec::Vec};

use alloy_primitives::{uint, B256};
use alloy_signer::SignerSync;
use alloy_sol_types::SolValue;
use erc20_ledger::{ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC20InvalidReceiver, IErc20Callee, IErc2612Callee, LedgerError};
use fixed_point::WAD;
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    calls::IQueue,
    ids::role::BLACKLIST,
};
use lean_abi::Refusal;
use motsu::prelude::*;
use stylus_sdk::abi::Router;

use super::*;
use crate::{errors::*, till::Till, vesting::VESTING_PERIOD};

/// motsu's clock stands still.
const NOW: u64 = 1_735_689_600;

/// A dollar that moves exact amounts, or answers false.
#[storage]
struct Dollar {
    ledger: Erc20Ledger,
    answers_false: StorageBool,
}

unsafe impl TopLevelStorage for Dollar {}

#[lean_abi::contract]
impl Dollar {
    fn balance_of(&self, account: Address) -> U256 {
        self.ledger.balance_of(account)
    }

    fn transfer(&mut self, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let from = self.vm().msg_sender();
        self.ledger.transfer(from, to, value)?;
        Ok(!self.answers_false.get())
    }

    fn transfer_from(&mut self, from: Address, to: Address, value: U256) -> Result<bool, Vec<u8>> {
        let spender = self.vm().msg_sender();
        self.ledger.transfer_from(spender, from, to, value)?;
        Ok(!self.answers_false.get())
    }
}

/// A queue that settles what it is told: one position per controller, of number 7.
#[storage]
struct Line {
    dollar: StorageAddress,
    pending: StorageMap<Address, StorageU256>,
    claimable_shares: StorageMap<Address, StorageU256>,
    claimable_assets: StorageMap<Address, StorageU256>,
}

unsafe impl TopLevelStorage for Line {}

#[lean_abi::contract(interfaces(IQueue))]
impl Line {
    fn open_position(&mut self, controller: Address, shares: U256) -> U256 {
        self.pending.insert(controller, shares);
        uint!(7_U256)
    }

    fn next_settlement(&self) -> U256 {
        U256::from(NOW)
    }

    fn pending_shares(&self, position: U256, controller: Address) -> U256 {
        if position == uint!(7_U256) {
            self.pending.get(controller)
        } else {
            U256::ZERO
        }
    }

    fn claimable_shares(&self, _position: U256, controller: Address) -> U256 {
        self.claimable_shares.get(controller)
    }

    fn claimable_of(&self, controller: Address) -> (U256, U256) {
        (self.claimable_shares.get(controller), self.claimable_assets.get(controller))
    }

    /// All of it, or nothing.
    fn claim_shares(&mut self, controller: Address, shares: U256, receiver: Address) -> Result<U256, Vec<u8>> {
        if shares != self.claimable_shares.get(controller) {
            return Err(b"other shares".to_vec());
        }
        let assets = self.claimable_assets.get(controller);
        self.settle(controller, U256::ZERO, U256::ZERO);
        self.pay(receiver, assets)?;
        Ok(assets)
    }

    /// All of it, or nothing.
    fn claim_assets(&mut self, controller: Address, assets: U256, receiver: Address) -> Result<U256, Vec<u8>> {
        if assets != self.claimable_assets.get(controller) {
            return Err(b"other assets".to_vec());
        }
        let shares = self.claimable_shares.get(controller);
        self.settle(controller, U256::ZERO, U256::ZERO);
        self.pay(receiver, assets)?;
        Ok(shares)
    }
}

impl Line {
    fn settle(&mut self, controller: Address, shares: U256, assets: U256) {
        self.pending.insert(controller, U256::ZERO);
        self.claimable_shares.insert(controller, shares);
        self.claimable_assets.insert(controller, assets);
    }

    fn pay(&mut self, receiver: Address, assets: U256) -> Result<bool, Vec<u8>> {
        IErc20::new(self.dollar.get()).transfer(self, receiver, assets)
    }
}

/// An address book.
#[storage]
struct Book {
    entries: StorageMap<B256, StorageAddress>,
}

unsafe impl TopLevelStorage for Book {}

#[lean_abi::contract]
impl Book {
    fn address_of(&self, id: B256) -> Address {
        self.entries.get(id)
    }

    fn has_role(&self, role: B256, account: Address) -> bool {
        access::ROLES.iter().any(|(of, holder)| role == of.word() && account == *holder)
    }
}

const FILO_ADDRESS: Address = Address::repeat_byte(0xf1);
#[path = "access_tests.rs"]
mod access;

/// Who may bar accounts.
const OFFICER: Address = Address::repeat_byte(0x0f);

fn units(n: u64) -> U256 {
    U256::from(n) * WAD
}

/// The ledger's error as the vault passes it on.
fn of_the_ledger(error: impl Into<LedgerError>) -> VaultError {
    error.into().into()
}

/// The vault and its counterparts.
struct World {
    vault: Contract<Vault>,
    dollar: Contract<Dollar>,
    line: Contract<Line>,
    book: Contract<Book>,
}

/// Constructs and wires the vault, gives `rich` 10,000 dollars and lets the vault take them.
fn open(rich: Address) -> World {
    let world = World {
        vault: Contract::from_tag("vault"),
        dollar: Contract::from_tag("dollar"),
        line: Contract::from_tag("line"),
        book: Contract::from_tag("book"),
    };
    let World { vault, dollar, line, book } = &world;
    vault.sender(rich).constructor(book.address(), dollar.address()).motsu_unwrap();
    line.sender(rich).dollar.set(dollar.address());
    book.sender(rich).entries.insert(QEV.word(), line.address());
    book.sender(rich).entries.insert(FILO.word(), FILO_ADDRESS);
    vault.sender(rich).wire().motsu_unwrap();
    fund(vault, dollar, rich, units(10_000));
    world
}

fn fund(vault: &Contract<Vault>, dollar: &Contract<Dollar>, account: Address, amount: U256) {
    dollar.sender(account).ledger.mint(account, amount).motsu_unwrap();
    dollar
        .sender(account)
        .ledger
        .approve(account, vault.address(), U256::MAX)
        .motsu_unwrap();
}

/// What FiLo does: moves the money, then tells the vault.
fn repay(vault: &Contract<Vault>, dollar: &Contract<Dollar>, principal: U256, interest: U256, accrual: U256, rates: (U256, U256)) {
    dollar
        .sender(FILO_ADDRESS)
        .ledger
        .mint(vault.address(), principal + interest)
        .motsu_unwrap();
    vault
        .sender(FILO_ADDRESS)
        .repay_loan(principal, interest, accrual, rates.0, rates.1)
        .motsu_unwrap();
}

/// Lets `seconds` pass for the loan book and the vesting line.
fn pass(vault: &Contract<Vault>, by: Address, seconds: u64) {
    let mut call = vault.sender(by);
    let mut book = call.loans_book();
    book.updated_at -= seconds.min(book.updated_at);
    call.set_loans(&book).motsu_unwrap();
    let mut line = call.vesting_line();
    line.start -= seconds.min(line.start);
    line.end -= seconds.min(line.end);
    call.set_vesting(&line).motsu_unwrap();
}

#[motsu::test]
fn construction_and_wiring(vault: Contract<Vault>, dollar: Contract<Dollar>, line: Contract<Line>, book: Contract<Book>, alice: Address) {
    let zero = Address::ZERO;
    assert_eq!(
        vault.sender(alice).constructor(zero, dollar.address()).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
    assert_eq!(
        vault.sender(alice).constructor(book.address(), zero).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
    vault.sender(alice).constructor(book.address(), dollar.address()).motsu_unwrap();
    assert_eq!(
        vault.sender(alice).wire().motsu_unwrap_err(),
        VaultError::from(AddressNotSet { id: QEV.word() })
    );
    book.sender(alice).entries.insert(QEV.word(), line.address());
    assert_eq!(
        vault.sender(alice).wire().motsu_unwrap_err(),
        VaultError::from(AddressNotSet { id: FILO.word() })
    );
    book.sender(alice).entries.insert(FILO.word(), FILO_ADDRESS);
    vault.sender(alice).wire().motsu_unwrap();
    vault.assert_emitted(&Wired {
        queue: line.address(),
        filo: FILO_ADDRESS,
    });
    assert_eq!(vault.sender(alice).asset(), dollar.address());
    assert_eq!(vault.sender(alice).share(), vault.address());
}

#[motsu::test]
fn before_wiring_there_is_no_queue_and_no_hook_caller(
    vault: Contract<Vault>,
    dollar: Contract<Dollar>,
    book: Contract<Book>,
    alice: Address,
) {
    vault.sender(alice).constructor(book.address(), dollar.address()).motsu_unwrap();
    let one = U256::from(1);
    assert_eq!(
        vault.sender(alice).request_redeem(one, alice, alice).motsu_unwrap_err(),
        VaultError::from(NotWired {})
    );
    assert_eq!(
        vault.sender(alice).redeem(one, alice, alice).motsu_unwrap_err(),
        VaultError::from(NotWired {})
    );
    assert_eq!(vault.sender(alice).max_redeem(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).max_withdraw(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).pending_redeem_request(one, alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(
        vault.sender(alice).draw_loan(one, one, alice).motsu_unwrap_err(),
        VaultError::from(OnlyFilo { caller: alice })
    );
}

#[motsu::test]
fn the_token_says_what_it_is(vault: Contract<Vault>, alice: Address) {
    let call = vault.sender(alice);
    assert_eq!(
        (
            call.name().motsu_unwrap(),
            call.symbol().motsu_unwrap(),
            call.decimals().motsu_unwrap()
        ),
        (String::from("Staked USDai"), String::from("sUSDai"), 18)
    );
    for id in [
        0x01ff_c9a7_u32,
        0x620e_e8e4,
        0xe3bc_4e65,
        0x2f0a_18c5,
        0x3637_2b07,
        0xa219_a025,
        0x9d8f_f7da,
        0x84b0_196e,
        0xa9e5_0872,
    ] {
        assert!(call.supports_interface(id.to_be_bytes().into()), "{id:x}");
    }
    assert!(!call.supports_interface([0xff; 4].into()));
    assert!(!call.supports_interface([0; 4].into()));
}

/// motsu calls methods, not selectors, so the table of selectors is checked here by itself.
#[motsu::test]
fn every_function_answers_to_the_selector_that_integrators_know(alice: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    let signatures = [
        "wire()",
        "name()",
        "symbol()",
        "decimals()",
        "totalSupply()",
        "balanceOf(address)",
        "allowance(address,address)",
        "transfer(address,uint256)",
        "transferFrom(address,address,uint256)",
        "approve(address,uint256)",
        "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
        "nonces(address)",
        "DOMAIN_SEPARATOR()",
        "asset()",
        "share()",
        "totalAssets()",
        "convertToShares(uint256)",
        "convertToAssets(uint256)",
        "maxDeposit(address)",
        "maxMint(address)",
        "previewDeposit(uint256)",
        "previewMint(uint256)",
        "previewRedeem(uint256)",
        "previewWithdraw(uint256)",
        "maxRedeem(address)",
        "maxWithdraw(address)",
        "deposit(uint256,address)",
        "deposit(uint256,address,uint256)",
        "mint(uint256,address)",
        "mint(uint256,address,uint256)",
        "requestRedeem(uint256,address,address)",
        "pendingRedeemRequest(uint256,address)",
        "claimableRedeemRequest(uint256,address)",
        "redeem(uint256,address,address)",
        "withdraw(uint256,address,address)",
        "setOperator(address,bool)",
        "isOperator(address,address)",
        "supportsInterface(bytes4)",
        "nav()",
        "depositSharePrice()",
        "redemptionSharePrice()",
        "totalShares()",
        "cash()",
        "lendable()",
        "unvested()",
        "loanBook()",
        "drawLoan(uint256,uint256,address)",
        "repayLoan(uint256,uint256,uint256,uint256,uint256)",
        "markLoan(uint256,uint256,uint256,uint256,uint256)",
        "writeOff(uint256,uint256)",
        "impairment()",
        "fillRedemptions(uint256,uint256,uint256)",
        "settlementTerms()",
        "burnForfeited(uint256)",
        "checkAllowed(address,address)",
        "setBlacklist(address,bool)",
        "pause()",
        "unpause()",
        "paused()",
        "bridgedSupply()",
        "depositCap()",
        "setDepositCap(uint256)",
        "mint(address,uint256)",
        "burn(address,uint256)",
        "redemptionTimestamp()",
        "authorizeOperator(address,address,bool,bytes32,uint256,bytes)",
        "invalidateNonce(bytes32)",
        "authorizations(address,bytes32)",
        "eip712Domain()",
        "isBlacklisted(address)",
        "notifyYield(uint256)",
    ];
    let mut call = vault.sender(alice);
    let mut route = |selector: u32, input: &[u8]| <Vault as Router<Vault>>::route(&mut *call, selector, input);
    let selector = |signature: &str| {
        let hash = alloy_primitives::keccak256(signature);
        u32::from_be_bytes([hash[0], hash[1], hash[2], hash[3]])
    };
    for signature in signatures {
        // Without arguments it fails or answers, but it is there.
        assert!(route(selector(signature), &[]).is_some(), "{signature} is missing");
    }
    assert!(route(selector("initialize()"), &[]).is_none(), "nobody can construct it anew");
    assert_eq!(route(selector("decimals()"), &[]), Some(Ok(U256::from(18).abi_encode())));
    assert_eq!(route(selector("loanBook()"), &[]), Some(Ok(vec![0; 128])));
}

#[motsu::test]
fn the_share_is_an_erc20(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    vault.sender(alice).deposit(units(10), alice).motsu_unwrap();
    assert!(vault.sender(alice).transfer(bob, units(3)).motsu_unwrap());
    assert!(vault.sender(alice).approve(bob, units(2)).motsu_unwrap());
    assert_eq!(vault.sender(bob).allowance(alice, bob).motsu_unwrap(), units(2));
    assert!(vault.sender(bob).transfer_from(alice, bob, units(2)).motsu_unwrap());
    assert_eq!(vault.sender(bob).balance_of(bob).motsu_unwrap(), units(5));
    assert_eq!(vault.sender(bob).balance_of(alice).motsu_unwrap(), units(5));
    assert_eq!(vault.sender(bob).total_supply().motsu_unwrap(), units(10));
    let refusal = ERC20InsufficientAllowance {
        spender: bob,
        allowance: U256::ZERO,
        needed: U256::from(1),
    };
    assert_eq!(
        vault.sender(bob).transfer_from(alice, bob, U256::from(1)).motsu_unwrap_err(),
        of_the_ledger(refusal)
    );
}

#[motsu::test]
fn a_permit_is_good_once_and_for_this_token(
    vault: Contract<Vault>,
    dollar: Contract<Dollar>,
    book: Contract<Book>,
    alice: Account,
    bob: Address,
) {
    let owner = alice.address();
    vault.sender(bob).constructor(book.address(), dollar.address()).motsu_unwrap();
    let domain = (
        alloy_primitives::keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        alloy_primitives::keccak256("Staked USDai"),
        alloy_primitives::keccak256("1"),
        U256::from(42_161),
        vault.address(),
    );
    let domain = alloy_primitives::keccak256(domain.abi_encode());
    assert_eq!(vault.sender(bob).domain_separator().motsu_unwrap(), domain);
    let (value, deadline) = (units(5), U256::from(NOW));
    let words = (
        alloy_primitives::keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
        owner,
        bob,
        value,
        U256::ZERO,
        deadline,
    );
    let message = [
        &[0x19, 0x01],
        domain.as_slice(),
        alloy_primitives::keccak256(words.abi_encode()).as_slice(),
    ]
    .concat();
    let signature = alice.signer().sign_hash_sync(&alloy_primitives::keccak256(message)).unwrap();
    let (v, r, s) = (27 + u8::from(signature.v()), signature.r().into(), signature.s().into());
    vault.sender(bob).permit(owner, bob, value, deadline, v, r, s).motsu_unwrap();
    assert_eq!(vault.sender(bob).allowance(owner, bob).motsu_unwrap(), value);
    assert_eq!(vault.sender(bob).nonces(owner).motsu_unwrap(), U256::from(1));
    assert!(vault.sender(bob).permit(owner, bob, value, deadline, v, r, s).motsu_res().is_err());
}

#[motsu::test]
fn a_deposit_takes_dollars_and_mints_shares(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    assert_eq!(vault.sender(alice).preview_deposit(units(10)).motsu_unwrap(), units(10));
    assert_eq!(vault.sender(alice).deposit(units(10), bob).motsu_unwrap(), units(10));
    vault.assert_emitted(&Deposit {
        sender: alice,
        owner: bob,
        assets: units(10),
        shares: units(10),
    });
    vault.assert_emitted(&Transfer {
        from: Address::ZERO,
        to: bob,
        value: units(10),
    });
    assert_eq!(vault.sender(alice).preview_mint(units(5)).motsu_unwrap(), units(5));
    assert_eq!(vault.sender(alice).mint(units(5), bob).motsu_unwrap(), units(5));
    assert_eq!(vault.sender(alice).balance_of(bob).motsu_unwrap(), units(15));
    assert_eq!(dollar.sender(alice).balance_of(vault.address()), units(15));
    assert_eq!(vault.sender(alice).cash(), units(15));
    assert_eq!(vault.sender(alice).total_assets().motsu_unwrap(), units(15));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(15));
    assert_eq!(vault.sender(alice).total_shares().motsu_unwrap(), units(15));
    assert_eq!(vault.sender(alice).deposit_share_price().motsu_unwrap(), WAD);
    assert_eq!(vault.sender(alice).redemption_share_price().motsu_unwrap(), WAD);
    assert_eq!(vault.sender(alice).convert_to_shares(units(2)).motsu_unwrap(), units(2));
    assert_eq!(vault.sender(alice).convert_to_assets(units(2)).motsu_unwrap(), units(2));
}

#[motsu::test]
fn a_deposit_refuses_zero_slippage_and_what_the_dollar_refuses(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    let zero = U256::ZERO;
    assert_eq!(
        vault.sender(alice).deposit(zero, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    assert_eq!(
        vault.sender(alice).mint(zero, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    let nobody = of_the_ledger(ERC20InvalidReceiver { receiver: Address::ZERO });
    assert_eq!(vault.sender(alice).deposit(units(1), Address::ZERO).motsu_unwrap_err(), nobody);
    assert_eq!(vault.sender(alice).mint(units(1), Address::ZERO).motsu_unwrap_err(), nobody);
    let over = units(1) + U256::from(1);
    assert_eq!(
        vault.sender(alice).deposit_with_minimum(units(1), alice, over).motsu_unwrap_err(),
        VaultError::from(SharesBelowMinimum {
            shares: units(1),
            minimum: over
        })
    );
    assert_eq!(
        vault.sender(alice).mint_with_maximum(over, alice, units(1)).motsu_unwrap_err(),
        VaultError::from(AssetsAboveMaximum {
            assets: over,
            maximum: units(1)
        })
    );
    assert_eq!(
        vault.sender(alice).deposit(U256::MAX, alice).motsu_unwrap_err(),
        VaultError::from(AboveMaximum {
            value: U256::MAX,
            maximum: crate::nav::MAX_BOOK
        })
    );
    let poor = ERC20InsufficientAllowance {
        spender: vault.address(),
        allowance: zero,
        needed: units(1),
    };
    assert_eq!(vault.sender(bob).deposit(units(1), bob).motsu_unwrap_err(), of_the_ledger(poor));
    dollar.sender(alice).answers_false.set(true);
    assert_eq!(
        vault.sender(alice).deposit(units(1), alice).motsu_unwrap_err(),
        VaultError::from(TransferRefused {})
    );
    assert_eq!(vault.sender(alice).cash(), zero);
    assert_eq!(vault.sender(alice).total_supply().motsu_unwrap(), zero);
    dollar.sender(alice).answers_false.set(false);
    assert_eq!(
        vault.sender(alice).deposit_with_minimum(units(1), alice, units(1)).motsu_unwrap(),
        units(1)
    );
    assert_eq!(
        vault.sender(alice).mint_with_maximum(units(1), alice, units(1)).motsu_unwrap(),
        units(1)
    );
}

#[motsu::test]
fn a_donation_changes_no_price(alice: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(1), alice).motsu_unwrap();
    dollar
        .sender(alice)
        .ledger
        .transfer(alice, vault.address(), units(5_000))
        .motsu_unwrap();
    assert_eq!(vault.sender(alice).deposit_share_price().motsu_unwrap(), WAD);
    assert_eq!(vault.sender(alice).redemption_share_price().motsu_unwrap(), WAD);
    assert_eq!(vault.sender(alice).deposit(units(1), alice).motsu_unwrap(), units(1));
}

#[motsu::test]
fn previews_of_an_asynchronous_exit_revert(vault: Contract<Vault>, alice: Address) {
    assert_eq!(
        vault.sender(alice).preview_redeem(units(1)).motsu_unwrap_err(),
        VaultError::from(PreviewUnsupported {})
    );
    assert_eq!(
        vault.sender(alice).preview_withdraw(units(1)).motsu_unwrap_err(),
        VaultError::from(PreviewUnsupported {})
    );
}

#[motsu::test]
fn a_loan_goes_out_accrues_and_comes_back(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(1_000), alice).motsu_unwrap();
    let rate = units(1) * WAD / U256::from(1_000);
    vault.sender(FILO_ADDRESS).draw_loan(units(600), rate, bob).motsu_unwrap();
    vault.assert_emitted(&LoanDrawn {
        receiver: bob,
        principal: units(600),
        rate,
    });
    assert_eq!(dollar.sender(alice).balance_of(bob), units(600));
    assert_eq!(vault.sender(alice).cash(), units(400));
    assert_eq!(vault.sender(alice).loan_book(), (units(600), rate, U256::ZERO, U256::from(NOW)));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(1_000));

    // A thousand seconds earn one dollar: for those who enter, not yet for those who leave.
    pass(vault, alice, 1_000);
    assert_eq!(vault.sender(alice).total_assets().motsu_unwrap(), units(1_001));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(1_000));
    assert!(vault.sender(alice).deposit_share_price().motsu_unwrap() > WAD);
    assert_eq!(vault.sender(alice).redemption_share_price().motsu_unwrap(), WAD);

    repay(vault, dollar, units(600), units(1), units(1) * WAD, (rate, U256::ZERO));
    vault.assert_emitted(&LoanRepaid {
        principal: units(600),
        interest: units(1),
        accrual: units(1) * WAD,
        oldRate: rate,
        newRate: U256::ZERO,
    });
    let zero = U256::ZERO;
    assert_eq!(vault.sender(alice).loan_book(), (zero, zero, zero, U256::from(NOW)));
    assert_eq!(vault.sender(alice).cash(), units(1_001));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(1_001));
    assert_eq!(vault.sender(alice).total_assets().motsu_unwrap(), units(1_001));
    assert_eq!(dollar.sender(alice).balance_of(vault.address()), units(1_001));
}

#[motsu::test]
fn the_loan_hooks_refuse_strangers_nothing_and_too_much(alice: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    let (zero, one) = (U256::ZERO, U256::from(1));
    assert_eq!(
        vault.sender(alice).draw_loan(one, one, alice).motsu_unwrap_err(),
        VaultError::from(OnlyFilo { caller: alice })
    );
    assert_eq!(
        vault.sender(alice).repay_loan(zero, one, zero, zero, zero).motsu_unwrap_err(),
        VaultError::from(OnlyFilo { caller: alice })
    );
    let mut filo = vault.sender(FILO_ADDRESS);
    assert_eq!(filo.draw_loan(zero, one, alice).motsu_unwrap_err(), VaultError::from(ZeroAmount {}));
    assert_eq!(
        filo.draw_loan(one, one, Address::ZERO).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
    assert_eq!(
        filo.draw_loan(units(101), one, alice).motsu_unwrap_err(),
        VaultError::from(ExceedsLendable {
            principal: units(101),
            lendable: units(100)
        })
    );
    assert!(filo.draw_loan(one, U256::MAX, alice).motsu_unwrap_err().is::<AboveMaximum>());
    assert_eq!(
        filo.repay_loan(one, zero, zero, zero, zero).motsu_unwrap_err(),
        VaultError::from(ExceedsLoanBook { amount: one, booked: zero })
    );
    assert_eq!(vault.sender(alice).cash(), units(100));
}

#[motsu::test]
fn a_mark_counts_at_once_up_as_down_and_entry_is_at_face(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(1_000), alice).motsu_unwrap();
    let rate = units(1) * WAD / U256::from(1_000);
    vault.sender(FILO_ADDRESS).draw_loan(units(600), rate, bob).motsu_unwrap();
    pass(vault, alice, 1_000);
    let zero = U256::ZERO;
    let (nav, total) = (
        || vault.sender(alice).nav().motsu_unwrap(),
        || vault.sender(alice).total_assets().motsu_unwrap(),
    );
    let cost = || vault.sender(alice).snapshot().unwrap().entry().unwrap().assets.0;
    assert_eq!((nav(), total(), cost()), (units(1_000), units(1_001), units(1_001)));

    // Late: the dollar of interest is no asset any more, and 150 are not expected back.
    let mut filo = vault.sender(FILO_ADDRESS);
    filo.mark_loan(units(1) * WAD, rate, zero, zero, units(150)).motsu_unwrap();
    drop(filo);
    vault.assert_emitted(&LoanMarked {
        accrual: units(1) * WAD,
        oldRate: rate,
        newRate: zero,
        oldImpairment: zero,
        newImpairment: units(150),
    });
    assert_eq!((nav(), total(), cost()), (units(850), units(850), units(1_000)));
    assert_eq!(vault.sender(alice).impairment(), units(150));
    // Nobody bought in at the mark, so what the cure gives back is all theirs who were there.
    vault
        .sender(FILO_ADDRESS)
        .mark_loan(zero, zero, zero, units(150), units(50))
        .motsu_unwrap();
    assert_eq!((nav(), total(), cost()), (units(950), units(950), units(1_000)));
    // The interest of a loan that was marked was in no price: it vests, and is in the price of entry at once.
    repay(vault, dollar, zero, units(2), zero, (zero, rate));
    assert_eq!((nav(), total(), cost()), (units(950), units(950), units(1_002)));
    pass(vault, alice, VESTING_PERIOD);
    assert_eq!(nav(), units(952));
    let earned = vault.sender(alice).loan_book().2 + rate * U256::from(VESTING_PERIOD);
    assert_eq!(total(), units(952) + earned / WAD);
}

#[motsu::test]
fn a_loss_leaves_the_book_and_frees_what_was_held_too_much(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    vault.sender(alice).deposit(units(1_000), alice).motsu_unwrap();
    let zero = U256::ZERO;
    vault.sender(FILO_ADDRESS).draw_loan(units(600), zero, bob).motsu_unwrap();
    vault
        .sender(FILO_ADDRESS)
        .mark_loan(zero, zero, zero, zero, units(300))
        .motsu_unwrap();
    let nav = || vault.sender(alice).nav().motsu_unwrap();
    assert_eq!(nav(), units(700));
    // Lost: 100 less than feared, of 200 of the principal; then 50 that nobody had feared.
    vault.sender(FILO_ADDRESS).write_off(units(200), units(300)).motsu_unwrap();
    vault.assert_emitted(&LoanWrittenOff {
        principal: units(200),
        impairment: units(300),
    });
    assert_eq!((nav(), vault.sender(alice).impairment()), (units(800), zero));
    vault.sender(FILO_ADDRESS).write_off(units(50), zero).motsu_unwrap();
    assert_eq!(nav(), units(750));
    assert_eq!(vault.sender(alice).loan_book().0, units(350));

    let mut filo = vault.sender(FILO_ADDRESS);
    let too_much = VaultError::from(ExceedsLoanBook {
        amount: units(351),
        booked: units(350),
    });
    assert_eq!(filo.write_off(units(351), zero).motsu_unwrap_err(), too_much);
    let unheld = VaultError::from(ExceedsLoanBook {
        amount: units(1),
        booked: zero,
    });
    assert_eq!(filo.write_off(zero, units(1)).motsu_unwrap_err(), unheld);
    assert_eq!(filo.mark_loan(zero, zero, zero, units(1), zero).motsu_unwrap_err(), unheld);
    drop(filo);
    let stranger = VaultError::from(OnlyFilo { caller: alice });
    assert_eq!(vault.sender(alice).write_off(zero, zero).motsu_unwrap_err(), stranger);
    assert_eq!(
        vault.sender(alice).mark_loan(zero, zero, zero, zero, zero).motsu_unwrap_err(),
        stranger
    );
}

#[motsu::test]
fn a_forfeited_bond_belongs_to_those_who_stay_and_vests(alice: Address) {
    let world = open(alice);
    let World { vault, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    vault.sender(alice).request_redeem(units(50), alice, alice).motsu_unwrap();
    let terms = || vault.sender(alice).settlement_terms().motsu_unwrap();
    assert_eq!(terms(), (WAD, units(100)));
    vault.sender(line.address()).burn_forfeited(units(20)).motsu_unwrap();
    vault.assert_emitted(&SharesForfeited { shares: units(20) });
    assert_eq!(vault.sender(alice).total_shares().motsu_unwrap(), units(80));
    assert_eq!(terms(), (WAD, units(100)), "the price does not jump");
    pass(vault, alice, VESTING_PERIOD);
    assert!(terms().0 > WAD * U256::from(124) / U256::from(100) && terms().0 <= WAD * U256::from(125) / U256::from(100));
    assert_eq!(
        vault.sender(alice).burn_forfeited(units(1)).motsu_unwrap_err(),
        VaultError::from(OnlyQueue { caller: alice })
    );
    assert_eq!(
        vault.sender(line.address()).burn_forfeited(U256::ZERO).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
}

#[motsu::test]
fn who_is_barred_is_the_officers_to_say(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, .. } = &world;
    vault.sender(alice).check_allowed(alice, bob).motsu_unwrap();
    assert_eq!(
        vault.sender(alice).set_blacklist(bob, true).motsu_unwrap_err(),
        VaultError::from(Unauthorized {
            account: alice,
            role: BLACKLIST.word()
        })
    );
    vault.sender(OFFICER).set_blacklist(bob, true).motsu_unwrap();
    vault.assert_emitted(&Blacklisted {
        account: bob,
        isBlacklisted: true,
    });
    let barred = VaultError::from(AccountBlacklisted { account: bob });
    assert_eq!(vault.sender(alice).check_allowed(alice, bob).motsu_unwrap_err(), barred);
    assert_eq!(vault.sender(alice).check_allowed(bob, alice).motsu_unwrap_err(), barred);
    assert!(vault.sender(alice).is_blacklisted(bob) && !vault.sender(alice).is_blacklisted(alice));
    vault.sender(OFFICER).set_blacklist(bob, false).motsu_unwrap();
    vault.sender(alice).check_allowed(alice, bob).motsu_unwrap();
    assert_eq!(
        vault.sender(OFFICER).set_blacklist(Address::ZERO, true).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
}

#[motsu::test]
fn yield_vests(alice: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    assert_eq!(
        vault.sender(alice).notify_yield(units(7)).motsu_unwrap_err(),
        VaultError::from(OnlyUsdai { caller: alice })
    );
    assert_eq!(
        vault.sender(dollar.address()).notify_yield(U256::ZERO).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    dollar.sender(alice).ledger.mint(vault.address(), units(7)).motsu_unwrap();
    vault.sender(dollar.address()).notify_yield(units(7)).motsu_unwrap();
    vault.assert_emitted(&YieldReceived { assets: units(7) });
    assert_eq!(vault.sender(alice).cash(), units(107));
    assert_eq!(vault.sender(alice).unvested().motsu_unwrap(), units(7));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(100));
    pass(vault, alice, VESTING_PERIOD / 7);
    assert_eq!(vault.sender(alice).unvested().motsu_unwrap(), units(6));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(101));
    pass(vault, alice, VESTING_PERIOD);
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(107));
}

#[motsu::test]
fn a_request_waits_is_filled_and_is_claimed(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    let id = vault.sender(alice).request_redeem(units(40), alice, alice).motsu_unwrap();
    vault.assert_emitted(&RedeemRequest {
        controller: alice,
        owner: alice,
        requestId: id,
        sender: alice,
        shares: units(40),
    });
    assert_eq!(vault.sender(alice).balance_of(line.address()).motsu_unwrap(), units(40));
    assert_eq!(
        vault.sender(alice).total_shares().motsu_unwrap(),
        units(100),
        "waiting shares are shares"
    );
    assert_eq!(vault.sender(bob).pending_redeem_request(id, alice).motsu_unwrap(), units(40));
    assert_eq!(vault.sender(bob).pending_redeem_request(id, bob).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(bob).max_redeem(alice).motsu_unwrap(), U256::ZERO);

    // The queue settles at a premium of one dollar.
    vault
        .sender(line.address())
        .fill_redemptions(units(40), units(39), units(1))
        .motsu_unwrap();
    vault.assert_emitted(&RedemptionsFilled {
        shares: units(40),
        assets: units(39),
        premium: units(1),
    });
    line.sender(alice).settle(alice, units(40), units(39));
    assert_eq!(vault.sender(alice).total_shares().motsu_unwrap(), units(60));
    assert_eq!(vault.sender(alice).cash(), units(61));
    assert_eq!(vault.sender(alice).unvested().motsu_unwrap(), units(1));
    assert_eq!(vault.sender(alice).nav().motsu_unwrap(), units(60));
    assert_eq!(dollar.sender(alice).balance_of(line.address()), units(39));
    assert_eq!(vault.sender(alice).claimable_redeem_request(id, alice).motsu_unwrap(), units(40));
    assert_eq!(vault.sender(alice).max_redeem(alice).motsu_unwrap(), units(40));
    assert_eq!(vault.sender(alice).max_withdraw(alice).motsu_unwrap(), units(39));

    assert_eq!(vault.sender(alice).redeem(units(40), bob, alice).motsu_unwrap(), units(39));
    vault.assert_emitted(&Withdraw {
        sender: alice,
        receiver: bob,
        owner: alice,
        assets: units(39),
        shares: units(40),
    });
    assert_eq!(dollar.sender(alice).balance_of(bob), units(39));
}

#[motsu::test]
fn assets_are_claimed_by_an_operator(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    dollar.sender(alice).ledger.transfer(alice, line.address(), units(9)).motsu_unwrap();
    line.sender(alice).settle(alice, units(10), units(9));
    let refusal = VaultError::from(NotControllerOrOperator {
        caller: bob,
        controller: alice,
    });
    assert_eq!(vault.sender(bob).withdraw(units(9), bob, alice).motsu_unwrap_err(), refusal);
    assert_eq!(vault.sender(bob).redeem(units(10), bob, alice).motsu_unwrap_err(), refusal);
    assert!(vault.sender(alice).set_operator(bob, true).motsu_unwrap());
    vault.assert_emitted(&OperatorSet {
        controller: alice,
        operator: bob,
        approved: true,
    });
    assert!(vault.sender(bob).is_operator(alice, bob));
    let (zero, nobody) = (U256::ZERO, Address::ZERO);
    assert_eq!(
        vault.sender(bob).withdraw(zero, bob, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    assert_eq!(
        vault.sender(bob).redeem(zero, bob, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    assert_eq!(
        vault.sender(bob).withdraw(units(9), nobody, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
    assert_eq!(
        vault.sender(bob).redeem(units(10), nobody, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
    assert_eq!(
        vault.sender(bob).redeem(units(11), bob, alice).motsu_unwrap_err(),
        VaultError::from(b"other shares".to_vec()),
        "the queue's own words"
    );
    assert_eq!(vault.sender(bob).withdraw(units(9), bob, alice).motsu_unwrap(), units(10));
    assert_eq!(dollar.sender(alice).balance_of(bob), units(9));
    vault.sender(alice).set_operator(bob, false).motsu_unwrap();
    assert!(!vault.sender(bob).is_operator(alice, bob));
    assert_eq!(
        vault.sender(alice).set_operator(nobody, true).motsu_unwrap_err(),
        VaultError::from(ZeroAddress {})
    );
}

/// In the production system anyone can name a victim as controller. Here it takes the controller's word, and the owner's.
#[motsu::test]
fn a_request_needs_the_consent_of_controller_and_owner(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    let one = units(1);
    // Not for a controller that did not ask for it, even with one's own shares.
    assert_eq!(
        vault.sender(alice).request_redeem(one, bob, alice).motsu_unwrap_err(),
        VaultError::from(NotControllerOrOperator {
            caller: alice,
            controller: bob
        })
    );
    // Not with shares that are not one's own.
    let refusal = ERC20InsufficientAllowance {
        spender: bob,
        allowance: U256::ZERO,
        needed: one,
    };
    assert_eq!(
        vault.sender(bob).request_redeem(one, bob, alice).motsu_unwrap_err(),
        of_the_ledger(refusal)
    );
    assert_eq!(
        vault.sender(alice).request_redeem(U256::ZERO, alice, alice).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    let poor = ERC20InsufficientBalance {
        sender: alice,
        balance: units(100),
        needed: units(101),
    };
    assert_eq!(
        vault.sender(alice).request_redeem(units(101), alice, alice).motsu_unwrap_err(),
        of_the_ledger(poor)
    );
    // On an allowance, which is spent.
    vault.sender(alice).approve(bob, units(3)).motsu_unwrap();
    vault.sender(bob).request_redeem(one, bob, alice).motsu_unwrap();
    assert_eq!(vault.sender(bob).allowance(alice, bob).motsu_unwrap(), units(2));
    vault.assert_emitted(&RedeemRequest {
        controller: bob,
        owner: alice,
        requestId: U256::from(7),
        sender: bob,
        shares: one,
    });
    // As operator, for owner and controller in one, without touching the allowance.
    vault.sender(alice).set_operator(bob, true).motsu_unwrap();
    vault.sender(bob).request_redeem(one, alice, alice).motsu_unwrap();
    assert_eq!(vault.sender(bob).allowance(alice, bob).motsu_unwrap(), units(2));
    assert_eq!(vault.sender(bob).balance_of(line.address()).motsu_unwrap(), units(2));
}

#[motsu::test]
fn a_filling_is_the_queues_alone_and_within_cash(alice: Address) {
    let world = open(alice);
    let World { vault, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    vault.sender(alice).request_redeem(units(10), alice, alice).motsu_unwrap();
    let zero = U256::ZERO;
    assert_eq!(
        vault.sender(alice).fill_redemptions(units(1), units(1), zero).motsu_unwrap_err(),
        VaultError::from(OnlyQueue { caller: alice })
    );
    let queue = line.address();
    assert_eq!(
        vault.sender(queue).fill_redemptions(zero, units(1), zero).motsu_unwrap_err(),
        VaultError::from(ZeroAmount {})
    );
    assert_eq!(
        vault.sender(queue).fill_redemptions(units(1), units(101), zero).motsu_unwrap_err(),
        VaultError::from(ExceedsCash {
            assets: units(101),
            cash: units(100)
        })
    );
    let poor = ERC20InsufficientBalance {
        sender: queue,
        balance: units(10),
        needed: units(11),
    };
    assert_eq!(
        vault.sender(queue).fill_redemptions(units(11), units(11), zero).motsu_unwrap_err(),
        of_the_ledger(poor)
    );
    assert_eq!(vault.sender(alice).cash(), units(100));
}

/// A premium of nothing must not start the line of earlier income anew.
#[motsu::test]
fn a_filling_without_premium_leaves_the_vesting_alone(alice: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    vault.sender(alice).request_redeem(units(10), alice, alice).motsu_unwrap();
    dollar.sender(alice).ledger.mint(vault.address(), units(7)).motsu_unwrap();
    vault.sender(dollar.address()).notify_yield(units(7)).motsu_unwrap();
    pass(vault, alice, VESTING_PERIOD / 7);
    let line_before = vault.sender(alice).vesting_line();
    vault
        .sender(line.address())
        .fill_redemptions(units(10), units(10), U256::ZERO)
        .motsu_unwrap();
    assert_eq!(vault.sender(alice).vesting_line(), line_before);
}

#[motsu::test]
fn what_borrowers_pay_back_is_kept_for_those_who_wait(alice: Address, bob: Address) {
    let world = open(alice);
    let World { vault, dollar, line, .. } = &world;
    vault.sender(alice).deposit(units(100), alice).motsu_unwrap();
    let zero = U256::ZERO;
    vault.sender(FILO_ADDRESS).draw_loan(units(100), zero, bob).motsu_unwrap();
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), zero);
    repay(vault, dollar, units(30), zero, zero, (zero, zero));
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), units(30), "nobody waits");
    vault.sender(alice).request_redeem(units(20), alice, alice).motsu_unwrap();
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), units(10));
    vault.sender(alice).request_redeem(units(50), alice, alice).motsu_unwrap();
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), zero);
    assert_eq!(
        vault.sender(FILO_ADDRESS).draw_loan(U256::from(1), zero, bob).motsu_unwrap_err(),
        VaultError::from(ExceedsLendable {
            principal: U256::from(1),
            lendable: zero
        })
    );
    // Settled, whether anybody was filled or not: the reserve starts from nothing.
    let before = vault.sender(alice).total_supply().motsu_unwrap();
    vault.sender(line.address()).fill_redemptions(zero, zero, zero).motsu_unwrap();
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), units(30));
    assert_eq!(vault.sender(alice).total_supply().motsu_unwrap(), before);
    vault
        .sender(line.address())
        .fill_redemptions(units(25), units(25), zero)
        .motsu_unwrap();
    assert_eq!(vault.sender(alice).lendable().motsu_unwrap(), units(5));
}

#[motsu::test]
fn a_vault_that_lost_everything_refuses_deposits_until_there_is_no_share(alice: Address) {
    let world = open(alice);
    let World { vault, line, .. } = &world;
    vault.sender(alice).deposit(units(10), alice).motsu_unwrap();
    vault.sender(alice).request_redeem(units(10), alice, alice).motsu_unwrap();
    // As if all of it had been lent and lost.
    vault.sender(alice).set_till(&Till::default()).motsu_unwrap();
    let refusal = VaultError::from(NoAssetsBehindShares { totalShares: units(10) });
    assert_eq!(vault.sender(alice).deposit(units(1), alice).motsu_unwrap_err(), refusal);
    assert_eq!(vault.sender(alice).mint(units(1), alice).motsu_unwrap_err(), refusal);
    assert_eq!(vault.sender(alice).preview_deposit(units(1)).motsu_unwrap_err(), refusal);
    assert_eq!(vault.sender(alice).preview_mint(units(1)).motsu_unwrap_err(), refusal);
    assert_eq!(vault.sender(alice).max_deposit(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).max_mint(alice).motsu_unwrap(), U256::ZERO);
    assert_eq!(vault.sender(alice).redemption_share_price().motsu_unwrap(), U256::ZERO);
    vault
        .sender(line.address())
        .fill_redemptions(units(10), U256::ZERO, U256::ZERO)
        .motsu_unwrap();
    assert_eq!(vault.sender(alice).deposit(units(1), alice).motsu_unwrap(), units(1));
}

#[motsu::test]
fn the_limits_are_truthful(alice: Address) {
    let world = open(alice);
    let World { vault, dollar, .. } = &world;
    vault.sender(alice).deposit(units(10), alice).motsu_unwrap();
    let most = vault.sender(alice).max_deposit(alice).motsu_unwrap();
    assert_eq!(most, crate::nav::MAX_BOOK - units(10));
    assert_eq!(vault.sender(alice).max_mint(alice).motsu_unwrap(), most);
    fund(vault, dollar, alice, most);
    assert_eq!(vault.sender(alice).deposit(most, alice).motsu_unwrap(), most);
    assert_eq!(vault.sender(alice).max_deposit(alice).motsu_unwrap(), U256::ZERO);
}
