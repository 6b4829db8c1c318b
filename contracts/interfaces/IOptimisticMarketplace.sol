// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {RoundId} from "../types/CommitmentTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {SignedOrder} from "../types/MandateTypes.sol";
import {Payment} from "../types/MarketTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticRules, OptimisticState} from "../types/OptimisticTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";
import {IMarketJobs} from "./IMarketJobs.sol";
import {IOptimisticPolicy} from "./IOptimisticPolicy.sol";
import {IStatementKeeper} from "./IStatementKeeper.sol";

/// @title Where one node answers, and anyone who recomputes it can prove it wrong
/// @notice A requester names a node, or leaves a job open at a rising price until a node reserves it. The node's answer is
/// final when the time to dispute it is over, or when the dispute upholds it. If it is false, the collateral of the node pays
/// the requester and those who proved it, and a second node may take the job. Every step after a deadline can be taken by
/// anyone.
///
/// A job is its hash in storage and its fields in calldata: the event `JobOffered` carries them. Its slot keeps what a node has
/// stated, too; what a node has sealed is in ResultCommitments.
interface IOptimisticMarketplace is IMarketJobs, IStatementKeeper {
    /// @notice A job was ordered and its escrow taken from the requester's balance. `input` is the input's payload if it
    /// begins with a zero byte, else the URI of it.
    event JobOffered(
        JobId indexed jobId,
        address indexed requester,
        VersionId indexed versionId,
        OptimisticJob job,
        bytes input
    );

    /// @notice A node will answer an open job for `price` (OPG, base units), at the latest before `deadline` (unix seconds).
    event JobReserved(JobId indexed jobId, address indexed node, uint256 price, uint256 deadline);

    /// @notice A node states `outputRoot` in the first (0) or second (1) attempt at a job. That can be disputed until
    /// `disputableUntil` (unix seconds, exclusive). The statement's id is made of round, node and output as that of a reveal is.
    event JobAnswered(
        JobId indexed jobId,
        RoundId indexed roundId,
        address indexed node,
        uint256 attempt,
        bytes32 outputRoot,
        uint256 disputableUntil
    );

    /// @notice A node failed, by silence or by a false answer. `refund` went back to the requester's balance, and `prize` waits
    /// for the answer of another node, out of what the first one lost (OPG, base units).
    event JobReopened(JobId indexed jobId, address indexed failed, uint256 prize, uint256 refund);

    /// @notice A job is final. `outputRoot` is zero where it has no result. `refund` went back to the requester's balance,
    /// `fee` waits for the treasury, `royalty` went to the balance of the model's owner at the request, and `pay` was earned
    /// by `node`. OPG, base units.
    event JobClosed(
        JobId indexed jobId,
        OptimisticState indexed state,
        address indexed node,
        bytes32 outputRoot,
        uint256 refund,
        uint256 fee,
        uint256 royalty,
        uint256 pay
    );

    /// @notice An auditor's seat has ended without fault. It earned `pay` out of the escrow, and `fee` of it waits for the
    /// treasury (OPG, base units); both are zero where it had stated an error.
    event AuditClosed(JobId indexed jobId, address indexed auditor, uint256 pay, uint256 fee);

    /// @notice An answer was of no use, by an auditor's silence or because two answers differ and nobody disputed either.
    /// `compensation` of the penalty went to the requester's balance (OPG, base units); the rest was burned.
    event AbsencePaid(JobId indexed jobId, address indexed node, uint256 compensation);

    /// @notice Jobs requested from now on live under these numbers.
    event OptimisticRulesSet(OptimisticRules rules, uint256 marginPeriod);

    /// @notice Only a version with a graph root can be judged, so no other can be ordered here.
    /// @custom:fix Order it where several nodes answer.
    error MarketVersionNotRefereed(VersionId versionId);

    /// @notice Nobody has shown that a lie about this version could be proven, so no node can seat with it.
    /// @custom:fix Show it: call `admit` of DisputeGame.
    error MarketVersionNotAdmitted(VersionId versionId);

    /// @notice What answers this job is sealed first, because it may be audited.
    /// @custom:fix Answer with `seal`, and settle with `settleAudited`.
    error MarketAudited(JobId jobId);

    /// @notice What answers this job, or this attempt, is never audited, so it is not sealed.
    /// @custom:fix Answer with `answer`, and settle with `settle`.
    error MarketNotAudited(JobId jobId);

    /// @notice An output root of zero means "none" and cannot be stated.
    /// @custom:fix State the root of the output, or of a canonical error.
    error MarketZeroOutput(JobId jobId);

    /// @notice The time to reserve or to answer is over.
    /// @custom:fix Nothing: it ended at `deadline` (unix seconds). `expire` ends the job.
    error MarketTooLate(JobId jobId, uint256 deadline);

    /// @notice The job is for another node.
    /// @custom:fix Answer as `expected`.
    error MarketNotForNode(JobId jobId, address node, address expected);

    /// @notice The node has failed at this job.
    /// @custom:fix Nothing: the second attempt is for others.
    error MarketNodeHasFailed(JobId jobId, address node);

    /// @notice The answer can still be found false, or disputes about it are under way.
    /// @custom:fix Settle when DisputeGame says `Upheld` or `False`.
    error MarketStillDisputable(JobId jobId);

    /// @notice The job cannot expire: its node has sealed, or still has time.
    /// @custom:fix Settle a sealed job; else try again at `deadline` (unix seconds).
    error MarketNotExpired(JobId jobId, uint256 deadline);

    /// @notice Declares that a node serves a version, and locks stake that answers for it.
    /// @dev Called again, it sets new figures; renew the lock before it ends.
    /// @param node The node.
    /// @param versionId What is served; DisputeGame must have admitted it.
    /// @param maxLock The most that may answer at once, OPG, base units: the node's bound on what it can lose here.
    /// @param endsAt End of the lock, unix seconds, at most 90 days from now.
    /// @custom:caller The node's signer or owner.
    function serve(address node, VersionId versionId, uint256 maxLock, uint256 endsAt) external;

    /// @notice Orders an inference out of the balance of the requester that the order names.
    /// @param order What is ordered; a requester other than the caller must have allowed it the escrow in `MANDATES`. The SDK's `packOptimisticOrder` makes it. Where
    /// nobody can be drawn to audit it, it can say since when it stands; the price of an open one rises from that time on.
    /// @param input The input in place, `abi.encode(Tensor[])`, or the URI where nodes find that, 256 bytes at most.
    /// @return jobId Names the job; its fields are in the event `JobOffered`.
    function request(OptimisticJob calldata order, bytes calldata input) external returns (JobId jobId);

    /// @notice Orders for the requester that the order names, who signs the payment and thereby the order; anyone sends.
    /// @dev What the payment brings beyond the escrow stays in the requester's balance.
    /// @param order What is ordered.
    /// @param input As in `request`.
    /// @param payment The requester's ERC-3009 authorisation; its nonce must be that of
    /// `subject = keccak256(abi.encode(order, keccak256(input)))`.
    /// @return jobId Names the job.
    function requestWithAuthorization(
        OptimisticJob calldata order,
        bytes calldata input,
        Payment calldata payment
    ) external returns (JobId jobId);

    /// @notice Orders for a requester that has signed the order and holds no gas, out of its balance; anyone sends.
    /// @dev Whoever copies the order can only bring the same job, and is then the one who is paid for it. A node brings it and
    /// answers in one transaction through `multicall`.
    /// @param order What is ordered.
    /// @param input As in `request`.
    /// @param signed What the requester has signed in `MANDATES` about
    /// `keccak256(abi.encode(order, keccak256(input)))`.
    /// @param repay What moves from the requester's balance to the caller's for bringing it, at most `signed.mostRepay` (OPG,
    /// base units).
    /// @return jobId Names the job.
    function requestFor(
        OptimisticJob calldata order,
        bytes calldata input,
        SignedOrder calldata signed,
        uint256 repay
    ) external returns (JobId jobId);

    /// @notice Takes an open job back that no node has reserved. A named node's job stays until its deadline: its answer
    /// could otherwise be read in the mempool and not be paid.
    /// @param job As in `JobOffered`.
    /// @custom:caller The requester.
    function cancel(OptimisticJob calldata job) external;

    /// @notice Takes an open job at the price of this second and lets collateral answer for it.
    /// @param job As in `JobOffered`.
    /// @param node Who will answer.
    /// @custom:caller The node's signer.
    function reserve(OptimisticJob calldata job, address node) external;

    /// @notice States a node's output. A named node lets collateral answer for it with this call.
    /// @param job As in `JobOffered`.
    /// @param node The named node, or the one that has reserved the job.
    /// @param outputRoot Commitment to the output, or to a canonical error.
    /// @custom:caller The node's signer.
    function answer(OptimisticJob calldata job, address node, bytes32 outputRoot) external;

    /// @notice States a node's output in a job that may be audited, without showing it. It opens the job's round in
    /// ResultCommitments, where it is revealed when auditors have had their time. Who does not reveal loses its collateral.
    /// @param job As in `JobOffered`.
    /// @param node The named node, or the one that has reserved the job.
    /// @param commitment Of the output root, the node and a salt: `sealOf` of ResultCommitments.
    /// @custom:caller The node's signer.
    function seal(OptimisticJob calldata job, address node, bytes32 commitment) external;

    /// @notice Takes the seat of a job's auditor with an answer of its own, sealed like the one that it checks.
    /// @dev Only if the policy's draw falls on it.
    /// @param job As in `JobOffered`.
    /// @param node The auditor.
    /// @param commitment As in `seal`.
    /// @custom:caller The node's signer.
    function sealAudit(OptimisticJob calldata job, address node, bytes32 commitment) external;

    /// @notice Ends an attempt that was answered: pays if the answer stands; else slashes, refunds and, after a first attempt,
    /// opens the job for a second node.
    /// @param job As in `JobOffered`.
    /// @param node Who stated it, as in `JobAnswered`.
    /// @param outputRoot What the node stated.
    /// @custom:caller Anyone.
    function settle(OptimisticJob calldata job, address node, bytes32 outputRoot) external;

    /// @notice Ends an attempt that was sealed, when everything about it is known: as `settle` does, and pays or slashes the
    /// auditor.
    /// @param job As in `JobOffered`.
    /// @param auditor Who has sealed beside the job's node; zero if nobody has.
    /// @custom:caller Anyone.
    function settleAudited(OptimisticJob calldata job, address auditor) external;

    /// @notice Ends an attempt without an answer: the requester's money is free. Who had reserved the job pays a penalty, half
    /// of which at most waits for a second node.
    /// @param job As in `JobOffered`.
    /// @custom:caller Anyone.
    function expire(OptimisticJob calldata job) external;

    /// @notice Hands a result to the job's callback and earns the tip if that takes it. If the order says so, an answer can be
    /// handed over before it is final, as what it is.
    /// @dev Needs `callbackGas · 64 / 63` and 60,000 gas beyond what it uses before the call.
    /// @param job As in `JobOffered`.
    /// @param node Who stated it.
    /// @param fault The stated error; `None` where there is an output.
    /// @param payload The output: `abi.encode(Tensor[])`; empty where there is an error.
    /// @return success Whether the callback took it. If not, anyone can try again.
    /// @custom:caller Anyone.
    function deliver(
        OptimisticJob calldata job,
        address node,
        PayloadError fault,
        bytes calldata payload
    ) external returns (bool success);

    /// @notice Gives the requester its tip back when nobody could deliver for 30 days.
    /// @param job As in `JobOffered`.
    /// @custom:caller Anyone.
    function reclaimTip(OptimisticJob calldata job) external;

    /// @notice Sets the numbers under which jobs requested from now on live.
    /// @dev Bounds: feeBps 0 to 1,000; royaltyCapBps 0 to 5,000; deterrence 25 to 100 tenths; latePenaltyFactor 1 to 20;
    /// finisherShareBps and challengerShareBps 2,500 to 5,000; disputeBond 1 to 100,000 OPG; maxAnswerPeriod 5 seconds to 48
    /// hours; mostWindowPeriod from the game's `LEAST_WINDOW_PERIOD` to 14 days; absenceBps 500 to 5,000; auditSeats 5 to 30
    /// tenths; auditSteps 1 to 6; auditSealPeriod from the policy's `SEED_DELAY_PERIOD`, and with all its steps at most its
    /// `SEED_PERIOD`; auditRevealPeriod the game's `MONEY_CLOCK_FLOOR` to 48 hours; marginPeriod half of that to 30 days. All
    /// of a job is shorter than stake thaws.
    /// @param rules What travels with each job; the horizon is computed. The SDK's `packOptimisticRules` makes it.
    /// @param marginPeriod Seconds to settle in after the last clock.
    /// @custom:caller Whom the access manager allows.
    function setRules(OptimisticRules rules, uint256 marginPeriod) external;

    /// @notice What storage keeps of a job; zero where there is none.
    /// @param jobId The job.
    function jobOf(JobId jobId) external view returns (OptimisticRecord);

    /// @notice The governed numbers, and where fees go.
    function governed() external view returns (OptimisticRules rules, address treasury);

    /// @notice Says what becomes of a job that may be audited; knows whose verdicts count, and who can be drawn.
    function POLICY() external view returns (IOptimisticPolicy);
}
