// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title What a node did in a round, in one word
/// @dev The upper 248 bits of a seal, or of the hash of an output root once it is revealed, and in the lowest byte which of
/// the two. The root is hashed because anybody can name roots that differ in the lowest byte alone: cut off, that byte
/// would make a wrong reveal look right.
library EntryLib {
    uint256 private constant STATE_MASK = 0xff;
    uint256 private constant SEALED = 1;
    uint256 private constant REVEALED = 2;

    function ofSeal(bytes32 commitment) internal pure returns (bytes32) {
        return bytes32((uint256(commitment) & ~STATE_MASK) | SEALED);
    }

    function ofReveal(bytes32 outputRoot) internal pure returns (bytes32) {
        return bytes32((uint256(keccak256(abi.encode(outputRoot))) & ~STATE_MASK) | REVEALED);
    }

    function isSealed(bytes32 entry) internal pure returns (bool) {
        return uint256(entry) & STATE_MASK == SEALED;
    }
}
