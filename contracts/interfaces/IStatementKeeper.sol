// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId} from "../types/CommitmentTypes.sol";

/// @title A consumer that keeps what nodes state to it without a seal
/// @notice DisputeGame asks it whether there is something to dispute. The consumer alone acts on the verdict, with stake that
/// nodes have authorised it to slash, so a keeper that lies harms nobody who has not trusted it with that.
interface IStatementKeeper {
    /// @notice When a statement can be disputed no more.
    /// @param jobId Of the job that it answers.
    /// @param statementId The statement.
    /// @return Unix seconds, exclusive; a time that is past if what follows from it is done; zero if it was not made.
    function disputableUntil(bytes32 jobId, StatementId statementId) external view returns (uint256);
}
