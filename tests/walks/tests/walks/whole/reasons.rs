//! What the model's refusals are called by the contracts.

use super::*;

/// What an operation is about, as far as its refusals say it.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Case {
    pub(super) who: usize,
    pub(super) position: Id,
    pub(super) loan: LoanId,
    pub(super) stack: StackId,
    pub(super) offer: OfferId,
    /// What is staked, wanted back, or paid at most.
    pub(super) amount: U256,
    /// Until when receipts are insured.
    pub(super) insured_until: u64,
    /// Bids are opened.
    pub(super) opens: bool,
    /// Money is claimed.
    pub(super) claims: bool,
    /// A bid that stands is taken back.
    pub(super) withdraws: bool,
}

impl Walk {
    pub(super) fn reasons(&self, why: Vec<Refusal>, case: Case) -> Reasons {
        let mut reasons = Reasons::default();
        for refusal in why {
            match refusal {
                Refusal::Vault(refusal) => self.of_vault(&mut reasons, refusal, case),
                Refusal::Queue(refusal) => self.of_queue(&mut reasons, refusal, case),
                Refusal::Filo(refusal) => self.of_filo(&mut reasons, refusal, case),
                Refusal::Dollars { .. } | Refusal::Shares { .. } => reasons.add_any::<refusals::ERC20InsufficientBalance>(true),
                Refusal::Paused => reasons.add(true, &refusals::EnforcedPause {}),
                Refusal::Barred(account) => {
                    let account = self.holders[account];
                    reasons.add(true, &refusals::AccountBlacklisted { account });
                }
            }
        }
        reasons
    }

    fn of_vault(&self, reasons: &mut Reasons, refusal: vault::Refusal, case: Case) {
        use vault::Refusal as Why;
        let vault = &self.model.vault;
        match refusal {
            Why::Zero => reasons.add(true, &refusals::ZeroAmount {}),
            Why::NothingBehind => {
                let shares = word(&vault.shares);
                reasons.add(true, &refusals::NoAssetsBehindShares { totalShares: shares });
            }
            Why::NoShare => reasons.add(true, &refusals::ZeroShares { assets: case.amount }),
            Why::AboveCap => {
                let room = vault.room().map_or(U256::MAX, |room| word(&room));
                let assets = case.amount;
                reasons.add(true, &refusals::DepositCapExceeded { assets, room });
            }
            Why::NotBooked => {
                let bridged = word(&self.model.bridged);
                let error = refusals::InsufficientBridgedSupply {
                    bridgedSupply: bridged,
                    amount: case.amount,
                };
                reasons.add(true, &error);
            }
            Why::NotLendable | Why::NoCash => panic!("{refusal:?} of the vault"),
        }
    }

    fn of_queue(&self, reasons: &mut Reasons, refusal: qev::Refusal, case: Case) {
        use qev::Refusal as Why;
        let (now, queue) = (self.now(), &self.model.queue);
        let (epoch, _) = queue.epoch_at(now);
        let (position, timestamp) = (self.token(case.position), n(now.into()));
        let window = n((self.rules.genesis + (epoch + 1) * self.rules.epoch - self.rules.reveal).into());
        let word_of_epoch = n(epoch.into());
        match refusal {
            Why::Unknown => reasons.add(true, &refusals::UnknownPosition { position }),
            Why::Zero if case.claims => reasons.add(true, &refusals::NothingToClaim { position }),
            Why::Zero => reasons.add(true, &refusals::ZeroAmount {}),
            Why::TooMuch => {
                let pending = queue.pending(now, case.position).map_or(U256::ZERO, |pending| word(&pending));
                let error = refusals::ExceedsPending {
                    position,
                    requested: case.amount,
                    pending,
                };
                reasons.add(true, &error);
            }
            Why::BelowReserve => {
                let (tick, reserve) = (case.amount, n(2));
                reasons.add(true, &refusals::InvalidTick { tick, reserve });
            }
            Why::NotNow if case.opens => {
                let error = refusals::RevealNotBegun {
                    epoch: word_of_epoch,
                    beginsAt: window,
                    timestamp,
                };
                reasons.add(true, &error);
            }
            Why::NotNow => {
                let error = refusals::BiddingEnded {
                    epoch: word_of_epoch,
                    endedAt: window,
                    timestamp,
                };
                reasons.add(true, &error);
            }
            Why::Unsettled => reasons.add(
                true,
                &refusals::EpochNotSettled {
                    epoch: n((epoch - 1).into()),
                },
            ),
            Why::Sealed => reasons.add(true, &refusals::BidSealed { position }),
            Why::NoBid if case.withdraws => reasons.add(true, &refusals::NotBidding { position }),
            Why::NoBid => {
                let epoch = word_of_epoch;
                reasons.add(true, &refusals::NoBid { position, epoch });
            }
            Why::TooFine => reasons.add(true, &refusals::TooManyPieces { position }),
            Why::NotDue => {
                let first = queue.unsettled();
                let error = refusals::EpochNotEnded {
                    epoch: n(first.into()),
                    endsAt: n((self.rules.genesis + (first + 1) * self.rules.epoch).into()),
                    timestamp,
                };
                reasons.add(true, &error);
            }
            Why::NotAdjacent => panic!("{refusal:?} of the queue"),
        }
    }

    #[allow(clippy::too_many_lines, reason = "FiLo has many names")]
    fn of_filo(&self, reasons: &mut Reasons, refusal: filo::Refusal, case: Case) {
        use filo::Refusal as Why;
        let (caller, loan) = (self.holders[case.who], U256::from(case.loan));
        let offer = self.offers.get(&case.offer);
        let stack = offer.map_or(U256::from(case.stack), |posted| posted.offer.stack);
        let covered = U256::from(case.insured_until);
        match refusal {
            Why::UnknownStack => reasons.add(true, &refusals::UnknownStack { stack }),
            Why::NotCurator => reasons.add(true, &refusals::OnlyCurator { caller, stack }),
            Why::Nothing => reasons.add_any::<refusals::OutOfRange>(true),
            Why::Trouble(loans, owed) => {
                let (loans, owed) = (U256::from(loans), word(&owed));
                reasons.add(true, &refusals::StackInTrouble { stack, loans, owed });
            }
            Why::Junior { needed, available } => {
                let (needed, available) = (word(&needed), word(&available));
                reasons.add(true, &refusals::InsufficientJunior { stack, needed, available });
            }
            Why::Cap(senior) => {
                let cap = word(&self.model.filo.stack(stack.to()).expect("a stack").rules.senior_cap);
                let senior = word(&senior);
                reasons.add(true, &refusals::SeniorCapExceeded { stack, senior, cap });
            }
            Why::Overdue(due, loans) => {
                let due = U256::from(due);
                for loan in loans {
                    let loan = U256::from(loan);
                    reasons.add(true, &refusals::LoanOverdue { loan, due });
                }
            }
            Why::OfferIs(standing) => {
                let status = n(if standing == filo::Standing::Drawn { 3 } else { 2 });
                let offer = offer.expect("made").digest;
                reasons.add(true, &refusals::OfferSpent { offer, status });
            }
            Why::NotBorrower => {
                let of_loan = self.model.filo.loan(case.loan).map(|loan| self.holders[loan.borrower]);
                let borrower = offer.map(|posted| posted.offer.borrower).or(of_loan).expect("a borrower");
                reasons.add(true, &refusals::OnlyBorrower { caller, borrower });
            }
            Why::Expired(expiry) => {
                let (offer, expiry) = (offer.expect("made").digest, U256::from(expiry));
                reasons.add(true, &refusals::OfferExpired { offer, expiry });
            }
            Why::Ltv(limit) => {
                let (principal, limit) = (offer.expect("made").offer.principal, word(&limit));
                reasons.add(true, &refusals::LtvExceeded { principal, limit });
            }
            Why::Cover(required) => {
                let error = refusals::InsufficientCover {
                    coveredUntil: covered,
                    required: U256::from(required),
                };
                reasons.add(true, &error);
            }
            Why::NotLendable(senior) => {
                let (principal, lendable) = (word(&senior), word(&self.model.lendable()));
                reasons.add(true, &refusals::ExceedsLendable { principal, lendable });
            }
            Why::Limit { of, exposure, limit } => {
                let (kind, subject) = self.subject(of);
                let (exposure, limit) = (word(&exposure), word(&limit));
                let error = refusals::LimitExceeded {
                    kind,
                    subject,
                    exposure,
                    limit,
                };
                reasons.add(true, &error);
            }
            Why::OtherReceipts => reasons.add(true, &refusals::OtherReceipts { loan }),
            Why::UnknownLoan => reasons.add(true, &refusals::UnknownLoan { loan }),
            Why::Is(status) => {
                let status = Self::status(status);
                reasons.add(true, &refusals::WrongStatus { loan, status });
            }
            Why::NotOverdue(after) => {
                let after = U256::from(after);
                reasons.add(true, &refusals::NotOverdue { loan, lateAfter: after });
            }
            Why::CallOpen(deadline) => {
                let deadline = U256::from(deadline);
                reasons.add(true, &refusals::CallOpen { loan, deadline });
            }
            Why::CallLapsed(deadline) => {
                let deadline = U256::from(deadline);
                reasons.add(true, &refusals::CallLapsed { loan, deadline });
            }
            Why::NoCall => reasons.add(true, &refusals::NoCall { loan }),
            Why::Suffices(limit) => {
                let error = refusals::CollateralSuffices {
                    loan,
                    limit: word(&limit),
                    coveredUntil: covered,
                };
                reasons.add(true, &error);
            }
            Why::Insufficient(limit) => {
                let error = refusals::CollateralInsufficient {
                    loan,
                    limit: word(&limit),
                    coveredUntil: covered,
                };
                reasons.add(true, &error);
            }
            Why::NotInDefault(until) => {
                let call = self.model.filo.loan(case.loan).and_then(|loan| loan.call.as_ref());
                let error = refusals::NotInDefault {
                    loan,
                    graceUntil: U256::from(until),
                    callDeadline: U256::from(call.map_or(0, |call| call.deadline)),
                };
                reasons.add(true, &error);
            }
            Why::Redeemable(until) => {
                let until = U256::from(until);
                reasons.add(true, &refusals::RedemptionOpen { loan, until });
            }
            Why::RoundOpen(until) => {
                let until = U256::from(until);
                reasons.add(true, &refusals::AuctionOpen { loan, until });
            }
            Why::NoAuction => reasons.add(true, &refusals::NoAuction { loan }),
            Why::Price(price) => {
                let (price, maximum) = (word(&price), case.amount);
                reasons.add(true, &refusals::PriceAboveMaximum { price, maximum });
            }
            Why::UnknownReceipt(receipt) => {
                let receipt = U256::from(receipt);
                reasons.add(true, &refusals::UnknownReceipt { receipt });
            }
            Why::UnknownOffer => panic!("{refusal:?}"),
        }
    }

    /// What CALIBER has against pledging receipts of `owner`.
    pub(super) fn pledge_reasons(&self, receipts: &[Receipt], owner: usize) -> Reasons {
        let mut reasons = Reasons::default();
        for receipt in receipts {
            let (holder, appraised_at) = self.receipts[receipt];
            let number = U256::from(*receipt);
            let foreign = refusals::ERC721IncorrectOwner {
                sender: self.holders[owner],
                tokenId: number,
                owner: self.holders[holder],
            };
            reasons.add(holder != owner, &foreign);
            if let Some(loan) = self.model.filo.pledged_to(*receipt) {
                let loan = U256::from(loan);
                reasons.add(true, &refusals::ReceiptPledged { receipt: number, loan });
            }
            let stale = refusals::StaleAppraisal {
                receipt: number,
                appraisedAt: U256::from(appraised_at),
            };
            reasons.add(self.now() > appraised_at + hardware::MAX_AGE, &stale);
        }
        reasons
    }

    pub(super) fn status(status: Status) -> U256 {
        n(match status {
            Status::Live => 1,
            Status::Late => 2,
            Status::Defaulted => 3,
            Status::Closed => 4,
            Status::Liquidated => 5,
        })
    }
}
