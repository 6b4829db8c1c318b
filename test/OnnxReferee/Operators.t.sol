// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {OpeningLib} from "../../contracts/libraries/onnx/OpeningLib.sol";
import {ONNX_STEP_TAG} from "../../contracts/types/OnnxTypes.sol";
import {Step} from "../../contracts/types/RefereeTypes.sol";
import {OnnxReferee} from "../../contracts/verifiers/OnnxReferee.sol";
import {bound} from "../support/Fuzz.sol";
import {OnnxSteps} from "../support/OnnxSteps.sol";
import {OperatorBench} from "../support/OperatorBench.sol";

/// @dev The referee convicts every value but one, and that one is computed here in the plainest way: element by element, by
/// scales of 1 or 2^-15. Tensors are of random bytes [T069 T073].
contract OperatorsTest is OperatorBench {
    constructor() OperatorBench(new OnnxReferee(), ONNX_STEP_TAG) {}

    /// @dev Row by column.
    function testFuzz_dot(bytes32 salt, uint8 element, int32 bias, uint8 zero) external {
        Step memory step = OnnxSteps.dot();
        (uint256 row, uint256 column) = ((element / 3) % 2, element % 3);
        _fill(_a, 4, salt);
        _fill(_constants, 9, ~salt);
        _clear(_a, 1, 2, 0);
        _clear(_constants, 3 * column + 2, 3, 28);
        bias %= 1_000_000;
        _constants[3 * column] = _head(bias, zero);
        _runsOfA.push(OpeningLib.run(2 * row, 2));
        _constantRuns.push(OpeningLib.run(3 * column, 3));
        int256 acc = bias;
        for (uint256 i; i < 33; ++i) {
            acc += _centred(_at(_a, 64 * row + i), 3) * _centred(_turned(32 * (3 * column + 1) + i), zero);
        }
        _judge(step, 32 * row + column, _requant(acc));
    }

    /// @dev A window that lies inside the image or sticks out of it.
    function testFuzz_conv(bytes32 salt, uint8 element, int32 bias, uint8 zero) external {
        Step memory step = OnnxSteps.conv();
        (uint256 channel, uint256 y, uint256 x) = (element % 2, (element / 2) % 3, (element / 6) % 3);
        _fill(_a, 18, salt);
        _fill(_constants, 18, ~salt);
        _clear(_a, 1, 2, 0);
        _clear(_constants, 9 * channel + 2, 2, 28);
        bias %= 1_000_000;
        _constants[9 * channel] = _head(bias, zero);
        _constantRuns.push(OpeningLib.run(9 * channel, 9));
        int256 acc = bias;
        for (uint256 k; k < 4; ++k) {
            if (y + k / 2 == 0 || x + (k % 2) == 0) continue;
            uint256 pixel = 3 * (y + k / 2 - 1) + x + (k % 2) - 1;
            _runsOfA.push(OpeningLib.run(2 * pixel, 2));
            for (uint256 i; i < 33; ++i) {
                uint256 weight = _turned(32 * (9 * channel + 1 + 2 * k) + i);
                acc += _centred(_at(_a, 64 * pixel + i), 3) * _centred(weight, zero);
            }
        }
        _judge(step, 32 * (3 * y + x) + channel, _requant(acc));
    }

    /// @dev A window of any kernel, inside the image, partly inside or beyond it on any side.
    function testFuzz_conv_ofAnyWindow(bytes32 salt, uint64 window, uint8 place) external {
        Step memory step = OnnxSteps.window(window);
        place %= 49;
        uint256 count = uint64(step.attrs[1] * step.attrs[2]);
        _fill(_a, 20, salt);
        _fill(_constants, 1 + count, ~salt);
        _constants[0] = _head(0, 128);
        _constantRuns.push(OpeningLib.run(0, 1 + count));
        int256 acc;
        for (uint256 k; k < count; ++k) {
            int64 kernel = int64(uint64(k));
            int64 y = int64(uint64(place / 7)) * step.attrs[3] + (kernel / step.attrs[2]) * step.attrs[5];
            int64 x = int64(uint64(place % 7)) * step.attrs[4] + (kernel % step.attrs[2]) * step.attrs[6];
            (y, x) = (y - step.attrs[7], x - step.attrs[8]);
            if (y < 0 || y >= 5 || x < 0 || x >= 4) continue;
            uint256 pixel = uint64(4 * y + x);
            _runsOfA.push(OpeningLib.run(pixel, 1));
            for (uint256 i; i < 32; ++i) {
                acc += _centred(_at(_a, 32 * pixel + i), 3) * _centred(_turned(32 * (1 + k) + i), 128);
            }
        }
        _judge(step, 32 * uint256(place), _requant(acc));
    }

    /// @dev Each of two channels from its own two.
    function testFuzz_groupedConv(bytes32 salt, uint8 element, int32 bias, uint8 zero) external {
        Step memory step = OnnxSteps.grouped();
        (uint256 channel, uint256 x) = (element % 2, (element / 2) % 2);
        _fill(_a, 4, salt);
        _fill(_constants, 4, ~salt);
        bias %= 1_000_000;
        _constants[2 * channel] = _head(bias, zero);
        _constantRuns.push(OpeningLib.run(2 * channel, 2));
        int256 acc = bias;
        for (uint256 k; k < 2; ++k) {
            _runsOfA.push(OpeningLib.run(2 * k + x, 1));
            for (uint256 i; i < 2; ++i) {
                uint256 weight = _at(_constants, 32 * (2 * channel + 1) + 2 * k + i);
                acc += _centred(_at(_a, 32 * (2 * k + x) + 2 * channel + i), 3) * _centred(weight, zero);
            }
        }
        _judge(step, 32 * x + channel, _requant(acc));
    }

    /// @dev Of a head word that breaks the profile nothing follows, whatever the node has said.
    function testFuzz_conv_needsAHeadOfTheProfile(uint8 what, uint8 place, uint8 said) external {
        Step memory step = OnnxSteps.grouped();
        _fill(_a, 4, "a");
        _fill(_constants, 4, "constants");
        bytes32 head = _head(0, 0);
        if (what % 4 == 0) head |= bytes32(uint256(1) << bound(place, 0, 183));
        else if (what % 4 == 1) head = _head(type(int32).max - int32(uint32(place)), 0);
        else if (what % 4 == 2) head = _head(type(int32).min + int32(uint32(place)), 0);
        else head ^= bytes32(uint256(1) << 222); // the scale becomes 2^113
        _constants[0] = head;
        _constantRuns.push(OpeningLib.run(0, 2));
        for (uint256 k; k < 2; ++k) _runsOfA.push(OpeningLib.run(2 * k, 1));
        require(REFEREE.faulty(_case(step, 0, _said(2, 0, said, 1))), "head");
    }

    /// @dev The sum of four, from which four zero points are taken.
    function testFuzz_gap(bytes32 salt, uint8 channel, uint8 dark) external {
        Step memory step = OnnxSteps.gap();
        channel %= 40;
        _fill(_a, 8, salt);
        // Sums of four random bytes are beyond the largest mostly.
        for (uint256 i; i < 8; ++i) _a[i] &= bytes32((type(uint256).max / 255) * (dark >> (dark % 8)));
        int256 acc;
        for (uint256 k; k < 4; ++k) {
            _runsOfA.push(OpeningLib.run(2 * k + channel / 32, 1));
            acc += _centred(_at(_a, 64 * k + channel), 3);
        }
        _judge(step, channel, _saturate(acc + 5));
    }

    function testFuzz_maxPool(bytes32 salt, uint8 channel, uint8 pixel) external {
        Step memory step = OnnxSteps.maxPool();
        channel %= 40;
        (uint256 y, uint256 x) = ((pixel / 2) % 2, pixel % 2);
        _fill(_a, 8, salt);
        uint256 most;
        for (uint256 k; k < 4; ++k) {
            if (k / 2 > y || k % 2 > x) continue;
            _runsOfA.push(OpeningLib.run(2 * k + channel / 32, 1));
            uint256 value = _at(_a, 64 * k + channel);
            if (value > most) most = value;
        }
        _judge(step, 64 * (2 * y + x) + channel, most);
    }

    /// @dev In a row, with ties.
    function testFuzz_argMax(bytes32 salt, uint8 row, uint8 mask) external {
        Step memory step = OnnxSteps.argMax();
        row %= 2;
        _fill(_a, 4, salt);
        for (uint256 i; i < 4; ++i) _a[i] &= bytes32((type(uint256).max / 255) * mask);
        _runsOfA.push(OpeningLib.run(2 * row, 2));
        _judge(step, row, _firstLargest(64 * uint256(row), 1, 40));
    }

    /// @dev Along the last axis of an image, each element of which is in a word of its own.
    function testFuzz_argMax_ofAnImage(bytes32 salt, uint8 element, uint8 mask) external {
        Step memory step = OnnxSteps.argMax();
        step.inputs[0] = OnnxSteps.tensor(0, hex"01280203");
        step.shape = OnnxSteps.shapeOf(hex"012802");
        element %= 80;
        (uint256 channel, uint256 y) = (element / 2, element % 2);
        _fill(_a, 12, salt);
        for (uint256 i; i < 12; ++i) _a[i] &= bytes32((type(uint256).max / 255) * mask);
        for (uint256 x; x < 3; ++x) _runsOfA.push(OpeningLib.run(2 * (3 * y + x) + channel / 32, 1));
        _judge(step, element, _firstLargest(64 * 3 * y + channel, 64, 3));
    }

    function testFuzz_add(bytes32 salt, uint8 row, uint8 column) external {
        Step memory step = OnnxSteps.add();
        uint256 place = 64 * uint256(row % 2) + (column % 40);
        _fill(_a, 4, salt);
        _fill(_b, 4, ~salt);
        _runsOfA.push(OpeningLib.run(place / 32, 1));
        _runsOfB.push(OpeningLib.run(place / 32, 1));
        _judge(step, place, _saturate(int256(_at(_a, place) + _at(_b, place))));
    }

    function testFuzz_add_ofARow(bytes32 salt, uint8 row, uint8 column) external {
        Step memory step = OnnxSteps.addRow();
        column %= 40;
        uint256 place = 64 * uint256(row % 2) + column;
        _fill(_a, 4, salt);
        _fill(_constants, 2, ~salt);
        _runsOfA.push(OpeningLib.run(place / 32, 1));
        _constantRuns.push(OpeningLib.run(column / 32, 1));
        _judge(step, place, _saturate(int256(_at(_a, place) + _at(_constants, column))));
    }

    function testFuzz_lut(bytes32 salt, uint8 row, uint8 column) external {
        uint256 place = 64 * uint256(row % 2) + (column % 40);
        _fill(_a, 4, salt);
        _fill(_constants, 8, ~salt);
        _runsOfA.push(OpeningLib.run(place / 32, 1));
        _constantRuns.push(OpeningLib.run(_at(_a, place) / 32, 1));
        _judge(OnnxSteps.lut(), place, _at(_constants, _at(_a, place)));
    }

    /// @dev From the first two rows or from the other three, each by its own table.
    function testFuzz_concat(bytes32 salt, uint256 outer, uint256 along, uint256 column) external {
        Step memory step = OnnxSteps.concat();
        (outer, along, column) = (outer % 2, along % 5, column % 2);
        _fill(_a, 4, salt);
        _fill(_b, 6, ~salt);
        _fill(_constants, 16, salt >> 1);
        uint256 row = along < 2 ? 2 * outer + along : 3 * outer + along - 2;
        uint256 entry = along < 2 ? _at(_a, 32 * row + column) : 256 + _at(_b, 32 * row + column);
        (along < 2 ? _runsOfA : _runsOfB).push(OpeningLib.run(row, 1));
        _constantRuns.push(OpeningLib.run(entry / 32, 1));
        _judge(step, 32 * (5 * outer + along) + column, _at(_constants, entry));
    }

    /// @dev Two rows of three to three rows of two.
    function testFuzz_move(bytes32 salt, uint8 element) external {
        element %= 6;
        _fill(_a, 2, salt);
        _runsOfA.push(OpeningLib.run(element / 3, 1));
        _judge(
            OnnxSteps.move(),
            32 * uint256(element / 2) + (element % 2),
            _at(_a, 32 * uint256(element / 3) + (element % 3))
        );
    }

    function testFuzz_move_byAPermutation(bytes32 salt, uint8 x, uint8 y, uint8 z) external {
        (x, y, z) = (x % 3, y % 2, z % 4);
        _fill(_a, 6, salt);
        _runsOfA.push(OpeningLib.run(3 * y + x, 1));
        _judge(OnnxSteps.permuted(), 32 * (2 * uint256(x) + y) + z, _at(_a, 32 * (3 * uint256(y) + x) + z));
    }

    /// @dev Floats that are integers.
    function testFuzz_quant(uint24[4] calldata values, bool negative, uint8 element) external {
        element %= 4;
        uint256 bits;
        for (uint256 i; i < 4; ++i) bits |= _float(values[i] % 400) << (32 * i);
        uint256 sign = negative ? 1 << (32 * element + 31) : 0;
        // The lowest byte of the first float comes first in the word.
        _a.push(bytes32(_reversed(bits | sign)));
        _runsOfA.push(OpeningLib.run(0, 1));
        uint256 value = values[element] % 400;
        _judge(
            OnnxSteps.quant(),
            element,
            negative
                ? 0
                : value > 255
                    ? 255
                    : value
        );
    }

    /// @dev Of what is not a number every byte is wrong [T074].
    function testFuzz_quant_ofANaN(uint32 bits, uint8 said) external {
        _a.push(bytes32(_reversed(bits | 0x7f80_0001)));
        _runsOfA.push(OpeningLib.run(0, 1));
        require(REFEREE.faulty(_case(OnnxSteps.quant(), 0, _said(1, 0, said, 1))), "NaN");
    }

    function testFuzz_dequant(bytes32 salt, uint8 element) external {
        element %= 4;
        _fill(_a, 1, salt);
        _runsOfA.push(OpeningLib.run(0, 1));
        _judge(OnnxSteps.dequant(), element, _float(_at(_a, element)));
    }

    /// @dev A weight of a dense layer: the groups of four bytes of each word stand in reverse order.
    function _turned(uint256 place) private view returns (uint256) {
        return _at(_constants, place - (place % 32) + 4 * (7 - (place % 32) / 4) + (place % 4));
    }

    /// @dev The largest of some bytes that stand apart by a distance.
    function _firstLargest(uint256 place, uint256 distance, uint256 count) private view returns (uint256 where) {
        for (uint256 i = 1; i < count; ++i) {
            if (_at(_a, place + i * distance) > _at(_a, place + where * distance)) where = i;
        }
    }

    function _head(int32 bias, uint8 zero) private pure returns (bytes32) {
        uint256 scale = uint64(OnnxSteps.SMALL);
        return bytes32((uint256(uint32(bias)) << 224) | (scale << 192) | (uint256(zero) << 184));
    }

    function _centred(uint256 value, uint256 zero) private pure returns (int256) {
        return int256(value) - int256(zero);
    }

    /// @dev By 2^-15 to the nearest integer, or to the even one of two; then plus the zero point 5. A sum below 2^24 is a float.
    function _requant(int256 acc) private pure returns (uint256) {
        uint256 magnitude = uint256(acc < 0 ? -acc : acc);
        uint256 rest = magnitude % 2 ** 15;
        uint256 q = magnitude / 2 ** 15;
        if (rest > 2 ** 14 || (rest == 2 ** 14 && q % 2 == 1)) ++q;
        return _saturate((acc < 0 ? -int256(q) : int256(q)) + 5);
    }

    function _saturate(int256 value) private pure returns (uint256) {
        if (value < 0) return 0;
        return value > 255 ? 255 : uint256(value);
    }

    /// @dev Bits of an integer below 2^24 as a float.
    function _float(uint256 value) private pure returns (uint256) {
        if (value == 0) return 0;
        uint256 width = Math.log2(value);
        return ((127 + width) << 23) | ((value << (23 - width)) & 0x7fffff);
    }

    /// @dev The bytes of a word in the other order.
    function _reversed(uint256 word) private pure returns (uint256 reversed) {
        for (uint256 i; i < 256; i += 8) reversed |= ((word >> i) & 0xff) << (248 - i);
    }
}
