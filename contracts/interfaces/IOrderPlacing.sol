// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IInferenceMarketplace} from "./IInferenceMarketplace.sol";
import {IOptimisticMarketplace} from "./IOptimisticMarketplace.sol";

/// @title Who places orders of others, in either market
interface IOrderPlacing {
    /// @notice Where several nodes answer.
    function MARKET() external view returns (IInferenceMarketplace);

    /// @notice Where one node answers.
    function OPTIMISTIC() external view returns (IOptimisticMarketplace);
}
