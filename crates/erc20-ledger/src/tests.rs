//! The ledger behind the smallest token that can hold it.

use alloc::vec::Vec;

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_signer::SignerSync;
use alloy_sol_types::SolValue;
use lean_abi::Refusal;
use motsu::prelude::*;
use stylus_sdk::prelude::*;

use crate::*;

const DOMAIN: Domain = Domain::new("Test Dollar", "1");

#[storage]
struct Dollar {
    ledger: Erc20Ledger,
}

unsafe impl TopLevelStorage for Dollar {}

impl Token for Dollar {
    type Error = LedgerError;
    const NAME: &'static str = "Test Dollar";
    const SYMBOL: &'static str = "TD";

    fn ledger(&self) -> &Erc20Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc20Ledger {
        &mut self.ledger
    }
}

#[lean_abi::contract(implements(IErc20, IErc2612))]
impl Dollar {}

fn n(value: u64) -> U256 {
    U256::from(value)
}

#[motsu::test]
fn a_mint_a_transfer_and_a_burn_keep_the_sum(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.mint(alice, n(100)).motsu_unwrap();
    token.sender(alice).ledger.transfer(alice, bob, n(30)).motsu_unwrap();
    token.sender(alice).ledger.burn(bob, n(10)).motsu_unwrap();
    let call = token.sender(alice);
    assert_eq!(call.ledger.balance_of(alice), n(70));
    assert_eq!(call.ledger.balance_of(bob), n(20));
    assert_eq!(call.ledger.total_supply(), n(90));
    for (from, to, value) in [(Address::ZERO, alice, 100), (alice, bob, 30), (bob, Address::ZERO, 10)] {
        token.assert_emitted(&Transfer { from, to, value: n(value) });
    }
}

#[motsu::test]
fn a_transfer_to_oneself_changes_nothing(token: Contract<Dollar>, alice: Address) {
    token.sender(alice).ledger.mint(alice, n(100)).motsu_unwrap();
    token.sender(alice).ledger.transfer(alice, alice, n(100)).motsu_unwrap();
    assert_eq!(token.sender(alice).ledger.balance_of(alice), n(100));
}

#[motsu::test]
fn a_transfer_of_nothing_is_a_transfer(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.transfer(alice, bob, U256::ZERO).motsu_unwrap();
    token.assert_emitted(&Transfer {
        from: alice,
        to: bob,
        value: U256::ZERO,
    });
}

#[motsu::test]
fn more_than_the_balance_is_refused(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.mint(alice, n(5)).motsu_unwrap();
    let refusal = LedgerError::from(ERC20InsufficientBalance {
        sender: alice,
        balance: n(5),
        needed: n(6),
    });
    assert_eq!(token.sender(alice).ledger.transfer(alice, bob, n(6)).motsu_unwrap_err(), refusal);
    assert_eq!(token.sender(alice).ledger.burn(alice, n(6)).motsu_unwrap_err(), refusal);
    assert_eq!(token.sender(alice).ledger.total_supply(), n(5));
}

#[motsu::test]
fn the_zero_address_neither_sends_nor_receives_nor_spends(token: Contract<Dollar>, alice: Address) {
    let zero = Address::ZERO;
    let receiver = LedgerError::from(ERC20InvalidReceiver { receiver: zero });
    let sender = LedgerError::from(ERC20InvalidSender { sender: zero });
    assert_eq!(token.sender(alice).ledger.mint(zero, n(1)).motsu_unwrap_err(), receiver);
    assert_eq!(
        token.sender(alice).ledger.transfer(alice, zero, U256::ZERO).motsu_unwrap_err(),
        receiver
    );
    assert_eq!(
        token.sender(alice).ledger.transfer(zero, alice, U256::ZERO).motsu_unwrap_err(),
        sender
    );
    assert_eq!(token.sender(alice).ledger.burn(zero, U256::ZERO).motsu_unwrap_err(), sender);
    assert_eq!(
        token.sender(alice).ledger.approve(alice, zero, n(1)).motsu_unwrap_err(),
        LedgerError::from(ERC20InvalidSpender { spender: zero })
    );
}

#[motsu::test]
fn a_supply_beyond_a_word_is_refused(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.mint(alice, U256::MAX).motsu_unwrap();
    assert_eq!(
        token.sender(alice).ledger.mint(bob, n(1)).motsu_unwrap_err(),
        LedgerError::from(ERC20SupplyOverflow {
            supply: U256::MAX,
            value: n(1)
        })
    );
    assert_eq!(token.sender(alice).ledger.balance_of(bob), U256::ZERO);
}

#[motsu::test]
fn an_allowance_falls_by_what_is_spent(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.mint(alice, n(100)).motsu_unwrap();
    token.sender(alice).ledger.approve(alice, bob, n(40)).motsu_unwrap();
    token.assert_emitted(&Approval {
        owner: alice,
        spender: bob,
        value: n(40),
    });
    token.sender(bob).ledger.transfer_from(bob, alice, bob, n(30)).motsu_unwrap();
    assert_eq!(token.sender(bob).ledger.allowance(alice, bob), n(10));
    assert_eq!(
        token.sender(bob).ledger.transfer_from(bob, alice, bob, n(11)).motsu_unwrap_err(),
        LedgerError::from(ERC20InsufficientAllowance {
            spender: bob,
            allowance: n(10),
            needed: n(11)
        })
    );
    assert_eq!(token.sender(bob).ledger.balance_of(bob), n(30));
}

#[motsu::test]
fn the_largest_allowance_stands_for_ever(token: Contract<Dollar>, alice: Address, bob: Address) {
    token.sender(alice).ledger.mint(alice, n(100)).motsu_unwrap();
    token.sender(alice).ledger.approve(alice, bob, U256::MAX).motsu_unwrap();
    token.sender(bob).ledger.transfer_from(bob, alice, bob, n(30)).motsu_unwrap();
    assert_eq!(token.sender(bob).ledger.allowance(alice, bob), U256::MAX);
}

#[motsu::test]
fn a_contract_with_a_ledger_is_a_token(token: Contract<Dollar>, alice: Address, bob: Address, carol: Address) {
    token.sender(alice).ledger.mint(alice, n(100)).motsu_unwrap();
    assert!(token.sender(alice).transfer(bob, n(30)).motsu_unwrap());
    assert!(token.sender(bob).approve(carol, n(20)).motsu_unwrap());
    assert!(token.sender(carol).transfer_from(bob, carol, n(5)).motsu_unwrap());
    let call = token.sender(alice);
    let balances = [alice, bob, carol].map(|account| call.balance_of(account).unwrap());
    assert_eq!(balances, [n(70), n(25), n(5)]);
    assert_eq!(call.allowance(bob, carol), Ok(n(15)));
    assert_eq!(call.total_supply(), Ok(n(100)));
    assert_eq!(
        (call.name().unwrap().as_str(), call.symbol().unwrap().as_str()),
        ("Test Dollar", "TD")
    );
    assert_eq!((call.decimals(), call.nonces(alice)), (Ok(18), Ok(n(0))));
    assert_eq!(call.domain_separator(), Ok(call.ledger.domain_separator(&DOMAIN)));
}

/// What the standard says is signed, written out a second time.
fn digest(token: Address, chain: u64, permit: &Permit, nonce: u64) -> B256 {
    let domain = (
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256("Test Dollar"),
        keccak256("1"),
        n(chain),
        token,
    )
        .abi_encode();
    let message = (
        keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)"),
        permit.owner,
        permit.spender,
        permit.value,
        n(nonce),
        permit.deadline,
    )
        .abi_encode();
    keccak256([b"\x19\x01".as_slice(), keccak256(domain).as_slice(), keccak256(message).as_slice()].concat())
}

fn sign(signer: &Account, digest: B256) -> Signature {
    let signature = signer.signer().sign_hash_sync(&digest).unwrap();
    Signature {
        v: 27 + u8::from(signature.v()),
        r: signature.r().into(),
        s: signature.s().into(),
    }
}

fn permit_of(owner: &Account, spender: Address) -> Permit {
    Permit {
        owner: owner.address(),
        spender,
        value: n(25),
        deadline: U256::MAX,
    }
}

/// The chain that motsu pretends to be.
const CHAIN: u64 = 42161;

#[motsu::test]
fn a_signed_permit_approves_once(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = permit_of(&alice, bob);
    let signature = sign(&alice, digest(token.address(), CHAIN, &permit, 0));
    token.sender(bob).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap();
    assert_eq!(token.sender(bob).ledger.allowance(alice.address(), bob), n(25));
    assert_eq!(token.sender(bob).ledger.nonces(alice.address()), n(1));

    let refusal = token.sender(bob).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap_err();
    assert!(refusal
        .get::<ERC2612InvalidSigner>()
        .is_some_and(|e| e.owner == alice.address() && e.signer != e.owner));
    assert_eq!(token.sender(bob).ledger.nonces(alice.address()), n(1));

    let signature = sign(&alice, digest(token.address(), CHAIN, &permit, 1));
    token.sender(bob).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap();
    assert_eq!(token.sender(bob).ledger.nonces(alice.address()), n(2));
}

#[motsu::test]
fn a_token_takes_its_owners_permit(token: Contract<Dollar>, alice: Account, bob: Address) {
    let (owner, permit) = (alice.address(), permit_of(&alice, bob));
    let Signature { v, r, s } = sign(&alice, digest(token.address(), CHAIN, &permit, 0));
    let another = token
        .sender(bob)
        .permit(owner, bob, n(24), permit.deadline, v, r, s)
        .motsu_unwrap_err();
    assert!(another.is::<ERC2612InvalidSigner>());
    token
        .sender(bob)
        .permit(owner, bob, permit.value, permit.deadline, v, r, s)
        .motsu_unwrap();
    assert_eq!(token.sender(bob).allowance(owner, bob), Ok(permit.value));
    assert_eq!(token.sender(bob).nonces(owner), Ok(n(1)));
}

#[motsu::test]
fn a_permit_signed_by_another_is_refused(token: Contract<Dollar>, alice: Account, bob: Account) {
    let permit = permit_of(&alice, bob.address());
    let signature = sign(&bob, digest(token.address(), CHAIN, &permit, 0));
    assert_eq!(
        token
            .sender(bob.address())
            .ledger
            .permit(&DOMAIN, &permit, &signature)
            .motsu_unwrap_err(),
        LedgerError::from(ERC2612InvalidSigner {
            signer: bob.address(),
            owner: alice.address()
        })
    );
}

#[motsu::test]
fn a_permit_for_another_chain_contract_or_value_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = permit_of(&alice, bob);
    let larger = Permit { value: n(26), ..permit };
    for digest in [
        digest(token.address(), 1, &permit, 0),
        digest(bob, CHAIN, &permit, 0),
        digest(token.address(), CHAIN, &larger, 0),
    ] {
        let signature = sign(&alice, digest);
        let refusal = token.sender(bob).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap_err();
        assert!(refusal.is::<ERC2612InvalidSigner>());
    }
    assert_eq!(token.sender(bob).ledger.allowance(alice.address(), bob), U256::ZERO);
}

#[motsu::test]
fn the_mirror_image_of_a_signature_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let order = U256::from_str_radix("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141", 16).unwrap();
    let permit = permit_of(&alice, bob);
    let signature = sign(&alice, digest(token.address(), CHAIN, &permit, 0));
    let mirrored = Signature {
        v: 27 + 28 - signature.v,
        r: signature.r,
        s: (order - U256::from_be_bytes(signature.s.0)).into(),
    };
    assert_eq!(
        token.sender(bob).ledger.permit(&DOMAIN, &permit, &mirrored).motsu_unwrap_err(),
        LedgerError::from(ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: alice.address()
        })
    );
}

#[motsu::test]
fn nobody_signs_for_the_zero_address(token: Contract<Dollar>, alice: Address) {
    let permit = Permit {
        owner: Address::ZERO,
        spender: alice,
        value: n(1),
        deadline: U256::MAX,
    };
    // Not a signature: the precompile recovers nobody.
    let signature = Signature {
        v: 0,
        r: B256::ZERO,
        s: B256::ZERO,
    };
    assert_eq!(
        token.sender(alice).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap_err(),
        LedgerError::from(ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: Address::ZERO
        })
    );
}

#[motsu::test]
fn a_permit_after_its_deadline_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = Permit {
        deadline: U256::ZERO,
        ..permit_of(&alice, bob)
    };
    let signature = sign(&alice, digest(token.address(), CHAIN, &permit, 0));
    assert_eq!(
        token.sender(bob).ledger.permit(&DOMAIN, &permit, &signature).motsu_unwrap_err(),
        LedgerError::from(ERC2612ExpiredSignature { deadline: U256::ZERO })
    );
}

#[motsu::test]
fn the_separator_follows_the_chain(token: Contract<Dollar>, alice: Address) {
    let here = token.sender(alice).ledger.domain_separator(&DOMAIN);
    VM::context().set_chain_id(1);
    assert_ne!(token.sender(alice).ledger.domain_separator(&DOMAIN), here);
}
