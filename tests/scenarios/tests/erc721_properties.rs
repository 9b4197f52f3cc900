//! The 19 ERC-721 properties of crytic/properties, by their ids there, over CALIBER on its WASM. There is no total supply: what the
//! properties say of it is said of the sum of all balances. Burning is redemption: the holder hands in, the custodian confirms.

use alloy_primitives::{keccak256, Address, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::Caliber,
    hands::{n, wad},
    refusals,
    usdai_cli::{node::Person, protocol::suite::id},
    walk::Dice,
    Town,
};

const ZERO: Address = Address::ZERO;
/// Cases of each property.
const CASES: u64 = 60;

/// Four people, who hold twelve receipts in any order.
struct Stage {
    town: Town,
    caliber: Address,
    people: [Address; 4],
    dice: Dice,
    issued: u64,
}

impl Stage {
    fn new(seed: u64) -> Self {
        let town = Town::deployed();
        let cast = &town.cast;
        let people = [&cast.depositor, &cast.curator, &cast.borrower, &cast.keeper].map(Person::address);
        let mut stage = Self {
            caliber: town.suite.caliber,
            town,
            people,
            dice: Dice::new(seed),
            issued: 0,
        };
        for number in 0..12usize {
            stage.mint(people[number % 4]);
        }
        stage
    }

    fn mint(&mut self, owner: Address) -> U256 {
        self.issued += 1;
        let (agent, custodian) = (self.town.cast.agent.address(), self.town.cast.custodian.address());
        let call = Caliber::issueCall {
            owner,
            hardwareClass: id("B200"),
            units: n(8),
            manifestHash: keccak256(self.issued.to_be_bytes()),
            agreementHash: keccak256("agreement"),
            agreementUri: "ipfs://agreement".into(),
            custodian,
            appraisal: wad(1),
            insuredValue: wad(1),
            insuredUntil: n(0),
        };
        self.town.does(agent, self.caliber, &call)
    }

    fn burn(&mut self, tokenid: U256) {
        let (owner, custodian) = (self.owner(tokenid), self.town.cast.custodian.address());
        self.town
            .does(owner, self.caliber, &Caliber::requestRedemptionCall { receipt: tokenid });
        self.town
            .does(custodian, self.caliber, &Caliber::confirmRedemptionCall { receipt: tokenid });
    }

    fn token(&mut self) -> U256 {
        U256::ONE + U256::from(self.dice.below(12))
    }

    /// An id that is no receipt's.
    fn invalid(&mut self) -> U256 {
        match self.dice.below(3) {
            0 => U256::ZERO,
            1 => U256::from(self.issued + 1 + self.dice.below(1_000)),
            _ => U256::MAX - self.dice.up_to(U256::MAX >> 1),
        }
    }

    fn anybody(&mut self) -> Address {
        self.dice.one_of(&self.people)
    }

    /// Anybody but `one`.
    fn another(&mut self, one: Address) -> Address {
        loop {
            let other = self.anybody();
            if other != one {
                return other;
            }
        }
    }

    fn owner(&mut self, token: U256) -> Address {
        self.town.read(self.caliber, &Caliber::ownerOfCall { tokenId: token })
    }

    fn approved(&mut self, token: U256) -> Address {
        self.town.read(self.caliber, &Caliber::getApprovedCall { tokenId: token })
    }

    fn balance(&mut self, owner: Address) -> U256 {
        self.town.read(self.caliber, &Caliber::balanceOfCall { owner })
    }

    fn supply(&mut self) -> U256 {
        let people = self.people;
        people.into_iter().map(|owner| self.balance(owner)).sum()
    }

    fn does<C: SolCall>(&mut self, from: Address, call: &C) {
        self.town.does(from, self.caliber, call);
    }

    fn refuses<C: SolCall, E: alloy_sol_types::SolError>(&mut self, from: Address, call: &C, error: &E) {
        self.town.refuses_as(from, self.caliber, call, error);
    }

    fn transfer(from: Address, to: Address, token: U256) -> Caliber::transferFromCall {
        Caliber::transferFromCall { from, to, tokenId: token }
    }
}

fn missing(token: U256) -> refusals::ERC721NonexistentToken {
    refusals::ERC721NonexistentToken { tokenId: token }
}

/// ERC721-BASE-001, `test_ERC20_balanceOfZeroAddressMustRevert` (so it is called there).
#[test]
fn balance_of_zero_address_must_revert() {
    let mut stage = Stage::new(1);
    let who = stage.anybody();
    stage.refuses(
        who,
        &Caliber::balanceOfCall { owner: ZERO },
        &refusals::ERC721InvalidOwner { owner: ZERO },
    );
}

/// ERC721-BASE-002 to -004 and BURNABLE-005, -006 ask the same of tokens that never were and of those that are no more.
#[test]
fn owner_of_invalid_token_must_revert() {
    let mut stage = Stage::new(2);
    for _ in 0..CASES {
        let (who, token) = (stage.anybody(), stage.invalid());
        stage.refuses(who, &Caliber::ownerOfCall { tokenId: token }, &missing(token));
    }
}

/// ERC721-BASE-003.
#[test]
fn approving_invalid_token_must_revert() {
    let mut stage = Stage::new(3);
    for _ in 0..CASES {
        let (who, to, token) = (stage.anybody(), stage.anybody(), stage.invalid());
        stage.refuses(who, &Caliber::approveCall { to, tokenId: token }, &missing(token));
    }
}

/// ERC721-BASE-004.
#[test]
fn transfer_from_not_approved() {
    let mut stage = Stage::new(4);
    for _ in 0..CASES {
        let (token, to) = (stage.token(), stage.anybody());
        let owner = stage.owner(token);
        let operator = stage.another(owner);
        let refusal = refusals::ERC721InsufficientApproval { operator, tokenId: token };
        stage.refuses(operator, &Stage::transfer(owner, to, token), &refusal);
    }
}

/// ERC721-BASE-005.
#[test]
fn transfer_from_resets_approval() {
    let mut stage = Stage::new(5);
    for _ in 0..CASES {
        let token = stage.token();
        let owner = stage.owner(token);
        let (spender, to) = (stage.another(owner), stage.another(owner));
        stage.does(
            owner,
            &Caliber::approveCall {
                to: spender,
                tokenId: token,
            },
        );
        assert_eq!(stage.approved(token), spender);
        let by = if stage.dice.chance(50) { owner } else { spender };
        stage.does(by, &Stage::transfer(owner, to, token));
        assert_eq!(stage.approved(token), ZERO);
    }
}

/// ERC721-BASE-006.
#[test]
fn transfer_from_updates_owner() {
    let mut stage = Stage::new(6);
    for _ in 0..CASES {
        let token = stage.token();
        let owner = stage.owner(token);
        let to = stage.another(owner);
        let (gives, gets) = (stage.balance(owner), stage.balance(to));
        stage.does(owner, &Stage::transfer(owner, to, token));
        assert_eq!(stage.owner(token), to);
        assert_eq!((stage.balance(owner), stage.balance(to)), (gives - U256::ONE, gets + U256::ONE));
    }
}

/// ERC721-BASE-007.
#[test]
fn transfer_from_zero_address() {
    let mut stage = Stage::new(7);
    for _ in 0..CASES {
        let (token, to) = (stage.token(), stage.anybody());
        let owner = stage.owner(token);
        let refusal = refusals::ERC721IncorrectOwner {
            sender: ZERO,
            tokenId: token,
            owner,
        };
        stage.refuses(owner, &Stage::transfer(ZERO, to, token), &refusal);
    }
}

/// ERC721-BASE-008.
#[test]
fn transfer_to_zero_address() {
    let mut stage = Stage::new(8);
    for _ in 0..CASES {
        let token = stage.token();
        let owner = stage.owner(token);
        let refusal = refusals::ERC721InvalidReceiver { receiver: ZERO };
        stage.refuses(owner, &Stage::transfer(owner, ZERO, token), &refusal);
    }
}

/// ERC721-BASE-009.
#[test]
fn transfer_from_self() {
    let mut stage = Stage::new(9);
    for _ in 0..CASES {
        let token = stage.token();
        let owner = stage.owner(token);
        let (held, supply) = (stage.balance(owner), stage.supply());
        stage.does(owner, &Stage::transfer(owner, owner, token));
        assert_eq!((stage.owner(token), stage.balance(owner), stage.supply()), (owner, held, supply));
    }
}

/// ERC721-BASE-010.
#[test]
fn transfer_from_self_resets_approval() {
    let mut stage = Stage::new(10);
    for _ in 0..CASES {
        let token = stage.token();
        let owner = stage.owner(token);
        let spender = stage.another(owner);
        stage.does(
            owner,
            &Caliber::approveCall {
                to: spender,
                tokenId: token,
            },
        );
        stage.does(owner, &Stage::transfer(owner, owner, token));
        assert_eq!(stage.approved(token), ZERO);
    }
}

/// ERC721-BASE-011.
#[test]
fn safe_transfer_from_reverts_on_noncontract_receiver() {
    let mut stage = Stage::new(11);
    let deaf = [stage.town.world.usdc, stage.town.suite.router, stage.town.suite.usdai];
    for _ in 0..CASES {
        let (token, receiver) = (stage.token(), stage.dice.one_of(&deaf));
        let owner = stage.owner(token);
        let call = Caliber::safeTransferFrom_0Call {
            from: owner,
            to: receiver,
            tokenId: token,
        };
        stage.refuses(owner, &call, &refusals::ERC721InvalidReceiver { receiver });
    }
}

/// Burns every receipt once, and lets `see` look at it, with its last owner.
fn burnt(seed: u64, mut see: impl FnMut(&mut Stage, U256, Address)) {
    let mut stage = Stage::new(seed);
    for token in 1..=12 {
        let token = U256::from(token);
        let owner = stage.owner(token);
        let spender = stage.another(owner);
        stage.does(
            owner,
            &Caliber::approveCall {
                to: spender,
                tokenId: token,
            },
        );
        stage.burn(token);
        see(&mut stage, token, owner);
    }
}

/// ERC721-BURNABLE-001.
#[test]
fn burn_reduces_total_supply() {
    let mut left = 12u64;
    burnt(12, |stage, _, owner| {
        left -= 1;
        assert_eq!(stage.supply(), U256::from(left));
        let held = stage.balance(owner);
        assert!(held < n(3), "three at first");
    });
}

/// ERC721-BURNABLE-002.
#[test]
fn burn_reverts_on_transfer_from_previous_owner() {
    burnt(13, |stage, token, owner| {
        let to = stage.anybody();
        stage.refuses(owner, &Stage::transfer(owner, to, token), &missing(token));
    });
}

/// ERC721-BURNABLE-003.
#[test]
fn burn_reverts_on_transfer_from_zero_address() {
    burnt(14, |stage, token, owner| {
        stage.refuses(owner, &Stage::transfer(ZERO, owner, token), &missing(token));
    });
}

/// ERC721-BURNABLE-004.
#[test]
fn burn_reverts_on_approve() {
    burnt(15, |stage, token, owner| {
        let to = stage.anybody();
        stage.refuses(owner, &Caliber::approveCall { to, tokenId: token }, &missing(token));
    });
}

/// ERC721-BURNABLE-005.
#[test]
fn burn_reverts_on_get_approved() {
    burnt(16, |stage, token, owner| {
        stage.refuses(owner, &Caliber::getApprovedCall { tokenId: token }, &missing(token));
    });
}

/// ERC721-BURNABLE-006.
#[test]
fn burn_reverts_on_owner_of() {
    burnt(17, |stage, token, owner| {
        stage.refuses(owner, &Caliber::ownerOfCall { tokenId: token }, &missing(token));
    });
}

/// ERC721-MINTABLE-001.
#[test]
fn mint_increases_supply() {
    let mut stage = Stage::new(18);
    for _ in 0..CASES / 4 {
        let owner = stage.anybody();
        let (held, supply) = (stage.balance(owner), stage.supply());
        stage.mint(owner);
        assert_eq!((stage.balance(owner), stage.supply()), (held + U256::ONE, supply + U256::ONE));
    }
}

/// ERC721-MINTABLE-002.
#[test]
fn mint_creates_fresh_token() {
    let mut stage = Stage::new(19);
    for _ in 0..CASES / 4 {
        let (owner, next) = (stage.anybody(), U256::from(stage.issued + 1));
        stage.refuses(owner, &Caliber::ownerOfCall { tokenId: next }, &missing(next));
        assert_eq!(stage.mint(owner), next);
        assert_eq!((stage.owner(next), stage.approved(next)), (owner, ZERO));
    }
}
