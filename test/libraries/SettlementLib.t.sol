// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {SeatOutcomeLib} from "../../contracts/libraries/SeatOutcomeLib.sol";
import {SettlementLib} from "../../contracts/libraries/SettlementLib.sol";
import {Job, JobShape, JobState, Rules, SeatOutcome, Settlement} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract SettlementLibTest {
    using SeatOutcomeLib for SeatOutcome;

    /// @dev A job and who sat in it, drawn at random.
    struct Story {
        uint256 price;
        uint256 quorum;
        uint256 factor;
        uint256 auditBps;
        uint256[3] seated;
        uint256[3] right;
        uint256[3] silent;
    }

    /// @dev What one seat of a draw is expected to earn and to lose.
    struct Expected {
        uint256 pay;
        uint256 silentLoss;
        uint256 wrongLoss;
        bool shares;
    }

    uint256 private constant BPS = 10_000;
    uint256 private constant ABSENCE_BPS = 1_250;
    uint256 private constant NO_RESULT_FEE_BPS = 5_000;
    uint256 private constant ERROR_FEE_BPS = 2_000;

    function testFuzz_plan_agreedPaysThePriceAndTakesAPartForSilence(Story memory story) external view {
        _fit(story);
        (story.seated[2], story.right[2], story.silent[2]) = (0, 0, 0);
        Settlement memory settled = _plan(story, JobState.Agreed, true);
        uint256 absence = (story.price * story.factor * ABSENCE_BPS) / BPS;
        uint256 silentAuditor = _count(story.right[1]) == 0 ? story.price * story.factor : absence;
        Expected[3] memory expected;
        expected[0] = Expected(story.price, absence, 0, true);
        expected[1] = Expected(story.price, silentAuditor, 0, false);
        _require(settled, story, expected);
        uint256 missing = story.seated[0] + story.seated[1] - _count(story.right[0]) - _count(story.right[1]);
        require(settled.compensation == missing * story.price && settled.harm == 0, "compensation");
    }

    function testFuzz_plan_refusedPaysTheFeeForAnError(Story memory story) external view {
        _fit(story);
        (story.seated[1], story.seated[2]) = (0, 0);
        Settlement memory settled = _plan(story, JobState.Refused, false);
        uint256 absence = (story.price * story.factor * ABSENCE_BPS) / BPS;
        Expected[3] memory expected;
        expected[0] = Expected((story.price * ERROR_FEE_BPS) / BPS, absence, 0, true);
        _require(settled, story, expected);
    }

    /// @dev The escrow pays the earlier draws alone; the appeal's seats share what the others lose.
    function testFuzz_plan_decidedTakesAllFromTheWrongAndTheSilent(Story memory story) external view {
        _fit(story);
        Settlement memory settled = _plan(story, JobState.Decided, true);
        uint256 all = story.price * story.factor;
        Expected[3] memory expected;
        expected[0] = Expected(story.price, all, all, false);
        expected[1] = expected[0];
        expected[2] = Expected(0, all, all, true);
        _require(settled, story, expected);
        uint256 right = _count(story.right[0]) + _count(story.right[1]) + _count(story.right[2]);
        require(settled.harm == right * story.price, "harm");
        require(settled.compensation == 2 * story.price, "compensation");
    }

    /// @dev However many reveal, they never earn more than the escrow holds for seats.
    function testFuzz_plan_undecidedPaysEveryRevealAlikeOutOfTheEscrow(Story memory story) external view {
        _fit(story);
        story.right[0] |= 1; // somebody has revealed, or there would be no appeal
        story.silent[0] &= ~uint256(1);
        Settlement memory settled = _plan(story, JobState.Undecided, false);
        uint256 reveals = _count(story.right[0]) + _count(story.right[1]) + _count(story.right[2]);
        uint256 escrow = JobLib.seatEscrow(JobLib.pair(address(0), story.price), _shape(story));
        uint256 fee = (story.price * NO_RESULT_FEE_BPS) / BPS;
        if (fee > escrow / reveals) fee = escrow / reveals;
        Expected[3] memory expected;
        expected[0] = Expected(fee, 0, 0, false);
        expected[1] = expected[0];
        expected[2] = Expected(fee, story.price * story.factor, 0, false);
        _require(settled, story, expected);
        require(settled.pay <= escrow, "escrow");
        require(settled.harm == 0 && settled.compensation == 0, "compensation");
    }

    function testFuzz_plan_unrevealedTakesAllFromTheSilentAlone(Story memory story) external view {
        _fit(story);
        (story.seated[1], story.seated[2]) = (0, 0);
        Settlement memory settled = _plan(story, JobState.Unrevealed, false);
        Expected[3] memory expected;
        expected[0] = Expected(0, story.price * story.factor, 0, true);
        _require(settled, story, expected);
        require(
            settled.compensation == (_count(story.right[0]) + 2) * story.price && settled.harm == 0,
            "compensation"
        );
    }

    /// @dev Too few have sealed, and nobody is to blame.
    function testFuzz_plan_unansweredLeavesEverybodyAlone(Story memory story) external view {
        _fit(story);
        (story.seated[1], story.seated[2]) = (0, 0);
        Settlement memory settled = _plan(story, JobState.Unanswered, false);
        Expected[3] memory expected;
        _require(settled, story, expected);
        require(settled.harm == 0 && settled.compensation == 0, "compensation");
    }

    function plan(
        JobState state,
        bool hasOutput,
        Job calldata job,
        SettlementLib.Tally[3] memory tallies
    ) external pure returns (Settlement memory settlement) {
        (settlement.state, settlement.hasOutput) = (state, hasOutput);
        SettlementLib.plan(settlement, job, tallies);
    }

    /// @dev Every seat, draw after draw, and the sums over them.
    function _require(Settlement memory settled, Story memory story, Expected[3] memory expected) private pure {
        uint256 pay;
        uint256 sharing;
        uint256 seat;
        for (uint256 draw; draw < 3; ++draw) {
            for (uint256 i; i < story.seated[draw]; ++i) {
                SeatOutcome outcome = settled.outcomes[seat++];
                bool right = _has(story.right[draw], i);
                bool silent = _has(story.silent[draw], i);
                uint256 loss = silent ? expected[draw].silentLoss : expected[draw].wrongLoss;
                require(outcome.earned() == (right ? expected[draw].pay : 0), "earned");
                require(outcome.lost() == (right ? 0 : loss), "lost");
                require(outcome.shares() == (right && expected[draw].shares), "shares");
                pay += outcome.earned();
                if (outcome.shares()) ++sharing;
            }
        }
        require(settled.outcomes.length == seat, "seats");
        require(settled.pay == pay, "pay");
        require(settled.sharing == sharing, "sharing");
    }

    function _plan(Story memory story, JobState state, bool hasOutput) private view returns (Settlement memory) {
        Rules memory rules;
        (rules.absenceBps, rules.errorFeeBps, rules.noResultFeeBps) = (
            uint16(ABSENCE_BPS),
            uint16(ERROR_FEE_BPS),
            uint16(NO_RESULT_FEE_BPS)
        );
        Job memory job;
        job.requester = JobLib.pair(address(0), story.price);
        job.shape = _shape(story);
        job.rules = RulesLib.pack(rules);
        SettlementLib.Tally[3] memory tallies;
        for (uint256 draw; draw < 3; ++draw) {
            SettlementLib.Tally memory tally = tallies[draw];
            (tally.seated, tally.right, tally.silent) = (story.seated[draw], story.right[draw], story.silent[draw]);
            tally.rightCount = story.seated[draw] == 0 ? 0 : _count(story.right[draw]);
        }
        return this.plan(state, hasOutput, job, tallies);
    }

    function _shape(Story memory story) private pure returns (JobShape) {
        return JobShape.wrap(bytes32(story.quorum | (story.auditBps << 8) | (story.factor << 24)));
    }

    /// @dev A job within its bounds, and draws of at most as many seats as they have; nobody is right and silent.
    function _fit(Story memory story) private pure {
        story.price = bound(story.price, 1, 1e24);
        story.quorum = bound(story.quorum, 2, 15);
        story.factor = bound(story.factor, 8, 1_000);
        story.auditBps = bound(story.auditBps, 0, BPS);
        uint256[3] memory most = [JobLib.seatBound(story.quorum), JobLib.seatBound(1), 66];
        for (uint256 draw; draw < 3; ++draw) {
            story.seated[draw] = bound(story.seated[draw], draw == 0 ? story.quorum : 0, most[draw]);
            uint256 seats = (1 << story.seated[draw]) - 1;
            story.right[draw] &= seats;
            story.silent[draw] &= seats & ~story.right[draw];
        }
    }

    function _has(uint256 set, uint256 index) private pure returns (bool) {
        return (set >> index) & 1 == 1;
    }

    function _count(uint256 set) private pure returns (uint256 count) {
        for (; set != 0; set &= set - 1) ++count;
    }
}
