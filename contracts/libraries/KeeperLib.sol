// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IStatementKeeper} from "../interfaces/IStatementKeeper.sol";
import {StatementId} from "../types/CommitmentTypes.sol";

/// @title Asking a consumer for what was stated to it
library KeeperLib {
    /// @dev Zero if the consumer is no contract, or does not answer as a keeper does: what nobody vouches for was not stated.
    function disputableUntil(address consumer, bytes32 jobId, StatementId id) internal view returns (uint256) {
        bytes memory call = abi.encodeCall(IStatementKeeper.disputableUntil, (jobId, id));
        (bool success, bytes memory answer) = consumer.staticcall(call);
        return success && answer.length == 32 ? abi.decode(answer, (uint256)) : 0;
    }
}
