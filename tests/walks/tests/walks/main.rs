//! Random walks, each beside an exact model and played by one driver (`scenarios::driver`). One binary for all: their lengths differ much, and
//! in one binary no core waits for the longest.

mod caliber;
mod credit;
mod filo;
mod qev;
mod susdai;
mod usdai;
mod whole;
