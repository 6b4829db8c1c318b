// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ScheduleRecordLib} from "../../contracts/libraries/ScheduleRecordLib.sol";
import {ScheduleRecord, ScheduleState} from "../../contracts/types/SchedulerTypes.sol";
import {Measured} from "./Measured.sol";
import {SchedulerHandler} from "./SchedulerHandler.sol";
import {Tally} from "./Tally.sol";

/// @title What always holds of schedules, whatever owners and keepers do
contract SchedulerInvariants is Measured {
    using ScheduleRecordLib for ScheduleRecord;

    SchedulerHandler private _handler;

    function setUp() external {
        _handler = new SchedulerHandler();
    }

    function targetContracts() external view returns (address[] memory targets) {
        targets = new address[](1);
        targets[0] = address(_handler);
    }

    /// @dev The campaign below proves nothing about what it never does.
    function test_play_runsFailsSkipsAndChanges() external {
        for (uint256 i; i < 300; ++i) {
            _handler.plan(2 * i);
            _handler.run(i);
            _handler.own(i);
            _handler.give(i);
        }
        require(_handler.runs() >= 50, "hardly any runs");
        require(_handler.skipped() >= 50, "hardly any period was skipped");
        require(_handler.failed() >= 50, "hardly any run failed");
        require(_handler.changes() >= 10, "hardly any changes");
        this.invariant_scheduleBooks();
    }

    /// @dev One run a period at most; what runs took and what is left is what was granted; the owner's balance, its cap
    /// and the budget lose the same; and no token is here but gifts. [I06 I39 T094 T095]
    /// forge-config: default.invariant.runs = 12
    /// forge-config: default.invariant.depth = 100
    function invariant_scheduleBooks() external view {
        require(_handler.secondRuns() == 0, "a period ran twice");
        require(_handler.wrongPayments() == 0, "a run took something else than its budget lost");
        for (uint256 i; i < _handler.count(); ++i) _checkSchedule(i);
        address scheduler = address(_handler.SCHEDULER());
        require(_handler.TOKEN().balanceOf(scheduler) == _handler.gifts(), "the scheduler holds tokens");
        (uint256 balance, uint256 fees) = _handler.OPTIMISTIC().accountOf(scheduler);
        require(balance == 0 && fees == 0, "the scheduler has a balance of its own");
    }

    function _play() internal view override returns (string memory, Tally) {
        return ("Scheduler", _handler);
    }

    function _checkSchedule(uint256 i) private view {
        (SchedulerHandler.Planned memory planned, ScheduleRecord record) = _handler.plannedAt(i);
        require(planned.spent + record.budget() + planned.handedOn == planned.funded, "a budget does not add up");
        require(record.runs() == planned.runs && record.nextIndex() == planned.firstFree, "a run was not counted");
        require(record.state() != ScheduleState.None, "a schedule was forgotten");
        require(record.state() != ScheduleState.Ended || record.budget() == 0, "a budget outlived its schedule");
    }
}
