// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {IDisputeGame} from "./IDisputeGame.sol";

/// @title What policies have in common that wait for verdicts
interface IVerdictPolicy {
    /// @notice A reveal can still be found false, or disputes about it are under way.
    /// @custom:fix Settle when DisputeGame says `Upheld` or `False` of what `node` has revealed.
    error PolicyStillDisputable(JobId jobId, address node);

    /// @notice Whose verdicts count; knows where rounds are kept.
    function GAME() external view returns (IDisputeGame);
}
