// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount, Job, JobRules, JobState, SeatOutcome, Settlement} from "../types/JobTypes.sol";
import {JobLib} from "./JobLib.sol";
import {PayloadLib} from "./PayloadLib.sol";
import {RulesLib} from "./RulesLib.sol";
import {SeatOutcomeLib} from "./SeatOutcomeLib.sol";

/// @title How a job ends whose reveals a referee could judge, and what its seats earn and lose
/// @dev Unchecked arithmetic: amounts are OPG below 2^96, counts and factors below 2^16.
library HearingLib {
    using JobLib for AccountAmount;
    using JobLib for Job;
    using RulesLib for JobRules;

    /// @dev What is left of a round's reveals when all verdicts are in. Only in memory.
    struct Hearing {
        uint256 reveals;
        uint256 standing; // reveals that nobody has proven false
        bytes32[] stands; // what each seat states that nobody has proven false, or zero
        address[][] challengers; // who proved false what each seat states
        bytes32 output; // the first output proper that stands
        uint256 agreeing; // reveals of it
        bool split; // another one stands, too
        bytes32 fault; // the canonical error that all have revealed
    }

    /// @dev Notes what one more seat states and nobody has proven false.
    function uphold(Hearing memory self, uint256 seat, bytes32 outputRoot) internal pure {
        unchecked {
            self.stands[seat] = outputRoot;
            ++self.standing;
            if (PayloadLib.isError(outputRoot)) return;
            if (self.output == 0) self.output = outputRoot;
            if (self.output == outputRoot) ++self.agreeing;
            else self.split = true;
        }
    }

    /// @dev The end of a job of which enough has been revealed. An error never outranks an output: it cannot be proven wrong.
    function endOf(Hearing memory self) internal pure returns (JobState end, bytes32 outputRoot) {
        if (self.fault != 0) return (JobState.Refused, self.fault);
        if (self.output == 0 || self.split) return (JobState.Undecided, 0);
        return (self.agreeing == self.reveals ? JobState.Agreed : JobState.Decided, self.output);
    }

    /// @dev Completes a settlement, whose state and result are known, with what it means for the seats. What was proven
    /// false costs the whole collateral. Where there is a result the requester is whole, and lies pay their challengers
    /// alone; else they and the silent give it up to two prices.
    function plan(Settlement memory self, Job calldata job, Hearing memory hearing) internal pure {
        unchecked {
            uint256 price = job.requester.amount();
            uint256 collateral = job.collateral();
            uint256 absence = JobLib.part(collateral, job.rules.absenceBps());
            uint256 silentLoss = absence;
            uint256 pay;
            if (self.state == JobState.Unanswered) {
                silentLoss = 0;
            } else if (self.state == JobState.Unrevealed) {
                silentLoss = collateral;
                self.harm = (hearing.standing + 2) * price;
            } else if (self.state == JobState.Undecided) {
                self.harm = 2 * price;
            } else {
                pay = self.hasOutput ? price : JobLib.part(price, job.rules.errorFeeBps());
                self.compensation = (hearing.stands.length - hearing.reveals) * price;
            }
            _list(self, hearing, pay, silentLoss, absence, collateral);
        }
    }

    /// @dev Writes down each seat's outcome, and what all of them earn. Right is who states the result; where too few have
    /// revealed, whoever states what nobody has proven false.
    function _list(
        Settlement memory self,
        Hearing memory hearing,
        uint256 pay,
        uint256 silentLoss,
        uint256 wrongLoss,
        uint256 lieLoss
    ) private pure {
        unchecked {
            uint256 count = hearing.stands.length;
            self.challengers = hearing.challengers;
            self.outcomes = new SeatOutcome[](count);
            for (uint256 i; i < count; ++i) {
                bytes32 stated = hearing.stands[i];
                if (hearing.challengers[i].length > 0) {
                    self.outcomes[i] = SeatOutcomeLib.lie(lieLoss);
                } else if (stated == 0) {
                    self.outcomes[i] = SeatOutcomeLib.outcome(0, silentLoss, false);
                } else if (stated == self.outputRoot || self.state == JobState.Unrevealed) {
                    self.outcomes[i] = SeatOutcomeLib.outcome(pay, 0, true);
                    self.pay += pay;
                    ++self.sharing;
                } else {
                    self.outcomes[i] = SeatOutcomeLib.outcome(0, wrongLoss, false);
                }
            }
        }
    }
}
