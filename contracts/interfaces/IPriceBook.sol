// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {VersionId} from "../types/ModelTypes.sol";
import {PriceOffer} from "../types/PriceTypes.sol";
import {INodeStaking} from "./INodeStaking.sol";

/// @title What nodes ask for calls, and where they take them
/// @notice A node says here, for each version, its price of a call, the most stake that it lets answer for one session, and the
/// address of its door, so that clients and gateways choose without asking every node. The least that has to answer at that price is
/// nobody's to offer: it follows from the rules of sessions (`leastCollateral` of SessionLens). An offer binds nobody: a session begins
/// with the node's consent.
interface IPriceBook {
    /// @notice A node asks this for calls of a version (OPG, base units); a price of zero takes the offer back.
    event PriceOffered(
        address indexed node,
        VersionId indexed versionId,
        uint256 callPrice,
        uint256 collateral,
        string endpoint
    );

    /// @notice The caller neither owns the node nor acts for it.
    /// @custom:fix Call from the node's owner or signer.
    error PricesNotOperator(address node, address caller);

    /// @notice The address of the door is too long.
    /// @custom:fix Give a URL of at most `most` bytes.
    error PricesEndpointTooLong(uint256 given, uint256 most);

    /// @notice Sets what a node asks for calls of a version, in place of what it asked before.
    /// @param node The node.
    /// @param versionId The version.
    /// @param next The price, or zero throughout for none.
    /// @custom:caller The node's signer or owner.
    function offer(address node, VersionId versionId, PriceOffer calldata next) external;

    /// @notice What a node asks for calls of a version; zero throughout for none.
    function offerOf(address node, VersionId versionId) external view returns (PriceOffer memory);

    /// @notice Knows who acts for a node.
    function STAKING() external view returns (INodeStaking);
}
