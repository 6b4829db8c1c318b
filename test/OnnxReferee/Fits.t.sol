// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {ONNX_GRAPH_TAG} from "../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../../contracts/types/PayloadTypes.sol";
import {Header, Spec} from "../../contracts/types/RefereeTypes.sol";
import {OnnxReferee} from "../../contracts/verifiers/OnnxReferee.sol";
import {VM} from "../support/Vm.sol";

/// @title What a compiled model takes
contract FitsTest {
    OnnxReferee private immutable REFEREE = new OnnxReferee();

    /// @dev What is of the number, types and shapes of the header fits; what differs in one of them does not [T057].
    function testFuzz_fits_comparesAllButTheData(Spec[] memory taken, bytes32 data, uint256 seed) external view {
        TensorPreimage[] memory inputs = _inputsOf(taken, data);
        _requireFits(taken, inputs, true);
        uint256 place = taken.length == 0 ? 0 : (seed >> 8) % taken.length;
        if (taken.length == 0 || seed % 4 == 0) inputs = _longer(inputs);
        else if (seed % 4 == 1) inputs[place].dtype ^= uint8(1 << ((seed >> 16) % 8));
        else if (seed % 4 == 2) inputs[place].shape = new uint32[](taken[place].shape.length + 1);
        else if (taken[place].shape.length == 0) inputs[place].shape = new uint32[](1);
        else inputs[place].shape[(seed >> 16) % taken[place].shape.length] ^= uint32(1 << ((seed >> 32) % 32));
        _requireFits(taken, inputs, false);
    }

    function testFuzz_fits_needsAHeader(bytes32 tag, Header memory model) external {
        VM.assume(tag != ONNX_GRAPH_TAG);
        VM.expectRevert(abi.encodeWithSelector(IReferee.RefereeWrongHeader.selector, tag, ONNX_GRAPH_TAG));
        REFEREE.fits(abi.encode(tag, model), new TensorPreimage[](0));
    }

    function _requireFits(Spec[] memory taken, TensorPreimage[] memory inputs, bool expected) private view {
        bytes memory header = abi.encode(ONNX_GRAPH_TAG, Header(1, taken, new Spec[](0), "steps"));
        (bytes32 graphRoot, bytes32 inputRoot, bool fitting) = REFEREE.fits(header, inputs);
        require(fitting == expected, "fits");
        require(graphRoot == keccak256(header) && inputRoot == _rootOf(inputs), "roots");
    }

    function _inputsOf(Spec[] memory taken, bytes32 data) private pure returns (TensorPreimage[] memory inputs) {
        inputs = new TensorPreimage[](taken.length);
        for (uint256 i; i < inputs.length; ++i) {
            uint32[] memory shape = new uint32[](taken[i].shape.length);
            for (uint256 k; k < shape.length; ++k) shape[k] = taken[i].shape[k];
            inputs[i] = TensorPreimage(taken[i].dtype, shape, keccak256(abi.encode(data, i)));
        }
    }

    function _longer(TensorPreimage[] memory inputs) private pure returns (TensorPreimage[] memory more) {
        more = new TensorPreimage[](inputs.length + 1);
        for (uint256 i; i < inputs.length; ++i) more[i] = inputs[i];
    }

    function _rootOf(TensorPreimage[] memory tensors) private pure returns (bytes32) {
        bytes32[] memory roots = new bytes32[](tensors.length);
        for (uint256 i; i < roots.length; ++i) {
            roots[i] = keccak256(abi.encode(TENSOR_TAG, tensors[i].dtype, tensors[i].shape, tensors[i].dataRoot));
        }
        return keccak256(abi.encode(PAYLOAD_TAG, roots));
    }
}
