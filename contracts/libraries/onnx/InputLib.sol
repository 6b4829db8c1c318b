// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {GRAPH_INPUT, STATED_OUTPUT} from "../../types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../types/PayloadTypes.sol";
import {Case, Opening, Ref, Step} from "../../types/RefereeTypes.sol";
import {MerkleLib} from "../MerkleLib.sol";
import {ElementLib} from "./ElementLib.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {OpeningLib} from "./OpeningLib.sol";

/// @title Opening what an element is computed from
/// @dev What is opened follows from the step and the accused element. A tensor of a trace is proven by its place in it, one
/// of a payload by its place, type and shape.
library InputLib {
    using OpeningLib for bytes32[];

    uint256 private constant WORD = 32;

    /// @notice The case opens more or fewer tensors, or words of them, than the element is computed from.
    /// @custom:fix Send a root and a path for each of the `tensors` tensors, and `expected` openings; the SDK's `openCase` does.
    error RefereeWrongInputs(uint256 roots, uint256 paths, uint256 openings, uint256 tensors, uint256 expected);

    /// @notice The payload of the statement has too few tensors for the step's input.
    /// @custom:fix Send the roots of all tensors of the payload. If they are `count`, the input does not fit the model.
    error RefereeNoSuchInput(uint256 input, uint256 count);

    /// @dev Reverts unless the case opens this many tensors, each once.
    function requireCount(Case calldata c, uint256 tensors) internal pure {
        requireCounts(c, tensors, tensors);
    }

    /// @dev Reverts unless the case opens this many tensors, with so many openings.
    function requireCounts(Case calldata c, uint256 tensors, uint256 expected) internal pure {
        (uint256 roots, uint256 paths, uint256 openings) = (c.inputRoots.length, c.inputPaths.length, c.inputs.length);
        if (roots != tensors || paths != tensors || openings != expected) {
            revert RefereeWrongInputs(roots, paths, openings, tensors, expected);
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
        return openWords(c, 0, step.inputs[which], runs);
    }

    /// @dev Words of the tensor in this slot of the case, which must be the one that `input` names.
    function openWords(
        Case calldata c,
        uint256 slot,
        Ref memory input,
        uint256[] memory runs
    ) internal pure returns (bytes32[] calldata words) {
        bytes32 root = proveTensor(c, slot, input);
        Opening calldata opening = c.inputs[slot];
        words = opening.words;
        words.prove(opening.siblings, "input", runs, depthOf(input), root);
    }

    /// @dev An element of the tensor in this slot of the case, which must be the one that `input` names, as the number that its
    /// bytes are.
    /// @param index In row-major order.
    function openElement(
        Case calldata c,
        uint256 slot,
        Ref memory input,
        uint256 index
    ) internal pure returns (uint256) {
        return elementOf(c.inputs[slot], input, proveTensor(c, slot, input), index);
    }

    /// @dev An element of a tensor of which the data root is proven.
    function elementOf(
        Opening calldata opening,
        Ref memory input,
        bytes32 root,
        uint256 index
    ) internal pure returns (uint256) {
        unchecked {
            uint256 size = LayoutLib.elementSize(input.dtype);
            uint256 place = LayoutLib.placeOf(input.order, size, input.shape, index);
            bytes32 word = opening.words.proveWord(opening.siblings, "input", place / WORD, depthOf(input), root);
            return ElementLib.bitsAt(word, place % WORD, size);
        }
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

    /// @dev An element of the step's constants, as the number that its bytes are.
    /// @param opening Of the case: its word.
    /// @param place Of its first byte.
    /// @param size Bytes.
    function openConstant(
        Opening calldata opening,
        Step memory step,
        uint256 place,
        uint256 size
    ) internal pure returns (uint256) {
        unchecked {
            (uint256 depth, bytes32 root) = (step.constDepth, step.constRoot);
            bytes32 word = opening.words.proveWord(opening.siblings, "constants", place / WORD, depth, root);
            return ElementLib.bitsAt(word, place % WORD, size);
        }
    }

    /// @dev The data root of the tensor in this slot of the case, which must be the one that `input` names.
    function proveTensor(Case calldata c, uint256 slot, Ref memory input) internal pure returns (bytes32 root) {
        bytes32[] calldata path = c.inputPaths[slot];
        root = c.inputRoots[slot];
        if (input.from >= STATED_OUTPUT) {
            bool isGiven = input.from >= GRAPH_INPUT;
            _proveInPayload(path, input, input.from - (isGiven ? GRAPH_INPUT : STATED_OUTPUT), root);
            requirePayload(path, isGiven ? c.inputRoot : c.outputRoot);
        } else {
            bytes32 given = MerkleLib.rootWithDepth(OpeningLib.climb(root, input.from, path), path.length);
            if (given != c.traceRoot) revert OpeningLib.RefereeWrongRoot("trace", given, c.traceRoot);
        }
    }

    /// @dev Reverts unless the payload of this root has these tensors.
    function requirePayload(bytes32[] calldata tensorRoots, bytes32 expected) internal pure {
        bytes32 payloadRoot = keccak256(abi.encode(PAYLOAD_TAG, tensorRoots));
        if (payloadRoot != expected) revert OpeningLib.RefereeWrongRoot("payload", payloadRoot, expected);
    }

    function tensorRootOf(Ref memory input, bytes32 dataRoot) internal pure returns (bytes32) {
        return keccak256(abi.encode(TENSOR_TAG, input.dtype, input.shape, dataRoot));
    }

    function depthOf(Ref memory tensor) internal pure returns (uint256) {
        return LayoutLib.depthOf(LayoutLib.wordsOf(tensor.order, tensor.dtype, tensor.shape));
    }

    function _proveInPayload(
        bytes32[] calldata tensorRoots,
        Ref memory input,
        uint256 place,
        bytes32 dataRoot
    ) private pure {
        if (place >= tensorRoots.length) revert RefereeNoSuchInput(place, tensorRoots.length);
        bytes32 tensorRoot = tensorRootOf(input, dataRoot);
        if (tensorRoot != tensorRoots[place]) {
            revert OpeningLib.RefereeWrongRoot("tensor", tensorRoot, tensorRoots[place]);
        }
    }
}
