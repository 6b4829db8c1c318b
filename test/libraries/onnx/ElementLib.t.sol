// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ElementLib} from "../../../contracts/libraries/onnx/ElementLib.sol";
import {BOOL, INT32, INT64, UINT8} from "../../../contracts/types/OnnxTypes.sol";

contract ElementLibTest {
    /// @dev The lowest byte stands first.
    function testFuzz_bitsAt_readsLittleEndian(bytes32 word, uint8 column, uint8 kind) external pure {
        uint256 size = [1, 4, 8][kind % 3];
        column = uint8(((column % 32) / size) * size);
        uint256 expected;
        for (uint256 i; i < size; ++i) expected += uint256(uint8(word[column + i])) * 256 ** i;
        require(ElementLib.bitsAt(word, column, size) == expected, "bits");
    }

    /// @dev A number and its bytes, both ways.
    function testFuzz_integerOf_isTheInverseOfBitsOf(int64 number) external pure {
        require(ElementLib.integerOf(ElementLib.bitsOf(number, 8), INT64) == number, "int64");
        require(ElementLib.integerOf(ElementLib.bitsOf(number, 4), INT32) == int32(number), "int32");
        require(
            ElementLib.integerOf(ElementLib.bitsOf(number, 1), UINT8) == int256(uint256(uint8(uint64(number)))),
            "uint8"
        );
        require(ElementLib.integerOf(ElementLib.bitsOf(number & 1, 1), BOOL) == number & 1, "bool");
    }

    /// @dev What is wider loses its upper bytes.
    function testFuzz_bitsOf_keepsTheLowestBytes(int256 number, uint8 kind) external pure {
        uint256 size = [1, 4, 8][kind % 3];
        require(ElementLib.bitsOf(number, size) == uint256(number) % 256 ** size, "bits");
    }
}
