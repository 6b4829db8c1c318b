// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStatementKeeper} from "../interfaces/IStatementKeeper.sol";
import {StatementId} from "../types/CommitmentTypes.sol";

/// @title A consumer that keeps whatever it is told that somebody states
contract TestConsumer is IStatementKeeper {
    mapping(bytes32 jobId => mapping(StatementId statementId => uint256)) public disputableUntil;

    /// @param windowPeriod Seconds in which the statement can be disputed; zero for none.
    function state(bytes32 jobId, StatementId statementId, uint256 windowPeriod) external {
        disputableUntil[jobId][statementId] = windowPeriod == 0 ? 0 : block.timestamp + windowPeriod;
    }
}
