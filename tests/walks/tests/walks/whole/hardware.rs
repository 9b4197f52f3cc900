//! CALIBER.

use super::*;

/// Lots of hardware there are.
pub(super) const RECEIPTS: usize = 18;
/// Cover that does not end.
const FOR_EVER: u64 = 1 << 40;

impl Walk {
    pub(super) fn collateral(&mut self, receipts: &[Receipt]) -> (Wei, u64) {
        credit::collateral(&mut self.town, receipts)
    }

    pub(super) fn collateral_of(&mut self, loan: LoanId, statuses: &[Status]) -> (Wei, u64) {
        credit::collateral_of(&mut self.town, &self.model.filo, loan, statuses)
    }

    pub(super) fn value(&mut self) -> U256 {
        wad(1_000 + self.dice.below(200_000))
    }

    pub(super) fn issue(&mut self) {
        let number = self.receipts.len() as u64 + 1;
        let owner = BORROWERS[usize::from(number.is_multiple_of(2))];
        let appraisal = self.value();
        let call = Caliber::issueCall {
            owner: self.holders[owner],
            hardwareClass: id("H100"),
            units: n(8),
            manifestHash: B256::from(U256::from(number)),
            agreementHash: B256::from(U256::ONE),
            agreementUri: String::new(),
            custodian: self.holders[1],
            appraisal,
            insuredValue: appraisal,
            insuredUntil: U256::from(FOR_EVER),
        };
        let caliber = self.town.suite.caliber;
        let receipt = self.play_as("issue", self.agent, caliber, &call, &Reasons::default());
        assert_eq!(receipt, Some(U256::from(number)));
        self.receipts.insert(number, (owner, self.now()));
        self.insured.insert(number);
        self.appraise_at(number, appraisal);
    }

    fn any_receipt(&mut self) -> Receipt {
        1 + self.dice.below(self.receipts.len() as u64)
    }

    pub(super) fn appraise_at(&mut self, receipt: Receipt, value: U256) {
        let call = Caliber::appraiseCall {
            receipt: U256::from(receipt),
            value,
        };
        let caliber = self.town.suite.caliber;
        self.play_as("appraise", self.appraiser, caliber, &call, &Reasons::default());
        let now = self.now();
        self.receipts.get_mut(&receipt).expect("a receipt").1 = now;
    }

    pub(super) fn appraise(&mut self) {
        let pledged: Vec<_> = self.model.filo.open_loans().flat_map(|(_, loan)| loan.receipts.clone()).collect();
        let receipt = if pledged.is_empty() || self.dice.chance(50) {
            self.any_receipt()
        } else {
            self.dice.one_of(&pledged)
        };
        let value = match self.dice.below(12) {
            0 => U256::ONE + self.dice.up_to(wad(1_000_000)),
            _ => self.value(),
        };
        self.appraise_at(receipt, value);
    }

    /// What secures a loan is lost, and the curator takes out what may be taken.
    pub(super) fn collapse(&mut self) {
        let id = self.any_loan();
        let Some(loan) = self
            .model
            .filo
            .loan(id)
            .filter(|loan| loan.is_open() && !id.is_multiple_of(2))
            .cloned()
        else {
            return self.appraise();
        };
        self.withdraw_all_junior(loan.stack);
        for receipt in loan.receipts {
            self.appraise_at(receipt, U256::ONE);
        }
    }

    /// What secures a loan turns out to be worth little.
    pub(super) fn crash(&mut self, id: LoanId) {
        for receipt in self.model.filo.loan(id).expect("a loan").receipts.clone() {
            let value = U256::ONE + self.dice.up_to(wad(20_000));
            self.appraise_at(receipt, value);
        }
    }

    /// It turns out to be worth a lot.
    pub(super) fn recover(&mut self, id: LoanId) {
        for receipt in self.model.filo.loan(id).expect("a loan").receipts.clone() {
            self.appraise_at(receipt, wad(1_000_000));
            self.insure_until(receipt, FOR_EVER);
        }
    }

    pub(super) fn insure(&mut self) {
        let receipt = self.any_receipt();
        let until = if self.dice.chance(25) {
            self.now() + self.dice.below(40 * DAY)
        } else {
            FOR_EVER
        };
        self.insure_until(receipt, until);
    }

    pub(super) fn insure_until(&mut self, receipt: Receipt, until: u64) {
        let call = Caliber::insureCall {
            receipt: U256::from(receipt),
            insuredValue: wad(1_000_000_000),
            insuredUntil: U256::from(until),
        };
        let caliber = self.town.suite.caliber;
        self.play_as("insure", self.attestor, caliber, &call, &Reasons::default());
        if until == FOR_EVER {
            self.insured.insert(receipt);
        } else {
            self.insured.remove(&receipt);
        }
    }

    /// Who wants a loan has its hardware appraised and insured.
    pub(super) fn freshen(&mut self, receipts: &[Receipt]) {
        for receipt in receipts {
            if self.receipts[receipt].1 + credit::MAX_AGE < self.now() {
                let value = self.value();
                self.appraise_at(*receipt, value);
            }
            if !self.insured.contains(receipt) {
                self.insure_until(*receipt, FOR_EVER);
            }
        }
    }

    /// A receipt changes hands, mostly to a borrower, unless it is pledged.
    pub(super) fn hand_over(&mut self) {
        // Who bought one sells it to those who need it.
        let astray: Vec<_> = self
            .receipts
            .iter()
            .filter(|(receipt, (owner, _))| !BORROWERS.contains(owner) && self.model.filo.pledged_to(**receipt).is_none())
            .map(|(receipt, _)| *receipt)
            .collect();
        let receipt = if astray.is_empty() || self.dice.chance(20) {
            self.any_receipt()
        } else {
            self.dice.one_of(&astray)
        };
        let owner = self.receipts[&receipt].0;
        let to = if self.dice.chance(92) {
            self.dice.one_of(&BORROWERS)
        } else {
            self.person()
        };
        let mut reasons = Reasons::default();
        self.desk().pledged(&mut reasons, receipt);
        let call = Caliber::transferFromCall {
            from: self.holders[owner],
            to: self.holders[to],
            tokenId: U256::from(receipt),
        };
        if self
            .play("transfer of a receipt", owner, self.town.suite.caliber, &call, &reasons)
            .is_some()
        {
            self.receipts.get_mut(&receipt).expect("a receipt").0 = to;
        }
    }

    /// A new generation makes the whole class worth less, or the admin takes it back; an appraiser once a week.
    pub(super) fn shock(&mut self) {
        let (caliber, class, bps) = (self.town.suite.caliber, id("H100"), 1 + self.dice.below(400));
        let bps_word = U256::from(bps);
        let terms = self.town.read(caliber, &Caliber::classTermsCall { hardwareClass: class });
        if self.dice.chance(50) {
            let call = Caliber::restoreClassCall {
                hardwareClass: class,
                bps: bps_word,
            };
            self.play_as("restoreClass", self.admin, caliber, &call, &Reasons::default());
            return;
        }
        let earliest = terms.steppedAt + U256::from(7 * DAY);
        let mut reasons = Reasons::default();
        let error = refusals::ShockTooSoon {
            hardwareClass: class,
            earliest,
        };
        reasons.add(U256::from(self.now()) < earliest, &error);
        reasons.add_any::<refusals::OutOfRange>(terms.index * (n(10_000) - bps_word) / n(10_000) < terms.index / n(1_000));
        let call = Caliber::shockClassCall {
            hardwareClass: class,
            bps: bps_word,
        };
        self.play_as("shockClass", self.appraiser, caliber, &call, &reasons);
    }
}
