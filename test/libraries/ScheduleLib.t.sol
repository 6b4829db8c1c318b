// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {ScheduleId, ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

contract ScheduleLibTest {
    using ScheduleLib for ScheduleTiming;

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
}
