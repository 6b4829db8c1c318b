// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Step} from "../../types/RefereeTypes.sol";

/// @title Tensors joined along an axis
/// @dev Unchecked: dimensions are below 2^32, and tensors have at most 2^29 elements.
library JoinLib {
    /// @dev Whether what a step makes has the shape of its inputs side by side. Never reverts.
    function admits(Step memory step, uint256 axis) internal pure returns (bool) {
        unchecked {
            uint256 rank = step.shape.length;
            if (axis >= rank) return false;
            uint256 joined;
            for (uint256 i; i < step.inputs.length; ++i) {
                uint32[] memory read = step.inputs[i].shape;
                if (read.length != rank) return false;
                for (uint256 k; k < rank; ++k) if (k != axis && read[k] != step.shape[k]) return false;
                joined += read[axis];
            }
            return joined == step.shape[axis];
        }
    }

    /// @dev In which input the element at `index` of what is made lies, and its index there.
    function partAt(Step memory step, uint256 axis, uint256 index) internal pure returns (uint256 which, uint256 part) {
        unchecked {
            uint256 inner = 1; // elements for each step along the axis
            for (uint256 i = axis + 1; i < step.shape.length; ++i) inner *= step.shape[i];
            uint256 along = (index / inner) % step.shape[axis];
            uint256 outer = index / (inner * step.shape[axis]);
            while (along >= step.inputs[which].shape[axis]) along -= step.inputs[which++].shape[axis];
            part = (outer * step.inputs[which].shape[axis] + along) * inner + (index % inner);
        }
    }
}
