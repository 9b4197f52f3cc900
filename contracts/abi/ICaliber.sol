// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice External functions. Amounts in USDai units, times in Unix seconds, factors per second in RAY. A transfer fails with `ReceiptPledged`,
/// `ReceiptSurrendered`, or `NotListed` if the receiver is not.
/// @custom:constructor constructor(address router)
interface ICaliber {
    /// @notice What is issued: hardware, its bailment, first appraisal and cover.
    struct Lot {
        address owner;
        bytes32 hardwareClass;
        uint256 units;
        bytes32 manifestHash;
        bytes32 agreementHash;
        string agreementUri;
        address custodian;
        uint256 appraisal;
        uint256 insuredValue;
        uint256 insuredUntil;
    }

    /// @notice What an appraiser said of a receipt.
    struct Said {
        address appraiser;
        bool issuer;
        uint256 value;
        uint256 appraisedAt;
        uint256 worth;
    }

    /// @notice The machines that a receipt stands for, and who keeps them.
    struct Goods {
        bytes32 hardwareClass;
        uint256 units;
        bytes32 manifestHash;
        bytes32 agreementHash;
        string agreementUri;
        address custodian;
    }

    /// @notice Everything about a receipt, as of now. In two structs, because compilers and libraries end at twelve or sixteen values.
    struct Receipt {
        address owner;
        address user;
        uint256 loan;
        bool surrendered;
        Goods goods;
        uint256 appraisal;
        uint256 appraisals;
        uint256 value;
        uint256 insuredValue;
        uint256 insuredUntil;
        uint256 coveredUntil;
    }

    /// @notice `tokenId` moved; from the zero address it was issued, to the zero address it was burnt. Its approval is cleared.
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// @notice `approved` may move `tokenId` of `owner`'s, once; nobody, if it is the zero address.
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    /// @notice `operator` may move all tokens of `owner`, or no longer.
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);
    /// @notice A document of title over `units` of `hardwareClass` was issued. Its first appraisal and cover follow as `Appraised` and
    /// `Insured`.
    event Issued(uint256 indexed receipt, bytes32 indexed hardwareClass, address indexed custodian, uint256 units, bytes32 manifestHash, bytes32 agreementHash, string agreementUri);
    /// @notice `value` in USDai units, as of `appraisedAt`. By the agent at an issue: it counts until the first appraiser speaks.
    event Appraised(uint256 indexed receipt, address indexed appraiser, uint256 value, uint256 appraisedAt);
    /// @notice `account` lost `role` (APPRAISER, or TOKENISING_AGENT for the figures of issues): no appraisal of its counts any more.
    event Struck(address indexed account, bytes32 role);
    /// @notice Cover of `value` USDai units until `until`, as of `attestedAt`; an `until` that is past withdraws it.
    event Insured(uint256 indexed receipt, address indexed attestor, uint256 value, uint256 until, uint256 attestedAt);
    /// @notice `signer` has spent the nonces of `mask`'s bits, from 256 × `word` on: by a notice, or to take notices back.
    event NoncesSpent(address indexed signer, uint256 word, uint256 mask);
    /// @notice The receipt is encumbered by `loan`.
    event Pledged(uint256 indexed receipt, uint256 indexed loan);
    /// @notice `loan` encumbers the receipt no longer: it is free, unless `Pledged` follows for another loan.
    event Released(uint256 indexed receipt, uint256 indexed loan);
    /// @notice The agent proposes that `custodian` takes the machines over, under a new agreement; the zero address takes a proposal back.
    event CustodyProposed(uint256 indexed receipt, address indexed custodian, bytes32 agreementHash, string agreementUri);
    /// @notice `custodian` has the machines, under the agreement that was proposed.
    event CustodyAccepted(uint256 indexed receipt, address indexed custodian, bytes32 agreementHash);
    /// @notice `holder` hands the receipt in for the machines.
    event RedemptionRequested(uint256 indexed receipt, address indexed holder);
    /// @notice `holder` keeps the receipt.
    event RedemptionWithdrawn(uint256 indexed receipt, address indexed holder);
    /// @notice `custodian` has delivered; the receipt is burnt, and its manifest can be issued again.
    event Redeemed(uint256 indexed receipt, address indexed custodian, bytes32 manifestHash);
    /// @notice ERC-4907: `user` operates the machines through second `expires`, or until the receipt is transferred.
    event UpdateUser(uint256 indexed tokenId, address indexed user, uint64 expires);
    /// @notice ERC-4906: `tokenURI` has changed.
    event MetadataUpdate(uint256 _tokenId);
    /// @notice ERC-7572: `contractURI` has changed.
    event ContractURIUpdated();
    /// @notice Receipts of the class keep `factor` (RAY) of their value each second after an appraisal.
    event DecaySet(bytes32 indexed hardwareClass, uint256 factor);
    /// @notice `index` of 10^18 is left of the class, by `account`.
    event ClassIndexSet(bytes32 indexed hardwareClass, address indexed account, uint256 index);
    /// @notice Appraisals are worth nothing after `maxAge` seconds, or when fewer than `quorum` count; cover must reach `minCoverBps` of the
    /// appraisal; a class index moves by `maxStepBps` at most.
    event PolicySet(uint256 maxAge, uint256 minCoverBps, uint256 quorum, uint256 maxStepBps);
    /// @notice Receipts go to listed parties only, or to anybody.
    event AllowListSet(bool enabled);
    /// @notice `account` is a listed party, or no longer.
    event PartySet(address indexed account, bool listed);
    /// @notice `account` has paused issues, or let them go on.
    event IssuesPauseSet(address indexed account, bool paused);
    /// @notice The FiLo contract was copied from the router's address book.
    event Wired(address filo);

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
    /// @notice `parameter`, named in ASCII, is the zero address or the zero hash.
    error ZeroValue(bytes32 parameter);
    /// @notice `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice The live receipt `receipt` already has this serial manifest (C2).
    error DuplicateManifest(bytes32 manifest, uint256 receipt);
    /// @notice The receipt is encumbered by `loan` (C1).
    error ReceiptPledged(uint256 receipt, uint256 loan);
    /// @notice The receipt is not pledged to `loan` (C1).
    error NotPledgedTo(uint256 receipt, uint256 loan);
    /// @notice The receipt is handed in for its machines.
    error ReceiptSurrendered(uint256 receipt);
    /// @notice The receipt is not handed in.
    error NotSurrendered(uint256 receipt);
    /// @notice Fewer appraisals of the receipt count than the quorum: the others are older than the policy allows, or their appraisers were
    /// struck. The latest of all is of `appraisedAt`.
    error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
    /// @notice The receipt has as many appraisers as it can have, and all of their appraisals count.
    error TooManyAppraisers(uint256 receipt, uint256 maximum);
    /// @notice What was signed at `signedAt` is not later than what is known since `since`, or is of the future.
    error OutdatedNotice(uint256 receipt, uint256 signedAt, uint256 since);
    /// @notice What was signed was good until `deadline`.
    error NoticeExpired(uint256 deadline);
    /// @notice `signer` has spent this nonce, on a notice or to take one back.
    error NonceSpent(address signer, uint256 nonce);
    /// @notice The notice of `expected` is signed by `signer`, or by nobody (zero): wrong words, wrong chain, malleable or no signature.
    error InvalidSigner(address signer, address expected);
    /// @notice An appraiser can shock the class again at `earliest`.
    error ShockTooSoon(bytes32 hardwareClass, uint256 earliest);
    /// @notice `account` has `role`, or never spoke in it.
    error NotToBeStruck(address account, bytes32 role);
    /// @notice `custodian` was not offered this custody.
    error CustodyNotProposed(uint256 receipt, address custodian);
    /// @notice Only the receipt's custodian confirms a delivery.
    error OnlyCustodian(address caller, uint256 receipt);
    /// @notice Receipts go to listed parties only, and `account` is none.
    error NotListed(address account);
    /// @notice Issues are paused.
    error IssuesPaused();
    /// @notice Lists that belong together have different lengths.
    error LengthMismatch(uint256 first, uint256 second);
    /// @notice Only the FiLo contract pledges and releases.
    error OnlyFilo(address caller);
    /// @notice A sum or product left 256 bits.
    error ArithmeticOverflow();
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Copies the FiLo contract from the router's address book; anybody may, the router is the authority.
    /// @dev Errors: `AddressNotSet` from the router's books.
    function wire() external;
    /// @notice Issues a document of title to `owner`, the borrower of record, and returns its id, counted from 1. The first appraisal and cover
    /// come with it: the agent's figure counts until the first appraiser speaks; `insuredUntil` of 0 issues it uninsured. The owner's
    /// `onERC721Received` is not called: nobody can block an issue.
    /// @dev Errors: `Unauthorized` without the role TOKENISING_AGENT; `IssuesPaused`; `ZeroValue` for a zero owner, class, manifest, agreement or
    /// custodian; `OutOfRange` for no or more than 2^32 − 1 units, an appraisal of nothing, amounts beyond 2^128, times beyond 2^64 or a
    /// URI of more than 1,024 bytes; `NotListed`; `DuplicateManifest` if a live receipt has the manifest (C2).
    function issue(address owner, bytes32 hardwareClass, uint256 units, bytes32 manifestHash, bytes32 agreementHash, string calldata agreementUri, address custodian, uint256 appraisal, uint256 insuredValue, uint256 insuredUntil) external returns (uint256);
    /// @notice Issues one document for each of `lots`, as `issue` does, all or none; returns the id of the first, the others follow.
    /// @dev Errors: As `issue`; `OutOfRange` for an empty list.
    function issueBatch(Lot[] calldata lots) external returns (uint256);
    /// @notice Stops issues. By GUARDIAN or ADMIN.
    /// @dev Errors: `Unauthorized`.
    function pauseIssues() external;
    /// @notice Lets issues go on. By ADMIN.
    /// @dev Errors: `Unauthorized`.
    function unpauseIssues() external;
    /// @notice Whether issues are paused.
    function issuesPaused() external view returns (bool);
    /// @notice Posts the caller's value of a receipt as of now, in place of what it said before.
    /// @dev Errors: `Unauthorized` without the role APPRAISER; `ERC721NonexistentToken`; `OutOfRange` for nothing or more than 2^128 − 1;
    /// `TooManyAppraisers` if seven others' appraisals count.
    function appraise(uint256 receipt, uint256 value) external;
    /// @notice As `appraise`, of several receipts.
    /// @dev Errors: As `appraise`; `LengthMismatch`.
    function appraiseBatch(uint256[] calldata receipts, uint256[] calldata values) external;
    /// @notice Takes its appraisals from an account that has lost the role: APPRAISER, or TOKENISING_AGENT for the figures of its issues. By
    /// anybody: the router is the authority. They stay without effect if it gets the role back.
    /// @dev Errors: `NotToBeStruck` if it has the role, never spoke in it, or it is another role.
    function strike(bytes32 role, address account) external;
    /// @notice Takes `bps` basis points off the value of all receipts of a class at once (a new generation of chips), whatever their number. By
    /// APPRAISER, a week after the step before at the earliest, or by ADMIN at any time.
    /// @dev Errors: `Unauthorized`; `ShockTooSoon`; `OutOfRange` for nothing, more than `maxStepBps`, or an index that would fall below a thousandth.
    function shockClass(bytes32 hardwareClass, uint256 bps) external;
    /// @notice Gives `bps` basis points of its index back to a class, at most what shocks have taken: no receipt gets above its appraisals. A receipt that
    /// was appraised while the index was low keeps that appraisal: later shocks take from it only what brings the index below where it was then.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange` for nothing or more than `maxStepBps`.
    function restoreClass(bytes32 hardwareClass, uint256 bps) external;
    /// @notice Sets what receipts of a class keep of their value each second, in RAY: between what 50 % and what 0.01 % a year leave, or all.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setDecay(bytes32 hardwareClass, uint256 factor) external;
    /// @notice Sets for how many seconds an appraisal counts (a day to 366 days), which part of it cover must reach (50 % to 200 %), how many
    /// must count (1 to 7), and by how much a class index moves in a step (0.01 % to 50 %).
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setPolicy(uint256 maxAge, uint256 minCoverBps, uint256 quorum, uint256 maxStepBps) external;
    /// @notice The median of what the receipt's appraisals are worth now, rounded down; 0 if fewer than the quorum count.
    /// @dev Errors: `ERC721NonexistentToken`.
    function valueOf(uint256 receipt) external view returns (uint256);
    /// @notice All appraisals of a receipt, with what each is worth now.
    /// @dev Errors: `ERC721NonexistentToken`.
    function appraisalsOf(uint256 receipt) external view returns (Said[] memory);
    /// @notice What receipts of a class keep each second (RAY), what shocks have left of it (of 10^18), and when its index was last changed.
    function classTerms(bytes32 hardwareClass) external view returns (uint256 factor, uint256 index, uint256 steppedAt);
    /// @notice Maximum age of an appraisal in seconds, least cover in basis points of the appraisal, quorum, largest step in basis points.
    function policyOf() external view returns (uint256 maxAge, uint256 minCoverBps, uint256 quorum, uint256 maxStepBps);
    /// @notice Extends cover, or withdraws it by an `insuredUntil` that is past.
    /// @dev Errors: `Unauthorized` without the role ATTESTOR; `ERC721NonexistentToken`; `OutOfRange` beyond 2^128 − 1 or 2^64 − 1.
    function insure(uint256 receipt, uint256 insuredValue, uint256 insuredUntil) external;
    /// @notice Until when the receipt is insured, 0 if it is not now.
    /// @dev Errors: `ERC721NonexistentToken`.
    function insuredUntil(uint256 receipt) external view returns (uint256);
    /// @notice Posts what `appraiser` has signed: `Appraisal(uint256 receipt,uint256 value,uint256 appraisedAt,uint256 nonce,uint256 deadline)`,
    /// by its key or as a contract (ERC-1271). By anybody. It counts and decays from `appraisedAt`.
    /// @dev Errors: As `appraise`, `Unauthorized` for the signer; `NoticeExpired` after `deadline`; `NonceSpent`; `InvalidSigner`; `OutdatedNotice`
    /// unless it was signed after the appraiser's last word on the receipt and the last step of the class, and not in the future.
    function postAppraisal(address appraiser, uint256 receipt, uint256 value, uint256 appraisedAt, uint256 nonce, uint256 deadline, bytes calldata signature) external;
    /// @notice Posts what `attestor` has signed:
    /// `InsuranceNotice(uint256 receipt,uint256 insuredValue,uint256 insuredUntil,uint256 attestedAt,uint256 nonce,uint256 deadline)`, by
    /// its key or as a contract (ERC-1271). By anybody.
    /// @dev Errors: As `insure`, `Unauthorized` for the signer; `NoticeExpired` after `deadline`; `NonceSpent`; `InvalidSigner`; `OutdatedNotice`
    /// unless it was signed after what is attested now, and not in the future.
    function postInsurance(address attestor, uint256 receipt, uint256 insuredValue, uint256 insuredUntil, uint256 attestedAt, uint256 nonce, uint256 deadline, bytes calldata signature) external;
    /// @notice Takes back what the caller has signed with the nonces of `mask`'s bits, from 256 × `word` on.
    function invalidateNonces(uint256 word, uint256 mask) external;
    /// @notice Which of the 256 nonces from 256 × `word` on `signer` has spent: a bit each.
    function nonceBitmap(address signer, uint256 word) external view returns (uint256);
    /// @notice Encumbers receipts of `owner` for `loan`, in the order given. Returns their total value, rounded down, and the earliest second at
    /// which the cover of one ends, 0 if one is not insured now.
    /// @dev Errors: `OnlyFilo`; `OutOfRange` for an empty list or a loan that is 0 or beyond 2^64 − 2; `ERC721NonexistentToken`;
    /// `ERC721IncorrectOwner`; `ReceiptPledged` if already encumbered, be it by an earlier place of the same list (C1);
    /// `ReceiptSurrendered`; `StaleAppraisal` below the quorum.
    function pledge(uint256[] calldata receipts, address owner, uint256 loan) external returns (uint256 value, uint256 insuredUntil);
    /// @notice Frees receipts that `loan` encumbers.
    /// @dev Errors: `OnlyFilo`; `OutOfRange` for a loan that is 0 or beyond 2^64 − 2; `ERC721NonexistentToken`; `NotPledgedTo` (C1).
    function release(uint256[] calldata receipts, uint256 loan) external;
    /// @notice Passes receipts from the loan that encumbers them to another (refinance); they are free at no time. Their value is not asked for:
    /// see `collateralOf`.
    /// @dev Errors: As `release`, of both loans.
    function repledge(uint256[] calldata receipts, uint256 fromLoan, uint256 toLoan) external;
    /// @notice Frees receipts that `loan` encumbers and gives them to `to`, who has bought them. Whoever it is, it is not asked: nobody can block
    /// an auction.
    /// @dev Errors: As `release`; `ERC721InvalidReceiver` for the zero address; `NotListed`.
    function deliver(uint256[] calldata receipts, uint256 loan, address to) external;
    /// @notice Total value of receipts, those whose appraisals do not count as nothing, and the earliest second at which the cover of one ends, 0
    /// if one is not insured now. (0, 0) of none.
    /// @dev Errors: `ERC721NonexistentToken`.
    function collateralOf(uint256[] calldata receipts) external view returns (uint256 value, uint256 insuredUntil);
    /// @notice Proposes that `custodian` takes the machines over, under a new agreement, in place of an earlier proposal; the zero address takes
    /// that back. By TOKENISING_AGENT; a pledge does not stop it, for machines move while they secure a loan.
    /// @dev Errors: `Unauthorized`; `ERC721NonexistentToken`; `ZeroValue` for no agreement; `OutOfRange` for a URI of more than 1,024 bytes.
    function proposeCustodian(uint256 receipt, address custodian, bytes32 agreementHash, string calldata agreementUri) external;
    /// @notice Takes the machines over, under the agreement that was proposed, which the caller names so that it accepts no other.
    /// @dev Errors: `ERC721NonexistentToken`; `CustodyNotProposed` to the caller with this agreement.
    function acceptCustody(uint256 receipt, bytes32 agreementHash, string calldata agreementUri) external;
    /// @notice ERC-4907: names who operates the machines through second `expires`, in place of who did. It ends when the receipt is transferred or
    /// delivered, not when it is pledged. By the holder, an operator of its, or who is approved.
    /// @dev Errors: `ERC721NonexistentToken`; `ERC721InsufficientApproval`.
    function setUser(uint256 receipt, address user, uint64 expires) external;
    /// @notice ERC-4907: who operates the machines; zero if nobody is named, which leaves it to the holder.
    /// @dev Errors: `ERC721NonexistentToken`.
    function userOf(uint256 receipt) external view returns (address);
    /// @notice ERC-4907: through which second; zero if nobody is named.
    /// @dev Errors: `ERC721NonexistentToken`.
    function userExpires(uint256 receipt) external view returns (uint256);
    /// @notice Hands a receipt in for the machines: nobody can transfer or pledge it until the holder takes it back or the custodian confirms. By
    /// the holder, an operator of its, or who is approved.
    /// @dev Errors: `ERC721NonexistentToken`; `ERC721InsufficientApproval`; `ReceiptPledged` (C1); `ReceiptSurrendered`.
    function requestRedemption(uint256 receipt) external;
    /// @notice Keeps a receipt that was handed in. By the holder, an operator of its, or who is approved.
    /// @dev Errors: `ERC721NonexistentToken`; `ERC721InsufficientApproval`; `NotSurrendered`.
    function withdrawRedemption(uint256 receipt) external;
    /// @notice Confirms the delivery of the machines to the holder of a receipt that was handed in, and burns it. By its custodian, who confirms
    /// before anything leaves the building: until then the holder can keep the receipt. The manifest can be issued again.
    /// @dev Errors: `ERC721NonexistentToken`; `NotSurrendered`; `OnlyCustodian`.
    function confirmRedemption(uint256 receipt) external;
    /// @notice Limits transfers, issues and deliveries to listed parties, or does so no longer; off at first. By ADMIN. Who holds a receipt
    /// keeps it, listed or not.
    /// @dev Errors: `Unauthorized`.
    function setAllowList(bool enabled) external;
    /// @notice Lists parties that receipts can go to, or strikes them off. By ADMIN.
    /// @dev Errors: `Unauthorized`.
    function setParties(address[] calldata accounts, bool listed) external;
    /// @notice Whether receipts can go to `account`: it is listed, or the list is off.
    function isParty(address account) external view returns (bool);
    /// @notice Whether receipts go to listed parties only.
    function allowList() external view returns (bool);
    /// @notice Everything about a receipt.
    /// @dev Errors: `ERC721NonexistentToken`.
    function receiptOf(uint256 receipt) external view returns (Receipt memory);
    /// @notice Hardware class of a receipt; zero if there is none.
    function classOf(uint256 receipt) external view returns (bytes32);
    /// @notice The live receipt that has a serial manifest; 0 if none has.
    function receiptByManifest(bytes32 manifestHash) external view returns (uint256);
    /// @notice The id of the last receipt that was issued.
    function lastReceipt() external view returns (uint256);
    /// @notice ERC-7572: where the collection is described.
    function contractURI() external view returns (string memory);
    /// @notice Sets where the collection is described. By ADMIN.
    /// @dev Errors: `Unauthorized`; `OutOfRange` for more than 1,024 bytes.
    function setContractURI(string calldata uri) external;
    /// @notice ERC-165: itself, ERC-721, its metadata, ERC-4906, ERC-4907, ERC-5267.
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
    /// @notice The collection's name.
    function name() external view returns (string memory);
    /// @notice Its symbol.
    function symbol() external view returns (string memory);
    /// @notice Where the token is described. Errors: `ERC721NonexistentToken`.
    function tokenURI(uint256 tokenId) external view returns (string memory);
    /// @notice Name, version, chain and contract; no salt, no extensions.
    function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);
}
