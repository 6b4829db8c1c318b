// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SignedSeal} from "../types/CommitmentTypes.sol";
import {Job, JobId, JobRecord, JobRules, JobState} from "../types/JobTypes.sol";
import {SignedOrder} from "../types/MandateTypes.sol";
import {Payment} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";
import {IMarketJobs} from "./IMarketJobs.sol";
import {IMarketWeights} from "./IMarketWeights.sol";
import {IRefereedPolicy} from "./IRefereedPolicy.sol";
import {IReplicationPolicy} from "./IReplicationPolicy.sol";

/// @title Where inferences are ordered, drawn, settled and delivered
/// @notice A requester orders a run of a model version on an input. Nodes drawn by stake seal and reveal what they get.
/// If all agree the job is final; if not, a larger draw of fresh nodes decides by two thirds, and the wrong ones pay for
/// it out of their stake. Every step after a deadline can be taken by anyone.
///
/// A job is its hash in storage and its fields in calldata: the event `JobRequested` carries them.
interface IInferenceMarketplace is IMarketJobs, IMarketWeights {
    /// @notice A job was ordered and its escrow taken from the requester's balance. `input` is the input's payload if it
    /// begins with a zero byte, else the URI of it.
    event JobRequested(
        JobId indexed jobId,
        address indexed requester,
        VersionId indexed versionId,
        Job job,
        bytes input
    );

    /// @notice The seed of the running draw is known.
    event SeedRecorded(JobId indexed jobId, uint256 seed);

    /// @notice Not all have revealed: the next draw takes its seed from this block.
    event SeedBlockFixed(JobId indexed jobId, uint256 seedBlock);

    /// @notice An audit or an appeal began, and with it its sealing. `satWeight` (OPG, base units) of the served weight does
    /// not count in it, because it sat before.
    event DrawStarted(JobId indexed jobId, JobState indexed state, uint256 seed, uint256 satWeight);

    /// @notice A job is final. `outputRoot` is zero where it has no result. `refund` went back to the requester's balance,
    /// `fee` waits for the treasury and `royalty` went to the balance of the model's owner at the request. `pay` was earned
    /// out of the escrow by all right seats together: the seat price each, for an agreed error a part of it, in an undecided
    /// job equal parts; right seats of the appeal of a decided job are not among them. Besides, each right seat of that
    /// appeal, in other jobs of the first draw, earned `share` of what slashes brought. Right are those who revealed
    /// `outputRoot`; where there is none, all who revealed. OPG, base units.
    event JobSettled(
        JobId indexed jobId,
        JobState indexed state,
        bytes32 outputRoot,
        uint256 refund,
        uint256 fee,
        uint256 royalty,
        uint256 pay,
        uint256 share
    );

    /// @notice Jobs requested from now on live under these numbers.
    event RulesSet(JobRules rules, uint256 marginPeriod);

    /// @notice The job is in a state in which this cannot be done.
    /// @custom:fix Look at `state`; `nextStateOf` of the policy tells where the job can go.
    error MarketWrongState(JobId jobId, JobState state);

    /// @notice The seed's block is known, so that cancelling would be a second draw.
    /// @custom:fix Wait for the result, or for a refund if nobody answers.
    error MarketTooLateToCancel(JobId jobId, uint256 lastBlock);

    /// @notice The seed's block is not mined yet, or sealing has not begun.
    /// @custom:fix Try again in block `seedBlock + 1`, and at `opensAt` (unix seconds) or later.
    error MarketSealingNotOpen(JobId jobId, uint256 seedBlock, uint256 opensAt);

    /// @notice Nobody recorded the seed in time, so this job is refunded.
    /// @custom:fix Call `expire`.
    error MarketSeedMissed(JobId jobId, uint256 seedBlock);

    /// @notice All steps of the sealing are over.
    /// @custom:fix Reveal if the node has sealed; otherwise nothing is left to do.
    error MarketSealingOver(JobId jobId, uint256 endedAt);

    /// @notice The draw did not fall on this node.
    /// @custom:fix Try in a later step, when the threshold has doubled; the SDK's `isDrawn` tells.
    error MarketNotDrawn(JobId jobId, address node, uint256 step);

    /// @notice The node sat in an earlier draw of this job.
    /// @custom:fix Nothing: later draws are for others.
    error MarketNotFresh(JobId jobId, address node);

    /// @notice The output is not the one that the job ended with.
    /// @custom:fix Send the payload, or the error code, whose root is `expected`.
    error MarketWrongOutput(JobId jobId, bytes32 given, bytes32 expected);

    /// @notice Orders an inference out of the balance of the requester that the order names.
    /// @param order What is ordered; a requester other than the caller must have allowed it the escrow in `MANDATES`. The SDK's `packOrder` makes it.
    /// @param input The input in place, `abi.encode(Tensor[])`, or the URI where nodes find that, 256 bytes at most.
    /// @return jobId Names the job; its fields are in the event `JobRequested`.
    function request(Job calldata order, bytes calldata input) external returns (JobId jobId);

    /// @notice Orders for the requester that the order names, who signs the payment and thereby the order; anyone sends.
    /// @dev What the payment brings beyond the escrow stays in the requester's balance.
    /// @param order What is ordered.
    /// @param input As in `request`.
    /// @param payment The requester's ERC-3009 authorisation; its nonce must be that of
    /// `subject = keccak256(abi.encode(order, keccak256(input)))`.
    /// @return jobId Names the job.
    function requestWithAuthorization(
        Job calldata order,
        bytes calldata input,
        Payment calldata payment
    ) external returns (JobId jobId);

    /// @notice Orders for a requester that has signed the order and holds no gas, out of its balance; anyone sends.
    /// @dev Whoever copies the order can only bring the same job, and is then the one who is paid for it.
    /// @param order What is ordered.
    /// @param input As in `request`.
    /// @param signed What the requester has signed in `MANDATES` about
    /// `keccak256(abi.encode(order, keccak256(input)))`.
    /// @param repay What moves from the requester's balance to the caller's for bringing it, at most `signed.mostRepay` (OPG,
    /// base units).
    /// @return jobId Names the job.
    function requestFor(
        Job calldata order,
        bytes calldata input,
        SignedOrder calldata signed,
        uint256 repay
    ) external returns (JobId jobId);

    /// @notice Takes an order back while the seed of its draw cannot be known.
    /// @param job As in `JobRequested`.
    /// @custom:caller The requester.
    function cancel(Job calldata job) external;

    /// @notice Takes a seat: seals a drawn node's output and lets its collateral answer for it.
    /// @param job As in `JobRequested`.
    /// @param node Who sits.
    /// @param commitment `sealOf` of ResultCommitments, for the round of the running draw.
    /// @custom:caller The node's signer.
    function commit(Job calldata job, address node, bytes32 commitment) external;

    /// @notice Takes seats for nodes whose signers have signed their seals: `commit` for each, for whoever pays the gas. All or none.
    /// @param job As in `JobRequested`.
    /// @param seals The seals, and signatures as `authorOf` of ResultCommitments reads them, for the round of the running draw. Its
    /// `sealMany` says when they are packed.
    /// @custom:caller Anyone.
    function commitSigned(Job calldata job, SignedSeal[] calldata seals) external;

    /// @notice Takes a job one step on without ending it: records the first seed, fixes the block of the next one, or
    /// begins an audit or an appeal.
    /// @param job As in `JobRequested`.
    /// @param seats All who sealed: first draw, audit, appeal, each ascending by address; looked at only
    /// when an audit or appeal begins.
    /// @custom:caller Anyone.
    function advance(Job calldata job, address[] calldata seats) external;

    /// @notice Reveals what a node has sealed and, since it was the last to reveal, ends the job in the same transaction.
    /// @dev Saves a transaction. All others call `reveal` of ResultCommitments, which costs less; this reverts if the job
    /// cannot end with it, because others have yet to reveal, or an audit or appeal may follow.
    /// @param job As in `JobRequested`.
    /// @param node Who sealed.
    /// @param outputRoot Commitment to the output.
    /// @param salt The 32 bytes that hid it.
    /// @param seats As in `settle`.
    /// @custom:caller Anyone who knows the salt.
    function revealAndSettle(
        Job calldata job,
        address node,
        bytes32 outputRoot,
        bytes32 salt,
        address[] calldata seats
    ) external;

    /// @notice Ends a job that has been answered: pays, slashes and refunds, as the policy says.
    /// @param job As in `JobRequested`.
    /// @param seats All who sealed: first draw, audit, appeal, each ascending by address.
    /// @custom:caller Anyone.
    function settle(Job calldata job, address[] calldata seats) external;

    /// @notice Ends a job that found no seed or too few nodes: the requester gets everything back.
    /// @param job As in `JobRequested`.
    /// @param seats All who sealed, ascending by address.
    /// @custom:caller Anyone.
    function expire(Job calldata job, address[] calldata seats) external;

    /// @notice Hands a final result to the job's callback and earns the tip if that takes it.
    /// @dev Needs `callbackGas · 64 / 63` and 60,000 gas beyond what it uses before the call.
    /// @param job As in `JobRequested`.
    /// @param fault The agreed error; `None` where there is an output.
    /// @param payload The output: `abi.encode(Tensor[])`; empty where there is an error.
    /// @return success Whether the callback took it. If not, anyone can try again.
    /// @custom:caller Anyone.
    function deliver(Job calldata job, PayloadError fault, bytes calldata payload) external returns (bool success);

    /// @notice Gives the requester its tip back when nobody could deliver for 30 days.
    /// @param job As in `JobRequested`.
    /// @custom:caller Anyone.
    function reclaimTip(Job calldata job) external;

    /// @notice Sets the numbers under which jobs requested from now on live, inside the bounds of the policy.
    /// @param rules What travels with each job; the horizon is computed. The SDK's `packRules` makes it.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @custom:caller Whom the access manager allows.
    function setRules(JobRules rules, uint256 marginPeriod) external;

    /// @notice What storage keeps of a job; zero where there is none.
    /// @param jobId The job.
    /// @return record Its slot.
    /// @return satWeight OPG of the served weight that sat before the running draw, so that it does not count in it.
    function jobOf(JobId jobId) external view returns (JobRecord record, uint256 satWeight);

    /// @notice The governed numbers, and where fees go.
    function governed() external view returns (JobRules rules, address treasury);

    /// @notice Says what becomes of a job.
    function POLICY() external view returns (IReplicationPolicy);

    /// @notice Says it where a referee can judge, and which orders can be placed there.
    function REFEREED_POLICY() external view returns (IRefereedPolicy);
}
