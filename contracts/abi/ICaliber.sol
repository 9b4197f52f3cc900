// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice External functions. Amounts in USDai units, times in Unix seconds, factors per second in RAY.
/// @custom:constructor constructor(address router)
interface ICaliber {
    /// @notice ERC-721; from zero: issued.
    event Transfer(address indexed from, address indexed to, uint256 indexed tokenId);
    /// @notice ERC-721.
    event Approval(address indexed owner, address indexed approved, uint256 indexed tokenId);
    /// @notice ERC-721.
    event ApprovalForAll(address indexed owner, address indexed operator, bool approved);
    /// @notice A document of title over `units` of `hardwareClass` was issued. Its agreement's URI is `tokenURI`; its first appraisal and cover
    /// follow as `Appraised` and `Insured`.
    event Issued(uint256 indexed receipt, bytes32 indexed hardwareClass, address indexed custodian, uint256 units, bytes32 manifestHash, bytes32 agreementHash);
    /// @notice `value` in USDai units, as of this block.
    event Appraised(uint256 indexed receipt, address indexed appraiser, uint256 value);
    /// @notice Cover of `value` USDai units until `until`; an `until` that is past withdraws it.
    event Insured(uint256 indexed receipt, address indexed attestor, uint256 value, uint256 until);
    /// @notice The receipt is encumbered by `loan`.
    event Pledged(uint256 indexed receipt, uint256 indexed loan);
    /// @notice The receipt is free again.
    event Released(uint256 indexed receipt, uint256 indexed loan);
    /// @notice Receipts of the class keep `factor` (RAY) of their value each second after an appraisal.
    event DecaySet(bytes32 indexed hardwareClass, uint256 factor);
    /// @notice Appraisals are worth nothing after `maxAge` seconds; cover must reach `minCoverBps` of the appraisal.
    event PolicySet(uint256 maxAge, uint256 minCoverBps);
    /// @notice The FiLo contract was copied from the router's address book.
    event Wired(address filo);

    /// @notice ERC-6093: the zero address owns nothing.
    error ERC721InvalidOwner(address owner);
    /// @notice ERC-6093: no such receipt.
    error ERC721NonexistentToken(uint256 tokenId);
    /// @notice ERC-6093: `sender` does not own the receipt, `owner` does.
    error ERC721IncorrectOwner(address sender, uint256 tokenId, address owner);
    /// @notice ERC-6093: `receiver` cannot own receipts: it is zero, or a contract that does not say it takes them.
    error ERC721InvalidReceiver(address receiver);
    /// @notice ERC-6093: `operator` may not move the receipt.
    error ERC721InsufficientApproval(address operator, uint256 tokenId);
    /// @notice ERC-6093: `approver` may not approve others for the receipt.
    error ERC721InvalidApprover(address approver);
    /// @notice ERC-6093: the zero address operates nothing.
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
    /// @notice The receipt's appraisal of `appraisedAt` is older than the policy allows.
    error StaleAppraisal(uint256 receipt, uint256 appraisedAt);
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
    /// come with it; `insuredUntil` of 0 issues it uninsured. The owner's `onERC721Received` is not called: nobody can block an issue.
    /// @dev Errors: `Unauthorized` without the role TOKENISING_AGENT; `ZeroValue` for a zero owner, class, manifest, agreement or custodian;
    /// `OutOfRange` for no or more than 2^32 − 1 units, an appraisal of nothing, amounts beyond 2^128 or times beyond 2^64;
    /// `DuplicateManifest` if a live receipt has the manifest (C2).
    function issue(address owner, bytes32 hardwareClass, uint256 units, bytes32 manifestHash, bytes32 agreementHash, string calldata agreementUri, address custodian, uint256 appraisal, uint256 insuredValue, uint256 insuredUntil) external returns (uint256);
    /// @notice Posts the value of a receipt as of now; the latest one counts.
    /// @dev Errors: `Unauthorized` without the role APPRAISER; `ERC721NonexistentToken`; `OutOfRange` for nothing or more than 2^128 − 1.
    function appraise(uint256 receipt, uint256 value) external;
    /// @notice Extends cover, or withdraws it by an `insuredUntil` that is past.
    /// @dev Errors: `Unauthorized` without the role ATTESTOR; `ERC721NonexistentToken`; `OutOfRange` beyond 2^128 − 1 or 2^64 − 1.
    function insure(uint256 receipt, uint256 insuredValue, uint256 insuredUntil) external;
    /// @notice Sets what receipts of a class keep of their value each second, in RAY: between what 50 % a year leaves and all of it.
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setDecay(bytes32 hardwareClass, uint256 factor) external;
    /// @notice Sets for how many seconds an appraisal counts (a day to 366 days) and which part of it cover must reach (50 % to 200 %).
    /// @dev Errors: `Unauthorized` without the role ADMIN; `OutOfRange`.
    function setPolicy(uint256 maxAge, uint256 minCoverBps) external;
    /// @notice Encumbers receipts of `owner` for `loan`, in the order given. Returns their total decayed value, rounded down, and the earliest
    /// second at which the cover of one ends, 0 if one is not insured now.
    /// @dev Errors: `OnlyFilo`; `OutOfRange` for an empty list or a loan that is 0 or beyond 2^64 − 1; `ERC721NonexistentToken`;
    /// `ERC721IncorrectOwner`; `ReceiptPledged` if already encumbered, be it by an earlier place of the same list (C1); `StaleAppraisal`.
    function pledge(uint256[] calldata receipts, address owner, uint256 loan) external returns (uint256 value, uint256 insuredUntil);
    /// @notice Frees receipts that `loan` encumbers.
    /// @dev Errors: `OnlyFilo`; `OutOfRange` for a loan that is 0 or beyond 2^64 − 1; `ERC721NonexistentToken`; `NotPledgedTo` (C1).
    function release(uint256[] calldata receipts, uint256 loan) external;
    /// @notice The latest appraisal, decayed to now and rounded down; 0 once it is older than the policy allows.
    /// @dev Errors: `ERC721NonexistentToken`.
    function valueOf(uint256 receipt) external view returns (uint256);
    /// @notice Until when the receipt is insured, 0 if it is not now.
    /// @dev Errors: `ERC721NonexistentToken`.
    function insuredUntil(uint256 receipt) external view returns (uint256);
    /// @notice Hardware class of a receipt; zero if there is none.
    function classOf(uint256 receipt) external view returns (bytes32);
    /// @notice Class, units, manifest hash, agreement hash, custodian, appraisal, appraised at, insured value, insured until, loan (0: free).
    /// @dev Errors: `ERC721NonexistentToken`.
    function receiptOf(uint256 receipt) external view returns (bytes32, uint256, bytes32, bytes32, address, uint256, uint256, uint256, uint256, uint256);
    /// @notice Maximum age of an appraisal in seconds, and least cover in basis points of the appraisal.
    function policyOf() external view returns (uint256 maxAge, uint256 minCoverBps);
    /// @notice ERC-721 metadata.
    function name() external view returns (string memory);
    /// @notice ERC-721 metadata.
    function symbol() external view returns (string memory);
    /// @notice URI of the bailment agreement, whose hash is in `receiptOf`.
    /// @dev Errors: `ERC721NonexistentToken`.
    function tokenURI(uint256 receipt) external view returns (string memory);
    /// @notice ERC-165.
    function supportsInterface(bytes4 interface_) external view returns (bool);
    /// @notice How many receipts `owner` has.
    /// @dev Errors: `ERC721InvalidOwner` for the zero address.
    function balanceOf(address owner) external view returns (uint256);
    /// @notice Who has a receipt.
    /// @dev Errors: `ERC721NonexistentToken`.
    function ownerOf(uint256 receipt) external view returns (address);
    /// @notice Lets `to` move one receipt, once; the zero address takes that back.
    /// @dev Errors: `ERC721NonexistentToken`; `ERC721InvalidApprover` unless called by the owner or its operator.
    function approve(address to, uint256 receipt) external;
    /// @notice Who may move a receipt beside its owner and the owner's operators.
    /// @dev Errors: `ERC721NonexistentToken`.
    function getApproved(uint256 receipt) external view returns (address);
    /// @notice Lets `operator` move all receipts of the caller, or takes that back.
    /// @dev Errors: `ERC721InvalidOperator` for the zero address.
    function setApprovalForAll(address operator, bool approved) external;
    /// @notice Whether `operator` may move all receipts of `owner`.
    function isApprovedForAll(address owner, address operator) external view returns (bool);
    /// @notice Gives a receipt to `to`; clears its approval.
    /// @dev Errors: `ERC721NonexistentToken`, `ERC721IncorrectOwner`, `ERC721InvalidReceiver` for the zero address, `ERC721InsufficientApproval`,
    /// `ReceiptPledged` (C1).
    function transferFrom(address from, address to, uint256 receipt) external;
    /// @notice As `transferFrom`; a contract must say that it takes receipts.
    /// @dev Errors: As `transferFrom`, and `ERC721InvalidReceiver` for a contract that does not, or what it reverted with.
    function safeTransferFrom(address from, address to, uint256 receipt) external;
    /// @notice As the other `safeTransferFrom`, with data for the receiver.
    /// @dev Errors: As the other `safeTransferFrom`.
    function safeTransferFrom(address from, address to, uint256 receipt, bytes calldata data) external;
}
