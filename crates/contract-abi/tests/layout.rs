//! Where the storage of a contract lies, and what an upgrade may not do to it.

use std::fs;

use contract_abi::layout::{file, moved, Structs};

fn layout(source: &str) -> String {
    let folder = std::env::temp_dir().join(format!("layout-{}-{:?}", std::process::id(), std::thread::current().id()));
    let _ = fs::remove_dir_all(&folder);
    let src = folder.join("home/src");
    assert!(fs::create_dir_all(&src).is_ok() && fs::write(src.join("lib.rs"), source).is_ok());
    let fields = Structs::of(&folder).layout("home", "Contract");
    let _ = fs::remove_dir_all(&folder);
    file(&fields)
}

const OLD: &str = "
    #[storage] struct Contract { owner: StorageAddress, paused: StorageBool, book: Book, shares: StorageMap<Address, StorageU256> }
    #[storage] struct Book { cash: StorageU128, lent: StorageU128, rates: StorageVec<Rate> }
    #[storage] struct Rate { of: StorageU64 }
";

#[test]
fn short_fields_share_a_word_from_the_right() {
    let lines = layout(OLD);
    let lines: Vec<_> = lines.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  0 12 20 owner: StorageAddress",
            "  0 11  1 paused: StorageBool",
            "  1 16 16 book.cash: StorageU128",
            "  1  0 16 book.lent: StorageU128",
            "  2  0 32 book.rates: StorageVec<Rate> { of: StorageU64 }",
            "  3  0 32 shares: StorageMap<Address, StorageU256>",
        ]
    );
}

#[test]
fn what_is_added_behind_moves_nothing() {
    let new = OLD.replace("StorageU256> }", "StorageU256>, fee: StorageU16 }");
    assert!(moved(&layout(OLD), &layout(&new)).is_empty());
    // Also into a word that has room.
    let new = OLD.replace("paused: StorageBool,", "paused: StorageBool, fee: StorageU16,");
    assert!(moved(&layout(OLD), &layout(&new)).is_empty());
}

#[test]
fn what_moves_what_is_there_is_refused() {
    for (part, other) in [
        // Inserted, removed, widened, renamed, exchanged, and changed inside a list's elements.
        ("book: Book,", "fee: StorageU256, book: Book,"),
        ("paused: StorageBool, ", ""),
        ("lent: StorageU128", "lent: StorageU256"),
        ("owner", "admin"),
        ("cash: StorageU128, lent: StorageU128", "lent: StorageU128, cash: StorageU128"),
        ("of: StorageU64", "since: StorageU64, of: StorageU64"),
    ] {
        let new = OLD.replace(part, other);
        assert!(!moved(&layout(OLD), &layout(&new)).is_empty(), "{part} → {other}");
    }
}
