// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IERC1271} from "@openzeppelin/contracts/interfaces/IERC1271.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {Consumer} from "./Consumer.sol";

/// @notice A smart account whose owner's signature is its own; as a `Consumer` it acts for anybody.
contract Wallet is Consumer, IERC1271 {
    address private immutable _owner;

    constructor(address owner) {
        _owner = owner;
    }

    function isValidSignature(bytes32 hash, bytes calldata signature) external view returns (bytes4) {
        (address signer, ECDSA.RecoverError fault,) = ECDSA.tryRecover(hash, signature);
        bool owners = fault == ECDSA.RecoverError.NoError && signer == _owner;
        return owners ? IERC1271.isValidSignature.selector : bytes4(0xffffffff);
    }
}

/// @notice A smart account that answers as it is told to, whatever is signed.
contract HostileWallet is Consumer {
    enum Mode {
        Agree,
        WrongMagic,
        Revert, // with the magic as its reason
        Nothing,
        Short, // the 31 first bytes of the right answer
        Dirty, // a word that begins with the magic and does not end in zeros
        Longer, // the right answer, and another word after it
        Shifted, // the magic at the end of the word
        BurnGas,
        Write, // changes its own state, then agrees
        Reenter // agrees if the call that it makes is refused
    }

    Mode public mode;
    address private _target;
    bytes private _data;
    uint256 private _written;

    function setMode(Mode mode_) external {
        mode = mode_;
    }

    function setAmbush(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function isValidSignature(bytes32, bytes calldata) external returns (bytes4) {
        bytes32 magic = bytes4(IERC1271.isValidSignature.selector);
        Mode now_ = mode;
        if (now_ == Mode.WrongMagic) answer(bytes32(~bytes4(magic)), 32);
        if (now_ == Mode.Revert) fail(abi.encode(magic));
        if (now_ == Mode.Nothing) answer(magic, 0);
        if (now_ == Mode.Short) answer(magic, 31);
        if (now_ == Mode.Dirty) answer(magic | bytes32(uint256(1)), 32);
        if (now_ == Mode.Longer) answer(magic, 64);
        if (now_ == Mode.Shifted) answer(magic >> 224, 32);
        if (now_ == Mode.BurnGas) {
            assembly {
                invalid()
            }
        }
        if (now_ == Mode.Write) ++_written;
        if (now_ == Mode.Reenter) {
            (bool ok,) = _target.call(_data);
            if (ok) answer(0, 32);
        }
        return bytes4(magic);
    }

    /// @dev Returns the first `length` bytes of `word` and what is beyond it.
    function answer(bytes32 word, uint256 length) private pure {
        assembly {
            mstore(0, word)
            mstore(32, not(0))
            return(0, length)
        }
    }
}
