//! The story itself.

use alloy_primitives::{keccak256, Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolEvent};

use super::{cast::Cast, Action, Movement, Step, VaultState};
use crate::{
    instalment, keep,
    node::{Node, NodeError, NodeExt, Person, Sent},
    protocol::{
        bindings::{Caliber, Filo, Gateway, IErc20, IMintable, Origination, Qev, Susdai, Usdai},
        counterparts::{dollars6, Counterparts},
        suite::{id, Suite, Terms},
    },
    units::{rate, units6, wad, whole},
};

/// What the story is about, in whole dollars unless a name says otherwise.
pub mod terms {
    /// What the depositor brings.
    pub const DEPOSIT: u64 = 1_000_000;
    /// What the hardware cost (S003).
    pub const HARDWARE: u64 = 595_000;
    /// What the appraiser says that it would cost to replace, installed. A receipt's value decays by the second from its appraisal on,
    /// so a loan of exactly 70 % of the invoice needs an appraisal above it.
    pub const APPRAISAL: u64 = 600_000;
    /// What the insurer covers.
    pub const COVER: u64 = 620_000;
    /// What the borrower draws: 70 % of the invoice (S003).
    pub const LOAN: u64 = 416_500;
    /// Yearly rate of the loan, basis points.
    pub const RATE_BPS: u64 = 1_500;
    /// Periods of the loan.
    pub const PERIODS: u64 = 36;
    /// Instalments paid in the story.
    pub const PAID: u64 = 12;
    /// Part of the loan that the curator stands for, basis points.
    pub const FIRST_LOSS_BPS: u64 = 1_000;
    /// What the compute earns the borrower in a month.
    pub const REVENUE: u64 = 25_000;
}

/// The only class of hardware that the curator lends on.
const HARDWARE_CLASS: &str = "H100-SXM5-80G";
/// A year is more than the 365 days that a program lives: the keeper renews it when less than this is left, days.
const KEEP_ALIVE_BELOW: u64 = 180;

/// What the story has brought into being.
#[derive(Clone, Debug)]
pub struct Played {
    /// The curator's stack.
    pub stack: U256,
    /// The loan, 12 of 36 instalments paid.
    pub loan: U256,
    /// The receipts behind it.
    pub receipts: Vec<U256>,
    /// The depositor's place in the queue, claimed.
    pub position: U256,
}

/// A story in progress.
pub struct Stage<'a> {
    /// Where it plays.
    pub node: &'a mut dyn Node,
    /// The contracts.
    pub suite: Suite,
    /// What they meet.
    pub world: Counterparts,
    /// Who plays.
    pub cast: Cast,
    /// Lengths of periods and epochs.
    pub terms: Terms,
    /// Everything that happened.
    pub steps: Vec<Step>,
    began: u64,
    actions: Vec<Action>,
    movements: Vec<Movement>,
    facts: Vec<(String, String)>,
    listener: &'a mut dyn FnMut(&Step),
}

impl<'a> Stage<'a> {
    /// Begins; `listener` hears every step as it ends.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn new(
        node: &'a mut dyn Node,
        suite: Suite,
        world: Counterparts,
        cast: Cast,
        terms: Terms,
        listener: &'a mut dyn FnMut(&Step),
    ) -> Result<Self, NodeError> {
        let began = node.now()?;
        let (steps, actions, movements, facts) = Default::default();
        Ok(Self {
            node,
            suite,
            world,
            cast,
            terms,
            steps,
            began,
            actions,
            movements,
            facts,
            listener,
        })
    }

    /// The whole life: in, lent, paid, harvested, out.
    ///
    /// # Errors
    /// If a contract refuses a step, or the first period's interest is not what the terms say.
    pub fn play(&mut self) -> Result<Played, NodeError> {
        self.deposit()?;
        let stack = self.first_loss()?;
        let receipts = self.receipts()?;
        let loan = self.draw(stack, &receipts)?;
        for period in 1..=terms::PAID {
            self.instalment(loan, period)?;
            if period % 6 == 0 {
                self.harvest()?;
            }
        }
        let (position, shares) = self.request()?;
        self.settle()?;
        self.claim(position, shares)?;
        Ok(Played {
            stack,
            loan,
            receipts,
            position,
        })
    }

    fn deposit(&mut self) -> Result<(), NodeError> {
        let depositor = self.cast.depositor.clone();
        let amount = dollars6(terms::DEPOSIT);
        let (usdc, gateway) = (self.world.usdc, self.suite.gateway);
        self.give_usdc(&depositor, terms::DEPOSIT)?;
        self.act(
            &depositor,
            "usdc",
            usdc,
            &IErc20::approveCall {
                spender: gateway,
                value: amount,
            },
        )?;
        let deadline = U256::from(self.node.now()? + 3_600);
        // The pool takes 0.01 %; a tenth of a per cent is what the depositor accepts to lose in all.
        let least = wad(terms::DEPOSIT) * U256::from(999) / U256::from(1_000);
        let journey = Gateway::depositAndStakeCall {
            token: usdc,
            amount,
            minUsdai: least,
            minShares: least,
            receiver: depositor.address(),
            deadline,
        };
        let shares = self.act(&depositor, "gateway", gateway, &journey)?.0;
        self.fact("sUSDai received", whole(shares));
        self.end("The depositor turns 1,000,000 USDC into sUSDai, in one transaction")
    }

    fn first_loss(&mut self) -> Result<U256, NodeError> {
        let curator = self.cast.curator.clone();
        let (usdc, usdai, filo) = (self.world.usdc, self.suite.usdai, self.suite.filo);
        let junior = wad(terms::LOAN) * U256::from(terms::FIRST_LOSS_BPS) / U256::from(10_000);
        let brought = 42_000;
        self.give_usdc(&curator, brought)?;
        self.act(
            &curator,
            "usdc",
            usdc,
            &IErc20::approveCall {
                spender: usdai,
                value: dollars6(brought),
            },
        )?;
        let deposit = Usdai::deposit_0Call {
            depositToken: usdc,
            depositAmount: dollars6(brought),
            usdaiAmountMinimum: junior,
            recipient: curator.address(),
        };
        self.act(&curator, "usdai", usdai, &deposit)?;
        let open = Filo::openStackCall {
            firstLossBps: U256::from(terms::FIRST_LOSS_BPS),
            maxLtvBps: U256::from(7_000),
            marginTriggerBps: U256::from(8_500),
            seniorCap: wad(5_000_000),
            servicingFeeBps: U256::from(100),
            juniorSpreadBps: U256::from(500),
            hardwareClass: id(HARDWARE_CLASS),
        };
        let stack = self.act(&curator, "filo", filo, &open)?.0;
        self.act(
            &curator,
            "usdai",
            usdai,
            &IErc20::approveCall {
                spender: filo,
                value: junior,
            },
        )?;
        self.act(&curator, "filo", filo, &Filo::depositJuniorCall { stack, assets: junior })?;
        let posted = self.node.read(filo, &Filo::juniorCashCall { stack })?;
        self.fact("first-loss capital", whole(posted));
        self.end("The curator opens a stack and stands in front with first-loss capital")?;
        Ok(stack)
    }

    fn receipts(&mut self) -> Result<Vec<U256>, NodeError> {
        let (agent, appraiser, attestor) = (self.cast.agent.clone(), self.cast.appraiser.clone(), self.cast.attestor.clone());
        let (borrower, custodian) = (self.cast.borrower.address(), self.cast.custodian.address());
        let caliber = self.suite.caliber;
        let years = self.node.now()? + 3 * 365 * 86_400;
        let half = |dollars: u64| wad(dollars) / U256::from(2);
        let mut receipts = Vec::new();
        // Two lots of eight machines each, so that two documents of title stand behind one loan.
        for lot in ["rack-A", "rack-B"] {
            let issue = Caliber::issueCall {
                owner: borrower,
                hardwareClass: id(HARDWARE_CLASS),
                units: U256::from(8),
                manifestHash: keccak256([borrower.as_slice(), lot.as_bytes(), &self.began.to_be_bytes()].concat()),
                agreementHash: keccak256("bailment agreement, form 7"),
                agreementUri: "ipfs://bailment-agreement-form-7".into(),
                custodian,
                appraisal: half(terms::HARDWARE),
                insuredValue: half(terms::HARDWARE),
                insuredUntil: U256::from(years),
            };
            let receipt = self.act(&agent, "caliber", caliber, &issue)?.0;
            self.act(
                &appraiser,
                "caliber",
                caliber,
                &Caliber::appraiseCall {
                    receipt,
                    value: half(terms::APPRAISAL),
                },
            )?;
            let insure = Caliber::insureCall {
                receipt,
                insuredValue: half(terms::COVER),
                insuredUntil: U256::from(years),
            };
            self.act(&attestor, "caliber", caliber, &insure)?;
            let value = self.node.read(caliber, &Caliber::valueOfCall { receipt })?;
            self.fact(&format!("receipt {receipt}, value now"), whole(value));
            receipts.push(receipt);
        }
        self.end("595,000 dollars of hardware get their documents of title: issued, appraised, insured")?;
        Ok(receipts)
    }

    fn draw(&mut self, stack: U256, receipts: &[U256]) -> Result<U256, NodeError> {
        let (curator, borrower) = (self.cast.curator.clone(), self.cast.borrower.clone());
        let (origination, usdai) = (self.suite.origination, self.suite.usdai);
        let offer = Origination::Offer {
            stack,
            borrower: borrower.address(),
            receipts: receipts.to_vec(),
            principal: wad(terms::LOAN),
            rate: rate(terms::RATE_BPS),
            periods: U256::from(terms::PERIODS),
            levelPayment: true,
            graceSeconds: U256::from(10 * 86_400),
            lateFeeBps: U256::from(500),
            expiry: U256::from(self.node.now()? + 86_400),
            salt: U256::ZERO,
        };
        self.act(
            &curator,
            "origination",
            origination,
            &Origination::postCall { offer: offer.clone() },
        )?;
        let draw = Origination::drawCall {
            offer,
            signature: Bytes::new(),
            receiver: borrower.address(),
        };
        let loan = self.act(&borrower, "origination", origination, &draw)?.0;
        let drawn = self.node.read(
            usdai,
            &Usdai::balanceOfCall {
                account: borrower.address(),
            },
        )?;
        let least = dollars6(terms::LOAN) * U256::from(999) / U256::from(1_000);
        let withdraw = Usdai::withdraw_0Call {
            withdrawToken: self.world.usdc,
            usdaiAmount: drawn,
            withdrawAmountMinimum: least,
            recipient: borrower.address(),
        };
        let got = self.act(&borrower, "usdai", usdai, &withdraw)?.0;
        self.fact("drawn, USDai", whole(drawn));
        self.fact("in hand, USDC", units6(got));
        self.end("The borrower pledges both receipts, draws 416,500 at 15 %, and turns it into USDC")?;
        Ok(loan)
    }

    fn instalment(&mut self, loan: U256, period: u64) -> Result<(), NodeError> {
        let borrower = self.cast.borrower.clone();
        let (filo, usdai, usdc) = (self.suite.filo, self.suite.usdai, self.world.usdc);
        let due_at = self.node.read(filo, &Filo::instalmentCall { loan })?.due;
        self.node.pass_time_until(due_at.to())?;
        self.keep_alive()?;
        self.give_usdc(&borrower, terms::REVENUE)?;
        // Where the clock stands still between blocks, to the wei what is due. And half a per cent for the pool.
        let due = if self.node.travels_in_time() {
            let owed = self.node.read(filo, &Filo::instalmentCall { loan })?;
            owed.interest + owed.principal
        } else {
            instalment::soon(self.node, filo, loan)?
        };
        let brought = due / U256::from(1_000_000_000_000_u64) * U256::from(1_005) / U256::from(1_000);
        self.act(
            &borrower,
            "usdc",
            usdc,
            &IErc20::approveCall {
                spender: usdai,
                value: brought,
            },
        )?;
        let deposit = Usdai::deposit_0Call {
            depositToken: usdc,
            depositAmount: brought,
            usdaiAmountMinimum: due,
            recipient: borrower.address(),
        };
        self.act(&borrower, "usdai", usdai, &deposit)?;
        self.act(&borrower, "usdai", usdai, &IErc20::approveCall { spender: filo, value: due })?;
        let (_, sent) = self.act(&borrower, "filo", filo, &Filo::payCall { loan, maxAmount: due })?;
        let payment = event::<Filo::Payment>(&sent, filo)?;
        self.fact("interest", whole(payment.interest));
        let split = [
            ("  to the vault", payment.seniorInterest),
            ("  to the curator, for standing first", payment.juniorInterest),
            ("  to the curator, for servicing", payment.servicingFee),
            ("  to the treasury", payment.protocolFee),
            ("  to the insurance reserve", payment.toReserve),
        ];
        if period == 1 {
            for (whom, amount) in split {
                self.fact(whom, whole(amount));
            }
        }
        self.fact("principal", whole(payment.principal));
        if period == 1 && self.terms.period == Terms::REAL.period {
            self.first_interest(payment.interest)?;
        }
        self.end(&format!("The borrower pays instalment {period} of {}", terms::PERIODS))
    }

    /// 416,500 × 15 % × 30 ÷ 365 = 5,134.93, to the cent (S003); on a chain whose clock ticks between due date and block, to the second.
    fn first_interest(&self, interest: U256) -> Result<(), NodeError> {
        let expected = U256::from(513_493);
        let cents = interest / U256::from(10_000_000_000_000_000_u64);
        // One second of interest is 0.2 cents.
        let slack = if self.node.travels_in_time() { U256::ZERO } else { U256::from(10) };
        if cents < expected || cents > expected + slack {
            return Err(NodeError::Other(format!(
                "the first period's interest is {} and should be 5,134.93",
                whole(interest)
            )));
        }
        Ok(())
    }

    fn harvest(&mut self) -> Result<(), NodeError> {
        let keeper = self.cast.keeper.clone();
        let minted = self.act(&keeper, "usdai", self.suite.usdai, &Usdai::harvestCall {})?.0;
        self.fact("T-bill yield, USDai", whole(minted));
        self.end("A keeper harvests the T-bill yield; it vests in the vault over a week")
    }

    fn request(&mut self) -> Result<(U256, U256), NodeError> {
        let depositor = self.cast.depositor.clone();
        let susdai = self.suite.susdai;
        let shares = self.node.read(
            susdai,
            &Susdai::balanceOfCall {
                account: depositor.address(),
            },
        )? / U256::from(2);
        let request = Susdai::requestRedeemCall {
            shares,
            controller: depositor.address(),
            owner: depositor.address(),
        };
        let position = self.act(&depositor, "susdai", susdai, &request)?.0;
        let pending = Susdai::pendingRedeemRequestCall {
            requestId: position,
            controller: depositor.address(),
        };
        let pending = self.node.read(susdai, &pending)?;
        self.fact("shares in the queue", whole(pending));
        self.end("The depositor asks half out: a place in the queue")?;
        Ok((position, shares))
    }

    fn settle(&mut self) -> Result<(), NodeError> {
        let keeper = self.cast.keeper.clone();
        let qev = self.suite.qev;
        let end = self.node.read(qev, &Qev::epochEndCall {})?;
        self.node.pass_time_until(end.to())?;
        self.keep_alive()?;
        let (_, sent) = self.act(&keeper, "qev", qev, &Qev::settleCall { maxSteps: U256::from(256) })?;
        let settled = event::<Qev::EpochSettled>(&sent, qev)?;
        self.fact("shares paid", whole(settled.shares));
        self.fact("at a price of", whole(settled.price));
        self.end("The epoch ends; anyone may settle the queue, and the keeper does")
    }

    fn claim(&mut self, position: U256, shares: U256) -> Result<(), NodeError> {
        let depositor = self.cast.depositor.clone();
        let me = depositor.address();
        let (susdai, usdai) = (self.suite.susdai, self.suite.usdai);
        let claimable = self.node.read(
            susdai,
            &Susdai::claimableRedeemRequestCall {
                requestId: position,
                controller: me,
            },
        )?;
        if claimable != shares {
            return Err(NodeError::Other(format!(
                "{} of {} shares are claimable",
                whole(claimable),
                whole(shares)
            )));
        }
        let redeem = Susdai::redeemCall {
            shares: claimable,
            receiver: me,
            controller: me,
        };
        let assets = self.act(&depositor, "susdai", susdai, &redeem)?.0;
        let least = assets / U256::from(1_000_000_000_000_u64) * U256::from(999) / U256::from(1_000);
        let withdraw = Usdai::withdraw_0Call {
            withdrawToken: self.world.usdc,
            usdaiAmount: assets,
            withdrawAmountMinimum: least,
            recipient: me,
        };
        let got = self.act(&depositor, "usdai", usdai, &withdraw)?.0;
        let kept = self.node.read(susdai, &Susdai::balanceOfCall { account: me })?;
        let worth = self.node.read(susdai, &Susdai::convertToAssetsCall { shares: kept })?;
        self.fact("paid out, USDC", units6(got));
        self.fact("still staked, worth USDai", whole(worth));
        self.end("The depositor claims, and ends with USDC")
    }

    /// Programs on Arbitrum expire a year after their activation unless somebody renews them; anybody may.
    fn keep_alive(&mut self) -> Result<(), NodeError> {
        let keeper = self.cast.keeper.clone();
        let lives = keep::lives(self.node, &self.suite.contracts(), KEEP_ALIVE_BELOW)?;
        let renewed = keep::renew(self.node, &keeper, &lives, &mut |_| ())?.len();
        if renewed > 0 {
            self.fact("programs kept alive for another year", renewed.to_string());
        }
        Ok(())
    }

    /// Revenue, savings: dollars from outside the story.
    fn give_usdc(&mut self, to: &Person, dollars: u64) -> Result<(), NodeError> {
        let mint = IMintable::mintCall {
            to: to.address(),
            amount: dollars6(dollars),
        };
        let admin = self.cast.admin.clone();
        self.node.perform(&admin, self.world.usdc, &mint).map(drop)
    }

    /// One transaction of the story, remembered with its gas and its movements.
    fn act<C: SolCall>(&mut self, who: &Person, contract: &'static str, to: Address, call: &C) -> Result<(C::Return, Sent), NodeError> {
        let (returned, sent) = self.node.perform(who, to, call)?;
        let name = C::SIGNATURE.split('(').next().unwrap_or(C::SIGNATURE);
        self.actions.push(Action {
            contract,
            call: name,
            gas: sent.gas_used,
        });
        for log in &sent.logs {
            // ERC-721 has a Transfer of its own with three indexed words: it does not decode as money, and is none.
            if let Ok(transfer) = IErc20::Transfer::decode_log(log) {
                self.movements.push(Movement {
                    token: log.address,
                    from: transfer.from,
                    to: transfer.to,
                    amount: transfer.value,
                });
            }
        }
        Ok((returned, sent))
    }

    fn fact(&mut self, what: &str, value: String) {
        self.facts.push((what.to_owned(), value));
    }

    fn end(&mut self, title: &str) -> Result<(), NodeError> {
        let vault = self.vault()?;
        let step = Step {
            title: title.to_owned(),
            day: (vault.at - self.began) / 86_400,
            actions: std::mem::take(&mut self.actions),
            movements: std::mem::take(&mut self.movements),
            facts: std::mem::take(&mut self.facts),
            vault,
        };
        (self.listener)(&step);
        self.steps.push(step);
        Ok(())
    }

    fn vault(&mut self) -> Result<VaultState, NodeError> {
        let susdai = self.suite.susdai;
        Ok(VaultState {
            at: self.node.now()?,
            deposit_price: self.node.read(susdai, &Susdai::depositSharePriceCall {})?,
            redemption_price: self.node.read(susdai, &Susdai::redemptionSharePriceCall {})?,
            cash: self.node.read(susdai, &Susdai::cashCall {})?,
            principal: self.node.read(susdai, &Susdai::loanBookCall {})?.principal,
        })
    }
}

/// The first event `E` that `contract` emitted.
fn event<E: SolEvent>(sent: &Sent, contract: Address) -> Result<E, NodeError> {
    sent.logs
        .iter()
        .filter(|log| log.address == contract)
        .find_map(|log| E::decode_log(log).ok())
        .map(|log| log.data)
        .ok_or_else(|| NodeError::Other(format!("{contract} did not emit {}", E::SIGNATURE)))
}
