// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {Schedule, ScheduleId, ScheduleRecord, SchedulerRules, ScheduleState} from "../types/SchedulerTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";
import {IOrderPlacing} from "./IOrderPlacing.sol";

/// @title Orders that repeat themselves, placed by whoever comes first
/// @notice A *schedule* is an order, an input and a rhythm. Time is cut into *periods* of equal length, counted from zero; in
/// each period anyone, a *keeper*, may run the schedule once: that places the order in its market and pays the keeper. A
/// period in which nobody came is skipped and never made up for.
///
/// Money: this contract holds none. Escrow and rewards come out of the balance that the owner has in the market, where the
/// owner must have allowed this contract to use it (`allow` of Mandates). Each schedule has a *budget* beside that, which its
/// runs lower by all that they take, so that no schedule eats what its owner meant for another. What a job gives back goes to
/// the owner's balance and does not raise the budget; `topUp` does.
///
/// A keeper's reward is a part of what the gas of a run costs, at the larger of the reference price of gas and the block's base
/// fee, and rises from the beginning of a period on, up to a cap; never above what the owner pays at most. A run that cannot
/// be placed, for whatever reason, reverts as a whole: it costs its owner nothing and pays nobody, and can be tried again
/// until its period ends.
///
/// A schedule is its hash in storage and its fields in calldata: the event `ScheduleCreated` carries them.
/// @custom:source docs/adr/0038-a-schedule-spends-its-owners-balance.md
interface IJobScheduler is IOrderPlacing {
    /// @notice A schedule has begun. `order` is `abi.encode(Job)` or `abi.encode(OptimisticJob)`, and `input` what comes with
    /// every run of it, empty where a source gives it; runs can take `budget` (OPG, base units).
    event ScheduleCreated(
        ScheduleId indexed scheduleId,
        address indexed owner,
        Schedule schedule,
        bytes order,
        bytes input,
        uint256 budget
    );

    /// @notice A schedule has ended, and what it had left of its budget went on to `successor`; `ScheduleCreated` tells
    /// what that is.
    event ScheduleChanged(ScheduleId indexed scheduleId, ScheduleId indexed successor);

    /// @notice A run has ordered a job: `cost` was taken as its escrow, and `reward` was paid to the keeper (OPG, base units).
    event RunOrdered(
        ScheduleId indexed scheduleId,
        JobId indexed jobId,
        address indexed keeper,
        uint256 index,
        uint256 cost,
        uint256 reward
    );

    /// @notice Runs of a schedule can take `amount` more (OPG, base units).
    event ScheduleToppedUp(ScheduleId indexed scheduleId, uint256 amount);

    /// @notice The owner has stopped a schedule, or lets it go on.
    event SchedulePaused(ScheduleId indexed scheduleId, bool paused);

    /// @notice A schedule has ended; `budget` was left of its budget (OPG, base units), and is the owner's balance like all.
    event ScheduleCancelled(ScheduleId indexed scheduleId, uint256 budget);

    /// @notice Schedules that are created, and runs that are placed, from now on live under these numbers.
    event SchedulerRulesSet(SchedulerRules rules);

    /// @notice Only the owner may do this.
    /// @custom:fix Call from `owner`.
    error SchedulerNotOwner(address caller, address owner);

    /// @notice There is no such schedule.
    /// @custom:fix Give the schedule as `ScheduleCreated` has it; chain and address must be right.
    error SchedulerUnknown(ScheduleId scheduleId);

    /// @notice There was such a schedule before.
    /// @custom:fix Give it another nonce.
    error SchedulerExists(ScheduleId scheduleId);

    /// @notice The state of the schedule does not allow this.
    /// @custom:fix Let the owner resume a paused schedule; nothing becomes of one that has ended.
    error SchedulerWrongState(ScheduleId scheduleId, ScheduleState state);

    /// @notice The order is not the one whose hash the schedule names.
    /// @custom:fix Give the order of `ScheduleCreated`.
    error SchedulerWrongOrder(bytes32 given, bytes32 expected);

    /// @notice The input is not the one whose hash the schedule names.
    /// @custom:fix Give the input of `ScheduleCreated`.
    error SchedulerWrongInput(bytes32 given, bytes32 expected);

    /// @notice The order would be paid by somebody else than the schedule's owner.
    /// @custom:fix Make `owner` the order's requester.
    error SchedulerWrongRequester(address requester, address owner);

    /// @notice This period has run, or the first one has not begun.
    /// @custom:fix Come at `dueAt` (unix seconds) or later.
    error SchedulerNotDue(ScheduleId scheduleId, uint256 dueAt);

    /// @notice The schedule has had its last run.
    /// @custom:fix Let the owner change it.
    error SchedulerOver(ScheduleId scheduleId, uint256 endsAt, uint256 runs);

    /// @notice The source gave no input: it reverted, has no code, or returned more bytes than an input can have.
    /// @custom:fix Try again while the period lasts; if it never works, the owner can change the schedule.
    error SchedulerSourceFailed(ScheduleId scheduleId, address source);

    /// @notice The contract that gets the results did not take note of the run.
    /// @custom:fix Try again while the period lasts; if it never works, the owner can change the schedule.
    error SchedulerNoticeRefused(ScheduleId scheduleId, address callback);

    /// @notice The order takes more than the owner pays for one run.
    /// @custom:fix Wait until model and market ask for at most `most` (OPG, base units), or change the schedule.
    error SchedulerCostTooHigh(ScheduleId scheduleId, uint256 cost, uint256 most);

    /// @notice What is left of the budget does not pay for order and keeper.
    /// @custom:fix Let the owner `topUp` at least `needed - budget` (OPG, base units).
    error SchedulerBudgetTooSmall(ScheduleId scheduleId, uint256 budget, uint256 needed);

    /// @notice Begins a schedule of the caller.
    /// @dev Whether the market takes the order shows when it runs. Simulate that first: `trigger` from the beginning of the
    /// first period on.
    /// @param schedule What runs, and when.
    /// @param order What every run orders: `abi.encode(Job)` or `abi.encode(OptimisticJob)`, as the SDK packs orders. Its
    /// requester must be the caller. Runs replace its nonce, and its input root where there is a source; each order stands since it is
    /// placed, whatever time it says.
    /// @param input The input of every run, in place or its URI, as the market takes it; empty where there is a source.
    /// @param budget OPG, base units; the most that all runs together can take.
    /// @return scheduleId Names the schedule.
    /// @custom:shape order: 7 or 8 words
    function create(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input,
        uint256 budget
    ) external returns (ScheduleId scheduleId);

    /// @notice Replaces a schedule of the caller by another, which takes over the rest of the budget and, if so, the pause.
    /// @dev It counts periods and runs of its own: if its first period has begun, it can run at once, even if the old one
    /// just did.
    /// @param schedule What ends.
    /// @param successor What begins, as in `create`.
    /// @param order As in `create`.
    /// @param input As in `create`.
    /// @return successorId Names what begins.
    /// @custom:shape order: 7 or 8 words
    /// @custom:caller The owner of both.
    function change(
        Schedule calldata schedule,
        Schedule calldata successor,
        bytes calldata order,
        bytes calldata input
    ) external returns (ScheduleId successorId);

    /// @notice Runs a schedule for the period that has begun, and earns the reward, in the market's ledger.
    /// @dev Needs all the gas that the schedule names for source and notice, `64 / 63` of each, and 60,000 beyond what it uses
    /// before the calls.
    /// @param schedule As in `ScheduleCreated`.
    /// @param order As in `ScheduleCreated`.
    /// @param input As in `ScheduleCreated`.
    /// @return jobId What was ordered.
    /// @custom:shape order: 7 or 8 words
    /// @custom:caller Anyone.
    function trigger(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input
    ) external returns (JobId jobId);

    /// @notice Lets runs of a schedule take more. Moves no money: that is the owner's balance in the market.
    /// @param schedule As in `ScheduleCreated`.
    /// @param amount OPG, base units.
    /// @custom:caller The owner.
    function topUp(Schedule calldata schedule, uint256 amount) external;

    /// @notice Stops a schedule, or lets it go on with the period in which that happens.
    /// @param schedule As in `ScheduleCreated`.
    /// @param paused Whether it stops.
    /// @custom:caller The owner.
    function setPaused(Schedule calldata schedule, bool paused) external;

    /// @notice Ends a schedule. Jobs that it has ordered go on.
    /// @param schedule As in `ScheduleCreated`.
    /// @custom:caller The owner.
    function cancel(Schedule calldata schedule) external;

    /// @notice Sets the numbers under which schedules are created and runs are placed from now on.
    /// @dev Bounds: leastInterval 1 second to 1 day; keeperFloorBps 0 to 10,000; keeperCapBps 10,000 to 100,000;
    /// keeperRampPeriod 2 seconds to 1 hour, and at most half of leastInterval.
    /// @param rules The SDK's `packSchedulerRules` makes it.
    /// @custom:caller Whom the access manager allows.
    function setRules(SchedulerRules rules) external;

    /// @notice What storage keeps of a schedule; zero where there is none.
    /// @param scheduleId The schedule.
    function recordOf(ScheduleId scheduleId) external view returns (ScheduleRecord);

    /// @notice The period that can run now, and what that earns. Reverts where none can.
    /// @param schedule As in `ScheduleCreated`.
    /// @param inputBytes Length of the input; that of a source's is known to the source alone.
    /// @return index The period.
    /// @return reward OPG, base units, at the base fee of this block.
    function dueOf(
        Schedule calldata schedule,
        uint256 inputBytes
    ) external view returns (uint256 index, uint256 reward);

    /// @notice The governed numbers.
    function governed() external view returns (SchedulerRules);

    /// @notice Knows what gas is worth.
    function GAME() external view returns (IDisputeGame);
}
