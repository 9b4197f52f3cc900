//! tests/scenarios
