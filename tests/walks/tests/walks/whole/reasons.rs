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

impl Case {
    fn deal(self) -> Deal {
        Deal {
            who: self.who,
            stack: self.stack,
            offer: self.offer,
            loan: self.loan,
            insured_until: self.insured_until,
            most: self.amount,
        }
    }
}

impl Walk {
    pub(super) fn reasons(&self, why: Vec<Refusal>, case: Case) -> Reasons {
        let mut reasons = Reasons::default();
        for refusal in why {
            match refusal {
                Refusal::Vault(refusal) => self.of_vault(&mut reasons, refusal, case),
                Refusal::Queue(refusal) => self.of_queue(&mut reasons, refusal, case),
                Refusal::Filo(refusal) => reasons.extend(self.desk().refused(vec![refusal], case.deal())),
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

    pub(super) fn desk(&self) -> Desk<'_> {
        Desk {
            model: &self.model.filo,
            accounts: &self.holders,
            offers: &self.offers,
            deeds: &self.receipts,
            lendable: word(&self.model.lendable()),
        }
    }
}
