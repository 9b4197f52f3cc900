//! The guardian, the admin, the officer, the router's roles.

use super::*;

impl Walk {
    /// The guardian or the admin pauses, the admin alone ends it.
    pub(super) fn pause_vault(&mut self) {
        let (vault, guardian) = (self.holders[VAULT], self.holders[7]);
        let by = if self.dice.chance(85) { self.admin } else { guardian };
        let mut reasons = Reasons::default();
        if self.model.paused {
            reasons.add_any::<refusals::Unauthorized>(by == guardian);
            if self.play_as("unpause", by, vault, &Vault::unpauseCall {}, &reasons).is_some() {
                self.model.paused = false;
            }
        } else if self.dice.chance(25) {
            let by = if self.dice.chance(60) { by } else { self.holders[0] };
            reasons.add_any::<refusals::Unauthorized>(by == self.holders[0]);
            if self.play_as("pause", by, vault, &Vault::pauseCall {}, &reasons).is_some() {
                self.model.paused = true;
            }
        }
    }

    /// USDai's deposits and withdrawals are paused apart from each other; both end soon.
    pub(super) fn pause_dollars(&mut self) {
        let (usdai, none) = (self.town.suite.usdai, Reasons::default());
        if self.deposits_paused {
            self.play_as("unpauseDeposits", self.admin, usdai, &Usdai::unpauseDepositsCall {}, &none);
            self.deposits_paused = false;
        }
        if self.withdrawals_paused || self.dice.chance(25) {
            let paused = !self.withdrawals_paused;
            let call = Usdai::setWithdrawalsPausedCall { paused };
            self.play_as("setWithdrawalsPaused", self.admin, usdai, &call, &none);
            self.withdrawals_paused = paused;
        }
        // While deposits are paused nobody is given USDai, so this is over before anything else happens but one deposit.
        self.play_as("pauseDeposits", self.holders[7], usdai, &Usdai::pauseDepositsCall {}, &none);
        self.deposits_paused = true;
        if self.dice.chance(50) {
            self.deposit_base();
        } else {
            self.deposit_coin();
        }
        self.play_as("unpauseDeposits", self.admin, usdai, &Usdai::unpauseDepositsCall {}, &none);
        self.deposits_paused = false;
    }

    pub(super) fn bar(&mut self) {
        let barred = self.model.barred.is_empty() && self.dice.chance(60);
        let call = Vault::setBlacklistCall {
            account: self.holders[SUSPECT],
            isBlacklisted: barred,
        };
        self.play_as("setBlacklist", self.admin, self.holders[VAULT], &call, &Reasons::default());
        if barred {
            self.model.barred.insert(SUSPECT);
            // Who is barred has something at stake.
            let value = self.holds(0) / n(50);
            let call = Erc20::transferCall {
                to: self.holders[SUSPECT],
                value,
            };
            let outcome = self.model.send_shares(0, SUSPECT, &wei(value));
            let reasons = outcome
                .err()
                .map_or_else(Reasons::default, |why| self.reasons(why, Case::default()));
            self.play("transfer of shares", 0, self.holders[VAULT], &call, &reasons);
        } else {
            self.model.barred.remove(&SUSPECT);
        }
    }

    /// The router makes somebody a curator, or no longer: stacks that are open stay whose they are.
    pub(super) fn appoint(&mut self) {
        // Who has lost the role gets it back before another loses it.
        let lost = CURATORS.into_iter().find(|curator| !self.curators.contains(curator));
        if lost.is_none() && self.dice.chance(60) {
            return self.bar();
        }
        let who = lost.unwrap_or_else(|| self.dice.one_of(&CURATORS));
        let (account, role, router) = (self.holders[who], id("CURATOR"), self.town.suite.router);
        let none = Reasons::default();
        if self.curators.remove(&who) {
            let call = Router::revokeRoleCall { role, account };
            self.play_as("revokeRole", self.admin, router, &call, &none);
        } else {
            self.curators.insert(who);
            let call = Router::grantRoleCall { role, account };
            self.play_as("grantRole", self.admin, router, &call, &none);
        }
    }
}
