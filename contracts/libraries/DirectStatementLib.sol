// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DirectStatement, StatementId} from "../types/CommitmentTypes.sol";

/// @title The slot of a statement that needed no seal
library DirectStatementLib {
    uint256 private constant TIME_MASK = (1 << 48) - 1;

    /// @dev The caller vouches that the time fits 48 bits.
    function direct(StatementId id, uint256 disputableUntil_) internal pure returns (DirectStatement) {
        return DirectStatement.wrap(bytes32((uint256(StatementId.unwrap(id)) & ~TIME_MASK) | disputableUntil_));
    }

    function isNone(DirectStatement self) internal pure returns (bool) {
        return DirectStatement.unwrap(self) == 0;
    }

    /// @dev Whether it is the statement of this id: who wants another of the same 208 bits looks for it 2^104 times.
    function isOf(DirectStatement self, StatementId id) internal pure returns (bool) {
        return (uint256(DirectStatement.unwrap(self) ^ StatementId.unwrap(id)) & ~TIME_MASK) == 0;
    }

    /// @dev Unix seconds, exclusive.
    function disputableUntil(DirectStatement self) internal pure returns (uint256) {
        return uint256(DirectStatement.unwrap(self)) & TIME_MASK;
    }
}
