// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {LayoutLib} from "../../contracts/libraries/onnx/LayoutLib.sol";
import {OpeningLib} from "../../contracts/libraries/onnx/OpeningLib.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../../contracts/types/PayloadTypes.sol";
import {Case, Opening, Step} from "../../contracts/types/RefereeTypes.sol";
import {OnnxSteps} from "./OnnxSteps.sol";
import {Trees} from "./Trees.sol";

/// @title One step on two tensors and constants of any bytes
/// @dev What it must make is computed by the test that fills them, and this judges it: step 2 of a trace of which steps 0 and 1
/// are the tensors.
abstract contract OperatorBench {
    IReferee internal immutable REFEREE;
    bytes32 private immutable STEP_TAG;

    bytes32[] internal _a;
    bytes32[] internal _b;
    bytes32[] internal _constants;
    /// @dev Which words of each are opened.
    uint256[] internal _runsOfA;
    uint256[] internal _runsOfB;
    uint256[] internal _constantRuns;

    constructor(IReferee referee, bytes32 stepTag) {
        (REFEREE, STEP_TAG) = (referee, stepTag);
    }

    /// @dev Acquits a node that says what is expected and convicts one that says something else.
    /// @param place Of the element, counted in elements of what is made.
    function _judge(Step memory step, uint256 place, uint256 expected) internal view {
        uint256 size = OnnxSteps.sizeOf(step.dtype);
        uint256 words = LayoutLib.wordsOf(step.order, step.dtype, step.shape);
        require(!REFEREE.faulty(_case(step, place * size, _said(words, place * size, expected, size))), "honest");
        uint256 lie = expected ^ (1 << (uint256(keccak256(abi.encode(place, _a))) % (8 * size)));
        require(REFEREE.faulty(_case(step, place * size, _said(words, place * size, lie, size))), "lie");
    }

    /// @dev A case with one opening of each of the two tensors of which words are read.
    function _case(Step memory step, uint256 place, bytes32[] memory said) internal view returns (Case memory c) {
        bytes32[] memory r = new bytes32[](3);
        bool isGiven = step.inputs[0].from > 2;
        (r[0], r[1], r[2]) = (Trees.rootOf(_a), Trees.rootOf(_b), "node");
        if (_constants.length > 0) {
            step.constRoot = Trees.rootOf(_constants);
            c.constants = Trees.open(_constants, _constantRuns);
        }
        c.traceRoot = Trees.traceRootOf(r);
        c.step = abi.encode(STEP_TAG, uint256(OnnxSteps.INDEX), step);
        (c.word, c.offset) = (uint32(place / 32), uint8(place % 32));
        (c.nodeRoot, c.accused) = (Trees.rootOf(said), Trees.open(said, OpeningLib.only(place / 32, 1)));
        bool both = _runsOfA.length > 0 && _runsOfB.length > 0;
        (c.inputRoots, c.inputPaths) = (new bytes32[](both ? 2 : 1), new bytes32[][](both ? 2 : 1));
        c.inputs = new Opening[](both ? 2 : 1);
        if (_runsOfA.length > 0 || _runsOfB.length == 0) {
            (c.inputRoots[0], c.inputPaths[0], c.inputs[0]) = (r[0], Trees.pathOf(r, 0), Trees.open(_a, _runsOfA));
        }
        if (_runsOfB.length > 0) {
            uint256 slot = both ? 1 : 0;
            (c.inputRoots[slot], c.inputPaths[slot], c.inputs[slot]) = (
                r[1],
                Trees.pathOf(r, 1),
                Trees.open(_b, _runsOfB)
            );
        }
        if (isGiven) {
            c.inputPaths[0] = new bytes32[](1);
            c.inputPaths[0][0] = keccak256(abi.encode(TENSOR_TAG, step.inputs[0].dtype, step.inputs[0].shape, r[0]));
            c.inputRoot = keccak256(abi.encode(PAYLOAD_TAG, c.inputPaths[0]));
        }
        _complete(c, step);
    }

    /// @dev For operators of which a case has other openings.
    function _complete(Case memory c, Step memory step) internal view virtual {}

    /// @dev A tensor of zeros but for one element.
    function _said(
        uint256 words,
        uint256 place,
        uint256 value,
        uint256 size
    ) internal pure returns (bytes32[] memory said) {
        said = new bytes32[](words);
        for (uint256 i; i < size; ++i) {
            said[place / 32] |= bytes32(((value >> (8 * i)) & 0xff) << (8 * (31 - (place % 32) - i)));
        }
    }

    function _fill(bytes32[] storage words, uint256 count, bytes32 salt) internal {
        for (uint256 i; i < count; ++i) words.push(keccak256(abi.encode(salt, i)));
    }

    /// @dev Leaves one byte of every word from a first one on: of rows of 33, the second words have no more.
    function _clear(bytes32[] storage words, uint256 first, uint256 distance, uint256 kept) internal {
        for (uint256 i = first; i < words.length; i += distance) {
            words[i] &= bytes32(uint256(0xff) << (8 * (31 - kept)));
        }
    }

    /// @dev A byte of a string of words.
    function _at(bytes32[] storage words, uint256 place) internal view returns (uint256) {
        return uint8(words[place / 32][place % 32]);
    }
}
