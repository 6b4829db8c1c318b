// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {INodeStaking} from "./interfaces/INodeStaking.sol";
import {IPriceBook} from "./interfaces/IPriceBook.sol";
import {VersionId} from "./types/ModelTypes.sol";
import {PriceOffer} from "./types/PriceTypes.sol";

/// @title What nodes ask for calls, and where they take them
contract PriceBook is IPriceBook {
    uint256 private constant MOST_ENDPOINT_BYTES = 256;

    /// @inheritdoc IPriceBook
    INodeStaking public immutable STAKING;

    mapping(VersionId versionId => mapping(address node => PriceOffer)) private _offers;

    /// @param staking Knows who acts for a node.
    constructor(INodeStaking staking) {
        STAKING = staking;
    }

    /// @inheritdoc IPriceBook
    function offer(address node, VersionId versionId, PriceOffer calldata next) external {
        if (!STAKING.isOperator(node, msg.sender)) revert PricesNotOperator(node, msg.sender);
        uint256 length = bytes(next.endpoint).length;
        if (length > MOST_ENDPOINT_BYTES) revert PricesEndpointTooLong(length, MOST_ENDPOINT_BYTES);
        _offers[versionId][node] = next;
        emit PriceOffered(node, versionId, next.callPrice, next.collateral, next.endpoint);
    }

    /// @inheritdoc IPriceBook
    function offerOf(address node, VersionId versionId) external view returns (PriceOffer memory) {
        return _offers[versionId][node];
    }
}
