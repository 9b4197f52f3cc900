// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice The queue in which those wait who want to leave the vault: first come, first served, or by what they bid. A position is an ERC-721
/// token, its holder the controller of ERC-7540; who is approved for it may do what the holder may, and so, but for transfers, may the
/// holder's operator at the vault. A transfer fails with `InvalidReceiver` if it is to the queue or the vault, and with the vault's
/// `AccountBlacklisted` if giver, receiver or caller is barred. Shares and assets in wei, times in seconds, ticks in steps of 5 basis points
/// of the proceeds.
/// @custom:constructor constructor(address router, address vault, address usdai, uint256 epochSeconds, uint256 revealSeconds, address settlement)
interface IQev {
    /// @notice `controller` waits in `lane` with `shares`, behind the `start` shares that entered it before.
    event PositionOpened(uint256 indexed position, address indexed controller, uint8 lane, uint256 start, uint256 shares);
    /// @notice `position` has sealed a bid for `epoch`, of at most `maxTick`, with what waits: what was filled is out of the lane.
    event BidCommitted(uint256 indexed position, uint256 indexed epoch, bytes32 commitment, uint8 maxTick);
    /// @notice The bid that `position` had sealed counts no more.
    event BidAbandoned(uint256 indexed position);
    /// @notice The bid of `position` for `epoch` was opened: `tick`.
    event BidRevealed(uint256 indexed position, uint256 indexed epoch, uint8 tick);
    /// @notice `shares`, all that wait of `position`, went to `lane`, behind the `start` shares that entered it before; 0: all of it was filled, is
    /// set aside, and stays.
    event PositionMoved(uint256 indexed position, uint8 lane, uint256 start, uint256 shares);
    /// @notice The bid of `position` was not opened in time: its last shares are lost, `shares` that waited, to be burnt, and those that had
    /// earned `assets` (rounded down), which go to the vault.
    event BondForfeited(uint256 indexed position, uint256 shares, uint256 assets);
    /// @notice `shares` of `position` that waited, its last ones, were given back to `receiver`.
    event Cancelled(uint256 indexed position, address indexed receiver, uint256 shares);
    /// @notice `shares` of `position`, its last ones, became `behind`.
    event PositionSplit(uint256 indexed position, uint256 indexed behind, uint256 shares);
    /// @notice `behind` became part of `position`.
    event PositionsMerged(uint256 indexed position, uint256 indexed behind);
    /// @notice Whether `position` counts in what its holder can claim through the vault.
    event PositionListed(uint256 indexed position, address indexed controller, bool listed);
    /// @notice The settlement of `epoch` has counted the lanes down to `tick`: `shares`.
    event SettlementAdvanced(uint256 indexed epoch, uint256 tick, uint256 shares);
    /// @notice Every epoch up to and including `epoch` is settled: `shares` were filled for `assets`, at `price` (WAD) less `premium` (basis points)
    /// for the bids among them. All can be 0: then nobody was in time, or the vault had no cash or no value.
    event EpochSettled(uint256 indexed epoch, uint256 shares, uint256 assets, uint256 price, uint256 premium);
    /// @notice Whom that settlement filled: wholly the lanes from `wholeFrom` on (256: none), with `wholeShares`; of the lane of the premium
    /// `partShares` more; of the par lane `parShares`; in each lane the first ones. `burnt` shares had been
    /// forfeited. `kept` stays in the vault: premiums and dust. What the forfeited were worth stays there too, and is not in it.
    event LanesFilled(uint256 indexed settlement, uint256 wholeFrom, uint256 wholeShares, uint256 partShares, uint256 parShares, uint256 burnt, uint256 kept);
    /// @notice `receiver` was paid `assets` for `shares` of `position`.
    event Claimed(uint256 indexed position, address indexed controller, address receiver, uint256 shares, uint256 assets);
    /// @notice `dueDays` answers for the loans' due days that a settlement heeds; nobody, if it is the zero address.
    event Wired(address dueDays);
    /// @notice The second program is `current`; it was `previous`.
    event SettlementSet(address indexed previous, address indexed current);
    /// @notice `tokenId` moved; from the zero address it was issued, to the zero address it was burnt. Its approval is cleared.
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// @notice `approved` may move `tokenId` of `owner`'s, once; nobody, if it is the zero address.
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    /// @notice `operator` may move all tokens of `owner`, or no longer.
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);

    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The zero address was given where somebody or something has to be named.
    error ZeroAddress();
    /// @notice Nothing was to be queued, moved or claimed.
    error ZeroAmount();
    /// @notice No step of work was allowed.
    error ZeroSteps();
    /// @notice Not `0 < revealSeconds < epochSeconds < 2^32`.
    error InvalidEpoch(uint256 epochSeconds, uint256 revealSeconds);
    /// @notice `caller` is not the vault, which alone opens positions and passes claims on.
    error OnlyVault(address caller);
    /// @notice The second program has no books of its own: call the queue.
    error OnlyThroughQueue();
    /// @notice `shares` are more than a position or a lane can count.
    error SharesOutOfRange(uint256 shares);
    /// @notice Sent to `receiver` (zero, the queue or the vault) it would be nobody's.
    error InvalidReceiver(address receiver);
    /// @notice There is no such position, or nothing of it is left.
    error UnknownPosition(uint256 position);
    /// @notice `controller` has no position number `index` in its list, counted from 0.
    error NoPositionAt(address controller, uint256 index);
    /// @notice The list of `controller` has seven positions, which are all it can have.
    error ListFull(address controller);
    /// @notice `caller` neither holds `position` nor is approved for it.
    error NotController(uint256 position, address caller);
    /// @notice Nothing of `position` is filled and unclaimed.
    error NothingToClaim(uint256 position);
    /// @notice The claim comes to `assets`, less than `minimum`.
    error BelowMinimum(uint256 assets, uint256 minimum);
    /// @notice All positions in the list of `controller` have `claimable` to claim, in the unit of `requested`, which is more.
    error ExceedsClaimable(address controller, uint256 requested, uint256 claimable);
    /// @notice Of `position`, `pending` shares wait; `requested` are more, or leave nothing where something has to stay.
    error ExceedsPending(uint256 position, uint256 requested, uint256 pending);
    /// @notice The place of `position` is cut as finely as can be: sixteen pieces.
    error TooManyPieces(uint256 position);
    /// @notice `behind` does not stand right behind `position`, or only one of them was in time for the next settlement.
    error NotAdjacent(uint256 position, uint256 behind);
    /// @notice `tick` is neither 0, for par, nor in `[reserve, 255]`.
    error InvalidTick(uint256 tick, uint256 reserve);
    /// @notice For `position` no tick above `maxTick` may be revealed.
    error TickAboveMaximum(uint256 position, uint256 tick, uint256 maxTick);
    /// @notice Bids of `epoch` can be sealed and withdrawn until `endedAt` (seconds); it is `timestamp`.
    error BiddingEnded(uint256 epoch, uint256 endedAt, uint256 timestamp);
    /// @notice Bids of `epoch` can be opened from `beginsAt` (seconds) on; it is `timestamp`.
    error RevealNotBegun(uint256 epoch, uint256 beginsAt, uint256 timestamp);
    /// @notice `epoch` has ended and has to be settled first, which anybody can do.
    error EpochNotSettled(uint256 epoch);
    /// @notice `position` has sealed a bid: open or abandon it first.
    error BidSealed(uint256 position);
    /// @notice `position` has no bid sealed for `epoch`.
    error NoBid(uint256 position, uint256 epoch);
    /// @notice Tick and salt are not what `position` has sealed: they give `opened`, and it was `commitment`.
    error WrongOpening(uint256 position, bytes32 opened, bytes32 commitment);
    /// @notice `position` stands in the par lane: there is no bid to withdraw.
    error NotBidding(uint256 position);
    /// @notice Lists that belong together are of different lengths.
    error LengthMismatch();
    /// @notice `epoch` is the next to be settled and ends at `endsAt` (seconds); it is `timestamp`.
    error EpochNotEnded(uint256 epoch, uint256 endsAt, uint256 timestamp);
    /// @notice A payment of `loan` was due at `due` (seconds) and the loan is not marked late, which anybody can do: nobody leaves at a price that
    /// does not know of it.
    error LoanOverdue(uint256 loan, uint256 due);
    /// @notice The vault's price and cash, or the clock, are out of every range that can be computed with.
    error ArithmeticFailed();
    /// @notice `owner` cannot own tokens: the zero address.
    error ERC721InvalidOwner(address owner);
    /// @notice There is no token `tokenId`.
    error ERC721NonexistentToken(uint256 tokenId);
    /// @notice Not `sender` owns `tokenId`, but `owner`.
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    /// @notice Nothing can be moved from `sender`: the zero address, for a token that already exists.
    error ERC721InvalidSender(address sender);
    /// @notice Nothing can be moved to `receiver`: the zero address, or a contract that does not say that it takes tokens.
    error ERC721InvalidReceiver(address receiver);
    /// @notice `operator` may not move `tokenId`.
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    /// @notice `approver` may not approve others for the token.
    error ERC721InvalidApprover(address approver);
    /// @notice `operator` cannot operate: the zero address.
    error ERC721InvalidOperator(address operator);
    /// @notice `token` refused the transfer or approval by returning false, or is not a contract.
    error TokenCallFailed(address token);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Has `settlement` be the second program from now on: the other half of an upgrade of the queue. Both know one storage, so where it or
    /// what one does for the other changes, both halves belong into one operation of the router, which nothing here enforces. By `ADMIN`.
    /// @dev Errors: `ZeroAddress`, `Unauthorized`.
    /// @dev Events: `SettlementSet`.
    function setSettlement(address settlement) external;
    /// @notice When the current epoch ends.
    /// @dev Errors: As `epoch`.
    function epochEnd() external view returns (uint256);
    /// @notice Second from which the next settlement can be made: the end of the first epoch that is not settled, which may have passed.
    /// @dev Errors: As `epoch`.
    function nextSettlement() external view returns (uint256);
    /// @notice Opens a position of `controller` over `shares`, which the vault has just moved here, at the end of the par lane. Returns its
    /// number. It is filled from the next settlement on, or from the one after if the current epoch's reveal window has begun.
    /// @dev That `controller` agrees is the vault's to see to (PROTOCOL 5.4). By the vault.
    /// @dev Errors: `OnlyVault`, `ZeroAddress`, `ZeroAmount`, `SharesOutOfRange`.
    /// @dev Events: `PositionOpened`, `Transfer`.
    function openPosition(address controller, uint256 shares) external returns (uint256);
    /// @notice Seals a bid of `position` for this epoch, in the place of one it may have sealed before: `commitment` is
    /// `keccak256(abi.encode(chainId, queue, epoch, position, tick, salt))`, of which the first 27 bytes count. A bid of
    /// tick 1, which has no lane, can be sealed and never opened. Who does not open it in the epoch's reveal window loses the last half per cent of the shares that wait now; what is claimable now is not at stake.
    /// @dev Errors: `ZeroAmount` for no commitment or if nothing waits, `UnknownPosition`, `NotController`, `EpochNotSettled`, `BiddingEnded`.
    /// @dev Events: `BidCommitted`.
    function commitBid(uint256 position, bytes32 commitment) external;
    /// @notice As the other, and no tick above `maxTick` can be revealed for the position in this epoch, whoever does it. 0 is no limit.
    /// @dev Errors: As the other.
    /// @dev Events: `BidCommitted`.
    function commitBid(uint256 position, bytes32 commitment, uint8 maxTick) external;
    /// @notice Takes back the bid that `position` has sealed: for nothing while bids can be sealed, at the price of the bond in the reveal window.
    /// @dev Errors: `UnknownPosition`, `NotController`, `NoBid`.
    /// @dev Events: `BidAbandoned`; `BondForfeited`.
    function abandonBid(uint256 position) external;
    /// @notice Opens the bid that `position` has sealed, in the reveal window: all that waits of it goes to the end of lane `tick`, or stays where
    /// it is if that is its lane. A bid stands until it is filled, or moved or withdrawn in a later epoch.
    /// @dev Errors: `UnknownPosition`, `NotController`, `RevealNotBegun`, `NoBid`, `WrongOpening`, `InvalidTick`, `TickAboveMaximum`.
    /// @dev Events: `PositionMoved`, `BidRevealed`.
    function revealBid(uint256 position, uint8 tick, bytes32 salt) external;
    /// @notice Opens several bids, all or none; `ticks` has a byte for each.
    /// @dev Errors: `LengthMismatch`, and as `revealBid`.
    /// @dev Events: As `revealBid`.
    function revealBids(uint256[] calldata positions, bytes calldata ticks, bytes32[] calldata salts) external;
    /// @notice Takes a bid that stands back, while bids can be sealed: all that waits of `position` goes to the end of the par lane.
    /// @dev Errors: `UnknownPosition`, `NotController`, `NotBidding`, `BidSealed`, `EpochNotSettled`, `BiddingEnded`.
    /// @dev Events: `PositionMoved`.
    function withdrawBid(uint256 position) external;
    /// @notice Takes the bonds of those of `positions` whose bids were not opened in their epoch. By anybody; a bond that nobody takes
    /// is taken when anything else is done with its position. What waited of it is burnt by the next settlement.
    /// @dev Errors: None of its own.
    /// @dev Events: `BondForfeited`.
    function forfeitBonds(uint256[] calldata positions) external;
    /// @notice Gives `shares` of `position` that wait, its last ones, to `receiver`; the largest number stands for all of them. Returns how many.
    /// Out of a lane of bids only while bids can be sealed.
    /// @dev Errors: `InvalidReceiver`, `UnknownPosition`, `NotController`, `BidSealed`, `EpochNotSettled`, `BiddingEnded`, `AccountBlacklisted`,
    /// `ExceedsPending`, `ZeroAmount`.
    /// @dev Events: `Cancelled`.
    function cancel(uint256 position, uint256 shares, address receiver) external returns (uint256);
    /// @notice Pays all that is claimable of `position` to `receiver`; returns the assets. A position of which nothing is left is burnt.
    /// @dev Errors: `InvalidReceiver`, `UnknownPosition`, `NotController`, `AccountBlacklisted`, `NothingToClaim`.
    /// @dev Events: `Claimed`, `Transfer` if the position is burnt.
    function claim(uint256 position, address receiver) external returns (uint256);
    /// @notice As `claim`, with `claimHint` of the position, which saves the search for the settlements that filled it. A wrong one costs what the
    /// search does, and changes nothing.
    /// @dev Errors: `InvalidReceiver`, `UnknownPosition`, `NotController`, `AccountBlacklisted`, `NothingToClaim`.
    /// @dev Events: `Claimed`, `Transfer` if the position is burnt.
    function claimWithHint(uint256 position, address receiver, uint256 hint) external returns (uint256);
    /// @notice Pays all that is claimable of `positions` to `receiver`, in one transfer; returns the assets, which are at least `minAssets`.
    /// @dev Errors: `BelowMinimum`, and as `claim`.
    /// @dev Events: As `claim`, for each.
    function claimMany(uint256[] calldata positions, address receiver, uint256 minAssets) external returns (uint256);
    /// @notice Pays `receiver` what `shares` of the claimable shares of `controller` are worth, over the positions of its list, and returns that,
    /// rounded down where a position is claimed in part. By the vault.
    /// @dev Errors: `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    /// @dev Events: `Claimed` for each position touched.
    function claimShares(address controller, uint256 shares, address receiver) external returns (uint256);
    /// @notice Pays `receiver` `assets` of what `controller` can claim, over the positions of its list, and returns the shares that takes, rounded
    /// up where a position is claimed in part. By the vault.
    /// @dev Errors: `OnlyVault`, `InvalidReceiver`, `ZeroAmount`, `ExceedsClaimable`.
    /// @dev Events: `Claimed` for each position touched.
    function claimAssets(address controller, uint256 assets, address receiver) external returns (uint256);
    /// @notice Counts `position` among those that its holder claims through the vault, or no longer: seven at most. Positions are listed when they
    /// are opened, if there is room; those that were sent are not.
    /// @dev Errors: `UnknownPosition`, `NotController`, `ListFull`.
    /// @dev Events: `PositionListed`.
    function setListed(uint256 position, bool listed) external;
    /// @notice Claimable shares of `controller` over the positions of its list, and the assets they are worth.
    /// @dev Errors: None that a queue in order has: its totals fit 128 bits.
    function claimableOf(address controller) external view returns (uint256 shares, uint256 assets);
    /// @notice Shares of `position` that wait; 0 if it is not `controller`'s.
    /// @dev Errors: None that a queue in order has, as `claimableOf`.
    function pendingShares(uint256 position, address controller) external view returns (uint256);
    /// @notice Shares of `position` that are filled and not claimed; 0 if it is not `controller`'s.
    /// @dev Errors: None that a queue in order has, as `claimableOf`.
    function claimableShares(uint256 position, address controller) external view returns (uint256);
    /// @notice ERC-165: itself, ERC-721, its metadata.
    function supportsInterface(bytes4 interfaceId) external view returns (bool);
    /// @notice How many tokens `owner` has. Errors: `ERC721InvalidOwner` for the zero address.
    function balanceOf(address owner) external view returns (uint256);
    /// @notice Who has the token `tokenId`. Errors: `ERC721NonexistentToken`.
    function ownerOf(uint256 tokenId) external view returns (address);
    /// @notice Who may move the token beside its owner and the owner's operators; zero is nobody. Errors: `ERC721NonexistentToken`.
    function getApproved(uint256 tokenId) external view returns (address);
    /// @notice Whether `operator` may move all tokens of `owner`.
    function isApprovedForAll(address owner, address operator) external view returns (bool);
    /// @notice Lets `to` move the token, once; the zero address takes that back. By the owner or its operator. Errors: `ERC721NonexistentToken`,
    /// `ERC721InvalidApprover`.
    function approve(address to, uint256 tokenId) external;
    /// @notice Lets `operator` move all tokens of the caller, now and later, or takes that back. Errors: `ERC721InvalidOperator` for the zero address.
    function setApprovalForAll(address operator, bool approved) external;
    /// @notice Gives the token of `from` to `to`, whether or not `to` can do anything with it; clears its approval. Errors: `ERC721NonexistentToken`,
    /// `ERC721InvalidReceiver` for the zero address, `ERC721InsufficientApproval`, `ERC721IncorrectOwner`, and those that a collection of its
    /// own has, which its contract's description names.
    function transferFrom(address from, address to, uint256 tokenId) external;
    /// @notice As `transferFrom`; a contract must say that it takes the token. Errors: as `transferFrom`, `ERC721InvalidReceiver` also if it does not,
    /// or what it reverts with.
    function safeTransferFrom(address from, address to, uint256 tokenId) external;
    /// @notice As the other, with data for the receiver.
    function safeTransferFrom(address from, address to, uint256 tokenId, bytes calldata data) external;
    /// @notice Takes the source of due days, which a settlement heeds, over from the router's address book (`DUE_DAYS`); without an entry there is
    /// none. By anybody: the router is the authority.
    /// @dev Errors: What the router reverts with.
    /// @dev Events: `Wired`.
    function wire() external;
    /// @notice The authority.
    /// @dev Errors: `OnlyThroughQueue` at the second program's own address, as in every function here.
    function router() external view returns (address);
    /// @notice The vault, sUSDai.
    /// @dev Errors: As `router`.
    function vault() external view returns (address);
    /// @notice What claims are paid in.
    /// @dev Errors: As `router`.
    function usdai() external view returns (address);
    /// @notice Who answers for the loans' due days, which a settlement heeds; zero if nobody does.
    /// @dev Errors: As `router`.
    function dueDays() external view returns (address);
    /// @notice Genesis, length of an epoch, length of its reveal window, and the first epoch that is not settled.
    /// @dev Errors: As `router`.
    function schedule() external view returns (uint256 genesis, uint256 epochSeconds, uint256 revealSeconds, uint256 firstUnsettled);
    /// @notice The current epoch, from 0 on.
    /// @dev Errors: `ArithmeticFailed` if the clock stood before genesis, as in every function that asks for the epoch.
    function epoch() external view returns (uint256);
    /// @notice Cuts the last `shares` that wait of `position` off: a new position of the same holder, right behind. Returns its number. A place
    /// can be cut into sixteen pieces, by halves.
    /// @dev Errors: `UnknownPosition`, `NotController`, `BidSealed`, `ExceedsPending`, `ZeroAmount`, `TooManyPieces`.
    /// @dev Events: `PositionSplit`, `Transfer`.
    function split(uint256 position, uint256 shares) external returns (uint256);
    /// @notice Makes `behind`, which stands right behind `position` and has the same holder, a part of it.
    /// @dev Errors: `UnknownPosition`, `NotController`, `BidSealed`, `NotAdjacent`, `SharesOutOfRange`.
    /// @dev Events: `PositionsMerged`, `Transfer`.
    function merge(uint256 position, uint256 behind) external;
    /// @notice Settles every epoch that has ended and is not settled, by anyone: fills bids, at one premium for all, and the par lane, as far as
    /// the vault's cash goes at its redemption price. The par lane with what entered before the latest ended epoch's reveal window began.
    /// @dev A step is a lane counted. If `maxSteps` are not enough, the next call goes on from there; price and cash are those of the call that
    /// ends it, and nothing is paid before. The vault is told also when nothing is filled: its redemption reserve is per settlement.
    /// @dev Errors: `ZeroSteps`, `EpochNotEnded`, `LoanOverdue`, or what the vault reverts with.
    /// @dev Events: `SettlementAdvanced`, or `EpochSettled` and `LanesFilled`.
    function settle(uint256 maxSteps) external;
    /// @notice Holder and lane of `position`, the shares that wait, and what can be claimed: shares, and the assets they are worth.
    /// @dev Errors: `UnknownPosition`.
    function position(uint256 position) external view returns (address controller, uint8 lane, uint256 pending, uint256 claimableShares, uint256 claimableAssets);
    /// @notice What to claim `position` with (`claimWithHint`): by which of its lane's fills on record its first and its last filled share were
    /// paid, in 32 bits each, the first one lowest. 0 if nothing of it is filled.
    /// @dev Errors: `UnknownPosition`.
    function claimHint(uint256 position) external view returns (uint256);
    /// @notice The bid that `position` has sealed (its first 27 bytes), the epoch it is for, the highest tick that may be revealed (0 is any), and
    /// the shares that answer for it, which are among those that wait. Zeros if there is none, and once its epoch has ended and it was not
    /// opened: then its bond is lost, and `position` counts it no more, whether or not anybody has taken it.
    /// @dev Errors: `UnknownPosition`.
    function bidOf(uint256 position) external view returns (bytes32 commitment, uint256 epoch, uint8 maxTick, uint256 bond);
    /// @notice What a bid of `tick` for `position` in the current epoch is sealed with. Ask your own node: whoever answers learns the bid.
    /// @dev Errors: `InvalidTick` for one of which there is no lane, so that it could not be opened; as `epoch`.
    function commitmentOf(uint256 position, uint8 tick, bytes32 salt) external view returns (bytes32);
    /// @notice Shares that ever entered lane `tick` and did not leave it, how many of them were filled, and how many wait.
    /// @dev Errors: None that a queue in order has.
    function lane(uint8 tick) external view returns (uint256 entered, uint256 filled, uint256 pending);
    /// @notice The lanes in which anybody waits, highest first, and how many shares wait there.
    /// @dev Errors: None that a queue in order has.
    function depth() external view returns (uint256[] memory ticks, uint256[] memory shares);
    /// @notice Shares that have to be filled before the first of `position` is: in its lane, exactly, and in all lanes above.
    /// @dev Errors: `UnknownPosition`.
    function sharesAhead(uint256 position) external view returns (uint256 inLane, uint256 inLanesAbove);
    /// @notice What the next settlement would do if it were now, the bids being those that are open: the premium (basis points), the lowest lane
    /// that is filled wholly (256: none), shares of bids and of the par lane, and what is paid for them.
    /// @dev Errors: What the vault reverts with.
    function clearingEstimate() external view returns (uint256 premium, uint256 wholeFrom, uint256 bidShares, uint256 parShares, uint256 assets);
    /// @notice Settlements so far, forfeited shares that are still to be burnt, and how far a settlement that is under way has counted the lanes:
    /// down to this tick (256: none is under way), and their shares.
    /// @dev Errors: As `router`.
    function progress() external view returns (uint256 settlements, uint256 forfeited, uint256 countedFrom, uint256 countedShares);
    /// @notice What the queue holds and owes nobody, in wei of USDai × 2 × 10^21, at which nothing is rounded; negative by what settlements rounded
    /// off. Whole wei of it stay in the vault with the next settlement.
    /// @dev Errors: As `router`.
    function dust() external view returns (int256);
    /// @notice The number that the next position gets: behind the address that it is opened for, it is the position's id, which a bid is sealed
    /// for that is to come with the request.
    /// @dev Errors: As `router`.
    function nextPosition() external view returns (uint256);
    /// @notice How many positions the list of `controller` has: seven at most.
    /// @dev Errors: As `router`.
    function positionCount(address controller) external view returns (uint256);
    /// @notice The number of the `index`-th position in the list of `controller`, from 0 on.
    /// @dev Errors: `NoPositionAt`.
    function positionAt(address controller, uint256 index) external view returns (uint256);
    /// @notice The collection's name.
    function name() external view returns (string memory);
    /// @notice Its symbol.
    function symbol() external view returns (string memory);
    /// @notice Where the token is described. Errors: `ERC721NonexistentToken`.
    function tokenURI(uint256 tokenId) external view returns (string memory);
}
