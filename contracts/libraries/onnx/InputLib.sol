// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {GRAPH_INPUT} from "../../types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../types/PayloadTypes.sol";
import {Case, Ref, Step} from "../../types/RefereeTypes.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {OpeningLib} from "./OpeningLib.sol";

/// @title Opening what an element is computed from
/// @dev What is opened follows from the step and the accused element. A tensor of a trace is proven by its place in it, one
/// of a payload by its place, type and shape.
library InputLib {
    using OpeningLib for bytes32[];

    /// @notice The case opens more or fewer tensors than the element is computed from.
    /// @custom:fix Send a root, a path and an opening for each of the `expected` tensors; the SDK's `openCase` does.
    error RefereeWrongInputs(uint256 roots, uint256 paths, uint256 openings, uint256 expected);

    /// @notice The payload of the statement has too few tensors for the step's input.
    /// @custom:fix Send the roots of all tensors of the payload. If they are `count`, the input does not fit the model.
    error RefereeNoSuchInput(uint256 input, uint256 count);

    /// @dev Reverts unless the case opens this many tensors.
    function requireCount(Case calldata c, uint256 expected) internal pure {
        (uint256 roots, uint256 paths, uint256 openings) = (c.inputRoots.length, c.inputPaths.length, c.inputs.length);
        if (roots != expected || paths != expected || openings != expected) {
            revert RefereeWrongInputs(roots, paths, openings, expected);
        }
    }

    /// @dev Words of the only tensor that the element is computed from.
    /// @param which Of the step's inputs.
    function openOnly(
        Case calldata c,
        Step memory step,
        uint256 which,
        uint256[] memory leaves
    ) internal pure returns (bytes32[] calldata words) {
        requireCount(c, 1);
        return open(c, 0, step.inputs[which], leaves);
    }

    /// @dev Words of the tensor in this slot of the case, which must be the one that `input` names.
    function open(
        Case calldata c,
        uint256 slot,
        Ref memory input,
        uint256[] memory leaves
    ) internal pure returns (bytes32[] calldata words) {
        bytes32[] calldata path = c.inputPaths[slot];
        if (input.from >= GRAPH_INPUT) {
            _proveInPayload(c.inputRoot, path, input, c.inputRoots[slot]);
        } else {
            // Leaves and nodes are hashed differently, so a path proves nothing unless it is as long as the tree is deep.
            bytes32[] calldata word = c.inputRoots[slot:slot + 1];
            word.prove(path, "trace", run(input.from, 1), path.length, c.traceRoot);
        }
        words = c.inputs[slot].words;
        words.prove(c.inputs[slot].siblings, "input", leaves, depthOf(input), c.inputRoots[slot]);
    }

    /// @dev Words of the step's constants.
    function openConstants(
        Case calldata c,
        Step memory step,
        uint256[] memory leaves
    ) internal pure returns (bytes32[] calldata words) {
        words = c.constants.words;
        words.prove(c.constants.siblings, "constants", leaves, step.constDepth, step.constRoot);
    }

    /// @dev Leaves that follow each other.
    function run(uint256 first, uint256 count) internal pure returns (uint256[] memory leaves) {
        return stride(first, 1, count);
    }

    /// @dev Leaves at equal distances.
    function stride(uint256 first, uint256 step, uint256 count) internal pure returns (uint256[] memory leaves) {
        unchecked {
            leaves = new uint256[](count);
            for (uint256 i; i < count; ++i) leaves[i] = first + i * step;
        }
    }

    /// @dev Byte `column` of a word.
    function byteOf(bytes32 word, uint256 column) internal pure returns (uint256) {
        return uint8(word[column]);
    }

    function depthOf(Ref memory tensor) internal pure returns (uint256) {
        return Math.log2(LayoutLib.wordsOf(tensor.order, tensor.dtype, tensor.shape), Math.Rounding.Ceil);
    }

    function _proveInPayload(
        bytes32 inputRoot,
        bytes32[] calldata tensorRoots,
        Ref memory input,
        bytes32 dataRoot
    ) private pure {
        uint256 place = input.from - GRAPH_INPUT;
        if (place >= tensorRoots.length) revert RefereeNoSuchInput(place, tensorRoots.length);
        bytes32 tensorRoot = keccak256(abi.encode(TENSOR_TAG, input.dtype, input.shape, dataRoot));
        if (tensorRoot != tensorRoots[place]) {
            revert OpeningLib.RefereeWrongRoot("tensor", tensorRoot, tensorRoots[place]);
        }
        bytes32 payloadRoot = keccak256(abi.encode(PAYLOAD_TAG, tensorRoots));
        if (payloadRoot != inputRoot) revert OpeningLib.RefereeWrongRoot("payload", payloadRoot, inputRoot);
    }
}
