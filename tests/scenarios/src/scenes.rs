//! Scenes: what is played and then taken back, and every state of something under every disturbance that others can make.

use std::{fmt, thread};

use crate::Town;

/// Lets `act` play on `stage`, which has a `town`, and takes everything back that it did to the chain.
///
/// # Panics
/// If `act` reverts to an earlier snapshot itself.
pub fn scene<S, T>(stage: &mut S, town: impl Fn(&mut S) -> &mut Town, act: impl FnOnce(&mut S) -> T) -> T {
    let before = town(stage).node.chain.snapshot();
    let result = act(stage);
    assert!(town(stage).node.chain.revert_to(before), "the scene's beginning is gone");
    result
}

/// How far things have come, and what others did then. Says itself if anything fails while it is played.
#[derive(Debug)]
pub struct Scene {
    /// One of [`Stage::STATES`].
    pub state: &'static str,
    /// One of [`Stage::DISTURBANCES`].
    pub disturbance: &'static str,
}

impl fmt::Display for Scene {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}, and {}", self.state, self.disturbance)
    }
}

impl Drop for Scene {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("in the scene: {self}");
        }
    }
}

/// Something whose exits have to be open, whatever has happened.
pub trait Stage: Sized {
    /// How far things can have come.
    const STATES: &'static [&'static str];
    /// What others can have done.
    const DISTURBANCES: &'static [&'static str];

    /// Where it is played.
    fn town(&mut self) -> &mut Town;

    /// Brings things to one of [`Self::STATES`].
    fn bring(&mut self, state: &str);

    /// Lets others do one of [`Self::DISTURBANCES`].
    fn disturb(&mut self, disturbance: &str);

    /// Lets `act` play and takes everything back that it did.
    fn scene<T>(&mut self, act: impl FnOnce(&mut Self) -> T) -> T {
        scene(self, Self::town, act)
    }

    /// Every state under every disturbance, each a scene of its own.
    fn in_each(&mut self, mut act: impl FnMut(&mut Self, &Scene)) {
        for state in Self::STATES {
            self.scene(|stage| {
                stage.bring(state);
                for disturbance in Self::DISTURBANCES {
                    let scene = Scene { state, disturbance };
                    stage.scene(|stage| {
                        stage.disturb(disturbance);
                        act(stage, &scene);
                    });
                }
            });
        }
        println!("tried {}", Self::STATES.len() * Self::DISTURBANCES.len());
    }
}
