// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuditLib} from "../../contracts/libraries/AuditLib.sol";
import {Conduct, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract AuditLibTest {
    /// @dev An end is what the node has done; an auditor can only turn an answer that stands into none.
    function testFuzz_endOf_isWhatTheNodeHasDone(uint8 any, uint8 other, bool equal) external pure {
        Conduct node = Conduct(bound(any, 1, 4));
        Conduct auditor = Conduct(bound(other, 0, 4));
        OptimisticState end = AuditLib.endOf(node, auditor, equal);
        OptimisticState[5] memory alone = [
            OptimisticState.None,
            OptimisticState.Unanswered,
            OptimisticState.Falsified,
            OptimisticState.Refused,
            OptimisticState.Answered
        ];
        bool differ = node == Conduct.Upheld && auditor == Conduct.Upheld && !equal;
        require(end == (differ ? OptimisticState.Undecided : alone[uint8(node)]), "end");
    }

    /// @dev Only an output that stands is paid, and none that contradicts what the node is not punished for.
    function testFuzz_isPaid_needsAnOutputThatStands(uint8 any, uint8 other, bool equal) external pure {
        Conduct node = Conduct(bound(any, 1, 4));
        Conduct auditor = Conduct(bound(other, 0, 4));
        bool paid = AuditLib.isPaid(AuditLib.endOf(node, auditor, equal), auditor);
        bool nodeFailed = node == Conduct.Silent || node == Conduct.False;
        require(paid == (auditor == Conduct.Upheld && (nodeFailed || (node == Conduct.Upheld && equal))), "paid");
    }
}
