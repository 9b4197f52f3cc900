//! Operators by signature (ERC-7741), on the vault's WASM: by keys and by contracts (ERC-1271); once, in time, for one controller, one
//! operator, one vault and one chain.

use std::borrow::Cow;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{eip712_domain, Eip712Domain, SolStruct, SolValue};
use scenarios::{
    abi::{AuthorizeOperator, Vault},
    erc20::Signed,
    hands::{n, wad},
    refusals,
    usdai_cli::node::Person,
    Town,
};

struct Stage {
    town: Town,
    vault: Address,
    alice: Person,
    operator: Address,
}

impl Stage {
    fn set() -> Self {
        let mut town = Town::deployed();
        let (alice, operator) = (town.cast.depositor.clone(), town.cast.keeper.address());
        town.give_susdai(alice.address(), 1_000);
        Self {
            vault: town.suite.susdai,
            town,
            alice,
            operator,
        }
    }

    /// What Alice, or a wallet of hers, signs.
    fn message(&self, controller: Address) -> AuthorizeOperator {
        AuthorizeOperator {
            controller,
            operator: self.operator,
            approved: true,
            nonce: B256::repeat_byte(0x5a),
            deadline: self.town.now() + n(3_600),
        }
    }

    fn signed(&mut self, who: &Person, message: &AuthorizeOperator) -> Vec<u8> {
        self.town.sign(who, self.vault, message).bytes()
    }

    fn hand_in(message: &AuthorizeOperator, signature: Vec<u8>) -> Vault::authorizeOperatorCall {
        Vault::authorizeOperatorCall {
            controller: message.controller,
            operator: message.operator,
            approved: message.approved,
            nonce: message.nonce,
            deadline: message.deadline,
            signature: signature.into(),
        }
    }

    fn accepts(&mut self, message: &AuthorizeOperator, signature: Vec<u8>) {
        let anybody = self.town.stranger.address();
        assert!(self.town.does(anybody, self.vault, &Self::hand_in(message, signature)));
    }

    fn refuses(&mut self, message: &AuthorizeOperator, signature: Vec<u8>, error: &impl alloy_sol_types::SolError) {
        let anybody = self.town.stranger.address();
        self.town.refuses_as(anybody, self.vault, &Self::hand_in(message, signature), error);
    }

    /// Refused: whoever else would have signed these words is not the controller.
    fn is_strange(&mut self, message: &AuthorizeOperator, signature: Vec<u8>, domain: &Eip712Domain, what: &str) {
        let digest = message.eip712_signing_hash(domain);
        let parity = signature[64] == 28;
        let by = alloy_primitives::Signature::from_bytes_and_parity(&signature[..64], parity);
        let signer = by.recover_address_from_prehash(&digest).expect("a signature has a signer");
        assert_ne!(signer, message.controller, "{what}");
        let error = refusals::InvalidAuthorizationSigner {
            signer,
            controller: message.controller,
        };
        self.refuses(message, signature, &error);
    }

    fn operates(&mut self, controller: Address) -> bool {
        let (vault, operator) = (self.vault, self.operator);
        self.town.read(vault, &Vault::isOperatorCall { controller, operator })
    }

    /// The operator asks for `controller` to leave.
    fn request(controller: Address) -> Vault::requestRedeemCall {
        Vault::requestRedeemCall {
            shares: wad(1),
            controller,
            owner: controller,
        }
    }
}

#[test]
fn a_signature_makes_an_operator_once_and_another_ends_it() {
    let mut stage = Stage::set();
    let (alice, me, vault, operator) = (stage.alice.clone(), stage.alice.address(), stage.vault, stage.operator);
    let message = stage.message(me);
    let refused = refusals::NotControllerOrOperator {
        caller: operator,
        controller: me,
    };
    stage.town.refuses_as(operator, vault, &Stage::request(me), &refused);
    let signature = stage.signed(&alice, &message);
    stage.accepts(&message, signature.clone());
    assert!(stage.operates(me));
    stage.town.does(operator, vault, &Stage::request(me));
    let used = refusals::AuthorizationNonceUsed {
        controller: me,
        nonce: message.nonce,
    };
    stage.refuses(&message, signature, &used);
    // Its end needs a nonce of its own.
    let end = AuthorizeOperator {
        approved: false,
        ..message.clone()
    };
    let signature = stage.signed(&alice, &end);
    stage.refuses(&end, signature, &used);
    let end = AuthorizeOperator {
        nonce: B256::repeat_byte(0x5b),
        ..end
    };
    let signature = stage.signed(&alice, &end);
    stage.accepts(&end, signature);
    assert!(!stage.operates(me));
    stage.town.refuses_as(operator, vault, &Stage::request(me), &refused);
}

#[test]
fn a_signature_is_for_its_words_its_vault_and_its_chain_alone() {
    let mut stage = Stage::set();
    let (alice, vault) = (stage.alice.clone(), stage.vault);
    let message = stage.message(alice.address());
    let signature = stage.signed(&alice, &message);
    let here = stage.town.domain(vault);
    let other = stage.town.stranger.address();
    let altered = [
        AuthorizeOperator {
            controller: other,
            ..message.clone()
        },
        AuthorizeOperator {
            operator: other,
            ..message.clone()
        },
        AuthorizeOperator {
            approved: false,
            ..message.clone()
        },
        AuthorizeOperator {
            nonce: B256::ZERO,
            ..message.clone()
        },
        AuthorizeOperator {
            deadline: message.deadline + U256::ONE,
            ..message.clone()
        },
    ];
    for altered in altered {
        stage.is_strange(&altered, signature.clone(), &here, "other words");
    }
    // Signed for USDai, and for the same vault on another chain.
    let chain = stage.town.node.chain.chain_id();
    let domain = |name: &'static str, chain_id: u64, verifying_contract: Address| {
        eip712_domain! {
            name: Cow::<str>::Borrowed(name),
            version: "1",
            chain_id: chain_id,
            verifying_contract: verifying_contract,
        }
    };
    let usdai = stage.town.suite.usdai;
    for elsewhere in [
        domain("Staked USDai", chain + 1, vault),
        domain("Staked USDai", chain, usdai),
        domain("USDai", chain, vault),
    ] {
        let signature = Signed::by(&alice, message.eip712_signing_hash(&elsewhere)).bytes();
        stage.is_strange(&message, signature, &here, "another domain");
    }
    stage.accepts(&message, signature);
}

#[test]
fn time_and_the_controller_void_a_signature() {
    let mut stage = Stage::set();
    let (alice, me, vault) = (stage.alice.clone(), stage.alice.address(), stage.vault);
    let message = stage.message(me);
    let signature = stage.signed(&alice, &message);
    // The deadline itself is in time; the next second is not.
    stage.town.node.chain.warp_to(message.deadline.to());
    stage.town.scene(|town| {
        let anybody = town.stranger.address();
        assert!(town.does(anybody, vault, &Stage::hand_in(&message, signature.clone())));
    });
    stage.town.node.chain.advance(1);
    let late = refusals::AuthorizationExpired {
        deadline: message.deadline,
    };
    stage.refuses(&message, signature, &late);

    let message = stage.message(me);
    let signature = stage.signed(&alice, &message);
    let state = Vault::authorizationsCall {
        controller: me,
        nonce: message.nonce,
    };
    assert!(!stage.town.read(vault, &state));
    stage.town.does(me, vault, &Vault::invalidateNonceCall { nonce: message.nonce });
    assert!(stage.town.read(vault, &state));
    let used = refusals::AuthorizationNonceUsed {
        controller: me,
        nonce: message.nonce,
    };
    stage.refuses(&message, signature, &used);
    let again = Vault::invalidateNonceCall { nonce: message.nonce };
    stage.town.refuses_as(me, vault, &again, &used);
    // Another's nonce of the same number is his.
    let other = stage.town.stranger.address();
    stage.town.does(other, vault, &Vault::invalidateNonceCall { nonce: message.nonce });
}

#[test]
fn a_wallet_signs_by_its_owners_key() {
    let mut stage = Stage::set();
    let alice = stage.alice.clone();
    let wallet = stage.town.solidity("Wallet", &alice.address().abi_encode());
    stage.town.give_susdai(wallet, 10);
    let message = stage.message(wallet);
    let bob = stage.town.stranger.clone();
    let signature = stage.signed(&bob, &message);
    let bobs = refusals::InvalidAuthorizationSigner {
        signer: bob.address(),
        controller: wallet,
    };
    stage.refuses(&message, signature, &bobs);
    let signature = stage.signed(&alice, &message);
    stage.accepts(&message, signature);
    assert!(stage.operates(wallet) && !stage.operates(alice.address()));
    let (operator, vault) = (stage.operator, stage.vault);
    stage.town.does(operator, vault, &Stage::request(wallet));
}

#[test]
fn nobody_is_made_an_operator_of_or_by_nobody() {
    let mut stage = Stage::set();
    let alice = stage.alice.clone();
    let message = AuthorizeOperator {
        operator: Address::ZERO,
        ..stage.message(alice.address())
    };
    let signature = stage.signed(&alice, &message);
    stage.refuses(&message, signature, &refusals::ZeroAddress {});
    let message = stage.message(Address::ZERO);
    for signature in [vec![0; 65], vec![]] {
        let nobodys = refusals::InvalidAuthorizationSigner {
            signer: Address::ZERO,
            controller: Address::ZERO,
        };
        stage.refuses(&message, signature, &nobodys);
    }
}
