//! The gateway: several steps in one transaction, which holds nothing afterwards.

use super::*;

/// Wei of USDai in a unit of what backs it.
const UNIT: u64 = 1_000_000_000_000;

impl Walk {
    fn deadline(&mut self, reasons: &mut Reasons) -> U256 {
        let timestamp = U256::from(self.now());
        if self.dice.chance(95) {
            return timestamp;
        }
        let deadline = timestamp - U256::ONE;
        reasons.add(true, &refusals::DeadlineExpired { deadline, timestamp });
        deadline
    }

    /// What backs USDai becomes shares.
    pub(super) fn journey_in(&mut self) {
        let (who, to) = (self.person(), self.person());
        let amount = self.coins(20_000);
        let assets = amount * U256::from(UNIT);
        self.town.give_base(self.holders[who], amount);
        let mut reasons = Reasons::default();
        let deadline = self.deadline(&mut reasons);
        let in_time = reasons.none();
        let case = Case {
            amount: assets,
            ..Case::default()
        };
        // USDai comes to the gateway, which stakes it.
        self.model.issue_dollars(GATEWAY, &wei(assets));
        let outcome = if in_time {
            self.model.deposit(GATEWAY, to, &wei(assets))
        } else {
            Err(Vec::new())
        };
        match &outcome {
            Ok(_) => self.backing += amount,
            Err(why) => {
                reasons.extend(self.reasons(why.clone(), case));
                self.model.burn_dollars(GATEWAY, &wei(assets)).expect("just issued");
            }
        }
        let call = Gateway::depositAndStakeCall {
            token: self.town.world.wrapped_m,
            amount,
            minUsdai: U256::ZERO,
            minShares: U256::ZERO,
            receiver: self.holders[to],
            deadline,
        };
        if let Some(shares) = self.play("depositAndStake", who, self.holders[GATEWAY], &call, &reasons) {
            assert_eq!(wei(shares), outcome.expect("done"));
        }
    }

    /// Shares become a position with a bid.
    pub(super) fn journey_bid(&mut self) {
        if self.owners.len() >= positions::CROWD {
            return self.journey_out();
        }
        let who = usize::try_from(self.dice.below(SAVERS as u64)).expect("a few");
        let shares = self.dice.up_to(self.holds(who) / n(4));
        let qev = self.town.suite.qev;
        let next: Id = self.town.read(qev, &Queue::nextPositionCall {}).to();
        let position = self.token_of(next, who);
        let seal = self.seal(position);
        let mut reasons = Reasons::default();
        let deadline = self.deadline(&mut reasons);
        let before = (self.model.queue.clone(), self.model.shares.clone());
        let mut done = None;
        if reasons.none() {
            let request = self.model.request(who, &wei(shares));
            let case = Case {
                position: next,
                ..Case::default()
            };
            self.tokens.insert(next, position);
            let outcome = request.and_then(|id| self.model.in_queue(|queue, now| queue.commit(now, id)).map(|_| id));
            match outcome {
                Ok(id) => done = Some(id),
                Err(why) => {
                    reasons.extend(self.reasons(why, case));
                    (self.model.queue, self.model.shares) = before;
                }
            }
        }
        let call = Gateway::requestAndBidCall {
            shares,
            position,
            commitment: seal.commitment,
            maxTick: 0,
            deadline,
        };
        if self.play("requestAndBid", who, self.holders[GATEWAY], &call, &reasons).is_some() {
            let id = done.expect("done");
            assert_eq!(id, next);
            self.opened(id, who, position);
            self.seals.insert(id, seal);
            self.look_at_position(id);
        }
    }

    /// What is settled becomes what backs USDai.
    pub(super) fn journey_out(&mut self) {
        let claimers: Vec<_> = (0..PEOPLE).filter(|who| !self.lists[*who].is_empty()).collect();
        let who = if claimers.is_empty() {
            self.person()
        } else {
            self.dice.one_of(&claimers)
        };
        let now = self.now();
        let mut all = Wei::default();
        for id in &self.lists[who] {
            all += self.model.queue.claimable(now, *id).expect("a position").0;
        }
        let shares = self.part_of(word(&all));
        let to = self.person();
        let (outcome, mut reasons) = self.claim_over(who, who, GATEWAY, shares, qev::Measure::Shares);
        let paid = outcome.as_ref().map_or(U256::ZERO, |over| word(&over.assets));
        let units = paid / U256::from(UNIT);
        reasons.add(outcome.is_ok() && units.is_zero(), &refusals::InvalidAmount {});
        reasons.add(self.withdrawals_paused, &dollars::WithdrawalsPaused {});
        let deadline = self.deadline(&mut reasons);
        let call = Gateway::claimToCall {
            shares,
            token: self.town.world.wrapped_m,
            minAmount: U256::ZERO,
            receiver: self.holders[to],
            deadline,
        };
        if let Some(there) = self.play("claimTo", who, self.holders[GATEWAY], &call, &reasons) {
            assert_eq!(there, units);
            self.claimed_over(who, outcome.expect("done"));
            self.cash_out(to, paid);
        }
    }

    /// The gateway turns USDai into what backs it; less than a unit goes to the receiver as it is.
    fn cash_out(&mut self, to: usize, amount: U256) {
        let units = amount / U256::from(UNIT);
        let burnt = wei(units * U256::from(UNIT));
        self.model.burn_dollars(GATEWAY, &burnt).expect("here");
        self.backing -= units;
        let rest = wei(amount) - burnt;
        self.model.send_dollars(GATEWAY, to, &rest).expect("here");
    }

    /// A loan is drawn in what backs USDai.
    pub(super) fn journey_draw(&mut self) {
        let Some((id, offer)) = self.drawable() else {
            return self.offer();
        };
        let who = if self.dice.chance(92) { offer.borrower } else { self.person() };
        let to = self.person();
        let mut reasons = Reasons::default();
        let deadline = self.deadline(&mut reasons);
        let (against, (value, insured_until)) = self.draw_reasons(id, &offer, offer.borrower);
        let error = refusals::OnlyBorrower {
            caller: self.holders[who],
            borrower: self.holders[offer.borrower],
        };
        reasons.add(who != offer.borrower, &error);
        reasons.extend(against);
        reasons.add(self.withdrawals_paused, &dollars::WithdrawalsPaused {});
        let posted = self.offers[&id].clone();
        // The same struct, under another contract's name.
        let offered = Gateway::Offer {
            stack: posted.offer.stack,
            borrower: posted.offer.borrower,
            receipts: posted.offer.receipts,
            principal: posted.offer.principal,
            rate: posted.offer.rate,
            periods: posted.offer.periods,
            levelPayment: posted.offer.levelPayment,
            graceSeconds: posted.offer.graceSeconds,
            lateFeeBps: posted.offer.lateFeeBps,
            expiry: posted.offer.expiry,
            salt: posted.offer.salt,
        };
        let call = Gateway::drawToCall {
            offer: offered,
            signature: posted.signature,
            token: self.town.world.wrapped_m,
            minAmount: U256::ZERO,
            receiver: self.holders[to],
            deadline,
        };
        if let Some(there) = self.play("drawTo", who, self.holders[GATEWAY], &call, &reasons) {
            let drawn = self.model.draw(id, who, GATEWAY, &value, insured_until).expect("done");
            let principal = word(&(&drawn.senior + &drawn.junior));
            assert_eq!(there.paid, principal / U256::from(UNIT));
            self.cash_out(to, principal);
            self.begin_loan(there.loan, &drawn);
        }
    }

    /// A loan is paid in what backs USDai; what is too much comes back as USDai.
    pub(super) fn journey_pay(&mut self) {
        let id = self.any_loan();
        let (who, filo) = (self.person(), &self.model.filo);
        let before = filo.loan(id).cloned();
        let all = before.as_ref().map_or(wad(1), |loan| word(&loan.payoff(self.now(), PERIOD)));
        let part = self.dice.up_to(all / n(2)) / U256::from(UNIT) + U256::ONE;
        let (amount, assets) = (part, part * U256::from(UNIT));
        self.town.give_base(self.holders[who], amount);
        let mut reasons = Reasons::default();
        let deadline = self.deadline(&mut reasons);
        let in_time = reasons.none();
        self.model.issue_dollars(GATEWAY, &wei(assets));
        let outcome = if in_time {
            self.model.pay_loan(id, GATEWAY, &wei(assets))
        } else {
            Err(Vec::new())
        };
        let case = Case {
            who,
            loan: id,
            ..Case::default()
        };
        match &outcome {
            Ok(paid) => {
                self.backing += amount;
                let rest = wei(assets) - paid.total();
                self.model.send_dollars(GATEWAY, who, &rest).expect("here");
            }
            Err(why) => {
                reasons.extend(self.reasons(why.clone(), case));
                self.model.burn_dollars(GATEWAY, &wei(assets)).expect("just issued");
            }
        }
        let call = Gateway::repayFromCall {
            token: self.town.world.wrapped_m,
            amount,
            minUsdai: U256::ZERO,
            loan: U256::from(id),
            deadline,
        };
        if let Some(total) = self.play("repayFrom", who, self.holders[GATEWAY], &call, &reasons) {
            let paid = outcome.expect("done");
            assert_eq!(wei(total), paid.total());
            self.look_at_payment(id, &before.expect("a loan"), &paid);
        }
    }
}
