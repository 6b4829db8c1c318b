// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LayoutLib} from "../../../contracts/libraries/onnx/LayoutLib.sol";
import {BOOL, FLOAT32, INT32, INT64, Order, UINT8} from "../../../contracts/types/OnnxTypes.sol";
import {bound} from "../../support/Fuzz.sol";

contract LayoutLibTest {
    uint256 private constant WORD = 32;

    /// @dev Every place of every word holds one element, or is padding; every element has a place of its own [T071 T075].
    function testFuzz_indexAt_isTheInverseOfPlaceOf(
        uint8 kind,
        uint8[6] calldata dimensions,
        uint8 rank
    ) external pure {
        (uint8 order, uint8 dtype, uint32[] memory shape) = _tensor(kind, dimensions, rank);
        uint256 size = LayoutLib.elementSize(dtype);
        uint256 count = LayoutLib.countOf(shape);
        uint256 end = LayoutLib.wordsOf(order, dtype, shape) * WORD;
        uint256 elements;
        for (uint256 place; place < end; place += size) {
            (bool inside, uint256 index) = LayoutLib.indexAt(order, size, shape, place);
            if (!inside) continue;
            require(index < count, "index");
            require(LayoutLib.placeOf(order, size, shape, index) == place, "place");
            ++elements;
        }
        require(elements == count, "elements");
    }

    function testFuzz_indexAt_isPaddingBehindTheTensor(
        uint8 kind,
        uint8[6] calldata dimensions,
        uint8 rank,
        uint256 beyond
    ) external pure {
        (uint8 order, uint8 dtype, uint32[] memory shape) = _tensor(kind, dimensions, rank);
        uint256 end = LayoutLib.wordsOf(order, dtype, shape) * WORD;
        (bool inside, ) = LayoutLib.indexAt(order, LayoutLib.elementSize(dtype), shape, end + (beyond % 2 ** 32));
        require(!inside, "padding");
    }

    function testFuzz_wordsOf_isZeroForWhatThereCannotBe(
        uint8 order,
        uint8 dtype,
        uint8 rank,
        uint32[6] calldata dimensions
    ) external pure {
        (order, dtype) = (order % 5, dtype % 12);
        uint32[] memory shape = new uint32[](rank % 7);
        for (uint256 i; i < shape.length; ++i) shape[i] = dimensions[i];
        bool isType = dtype == UINT8 || dtype == FLOAT32 || dtype == INT32 || dtype == INT64 || dtype == BOOL;
        bool known = order <= uint8(type(Order).max) && isType;
        bool image = order != uint8(Order.Image) || shape.length == 4;
        bool possible = known && image && shape.length > 0;
        for (uint256 i; i < shape.length; ++i) possible = possible && shape[i] > 0;
        require((LayoutLib.wordsOf(order, dtype, shape) > 0) == possible, "words");
    }

    function testFuzz_isTensor_hasWordsUpToTheMost(uint32 rows, uint8 columns, uint256 most) external pure {
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (rows, columns);
        uint256 words = uint256(rows) * ((uint256(columns) + 31) / 32);
        most = bound(most, 0, 2 * words + 1);
        bool expected = words > 0 && words <= most;
        require(LayoutLib.isTensor(uint8(Order.Rows), UINT8, shape, most) == expected, "tensor");
    }

    /// @dev Of no words there is no tree; of others there is one of one depth.
    function testFuzz_isTree_hasTheDepthOfItsWords(bytes32 root, uint8 depth, uint32 words, uint8 shift) external pure {
        words >>= shift % 32;
        bool expected = words == 0 ? root == 0 && depth == 0 : words <= 1 << 26 && depth == LayoutLib.depthOf(words);
        require(LayoutLib.isTree(root, depth, words) == expected, "tree");
        require(LayoutLib.isTree(0, 0, 0) && !LayoutLib.isTree(0, 1, 0) && !LayoutLib.isTree("root", 0, 0), "none");
        if (words > 0 && words <= 1 << 26)
            require(LayoutLib.isTree(root, uint8(LayoutLib.depthOf(words)), words), "one");
    }

    /// @dev The tree has room for all words, and would not have with one level less.
    function testFuzz_depthOf_isTheLeastThatHoldsThem(uint32 words, uint8 shift) external pure {
        words = uint32(bound(words >> (shift % 32), 1, 2 ** 31 - 3));
        for (uint256 count = words; count < uint256(words) + 3; ++count) {
            uint256 depth = LayoutLib.depthOf(count);
            require(2 ** depth >= count && 2 ** depth < 2 * count, "depth");
        }
    }

    /// @dev A small tensor of any order and type.
    function _tensor(
        uint8 kind,
        uint8[6] calldata dimensions,
        uint8 rank
    ) private pure returns (uint8 order, uint8 dtype, uint32[] memory shape) {
        order = kind % 3;
        dtype = [UINT8, FLOAT32, INT32, INT64, BOOL][(kind / 3) % 5];
        shape = new uint32[](order == uint8(Order.Image) ? 4 : bound(rank, 1, 6));
        // One long axis, so that rows end within words, and short ones elsewhere.
        uint256 long = rank % shape.length;
        for (uint256 i; i < shape.length; ++i) shape[i] = uint32(bound(dimensions[i], 1, i == long ? 70 : 3));
    }
}
