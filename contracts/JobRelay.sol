// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceMarketplace} from "./interfaces/IInferenceMarketplace.sol";
import {IJobRelay} from "./interfaces/IJobRelay.sol";
import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {PackedReveal, Reveal, Round, RoundId, SignedSeal} from "./types/CommitmentTypes.sol";
import {Job} from "./types/JobTypes.sol";

/// @title Brings what many nodes have signed to the market in one transaction
contract JobRelay is IJobRelay {
    /// @inheritdoc IJobRelay
    IInferenceMarketplace public immutable MARKET;
    IResultCommitments private immutable COMMITMENTS;

    /// @param market Whose jobs these are; knows where rounds are kept.
    constructor(IInferenceMarketplace market) {
        MARKET = market;
        COMMITMENTS = market.POLICY().COMMITMENTS();
    }

    /// @inheritdoc IJobRelay
    function sealMany(Job calldata job, SignedSeal[] calldata seals) external {
        for (uint256 i; i < seals.length; ++i) {
            // solhint-disable-next-line no-empty-blocks
            try MARKET.commitSigned(job, seals[i:i + 1]) {} catch (bytes memory reason) {
                // Every refusal has a reason. Without this, an estimate of the gas would find that to seal nothing is enough.
                if (reason.length == 0) revert RelayGasTooLow(seals[i].node);
                emit SealSkipped(HashLib.jobIdAt(address(MARKET), job), seals[i].node, reason);
            }
        }
    }

    /// @inheritdoc IJobRelay
    function revealAndSettle(
        Job calldata job,
        RoundId roundId,
        Reveal[] calldata reveals,
        address[] calldata seats
    ) external {
        COMMITMENTS.revealMany(roundId, reveals);
        MARKET.settle(job, seats);
    }

    /// @inheritdoc IJobRelay
    function revealPackedAndSettle(
        Job calldata job,
        RoundId roundId,
        Round round,
        bytes32 outputRoot,
        PackedReveal[] calldata reveals
    ) external {
        COMMITMENTS.revealPacked(roundId, round, outputRoot, reveals);
        address[] memory seats = new address[](reveals.length);
        for (uint256 i; i < reveals.length; ++i) seats[i] = reveals[i].node;
        MARKET.settle(job, seats);
    }
}
