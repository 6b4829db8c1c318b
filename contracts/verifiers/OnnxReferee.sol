// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReferee} from "../interfaces/IReferee.sol";
import {MerkleLib} from "../libraries/MerkleLib.sol";
import {PayloadLib} from "../libraries/PayloadLib.sol";
import {LayoutLib} from "../libraries/onnx/LayoutLib.sol";
import {OpeningLib} from "../libraries/onnx/OpeningLib.sol";
import {PointLib} from "../libraries/onnx/PointLib.sol";
import {ProfileLib} from "../libraries/onnx/ProfileLib.sol";
import {StepLib} from "../libraries/onnx/StepLib.sol";
import {SumLib} from "../libraries/onnx/SumLib.sol";
import {ONNX_GRAPH_TAG, ONNX_PROFILE, Opcode} from "../types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../types/PayloadTypes.sol";
import {Case, Header, Opening, Spec, Step} from "../types/RefereeTypes.sol";

/// @title Judge of the profile `onnx-int8/1`: quantised ONNX models, bit for bit as ONNX Runtime computes them
contract OnnxReferee is IReferee {
    using OpeningLib for bytes32[];
    using ProfileLib for Step;

    uint256 private constant WORD = 32;
    /// @dev A tensor of more words is laid down as its subtrees at `NODE_DEPTH`.
    uint256 private constant MOST_NODES = 256;

    /// @inheritdoc IReferee
    function profile() external pure returns (bytes32) {
        return ONNX_PROFILE;
    }

    /// @inheritdoc IReferee
    function open(
        bytes calldata header,
        bytes32[] calldata r
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        Header memory model = _modelOf(header);
        if (r.length != model.n) revert RefereeWrongTrace(r.length, model.n);

        bytes32[] memory outputs = new bytes32[](model.outs.length);
        for (uint256 i; i < outputs.length; ++i) {
            Spec memory output = model.outs[i];
            if (output.step >= r.length) revert RefereeNoSuchStep(output.step, r.length);
            outputs[i] = keccak256(abi.encode(TENSOR_TAG, output.dtype, output.shape, r[output.step]));
        }
        outputRoot = keccak256(abi.encode(PAYLOAD_TAG, outputs));
        return (keccak256(header), model.stepsRoot, MerkleLib.rootOfWords(r), outputRoot);
    }

    /// @inheritdoc IReferee
    function fits(
        bytes calldata header,
        TensorPreimage[] calldata inputs
    ) external pure returns (bytes32 graphRoot, bytes32 inputRoot, bool fitting) {
        Spec[] memory taken = _modelOf(header).ins;
        fitting = inputs.length == taken.length;
        for (uint256 i; fitting && i < taken.length; ++i) {
            bool sameShape = keccak256(abi.encode(inputs[i].shape)) == keccak256(abi.encode(taken[i].shape));
            fitting = sameShape && inputs[i].dtype == taken[i].dtype;
        }
        return (keccak256(header), PayloadLib.rootOfPreimages(inputs), fitting);
    }

    /// @inheritdoc IReferee
    function own(
        bytes calldata step,
        bytes32[] calldata nodes
    ) external pure returns (bytes32 nodeRoot, uint8 depth, bool words) {
        (bool valid, , Step memory read) = StepLib.decode(step);
        uint256 count = valid ? LayoutLib.wordsOf(read.order, read.dtype, read.shape) : 0;
        if (count == 0) revert RefereeMalformedStep(keccak256(step));
        words = count <= MOST_NODES;
        uint256 expected = words ? count : MOST_NODES;
        if (nodes.length != expected) revert RefereeWrongNodes(nodes.length, expected);
        nodeRoot = words ? MerkleLib.rootOfWords(nodes) : MerkleLib.rootOfNodes(nodes);
        depth = uint8(LayoutLib.depthOf(count));
    }

    /// @inheritdoc IReferee
    function faulty(Case calldata c) external pure returns (bool) {
        (bool valid, uint256 index, Step memory step) = StepLib.decode(c.step);
        if (!valid || !step.admits(index)) return true;

        uint256 size = LayoutLib.elementSize(step.dtype);
        uint256 accused = _accused(c, step, size);
        (bool inside, uint256 element) = LayoutLib.indexAt(
            step.order,
            size,
            step.shape,
            uint256(c.word) * WORD + c.offset
        );
        return accused != (inside ? _valueOf(c, step, element) : 0);
    }

    function _modelOf(bytes calldata header) private pure returns (Header memory) {
        (bytes32 tag, Header memory model) = abi.decode(header, (bytes32, Header));
        if (tag != ONNX_GRAPH_TAG) revert RefereeWrongHeader(tag, ONNX_GRAPH_TAG);
        return model;
    }

    /// @dev What the node says that the element is.
    function _accused(Case calldata c, Step memory step, uint256 size) private pure returns (uint256) {
        if (c.offset >= WORD || c.offset % size != 0) revert RefereeNoSuchElement(c.offset, size);
        uint256 depth = LayoutLib.depthOf(LayoutLib.wordsOf(step.order, step.dtype, step.shape));
        if (c.word >> depth != 0) revert RefereeNoSuchWord(c.word, 1 << depth);
        Opening calldata accused = c.accused;
        bytes32 word = accused.words.proveWord(accused.siblings, "accused", c.word, depth, c.nodeRoot);
        uint256 bigEndian = uint256(word << (8 * c.offset)) >> (256 - 8 * size);
        return PointLib.littleEndian(bigEndian, size);
    }

    /// @dev What the step computes for an element, or that nothing is right.
    function _valueOf(Case calldata c, Step memory step, uint256 element) private pure returns (uint256) {
        Opcode opcode = Opcode(step.opcode);
        if (opcode == Opcode.Quant) return PointLib.quant(c, step, element);
        if (opcode == Opcode.Conv) return SumLib.conv(c, step, element);
        if (opcode == Opcode.Dot) return SumLib.dot(c, step, element);
        if (opcode == Opcode.Add) return PointLib.add(c, step, element);
        if (opcode == Opcode.Gap) return SumLib.gap(c, step, element);
        if (opcode == Opcode.MaxPool) return SumLib.maxPool(c, step, element);
        if (opcode == Opcode.Lut) return PointLib.lut(c, step, element);
        if (opcode == Opcode.Concat) return PointLib.concat(c, step, element);
        if (opcode == Opcode.Move) return PointLib.move(c, step, element);
        if (opcode == Opcode.ArgMax) return SumLib.argMax(c, step, element);
        return PointLib.dequant(c, step, element);
    }
}
