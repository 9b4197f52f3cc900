//! susdai-vault
