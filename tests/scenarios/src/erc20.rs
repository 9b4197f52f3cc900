//! What USDai and sUSDai have in common: an ERC-20 with permits, and everything that it has to refuse.

#![allow(clippy::too_many_lines, reason = "a list of refusals is as long as what can go wrong")]

use std::borrow::Cow;

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{eip712_domain, Eip712Domain, SolStruct};
use stylus_chain::accounts::DevAccount;
use usdai_cli::node::Person;

use crate::{
    abi::{Erc20, Permit},
    refusals, Town,
};

/// A signature.
#[derive(Clone, Copy, Debug)]
pub struct Signed {
    /// 27 or 28.
    pub v: u8,
    /// r.
    pub r: B256,
    /// s.
    pub s: B256,
}

impl Signed {
    /// `who`'s signature of `digest`.
    ///
    /// # Panics
    /// If the key cannot sign.
    #[must_use]
    pub fn by(who: &Person, digest: B256) -> Self {
        let account = DevAccount::from_key(who.signer.to_bytes()).expect("a person has a key");
        let signature = account.sign(digest).expect("a key signs");
        Self {
            v: 27 + u8::from(signature.v()),
            r: signature.r().into(),
            s: signature.s().into(),
        }
    }

    /// r, s and v as one.
    #[must_use]
    pub fn bytes(&self) -> Vec<u8> {
        [self.r.as_slice(), self.s.as_slice(), &[self.v]].concat()
    }
}

impl Town {
    /// The EIP-712 domain of `token`, version 1.
    pub fn domain(&mut self, token: Address) -> Eip712Domain {
        let name = self.read(token, &Erc20::nameCall {});
        eip712_domain! {
            name: Cow::<str>::Owned(name),
            version: "1",
            chain_id: self.node.chain.chain_id(),
            verifying_contract: token,
        }
    }

    /// `who`'s signature over `message` for `token`.
    ///
    /// # Panics
    /// If the key cannot sign.
    pub fn sign(&mut self, who: &Person, token: Address, message: &impl SolStruct) -> Signed {
        let domain = self.domain(token);
        Signed::by(who, message.eip712_signing_hash(&domain))
    }

    /// Everything that can be refused of an ERC-20 with permits, at `token` of which `holder` has some: USDai and sUSDai alike.
    ///
    /// # Panics
    /// If one of it is not refused as it should be.
    pub fn refuses_bad_erc20_calls(&mut self, token: Address, holder: &Person) {
        let (me, other) = (holder.address(), self.stranger.address());
        let held = self.balance(token, me);
        assert!(!held.is_zero(), "the holder holds something");
        let short = |needed| refusals::ERC20InsufficientBalance {
            sender: me,
            balance: held,
            needed,
        };
        let zero = Address::ZERO;
        for needed in [held + U256::ONE, U256::MAX] {
            self.refuses(holder, token, &Erc20::transferCall { to: other, value: needed }, &short(needed));
            self.refuses(holder, token, &Erc20::transferCall { to: me, value: needed }, &short(needed));
        }
        for value in [U256::ZERO, U256::ONE] {
            let nobody = refusals::ERC20InvalidReceiver { receiver: zero };
            self.refuses(holder, token, &Erc20::transferCall { to: zero, value }, &nobody);
            let approve = Erc20::approveCall { spender: zero, value };
            self.refuses(holder, token, &approve, &refusals::ERC20InvalidSpender { spender: zero });
        }
        // On an allowance.
        let stranger = self.stranger.clone();
        let take = |from, to, value| Erc20::transferFromCall { from, to, value };
        let refusal = |allowance, needed| refusals::ERC20InsufficientAllowance {
            spender: other,
            allowance,
            needed,
        };
        for value in [U256::ONE, U256::MAX] {
            self.refuses(&stranger, token, &take(me, other, value), &refusal(U256::ZERO, value));
        }
        self.refuses(
            &stranger,
            token,
            &take(zero, other, U256::ZERO),
            &refusals::ERC20InvalidSender { sender: zero },
        );
        self.does(
            me,
            token,
            &Erc20::approveCall {
                spender: other,
                value: U256::from(5),
            },
        );
        self.refuses(
            &stranger,
            token,
            &take(me, other, U256::from(6)),
            &refusal(U256::from(5), U256::from(6)),
        );
        self.refuses(
            &stranger,
            token,
            &take(me, zero, U256::ONE),
            &refusals::ERC20InvalidReceiver { receiver: zero },
        );
        assert!(self.does(other, token, &take(me, other, U256::from(5))));
        self.refuses(&stranger, token, &take(me, other, U256::ONE), &refusal(U256::ZERO, U256::ONE));
        self.does(
            me,
            token,
            &Erc20::approveCall {
                spender: other,
                value: U256::MAX,
            },
        );
        self.refuses(
            &stranger,
            token,
            &take(me, other, held),
            &refusals::ERC20InsufficientBalance {
                sender: me,
                balance: held - U256::from(5),
                needed: held,
            },
        );
        self.does(
            other,
            token,
            &Erc20::transferCall {
                to: me,
                value: U256::from(5),
            },
        );
        self.does(
            me,
            token,
            &Erc20::approveCall {
                spender: other,
                value: U256::ZERO,
            },
        );
        // To oneself: allowed, and worth nothing.
        assert!(self.does(me, token, &Erc20::transferCall { to: me, value: held }));
        assert_eq!(self.balance(token, me), held);
    }

    /// Everything that can be wrong with a permit of `token`, and one that is right, once.
    ///
    /// # Panics
    /// If a wrong one is accepted or refused in other words, or the right one is refused.
    pub fn refuses_bad_permits(&mut self, token: Address, holder: &Person) {
        let (me, spender, stranger) = (holder.address(), self.stranger.address(), self.stranger.clone());
        let (value, now) = (U256::from(77), self.now());
        let nonce = self.read(token, &Erc20::noncesCall { owner: me });
        let signed = Permit {
            owner: me,
            spender,
            value,
            nonce,
            deadline: now,
        };
        let call = |permit: &Permit, signature: Signed| Erc20::permitCall {
            owner: permit.owner,
            spender: permit.spender,
            value: permit.value,
            deadline: permit.deadline,
            v: signature.v,
            r: signature.r,
            s: signature.s,
        };
        let good = self.sign(holder, token, &signed);
        // A contract cannot know whose signature it is when the words differ: some address comes out, never the owner's.
        let strange = |town: &mut Self, what: &str, call: Erc20::permitCall| {
            let before = town.node.chain.fingerprint(&[spender]);
            let refusal = town.attempt(spender, token, &call).expect_err(what);
            let error = refusal
                .error::<refusals::ERC2612InvalidSigner>()
                .unwrap_or_else(|| panic!("{what}: {refusal}"));
            assert_eq!(error.owner, call.owner, "{what}");
            assert_ne!(error.signer, call.owner, "{what}");
            assert_eq!(before, town.node.chain.fingerprint(&[spender]), "{what}");
        };
        strange(
            self,
            "more than was signed",
            call(
                &Permit {
                    value: U256::MAX,
                    ..signed.clone()
                },
                good,
            ),
        );
        strange(
            self,
            "another spender",
            call(
                &Permit {
                    spender: token,
                    ..signed.clone()
                },
                good,
            ),
        );
        strange(
            self,
            "a later deadline",
            call(
                &Permit {
                    deadline: U256::MAX,
                    ..signed.clone()
                },
                good,
            ),
        );
        strange(
            self,
            "another owner",
            call(
                &Permit {
                    owner: spender,
                    ..signed.clone()
                },
                good,
            ),
        );
        for wrong in [nonce + U256::ONE, U256::MAX] {
            let signature = self.sign(
                holder,
                token,
                &Permit {
                    nonce: wrong,
                    ..signed.clone()
                },
            );
            strange(self, "another nonce", call(&signed, signature));
        }
        let elsewhere = if token == self.suite.usdai {
            self.suite.susdai
        } else {
            self.suite.usdai
        };
        let signature = self.sign(holder, elsewhere, &signed);
        strange(self, "another token's domain", call(&signed, signature));

        let nobody = refusals::ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: me,
        };
        let order = U256::from_limbs([0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, u64::MAX - 1, u64::MAX]);
        let mirrored = Signed {
            v: 55 - good.v,
            s: (order - U256::from_be_bytes(good.s.0)).into(),
            ..good
        };
        self.refuses(&stranger, token, &call(&signed, mirrored), &nobody);
        for v in [0, 1, 26, 29, 255] {
            self.refuses(&stranger, token, &call(&signed, Signed { v, ..good }), &nobody);
        }
        let none = Signed {
            v: 27,
            r: B256::ZERO,
            s: B256::ZERO,
        };
        self.refuses(&stranger, token, &call(&signed, none), &nobody);
        let of_nobody = Permit {
            owner: Address::ZERO,
            ..signed.clone()
        };
        let refusal = refusals::ERC2612InvalidSigner {
            signer: Address::ZERO,
            owner: Address::ZERO,
        };
        self.refuses(&stranger, token, &call(&of_nobody, none), &refusal);

        let to_nobody = Permit {
            spender: Address::ZERO,
            ..signed.clone()
        };
        let signature = self.sign(holder, token, &to_nobody);
        self.refuses(
            &stranger,
            token,
            &call(&to_nobody, signature),
            &refusals::ERC20InvalidSpender { spender: Address::ZERO },
        );
        for deadline in [U256::ZERO, now - U256::ONE] {
            let late = Permit {
                deadline,
                ..signed.clone()
            };
            let signature = self.sign(holder, token, &late);
            self.refuses(
                &stranger,
                token,
                &call(&late, signature),
                &refusals::ERC2612ExpiredSignature { deadline },
            );
        }

        // In its last second, by anybody, once.
        self.does(spender, token, &call(&signed, good));
        assert_eq!(self.read(token, &Erc20::allowanceCall { owner: me, spender }), value);
        assert_eq!(self.read(token, &Erc20::noncesCall { owner: me }), nonce + U256::ONE);
        strange(self, "a second time", call(&signed, good));
        self.node.chain.advance(1);
        self.refuses(
            &stranger,
            token,
            &call(&signed, good),
            &refusals::ERC2612ExpiredSignature { deadline: now },
        );
        self.does(
            me,
            token,
            &Erc20::approveCall {
                spender,
                value: U256::ZERO,
            },
        );
    }
}
