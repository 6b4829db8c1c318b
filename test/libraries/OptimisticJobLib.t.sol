// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuctionLib} from "../../contracts/libraries/AuctionLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {Slashing} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract OptimisticJobLibTest {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticRules;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;

    struct Shape {
        uint24 windowPeriod;
        uint24 answerPeriod;
        uint32 callbackGas;
        uint48 nonce;
        uint16 auditBps;
        uint16 auctionDelay;
        uint24 auctionRamp;
        uint8 flags;
        uint24 valueAtStake;
        uint40 requestedAt;
    }

    uint256 private constant OPG = 1e18;
    uint256 private constant UNIT = 1e12;
    uint256 private constant MOST_STATE = uint256(type(OptimisticState).max);

    function testFuzz_shape_readsWhatThePackingSays(Shape memory shape) external pure {
        _require(_pack(shape), shape);
    }

    /// @dev Only an order that is never audited can say since when it stands, and not that it will.
    function testFuzz_stamped_changesTheTimeAlone(Shape memory shape, uint40 time, bool audited) external {
        VM.warp(time);
        if (!audited) shape.auditBps = 0;
        OptimisticShape stamped = _pack(shape).stamped();
        bool says = shape.requestedAt > 0 && shape.requestedAt <= time && shape.auditBps == 0;
        if (!says) shape.requestedAt = time;
        _require(stamped, shape);
    }

    /// @dev An order that is placed again is as old as its placing, whatever the first one said.
    function testFuzz_renewed_changesTheNonceAndForgetsTheTime(Shape memory shape, uint48 nonce) external pure {
        OptimisticShape renewed = _pack(shape).renewed(nonce);
        (shape.nonce, shape.requestedAt) = (nonce, 0);
        _require(renewed, shape);
    }

    function testFuzz_states_areUnderWayHeldOrWithResult(uint8 any) external pure {
        OptimisticState state = OptimisticState(bound(any, 0, MOST_STATE));
        bool held = state == OptimisticState.Named || state == OptimisticState.Reserved;
        require(state.isHeld() == held, "held");
        require(state.isUnanswered() == (held || state == OptimisticState.Open), "unanswered");
        bool waits = state.isUnanswered() || state == OptimisticState.Stated;
        require(state.isUnderWay() == waits, "under way");
        bool result = state == OptimisticState.Answered || state == OptimisticState.Refused;
        require(state.hasResult() == result, "result");
    }

    /// @dev Only a first attempt is auctioned; a second one waits for as long as an answer may take.
    function testFuzz_deadline_coversTheAuctionOfAFirstAttempt(
        Shape memory shape,
        uint8 any,
        bool second,
        uint40 since
    ) external view {
        OptimisticState state = OptimisticState(bound(any, 1, uint256(OptimisticState.Reserved)));
        OptimisticJob memory job;
        job.shape = _pack(shape);
        uint256 expected = uint256(since) + shape.answerPeriod;
        if (state == OptimisticState.Open && !second) expected += uint256(shape.auctionDelay) + shape.auctionRamp;
        require(this.deadline(job, _record(state, second, address(0), 0, since)) == expected, "deadline");
    }

    /// @dev Who is named answers a first attempt; after that the record knows whose turn it is.
    function testFuzz_nodeOf_isTheNamedOneUntilTheRecordKnows(
        address named,
        address held,
        bool reserved
    ) external view {
        OptimisticJob memory job;
        job.node = JobLib.pair(named, 0);
        OptimisticState state = reserved ? OptimisticState.Reserved : OptimisticState.Named;
        require(this.nodeOf(job, _record(state, false, held, 0, 0)) == (reserved ? held : named), "node");
    }

    /// @dev A named node earns the price, a reserving one what it reserved for, a second one the prize, and an open job
    /// costs what its auction says now [I37].
    function testFuzz_priceOf_isFixedOnceANodeHoldsTheJob(
        Shape memory shape,
        uint40 lowest,
        uint40 rise,
        uint40 kept,
        uint24 elapsed,
        uint8 any
    ) external {
        OptimisticJob memory job;
        job.shape = _pack(shape);
        job.requester = JobLib.pair(address(1), (uint256(lowest) + rise) * UNIT);
        job.node = JobLib.pair(address(0), lowest * UNIT);
        VM.warp(uint256(shape.requestedAt) + elapsed);
        uint256 now_ = AuctionLib.priceAt(
            lowest * UNIT,
            (uint256(lowest) + rise) * UNIT,
            shape.auctionDelay,
            shape.auctionRamp,
            elapsed
        );
        OptimisticState state = OptimisticState(bound(any, 1, MOST_STATE));
        bool second = any & 0x80 != 0 && state != OptimisticState.Named;
        uint256 expected = kept * UNIT;
        if (state == OptimisticState.Named) expected = job.requester.amount();
        if (state == OptimisticState.Open && !second) expected = now_;
        require(this.priceOf(job, _record(state, second, address(2), kept, 0)) == expected, "price");
    }

    /// @dev Even if one answer in ten is looked at, a lie costs more than it can bring; where the order says how many are
    /// audited, as much more as those are fewer. It always covers a late penalty [I14].
    function testFuzz_collateral_outweighsALie(
        Shape memory shape,
        OptimisticNumbers memory numbers,
        uint96 price,
        bool second
    ) external view {
        shape.auditBps = uint16(bound(shape.auditBps, 0, 10_000));
        OptimisticJob memory job = _jobOf(shape, numbers);
        OptimisticRecord record = _record(OptimisticState.Reserved, second, address(1), 0, 0);
        bool audited = shape.auditBps > 0 && !second;
        require(this.isAudited(job, record) == audited, "audited");
        uint256 gain = uint256(price) + uint256(shape.valueAtStake) * OPG;
        uint256 feared = (numbers.deterrence * gain * 1_000) / (audited ? shape.auditBps : 1_000);
        uint256 penalty = OptimisticJobLib.latePenalty(job.rules, price);
        uint256 bonds = 4 * uint256(numbers.disputeBond) * OPG;
        require(this.collateral(job, record, price) == (feared > penalty ? feared : penalty) + bonds, "collateral");
        require(this.auditCollateral(job, price) == 2 * uint256(price) + bonds, "audit");
    }

    /// @dev A part of what a seat has locked.
    function testFuzz_absence_isAPartOfTheLock(OptimisticNumbers memory numbers, uint96 locked) external pure {
        numbers.absenceBps %= 10_001;
        uint256 absence = OptimisticJobLib.absence(OptimisticRulesLib.pack(numbers), locked);
        require(absence == (uint256(locked) * numbers.absenceBps) / 10_000, "absence");
    }

    /// @dev What waits for a second node is within what the first one lost, and fits a record.
    function testFuzz_prize_isAPartOfThePenalty(OptimisticNumbers memory numbers, uint96 price) external pure {
        uint256 penalty = OptimisticJobLib.latePenalty(OptimisticRulesLib.pack(numbers), price);
        require(penalty == uint256(price) * numbers.latePenaltyFactor, "penalty");
        uint256 share = (penalty * numbers.finisherShareBps) / 10_000;
        uint256 most = uint256(type(uint40).max) * UNIT;
        uint256 prize = OptimisticJobLib.prizeAfterSilence(OptimisticRulesLib.pack(numbers), price);
        require(prize == (share < most ? share : most), "prize");
    }

    function testFuzz_escrow_coversPriceFeeRoyaltyAndTip(
        OptimisticNumbers memory numbers,
        uint96 price,
        uint96 royalty,
        uint96 tip,
        Shape memory shape
    ) external pure {
        OptimisticJob memory job;
        job.shape = _pack(shape);
        job.rules = OptimisticRulesLib.pack(numbers);
        job.requester = JobLib.pair(address(1), price);
        job.royalty = JobLib.pair(address(2), royalty);
        job.callback = JobLib.pair(address(3), tip);
        uint256 fee = (uint256(price) * numbers.feeBps) / 10_000;
        require(OptimisticJobLib.fee(job.rules, price) == fee, "fee");
        uint256 answers = shape.auditBps == 0 ? 1 : 2;
        require(job.escrow() == answers * (uint256(price) + fee) + royalty + tip, "escrow");
    }

    /// @dev The requester first, then the next node, then those who proved it, and never more than came in [I20].
    function testFuzz_divide_isWithinWhatCameIn(
        OptimisticNumbers memory numbers,
        uint96 harm,
        uint96 wanted,
        uint96 own,
        uint96 rewarded
    ) external pure {
        numbers.challengerShareBps %= 10_001;
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        Slashing memory slashing;
        (slashing.own, slashing.rewarded) = own > rewarded ? (own, rewarded) : (rewarded, own);
        (uint256 compensation, uint256 prize, uint256 reward) = rules.divide(harm, wanted, slashing);
        require(compensation == _least(harm, slashing.rewarded), "compensation");
        uint256 left = slashing.rewarded - compensation;
        require(prize == _least(wanted, left), "prize");
        uint256 most = ((slashing.own - compensation - prize) * numbers.challengerShareBps) / 10_000;
        require(reward == _least(most, left - prize), "reward");
    }

    function deadline(OptimisticJob calldata job, OptimisticRecord record) external pure returns (uint256) {
        return job.deadline(record);
    }

    function nodeOf(OptimisticJob calldata job, OptimisticRecord record) external pure returns (address) {
        return job.nodeOf(record);
    }

    function priceOf(OptimisticJob calldata job, OptimisticRecord record) external view returns (uint256) {
        return job.priceOf(record);
    }

    function isAudited(OptimisticJob calldata job, OptimisticRecord record) external pure returns (bool) {
        return job.shape.isAudited(record);
    }

    function collateral(
        OptimisticJob calldata job,
        OptimisticRecord record,
        uint256 price
    ) external pure returns (uint256) {
        return job.rules.collateral(job.shape, record, price);
    }

    function auditCollateral(OptimisticJob calldata job, uint256 price) external pure returns (uint256) {
        return job.auditCollateral(price);
    }

    function _jobOf(
        Shape memory shape,
        OptimisticNumbers memory numbers
    ) private pure returns (OptimisticJob memory job) {
        job.shape = _pack(shape);
        job.rules = OptimisticRulesLib.pack(numbers);
    }

    function _record(
        OptimisticState state,
        bool second,
        address node,
        uint40 price,
        uint40 since
    ) private pure returns (OptimisticRecord) {
        uint256 word = uint256(state) | (second ? 1 << 8 : 0) | (uint256(price) << 16) | (uint256(since) << 56);
        return OptimisticRecord.wrap(word | (uint256(uint160(node)) << 96));
    }

    function _pack(Shape memory s) private pure returns (OptimisticShape) {
        uint256 word = s.windowPeriod | (uint256(s.answerPeriod) << 24) | (uint256(s.callbackGas) << 48);
        word |=
            (uint256(s.nonce) << 80) |
            (uint256(s.auditBps) << 128) |
            (uint256(s.auctionDelay) << 144) |
            (uint256(s.auctionRamp) << 160);
        word |= (uint256(s.flags) << 184) | (uint256(s.valueAtStake) << 192) | (uint256(s.requestedAt) << 216);
        return OptimisticShape.wrap(bytes32(word));
    }

    function _require(OptimisticShape shape, Shape memory s) private pure {
        require(OptimisticShape.unwrap(shape) == OptimisticShape.unwrap(_pack(s)), "word");
        require(shape.windowPeriod() == s.windowPeriod, "windowPeriod");
        require(shape.answerPeriod() == s.answerPeriod, "answerPeriod");
        require(shape.callbackGas() == s.callbackGas, "callbackGas");
        require(shape.auditBps() == s.auditBps, "auditBps");
        require(shape.auctionDelay() == s.auctionDelay, "auctionDelay");
        require(shape.auctionRamp() == s.auctionRamp, "auctionRamp");
        require(shape.flags() == s.flags, "flags");
        require(shape.takesProvisional() == (s.flags == 1), "takesProvisional");
        require(shape.valueAtStake() == s.valueAtStake * OPG, "valueAtStake");
        require(shape.requestedAt() == s.requestedAt, "requestedAt");
    }

    function _least(uint256 one, uint256 other) private pure returns (uint256) {
        return one < other ? one : other;
    }
}
