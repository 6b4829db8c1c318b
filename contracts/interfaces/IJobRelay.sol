// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {PackedReveal, Reveal, Round, RoundId, SignedSeal} from "../types/CommitmentTypes.sol";
import {Job, JobId} from "../types/JobTypes.sol";
import {IInferenceMarketplace} from "./IInferenceMarketplace.sol";

/// @title Brings what many nodes have signed to the market in one transaction
/// @notice The nodes of a job hand their seals, and later their salts, to somebody who posts all of them at once: a job's life
/// is then three transactions, however many nodes sit. Whoever posts needs no trust and gets none: the market asks for each
/// node's own signature, a seal binds each reveal, and a node whose signature nobody posts sends its own transaction.
/// @dev Holds neither tokens nor state nor a right; nothing depends on it.
/// @custom:source docs/adr/0036-anybody-brings-what-nodes-have-signed.md
interface IJobRelay {
    /// @notice A seal was left out; the others count. `reason` is the error of `commitSigned`.
    event SealSkipped(JobId indexed jobId, address indexed node, bytes reason);

    /// @notice The gas ran out before this node's seal.
    /// @custom:fix Send more gas, or fewer seals.
    error RelayGasTooLow(address node);

    /// @notice Takes seats for several nodes: `commitSigned` of the market for each by itself. One that reverts is skipped and reported.
    /// @dev Nothing is packed: where nobody is to be skipped, `commitSigned` of all at once costs less.
    /// @param job As in `JobRequested`.
    /// @param seals The seals and the signatures on them.
    /// @custom:caller Anyone.
    function sealMany(Job calldata job, SignedSeal[] calldata seals) external;

    /// @notice Reveals what several nodes have sealed and, since nobody else has to reveal, ends the job in the same
    /// transaction.
    /// @dev Reverts where the job cannot end with it: then `revealMany` of ResultCommitments is to be called instead.
    /// @param job As in `JobRequested`.
    /// @param roundId The round of the running draw.
    /// @param reveals Node, output root and salt of each; one that does not fit is skipped and reported.
    /// @param seats All who sealed: first draw, audit, appeal, each ascending by address.
    /// @custom:caller Anyone who knows the salts.
    function revealAndSettle(
        Job calldata job,
        RoundId roundId,
        Reveal[] calldata reveals,
        address[] calldata seats
    ) external;

    /// @notice Shows that all nodes of a packed round have sealed the same output, and ends the job in the same transaction.
    /// @dev Reverts where the round is not packed, where not all are shown, or where an audit may follow: then `unpack` of
    /// ResultCommitments is to be called, if the round is packed, and `revealMany`.
    /// @param job As in `JobRequested`.
    /// @param roundId The round of the running draw.
    /// @param round As `RoundOpened` has it.
    /// @param outputRoot What all of them have sealed.
    /// @param reveals The salt of each node, in the order of `ResultSealed`.
    /// @custom:caller Anyone who knows the salts.
    function revealPackedAndSettle(
        Job calldata job,
        RoundId roundId,
        Round round,
        bytes32 outputRoot,
        PackedReveal[] calldata reveals
    ) external;

    /// @notice The market whose jobs these are.
    function MARKET() external view returns (IInferenceMarketplace);
}
