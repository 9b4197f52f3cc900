//! Which parts of a lane's line were left before they were filled, counted so that any prefix of them is summed in O(log entries).
//!
//! Every entry into a lane gets ordinals, in the order of the line. A void is kept under an ordinal of the entry that left; above the
//! voids stands a tree of 128 children a node, grown as the ordinals grow, of which each node knows which of its children hold voids and
//! how many shares those have: one word. So leaving a lane touches a word a level, and asking how many shares before a place are void, or
//! where the n-th share that is not void stands, reads one path of the tree with what lies beside it: however many voids there are, and
//! in whatever order they came, nobody walks over them one by one.

use alloc::vec::Vec;

use fixed_point::Checked;

use crate::units::Shares;

/// Bits of an ordinal that a level of the tree decides.
const BITS: u32 = 7;
/// The same as a mask.
const DIGIT: u64 = (1 << BITS) - 1;

/// A piece of the line that nobody stands in any more.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Void {
    /// Shares of the line before it.
    pub start: Shares,
    /// Its shares.
    pub length: Shares,
}

/// What a node of the tree knows of what is below it: one word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Node {
    /// Shares of all voids below.
    pub shares: Shares,
    /// Which children hold any.
    pub children: u128,
}

/// The nodes and voids of one lane. A node is found by its level, 0 for those right above the voids, and its number in the level.
pub trait Voids {
    /// The node; zeros if it was never written.
    fn node(&self, level: u8, number: u64) -> Node;
    /// Replaces the node.
    fn set_node(&mut self, level: u8, number: u64, node: Node);
    /// The void kept under `ordinal`; zeros if there is none.
    fn void(&self, ordinal: u64) -> Void;
    /// Replaces the void.
    fn set_void(&mut self, ordinal: u64, void: Void);
}

/// Keeps `void` under `ordinal`, in a tree of `height` levels; returns the height that the tree has then. If the ordinal has a void
/// already, the new one is what stood right before it: lots leave from their ends.
///
/// # Errors
/// Overflow if the voids have more than 128 bits of shares together.
pub fn add(store: &mut impl Voids, mut height: u8, ordinal: u64, void: Void) -> Checked<u8> {
    height = height.max(1);
    while ordinal >> (BITS * u32::from(height)) != 0 {
        let root = store.node(height - 1, 0);
        if !root.shares.is_zero() {
            store.set_node(height, 0, Node { children: 1, ..root });
        }
        height += 1;
    }
    let behind = store.void(ordinal);
    store.set_void(
        ordinal,
        Void {
            start: void.start,
            length: void.length.plus(behind.length)?,
        },
    );
    let mut number = ordinal;
    for level in 0..height {
        let digit = number & DIGIT;
        number >>= BITS;
        let node = store.node(level, number);
        store.set_node(
            level,
            number,
            Node {
                shares: node.shares.plus(void.length)?,
                children: node.children | 1 << digit,
            },
        );
    }
    Ok(height)
}

/// Shares of the voids under ordinals below `ordinal`.
///
/// # Errors
/// None over a tree in order.
pub fn before(store: &impl Voids, height: u8, ordinal: u64) -> Checked<Shares> {
    let mut total = Shares::ZERO;
    if height == 0 {
        return Ok(total);
    }
    if ordinal >> (BITS * u32::from(height)) != 0 {
        return Ok(store.node(height - 1, 0).shares);
    }
    for level in (0..height).rev() {
        let number = ordinal >> (BITS * u32::from(level));
        let (digit, parent) = (number & DIGIT, number >> BITS);
        let children = store.node(level, parent).children;
        for child in members(children & ((1 << digit) - 1)) {
            total = total.plus(shares_of(store, level, parent << BITS | child))?;
        }
        if children >> digit & 1 == 0 {
            break;
        }
    }
    Ok(total)
}

/// Where the line has `live` shares before it that are no void: the place right behind the last of them.
///
/// # Errors
/// None over a tree in order.
pub fn seek(store: &impl Voids, height: u8, live: Shares) -> Checked<Shares> {
    let mut skipped = Shares::ZERO;
    let mut number = 0;
    for level in (0..height).rev() {
        let mut children = Vec::new();
        let mut sum = skipped;
        for child in members(store.node(level, number).children) {
            let child = number << BITS | child;
            children.push((child, sum));
            sum = sum.plus(shares_of(store, level, child))?;
        }
        // The place lies behind a child's first void if fewer live shares do not fit before it. Children are in the line's order.
        let passed = children.partition_point(|(child, sum)| first_start(store, level, *child).less(*sum) < live);
        let Some((child, sum)) = passed.checked_sub(1).and_then(|last| children.get(last)) else {
            break;
        };
        (number, skipped) = (*child, *sum);
        if level == 0 {
            skipped = skipped.plus(store.void(number).length)?;
        }
    }
    live.plus(skipped)
}

/// Shares of the voids under a child of a node of `level`.
fn shares_of(store: &impl Voids, level: u8, child: u64) -> Shares {
    match level.checked_sub(1) {
        Some(below) => store.node(below, child).shares,
        None => store.void(child).length,
    }
}

/// Where the first void under a child of a node of `level` starts. A child of a node holds one.
fn first_start(store: &impl Voids, level: u8, mut child: u64) -> Shares {
    for below in (0..level).rev() {
        child = child << BITS | u64::from(store.node(below, child).children.trailing_zeros()) & DIGIT;
    }
    store.void(child).start
}

/// The numbers of the bits set, from the lowest on.
fn members(mut bits: u128) -> impl Iterator<Item = u64> {
    core::iter::from_fn(move || {
        if bits == 0 {
            return None;
        }
        let lowest = bits.trailing_zeros();
        bits &= bits - 1;
        Some(u64::from(lowest))
    })
}
