// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Slashing} from "../types/StakingTypes.sol";
import {JobLib} from "./JobLib.sol";

/// @title What those get who prove a lie
library LieLib {
    /// @dev A part of what own stake has left: the rest burns, so that who challenges itself loses, and what delegators lose
    /// reaches nobody.
    /// @param slashing With as much asked for as there is: `rewarded` came in, out of `own`.
    /// @param kept What others get first, OPG.
    /// @custom:rounds Down.
    function rewardOf(Slashing memory slashing, uint256 kept, uint256 shareBps) internal pure returns (uint256) {
        return Math.min(JobLib.part(slashing.own - kept, shareBps), slashing.rewarded - kept);
    }
}
