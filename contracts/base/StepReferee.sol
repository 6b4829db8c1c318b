// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IReferee} from "../interfaces/IReferee.sol";
import {MerkleLib} from "../libraries/MerkleLib.sol";
import {PartLib} from "../libraries/PartLib.sol";
import {PayloadLib} from "../libraries/PayloadLib.sol";
import {ElementLib} from "../libraries/onnx/ElementLib.sol";
import {LayoutLib} from "../libraries/onnx/LayoutLib.sol";
import {OpeningLib} from "../libraries/onnx/OpeningLib.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../types/PayloadTypes.sol";
import {Case, GROUP_LEVELS, GROUP_STEPS, Header, Opening, Spec, Step} from "../types/RefereeTypes.sol";

/// @title What all judges of models that are lists of steps share
/// @dev A profile says what its steps and headers begin with, which steps it admits and what each of them computes.
abstract contract StepReferee is IReferee {
    using MerkleLib for bytes32[];
    using OpeningLib for bytes32[];

    uint256 private constant WORD = 32;

    /// @inheritdoc IReferee
    function open(
        bytes calldata header,
        bytes32[] calldata r
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        Header memory model = _modelOf(header);
        _checkCount(r.length, model.n);
        bytes32[] memory roots = new bytes32[](model.outs.length);
        for (uint256 i; i < roots.length; ++i) roots[i] = r[_makerOf(model, i)];
        traceRoot = MerkleLib.rootWithDepth(MerkleLib.rootOfWords(r.copyOf()), LayoutLib.depthOf(model.n));
        return (keccak256(header), model.stepsRoot, traceRoot, _rootOf(model.outs, roots));
    }

    /// @inheritdoc IReferee
    function openGroups(
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        Header memory model = _modelOf(header);
        bytes32[] memory roots = new bytes32[](model.outs.length);
        _checkCount(groups.length, (uint256(model.n) + GROUP_STEPS - 1) / GROUP_STEPS);
        _checkCount(outputs.length, roots.length);

        bytes32 root = MerkleLib.rootOfSubtrees(groups.copyOf(), GROUP_LEVELS);
        uint256 depth = LayoutLib.depthOf(model.n);
        for (uint256 i; i < roots.length; ++i) {
            Opening calldata output = outputs[i];
            roots[i] = output.words.proveWord(output.siblings, "output", _makerOf(model, i), depth, root);
        }
        return (keccak256(header), model.stepsRoot, MerkleLib.rootWithDepth(root, depth), _rootOf(model.outs, roots));
    }

    /// @inheritdoc IReferee
    function fits(
        bytes calldata header,
        TensorPreimage[] calldata inputs
    ) external pure returns (bytes32 graphRoot, bytes32 inputRoot, bool fitting) {
        Spec[] memory taken = _modelOf(header).ins;
        bytes32[] memory roots = new bytes32[](inputs.length);
        for (uint256 i; i < roots.length; ++i) roots[i] = inputs[i].dataRoot;
        inputRoot = PayloadLib.rootOfPreimages(inputs);
        fitting = roots.length == taken.length && _rootOf(taken, roots) == inputRoot;
        return (keccak256(header), inputRoot, fitting);
    }

    /// @inheritdoc IReferee
    function own(
        bytes calldata step,
        bytes32[] calldata nodes
    ) external pure returns (bytes32 nodeRoot, uint8 depth, bool words) {
        (bool valid, , Step memory read) = _decode(step);
        uint256 count = valid ? LayoutLib.wordsOf(read.order, read.dtype, read.shape) : 0;
        if (count == 0) revert RefereeMalformedStep(keccak256(step));
        depth = uint8(LayoutLib.depthOf(count));
        uint256 levels = PartLib.levelsOf(depth);
        words = levels == depth;
        uint256 expected = words ? count : 1 << levels;
        if (nodes.length != expected) revert RefereeWrongNodes(nodes.length, expected);
        bytes32[] memory level = nodes.copyOf();
        nodeRoot = words ? MerkleLib.rootOfWords(level) : MerkleLib.rootOfNodes(level);
    }

    /// @inheritdoc IReferee
    function faulty(Case calldata c) external pure returns (bool) {
        (bool valid, uint256 index, Step memory step) = _decode(c.step);
        if (!valid || !_admits(step, index)) return true;

        uint256 size = LayoutLib.elementSize(step.dtype);
        uint256 accused = _accused(c, step, size);
        (bool inside, uint256 element) = LayoutLib.indexAt(
            step.order,
            size,
            step.shape,
            uint256(c.word) * WORD + c.offset
        );
        return accused != (inside ? _valueOf(c, step, element, accused) : 0);
    }

    /// @dev The tag that headers of the profile begin with.
    function _graphTag() internal pure virtual returns (bytes32);

    /// @dev A step from bytes; if these are none of the profile it is not `valid`, and the rest means nothing. Never reverts.
    function _decode(bytes calldata data) internal pure virtual returns (bool valid, uint256 index, Step memory step);

    /// @dev Whether the compiler makes such steps, so that whatever they compute can be computed. Never reverts.
    function _admits(Step memory step, uint256 index) internal pure virtual returns (bool);

    /// @dev What the step computes for an element, as the number that its bytes are; `NO_VALUE` if nothing is right.
    /// @param element Its index in row-major order.
    /// @param accused What the node says that it is.
    function _valueOf(
        Case calldata c,
        Step memory step,
        uint256 element,
        uint256 accused
    ) internal pure virtual returns (uint256);

    function _modelOf(bytes calldata header) private pure returns (Header memory) {
        (bytes32 tag, Header memory model) = abi.decode(header, (bytes32, Header));
        if (tag != _graphTag()) revert RefereeWrongHeader(tag, _graphTag());
        return model;
    }

    function _checkCount(uint256 given, uint256 expected) private pure {
        if (given != expected) revert RefereeWrongTrace(given, expected);
    }

    /// @dev The step that makes an output.
    function _makerOf(Header memory model, uint256 output) private pure returns (uint256 step) {
        step = model.outs[output].step;
        if (step >= model.n) revert RefereeNoSuchStep(step, model.n);
    }

    /// @dev Root of the payload of tensors of these types and shapes.
    /// @param roots Data root of each; they are written over.
    function _rootOf(Spec[] memory specs, bytes32[] memory roots) private pure returns (bytes32) {
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = keccak256(abi.encode(TENSOR_TAG, specs[i].dtype, specs[i].shape, roots[i]));
        }
        return keccak256(abi.encode(PAYLOAD_TAG, roots));
    }

    /// @dev What the node says that the element is.
    function _accused(Case calldata c, Step memory step, uint256 size) private pure returns (uint256) {
        if (c.offset >= WORD || c.offset % size != 0) revert RefereeNoSuchElement(c.offset, size);
        uint256 depth = LayoutLib.depthOf(LayoutLib.wordsOf(step.order, step.dtype, step.shape));
        if (c.word >> depth != 0) revert RefereeNoSuchWord(c.word, 1 << depth);
        Opening calldata accused = c.accused;
        bytes32 word = accused.words.proveWord(accused.siblings, "accused", c.word, depth, c.nodeRoot);
        return ElementLib.bitsAt(word, c.offset, size);
    }
}
