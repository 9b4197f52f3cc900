//! Capital, hardware, offers, draws, payments, time.

use protocol_model::filo::{Loan, Rules};

use super::*;

/// Lots of hardware there are.
pub(super) const RECEIPTS: usize = 36;

/// Each kind of operation with its weight.
pub(super) const ACTS: &[Act<Walk>] = &[
    (2, Walk::open_stack),
    (35, Walk::deposit_junior),
    (35, Walk::withdraw_junior),
    (45, Walk::offer),
    (12, Walk::cancel),
    (70, Walk::draw),
    (125, Walk::pay),
    (120, Walk::pass_time),
    (45, Walk::appraise),
    (10, Walk::collapse),
    (12, Walk::insure),
    (15, Walk::hand_over),
    (2, Walk::give),
    (25, Walk::mark_late),
    (30, Walk::mark),
    (30, Walk::call_margin),
    (12, Walk::release_call),
    (25, Walk::declare_default),
    (35, Walk::start_auction),
    (70, Walk::bid),
    (3, Walk::set_parameters),
    (3, Walk::set_fees),
    (8, Walk::set_limit),
    (16, Walk::refinance),
    (12, Walk::top_up),
];

/// Who, what and which.
impl Walk {
    pub(super) fn person(&mut self) -> usize {
        usize::try_from(self.dice.below(PEOPLE as u64)).expect("a few")
    }

    fn stack(&mut self) -> StackId {
        // One more than there are, now and then.
        1 + self.dice.below(self.model.stacks().count() as u64) + u64::from(self.dice.chance(4))
    }

    pub(super) fn any_loan(&mut self) -> LoanId {
        credit::any_loan(&self.model, &mut self.dice)
    }

    pub(super) fn loan_that_is(&mut self, fits: impl Fn(&Loan, u64) -> bool) -> Option<LoanId> {
        credit::loan_that_is(&self.model, &mut self.dice, (12, 8), fits)
    }

    pub(super) fn collateral(&mut self, receipts: &[Receipt]) -> (Wei, u64) {
        credit::collateral(&mut self.town, receipts)
    }

    pub(super) fn collateral_of(&mut self, loan: LoanId, statuses: &[Status]) -> (Wei, u64) {
        credit::collateral_of(&mut self.town, &self.model, loan, statuses)
    }
}

/// Capital and hardware.
impl Walk {
    pub(super) fn open_stack(&mut self) {
        let curator = usize::try_from(self.dice.below(CURATORS as u64)).expect("few");
        if self.model.stacks().count() <= CURATORS {
            self.open_stack_of(curator);
        }
    }

    pub(super) fn open_stack_of(&mut self, curator: usize) {
        let rules = Rules {
            first_loss_bps: [1_000, 9_000, 1_777, 5_000][self.model.stacks().count() % 4],
            max_ltv_bps: self.dice.one_of(&[7_000, 7_000, 6_999, 4_321]),
            trigger_bps: self.dice.one_of(&[7_000, 8_500, 8_501, 9_500]),
            senior_cap: wei(wad(self.dice.one_of(&[150_000, 500_000, 1_000_000_000]))),
            servicing_bps: self.dice.one_of(&[0, 100, 333, 1_000]),
            spread_bps: self.dice.one_of(&[0, 500, 777, 3_000]),
        };
        let call = credit::open_stack(&rules);
        let stack = self.play("openStack", self.holders[curator], self.holders[FILO], &call, &Reasons::default());
        assert_eq!(stack, Some(U256::from(self.model.open_stack(curator, rules))));
    }

    /// Mostly a stack's curator.
    pub(super) fn about_stack(&mut self) -> (StackId, usize) {
        let stack = self.stack();
        let curator = self.model.stack(stack).map_or(0, |stack| stack.curator);
        let who = if self.dice.chance(94) { curator } else { self.person() };
        (stack, who)
    }

    /// Has `who` hold so much at least.
    pub(super) fn provide(&mut self, who: usize, amount: U256) {
        if self.dollars[who] < amount {
            let whole = 10_000_000 + (amount / wad(1)).to::<u64>();
            self.town.give_usdai(self.holders[who], whole);
            self.dollars[who] += wad(whole);
        }
    }

    /// Hardly anybody throws good money after bad.
    pub(super) fn is_given_up(&mut self, stack: StackId) -> bool {
        let lost = |(id, loan): (LoanId, &Loan)| loan.stack == stack && self.doomed.contains(&id);
        self.model.open_loans().any(lost) && self.dice.chance(90)
    }

    fn deposit_junior(&mut self) {
        let (stack, who) = self.about_stack();
        if self.is_given_up(stack) {
            return self.pass_time();
        }
        // Every other curator keeps little more at hand than the loans need.
        let most = if stack.is_multiple_of(2) { 2_000 } else { 12_000 };
        let lean = self.model.stack(stack).is_some_and(|stack| stack.cash < wei(wad(most)));
        let assets = if lean {
            wad(1 + self.dice.below(most))
        } else {
            self.dice.up_to(wad(2_000))
        };
        self.provide(who, assets);
        let outcome = self.model.deposit_junior(stack, who, &wei(assets));
        let reasons = self.reasons(&outcome, Deal::of_stack(who, stack));
        let call = Filo::depositJuniorCall {
            stack: U256::from(stack),
            assets,
        };
        if self
            .play("depositJunior", self.holders[who], self.holders[FILO], &call, &reasons)
            .is_some()
        {
            self.dollars[who] -= assets;
            self.dollars[FILO] += assets;
        }
    }

    fn withdraw_junior(&mut self) {
        let (stack, who) = self.about_stack();
        let cash = self.model.stack(stack).map_or(U256::ZERO, |stack| word(&stack.cash));
        let assets = match self.dice.below(8) {
            0 => cash + U256::ONE,
            1 => cash,
            _ => self.dice.up_to(cash / n(2)),
        };
        self.withdraw(stack, who, assets);
    }

    fn withdraw(&mut self, stack: StackId, who: usize, assets: U256) {
        let receiver = self.person();
        let outcome = self.model.withdraw_junior(stack, who, &wei(assets));
        let reasons = self.reasons(&outcome, Deal::of_stack(who, stack));
        let call = Filo::withdrawJuniorCall {
            stack: U256::from(stack),
            assets,
            receiver: self.holders[receiver],
        };
        if self
            .play("withdrawJunior", self.holders[who], self.holders[FILO], &call, &reasons)
            .is_some()
        {
            self.dollars[FILO] -= assets;
            self.dollars[receiver] += assets;
        }
    }

    /// Somebody gives FiLo USDai, which changes no book.
    fn give(&mut self) {
        let (who, value) = (self.person(), self.dice.up_to(wad(10)));
        let usdai = self.town.suite.usdai;
        self.log.begin(format!("{who} gives {value}"));
        let to = self.holders[FILO];
        self.provide(who, value);
        self.town.does(self.holders[who], usdai, &Erc20::transferCall { to, value });
        self.log.count("gift", "success");
        self.dollars[who] -= value;
        self.dollars[FILO] += value;
        self.given += value;
    }

    pub(super) fn issue(&mut self) {
        let number = self.receipts.len() as u64 + 1;
        let owner = CURATORS + usize::try_from(number % 3).expect("few");
        let appraisal = self.value();
        let call = Caliber::issueCall {
            owner: self.holders[owner],
            hardwareClass: id("H100"),
            units: n(8),
            manifestHash: B256::from(U256::from(number)),
            agreementHash: B256::from(U256::ONE),
            agreementUri: String::new(),
            custodian: self.town.cast.custodian.address(),
            appraisal,
            insuredValue: appraisal,
            insuredUntil: n(1 << 40),
        };
        let receipt = self.town.does(self.agent, self.town.suite.caliber, &call);
        assert_eq!(receipt, U256::from(number));
        self.receipts.insert(number, (owner, self.now()));
        self.insured.insert(number);
        self.appraise_at(number, appraisal);
    }

    /// What a lot of hardware is worth.
    pub(super) fn value(&mut self) -> U256 {
        wad(1_000 + self.dice.below(200_000))
    }

    fn any_receipt(&mut self) -> Receipt {
        1 + self.dice.below(self.receipts.len() as u64)
    }

    pub(super) fn appraise_at(&mut self, receipt: Receipt, value: U256) {
        // What is worth nothing stays so while it secures the loan.
        let lost = self.model.pledged_to(receipt).is_some_and(|loan| self.doomed.contains(&loan));
        let value = if lost { U256::ONE } else { value };
        let call = Caliber::appraiseCall {
            receipt: U256::from(receipt),
            value,
        };
        self.town.does(self.appraiser, self.town.suite.caliber, &call);
        let now = self.now();
        self.receipts.get_mut(&receipt).expect("a receipt").1 = now;
    }

    /// Hardware is worth something else, mostly of the same order.
    fn appraise(&mut self) {
        let pledged: Vec<_> = self.model.open_loans().flat_map(|(_, loan)| loan.receipts.clone()).collect();
        let receipt = if pledged.is_empty() || self.dice.chance(50) {
            self.any_receipt()
        } else {
            self.dice.one_of(&pledged)
        };
        let value = match self.dice.below(12) {
            0 => U256::ONE + self.dice.up_to(wad(1_000_000)),
            _ => self.value(),
        };
        self.log.begin(format!("{receipt} is worth {value}"));
        self.log.count("appraisal", "success");
        self.appraise_at(receipt, value);
    }

    /// What secures a loan turns out to be worth little.
    pub(super) fn crash(&mut self, id: LoanId) {
        for receipt in self.model.loan(id).expect("a loan").receipts.clone() {
            let value = U256::ONE + self.dice.up_to(wad(20_000));
            self.appraise_at(receipt, value);
        }
    }

    /// A curator takes out what it may, and the hardware behind the smallest loan of its stack is worth nothing: nothing is at hand for the loss but
    /// what is lent in others.
    fn collapse(&mut self) {
        let sound = |id: &StackId| {
            let stack = &self.model.stack(*id).expect("a stack");
            let owed = &stack.owed_principal + &stack.owed_interest;
            self.model.troubled(*id) == 0 && owed == Wei::default() && self.model.loans_of(*id).count() > 1
        };
        let stacks: Vec<_> = self.model.stacks().map(|(id, _)| id).filter(sound).collect();
        if stacks.is_empty() {
            return self.pass_time();
        }
        let id = self.dice.one_of(&stacks);
        let curator = self.model.stack(id).expect("a stack").curator;
        self.withdraw(id, curator, credit::free(&self.model, id));
        let loans = self.model.open_loans().filter(|(_, loan)| loan.stack == id);
        let (victim, _) = loans.min_by_key(|(_, loan)| loan.senior.clone()).expect("two at least");
        self.doom(victim);
        self.log.count("collapse", "success");
    }

    /// The hardware behind a loan is worth nothing, and nobody pays it any more.
    pub(super) fn doom(&mut self, loan: LoanId) {
        self.doomed.insert(loan);
        for receipt in self.model.loan(loan).expect("a loan").receipts.clone() {
            self.appraise_at(receipt, U256::ONE);
        }
    }

    /// It turns out to be worth a lot.
    pub(super) fn recover(&mut self, id: LoanId) {
        for receipt in self.model.loan(id).expect("a loan").receipts.clone() {
            self.appraise_at(receipt, wad(1_000_000));
            self.insure_until(receipt, n(1 << 40));
        }
    }

    /// Cover ends, or is extended.
    fn insure(&mut self) {
        let receipt = self.any_receipt();
        let until = if self.dice.chance(25) {
            U256::from(self.now() + self.dice.below(40 * DAY))
        } else {
            n(1 << 40)
        };
        self.log.begin(format!("{receipt} is insured until {until}"));
        self.log.count("insurance", "success");
        self.insure_until(receipt, until);
    }

    pub(super) fn insure_until(&mut self, receipt: Receipt, until: U256) {
        let call = Caliber::insureCall {
            receipt: U256::from(receipt),
            insuredValue: wad(1_000_000_000),
            insuredUntil: until,
        };
        self.town.does(self.attestor, self.town.suite.caliber, &call);
        if until == n(1 << 40) {
            self.insured.insert(receipt);
        } else {
            self.insured.remove(&receipt);
        }
    }

    /// A receipt changes hands, mostly to a borrower, unless it is pledged.
    fn hand_over(&mut self) {
        let receipt = self.any_receipt();
        let owner = self.receipts[&receipt].0;
        let to = if self.dice.chance(90) {
            CURATORS + usize::try_from(self.dice.below(3)).expect("few")
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
            .play("transfer", self.holders[owner], self.town.suite.caliber, &call, &reasons)
            .is_some()
        {
            self.receipts.get_mut(&receipt).expect("a receipt").0 = to;
        }
    }
}
