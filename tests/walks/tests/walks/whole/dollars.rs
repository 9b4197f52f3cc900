//! USDai.

use alloy_sol_types::sol;
use scenarios::abi::{token_mode, BaseToken};

use super::*;

sol! {
    #[derive(Debug)]
    error DepositsPaused();
    /// The admin has stopped withdrawals.
    #[derive(Debug)]
    error WithdrawalsPaused();
}

/// Wei of USDai in a unit of what backs it.
const UNIT: u64 = 1_000_000_000_000;

impl Walk {
    /// Has `who` hold so much at least.
    pub(super) fn provide(&mut self, who: usize, amount: U256) {
        if self.has(who) < amount {
            let whole = 100_000 + (amount / wad(1)).to::<u64>();
            self.town.give_usdai(self.holders[who], whole);
            self.issued(who, dollars6(whole));
        }
    }

    /// Base units have arrived, and USDai are there for them.
    pub(super) fn issued(&mut self, to: usize, units: U256) {
        self.backing += units;
        self.model.issue_dollars(to, &wei(units * U256::from(UNIT)));
    }

    pub(super) fn coins(&mut self, most: u64) -> U256 {
        U256::ONE + self.dice.up_to(dollars6(most))
    }

    fn deposit_of(&self, token: Address, amount: U256, to: usize) -> Usdai::deposit_0Call {
        Usdai::deposit_0Call {
            depositToken: token,
            depositAmount: amount,
            usdaiAmountMinimum: U256::ZERO,
            recipient: self.holders[to],
        }
    }

    pub(super) fn deposit_base(&mut self) {
        let (who, to) = (self.person(), self.person());
        let amount = if self.dice.chance(4) { U256::ZERO } else { self.coins(50_000) };
        self.town.give_base(self.holders[who], amount);
        let mut reasons = Reasons::default();
        reasons.add(self.deposits_paused, &DepositsPaused {});
        reasons.add(amount.is_zero(), &refusals::InvalidAmount {});
        let call = self.deposit_of(self.town.world.wrapped_m, amount, to);
        if let Some(minted) = self.play("deposit", who, self.town.suite.usdai, &call, &reasons) {
            assert_eq!(minted, amount * U256::from(UNIT));
            self.issued(to, amount);
        }
    }

    /// Another stablecoin, at Uniswap's price: what it buys backs what is minted.
    pub(super) fn deposit_coin(&mut self) {
        let (who, usdai, base) = (self.person(), self.town.suite.usdai, self.town.world.wrapped_m);
        let amount = dollars6(1) + self.coins(500);
        self.town.give_usdc(self.holders[who], amount);
        let mut reasons = Reasons::default();
        reasons.add(self.deposits_paused, &DepositsPaused {});
        let call = self.deposit_of(self.town.world.usdc, amount, who);
        if let Some(minted) = self.play("deposit of USDC", who, usdai, &call, &reasons) {
            let arrived = self.town.balance(base, usdai) - self.backing;
            assert_eq!(minted, arrived * U256::from(UNIT), "minted for what arrived");
            self.issued(who, arrived);
        }
    }

    /// A coin that does not do what it says.
    pub(super) fn deposit_hostile(&mut self) {
        let (who, usdai, hostile) = (self.person(), self.town.suite.usdai, self.hostile);
        let mode = self
            .dice
            .one_of(&[token_mode::RETURN_FALSE, token_mode::REVERT, token_mode::REENTER]);
        let amount = dollars6(1 + self.dice.below(100));
        let (me, harvest) = (self.holders[who], Usdai::harvestCall {}.abi_encode());
        let mint = HostileToken::mintCall { to: me, amount };
        self.town.does_silently(me, hostile, &mint);
        let ambush = HostileToken::setAmbushCall {
            target: usdai,
            data: harvest.into(),
        };
        self.town.does_silently(me, hostile, &ambush);
        self.town.does_silently(me, hostile, &HostileToken::setModeCall { mode });
        let mut reasons = Reasons::default();
        reasons.add(self.deposits_paused, &DepositsPaused {});
        reasons.add(mode == token_mode::RETURN_FALSE, &refusals::TokenCallFailed { token: hostile });
        reasons.add(mode == token_mode::REVERT, &refusals::Hostile {});
        // While it deposits nothing else of USDai's can be done: the coin tries to harvest, and does not.
        let kind = if mode == token_mode::REENTER {
            "deposit of a coin that calls back"
        } else {
            "deposit of a bad coin"
        };
        let call = self.deposit_of(hostile, amount, who);
        if let Some(minted) = self.play(kind, who, usdai, &call, &reasons) {
            assert!(!self.town.read(hostile, &HostileToken::ambushSucceededCall {}), "a coin harvests");
            let arrived = self.town.balance(self.town.world.wrapped_m, usdai) - self.backing;
            assert_eq!(minted, arrived * U256::from(UNIT), "minted for what arrived");
            self.issued(who, arrived);
        }
        let honest = HostileToken::setModeCall { mode: token_mode::HONEST };
        self.town.does_silently(me, hostile, &honest);
    }

    /// What a harvest would mint now: what is, or can be claimed, above what backs the supply.
    fn yielded(&mut self) -> U256 {
        let (usdai, base) = (self.town.suite.usdai, self.town.world.wrapped_m);
        let accrued = self.town.read(base, &BaseToken::accruedYieldOfCall { account: usdai });
        let issued = self.model.dollars.iter().sum::<Wei>();
        (self.backing + accrued.to::<U256>()) * U256::from(UNIT) - word(&issued).div_ceil(U256::from(UNIT)) * U256::from(UNIT)
    }

    fn harvested(&mut self, yielded: U256, backing: U256) {
        let fee = yielded * self.fee / n(10_000);
        self.model.harvest(&wei(fee), &wei(yielded - fee));
        self.backing = backing;
    }

    pub(super) fn harvest(&mut self) {
        let (who, usdai, base) = (self.person(), self.town.suite.usdai, self.town.world.wrapped_m);
        if self.dice.chance(20) {
            let amount = self.coins(300);
            self.town.give_base(usdai, amount);
            self.backing += amount;
        }
        let expected = self.yielded();
        let minted = self.play("harvest", who, usdai, &Usdai::harvestCall {}, &Reasons::default());
        assert_eq!(minted, Some(expected), "what a harvest mints");
        let there = self.town.balance(base, usdai);
        self.harvested(expected, there);
        let open = self.model.queue.ids().any(|id| self.model.queue.is_sealed(id));
        if open && !expected.is_zero() {
            self.log.count("together", "income while bids are sealed");
        }
    }

    pub(super) fn withdraw_base(&mut self) {
        let (who, to, usdai) = (self.person(), self.person(), self.town.suite.usdai);
        let held = self.has(who);
        let amount = if self.dice.chance(10) {
            held + wad(1)
        } else {
            self.dice.up_to(held.min(wad(100_000)))
        };
        let units = amount / U256::from(UNIT);
        let burnt = units * U256::from(UNIT);
        let mut reasons = Reasons::default();
        reasons.add_any::<refusals::ERC20InsufficientBalance>(burnt > held);
        reasons.add(self.withdrawals_paused, &WithdrawalsPaused {});
        reasons.add(units.is_zero(), &refusals::InvalidAmount {});
        let call = Usdai::withdraw_0Call {
            withdrawToken: self.town.world.wrapped_m,
            usdaiAmount: amount,
            withdrawAmountMinimum: U256::ZERO,
            recipient: self.holders[to],
        };
        if let Some(paid) = self.play("withdraw", who, usdai, &call, &reasons) {
            assert_eq!(paid, units);
            self.model.burn_dollars(who, &wei(burnt)).expect("enough");
            self.backing -= units;
        }
    }

    pub(super) fn send_dollars(&mut self) {
        let (who, to, usdai) = (self.person(), self.person(), self.town.suite.usdai);
        let held = self.has(who);
        let value = self.part_of(held);
        let outcome = self.model.send_dollars(who, to, &wei(value));
        let reasons = outcome
            .err()
            .map_or_else(Reasons::default, |why| self.reasons(why, Case::default()));
        let call = Erc20::transferCall {
            to: self.holders[to],
            value,
        };
        self.play("transfer", who, usdai, &call, &reasons);
    }

    /// A contract is given USDai, which changes no book.
    pub(super) fn give(&mut self) {
        let (who, usdai) = (self.person(), self.town.suite.usdai);
        let to = self.dice.one_of(&[VAULT, FILO, QUEUE]);
        let most = self.has(who).min(wad(10));
        let value = self.dice.up_to(most);
        self.model.send_dollars(who, to, &wei(value)).expect("enough");
        let call = Erc20::transferCall {
            to: self.holders[to],
            value,
        };
        self.play("gift to a contract", who, usdai, &call, &Reasons::default());
    }
}
