// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {AccountAmount, Job, JobRecord, JobRules, JobShape, JobState, Rules} from "../../contracts/types/JobTypes.sol";
import {VM} from "../support/Vm.sol";

contract JobLibTest {
    using JobLib for AccountAmount;
    using JobLib for Job;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using RulesLib for JobRules;

    uint256 private constant BPS = 10_000;
    uint256 private constant ORDER_BITS = 160;
    uint256 private constant NONCE = uint256(type(uint40).max) << 96;

    function testFuzz_pair_isReadBack(address account, uint96 amount) external pure {
        AccountAmount pair = JobLib.pair(account, amount);
        require(pair.account() == account, "account");
        require(pair.amount() == amount, "amount");
    }

    /// @dev Time and block are the market's to say, whatever an order claims; the rest is the requester's.
    function testFuzz_stamped_replacesTimeAndBlockAlone(JobShape shape, uint48 time, uint48 number) external {
        VM.warp(time);
        VM.roll(number);
        uint256 stamped = uint256(JobShape.unwrap(shape.stamped()));
        require(stamped % (1 << ORDER_BITS) == uint256(JobShape.unwrap(shape)) % (1 << ORDER_BITS), "order");
        require(uint48(stamped >> 160) == time, "time");
        require(stamped >> 208 == number, "block");
        require(JobShape.wrap(bytes32(stamped)).requestedAt() == time, "requestedAt");
        require(JobShape.wrap(bytes32(stamped)).requestBlock() == number, "requestBlock");
    }

    function testFuzz_renewed_changesTheNonceAlone(JobShape shape, uint40 nonce) external pure {
        uint256 expected = (uint256(JobShape.unwrap(shape)) & ~NONCE) | (uint256(nonce) << 96);
        require(uint256(JobShape.unwrap(shape.renewed(nonce))) == expected, "nonce");
    }

    function testFuzz_shape_isReadField(
        uint8 quorum,
        uint16 audit,
        uint16 factor,
        uint24 period,
        uint32 gas_
    ) external pure {
        uint256 word = uint256(quorum) | (uint256(audit) << 8) | (uint256(factor) << 24);
        JobShape shape = JobShape.wrap(bytes32(word | (uint256(period) << 40) | (uint256(gas_) << 64)));
        require(shape.quorum() == quorum, "quorum");
        require(shape.auditBps() == audit, "auditBps");
        require(shape.collateralFactor() == factor, "collateralFactor");
        require(shape.sealPeriod() == period, "sealPeriod");
        require(shape.callbackGas() == gas_, "callbackGas");
    }

    function test_states_fallIntoTheirGroups() external pure {
        for (uint256 i; i <= uint256(type(JobState).max); ++i) {
            JobState state = JobState(i);
            bool underWay = state == JobState.Open || state == JobState.Audit || state == JobState.Appeal;
            require(state.isFinal() == (!underWay && state != JobState.None), "final");
            bool agreed = state == JobState.Agreed || state == JobState.Refused;
            require(state.hasResult() == (agreed || state == JobState.Decided), "result");
        }
    }

    function testFuzz_drawOf_theFirstDrawHasTheClocksOfTheOrder(Job calldata job, uint40 start) external pure {
        Round draw = job.drawOf(JobRecordLib.open(0, start));
        uint256 step = job.shape.sealPeriod();
        _require(draw, start + step, start + (1 + job.rules.widenSteps()) * step, job.rules.revealPeriod());
        require(RoundLib.least(draw) == job.shape.quorum(), "least");
        require(RoundLib.windowPeriod(draw) == job.shape.windowPeriod(), "window");
    }

    function testFuzz_drawOf_auditAndAppealHaveTheirOwnClocks(Job calldata job, uint40 start) external {
        VM.warp(start);
        JobRules rules = job.rules;
        uint256 step = rules.appealSealPeriod();
        uint256 end = start + (1 + rules.appealWidenSteps()) * step;
        Round audit = job.drawOf(JobRecord.wrap(0).entered(JobState.Audit));
        _require(audit, start + step, end, rules.appealRevealPeriod());
        require(RoundLib.least(audit) == 1 && RoundLib.most(audit) == 6, "audit");
        Round appeal = job.drawOf(JobRecord.wrap(0).entered(JobState.Appeal));
        _require(appeal, start + step, end, rules.appealRevealPeriod());
        require(RoundLib.least(appeal) == rules.appealSize(), "appeal");
    }

    /// @dev With the quorums and appeal sizes that the rules allow, a full draw fits its field.
    function test_drawOf_theMostSeatsFitTheirField() external view {
        for (uint256 quorum = 2; quorum <= 15; ++quorum) {
            Round draw = this.drawOf(_jobOf(quorum, 0), JobState.Open);
            require(RoundLib.most(draw) == 3 * quorum + 3, "first draw");
        }
        for (uint256 size = 3; size <= 63; ++size) {
            Round draw = this.drawOf(_jobOf(0, size), JobState.Appeal);
            require(RoundLib.most(draw) == 2 * size, "appeal");
        }
    }

    function testFuzz_weighedAt_isAnActivationPeriodBeforeTheRequest(Job memory job, uint48 time) external {
        VM.assume(time >= job.rules.activationPeriod());
        VM.warp(time);
        job.shape = job.shape.stamped();
        require(this.weighedAt(job) == time - job.rules.activationPeriod(), "time");
    }

    function testFuzz_escrow_isWhatTheRequesterCanOwe(
        AccountAmount requester,
        AccountAmount callback,
        uint96 royalty,
        JobShape shape,
        JobRules rules
    ) external pure {
        uint256 seats = 3 * shape.quorum() + 3 + (shape.auditBps() > 0 ? 6 : 0);
        uint256 pay = seats * requester.amount();
        require(JobLib.seatEscrow(requester, shape) == pay, "seats");
        uint256 fee = (pay * rules.feeBps()) / BPS;
        uint256 escrow = JobLib.escrow(requester, callback, royalty, shape, rules);
        require(escrow == pay + fee + royalty + callback.amount(), "escrow");
    }

    /// @dev The fee on what is earned is never more than the escrow held for it.
    function testFuzz_fee_isRoundedDownAndGrows(JobRules rules, uint96 earned, uint96 more) external pure {
        uint256 fee = JobLib.fee(rules, earned);
        require(fee * BPS <= earned * rules.feeBps() && (fee + 1) * BPS > earned * rules.feeBps(), "fee");
        require(JobLib.fee(rules, uint256(earned) + more) >= fee, "grows");
    }

    function testFuzz_collateral_isTheFactorInPrices(Job calldata job) external pure {
        require(job.collateral() == job.requester.amount() * job.shape.collateralFactor(), "collateral");
    }

    function drawOf(Job calldata job, JobState state) external view returns (Round) {
        return job.drawOf(JobRecord.wrap(0).entered(state));
    }

    function weighedAt(Job calldata job) external pure returns (uint256) {
        return job.weighedAt();
    }

    function _jobOf(uint256 quorum, uint256 appealSize) private pure returns (Job memory job) {
        Rules memory rules;
        rules.appealSize = uint8(appealSize);
        job.rules = RulesLib.pack(rules);
        job.shape = JobShape.wrap(bytes32(quorum));
    }

    function _require(Round draw, uint256 sealEndsAt, uint256 lastSealEndsAt, uint256 revealPeriod) private pure {
        require(RoundLib.sealEndsAt(draw) == sealEndsAt, "sealEndsAt");
        require(RoundLib.lastSealEndsAt(draw) == lastSealEndsAt, "lastSealEndsAt");
        require(RoundLib.revealPeriod(draw) == revealPeriod, "revealPeriod");
    }
}
