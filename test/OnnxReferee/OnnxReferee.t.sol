// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {ONNX_GRAPH_TAG, ONNX_PROFILE, ONNX_STEP_TAG} from "../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../contracts/types/PayloadTypes.sol";
import {Case, Header, Spec, Step} from "../../contracts/types/RefereeTypes.sol";
import {OnnxReferee} from "../../contracts/verifiers/OnnxReferee.sol";
import {bound} from "../support/Fuzz.sol";
import {OnnxSteps} from "../support/OnnxSteps.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

contract OnnxRefereeTest {
    uint256 private constant MOST_NODES = 256;

    IReferee private immutable REFEREE = new OnnxReferee();

    function test_profile() external view {
        require(REFEREE.profile() == ONNX_PROFILE, "profile");
    }

    function testFuzz_open_givesWhatTheTraceCommitsTo(
        bytes32[] memory r,
        uint16[3] calldata steps,
        uint8 count,
        bytes32 stepsRoot
    ) external view {
        if (r.length == 0 || r.length > type(uint16).max) return;
        Header memory model = _model(r.length, stepsRoot);
        model.outs = new Spec[](count % 4);
        bytes32[] memory outputs = new bytes32[](model.outs.length);
        for (uint256 i; i < outputs.length; ++i) {
            model.outs[i] = Spec("y", 2, OnnxSteps.shapeOf(abi.encodePacked(uint8(i))), uint16(steps[i] % r.length));
            outputs[i] = keccak256(abi.encode(TENSOR_TAG, uint8(2), model.outs[i].shape, r[model.outs[i].step]));
        }
        bytes memory header = abi.encode(ONNX_GRAPH_TAG, model);
        (bytes32 graphRoot, bytes32 root, bytes32 traceRoot, bytes32 outputRoot) = REFEREE.open(header, r);
        require(graphRoot == keccak256(header) && root == stepsRoot, "model");
        require(traceRoot == Trees.traceRootOf(r), "trace");
        require(outputRoot == keccak256(abi.encode(PAYLOAD_TAG, outputs)), "output");
    }

    function testFuzz_open_refusesOtherHeaders(bytes32 tag, bytes32[] calldata r) external {
        if (tag == ONNX_GRAPH_TAG) return;
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeWrongHeader.selector, tag, ONNX_GRAPH_TAG));
        REFEREE.open(abi.encode(tag, _model(r.length, 0)), r);
    }

    function testFuzz_open_needsARootForEachStep(uint16 n, bytes32[] calldata r) external {
        if (n == r.length) return;
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeWrongTrace.selector, r.length, n));
        REFEREE.open(abi.encode(ONNX_GRAPH_TAG, _model(n, 0)), r);
    }

    function testFuzz_open_needsOutputsThatAStepMakes(uint16 step, uint8 count) external {
        bytes32[] memory r = new bytes32[](count);
        step = uint16(bound(step, count, type(uint16).max));
        Header memory model = _model(count, 0);
        model.outs = new Spec[](1);
        model.outs[0].step = step;
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeNoSuchStep.selector, step, count));
        REFEREE.open(abi.encode(ONNX_GRAPH_TAG, model), r);
    }

    /// @dev Up to 256 words a tensor is laid down whole, beyond as the nodes of its tree at depth 8.
    function testFuzz_own_isTheRootOfWordsOrOfNodes(uint16 count, bytes32 salt) external view {
        count = uint16(bound(count, 1, 1200));
        bytes32[] memory given = new bytes32[](_nodesOf(count));
        for (uint256 i; i < given.length; ++i) given[i] = keccak256(abi.encode(salt, i));
        (bytes32 nodeRoot, uint8 depth, bool words) = REFEREE.own(_stepOf(count), given);
        require(depth == Trees.depthOf(count), "depth");
        require(words == (count <= MOST_NODES), "words");
        require(nodeRoot == (words ? Trees.rootOf(given) : MerkleLib.rootOfNodes(given)), "root");
    }

    function testFuzz_own_needsAllNodes(uint16 count, uint16 given) external {
        count = uint16(bound(count, 1, 1200));
        given = uint16(bound(given, 0, 1200));
        uint256 expected = _nodesOf(count);
        if (given == expected) return;
        bytes memory step = _stepOf(count);
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeWrongNodes.selector, given, expected));
        REFEREE.own(step, new bytes32[](given));
    }

    function testFuzz_own_refusesWhatIsNoStep(bytes calldata step) external {
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeMalformedStep.selector, keccak256(step)));
        REFEREE.own(step, new bytes32[](1));
    }

    /// @dev What no tensor can be has no words: of no dimension, of an order or a type that there is not.
    function testFuzz_own_refusesWhatIsNoTensor(uint8 which, uint8 what) external {
        Step memory step = OnnxSteps.any(which);
        if (what % 3 == 0) step.shape = new uint32[](0);
        else if (what % 3 == 1) step.shape[0] = 0;
        else step.dtype = 3;
        bytes memory encoded = abi.encode(ONNX_STEP_TAG, uint256(0), step);
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeMalformedStep.selector, keccak256(encoded)));
        REFEREE.own(encoded, new bytes32[](1));
    }

    /// @dev Without any opening [T077].
    function testFuzz_faulty_convictsWhatIsNoStep(bytes calldata step) external view {
        Case memory c;
        c.step = step;
        require(REFEREE.faulty(c), "no step");
    }

    /// @dev Also where all that is read is a step of the profile [T077].
    function testFuzz_faulty_convictsAStepWithSomethingBehind(uint8 which, bytes calldata more) external view {
        if (more.length == 0) return;
        Case memory c;
        c.step = bytes.concat(abi.encode(ONNX_STEP_TAG, uint256(OnnxSteps.INDEX), OnnxSteps.any(which)), more);
        require(REFEREE.faulty(c), "more than a step");
    }

    function testFuzz_faulty_convictsStepsThatBreakTheProfile(uint8 which, uint16 index) external view {
        Step memory step = OnnxSteps.any(which);
        Case memory c;
        step.attrs = new int64[](10); // no opcode has so many
        c.step = abi.encode(ONNX_STEP_TAG, uint256(index), step);
        require(REFEREE.faulty(c), "attributes");
    }

    function testFuzz_faulty_needsAnElement(uint8 which, uint8 offset) external {
        Step memory step = OnnxSteps.any(which);
        uint256 size = OnnxSteps.sizeOf(step.dtype);
        if (offset < 32 && offset % size == 0) offset += size == 1 ? 32 : 1;
        Case memory c;
        c.offset = offset;
        c.step = abi.encode(ONNX_STEP_TAG, uint256(OnnxSteps.INDEX), step);
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeNoSuchElement.selector, offset, size));
        REFEREE.faulty(c);
    }

    function testFuzz_faulty_needsAWord(uint8 rows, uint32 word) external {
        Case memory c;
        uint256 leaves = 2 ** Trees.depthOf(rows = uint8(bound(rows, 1, 255)));
        c.word = uint32(bound(word, leaves, type(uint32).max));
        c.step = _stepOf(rows);
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeNoSuchWord.selector, c.word, leaves));
        REFEREE.faulty(c);
    }

    /// @dev Behind a row, and behind the tensor, everything but zero is wrong [T075].
    function testFuzz_faulty_convictsPaddingThatIsNotZero(
        uint8 rows,
        uint32 word,
        uint8 offset,
        bytes32 salt
    ) external view {
        rows = uint8(bound(rows, 1, 255));
        bytes32[] memory words = new bytes32[](2 ** Trees.depthOf(rows));
        word = uint32(bound(word, 0, words.length - 1));
        offset = uint8(bound(offset, word < rows ? 1 : 0, 31));
        for (uint256 i; i < words.length; ++i) words[i] = keccak256(abi.encode(salt, i));
        Case memory c;
        (c.step, c.word, c.offset) = (_stepOf(rows), word, offset);
        c.accused.siblings = Trees.pathOf(words, word);
        for (uint256 value; value < 256; value += 51) {
            words[word] = bytes32(value << (8 * (31 - offset)));
            (c.nodeRoot, c.accused.words) = (Trees.rootOf(words), new bytes32[](1));
            c.accused.words[0] = words[word];
            require(REFEREE.faulty(c) == (value > 0), "padding");
        }
    }

    /// @dev Header of a model without outputs.
    function _model(uint256 n, bytes32 stepsRoot) private pure returns (Header memory model) {
        (model.n, model.stepsRoot) = (uint16(n), stepsRoot);
    }

    /// @dev How many nodes a tensor of up to 2,048 words is laid down with.
    function _nodesOf(uint256 count) private pure returns (uint256) {
        if (count <= MOST_NODES) return count;
        return count > 1024 ? 64 : 32;
    }

    /// @dev A step that makes a tensor of so many words, each with one byte.
    function _stepOf(uint256 words) private pure returns (bytes memory) {
        Step memory step = OnnxSteps.move();
        step.shape = OnnxSteps.shapeOf(hex"0001");
        (step.shape[0], step.inputs[0].shape) = (uint32(words), step.shape);
        return abi.encode(ONNX_STEP_TAG, uint256(OnnxSteps.INDEX), step);
    }
}
