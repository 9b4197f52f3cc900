//! The ERC-4626 property packs over the sUSDai vault on its WASM: the 26 tests of a16z's `erc4626-tests`, by their names there, and the 37
//! properties of crytic/properties, by their ids there. Each runs over the states of [`State`]: fresh, at par, above it, with income that
//! vests, with interest that is earned and not paid, below par, and after a total loss where that makes sense.
//!
//! The redemption side is asynchronous (ERC-7540), so shares and assets that the packs redeem or withdraw at once are requested, settled and
//! claimed here. `previewRedeem` and `previewWithdraw` refuse, and an allowance is spent when shares are requested, not when assets are
//! claimed: what stands in for a property that cannot hold is said at each.

use alloy_primitives::{Address, U256};
use alloy_sol_types::{SolCall, SolError};
use scenarios::{
    abi::{Erc20, Queue, Vault},
    hands::{n, wad},
    refusals,
    vault::{cases_in_each, ceil_div, floor_div, in_each, Stage, State, VIRTUAL, WAD},
};

/// Cases of a property in a state.
const CASES: u64 = 12;
/// Cases of one that goes through a settlement.
const TRIPS: u64 = 5;

fn deposit(assets: U256, receiver: Address) -> Vault::deposit_0Call {
    Vault::deposit_0Call { assets, receiver }
}

fn mint(shares: U256, receiver: Address) -> Vault::mint_0Call {
    Vault::mint_0Call { shares, receiver }
}

fn redeem(shares: U256, receiver: Address, controller: Address) -> Vault::redeemCall {
    Vault::redeemCall {
        shares,
        receiver,
        controller,
    }
}

fn withdraw(assets: U256, receiver: Address, controller: Address) -> Vault::withdrawCall {
    Vault::withdrawCall {
        assets,
        receiver,
        controller,
    }
}

fn request(shares: U256, controller: Address, owner: Address) -> Vault::requestRedeemCall {
    Vault::requestRedeemCall { shares, controller, owner }
}

fn to_shares(assets: U256) -> Vault::convertToSharesCall {
    Vault::convertToSharesCall { assets }
}

fn to_assets(shares: U256) -> Vault::convertToAssetsCall {
    Vault::convertToAssetsCall { shares }
}

/// What only these tests ask of a stage.
trait Standards {
    fn exchange(&mut self) -> (U256, U256);
    fn entry(&mut self) -> (U256, U256);
    fn approve(&mut self, token: Address, owner: Address, spender: Address, value: U256);
    fn allowance(&mut self, token: Address, owner: Address, spender: Address) -> U256;
    fn operate(&mut self, controller: Address, operator: Address, approved: bool);
    fn refuses<C: SolCall, E: SolError>(&mut self, who: Address, call: &C, error: &E);
    fn answers_everybody<C: SolCall<Return = U256>>(&mut self, view: &C) -> U256;
    fn poor(&mut self) -> Address;
}

impl Standards for Stage {
    /// Assets and shares that conversions are between, the virtual ones included.
    fn exchange(&mut self) -> (U256, U256) {
        (self.total_assets() + VIRTUAL, self.supply() + VIRTUAL)
    }

    /// The same for those who enter.
    fn entry(&mut self) -> (U256, U256) {
        (self.face() + VIRTUAL, self.supply() + VIRTUAL)
    }

    fn approve(&mut self, token: Address, owner: Address, spender: Address, value: U256) {
        assert!(self.town.does(owner, token, &Erc20::approveCall { spender, value }));
    }

    fn allowance(&mut self, token: Address, owner: Address, spender: Address) -> U256 {
        self.town.read(token, &Erc20::allowanceCall { owner, spender })
    }

    fn operate(&mut self, controller: Address, operator: Address, approved: bool) {
        let vault = self.vault;
        assert!(self.town.does(controller, vault, &Vault::setOperatorCall { operator, approved }));
    }

    fn refuses<C: SolCall, E: SolError>(&mut self, who: Address, call: &C, error: &E) {
        let vault = self.vault;
        self.town.refuses_as(who, vault, call, error);
    }

    /// What a view says, to whoever asks.
    fn answers_everybody<C: SolCall<Return = U256>>(&mut self, view: &C) -> U256 {
        let answer = self.number(view);
        let (rich, poor) = (self.people[0], self.poor());
        for who in [rich, poor, self.queue, self.vault] {
            assert_eq!(self.number_for(who, view), answer, "{} is another to {who}", C::SIGNATURE);
        }
        answer
    }

    /// Somebody who has nothing.
    fn poor(&mut self) -> Address {
        let who = self.town.stranger.address();
        assert!(self.pocket(who).is_zero() && self.held(who).is_zero());
        who
    }
}

/// Whether a refusal says that the books, or the cap, have no room.
fn is_too_much(refusal: &[u8]) -> bool {
    [refusals::AboveMaximum::SELECTOR, refusals::DepositCapExceeded::SELECTOR]
        .iter()
        .any(|selector| refusal.starts_with(selector))
}

/// The most that `shares`, bought for `cost`, may come to at a settlement: the cost, and their part of the income that vested meanwhile.
fn fair(stage: &mut Stage, cost: U256, shares: U256) -> U256 {
    let unvested = stage.number(&Vault::unvestedCall {});
    let supply = stage.supply();
    cost + ceil_div(unvested, shares, supply)
}

/// The least that `shares` may come to at a settlement at which nothing is lost: what they are worth now, less a wei in 10^18 for the
/// price's rounding, and less the virtual wei.
fn least(stage: &mut Stage, shares: U256) -> U256 {
    let price = stage.price();
    let worth = floor_div(shares, price, WAD);
    worth.saturating_sub(shares / WAD + VIRTUAL + U256::from(2))
}

/// One test for each of a16z's.
mod a16z {
    use super::*;

    /// `asset` does not revert, and is USDai.
    #[test]
    fn test_asset() {
        in_each(&State::ALL, 1, |stage, _| {
            let (vault, usdai, poor) = (stage.vault, stage.usdai, stage.poor());
            assert_eq!(stage.town.read(vault, &Vault::assetCall {}), usdai);
            assert_eq!(stage.town.does(poor, vault, &Vault::assetCall {}), usdai);
        });
    }

    /// `totalAssets` does not revert, and is what the vault says it consists of.
    #[test]
    fn test_total_assets() {
        in_each(&State::ALL, 2, |stage, _| {
            for seconds in [0, 1, 86_399, 30 * 86_400] {
                stage.advance(seconds);
                let total = stage.answers_everybody(&Vault::totalAssetsCall {});
                let vault = stage.vault;
                let book = stage.town.read(vault, &Vault::loanBookCall {});
                let earned = (book.accrued + book.rate * (stage.town.now() - book.updatedAt)) / WAD;
                let gross = stage.number(&Vault::cashCall {}) + book.principal;
                let deductions = stage.number(&Vault::impairmentCall {}) + stage.number(&Vault::unvestedCall {});
                assert_eq!(total, gross.saturating_sub(deductions) + earned);
            }
        });
    }

    /// `convertToShares` does not depend on who asks, and rounds the exact quotient down.
    #[test]
    fn test_convert_to_shares() {
        cases_in_each(&State::ALL, 3, CASES, |stage, _| {
            let assets = stage.reasonable();
            let (all_assets, all_shares) = stage.exchange();
            let shares = stage.answers_everybody(&to_shares(assets));
            assert_eq!(shares, floor_div(assets, all_shares, all_assets));
        });
    }

    /// `convertToAssets` does not depend on who asks, and rounds the exact quotient down.
    #[test]
    fn test_convert_to_assets() {
        cases_in_each(&State::ALL, 4, CASES, |stage, _| {
            let shares = stage.reasonable();
            let (all_assets, all_shares) = stage.exchange();
            let assets = stage.answers_everybody(&to_assets(shares));
            assert_eq!(assets, floor_div(shares, all_assets, all_shares));
        });
    }

    /// `maxDeposit` does not revert and is the truth: the vault takes it from whoever has it, and does not take much more.
    #[test]
    fn test_max_deposit() {
        in_each(&State::ALL, 5, |stage, state| {
            let poor = stage.poor();
            let most = stage.answers_everybody(&Vault::maxDepositCall { receiver: poor });
            if state == State::Lost {
                let lost = refusals::NoAssetsBehindShares {
                    totalShares: stage.supply(),
                };
                assert_eq!(most, U256::ZERO);
                return stage.refuses(poor, &deposit(U256::ONE, poor), &lost);
            }
            let (usdai, vault) = (stage.usdai, stage.vault);
            stage.approve(usdai, poor, vault, U256::MAX);
            let broke = refusals::ERC20InsufficientBalance {
                sender: poor,
                balance: U256::ZERO,
                needed: most,
            };
            stage.refuses(poor, &deposit(most, poor), &broke);
            let beyond = most + most / n(1_000_000);
            let refusal = stage
                .town
                .refuses_somehow(poor, vault, U256::ZERO, deposit(beyond, poor).abi_encode(), "too much");
            assert!(is_too_much(&refusal), "{most} is not the most");
        });
    }

    /// `previewDeposit` is at most what `deposit` mints in the same second; it is exactly that.
    #[test]
    fn test_preview_deposit() {
        cases_in_each(&State::OPEN, 6, CASES, |stage, _| {
            let ([caller, receiver, other], assets, vault) = (stage.three(), stage.assets(), stage.vault);
            let preview = stage.number_for(other, &Vault::previewDepositCall { assets });
            assert_eq!(stage.town.does(caller, vault, &deposit(assets, receiver)), preview);
        });
    }

    /// `deposit` takes exactly the assets from its caller, gives exactly the shares it returns to the receiver, and spends the allowance.
    #[test]
    fn test_deposit() {
        cases_in_each(&State::OPEN, 7, CASES, |stage, _| {
            let ([caller, receiver, _], assets) = (stage.three(), stage.assets());
            let (vault, usdai) = (stage.vault, stage.usdai);
            let allowance = assets + stage.dice.up_to(wad(1));
            stage.approve(usdai, caller, vault, allowance);
            let before = (
                stage.pocket(caller),
                stage.held(caller),
                stage.pocket(receiver),
                stage.held(receiver),
            );
            let shares = stage.town.does(caller, vault, &deposit(assets, receiver));
            assert_eq!(stage.pocket(caller), before.0 - assets);
            assert_eq!(stage.held(caller), before.1);
            assert_eq!(stage.pocket(receiver), before.2);
            assert_eq!(stage.held(receiver), before.3 + shares);
            assert_eq!(stage.allowance(usdai, caller, vault), allowance - assets);
            // A wei of allowance less is too little.
            let assets = allowance - assets + U256::ONE;
            let short = refusals::ERC20InsufficientAllowance {
                spender: vault,
                allowance: assets - U256::ONE,
                needed: assets,
            };
            if !stage.number(&to_shares(assets)).is_zero() {
                stage.refuses(caller, &deposit(assets, receiver), &short);
            }
        });
    }

    /// `maxMint` does not revert and is the truth, as `maxDeposit`.
    #[test]
    fn test_max_mint() {
        in_each(&State::ALL, 8, |stage, state| {
            let poor = stage.poor();
            let most = stage.answers_everybody(&Vault::maxMintCall { receiver: poor });
            if state == State::Lost {
                let lost = refusals::NoAssetsBehindShares {
                    totalShares: stage.supply(),
                };
                assert_eq!(most, U256::ZERO);
                return stage.refuses(poor, &mint(U256::ONE, poor), &lost);
            }
            let (usdai, vault) = (stage.usdai, stage.vault);
            stage.approve(usdai, poor, vault, U256::MAX);
            let cost = stage.number(&Vault::previewMintCall { shares: most });
            let broke = refusals::ERC20InsufficientBalance {
                sender: poor,
                balance: U256::ZERO,
                needed: cost,
            };
            stage.refuses(poor, &mint(most, poor), &broke);
            let beyond = most + most / n(1_000_000);
            let refusal = stage
                .town
                .refuses_somehow(poor, vault, U256::ZERO, mint(beyond, poor).abi_encode(), "too much");
            assert!(is_too_much(&refusal), "{most} is not the most");
        });
    }

    /// `previewMint` is at least what `mint` costs in the same second; it is exactly that.
    #[test]
    fn test_preview_mint() {
        cases_in_each(&State::OPEN, 9, CASES, |stage, _| {
            let ([caller, receiver, other], shares, vault) = (stage.three(), stage.shares(), stage.vault);
            let preview = stage.number_for(other, &Vault::previewMintCall { shares });
            assert_eq!(stage.town.does(caller, vault, &mint(shares, receiver)), preview);
        });
    }

    /// `mint` gives exactly the shares to the receiver, takes exactly the assets it returns from its caller, and spends the allowance.
    #[test]
    fn test_mint() {
        cases_in_each(&State::OPEN, 10, CASES, |stage, _| {
            let ([caller, receiver, _], shares) = (stage.three(), stage.shares());
            let (vault, usdai) = (stage.vault, stage.usdai);
            let cost = stage.number(&Vault::previewMintCall { shares });
            // A wei of allowance less is too little.
            let short = refusals::ERC20InsufficientAllowance {
                spender: vault,
                allowance: cost - U256::ONE,
                needed: cost,
            };
            stage.approve(usdai, caller, vault, cost - U256::ONE);
            stage.refuses(caller, &mint(shares, receiver), &short);
            let allowance = cost + stage.dice.up_to(wad(1));
            stage.approve(usdai, caller, vault, allowance);
            let before = (
                stage.pocket(caller),
                stage.held(caller),
                stage.pocket(receiver),
                stage.held(receiver),
            );
            let assets = stage.town.does(caller, vault, &mint(shares, receiver));
            assert_eq!(stage.pocket(caller), before.0 - assets);
            assert_eq!(stage.held(caller), before.1);
            assert_eq!(stage.pocket(receiver), before.2);
            assert_eq!(stage.held(receiver), before.3 + shares);
            assert_eq!(stage.allowance(usdai, caller, vault), allowance - assets);
        });
    }

    /// `maxWithdraw` does not revert: nil before a settlement, after it what is paid to the wei, and nil once that is claimed.
    #[test]
    fn test_max_withdraw() {
        cases_in_each(&State::HELD, 11, TRIPS, |stage, _| {
            let (who, vault) = (stage.anybody(), stage.vault);
            let view = Vault::maxWithdrawCall { controller: who };
            assert_eq!(stage.answers_everybody(&view), U256::ZERO);
            let shares = stage.part_of_holding(who);
            stage.request(who, shares);
            assert_eq!(stage.answers_everybody(&view), U256::ZERO, "nothing is settled");
            stage.settle();
            stage.settle();
            let most = stage.answers_everybody(&view);
            let over = refusals::ExceedsClaimable {
                controller: who,
                requested: most + U256::ONE,
                claimable: most,
            };
            stage.refuses(who, &withdraw(most + U256::ONE, who, who), &over);
            let before = stage.pocket(who);
            assert_eq!(stage.town.does(who, vault, &withdraw(most, who, who)), shares);
            assert_eq!(stage.pocket(who), before + most);
            assert_eq!(stage.answers_everybody(&view), U256::ZERO);
        });
    }

    /// Instead of a preview: `previewWithdraw` refuses whoever asks for however much (ERC-7540), settled or not.
    #[test]
    fn test_preview_withdraw() {
        preview_refuses(12, |assets| Vault::previewWithdrawCall { assets });
    }

    /// `withdraw` pays the receiver exactly the assets, and takes exactly the shares it returns from what the owner can claim. The caller is
    /// the owner's operator; an allowance is neither needed nor spent.
    #[test]
    fn test_withdraw() {
        cases_in_each(&State::HELD, 13, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            let id = stage.request_and_settle(owner, requested);
            stage.operate(owner, caller, true);
            let allowance = stage.word();
            stage.approve(vault, owner, caller, allowance);
            let (most, assets) = (stage.max_withdraw(owner), stage.part_of_claim(owner));
            let before = (stage.pocket(receiver), stage.pocket(caller), stage.pocket(owner), stage.held(owner));
            let shares = stage.town.does(caller, vault, &withdraw(assets, receiver, owner));
            assert_eq!(stage.pocket(receiver), before.0 + assets);
            assert_eq!(
                (stage.pocket(caller), stage.pocket(owner), stage.held(owner)),
                (before.1, before.2, before.3)
            );
            assert_eq!(stage.claimable(id, owner), requested - shares);
            assert_eq!(stage.max_withdraw(owner), most - assets);
            assert_eq!(stage.allowance(vault, owner, caller), allowance);
        });
    }

    /// Nobody withdraws what is another's, whatever that one's allowance.
    #[test]
    fn test_fail_withdraw() {
        cases_in_each(&State::HELD, 14, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let allowance = stage.dice.one_of(&[U256::ZERO, U256::MAX]);
            stage.approve(vault, owner, caller, allowance);
            let most = stage.max_withdraw(owner);
            let thief = refusals::NotControllerOrOperator { caller, controller: owner };
            for assets in [U256::ONE, most, most + U256::ONE] {
                stage.refuses(caller, &withdraw(assets, receiver, owner), &thief);
            }
        });
    }

    /// `maxRedeem` does not revert: nil before a settlement, after it what is settled, and nil once that is claimed.
    #[test]
    fn test_max_redeem() {
        cases_in_each(&State::HELD, 15, TRIPS, |stage, _| {
            let (who, vault) = (stage.anybody(), stage.vault);
            let view = Vault::maxRedeemCall { controller: who };
            assert_eq!(stage.answers_everybody(&view), U256::ZERO);
            let shares = stage.part_of_holding(who);
            stage.request(who, shares);
            assert_eq!(stage.answers_everybody(&view), U256::ZERO, "nothing is settled");
            stage.settle();
            stage.settle();
            assert_eq!(stage.answers_everybody(&view), shares);
            let over = refusals::ExceedsClaimable {
                controller: who,
                requested: shares + U256::ONE,
                claimable: shares,
            };
            stage.refuses(who, &redeem(shares + U256::ONE, who, who), &over);
            let (before, most) = (stage.pocket(who), stage.max_withdraw(who));
            assert_eq!(stage.town.does(who, vault, &redeem(shares, who, who)), most);
            assert_eq!(stage.pocket(who), before + most);
            assert_eq!(stage.answers_everybody(&view), U256::ZERO);
        });
    }

    /// Instead of a preview: `previewRedeem` refuses whoever asks for however many (ERC-7540), settled or not.
    #[test]
    fn test_preview_redeem() {
        preview_refuses(16, |shares| Vault::previewRedeemCall { shares });
    }

    /// `redeem` takes exactly the shares from what the owner can claim, and pays the receiver exactly the assets it returns. The caller is
    /// the owner's operator; an allowance is neither needed nor spent.
    #[test]
    fn test_redeem() {
        cases_in_each(&State::HELD, 17, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            let id = stage.request_and_settle(owner, requested);
            stage.operate(owner, caller, true);
            let allowance = stage.word();
            stage.approve(vault, owner, caller, allowance);
            let most = stage.max_withdraw(owner);
            let shares = U256::ONE + stage.dice.up_to(requested - U256::ONE);
            let before = (stage.pocket(receiver), stage.pocket(caller), stage.pocket(owner), stage.held(owner));
            let assets = stage.town.does(caller, vault, &redeem(shares, receiver, owner));
            assert_eq!(stage.pocket(receiver), before.0 + assets);
            assert_eq!(
                (stage.pocket(caller), stage.pocket(owner), stage.held(owner)),
                (before.1, before.2, before.3)
            );
            assert_eq!(stage.claimable(id, owner), requested - shares);
            assert_eq!(stage.max_withdraw(owner), most - assets);
            assert_eq!(stage.allowance(vault, owner, caller), allowance);
        });
    }

    /// Nobody redeems what is another's, whatever that one's allowance.
    #[test]
    fn test_fail_redeem() {
        cases_in_each(&State::HELD, 18, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let allowance = stage.dice.one_of(&[U256::ZERO, U256::MAX]);
            stage.approve(vault, owner, caller, allowance);
            let thief = refusals::NotControllerOrOperator { caller, controller: owner };
            for shares in [U256::ONE, requested, requested + U256::ONE] {
                stage.refuses(caller, &redeem(shares, receiver, owner), &thief);
            }
        });
    }

    /// Whoever deposits and redeems all of it gets no more than he gave and what vested meanwhile, and no less than it was worth.
    #[test]
    fn test_rt_deposit_redeem() {
        cases_in_each(&State::OPEN, 19, TRIPS, |stage, _| {
            let (who, assets) = (stage.anybody(), stage.assets());
            let shares = stage.deposit(who, assets);
            let (most, least) = (fair(stage, assets, shares), least(stage, shares));
            stage.request_and_settle(who, shares);
            let back = stage.redeem(who, shares);
            assert!(least <= back && back <= most, "{least} <= {back} <= {most}");
        });
    }

    /// Whoever deposits can withdraw no more than he gave and what vested meanwhile; all of it takes all of his shares.
    #[test]
    fn test_rt_deposit_withdraw() {
        cases_in_each(&State::OPEN, 20, TRIPS, |stage, _| {
            let (who, assets) = (stage.anybody(), stage.assets());
            let shares = stage.deposit(who, assets);
            let (most, least) = (fair(stage, assets, shares), least(stage, shares));
            stage.request_and_settle(who, shares);
            let back = stage.max_withdraw(who);
            assert!(least <= back && back <= most, "{least} <= {back} <= {most}");
            assert_eq!(stage.withdraw(who, back), shares);
        });
    }

    /// Whoever redeems and deposits what he got has no more shares than before.
    #[test]
    fn test_rt_redeem_deposit() {
        cases_in_each(&State::HELD, 21, TRIPS, |stage, _| {
            let who = stage.anybody();
            let shares = stage.part_of_holding(who);
            stage.request_and_settle(who, shares);
            let assets = stage.redeem(who, shares);
            let again = stage.number(&Vault::previewDepositCall { assets });
            assert!(again <= shares, "{again} <= {shares}");
            if !again.is_zero() {
                assert_eq!(stage.deposit(who, assets), again);
            }
        });
    }

    /// Whoever redeems and mints as many shares again pays no less than he got.
    #[test]
    fn test_rt_redeem_mint() {
        cases_in_each(&State::HELD, 22, TRIPS, |stage, _| {
            let who = stage.anybody();
            let shares = stage.part_of_holding(who);
            stage.request_and_settle(who, shares);
            let (assets, before) = (stage.redeem(who, shares), stage.pocket(who));
            let cost = stage.mint(who, shares);
            assert!(cost >= assets, "{cost} >= {assets}");
            assert_eq!(stage.pocket(who), before - cost);
        });
    }

    /// Whoever mints can withdraw no more than it cost and what vested meanwhile; all of it takes all of his shares.
    #[test]
    fn test_rt_mint_withdraw() {
        cases_in_each(&State::OPEN, 23, TRIPS, |stage, _| {
            let (who, shares) = (stage.anybody(), stage.shares());
            let cost = stage.mint(who, shares);
            let (most, least) = (fair(stage, cost, shares), least(stage, shares));
            stage.request_and_settle(who, shares);
            let back = stage.max_withdraw(who);
            assert!(least <= back && back <= most, "{least} <= {back} <= {most}");
            assert_eq!(stage.withdraw(who, back), shares);
        });
    }

    /// Whoever mints and redeems gets no more than it cost and what vested meanwhile, and no less than it was worth.
    #[test]
    fn test_rt_mint_redeem() {
        cases_in_each(&State::OPEN, 24, TRIPS, |stage, _| {
            let (who, shares) = (stage.anybody(), stage.shares());
            let cost = stage.mint(who, shares);
            let (most, least) = (fair(stage, cost, shares), least(stage, shares));
            stage.request_and_settle(who, shares);
            let back = stage.redeem(who, shares);
            assert!(least <= back && back <= most, "{least} <= {back} <= {most}");
        });
    }

    /// Whoever withdraws and mints as many shares as that took pays no less than he got.
    #[test]
    fn test_rt_withdraw_mint() {
        cases_in_each(&State::HELD, 25, TRIPS, |stage, _| {
            let who = stage.anybody();
            let requested = stage.part_of_holding(who);
            stage.request_and_settle(who, requested);
            let assets = stage.part_of_claim(who);
            let shares = stage.withdraw(who, assets);
            let cost = stage.mint(who, shares);
            assert!(cost >= assets, "{cost} >= {assets}");
        });
    }

    /// Whoever withdraws and deposits that again has no more shares than it took.
    #[test]
    fn test_rt_withdraw_deposit() {
        cases_in_each(&State::HELD, 26, TRIPS, |stage, _| {
            let who = stage.anybody();
            let requested = stage.part_of_holding(who);
            stage.request_and_settle(who, requested);
            let assets = stage.part_of_claim(who);
            let shares = stage.withdraw(who, assets);
            let again = stage.number(&Vault::previewDepositCall { assets });
            assert!(again <= shares, "{again} <= {shares}");
            if !again.is_zero() {
                assert_eq!(stage.deposit(who, assets), again);
            }
        });
    }

    fn preview_refuses<C: SolCall>(seed: u64, view: impl Fn(U256) -> C) {
        in_each(&State::ALL, seed, |stage, state| {
            let (who, poor, amount) = (stage.anybody(), stage.poor(), stage.word());
            let refuses = |stage: &mut Stage| {
                for caller in [who, poor] {
                    for amount in [U256::ZERO, U256::ONE, amount, U256::MAX] {
                        stage.refuses(caller, &view(amount), &refusals::PreviewUnsupported {});
                    }
                }
            };
            refuses(stage);
            if State::HELD.contains(&state) {
                let shares = stage.part_of_holding(who);
                stage.request_and_settle(who, shares);
                refuses(stage);
            }
        });
    }
}

/// One test for each of crytic's.
mod crytic {
    use super::*;

    /// ERC4626-001: `asset` must not revert.
    #[test]
    fn erc4626_001_asset_must_not_revert() {
        in_each(&State::ALL, 101, |stage, _| {
            let (vault, usdai) = (stage.vault, stage.usdai);
            stage.advance(1);
            assert_eq!(stage.town.read(vault, &Vault::assetCall {}), usdai);
            assert_eq!(stage.town.read(vault, &Vault::shareCall {}), vault, "ERC-7575");
        });
    }

    /// ERC4626-002: `totalAssets` must not revert, now or ever.
    #[test]
    fn erc4626_002_total_assets_must_not_revert() {
        in_each(&State::ALL, 102, |stage, state| {
            let mut last = stage.total_assets();
            // As long as programs live that nobody keeps alive.
            for days in [0, 1, 10, 200] {
                stage.advance(days * 86_400);
                let total = stage.total_assets();
                assert!(total >= last, "time alone loses nothing");
                last = total;
            }
            assert_eq!(last.is_zero(), matches!(state, State::Fresh | State::Lost));
        });
    }

    /// ERC4626-003: `convertToAssets` must not revert for reasonable values.
    #[test]
    fn erc4626_003_convert_to_assets_must_not_revert() {
        cases_in_each(&State::ALL, 103, CASES, |stage, _| {
            assert_eq!(stage.number(&to_assets(U256::ZERO)), U256::ZERO);
            let (shares, more) = (stage.reasonable(), stage.reasonable());
            let assets = stage.number(&to_assets(shares));
            assert!(stage.number(&to_assets(shares + more)) >= assets, "more shares are not worth less");
        });
    }

    /// ERC4626-004: `convertToShares` must not revert for reasonable values.
    #[test]
    fn erc4626_004_convert_to_shares_must_not_revert() {
        cases_in_each(&State::ALL, 104, CASES, |stage, _| {
            assert_eq!(stage.number(&to_shares(U256::ZERO)), U256::ZERO);
            let (assets, more) = (stage.reasonable(), stage.reasonable());
            let shares = stage.number(&to_shares(assets));
            assert!(stage.number(&to_shares(assets + more)) >= shares, "more assets do not buy less");
        });
    }

    /// ERC4626-005: `maxDeposit` must not revert; it is nil after a total loss, and for those who cannot hold shares.
    #[test]
    fn erc4626_005_max_deposit_must_not_revert() {
        in_each(&State::ALL, 105, |stage, state| {
            for (receiver, can_hold) in [
                (stage.people[0], true),
                (stage.vault, true),
                (stage.queue, false),
                (Address::ZERO, false),
            ] {
                let most = stage.number(&Vault::maxDepositCall { receiver });
                assert_eq!(most.is_zero(), state == State::Lost || !can_hold);
            }
        });
    }

    /// ERC4626-006: `maxMint` must not revert; it is nil after a total loss, and for those who cannot hold shares.
    #[test]
    fn erc4626_006_max_mint_must_not_revert() {
        in_each(&State::ALL, 106, |stage, state| {
            for (receiver, can_hold) in [
                (stage.people[0], true),
                (stage.vault, true),
                (stage.queue, false),
                (Address::ZERO, false),
            ] {
                let most = stage.number(&Vault::maxMintCall { receiver });
                assert_eq!(most.is_zero(), state == State::Lost || !can_hold);
            }
        });
    }

    /// ERC4626-007: `maxRedeem` must not revert, after a total loss neither: who waits then has nothing to claim.
    #[test]
    fn erc4626_007_max_redeem_must_not_revert() {
        in_each(&State::ALL, 107, |stage, state| {
            for who in [stage.people[0], stage.vault, stage.queue, Address::ZERO] {
                assert_eq!(stage.max_redeem(who), U256::ZERO);
            }
            if state == State::Fresh {
                return;
            }
            let who = stage.anybody();
            let shares = stage.part_of_holding(who);
            stage.request(who, shares);
            stage.settle();
            stage.settle();
            let settled = if state == State::Lost { U256::ZERO } else { shares };
            assert_eq!(stage.max_redeem(who), settled);
        });
    }

    /// ERC4626-008: `maxWithdraw` must not revert, after a total loss neither.
    #[test]
    fn erc4626_008_max_withdraw_must_not_revert() {
        in_each(&State::ALL, 108, |stage, state| {
            for who in [stage.people[0], stage.vault, stage.queue, Address::ZERO] {
                assert_eq!(stage.max_withdraw(who), U256::ZERO);
            }
            if state == State::Fresh {
                return;
            }
            let who = stage.anybody();
            let shares = stage.part_of_holding(who);
            stage.request(who, shares);
            stage.settle();
            stage.settle();
            assert_eq!(stage.max_withdraw(who).is_zero(), state == State::Lost);
        });
    }

    /// ERC4626-009: a third party redeems with an allowance. Here it spends the allowance when it requests, as a controller of its own, and
    /// the owner's shares are gone to the share.
    #[test]
    fn erc4626_009_redeem_via_approval_proxy() {
        cases_in_each(&State::HELD, 109, TRIPS, |stage, _| {
            let ([proxy, receiver, owner], vault) = (stage.three(), stage.vault);
            let shares = stage.part_of_holding(owner);
            let held = stage.held(owner);
            stage.approve(vault, owner, proxy, shares);
            stage.town.does(proxy, vault, &request(shares, proxy, owner));
            assert_eq!(stage.allowance(vault, owner, proxy), U256::ZERO);
            assert_eq!(stage.held(owner), held - shares);
            stage.settle();
            stage.settle();
            let before = stage.pocket(receiver);
            let assets = stage.town.does(proxy, vault, &redeem(shares, receiver, proxy));
            assert_eq!(stage.pocket(receiver), before + assets);
        });
    }

    /// ERC4626-010: a third party withdraws with an allowance; what it did not need of it is left.
    #[test]
    fn erc4626_010_withdraw_via_approval_proxy() {
        cases_in_each(&State::HELD, 110, TRIPS, |stage, _| {
            let ([proxy, receiver, owner], vault) = (stage.three(), stage.vault);
            let shares = stage.part_of_holding(owner);
            let spare = stage.dice.up_to(wad(1_000));
            stage.approve(vault, owner, proxy, shares + spare);
            stage.town.does(proxy, vault, &request(shares, proxy, owner));
            assert_eq!(stage.allowance(vault, owner, proxy), spare);
            stage.settle();
            stage.settle();
            let (before, most) = (stage.pocket(receiver), stage.max_withdraw(proxy));
            assert_eq!(stage.town.does(proxy, vault, &withdraw(most, receiver, proxy)), shares);
            assert_eq!(stage.pocket(receiver), before + most);
            assert_eq!(
                stage.max_withdraw(owner),
                U256::ZERO,
                "the owner's shares were the proxy's to claim"
            );
        });
    }

    /// ERC4626-011: `withdraw` for another needs approval: not an allowance, which was for shares, but to be its operator.
    #[test]
    fn erc4626_011_withdraw_requires_approval() {
        claim_requires_approval(111, |stage, owner| {
            let assets = stage.part_of_claim(owner);
            move |receiver| withdraw(assets, receiver, owner)
        });
    }

    /// ERC4626-012: `redeem` for another needs approval, as `withdraw`.
    #[test]
    fn erc4626_012_redeem_requires_approval() {
        claim_requires_approval(112, |stage, owner| {
            let most = stage.max_redeem(owner);
            let shares = most - stage.dice.up_to(most / n(2));
            move |receiver| redeem(shares, receiver, owner)
        });
    }

    /// ERC4626-013: `previewDeposit` rounds down: nothing for nothing, and what it says is worth no more than the assets, nor a share less.
    #[test]
    fn erc4626_013_preview_deposit_rounding_direction() {
        cases_in_each(&State::OPEN, 113, CASES, |stage, _| {
            assert_eq!(stage.number(&Vault::previewDepositCall { assets: U256::ZERO }), U256::ZERO);
            let (assets, (all_assets, all_shares)) = (stage.reasonable(), stage.entry());
            let shares = stage.number(&Vault::previewDepositCall { assets });
            assert!(shares * all_assets <= assets * all_shares);
            assert!((shares + U256::ONE) * all_assets > assets * all_shares);
        });
    }

    /// ERC4626-014: `previewMint` rounds up: no share is free, and none costs a wei too much.
    #[test]
    fn erc4626_014_preview_mint_rounding_direction() {
        cases_in_each(&State::OPEN, 114, CASES, |stage, _| {
            assert_eq!(stage.number(&Vault::previewMintCall { shares: U256::ZERO }), U256::ZERO);
            assert!(
                !stage.number(&Vault::previewMintCall { shares: U256::ONE }).is_zero(),
                "a free share"
            );
            let (shares, (all_assets, all_shares)) = (U256::ONE + stage.reasonable(), stage.entry());
            let assets = stage.number(&Vault::previewMintCall { shares });
            assert!(assets * all_shares >= shares * all_assets);
            assert!((assets - U256::ONE) * all_shares < shares * all_assets);
        });
    }

    /// ERC4626-015: `convertToShares` rounds down.
    #[test]
    fn erc4626_015_convert_to_shares_rounding_direction() {
        cases_in_each(&State::ALL, 115, CASES, |stage, _| {
            let (assets, (all_assets, all_shares)) = (stage.reasonable(), stage.exchange());
            let shares = stage.number(&to_shares(assets));
            assert!(shares * all_assets <= assets * all_shares);
            assert!((shares + U256::ONE) * all_assets > assets * all_shares);
        });
    }

    /// ERC4626-016: `previewRedeem` refuses; in its place the redemption price rounds down: all shares at it are worth no more than the
    /// conservative value (V2), and a wei more would be too much, but for what the virtual wei keep.
    #[test]
    fn erc4626_016_preview_redeem_rounding_direction() {
        in_each(&State::ALL, 116, |stage, state| {
            let poor = stage.poor();
            stage.refuses(
                poor,
                &Vault::previewRedeemCall { shares: U256::ZERO },
                &refusals::PreviewUnsupported {},
            );
            let (price, nav, supply) = (stage.price(), stage.nav(), stage.supply());
            assert!(price * supply <= nav * WAD, "all claims are more than all assets");
            if state != State::Fresh {
                assert!((price + U256::from(2)) * supply > nav * WAD, "a share pays too little");
            }
        });
    }

    /// ERC4626-017: `previewWithdraw` refuses; in its place a settlement rounds against those who leave: it pays no more than the shares at
    /// the price, less than a wei below it, and does not lower the price for those who stay.
    #[test]
    fn erc4626_017_preview_withdraw_rounding_direction() {
        cases_in_each(&State::HELD, 117, TRIPS, |stage, _| {
            let (poor, who) = (stage.poor(), stage.anybody());
            stage.refuses(
                poor,
                &Vault::previewWithdrawCall { assets: U256::ZERO },
                &refusals::PreviewUnsupported {},
            );
            // Everything vests and is seen to before, so that price moves by the settlement alone.
            stage.settle();
            let shares = stage.part_of_holding(who);
            stage.request(who, shares);
            let end = stage.town.read(stage.queue, &Queue::epochEndCall {});
            stage.town.node.chain.warp_to(end.to());
            let (price, nav, supply) = (stage.price(), stage.nav(), stage.supply());
            stage.settle_now();
            let paid = stage.max_withdraw(who);
            assert_eq!(paid, floor_div(shares, price, WAD));
            let (after, left) = (stage.nav(), stage.supply());
            assert_eq!((after, left), (nav - paid, supply - shares));
            assert!(stage.price() >= price);
            assert!(after * supply >= nav * left, "those who stay pay for those who leave");
        });
    }

    /// ERC4626-018: `convertToAssets` rounds down.
    #[test]
    fn erc4626_018_convert_to_assets_rounding_direction() {
        cases_in_each(&State::ALL, 118, CASES, |stage, _| {
            let (shares, (all_assets, all_shares)) = (stage.reasonable(), stage.exchange());
            let assets = stage.number(&to_assets(shares));
            assert!(assets * all_shares <= shares * all_assets);
            assert!((assets + U256::ONE) * all_shares > shares * all_assets);
        });
    }

    /// ERC4626-019: `deposit` rounds down: nothing is refused, so is what buys no share, and no deposit lowers what a share is worth.
    #[test]
    fn erc4626_019_deposit_rounding_direction() {
        cases_in_each(&State::OPEN, 119, CASES, |stage, _| {
            let who = stage.anybody();
            stage.refuses(who, &deposit(U256::ZERO, who), &refusals::ZeroAmount {});
            let (all_assets, all_shares) = stage.exchange();
            if all_assets > all_shares {
                stage.refuses(who, &deposit(U256::ONE, who), &refusals::ZeroShares { assets: U256::ONE });
            }
            let assets = stage.assets();
            stage.deposit(who, assets);
            let (assets_after, shares_after) = stage.exchange();
            assert!(assets_after * all_shares >= all_assets * shares_after);
        });
    }

    /// ERC4626-020: `mint` rounds up: nothing is refused, no share is free, and no mint lowers what a share is worth.
    #[test]
    fn erc4626_020_mint_rounding_direction() {
        cases_in_each(&State::OPEN, 120, CASES, |stage, _| {
            let who = stage.anybody();
            stage.refuses(who, &mint(U256::ZERO, who), &refusals::ZeroAmount {});
            let (all_assets, all_shares) = stage.exchange();
            assert!(!stage.mint(who, U256::ONE).is_zero());
            let shares = stage.shares();
            stage.mint(who, shares);
            let (assets_after, shares_after) = stage.exchange();
            assert!(assets_after * all_shares >= all_assets * shares_after);
        });
    }

    /// ERC4626-021: `withdraw` rounds up the shares it takes for a part of what is settled; only that the last share stays behind as long
    /// as anything is left to claim with it. Nothing is refused.
    #[test]
    fn erc4626_021_withdraw_rounding_direction() {
        cases_in_each(&State::HELD, 121, TRIPS, |stage, _| {
            let who = stage.anybody();
            let requested = stage.part_of_holding(who);
            stage.request_and_settle(who, requested);
            stage.refuses(who, &withdraw(U256::ZERO, who, who), &refusals::ZeroAmount {});
            let settled = stage.max_withdraw(who);
            let short = U256::ONE + stage.dice.up_to(settled - U256::from(2));
            for assets in [short, settled - short, settled - U256::ONE, settled] {
                let last = U256::from(u8::from(assets < settled));
                let shares = stage.scene(|stage| stage.withdraw(who, assets));
                assert_eq!(
                    shares,
                    ceil_div(assets, requested, settled).min(requested - last),
                    "{assets} of {settled}"
                );
            }
            let taken = stage.withdraw(who, short);
            assert_eq!(stage.withdraw(who, settled - short), requested - taken);
            assert!(stage.max_redeem(who).is_zero() && stage.max_withdraw(who).is_zero());
        });
    }

    /// ERC4626-022: `redeem` rounds down what it pays: a part of the shares gets no more than its part, nor four wei less; nothing is
    /// refused; and in however many parts, all is paid in the end.
    #[test]
    fn erc4626_022_redeem_rounding_direction() {
        cases_in_each(&State::HELD, 122, TRIPS, |stage, _| {
            let who = stage.anybody();
            let requested = stage.part_of_holding(who);
            stage.request_and_settle(who, requested);
            stage.refuses(who, &redeem(U256::ZERO, who, who), &refusals::ZeroAmount {});
            let (settled, before) = (stage.max_withdraw(who), stage.pocket(who));
            let (mut left, mut paid) = (requested, U256::ZERO);
            for _ in 0..3 {
                let shares = stage.dice.up_to(left - U256::ONE);
                if shares.is_zero() {
                    continue;
                }
                paid += stage.redeem(who, shares);
                left -= shares;
                let gone = requested - left;
                assert!(paid * requested <= gone * settled, "{paid} of {settled} for {gone} of {requested}");
                assert!((paid + U256::from(4)) * requested > gone * settled, "too little");
            }
            paid += stage.redeem(who, left);
            assert_eq!((paid, stage.pocket(who)), (settled, before + settled));
        });
    }

    /// ERC4626-023: `maxDeposit` assumes that its caller has infinite assets.
    #[test]
    fn erc4626_023_max_deposit_ignores_sender_assets() {
        max_ignores_wealth(123, |receiver| Vault::maxDepositCall { receiver });
    }

    /// ERC4626-024: `maxMint` assumes that its caller has infinite assets.
    #[test]
    fn erc4626_024_max_mint_ignores_sender_assets() {
        max_ignores_wealth(124, |receiver| Vault::maxMintCall { receiver });
    }

    /// ERC4626-025: `previewMint` does not depend on who asks; after a total loss it refuses everybody.
    #[test]
    fn erc4626_025_preview_mint_ignores_sender() {
        preview_ignores_sender(125, |shares| Vault::previewMintCall { shares });
    }

    /// ERC4626-026: `previewDeposit` does not depend on who asks; after a total loss it refuses everybody.
    #[test]
    fn erc4626_026_preview_deposit_ignores_sender() {
        preview_ignores_sender(126, |assets| Vault::previewDepositCall { assets });
    }

    /// ERC4626-027: `previewWithdraw` does not depend on who asks: it refuses a holder, one who can claim, and anybody, in the same words.
    #[test]
    fn erc4626_027_preview_withdraw_ignores_sender() {
        refusal_ignores_sender(127, |assets| Vault::previewWithdrawCall { assets });
    }

    /// ERC4626-028: `previewRedeem` does not depend on who asks, as `previewWithdraw`.
    #[test]
    fn erc4626_028_preview_redeem_ignores_sender() {
        refusal_ignores_sender(128, |shares| Vault::previewRedeemCall { shares });
    }

    /// ERC4626-029: a deposit adds its assets to the vault's, and to its cash, its shares to the supply, and nothing to anybody else.
    #[test]
    fn erc4626_029_deposit_properties() {
        cases_in_each(&State::OPEN, 129, CASES, |stage, _| {
            let ([caller, receiver, other], assets, vault) = (stage.three(), stage.assets(), stage.vault);
            let before = Accounts::of(stage, [caller, receiver, other]);
            let shares = stage.town.does(caller, vault, &deposit(assets, receiver));
            let mut expected = before;
            expected.enters(assets, shares);
            assert_eq!(Accounts::of(stage, [caller, receiver, other]), expected);
        });
    }

    /// ERC4626-030: so does a mint.
    #[test]
    fn erc4626_030_mint_properties() {
        cases_in_each(&State::OPEN, 130, CASES, |stage, _| {
            let ([caller, receiver, other], shares, vault) = (stage.three(), stage.shares(), stage.vault);
            let before = Accounts::of(stage, [caller, receiver, other]);
            let assets = stage.town.does(caller, vault, &mint(shares, receiver));
            let mut expected = before;
            expected.enters(assets, shares);
            assert_eq!(Accounts::of(stage, [caller, receiver, other]), expected);
        });
    }

    /// ERC4626-031: redeeming pays from what the settlement set aside: the vault's own assets, cash and supply do not change any more.
    #[test]
    fn erc4626_031_redeem_properties() {
        cases_in_each(&State::HELD, 131, TRIPS, |stage, _| {
            let ([owner, receiver, other], vault, queue) = (stage.three(), stage.vault, stage.queue);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let shares = U256::ONE + stage.dice.up_to(requested - U256::ONE);
            let aside = stage.pocket(queue);
            let mut expected = Accounts::of(stage, [owner, receiver, other]);
            let assets = stage.town.does(owner, vault, &redeem(shares, receiver, owner));
            expected.pockets[1] += assets;
            assert_eq!(Accounts::of(stage, [owner, receiver, other]), expected);
            assert_eq!(stage.pocket(queue), aside - assets);
            assert_eq!(stage.max_redeem(owner), requested - shares);
        });
    }

    /// ERC4626-032: so does withdrawing.
    #[test]
    fn erc4626_032_withdraw_properties() {
        cases_in_each(&State::HELD, 132, TRIPS, |stage, _| {
            let ([owner, receiver, other], vault, queue) = (stage.three(), stage.vault, stage.queue);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let assets = stage.part_of_claim(owner);
            let aside = stage.pocket(queue);
            let mut expected = Accounts::of(stage, [owner, receiver, other]);
            let shares = stage.town.does(owner, vault, &withdraw(assets, receiver, owner));
            expected.pockets[1] += assets;
            assert_eq!(Accounts::of(stage, [owner, receiver, other]), expected);
            assert_eq!(stage.pocket(queue), aside - assets);
            assert_eq!(stage.max_redeem(owner), requested - shares);
        });
    }

    /// ERC4626-033: whoever is first with a wei and gives the vault a fortune does not dilute who comes next: of a deposit at least
    /// 99.9 % come back (to the wei, here: the gift is not in the books).
    #[test]
    fn erc4626_033_share_price_inflation_attack() {
        cases_in_each(&[State::Fresh], 133, 4 * CASES, |stage, _| {
            let ([attacker, victim, _], usdai, vault) = (stage.three(), stage.usdai, stage.vault);
            let first = U256::ONE + stage.dice.up_to(wad(1));
            stage.deposit(attacker, first);
            let gift = n(10_000) + stage.dice.up_to(wad(900_000));
            stage.town.does(attacker, usdai, &Erc20::transferCall { to: vault, value: gift });
            let assets = (gift + stage.dice.up_to(wad(1_000))).min(wad(1_000_000));
            let shares = stage.deposit(victim, assets);
            stage.request_and_settle(victim, shares);
            let back = stage.redeem(victim, shares);
            assert!(back * n(1_000) > assets * n(999), "{back} of {assets}");
            assert_eq!(back, assets);
        });
    }

    /// ERC4626-034: the share has at least as many decimals as the asset.
    #[test]
    fn erc4626_034_asset_decimals_less_than_vault() {
        in_each(&[State::Fresh], 134, |stage, _| {
            let (vault, usdai) = (stage.vault, stage.usdai);
            let share = stage.town.read(vault, &Erc20::decimalsCall {});
            let asset = stage.town.read(usdai, &Erc20::decimalsCall {});
            assert!(share >= asset, "{share} >= {asset}");
        });
    }

    /// ERC4626-035, which the pack's list has again for `withdraw`: not even one who was the operator, once the approval is withdrawn.
    #[test]
    fn erc4626_035_withdraw_requires_approval_still() {
        cases_in_each(&State::HELD, 135, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let half = stage.max_withdraw(owner) / n(2);
            stage.operate(owner, caller, true);
            stage.town.does(caller, vault, &withdraw(half, receiver, owner));
            stage.operate(owner, caller, false);
            let thief = refusals::NotControllerOrOperator { caller, controller: owner };
            stage.refuses(caller, &withdraw(U256::ONE, receiver, owner), &thief);
        });
    }

    /// ERC4626-036, which the pack's list has again for `redeem`: an allowance of a share too few requests nothing, for oneself neither.
    #[test]
    fn erc4626_036_redeem_requires_approval_of_every_share() {
        cases_in_each(&State::HELD, 136, CASES, |stage, _| {
            let ([proxy, _, owner], vault) = (stage.three(), stage.vault);
            let shares = stage.part_of_holding(owner);
            let allowance = stage.dice.up_to(shares - U256::ONE);
            stage.approve(vault, owner, proxy, allowance);
            let short = refusals::ERC20InsufficientAllowance {
                spender: proxy,
                allowance,
                needed: shares,
            };
            stage.refuses(proxy, &request(shares, proxy, owner), &short);
            let unasked = refusals::NotControllerOrOperator {
                caller: proxy,
                controller: owner,
            };
            stage.refuses(proxy, &request(shares, owner, owner), &unasked);
        });
    }

    /// ERC4626-037, which the pack's list has again for `convertToShares`: at the ends of the range, at any age of a program's life.
    #[test]
    fn erc4626_037_convert_to_shares_must_not_revert_at_the_ends() {
        in_each(&State::ALL, 137, |stage, _| {
            for seconds in [0, 86_400, 300 * 86_400] {
                stage.advance(seconds);
                let (all_assets, all_shares) = stage.exchange();
                for assets in [U256::ZERO, U256::ONE, wad(1), n(u128::MAX)] {
                    assert_eq!(stage.number(&to_shares(assets)), floor_div(assets, all_shares, all_assets));
                }
            }
        });
    }

    /// All that a deposit may change, and more.
    #[derive(Clone, Copy, Debug, PartialEq, Eq)]
    struct Accounts {
        assets: U256,
        nav: U256,
        cash: U256,
        vault_has: U256,
        supply: U256,
        pockets: [U256; 3],
        held: [U256; 3],
    }

    impl Accounts {
        fn of(stage: &mut Stage, people: [Address; 3]) -> Self {
            let vault = stage.vault;
            Self {
                assets: stage.total_assets(),
                nav: stage.nav(),
                cash: stage.number(&Vault::cashCall {}),
                vault_has: stage.pocket(vault),
                supply: stage.supply(),
                pockets: people.map(|who| stage.pocket(who)),
                held: people.map(|who| stage.held(who)),
            }
        }

        /// The first pays `assets`, the second gets `shares`.
        fn enters(&mut self, assets: U256, shares: U256) {
            for total in [&mut self.assets, &mut self.nav, &mut self.cash, &mut self.vault_has] {
                *total += assets;
            }
            self.supply += shares;
            self.pockets[0] -= assets;
            self.held[1] += shares;
        }
    }

    /// That a claim of another's is refused whatever the allowance, and accepted of an operator without one.
    fn claim_requires_approval<C: SolCall, F: Fn(Address) -> C>(seed: u64, claim: impl Fn(&mut Stage, Address) -> F) {
        cases_in_each(&State::HELD, seed, TRIPS, |stage, _| {
            let ([caller, receiver, owner], vault) = (stage.three(), stage.vault);
            let requested = stage.part_of_holding(owner);
            stage.request_and_settle(owner, requested);
            let claim = claim(stage, owner);
            stage.approve(vault, owner, caller, U256::MAX);
            let thief = refusals::NotControllerOrOperator { caller, controller: owner };
            for receiver in [caller, receiver, owner] {
                stage.refuses(caller, &claim(receiver), &thief);
            }
            stage.approve(vault, owner, caller, U256::ZERO);
            stage.operate(owner, caller, true);
            let before = stage.pocket(receiver);
            stage.town.does_silently(caller, vault, &claim(receiver));
            assert!(stage.pocket(receiver) > before);
        });
    }

    fn max_ignores_wealth<C: SolCall<Return = U256>>(seed: u64, view: impl Fn(Address) -> C) {
        in_each(&State::ALL, seed, |stage, _| {
            let (poor, usdai) = (stage.poor(), stage.usdai);
            let people = stage.people;
            let most = stage.answers_everybody(&view(poor));
            for who in people {
                assert_eq!(stage.answers_everybody(&view(who)), most, "a cap knows no persons");
                // The rich become poor.
                let value = stage.pocket(who);
                stage.town.does(who, usdai, &Erc20::transferCall { to: people[0], value });
                assert_eq!(stage.answers_everybody(&view(who)), most);
            }
        });
    }

    fn preview_ignores_sender<C: SolCall<Return = U256>>(seed: u64, view: impl Fn(U256) -> C) {
        cases_in_each(&State::ALL, seed, CASES, |stage, state| {
            let amount = stage.reasonable();
            if state == State::Lost {
                let lost = refusals::NoAssetsBehindShares {
                    totalShares: stage.supply(),
                };
                for who in [stage.anybody(), stage.poor()] {
                    stage.refuses(who, &view(amount), &lost);
                }
            } else {
                stage.answers_everybody(&view(amount));
            }
        });
    }

    fn refusal_ignores_sender<C: SolCall>(seed: u64, view: impl Fn(U256) -> C) {
        in_each(&State::HELD, seed, |stage, _| {
            let ([holder, leaver, _], poor) = (stage.three(), stage.poor());
            let shares = stage.part_of_holding(leaver);
            stage.request_and_settle(leaver, shares);
            for who in [holder, leaver, poor, stage.queue, stage.vault] {
                for amount in [U256::ZERO, U256::ONE, shares] {
                    stage.refuses(who, &view(amount), &refusals::PreviewUnsupported {});
                }
            }
        });
    }
}

/// What the standard asks of `maxDeposit` and `maxMint` beyond the packs: the truth under the vault's own limits.
mod limits {
    use super::*;

    /// Under a cap the most is accepted and a wei more is refused, by assets and by shares.
    #[test]
    fn max_is_exact_under_a_cap() {
        cases_in_each(&State::OPEN, 201, CASES, |stage, _| {
            let (who, vault, admin) = (stage.anybody(), stage.vault, stage.town.cast.admin.address());
            let room = n(1_000) + stage.dice.up_to(wad(900_000));
            let cap = stage.face() + room;
            stage.town.does(admin, vault, &Vault::setDepositCapCall { depositCap: cap });
            let most = stage.answers_everybody(&Vault::maxDepositCall { receiver: who });
            assert_eq!(most, room);
            let over = refusals::DepositCapExceeded {
                assets: most + U256::ONE,
                room,
            };
            stage.refuses(who, &deposit(most + U256::ONE, who), &over);
            stage.scene(|stage| {
                stage.deposit(who, most);
                assert_eq!(stage.number(&Vault::maxDepositCall { receiver: who }), U256::ZERO);
            });
            let most = stage.answers_everybody(&Vault::maxMintCall { receiver: who });
            let cost = stage.number(&Vault::previewMintCall { shares: most + U256::ONE });
            let over = refusals::DepositCapExceeded { assets: cost, room };
            stage.refuses(who, &mint(most + U256::ONE, who), &over);
            assert!(stage.mint(who, most) <= room);
        });
    }

    /// While the vault is paused both are nil, and nothing is accepted; afterwards they are what they were.
    #[test]
    fn max_is_nil_under_a_pause() {
        in_each(&State::OPEN, 202, |stage, _| {
            let (who, vault, admin) = (stage.anybody(), stage.vault, stage.town.cast.admin.address());
            let most = |stage: &mut Stage| {
                (
                    stage.answers_everybody(&Vault::maxDepositCall { receiver: who }),
                    stage.answers_everybody(&Vault::maxMintCall { receiver: who }),
                )
            };
            let before = most(stage);
            assert!(!before.0.is_zero() && !before.1.is_zero());
            stage.town.does(admin, vault, &Vault::pauseCall {});
            assert_eq!(most(stage), (U256::ZERO, U256::ZERO));
            stage.refuses(who, &deposit(wad(1), who), &refusals::EnforcedPause {});
            stage.refuses(who, &mint(wad(1), who), &refusals::EnforcedPause {});
            stage.town.does(admin, vault, &Vault::unpauseCall {});
            assert_eq!(most(stage), before);
        });
    }

    /// For who is barred both are nil, and nothing is accepted of it or for it; for others nothing changes.
    #[test]
    fn max_is_nil_for_who_is_barred() {
        in_each(&State::OPEN, 203, |stage, _| {
            let [barred, other, _] = stage.three();
            let before = stage.number(&Vault::maxDepositCall { receiver: other });
            stage.bar(barred, true);
            assert_eq!(stage.answers_everybody(&Vault::maxDepositCall { receiver: barred }), U256::ZERO);
            assert_eq!(stage.answers_everybody(&Vault::maxMintCall { receiver: barred }), U256::ZERO);
            assert_eq!(stage.number(&Vault::maxDepositCall { receiver: other }), before);
            let refusal = refusals::AccountBlacklisted { account: barred };
            for (caller, receiver) in [(barred, barred), (barred, other), (other, barred)] {
                stage.refuses(caller, &deposit(wad(1), receiver), &refusal);
                stage.refuses(caller, &mint(wad(1), receiver), &refusal);
            }
            stage.bar(barred, false);
            assert_eq!(stage.number(&Vault::maxDepositCall { receiver: barred }), before);
            stage.deposit(barred, wad(1));
        });
    }
}
