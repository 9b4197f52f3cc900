//! The ledger behind a small collection: cards that can be locked, which are counted as they go from hand to hand.

use std::collections::{BTreeMap, BTreeSet};

use alloy_primitives::{Address, FixedBytes, U256};
use lean_abi::{sol, Refusal};
use motsu::prelude::*;
use proptest::{prelude::*, strategy::ValueTree, test_runner::TestRunner};
use stylus_sdk::{abi::Bytes, prelude::*, storage::*};

use crate::*;

sol! {
    /// The card is locked.
    #[derive(Debug, PartialEq, Eq)]
    error Locked(uint256 id);
}

lean_abi::errors! {
    /// Why a card stays where it is.
    CardError: Erc721Error, Locked
}

const FREE: Spare = [7; 12];
const LOCKED: Spare = [1; 12];

#[storage]
struct Cards {
    ledger: Erc721Ledger,
    moves: StorageMap<Address, StorageU256>,
}

unsafe impl TopLevelStorage for Cards {}

impl Collection for Cards {
    type Error = CardError;
    const NAME: &'static str = "Cards";
    const SYMBOL: &'static str = "CARD";

    fn ledger(&self) -> &Erc721Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc721Ledger {
        &mut self.ledger
    }

    fn uri(&self, id: U256) -> Result<String, CardError> {
        Ok(format!("card:{id}"))
    }

    fn check_transfer(&self, _from: Address, _to: Address, id: U256, spare: Spare) -> Result<(), CardError> {
        if spare == LOCKED {
            return Err(Locked { id }.into());
        }
        Ok(())
    }

    fn transferred(&mut self, _from: Address, to: Address, _id: U256) -> Result<(), CardError> {
        let moves = self.moves.get(to) + U256::from(1);
        self.moves.insert(to, moves);
        Ok(())
    }
}

#[lean_abi::contract(implements(IErc721, IErc721Metadata))]
impl Cards {}

/// A contract that takes cards, answers wrongly, or reverts.
#[storage]
struct Receiver {
    mood: StorageU8,
}

unsafe impl TopLevelStorage for Receiver {}

#[public]
impl Receiver {
    #[selector(name = "onERC721Received")]
    fn on_received(&mut self, _operator: Address, _from: Address, _id: U256, data: Bytes) -> Result<FixedBytes<4>, Vec<u8>> {
        match self.mood.get().to::<u8>() {
            0 => Ok(FixedBytes([0x15, 0x0b, 0x7a, 0x02])),
            1 if data.0[..] == [9] => Ok(FixedBytes([0x15, 0x0b, 0x7a, 0x02])),
            1 => Ok(FixedBytes([1, 2, 3, 4])),
            _ => Err(b"no".to_vec()),
        }
    }

    fn set_mood(&mut self, mood: u8) {
        self.mood.set(mood.try_into().unwrap());
    }
}

fn n(value: u64) -> U256 {
    U256::from(value)
}

fn mint(cards: &Contract<Cards>, to: Address, id: u64) {
    cards.sender(to).ledger.mint(to, n(id), FREE).motsu_unwrap();
}

fn owner(cards: &Contract<Cards>, id: u64) -> Option<Address> {
    cards
        .sender(Address::from_tag("reader"))
        .ledger
        .find(n(id))
        .map(|title| title.owner)
}

#[motsu::test]
fn a_minted_token_is_its_owners(cards: Contract<Cards>, alice: Address) {
    mint(&cards, alice, 1);
    let call = cards.sender(alice);
    assert_eq!(call.owner_of(n(1)), Ok(alice));
    assert_eq!(call.balance_of(alice), Ok(n(1)));
    assert_eq!(call.get_approved(n(1)), Ok(Address::ZERO));
    assert_eq!(call.ledger.title(n(1)), Ok(Title { owner: alice, spare: FREE }));
    assert_eq!(call.name().unwrap(), "Cards");
    assert_eq!(call.symbol().unwrap(), "CARD");
    assert_eq!(call.token_uri(n(1)).unwrap(), "card:1");
    cards.assert_emitted(&Transfer {
        from: Address::ZERO,
        to: alice,
        tokenId: n(1),
    });
}

#[motsu::test]
fn what_does_not_exist_is_refused_by_name(cards: Contract<Cards>, alice: Address) {
    let missing = CardError::from(Erc721Error::from(ERC721NonexistentToken { tokenId: n(5) }));
    assert_eq!(cards.sender(alice).owner_of(n(5)), Err(missing.clone()));
    assert_eq!(cards.sender(alice).get_approved(n(5)), Err(missing.clone()));
    assert_eq!(cards.sender(alice).token_uri(n(5)).unwrap_err(), missing);
    assert_eq!(cards.sender(alice).approve(alice, n(5)).motsu_unwrap_err(), missing);
    assert_eq!(cards.sender(alice).transfer_from(alice, alice, n(5)).motsu_unwrap_err(), missing);
    let raw = Erc721Error::from(ERC721NonexistentToken { tokenId: n(5) });
    assert_eq!(cards.sender(alice).ledger.burn(n(5)).motsu_unwrap_err(), raw);
    assert_eq!(cards.sender(alice).ledger.set_spare(n(5), FREE).motsu_unwrap_err(), raw);
    let nobody = cards.sender(alice).balance_of(Address::ZERO).unwrap_err();
    assert!(nobody.is::<ERC721InvalidOwner>());
}

#[motsu::test]
fn a_token_is_minted_once_and_not_to_nobody(cards: Contract<Cards>, alice: Address, bob: Address) {
    mint(&cards, alice, 1);
    let again = cards.sender(alice).ledger.mint(bob, n(1), FREE).motsu_unwrap_err();
    assert_eq!(again, ERC721InvalidSender { sender: Address::ZERO }.into());
    let nobody = cards.sender(alice).ledger.mint(Address::ZERO, n(2), FREE).motsu_unwrap_err();
    assert_eq!(nobody, ERC721InvalidReceiver { receiver: Address::ZERO }.into());
    assert_eq!(owner(&cards, 1), Some(alice));
}

#[motsu::test]
fn a_transfer_moves_clears_the_approval_and_keeps_the_spare_bytes(cards: Contract<Cards>, alice: Address, bob: Address, carol: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).approve(carol, n(1)).motsu_unwrap();
    cards.assert_emitted(&Approval {
        owner: alice,
        approved: carol,
        tokenId: n(1),
    });
    cards.sender(carol).transfer_from(alice, bob, n(1)).motsu_unwrap();
    let call = cards.sender(alice);
    assert_eq!(call.ledger.title(n(1)), Ok(Title { owner: bob, spare: FREE }));
    assert_eq!(call.get_approved(n(1)), Ok(Address::ZERO));
    assert_eq!((call.balance_of(alice), call.balance_of(bob)), (Ok(n(0)), Ok(n(1))));
    assert_eq!(call.moves.get(bob), n(1), "the contract follows");
    cards.assert_emitted(&Transfer {
        from: alice,
        to: bob,
        tokenId: n(1),
    });
}

#[motsu::test]
fn an_approval_does_not_survive_a_transfer_and_a_return(cards: Contract<Cards>, alice: Address, bob: Address, carol: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).approve(carol, n(1)).motsu_unwrap();
    cards.sender(alice).transfer_from(alice, bob, n(1)).motsu_unwrap();
    cards.sender(bob).transfer_from(bob, alice, n(1)).motsu_unwrap();
    let refusal = cards.sender(carol).transfer_from(alice, carol, n(1)).motsu_unwrap_err();
    assert!(refusal.is::<ERC721InsufficientApproval>());
}

#[motsu::test]
fn who_may_not_move_a_token_does_not(cards: Contract<Cards>, alice: Address, bob: Address, carol: Address) {
    mint(&cards, alice, 1);
    let refusal = cards.sender(bob).transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    let expected = ERC721InsufficientApproval {
        operator: bob,
        tokenId: n(1),
    };
    assert_eq!(refusal, Erc721Error::from(expected).into());
    let wrong = cards.sender(alice).transfer_from(carol, bob, n(1)).motsu_unwrap_err();
    let expected = ERC721IncorrectOwner {
        sender: carol,
        tokenId: n(1),
        owner: alice,
    };
    assert_eq!(wrong, Erc721Error::from(expected).into());
    let nobody = cards.sender(alice).transfer_from(alice, Address::ZERO, n(1)).motsu_unwrap_err();
    assert!(nobody.is::<ERC721InvalidReceiver>());
    // The zero address is approved for every token that has no approval, and is nobody.
    let zero = cards.sender(Address::ZERO).transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    assert!(zero.is::<ERC721InsufficientApproval>());
}

#[motsu::test]
fn an_operator_moves_and_approves_until_it_is_none(cards: Contract<Cards>, alice: Address, bob: Address, carol: Address) {
    mint(&cards, alice, 1);
    mint(&cards, alice, 2);
    let early = cards.sender(bob).approve(bob, n(1)).motsu_unwrap_err();
    assert_eq!(early, Erc721Error::from(ERC721InvalidApprover { approver: bob }).into());
    cards.sender(alice).set_approval_for_all(bob, true).motsu_unwrap();
    assert_eq!(cards.sender(alice).is_approved_for_all(alice, bob), Ok(true));
    cards.sender(bob).approve(carol, n(1)).motsu_unwrap();
    cards.sender(bob).transfer_from(alice, carol, n(2)).motsu_unwrap();
    cards.sender(alice).set_approval_for_all(bob, false).motsu_unwrap();
    assert_eq!(cards.sender(alice).is_approved_for_all(alice, bob), Ok(false));
    let late = cards.sender(bob).transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    assert!(late.is::<ERC721InsufficientApproval>());
    let nobody = cards.sender(alice).set_approval_for_all(Address::ZERO, true).motsu_unwrap_err();
    assert!(nobody.is::<ERC721InvalidOperator>());
}

#[motsu::test]
fn who_is_approved_for_a_token_approves_nobody_else(cards: Contract<Cards>, alice: Address, bob: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).approve(bob, n(1)).motsu_unwrap();
    let refusal = cards.sender(bob).approve(bob, n(1)).motsu_unwrap_err();
    assert!(refusal.is::<ERC721InvalidApprover>());
}

#[motsu::test]
fn a_transfer_to_oneself_clears_the_approval_and_nothing_else(cards: Contract<Cards>, alice: Address, bob: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).approve(bob, n(1)).motsu_unwrap();
    cards.sender(alice).transfer_from(alice, alice, n(1)).motsu_unwrap();
    assert_eq!(cards.sender(alice).balance_of(alice), Ok(n(1)));
    assert_eq!(cards.sender(alice).get_approved(n(1)), Ok(Address::ZERO));
    assert_eq!(owner(&cards, 1), Some(alice));
}

#[motsu::test]
fn a_veto_stops_holders_and_not_the_contract(cards: Contract<Cards>, alice: Address, bob: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).ledger.set_spare(n(1), LOCKED).motsu_unwrap();
    let refusal = cards.sender(alice).transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    assert_eq!(refusal, Locked { id: n(1) }.into());
    let refusal = cards.sender(alice).safe_transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    assert_eq!(refusal, Locked { id: n(1) }.into());
    // Who may not move it at all hears that first.
    let refusal = cards.sender(bob).transfer_from(alice, bob, n(1)).motsu_unwrap_err();
    assert!(refusal.is::<ERC721InsufficientApproval>());
    cards.sender(alice).ledger.transfer(alice, bob, n(1)).motsu_unwrap();
    assert_eq!(cards.sender(alice).ledger.title(n(1)), Ok(Title { owner: bob, spare: LOCKED }));
    assert_eq!(
        cards.sender(alice).moves.get(bob),
        n(0),
        "what the contract does itself it need not follow"
    );
}

#[motsu::test]
fn a_burn_leaves_nothing(cards: Contract<Cards>, alice: Address, bob: Address) {
    mint(&cards, alice, 1);
    cards.sender(alice).approve(bob, n(1)).motsu_unwrap();
    let title = cards.sender(alice).ledger.burn(n(1)).motsu_unwrap();
    assert_eq!(title, Title { owner: alice, spare: FREE });
    assert_eq!(owner(&cards, 1), None);
    assert_eq!(cards.sender(alice).balance_of(alice), Ok(n(0)));
    cards.assert_emitted(&Transfer {
        from: alice,
        to: Address::ZERO,
        tokenId: n(1),
    });
    // Minted again, the token has no approval of its former life.
    mint(&cards, alice, 1);
    assert_eq!(cards.sender(alice).get_approved(n(1)), Ok(Address::ZERO));
}

#[motsu::test]
fn a_safe_transfer_reaches_accounts_and_willing_contracts(
    cards: Contract<Cards>,
    receiver: Contract<Receiver>,
    alice: Address,
    bob: Address,
) {
    for id in 1..=3 {
        mint(&cards, alice, id);
    }
    cards.sender(alice).safe_transfer_from(alice, bob, n(1)).motsu_unwrap();
    assert_eq!(owner(&cards, 1), Some(bob));
    cards
        .sender(alice)
        .safe_transfer_from(alice, receiver.address(), n(2))
        .motsu_unwrap();
    assert_eq!(owner(&cards, 2), Some(receiver.address()));
    receiver.sender(alice).set_mood(1);
    let data = vec![9];
    cards
        .sender(alice)
        .safe_transfer_from_4(alice, receiver.address(), n(3), data)
        .motsu_unwrap();
    assert_eq!(owner(&cards, 3), Some(receiver.address()));
}

#[motsu::test]
fn a_safe_transfer_stops_at_unwilling_contracts(cards: Contract<Cards>, receiver: Contract<Receiver>, alice: Address) {
    mint(&cards, alice, 1);
    let to = receiver.address();
    let invalid = CardError::from(Erc721Error::from(ERC721InvalidReceiver { receiver: to }));
    for (mood, refusal) in [(1, invalid), (2, b"no".to_vec().into())] {
        receiver.sender(alice).set_mood(mood);
        assert_eq!(cards.sender(alice).safe_transfer_from(alice, to, n(1)).motsu_unwrap_err(), refusal);
        assert_eq!(owner(&cards, 1), Some(alice));
    }
    // A plain transfer does not ask.
    cards.sender(alice).transfer_from(alice, to, n(1)).motsu_unwrap();
    assert_eq!(owner(&cards, 1), Some(to));
}

/// What a walk does.
#[derive(Clone, Copy, Debug)]
enum Step {
    Mint(usize, u64),
    Burn(u64),
    Transfer(usize, usize, usize, u64),
    Approve(usize, usize, u64),
    Operate(usize, usize, bool),
}

fn step() -> impl Strategy<Value = Step> {
    let who = 0usize..3;
    let id = 0u64..4;
    prop_oneof![
        (who.clone(), id.clone()).prop_map(|(to, id)| Step::Mint(to, id)),
        id.clone().prop_map(Step::Burn),
        (who.clone(), who.clone(), who.clone(), id.clone()).prop_map(|(by, from, to, id)| Step::Transfer(by, from, to, id)),
        (who.clone(), who.clone(), id).prop_map(|(by, to, id)| Step::Approve(by, to, id)),
        (who.clone(), who, any::<bool>()).prop_map(|(by, operator, approved)| Step::Operate(by, operator, approved)),
    ]
}

/// N1 to N3 against the simplest book that has them.
#[motsu::test]
fn any_sequence_agrees_with_a_book_of_owners(cards: Contract<Cards>) {
    let people = ["a", "b", "c"].map(Address::from_tag);
    let mut owners = BTreeMap::<u64, usize>::new();
    let mut approved = BTreeMap::<u64, usize>::new();
    let mut operators = BTreeSet::<(usize, usize)>::new();
    let mut runner = TestRunner::deterministic();
    let steps = proptest::collection::vec(step(), 3_000);
    let steps = steps.new_tree(&mut runner).unwrap().current();
    let mut done = 0;
    for step in steps {
        let (expected, happened) = match step {
            Step::Mint(to, id) => {
                let expected = !owners.contains_key(&id);
                if expected {
                    owners.insert(id, to);
                }
                (
                    expected,
                    cards.sender(people[to]).ledger.mint(people[to], n(id), FREE).motsu_res().is_ok(),
                )
            }
            Step::Burn(id) => {
                approved.remove(&id);
                let expected = owners.remove(&id).is_some();
                (expected, cards.sender(people[0]).ledger.burn(n(id)).motsu_res().is_ok())
            }
            Step::Transfer(by, from, to, id) => {
                let allowed = by == from || operators.contains(&(from, by)) || approved.get(&id) == Some(&by);
                let expected = owners.get(&id) == Some(&from) && allowed;
                if expected {
                    owners.insert(id, to);
                    approved.remove(&id);
                }
                let result = cards.sender(people[by]).transfer_from(people[from], people[to], n(id));
                (expected, result.motsu_res().is_ok())
            }
            Step::Approve(by, to, id) => {
                let expected = owners
                    .get(&id)
                    .is_some_and(|owner| *owner == by || operators.contains(&(*owner, by)));
                if expected {
                    approved.insert(id, to);
                }
                (expected, cards.sender(people[by]).approve(people[to], n(id)).motsu_res().is_ok())
            }
            Step::Operate(by, operator, yes) => {
                if yes {
                    operators.insert((by, operator));
                } else {
                    operators.remove(&(by, operator));
                }
                let result = cards.sender(people[by]).set_approval_for_all(people[operator], yes);
                (true, result.motsu_res().is_ok())
            }
        };
        assert_eq!(happened, expected, "{step:?}");
        done += usize::from(happened);
        for id in 0..4 {
            assert_eq!(owner(&cards, id), owners.get(&id).map(|owner| people[*owner]), "{step:?}");
            let spender = approved.get(&id).map_or(Address::ZERO, |spender| people[*spender]);
            assert_eq!(cards.sender(people[0]).ledger.approved(n(id)), spender, "{step:?}");
        }
        for (index, person) in people.iter().enumerate() {
            let held = owners.values().filter(|owner| **owner == index).count() as u64;
            assert_eq!(cards.sender(*person).ledger.balance_of(*person), n(held), "{step:?}");
        }
    }
    assert!(done > 1_000, "only {done} steps did something");
}
