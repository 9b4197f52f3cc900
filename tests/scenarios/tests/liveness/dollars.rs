//! USDai's exit: the base token one for one, stablecoins as far as the way to them works.

use alloy_primitives::{Address, U256};
use alloy_sol_types::SolCall;
use scenarios::{
    abi::{Adapter, BaseToken, Erc20, Router, Usdai},
    hands::{n, scaled, wad},
    loans::SILENT_ROUTER,
    refusals,
    scenes::Stage,
    usdai_cli::protocol::{counterparts::dollars6, suite::id},
    Town,
};

/// Who has 1,000 USDai.
const ANN: Address = Address::repeat_byte(0xa1);
/// Whom she has them paid to.
const HEIR: Address = Address::repeat_byte(0x4e);
/// A bridge, and whoever else has power.
const POWER: Address = Address::repeat_byte(0x50);

/// Ann has 1,000 USDai, others have some.
struct Dollars {
    town: Town,
}

impl Dollars {
    fn set() -> Self {
        let mut town = Town::deployed();
        town.give_usdai(ANN, 1_000);
        let lender = town.cast.depositor.address();
        town.give_susdai(lender, 100_000);
        town.give_usdai(lender, 5_000);
        let (admin, router) = (town.cast.admin.address(), town.suite.router);
        for role in ["BRIDGE", "DEPOSIT_ADMIN", "GUARDIAN"] {
            let role = id(role);
            town.does(admin, router, &Router::grantRoleCall { role, account: POWER });
        }
        Self { town }
    }

    fn admin<C: SolCall>(&mut self, to: Address, call: &C) {
        let admin = self.town.cast.admin.address();
        self.town.does(admin, to, call);
    }
}

impl Stage for Dollars {
    const STATES: &'static [&'static str] = &[
        "the reserves are what was brought",
        "yield has accrued and nobody harvested it",
        "it was harvested",
        "the cap is below what there is",
        "most of it is on another chain",
        "nobody did anything for ten years",
    ];
    const DISTURBANCES: &'static [&'static str] = &[
        "nothing",
        "deposits are paused",
        "withdrawals are paused",
        "the swap adapter is a contract that does nothing",
        "the swap adapter allows no token",
        "the stablecoins' pools are bought empty",
        "the vault and the treasury are contracts that do nothing",
        "nobody has a role any more, and the admin is nobody",
        "every contract was given base token",
        "others take out what they have",
        SILENT_ROUTER,
    ];

    fn town(&mut self) -> &mut Town {
        &mut self.town
    }

    fn bring(&mut self, state: &str) {
        let (usdai, base) = (self.town.suite.usdai, self.town.world.wrapped_m);
        match state {
            "the reserves are what was brought" => (),
            "yield has accrued and nobody harvested it" | "it was harvested" => {
                self.town.node.chain.advance(200 * 86_400);
                let accrued = self.town.read(base, &BaseToken::accruedYieldOfCall { account: usdai });
                assert!(U256::from(accrued) > dollars6(1_000));
                if state == "it was harvested" {
                    self.town.does(ANN, usdai, &Usdai::harvestCall {});
                }
            }
            "the cap is below what there is" => self.admin(usdai, &Usdai::setSupplyCapCall { supplyCap: wad(1) }),
            "most of it is on another chain" => {
                let from = self.town.cast.depositor.address();
                let (amount, susdai) = (wad(5_000), self.town.suite.susdai);
                self.town.does(POWER, usdai, &Usdai::burnCall { from, amount });
                let amount = wad(100_000);
                self.town.does(POWER, usdai, &Usdai::burnCall { from: susdai, amount });
                assert_eq!(self.town.read(usdai, &Usdai::bridgedSupplyCall {}), wad(105_000));
            }
            "nobody did anything for ten years" => {
                self.town.node.chain.advance(10 * 365 * 86_400);
                self.town.reactivate();
            }
            _ => unreachable!("{state}"),
        }
    }

    fn disturb(&mut self, disturbance: &str) {
        let (suite, world) = (self.town.suite, self.town.world);
        match disturbance {
            "nothing" => (),
            "deposits are paused" => {
                self.town.does(POWER, suite.usdai, &Usdai::pauseDepositsCall {});
            }
            "withdrawals are paused" => self.admin(suite.usdai, &Usdai::setWithdrawalsPausedCall { paused: true }),
            "the swap adapter is a contract that does nothing" => self.replace(&["SWAP_ADAPTER"]),
            "the swap adapter allows no token" => {
                for token in [world.usdc, world.usdt] {
                    let forbid = Adapter::setTokenAllowedCall { token, allowed: false };
                    self.admin(suite.swap_adapter, &forbid);
                }
            }
            "the stablecoins' pools are bought empty" => {
                let buyer = Address::repeat_byte(0x66);
                self.town.give_base(buyer, dollars6(30_000_000));
                for token in [world.usdc, world.usdt] {
                    self.town.swap(buyer, world.wrapped_m, token, dollars6(15_000_000));
                }
            }
            "the vault and the treasury are contracts that do nothing" => self.replace(&["SUSDAI", "TREASURY"]),
            "nobody has a role any more, and the admin is nobody" => {
                for role in ["BRIDGE", "DEPOSIT_ADMIN", "GUARDIAN"] {
                    let role = id(role);
                    self.admin(suite.router, &Router::revokeRoleCall { role, account: POWER });
                }
                let account = Address::repeat_byte(0xde);
                self.admin(suite.router, &Router::transferAdminCall { account });
                self.town.does(account, suite.router, &Router::acceptAdminCall {});
            }
            "every contract was given base token" => {
                for (_, contract) in suite.contracts() {
                    self.town.give_base(contract, dollars6(77));
                }
            }
            SILENT_ROUTER => self.town.silence(suite.router),
            "others take out what they have" => {
                let lender = self.town.cast.depositor.address();
                let amount = self.town.balance(suite.usdai, lender);
                if !amount.is_zero() {
                    let out = withdraw(world.wrapped_m, amount, lender);
                    self.town.does(lender, suite.usdai, &out);
                }
            }
            _ => unreachable!("{disturbance}"),
        }
    }
}

impl Dollars {
    /// The router names a contract of one function, which is not theirs, in their place; USDai takes it over.
    fn replace(&mut self, ids: &[&str]) {
        let suite = self.town.suite;
        let current = self.town.solidity("StylusDeployer", &[]);
        for name in ids {
            let id = id(name);
            self.admin(suite.router, &Router::setAddressCall { id, current });
        }
        self.admin(suite.usdai, &Usdai::wireCall {});
    }
}

fn withdraw(token: Address, amount: U256, recipient: Address) -> Usdai::withdraw_0Call {
    Usdai::withdraw_0Call {
        withdrawToken: token,
        usdaiAmount: amount,
        withdrawAmountMinimum: U256::ZERO,
        recipient,
    }
}

/// All that she has, one for one, in whatever state the reserves are and whatever becomes of the adapter, the pools, the vault or the admin;
/// what is less than a unit stays. Only the pause of withdrawals stops it, by its name.
#[test]
fn usdai_is_always_taken_out_in_the_base_token() {
    Dollars::set().in_each(|stage, scene| {
        let (usdai, base) = (stage.town.suite.usdai, stage.town.world.wrapped_m);
        let odd = wad(1) / n(3);
        let all = stage.town.balance(usdai, ANN);
        assert_eq!(all, wad(1_000));
        for (amount, recipient) in [(odd, HEIR), (all - odd, ANN)] {
            let out = withdraw(base, amount, recipient);
            if scene.disturbance == "withdrawals are paused" {
                stage.town.refuses_as(ANN, usdai, &out, &Usdai::WithdrawalsPaused {});
                continue;
            }
            let before = stage.town.balance(base, recipient);
            let units = amount / n(1_000_000_000_000);
            assert_eq!(stage.town.does(ANN, usdai, &out), units, "{scene}");
            assert_eq!(stage.town.balance(base, recipient) - before, units, "{scene}");
        }
        let backed = scaled(stage.town.balance(base, usdai));
        let supply = stage.town.read(usdai, &Erc20::totalSupplyCall {});
        assert!(
            backed >= supply + stage.town.read(usdai, &Usdai::bridgedSupplyCall {}),
            "{scene}: U1"
        );
    });
}

/// Each listed stablecoin at what its pool gives, unless the adapter does not work or does not allow it, which its error says; her minimum
/// holds; and what fails leaves her USDai where they were, to be taken out in base token.
#[test]
fn usdai_is_taken_out_in_a_stablecoin_while_the_way_to_it_works() {
    Dollars::set().in_each(|stage, scene| {
        let (usdai, world) = (stage.town.suite.usdai, stage.town.world);
        for token in [world.usdc, world.usdt] {
            let out = withdraw(token, wad(100), HEIR);
            match scene.disturbance {
                "withdrawals are paused" => stage.town.refuses_as(ANN, usdai, &out, &Usdai::WithdrawalsPaused {}),
                "the swap adapter allows no token" => {
                    stage.town.refuses_as(ANN, usdai, &out, &refusals::TokenNotAllowed { token });
                }
                "the swap adapter is a contract that does nothing" => {
                    let what = scene.to_string();
                    stage.town.refuses_somehow(ANN, usdai, U256::ZERO, out.abi_encode(), &what);
                }
                _ => {
                    let fair = Usdai::withdraw_0Call {
                        withdrawAmountMinimum: dollars6(99),
                        ..out.clone()
                    };
                    if scene.disturbance == "the stablecoins' pools are bought empty" {
                        let what = scene.to_string();
                        stage.town.refuses_somehow(ANN, usdai, U256::ZERO, fair.abi_encode(), &what);
                    } else {
                        let paid = stage.town.does(ANN, usdai, &fair);
                        assert_eq!(stage.town.balance(token, HEIR), paid, "{scene}");
                        continue;
                    }
                }
            }
            if scene.disturbance != "withdrawals are paused" {
                let instead = withdraw(world.wrapped_m, wad(100), HEIR);
                assert_eq!(stage.town.does(ANN, usdai, &instead), dollars6(100), "{scene}");
            }
        }
    });
}
