// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {JoinLib} from "../../../contracts/libraries/onnx/JoinLib.sol";
import {Ref, Step} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";

contract JoinLibTest {
    /// @dev Element by element, what is made has each element of each part once, at the same place in all other axes.
    function testFuzz_partAt_findsEachElement(
        uint8[3] calldata dimensions,
        uint8[4] calldata lengths,
        uint8 along
    ) external pure {
        Step memory step = _step(dimensions, lengths, along % 3);
        require(JoinLib.admits(step, along % 3), "parts");
        uint32[] memory made = step.shape;
        uint256[3] memory place;
        uint256 index;
        for (place[0] = 0; place[0] < made[0]; ++place[0]) {
            for (place[1] = 0; place[1] < made[1]; ++place[1]) {
                for (place[2] = 0; place[2] < made[2]; ++place[2])
                    _check(step, along % 3, index++, [place[0], place[1], place[2]]);
            }
        }
    }

    function _check(Step memory step, uint256 axis, uint256 index, uint256[3] memory place) private pure {
        uint256 expected;
        while (place[axis] >= step.inputs[expected].shape[axis]) place[axis] -= step.inputs[expected++].shape[axis];
        uint32[] memory read = step.inputs[expected].shape;
        (uint256 which, uint256 part) = JoinLib.partAt(step, axis, index);
        require(which == expected, "which");
        require(part == (place[0] * read[1] + place[1]) * read[2] + place[2], "part");
    }

    /// @dev Any difference in another axis, in the rank or in the sum is none that fits.
    function testFuzz_admits_whatFitsAlone(
        uint8[3] calldata dimensions,
        uint8[4] calldata lengths,
        uint8 along,
        uint8 what
    ) external pure {
        uint256 axis = along % 3;
        Step memory step = _step(dimensions, lengths, axis);
        require(!JoinLib.admits(step, 3 + uint256(what)), "axis");
        uint256 other = (axis + 1 + (what % 2)) % 3;
        ++step.inputs[what % 4].shape[other];
        require(!JoinLib.admits(step, axis), "dimension");
        --step.inputs[what % 4].shape[other];
        ++step.shape[axis];
        require(!JoinLib.admits(step, axis), "sum");
        --step.shape[axis];
        step.inputs[what % 4].shape = new uint32[](what % 2 == 0 ? 2 : 4);
        require(!JoinLib.admits(step, axis), "rank");
    }

    /// @dev Four parts of three axes.
    function _step(
        uint8[3] calldata dimensions,
        uint8[4] calldata lengths,
        uint256 axis
    ) private pure returns (Step memory step) {
        step.shape = new uint32[](3);
        for (uint256 i; i < 3; ++i) step.shape[i] = uint32(bound(dimensions[i], 1, 3));
        step.inputs = new Ref[](4);
        uint32 joined;
        for (uint256 i; i < 4; ++i) {
            step.inputs[i].shape = new uint32[](3);
            for (uint256 k; k < 3; ++k) step.inputs[i].shape[k] = step.shape[k];
            step.inputs[i].shape[axis] = uint32(bound(lengths[i], 1, 3));
            joined += step.inputs[i].shape[axis];
        }
        step.shape[axis] = joined;
    }
}
