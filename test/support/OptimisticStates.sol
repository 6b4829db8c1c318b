// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OptimisticState} from "../../contracts/types/OptimisticTypes.sol";

/// @dev Written anew: nothing can happen to the job any more.
function isOver(OptimisticState state) pure returns (bool) {
    return state > OptimisticState.Stated;
}
