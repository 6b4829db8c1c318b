// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RoundId, StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {Demand, PayloadSide, Statement} from "../../contracts/types/DisputeTypes.sol";
import {VERSION_TAG, VersionId} from "../../contracts/types/ModelTypes.sol";
import {SuiteAdmin} from "./SuiteAdmin.sol";

/// @title What can be asked of a node that has stated something
abstract contract Demanding is SuiteAdmin {
    /// @dev A demand for words of a statement's output, made here and now.
    function _demandOf(
        address payer,
        Statement memory statement,
        uint256 firstWord,
        uint256 count
    ) internal view returns (Demand memory) {
        return
            Demand({
                statementId: _idOf(statement),
                root: statement.outputRoot,
                node: statement.node,
                payer: payer,
                price: DISPUTES.supplyPriceOf(count),
                tensor: 0,
                firstWord: firstWord,
                count: count,
                deadline: block.timestamp + 10
            });
    }

    function _demandCall(
        Statement memory statement,
        uint256 firstWord,
        uint256 count
    ) internal view returns (bytes memory) {
        return abi.encodeCall(DISPUTES.demand, (statement, PayloadSide.Output, 0, firstWord, count));
    }

    function _versionOf(Statement memory statement) internal pure returns (VersionId) {
        return VersionId.wrap(keccak256(abi.encode(VERSION_TAG, statement.modelId, statement.version)));
    }

    function _roundOf(Statement memory statement) internal view returns (RoundId) {
        return
            COMMITMENTS.roundIdOf(
                statement.consumer,
                statement.jobId,
                statement.attempt,
                _versionOf(statement),
                statement.inputRoot
            );
    }

    function _idOf(Statement memory statement) internal view returns (StatementId) {
        return COMMITMENTS.statementIdOf(_roundOf(statement), statement.node, statement.outputRoot);
    }
}
