// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {CONSTANT, FLOAT32, GRAPH_INPUT, INT64, Opcode, Order, UINT8} from "../../types/OnnxTypes.sol";
import {Ref, Step} from "../../types/RefereeTypes.sol";
import {Float32Lib} from "./Float32Lib.sol";
import {JoinLib} from "./JoinLib.sol";
import {LayoutLib} from "./LayoutLib.sol";
import {ShapeLib} from "./ShapeLib.sol";

/// @title What a step of the profile `onnx-int8/1` can be
/// @dev The compiler makes no other steps, so a model that has one was not compiled, and nobody may state anything about it.
/// What passes here can be computed: every index, product and sum of the other libraries is bounded by these checks, which
/// is why they all are unchecked. Here, too: dimensions are below 2^32 and attributes below 2^63.
library ProfileLib {
    using ShapeLib for uint32[];

    uint256 internal constant MOST_INPUTS = 8;
    uint256 internal constant MOST_ATTRS = 11;
    uint256 private constant MOST_WORDS = 1 << 18;
    uint256 private constant MOST_PRODUCTS = 32_768;
    uint256 private constant MOST_GROUPED_PRODUCTS = 2_048;
    /// @dev Whoever judges an element opens a word for each pixel of the kernel at least.
    uint256 private constant MOST_PIXELS = 1_024;
    /// @dev The same where each pixel stands alone, so that its proof comes on top.
    uint256 private constant MOST_SCATTERED_PIXELS = 256;
    uint256 private constant MOST_POOLED = 196;
    uint256 private constant MOST_POOL_KERNEL = 7;
    uint256 private constant MOST_COMPARED = 4_096;
    /// @dev In an image each of them is in a word of its own.
    uint256 private constant MOST_COMPARED_PIXELS = 256;
    uint256 internal constant TABLE_WORDS = 8;

    /// @param index Number of the step.
    function admits(Step memory step, uint256 index) internal pure returns (bool) {
        if (step.opcode == uint8(Opcode.None) || step.opcode > uint8(type(Opcode).max)) return false;
        Opcode opcode = Opcode(step.opcode);
        return
            _admitsOutput(step, opcode) &&
            _admitsInputs(step, opcode, index) &&
            _admitsShape(step, opcode) &&
            _admitsAttrs(step, opcode) &&
            LayoutLib.isTree(step.constRoot, step.constDepth, constantWords(step));
    }

    /// @dev Words of all constants of a step.
    function constantWords(Step memory step) internal pure returns (uint256) {
        unchecked {
            Opcode opcode = Opcode(step.opcode);
            uint32[] memory shape = step.inputs[0].shape;
            if (opcode == Opcode.Conv) return step.shape[1] * (1 + channelWords(step));
            if (opcode == Opcode.Dot) return step.shape.last() * (1 + LayoutLib.wordsFor(shape.last()));
            if (opcode == Opcode.Add && step.inputs.length == 1) return LayoutLib.wordsFor(shape.last());
            if (opcode == Opcode.Lut || opcode == Opcode.Concat) return step.inputs.length * TABLE_WORDS;
            return 0;
        }
    }

    /// @dev Words of the weights of one output channel of a CONV.
    function channelWords(Step memory step) internal pure returns (uint256) {
        unchecked {
            uint256 group = uint64(step.attrs[0]);
            uint256 kernel = uint256(uint64(step.attrs[1])) * uint64(step.attrs[2]);
            uint256 channels = step.inputs[0].shape[1];
            return group == 1 ? kernel * LayoutLib.wordsFor(channels) : LayoutLib.wordsFor(kernel * (channels / group));
        }
    }

    /// @dev Products of one element of a CONV or DOT, in the image or out of it.
    function productsOf(Step memory step) internal pure returns (uint256) {
        unchecked {
            uint32[] memory shape = step.inputs[0].shape;
            if (step.opcode == uint8(Opcode.Dot)) return shape.last();
            return uint256(uint64(step.attrs[1])) * uint64(step.attrs[2]) * (shape[1] / uint64(step.attrs[0]));
        }
    }

    function _admitsOutput(Step memory step, Opcode opcode) private pure returns (bool) {
        bool inner = step.order == LayoutLib.innerOrder(step.shape);
        bool packed = step.order == uint8(Order.Packed);
        if (!LayoutLib.isTensor(step.order, step.dtype, step.shape, MOST_WORDS)) return false;
        if (opcode == Opcode.Dequant) return packed && step.dtype == FLOAT32;
        if (opcode == Opcode.ArgMax) return packed && step.dtype == INT64;
        return step.dtype == UINT8 && (inner || (packed && opcode == Opcode.Move));
    }

    function _admitsInputs(Step memory step, Opcode opcode, uint256 index) private pure returns (bool) {
        unchecked {
            uint256 count = step.inputs.length;
            bool several =
                opcode == Opcode.Concat ? count > 1 && count <= MOST_INPUTS : opcode == Opcode.Add && count == 2;
            if (count != 1 && !several) return false;
            if (count == 1 && opcode == Opcode.Concat) return false;
            for (uint256 i; i < count; ++i) {
                Ref memory input = step.inputs[i];
                if (!LayoutLib.isTensor(input.order, input.dtype, input.shape, MOST_WORDS)) return false;
                bool given = input.from >= GRAPH_INPUT;
                if (given != (input.order == uint8(Order.Packed))) return false;
                if (!given && (input.from >= index || input.from >= CONSTANT)) return false;
                if (!given && input.order != LayoutLib.innerOrder(input.shape)) return false;
                if (input.dtype != (opcode == Opcode.Quant ? FLOAT32 : UINT8)) return false;
                if (opcode == Opcode.Quant ? !given : given && opcode != Opcode.Move) return false;
            }
            return true;
        }
    }

    /// @dev Whether what is made has the shape that follows from what is read. How large a window's image becomes is free:
    /// what lies beyond the input is padding.
    function _admitsShape(Step memory step, Opcode opcode) private pure returns (bool) {
        uint32[] memory made = step.shape;
        uint32[] memory read = step.inputs[0].shape;
        if (opcode == Opcode.Conv || opcode == Opcode.MaxPool || opcode == Opcode.Gap) {
            if (made.length != 4 || read.length != 4 || made[0] != read[0]) return false;
            if (opcode == Opcode.Conv) return true;
            if (made[1] != read[1]) return false;
            return opcode == Opcode.MaxPool || (made[2] == 1 && made[3] == 1 && _isPooled(read));
        }
        if (opcode == Opcode.Dot) return _admitsDot(made, read);
        if (opcode == Opcode.ArgMax) {
            if (read.last() > (read.length == 4 ? MOST_COMPARED_PIXELS : MOST_COMPARED)) return false;
            return made.hasElementPerRow(read);
        }
        if (opcode == Opcode.Move) return LayoutLib.countOf(made) == LayoutLib.countOf(read);
        if (opcode == Opcode.Concat) return true;
        if (opcode == Opcode.Add && !_admitsAdd(step)) return false;
        return made.equal(read);
    }

    function _isPooled(uint32[] memory shape) private pure returns (bool) {
        return uint256(shape[2]) * shape[3] <= MOST_POOLED;
    }

    function _admitsDot(uint32[] memory made, uint32[] memory read) private pure returns (bool) {
        if (read.length < 2 || read.length > 3 || made.length != read.length) return false;
        return made[0] == read[0] && (read.length == 2 || made[1] == read[1]);
    }

    /// @dev One number plus one number, or plus a row of one, is nothing that the compiler makes.
    function _admitsAdd(Step memory step) private pure returns (bool) {
        if (step.inputs.length == 2) {
            return LayoutLib.countOf(step.shape) > 1 && step.shape.equal(step.inputs[1].shape);
        }
        return step.shape.last() > 1;
    }

    function _admitsAttrs(Step memory step, Opcode opcode) private pure returns (bool) {
        int64[] memory attrs = step.attrs;
        if (opcode == Opcode.Move) return attrs.length == 0 || _isPermutation(step);
        if (opcode == Opcode.Concat) return attrs.length == 1 && JoinLib.admits(step, uint64(attrs[0]));
        if (opcode == Opcode.Conv)
            return attrs.length == 11 && _isWindow(attrs, 1) && _areBytes(attrs, 9) && _isConv(step);
        if (opcode == Opcode.MaxPool) return attrs.length == 8 && _isWindow(attrs, 0) && _isMaxPool(attrs);
        if (opcode == Opcode.Dot) {
            return attrs.length == 2 && _areBytes(attrs, 0) && productsOf(step) <= MOST_PRODUCTS;
        }
        if (opcode == Opcode.Gap) return attrs.length == 3 && _isScale(attrs[0]) && _areBytes(attrs, 1);
        if (opcode == Opcode.Quant || opcode == Opcode.Dequant) {
            return attrs.length == 2 && _isScale(attrs[0]) && _areBytes(attrs, 1);
        }
        if (opcode == Opcode.Add) {
            bool scales = attrs.length == 3 && _isScale(attrs[0]) && _isScale(attrs[1]);
            return scales && Float32Lib.isOffset(uint256(int256(attrs[2])));
        }
        return attrs.length == 0;
    }

    function _isScale(int64 attr) private pure returns (bool) {
        return Float32Lib.isScale(uint256(int256(attr)));
    }

    /// @dev Whether all attributes from one on are bytes.
    function _areBytes(int64[] memory attrs, uint256 first) private pure returns (bool) {
        for (uint256 i = first; i < attrs.length; ++i) if (uint64(attrs[i]) > 255) return false;
        return true;
    }

    /// @dev Kernel, strides and dilations at least 1, pads at least 0.
    function _isWindow(int64[] memory attrs, uint256 first) private pure returns (bool) {
        for (uint256 i; i < 8; ++i) if (attrs[first + i] < (i < 6 ? int64(1) : int64(0))) return false;
        return true;
    }

    function _isMaxPool(int64[] memory attrs) private pure returns (bool) {
        for (uint256 i; i < 2; ++i) {
            if (uint64(attrs[i]) > MOST_POOL_KERNEL || attrs[6 + i] >= attrs[i]) return false;
        }
        return true;
    }

    function _isConv(Step memory step) private pure returns (bool) {
        unchecked {
            uint256 group = uint64(step.attrs[0]);
            if (step.attrs[0] < 1 || step.shape[1] % group != 0 || step.inputs[0].shape[1] % group != 0) return false;
            bool isScattered = group > 1 || step.attrs[5] > 1 || step.attrs[6] > 1;
            uint256 pixels = uint256(uint64(step.attrs[1])) * uint64(step.attrs[2]);
            if (pixels > (isScattered ? MOST_SCATTERED_PIXELS : MOST_PIXELS)) return false;
            return productsOf(step) <= (group == 1 ? MOST_PRODUCTS : MOST_GROUPED_PRODUCTS);
        }
    }

    function _isPermutation(Step memory step) private pure returns (bool) {
        unchecked {
            uint32[] memory read = step.inputs[0].shape;
            uint256 rank = read.length;
            if (step.attrs.length != rank || step.shape.length != rank) return false;
            uint256 seen;
            for (uint256 i; i < rank; ++i) {
                uint256 axis = uint64(step.attrs[i]);
                if (axis >= rank || step.shape[i] != read[axis]) return false;
                seen |= 1 << axis;
            }
            return seen == (1 << rank) - 1;
        }
    }
}
