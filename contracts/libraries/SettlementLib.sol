// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount, Job, JobRules, JobState, SeatOutcome, Settlement} from "../types/JobTypes.sol";
import {JobLib} from "./JobLib.sol";
import {RulesLib} from "./RulesLib.sol";
import {SeatOutcomeLib} from "./SeatOutcomeLib.sol";

/// @title What seats earn and lose, by the final state of a job
/// @dev Unchecked arithmetic: amounts are OPG below 2^96, counts and factors below 2^16, and right seats are counted among
/// those seated, so that nothing passes 2^128 or falls below zero.
library SettlementLib {
    using JobLib for AccountAmount;
    using JobLib for Job;
    using RulesLib for JobRules;

    /// @dev The seats of one draw: bit i of `right` and `silent` is the i-th of them. Only in memory.
    struct Tally {
        uint256 seated;
        uint256 right;
        uint256 silent;
        uint256 rightCount;
        uint256 pay; // OPG to each right seat
        uint256 silentLoss; // OPG of each silent seat
        uint256 wrongLoss; // OPG of each other seat
        bool shares; // right seats are paid out of what others lose
    }

    /// @dev Completes a settlement, whose state is known, with what it means for the seats of each draw.
    function plan(Settlement memory self, Job calldata job, Tally[3] memory tallies) internal pure {
        JobState state = self.state;
        if (state == JobState.Agreed || state == JobState.Refused) _planAgreed(self, job, tallies);
        else if (state == JobState.Decided) _planDecided(self, job, tallies);
        else if (state == JobState.Undecided) _planUndecided(job, tallies);
        else if (state == JobState.Unrevealed) _planUnrevealed(self, job, tallies[JobLib.FIRST]);
        _list(self, tallies);
    }

    /// @dev Those who agree earn the price (for an error, a small fee). Silence costs a part, out of which the first
    /// draw's reveals get up to a price for each who was silent; in an audit in which nobody revealed it costs all.
    function _planAgreed(Settlement memory self, Job calldata job, Tally[3] memory tallies) private pure {
        unchecked {
            uint256 price = job.requester.amount();
            uint256 collateral = job.collateral();
            uint256 absence = (collateral * job.rules.absenceBps()) / JobLib.BPS;
            Tally memory first = tallies[JobLib.FIRST];
            Tally memory audit = tallies[JobLib.AUDIT];
            first.pay = self.hasOutput ? price : (price * job.rules.errorFeeBps()) / JobLib.BPS;
            first.silentLoss = absence;
            first.shares = true;
            audit.pay = price;
            audit.silentLoss = audit.rightCount == 0 ? collateral : absence;
            uint256 silent = first.seated - first.rightCount + audit.seated - audit.rightCount;
            self.compensation = silent * price;
        }
    }

    /// @dev The wrong and the silent lose all, which pays the appeal and what the requester pays for right seats before
    /// it; two prices more compensate the requester.
    function _planDecided(Settlement memory self, Job calldata job, Tally[3] memory tallies) private pure {
        unchecked {
            uint256 price = job.requester.amount();
            uint256 collateral = job.collateral();
            for (uint256 draw; draw < 3; ++draw) {
                Tally memory tally = tallies[draw];
                tally.shares = draw == JobLib.APPEAL;
                tally.pay = tally.shares ? 0 : price;
                tally.silentLoss = collateral;
                tally.wrongLoss = collateral;
                self.harm += tally.rightCount * price;
            }
            self.compensation = 2 * price;
        }
    }

    /// @dev Nobody is found wrong: every reveal gets a fee, all of them together at most what the escrow holds for
    /// seats. Who sat in the appeal and stayed silent may be why there is no result, and loses all.
    function _planUndecided(Job calldata job, Tally[3] memory tallies) private pure {
        unchecked {
            // Only reveals that differ lead here, so there are some.
            uint256 reveals = tallies[0].rightCount + tallies[1].rightCount + tallies[2].rightCount;
            uint256 fee = (job.requester.amount() * job.rules.noResultFeeBps()) / JobLib.BPS;
            uint256 most = JobLib.seatEscrow(job.requester, job.shape) / reveals;
            for (uint256 draw; draw < 3; ++draw) tallies[draw].pay = fee < most ? fee : most;
            tallies[JobLib.APPEAL].silentLoss = job.collateral();
        }
    }

    /// @dev The requester has its money back; the silent lose all, which gives up to a price to each reveal and up to
    /// two to the requester.
    function _planUnrevealed(Settlement memory self, Job calldata job, Tally memory first) private pure {
        unchecked {
            first.silentLoss = job.collateral();
            first.shares = true;
            self.compensation = (first.rightCount + 2) * job.requester.amount();
        }
    }

    /// @dev Writes down each seat's outcome, and what all of them earn.
    function _list(Settlement memory self, Tally[3] memory tallies) private pure {
        unchecked {
            self.outcomes = new SeatOutcome[](tallies[0].seated + tallies[1].seated + tallies[2].seated);
            uint256 next;
            for (uint256 draw; next < self.outcomes.length; ++draw) {
                Tally memory tally = tallies[draw];
                self.pay += tally.rightCount * tally.pay;
                if (tally.shares) self.sharing += tally.rightCount;
                for (uint256 i; i < tally.seated; ++i) {
                    bool right = (tally.right >> i) & 1 == 1;
                    bool silent = (tally.silent >> i) & 1 == 1;
                    self.outcomes[next++] =
                        right
                            ? SeatOutcomeLib.outcome(tally.pay, 0, tally.shares)
                            : SeatOutcomeLib.outcome(0, silent ? tally.silentLoss : tally.wrongLoss, false);
                }
            }
        }
    }
}
