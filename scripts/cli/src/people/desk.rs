//! Where people act: a deployment behind a node, whoever acts, and what they have done so far.

use std::fmt::Write as _;

use alloy_primitives::{Address, Bytes, U256};
use alloy_sol_types::{SolCall, SolEvent};
use anyhow::{anyhow, bail, Context, Result};
use serde_json::{json, Value};

use super::arguments::Amount;
use crate::{
    access::KEY_VARIABLE,
    deploy::record::Record,
    node::{Node, NodeExt, Person, Sent},
    protocol::{
        bindings::{IErc20, Qev},
        suite::Suite,
    },
    story::terminal,
    units::{decimal, thousands},
};

/// A token that people hold.
#[derive(Clone, Debug)]
pub struct Token {
    /// Where it is.
    pub address: Address,
    /// What it calls itself.
    pub symbol: String,
    /// Digits behind the point.
    pub decimals: usize,
}

impl Token {
    /// An amount of it, for people.
    #[must_use]
    pub fn show(&self, amount: U256) -> String {
        format!("{} {}", decimal(amount, self.decimals), self.symbol)
    }

    /// What `usdai` wei of dollars are in it at par, rounded down.
    #[must_use]
    pub fn at_par(&self, usdai: U256) -> U256 {
        usdai / U256::from(10).pow(U256::from(18_usize.saturating_sub(self.decimals)))
    }

    /// What `amount` of it is in wei of dollars at par.
    #[must_use]
    pub fn in_dollars(&self, amount: U256) -> U256 {
        amount * U256::from(10).pow(U256::from(18_usize.saturating_sub(self.decimals)))
    }
}

/// What somebody may take for a call to succeed.
#[derive(Clone, Copy, Debug)]
pub struct Allowance {
    /// Of this token.
    pub token: Address,
    /// This contract.
    pub spender: Address,
    /// This much.
    pub amount: U256,
}

/// A transaction that was sent.
#[derive(Clone, Debug)]
struct Done {
    what: String,
    sent: Sent,
}

/// A deployment, and whoever acts there.
pub struct Desk<'a> {
    /// The node.
    pub node: &'a mut dyn Node,
    /// What it has of the protocol.
    pub record: &'a Record,
    /// The contracts.
    pub suite: Suite,
    who: Option<Person>,
    /// USDai and sUSDai, then what the protocol meets; read when they are first asked for.
    tokens: Vec<Token>,
    /// What whoever acts held of each before the first transaction.
    before: Vec<U256>,
    done: Vec<Done>,
    tell: &'a mut dyn FnMut(&str),
}

/// What came of an errand: for people, and for programs.
#[derive(Clone, Debug)]
pub struct Report {
    /// For people.
    pub text: String,
    /// For programs: amounts in the smallest unit as decimal text.
    pub json: Value,
}

impl<'a> Desk<'a> {
    /// Opens a desk at the deployment of `record`; `tell` hears what is being done while it is.
    ///
    /// # Errors
    /// If the deployment is not finished, or the node is on another chain.
    pub fn open(node: &'a mut dyn Node, record: &'a Record, who: Option<Person>, tell: &'a mut dyn FnMut(&str)) -> Result<Self> {
        record.require_chain(node)?;
        Ok(Self {
            suite: record.suite()?,
            node,
            record,
            who,
            tokens: Vec::new(),
            before: Vec::new(),
            done: Vec::new(),
            tell,
        })
    }

    /// Whoever acts.
    ///
    /// # Errors
    /// If nobody does: reading takes no key.
    pub fn who(&self) -> Result<Person> {
        self.who
            .clone()
            .with_context(|| format!("who are you? Put your key into the environment variable {KEY_VARIABLE}, or pass --private-key"))
    }

    /// The address of whoever acts.
    ///
    /// # Errors
    /// As [`Self::who`].
    pub fn me(&self) -> Result<Address> {
        Ok(self.who()?.address())
    }

    /// Says what is being done.
    pub fn tell(&mut self, what: &str) {
        (self.tell)(what);
    }

    /// Reads `call` from `to`.
    ///
    /// # Errors
    /// The refusal.
    pub fn read<C: SolCall>(&mut self, to: Address, call: &C) -> Result<C::Return> {
        Ok(self.node.read(to, call)?)
    }

    /// Seconds, as the newest block has it.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn now(&mut self) -> Result<u64> {
        Ok(self.node.now()?)
    }

    /// Ten minutes from now: until when a journey may be taken.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn deadline(&mut self) -> Result<U256> {
        Ok(U256::from(self.now()? + 600))
    }

    /// The token that people call `symbol`.
    ///
    /// # Errors
    /// A sentence that names those there are.
    pub fn token(&mut self, symbol: &str) -> Result<Token> {
        let tokens = self.tokens()?;
        let found = tokens.iter().find(|token| token.symbol.eq_ignore_ascii_case(symbol)).cloned();
        found.ok_or_else(|| {
            let known: Vec<_> = tokens.iter().map(|token| token.symbol.as_str()).collect();
            anyhow!("there is no {symbol} here; there are {}", known.join(", "))
        })
    }

    /// A token that is neither USDai nor sUSDai, and an amount of it.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the amount.
    pub fn stablecoin(&mut self, amount: &Amount) -> Result<(Token, U256)> {
        let token = self.token(&amount.unit)?;
        if [self.suite.usdai, self.suite.susdai].contains(&token.address) {
            bail!("this takes a stablecoin, and {} is none", token.symbol);
        }
        let amount = self.resolve(&token, amount)?;
        Ok((token, amount))
    }

    /// An amount of the token `symbol` and of nothing else.
    ///
    /// # Errors
    /// A sentence that says what is wrong with the amount.
    pub fn amount(&mut self, amount: &Amount, symbol: &str) -> Result<U256> {
        if !amount.unit.eq_ignore_ascii_case(symbol) {
            bail!("this takes {symbol}, and not {}", amount.unit);
        }
        let token = self.token(symbol)?;
        self.resolve(&token, amount)
    }

    fn resolve(&mut self, token: &Token, amount: &Amount) -> Result<U256> {
        match amount.of(token.decimals).map_err(anyhow::Error::msg)? {
            Some(amount) if amount.is_zero() => bail!("nothing is no amount: say how much {}", token.symbol),
            Some(amount) => Ok(amount),
            None => {
                let held = self.balance(token.address)?;
                if held.is_zero() {
                    bail!("{} has no {}", self.me()?, token.symbol);
                }
                Ok(held)
            }
        }
    }

    fn balance(&mut self, token: Address) -> Result<U256> {
        let account = self.me()?;
        self.read(token, &IErc20::balanceOfCall { account })
    }

    fn tokens(&mut self) -> Result<Vec<Token>> {
        if self.tokens.is_empty() {
            let world = &self.record.counterparts;
            let mut addresses = vec![self.suite.usdai, self.suite.susdai, world.base_token];
            addresses.extend(&world.stablecoins);
            for address in addresses {
                let symbol = self.read(address, &IErc20::symbolCall {})?;
                let decimals = self.read(address, &IErc20::decimalsCall {})?.into();
                self.tokens.push(Token { address, symbol, decimals });
            }
        }
        Ok(self.tokens.clone())
    }

    fn balances(&mut self) -> Result<Vec<U256>> {
        let tokens = self.tokens()?;
        tokens.iter().map(|token| self.balance(token.address)).collect()
    }

    /// Does `call` on `to`, after having allowed what it takes. Says what it does before it does it.
    ///
    /// # Errors
    /// The refusal; what was sent before it stays.
    pub fn act<C: SolCall>(&mut self, what: &str, to: Address, call: &C, allowances: &[Allowance]) -> Result<Sent> {
        for allowance in allowances {
            self.allow(*allowance)?;
        }
        self.send(what, to, call.abi_encode().into())
    }

    /// [`Self::act`] that is an errand of its own and takes nothing.
    ///
    /// # Errors
    /// The refusal.
    pub fn simply<C: SolCall>(&mut self, what: &str, to: Address, call: &C) -> Result<Report> {
        self.act(what, to, call, &[])?;
        self.report(&[])
    }

    /// Lets a contract take what it needs, and no more, unless it may already.
    fn allow(&mut self, allowance: Allowance) -> Result<()> {
        let Allowance { token, spender, amount } = allowance;
        let owner = self.me()?;
        let allowed = self.read(token, &IErc20::allowanceCall { owner, spender })?;
        if allowed >= amount {
            return Ok(());
        }
        let tokens = self.tokens()?;
        let symbol = tokens
            .iter()
            .find(|known| known.address == token)
            .map_or("tokens", |known| &known.symbol);
        let contracts = self.suite.contracts();
        let name = contracts
            .iter()
            .find(|(_, address)| *address == spender)
            .map_or("it", |(name, _)| name);
        let approve = |value| Bytes::from(IErc20::approveCall { spender, value }.abi_encode());
        // Tether's changes no allowance that is not nothing.
        if !allowed.is_zero() {
            self.send(
                &format!("take back what {name} may take of your {symbol}"),
                token,
                approve(U256::ZERO),
            )?;
        }
        // Without decoding: some stablecoins return nothing.
        self.send(
            &format!("let {name} take your {symbol}, as much as it needs"),
            token,
            approve(amount),
        )?;
        Ok(())
    }

    fn send(&mut self, what: &str, to: Address, data: Bytes) -> Result<Sent> {
        let who = self.who()?;
        if self.done.is_empty() {
            if self.node.balance(who.address())?.is_zero() {
                bail!(
                    "{} has no ether on chain {}: send it some for gas",
                    who.address(),
                    self.record.chain_id
                );
            }
            self.before = self.balances()?;
        }
        self.tell(&format!("{what} …"));
        let sent = self.node.send(&who, Some(to), U256::ZERO, data)?;
        self.done.push(Done {
            what: what.to_owned(),
            sent: sent.clone(),
        });
        Ok(sent)
    }

    /// An errand that ended early, with what was done of it before: that stays.
    #[must_use]
    pub fn after_what_was_done(&self, error: anyhow::Error) -> anyhow::Error {
        if self.done.is_empty() {
            return error;
        }
        let done: Vec<_> = self
            .done
            .iter()
            .map(|Done { what, sent }| format!("{what} ({})", sent.hash))
            .collect();
        error.context(format!("done so far, and it stays: {}; then", done.join(", ")))
    }

    /// What was done: transactions with their gas, what it changed of the actor's tokens, and `facts`.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn report(&mut self, facts: &[(&str, String)]) -> Result<Report> {
        let (mut text, mut transactions, mut balances) = (String::new(), Vec::new(), Vec::new());
        if !self.done.is_empty() {
            let mut table = terminal::table(&["done", "transaction", "gas"]);
            for Done { what, sent } in &self.done {
                table.add_row([
                    what.clone().into(),
                    sent.hash.to_string().into(),
                    terminal::right(thousands(sent.gas_used)),
                ]);
                transactions.push(json!({ "did": what, "transaction": sent.hash, "gas": sent.gas_used }));
            }
            let _ = writeln!(text, "{table}");
            let after = self.balances()?;
            let mut table = terminal::table(&["token", "before", "after"]);
            for ((token, before), after) in self.tokens.iter().zip(&self.before).zip(&after) {
                if before == after {
                    continue;
                }
                let show = |amount: &U256| terminal::right(decimal(*amount, token.decimals));
                table.add_row([token.symbol.clone().into(), show(before), show(after)]);
                balances.push(json!({ "token": token.symbol, "before": before.to_string(), "after": after.to_string() }));
            }
            if !balances.is_empty() {
                let _ = writeln!(text, "{table}");
            }
        }
        let mut told = serde_json::Map::new();
        for (name, value) in facts {
            let _ = writeln!(text, "{name}: {value}");
            told.insert((*name).to_owned(), json!(value));
        }
        let json = json!({ "transactions": transactions, "balances": balances, "facts": told });
        Ok(Report { text, json })
    }

    /// Positions of `owner`: those on its list, and those that the queue's logs show to have been sent to it, if the node tells.
    ///
    /// # Errors
    /// If the node does not answer.
    pub fn positions(&mut self, owner: Address) -> Result<Vec<U256>> {
        let qev = self.suite.qev;
        self.tell("looking for positions …");
        let mut found = std::collections::BTreeSet::new();
        let count = self.read(qev, &Qev::positionCountCall { controller: owner })?;
        for index in 0..count.saturating_to::<u64>() {
            let index = U256::from(index);
            found.insert(self.read(qev, &Qev::positionAtCall { controller: owner, index })?);
        }
        match self.node.logs(qev, Qev::Transfer::SIGNATURE_HASH, self.record.since_block) {
            Ok(logs) => {
                let sent = logs.iter().filter_map(|(log, _)| Qev::Transfer::decode_log(log).ok());
                found.extend(sent.filter(|transfer| transfer.to == owner).map(|transfer| transfer.tokenId));
            }
            Err(_) => self.tell("this node tells no logs so far back: positions that are not on the list are missing"),
        }
        // Those that were handed on or are finished are others', or nobody's.
        found.retain(|position| {
            let owned = self.node.read(qev, &Qev::ownerOfCall { tokenId: *position });
            owned.is_ok_and(|current| current == owner)
        });
        Ok(found.into_iter().collect())
    }
}

/// The first event of this kind that a transaction left.
///
/// # Errors
/// If there is none.
pub fn event<E: SolEvent>(sent: &Sent) -> Result<E> {
    let mut events = sent.logs.iter().filter_map(|log| E::decode_log(log).ok());
    let event = events.next().map(|event| event.data);
    event.with_context(|| format!("transaction {} has no {}: is this the right contract?", sent.hash, E::SIGNATURE))
}
