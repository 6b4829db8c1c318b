// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IOPGGovernor} from "../interfaces/IOPGGovernor.sol";

/// @title How long a vote can last
/// @dev Stands apart because the governor's other bases check against it while they are constructed.
abstract contract VoteBounds is IOPGGovernor {
    /// @inheritdoc IOPGGovernor
    uint256 public immutable MOST_VOTE_PERIOD;

    constructor(uint256 mostVotePeriod) {
        MOST_VOTE_PERIOD = mostVotePeriod;
    }
}
