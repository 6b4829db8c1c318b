// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {DisputeId, StatementRecord} from "../types/DisputeTypes.sol";

/// @title The slot of a disputed statement
/// @dev Unchecked arithmetic: every end has a beginning, and nobody can pay for 2^216 of them.
library StatementRecordLib {
    uint256 private constant COUNT_SHIFT = 40;
    uint256 private constant ONE = 1 << COUNT_SHIFT;

    function oneMore(StatementRecord self) internal pure returns (StatementRecord) {
        unchecked {
            return StatementRecord.wrap(StatementRecord.unwrap(self) + ONE);
        }
    }

    function oneLess(StatementRecord self) internal pure returns (StatementRecord) {
        unchecked {
            return StatementRecord.wrap(StatementRecord.unwrap(self) - ONE);
        }
    }

    /// @dev The statement is false from now on, and how many disputes there were does not matter any more.
    function decided(DisputeId deciding_) internal view returns (StatementRecord) {
        return StatementRecord.wrap(block.timestamp | (uint256(DisputeId.unwrap(deciding_)) << COUNT_SHIFT));
    }

    function isFalse(StatementRecord self) internal pure returns (bool) {
        return falseAt(self) != 0;
    }

    function falseAt(StatementRecord self) internal pure returns (uint256) {
        return uint40(StatementRecord.unwrap(self));
    }

    /// @dev Games and demands under way; only while the statement is not false.
    function underWay(StatementRecord self) internal pure returns (uint256) {
        return StatementRecord.unwrap(self) >> COUNT_SHIFT;
    }

    /// @dev What decided it; only once the statement is false.
    function deciding(StatementRecord self) internal pure returns (DisputeId) {
        return DisputeId.wrap(bytes32(StatementRecord.unwrap(self) >> COUNT_SHIFT));
    }
}
