//! What holders sign, on the tokens' WASM: permits (ERC-2612) of USDai and sUSDai, authorizations (ERC-3009) of USDai; by keys, by
//! contracts (ERC-1271), by accounts that lent themselves code (EIP-7702).

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use std::borrow::Cow;

use alloy_primitives::{keccak256, Address, FixedBytes, Signature, B256, U256};
use alloy_sol_types::{eip712_domain, sol, Eip712Domain, SolCall, SolError, SolStruct, SolValue};
use scenarios::{
    abi::{CancelAuthorization, Consumer, Erc165, Erc20, Permit, ReceiveWithAuthorization, TransferWithAuthorization, Usdai},
    erc20::Signed,
    hands::{n, wad},
    refusals,
    usdai_cli::node::Person,
    Town,
};
use stylus_chain::{Receipt, Revert};

sol! {
    #[derive(Debug)]
    interface Wallets {
        function isValidSignature(bytes32 hash, bytes signature) external view returns (bytes4);
        function setMode(uint8 mode) external;
        function setAmbush(address target, bytes data) external;
    }
}

const ZERO: Address = Address::ZERO;
/// The order of secp256k1.
const ORDER: U256 = U256::from_limbs([0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, u64::MAX - 1, u64::MAX]);
/// `Mode` of `HostileWallet`, in its order, less the last.
const MODES: [&str; 10] = [
    "agrees",
    "another magic",
    "reverts with the magic",
    "returns nothing",
    "returns 31 bytes",
    "dirty after the magic",
    "another word after the answer",
    "the magic at the word's end",
    "burns all gas",
    "changes its own state",
];
/// The mode after these.
const REENTER: u8 = 10;

/// v, r and s, or all of it as bytes.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Form {
    Parts,
    Bytes,
}

const FORMS: [Form; 2] = [Form::Parts, Form::Bytes];

/// The two that move money.
#[derive(Clone, Copy, Debug, PartialEq)]
enum Way {
    Transfer,
    Receive,
}

/// The members of both authorizations.
#[derive(Clone, Copy, Debug)]
struct Authorization {
    from: Address,
    to: Address,
    value: U256,
    valid_after: U256,
    valid_before: U256,
    nonce: B256,
}

/// What a holder signs.
#[derive(Clone, Debug)]
enum Message {
    Permit(Permit),
    Move(Way, Authorization),
    Cancel(CancelAuthorization),
}

impl Message {
    fn signer(&self) -> Address {
        match self {
            Self::Permit(permit) => permit.owner,
            Self::Move(_, authorization) => authorization.from,
            Self::Cancel(cancel) => cancel.authorizer,
        }
    }

    fn digest(&self, domain: &Eip712Domain) -> B256 {
        match self.clone() {
            Self::Permit(permit) => permit.eip712_signing_hash(domain),
            Self::Cancel(cancel) => cancel.eip712_signing_hash(domain),
            Self::Move(way, it) => {
                let (from, to, value, nonce) = (it.from, it.to, it.value, it.nonce);
                let (after, before) = (it.valid_after, it.valid_before);
                match way {
                    Way::Transfer => TransferWithAuthorization {
                        from,
                        to,
                        value,
                        validAfter: after,
                        validBefore: before,
                        nonce,
                    }
                    .eip712_signing_hash(domain),
                    Way::Receive => ReceiveWithAuthorization {
                        from,
                        to,
                        value,
                        validAfter: after,
                        validBefore: before,
                        nonce,
                    }
                    .eip712_signing_hash(domain),
                }
            }
        }
    }

    /// The call that hands it in with `signature`, which has 65 bytes if it is to come in parts.
    fn call(&self, form: Form, signature: &[u8]) -> Vec<u8> {
        let parts = || {
            assert_eq!(signature.len(), 65, "r, s and v");
            let [r, s] = [0, 32].map(|at| B256::from_slice(&signature[at..at + 32]));
            (U256::from(signature[64]), r, s)
        };
        let (function, words) = match self {
            Self::Permit(it) => (
                "permit(address,address,uint256,uint256",
                (it.owner, it.spender, it.value, it.deadline).abi_encode_params(),
            ),
            Self::Move(way, it) => (
                match way {
                    Way::Transfer => "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32",
                    Way::Receive => "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32",
                },
                (it.from, it.to, it.value, it.valid_after, it.valid_before, it.nonce).abi_encode_params(),
            ),
            Self::Cancel(it) => ("cancelAuthorization(address,bytes32", (it.authorizer, it.nonce).abi_encode_params()),
        };
        let (rest, tail) = match form {
            Form::Parts => (",uint8,bytes32,bytes32)", parts().abi_encode_params()),
            Form::Bytes => {
                let mut tail = U256::from(words.len() + 32).to_be_bytes_vec();
                tail.extend(bytes_tail(signature));
                (",bytes)", tail)
            }
        };
        [&keccak256(format!("{function}{rest}"))[..4], &words, &tail].concat()
    }

    /// The refusal of a signature that is `signer`'s and not whose it should be.
    fn invalid(&self, signer: Address) -> Vec<u8> {
        match self {
            Self::Permit(it) => refusals::ERC2612InvalidSigner { signer, owner: it.owner }.abi_encode(),
            _ => Usdai::ERC3009InvalidSigner {
                signer,
                authorizer: self.signer(),
            }
            .abi_encode(),
        }
    }

    /// Who has to hand it in.
    fn caller(&self, anybody: Address) -> Address {
        match self {
            Self::Move(Way::Receive, it) => it.to,
            _ => anybody,
        }
    }

    /// All that differs from it in one word, its signer aside.
    fn altered(&self) -> Vec<Self> {
        match self {
            Self::Permit(it) => vec![
                Self::Permit(Permit {
                    spender: it.owner,
                    ..it.clone()
                }),
                Self::Permit(Permit {
                    value: it.value + U256::ONE,
                    ..it.clone()
                }),
                Self::Permit(Permit {
                    deadline: it.deadline + U256::ONE,
                    ..it.clone()
                }),
            ],
            Self::Move(way, it) => {
                let mut altered = vec![
                    Authorization { to: it.from, ..*it },
                    Authorization {
                        value: it.value + U256::ONE,
                        ..*it
                    },
                    Authorization {
                        valid_after: it.valid_after - U256::ONE,
                        ..*it
                    },
                    Authorization {
                        valid_before: it.valid_before + U256::ONE,
                        ..*it
                    },
                    Authorization {
                        nonce: keccak256(it.nonce),
                        ..*it
                    },
                ];
                if *way == Way::Receive {
                    // Its payee alone may hand it in: this is the refusal of another test.
                    altered.remove(0);
                }
                let other = if *way == Way::Receive { Way::Transfer } else { Way::Receive };
                let mut altered: Vec<Self> = altered.into_iter().map(|it| Self::Move(*way, it)).collect();
                altered.push(Self::Move(other, *it));
                altered.push(Self::Cancel(CancelAuthorization {
                    authorizer: it.from,
                    nonce: it.nonce,
                }));
                altered
            }
            Self::Cancel(it) => vec![Self::Cancel(CancelAuthorization {
                nonce: keccak256(it.nonce),
                authorizer: it.authorizer,
            })],
        }
    }
}

/// The length of `bytes` and they themselves, padded.
fn bytes_tail(bytes: &[u8]) -> Vec<u8> {
    let mut tail = U256::from(bytes.len()).to_be_bytes_vec();
    tail.extend_from_slice(bytes);
    tail.resize(tail.len().next_multiple_of(32), 0);
    tail
}

/// `who`'s signature of `digest`: r, s and v.
fn sign(who: &Person, digest: B256) -> Vec<u8> {
    Signed::by(who, digest).bytes()
}

/// Whose key signed, as the tokens should see it; zero if nobody's.
fn recovered(digest: B256, signature: &[u8]) -> Address {
    let Ok(bytes) = <[u8; 65]>::try_from(signature) else { return ZERO };
    let s = U256::from_be_slice(&bytes[32..64]);
    if !matches!(bytes[64], 27 | 28) || s > ORDER >> 1 {
        return ZERO;
    }
    let signature = Signature::new(U256::from_be_slice(&bytes[..32]), s, bytes[64] == 28);
    signature.recover_address_from_prehash(&digest).unwrap_or(ZERO)
}

/// A town in which Alice has 1,000 of each token.
struct Stage {
    town: Town,
    alice: Person,
    bob: Person,
    nonces: u64,
}

impl Stage {
    fn set() -> Self {
        let mut town = Town::deployed();
        let (alice, bob) = (town.cast.depositor.clone(), town.stranger.clone());
        town.give_usdai(alice.address(), 1_000);
        town.give_susdai(alice.address(), 1_000);
        Self {
            town,
            alice,
            bob,
            nonces: 0,
        }
    }

    fn domain(&mut self, token: Address) -> Eip712Domain {
        self.town.domain(token)
    }

    /// A nonce that nobody used.
    fn nonce(&mut self) -> B256 {
        self.nonces += 1;
        keccak256(self.nonces.to_be_bytes())
    }

    fn permit(&mut self, token: Address, owner: Address) -> Message {
        let nonce = self.town.read(token, &Erc20::noncesCall { owner });
        Message::Permit(Permit {
            owner,
            spender: self.bob.address(),
            value: wad(7),
            nonce,
            deadline: self.town.now() + n(100),
        })
    }

    fn authorization(&mut self, from: Address) -> Authorization {
        Authorization {
            from,
            to: self.bob.address(),
            value: wad(7),
            valid_after: self.town.now() - n(100),
            valid_before: self.town.now() + n(100),
            nonce: self.nonce(),
        }
    }

    /// One of everything that `owner` can sign, for which token.
    fn everything(&mut self, owner: Address) -> Vec<(Address, Message)> {
        let (usdai, susdai) = (self.town.suite.usdai, self.town.suite.susdai);
        let cancel = CancelAuthorization {
            authorizer: owner,
            nonce: self.nonce(),
        };
        vec![
            (usdai, self.permit(usdai, owner)),
            (susdai, self.permit(susdai, owner)),
            (usdai, Message::Move(Way::Transfer, self.authorization(owner))),
            (usdai, Message::Move(Way::Receive, self.authorization(owner))),
            (usdai, Message::Cancel(cancel)),
        ]
    }

    fn signed(&mut self, who: &Person, token: Address, message: &Message) -> Vec<u8> {
        let domain = self.domain(token);
        sign(who, message.digest(&domain))
    }

    fn hand_in(&mut self, token: Address, message: &Message, form: Form, signature: &[u8]) -> Result<Receipt, Revert> {
        let caller = message.caller(self.town.cast.keeper.address());
        self.town.raw(caller, token, U256::ZERO, message.call(form, signature)).ok()
    }

    /// Hands it in and sees that it did what it says and no more.
    fn accepts(&mut self, token: Address, message: &Message, form: Form, signature: &[u8]) {
        let (owner, payee) = (message.signer(), self.bob.address());
        let before = [owner, payee].map(|who| self.town.balance(token, who));
        let nonce = self.town.read(token, &Erc20::noncesCall { owner });
        let receipt = self
            .hand_in(token, message, form, signature)
            .unwrap_or_else(|refusal| panic!("{message:?} as {form:?}: {refusal}"));
        assert!(receipt.output.is_empty(), "it returns nothing");
        let after = [owner, payee].map(|who| self.town.balance(token, who));
        let permits = self.town.read(token, &Erc20::noncesCall { owner });
        let spent = |stage: &mut Self, nonce| stage.town.read(token, &Usdai::authorizationStateCall { authorizer: owner, nonce });
        match message {
            Message::Permit(it) => {
                assert_eq!((after, permits), (before, nonce + U256::ONE));
                let allowance = Erc20::allowanceCall {
                    owner,
                    spender: it.spender,
                };
                assert_eq!(self.town.read(token, &allowance), it.value);
                let [event] = &receipt.events::<Usdai::Approval>(token)[..] else {
                    panic!("one approval")
                };
                assert_eq!((event.owner, event.spender, event.value), (owner, it.spender, it.value));
                assert_eq!(receipt.logs.len(), 1);
            }
            Message::Move(_, it) => {
                assert_eq!((after, permits), ([before[0] - it.value, before[1] + it.value], nonce));
                assert!(spent(self, it.nonce));
                let [event] = &receipt.events::<Usdai::AuthorizationUsed>(token)[..] else {
                    panic!("one use")
                };
                assert_eq!((event.authorizer, event.nonce), (owner, it.nonce));
                let [event] = &receipt.events::<Usdai::Transfer>(token)[..] else {
                    panic!("one transfer")
                };
                assert_eq!((event.from, event.to, event.value), (owner, it.to, it.value));
                assert_eq!(receipt.logs.len(), 2);
            }
            Message::Cancel(it) => {
                assert_eq!((after, permits), (before, nonce));
                assert!(spent(self, it.nonce));
                let [event] = &receipt.events::<Usdai::AuthorizationCanceled>(token)[..] else {
                    panic!("one end")
                };
                assert_eq!((event.authorizer, event.nonce), (owner, it.nonce));
                assert_eq!(receipt.logs.len(), 1);
            }
        }
    }

    /// As [`Self::accepts`], and takes it back.
    fn would_accept(&mut self, token: Address, message: &Message, form: Form, signature: &[u8]) {
        let before = self.town.node.chain.snapshot();
        self.accepts(token, message, form, signature);
        assert!(self.town.node.chain.revert_to(before), "the beginning is there");
    }

    fn refuses(&mut self, token: Address, message: &Message, form: Form, signature: &[u8], error: &[u8], what: &str) {
        let caller = message.caller(self.town.cast.keeper.address());
        let what = format!("{what}: {message:?} as {form:?}");
        self.town
            .refuses_raw(caller, token, U256::ZERO, message.call(form, signature), error, &what);
    }

    /// Sees that `signature` is taken for somebody else's or nobody's, whoever's it is; `words` are what the token understands, if its own
    /// nonce makes it another message.
    fn is_strange(&mut self, token: Address, message: &Message, form: Form, signature: &[u8], what: &str) {
        let mut understood = message.clone();
        if let Message::Permit(permit) = &mut understood {
            permit.nonce = self.town.read(token, &Erc20::noncesCall { owner: permit.owner });
        }
        let domain = self.domain(token);
        let signer = recovered(understood.digest(&domain), signature);
        assert_ne!(signer, message.signer(), "{what}");
        self.refuses(token, message, form, signature, &message.invalid(signer), what);
    }
}

#[test]
fn a_signature_counts_once_in_either_form() {
    for form in FORMS {
        let mut stage = Stage::set();
        let alice = stage.alice.clone();
        for (token, message) in stage.everything(alice.address()) {
            let signature = stage.signed(&alice, token, &message);
            stage.accepts(token, &message, form, &signature);
            for again in FORMS {
                match &message {
                    Message::Permit(_) => stage.is_strange(token, &message, again, &signature, "a second time"),
                    Message::Move(_, Authorization { nonce, .. }) | Message::Cancel(CancelAuthorization { nonce, .. }) => {
                        let spent = Usdai::ERC3009NonceSpent {
                            authorizer: alice.address(),
                            nonce: *nonce,
                        };
                        stage.refuses(token, &message, again, &signature, &spent.abi_encode(), "a second time");
                    }
                }
            }
        }
    }
}

/// A transfer, a receipt and a cancellation share their nonces; another's nonces and the permits' are others.
#[test]
fn a_spent_nonce_is_spent_for_all_three() {
    let mut stage = Stage::set();
    let (alice, bob, usdai) = (stage.alice.clone(), stage.bob.clone(), stage.town.suite.usdai);
    stage.town.give_usdai(bob.address(), 10);
    for first in 0..3 {
        let authorization = stage.authorization(alice.address());
        let nonce = authorization.nonce;
        let three = [
            Message::Move(Way::Transfer, authorization),
            Message::Move(Way::Receive, authorization),
            Message::Cancel(CancelAuthorization {
                authorizer: alice.address(),
                nonce,
            }),
        ];
        let signature = stage.signed(&alice, usdai, &three[first]);
        stage.accepts(usdai, &three[first], Form::Bytes, &signature);
        let spent = Usdai::ERC3009NonceSpent {
            authorizer: alice.address(),
            nonce,
        };
        for message in &three {
            let signature = stage.signed(&alice, usdai, message);
            for form in FORMS {
                stage.refuses(usdai, message, form, &signature, &spent.abi_encode(), "a spent nonce");
            }
        }
        let bobs = Message::Cancel(CancelAuthorization {
            authorizer: bob.address(),
            nonce,
        });
        let signature = stage.signed(&bob, usdai, &bobs);
        stage.accepts(usdai, &bobs, Form::Parts, &signature);
        // A permit of Alice's is none the worse for it.
        let permit = stage.permit(usdai, alice.address());
        let signature = stage.signed(&alice, usdai, &permit);
        stage.accepts(usdai, &permit, Form::Parts, &signature);
    }
}

#[test]
fn a_permit_is_good_through_its_deadline_and_no_second_longer() {
    let mut stage = Stage::set();
    let alice = stage.alice.clone();
    let start = stage.town.node.chain.timestamp();
    let deadline = U256::from(start + 100);
    for token in [stage.town.suite.usdai, stage.town.suite.susdai] {
        stage.town.node.chain.warp_to(start);
        let permit = stage.permit(token, alice.address());
        let signature = stage.signed(&alice, token, &permit);
        for form in FORMS {
            for second in [0, 99, 100] {
                stage.town.node.chain.warp_to(start + second);
                stage.would_accept(token, &permit, form, &signature);
            }
            for second in [101, 102, 1_000_000] {
                stage.town.node.chain.warp_to(start + second);
                let expired = refusals::ERC2612ExpiredSignature { deadline };
                stage.refuses(token, &permit, form, &signature, &expired.abi_encode(), "too late");
            }
        }
    }
}

#[test]
fn an_authorization_is_good_between_its_times_and_at_neither() {
    let mut stage = Stage::set();
    let (alice, usdai) = (stage.alice.clone(), stage.town.suite.usdai);
    let start = stage.town.node.chain.timestamp();
    for way in [Way::Transfer, Way::Receive] {
        for form in FORMS {
            let times = |stage: &mut Stage, after: U256, before: U256| {
                let it = stage.authorization(alice.address());
                let message = Message::Move(
                    way,
                    Authorization {
                        valid_after: after,
                        valid_before: before,
                        ..it
                    },
                );
                let signature = stage.signed(&alice, usdai, &message);
                (message, signature)
            };
            let early = |after| Usdai::ERC3009NotYetValid { validAfter: after }.abi_encode();
            let late = |before| Usdai::ERC3009Expired { validBefore: before }.abi_encode();
            let (after, before) = (U256::from(start + 10), U256::from(start + 20));
            let (message, signature) = times(&mut stage, after, before);
            for second in [0, 9, 10] {
                stage.town.node.chain.warp_to(start + second);
                stage.refuses(usdai, &message, form, &signature, &early(after), "too early");
            }
            for second in [11, 19] {
                stage.town.node.chain.warp_to(start + second);
                stage.would_accept(usdai, &message, form, &signature);
            }
            for second in [20, 21, 1_000_000] {
                stage.town.node.chain.warp_to(start + second);
                stage.refuses(usdai, &message, form, &signature, &late(before), "too late");
            }
            // One second, all seconds, and none.
            stage.town.node.chain.warp_to(start);
            let now = U256::from(start);
            for (after, before) in [(now - U256::ONE, now + U256::ONE), (U256::ZERO, U256::MAX)] {
                let (message, signature) = times(&mut stage, after, before);
                stage.accepts(usdai, &message, form, &signature);
            }
            for (after, before, error) in [
                (now - U256::ONE, now, late(now)),
                (now, now + U256::ONE, early(now)),
                (now, now, early(now)),
                (now + U256::ONE, now - U256::ONE, early(now + U256::ONE)),
                (U256::MAX, U256::MAX, early(U256::MAX)),
                (U256::ZERO, U256::ZERO, late(U256::ZERO)),
            ] {
                let (message, signature) = times(&mut stage, after, before);
                stage.refuses(usdai, &message, form, &signature, &error, "no such second");
            }
        }
    }
}

#[test]
fn a_signature_of_anothers_key_is_refused() {
    let mut stage = Stage::set();
    let (alice, bob) = (stage.alice.clone(), stage.bob.clone());
    for (token, message) in stage.everything(alice.address()) {
        let signature = stage.signed(&bob, token, &message);
        for form in FORMS {
            stage.refuses(token, &message, form, &signature, &message.invalid(bob.address()), "Bob's");
        }
    }
}

#[test]
fn a_malleated_or_malformed_signature_is_nobodys() {
    let mut stage = Stage::set();
    let alice = stage.alice.clone();
    for (token, message) in stage.everything(alice.address()) {
        let good = stage.signed(&alice, token, &message);
        let (r, s, v) = (U256::from_be_slice(&good[..32]), U256::from_be_slice(&good[32..64]), good[64]);
        assert!(s <= ORDER >> 1);
        let with = |r: U256, s: U256, v: u8| [r.to_be_bytes_vec(), s.to_be_bytes_vec(), vec![v]].concat();
        let (half, twin) = (ORDER >> 1, 55 - v);
        let mut wrong = vec![
            with(r, ORDER - s, twin),
            with(r, ORDER - s, v),
            with(r, half + U256::ONE, v),
            with(r, ORDER, v),
            with(r, U256::MAX, v),
            with(r, U256::ZERO, v),
            with(U256::ZERO, s, v),
            with(ORDER, s, v),
            with(U256::MAX, s, v),
            with(U256::ZERO, U256::ZERO, 27),
            with(U256::ZERO, U256::ZERO, 0),
        ];
        wrong.extend([0, 1, 2, 26, 29, 30, 255, v - 27, v + 27].map(|v| with(r, s, v)));
        for signature in wrong {
            for form in FORMS {
                stage.refuses(token, &message, form, &signature, &message.invalid(ZERO), "nobody's");
            }
        }
        // The largest s that counts, and the other parity, are somebody's: not Alice's.
        for signature in [with(r, half, v), with(r, s, twin)] {
            for form in FORMS {
                stage.is_strange(token, &message, form, &signature, "another's");
            }
        }
        for form in FORMS {
            stage.would_accept(token, &message, form, &good);
        }
    }
}

#[test]
fn a_signature_has_65_bytes() {
    let mut stage = Stage::set();
    let alice = stage.alice.clone();
    for (token, message) in stage.everything(alice.address()) {
        let good = stage.signed(&alice, token, &message);
        // ERC-2098's form: the parity is the highest bit of s.
        let mut compact = good[..64].to_vec();
        compact[32] |= (good[64] - 27) << 7;
        let lengths = [0, 1, 32, 63, 64].map(|length| good[..length].to_vec());
        let longer = [good.clone(), vec![0]].concat();
        let twice = [good.clone(), good.clone()].concat();
        for signature in lengths.into_iter().chain([compact, longer, twice, vec![0; 65], vec![0xff; 4_096]]) {
            let what = format!("{} bytes", signature.len());
            stage.refuses(token, &message, Form::Bytes, &signature, &message.invalid(ZERO), &what);
        }
        stage.would_accept(token, &message, Form::Bytes, &good);
    }
}

#[test]
fn a_signature_for_another_chain_or_contract_is_refused() {
    let mut stage = Stage::set();
    let (alice, suite) = (stage.alice.clone(), stage.town.suite);
    let here = stage.town.node.chain.chain_id();
    for (token, message) in stage.everything(alice.address()) {
        let other = if token == suite.usdai { suite.susdai } else { suite.usdai };
        let name = stage.town.read(token, &Erc20::nameCall {});
        let others_name = stage.town.read(other, &Erc20::nameCall {});
        let domain = |name: &str, version: &str, chain_id: u64, contract: Address| {
            eip712_domain! {
                name: Cow::<str>::Owned(name.to_owned()),
                version: Cow::<str>::Owned(version.to_owned()),
                chain_id: chain_id,
                verifying_contract: contract,
            }
        };
        for (elsewhere, what) in [
            (domain(&name, "1", here + 1, token), "the next chain"),
            (domain(&name, "1", 1, token), "Ethereum"),
            (domain(&name, "1", 42_161, token), "Arbitrum One"),
            (domain(&name, "1", 0, token), "no chain"),
            (domain(&others_name, "1", here, other), "the other token"),
            (domain(&name, "1", here, other), "the other token's address"),
            (domain(&others_name, "1", here, token), "the other token's name"),
            (domain(&name, "2", here, token), "another version"),
        ] {
            let signature = sign(&alice, message.digest(&elsewhere));
            for form in FORMS {
                stage.is_strange(token, &message, form, &signature, what);
            }
        }
        let good = sign(&alice, message.digest(&domain(&name, "1", here, token)));
        stage.would_accept(token, &message, Form::Bytes, &good);
    }
}

#[test]
fn a_signature_over_other_words_is_refused() {
    let mut stage = Stage::set();
    let (alice, keeper) = (stage.alice.clone(), stage.town.cast.keeper.address());
    for (token, message) in stage.everything(alice.address()) {
        let signature = stage.signed(&alice, token, &message);
        for altered in message.altered() {
            for form in FORMS {
                stage.is_strange(token, &altered, form, &signature, "other words");
            }
        }
        // Another signer of the same words, even one who would be glad of it.
        let anothers = match message.clone() {
            Message::Permit(it) => Message::Permit(Permit { owner: keeper, ..it }),
            Message::Move(way, it) => Message::Move(way, Authorization { from: keeper, ..it }),
            Message::Cancel(it) => Message::Cancel(CancelAuthorization { authorizer: keeper, ..it }),
        };
        for form in FORMS {
            stage.is_strange(token, &anothers, form, &signature, "another signer");
        }
        // A permit's nonce is not among its arguments: the next one's signature is no good yet.
        if let Message::Permit(permit) = &message {
            for nonce in [permit.nonce + U256::ONE, U256::MAX] {
                let ahead = Message::Permit(Permit { nonce, ..permit.clone() });
                let signature = stage.signed(&alice, token, &ahead);
                stage.is_strange(token, &ahead, Form::Bytes, &signature, "another nonce");
            }
        }
    }
}

#[test]
fn only_the_payee_hands_in_what_it_receives() {
    let mut stage = Stage::set();
    let (alice, bob, usdai) = (stage.alice.clone(), stage.bob.clone(), stage.town.suite.usdai);
    let consumer = stage.town.solidity("Consumer", &[]);
    for form in FORMS {
        for payee in [bob.address(), consumer] {
            let it = stage.authorization(alice.address());
            let message = Message::Move(Way::Receive, Authorization { to: payee, ..it });
            let signature = stage.signed(&alice, usdai, &message);
            let call = message.call(form, &signature);
            for caller in [
                alice.address(),
                stage.town.cast.keeper.address(),
                stage.town.cast.admin.address(),
                usdai,
            ] {
                let refusal = Usdai::ERC3009CallerNotPayee { caller, payee };
                let (town, data) = (&mut stage.town, call.clone());
                town.refuses_raw(caller, usdai, U256::ZERO, data, &refusal.abi_encode(), "not the payee");
            }
            if payee == consumer {
                // A contract pulls: whoever asks it to, the money is its own.
                let held = stage.town.balance(usdai, consumer);
                let pull = Consumer::runCall {
                    kind: 0,
                    target: usdai,
                    data: call.into(),
                };
                stage.town.does(bob.address(), consumer, &pull);
                assert_eq!(stage.town.balance(usdai, consumer) - held, it.value);
            } else {
                stage.accepts(usdai, &message, form, &signature);
            }
        }
    }
}

#[test]
fn an_authorization_that_cannot_be_paid_keeps_its_nonce() {
    let mut stage = Stage::set();
    let (alice, usdai) = (stage.alice.clone(), stage.town.suite.usdai);
    let me = alice.address();
    for form in FORMS {
        let balance = stage.town.balance(usdai, me);
        let it = stage.authorization(me);
        let value = balance + U256::ONE;
        let message = Message::Move(Way::Transfer, Authorization { value, ..it });
        let signature = stage.signed(&alice, usdai, &message);
        let short = refusals::ERC20InsufficientBalance {
            sender: me,
            balance,
            needed: value,
        };
        stage.refuses(usdai, &message, form, &signature, &short.abi_encode(), "too much");
        let state = Usdai::authorizationStateCall {
            authorizer: me,
            nonce: it.nonce,
        };
        assert!(!stage.town.read(usdai, &state));
        stage.town.give_usdai(me, 1);
        stage.accepts(usdai, &message, form, &signature);

        stage.town.give_usdai(me, 100);
        let it = stage.authorization(me);
        let message = Message::Move(Way::Transfer, Authorization { to: ZERO, ..it });
        let signature = stage.signed(&alice, usdai, &message);
        let nobody = refusals::ERC20InvalidReceiver { receiver: ZERO };
        stage.refuses(usdai, &message, form, &signature, &nobody.abi_encode(), "to nobody");
    }
}

#[test]
fn nobody_signs_for_the_zero_address() {
    let mut stage = Stage::set();
    for (token, message) in stage.everything(ZERO) {
        for signature in [vec![0; 65], [vec![0; 64], vec![27]].concat()] {
            for form in FORMS {
                stage.refuses(token, &message, form, &signature, &message.invalid(ZERO), "nobody's");
            }
        }
        stage.refuses(token, &message, Form::Bytes, &[], &message.invalid(ZERO), "nobody's");
    }
}

/// A wallet of Alice's with 1,000 of each token.
fn wallet_with_money(stage: &mut Stage, name: &str, arguments: &[u8]) -> Address {
    let wallet = stage.town.solidity(name, arguments);
    stage.town.give_usdai(wallet, 1_000);
    stage.town.give_susdai(wallet, 1_000);
    wallet
}

#[test]
fn a_wallet_signs_by_its_owners_key() {
    let mut stage = Stage::set();
    let (alice, bob) = (stage.alice.clone(), stage.bob.clone());
    let wallet = wallet_with_money(&mut stage, "Wallet", &alice.address().abi_encode());
    for form in FORMS {
        for (token, message) in stage.everything(wallet) {
            let bobs = stage.signed(&bob, token, &message);
            stage.refuses(token, &message, form, &bobs, &message.invalid(bob.address()), "Bob's");
            let signature = stage.signed(&alice, token, &message);
            for altered in message.altered() {
                stage.is_strange(token, &altered, form, &signature, "other words");
            }
            stage.accepts(token, &message, form, &signature);
            let again = stage.hand_in(token, &message, form, &signature).expect_err("a second time");
            if matches!(message, Message::Permit(_)) {
                assert!(again.is::<refusals::ERC2612InvalidSigner>(), "{again}");
            } else {
                assert!(again.is::<Usdai::ERC3009NonceSpent>(), "{again}");
            }
        }
    }
    // Alice's signature for her wallet is none for herself, and the other way round.
    for (token, message) in stage.everything(alice.address()) {
        let for_wallet = match message.clone() {
            Message::Permit(it) => Message::Permit(Permit { owner: wallet, ..it }),
            Message::Move(way, it) => Message::Move(way, Authorization { from: wallet, ..it }),
            Message::Cancel(it) => Message::Cancel(CancelAuthorization { authorizer: wallet, ..it }),
        };
        let (own, wallets) = (stage.signed(&alice, token, &message), stage.signed(&alice, token, &for_wallet));
        stage.is_strange(token, &message, Form::Bytes, &wallets, "the wallet's");
        stage.is_strange(token, &for_wallet, Form::Bytes, &own, "Alice's own");
    }
}

/// A contract's word counts if it is the magic, alone in a word or before more; everything else is refused by name, whatever it burns.
#[test]
fn a_wallets_wrong_answers_are_refused_by_name() {
    let mut stage = Stage::set();
    let bob = stage.bob.clone();
    let wallet = wallet_with_money(&mut stage, "HostileWallet", &[]);
    for (mode, what) in (0u8..).zip(MODES) {
        stage.town.does(bob.address(), wallet, &Wallets::setModeCall { mode });
        for (token, message) in stage.everything(wallet) {
            for form in FORMS {
                let signature = stage.signed(&bob, token, &message);
                if matches!(what, "agrees" | "another word after the answer") {
                    stage.would_accept(token, &message, form, &signature);
                } else {
                    stage.refuses(token, &message, form, &signature, &message.invalid(bob.address()), what);
                }
            }
            let any = b"any words";
            match what {
                "agrees" | "another word after the answer" => stage.would_accept(token, &message, Form::Bytes, any),
                _ => stage.refuses(token, &message, Form::Bytes, any, &message.invalid(ZERO), what),
            }
        }
    }
}

/// While a wallet is asked, it may change nothing anywhere, and the token that asks does not answer it.
#[test]
fn a_wallet_that_re_enters_changes_nothing() {
    let mut stage = Stage::set();
    let bob = stage.bob.address();
    let wallet = wallet_with_money(&mut stage, "HostileWallet", &[]);
    let (usdai, susdai) = (stage.town.suite.usdai, stage.town.suite.susdai);
    stage.town.does(
        wallet,
        usdai,
        &Erc20::approveCall {
            spender: susdai,
            value: wad(5),
        },
    );
    let (to, value) = (bob, wad(1));
    let deep = stage.permit(usdai, wallet).call(Form::Bytes, b"any words");
    let ambushes = [
        Erc20::transferCall { to, value }.abi_encode(),
        Erc20::approveCall { spender: to, value }.abi_encode(),
        deep,
        Erc20::noncesCall { owner: wallet }.abi_encode(),
        Erc20::totalSupplyCall {}.abi_encode(),
    ];
    stage.town.does(bob, wallet, &Wallets::setModeCall { mode: REENTER });
    for ambush in &ambushes {
        let asks = ambush.starts_with(&Erc20::noncesCall::SELECTOR) || ambush.starts_with(&Erc20::totalSupplyCall::SELECTOR);
        for target in [usdai, susdai] {
            let data = ambush.clone().into();
            stage.town.does(bob, wallet, &Wallets::setAmbushCall { target, data });
            for (token, message) in stage.everything(wallet) {
                // It agrees only if its ambush failed, and what happened then is what was signed and no more.
                if asks && target != token {
                    let answered = message.invalid(ZERO);
                    stage.refuses(token, &message, Form::Bytes, b"any words", &answered, "the other token answers");
                } else {
                    stage.would_accept(token, &message, Form::Bytes, b"any words");
                }
            }
        }
    }
    // At any other moment each of these works.
    stage.town.does(bob, wallet, &Wallets::setModeCall { mode: 0 });
    for ambush in ambushes {
        let receipt = stage.town.scene(|town| town.raw(wallet, usdai, U256::ZERO, ambush));
        assert!(receipt.success, "{receipt:?}");
    }
}

/// An account that lent itself code (EIP-7702) still has its key; its code may sign besides, and cannot take the key's word back.
#[test]
fn an_account_with_code_signs_by_its_key() {
    let mut stage = Stage::set();
    let (alice, bob) = (stage.alice.clone(), stage.bob.clone());
    let me = alice.address();
    let refusing = stage.town.solidity("HostileWallet", &[]);
    let bobs_wallet = stage.town.solidity("Wallet", &bob.address().abi_encode());
    for delegate in [refusing, bobs_wallet] {
        let delegation = [&[0xef, 0x01, 0x00], delegate.as_slice()].concat();
        let code = stage.town.node.chain.code(delegate);
        for code in [delegation, code.to_vec()] {
            stage.town.node.chain.set_code(me, code);
            if delegate == refusing {
                stage.town.does(bob.address(), me, &Wallets::setModeCall { mode: 1 });
            }
            let answer = stage.town.node.chain.view(
                bob.address(),
                me,
                Wallets::isValidSignatureCall {
                    hash: B256::ZERO,
                    signature: vec![].into(),
                }
                .abi_encode(),
            );
            assert!(answer.success && !answer.output.starts_with(&Wallets::isValidSignatureCall::SELECTOR));
            for (token, message) in stage.everything(me) {
                let (own, bobs) = (stage.signed(&alice, token, &message), stage.signed(&bob, token, &message));
                for form in FORMS {
                    stage.would_accept(token, &message, form, &own);
                    if delegate == bobs_wallet {
                        stage.would_accept(token, &message, form, &bobs);
                    } else {
                        stage.refuses(token, &message, form, &bobs, &message.invalid(bob.address()), "Bob's");
                    }
                }
            }
        }
    }
}

#[test]
fn the_domain_can_be_rebuilt_from_what_the_token_says() {
    let mut stage = Stage::set();
    let usdai = stage.town.suite.usdai;
    let said = stage.town.read(usdai, &Usdai::eip712DomainCall {});
    assert_eq!(said.fields, FixedBytes([0b0_1111]), "name, version, chain and contract");
    assert_eq!((said.salt, said.extensions.as_slice()), (B256::ZERO, &[][..]));
    assert_eq!(said.name, stage.town.read(usdai, &Erc20::nameCall {}));
    assert_eq!(said.chainId, U256::from(stage.town.node.chain.chain_id()));
    assert_eq!(said.verifyingContract, usdai);
    let words = (
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256(&said.name),
        keccak256(&said.version),
        said.chainId,
        said.verifyingContract,
    );
    let separator = keccak256(words.abi_encode());
    assert_eq!(stage.town.read(usdai, &Erc20::DOMAIN_SEPARATORCall {}), separator);
    // And it is what is signed for.
    assert_eq!(stage.domain(usdai).separator(), separator);
    for (said, text) in [
        (
            stage.town.read(usdai, &Usdai::TRANSFER_WITH_AUTHORIZATION_TYPEHASHCall {}),
            TransferWithAuthorization::eip712_root_type(),
        ),
        (
            stage.town.read(usdai, &Usdai::RECEIVE_WITH_AUTHORIZATION_TYPEHASHCall {}),
            ReceiveWithAuthorization::eip712_root_type(),
        ),
        (
            stage.town.read(usdai, &Usdai::CANCEL_AUTHORIZATION_TYPEHASHCall {}),
            CancelAuthorization::eip712_root_type(),
        ),
    ] {
        assert_eq!(said, keccak256(text.as_bytes()));
    }
}

/// Every id that USDai claims, from the signatures that the standards list.
#[test]
fn interface_ids_are_those_of_the_standards_signatures() {
    let mut stage = Stage::set();
    let usdai = stage.town.suite.usdai;
    let id_of = |signatures: &[&str]| {
        let selectors = signatures
            .iter()
            .map(|signature| FixedBytes::<4>::from_slice(&keccak256(signature)[..4]));
        selectors.fold(FixedBytes::ZERO, |id, selector| id ^ selector)
    };
    let standards: [(&str, &[&str]); 6] = [
        ("ERC-165", &["supportsInterface(bytes4)"]),
        (
            "ERC-20",
            &[
                "totalSupply()",
                "balanceOf(address)",
                "transfer(address,uint256)",
                "allowance(address,address)",
                "approve(address,uint256)",
                "transferFrom(address,address,uint256)",
            ],
        ),
        ("ERC-20's metadata", &["name()", "symbol()", "decimals()"]),
        (
            "ERC-2612",
            &[
                "permit(address,address,uint256,uint256,uint8,bytes32,bytes32)",
                "nonces(address)",
                "DOMAIN_SEPARATOR()",
            ],
        ),
        ("ERC-5267", &["eip712Domain()"]),
        (
            "ERC-3009",
            &[
                "authorizationState(address,bytes32)",
                "transferWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
                "receiveWithAuthorization(address,address,uint256,uint256,uint256,bytes32,uint8,bytes32,bytes32)",
            ],
        ),
    ];
    let claims = |stage: &mut Stage, id| stage.town.read(usdai, &Erc165::supportsInterfaceCall { id });
    for (standard, signatures) in standards {
        assert!(claims(&mut stage, id_of(signatures)), "{standard}");
    }
    for (what, id) in [
        ("the invalid id", FixedBytes([0xff; 4])),
        ("no id", FixedBytes::ZERO),
        ("ERC-1271", id_of(&["isValidSignature(bytes32,bytes)"])),
        ("ERC-4626's asset", id_of(&["asset()"])),
        (
            "ERC-3009's cancellation",
            id_of(&["cancelAuthorization(address,bytes32,uint8,bytes32,bytes32)"]),
        ),
    ] {
        assert!(!claims(&mut stage, id), "{what}");
    }
}
