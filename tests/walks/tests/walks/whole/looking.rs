//! The comparison.

use num_rational::BigRational;

use super::*;

/// Each step.
impl Walk {
    /// Every balance, both supplies, the vault's cash and its price.
    pub(super) fn check(&mut self) {
        self.model.pass_to(self.now());
        self.model.check();
        let mut sums = (U256::ZERO, U256::ZERO);
        for who in 0..HOLDERS {
            let (dollars, shares) = (self.has(who), self.holds(who));
            assert_eq!(self.dollars.balance(&mut self.town, who), dollars, "USDai of {who}");
            assert_eq!(self.shares.balance(&mut self.town, who), shares, "shares of {who}");
            sums = (sums.0 + dollars, sums.1 + shares);
        }
        assert_eq!(self.dollars.supply(&mut self.town), sums.0, "all USDai");
        assert_eq!(self.shares.supply(&mut self.town), sums.1, "all shares");
        assert!(self.backing * n(1_000_000_000_000) >= sums.0, "U1");
        let terms = self.town.read(self.holders[VAULT], &Vault::settlementTermsCall {});
        let expected = (word(&self.model.exit_price()), word(&self.model.vault.cash));
        assert_eq!((terms.price, terms.cash), expected, "price and cash");
    }

    /// A loan that was touched, or its stack.
    pub(super) fn look_at_loan(&mut self, id: LoanId) {
        match self.dice.below(4) {
            0 => self.check_loan(id),
            1 => self.check_stack(self.model.filo.loan(id).expect("a loan").stack),
            _ => {}
        }
    }

    pub(super) fn look_at_position(&mut self, id: Id) {
        let now = self.now();
        let Some(owner) = self.owners.get(&id).copied() else {
            return;
        };
        let there = self
            .town
            .read(self.town.suite.qev, &Queue::positionCall { position: self.token(id) });
        let queue = &self.model.queue;
        let (claim, pending) = (
            queue.claimable(now, id).expect("a position"),
            queue.pending(now, id).expect("a position"),
        );
        assert_eq!(there.controller, self.holders[owner], "who holds {id}");
        assert_eq!(there.lane, queue.lane(id).expect("a position"), "the lane of {id}");
        assert_eq!(there.pending, word(&pending), "what waits of {id}");
        let claimable = (word(&claim.0), word(&claim.1));
        assert_eq!(
            (there.claimableShares, there.claimableAssets),
            claimable,
            "what can be claimed of {id}"
        );
    }
}

/// Now and then.
impl Walk {
    pub(super) fn check_everything(&mut self) {
        self.check_vault();
        self.check_queue();
        let filo = self.holders[FILO];
        let loans: Vec<_> = self.model.filo.open_loans().map(|(id, _)| id).collect();
        for id in loans {
            self.check_loan(id);
        }
        let stacks: Vec<_> = self.model.filo.stacks().map(|(id, _)| id).collect();
        for stack in stacks {
            self.check_stack(stack);
        }
        assert_eq!(
            wei(self.town.read(filo, &Filo::reserveCall {})),
            self.model.filo.reserve,
            "the reserve"
        );
        let earliest = self.town.read(filo, &Filo::earliestDueCall {});
        match self.model.filo.earliest_due() {
            None => assert_eq!((earliest.due, earliest.loan), (U256::ZERO, U256::ZERO)),
            Some((due, loans)) => {
                assert_eq!(earliest.due, U256::from(due), "the earliest due day");
                assert!(loans.contains(&earliest.loan.to()), "{} is not of {loans:?}", earliest.loan);
            }
        }
        for (receipt, (owner, _)) in self.receipts.clone() {
            let call = Caliber::receiptOfCall {
                receipt: U256::from(receipt),
            };
            let there = self.town.read(self.town.suite.caliber, &call);
            let loan = self.model.filo.pledged_to(receipt).map_or(U256::ZERO, U256::from);
            assert_eq!(
                (there.owner, there.loan),
                (self.holders[owner], loan),
                "owner and pledge of {receipt}"
            );
        }
        let held = self.town.balance(self.town.world.wrapped_m, self.town.suite.usdai);
        assert_eq!(held, self.backing, "what backs USDai");
    }

    fn check_vault(&mut self) {
        let (vault, model) = (self.holders[VAULT], self.model.vault.clone());
        let units = |price: BigRational| price * BigRational::from_integer(wei(wad(1)).into());
        let some = wei(self.dice.up_to(wad(9_000_000)));
        let entry = model.entry();
        let mut expected = vec![
            (Vault::totalAssetsCall {}.abi_encode(), model.standing().assets),
            (Vault::navCall {}.abi_encode(), model.exit().assets),
            (Vault::unvestedCall {}.abi_encode(), model.unvested()),
            (Vault::impairmentCall {}.abi_encode(), model.impairment()),
            (Vault::lendableCall {}.abi_encode(), self.model.lendable()),
            (Vault::totalSharesCall {}.abi_encode(), model.shares.clone()),
            (Vault::bridgedSupplyCall {}.abi_encode(), self.model.bridged.clone()),
            (Vault::depositSharePriceCall {}.abi_encode(), vault::up(&units(entry.price()))),
            (
                Vault::convertToAssetsCall { shares: word(&some) }.abi_encode(),
                vault::down(&model.standing().assets_for(&some)),
            ),
        ];
        if !model.is_wiped_out() {
            expected.extend([(
                Vault::previewDepositCall { assets: word(&some) }.abi_encode(),
                vault::down(&entry.shares_for(&some)),
            )]);
        }
        for (view, value) in expected {
            let receipt = self.town.raw(Address::ZERO, vault, U256::ZERO, view.clone());
            assert!(receipt.success, "a view refuses");
            assert_eq!(U256::from_be_slice(&receipt.output), word(&value), "view {view:02x?}");
        }
        let book = self.town.read(vault, &Vault::loanBookCall {});
        let running = book.rate * (U256::from(model.now) - book.updatedAt);
        assert_eq!(
            (book.principal, book.rate, book.accrued + running),
            (word(&model.principal()), word(&model.rate()), word(&model.accrual())),
            "F1"
        );
    }

    fn check_queue(&mut self) {
        let (qev, now) = (self.town.suite.qev, self.now());
        let ids: Vec<Id> = self.model.queue.ids().collect();
        assert_eq!(ids, self.owners.keys().copied().collect::<Vec<_>>(), "which positions there are");
        let (mut depth, mut claims): (BTreeMap<u8, Wei>, Wei) = Default::default();
        for id in ids {
            self.look_at_position(id);
            let queue = &self.model.queue;
            claims += queue.claimable(now, id).expect("a position").1;
            *depth.entry(queue.lane(id).expect("a position")).or_default() += queue.waiting(id).expect("a position");
        }
        assert!(claims <= self.model.dollars[QUEUE], "everybody can claim");
        let there = self.town.read(qev, &Queue::depthCall {});
        let expected: Vec<(U256, U256)> = depth
            .into_iter()
            .rev()
            .filter(|(_, shares)| *shares != Wei::default())
            .map(|(tick, shares)| (n(tick.into()), word(&shares)))
            .collect();
        assert_eq!(there.ticks.into_iter().zip(there.shares).collect::<Vec<_>>(), expected, "depth");
        let dust: BigInt = self.town.read(qev, &Queue::dustCall {}).to_string().parse().expect("a number");
        assert_eq!(dust * 5, *self.model.queue.dust(), "dust");
        for (who, list) in self.lists.clone().into_iter().enumerate() {
            let controller = self.holders[who];
            let mut sums = (Wei::default(), Wei::default());
            for id in list {
                let (shares, assets) = self.model.queue.claimable(now, id).expect("a position");
                sums = (sums.0 + shares, sums.1 + assets);
            }
            let there = self.town.read(qev, &Queue::claimableOfCall { controller });
            assert_eq!((there.shares, there.assets), (word(&sums.0), word(&sums.1)), "all claims of {who}");
        }
    }

    /// A loan and what secures it.
    fn check_loan(&mut self, id: LoanId) {
        let (filo, now, loan) = (self.holders[FILO], self.now(), U256::from(id));
        let model = self.model.filo.loan(id).expect("a loan").clone();
        let there = self.town.read(filo, &Filo::loanCall { loan });
        let standing = self.town.read(filo, &Filo::standingCall { loan });
        assert_eq!(
            (there.status, wei(there.outstanding), wei(there.senior), wei(standing.impairment)),
            (
                credit::number(model.status),
                model.outstanding.clone(),
                model.senior.clone(),
                model.impairment.clone()
            ),
            "loan {id}"
        );
        if model.is_open() {
            let payoff = self.town.read(
                filo,
                &Filo::payoffCall {
                    loan,
                    time: U256::from(now),
                },
            );
            assert_eq!(wei(payoff), model.payoff(now, PERIOD), "what closes {id}");
            let dues = (U256::from(model.next_due(PERIOD)), U256::from(model.late_after(PERIOD)));
            assert_eq!((there.nextDue, standing.lateAfter), dues, "due days of {id}");
            let deadline = model.call.as_ref().map_or(0, |call| call.deadline);
            assert_eq!(standing.callDeadline, U256::from(deadline), "call of {id}");
        }
        let mut receipts = self.town.read(filo, &Filo::receiptsOfCall { loan });
        receipts.sort_unstable();
        let mut expected: Vec<_> = model.receipts.iter().map(|receipt| U256::from(*receipt)).collect();
        expected.sort_unstable();
        assert_eq!(receipts, expected, "receipts of {id}");
    }

    fn check_stack(&mut self, stack: StackId) {
        let there = self.town.read(self.holders[FILO], &Filo::stackCall { stack: U256::from(stack) });
        let (filo, here) = (&self.model.filo, self.model.filo.stack(stack).expect("a stack"));
        assert_eq!(
            (wei(there.senior), wei(there.juniorCash), wei(there.juniorLent)),
            (filo.senior(stack), here.cash.clone(), filo.junior_lent(stack)),
            "stack {stack}"
        );
    }
}
