// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {SafeCast} from "@openzeppelin/contracts/utils/math/SafeCast.sol";

import {Float32Lib} from "../libraries/onnx/Float32Lib.sol";

/// @dev Many computations in one call. A case is a word: `c 64 | zero 8 | b 32 | a 32` from the highest used bit down.
contract Float32Harness {
    function requant(uint256[] calldata cases) external pure returns (bytes memory made) {
        made = new bytes(cases.length);
        for (uint256 i; i < cases.length; ++i) {
            int256 acc = int32(uint32(cases[i]));
            made[i] = _byte(Float32Lib.requant(acc, uint32(cases[i] >> 32), uint8(cases[i] >> 64)));
        }
    }

    function quantise(uint256[] calldata cases) external pure returns (bytes memory made) {
        made = new bytes(cases.length);
        for (uint256 i; i < cases.length; ++i) {
            made[i] = _byte(Float32Lib.quantise(uint32(cases[i]), uint32(cases[i] >> 32), uint8(cases[i] >> 64)));
        }
    }

    /// @dev `a` and `b` are the factors, the byte is the first summand, `c` holds the second one and the offset.
    function add(uint256[] calldata cases) external pure returns (bytes memory made) {
        made = new bytes(cases.length);
        for (uint256 i; i < cases.length; ++i) {
            uint256 word = cases[i];
            (uint256 ra, uint256 rb) = (uint32(word), uint32(word >> 32));
            made[i] = _byte(Float32Lib.add(uint8(word >> 64), ra, uint8(word >> 72), rb, uint32(word >> 80)));
        }
    }

    function dequantise(uint256[] calldata cases) external pure returns (bytes memory made) {
        made = new bytes(cases.length * 4);
        for (uint256 i; i < cases.length; ++i) {
            uint256 bits = Float32Lib.dequantise(uint8(cases[i]), uint32(cases[i] >> 32), uint8(cases[i] >> 64));
            for (uint256 k; k < 4; ++k) made[4 * i + k] = bytes1(uint8(bits >> (24 - 8 * k)));
        }
    }

    function _byte(uint256 value) private pure returns (bytes1) {
        return bytes1(SafeCast.toUint8(value));
    }
}
