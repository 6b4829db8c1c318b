// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobScheduler} from "../../contracts/JobScheduler.sol";
import {Mandates} from "../../contracts/Mandates.sol";
import {IJobScheduler} from "../../contracts/interfaces/IJobScheduler.sol";
import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {ScheduleRecordLib} from "../../contracts/libraries/ScheduleRecordLib.sol";
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
import {spread} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";
import {Tally} from "./Tally.sol";

/// @title Owners of schedules, keepers and strangers, at random
/// @dev Every call takes one random number and reads from it what to do. Two owners have one balance each, for all of their
/// schedules; now and then one lowers its cap or takes its balance away, so that runs fail.
contract SchedulerHandler is Offering, Tally {
    using ScheduleLib for ScheduleTiming;
    using ScheduleRecordLib for ScheduleRecord;

    struct Planned {
        Schedule schedule;
        bytes order;
        uint256 startAt;
        uint256 interval;
        uint256 funded; // OPG that its runs might take in all
        uint256 spent; // OPG that they took, as the owner's balance shows
        uint256 handedOn; // OPG of the budget that it had when it ended
        uint256 runs;
        uint256 firstFree; // the first period after the last run
    }

    bytes private constant INPUT = "ipfs://input";
    uint256 private constant MOST_PLANNED = 8;
    uint256 private constant REWARD = 1e16;
    /// @dev OPG: price, a royalty of the model's, a fee of a fortieth, and the keeper's reward.
    uint256 private constant MOST_SPENT = PRICE + ROYALTY + PRICE / 40 + REWARD;

    JobScheduler public immutable SCHEDULER;
    Mandates private immutable MANDATES_;
    address[2] public owners = [REQUESTER, address(0x0e2)];
    address[3] public keepers = [address(0x4ee1), address(0x4ee2), REQUESTER];
    Planned[] private _planned;
    /// @dev Tokens that somebody has sent to the scheduler.
    uint256 public gifts;

    /// @dev What must never happen.
    uint256 public secondRuns;
    uint256 public wrongPayments;
    /// @dev What the campaign would prove nothing about if it never did it.
    uint256 public runs;
    uint256 public skipped;
    uint256 public failed;
    uint256 public changes;

    constructor() {
        _setUp();
        SCHEDULER = new JobScheduler(STAKING.authority(), MARKET, OPTIMISTIC, SchedulerNumbers(5, 5_000, 50_000, 2));
        MANDATES_ = Mandates(address(OPTIMISTIC.MANDATES()));
        _endow(owners[1]);
        VM.prank(owners[1]);
        OPTIMISTIC.deposit(owners[1], FORTUNE / 2);
        for (uint256 i; i < owners.length; ++i) _allow(owners[i], type(uint96).max);
    }

    /// @notice Begins a schedule, or changes one when there are many.
    function plan(uint256 seed) external {
        uint256 any = spread(seed);
        Planned memory planned = _plan(any);
        if (_planned.length >= MOST_PLANNED) return _change(any, planned);
        planned.funded = ((any >> 32) % 40) * 1e18;
        _must(
            _ownerOf(planned.schedule),
            address(SCHEDULER),
            abi.encodeCall(SCHEDULER.create, (planned.schedule, planned.order, INPUT, planned.funded))
        );
        _planned.push(planned);
    }

    /// @notice Runs a schedule, in time, late, twice, or when nothing is due.
    function run(uint256 seed) external {
        if (_planned.length == 0) return;
        uint256 any = spread(seed);
        VM.warp(block.timestamp + ((any >> 16) % 40));
        VM.roll(block.number + 1);
        // One keeper does not look whether anything is due.
        for (uint256 i; i < 4; ++i) {
            _run(_planned[(any >> (8 * i)) % _planned.length], keepers[(any >> 40) % 3], i > 0, any >> 48);
        }
    }

    /// @notice What owners do beside: top up, pause, resume, cancel, take money away and bring it back.
    function own(uint256 seed) external {
        if (_planned.length == 0) return;
        uint256 any = spread(seed);
        Planned storage planned = _planned[any % _planned.length];
        address owner = _ownerOf(planned.schedule);
        uint256 choice = (any >> 16) % 8;
        if (choice < 3) return _topUp(planned, owner, ((any >> 32) % 20) * 1e18);
        if (choice < 5) return _pause(planned, owner, choice == 3);
        if (choice == 5 && (any >> 64) % 4 == 0) return _cancel(planned, owner);
        if (choice == 6) return _allow(owner, (any >> 32) % 2 == 0 ? type(uint96).max : 1e18);
        uint256 balance = _balanceOf(owner);
        bytes memory call = abi.encodeCall(OPTIMISTIC.deposit, (owner, 1_000e18));
        if (balance > 10e18) call = abi.encodeCall(OPTIMISTIC.withdraw, (owner, balance - 5e18));
        _must(owner, address(OPTIMISTIC), call);
    }

    /// @notice Somebody sends tokens to the scheduler, which owes them to nobody.
    function give(uint256 seed) external {
        gifts += seed % 1e18;
        TOKEN.transfer(address(SCHEDULER), seed % 1e18);
    }

    function count() external view returns (uint256) {
        return _planned.length;
    }

    function plannedAt(uint256 i) external view returns (Planned memory planned, ScheduleRecord record) {
        planned = _planned[i];
        record = _recordOf(planned);
    }

    function _run(Planned storage planned, address keeper, bool waits, uint256 seed) private {
        address owner = _ownerOf(planned.schedule);
        ScheduleRecord before = _recordOf(planned);
        uint256[3] memory books = [
            _balanceOf(owner),
            _balanceOf(keeper),
            MANDATES_.capOf(address(OPTIMISTIC), owner, address(SCHEDULER))
        ];
        bytes memory call = abi.encodeCall(SCHEDULER.trigger, (planned.schedule, planned.order, INPUT));
        if (waits && !_wouldTry(seed, keeper, address(SCHEDULER), call)) return;
        (bool did, bytes memory refusal) = _send(keeper, address(SCHEDULER), call);
        if (!did) {
            ++failed;
            require(_isExpected(planned, before, owner, bytes4(refusal)), "a run was refused for nothing");
            require(
                ScheduleRecord.unwrap(_recordOf(planned)) == ScheduleRecord.unwrap(before),
                "a failed run left a trace"
            );
            require(_balanceOf(owner) == books[0], "a failed run cost something");
            return;
        }
        uint256 index = (block.timestamp - planned.startAt) / planned.interval;
        if (index < planned.firstFree) ++secondRuns;
        else skipped += index - planned.firstFree;
        uint256 spent = before.budget() - _recordOf(planned).budget();
        uint256 reward = keeper == owner ? 0 : _balanceOf(keeper) - books[1];
        if (reward > REWARD) ++wrongPayments;
        // A keeper that is the owner gets the reward out of its own balance.
        uint256 paid = books[0] - _balanceOf(owner);
        if (keeper == owner ? paid > spent : paid != spent) ++wrongPayments;
        uint256 cap = MANDATES_.capOf(address(OPTIMISTIC), owner, address(SCHEDULER));
        if (books[2] - cap != spent) ++wrongPayments;
        planned.spent += spent;
        planned.firstFree = index + 1;
        ++planned.runs;
        ++runs;
    }

    /// @dev Whether a run that was refused with this error had to be, as far as this handler knows.
    function _isExpected(
        Planned storage planned,
        ScheduleRecord before,
        address owner,
        bytes4 refusal
    ) private view returns (bool) {
        ScheduleTiming timing = planned.schedule.timing;
        (uint256 endsAt, uint256 mostRuns) = (timing.endsAt(), timing.mostRuns());
        if (before.state() != ScheduleState.Active) return refusal == IJobScheduler.SchedulerWrongState.selector;
        if ((endsAt != 0 && block.timestamp >= endsAt) || (mostRuns != 0 && planned.runs >= mostRuns)) {
            return refusal == IJobScheduler.SchedulerOver.selector;
        }
        if (block.timestamp < planned.startAt + planned.firstFree * planned.interval) {
            return refusal == IJobScheduler.SchedulerNotDue.selector;
        }
        if (refusal == IJobScheduler.SchedulerBudgetTooSmall.selector) return before.budget() < MOST_SPENT;
        if (refusal == IMandates.MandateCapTooLow.selector) {
            return MANDATES_.capOf(address(OPTIMISTIC), owner, address(SCHEDULER)) < MOST_SPENT;
        }
        if (refusal == ILedger.LedgerInsufficientBalance.selector) return _balanceOf(owner) < MOST_SPENT;
        return false;
    }

    function _change(uint256 any, Planned memory successor) private {
        Planned storage planned = _planned[(any >> 64) % _planned.length];
        if (_recordOf(planned).state() == ScheduleState.Ended) return;
        address owner = _ownerOf(planned.schedule);
        if (owner != _ownerOf(successor.schedule)) return;
        planned.handedOn = _recordOf(planned).budget();
        successor.funded = planned.handedOn;
        _must(
            owner,
            address(SCHEDULER),
            abi.encodeCall(SCHEDULER.change, (planned.schedule, successor.schedule, successor.order, INPUT))
        );
        _planned.push(successor);
        ++changes;
    }

    function _topUp(Planned storage planned, address owner, uint256 amount) private {
        if (_recordOf(planned).state() == ScheduleState.Ended) return;
        _must(owner, address(SCHEDULER), abi.encodeCall(SCHEDULER.topUp, (planned.schedule, amount)));
        planned.funded += amount;
    }

    function _pause(Planned storage planned, address owner, bool paused) private {
        if (_recordOf(planned).state() == ScheduleState.Ended) return;
        _must(owner, address(SCHEDULER), abi.encodeCall(SCHEDULER.setPaused, (planned.schedule, paused)));
    }

    function _cancel(Planned storage planned, address owner) private {
        if (_recordOf(planned).state() == ScheduleState.Ended) return;
        planned.handedOn = _recordOf(planned).budget();
        _must(owner, address(SCHEDULER), abi.encodeCall(SCHEDULER.cancel, (planned.schedule)));
    }

    function _allow(address owner, uint256 cap) private {
        _must(
            owner,
            address(MANDATES_),
            abi.encodeCall(IMandates.allow, (address(OPTIMISTIC), address(SCHEDULER), cap))
        );
    }

    function _plan(uint256 any) private view returns (Planned memory planned) {
        address owner = owners[any % 2];
        Terms memory terms = (any >> 8) % 2 == 0 ? _named() : _open();
        OptimisticJob memory order = _orderOf(terms);
        order.requester = JobLib.pair(owner, PRICE);
        planned.order = abi.encode(order);
        planned.startAt = block.timestamp + ((any >> 16) % 10);
        planned.interval = 5 + ((any >> 24) % 30);
        uint256 word = planned.startAt | (planned.interval << 80) | (_planned.length << 192);
        if ((any >> 40) % 8 == 0) word |= (planned.startAt + 300) << 40;
        if ((any >> 48) % 8 == 0) word |= 5 << 112;
        planned.schedule = Schedule({
            owner: JobLib.pair(owner, REWARD),
            source: JobLib.pair(address(0), 10e18),
            timing: ScheduleTiming.wrap(bytes32(word)),
            orderHash: keccak256(planned.order),
            inputHash: keccak256(INPUT)
        });
    }

    function _ownerOf(Schedule memory schedule) private pure returns (address) {
        return JobLib.account(schedule.owner);
    }

    function _recordOf(Planned memory planned) private view returns (ScheduleRecord) {
        bytes32 id = keccak256(abi.encode(SCHEDULE_TAG, block.chainid, address(SCHEDULER), planned.schedule));
        return SCHEDULER.recordOf(ScheduleId.wrap(id));
    }
}
