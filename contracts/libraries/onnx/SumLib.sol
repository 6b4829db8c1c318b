// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {NO_VALUE, Order} from "../../types/OnnxTypes.sol";
import {Case, Ref, Step} from "../../types/RefereeTypes.sol";
import {Float32Lib} from "./Float32Lib.sol";
import {InputLib} from "./InputLib.sol";
import {LaneLib} from "./LaneLib.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {ProfileLib} from "./ProfileLib.sol";

/// @title Operators that compute an element from many elements
/// @dev Each function opens what its element is computed from and gives the value; `index` is that of the element in
/// row-major order. Unchecked: `ProfileLib` bounds everything. A position is that of a pixel in the order n, h, w.
library SumLib {
    using InputLib for Case;
    using LaneLib for LaneLib.Sums;

    uint256 private constant WORD = 32;
    /// @dev Head word of a channel or column: int32 bias, scale, zero point of the weights, 23 zero bytes.
    uint256 private constant HEAD_REST = type(uint184).max;

    /// @dev What one channel of what a CONV makes reads of each pixel.
    struct Channels {
        uint256 made; // the channel that is made
        uint256 first; // channel of the input
        uint256 count;
        uint256 span; // words in which these channels lie
        bool grouped;
    }

    /// @dev CONV. Positions outside the image stand for the zero point, so they add nothing.
    function conv(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            (uint256[] memory pixels, uint256[] memory kernel) = _window(step, 1, index);
            Channels memory channels = _channels(step, index);
            uint256[] memory leaves = _leaves(step.inputs[0], pixels, channels.first / WORD, channels.span);
            bytes32[] calldata words = c.openOnly(step, 0, leaves);
            uint256 size = 1 + ProfileLib.channelWords(step);
            bytes32[] calldata constants = c.openConstants(step, InputLib.run(channels.made * size, size));
            LaneLib.Sums memory sums = _products(channels, kernel, _pointerTo(words), _pointerTo(constants) + WORD);
            return _requant(step, constants[0], sums, pixels.length * channels.count, 9);
        }
    }

    /// @dev DOT: a row of the input with a column of constants.
    function dot(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 length = step.inputs[0].shape[step.inputs[0].shape.length - 1];
            uint256 columns = step.shape[step.shape.length - 1];
            uint256 words = LayoutLib.wordsFor(length);
            uint256 a = _pointerTo(c.openOnly(step, 0, InputLib.run((index / columns) * words, words)));
            uint256 size = 1 + words;
            bytes32[] calldata constants = c.openConstants(step, InputLib.run((index % columns) * size, size));

            LaneLib.Sums memory sums;
            sums.addWords(a, _pointerTo(constants) + WORD, words);
            return _requant(step, constants[0], sums, length, 0);
        }
    }

    /// @dev GAP: the mean of a channel.
    function gap(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            Ref memory input = step.inputs[0];
            uint256 channel = index % input.shape[1];
            uint256 count = uint256(input.shape[2]) * input.shape[3];
            uint256[] memory pixels = InputLib.run((index / input.shape[1]) * count, count);
            bytes32[] calldata words = c.openOnly(step, 0, _leaves(input, pixels, channel / WORD, 1));
            uint256 sum;
            for (uint256 i; i < count; ++i) sum += InputLib.byteOf(words[i], channel % WORD);
            int256 acc = int256(sum) - int256(count * uint64(step.attrs[1]));
            return Float32Lib.requant(acc, uint64(step.attrs[0]), uint64(step.attrs[2]));
        }
    }

    /// @dev MAXPOOL: the largest of a window, of the positions inside the image.
    function maxPool(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256 most) {
        unchecked {
            (uint256[] memory pixels, ) = _window(step, 0, index);
            uint256 channel = (index / (uint256(step.shape[2]) * step.shape[3])) % step.shape[1];
            bytes32[] calldata words = c.openOnly(step, 0, _leaves(step.inputs[0], pixels, channel / WORD, 1));
            for (uint256 i; i < words.length; ++i) {
                uint256 a = InputLib.byteOf(words[i], channel % WORD);
                if (a > most) most = a;
            }
        }
    }

    /// @dev ARGMAX: where the first of the largest of a row is.
    function argMax(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256 where) {
        unchecked {
            Ref memory input = step.inputs[0];
            uint256 length = input.shape[input.shape.length - 1];
            uint256 place = LayoutLib.placeOf(input.order, 1, input.shape, index * length);
            // A row of an image has a word for each element, all of the same channel.
            bool isImage = input.order == uint8(Order.Image);
            bytes32[] calldata words = c.openOnly(
                step,
                0,
                isImage
                    ? InputLib.stride(place / WORD, LayoutLib.wordsFor(input.shape[1]), length)
                    : InputLib.run(place / WORD, LayoutLib.wordsFor(length))
            );
            uint256 most;
            for (uint256 i; i < length; ++i) {
                uint256 a =
                    isImage ? InputLib.byteOf(words[i], place % WORD) : InputLib.byteOf(words[i / WORD], i % WORD);
                if (a > most || i == 0) (most, where) = (a, i);
            }
        }
    }

    function _channels(Step memory step, uint256 index) private pure returns (Channels memory channels) {
        unchecked {
            uint256 group = uint64(step.attrs[0]);
            channels.made = (index / (uint256(step.shape[2]) * step.shape[3])) % step.shape[1];
            channels.count = step.inputs[0].shape[1] / group;
            channels.first = (channels.made / (step.shape[1] / group)) * channels.count;
            channels.span = (channels.first + channels.count - 1) / WORD - channels.first / WORD + 1;
            channels.grouped = group > 1;
        }
    }

    /// @param kernel Which place of the kernel each pixel has.
    /// @param a Where the words of the pixels begin in calldata.
    /// @param w Where the weights do.
    function _products(
        Channels memory channels,
        uint256[] memory kernel,
        uint256 a,
        uint256 w
    ) private pure returns (LaneLib.Sums memory sums) {
        unchecked {
            uint256 bytesOfPixel = channels.span * WORD;
            for (uint256 i; i < kernel.length; ++i) {
                if (channels.grouped) {
                    sums.addBytes(a + (channels.first % WORD), w + kernel[i] * channels.count, channels.count);
                } else {
                    sums.addWords(a, w + kernel[i] * bytesOfPixel, channels.span);
                }
                a += bytesOfPixel;
            }
        }
    }

    /// @dev The positions inside the image that a window covers, ascending, and which of the kernel's each of them is.
    /// @param first Of the attributes: kernel, strides, dilations, pads, each of the height and of the width.
    function _window(
        Step memory step,
        uint256 first,
        uint256 index
    ) private pure returns (uint256[] memory pixels, uint256[] memory kernel) {
        unchecked {
            uint32[] memory read = step.inputs[0].shape;
            uint256[] memory rows = _axis(step, first, (index / step.shape[3]) % step.shape[2], read[2]);
            uint256[] memory columns = _axis(step, first + 1, index % step.shape[3], read[3]);
            uint256 image = index / (uint256(step.shape[1]) * step.shape[2] * step.shape[3]);
            uint256 count = rows.length * columns.length;
            (pixels, kernel) = (new uint256[](count), new uint256[](count));
            for (uint256 i; i < count; ++i) {
                uint256 row = rows[i / columns.length];
                uint256 column = columns[i % columns.length];
                pixels[i] = (image * read[2] + (row >> 128)) * read[3] + (column >> 128);
                kernel[i] = uint128(row) * uint64(step.attrs[first + 1]) + uint128(column);
            }
        }
    }

    /// @dev Along one axis: `position << 128 | place in the kernel` of what is inside the image.
    function _axis(
        Step memory step,
        uint256 first,
        uint256 made,
        uint256 length
    ) private pure returns (uint256[] memory inside) {
        unchecked {
            int256 position = int256(made * uint64(step.attrs[first + 2])) - step.attrs[first + 6];
            uint256 kernel = uint64(step.attrs[first]);
            inside = new uint256[](kernel);
            uint256 count;
            for (uint256 i; i < kernel; ++i) {
                if (position >= 0 && uint256(position) < length) inside[count++] = (uint256(position) << 128) | i;
                position += step.attrs[first + 4];
            }
            assembly ("memory-safe") {
                mstore(inside, count)
            }
        }
    }

    /// @dev The leaves of some words of each of some rows.
    /// @param rows Ascending.
    /// @param first Word of each row.
    /// @param span Words of each row.
    function _leaves(
        Ref memory input,
        uint256[] memory rows,
        uint256 first,
        uint256 span
    ) private pure returns (uint256[] memory leaves) {
        unchecked {
            uint256 words = LayoutLib.wordsFor(LayoutLib.rowOf(input.order, input.shape));
            leaves = new uint256[](rows.length * span);
            uint256 next;
            for (uint256 i; i < rows.length; ++i) {
                uint256 leaf = rows[i] * words + first;
                for (uint256 k; k < span; ++k) leaves[next++] = leaf + k;
            }
        }
    }

    /// @dev `Σ (a - za)(w - zw) + bias` as a byte. There is none if the head word breaks the profile.
    /// @param count Products in the sum.
    /// @param zeros Attribute of the input's zero point, before that of what is made.
    function _requant(
        Step memory step,
        bytes32 head,
        LaneLib.Sums memory sums,
        uint256 count,
        uint256 zeros
    ) private pure returns (uint256) {
        unchecked {
            int256 acc = int32(uint32(uint256(head) >> 224));
            uint256 most = ProfileLib.productsOf(step) * 255 * 255 + uint256(acc < 0 ? -acc : acc);
            uint256 scale = uint32(uint256(head) >> 192);
            if (uint256(head) & HEAD_REST != 0 || most >= 1 << 31 || !Float32Lib.isScale(scale)) return NO_VALUE;

            uint256 za = uint64(step.attrs[zeros]);
            uint256 zw = uint8(head[8]);
            acc += int256(sums.products + count * za * zw);
            acc -= int256(zw * LaneLib.total(sums.a) + za * LaneLib.total(sums.w));
            return Float32Lib.requant(acc, scale, uint64(step.attrs[zeros + 1]));
        }
    }

    /// @dev Where words begin in calldata.
    function _pointerTo(bytes32[] calldata words) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := words.offset
        }
    }
}
