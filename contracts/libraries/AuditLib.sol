// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Conduct, OptimisticState} from "../types/OptimisticTypes.sol";

/// @title How a job ends whose answer was sealed
library AuditLib {
    /// @param equal Node and auditor have stated the same.
    function endOf(Conduct node, Conduct auditor, bool equal) internal pure returns (OptimisticState) {
        if (node == Conduct.Silent) return OptimisticState.Unanswered;
        if (node == Conduct.False) return OptimisticState.Falsified;
        if (node == Conduct.Error) return OptimisticState.Refused;
        return auditor == Conduct.Upheld && !equal ? OptimisticState.Undecided : OptimisticState.Answered;
    }

    /// @dev An auditor earns the price for an output that stands where the job's node has stated the same, or has failed and
    /// pays for it. Its error earns nothing, and nor does what it states beside an error of the node: a node could otherwise
    /// give way, at no cost, to an auditor who answers with far less collateral.
    function isPaid(OptimisticState end, Conduct auditor) internal pure returns (bool) {
        return auditor == Conduct.Upheld && end != OptimisticState.Refused && end != OptimisticState.Undecided;
    }
}
