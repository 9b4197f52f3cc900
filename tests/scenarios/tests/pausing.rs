//! USDai's two pauses on its WASM: who sets them, what they stop, and what goes on.

use alloy_primitives::{Address, B256, U256};
use alloy_sol_types::{SolCall, SolError};
use scenarios::{
    abi::{BaseToken, Erc20, Gateway, HostileToken, Permit, Router, TransferWithAuthorization, Usdai, Vault, Wired},
    hands::{n, scaled, wad},
    refusals,
    usdai_cli::{
        node::Person,
        protocol::{counterparts::dollars6, suite::id},
    },
    Town,
};

/// A town with a guardian, a bridge, and Alice with 1,000 dollars of everything, all of it approved.
struct Stage {
    town: Town,
    alice: Person,
    guardian: Address,
    bridge: Address,
}

impl Stage {
    fn set() -> Self {
        let mut town = Town::deployed();
        let alice = town.cast.depositor.clone();
        let (guardian, bridge) = (town.cast.custodian.address(), town.cast.keeper.address());
        let (me, suite, world) = (alice.address(), town.suite, town.world);
        for (role, account) in [("GUARDIAN", guardian), ("BRIDGE", bridge)] {
            grant(&mut town, role, account);
        }
        town.give_susdai(me, 1_000);
        town.give_usdai(me, 1_000);
        town.give_base(me, dollars6(1_000));
        town.give_usdc(me, dollars6(1_000));
        let mint = HostileToken::mintCall {
            to: me,
            amount: dollars6(1_000),
        };
        town.does_silently(me, world.usdt, &mint);
        for (token, spender) in [
            (world.wrapped_m, suite.usdai),
            (world.usdc, suite.usdai),
            (world.usdt, suite.usdai),
            (world.usdc, suite.gateway),
            (suite.usdai, suite.susdai),
        ] {
            let value = U256::MAX;
            town.does_silently(me, token, &Erc20::approveCall { spender, value });
        }
        Self {
            town,
            alice,
            guardian,
            bridge,
        }
    }

    fn stables(&self) -> [Address; 3] {
        let world = self.town.world;
        [world.wrapped_m, world.usdc, world.usdt]
    }

    /// Every way to deposit a dollar.
    fn deposits(&self) -> Vec<Vec<u8>> {
        let me = self.alice.address();
        let ways = self.stables().map(|token| {
            let plain = Usdai::deposit_0Call {
                depositToken: token,
                depositAmount: dollars6(1),
                usdaiAmountMinimum: U256::ZERO,
                recipient: me,
            };
            let with_data = Usdai::deposit_1Call {
                depositToken: token,
                depositAmount: dollars6(1),
                usdaiAmountMinimum: U256::ZERO,
                recipient: me,
                data: vec![].into(),
            };
            [plain.abi_encode(), with_data.abi_encode()]
        });
        ways.concat()
    }

    /// Every way to withdraw a dollar.
    fn withdrawals(&self) -> Vec<Vec<u8>> {
        let me = self.alice.address();
        let ways = self.stables().map(|token| {
            let plain = Usdai::withdraw_0Call {
                withdrawToken: token,
                usdaiAmount: wad(1),
                withdrawAmountMinimum: U256::ZERO,
                recipient: me,
            };
            let with_data = Usdai::withdraw_1Call {
                withdrawToken: token,
                usdaiAmount: wad(1),
                withdrawAmountMinimum: U256::ZERO,
                recipient: me,
                data: vec![].into(),
            };
            [plain.abi_encode(), with_data.abi_encode()]
        });
        ways.concat()
    }

    /// The journey through the router into the vault, which begins with a deposit.
    fn journey(&self) -> Vec<u8> {
        Gateway::depositAndStakeCall {
            token: self.town.world.usdc,
            amount: dollars6(1),
            minUsdai: U256::ZERO,
            minShares: U256::ZERO,
            receiver: self.alice.address(),
            deadline: U256::MAX,
        }
        .abi_encode()
    }

    fn admin(&self) -> Address {
        self.town.cast.admin.address()
    }

    fn refuses_all(&mut self, calls: Vec<Vec<u8>>, error: &[u8]) {
        let (me, usdai) = (self.alice.address(), self.town.suite.usdai);
        for call in calls {
            let what = format!("{call:02x?}");
            self.town.refuses_raw(me, usdai, U256::ZERO, call, error, &what);
        }
    }

    fn accepts_all(&mut self, calls: Vec<Vec<u8>>) {
        let (me, usdai) = (self.alice.address(), self.town.suite.usdai);
        for call in calls {
            let receipt = self.town.raw(me, usdai, U256::ZERO, call);
            assert!(receipt.success, "{receipt:?}");
        }
    }

    /// Pauses or unpauses deposits and sees that it was told.
    fn set_deposits_paused(&mut self, who: Address, paused: bool) {
        let usdai = self.town.suite.usdai;
        let receipt = if paused {
            self.town.attempt(who, usdai, &Usdai::pauseDepositsCall {})
        } else {
            self.town.attempt(who, usdai, &Usdai::unpauseDepositsCall {})
        };
        let receipt = receipt.unwrap_or_else(|refusal| panic!("{refusal}"));
        let [event] = &receipt.events::<Usdai::DepositsPauseSet>(usdai)[..] else {
            panic!("told once")
        };
        assert_eq!((event.account, event.paused, receipt.logs.len()), (who, paused, 1));
        assert_eq!(self.town.read(usdai, &Usdai::depositsPausedCall {}), paused);
    }

    /// Pauses or unpauses withdrawals and sees that it was told.
    fn set_withdrawals_paused(&mut self, paused: bool) {
        let (admin, usdai) = (self.admin(), self.town.suite.usdai);
        let receipt = self
            .town
            .attempt(admin, usdai, &Usdai::setWithdrawalsPausedCall { paused })
            .unwrap_or_else(|refusal| panic!("{refusal}"));
        let [event] = &receipt.events::<Usdai::WithdrawalsPauseSet>(usdai)[..] else {
            panic!("told once")
        };
        assert_eq!((event.account, event.paused, receipt.logs.len()), (admin, paused, 1));
        assert_eq!(self.town.read(usdai, &Usdai::withdrawalsPausedCall {}), paused);
    }
}

fn grant(town: &mut Town, role: &str, account: Address) {
    let (admin, router) = (town.cast.admin.address(), town.suite.router);
    let role = id(role);
    town.does(admin, router, &Router::grantRoleCall { role, account });
}

fn no_admin(account: Address) -> refusals::Unauthorized {
    refusals::Unauthorized {
        account,
        role: id("ADMIN"),
    }
}

#[test]
fn guardian_and_admin_stop_deposits() {
    let mut stage = Stage::set();
    let (guardian, admin, me) = (stage.guardian, stage.admin(), stage.alice.address());
    let paused = Usdai::DepositsPaused {}.abi_encode();
    for who in [guardian, admin] {
        // A second time changes nothing, and is told again.
        for _ in 0..2 {
            stage.set_deposits_paused(who, true);
        }
        stage.refuses_all(stage.deposits(), &paused);
        let (gateway, journey) = (stage.town.suite.gateway, stage.journey());
        stage.town.refuses_raw(me, gateway, U256::ZERO, journey, &paused, "the journey");
        stage.set_deposits_paused(admin, false);
        stage.accepts_all(stage.deposits());
    }
    let journey = stage.journey();
    assert!(stage.town.raw(me, stage.town.suite.gateway, U256::ZERO, journey).success);
}

/// It is the first thing that a deposit asks, and who may exceed the cap is no exception.
#[test]
fn a_pause_of_deposits_is_everybodys_and_comes_first() {
    let mut stage = Stage::set();
    let (me, usdai, admin) = (stage.alice.address(), stage.town.suite.usdai, stage.admin());
    grant(&mut stage.town, "DEPOSIT_ADMIN", me);
    stage.set_deposits_paused(admin, true);
    stage.refuses_all(stage.deposits(), &Usdai::DepositsPaused {}.abi_encode());
    let nonsense = Usdai::deposit_0Call {
        depositToken: Address::ZERO,
        depositAmount: U256::ZERO,
        usdaiAmountMinimum: U256::MAX,
        recipient: usdai,
    };
    for who in [me, admin, stage.guardian] {
        stage.town.refuses_as(who, usdai, &nonsense, &Usdai::DepositsPaused {});
    }
    let nonsense = Usdai::withdraw_0Call {
        withdrawToken: Address::ZERO,
        usdaiAmount: U256::ZERO,
        withdrawAmountMinimum: U256::MAX,
        recipient: usdai,
    };
    stage.set_withdrawals_paused(true);
    for who in [me, admin, stage.guardian] {
        stage.town.refuses_as(who, usdai, &nonsense, &Usdai::WithdrawalsPaused {});
    }
}

#[test]
fn only_the_admin_lets_deposits_go_on() {
    let mut stage = Stage::set();
    let (guardian, admin, usdai) = (stage.guardian, stage.admin(), stage.town.suite.usdai);
    for paused in [false, true] {
        if paused {
            stage.set_deposits_paused(guardian, true);
        }
        for who in [guardian, stage.bridge, stage.alice.address(), stage.town.stranger.address()] {
            stage.town.refuses_as(who, usdai, &Usdai::unpauseDepositsCall {}, &no_admin(who));
        }
    }
    stage.refuses_all(stage.deposits(), &Usdai::DepositsPaused {}.abi_encode());
    stage.set_deposits_paused(admin, false);
    stage.accepts_all(stage.deposits());
}

#[test]
fn nobody_else_stops_deposits() {
    let mut stage = Stage::set();
    let (guardian, admin, usdai) = (stage.guardian, stage.admin(), stage.town.suite.usdai);
    let curator = stage.town.cast.curator.address();
    for who in [stage.bridge, stage.alice.address(), stage.town.stranger.address(), curator, usdai] {
        stage.town.refuses_as(who, usdai, &Usdai::pauseDepositsCall {}, &no_admin(who));
    }
    // Who is guardian no more is nobody.
    let revoke = Router::revokeRoleCall {
        role: id("GUARDIAN"),
        account: guardian,
    };
    stage.town.does(admin, stage.town.suite.router, &revoke);
    stage
        .town
        .refuses_as(guardian, usdai, &Usdai::pauseDepositsCall {}, &no_admin(guardian));
    stage.accepts_all(stage.deposits());
}

#[test]
fn only_the_admin_stops_withdrawals() {
    let mut stage = Stage::set();
    let usdai = stage.town.suite.usdai;
    for now in [false, true] {
        if now {
            for _ in 0..2 {
                stage.set_withdrawals_paused(true);
            }
        }
        for who in [stage.guardian, stage.bridge, stage.alice.address(), stage.town.stranger.address()] {
            for paused in [false, true] {
                let call = Usdai::setWithdrawalsPausedCall { paused };
                stage.town.refuses_as(who, usdai, &call, &no_admin(who));
            }
        }
        if now {
            stage.refuses_all(stage.withdrawals(), &Usdai::WithdrawalsPaused {}.abi_encode());
        } else {
            stage.accepts_all(stage.withdrawals());
        }
    }
    stage.accepts_all(stage.deposits());
    stage.set_withdrawals_paused(false);
    stage.accepts_all(stage.withdrawals());
}

/// Under every pause that there can be: transfers, approvals, permits, authorizations, the vault, harvest, the bridge, the parameters; and
/// that half of entry and exit which is not paused.
#[test]
fn everything_else_goes_on() {
    for (deposits, withdrawals) in [(true, false), (false, true), (true, true)] {
        let mut stage = Stage::set();
        let admin = stage.admin();
        if deposits {
            stage.set_deposits_paused(stage.guardian, true);
        }
        if withdrawals {
            stage.set_withdrawals_paused(true);
        }
        goes_on(&mut stage);
        for (paused, calls, error) in [
            (deposits, stage.deposits(), Usdai::DepositsPaused {}.abi_encode()),
            (withdrawals, stage.withdrawals(), Usdai::WithdrawalsPaused {}.abi_encode()),
        ] {
            if paused {
                stage.refuses_all(calls, &error);
            } else {
                stage.accepts_all(calls);
            }
        }
        // Neither time nor new wiring ends a pause; both end by the admin's word.
        let usdai = stage.town.suite.usdai;
        stage.town.does(admin, usdai, &Wired::wireCall {});
        stage.town.node.chain.advance(30 * 86_400);
        assert_eq!(stage.town.read(usdai, &Usdai::depositsPausedCall {}), deposits);
        assert_eq!(stage.town.read(usdai, &Usdai::withdrawalsPausedCall {}), withdrawals);
        stage.set_deposits_paused(admin, false);
        stage.set_withdrawals_paused(false);
        stage.accepts_all(stage.deposits());
        stage.accepts_all(stage.withdrawals());
    }
}

/// Everything of USDai's but its entry and exit.
fn goes_on(stage: &mut Stage) {
    let (admin, bridge, bob) = (stage.admin(), stage.bridge, stage.town.stranger.address());
    let (alice, town) = (stage.alice.clone(), &mut stage.town);
    let (me, usdai, susdai, base) = (alice.address(), town.suite.usdai, town.suite.susdai, town.world.wrapped_m);
    let (to, value) = (bob, wad(1));
    assert!(town.does(me, usdai, &Erc20::transferCall { to, value }));
    assert!(town.does(me, usdai, &Erc20::approveCall { spender: bob, value }));
    assert!(town.does(bob, usdai, &Erc20::transferFromCall { from: me, to, value }));

    let permit = Permit {
        owner: me,
        spender: bob,
        value,
        nonce: U256::ZERO,
        deadline: U256::MAX,
    };
    let signature = town.sign(&alice, usdai, &permit);
    let call = Erc20::permitCall {
        owner: me,
        spender: bob,
        value,
        deadline: U256::MAX,
        v: signature.v,
        r: signature.r,
        s: signature.s,
    };
    town.does(bob, usdai, &call);
    assert!(town.does(bob, usdai, &Erc20::transferFromCall { from: me, to, value }));
    let authorization = TransferWithAuthorization {
        from: me,
        to,
        value,
        validAfter: U256::ZERO,
        validBefore: U256::MAX,
        nonce: B256::ZERO,
    };
    let signature = town.sign(&alice, usdai, &authorization);
    let call = Usdai::transferWithAuthorization_1Call {
        from: me,
        to,
        value,
        validAfter: U256::ZERO,
        validBefore: U256::MAX,
        nonce: B256::ZERO,
        signature: signature.bytes().into(),
    };
    town.does(bob, usdai, &call);
    assert_eq!(town.balance(usdai, bob), wad(4));

    // Staking and asking for it back.
    let stake = Vault::deposit_0Call {
        assets: wad(10),
        receiver: me,
    };
    let shares = town.does(me, susdai, &stake);
    let request = Vault::requestRedeemCall {
        shares,
        controller: me,
        owner: me,
    };
    town.does(me, susdai, &request);

    // The yield, to the wei.
    town.node.chain.advance(86_400);
    let earned = U256::from(town.read(base, &BaseToken::accruedYieldOfCall { account: usdai }));
    assert!(!earned.is_zero());
    assert_eq!(town.does(bob, usdai, &Usdai::harvestCall {}), scaled(earned));

    // The bridge, both ways.
    let held = town.balance(usdai, me);
    let amount = wad(3);
    town.does(bridge, usdai, &Usdai::burnCall { from: me, amount });
    assert_eq!(town.balance(usdai, me), held - amount);
    town.does(bridge, usdai, &Usdai::mintCall { to: me, amount });
    assert_eq!(
        (town.balance(usdai, me), town.read(usdai, &Usdai::bridgedSupplyCall {})),
        (held, U256::ZERO)
    );

    town.does(admin, usdai, &Usdai::setAdminFeeCall { bps: n(500) });
    town.does(admin, usdai, &Usdai::setSupplyCapCall { supplyCap: U256::MAX });
}
