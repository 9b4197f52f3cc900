//! caliber-receipts
