// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {NO_VALUE, Order} from "../../types/OnnxTypes.sol";
import {Case, Ref, Step} from "../../types/RefereeTypes.sol";
import {Float32Lib} from "./Float32Lib.sol";
import {InputLib} from "./InputLib.sol";
import {LaneLib} from "./LaneLib.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {OpeningLib} from "./OpeningLib.sol";
import {ProfileLib} from "./ProfileLib.sol";
import {ShapeLib} from "./ShapeLib.sol";

/// @title Operators that compute an element from many elements
/// @dev Each function opens what its element is computed from and gives the value; `index` is that of the element in
/// row-major order. Unchecked: `ProfileLib` bounds everything. A position is that of a pixel in the order n, h, w.
library SumLib {
    using InputLib for Case;
    using LaneLib for LaneLib.Sums;
    using ShapeLib for uint32[];

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

    /// @dev What of a kernel is inside the image along one axis: places that follow each other.
    struct Axis {
        uint256 kernel; // places in all
        uint256 place; // the first one inside
        uint256 count; // inside
        uint256 leaf; // of the first one inside, counted from where the axis begins
        uint256 toNext; // leaves from one place to the next, as a run without words
    }

    /// @dev CONV. Positions outside the image stand for the zero point, so they add nothing.
    function conv(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            Channels memory channels = _channels(step, index);
            (uint256[] memory runs, uint256[] memory kernel) = _window(
                step,
                1,
                index,
                OpeningLib.run(channels.first / WORD, channels.span)
            );
            bytes32[] calldata words = c.openOnly(step, 0, runs);
            uint256 size = 1 + ProfileLib.channelWords(step);
            bytes32[] calldata constants = c.openConstants(step, OpeningLib.only(channels.made * size, size));
            LaneLib.Sums memory sums = _products(channels, kernel, _pointerTo(words), _pointerTo(constants) + WORD);
            return _requant(step, constants[0], sums, runs.length * channels.count, 9);
        }
    }

    /// @dev DOT: a row of the input with a column of constants.
    function dot(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            uint256 length = step.inputs[0].shape.last();
            uint256 columns = step.shape.last();
            uint256 words = LayoutLib.wordsFor(length);
            uint256 a = _pointerTo(c.openOnly(step, 0, OpeningLib.only((index / columns) * words, words)));
            uint256 size = 1 + words;
            bytes32[] calldata constants = c.openConstants(step, OpeningLib.only((index % columns) * size, size));

            LaneLib.Sums memory sums = LaneLib.none();
            sums.addWords(a, _pointerTo(constants) + WORD, words, false);
            return _requant(step, constants[0], sums, length, 0);
        }
    }

    /// @dev GAP: the mean of a channel.
    function gap(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256) {
        unchecked {
            Ref memory input = step.inputs[0];
            uint256 channel = index % input.shape[1];
            uint256 count = uint256(input.shape[2]) * input.shape[3];
            uint256[] memory runs = _column(input, (index / input.shape[1]) * count, count, channel / WORD);
            bytes32[] calldata words = c.openOnly(step, 0, runs);
            uint256 pointer = _pointerTo(words) + (channel % WORD);
            uint256 sum;
            for (uint256 i; i < count; ++i) sum += _byteAt(pointer + i * WORD);
            int256 acc = int256(sum) - int256(count * uint64(step.attrs[1]));
            return Float32Lib.requant(acc, uint64(step.attrs[0]), uint64(step.attrs[2]));
        }
    }

    /// @dev MAXPOOL: the largest of a window, of the positions inside the image.
    function maxPool(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256 most) {
        unchecked {
            uint256 channel = (index / (uint256(step.shape[2]) * step.shape[3])) % step.shape[1];
            (uint256[] memory runs, ) = _window(step, 0, index, OpeningLib.run(channel / WORD, 1));
            bytes32[] calldata words = c.openOnly(step, 0, runs);
            uint256 pointer = _pointerTo(words) + (channel % WORD);
            for (uint256 i; i < runs.length; ++i) {
                uint256 a = _byteAt(pointer + i * WORD);
                if (a > most) most = a;
            }
        }
    }

    /// @dev ARGMAX: where the first of the largest of a row is.
    function argMax(Case calldata c, Step memory step, uint256 index) internal pure returns (uint256 where) {
        unchecked {
            Ref memory input = step.inputs[0];
            uint256 length = input.shape.last();
            uint256 place = LayoutLib.placeOf(input.order, 1, input.shape, index * length);
            // A row of an image has a word for each element, all of the same channel.
            bool isImage = input.order == uint8(Order.Image);
            uint256[] memory runs =
                isImage
                    ? _column(
                        input,
                        place / (LayoutLib.wordsFor(input.shape[1]) * WORD),
                        length,
                        (place / WORD) % LayoutLib.wordsFor(input.shape[1])
                    )
                    : OpeningLib.only(place / WORD, LayoutLib.wordsFor(length));
            bytes32[] calldata words = c.openOnly(step, 0, runs);
            uint256 pointer = _pointerTo(words) + (place % WORD);
            uint256 distance = isImage ? WORD : 1;
            uint256 most;
            for (uint256 i; i < length; ++i) {
                uint256 a = _byteAt(pointer);
                if (a > most) (most, where) = (a, i);
                pointer += distance;
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
            sums = LaneLib.none();
            uint256 bytesOfPixel = channels.span * WORD;
            for (uint256 i; i < kernel.length; ++i) {
                if (channels.grouped) {
                    sums.addBytes(a + (channels.first % WORD), w + kernel[i] * channels.count, channels.count);
                } else {
                    sums.addWords(a, w + kernel[i] * bytesOfPixel, channels.span, false);
                }
                a += bytesOfPixel;
            }
        }
    }

    /// @dev Of each position inside the image that a window covers, ascending: the leaves of some of its words, and which of
    /// the kernel's it is.
    /// @param first Of the attributes: kernel, strides, dilations, pads, each of the height and of the width.
    /// @param run Which words of each position.
    function _window(
        Step memory step,
        uint256 first,
        uint256 index,
        uint256 run
    ) private pure returns (uint256[] memory runs, uint256[] memory kernel) {
        unchecked {
            uint32[] memory made = step.shape;
            uint32[] memory read = step.inputs[0].shape;
            uint256 words = LayoutLib.wordsFor(read[1]);
            Axis memory columns = _axis(step, first + 1, index % made[3], read[3], words);
            words *= read[3];
            index /= made[3];
            Axis memory rows = _axis(step, first, index % made[2], read[2], words);
            words *= read[2];
            index /= uint256(made[1]) * made[2];
            run += OpeningLib.run(index * words + rows.leaf + columns.leaf, 0);
            return _covered(rows, columns, run);
        }
    }

    /// @param run Of the first position.
    function _covered(
        Axis memory rows,
        Axis memory columns,
        uint256 run
    ) private pure returns (uint256[] memory runs, uint256[] memory kernel) {
        unchecked {
            uint256 count = rows.count * columns.count;
            (runs, kernel) = (new uint256[](count), new uint256[](count));
            uint256 i;
            for (uint256 y; y < rows.count; ++y) {
                uint256 place = (rows.place + y) * columns.kernel + columns.place;
                uint256 next = run;
                for (uint256 x; x < columns.count; ++x) {
                    runs[i] = next;
                    kernel[i++] = place++;
                    next += columns.toNext;
                }
                run += rows.toNext;
            }
        }
    }

    /// @dev What of a kernel is inside the image along one axis.
    /// @param length Positions.
    /// @param words Of each position.
    function _axis(
        Step memory step,
        uint256 first,
        uint256 made,
        uint256 length,
        uint256 words
    ) private pure returns (Axis memory axis) {
        unchecked {
            axis.kernel = uint64(step.attrs[first]);
            uint256 dilation = uint64(step.attrs[first + 4]);
            uint256 position = made * uint64(step.attrs[first + 2]);
            uint256 pad = uint64(step.attrs[first + 6]);
            if (position < pad) axis.place = Math.ceilDiv(pad - position, dilation);
            position = position + axis.place * dilation - pad;
            if (position >= length || axis.place >= axis.kernel) return axis;
            axis.count = Math.min(axis.kernel - axis.place, Math.ceilDiv(length - position, dilation));
            axis.leaf = position * words;
            axis.toNext = OpeningLib.run(dilation * words, 0);
        }
    }

    /// @dev The leaves of one word of each of some pixels that follow each other.
    function _column(
        Ref memory input,
        uint256 pixel,
        uint256 count,
        uint256 word
    ) private pure returns (uint256[] memory runs) {
        unchecked {
            uint256 words = LayoutLib.wordsFor(input.shape[1]);
            uint256 leaf = pixel * words + word;
            runs = new uint256[](count);
            for (uint256 i; i < count; ++i) {
                runs[i] = OpeningLib.run(leaf, 1);
                leaf += words;
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
            acc += sums.centred(count, za, zw);
            return Float32Lib.requant(acc, scale, uint64(step.attrs[zeros + 1]));
        }
    }

    /// @dev A byte of calldata.
    function _byteAt(uint256 pointer) private pure returns (uint256 value) {
        assembly ("memory-safe") {
            value := byte(0, calldataload(pointer))
        }
    }

    /// @dev Where words begin in calldata.
    function _pointerTo(bytes32[] calldata words) private pure returns (uint256 pointer) {
        assembly ("memory-safe") {
            pointer := words.offset
        }
    }
}
