//! usdai-token
