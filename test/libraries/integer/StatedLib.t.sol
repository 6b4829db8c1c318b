// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {StatedLib} from "../../../contracts/libraries/integer/StatedLib.sol";
import {InputLib} from "../../../contracts/libraries/onnx/InputLib.sol";
import {OpeningLib} from "../../../contracts/libraries/onnx/OpeningLib.sol";
import {NO_VALUE, STATED_OUTPUT, UINT8} from "../../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../../contracts/types/PayloadTypes.sol";
import {Case, Opening, Ref} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {InputBench} from "../../support/InputBench.sol";
import {VM} from "../../support/Vm.sol";

contract StatedLibTest is InputBench {
    /// @dev One that fits is opened as any other tensor is.
    function testFuzz_openElement_opensWhatFits(bytes32 salt, uint8 tensors, uint8 place, uint8 index) external view {
        (Case memory c, Ref memory input) = _stated(salt, tensors, place);
        require(this.openElement(c, input, index % 32) == uint8(_word(salt, 0)[index % 32]), "stated");
        (c, input) = _paid(salt, tensors, place);
        require(this.openElement(c, input, index % 32) == uint8(_word(salt, 0)[index % 32]), "given");
    }

    /// @dev Of an input of the statement nothing is shown in place of a word: it fits, or there is no such job.
    function testFuzz_openElement_showsNothingOfInputs(bytes32 salt, uint8 tensors, uint8 missing) external {
        (Case memory c, Ref memory input) = _paid(salt, tensors, 0);
        uint256 count = c.inputPaths[0].length;
        missing = uint8(bound(missing, count, 0xff));
        input.from += missing;
        VM.expectRevert(abi.encodeWithSelector(InputLib.RefereeNoSuchInput.selector, missing, count));
        this.openElement(c, input, 0);
    }

    /// @dev There is no element in an output of another type or shape: the case shows which it has.
    function testFuzz_openElement_findsAnOutputUnfit(
        bytes32 salt,
        uint8 place,
        uint8 dtype,
        uint32[] memory shape
    ) external {
        (Case memory c, Ref memory input) = _stated(salt, 3, place);
        _state(c, input.from - STATED_OUTPUT, dtype, shape);
        bool isSame = dtype == UINT8 && shape.length == 2 && shape[0] == ROWS && shape[1] == 32;
        if (!isSame) require(this.openElement(c, input, 0) == NO_VALUE, "unfit");
        // Neither of a preimage that is not the output's, nor of a payload that is not the statement's.
        bytes32 expected = c.inputPaths[0][input.from - STATED_OUTPUT];
        c.inputRoots[0] = ~c.inputRoots[0];
        bytes32 given = keccak256(abi.encode(TENSOR_TAG, dtype, shape, c.inputRoots[0]));
        _expectWrongRoot("tensor", given, expected);
        this.openElement(c, input, 0);
        c.inputRoots[0] = ~c.inputRoots[0];
        given = c.outputRoot;
        c.outputRoot = ~given;
        _expectWrongRoot("payload", given, c.outputRoot);
        this.openElement(c, input, 0);
    }

    function testFuzz_openElement_findsAnOutputMissing(bytes32 salt, uint8 tensors, uint8 place) external {
        (Case memory c, Ref memory input) = _stated(salt, tensors, 0);
        place = uint8(bound(place, c.inputPaths[0].length, 0xff));
        input.from = uint16(STATED_OUTPUT + place);
        require(this.openElement(c, input, 0) == NO_VALUE, "missing");
        bytes32 given = c.outputRoot;
        c.outputRoot = ~given;
        _expectWrongRoot("payload", given, c.outputRoot);
        this.openElement(c, input, 0);
    }

    /// @dev An output of the right type and shape is opened by a word.
    function testFuzz_openElement_needsAWordOfAnOutputThatFits(bytes32 salt, uint8 tensors, uint8 place) external {
        (Case memory c, Ref memory input) = _stated(salt, tensors, place);
        _state(c, input.from - STATED_OUTPUT, input.dtype, input.shape);
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongWords.selector, bytes32("input"), 0, 1));
        this.openElement(c, input, 0);
    }

    /// @dev Without either there is nothing that an element could be computed from.
    function testFuzz_openElement_needsAWordOrAPreimage(bytes32 salt, uint8 tensors, uint8 place) external {
        (Case memory c, Ref memory input) = _stated(salt, tensors, place);
        c.inputs[0] = Opening(new bytes32[](0), new bytes32[](0));
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongWords.selector, bytes32("input"), 0, 1));
        this.openElement(c, input, 0);
    }

    function openElement(Case calldata c, Ref memory input, uint256 index) external pure returns (uint256) {
        return StatedLib.openElement(c, 0, input, index);
    }

    /// @dev Makes an output one of this type and shape, and shows that in place of a word.
    function _state(Case memory c, uint256 place, uint8 dtype, uint32[] memory shape) private pure {
        c.inputPaths[0][place] = keccak256(abi.encode(TENSOR_TAG, dtype, shape, c.inputRoots[0]));
        c.outputRoot = keccak256(abi.encode(PAYLOAD_TAG, c.inputPaths[0]));
        c.inputs[0] = Opening(new bytes32[](0), new bytes32[](1 + shape.length));
        c.inputs[0].siblings[0] = bytes32(uint256(dtype));
        for (uint256 i; i < shape.length; ++i) c.inputs[0].siblings[1 + i] = bytes32(uint256(shape[i]));
    }
}
