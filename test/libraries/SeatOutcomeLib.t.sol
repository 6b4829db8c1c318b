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
    }
}
