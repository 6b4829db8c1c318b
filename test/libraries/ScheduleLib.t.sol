// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {Job, JobShape} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticShape} from "../../contracts/types/OptimisticTypes.sol";
import {ScheduleId, ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract ScheduleLibTest {
    using ScheduleLib for Job;
    using ScheduleLib for OptimisticJob;
    using ScheduleLib for ScheduleTiming;

    uint256 private constant NONCE = uint256(type(uint40).max) << 96;
    uint256 private constant OPTIMISTIC_NONCE = uint256(type(uint48).max) << 80;

    /// @dev Every second from the beginning on belongs to one period, and periods follow each other. [T094 I39]
    function testFuzz_indexNow_isThePeriodOfTheSecond(uint40 start, uint32 length, uint40 elapsed) external {
        uint256 interval = bound(length, 1, type(uint32).max);
        VM.warp(uint256(start) + elapsed);
        ScheduleTiming timing = ScheduleTiming.wrap(bytes32(uint256(start) | (interval << 80)));
        uint256 index = timing.indexNow();
        require(timing.dueAt(index) <= block.timestamp, "before its period");
        require(block.timestamp < timing.dueAt(index + 1), "after its period");
        require(timing.dueAt(0) == start, "the first one");
        require(timing.dueAt(index + 1) - timing.dueAt(index) == interval, "its length");
    }

    function testFuzz_isOver_byTimeOrByRuns(uint40 endsAt, uint32 most, uint40 runs, uint40 time) external {
        VM.warp(time);
        ScheduleTiming timing = ScheduleTiming.wrap(bytes32((uint256(endsAt) << 40) | (uint256(most) << 112)));
        bool ended = endsAt != 0 && time >= endsAt;
        bool enough = most != 0 && runs >= most;
        require(timing.isOver(runs) == (ended || enough), "over");
    }

    function testFuzz_fields_areReadBack(uint256 word) external pure {
        ScheduleTiming timing = ScheduleTiming.wrap(bytes32(word));
        uint256 packed = timing.startAt() | (timing.endsAt() << 40) | (timing.interval() << 80);
        packed |= (timing.mostRuns() << 112) | (timing.sourceGas() << 144) | (timing.noticeGas() << 168);
        require(packed == word & type(uint192).max, "fields");
    }

    function testFuzz_gasOf_growsWithWhatIsCalledAndCarried(uint256 word, uint16 size) external pure {
        ScheduleTiming timing = ScheduleTiming.wrap(bytes32(word));
        uint256 least = ScheduleTiming.wrap(0).gasOf(0);
        uint256 called = timing.sourceGas() + timing.noticeGas();
        require(timing.gasOf(size) == least + called + 25 * uint256(size), "gas");
    }

    function testFuzz_nonceOf_differsByScheduleAndPeriod(bytes32 id, uint40 index, bytes32 other) external pure {
        uint256 nonce = ScheduleLib.nonceOf(ScheduleId.wrap(id), index);
        require(nonce <= type(uint40).max, "fits");
        require(nonce != ScheduleLib.nonceOf(ScheduleId.wrap(id), uint256(index) + 1), "period");
        if (id != other) require(nonce != ScheduleLib.nonceOf(ScheduleId.wrap(other), index), "schedule");
    }

    function testFuzz_setNonce_changesTheNonceAlone(
        Job memory order,
        OptimisticJob memory offer,
        uint40 nonce
    ) external pure {
        bytes32 shape = JobShape.unwrap(order.shape);
        bytes32 rest = _hashWithout(order);
        order.setNonce(nonce);
        uint256 word = uint256(JobShape.unwrap(order.shape));
        require(word == (uint256(shape) & ~NONCE) | (uint256(nonce) << 96), "nonce");
        require(_hashWithout(order) == rest, "rest");

        shape = OptimisticShape.unwrap(offer.shape);
        rest = _hashWithout(offer);
        offer.setNonce(nonce);
        word = uint256(OptimisticShape.unwrap(offer.shape));
        require(word == (uint256(shape) & ~OPTIMISTIC_NONCE) | (uint256(nonce) << 80), "optimistic nonce");
        require(_hashWithout(offer) == rest, "optimistic rest");
    }

    /// @dev Whichever market an order is for, its requester and its input are found at the same places.
    function testFuzz_requesterOf_andInputRootOf_areThoseOfBothOrders(
        Job memory order,
        OptimisticJob memory offer
    ) external view {
        require(this.requesterOf(abi.encode(order)) == JobLib.account(order.requester), "order");
        require(this.requesterOf(abi.encode(offer)) == JobLib.account(offer.requester), "offer");
        require(this.inputRootOf(abi.encode(order)) == order.inputRoot, "input of order");
        require(this.inputRootOf(abi.encode(offer)) == offer.inputRoot, "input of offer");
    }

    function testFuzz_requesterOf_refusesOrdersOfNoMarket(bytes calldata order) external {
        VM.assume(order.length != 224 && order.length != 256);
        VM.expectRevert(abi.encodeWithSelector(ScheduleLib.SchedulerOrderOfNoMarket.selector, order.length));
        this.requesterOf(order);
    }

    function inputRootOf(bytes calldata order) external pure returns (bytes32) {
        return ScheduleLib.inputRootOf(order);
    }

    function requesterOf(bytes calldata order) external pure returns (address) {
        return ScheduleLib.requesterOf(order);
    }

    function _hashWithout(Job memory order) private pure returns (bytes32) {
        Job memory copy = abi.decode(abi.encode(order), (Job));
        copy.shape = JobShape.wrap(0);
        return keccak256(abi.encode(copy));
    }

    function _hashWithout(OptimisticJob memory order) private pure returns (bytes32) {
        OptimisticJob memory copy = abi.decode(abi.encode(order), (OptimisticJob));
        copy.shape = OptimisticShape.wrap(0);
        return keccak256(abi.encode(copy));
    }
}
