// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobScheduler} from "../../contracts/JobScheduler.sol";
import {ScheduledConsumer} from "../../contracts/consumer/ScheduledConsumer.sol";
import {InferenceConsumer} from "../../contracts/consumer/InferenceConsumer.sol";
import {IInferenceConsumer} from "../../contracts/interfaces/IInferenceConsumer.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IJobScheduler} from "../../contracts/interfaces/IJobScheduler.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {IScheduledConsumer} from "../../contracts/interfaces/IScheduledConsumer.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {ScheduleLib} from "../../contracts/libraries/ScheduleLib.sol";
import {Inference, ResultPolicy, ResultStatus} from "../../contracts/types/ConsumerTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {Schedule, ScheduleId, SchedulerNumbers, ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @dev Follows what it is told to, and keeps the last result.
contract Follower is ScheduledConsumer {
    JobId public last;
    uint256 public results;

    constructor(
        IInferenceMarketplace market,
        IOptimisticMarketplace optimistic,
        address scheduler
    ) InferenceConsumer(market, optimistic) ScheduledConsumer(scheduler) {}

    function follow(ScheduleId id, ResultPolicy policy, uint32 acceptPeriod) external {
        _follow(id, policy, false, acceptPeriod);
    }

    function unfollow(ScheduleId id) external {
        _unfollow(id);
    }

    function _onInference(Inference memory result) internal override {
        last = result.jobId;
        ++results;
    }
}

/// @title A contract that takes the results of a schedule, on the real scheduler and market
contract ScheduledConsumerTest is Offering {
    bytes private constant INPUT = "ipfs://input";
    uint32 private constant ACCEPT = 1_000;

    JobScheduler private _scheduler;
    Follower private _follower;

    function setUp() external {
        _setUp();
        address access = STAKING.authority();
        _scheduler = new JobScheduler(access, MARKET, OPTIMISTIC, SchedulerNumbers(5, 5_000, 50_000, 2));
        _follower = new Follower(IInferenceMarketplace(address(0)), OPTIMISTIC, address(_scheduler));
        IMandates mandates = OPTIMISTIC.MANDATES();
        VM.prank(REQUESTER);
        mandates.allow(address(OPTIMISTIC), address(_scheduler), type(uint256).max);
    }

    /// @dev [T197]
    function test_onScheduled_takesTheResultsOfAFollowedSchedule() external {
        (Schedule memory schedule, bytes memory order, ScheduleId id) = _create();
        _follower.follow(id, ResultPolicy.Optimistic, ACCEPT);
        JobId jobId = _scheduler.trigger(schedule, order, INPUT);
        require(_follower.statusOf(jobId) == ResultStatus.Waiting, "not waiting");
        OptimisticJob memory job = _jobOf(order, id);
        require(JobId.unwrap(_idOf(job)) == JobId.unwrap(jobId), "another job");
        _answer(job, _nodes[0], _root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        require(OPTIMISTIC.deliver(job, _nodes[0], PayloadError.None, _payload), "not taken");
        require(JobId.unwrap(_follower.last()) == JobId.unwrap(jobId) && _follower.results() == 1, "not kept");
        require(_follower.statusOf(jobId) == ResultStatus.Final, "not final");
    }

    /// @dev A run for a contract that does not follow it, or no more, fails and leaves no trace. [T197]
    function test_onScheduled_refusesSchedulesThatItDoesNotFollow() external {
        (Schedule memory schedule, bytes memory order, ScheduleId id) = _create();
        bytes memory refusal = abi.encodeWithSelector(
            IJobScheduler.SchedulerNoticeRefused.selector,
            id,
            address(_follower)
        );
        bytes memory call = abi.encodeCall(IJobScheduler.trigger, (schedule, order, INPUT));
        _refuse(WATCHER, address(_scheduler), call, refusal);
        _follower.follow(id, ResultPolicy.Optimistic, ACCEPT);
        _follower.unfollow(id);
        _refuse(WATCHER, address(_scheduler), call, refusal);
        VM.prank(address(_scheduler));
        VM.expectRevert(abi.encodeWithSelector(IScheduledConsumer.ConsumerNotFollowing.selector, id));
        _follower.onScheduled(id, 0, JobId.wrap("job"));
    }

    /// @dev Nobody else can make it wait for a job. [T197]
    function test_onScheduled_refusesEverybodyButTheScheduler() external {
        ScheduleId id = ScheduleId.wrap("schedule");
        _follower.follow(id, ResultPolicy.Optimistic, ACCEPT);
        VM.expectRevert(
            abi.encodeWithSelector(
                IScheduledConsumer.ConsumerNotScheduler.selector,
                id,
                address(this),
                address(_scheduler)
            )
        );
        _follower.onScheduled(id, 0, JobId.wrap("job"));
    }

    /// @dev A job that names it and that no schedule told of stays foreign. [T197 T092]
    function test_onInference_refusesForeignJobs() external {
        VM.prank(address(OPTIMISTIC));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerNotWaiting.selector, JobId.wrap("job")));
        _follower.onInference(JobId.wrap("job"), _version, PayloadError.None, _payload);
    }

    /// @dev What is followed, and what no more, shows in events.
    function test_follow_saysWhatIsTaken() external {
        ScheduleId id = ScheduleId.wrap("schedule");
        VM.expectEmit(address(_follower));
        emit IScheduledConsumer.ScheduleFollowed(id, ResultPolicy.Audited, ACCEPT);
        _follower.follow(id, ResultPolicy.Audited, ACCEPT);
        VM.expectEmit(address(_follower));
        emit IScheduledConsumer.ScheduleFollowed(id, ResultPolicy.None, 0);
        _follower.unfollow(id);
    }

    function test_follow_refusesWhatItCannotTake() external {
        ScheduleId id = ScheduleId.wrap("schedule");
        _refuseFollow(id, ResultPolicy.None, ACCEPT);
        // It was made without the market of several nodes.
        _refuseFollow(id, ResultPolicy.Replicated, ACCEPT);
        _refuseFollow(id, ResultPolicy.Optimistic, 0);
    }

    /// @dev A result that comes later than it accepts is refused.
    function test_onInference_refusesStaleResults() external {
        (Schedule memory schedule, bytes memory order, ScheduleId id) = _create();
        _follower.follow(id, ResultPolicy.Optimistic, 10);
        JobId jobId = _scheduler.trigger(schedule, order, INPUT);
        uint256 acceptUntil = block.timestamp + 10;
        VM.warp(acceptUntil + 1);
        require(_follower.statusOf(jobId) == ResultStatus.Void, "not void");
        VM.prank(address(OPTIMISTIC));
        VM.expectRevert(abi.encodeWithSelector(IInferenceConsumer.ConsumerResultStale.selector, jobId, acceptUntil));
        _follower.onInference(jobId, _version, PayloadError.None, _payload);
    }

    function _refuseFollow(ScheduleId id, ResultPolicy policy, uint32 acceptPeriod) private {
        VM.expectRevert(
            abi.encodeWithSelector(IScheduledConsumer.ConsumerCannotFollow.selector, id, policy, acceptPeriod)
        );
        _follower.follow(id, policy, acceptPeriod);
    }

    /// @dev A schedule of the requester that runs now, whose results the follower gets.
    function _create() private returns (Schedule memory schedule, bytes memory order, ScheduleId id) {
        Terms memory terms = _named();
        terms.callback = address(_follower);
        order = abi.encode(_orderOf(terms));
        uint256 timing = block.timestamp | (100 << 80) | (uint256(80_000) << 168);
        schedule = Schedule({
            owner: JobLib.pair(REQUESTER, 1e18),
            source: JobLib.pair(address(0), 10e18),
            timing: ScheduleTiming.wrap(bytes32(timing)),
            orderHash: keccak256(order),
            inputHash: keccak256(INPUT)
        });
        VM.prank(REQUESTER);
        id = _scheduler.create(schedule, order, INPUT, 100e18);
    }

    /// @dev The job that the first run of a schedule orders in this second.
    function _jobOf(bytes memory order, ScheduleId id) private view returns (OptimisticJob memory job) {
        job = abi.decode(order, (OptimisticJob));
        job.shape = OptimisticJobLib.renewed(job.shape, ScheduleLib.nonceOf(id, 0));
        return _becomes(job, job.inputRoot);
    }
}
