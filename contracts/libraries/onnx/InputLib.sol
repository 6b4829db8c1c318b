// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {GRAPH_INPUT} from "../../types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../types/PayloadTypes.sol";
import {Case, Opening, Ref, Step} from "../../types/RefereeTypes.sol";
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
        uint256[] memory runs
    ) internal pure returns (bytes32[] calldata words) {
        requireCount(c, 1);
        Ref memory input = step.inputs[which];
        bytes32 root = _proveTensor(c, 0, input);
        Opening calldata opening = c.inputs[0];
        words = opening.words;
        words.prove(opening.siblings, "input", runs, depthOf(input), root);
    }

    /// @dev A word of the tensor in this slot of the case, which must be the one that `input` names.
    function openWord(Case calldata c, uint256 slot, Ref memory input, uint256 index) internal pure returns (bytes32) {
        bytes32 root = _proveTensor(c, slot, input);
        Opening calldata opening = c.inputs[slot];
        return opening.words.proveWord(opening.siblings, "input", index, depthOf(input), root);
    }

    /// @dev Words of the step's constants.
    function openConstants(
        Case calldata c,
        Step memory step,
        uint256[] memory runs
    ) internal pure returns (bytes32[] calldata words) {
        words = c.constants.words;
        words.prove(c.constants.siblings, "constants", runs, step.constDepth, step.constRoot);
    }

    /// @dev A word of the step's constants.
    function openConstant(Case calldata c, Step memory step, uint256 index) internal pure returns (bytes32) {
        Opening calldata opening = c.constants;
        return opening.words.proveWord(opening.siblings, "constants", index, step.constDepth, step.constRoot);
    }

    /// @dev Byte `column` of a word.
    function byteOf(bytes32 word, uint256 column) internal pure returns (uint256) {
        return uint8(word[column]);
    }

    function depthOf(Ref memory tensor) internal pure returns (uint256) {
        return LayoutLib.depthOf(LayoutLib.wordsOf(tensor.order, tensor.dtype, tensor.shape));
    }

    /// @dev The data root of the tensor in this slot of the case.
    function _proveTensor(Case calldata c, uint256 slot, Ref memory input) private pure returns (bytes32 root) {
        bytes32[] calldata path = c.inputPaths[slot];
        bytes32[] calldata word = c.inputRoots[slot:slot + 1];
        root = word[0];
        if (input.from >= GRAPH_INPUT) {
            _proveInPayload(c.inputRoot, path, input, root);
        } else {
            // Leaves and nodes are hashed differently, so a path proves nothing unless it is as long as the tree is deep.
            word.proveWord(path, "trace", input.from, path.length, c.traceRoot);
        }
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
