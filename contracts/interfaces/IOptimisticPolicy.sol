// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Round} from "../types/CommitmentTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {
    AuditOutcome,
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticState
} from "../types/OptimisticTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";
import {IAuditRoster} from "./IAuditRoster.sol";
import {IVerdictPolicy} from "./IVerdictPolicy.sol";

/// @title The policy `Optimistic`: one node answers, and the chance that another is paid to answer, too, keeps it honest
/// @notice Says of a job that may be audited when its answers are sealed and revealed, whether and when an auditor may sit,
/// and how the job ends. It also knows with which governed numbers that is sound. It reads rounds and verdicts and holds
/// neither tokens nor state; whoever holds the tokens asks it and pays.
/// @dev For each course of events exactly one end can be reached, and after the last deadline one always can.
interface IOptimisticPolicy is IVerdictPolicy {
    /// @notice The longest job would outlast the time in which its collateral can be reached.
    /// @custom:fix Shorten periods until `horizonPeriod` is below `thawPeriod` (seconds).
    error MarketDeadlinesDoNotNest(uint256 horizonPeriod, uint256 thawPeriod);

    /// @notice The job is in a state in which this cannot be done.
    /// @custom:fix Look at `state`.
    error MarketWrongPhase(JobId jobId, OptimisticState state);

    /// @notice What was brought is not what was stated of the job, or not by this node.
    /// @custom:fix Take node and output root from `JobAnswered`, or the node and what it revealed; to deliver, bring the
    /// payload, or the error code, of that root.
    error MarketNotStated(JobId jobId, address node, bytes32 given);

    /// @notice The answer was found false, so it is handed to nobody.
    /// @custom:fix Settle the job.
    error MarketAnswerFalse(JobId jobId);

    /// @notice There is no sealed answer without an auditor.
    /// @custom:fix Wait until the job's node has sealed; if another node has sealed, too, the seat is taken.
    error PolicyNoFreeSeat(JobId jobId);

    /// @notice The block that decides about the audit is not mined yet, or sealing has not begun.
    /// @custom:fix Try again in block `seedBlock + 1`, and at `opensAt` (unix seconds) or later.
    error PolicySealingNotOpen(JobId jobId, uint256 seedBlock, uint256 opensAt);

    /// @notice All steps in which an auditor can seal are over, or the chain has forgotten the block that decides.
    /// @custom:fix Nothing: the job goes on without an audit.
    error PolicySealingOver(JobId jobId, uint256 endedAt);

    /// @notice By the chance that the order names, this answer is not audited.
    /// @custom:fix Nothing: the job goes on without an audit.
    error PolicyNotAudited(JobId jobId);

    /// @notice The draw did not fall on this node.
    /// @custom:fix Try in a later step, when the threshold has doubled; the SDK's `isDrawn` tells.
    error PolicyNotDrawn(JobId jobId, address auditor, uint256 step);

    /// @notice Those who have sealed can still reveal.
    /// @custom:fix Try again when all have revealed, or at `endsAt` (unix seconds).
    error PolicyRoundNotOver(JobId jobId, uint256 endsAt);

    /// @notice The auditor is not the node that has sealed beside the job's own.
    /// @custom:fix Name that node, or nobody where the job's node alone has sealed.
    error PolicyWrongAuditor(JobId jobId, address given);

    /// @notice The rules, checked against their bounds and completed with the horizon: the longest time from a seat to the end
    /// of its job.
    /// @param rules The governed numbers.
    /// @param marginPeriod Seconds to settle in after the last clock.
    function complete(OptimisticRules rules, uint256 marginPeriod) external view returns (OptimisticRules);

    /// @notice The round that a node's seal opens now. Its clock leaves time for an auditor, whether or not there will be one.
    /// @param job The job's fields.
    function openingOf(OptimisticJob calldata job) external view returns (Round);

    /// @notice The round in the running step of the draw of an auditor. Reverts unless the draw falls on this node.
    /// @dev Weights count as they were before the job: before anybody could know of it. The node that is checked leaves the
    /// draw. One seed, the hash of the block after next to the one of the node's seal, says whether there is an audit, and
    /// who may sit.
    /// @param consumer The contract that sealed the job's round.
    /// @param jobId The job.
    /// @param job Its fields; the consumer vouches that they belong to the id.
    /// @param node Who holds the job; the consumer vouches for it, too.
    /// @param auditor Who wants to sit.
    function drawOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        address node,
        address auditor
    ) external view returns (Round);

    /// @notice The call that hands over what the job's node has stated, as final or as provisional. Reverts if it has not
    /// stated this, or if the order does not take it yet.
    /// @param consumer The contract of the job.
    /// @param jobId As in `drawOf`.
    /// @param job As in `drawOf`.
    /// @param record Its slot; the consumer vouches for it, too.
    /// @param node Who stated it.
    /// @param fault The stated error; `None` where there is an output.
    /// @param payload The output; empty where there is an error.
    function deliveryOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        OptimisticRecord record,
        address node,
        PayloadError fault,
        bytes calldata payload
    ) external view returns (bytes memory);

    /// @notice How a job ends whose answer was sealed.
    /// @param consumer As in `drawOf`.
    /// @param jobId As in `drawOf`.
    /// @param job As in `drawOf`.
    /// @param node As in `drawOf`.
    /// @param auditor Who has sealed beside it; zero if nobody has.
    function outcomeOf(
        address consumer,
        JobId jobId,
        OptimisticJob calldata job,
        address node,
        address auditor
    ) external view returns (AuditOutcome memory);

    /// @notice Who can be drawn.
    function ROSTER() external view returns (IAuditRoster);

    /// @notice Seconds from a node's seal to the first step of an audit's draw.
    function SEED_DELAY_PERIOD() external view returns (uint256);

    /// @notice Seconds in which the chain remembers a block.
    function SEED_PERIOD() external view returns (uint256);
}
