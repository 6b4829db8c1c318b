// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuditOutcome, Conduct, OptimisticState} from "../types/OptimisticTypes.sol";

/// @title How a job ends whose answer was sealed
library AuditLib {
    /// @dev An auditor earns the price for an output that stands, where the job's node has stated the same, or has failed
    /// and pays for it. An auditor's error, or what it states beside an error of the node, earns nothing: a node could
    /// otherwise give way, at no cost, to an auditor who answers with far less collateral.
    /// @param equal Node and auditor have stated the same.
    function outcomeOf(Conduct node, Conduct auditor, bool equal) internal pure returns (AuditOutcome memory outcome) {
        outcome.auditor = auditor;
        bool stands = auditor == Conduct.Upheld;
        if (node == Conduct.Silent) outcome.state = OptimisticState.Unanswered;
        else if (node == Conduct.False) outcome.state = OptimisticState.Falsified;
        else if (node == Conduct.Error) outcome.state = OptimisticState.Refused;
        else outcome.state = stands && !equal ? OptimisticState.Undecided : OptimisticState.Answered;
        outcome.auditPaid =
            stands &&
            outcome.state != OptimisticState.Refused &&
            outcome.state != OptimisticState.Undecided;
    }
}
