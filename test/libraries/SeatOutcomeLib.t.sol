// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SeatOutcomeLib} from "../../contracts/libraries/SeatOutcomeLib.sol";
import {SeatOutcome} from "../../contracts/types/JobTypes.sol";

contract SeatOutcomeLibTest {
    using SeatOutcomeLib for SeatOutcome;

    function testFuzz_outcome_isReadBack(uint96 earned, uint96 lost, bool shares) external pure {
        SeatOutcome outcome = SeatOutcomeLib.outcome(earned, lost, shares);
        require(outcome.earned() == earned, "earned");
        require(outcome.lost() == lost, "lost");
        require(outcome.shares() == shares, "shares");
        require(!outcome.lied(), "lied");
    }

    function testFuzz_lie_losesAndEarnsNothing(uint96 lost) external pure {
        SeatOutcome outcome = SeatOutcomeLib.lie(lost);
        require(outcome.lied() && !outcome.shares(), "lied");
        require(outcome.lost() == lost && outcome.earned() == 0, "lost");
    }
}
