// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Link, LinkedOutput, LinkId, LinkState} from "../types/ChainTypes.sol";
import {JobId} from "../types/JobTypes.sol";
import {IOrderPlacing} from "./IOrderPlacing.sol";

/// @title Jobs whose input is the output of another job
/// @notice A *link* is an order that waits for the output of a job, in either market. When that output is final anyone may
/// *follow* the link, once: that places the order with the output as its input, checked by root, and pays the caller. A link can
/// also wait for the job that another link orders, so that a chain of any length can be created at once.
///
/// Money: this contract holds none. Escrow and reward come out of the balance that the owner has in the market of the order,
/// where the owner must have allowed this contract to use it (`allow` of Mandates). What an order may take and what a caller
/// earns is bounded by the link.
///
/// Only what can never change is an input: the output of a job that is final. A canonical error is no output. A link whose first
/// job ends without an output stays until it expires, and costs nothing.
///
/// A link is its hash in storage and its fields in calldata: the event `LinkCreated` carries them, and the order.
/// @custom:source docs/adr/0039-a-link-names-a-job-or-a-link.md
interface IJobChain is IOrderPlacing {
    /// @notice A link waits for the output of `first`. `order` is `abi.encode(Job)` or `abi.encode(OptimisticJob)`.
    event LinkCreated(LinkId indexed linkId, address indexed owner, bytes32 indexed first, Link link, bytes order);

    /// @notice A link has ordered a job on an output: `cost` was taken as its escrow, and `reward` was paid to the follower (OPG,
    /// base units).
    event LinkFollowed(
        LinkId indexed linkId,
        JobId indexed jobId,
        address indexed follower,
        bytes32 outputRoot,
        uint256 cost,
        uint256 reward
    );

    /// @notice The owner has ended a link.
    event LinkCancelled(LinkId indexed linkId);

    /// @notice Only the owner may do this.
    /// @custom:fix Call from `owner`.
    error ChainNotOwner(address caller, address owner);

    /// @notice There was such a link before.
    /// @custom:fix Give its order another nonce.
    error ChainLinkExists(LinkId linkId);

    /// @notice The state of the link does not allow this.
    /// @custom:fix Give the link as `LinkCreated` has it; follow the link `linkId` first if another one waits for it. Nothing becomes
    /// of one that was followed or cancelled.
    error ChainWrongState(LinkId linkId, LinkState state);

    /// @notice The link is too old to be followed, or would be.
    /// @custom:fix Create one that expires later than now; `expiresAt` is in unix seconds.
    error ChainExpired(LinkId linkId, uint256 expiresAt);

    /// @notice The first job would be in no market.
    /// @custom:fix Name `MARKET` or `OPTIMISTIC` as the link's source.
    error ChainUnknownMarket(address market);

    /// @notice The order is not the one whose hash the link names.
    /// @custom:fix Give the order of `LinkCreated`.
    error ChainWrongOrder(bytes32 given, bytes32 expected);

    /// @notice The order would be paid by somebody else than the link's owner.
    /// @custom:fix Make `owner` the order's requester.
    error ChainWrongRequester(address requester, address owner);

    /// @notice This is not the final output of the first job.
    /// @custom:fix Wait until the job is final, and give the root of its output, in `OPTIMISTIC` with the round and the node that
    /// stated it. A job without an output, or with a canonical error, has nothing to follow.
    error ChainWrongOutput(JobId jobId, bytes32 outputRoot);

    /// @notice Somebody other than the owner gives a URI as the input, or nothing.
    /// @custom:fix Give the output itself, as `abi.encode(Tensor[])`; `owner` alone may say where it is fetched from.
    error ChainInputNotInPlace(address caller, address owner);

    /// @notice The input is not the output.
    /// @custom:fix Give the bytes whose payload root is `expected`.
    error ChainWrongInput(bytes32 given, bytes32 expected);

    /// @notice The order takes more than the owner pays for it.
    /// @custom:fix Wait until model and market ask for at most `most` (OPG, base units), or create another link.
    error ChainCostTooHigh(LinkId linkId, uint256 cost, uint256 most);

    /// @notice Begins a link of the caller.
    /// @dev Whether there is such a first job, and whether the market takes the order, shows when it is followed.
    /// @param link What waits for what.
    /// @param order What is ordered then: `abi.encode(Job)` or `abi.encode(OptimisticJob)`, as the SDK packs orders. Its requester
    /// must be the caller. Its input root becomes that of the output, its nonce the lowest 40 bits of the link's id, and it stands since
    /// it is placed, whatever time it says.
    /// @return linkId Names the link.
    /// @custom:shape order: 7 or 8 words
    function create(Link calldata link, bytes calldata order) external returns (LinkId linkId);

    /// @notice Orders the next job on the output of the first one, and earns the reward, in the market's ledger.
    /// @param link As in `LinkCreated`.
    /// @param output What the first job ended with.
    /// @param order As in `LinkCreated`.
    /// @param input The output in place, as `abi.encode(Tensor[])`, whose root is checked. The owner may give a URI instead, and what it
    /// gives is not checked, as in any order of its own.
    /// @return jobId What was ordered.
    /// @custom:shape order: 7 or 8 words
    /// @custom:caller Anyone.
    function follow(
        Link calldata link,
        LinkedOutput calldata output,
        bytes calldata order,
        bytes calldata input
    ) external returns (JobId jobId);

    /// @notice Ends a link that waits. Its first job goes on.
    /// @param link As in `LinkCreated`.
    /// @custom:caller The owner.
    function cancel(Link calldata link) external;

    /// @notice Where a link stands.
    /// @param linkId The link.
    /// @return state Its state; time alone ends none, so one that has expired still waits.
    /// @return jobId What it has ordered; zero before.
    function stateOf(LinkId linkId) external view returns (LinkState state, JobId jobId);
}
