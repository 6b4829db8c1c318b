// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {MarketRules} from "./base/MarketRules.sol";
import {OrderPlacing} from "./base/OrderPlacing.sol";
import {IDisputeGame} from "./interfaces/IDisputeGame.sol";
import {IInferenceMarketplace} from "./interfaces/IInferenceMarketplace.sol";
import {IInputSource} from "./interfaces/IInputSource.sol";
import {IJobScheduler} from "./interfaces/IJobScheduler.sol";
import {IMarketJobs} from "./interfaces/IMarketJobs.sol";
import {IOptimisticMarketplace} from "./interfaces/IOptimisticMarketplace.sol";
import {IScheduledCallback} from "./interfaces/IScheduledCallback.sol";
import {CallbackLib} from "./libraries/CallbackLib.sol";
import {EncodedOrderLib} from "./libraries/EncodedOrderLib.sol";
import {GameRulesLib} from "./libraries/GameRulesLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {ScheduleLib} from "./libraries/ScheduleLib.sol";
import {ScheduleRecordLib} from "./libraries/ScheduleRecordLib.sol";
import {SchedulerRulesLib} from "./libraries/SchedulerRulesLib.sol";
import {SourceLib} from "./libraries/SourceLib.sol";
import {InferenceInput} from "./types/ConsumerTypes.sol";
import {GameRules} from "./types/DisputeTypes.sol";
import {AccountAmount, JobId} from "./types/JobTypes.sol";
import {
    Run,
    Schedule,
    ScheduleId,
    ScheduleRecord,
    SchedulerNumbers,
    SchedulerRules,
    ScheduleState,
    ScheduleTiming
} from "./types/SchedulerTypes.sol";

/// @title Orders that repeat themselves, placed by whoever comes first
contract JobScheduler is MarketRules, OrderPlacing, ReentrancyGuardTransient, IJobScheduler {
    using EncodedOrderLib for bytes;
    using GameRulesLib for GameRules;
    using JobLib for AccountAmount;
    using ScheduleLib for Schedule;
    using ScheduleLib for ScheduleTiming;
    using ScheduleRecordLib for ScheduleRecord;
    using SchedulerRulesLib for SchedulerRules;

    /// @dev What stands around an input that a source returns: two offsets, its root, its length, and less than a word of zeros.
    uint256 private constant INPUT_FRAME_BYTES = 5 * 32;

    /// @inheritdoc IJobScheduler
    IDisputeGame public immutable GAME;
    uint256 private immutable MOST_RETURNED_BYTES;

    mapping(ScheduleId scheduleId => ScheduleRecord) private _schedules;

    /// @param authority The access manager.
    /// @param market Where several nodes answer.
    /// @param optimistic Where one node answers; leads to what knows the price of gas.
    /// @param numbers The governed numbers at first.
    constructor(
        address authority,
        IInferenceMarketplace market,
        IOptimisticMarketplace optimistic,
        SchedulerNumbers memory numbers
    ) AccessManaged(authority) OrderPlacing(market, optimistic) {
        GAME = optimistic.POLICY().GAME();
        MOST_RETURNED_BYTES = INPUT_FRAME_BYTES + Math.max(market.MOST_INPUT_BYTES(), optimistic.MOST_INPUT_BYTES());
        _setRules(SchedulerRulesLib.pack(numbers));
    }

    /// @inheritdoc IJobScheduler
    function create(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input,
        uint256 budget
    ) external returns (ScheduleId) {
        return _create(schedule, order, input, ScheduleState.Active, budget);
    }

    /// @inheritdoc IJobScheduler
    function change(
        Schedule calldata schedule,
        Schedule calldata successor,
        bytes calldata order,
        bytes calldata input
    ) external returns (ScheduleId successorId) {
        (ScheduleId id, ScheduleRecord record) = _loadOwned(schedule);
        _schedules[id] = record.ended();
        successorId = _create(successor, order, input, record.state(), record.budget());
        emit ScheduleChanged(id, successorId);
    }

    /// @inheritdoc IJobScheduler
    function trigger(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input
    ) external nonReentrant returns (JobId jobId) {
        SchedulerRules rules = SchedulerRules.wrap(_openRules());
        (ScheduleId id, ScheduleRecord record) = _load(schedule);
        uint256 index = _dueIndex(schedule, id, record);
        _checkHashes(schedule, order, input);

        Run memory run = Run(id, index, record.budget(), rules);
        address callback;
        uint256 spent;
        (jobId, callback, spent) = _run(schedule, order, input, run);
        _schedules[id] = record.ran(index, spent);
        _notify(schedule, run, jobId, callback);
    }

    /// @inheritdoc IJobScheduler
    function topUp(Schedule calldata schedule, uint256 amount) external {
        (ScheduleId id, ScheduleRecord record) = _loadOwned(schedule);
        SchedulerRulesLib.within("amount", amount, 0, type(uint96).max - record.budget());
        _schedules[id] = record.withBudget(record.budget() + amount);
        emit ScheduleToppedUp(id, amount);
    }

    /// @inheritdoc IJobScheduler
    function setPaused(Schedule calldata schedule, bool paused) external {
        (ScheduleId id, ScheduleRecord record) = _loadOwned(schedule);
        _schedules[id] = record.entered(paused ? ScheduleState.Paused : ScheduleState.Active);
        emit SchedulePaused(id, paused);
    }

    /// @inheritdoc IJobScheduler
    function cancel(Schedule calldata schedule) external {
        (ScheduleId id, ScheduleRecord record) = _loadOwned(schedule);
        _schedules[id] = record.ended();
        emit ScheduleCancelled(id, record.budget());
    }

    /// @inheritdoc IJobScheduler
    function setRules(SchedulerRules rules) external restricted {
        _setRules(rules);
    }

    /// @inheritdoc IJobScheduler
    function recordOf(ScheduleId scheduleId) external view returns (ScheduleRecord) {
        return _schedules[scheduleId];
    }

    /// @inheritdoc IJobScheduler
    function dueOf(
        Schedule calldata schedule,
        uint256 inputBytes
    ) external view returns (uint256 index, uint256 reward) {
        _checkOpen();
        (ScheduleId id, ScheduleRecord record) = _load(schedule);
        index = _dueIndex(schedule, id, record);
        reward = _rewardOf(schedule, index, inputBytes, governed());
    }

    /// @inheritdoc IJobScheduler
    function governed() public view returns (SchedulerRules) {
        return SchedulerRules.wrap(_keptRules());
    }

    function _create(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input,
        ScheduleState state,
        uint256 budget
    ) private returns (ScheduleId id) {
        SchedulerRules rules = SchedulerRules.wrap(_openRules());
        address owner = _checkOwner(schedule);
        _checkHashes(schedule, order, input);
        schedule.check(rules, input.length);
        address requester = order.requesterOf();
        if (requester != owner) revert SchedulerWrongRequester(requester, owner);

        id = HashLib.scheduleId(schedule);
        if (_schedules[id].state() != ScheduleState.None) revert SchedulerExists(id);
        _schedules[id] = ScheduleRecordLib.begun(state, budget);
        emit ScheduleCreated(id, owner, schedule, order, input, budget);
    }

    /// @dev Places the order of a period, and pays the keeper.
    /// @return jobId What was ordered.
    /// @return callback Who gets the job's result.
    /// @return spent OPG that it took.
    function _run(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input,
        Run memory run
    ) private returns (JobId jobId, address callback, uint256 spent) {
        InferenceInput memory given = _inputOf(schedule, order, input, run);
        uint256 nonce = ScheduleLib.nonceOf(run.id, run.index);
        IMarketJobs market;
        uint256 cost;
        (market, jobId, callback, cost) = _place(schedule.owner.account(), order, given, nonce);
        spent = _pay(schedule, run, jobId, market, cost, given.carried.length);
    }

    /// @param cost OPG that the order took.
    /// @return spent OPG, with what the keeper earns.
    function _pay(
        Schedule calldata schedule,
        Run memory run,
        JobId jobId,
        IMarketJobs market,
        uint256 cost,
        uint256 inputBytes
    ) private returns (uint256 spent) {
        uint256 most = schedule.source.amount();
        if (cost > most) revert SchedulerCostTooHigh(run.id, cost, most);
        uint256 reward = _rewardOf(schedule, run.index, inputBytes, run.rules);
        spent = cost + reward;
        if (spent > run.budget) revert SchedulerBudgetTooSmall(run.id, run.budget, spent);
        emit RunOrdered(run.id, jobId, msg.sender, run.index, cost, reward);
        _reward(market, schedule.owner.account(), reward);
    }

    /// @dev Tells the callback, if it wants to know, which job is its own: anybody can order jobs that name it.
    function _notify(Schedule calldata schedule, Run memory run, JobId jobId, address callback) private {
        uint256 noticeGas = schedule.timing.noticeGas();
        if (noticeGas == 0) return;
        bytes memory data = abi.encodeCall(IScheduledCallback.onScheduled, (run.id, run.index, jobId));
        if (!CallbackLib.tryCall(callback, noticeGas, data)) revert SchedulerNoticeRefused(run.id, callback);
    }

    function _setRules(SchedulerRules rules) private {
        rules.check();
        emit SchedulerRulesSet(rules);
        _keepRules(SchedulerRules.unwrap(rules));
    }

    function _load(Schedule calldata schedule) private view returns (ScheduleId id, ScheduleRecord record) {
        id = HashLib.scheduleId(schedule);
        record = _schedules[id];
        if (record.state() == ScheduleState.None) revert SchedulerUnknown(id);
    }

    /// @dev A schedule of the caller that has not ended.
    function _loadOwned(Schedule calldata schedule) private view returns (ScheduleId id, ScheduleRecord record) {
        (id, record) = _load(schedule);
        _checkOwner(schedule);
        if (record.state() == ScheduleState.Ended) revert SchedulerWrongState(id, ScheduleState.Ended);
    }

    function _checkOwner(Schedule calldata schedule) private view returns (address owner) {
        owner = schedule.owner.account();
        if (msg.sender != owner) revert SchedulerNotOwner(msg.sender, owner);
    }

    /// @dev The period that can run now.
    function _dueIndex(
        Schedule calldata schedule,
        ScheduleId id,
        ScheduleRecord record
    ) private view returns (uint256 index) {
        ScheduleTiming timing = schedule.timing;
        if (record.state() != ScheduleState.Active) revert SchedulerWrongState(id, record.state());
        if (timing.isOver(record.runs())) revert SchedulerOver(id, timing.endsAt(), record.runs());
        uint256 dueAt = timing.dueAt(record.nextIndex());
        if (block.timestamp < dueAt) revert SchedulerNotDue(id, dueAt);
        return timing.indexNow();
    }

    function _inputOf(
        Schedule calldata schedule,
        bytes calldata order,
        bytes calldata input,
        Run memory run
    ) private view returns (InferenceInput memory) {
        address source = schedule.source.account();
        if (source == address(0)) return InferenceInput(order.inputRootOf(), input);
        (bool success, bytes memory result) = SourceLib.tryRead(
            source,
            schedule.timing.sourceGas(),
            abi.encodeCall(IInputSource.inputOf, (run.id, run.index)),
            MOST_RETURNED_BYTES
        );
        if (!success) revert SchedulerSourceFailed(run.id, source);
        return abi.decode(result, (InferenceInput));
    }

    /// @dev What a keeper earns by a run now, OPG.
    /// @custom:rounds Down, in favour of the owner.
    function _rewardOf(
        Schedule calldata schedule,
        uint256 index,
        uint256 inputBytes,
        SchedulerRules rules
    ) private view returns (uint256) {
        ScheduleTiming timing = schedule.timing;
        uint256 gasCost = GAME.governed().inOpg(timing.gasOf(inputBytes));
        uint256 bps = rules.keeperBps(block.timestamp - timing.dueAt(index));
        // Not `JobLib.part`: what gas costs is no amount that the owner has, and is checked to fit.
        return Math.min((gasCost * bps) / JobLib.BPS, schedule.owner.amount());
    }

    function _checkHashes(Schedule calldata schedule, bytes calldata order, bytes calldata input) private pure {
        bytes32 orderHash = keccak256(order);
        if (orderHash != schedule.orderHash) revert SchedulerWrongOrder(orderHash, schedule.orderHash);
        bytes32 inputHash = keccak256(input);
        if (inputHash != schedule.inputHash) revert SchedulerWrongInput(inputHash, schedule.inputHash);
    }
}
