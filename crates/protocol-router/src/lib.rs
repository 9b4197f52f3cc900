//! Address book and authority of the protocol (PROTOCOL 7).
//!
//! * **Address book**: `addressOf(id)`; contracts copy what they need from it when anyone tells them to (`wire()`).
//! * **Authority**: `hasRole(role, account)`; contracts ask in administrative calls only, so users pay nothing for it.
//! * **Timelock**: what `ADMIN` may do, anywhere, is queued, waits, and is executed by the router itself.
//!
//! # Who has power, and how fast
//!
//! | | the admin, delay zero | the admin, delay above zero | a guardian |
//! | --- | --- | --- | --- |
//! | whatever asks for `ADMIN`, here and in every contract | at once | queued, executed after the delay | never |
//! | taking a role away | at once | at once, but for `GUARDIAN`: queued | never |
//! | whatever asks for `GUARDIAN`: pausing entry | at once | at once | at once |
//! | cancelling what is queued | at once | at once | at once, but for its own dismissal |
//!
//! One rule says all of it: **`ADMIN` is the router itself, and with a delay of zero the admin too; the admin is a guardian.** A delay of
//! zero is a choice of the constructor, for local chains and for the wiring of a deployment; whoever leaves it never gets back to it.
//!
//! # Trust
//!
//! A thief of the admin's key can do at once what a guardian can, and take roles away. All else is seen for as long as the delay lasts,
//! and any guardian can cancel it, including the offer of the administration to somebody else and the dismissal of another guardian. A
//! guardian that turns bad can keep entry paused and changes from happening, until it is dismissed: that it cannot cancel itself.
//!
//! # Why the router holds nobody's consent
//!
//! An operation is any call of any contract, made by the router. So no account may approve the router for anything: journeys, which need
//! approvals, are another contract's (the crate `gateway-journeys`), which has no power.
//!
//! Ids of roles and addresses are names in ASCII (`interfaces::ids`); the router takes any, so that a later contract needs no new router.

#![cfg_attr(not(test), no_std)]
#[macro_use]
extern crate alloc;

mod errors;
mod events;
mod router;
mod timelock;

pub use errors::*;
pub use events::*;
pub use interfaces::calls::IRouter;
pub use router::Router;
pub use timelock::{Call, GRACE, MAX_DELAY, MIN_DELAY};
