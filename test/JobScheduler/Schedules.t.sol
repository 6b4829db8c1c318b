// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobScheduler} from "../../contracts/JobScheduler.sol";
import {IJobScheduler} from "../../contracts/interfaces/IJobScheduler.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {CallbackLib} from "../../contracts/libraries/CallbackLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {ScheduleRecordLib} from "../../contracts/libraries/ScheduleRecordLib.sol";
import {SchedulerRulesLib} from "../../contracts/libraries/SchedulerRulesLib.sol";
import {TestSource} from "../../contracts/test/TestSource.sol";
import {OptimisticJob} from "../../contracts/types/OptimisticTypes.sol";
import {
    SCHEDULE_TAG,
    Schedule,
    ScheduleId,
    ScheduleRecord,
    SchedulerNumbers,
    ScheduleState,
    ScheduleTiming
} from "../../contracts/types/SchedulerTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title Which schedules are taken, whose they are, when they run, and what a run may take
contract SchedulesTest is Offering {
    using ScheduleRecordLib for ScheduleRecord;

    uint256 private constant INTERVAL = 60;
    uint256 private constant START = NOW + 100;
    uint256 private constant REWARD = 1e16;
    uint256 private constant MOST_COST = 10e18;
    uint256 private constant BUDGET = 100e18;
    uint256 private constant CALL_GAS = 300_000;
    bytes private constant CARRIED = "ipfs://input";

    JobScheduler private immutable SCHEDULER;
    TestSource private immutable SOURCE = new TestSource();

    /// @dev Of what `_schedule` makes.
    bytes private _order;
    bytes private _input;
    uint256 private _timing;
    address private _source;
    uint256 private _most;

    constructor() {
        SCHEDULER = new JobScheduler(STAKING.authority(), MARKET, OPTIMISTIC, SchedulerNumbers(5, 5_000, 50_000, 2));
    }

    function setUp() external {
        _setUp();
        _order = abi.encode(_orderOf(_named()));
        (_input, _timing, _most) = (CARRIED, START | (INTERVAL << 80), MOST_COST);
        IMandates mandates = OPTIMISTIC.MANDATES();
        VM.prank(REQUESTER);
        mandates.allow(address(OPTIMISTIC), address(SCHEDULER), type(uint96).max);
        SOURCE.give("from the source", CARRIED);
    }

    /// @dev Who pays begins a schedule, and nobody else, nor one whose orders somebody else would pay. [T199]
    function testFuzz_create_isTheOwnersAlone(address caller, address requester) external {
        VM.assume(caller != REQUESTER && requester != REQUESTER);
        Schedule memory schedule = _schedule();
        _refuse(caller, _create(schedule), _notOwner(caller));

        OptimisticJob memory order = _orderOf(_named());
        order.requester = JobLib.pair(requester, PRICE);
        _order = abi.encode(order);
        schedule = _schedule();
        bytes4 selector = IJobScheduler.SchedulerWrongRequester.selector;
        _refuse(REQUESTER, _create(schedule), abi.encodeWithSelector(selector, requester, REQUESTER));
    }

    /// @dev Order and input are those whose hashes the schedule names, when it begins and with every run.
    function testFuzz_create_wantsWhatItsHashesName(bytes calldata order, bytes calldata input) external {
        VM.assume(keccak256(order) != keccak256(_order) && keccak256(input) != keccak256(_input));
        Schedule memory schedule = _schedule();
        bytes memory wrongOrder = abi.encodeWithSelector(
            IJobScheduler.SchedulerWrongOrder.selector,
            keccak256(order),
            schedule.orderHash
        );
        bytes memory wrongInput = abi.encodeWithSelector(
            IJobScheduler.SchedulerWrongInput.selector,
            keccak256(input),
            schedule.inputHash
        );
        _refuse(REQUESTER, abi.encodeCall(SCHEDULER.create, (schedule, order, _input, BUDGET)), wrongOrder);
        _refuse(REQUESTER, abi.encodeCall(SCHEDULER.create, (schedule, _order, input, BUDGET)), wrongInput);
        _begin(schedule);
        VM.warp(START);
        _refuse(REQUESTER, abi.encodeCall(SCHEDULER.trigger, (schedule, order, _input)), wrongOrder);
        _refuse(REQUESTER, abi.encodeCall(SCHEDULER.trigger, (schedule, _order, input)), wrongInput);
    }

    /// @dev Each schedule begins once, also after its end; with another nonce it is another one.
    function testFuzz_create_happensOnce(bool cancelled, uint64 nonce) external {
        VM.assume(nonce != 0);
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        if (cancelled) _accept(REQUESTER, abi.encodeCall(SCHEDULER.cancel, (schedule)));
        _refuse(REQUESTER, _create(schedule), abi.encodeWithSelector(IJobScheduler.SchedulerExists.selector, id));
        _timing |= uint256(nonce) << 192;
        require(ScheduleId.unwrap(_begin(_schedule())) != ScheduleId.unwrap(id), "another one");
    }

    /// @dev A field outside its bounds is refused by its name, as is a budget that no balance could hold.
    function testFuzz_create_boundsTheFields(uint256 interval, uint256 early, uint256 gas_, uint256 budget) external {
        interval = bound(interval, 0, 4);
        _timing = START | (interval << 80);
        _refuseField("interval", interval, 5, type(uint32).max);
        uint256 endsAt = bound(early, 1, START);
        _timing = START | (endsAt << 40) | (INTERVAL << 80);
        _refuseField("endsAt", endsAt, START + 1, type(uint40).max);
        gas_ = bound(gas_, 1_000_001, type(uint24).max);
        _timing = START | (INTERVAL << 80) | (gas_ << 168);
        _refuseField("noticeGas", gas_, 0, 1_000_000);
        _timing = START | (INTERVAL << 80) | (gas_ << 144);
        _refuseField("sourceGas", gas_, 0, 0);
        _source = address(SOURCE);
        _refuseField("sourceGas", gas_, 1, 1_000_000);
        _timing = START | (INTERVAL << 80) | (CALL_GAS << 144);
        _refuseField("input", CARRIED.length, 0, 0);
        (_source, _timing, _input) = (address(0), START | (INTERVAL << 80), "");
        _refuseField("input", 0, 1, type(uint256).max);

        _input = CARRIED;
        budget = bound(budget, uint256(type(uint96).max) + 1, type(uint256).max);
        bytes memory call = abi.encodeCall(SCHEDULER.create, (_schedule(), _order, _input, budget));
        _refuse(REQUESTER, call, _outOfBounds("budget", budget, 0, type(uint96).max));
    }

    /// @dev What an owner can do nobody else can, whether or not there is such a schedule.
    function testFuzz_owned_isTheOwnersAlone(address caller, uint256 amount, bool paused) external {
        VM.assume(caller != REQUESTER);
        Schedule memory schedule = _schedule();
        bytes[4] memory calls = _ownersCalls(schedule, amount, paused);
        bytes memory unknown = abi.encodeWithSelector(IJobScheduler.SchedulerUnknown.selector, _idOf(schedule));
        for (uint256 i; i < calls.length; ++i) _refuse(caller, calls[i], unknown);
        _begin(schedule);
        for (uint256 i; i < calls.length; ++i) _refuse(caller, calls[i], _notOwner(caller));
    }

    /// @dev What has ended is over for its owner, too, and nothing runs.
    function testFuzz_ended_isFinal(uint256 amount, bool paused, bool changed) external {
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        bytes[4] memory calls = _ownersCalls(schedule, amount, paused);
        _accept(REQUESTER, changed ? calls[3] : calls[0]);
        require(SCHEDULER.recordOf(id).budget() == 0, "a budget outlived its schedule");
        bytes memory over = _wrongState(id, ScheduleState.Ended);
        for (uint256 i; i < calls.length; ++i) _refuse(REQUESTER, calls[i], over);
        VM.warp(START);
        _refuse(address(this), _trigger(schedule), over);
    }

    /// @dev A budget holds what a balance can hold, and not a unit more, however it grew.
    function testFuzz_topUp_staysInTheField(uint256 amount, uint256 excess) external {
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        uint256 room = type(uint96).max - BUDGET;
        excess = bound(excess, room + 1, type(uint256).max);
        bytes memory refusal = _outOfBounds("amount", excess, 0, room);
        _refuse(REQUESTER, abi.encodeCall(SCHEDULER.topUp, (schedule, excess)), refusal);
        amount = bound(amount, 0, room);
        _accept(REQUESTER, abi.encodeCall(SCHEDULER.topUp, (schedule, amount)));
        require(SCHEDULER.recordOf(id).budget() == BUDGET + amount, "budget");
    }

    /// @dev A period runs once, not before it begins, at whatever second; and what a period missed is not made up for. [I39]
    function testFuzz_trigger_runsAPeriodOnce(uint256 early, uint256 late, uint256 again) external {
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        VM.warp(bound(early, NOW + 10, START - 1));
        _refuseUndue(schedule, abi.encodeWithSelector(IJobScheduler.SchedulerNotDue.selector, id, START));

        late = bound(late, 0, 100 * INTERVAL);
        VM.warp(START + late);
        uint256 index = late / INTERVAL;
        (uint256 due, ) = SCHEDULER.dueOf(schedule, CARRIED.length);
        require(due == index, "index");
        _accept(address(this), _trigger(schedule));
        uint256 next = START + (index + 1) * INTERVAL;
        require(SCHEDULER.recordOf(id).nextIndex() == index + 1, "next");
        VM.warp(bound(again, block.timestamp, next - 1));
        _refuseUndue(schedule, abi.encodeWithSelector(IJobScheduler.SchedulerNotDue.selector, id, next));
    }

    /// @dev No run after the end, nor more of them than the schedule says, nor while it is paused.
    function testFuzz_trigger_endsWithTheSchedule(uint256 late, uint256 length, bool paused) external {
        length = bound(length, 1, 1 days);
        uint256 endsAt = START + length;
        _timing |= endsAt << 40;
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        if (paused) {
            VM.warp(START);
            _accept(REQUESTER, abi.encodeCall(SCHEDULER.setPaused, (schedule, true)));
            _refuseUndue(schedule, _wrongState(id, ScheduleState.Paused));
            _accept(REQUESTER, abi.encodeCall(SCHEDULER.setPaused, (schedule, false)));
        }
        VM.warp(bound(late, endsAt, type(uint40).max));
        _refuseUndue(schedule, abi.encodeWithSelector(IJobScheduler.SchedulerOver.selector, id, endsAt, 0));

        VM.warp(START);
        _timing = START | (INTERVAL << 80) | (1 << 112);
        schedule = _schedule();
        id = _begin(schedule);
        _accept(address(this), _trigger(schedule));
        VM.warp(START + INTERVAL);
        _refuseUndue(schedule, abi.encodeWithSelector(IJobScheduler.SchedulerOver.selector, id, 0, 1));
    }

    /// @dev An order takes no more than its owner set for one, and a run no more than the budget has left.
    function testFuzz_trigger_staysWithinItsBounds(address keeper, uint256 most, uint256 budget) external {
        VM.assume(keeper != address(0) && keeper != REQUESTER && keeper != PUBLISHER);
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        VM.warp(START);
        (, uint256 reward) = SCHEDULER.dueOf(schedule, CARRIED.length);
        uint256 before = _balanceOf(REQUESTER);
        _accept(keeper, _trigger(schedule));
        uint256 spent = BUDGET - SCHEDULER.recordOf(id).budget();
        require(before - _balanceOf(REQUESTER) == spent && _balanceOf(keeper) == reward, "books");

        _most = bound(most, 0, spent - reward - 1);
        schedule = _schedule();
        id = _begin(schedule);
        bytes4 selector = IJobScheduler.SchedulerCostTooHigh.selector;
        _refuse(keeper, _trigger(schedule), abi.encodeWithSelector(selector, id, spent - reward, _most));

        _most = spent - reward;
        budget = bound(budget, 0, spent - 1);
        schedule = _schedule();
        id = _idOf(schedule);
        _accept(REQUESTER, abi.encodeCall(SCHEDULER.create, (schedule, _order, _input, budget)));
        selector = IJobScheduler.SchedulerBudgetTooSmall.selector;
        _refuse(keeper, _trigger(schedule), abi.encodeWithSelector(selector, id, budget, spent));
        _accept(REQUESTER, abi.encodeCall(SCHEDULER.topUp, (schedule, spent - budget)));
        _accept(keeper, _trigger(schedule));
        require(SCHEDULER.recordOf(id).budget() == 0, "all of it");
    }

    /// @dev The input is what the source returns; one that does not return in time, or not that, costs its owner nothing. [T195]
    function testFuzz_trigger_asksTheSource(uint256 mood, address empty) external {
        VM.assume(empty.code.length == 0 && uint160(empty) > 0xffff);
        (_source, _input) = (address(SOURCE), "");
        _timing |= CALL_GAS << 144;
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        VM.warp(START);
        SOURCE.setMood(TestSource.Mood(bound(mood, 1, 3)));
        _refuse(address(this), _trigger(schedule), _sourceFailed(id, address(SOURCE)));
        SOURCE.setMood(TestSource.Mood.Fair);
        _accept(address(this), _trigger(schedule));

        _source = empty;
        schedule = _schedule();
        id = _begin(schedule);
        _refuse(address(this), _trigger(schedule), _sourceFailed(id, empty));
    }

    /// @dev A run in which the callback takes no note is none, whatever the callback does.
    function testFuzz_trigger_wantsTheNoticeTaken(uint256 mood) external {
        Terms memory terms = _named();
        (terms.callback, terms.tip) = (address(SOURCE), TIP);
        _order = abi.encode(_orderOf(terms));
        _timing |= CALL_GAS << 168;
        Schedule memory schedule = _schedule();
        ScheduleId id = _begin(schedule);
        VM.warp(START);
        SOURCE.setMood(TestSource.Mood(bound(mood, 1, 2)));
        bytes4 selector = IJobScheduler.SchedulerNoticeRefused.selector;
        _refuse(address(this), _trigger(schedule), abi.encodeWithSelector(selector, id, SOURCE));
        SOURCE.setMood(TestSource.Mood.Fair);
        _accept(address(this), _trigger(schedule));
    }

    /// @dev A keeper cannot choose, by the gas that it brings, what a source returns. [T196]
    function testFuzz_trigger_bringsTheGasOfTheSource(uint256 gas_) external {
        (_source, _input) = (address(SOURCE), "");
        _timing |= CALL_GAS << 144;
        Schedule memory schedule = _schedule();
        _begin(schedule);
        VM.warp(START);
        uint256 needed = (CALL_GAS * 64) / 63 + 60_000;
        gas_ = bound(gas_, 200_000, needed);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory given) = address(SCHEDULER).call{gas: gas_}(_trigger(schedule));
        require(!success, "ran with too little gas");
        require(bytes4(given) == CallbackLib.CallbackGasTooLow.selector, "another error");
        (uint256 left, uint256 least) = _numbersOf(given);
        require(left < gas_ && left < least && least == needed, "numbers");
    }

    function _schedule() private view returns (Schedule memory) {
        return
            Schedule({
                owner: JobLib.pair(REQUESTER, REWARD),
                source: JobLib.pair(_source, _most),
                timing: ScheduleTiming.wrap(bytes32(_timing)),
                orderHash: keccak256(_order),
                inputHash: keccak256(_input)
            });
    }

    function _begin(Schedule memory schedule) private returns (ScheduleId) {
        _accept(REQUESTER, _create(schedule));
        return _idOf(schedule);
    }

    function _accept(address caller, bytes memory call) private {
        _accept(caller, address(SCHEDULER), call);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(SCHEDULER), call, refusal);
    }

    function _refuseField(bytes32 field, uint256 given, uint256 least, uint256 most) private {
        _refuse(REQUESTER, _create(_schedule()), _outOfBounds(field, given, least, most));
    }

    /// @dev Neither runs it nor says that it would.
    function _refuseUndue(Schedule memory schedule, bytes memory refusal) private {
        _refuse(address(this), _trigger(schedule), refusal);
        _refuse(address(this), abi.encodeCall(SCHEDULER.dueOf, (schedule, CARRIED.length)), refusal);
    }

    function _create(Schedule memory schedule) private view returns (bytes memory) {
        return abi.encodeCall(SCHEDULER.create, (schedule, _order, _input, BUDGET));
    }

    function _trigger(Schedule memory schedule) private view returns (bytes memory) {
        return abi.encodeCall(SCHEDULER.trigger, (schedule, _order, _input));
    }

    /// @dev All that an owner can do to a schedule; the first and the last end it.
    function _ownersCalls(
        Schedule memory schedule,
        uint256 amount,
        bool paused
    ) private view returns (bytes[4] memory calls) {
        Schedule memory successor = _schedule();
        successor.timing = ScheduleTiming.wrap(bytes32(_timing | (1 << 192)));
        calls[0] = abi.encodeCall(SCHEDULER.cancel, (schedule));
        calls[1] = abi.encodeCall(SCHEDULER.topUp, (schedule, amount));
        calls[2] = abi.encodeCall(SCHEDULER.setPaused, (schedule, paused));
        calls[3] = abi.encodeCall(SCHEDULER.change, (schedule, successor, _order, _input));
    }

    function _idOf(Schedule memory schedule) private view returns (ScheduleId) {
        return ScheduleId.wrap(keccak256(abi.encode(SCHEDULE_TAG, block.chainid, SCHEDULER, schedule)));
    }

    function _notOwner(address caller) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobScheduler.SchedulerNotOwner.selector, caller, REQUESTER);
    }

    function _wrongState(ScheduleId id, ScheduleState state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobScheduler.SchedulerWrongState.selector, id, state);
    }

    function _sourceFailed(ScheduleId id, address source) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobScheduler.SchedulerSourceFailed.selector, id, source);
    }

    function _outOfBounds(
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(SchedulerRulesLib.SchedulerOutOfBounds.selector, field, given, least, most);
    }

    /// @dev The two numbers of an error.
    function _numbersOf(bytes memory error_) private pure returns (uint256 first, uint256 second) {
        assembly ("memory-safe") {
            first := mload(add(error_, 0x24))
            second := mload(add(error_, 0x44))
        }
    }
}
