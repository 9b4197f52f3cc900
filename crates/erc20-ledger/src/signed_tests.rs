//! What holders sign: permits and authorizations. Contracts that sign are tested on the chain, where they have code.

use alloc::vec::Vec;

use alloy_primitives::{fixed_bytes, keccak256, Address, B256, U256};
use alloy_signer::SignerSync;
use alloy_sol_types::SolValue;
use eip712::IErc5267Callee;
use lean_abi::Refusal;
use motsu::prelude::*;

use crate::{
    tests::{n, Dollar},
    *,
};

/// The chain that motsu pretends to be.
const CHAIN: u64 = 42161;
/// The order of secp256k1.
const ORDER: B256 = fixed_bytes!("fffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141");

/// r, s, v of a signature, as contracts take it.
struct Signature {
    v: u8,
    r: B256,
    s: B256,
}

impl Signature {
    fn of(signer: &Account, digest: B256) -> Self {
        let signature = signer.signer().sign_hash_sync(&digest).unwrap();
        Self {
            v: 27 + u8::from(signature.v()),
            r: signature.r().into(),
            s: signature.s().into(),
        }
    }

    /// The other signature of the same key for the same words.
    fn mirrored(&self) -> Self {
        let s = U256::from_be_bytes(ORDER.0) - U256::from_be_bytes(self.s.0);
        Self {
            v: 27 + 28 - self.v,
            r: self.r,
            s: s.into(),
        }
    }

    fn bytes(&self) -> Vec<u8> {
        [self.r.as_slice(), self.s.as_slice(), &[self.v]].concat()
    }
}

/// What EIP-712 says is signed, written out a second time.
fn digest(token: Address, chain: u64, encoded: Vec<u8>) -> B256 {
    let domain = (
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256("Test Dollar"),
        keccak256("1"),
        n(chain),
        token,
    )
        .abi_encode();
    keccak256([b"\x19\x01".as_slice(), keccak256(domain).as_slice(), keccak256(encoded).as_slice()].concat())
}

#[derive(Clone, Copy)]
struct Permit {
    owner: Address,
    spender: Address,
    value: U256,
    deadline: U256,
}

impl Permit {
    fn new(owner: Address, spender: Address) -> Self {
        Self {
            owner,
            spender,
            value: n(25),
            deadline: U256::MAX,
        }
    }

    fn digest(&self, token: Address, chain: u64, nonce: u64) -> B256 {
        let type_hash = keccak256("Permit(address owner,address spender,uint256 value,uint256 nonce,uint256 deadline)");
        let encoded = (type_hash, self.owner, self.spender, self.value, n(nonce), self.deadline).abi_encode();
        digest(token, chain, encoded)
    }

    /// Hands it in, in both forms: what one says the other says.
    fn hand_in(&self, token: &Contract<Dollar>, by: Address, signature: &Signature) -> Result<(), AuthorizationError> {
        let Self {
            owner,
            spender,
            value,
            deadline,
        } = *self;
        let Signature { v, r, s } = *signature;
        let parts = token.sender(by).permit(owner, spender, value, deadline, v, r, s).motsu_res();
        if let Err(error) = &parts {
            let bytes = token.sender(by).permit_5(owner, spender, value, deadline, signature.bytes());
            assert_eq!(bytes.motsu_res().as_ref(), Err(error));
        }
        parts
    }
}

#[motsu::test]
fn a_signed_permit_approves_once(token: Contract<Dollar>, alice: Account, bob: Address) {
    let (owner, permit) = (alice.address(), Permit::new(alice.address(), bob));
    let signature = Signature::of(&alice, permit.digest(token.address(), CHAIN, 0));
    permit.hand_in(&token, bob, &signature).unwrap();
    assert_eq!(token.sender(bob).ledger.allowance(owner, bob), n(25));
    assert_eq!(token.sender(bob).nonces(owner), Ok(n(1)));
    token.assert_emitted(&Approval {
        owner,
        spender: bob,
        value: n(25),
    });

    let refusal = permit.hand_in(&token, bob, &signature).unwrap_err();
    let refusal = refusal.get::<ERC2612InvalidSigner>().unwrap();
    assert!(refusal.owner == owner && refusal.signer != owner);
    assert_eq!(token.sender(bob).nonces(owner), Ok(n(1)));

    let signature = Signature::of(&alice, permit.digest(token.address(), CHAIN, 1));
    let in_bytes = token
        .sender(bob)
        .permit_5(owner, bob, permit.value, permit.deadline, signature.bytes());
    in_bytes.motsu_unwrap();
    assert_eq!(token.sender(bob).nonces(owner), Ok(n(2)));
}

#[motsu::test]
fn a_permit_of_another_key_is_refused(token: Contract<Dollar>, alice: Account, bob: Account) {
    let (owner, signer) = (alice.address(), bob.address());
    let permit = Permit::new(owner, signer);
    let signature = Signature::of(&bob, permit.digest(token.address(), CHAIN, 0));
    let refusal = permit.hand_in(&token, signer, &signature).unwrap_err();
    assert_eq!(refusal.get(), Some(ERC2612InvalidSigner { signer, owner }));
}

#[motsu::test]
fn a_permit_for_another_chain_contract_or_value_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = Permit::new(alice.address(), bob);
    let larger = Permit { value: n(26), ..permit };
    for digest in [
        permit.digest(token.address(), 1, 0),
        permit.digest(bob, CHAIN, 0),
        larger.digest(token.address(), CHAIN, 0),
    ] {
        let refusal = permit.hand_in(&token, bob, &Signature::of(&alice, digest)).unwrap_err();
        assert!(refusal.is::<ERC2612InvalidSigner>());
    }
    assert_eq!(token.sender(bob).ledger.allowance(permit.owner, bob), U256::ZERO);
}

#[motsu::test]
fn the_mirror_image_of_a_signature_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = Permit::new(alice.address(), bob);
    let mirrored = Signature::of(&alice, permit.digest(token.address(), CHAIN, 0)).mirrored();
    let refusal = permit.hand_in(&token, bob, &mirrored).unwrap_err();
    let nobody = ERC2612InvalidSigner {
        signer: Address::ZERO,
        owner: permit.owner,
    };
    assert_eq!(refusal.get(), Some(nobody));
}

#[motsu::test]
fn a_signature_of_another_length_is_nobodys(token: Contract<Dollar>, alice: Account, bob: Address) {
    let permit = Permit::new(alice.address(), bob);
    let whole = Signature::of(&alice, permit.digest(token.address(), CHAIN, 0)).bytes();
    for signature in [&[][..], &whole[..64], &[&whole[..], &[0]].concat()] {
        let refusal = token
            .sender(bob)
            .permit_5(permit.owner, bob, permit.value, permit.deadline, signature.to_vec())
            .motsu_unwrap_err();
        assert!(refusal.get::<ERC2612InvalidSigner>().is_some_and(|e| e.signer.is_zero()));
    }
}

#[motsu::test]
fn nobody_signs_for_the_zero_address(token: Contract<Dollar>, alice: Address) {
    let permit = Permit::new(Address::ZERO, alice);
    // Not a signature: the precompile recovers nobody.
    let signature = Signature {
        v: 0,
        r: B256::ZERO,
        s: B256::ZERO,
    };
    let refusal = permit.hand_in(&token, alice, &signature).unwrap_err();
    assert!(refusal
        .get::<ERC2612InvalidSigner>()
        .is_some_and(|e| e.signer.is_zero() && e.owner.is_zero()));
}

#[motsu::test]
fn a_permit_after_its_deadline_is_refused(token: Contract<Dollar>, alice: Account, bob: Address) {
    let mut permit = Permit::new(alice.address(), bob);
    permit.deadline = U256::ZERO;
    let signature = Signature::of(&alice, permit.digest(token.address(), CHAIN, 0));
    let refusal = permit.hand_in(&token, bob, &signature).unwrap_err();
    assert_eq!(refusal.get(), Some(ERC2612ExpiredSignature { deadline: U256::ZERO }));
}

#[motsu::test]
fn the_domain_says_what_the_separator_is_made_of(token: Contract<Dollar>, alice: Address) {
    let (fields, name, version, chain, contract, salt, extensions) = token.sender(alice).eip712_domain().unwrap();
    assert_eq!((fields.0, name.as_str(), version.as_str()), ([0x0f], "Test Dollar", "1"));
    assert_eq!(
        (chain, contract, salt, extensions.len()),
        (n(CHAIN), token.address(), B256::ZERO, 0)
    );
    let type_hash = keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)");
    let separator = keccak256((type_hash, keccak256(name), keccak256(version), chain, contract).abi_encode());
    assert_eq!(token.sender(alice).domain_separator(), Ok(separator));
    VM::context().set_chain_id(1);
    assert_ne!(token.sender(alice).domain_separator(), Ok(separator));
}

/// Which function takes an authorization.
#[derive(Clone, Copy, PartialEq)]
enum Way {
    Transfer,
    Receive,
}

#[derive(Clone, Copy)]
struct Authorization {
    way: Way,
    from: Address,
    to: Address,
    value: U256,
    valid_after: U256,
    valid_before: U256,
    nonce: B256,
}

impl Authorization {
    /// Good for ever.
    fn new(way: Way, from: Address, to: Address) -> Self {
        Self {
            way,
            from,
            to,
            value: n(25),
            valid_after: U256::ZERO,
            valid_before: U256::MAX,
            nonce: B256::repeat_byte(7),
        }
    }

    fn digest(&self, token: Address, chain: u64) -> B256 {
        let name = match self.way {
            Way::Transfer => "TransferWithAuthorization",
            Way::Receive => "ReceiveWithAuthorization",
        };
        let members = "(address from,address to,uint256 value,uint256 validAfter,uint256 validBefore,bytes32 nonce)";
        let type_hash = keccak256([name, members].concat());
        let encoded = (
            type_hash,
            self.from,
            self.to,
            self.value,
            self.valid_after,
            self.valid_before,
            self.nonce,
        )
            .abi_encode();
        digest(token, chain, encoded)
    }

    fn in_bytes(&self, token: &Contract<Dollar>, by: Address, signature: Vec<u8>) -> Result<(), AuthorizationError> {
        let a = *self;
        match a.way {
            Way::Transfer => token
                .sender(by)
                .transfer_with_authorization_7(a.from, a.to, a.value, a.valid_after, a.valid_before, a.nonce, signature)
                .motsu_res(),
            Way::Receive => token
                .sender(by)
                .receive_with_authorization_7(a.from, a.to, a.value, a.valid_after, a.valid_before, a.nonce, signature)
                .motsu_res(),
        }
    }

    /// Hands it in, in both forms: what one refuses the other refuses.
    fn hand_in(&self, token: &Contract<Dollar>, by: Address, signature: &Signature) -> Result<(), AuthorizationError> {
        let a = *self;
        let Signature { v, r, s } = *signature;
        let parts = match a.way {
            Way::Transfer => token
                .sender(by)
                .transfer_with_authorization(a.from, a.to, a.value, a.valid_after, a.valid_before, a.nonce, v, r, s)
                .motsu_res(),
            Way::Receive => token
                .sender(by)
                .receive_with_authorization(a.from, a.to, a.value, a.valid_after, a.valid_before, a.nonce, v, r, s)
                .motsu_res(),
        };
        if let Err(error) = &parts {
            assert_eq!(self.in_bytes(token, by, signature.bytes()).as_ref(), Err(error));
        }
        parts
    }
}

const WAYS: [Way; 2] = [Way::Transfer, Way::Receive];

#[motsu::test]
fn an_authorization_moves_once(token: Contract<Dollar>, alice: Account, bob: Address) {
    let from = alice.address();
    token.sender(bob).ledger.mint(from, n(100)).motsu_unwrap();
    for (index, way) in WAYS.into_iter().enumerate() {
        let mut authorization = Authorization::new(way, from, bob);
        authorization.nonce = B256::with_last_byte(u8::try_from(index).unwrap());
        let nonce = authorization.nonce;
        assert_eq!(token.sender(bob).authorization_state(from, nonce), Ok(false));
        let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
        authorization.hand_in(&token, bob, &signature).unwrap();
        assert_eq!(token.sender(bob).ledger.balance_of(bob), n(25) * n(index as u64 + 1));
        assert_eq!(token.sender(bob).authorization_state(from, nonce), Ok(true));
        token.assert_emitted(&AuthorizationUsed { authorizer: from, nonce });

        let refusal = authorization.hand_in(&token, bob, &signature).unwrap_err();
        assert_eq!(refusal.get(), Some(ERC3009NonceSpent { authorizer: from, nonce }));
        // Nor under other words with the same nonce.
        authorization.value = n(1);
        let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
        assert!(authorization
            .hand_in(&token, bob, &signature)
            .unwrap_err()
            .is::<ERC3009NonceSpent>());
    }
    assert_eq!(token.sender(bob).ledger.balance_of(from), n(50));
    assert_eq!(token.sender(bob).nonces(from), Ok(U256::ZERO));
}

#[motsu::test]
fn an_authorization_in_bytes_moves(token: Contract<Dollar>, alice: Account, bob: Address) {
    token.sender(bob).ledger.mint(alice.address(), n(25)).motsu_unwrap();
    let authorization = Authorization::new(Way::Transfer, alice.address(), bob);
    let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
    authorization.in_bytes(&token, bob, signature.bytes()).unwrap();
    assert_eq!(token.sender(bob).ledger.balance_of(bob), n(25));
}

#[motsu::test]
fn an_authorization_waits_and_expires(token: Contract<Dollar>, alice: Account, bob: Address) {
    for way in WAYS {
        let mut authorization = Authorization::new(way, alice.address(), bob);
        authorization.valid_after = U256::MAX;
        let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
        let refusal = authorization.hand_in(&token, bob, &signature).unwrap_err();
        assert_eq!(refusal.get(), Some(ERC3009NotYetValid { validAfter: U256::MAX }));

        let mut authorization = Authorization::new(way, alice.address(), bob);
        authorization.valid_before = n(1);
        let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
        let refusal = authorization.hand_in(&token, bob, &signature).unwrap_err();
        assert_eq!(refusal.get(), Some(ERC3009Expired { validBefore: n(1) }));
    }
}

#[motsu::test]
fn only_the_payee_hands_in_what_it_receives(token: Contract<Dollar>, alice: Account, bob: Address, carol: Address) {
    token.sender(bob).ledger.mint(alice.address(), n(25)).motsu_unwrap();
    let authorization = Authorization::new(Way::Receive, alice.address(), bob);
    let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
    let refusal = authorization.hand_in(&token, carol, &signature).unwrap_err();
    assert_eq!(refusal.get(), Some(ERC3009CallerNotPayee { caller: carol, payee: bob }));
    // Nor can anybody hand it in as a transfer, which is signed in other words.
    let transfer = Authorization::new(Way::Transfer, alice.address(), bob);
    assert!(transfer
        .hand_in(&token, carol, &signature)
        .unwrap_err()
        .is::<ERC3009InvalidSigner>());
    authorization.hand_in(&token, bob, &signature).unwrap();
}

#[motsu::test]
fn an_authorization_of_others_or_for_elsewhere_is_refused(token: Contract<Dollar>, alice: Account, bob: Account) {
    let (from, to) = (alice.address(), bob.address());
    token.sender(to).ledger.mint(from, n(25)).motsu_unwrap();
    for way in WAYS {
        let authorization = Authorization::new(way, from, to);
        let larger = Authorization {
            value: n(26),
            ..authorization
        };
        let mine = authorization.digest(token.address(), CHAIN);
        let refused = |signature: &Signature| {
            let refusal = authorization.hand_in(&token, to, signature).unwrap_err();
            refusal.get::<ERC3009InvalidSigner>().unwrap().signer
        };
        assert_eq!(refused(&Signature::of(&bob, mine)), to);
        assert_eq!(refused(&Signature::of(&alice, mine).mirrored()), Address::ZERO);
        for digest in [
            authorization.digest(token.address(), 1),
            authorization.digest(to, CHAIN),
            larger.digest(token.address(), CHAIN),
        ] {
            assert_ne!(refused(&Signature::of(&alice, digest)), from);
        }
        assert_eq!(token.sender(to).authorization_state(from, authorization.nonce), Ok(false));
    }
    assert_eq!(token.sender(to).ledger.balance_of(from), n(25));
}

#[motsu::test]
fn an_authorization_beyond_the_balance_spends_no_nonce(token: Contract<Dollar>, alice: Account, bob: Address) {
    let authorization = Authorization::new(Way::Transfer, alice.address(), bob);
    let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
    let refusal = authorization.hand_in(&token, bob, &signature).unwrap_err();
    assert!(refusal.is::<ERC20InsufficientBalance>());
    assert_eq!(
        token.sender(bob).authorization_state(alice.address(), authorization.nonce),
        Ok(false)
    );
}

#[motsu::test]
fn a_cancelled_authorization_is_void(token: Contract<Dollar>, alice: Account, bob: Address) {
    let authorizer = alice.address();
    token.sender(bob).ledger.mint(authorizer, n(25)).motsu_unwrap();
    let authorization = Authorization::new(Way::Transfer, authorizer, bob);
    let nonce = authorization.nonce;
    let words = (
        keccak256("CancelAuthorization(address authorizer,bytes32 nonce)"),
        authorizer,
        nonce,
    )
        .abi_encode();
    let Signature { v, r, s } = Signature::of(&alice, digest(token.address(), CHAIN, words.clone()));
    // Nobody else's word cancels it.
    let strange = token.sender(bob).cancel_authorization(bob, nonce, v, r, s).motsu_unwrap_err();
    assert_eq!(strange.get().map(|error: ERC3009InvalidSigner| error.authorizer), Some(bob));
    token.sender(bob).cancel_authorization(authorizer, nonce, v, r, s).motsu_unwrap();
    token.assert_emitted(&AuthorizationCanceled { authorizer, nonce });
    assert_eq!(token.sender(bob).authorization_state(authorizer, nonce), Ok(true));

    let signature = Signature::of(&alice, authorization.digest(token.address(), CHAIN));
    let refusal = authorization.hand_in(&token, bob, &signature).unwrap_err();
    assert_eq!(refusal.get(), Some(ERC3009NonceSpent { authorizer, nonce }));
    // Once is enough.
    let signature = Signature::of(&alice, digest(token.address(), CHAIN, words)).bytes();
    let again = token
        .sender(bob)
        .cancel_authorization_3(authorizer, nonce, signature)
        .motsu_unwrap_err();
    assert!(again.is::<ERC3009NonceSpent>());
}

/// The figures that EIP-3009 prints.
#[motsu::test]
fn the_types_are_those_of_the_standard(token: Contract<Dollar>, alice: Address) {
    let call = token.sender(alice);
    assert_eq!(
        call.transfer_with_authorization_typehash(),
        Ok(fixed_bytes!("7c7c6cdb67a18743f49ec6fa9b35f50d52ed05cbed4cc592e13b44501c1a2267"))
    );
    assert_eq!(
        call.receive_with_authorization_typehash(),
        Ok(fixed_bytes!("d099cc98ef71107a616c4f0f941f04c322d8e254fe26b3c6668db87aae413de8"))
    );
    let selectors = [
        "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
        "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
        "authorizationState(address,bytes32)",
    ]
    .map(|signature| u32::from_be_bytes(keccak256(signature)[..4].try_into().unwrap()));
    assert_eq!(ERC3009_ID, selectors.iter().fold(0, |id, selector| id ^ selector));
    assert_eq!(
        call.cancel_authorization_typehash(),
        Ok(fixed_bytes!("158b0a9edf7a828aad02f63cd515c68ef2f50ba807396f6d12842833a1597429"))
    );
}
