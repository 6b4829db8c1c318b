// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {GRAPH_INPUT, NO_VALUE, STATED_OUTPUT} from "../../types/OnnxTypes.sol";
import {TENSOR_TAG} from "../../types/PayloadTypes.sol";
import {Case, Ref} from "../../types/RefereeTypes.sol";
import {InputLib} from "../onnx/InputLib.sol";
import {OpeningLib} from "../onnx/OpeningLib.sol";

/// @title Elements of tensors that a statement may state
library StatedLib {
    using InputLib for Case;

    /// @dev An element of the tensor in this slot of the case, which must be the one that `input` names, as the number that its
    /// bytes are. There is none in a stated output that does not fit the model: `NO_VALUE`.
    /// @param index In row-major order.
    function openElement(
        Case calldata c,
        uint256 slot,
        Ref memory input,
        uint256 index
    ) internal pure returns (uint256) {
        bool isStated = input.from >= STATED_OUTPUT && input.from < GRAPH_INPUT;
        return isStated && _isUnfit(c, slot, input) ? NO_VALUE : c.openElement(slot, input, index);
    }

    /// @dev Whether the statement's output has no such tensor, or one of another type or shape, as the case shows: in place of a
    /// word, type and dimensions stand where siblings would. Whoever states such an output is wrong whatever its bytes are.
    function _isUnfit(Case calldata c, uint256 slot, Ref memory input) private pure returns (bool) {
        bytes32[] calldata tensorRoots = c.inputPaths[slot];
        bytes32[] calldata preimage = c.inputs[slot].siblings;
        uint256 place = input.from - STATED_OUTPUT;
        if (place < tensorRoots.length) {
            if (c.inputs[slot].words.length > 0 || preimage.length == 0) return false;
            (bytes32 expected, bytes32 dataRoot) = (tensorRoots[place], c.inputRoots[slot]);
            bytes32 tensorRoot = keccak256(abi.encode(TENSOR_TAG, preimage[0], preimage[1:], dataRoot));
            if (tensorRoot != expected) revert OpeningLib.RefereeWrongRoot("tensor", tensorRoot, expected);
            if (tensorRoot == InputLib.tensorRootOf(input, dataRoot)) return false;
        }
        InputLib.requirePayload(tensorRoots, c.outputRoot);
        return true;
    }
}
