// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @title What a node did in a round, in one word
/// @dev The upper 248 bits of a seal, or of an output root once it is revealed, and in the lowest byte which of the two.
library EntryLib {
    uint256 private constant STATE_MASK = 0xff;
    uint256 private constant SEALED = 1;
    uint256 private constant REVEALED = 2;

    function ofSeal(bytes32 commitment) internal pure returns (bytes32) {
        return bytes32((uint256(commitment) & ~STATE_MASK) | SEALED);
    }

    function ofReveal(bytes32 outputRoot) internal pure returns (bytes32) {
        return bytes32((uint256(outputRoot) & ~STATE_MASK) | REVEALED);
    }

    function isSealed(bytes32 entry) internal pure returns (bool) {
        return uint256(entry) & STATE_MASK == SEALED;
    }
}
