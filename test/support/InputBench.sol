// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {OpeningLib} from "../../contracts/libraries/onnx/OpeningLib.sol";
import {GRAPH_INPUT, STATED_OUTPUT, UINT8} from "../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../contracts/types/PayloadTypes.sol";
import {Case, Opening, Ref} from "../../contracts/types/RefereeTypes.sol";
import {bound} from "./Fuzz.sol";
import {OnnxSteps} from "./OnnxSteps.sol";
import {Trees} from "./Trees.sol";
import {VM} from "./Vm.sol";

/// @title Cases that open a word of one tensor: five rows of 32 bytes
abstract contract InputBench {
    uint256 internal constant ROWS = 5;

    /// @dev A case that opens a word of a tensor of the payload.
    function _paid(bytes32 salt, uint8 tensors, uint8 place) internal pure returns (Case memory c, Ref memory input) {
        input = OnnxSteps.given(UINT8, abi.encodePacked(uint8(ROWS), uint8(32)));
        c = _opened(salt, 0);
        bytes32[] memory roots = new bytes32[](bound(tensors, 1, 4));
        for (uint256 i; i < roots.length; ++i) roots[i] = keccak256(abi.encode(~salt, i));
        place %= uint8(roots.length);
        input.from += place;
        roots[place] = keccak256(abi.encode(TENSOR_TAG, input.dtype, input.shape, c.inputRoots[0]));
        (c.inputPaths[0], c.inputRoot) = (roots, keccak256(abi.encode(PAYLOAD_TAG, roots)));
    }

    /// @dev The same of a tensor of the output.
    function _stated(bytes32 salt, uint8 tensors, uint8 place) internal pure returns (Case memory c, Ref memory input) {
        (c, input) = _paid(salt, tensors, place);
        input.from -= uint16(GRAPH_INPUT - STATED_OUTPUT);
        (c.inputRoot, c.outputRoot) = (0, c.inputRoot);
    }

    /// @dev A case that opens a word of some words.
    function _opened(bytes32 salt, uint256 word) internal pure returns (Case memory c) {
        (c.inputRoots, c.inputPaths, c.inputs) = (new bytes32[](1), new bytes32[][](1), new Opening[](1));
        c.inputRoots[0] = Trees.rootOf(_words(salt));
        c.inputs[0] = Trees.open(_words(salt), OpeningLib.only(word, 1));
    }

    function _words(bytes32 salt) internal pure returns (bytes32[] memory words) {
        words = new bytes32[](ROWS);
        for (uint256 i; i < ROWS; ++i) words[i] = _word(salt, i);
    }

    function _word(bytes32 salt, uint256 i) internal pure returns (bytes32) {
        return keccak256(abi.encode(salt, i));
    }

    function _expectWrongRoot(bytes32 part, bytes32 given, bytes32 expected) internal {
        VM.expectRevert(abi.encodeWithSelector(OpeningLib.RefereeWrongRoot.selector, part, given, expected));
    }
}
