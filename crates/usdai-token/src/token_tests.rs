//! USDai against its counterparts, through the real adapter.

use alloc::vec::Vec;

use alloy_primitives::{address, keccak256, Address, FixedBytes, B256, U256};
use alloy_sol_types::SolError;
use erc20_ledger::{
    foreign::TokenCallFailed, Approval, ERC20InsufficientAllowance, ERC20InsufficientBalance, ERC2612ExpiredSignature, IErc20Callee,
    IErc2612Callee, LedgerError, Transfer,
};
use interfaces::{
    authority::{AddressNotSet, Unauthorized},
    ids,
};
use lean_abi::Refusal;
use motsu::prelude::*;
use stylus_sdk::abi::Bytes;

use crate::{stand_ins::*, *};

const ADMIN: Address = address!("00000000000000000000000000000000000000ad");
const BRIDGE: Address = address!("00000000000000000000000000000000000000b7");
const TREASURY: Address = address!("0000000000000000000000000000000000007ea5");
const ZERO: Address = Address::ZERO;

fn n(value: u64) -> U256 {
    U256::from(value)
}

/// `units` of base token as wei of USDai.
fn usd(units: u64) -> U256 {
    n(units) * BASE_SCALE
}

/// The contracts of a test.
struct World<'a> {
    usdai: &'a Contract<Usdai>,
    adapter: &'a Contract<UniswapAdapter>,
    books: &'a Contract<Books>,
    base: &'a Contract<Token>,
    usdc: &'a Contract<Token>,
    vault: &'a Contract<Vault>,
    exchange: &'a Contract<Exchange>,
}

impl World<'_> {
    fn construct(&self) {
        let (books, base) = (self.books.address(), self.base.address());
        for (id, account) in [
            (ids::address::USDAI.word(), self.usdai.address()),
            (ids::address::SWAP_ADAPTER.word(), self.adapter.address()),
            (ids::address::SUSDAI.word(), self.vault.address()),
            (ids::address::TREASURY.word(), TREASURY),
        ] {
            self.books.sender(ADMIN).addresses.insert(id, account);
        }
        self.grant(ids::role::ADMIN.word(), ADMIN);
        self.grant(ids::role::BRIDGE.word(), BRIDGE);
        self.usdai.sender(ADMIN).constructor(books, base).motsu_unwrap();
        self.adapter
            .sender(ADMIN)
            .constructor(books, base, self.exchange.address())
            .motsu_unwrap();
    }

    fn open(&self) {
        self.construct();
        self.usdai.sender(ADMIN).wire().motsu_unwrap();
        self.adapter.sender(ADMIN).wire().motsu_unwrap();
        self.adapter
            .sender(ADMIN)
            .set_token_allowed(self.usdc.address(), true)
            .motsu_unwrap();
        // What the exchange sells.
        self.base.sender(ADMIN).give(self.exchange.address(), n(1_000_000));
        self.usdc.sender(ADMIN).give(self.exchange.address(), n(1_000_000));
    }

    fn grant(&self, role: B256, account: Address) {
        self.books.sender(ADMIN).members.setter(role).insert(account, true);
    }

    /// Gives `who` `amount` of `token`, approved for USDai.
    fn fund(&self, token: &Contract<Token>, who: Address, amount: u64) {
        token.sender(ADMIN).give(who, n(amount));
        token.sender(who).allowances.setter(who).insert(self.usdai.address(), n(amount));
    }

    /// `who` deposits `amount` of base token.
    fn deposit(&self, who: Address, amount: u64) {
        self.fund(self.base, who, amount);
        self.usdai
            .sender(who)
            .deposit(self.base.address(), n(amount), U256::ZERO, who)
            .motsu_unwrap();
    }

    fn held(&self, token: &Contract<Token>, who: Address) -> U256 {
        token.sender(who).balances.get(who)
    }

    /// U1, and nothing lies with the adapter.
    fn check(&self) {
        let usdai = self.usdai.sender(ADMIN);
        let held = self.held(self.base, self.usdai.address());
        assert!(held * BASE_SCALE >= usdai.ledger.total_supply() + usdai.bridged_supply(), "U1");
        for token in [self.base, self.usdc] {
            assert_eq!(self.held(token, self.adapter.address()), U256::ZERO);
            for (owner, spender) in [
                (self.usdai.address(), self.adapter.address()),
                (self.adapter.address(), self.exchange.address()),
            ] {
                assert_eq!(token.sender(ADMIN).allowances.get(owner).get(spender), U256::ZERO);
            }
        }
    }
}

/// A test over a [`World`] that is constructed (`closed`) or wired and stocked (`open`).
macro_rules! world {
    ($($state:ident $name:ident($world:ident $(, $who:ident)*) { $($body:tt)* })*) => {$(
        #[motsu::test]
        fn $name(
            usdai: Contract<Usdai>,
            adapter: Contract<UniswapAdapter>,
            books: Contract<Books>,
            base: Contract<Token>,
            usdc: Contract<Token>,
            vault: Contract<Vault>,
            exchange: Contract<Exchange>,
            $($who: Address,)*
        ) {
            let $world = World {
                usdai: &usdai,
                adapter: &adapter,
                books: &books,
                base: &base,
                usdc: &usdc,
                vault: &vault,
                exchange: &exchange,
            };
            $world.$state();
            $($body)*
            $world.check();
        }
    )*};
}

fn ledger(error: LedgerError) -> UsdaiError {
    UsdaiError::from(error)
}

fn unauthorized(account: Address, role: B256) -> UsdaiError {
    UsdaiError::from(Unauthorized { account, role }.abi_encode())
}

fn insufficient(amount: U256, minimum: U256) -> UsdaiError {
    UsdaiError::from(InsufficientOutput { amount, minimum })
}

fn invalid_address() -> UsdaiError {
    InvalidAddress {}.into()
}
fn invalid_amount() -> UsdaiError {
    InvalidAmount {}.into()
}
fn cap_exceeded() -> UsdaiError {
    SupplyCapExceeded {}.into()
}
fn not_wired() -> UsdaiError {
    NotWired {}.into()
}

world! {
    open base_token_goes_in_and_out_one_to_one(w, alice, bob) {
        w.fund(w.base, alice, 100);
        let minted = w.usdai.sender(alice).deposit(w.base.address(), n(100), usd(100), bob).motsu_unwrap();
        assert_eq!(minted, usd(100));
        assert_eq!(w.usdai.sender(bob).ledger.balance_of(bob), usd(100));
        w.usdai.assert_emitted(&Deposited {
            caller: alice, recipient: bob, depositToken: w.base.address(), depositAmount: n(100), usdaiAmount: usd(100),
        });
        w.usdai.assert_emitted(&Transfer { from: ZERO, to: bob, value: usd(100) });

        let paid = w.usdai.sender(bob).withdraw(w.base.address(), usd(40), n(40), alice).motsu_unwrap();
        assert_eq!(paid, n(40));
        assert_eq!(w.held(w.base, alice), n(40));
        assert_eq!(w.usdai.sender(bob).ledger.total_supply(), usd(60));
        w.usdai.assert_emitted(&Withdrawn {
            caller: bob, recipient: alice, withdrawToken: w.base.address(), usdaiAmount: usd(40), withdrawAmount: n(40),
        });
    }

    open what_is_less_than_a_base_unit_stays_with_the_holder(w, alice) {
        w.deposit(alice, 10);
        let paid = w.usdai.sender(alice).withdraw(w.base.address(), usd(3) + n(1), n(3), alice).motsu_unwrap();
        assert_eq!(paid, n(3));
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(alice), usd(7));
        assert_eq!(
            w.usdai.sender(alice).withdraw(w.base.address(), BASE_SCALE - n(1), U256::ZERO, alice).motsu_unwrap_err(),
            invalid_amount()
        );
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(alice), usd(7));
    }

    open a_token_that_keeps_a_fee_is_credited_at_what_arrived(w, alice) {
        w.base.sender(ADMIN).fee.set(n(2));
        w.fund(w.base, alice, 100);
        assert_eq!(
            w.usdai.sender(alice).deposit(w.base.address(), n(100), usd(99), alice).motsu_unwrap_err(),
            insufficient(usd(98), usd(99))
        );
        assert_eq!(w.held(w.base, alice), n(100));
        let minted = w.usdai.sender(alice).deposit(w.base.address(), n(100), usd(98), alice).motsu_unwrap();
        assert_eq!(minted, usd(98));

        assert_eq!(
            w.usdai.sender(alice).withdraw(w.base.address(), usd(98), n(97), alice).motsu_unwrap_err(),
            insufficient(n(96), n(97))
        );
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(alice), usd(98));
        assert_eq!(w.usdai.sender(alice).withdraw(w.base.address(), usd(98), n(96), alice).motsu_unwrap(), n(96));
    }

    open a_token_that_moves_nothing_buys_nothing(w, alice) {
        w.fund(w.base, alice, 100);
        w.base.sender(ADMIN).lies.set(true);
        assert_eq!(
            w.usdai.sender(alice).deposit(w.base.address(), n(100), U256::ZERO, alice).motsu_unwrap_err(),
            invalid_amount()
        );
        w.base.sender(ADMIN).lies.set(false);
        w.base.sender(ADMIN).answers_false.set(true);
        assert_eq!(
            w.usdai.sender(alice).deposit(w.base.address(), n(100), U256::ZERO, alice).motsu_unwrap_err(),
            UsdaiError::from(TokenCallFailed { token: w.base.address() }.abi_encode())
        );
        assert_eq!(w.usdai.sender(alice).ledger.total_supply(), U256::ZERO);
    }

    open zero_amounts_and_wrong_addresses_are_refused(w, alice) {
        w.deposit(alice, 10);
        let (base, usdai) = (w.base.address(), w.usdai.address());
        for (token, recipient) in [(ZERO, alice), (usdai, alice), (base, ZERO), (base, usdai)] {
            assert_eq!(w.usdai.sender(alice).deposit(token, n(1), U256::ZERO, recipient).motsu_unwrap_err(), invalid_address());
            assert_eq!(w.usdai.sender(alice).withdraw(token, usd(1), U256::ZERO, recipient).motsu_unwrap_err(), invalid_address());
        }
        assert_eq!(w.usdai.sender(alice).deposit(base, U256::ZERO, U256::ZERO, alice).motsu_unwrap_err(), invalid_amount());
        assert_eq!(w.usdai.sender(alice).withdraw(base, U256::ZERO, U256::ZERO, alice).motsu_unwrap_err(), invalid_amount());
    }

    open largest_amounts_are_refused_by_name(w, alice) {
        w.deposit(alice, 10);
        let base = w.base.address();
        assert_eq!(
            w.usdai.sender(alice).withdraw(base, U256::MAX, U256::ZERO, alice).motsu_unwrap_err(),
            ledger(LedgerError::from(ERC20InsufficientBalance {
                sender: alice, balance: usd(10), needed: U256::MAX / BASE_SCALE * BASE_SCALE,
            }))
        );
        w.base.sender(ADMIN).balances.insert(alice, U256::MAX);
        w.base.sender(ADMIN).balances.insert(w.usdai.address(), U256::ZERO);
        w.base.sender(alice).allowances.setter(alice).insert(w.usdai.address(), U256::MAX);
        assert_eq!(
            w.usdai.sender(alice).deposit(base, U256::MAX, U256::ZERO, alice).motsu_unwrap_err(),
            UsdaiError::from(ArithmeticOverflow {})
        );
        w.base.sender(ADMIN).balances.insert(w.usdai.address(), n(10));
        assert_eq!(
            w.usdai.sender(alice).withdraw(base, usd(1), U256::MAX, BRIDGE).motsu_unwrap_err(),
            insufficient(n(1), U256::MAX)
        );
    }

    open a_stablecoin_goes_in_and_out_through_the_adapter(w, alice, bob) {
        w.exchange.sender(ADMIN).cost.set(n(1));
        w.fund(w.usdc, alice, 100);
        let usdc = w.usdc.address();
        let minted = w.usdai.sender(alice).deposit(usdc, n(100), usd(98) + n(1), bob).motsu_unwrap();
        assert_eq!(minted, usd(99));
        assert_eq!(w.exchange.sender(bob).fee.get(), n(100));
        assert_eq!(w.held(w.base, w.usdai.address()), n(99));
        w.usdai.assert_emitted(&Deposited {
            caller: alice, recipient: bob, depositToken: usdc, depositAmount: n(100), usdaiAmount: usd(99),
        });

        let paid = w.usdai.sender(bob).withdraw(usdc, usd(50), n(49), alice).motsu_unwrap();
        assert_eq!(paid, n(49));
        assert_eq!(w.held(w.usdc, alice), n(49));
        w.usdai.assert_emitted(&Withdrawn {
            caller: bob, recipient: alice, withdrawToken: usdc, usdaiAmount: usd(50), withdrawAmount: n(49),
        });
    }

    open a_path_in_the_data_is_taken(w, alice) {
        w.fund(w.usdc, alice, 100);
        let (usdc, base) = (w.usdc.address(), w.base.address());
        let path = |tokens: &[Address]| Bytes(tokens.iter().map(|token| token.to_vec()).collect::<Vec<_>>().join([0, 1, 244].as_slice()));
        w.usdai.sender(alice).deposit_with_data(usdc, n(100), usd(100), alice, path(&[usdc, ADMIN, base])).motsu_unwrap();
        assert_eq!(w.exchange.sender(alice).fee.get(), n(2));
        w.usdai.sender(alice).withdraw_with_data(usdc, usd(100), n(100), alice, path(&[base, ADMIN, BRIDGE, usdc])).motsu_unwrap();
        assert_eq!(w.exchange.sender(alice).fee.get(), n(3));
        w.fund(w.usdc, alice, 100);
        assert_eq!(
            w.usdai.sender(alice).deposit_with_data(usdc, n(100), usd(100), alice, path(&[base, usdc])).motsu_unwrap_err(),
            UsdaiError::from(InvalidPath { tokenIn: usdc, tokenOut: base }.abi_encode())
        );
    }

    open a_swap_below_the_minimum_is_refused_both_ways(w, alice) {
        w.deposit(alice, 100);
        w.fund(w.usdc, alice, 100);
        w.exchange.sender(ADMIN).cost.set(n(1));
        w.exchange.sender(ADMIN).careless.set(true);
        let usdc = w.usdc.address();
        // The adapter's minimum is in base units, rounded up.
        assert_eq!(
            w.usdai.sender(alice).deposit(usdc, n(100), usd(99) + n(1), alice).motsu_unwrap_err(),
            UsdaiError::from(InsufficientOutput { amount: n(99), minimum: n(100) }.abi_encode())
        );
        assert_eq!(
            w.usdai.sender(alice).withdraw(usdc, usd(100), n(100), alice).motsu_unwrap_err(),
            UsdaiError::from(InsufficientOutput { amount: n(99), minimum: n(100) }.abi_encode())
        );
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(alice), usd(100));
        // The recipient's minimum counts what reaches the recipient.
        w.usdc.sender(ADMIN).fee.set(n(5));
        assert_eq!(
            w.usdai.sender(alice).withdraw(usdc, usd(100), n(90), alice).motsu_unwrap_err(),
            insufficient(n(89), n(90))
        );
    }

    open yield_that_arrives_during_a_swap_is_not_the_depositors(w, alice) {
        w.deposit(alice, 100);
        w.base.sender(ADMIN).accrued.insert(w.usdai.address(), n(7));
        w.exchange.sender(ADMIN).claims.set(w.base.address());
        w.fund(w.usdc, alice, 100);
        let minted = w.usdai.sender(alice).deposit(w.usdc.address(), n(100), U256::ZERO, alice).motsu_unwrap();
        assert_eq!(minted, usd(100));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(7));
    }

    open yield_that_arrives_with_a_transfer_is_not_the_depositors(w, alice) {
        w.base.sender(ADMIN).claims.set(true);
        w.base.sender(ADMIN).accrued.insert(w.usdai.address(), n(7));
        w.base.sender(ADMIN).accrued.insert(alice, n(2));
        w.deposit(alice, 100);
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(alice), usd(100));
        assert_eq!(w.usdai.sender(alice).withdraw(w.base.address(), usd(10), n(10), alice).motsu_unwrap(), n(10));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(7));
    }

    open an_exchange_that_boasts_is_credited_at_what_arrived(w, alice) {
        w.exchange.sender(ADMIN).boasts.set(true);
        w.fund(w.usdc, alice, 100);
        assert_eq!(w.usdai.sender(alice).deposit(w.usdc.address(), n(100), U256::ZERO, alice).motsu_unwrap(), usd(100));
    }

    open a_token_that_is_not_allowed_is_refused_by_the_adapter(w, alice) {
        w.adapter.sender(ADMIN).set_token_allowed(w.usdc.address(), false).motsu_unwrap();
        w.deposit(alice, 100);
        w.fund(w.usdc, alice, 100);
        let refusal = UsdaiError::from(TokenNotAllowed { token: w.usdc.address() }.abi_encode());
        assert_eq!(w.usdai.sender(alice).deposit(w.usdc.address(), n(100), U256::ZERO, alice).motsu_unwrap_err(), refusal);
        assert_eq!(w.usdai.sender(alice).withdraw(w.usdc.address(), usd(100), U256::ZERO, alice).motsu_unwrap_err(), refusal);
        assert_eq!(w.held(w.usdc, alice), n(100));
    }

    open the_cap_counts_bridged_supply_and_binds_all_but_the_deposit_admin(w, alice, bob) {
        w.usdai.sender(ADMIN).set_supply_cap(usd(100)).motsu_unwrap();
        w.usdai.assert_emitted(&SupplyCapSet { supplyCap: usd(100) });
        w.deposit(alice, 60);
        w.usdai.sender(BRIDGE).burn(alice, usd(20)).motsu_unwrap();
        w.fund(w.base, alice, 100);
        let base = w.base.address();
        assert_eq!(w.usdai.sender(alice).deposit(base, n(41), U256::ZERO, alice).motsu_unwrap_err(), cap_exceeded());
        w.usdai.sender(alice).deposit(base, n(40), U256::ZERO, alice).motsu_unwrap();
        assert_eq!(w.usdai.sender(alice).deposit(base, n(1), U256::ZERO, alice).motsu_unwrap_err(), cap_exceeded());
        // The role is the caller's, not the recipient's.
        w.grant(ids::role::DEPOSIT_ADMIN.word(), bob);
        assert_eq!(w.usdai.sender(alice).deposit(base, n(1), U256::ZERO, bob).motsu_unwrap_err(), cap_exceeded());
        w.fund(w.base, bob, 5);
        w.usdai.sender(bob).deposit(base, n(5), U256::ZERO, bob).motsu_unwrap();
        assert_eq!(w.usdai.sender(bob).ledger.total_supply() + w.usdai.sender(bob).bridged_supply(), usd(105));
        // Withdrawals and the bridge go on.
        w.usdai.sender(BRIDGE).mint(alice, usd(20)).motsu_unwrap();
        w.usdai.sender(alice).withdraw(base, usd(100), n(100), alice).motsu_unwrap();
    }

    open what_crosses_the_bridge_stays_backed(w, alice, bob) {
        w.deposit(alice, 100);
        w.usdai.sender(BRIDGE).burn(alice, usd(30) + n(1)).motsu_unwrap();
        w.usdai.assert_emitted(&BridgedSupplySet { bridgedSupply: usd(30) + n(1) });
        assert_eq!(w.usdai.sender(alice).bridged_supply(), usd(30) + n(1));
        assert_eq!(w.usdai.sender(alice).ledger.total_supply(), usd(70) - n(1));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), U256::ZERO);
        assert_eq!(
            w.usdai.sender(BRIDGE).mint(bob, usd(31)).motsu_unwrap_err(),
            UsdaiError::from(InsufficientBridgedSupply { bridgedSupply: usd(30) + n(1), amount: usd(31) })
        );
        w.usdai.sender(BRIDGE).mint(bob, usd(30)).motsu_unwrap();
        assert_eq!(w.usdai.sender(alice).bridged_supply(), n(1));
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(bob), usd(30));
    }

    open only_the_bridge_mints_and_burns(w, alice) {
        w.deposit(alice, 10);
        assert_eq!(w.usdai.sender(alice).mint(alice, usd(1)).motsu_unwrap_err(), unauthorized(alice, ids::role::BRIDGE.word()));
        assert_eq!(w.usdai.sender(ADMIN).burn(alice, usd(1)).motsu_unwrap_err(), unauthorized(ADMIN, ids::role::BRIDGE.word()));
        assert_eq!(w.usdai.sender(BRIDGE).mint(alice, U256::ZERO).motsu_unwrap_err(), invalid_amount());
        assert_eq!(w.usdai.sender(BRIDGE).burn(alice, U256::ZERO).motsu_unwrap_err(), invalid_amount());
        let refusal = w.usdai.sender(BRIDGE).burn(alice, U256::MAX).motsu_unwrap_err();
        assert!(refusal.is::<ERC20InsufficientBalance>());
        assert_eq!(w.usdai.sender(alice).bridged_supply(), U256::ZERO);
    }

    open a_guardian_stops_deposits_and_the_admin_lets_them_go_on(w, alice, guard) {
        w.deposit(alice, 10);
        w.grant(ids::role::GUARDIAN.word(), guard);
        let deposit = || w.usdai.sender(alice).deposit(w.base.address(), n(1), U256::ZERO, alice).motsu_res();
        for account in [guard, ADMIN] {
            w.usdai.sender(account).pause_deposits().motsu_unwrap();
            w.usdai.assert_emitted(&DepositsPauseSet { account, paused: true });
            assert!(w.usdai.sender(alice).deposits_paused());
            assert_eq!(deposit(), Err(DepositsPaused {}.into()));
            // Everything else goes on.
            w.usdai.sender(alice).withdraw(w.base.address(), usd(1), n(1), alice).motsu_unwrap();
            w.usdai.sender(alice).ledger.transfer(alice, guard, usd(1)).motsu_unwrap();
            w.usdai.sender(alice).harvest().motsu_unwrap();
            let refusal = w.usdai.sender(guard).unpause_deposits().motsu_unwrap_err();
            assert_eq!(refusal, unauthorized(guard, ids::role::ADMIN.word()));
            w.usdai.sender(ADMIN).unpause_deposits().motsu_unwrap();
            w.usdai.assert_emitted(&DepositsPauseSet { account: ADMIN, paused: false });
        }
        w.deposit(alice, 1);
        let refusal = w.usdai.sender(alice).pause_deposits().motsu_unwrap_err();
        assert_eq!(refusal, unauthorized(alice, ids::role::ADMIN.word()));
    }

    open only_the_admin_stops_withdrawals(w, alice, guard) {
        w.deposit(alice, 10);
        w.grant(ids::role::GUARDIAN.word(), guard);
        for account in [alice, guard] {
            let refusal = w.usdai.sender(account).set_withdrawals_paused(true).motsu_unwrap_err();
            assert_eq!(refusal, unauthorized(account, ids::role::ADMIN.word()));
        }
        w.usdai.sender(ADMIN).set_withdrawals_paused(true).motsu_unwrap();
        w.usdai.assert_emitted(&WithdrawalsPauseSet { account: ADMIN, paused: true });
        assert!(w.usdai.sender(alice).withdrawals_paused());
        let withdraw = || w.usdai.sender(alice).withdraw(w.base.address(), usd(1), n(1), alice).motsu_res();
        assert_eq!(withdraw(), Err(WithdrawalsPaused {}.into()));
        w.deposit(alice, 1);
        w.usdai.sender(alice).ledger.transfer(alice, guard, usd(1)).motsu_unwrap();
        w.usdai.sender(ADMIN).set_withdrawals_paused(false).motsu_unwrap();
        assert_eq!(withdraw(), Ok(n(1)));
    }

    open a_harvest_mints_the_yield_to_treasury_and_vault(w, alice) {
        w.deposit(alice, 1_000);
        w.usdai.sender(ADMIN).set_admin_fee(n(1_000)).motsu_unwrap();
        w.usdai.assert_emitted(&AdminFeeSet { bps: n(1_000) });
        assert_eq!(w.usdai.sender(alice).admin_fee(), n(1_000));
        w.base.sender(ADMIN).accrued.insert(w.usdai.address(), n(50));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(50));
        w.usdai.assert_emitted(&Harvested { baseClaimed: n(50), toVault: usd(45), toTreasury: usd(5) });
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(w.vault.address()), usd(45));
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(TREASURY), usd(5));
        assert_eq!(w.vault.sender(alice).notified.get(), usd(45));
        // There is nothing more.
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), U256::ZERO);
        assert_eq!(w.vault.sender(alice).calls.get(), n(1));
    }

    open yield_claimed_by_another_is_harvested_all_the_same(w, alice) {
        w.deposit(alice, 1_000);
        w.base.sender(ADMIN).give(w.usdai.address(), n(50));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(50));
        assert_eq!(w.usdai.sender(alice).ledger.balance_of(TREASURY), U256::ZERO);
        assert_eq!(w.vault.sender(alice).notified.get(), usd(50));
    }

    open a_harvest_stops_at_the_cap(w, alice) {
        w.deposit(alice, 1_000);
        w.usdai.sender(ADMIN).set_supply_cap(usd(1_020)).motsu_unwrap();
        w.base.sender(ADMIN).accrued.insert(w.usdai.address(), n(50));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(20));
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), U256::ZERO);
        w.usdai.sender(ADMIN).set_supply_cap(U256::MAX).motsu_unwrap();
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap(), usd(30));
    }

    open administration_is_the_admins(w, alice) {
        assert_eq!(w.usdai.sender(alice).set_supply_cap(n(1)).motsu_unwrap_err(), unauthorized(alice, ids::role::ADMIN.word()));
        assert_eq!(w.usdai.sender(alice).set_admin_fee(n(1)).motsu_unwrap_err(), unauthorized(alice, ids::role::ADMIN.word()));
        for bps in [n(2_001), U256::MAX] {
            assert_eq!(
                w.usdai.sender(ADMIN).set_admin_fee(bps).motsu_unwrap_err(),
                UsdaiError::from(AdminFeeTooHigh { bps, maximum: n(2_000) })
            );
        }
        assert_eq!(w.usdai.sender(alice).supply_cap(), U256::MAX);
        assert_eq!(w.usdai.sender(alice).admin_fee(), U256::ZERO);
    }

    construct before_it_is_wired_base_token_works_and_the_rest_says_so(w, alice) {
        w.deposit(alice, 10);
        w.fund(w.usdc, alice, 10);
        assert_eq!(w.usdai.sender(alice).deposit(w.usdc.address(), n(10), U256::ZERO, alice).motsu_unwrap_err(), not_wired());
        assert_eq!(w.usdai.sender(alice).withdraw(w.usdc.address(), usd(10), U256::ZERO, alice).motsu_unwrap_err(), not_wired());
        assert_eq!(w.usdai.sender(alice).harvest().motsu_unwrap_err(), not_wired());
        w.usdai.sender(alice).withdraw(w.base.address(), usd(10), n(10), alice).motsu_unwrap();
    }

    construct wiring_copies_the_routers_addresses(w, alice) {
        w.books.sender(ADMIN).addresses.insert(ids::address::TREASURY.word(), ZERO);
        assert_eq!(
            w.usdai.sender(alice).wire().motsu_unwrap_err(),
            UsdaiError::from(AddressNotSet { id: ids::address::TREASURY.word() }.abi_encode())
        );
        w.books.sender(ADMIN).addresses.insert(ids::address::TREASURY.word(), TREASURY);
        w.usdai.sender(alice).wire().motsu_unwrap();
        w.usdai.assert_emitted(&Wired {
            swapAdapter: w.adapter.address(), vault: w.vault.address(), treasury: TREASURY,
        });
        assert_eq!(w.usdai.sender(alice).swap_adapter(), w.adapter.address());
        assert_eq!(w.usdai.sender(alice).base_token(), w.base.address());
    }
}

#[motsu::test]
fn the_constructor_refuses_what_cannot_be(usdai: Contract<Usdai>, base: Contract<Token>, alice: Address) {
    for (router, token) in [(ZERO, base.address()), (alice, ZERO)] {
        assert_eq!(usdai.sender(alice).constructor(router, token).motsu_unwrap_err(), invalid_address());
    }
    base.sender(alice).extra_decimals.set(alloy_primitives::U8::from(12));
    assert_eq!(
        usdai.sender(alice).constructor(alice, base.address()).motsu_unwrap_err(),
        UsdaiError::from(InvalidBaseToken { token: base.address() })
    );
}

#[motsu::test]
fn it_is_an_erc20_with_permits(usdai: Contract<Usdai>, alice: Address, bob: Address) {
    usdai.sender(alice).approve(bob, n(5)).motsu_unwrap();
    usdai.assert_emitted(&Approval {
        owner: alice,
        spender: bob,
        value: n(5),
    });
    let call = usdai.sender(alice);
    assert_eq!(call.allowance(alice, bob), Ok(n(5)));
    assert_eq!((call.name(), call.symbol()), (Ok("USDai".into()), Ok("USDai".into())));
    assert_eq!((call.decimals(), call.nonces(alice)), (Ok(18), Ok(U256::ZERO)));
    let domain = [
        keccak256("EIP712Domain(string name,string version,uint256 chainId,address verifyingContract)"),
        keccak256("USDai"),
        keccak256("1"),
        U256::from(42161).into(),
        usdai.address().into_word(),
    ];
    assert_eq!(call.domain_separator(), Ok(keccak256(domain.concat())));
    let refusal = usdai.sender(alice).transfer(bob, n(1)).motsu_unwrap_err();
    assert!(refusal.is::<ERC20InsufficientBalance>());
    let refusal = usdai.sender(bob).transfer_from(alice, bob, n(6)).motsu_unwrap_err();
    assert!(refusal.is::<ERC20InsufficientAllowance>());
    assert!(usdai.sender(bob).transfer_from(alice, bob, U256::ZERO).motsu_unwrap());
    assert_eq!(
        usdai
            .sender(bob)
            .permit(alice, bob, n(1), U256::ZERO, 27, B256::ZERO, B256::ZERO)
            .motsu_unwrap_err(),
        ledger(LedgerError::from(ERC2612ExpiredSignature { deadline: U256::ZERO }))
    );
}

#[motsu::test]
fn it_says_what_it_is(usdai: Contract<Usdai>, alice: Address) {
    let call = usdai.sender(alice);
    for id in [0x01ff_c9a7_u32, 0x3637_2b07, 0xa219_a025, 0x9d8f_f7da] {
        assert!(call.supports_interface(FixedBytes(id.to_be_bytes())));
    }
    for id in [u32::MAX, 0] {
        assert!(!call.supports_interface(FixedBytes(id.to_be_bytes())));
    }
}

/// motsu's nested calls go through selectors: an overload called with the wrong one would answer with nothing.
#[test]
fn selectors_are_the_production_systems() {
    use stylus_sdk::function_selector;
    let hash = |signature: &str| -> [u8; 4] { keccak256(signature)[..4].try_into().unwrap() };
    assert_eq!(
        function_selector!("deposit", Address, U256, U256, Address, Bytes),
        hash("deposit(address,uint256,uint256,address,bytes)")
    );
    assert_eq!(
        function_selector!("withdraw", Address, U256, U256, Address),
        hash("withdraw(address,uint256,uint256,address)")
    );
    assert_eq!(
        function_selector!("permit", Address, Address, U256, U256, u8, B256, B256),
        hash("permit(address,address,uint256,uint256,uint8,bytes32,bytes32)")
    );
    assert_eq!(
        function_selector!("supportsInterface", FixedBytes<4>),
        hash("supportsInterface(bytes4)")
    );
}
