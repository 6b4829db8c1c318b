// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {LayoutLib} from "../../contracts/libraries/onnx/LayoutLib.sol";
import {OpeningLib} from "../../contracts/libraries/onnx/OpeningLib.sol";
import {INTEGER_GRAPH_TAG, INTEGER_PROFILE, INTEGER_STEP_TAG} from "../../contracts/types/IntegerTypes.sol";
import {ONNX_GRAPH_TAG, ONNX_STEP_TAG} from "../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../../contracts/types/PayloadTypes.sol";
import {Case, Header, Spec, Step} from "../../contracts/types/RefereeTypes.sol";
import {IntegerReferee} from "../../contracts/verifiers/IntegerReferee.sol";
import {IntegerSteps} from "../support/IntegerSteps.sol";
import {OnnxSteps} from "../support/OnnxSteps.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @dev What both referees inherit is tested with that of `onnx-int8/1`: here, that it is there, under the tags of this profile.
contract IntegerRefereeTest {
    IReferee private immutable REFEREE = new IntegerReferee();

    function test_profile() external view {
        require(REFEREE.profile() == INTEGER_PROFILE, "profile");
    }

    function testFuzz_open_givesWhatTheTraceCommitsTo(
        bytes32[] memory r,
        uint16 step,
        bytes32 stepsRoot
    ) external view {
        if (r.length == 0) return;
        Header memory model = Header(uint16(r.length), new Spec[](0), new Spec[](1), stepsRoot);
        model.outs[0] = Spec("text", 2, OnnxSteps.shapeOf(hex"40"), uint16(step % r.length));
        bytes32[] memory outputs = new bytes32[](1);
        outputs[0] = keccak256(abi.encode(TENSOR_TAG, uint8(2), model.outs[0].shape, r[model.outs[0].step]));
        bytes memory header = abi.encode(INTEGER_GRAPH_TAG, model);
        (bytes32 graphRoot, bytes32 root, bytes32 traceRoot, bytes32 outputRoot) = REFEREE.open(header, r);
        require(graphRoot == keccak256(header) && root == stepsRoot, "model");
        require(traceRoot == Trees.traceRootOf(r), "trace");
        require(outputRoot == keccak256(abi.encode(PAYLOAD_TAG, outputs)), "output");
    }

    function test_open_refusesModelsOfTheOtherProfile() external {
        Header memory model;
        bytes4 selector = IReferee.RefereeWrongHeader.selector;
        VM.expectRevert(abi.encodeWithSelector(selector, ONNX_GRAPH_TAG, INTEGER_GRAPH_TAG));
        REFEREE.open(abi.encode(ONNX_GRAPH_TAG, model), new bytes32[](0));
        VM.expectRevert(abi.encodeWithSelector(selector, ONNX_GRAPH_TAG, INTEGER_GRAPH_TAG));
        REFEREE.fits(abi.encode(ONNX_GRAPH_TAG, model), new TensorPreimage[](0));
    }

    /// @dev A row of the last axis begins on a new word, whatever the rank.
    function testFuzz_own_countsWordsOfRows(uint8 which, bytes32 salt) external view {
        Step memory step = IntegerSteps.move();
        step.shape = OnnxSteps.shapeOf([bytes(hex"0302"), hex"010302", hex"01030102", hex"0101010302"][which % 4]);
        bytes32[] memory words = new bytes32[](3);
        for (uint256 i; i < 3; ++i) words[i] = keccak256(abi.encode(salt, i));
        (bytes32 nodeRoot, uint8 depth, bool areWords) = REFEREE.own(_encoded(step), words);
        require(nodeRoot == Trees.rootOf(words) && depth == 2 && areWords, "rows");
    }

    function test_own_refusesStepsOfTheOtherProfile() external {
        bytes memory step = abi.encode(ONNX_STEP_TAG, uint256(OnnxSteps.INDEX), OnnxSteps.move());
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeMalformedStep.selector, keccak256(step)));
        REFEREE.own(step, new bytes32[](3));
    }

    /// @dev Without any opening [T077].
    function testFuzz_faulty_convictsWhatIsNoStep(bytes calldata step) external view {
        Case memory c;
        c.step = step;
        require(REFEREE.faulty(c), "no step");
    }

    function testFuzz_faulty_needsAnElement(uint8 which, uint8 offset) external {
        Step memory step = IntegerSteps.any(which);
        uint256 size = OnnxSteps.sizeOf(step.dtype);
        if (offset < 32 && offset % size == 0) offset += size == 1 ? 32 : 1;
        Case memory c;
        (c.offset, c.step) = (offset, _encoded(step));
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeNoSuchElement.selector, offset, size));
        REFEREE.faulty(c);
    }

    /// @dev Steps that were not compiled are judged all the same, within the gas of a block, and need no opening where nothing is
    /// right [T077].
    function testFuzz_faulty_endsWhateverTheStep(
        uint8 which,
        int64[] memory attrs,
        uint8 place,
        uint64 salt
    ) external view {
        Step memory step = IntegerSteps.any(which);
        for (uint256 i; i < attrs.length && i < step.attrs.length; ++i) {
            if ((salt >> i) & 1 == 1) step.attrs[i] = attrs[i];
        }
        bytes32[] memory said = new bytes32[](LayoutLib.wordsOf(step.order, step.dtype, step.shape));
        Case memory c;
        (c.step, c.word) = (_encoded(step), uint32(place % said.length));
        (c.nodeRoot, c.accused) = (Trees.rootOf(said), Trees.open(said, OpeningLib.only(c.word, 1)));
        try REFEREE.faulty{gas: 1_000_000}(c) returns (bool) {} catch (bytes memory reason) {
            require(reason.length > 4, "out of gas, or a panic");
            require(bytes4(reason) != bytes4(keccak256("Panic(uint256)")), "panic");
        }
    }

    function _encoded(Step memory step) private pure returns (bytes memory) {
        return abi.encode(INTEGER_STEP_TAG, uint256(IntegerSteps.INDEX), step);
    }
}
