//! What the queue tells indexers: enough to rebuild its books from logs alone. Shares and assets in wei, lanes and ticks in steps of 5 basis
//! points; the ledger of positions (ERC-721) tells who holds what.

use lean_abi::sol;

sol! {
    /// `controller` waits in `lane` with `shares`, behind the `start` shares that entered it before.
    #[derive(Debug, PartialEq, Eq)]
    event PositionOpened(uint256 indexed position, address indexed controller, uint8 lane, uint256 start, uint256 shares);
    /// `position` has sealed a bid for `epoch`, of at most `maxTick`, with what waits: what was filled is out of the lane.
    #[derive(Debug, PartialEq, Eq)]
    event BidCommitted(uint256 indexed position, uint256 indexed epoch, bytes32 commitment, uint8 maxTick);
    /// The bid that `position` had sealed counts no more.
    #[derive(Debug, PartialEq, Eq)]
    event BidAbandoned(uint256 indexed position);
    /// The bid of `position` for `epoch` was opened: `tick`.
    #[derive(Debug, PartialEq, Eq)]
    event BidRevealed(uint256 indexed position, uint256 indexed epoch, uint8 tick);
    /// `shares`, all that wait of `position`, went to `lane`, behind the `start` shares that entered it before; 0: all of it was filled, is
    /// set aside, and stays.
    #[derive(Debug, PartialEq, Eq)]
    event PositionMoved(uint256 indexed position, uint8 lane, uint256 start, uint256 shares);
    /// The bid of `position` was not opened in time: its last shares are lost, `shares` that waited, to be burnt, and those that had
    /// earned `assets` (rounded down), which go to the vault.
    #[derive(Debug, PartialEq, Eq)]
    event BondForfeited(uint256 indexed position, uint256 shares, uint256 assets);
    /// `shares` of `position` that waited, its last ones, were given back to `receiver`.
    #[derive(Debug, PartialEq, Eq)]
    event Cancelled(uint256 indexed position, address indexed receiver, uint256 shares);
    /// `shares` of `position`, its last ones, became `behind`.
    #[derive(Debug, PartialEq, Eq)]
    event PositionSplit(uint256 indexed position, uint256 indexed behind, uint256 shares);
    /// `behind` became part of `position`.
    #[derive(Debug, PartialEq, Eq)]
    event PositionsMerged(uint256 indexed position, uint256 indexed behind);
    /// Whether `position` counts in what its holder can claim through the vault.
    #[derive(Debug, PartialEq, Eq)]
    event PositionListed(uint256 indexed position, address indexed controller, bool listed);
    /// The settlement of `epoch` has counted the lanes down to `tick`: `shares`.
    #[derive(Debug, PartialEq, Eq)]
    event SettlementAdvanced(uint256 indexed epoch, uint256 tick, uint256 shares);
    /// Every epoch up to and including `epoch` is settled: `shares` were filled for `assets`, at `price` (WAD) less `premium` (basis points)
    /// for the bids among them. All can be 0: then nobody was in time, or the vault had no cash or no value.
    #[derive(Debug, PartialEq, Eq)]
    event EpochSettled(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 price, uint256 premium);
    /// Whom that settlement filled: wholly the lanes from `wholeFrom` on (256: none), with `wholeShares`; of the lane of the premium
    /// `partShares` more; of the par lane `parShares`; in each lane the first ones. `burnt` shares had been
    /// forfeited. `kept` stays in the vault: premiums and dust. What the forfeited were worth stays there too, and is not in it.
    #[derive(Debug, PartialEq, Eq)]
    event LanesFilled(uint256 indexed settlement, uint256 wholeFrom, uint256 wholeShares, uint256 partShares, uint256 parShares, uint256 burnt, uint256 kept);
    /// `receiver` was paid `assets` for `shares` of `position`.
    #[derive(Debug, PartialEq, Eq)]
    event Claimed(uint256 indexed position, address indexed controller, address receiver, uint256 shares, uint256 assets);
    /// `dueDays` answers for the loans' due days that a settlement heeds; nobody, if it is the zero address.
    #[derive(Debug, PartialEq, Eq)]
    event Wired(address dueDays);
    /// The second program is `current`; it was `previous`.
    #[derive(Debug, PartialEq, Eq)]
    event SettlementSet(address indexed previous, address indexed current);
}
