// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {LayoutLib} from "../../../contracts/libraries/onnx/LayoutLib.sol";
import {ProfileLib} from "../../../contracts/libraries/onnx/ProfileLib.sol";
import {FLOAT32, GRAPH_INPUT, INT64, Opcode, Order, UINT8} from "../../../contracts/types/OnnxTypes.sol";
import {Ref, Step} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {OnnxSteps} from "../../support/OnnxSteps.sol";

/// @dev Each test begins with steps that are admitted and changes one thing, so that what is refused is refused for that.
contract ProfileLibTest {
    using OnnxSteps for Step;

    uint256 private constant STEPS = 14;
    int64 private constant LEAST_SCALE = (127 - 32) << 23;
    int64 private constant SCALE_END = (127 + 8) << 23;
    int64 private constant LEAST_OFFSET = (127 - 55) << 23;
    int64 private constant OFFSET_END = (127 + 17) << 23;

    function test_admits_everySample() external pure {
        for (uint256 which; which < STEPS; ++which) _admit(OnnxSteps.any(which));
    }

    /// @dev Never reverts, whatever can be decoded [T077].
    function testFuzz_admits_isTotal(Step memory step, uint16 index, uint8 opcode) external pure {
        if (!_isDecodable(step)) return;
        step.opcode = opcode % 14;
        ProfileLib.admits(step, index);
    }

    /// @dev The same, one thing away from a step that is admitted.
    function testFuzz_admits_isTotalNearby(
        uint8 which,
        uint32[] memory shape,
        int64[] memory attrs,
        uint8 what
    ) external pure {
        Step memory step = OnnxSteps.any(which);
        if (shape.length > 6 || attrs.length > 11) return;
        if (what % 3 == 0) step.shape = shape;
        else if (what % 3 == 1) step.inputs[0].shape = shape;
        else step.attrs = attrs;
        ProfileLib.admits(step, OnnxSteps.INDEX);
    }

    function testFuzz_admits_noOtherOpcode(uint8 which, uint8 opcode) external pure {
        Step memory step = OnnxSteps.any(which);
        step.opcode = uint8(bound(opcode, uint256(type(Opcode).max) + 1, type(uint8).max));
        _refuse(step);
        step.opcode = uint8(Opcode.None);
        _refuse(step);
        // Without attributes and constants, nothing but the opcode is wrong.
        step = OnnxSteps.lut();
        (step.opcode, step.constRoot, step.constDepth) = (uint8(Opcode.None), 0, 0);
        _refuse(step);
    }

    function test_admits_tensorsInTheRightOrder() external pure {
        for (uint256 which; which < STEPS; ++which) {
            for (uint8 order; order < 4; ++order) {
                Step memory step = OnnxSteps.any(which);
                bool isFree = order == step.order || (step.opcode == uint8(Opcode.Move) && order == 0);
                step.order = order;
                isFree ? _admit(step) : _refuse(step);
                step = OnnxSteps.any(which);
                Ref memory input = step.inputs[step.inputs.length - 1];
                bool isSame = input.order == order;
                input.order = order;
                isSame ? _admit(step) : _refuse(step);
            }
        }
    }

    /// @dev No element type but one, although others have a size, too.
    function test_admits_tensorsOfTheRightType() external pure {
        for (uint256 which; which < STEPS; ++which) {
            for (uint8 dtype; dtype < 9; ++dtype) {
                Step memory step = OnnxSteps.any(which);
                bool isSame = step.dtype == dtype;
                step.dtype = dtype;
                isSame ? _admit(step) : _refuse(step);
                step = OnnxSteps.any(which);
                Ref memory input = step.inputs[step.inputs.length - 1];
                isSame = input.dtype == dtype;
                input.dtype = dtype;
                isSame ? _admit(step) : _refuse(step);
            }
        }
    }

    /// @dev Steps read what earlier steps have made; only QUANT and MOVE read inputs of the graph.
    function testFuzz_admits_whatItReads(uint8 which, uint16 from) external pure {
        Step memory step = OnnxSteps.any(which);
        Ref memory input = step.inputs[step.inputs.length - 1];
        bool isGiven = from >= GRAPH_INPUT;
        bool readsGiven = step.opcode == uint8(Opcode.Quant) || step.opcode == uint8(Opcode.Move);
        input.from = from;
        if (isGiven != (input.order == uint8(Order.Packed))) _refuse(step);
        else if (!isGiven) from < OnnxSteps.INDEX ? _admit(step) : _refuse(step);
        input.order = isGiven ? uint8(Order.Packed) : input.order;
        if (isGiven) readsGiven ? _admit(step) : _refuse(step);
    }

    function test_admits_quantOfTheGraphsInputAlone() external pure {
        Step memory step = OnnxSteps.quant();
        (step.inputs[0].from, step.inputs[0].order) = (0, uint8(Order.Rows));
        _refuse(step);
    }

    /// @dev 2^18 words: 2^17 rows of two words.
    function test_admits_tensorsUpTo2To18Words() external pure {
        Step memory step = OnnxSteps.lut();
        for (uint32 rows = 2 ** 17; rows <= 2 ** 17 + 1; ++rows) {
            (step.shape[0], step.inputs[0].shape[0]) = (rows, rows);
            rows == 2 ** 17 ? _admit(step) : _refuse(step);
        }
        // What is read is too large, but not what is made.
        step = OnnxSteps.argMax();
        (step.shape[0], step.inputs[0].shape[0]) = (2 ** 17 + 1, 2 ** 17 + 1);
        _refuse(step);
    }

    function test_admits_asManyInputsAsTheOpcodeHas() external pure {
        for (uint256 which; which < STEPS; ++which) for (uint8 count; count < 10; ++count) _checkInputs(which, count);
    }

    function _checkInputs(uint256 which, uint8 count) private pure {
        Step memory step = OnnxSteps.any(which);
        bool isConcat = step.opcode == uint8(Opcode.Concat);
        if (count == step.inputs.length) return;
        Ref[] memory inputs = new Ref[](count);
        for (uint256 i; i < count; ++i) inputs[i] = step.inputs[0];
        step.inputs = inputs;
        if (isConcat) step.shape[1] = 2 * uint32(count);
        if (isConcat && count > 0) {
            step.commit();
            return count > 1 && count <= 8 ? _admit(step) : _refuse(step);
        }
        // Two summands have no constants, and a row has.
        bool isAdd = step.opcode == uint8(Opcode.Add) && (count == 1 || count == 2);
        if (isAdd) {
            _refuse(step);
            (step.constRoot, step.constDepth) = (0, 0);
            if (count == 1) step.commit();
            return _admit(step);
        }
        _refuse(step);
    }

    /// @dev Every shape but that which follows from what is read. How large a window's image is, is free.
    function test_admits_theShapeThatFollows() external pure {
        for (uint256 which; which < STEPS; ++which) {
            for (uint256 axis; axis < OnnxSteps.any(which).shape.length; ++axis) {
                for (uint32 size = 1; size < 8; ++size) _checkShape(which, axis, size);
            }
        }
    }

    function _checkShape(uint256 which, uint256 axis, uint32 size) private pure {
        Step memory step = OnnxSteps.any(which);
        Opcode opcode = Opcode(step.opcode);
        uint32 before = step.shape[axis];
        step.shape[axis] = size;
        bool isWindow = opcode == Opcode.Conv || opcode == Opcode.MaxPool;
        bool isSame = step.shape[axis] == before || (isWindow && axis >= 2);
        // How many channels or columns are made, the constants say.
        bool isOfConstants = axis == 1 && (opcode == Opcode.Conv || opcode == Opcode.Dot);
        if (isOfConstants) {
            if (opcode == Opcode.Conv && step.attrs[0] == 2) isSame = step.shape[axis] % 2 == 0;
            else isSame = true;
            step.commit();
        }
        isSame ? _admit(step) : _refuse(step);
    }

    function test_admits_ranks() external pure {
        for (uint256 which; which < STEPS; ++which) {
            for (uint256 rank; rank < 7; ++rank) {
                _checkRank(which, rank, true);
                _checkRank(which, rank, false);
            }
        }
    }

    function _checkRank(uint256 which, uint256 rank, bool made) private pure {
        Step memory step = OnnxSteps.any(which);
        uint32[] memory shape = new uint32[](rank);
        uint32[] memory old = made ? step.shape : step.inputs[0].shape;
        if (rank == old.length) return;
        uint32 count = uint32(LayoutLib.countOf(old));
        for (uint256 i; i < rank; ++i) shape[i] = i == 0 ? count : 1;
        uint8 order = rank == 4 ? uint8(Order.Image) : uint8(Order.Rows);
        if (made) step.shape = shape;
        else step.inputs[0].shape = shape;
        if (made && step.order != 0) step.order = order;
        if (!made && step.inputs[0].order != 0) step.inputs[0].order = order;
        // Any rank can become any other, but by a permutation; and an index can keep its axis.
        bool isView = step.opcode == uint8(Opcode.Move) && step.attrs.length == 0;
        bool keepsAxes = step.opcode == uint8(Opcode.ArgMax) && made;
        rank > 0 && (isView || keepsAxes) ? _admit(step) : _refuse(step);
    }

    /// @dev Windows have four axes and products two or three, on both sides, even if all else fits.
    function test_admits_noFurtherAxis() external pure {
        for (uint256 which; which < STEPS; ++which) {
            uint8 opcode = OnnxSteps.any(which).opcode;
            bool isWindow =
                opcode == uint8(Opcode.Conv) || opcode == uint8(Opcode.MaxPool) || opcode == uint8(Opcode.Gap);
            if (!isWindow) continue;
            _refuse(_lengthened(OnnxSteps.any(which), 4, true, false));
            _refuse(_lengthened(OnnxSteps.any(which), 4, false, true));
            _refuse(_lengthened(OnnxSteps.any(which), 4, true, true));
        }
        _refuse(_lengthened(OnnxSteps.dot(), 1, true, false));
        _refuse(_lengthened(OnnxSteps.dot(), 1, false, true));
        Step memory three = _lengthened(OnnxSteps.dot(), 1, true, true);
        _admit(three);
        _refuse(_lengthened(three, 1, true, true));
        Step memory one = OnnxSteps.dot();
        (one.shape, one.inputs[0].shape) = (OnnxSteps.shapeOf(hex"21"), OnnxSteps.shapeOf(hex"21"));
        one.commit();
        _refuse(one);
    }

    /// @dev A permutation makes the axes that it says, and parts have those of the whole, even if the elements are as many.
    function test_admits_axesOfOneRank() external pure {
        Step memory step = OnnxSteps.permuted();
        _refuse(_lengthened(step, 3, true, false));
        step = OnnxSteps.permuted();
        (step.shape[0], step.shape[1]) = (step.shape[1], step.shape[0]);
        _refuse(step);
        step = OnnxSteps.concat();
        _check(step, 0, 3, false);
        _check(step, 0, -1, false);
        Step memory whole = OnnxSteps.concat();
        (whole.inputs[0].shape, whole.inputs[1].shape) = (whole.shape, whole.shape);
        _check(whole, 0, 3, false);
        _check(whole, 0, -1, false);
        step.inputs[1].shape = _longer(step.inputs[1].shape, 3);
        step.inputs[1].order = LayoutLib.innerOrder(step.inputs[1].shape);
        _refuse(step);
    }

    /// @dev With one more axis, of a single element, in what is made or read.
    function _lengthened(Step memory step, uint256 axis, bool made, bool read) private pure returns (Step memory) {
        if (made) step.shape = _longer(step.shape, axis);
        if (read) step.inputs[0].shape = _longer(step.inputs[0].shape, axis);
        step.order = LayoutLib.innerOrder(step.shape);
        step.inputs[0].order = LayoutLib.innerOrder(step.inputs[0].shape);
        return step;
    }

    function _longer(uint32[] memory shape, uint256 axis) private pure returns (uint32[] memory longer) {
        longer = new uint32[](shape.length + 1);
        for (uint256 i; i < longer.length; ++i) longer[i] = i == axis ? 1 : shape[i < axis ? i : i - 1];
    }

    function testFuzz_admits_dotOfRank2And3(uint8 axis) external pure {
        Step memory step = OnnxSteps.dot();
        (step.shape, step.inputs[0].shape) = (OnnxSteps.shapeOf(hex"020403"), OnnxSteps.shapeOf(hex"020421"));
        _admit(step);
        ++step.shape[axis % 2];
        _refuse(step);
    }

    function test_admits_noOtherNumberOfAttributes() external pure {
        for (uint256 which; which < STEPS; ++which) for (uint256 count; count < 12; ++count) _checkAttrs(which, count);
    }

    function _checkAttrs(uint256 which, uint256 count) private pure {
        Step memory step = OnnxSteps.any(which);
        if (count == step.attrs.length) return;
        int64[] memory attrs = new int64[](count);
        for (uint256 i; i < count; ++i) attrs[i] = i < step.attrs.length ? step.attrs[i] : int64(1);
        step.attrs = attrs;
        // Without a permutation, bytes stay where they are.
        bool isView = step.opcode == uint8(Opcode.Move) && count == 0;
        isView ? _admit(step) : _refuse(step);
    }

    /// @dev Scales are in [2^-32, 2^8).
    function testFuzz_admits_scales(int64 bits) external pure {
        for (uint256 which; which < STEPS; ++which) {
            Step memory step = OnnxSteps.any(which);
            if (step.attrs.length > 0 && step.attrs[0] == OnnxSteps.ONE) _checkScale(step, bits);
        }
        _check(OnnxSteps.add(), 1, bits, bits >= LEAST_SCALE && bits < SCALE_END);
        _check(OnnxSteps.add(), 1, 0, false);
    }

    function _checkScale(Step memory step, int64 bits) private pure {
        _check(step, 0, bits, bits >= LEAST_SCALE && bits < SCALE_END);
        _check(step, 0, LEAST_SCALE, true);
        _check(step, 0, LEAST_SCALE - 1, false);
        _check(step, 0, SCALE_END - 1, true);
        _check(step, 0, SCALE_END, false);
    }

    /// @dev What is added is zero or has a magnitude in [2^-55, 2^17).
    function testFuzz_admits_offsets(int64 bits) external pure {
        Step memory step = OnnxSteps.add();
        _check(step, 2, bits, _isOffset(bits));
        int64 near = int64(uint64(uint64(bits) % (1 << 32)));
        _check(step, 2, near, _isOffset(near));
        for (int64 sign; sign <= 1 << 31; sign += 1 << 31) {
            _check(step, 2, sign, true);
            _check(step, 2, sign + LEAST_OFFSET, true);
            _check(step, 2, sign + LEAST_OFFSET - 1, false);
            _check(step, 2, sign + OFFSET_END - 1, true);
            _check(step, 2, sign + OFFSET_END, false);
        }
    }

    function testFuzz_admits_zeroPointsThatAreBytes(int64 zero) external pure {
        _checkZeros(zero);
        _checkZeros(int64(uint64(uint64(zero) % 600)));
        _checkZeros(255);
        _checkZeros(256);
    }

    function _checkZeros(int64 zero) private pure {
        bool isByte = zero >= 0 && zero < 256;
        _check(OnnxSteps.quant(), 1, zero, isByte);
        _check(OnnxSteps.dequant(), 1, zero, isByte);
        for (uint256 i; i < 2; ++i) {
            _check(OnnxSteps.conv(), 9 + i, zero, isByte);
            _check(OnnxSteps.dot(), i, zero, isByte);
            _check(OnnxSteps.gap(), 1 + i, zero, isByte);
        }
    }

    /// @dev Kernel, strides and dilations are 1 at least, pads 0.
    function testFuzz_admits_windowsThatMove(int64 value) external pure {
        value = value > 0 ? -value : value;
        for (uint256 i; i < 8; ++i) {
            _check(OnnxSteps.maxPool(), i, 0, i >= 6);
            _check(OnnxSteps.conv(), i + 1, 0, i >= 6);
            _check(OnnxSteps.maxPool(), i, value, value == 0 && i >= 6);
            _check(OnnxSteps.conv(), i + 1, value, value == 0 && i >= 6);
            _check(OnnxSteps.grouped(), i + 1, value, value == 0 && i >= 6);
        }
    }

    function testFuzz_admits_kernelsUpTo7x7(int64 kernel, bool isWide) external pure {
        Step memory step = OnnxSteps.maxPool();
        uint256 axis = isWide ? 1 : 0;
        _check(step, axis, kernel, kernel > 1 && kernel <= 7);
        _check(step, axis, 7, true);
        step.attrs[6 + axis] = 6;
        _check(step, axis, 7, true);
        step.attrs[6 + axis] = 7;
        _check(step, axis, 7, false);
        step.attrs[6 + axis] = 1;
        _check(step, axis, 8, false);
    }

    function testFuzz_admits_groupsThatDivideBothSides(uint8 made, uint8 read, int64 group) external pure {
        Step memory step = OnnxSteps.grouped();
        _check(step, 0, group > 0 ? -group : group, false);
        group = int64(uint64(bound(uint64(group), 2, 12)));
        (made, read) = (uint8(bound(made, 1, 24)), uint8(bound(read, 1, 24)));
        (step.shape[1], step.inputs[0].shape[1], step.attrs[0]) = (made, read, group);
        bool divides = made % uint64(group) == 0 && read % uint64(group) == 0;
        if (divides) step.commit();
        divides ? _admit(step) : _refuse(step);
    }

    /// @dev As many products and pixels as fit a transaction that judges them.
    function test_admits_asManyPixelsAsCanBeOpened() external pure {
        for (uint256 i; i < 4; ++i) {
            Step memory step = i == 3 ? OnnxSteps.grouped() : OnnxSteps.conv();
            if (i == 1 || i == 2) step.attrs[4 + i] = 2;
            step.inputs[0].shape[1] = 2;
            (step.attrs[1], step.attrs[2]) = (16, i == 0 ? int64(64) : int64(16));
            step.commit();
            _admit(step);
            ++step.attrs[i % 2 == 0 ? 1 : 2];
            step.commit();
            _refuse(step);
        }
    }

    function testFuzz_admits_sumsThatCanBeJudged(
        uint16 height,
        uint16 width,
        uint16 channels,
        bool dilated
    ) external pure {
        Step memory step = OnnxSteps.conv();
        (height, width) = (uint16(bound(height, 1, 70)), uint16(bound(width, 1, 70)));
        channels = uint16(bound(channels, 1, 4_000));
        (step.attrs[1], step.attrs[2]) = (int64(uint64(height)), int64(uint64(width)));
        step.inputs[0].shape[1] = channels;
        if (dilated) step.attrs[height % 2 == 0 ? 5 : 6] = 2;
        step.commit();
        uint256 pixels = uint256(height) * width;
        bool fits = pixels <= (dilated ? 256 : 1_024) && pixels * channels <= 32_768;
        fits ? _admit(step) : _refuse(step);
    }

    function testFuzz_admits_groupedSumsThatCanBeJudged(uint8 height, uint8 width, uint16 channels) external pure {
        Step memory step = OnnxSteps.grouped();
        (height, width) = (uint8(bound(height, 1, 20)), uint8(bound(width, 1, 20)));
        channels = uint16(bound(channels, 1, 1_000));
        (step.attrs[1], step.attrs[2]) = (int64(uint64(height)), int64(uint64(width)));
        step.inputs[0].shape[1] = 2 * uint32(channels);
        step.commit();
        uint256 pixels = uint256(height) * width;
        bool fits = pixels <= 256 && pixels * channels <= 2_048;
        fits ? _admit(step) : _refuse(step);
    }

    function test_admits_theLargestSums() external pure {
        Step memory step = OnnxSteps.dot();
        step.inputs[0].shape[1] = 32_768;
        step.commit();
        _admit(step);
        step.inputs[0].shape[1] = 32_769;
        step.commit();
        _refuse(step);
        step = OnnxSteps.gap();
        (step.inputs[0].shape[2], step.inputs[0].shape[3]) = (14, 14);
        _admit(step);
        (step.inputs[0].shape[2], step.inputs[0].shape[3]) = (197, 1);
        _refuse(step);
    }

    function test_admits_theLongestRows() external pure {
        Step memory step = OnnxSteps.argMax();
        step.inputs[0].shape[1] = 4_096;
        _admit(step);
        step.inputs[0].shape[1] = 4_097;
        _refuse(step);
        // In an image, where each of them is in a word of its own.
        step.inputs[0] = OnnxSteps.tensor(0, hex"01010200");
        step.inputs[0].shape[3] = 256;
        _admit(step);
        step.inputs[0].shape[3] = 257;
        _refuse(step);
    }

    function testFuzz_admits_noSumOfSingleNumbers(uint8 rows) external pure {
        Step memory step = OnnxSteps.add();
        rows = uint8(bound(rows, 1, 9));
        for (uint256 i; i < 2; ++i) step.inputs[i].shape = OnnxSteps.shapeOf(abi.encodePacked(rows, uint8(1)));
        step.shape = step.inputs[0].shape;
        rows > 1 ? _admit(step) : _refuse(step);
        step.inputs[1].shape = OnnxSteps.shapeOf(abi.encodePacked(uint8(1), rows));
        _refuse(step);
        // A row of one number is no row.
        Step memory row = OnnxSteps.addRow();
        (row.shape, row.inputs[0].shape) = (step.shape, step.shape);
        row.commit();
        _refuse(row);
    }

    function testFuzz_admits_permutations(uint8[3] calldata axes) external pure {
        Step memory step = OnnxSteps.permuted();
        uint256 seen;
        for (uint256 i; i < 3; ++i) {
            uint256 axis = axes[i] % 4;
            step.attrs[i] = int64(uint64(axis));
            seen |= 1 << axis;
            if (axis < 3) step.shape[i] = step.inputs[0].shape[axis];
        }
        seen == 7 ? _admit(step) : _refuse(step);
        if (seen == 7) {
            step.attrs[axes[0] % 3] = -1;
            _refuse(step);
        }
    }

    function test_admits_noPermutationThatRepeatsAnAxis() external pure {
        Step memory step = OnnxSteps.permuted();
        step.attrs[1] = 1;
        step.shape[1] = 3;
        (step.shape[0], step.shape[1], step.shape[2]) = (3, 3, 4);
        step.inputs[0].shape[0] = 3;
        _refuse(step);
    }

    function testFuzz_admits_partsThatFitTogether(int64 axis, uint8 part, uint8 size) external pure {
        Step memory step = OnnxSteps.concat();
        _check(step, 0, axis, axis == 1);
        _check(step, 0, int64(uint64(uint64(axis) % 4)), uint64(axis) % 4 == 1);
        step.attrs[0] = 1;
        uint32 before = step.inputs[part % 2].shape[0];
        step.inputs[part % 2].shape[0] = uint32(bound(size, 1, 4));
        step.inputs[part % 2].shape[0] == before ? _admit(step) : _refuse(step);
    }

    /// @dev Constants are where the opcode has them, and as many as follow from the step.
    function testFuzz_admits_constants(uint8 which, uint8 depth, bytes32 root) external pure {
        Step memory step = OnnxSteps.any(which);
        bool hasConstants = step.constRoot != 0;
        if (uint256(root) % 2 == 0) root = 0;
        uint8 before = step.constDepth;
        (step.constDepth, step.constRoot) = (depth % 12, root);
        bool fits = step.constDepth == before && (hasConstants || root == 0);
        fits ? _admit(step) : _refuse(step);
        (step.constDepth, step.constRoot) = (before, hasConstants ? root : bytes32(0));
        _admit(step);
    }

    /// @dev 2^26 words: columns of 255 words and a head.
    function test_admits_2To26WordsOfConstants() external pure {
        Step memory step = OnnxSteps.dot();
        step.inputs[0].shape = OnnxSteps.shapeOf(hex"0100");
        step.inputs[0].shape[1] = 255 * 32;
        step.shape = OnnxSteps.shapeOf(hex"0100");
        step.shape[1] = 2 ** 18;
        step.commit();
        _admit(step);
        ++step.shape[1];
        step.commit();
        _refuse(step);
    }

    function _isOffset(int64 bits) private pure returns (bool) {
        int64 magnitude = bits & ~int64(1 << 31);
        return magnitude == 0 || (magnitude >= LEAST_OFFSET && magnitude < OFFSET_END);
    }

    /// @dev Whether a step is admitted with this attribute.
    function _check(Step memory step, uint256 i, int64 value, bool expected) private pure {
        int64 before = step.attrs[i];
        step.attrs[i] = value;
        expected ? _admit(step) : _refuse(step);
        step.attrs[i] = before;
    }

    function _admit(Step memory step) private pure {
        require(ProfileLib.admits(step, OnnxSteps.INDEX), "admitted");
    }

    function _refuse(Step memory step) private pure {
        require(!ProfileLib.admits(step, OnnxSteps.INDEX), "refused");
    }

    /// @dev What `StepLib` reads has no more than this of anything.
    function _isDecodable(Step memory step) private pure returns (bool) {
        if (step.shape.length > 6 || step.attrs.length > 11 || step.inputs.length > 8) return false;
        for (uint256 i; i < step.inputs.length; ++i) if (step.inputs[i].shape.length > 6) return false;
        return true;
    }
}
