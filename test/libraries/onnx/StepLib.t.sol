// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {StepLib} from "../../../contracts/libraries/onnx/StepLib.sol";
import {ONNX_STEP_TAG} from "../../../contracts/types/OnnxTypes.sol";
import {Ref, Step} from "../../../contracts/types/RefereeTypes.sol";
import {OnnxSteps} from "../../support/OnnxSteps.sol";

contract StepLibTest {
    uint256 private constant MOST_RANK = 6;
    uint256 private constant MOST_INPUTS = 8;
    uint256 private constant MOST_ATTRS = 11;

    function testFuzz_decode_readsWhatAbiEncodeWrites(uint16 index, Step memory step) external view {
        _cut(step);
        bytes memory data = abi.encode(ONNX_STEP_TAG, index, step);
        (bool valid, bytes memory again) = this.decode(data);
        require(valid, "valid");
        require(keccak256(again) == keccak256(data), "step");
    }

    /// @dev Nothing else is a step: whatever is valid is the encoding of what was read [T077].
    function testFuzz_decode_readsNothingTwice(uint16 index, Step memory step, uint256 place, uint8 bit) external view {
        _cut(step);
        bytes memory data = abi.encode(ONNX_STEP_TAG, index, step);
        data[place % data.length] ^= bytes1(uint8(1) << (bit % 8));
        (bool valid, bytes memory again) = this.decode(data);
        require(!valid || keccak256(again) == keccak256(data), "canonical");
    }

    /// @dev The same for every word of a step, each put to another small number: offsets, lengths and all else.
    function testFuzz_decode_readsNoOtherNumbers(uint16 index, uint8 which, uint16 other) external view {
        bytes memory data = abi.encode(ONNX_STEP_TAG, uint256(index), OnnxSteps.any(which));
        for (uint256 place = 0x20; place <= data.length; place += 0x20) {
            uint256 before;
            assembly ("memory-safe") {
                before := mload(add(data, place))
                mstore(add(data, place), other)
            }
            (bool valid, bytes memory again) = this.decode(data);
            require(!valid || keccak256(again) == keccak256(data), "canonical");
            assembly ("memory-safe") {
                mstore(add(data, place), before)
            }
        }
    }

    /// @dev Neither with bytes behind it nor without its last ones.
    function testFuzz_decode_readsWholeSteps(uint16 index, uint8 length, bytes32 more) external view {
        bytes memory data = abi.encode(ONNX_STEP_TAG, uint256(index), OnnxSteps.concat());
        (bool valid, ) = this.decode(bytes.concat(data, new bytes(1 + uint256(length))));
        require(!valid, "longer");
        (valid, ) = this.decode(bytes.concat(data, more));
        require(!valid, "a word longer");
        assembly ("memory-safe") {
            mstore(data, sub(mload(data), add(1, length)))
        }
        (valid, ) = this.decode(data);
        require(!valid, "shorter");
    }

    /// @dev Never reverts, whatever the bytes [T077].
    function testFuzz_decode_isTotal(bytes calldata data) external view {
        (bool valid, ) = this.decode(data);
        require(!valid, "no step by chance");
    }

    function testFuzz_decode_refusesMoreThanFits(uint16 index, Step memory step, uint8 which) external view {
        _cut(step);
        if (which % 3 == 0) step.shape = new uint32[](MOST_RANK + 1);
        else if (which % 3 == 1) step.inputs = new Ref[](MOST_INPUTS + 1);
        else step.attrs = new int64[](MOST_ATTRS + 1);
        (bool valid, ) = this.decode(abi.encode(ONNX_STEP_TAG, index, step));
        require(!valid, "too many");
    }

    function decode(bytes calldata data) external pure returns (bool valid, bytes memory again) {
        uint256 index;
        Step memory step;
        (valid, index, step) = StepLib.decode(data, ONNX_STEP_TAG, MOST_INPUTS, MOST_ATTRS);
        again = abi.encode(ONNX_STEP_TAG, index, step);
    }

    /// @dev To what fits the profile.
    function _cut(Step memory step) private pure {
        _cutShape(step.shape);
        for (uint256 i; i < step.inputs.length; ++i) _cutShape(step.inputs[i].shape);
        (Ref[] memory inputs, int64[] memory attrs) = (step.inputs, step.attrs);
        if (inputs.length > MOST_INPUTS) {
            assembly ("memory-safe") {
                mstore(inputs, MOST_INPUTS)
            }
        }
        if (attrs.length > MOST_ATTRS) {
            assembly ("memory-safe") {
                mstore(attrs, MOST_ATTRS)
            }
        }
    }

    function _cutShape(uint32[] memory shape) private pure {
        if (shape.length <= MOST_RANK) return;
        assembly ("memory-safe") {
            mstore(shape, MOST_RANK)
        }
    }
}
