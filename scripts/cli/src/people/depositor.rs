//! What a depositor does: in, staked, and out again through the queue.

use alloy_primitives::{Address, U256};
use anyhow::{bail, Result};
use clap::Subcommand;
use serde_json::json;

use super::{
    arguments::{Amount, Percent, Slippage},
    desk::{event, Allowance, Desk, Report, Token},
    secrets::{Secret, Secrets},
};
use crate::{
    protocol::bindings::{Gateway, Qev, Susdai, Usdai},
    story::terminal,
    units::whole,
};

/// What a tick of a bid gives up, basis points.
const TICK_BPS: u64 = 5;
/// Lowest and highest tick of a bid.
const TICKS: std::ops::RangeInclusive<u64> = 2..=255;

/// An errand of a depositor.
#[derive(Clone, Debug, Subcommand)]
pub enum Errand {
    /// Turn a stablecoin into USDai, as in: deposit 1000USDC
    Deposit {
        /// How much of which stablecoin
        amount: Amount,
        /// Go on into sUSDai in the same transaction
        #[arg(long)]
        stake: bool,
        /// What the swap may cost.
        #[command(flatten)]
        slippage: Slippage,
    },
    /// Turn USDai into a stablecoin
    Withdraw {
        /// How much USDai
        amount: Amount,
        /// Which stablecoin
        #[arg(long, default_value = "USDC")]
        into: String,
        /// What the swap may cost.
        #[command(flatten)]
        slippage: Slippage,
    },
    /// Stake USDai into sUSDai
    Stake {
        /// How much USDai
        amount: Amount,
    },
    /// Put sUSDai into the queue: opens a position
    Request {
        /// How much sUSDai
        amount: Amount,
    },
    /// Seal a bid for a better place; its secret is kept in a file, and the bid is opened with `reveal`
    Bid {
        /// The position
        position: U256,
        /// What is given up of the proceeds at most: 0.10% to 12.75%
        premium: Percent,
        /// Where its secret is kept.
        #[command(flatten)]
        secrets: Secrets,
    },
    /// Open the bid that a position has sealed, in the epoch's reveal window
    Reveal {
        /// The position
        position: U256,
        /// Where its secret is kept.
        #[command(flatten)]
        secrets: Secrets,
    },
    /// Take back a bid that is sealed: for nothing until bids are opened, then only at the price of its bond
    Abandon {
        /// The position
        position: U256,
        /// Take it back even if that costs the bond, half a per cent of the position's shares
        #[arg(long)]
        lose_bond: bool,
    },
    /// Take back a bid that is open: back to the end of the par lane
    WithdrawBid {
        /// The position
        position: U256,
    },
    /// Take shares that wait back out of the queue
    Cancel {
        /// The position
        position: U256,
        /// How much sUSDai; all that waits if not said
        amount: Option<Amount>,
    },
    /// Take what settlements have made claimable
    Claim {
        /// The position; all of one's own if not said
        position: Option<U256>,
    },
    /// List positions: lane, what waits, what is claimable
    Positions {
        /// Whose; one's own if not said
        of: Option<Address>,
    },
}

/// Does it.
///
/// # Errors
/// A sentence that says what to do.
pub fn run(errand: Errand, desk: &mut Desk<'_>) -> Result<Report> {
    let qev = desk.suite.qev;
    match errand {
        Errand::Deposit { amount, stake, slippage } => deposit(desk, &amount, stake, slippage.slippage),
        Errand::Withdraw { amount, into, slippage } => {
            let usdai = desk.amount(&amount, "USDai")?;
            let token = desk.token(&into)?;
            withdraw(desk, usdai, &token, slippage.slippage)?;
            desk.report(&[])
        }
        Errand::Stake { amount } => {
            let (assets, receiver) = (desk.amount(&amount, "USDai")?, desk.me()?);
            let susdai = desk.suite.susdai;
            let expected = desk.read(susdai, &Susdai::previewDepositCall { assets })?;
            let deposit = Susdai::deposit_1Call {
                assets,
                receiver,
                minShares: Percent(10).off(expected),
            };
            let allowance = Allowance {
                token: desk.suite.usdai,
                spender: susdai,
                amount: assets,
            };
            desk.act(&format!("stake {} USDai", whole(assets)), susdai, &deposit, &[allowance])?;
            desk.report(&[])
        }
        Errand::Request { amount } => {
            let (shares, me) = (desk.amount(&amount, "sUSDai")?, desk.me()?);
            let request = Susdai::requestRedeemCall {
                shares,
                controller: me,
                owner: me,
            };
            let what = format!("put {} sUSDai into the queue", whole(shares));
            let sent = desk.act(&what, desk.suite.susdai, &request, &[])?;
            let position = event::<Qev::PositionOpened>(&sent)?.position;
            desk.report(&[("position", position.to_string())])
        }
        Errand::Bid {
            position,
            premium,
            secrets,
        } => bid(desk, position, premium, &secrets),
        Errand::Reveal { position, secrets } => {
            let sealed = desk.read(qev, &Qev::bidOfCall { position })?;
            if sealed.commitment.is_zero() {
                bail!("position {position} has no sealed bid: seal one with `bid` before the reveal window");
            }
            let Secret { tick, salt, .. } = secrets.find(desk.record.chain_id, position, sealed.commitment)?;
            let reveal = Qev::revealBidCall { position, tick, salt };
            let premium = percent(u64::from(tick) * TICK_BPS);
            desk.simply(&format!("open the bid of {premium}"), qev, &reveal)
        }
        Errand::Abandon { position, lose_bond } => abandon(desk, position, lose_bond),
        Errand::WithdrawBid { position } => desk.simply("take the open bid back", qev, &Qev::withdrawBidCall { position }),
        Errand::Cancel { position, amount } => {
            let receiver = desk.me()?;
            let shares = amount
                .map(|amount| desk.amount(&amount, "sUSDai"))
                .transpose()?
                .unwrap_or(U256::MAX);
            let cancel = Qev::cancelCall {
                position,
                shares,
                receiver,
            };
            desk.simply("take shares back out of the queue", qev, &cancel)
        }
        Errand::Claim { position } => claim(desk, position),
        Errand::Positions { of } => {
            let owner = of.map_or_else(|| desk.me(), Ok)?;
            positions(desk, owner)
        }
    }
}

fn deposit(desk: &mut Desk<'_>, amount: &Amount, stake: bool, slippage: Percent) -> Result<Report> {
    let (token, amount) = desk.stablecoin(amount)?;
    let (usdai, gateway, me) = (desk.suite.usdai, desk.suite.gateway, desk.me()?);
    let least = slippage.off(token.in_dollars(amount));
    let allow = |spender| Allowance {
        token: token.address,
        spender,
        amount,
    };
    let shown = token.show(amount);
    if stake {
        let shares = desk.read(desk.suite.susdai, &Susdai::previewDepositCall { assets: least })?;
        let journey = Gateway::depositAndStakeCall {
            token: token.address,
            amount,
            minUsdai: least,
            minShares: Percent(10).off(shares),
            receiver: me,
            deadline: desk.deadline()?,
        };
        desk.act(&format!("turn {shown} into sUSDai"), gateway, &journey, &[allow(gateway)])?;
    } else {
        let deposit = Usdai::deposit_0Call {
            depositToken: token.address,
            depositAmount: amount,
            usdaiAmountMinimum: least,
            recipient: me,
        };
        let what = format!("turn {shown} into USDai, {} at least", whole(least));
        desk.act(&what, usdai, &deposit, &[allow(usdai)])?;
    }
    desk.report(&[])
}

/// Turns `usdai` wei into `token`.
///
/// # Errors
/// The refusal.
pub(super) fn withdraw(desk: &mut Desk<'_>, usdai: U256, token: &Token, slippage: Percent) -> Result<()> {
    let least = slippage.off(token.at_par(usdai));
    let withdraw = Usdai::withdraw_0Call {
        withdrawToken: token.address,
        usdaiAmount: usdai,
        withdrawAmountMinimum: least,
        recipient: desk.me()?,
    };
    let what = format!("turn {} USDai into {}, {} at least", whole(usdai), token.symbol, token.show(least));
    desk.act(&what, desk.suite.usdai, &withdraw, &[]).map(drop)
}

/// The secret is on disk before the chain knows of the bid: who loses it loses the bond.
fn bid(desk: &mut Desk<'_>, position: U256, premium: Percent, secrets: &Secrets) -> Result<Report> {
    let tick = premium.0 / TICK_BPS;
    if !premium.0.is_multiple_of(TICK_BPS) || !TICKS.contains(&tick) {
        bail!("a bid is 0.10% to 12.75% in steps of 0.05%, and {} is not", percent(premium.0));
    }
    let qev = desk.suite.qev;
    let epoch = desk.read(qev, &Qev::epochCall {})?;
    let secret = Secret::new(desk.record.chain_id, qev, epoch, position, tick)?;
    let file = secrets.keep(desk.record.chain_id, position, &secret)?;
    let commit = Qev::commitBid_0Call {
        position,
        commitment: secret.commitment,
    };
    desk.act(&format!("seal a bid of {}", percent(premium.0)), qev, &commit, &[])?;
    let opens = desk.read(desk.suite.gateway, &Gateway::snapshotCall {})?.queue.revealFrom;
    desk.report(&[
        ("secret kept in", file.display().to_string()),
        ("to be revealed from", crate::units::date(opens.saturating_to())),
    ])
}

fn abandon(desk: &mut Desk<'_>, position: U256, lose_bond: bool) -> Result<Report> {
    let qev = desk.suite.qev;
    let bid = desk.read(qev, &Qev::bidOfCall { position })?;
    let queue = desk.read(desk.suite.gateway, &Gateway::snapshotCall {})?.queue;
    let opening = U256::from(desk.now()?) >= queue.revealFrom;
    if opening && !lose_bond && !bid.commitment.is_zero() && bid.epoch == queue.epoch {
        bail!(
            "bids are being opened, and to take this one back costs its bond, {} sUSDai: open it with `reveal`, or pass --lose-bond",
            whole(bid.bond)
        );
    }
    desk.simply("take the sealed bid back", qev, &Qev::abandonBidCall { position })
}

fn claim(desk: &mut Desk<'_>, position: Option<U256>) -> Result<Report> {
    let (qev, receiver) = (desk.suite.qev, desk.me()?);
    let mut positions = match position {
        Some(position) => vec![position],
        None => desk.positions(receiver)?,
    };
    let mut assets = U256::ZERO;
    let mut with_something = Vec::new();
    for position in positions.drain(..) {
        let claimable = desk.read(qev, &Qev::positionCall { position })?.claimableAssets;
        if !claimable.is_zero() {
            assets += claimable;
            with_something.push(position);
        }
    }
    if with_something.is_empty() {
        return desk.report(&[(
            "claimable",
            "nothing yet: settlements make it so, `usdai status` says when the next is due".into(),
        )]);
    }
    let claim = Qev::claimManyCall {
        positions: with_something,
        receiver,
        minAssets: assets,
    };
    desk.simply(&format!("claim {} USDai", whole(assets)), qev, &claim)
}

fn positions(desk: &mut Desk<'_>, owner: Address) -> Result<Report> {
    let (qev, gateway) = (desk.suite.qev, desk.suite.gateway);
    let mut table = terminal::table(&[
        "position",
        "bid",
        "waits, sUSDai",
        "before it",
        "if settled now, USDai",
        "claimable, USDai",
        "sealed",
    ]);
    let mut list = Vec::new();
    for position in desk.positions(owner)? {
        let quote = desk.read(gateway, &Gateway::positionQuoteCall { position })?;
        let sealed = !desk.read(qev, &Qev::bidOfCall { position })?.commitment.is_zero();
        let ahead = quote.aheadInLane.saturating_add(quote.aheadAbove);
        let bps = quote.lane.saturating_to::<u64>() * TICK_BPS;
        table.add_row([
            position.to_string().into(),
            if bps == 0 { "par".into() } else { terminal::right(percent(bps)) },
            terminal::right(whole(quote.pending)),
            terminal::right(whole(ahead)),
            terminal::right(whole(quote.payoutNow)),
            terminal::right(whole(quote.claimableAssets)),
            if sealed { "a bid" } else { "" }.into(),
        ]);
        list.push(json!({
            "position": position.to_string(), "bidBps": bps, "pending": quote.pending.to_string(), "ahead": ahead.to_string(),
            "payoutNow": quote.payoutNow.to_string(), "claimableShares": quote.claimableShares.to_string(),
            "claimableAssets": quote.claimableAssets.to_string(), "sealed": sealed,
        }));
    }
    Ok(Report {
        text: if list.is_empty() {
            format!("{owner} has no positions\n")
        } else {
            format!("{table}\n")
        },
        json: json!({ "owner": owner, "positions": list }),
    })
}

/// Basis points for people.
pub(super) fn percent(bps: u64) -> String {
    format!("{}.{:02} %", bps / 100, bps % 100)
}
