// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ScheduleRecordLib} from "../../contracts/libraries/ScheduleRecordLib.sol";
import {ScheduleRecord, ScheduleState} from "../../contracts/types/SchedulerTypes.sol";
import {bound} from "../support/Fuzz.sol";

contract ScheduleRecordLibTest {
    using ScheduleRecordLib for ScheduleRecord;

    function testFuzz_begun_isReadBack(uint96 budget, bool paused) external pure {
        ScheduleState state = paused ? ScheduleState.Paused : ScheduleState.Active;
        _require(ScheduleRecordLib.begun(state, budget), state, 0, 0, budget);
    }

    function testFuzz_ran_movesTheIndexCountsAndSpends(uint96 budget, uint40 index, uint96 spent) external pure {
        uint256 first = bound(index, 0, type(uint40).max - 2);
        uint256 paid = bound(spent, 0, budget);
        ScheduleRecord record = ScheduleRecordLib.begun(ScheduleState.Active, budget).ran(first, paid);
        _require(record, ScheduleState.Active, first + 1, 1, budget - paid);
        _require(record.ran(first + 1, 0), ScheduleState.Active, first + 2, 2, budget - paid);
    }

    function testFuzz_withBudget_changesTheBudgetAlone(uint96 budget, uint40 index, uint96 other) external pure {
        uint256 last = bound(index, 0, type(uint40).max - 1);
        ScheduleRecord record = ScheduleRecordLib.begun(ScheduleState.Paused, budget).ran(last, 0).withBudget(other);
        _require(record, ScheduleState.Paused, last + 1, 1, other);
    }

    function testFuzz_entered_changesTheStateAlone(uint96 budget, uint40 index, uint8 next) external pure {
        uint256 last = bound(index, 0, type(uint40).max - 1);
        ScheduleState state = ScheduleState(bound(next, 0, uint256(type(ScheduleState).max)));
        ScheduleRecord record = ScheduleRecordLib.begun(ScheduleState.Active, budget).ran(last, 0).entered(state);
        _require(record, state, last + 1, 1, budget);
    }

    function _require(
        ScheduleRecord record,
        ScheduleState state,
        uint256 nextIndex,
        uint256 runs,
        uint256 budget
    ) private pure {
        require(record.state() == state, "state");
        require(record.nextIndex() == nextIndex, "nextIndex");
        require(record.runs() == runs, "runs");
        require(record.budget() == budget, "budget");
    }
}
