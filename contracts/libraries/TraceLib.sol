// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title The root by which a trace is known
library TraceLib {
    bytes32 private constant TRACE_TAG = keccak256("OPG/trace");

    /// @dev It commits to the depth, too: who lays down nodes of the tree instead of its leaves could hang trees of another
    /// depth below them, and prove a tensor by a path of another length.
    /// @param root Of the tree over the data roots of all steps.
    /// @param depth Of that tree, or the length of the path that has led to the root.
    function rootOf(bytes32 root, uint256 depth) internal pure returns (bytes32) {
        return keccak256(abi.encode(TRACE_TAG, depth, root));
    }
}
