//! The networks that the protocol can be deployed to.

use alloy_primitives::{address, Address};

use crate::protocol::suite::Terms;

/// What an EVM account may have of code (EIP-170), and what Arbitrum's chains hold a program to in one piece.
const EIP_170: usize = 24_576;

/// A chain, and what it has that the protocol needs.
#[derive(Clone, Copy, Debug)]
pub struct Network {
    /// What it is called on the command line.
    pub name: &'static str,
    /// EIP-155 chain id.
    pub chain_id: u64,
    /// Where a node is looked for unless `--rpc-url` says otherwise.
    pub rpc: Option<&'static str>,
    /// Most bytes of a program on chain.
    pub code_limit: usize,
    /// Whether what happens there stays: no stand-ins for tokens, a committed tree, treasury and admin named.
    pub real_money: bool,
    /// Whether its deployments are part of the project and of the package for integrators.
    pub public: bool,
    /// The base token, wrapped M.
    pub base_token: Option<Address>,
    /// Uniswap's SwapRouter02.
    pub swap_router: Option<Address>,
    /// Stablecoins that the swap adapter takes from the start.
    pub stablecoins: &'static [Address],
    /// Lengths and fees.
    pub terms: Terms,
    /// How long what the admin does waits once everything is wired, seconds; zero: not at all.
    pub delay: u64,
}

/// What is deployed for others can be mended.
const REAL: Terms = Terms {
    proxies: true,
    ..Terms::REAL
};
/// The same where months last half a minute.
const HURRIED: Terms = Terms {
    proxies: true,
    ..Terms::HURRIED
};
/// The timelock of PROTOCOL 7, seconds.
const TWO_DAYS: u64 = 2 * 86_400;

/// All of them. Uniswap's addresses are those of its documentation, USDC's Circle's; the tool looks for code at each before it uses it.
pub const NETWORKS: [Network; 4] = [
    Network {
        name: "embedded",
        chain_id: stylus_chain::DEFAULT_CHAIN_ID,
        rpc: None,
        code_limit: EIP_170,
        real_money: false,
        public: false,
        base_token: None,
        swap_router: None,
        stablecoins: &[],
        terms: REAL,
        delay: 0,
    },
    Network {
        name: "nitro-dev",
        chain_id: 412_346,
        rpc: Some("http://127.0.0.1:8547"),
        code_limit: EIP_170,
        real_money: false,
        public: false,
        base_token: None,
        swap_router: None,
        stablecoins: &[],
        terms: HURRIED,
        delay: 0,
    },
    Network {
        name: "arbitrum-sepolia",
        chain_id: 421_614,
        rpc: Some("https://sepolia-rollup.arbitrum.io/rpc"),
        code_limit: EIP_170,
        real_money: false,
        public: true,
        base_token: Some(address!("437cc33344a0B27A429f795ff6B469C72698B291")),
        swap_router: Some(address!("101F443B4d1b059569D643917553c771E1b9663E")),
        stablecoins: &[address!("75faf114eafb1BDbe2F0316DF893fd58CE46AA4d")],
        terms: REAL,
        delay: TWO_DAYS,
    },
    Network {
        name: "arbitrum-one",
        chain_id: 42_161,
        rpc: Some("https://arb1.arbitrum.io/rpc"),
        code_limit: EIP_170,
        real_money: true,
        public: true,
        base_token: Some(address!("437cc33344a0B27A429f795ff6B469C72698B291")),
        swap_router: Some(address!("68b3465833fb72A70ecDF485E0e4C7bD8665Fc45")),
        stablecoins: &[
            address!("af88d065e77c8cC2239327C5EDb3A432268e5831"),
            address!("Fd086bC7CD5C481DCC9C85ebE478A1C0b69FCbb9"),
        ],
        terms: REAL,
        delay: TWO_DAYS,
    },
];

/// The network called `name`, or a sentence that says which there are.
///
/// # Errors
/// The sentence.
pub fn network(name: &str) -> Result<Network, String> {
    NETWORKS.into_iter().find(|network| network.name == name).ok_or_else(|| {
        let names = NETWORKS.map(|network| network.name).join(", ");
        format!("there is no network {name}; there are {names}")
    })
}
