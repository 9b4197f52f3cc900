//! What appraisers and attestors sign and anybody posts, on CALIBER's WASM: by keys and by contracts (ERC-1271), and every way in which a
//! notice is none.

use alloy_primitives::{keccak256, Address, B256, U256};
use alloy_sol_types::{sol, Eip712Domain, SolCall, SolStruct};
use scenarios::{
    abi::{Caliber, Router},
    erc20::Signed,
    hands::{n, wad},
    refusals,
    usdai_cli::{node::Person, protocol::suite::id},
    Town,
};

sol! {
    #[derive(Debug)]
    struct Appraisal {
        uint256 receipt;
        uint256 value;
        uint256 appraisedAt;
        uint256 nonce;
        uint256 deadline;
    }

    #[derive(Debug)]
    struct InsuranceNotice {
        uint256 receipt;
        uint256 insuredValue;
        uint256 insuredUntil;
        uint256 attestedAt;
        uint256 nonce;
        uint256 deadline;
    }

    #[derive(Debug)]
    interface Wallets {
        function setMode(uint8 mode) external;
    }
}

/// The order of secp256k1.
const ORDER: U256 = U256::from_limbs([0xbfd2_5e8c_d036_4141, 0xbaae_dce6_af48_a03b, u64::MAX - 1, u64::MAX]);

/// What is signed, and by whom it is said to be.
#[derive(Clone, Debug)]
enum Notice {
    Value(Address, Appraisal),
    Cover(Address, InsuranceNotice),
}

impl Notice {
    fn digest(&self, domain: &Eip712Domain) -> B256 {
        match self {
            Self::Value(_, it) => it.eip712_signing_hash(domain),
            Self::Cover(_, it) => it.eip712_signing_hash(domain),
        }
    }

    fn signer(&self) -> Address {
        match self {
            Self::Value(signer, _) | Self::Cover(signer, _) => *signer,
        }
    }

    fn call(&self, signature: &[u8]) -> Vec<u8> {
        let signature = signature.to_vec().into();
        match self.clone() {
            Self::Value(appraiser, it) => Caliber::postAppraisalCall {
                appraiser,
                receipt: it.receipt,
                value: it.value,
                appraisedAt: it.appraisedAt,
                nonce: it.nonce,
                deadline: it.deadline,
                signature,
            }
            .abi_encode(),
            Self::Cover(attestor, it) => Caliber::postInsuranceCall {
                attestor,
                receipt: it.receipt,
                insuredValue: it.insuredValue,
                insuredUntil: it.insuredUntil,
                attestedAt: it.attestedAt,
                nonce: it.nonce,
                deadline: it.deadline,
                signature,
            }
            .abi_encode(),
        }
    }

    /// All that differs from it in one word, on the same live receipts and within its time.
    fn altered(&self, other: U256) -> Vec<Self> {
        let one = U256::ONE;
        match self.clone() {
            Self::Value(who, it) => vec![
                Appraisal {
                    receipt: other,
                    ..it.clone()
                },
                Appraisal {
                    value: it.value + one,
                    ..it.clone()
                },
                Appraisal {
                    appraisedAt: it.appraisedAt - one,
                    ..it.clone()
                },
                Appraisal {
                    nonce: it.nonce + one,
                    ..it.clone()
                },
                Appraisal {
                    deadline: it.deadline + one,
                    ..it
                },
            ]
            .into_iter()
            .map(|it| Self::Value(who, it))
            .collect(),
            Self::Cover(who, it) => vec![
                InsuranceNotice {
                    receipt: other,
                    ..it.clone()
                },
                InsuranceNotice {
                    insuredValue: it.insuredValue + one,
                    ..it.clone()
                },
                InsuranceNotice {
                    insuredUntil: it.insuredUntil + one,
                    ..it.clone()
                },
                InsuranceNotice {
                    attestedAt: it.attestedAt - one,
                    ..it.clone()
                },
                InsuranceNotice {
                    nonce: it.nonce + one,
                    ..it.clone()
                },
                InsuranceNotice {
                    deadline: it.deadline + one,
                    ..it
                },
            ]
            .into_iter()
            .map(|it| Self::Cover(who, it))
            .collect(),
        }
    }
}

/// A town with two receipts, an hour old.
struct Stage {
    town: Town,
    caliber: Address,
    receipts: [U256; 2],
    nonces: u64,
}

impl Stage {
    fn set() -> Self {
        let mut town = Town::deployed();
        let (agent, caliber) = (town.cast.agent.address(), town.suite.caliber);
        let receipts = ["a", "b"].map(|lot| {
            let issue = Caliber::issueCall {
                owner: town.cast.borrower.address(),
                hardwareClass: id("H100-SXM5-80G"),
                units: n(8),
                manifestHash: keccak256(lot),
                agreementHash: keccak256("agreement"),
                agreementUri: "ipfs://agreement".into(),
                custodian: town.cast.custodian.address(),
                appraisal: wad(100_000),
                insuredValue: n(0),
                insuredUntil: n(0),
            };
            town.does(agent, caliber, &issue)
        });
        town.node.chain.advance(3_600);
        Self {
            town,
            caliber,
            receipts,
            nonces: 0,
        }
    }

    /// A notice of a value and one of cover, made a minute ago, good for an hour.
    fn notices(&mut self, appraiser: Address, attestor: Address) -> [Notice; 2] {
        let (receipt, now) = (self.receipts[0], self.town.now());
        self.nonces += 2;
        let (at, deadline) = (now - n(60), now + n(3_600));
        [
            Notice::Value(
                appraiser,
                Appraisal {
                    receipt,
                    value: wad(90_000),
                    appraisedAt: at,
                    nonce: U256::from(self.nonces),
                    deadline,
                },
            ),
            Notice::Cover(
                attestor,
                InsuranceNotice {
                    receipt,
                    insuredValue: wad(110_000),
                    insuredUntil: now + n(86_400),
                    attestedAt: at,
                    nonce: (n(1) << 200) + U256::from(self.nonces),
                    deadline,
                },
            ),
        ]
    }

    fn signed(&mut self, who: &Person, notice: &Notice) -> Vec<u8> {
        let domain = self.town.domain(self.caliber);
        Signed::by(who, notice.digest(&domain)).bytes()
    }

    fn refuses(&mut self, notice: &Notice, signature: &[u8], error: &impl alloy_sol_types::SolError, what: &str) {
        let anybody = self.town.stranger.address();
        let data = notice.call(signature);
        self.town
            .refuses_raw(anybody, self.caliber, U256::ZERO, data, &error.abi_encode(), what);
    }

    /// That it is refused as signed by `signer`, who may be nobody, or by somebody whom nobody knows.
    fn is_strange(&mut self, notice: &Notice, signature: &[u8], signer: Option<Address>, what: &str) {
        let expected = notice.signer();
        if let Some(signer) = signer {
            return self.refuses(notice, signature, &refusals::InvalidSigner { signer, expected }, what);
        }
        let anybody = self.town.stranger.address();
        let said = self
            .town
            .refuses_somehow(anybody, self.caliber, U256::ZERO, notice.call(signature), what);
        let named = refusals::InvalidSigner {
            signer: Address::ZERO,
            expected,
        };
        let named = alloy_sol_types::SolError::abi_encode(&named);
        assert!(said.starts_with(&named[..4]) && said.ends_with(&named[36..]), "{what}: {said}");
    }

    /// Has a stranger post it; the gas.
    fn post(&mut self, notice: &Notice, signature: &[u8]) -> u64 {
        let anybody = self.town.stranger.address();
        let posted = self.town.raw(anybody, self.caliber, U256::ZERO, notice.call(signature));
        assert!(posted.success, "{notice:?}: {posted:?}");
        posted.gas_used
    }
}

#[test]
fn a_notice_is_its_signers_word_whoever_posts_it() {
    let mut stage = Stage::set();
    let (appraiser, attestor) = (stage.town.cast.appraiser.clone(), stage.town.cast.attestor.clone());
    let [value, cover] = stage.notices(appraiser.address(), attestor.address());
    for (notice, who) in [(&value, &appraiser), (&cover, &attestor)] {
        let signature = stage.signed(who, notice);
        println!("posted by a stranger: {} gas", stage.post(notice, &signature));
    }
    let receipt = stage.receipts[0];
    let said = stage.town.read(stage.caliber, &Caliber::receiptOfCall { receipt });
    assert_eq!((said.appraisal, said.insuredValue), (wad(90_000), wad(110_000)));
    assert!(said.value < wad(90_000) && said.value > wad(89_999), "decaying since it was signed");
    assert_eq!(said.coveredUntil, said.insuredUntil);
    // Once each; and what the appraiser has said since, an older notice does not take back.
    for (notice, who) in [(&value, &appraiser), (&cover, &attestor)] {
        let (signature, signer) = (stage.signed(who, notice), notice.signer());
        let nonce = match notice {
            Notice::Value(_, it) => it.nonce,
            Notice::Cover(_, it) => it.nonce,
        };
        stage.refuses(notice, &signature, &refusals::NonceSpent { signer, nonce }, "again");
    }
    let [later, _] = stage.notices(appraiser.address(), attestor.address());
    let signature = stage.signed(&appraiser, &later);
    let caliber = stage.caliber;
    let word = Caliber::appraiseCall {
        receipt,
        value: wad(80_000),
    };
    stage.town.does(appraiser.address(), caliber, &word);
    let since = stage.town.now();
    let Notice::Value(_, it) = &later else { unreachable!() };
    let outdated = refusals::OutdatedNotice {
        receipt,
        signedAt: it.appraisedAt,
        since,
    };
    stage.refuses(&later, &signature, &outdated, "older than the last word");
}

#[test]
fn a_notice_that_is_not_whole_is_none() {
    let mut stage = Stage::set();
    let (appraiser, attestor) = (stage.town.cast.appraiser.clone(), stage.town.cast.attestor.clone());
    let other = stage.receipts[1];
    let stranger = stage.town.stranger.clone();
    let notices = stage.notices(appraiser.address(), attestor.address());
    for (notice, who) in notices.iter().zip([&appraiser, &attestor]) {
        let good = stage.signed(who, notice);
        for altered in notice.altered(other) {
            stage.is_strange(&altered, &good, None, "another word");
        }
        let by_another = stage.signed(&stranger, notice);
        stage.is_strange(notice, &by_another, Some(stranger.address()), "a stranger's");
        // The same words for another contract, and on another chain.
        let domain = stage.town.domain(stage.caliber);
        for elsewhere in [
            Eip712Domain {
                verifying_contract: Some(stage.town.suite.usdai),
                ..domain.clone()
            },
            Eip712Domain {
                chain_id: Some(n(1)),
                ..domain.clone()
            },
            Eip712Domain {
                version: Some("2".into()),
                ..domain
            },
        ] {
            let signature = Signed::by(who, notice.digest(&elsewhere)).bytes();
            stage.is_strange(notice, &signature, None, "for elsewhere");
        }
        // Cut, longer, of nobody, and its mirror image.
        let mut mirror = good.clone();
        let s = ORDER - U256::from_be_slice(&good[32..64]);
        mirror[32..64].copy_from_slice(&s.to_be_bytes::<32>());
        mirror[64] = 55 - good[64];
        for bad in [&good[..64], &[&good[..], &[0]].concat(), &[0; 65], &[], &mirror] {
            stage.is_strange(notice, bad, Some(Address::ZERO), "no signature");
        }
        // Whoever lost the role, and after the last second.
        let (admin, router, account) = (stage.town.cast.admin.address(), stage.town.suite.router, who.address());
        let role = if matches!(notice, Notice::Value(..)) {
            id("APPRAISER")
        } else {
            id("ATTESTOR")
        };
        stage.town.does(admin, router, &Router::revokeRoleCall { role, account });
        stage.refuses(notice, &good, &refusals::Unauthorized { account, role }, "no role");
        stage.town.does(admin, router, &Router::grantRoleCall { role, account });
        let before = stage.town.node.chain.snapshot();
        stage.town.node.chain.advance(3_601);
        let deadline = stage.town.now() - n(1);
        stage.refuses(notice, &good, &refusals::NoticeExpired { deadline }, "too late");
        assert!(stage.town.node.chain.revert_to(before));
        // Taken back, and only that one.
        let nonce = match notice {
            Notice::Value(_, it) => it.nonce,
            Notice::Cover(_, it) => it.nonce,
        };
        let caliber = stage.caliber;
        let take_back = Caliber::invalidateNoncesCall {
            word: nonce >> 8,
            mask: n(1) << (nonce.byte(0)),
        };
        stage.town.scene(|town| {
            town.does(account, caliber, &take_back);
            let error = refusals::NonceSpent { signer: account, nonce };
            let data = notice.call(&good);
            town.refuses_raw(
                stranger.address(),
                caliber,
                U256::ZERO,
                data,
                &alloy_sol_types::SolError::abi_encode(&error),
                "taken back",
            );
        });
        stage.post(notice, &good);
    }
}

#[test]
fn a_contract_signs_by_its_own_word() {
    let mut stage = Stage::set();
    let wallet = stage.town.solidity("HostileWallet", &[]);
    let (admin, router) = (stage.town.cast.admin.address(), stage.town.suite.router);
    for role in ["APPRAISER", "ATTESTOR"] {
        let grant = Router::grantRoleCall {
            role: id(role),
            account: wallet,
        };
        stage.town.does(admin, router, &grant);
    }
    // `Mode` of `HostileWallet`: it agrees in the first, and in the seventh with another word behind the answer.
    for mode in 0..=9u8 {
        stage.town.does(admin, wallet, &Wallets::setModeCall { mode });
        for notice in stage.notices(wallet, wallet) {
            if matches!(mode, 0 | 6) {
                let before = stage.town.node.chain.snapshot();
                stage.post(&notice, b"any words");
                assert!(stage.town.node.chain.revert_to(before));
            } else {
                stage.is_strange(&notice, b"any words", Some(Address::ZERO), "a wrong answer");
            }
        }
    }
}
