// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {AccountAmount} from "./JobTypes.sol";

/// @dev `keccak256(abi.encode(SCHEDULE_TAG, chainid, JobScheduler, schedule))`.
type ScheduleId is bytes32;

/// @dev When a schedule runs, from the lowest bit: startAt 40 (unix seconds; beginning of period 0) | endsAt 40 (unix seconds,
/// exclusive; zero: never) | interval 32 (seconds of one period) | mostRuns 32 (zero: any number) | sourceGas 24 (of the call that
/// asks for the input) | noticeGas 24 (of the call that tells the jobs' callback of a run; zero: none) | nonce 64 (tells schedules
/// apart that are equal otherwise). Read and written by `ScheduleLib`.
type ScheduleTiming is bytes32;

/// @dev What storage keeps of a schedule, from the lowest bit: state 8 | nextIndex 40 (of the first period that has not run yet) |
/// runs 40 (so many orders were placed) | budget 96 (OPG; so much runs can still take). Read and written by `ScheduleRecordLib`.
type ScheduleRecord is uint256;

/// @dev The governed numbers of runs, from the lowest bit: leastInterval 24 | keeperFloorBps 16 | keeperCapBps 24 |
/// keeperRampPeriod 16. `SchedulerNumbers` says what they mean. Read and written by `SchedulerRulesLib`.
type SchedulerRules is bytes32;

bytes32 constant SCHEDULE_TAG = keccak256("OPG/schedule");
bytes32 constant RUN_TAG = keccak256("OPG/run");

/// @dev A schedule, as it travels in events and calldata; storage keeps one slot under its hash.
struct Schedule {
    AccountAmount owner; // pays out of its balance in the market, and decides; with the most that a keeper earns by one run
    AccountAmount source; // contract that gives the input of each run, or zero; with the most that one order may take
    ScheduleTiming timing;
    bytes32 orderHash; // keccak256 of `abi.encode(Job)` or `abi.encode(OptimisticJob)`
    bytes32 inputHash; // keccak256 of every run's input; where a source gives it, of no bytes
}

/// @dev Zero is none.
enum ScheduleState {
    None,
    Active, // whoever comes first in a period runs it
    Paused, // by its owner; nothing runs
    Ended // final: cancelled, or changed into another schedule
}

/// @dev The numbers of `SchedulerRules`, unpacked. Periods in seconds.
struct SchedulerNumbers {
    uint24 leastInterval; // of a schedule
    uint16 keeperFloorBps; // of what a run's gas costs, for a keeper who comes when a run is due
    uint24 keeperCapBps; // the same at the end of the ramp
    uint16 keeperRampPeriod; // in which the reward rises from the one to the other
}

/// @dev A run that is being placed.
struct Run {
    ScheduleId id;
    uint256 index; // of its period
    uint256 budget; // OPG that the schedule has left
    SchedulerRules rules;
}
