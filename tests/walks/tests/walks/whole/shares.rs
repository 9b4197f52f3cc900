//! The vault.

use super::*;

impl Walk {
    fn vault_reasons<T>(&self, outcome: &Result<T, Vec<Refusal>>, case: Case) -> Reasons {
        outcome
            .as_ref()
            .err()
            .map_or_else(Reasons::default, |why| self.reasons(why.clone(), case))
    }

    /// Mostly a saver.
    fn saver(&mut self) -> usize {
        if self.dice.chance(80) {
            usize::try_from(self.dice.below(SAVERS as u64)).expect("a few")
        } else {
            self.person()
        }
    }

    /// So much is in the vault that loans and redemptions have to share it.
    fn is_full(&self) -> bool {
        self.model.vault.standing().assets > wei(wad(150_000))
    }

    pub(super) fn stake(&mut self) {
        if self.is_full() && self.dice.chance(85) {
            return self.request();
        }
        let by = self.saver();
        let to = if self.dice.chance(85) { by } else { self.person() };
        let held = self.has(by);
        let assets = match self.dice.below(20) {
            0 => U256::ZERO,
            1 => held + U256::ONE,
            2 => self.dice.up_to(n(1_000)),
            _ => {
                let whole = wad(1 + self.dice.below(40_000));
                self.provide(by, whole);
                whole
            }
        };
        let case = Case {
            amount: assets,
            ..Case::default()
        };
        let shares = word(&vault::down(&self.model.vault.entry().shares_for(&wei(assets))));
        let dear = self.dice.chance(15);
        let minimum = if dear { shares + U256::ONE } else { shares };
        let room = self.model.vault.room();
        let outcome = if dear {
            Err(Vec::new())
        } else {
            self.model.deposit(by, to, &wei(assets))
        };
        let mut reasons = self.vault_reasons(&outcome, case);
        if dear {
            // What else speaks against it does not matter: nobody gets fewer than they ask for.
            reasons.add(true, &refusals::SharesBelowMinimum { shares, minimum });
            reasons.add(self.model.paused, &refusals::EnforcedPause {});
            reasons.add(assets.is_zero(), &refusals::ZeroAmount {});
            let barred = |who: &usize| self.model.barred.contains(who);
            let account = self.holders[SUSPECT];
            reasons.add(barred(&by) || barred(&to), &refusals::AccountBlacklisted { account });
            let total = word(&self.model.vault.shares);
            reasons.add(
                self.model.vault.is_wiped_out(),
                &refusals::NoAssetsBehindShares { totalShares: total },
            );
            reasons.add(shares.is_zero(), &refusals::ZeroShares { assets });
            let room = room.map_or(U256::MAX, |room| word(&room));
            reasons.add(assets > room, &refusals::DepositCapExceeded { assets, room });
            reasons.add_any::<refusals::ERC20InsufficientBalance>(assets > held);
        }
        let call = Vault::deposit_1Call {
            assets,
            receiver: self.holders[to],
            minShares: minimum,
        };
        if let Some(minted) = self.play("stake", by, self.holders[VAULT], &call, &reasons) {
            assert_eq!(minted, shares);
            if self.model.vault.impairment() > Wei::default() {
                self.log.count("together", "a deposit while loans are marked");
            }
        }
    }

    pub(super) fn mint(&mut self) {
        if self.is_full() && self.dice.chance(85) {
            return self.request();
        }
        let by = self.saver();
        let shares = match self.dice.below(10) {
            0 => U256::ZERO,
            1 => wad(100_000_000) + self.dice.up_to(wad(1_000_000_000)),
            _ => self.dice.up_to(wad(20_000)),
        };
        let cost = word(&vault::up(&self.model.vault.entry().assets_for(&wei(shares))));
        if self.dice.chance(80) && cost < wad(1_000_000) {
            self.provide(by, cost);
        }
        let case = Case {
            amount: cost,
            ..Case::default()
        };
        let outcome = self.model.mint(by, by, &wei(shares));
        let reasons = self.vault_reasons(&outcome, case);
        let call = Vault::mint_0Call {
            shares,
            receiver: self.holders[by],
        };
        if let Some(paid) = self.play("mint", by, self.holders[VAULT], &call, &reasons) {
            assert_eq!(paid, cost);
        }
    }

    pub(super) fn send_shares(&mut self) {
        let (from, to) = (self.saver(), self.person());
        let held = self.holds(from);
        let value = self.part_of(held);
        let outcome = self.model.send_shares(from, to, &wei(value));
        let reasons = self.vault_reasons(&outcome, Case::default());
        let call = Erc20::transferCall {
            to: self.holders[to],
            value,
        };
        self.play("transfer of shares", from, self.holders[VAULT], &call, &reasons);
    }

    /// Shares go to another chain, and come back.
    pub(super) fn bridge(&mut self) {
        let (who, caller) = (self.saver(), self.holders[7]);
        let account = self.holders[who];
        let out = self.dice.chance(50);
        let limit = if out && self.dice.chance(40) {
            self.holds(who)
        } else if out {
            self.holds(who) / n(4)
        } else {
            word(&self.model.bridged)
        };
        let amount = self.part_of(limit);
        let case = Case { amount, ..Case::default() };
        if out {
            let outcome = self.model.bridge_out(who, &wei(amount));
            let reasons = self.vault_reasons(&outcome, case);
            let call = Vault::burnCall {
                from: account,
                shares: amount,
            };
            self.play_as("bridge out", caller, self.holders[VAULT], &call, &reasons);
        } else {
            let outcome = self.model.bridge_in(who, &wei(amount));
            let reasons = self.vault_reasons(&outcome, case);
            let call = Vault::mint_2Call {
                to: account,
                shares: amount,
            };
            self.play_as("bridge in", caller, self.holders[VAULT], &call, &reasons);
        }
    }

    pub(super) fn set_cap(&mut self) {
        let cap = if self.dice.chance(25) {
            Some(self.model.vault.entry().assets + wei(self.dice.up_to(wad(50_000))))
        } else {
            None
        };
        let call = Vault::setDepositCapCall {
            depositCap: cap.as_ref().map_or(n(u128::MAX), word),
        };
        self.play_as("setDepositCap", self.admin, self.holders[VAULT], &call, &Reasons::default());
        self.model.vault.cap = cap;
    }

    pub(super) fn request(&mut self) {
        if self.owners.len() >= positions::CROWD {
            return self.claim();
        }
        let holders: Vec<_> = (0..PEOPLE).filter(|who| self.holds(*who) > wad(1)).collect();
        let who = if holders.is_empty() || self.dice.chance(10) {
            self.saver()
        } else {
            self.dice.one_of(&holders)
        };
        let held = self.holds(who);
        let most = if self.dice.chance(60) { held / n(4) } else { held };
        let shares = match self.dice.below(20) {
            0 => held + U256::ONE,
            1 => U256::ZERO,
            2 => self.dice.up_to(n(300)).min(held),
            3..=10 => most / n(2),
            _ => self.dice.up_to(most),
        };
        let outcome = self.model.request(who, &wei(shares));
        let reasons = self.vault_reasons(&outcome, Case::default());
        let me = self.holders[who];
        let call = Vault::requestRedeemCall {
            shares,
            controller: me,
            owner: me,
        };
        if let Some(token) = self.play("requestRedeem", who, self.holders[VAULT], &call, &reasons) {
            let id = outcome.expect("done");
            self.opened(id, who, token);
            self.look_at_position(id);
            if self.model.filo.open_loans().any(|(_, loan)| loan.status == Status::Defaulted) {
                self.log.count("together", "a request while a loan is in default");
            }
        }
    }

    /// Through the vault, over a controller's list: so many shares, or so many assets.
    pub(super) fn redeem(&mut self) {
        let claimers: Vec<_> = (0..PEOPLE).filter(|who| !self.lists[*who].is_empty()).collect();
        let who = if claimers.is_empty() {
            self.person()
        } else {
            self.dice.one_of(&claimers)
        };
        let measure = self.dice.one_of(&[qev::Measure::Shares, qev::Measure::Assets]);
        let now = self.now();
        let mut all = Wei::default();
        for id in &self.lists[who] {
            let (shares, assets) = self.model.queue.claimable(now, *id).expect("a position");
            all += if measure == qev::Measure::Shares { shares } else { assets };
        }
        let requested = self.part_of(word(&all));
        let to = if self.dice.chance(70) { who } else { self.person() };
        let call = self.redemption(who, to, requested, measure);
        let (outcome, reasons) = self.claim_over(who, who, to, requested, measure);
        let vault = self.holders[VAULT];
        let kind = if measure == qev::Measure::Shares {
            "redeem"
        } else {
            "withdraw of a claim"
        };
        if self.send(kind, self.holders[who], vault, call, &reasons).is_some() {
            self.claimed_over(who, outcome.expect("done"));
        }
    }

    fn redemption(&self, who: usize, to: usize, requested: U256, measure: qev::Measure) -> Vec<u8> {
        let (receiver, controller) = (self.holders[to], self.holders[who]);
        if measure == qev::Measure::Shares {
            let shares = requested;
            Vault::redeemCall {
                shares,
                receiver,
                controller,
            }
            .abi_encode()
        } else {
            let assets = requested;
            Vault::withdrawCall {
                assets,
                receiver,
                controller,
            }
            .abi_encode()
        }
    }

    /// What a claim over a list comes to, called by `by`: the queue, the list and the amounts afterwards.
    pub(super) fn claim_over(
        &mut self,
        who: usize,
        by: usize,
        to: usize,
        requested: U256,
        measure: qev::Measure,
    ) -> (Result<Over, ()>, Reasons) {
        let now = self.now();
        let (mut queue, mut list, mut index) = (self.model.queue.clone(), self.lists[who].clone(), 0);
        let (mut left, mut assets) = (wei(requested), Wei::default());
        while left != Wei::default() && index < list.len() {
            let taken = queue.claim_part(now, list[index], measure, &left).expect("a position");
            left -= if measure == qev::Measure::Shares { &taken.0 } else { &taken.1 };
            assets += taken.1;
            if queue.lane(list[index]).is_err() {
                list.swap_remove(index);
            } else {
                index += 1;
            }
        }
        let mut reasons = Reasons::default();
        reasons.add(requested.is_zero(), &refusals::ZeroAmount {});
        for account in [who, by, to] {
            let error = refusals::AccountBlacklisted {
                account: self.holders[account],
            };
            reasons.add(self.model.barred.contains(&account), &error);
        }
        let exceeds = refusals::ExceedsClaimable {
            controller: self.holders[who],
            requested,
            claimable: requested - word(&left),
        };
        reasons.add(left != Wei::default(), &exceeds);
        let over = Over { queue, list, assets, to };
        (if reasons.none() { Ok(over) } else { Err(()) }, reasons)
    }

    pub(super) fn claimed_over(&mut self, who: usize, over: Over) {
        let after = over.queue;
        let assets = over.assets;
        let ((), paid) = self
            .model
            .claim(over.to, &[who], |queue, _| {
                *queue = after;
                Ok(((), assets))
            })
            .expect("done");
        let before = std::mem::replace(&mut self.lists[who], over.list);
        self.settle_seals();
        self.bury(&before);
        self.see_claim(&paid);
    }

    pub(super) fn see_claim(&mut self, paid: &Wei) {
        if *paid > Wei::default() && self.log.seen("borne by", "the vault") > 0 {
            self.log.count("together", "a claim after a loss of the vault");
        }
        if *paid > Wei::default() && self.model.paused {
            self.log.count("together", "a claim while the vault is paused");
        }
    }
}

/// A claim over a list.
pub(super) struct Over {
    queue: qev::Queue,
    list: Vec<Id>,
    pub(super) assets: Wei,
    to: usize,
}
