//! The ledger behind the smallest token that can hold it.

use alloc::vec::Vec;

use alloy_primitives::{Address, U256};
use eip712::{Domain, IErc5267};
use motsu::prelude::*;
use stylus_sdk::prelude::*;

use crate::*;

#[storage]
pub(crate) struct Dollar {
    pub(crate) ledger: Erc20Ledger,
    authorizations: Authorizations,
}

unsafe impl TopLevelStorage for Dollar {}

impl Domain for Dollar {
    const NAME: &'static str = "Test Dollar";
}

impl Token for Dollar {
    type Error = AuthorizationError;
    const SYMBOL: &'static str = "TD";

    fn ledger(&self) -> &Erc20Ledger {
        &self.ledger
    }

    fn ledger_mut(&mut self) -> &mut Erc20Ledger {
        &mut self.ledger
    }
}

impl AuthorizedToken for Dollar {
    fn authorizations(&self) -> &Authorizations {
        &self.authorizations
    }

    fn authorizations_mut(&mut self) -> &mut Authorizations {
        &mut self.authorizations
    }
}

#[lean_abi::contract(implements(IErc20, IErc2612, IErc5267, IErc3009))]
impl Dollar {}

pub(crate) fn n(value: u64) -> U256 {
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
}
