//! USDai's swap adapter over Uniswap V3: stablecoins that `ADMIN` allows into base token and back, through SwapRouter02.

mod events;
mod path;
mod shell;

#[cfg(test)]
mod tests;

pub use events::{TokenAllowed, Wired};
pub use shell::UniswapAdapter;
