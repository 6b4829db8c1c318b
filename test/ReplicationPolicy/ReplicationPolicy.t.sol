// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReplicationPolicy} from "../../contracts/ReplicationPolicy.sol";
import {IJobPolicy} from "../../contracts/interfaces/IJobPolicy.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {Job, JobId, JobRecord, JobRules, JobState} from "../../contracts/types/JobTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @dev The test is the consumer of the rounds that the policy reads.
contract ReplicationPolicyTest is SuiteAdmin {
    using JobRecordLib for JobRecord;
    using RulesLib for JobRules;

    /// @dev Where a governed number stands in its word, what fits there, and what is allowed there.
    struct Field {
        bytes32 name;
        uint256 shift;
        uint256 bits;
        uint256 least;
        uint256 most;
        uint256 unit;
    }

    uint256 private constant MARGIN = 20;
    uint256 private constant MOST_SEATS = 9;
    uint256 private constant NOW = 1_000_000;

    JobRules private _rules;

    function setUp() external {
        VM.warp(NOW);
        (_rules, ) = MARKET.governed();
    }

    /// @dev With one number outside its bounds, whichever and by however much, rules are refused by its name [T087].
    function testFuzz_complete_boundsEveryNumber(uint256 which, uint256 any) external {
        Field memory field = _fieldAt(which);
        uint256 capacity = (1 << field.bits) - 1;
        uint256[5] memory given = [any, field.least, field.most, field.most + 1, field.least > 0 ? field.least - 1 : 0];
        for (uint256 i; i < given.length; ++i) {
            given[i] = bound(given[i], 0, capacity);
            if (given[i] < field.least || given[i] > field.most) {
                uint256 unit = field.unit;
                VM.expectRevert(_outOfBounds(field.name, given[i] * unit, field.least * unit, field.most * unit));
            }
            POLICY.complete(_with(field, given[i]), MARGIN, type(uint256).max);
        }
    }

    function testFuzz_complete_boundsTheMargin(uint256 excess, uint256 thaw) external {
        uint256 least = (POLICY.MONEY_CLOCK_FLOOR() + 1) / 2;
        uint256 most = 30 days;
        uint256[3] memory bad = [least - 1, most + 1, bound(excess, most + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            VM.expectRevert(_outOfBounds("marginPeriod", bad[i], least, most));
            POLICY.complete(_rules, bad[i], thaw);
        }
        POLICY.complete(_rules, least, type(uint256).max);
        POLICY.complete(_rules, most, type(uint256).max);
    }

    /// @dev A job is over before stake has thawed, by a second at least, with whatever periods [T023 I17].
    function testFuzz_complete_nestsTheHorizonInTheThaw(
        uint256 which,
        uint256 given,
        uint256 margin,
        uint256 thaw
    ) external {
        Field memory field = _fieldAt(which);
        JobRules rules = _with(field, bound(given, field.least, field.most));
        margin = bound(margin, MARGIN, 30 days);
        uint256 horizon = POLICY.complete(rules, margin, type(uint256).max).horizonPeriod();
        uint256[2] memory bad = [horizon, bound(thaw, 0, horizon)];
        for (uint256 i; i < bad.length; ++i) {
            VM.expectRevert(abi.encodeWithSelector(IJobPolicy.PolicyDeadlinesDoNotNest.selector, horizon, bad[i]));
            POLICY.complete(rules, margin, bad[i]);
        }
        require(POLICY.complete(rules, margin, horizon + 1).horizonPeriod() == horizon, "horizon");
    }

    /// @dev A policy cannot be made with clocks outside of their bounds.
    function testFuzz_constructor_boundsTheClocks(uint256 which, uint48 given) external {
        which = bound(which, 0, 2);
        bytes32 name = [bytes32("seedPeriod"), "leastSealPeriod", "moneyClockFloor"][which];
        uint256 least = which == 2 ? 5 : 2;
        uint256 most = which == 2 ? 48 hours : 6 hours;
        uint48[3] memory bad = [uint48(least - 1), uint48(most + 1), given];
        for (uint256 i; i < bad.length; ++i) {
            if (bad[i] >= least && bad[i] <= most) continue;
            VM.expectRevert(_outOfBounds(name, bad[i], least, most));
            _create(which, bad[i]);
        }
        _create(which, uint48(least));
        _create(which, uint48(most));
    }

    /// @dev The seats of a job are those who sealed: not one may be left out or added, whoever asks [I36].
    function testFuzz_settlementOf_wantsAllWhoSealed(
        Job calldata job,
        JobId jobId,
        uint256 first,
        uint256 appeal,
        uint256 given
    ) external {
        first = bound(first, 1, MOST_SEATS);
        appeal = bound(appeal, 1, MOST_SEATS);
        given = bound(given, 0, 2 * MOST_SEATS + 1);
        _seal(job, jobId, 0, first);
        _seal(job, jobId, 1, appeal);
        JobRecord record = JobRecord.wrap(0).entered(JobState.Audit);
        // Nobody reveals, so that nothing but the seats can be wrong.
        VM.warp(NOW + 2);

        uint256 expected = given < first ? first : first + appeal;
        if (given != first + appeal) {
            VM.expectRevert(abi.encodeWithSelector(IJobPolicy.PolicyWrongSeats.selector, jobId, given, expected));
        }
        POLICY.settlementOf(address(this), jobId, job, record, _seats(first, given));
    }

    function _create(uint256 which, uint48 given) private {
        new ReplicationPolicy(COMMITMENTS, which == 0 ? given : 20, which == 1 ? given : 2, which == 2 ? given : 5);
    }

    function _seal(Job calldata job, JobId jobId, uint256 draw, uint256 count) private {
        for (uint256 i; i < count; ++i) {
            Round terms = RoundLib.terms(NOW + 1, NOW + 1, 1, 1, count, 0);
            COMMITMENTS.seal(JobId.unwrap(jobId), draw, job.versionId, job.inputRoot, _node(draw, i), "seal", terms);
        }
    }

    function _fieldAt(uint256 which) private view returns (Field memory) {
        uint256 step = POLICY.LEAST_SEAL_PERIOD();
        uint256 floor = POLICY.MONEY_CLOCK_FLOOR();
        return
            [
                Field("feeBps", 0, 16, 0, 1_000, 1),
                Field("seatFactorBps", 16, 16, 12_500, 30_000, 1),
                Field("absenceBps", 32, 16, 500, 5_000, 1),
                Field("noResultFeeBps", 48, 16, 2_500, 7_500, 1),
                Field("errorFeeBps", 64, 16, 500, 5_000, 1),
                Field("royaltyCapBps", 80, 16, 0, 5_000, 1),
                Field("drawnValueCap", 96, 24, 1, 1e6, 1e18),
                Field("maxSealPeriod", 120, 16, step, 6 hours, 1),
                Field("widenSteps", 136, 4, 1, 6, 1),
                Field("appealWidenSteps", 140, 4, 0, 3, 1),
                Field("appealSize", 144, 8, 3, 33, 1),
                Field("activationPeriod", 152, 20, 2, 7 days, 1),
                Field("revealPeriod", 172, 20, floor, 48 hours, 1),
                Field("appealSealPeriod", 192, 20, floor, 72 hours, 1),
                Field("appealRevealPeriod", 212, 20, floor, 48 hours, 1)
            ][bound(which, 0, 14)];
    }

    /// @dev The rules of the suite with another number in one field.
    function _with(Field memory field, uint256 given) private view returns (JobRules) {
        uint256 mask = ((1 << field.bits) - 1) << field.shift;
        return JobRules.wrap(bytes32((uint256(JobRules.unwrap(_rules)) & ~mask) | (given << field.shift)));
    }

    /// @dev The first so many of those who sealed in the first draw and in the second, and then some more.
    function _seats(uint256 first, uint256 count) private pure returns (address[] memory seats) {
        seats = new address[](count);
        for (uint256 i; i < count; ++i) seats[i] = i < first ? _node(0, i) : _node(1, i - first);
    }

    /// @dev Ascending by address in each draw.
    function _node(uint256 draw, uint256 i) private pure returns (address) {
        return address(uint160(1 + 100 * draw + i));
    }

    function _outOfBounds(
        bytes32 parameter,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobPolicy.PolicyOutOfBounds.selector, parameter, given, least, most);
    }
}
