// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {JobId} from "../types/JobTypes.sol";
import {IMarketAccounts} from "./IMarketAccounts.sol";
import {IMarketServing} from "./IMarketServing.sol";
import {IModelRegistry} from "./IModelRegistry.sol";

/// @title What jobs of every market have in common
/// @notice A job is its hash in storage and its fields in calldata. What it ends with is handed to its callback by anyone,
/// who earns a tip for it.
interface IMarketJobs is IMarketAccounts, IMarketServing {
    /// @notice A seat lost collateral. `amount` (OPG, base units) is what was asked for; NodeStaking says what was taken.
    event SeatSlashed(JobId indexed jobId, address indexed node, uint256 amount);

    /// @notice A false answer, or, where that costs the whole collateral, an answer that was sealed and never revealed, was
    /// paid for: `share` went to the balance of each challenger, and `compensation` to the
    /// requester's, or to seats that share with it (OPG, base units). The rest of the collateral was burned, but for the
    /// prize of a job that opens again.
    event LiePaid(
        JobId indexed jobId,
        address indexed node,
        uint256 compensation,
        address[] challengers,
        uint256 share
    );

    /// @notice The callback took the result; whoever delivered it got the tip (OPG, base units).
    event ResultDelivered(JobId indexed jobId, address indexed callback, address indexed deliverer, uint256 tip);

    /// @notice The callback failed; anyone can try again.
    event DeliveryFailed(JobId indexed jobId, address indexed callback, address indexed deliverer);

    /// @notice Nobody could deliver for long; the requester has its tip back (OPG, base units).
    event TipReclaimed(JobId indexed jobId, address indexed requester, uint256 amount);

    /// @notice Only the requester itself may do this.
    /// @custom:fix Call from `requester`.
    error MarketNotRequester(address caller, address requester);

    /// @notice The very same order was placed in this very second.
    /// @custom:fix Change `nonce`.
    error MarketJobExists(JobId jobId);

    /// @notice No job has this hash.
    /// @custom:fix Send the job exactly as the event of its order carries it.
    error MarketUnknownJob(JobId jobId);

    /// @notice The output is larger than what is delivered on chain.
    /// @custom:fix Fetch it from a node and check it against its root; `most` bytes can be delivered.
    error MarketOutputTooLarge(JobId jobId, uint256 given, uint256 most);

    /// @notice There is no callback, or it was served.
    /// @custom:fix Nothing is left to do.
    error MarketNothingToDeliver(JobId jobId);

    /// @notice The tip is there for whoever delivers until `reclaimableAt` (unix seconds), or is gone.
    /// @custom:fix Wait, or deliver the result.
    error MarketNoTipToReclaim(JobId jobId, uint256 reclaimableAt);

    /// @notice Where versions are found.
    function REGISTRY() external view returns (IModelRegistry);

    /// @notice Most bytes of an input that travels with its order; a larger one is fetched from a URI.
    function MOST_INPUT_BYTES() external view returns (uint256);

    /// @notice Most bytes of an output, as `abi.encode(Tensor[])`, that can be delivered to a callback.
    function MOST_OUTPUT_BYTES() external view returns (uint256);
}
