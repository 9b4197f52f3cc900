// SPDX-License-Identifier: MIT
pragma solidity >=0.8.4;

/// @notice Offers of loans and what borrowers do with them. Amounts in USDai, ratios in basis points, rates in WAD a year, times in Unix seconds.
/// @custom:constructor constructor(address router)
interface IOrigination {
    /// @notice An offer of a loan by the curator of a stack.
    struct Offer {
        uint256 stack;
        address borrower;
        uint256[] receipts;
        uint256 principal;
        uint256 rate;
        uint256 periods;
        bool levelPayment;
        uint256 graceSeconds;
        uint256 lateFeeBps;
        uint256 expiry;
        uint256 salt;
    }

    /// @notice The stack's curator offers a loan to `borrower` until `expiry`; `rate` is WAD a year, `offer` the digest of all of it.
    event OfferPosted(bytes32 indexed offer, uint256 indexed stack, address indexed borrower, uint256[] receipts, uint256 principal, uint256 rate, uint256 periods, bool levelPayment, uint256 graceSeconds, uint256 lateFeeBps, uint256 expiry, uint256 salt);
    /// @notice The stack's curator took the offer back.
    event OfferCancelled(bytes32 indexed offer, uint256 indexed stack);
    /// @notice The borrower took the offer: `loan` is on its terms.
    event OfferTaken(bytes32 indexed offer, uint256 indexed loan);
    /// @notice `operator` may, or may no longer, take offers and add receipts for `controller`.
    event OperatorSet(address indexed controller, address indexed operator, bool approved);
    /// @notice Addresses were copied from the router's address book, and FiLo's length of a period from FiLo.
    event Wired(address filo, address caliber, uint256 periodSeconds);

    /// @notice `parameter`, named in ASCII, is the zero address or the zero hash.
    error ZeroValue(bytes32 parameter);
    /// @notice `parameter`, named in ASCII, must lie in `[minimum, maximum]`.
    error OutOfRange(bytes32 parameter, uint256 value, uint256 minimum, uint256 maximum);
    /// @notice `caller` is not the curator of the offer's stack.
    error OnlyCurator(address caller, uint256 stack);
    /// @notice The offer or the loan is `borrower`'s, and `caller` is neither they nor an operator of theirs.
    error OnlyBorrower(address caller, address borrower);
    /// @notice The offer could be taken until `expiry`.
    error OfferExpired(bytes32 offer, uint256 expiry);
    /// @notice The offer is posted already (1), cancelled (2) or taken (3).
    error OfferSpent(bytes32 offer, uint256 status);
    /// @notice The offer is not posted, and it is signed by `signer`, or by nobody (zero), instead of by `curator`.
    error InvalidOfferSigner(address signer, address curator);
    /// @notice Not all receipts are of the class that the stack lends against, or of one class.
    error WrongHardwareClass(uint256 receipt, bytes32 hardwareClass);
    /// @notice The offer names other receipts than those that secure the loan.
    error OtherReceipts(uint256 loan);
    /// @notice `wire()` has not been called.
    error NotWired();
    /// @notice A sum or product left 256 bits.
    error ArithmeticOverflow();
    /// @notice `account` lacks `role`.
    error Unauthorized(address account, bytes32 role);
    /// @notice The router's address book has no entry `id`.
    error AddressNotSet(bytes32 id);
    /// @notice A callee is no contract, or returned data that does not begin with what its interface says.
    error MalformedReturn();

    /// @notice Copies FiLo and CALIBER from the router's address book, and the length of a period from FiLo; anybody may, the router is the
    /// authority.
    /// @dev Errors: `AddressNotSet` from the router's books.
    function wire() external;
    /// @notice Posts an offer of the caller's: its borrower may take it without a signature. Returns its digest.
    /// @dev Errors: What of `draw` lies in the offer itself: `ZeroValue`, `OutOfRange`, `OfferExpired`, `WrongHardwareClass`, FiLo's `UnknownStack`;
    /// `OnlyCurator`; `OfferSpent`; `NotWired`.
    function post(Offer calldata offer) external returns (bytes32 digest);
    /// @notice Ends an offer of the caller's, posted or only signed: it cannot be taken any more. Returns its digest.
    /// @dev Errors: FiLo's `UnknownStack`; `OnlyCurator`; `OfferSpent` if it has been taken or cancelled; `NotWired`.
    function cancel(Offer calldata offer) external returns (bytes32 digest);
    /// @notice Takes an offer, by its borrower or an operator of theirs: the receipts are pledged, and `receiver` gets the money, of which the
    /// stack pays its first-loss part and the vault the rest. Unless the offer is posted, `signature` is the curator's, by its key or, if
    /// it is a contract, by its own word (ERC-1271). Returns the loan's id.
    /// @dev Errors: `ZeroValue` for a zero borrower or receiver; `OnlyBorrower`; `OutOfRange` for 0 or more than 32 receipts or an id beyond 2^64 − 1, a
    /// principal outside 1 USDai to 2^96 − 1 wei, a rate outside 1 wei to 100 %, 0 or more than 120 periods, a grace of more than 90 days,
    /// a late fee of more than 20 % a year, an expiry beyond 2^48 − 1; `OfferExpired`; `OfferSpent`; `WrongHardwareClass`;
    /// `InvalidOfferSigner`; `Unauthorized` if the curator has lost the role CURATOR; what FiLo refuses: `UnknownStack`,
    /// `StackInTrouble`, `InsufficientJunior`, `SeniorCapExceeded`, `LimitExceeded`, `LtvExceeded`, `InsufficientCover`, and what CALIBER
    /// and the vault refuse it; `NotWired`.
    function draw(Offer calldata offer, bytes calldata signature, address receiver) external returns (uint256 loan);
    /// @notice Takes an offer in place of `loan`, by its borrower or an operator of theirs: that loan is paid off whole, as by `pay`, with the new
    /// one's money; the borrower's allowance to FiLo pays what is missing, and `receiver` gets what is left. The receipts, which have to be
    /// the loan's, pass to the new loan and are free at no time. The vault needs the new senior part in cash before it gets the old one
    /// back. Returns the new loan's id.
    /// @dev Errors: As `draw`; `OnlyBorrower` if the loan is somebody else's; `OtherReceipts`; FiLo's `UnknownLoan`, and `WrongStatus` if nothing is
    /// owed; what USDai refuses of the payment.
    function refinance(uint256 loan, Offer calldata offer, bytes calldata signature, address receiver) external returns (uint256 newLoan);
    /// @notice Puts further receipts of the borrower's behind a loan that performs or is late, by the borrower or an operator of theirs: what a
    /// margin call asks for.
    /// @dev Errors: `OnlyBorrower`; `OutOfRange` for no receipts or an id beyond 2^64 − 1; `WrongHardwareClass`; what FiLo refuses: `UnknownLoan`,
    /// `WrongStatus`, `OutOfRange` for more than 32 receipts of a loan, and what CALIBER refuses it; `NotWired`.
    function topUp(uint256 loan, uint256[] calldata receipts) external;
    /// @notice Lets `operator` take offers and add receipts for the caller, or no longer.
    /// @dev Errors: `ZeroValue` for a zero operator.
    function setOperator(address operator, bool approved) external returns (bool);
    /// @notice Whether `operator` may act for `controller`.
    function isOperator(address controller, address operator) external view returns (bool);
    /// @notice An offer's EIP-712 digest.
    function hashOffer(Offer calldata offer) external view returns (bytes32);
    /// @notice What has become of the offer of this digest: 0 nothing (it may be signed), 1 posted, 2 cancelled, 3 taken.
    function offerStatus(bytes32 offer) external view returns (uint256);
    /// @notice Instalment `number` (from 1) of the plan that an offer comes with: interest, principal, and what it leaves outstanding.
    /// @dev Errors: What of `draw` lies in the numbers of the offer: `ZeroValue`, `OutOfRange`; `OutOfRange` beyond its periods; `NotWired`.
    function schedule(Offer calldata offer, uint256 number) external view returns (uint256 interest, uint256 principal, uint256 outstanding);
    /// @notice Name, version, chain and contract; no salt, no extensions.
    function eip712Domain() external view returns (bytes1 fields, string memory name, string memory version, uint256 chainId, address verifyingContract, bytes32 salt, uint256[] memory extensions);
}
