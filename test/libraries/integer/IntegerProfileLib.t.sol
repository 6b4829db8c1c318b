// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IntegerProfileLib} from "../../../contracts/libraries/integer/IntegerProfileLib.sol";
import {LayoutLib} from "../../../contracts/libraries/onnx/LayoutLib.sol";
import {IntegerOpcode, MapOp} from "../../../contracts/types/IntegerTypes.sol";
import {
    BOOL,
    CONSTANT,
    GRAPH_INPUT,
    INT32,
    INT64,
    Order,
    STATED_OUTPUT,
    UINT8
} from "../../../contracts/types/OnnxTypes.sol";
import {Ref, Step} from "../../../contracts/types/RefereeTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {IntegerSteps} from "../../support/IntegerSteps.sol";
import {OnnxSteps} from "../../support/OnnxSteps.sol";

/// @dev Each test begins with steps that are admitted and changes one thing, so that what is refused is refused for that.
contract IntegerProfileLibTest {
    using IntegerSteps for Step;

    function test_admits_everySample() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) _admit(IntegerSteps.any(which));
    }

    /// @dev Never reverts, whatever can be decoded [T077].
    function testFuzz_admits_isTotal(Step memory step, uint16 index, uint8 opcode) external pure {
        if (!_isDecodable(step)) return;
        step.opcode = opcode % 11;
        IntegerProfileLib.admits(step, index);
    }

    /// @dev The same, one thing away from a step that is admitted.
    function testFuzz_admits_isTotalNearby(
        uint8 which,
        uint32[] memory shape,
        int64[] memory attrs,
        uint8 input,
        uint8 what
    ) external pure {
        Step memory step = IntegerSteps.any(which);
        if (shape.length > 6 || attrs.length > 160) return;
        Ref memory read = step.inputs[input % step.inputs.length];
        if (what % 4 == 0) step.shape = shape;
        else if (what % 4 == 1) read.shape = shape;
        else if (what % 4 == 2) step.attrs = attrs;
        else if (step.attrs.length > 0 && attrs.length > 0) step.attrs[what % step.attrs.length] = attrs[0];
        IntegerProfileLib.admits(step, IntegerSteps.INDEX);
    }

    function testFuzz_admits_noOtherOpcode(uint8 which, uint8 opcode) external pure {
        Step memory step = IntegerSteps.any(which);
        step.opcode = uint8(bound(opcode, uint256(type(IntegerOpcode).max) + 1, type(uint8).max));
        _refuse(step);
        step.opcode = uint8(IntegerOpcode.None);
        _refuse(step);
    }

    function testFuzz_admits_4096Steps(uint16 index) external pure {
        bool expected = index >= IntegerSteps.INDEX && index < 4_096;
        require(IntegerProfileLib.admits(IntegerSteps.sum(), index) == (index > 0 && index < 4_096), "sum");
        require(IntegerProfileLib.admits(IntegerSteps.join(), index) == expected, "join");
    }

    /// @dev Rows are made and read, whatever the rank; payloads are packed, and a MOVE packs outputs.
    function test_admits_tensorsInTheRightOrder() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            for (uint8 order; order < 4; ++order) {
                Step memory step = IntegerSteps.any(which);
                bool isMove = step.opcode == uint8(IntegerOpcode.Move);
                step.order = order;
                order == uint8(Order.Rows) || (isMove && order == 0) ? _admit(step) : _refuse(step);
                for (uint256 i; i < step.inputs.length; ++i) {
                    step = IntegerSteps.any(which);
                    bool isSame = step.inputs[i].order == order;
                    step.inputs[i].order = order;
                    isSame ? _admit(step) : _refuse(step);
                }
            }
        }
    }

    /// @dev Which types an operator makes and reads.
    function test_admits_tensorsOfTheRightType() external pure {
        for (uint8 dtype; dtype < 12; ++dtype) {
            bool isIndex = dtype == INT32 || dtype == INT64;
            bool isNumber = isIndex || dtype == UINT8;
            bool isAny = isNumber || dtype == BOOL;
            _checkTypes(IntegerSteps.dot(), dtype, dtype == INT32, dtype == UINT8);
            _checkTypes(IntegerSteps.dotOfTwo(), dtype, dtype == INT32, dtype == UINT8);
            _checkTypes(IntegerSteps.cast(), dtype, isAny, isAny);
            _checkTypes(IntegerSteps.sum(), dtype, isIndex, isNumber);
            _checkTypes(IntegerSteps.argMax(), dtype, dtype == INT64, isNumber);
            _checkTypes(IntegerSteps.take(), dtype, dtype == INT32, isIndex);
            _checkTypes(IntegerSteps.rows(), dtype, dtype == UINT8, dtype == UINT8);
            _checkTypes(IntegerSteps.join(), dtype, dtype == INT32, dtype == INT32);
            _checkTypes(IntegerSteps.move(), dtype, dtype == INT64, dtype == INT64);
            Step memory step = IntegerSteps.take();
            step.inputs[0].dtype = dtype;
            step.dtype = dtype;
            isAny ? _admit(step) : _refuse(step);
            step = IntegerSteps.rows();
            step.inputs[0].dtype = dtype;
            isIndex ? _admit(step) : _refuse(step);
            step = IntegerSteps.dotOfTwo();
            step.inputs[0].dtype = dtype;
            dtype == UINT8 ? _admit(step) : _refuse(step);
        }
    }

    /// @dev Steps read what earlier steps have made. Payloads go to MOVE and MAP alone, and constants to where they belong.
    function testFuzz_admits_whatItReads(uint8 which, uint8 input, uint16 from) external pure {
        Step memory step = IntegerSteps.any(which);
        uint256 i = input % step.inputs.length;
        (bool isConstant, bool isPayload) = (step.inputs[i].from == CONSTANT, step.inputs[i].from >= STATED_OUTPUT);
        if (isPayload) from = uint16(bound(from, STATED_OUTPUT, type(uint16).max));
        step.inputs[i].from = from;
        bool isStep = from < IntegerSteps.INDEX;
        if (isConstant) from == CONSTANT ? _admit(step) : _refuse(step);
        else if (isPayload) _admit(step);
        else isStep ? _admit(step) : _refuse(step);
    }

    function testFuzz_admits_payloadsOfMoveAndMap(uint8 which, uint16 from) external pure {
        Step memory step = IntegerSteps.any(which);
        step.inputs[0].from = uint16(bound(from, STATED_OUTPUT, type(uint16).max));
        step.inputs[0].order = uint8(Order.Packed);
        bool takes = step.opcode == uint8(IntegerOpcode.Move) || step.opcode == uint8(IntegerOpcode.Map);
        takes ? _admit(step) : _refuse(step);
    }

    /// @dev A constant is an operand of a MAP behind its tensors, or its table, or what a ROWS chooses from.
    function test_admits_constantsWhereTheyBelong() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            Step memory step = IntegerSteps.any(which);
            for (uint256 i; i < step.inputs.length; ++i) {
                step = IntegerSteps.any(which);
                step.inputs[i].from = uint16(CONSTANT);
                step.inputs[i].order = uint8(Order.Rows);
                (step.constDepth, step.constRoot) = (0, 0);
                step.commit();
                bool isBehind = i + 1 == step.inputs.length || step.inputs[i + 1].from == CONSTANT;
                bool isOperand = step.opcode == uint8(IntegerOpcode.Map) && isBehind;
                bool isTable = step.opcode == uint8(IntegerOpcode.Rows) && i == 1;
                isOperand || isTable ? _admit(step) : _refuse(step);
            }
        }
        Step memory rows = IntegerSteps.rows();
        (rows.inputs[1].from, rows.constDepth, rows.constRoot) = (1, 0, 0);
        _refuse(rows);
    }

    /// @dev 2^18 words: 2^16 rows of four words.
    function test_admits_tensorsUpTo2To18Words() external pure {
        Step memory step = IntegerSteps.cast();
        step.shape[1] = 16;
        step.inputs[0].shape[1] = 16;
        for (uint32 count = 2 ** 16; count <= 2 ** 16 + 1; ++count) {
            (step.shape[0], step.inputs[0].shape[0]) = (count, count);
            count == 2 ** 16 ? _admit(step) : _refuse(step);
        }
        // What is read is too large, but not what is made.
        step = IntegerSteps.argMax();
        (step.inputs[0].shape[0], step.inputs[0].shape[1]) = (2, 2 ** 20);
        _admit(step);
        ++step.inputs[0].shape[1];
        _refuse(step);
    }

    /// @dev 2^26 words: 2^25 rows of two words.
    function test_admits_2To26WordsOfConstants() external pure {
        Step memory step = IntegerSteps.rows();
        step.inputs[1].shape[0] = 2 ** 25;
        step.commit();
        _admit(step);
        ++step.inputs[1].shape[0];
        step.commit();
        _refuse(step);
        // Of several constants, together.
        step = IntegerSteps.map();
        step.inputs[3].shape[0] = 2 ** 28 - 4;
        step.commit();
        _admit(step);
        ++step.inputs[3].shape[0];
        step.commit();
        _refuse(step);
    }

    function test_admits_asManyInputsAsTheOpcodeHas() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            for (uint8 count; count < 17; ++count) _checkInputs(which, count);
        }
    }

    function _checkInputs(uint256 which, uint8 count) private pure {
        Step memory step = IntegerSteps.any(which);
        if (count == step.inputs.length) return;
        Ref[] memory inputs = new Ref[](count);
        for (uint256 i; i < count; ++i) inputs[i] = step.inputs[0];
        step.inputs = inputs;
        (step.constDepth, step.constRoot) = (0, 0);
        if (step.opcode == uint8(IntegerOpcode.Join) && count > 0) {
            step.shape[1] = 2 * uint32(count);
            return count > 1 ? _admit(step) : _refuse(step);
        }
        // Of one input that is a table, and of a program that no longer finds its table.
        _refuse(step);
    }

    function test_admits_16Operands() external pure {
        Step memory step = IntegerSteps.cast();
        Ref[] memory inputs = new Ref[](16);
        for (uint256 i; i < 16; ++i) inputs[i] = step.inputs[0];
        (step.inputs, step.attrs[0]) = (inputs, 16);
        _admit(step);
    }

    /// @dev Every shape but that which follows from what is read.
    function test_admits_theShapeThatFollows() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            for (uint256 axis; axis < IntegerSteps.any(which).shape.length; ++axis) {
                for (uint32 size = 1; size < 8; ++size) _checkShape(which, axis, size);
            }
        }
    }

    function _checkShape(uint256 which, uint256 axis, uint32 size) private pure {
        Step memory step = IntegerSteps.any(which);
        uint32 before = step.shape[axis];
        step.shape[axis] = size;
        bool isSame = size == before;
        // How many columns are made, the constants say.
        if (step.opcode == uint8(IntegerOpcode.Dot) && step.inputs.length == 1 && axis == 1) {
            step.commit();
            isSame = true;
        }
        isSame ? _admit(step) : _refuse(step);
    }

    /// @dev What is read can be as long as one likes where nothing else depends on it.
    function test_admits_theShapesThatFit() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            Step memory step = IntegerSteps.any(which);
            for (uint256 i; i < step.inputs.length; ++i) {
                for (uint256 axis; axis < step.inputs[i].shape.length; ++axis) _checkRead(which, i, axis);
            }
        }
    }

    function _checkRead(uint256 which, uint256 i, uint256 axis) private pure {
        Step memory step = IntegerSteps.any(which);
        IntegerOpcode opcode = IntegerOpcode(step.opcode);
        bool isLast = axis + 1 == step.inputs[i].shape.length;
        bool isChosenFrom = i == (opcode == IntegerOpcode.Take ? 0 : 1);
        step.inputs[i].shape[axis] += 1;
        step.commit();
        bool isFree = opcode == IntegerOpcode.Sum || opcode == IntegerOpcode.ArgMax ? isLast : false;
        if (opcode == IntegerOpcode.Dot) isFree = isLast && step.inputs.length == 1;
        if (opcode == IntegerOpcode.Take) isFree = isChosenFrom && isLast;
        if (opcode == IntegerOpcode.Rows) isFree = isChosenFrom && axis == 0;
        if (opcode == IntegerOpcode.Map) isFree = i == 3; // the table
        if (opcode == IntegerOpcode.Move) isFree = true; // strides lead where they lead
        isFree ? _admit(step) : _refuse(step);
    }

    function test_admits_ranks() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            uint256 inputs = IntegerSteps.any(which).inputs.length;
            for (uint256 i; i <= inputs; ++i) for (uint256 rank; rank < 7; ++rank) _checkRank(which, i, rank);
        }
    }

    /// @dev Another rank with as many elements and, if there is more than one axis, as many rows, in what is made or in an input.
    function _checkRank(uint256 which, uint256 input, uint256 rank) private pure {
        Step memory step = IntegerSteps.any(which);
        bool isMade = input == step.inputs.length;
        uint32[] memory old = isMade ? step.shape : step.inputs[input].shape;
        if (rank == old.length) return;
        uint32[] memory shape = new uint32[](rank);
        if (isMade) step.shape = shape;
        else step.inputs[input].shape = shape;
        if (rank == 0) return _refuse(step);

        uint32 last = old[old.length - 1];
        for (uint256 i; i < rank; ++i) shape[i] = 1;
        (shape[0], shape[rank - 1]) = (uint32(LayoutLib.countOf(old)) / last, last);
        if (rank == 1) shape[0] = uint32(LayoutLib.countOf(old));
        step.commit();
        IntegerOpcode opcode = IntegerOpcode(step.opcode);
        // A copy does not care. Of sums and places there is one for each row, and a row of constants is repeated.
        bool isFree = opcode == IntegerOpcode.Move;
        if (opcode == IntegerOpcode.Sum || opcode == IntegerOpcode.ArgMax) isFree = isMade || rank > 1;
        if (opcode == IntegerOpcode.Map) isFree = !isMade && input == 2 && rank == 2;
        isFree ? _admit(step) : _refuse(step);
    }

    function testFuzz_admits_zeroPointsOfABytes(int64 zero, bool isSecond) external pure {
        Step memory step = IntegerSteps.dot();
        for (uint256 i; i < 2; ++i) {
            step.attrs[isSecond ? 1 : 0] = i == 0 ? zero : zero % 512;
            int64 given = step.attrs[isSecond ? 1 : 0];
            given >= 0 && given < 256 ? _admit(step) : _refuse(step);
        }
    }

    function test_admits_upTo32768Products() external pure {
        for (uint32 length = 32_768; length < 32_770; ++length) {
            Step memory step = IntegerSteps.dot();
            step.inputs[0].shape[1] = length;
            step.commit();
            length == 32_768 ? _admit(step) : _refuse(step);
        }
    }

    function test_admits_upTo16384Summands() external pure {
        for (uint32 length = 16_384; length < 16_386; ++length) {
            Step memory step = IntegerSteps.sumOfSquares();
            step.inputs[0].shape[1] = length;
            length == 16_384 ? _admit(step) : _refuse(step);
        }
    }

    /// @dev A row is opened whole, and has to fit into a transaction [T077].
    function test_admits_upTo8192SummandsOf64Bits() external pure {
        for (uint32 length = 8_192; length < 8_194; ++length) {
            Step memory step = IntegerSteps.sum();
            (step.inputs[0].dtype, step.inputs[0].shape[1]) = (7, length);
            length == 8_192 ? _admit(step) : _refuse(step);
        }
    }

    function testFuzz_admits_twoKindsOfSums(int64 kind) external pure {
        Step memory step = IntegerSteps.sum();
        for (uint256 i; i < 2; ++i) {
            step.attrs[0] = i == 0 ? kind : kind % 4;
            step.attrs[0] == 0 || step.attrs[0] == 1 ? _admit(step) : _refuse(step);
        }
    }

    /// @dev No attribute more, and none less.
    function test_admits_asManyAttributesAsTheOpcodeHas() external pure {
        for (uint256 which; which < IntegerSteps.COUNT; ++which) {
            for (uint256 count; count < 9; ++count) {
                Step memory step = IntegerSteps.any(which);
                if (count == step.attrs.length) continue;
                int64[] memory attrs = new int64[](count);
                for (uint256 i; i < count && i < step.attrs.length; ++i) attrs[i] = step.attrs[i];
                // An instruction more, which takes its attribute, and fewer, which leave what earlier ones make.
                if (count > step.attrs.length) attrs[count - 1] = IntegerSteps.instruction(MapOp.Abs, 0, 0, 0);
                step.attrs = attrs;
                bool isProgram = step.opcode == uint8(IntegerOpcode.Map) && count > 0;
                // Zeros between are CONST, and each takes the attribute behind it.
                uint256 added =
                    count > IntegerSteps.any(which).attrs.length ? count - IntegerSteps.any(which).attrs.length : 1;
                if (isProgram && added > 1) continue;
                isProgram ? _admit(step) : _refuse(step);
            }
        }
    }

    /// @dev Operands come before tables, one at least; a table has one axis.
    function testFuzz_admits_operandsAndTables(int64 operands) external pure {
        Step memory step = IntegerSteps.map();
        for (uint256 i; i < 2; ++i) {
            step.attrs[0] = i == 0 ? operands : operands % 6;
            step.attrs[0] == 3 ? _admit(step) : _refuse(step);
        }
        step.attrs[0] = 3;
        step.inputs[3].shape = OnnxSteps.shapeOf(hex"0104");
        _refuse(step);
    }

    /// @dev Radices make as many numbers as there are elements, each at least 1; base and strides are free.
    function testFuzz_admits_radices(int64[2] calldata radices, int64[3] calldata free) external pure {
        Step memory step = IntegerSteps.move();
        (step.attrs[3], step.attrs[4], step.attrs[5]) = (free[0], free[1], free[2]);
        _admit(step);
        for (uint256 i; i < 2; ++i) {
            for (uint256 k; k < 2; ++k) step.attrs[1 + k] = i == 0 ? radices[k] : radices[k] % 8;
            (int64 a, int64 b) = (step.attrs[1], step.attrs[2]);
            a > 0 && b > 0 && a < 7 && b < 7 && a * b == 6 ? _admit(step) : _refuse(step);
        }
    }

    /// @dev As many digits as there is room for; what makes one number of one element has none.
    function test_admits_digits() external pure {
        Step memory step = IntegerSteps.move();
        for (uint256 digits; digits < 80; ++digits) {
            step.attrs = new int64[](2 * digits + 2);
            step.attrs[0] = int64(uint64(digits));
            for (uint256 i = 1; i <= digits; ++i) step.attrs[i] = i == digits ? int64(6) : int64(1);
            digits > 0 ? _admit(step) : _refuse(step);
        }
        step.attrs = new int64[](2);
        step.shape = OnnxSteps.shapeOf(hex"0101");
        _admit(step);
        step.attrs[0] = -1;
        _refuse(step);
        // So many that twice their number wraps to two attributes.
        step.attrs[0] = type(int64).min;
        _refuse(step);
    }

    function testFuzz_admits_partsThatFitTogether(int64 axis) external pure {
        Step memory step = IntegerSteps.join();
        for (uint256 i; i < 2; ++i) {
            step.attrs[0] = i == 0 ? axis : axis % 4;
            step.attrs[0] == 1 ? _admit(step) : _refuse(step);
        }
        step.attrs[0] = 1;
        step.inputs[1].dtype = INT64;
        _refuse(step);
    }

    /// @dev Constants are where the opcode has them, and as many as follow from the step.
    function testFuzz_admits_constants(uint8 which, uint8 depth, bytes32 root) external pure {
        Step memory step = IntegerSteps.any(which);
        bool hasConstants = step.constRoot != 0;
        if (uint256(root) % 2 == 0) root = 0;
        uint8 before = step.constDepth;
        (step.constDepth, step.constRoot) = (depth % 12, root);
        bool fits = step.constDepth == before && (hasConstants || root == 0);
        fits ? _admit(step) : _refuse(step);
        (step.constDepth, step.constRoot) = (before, hasConstants ? root : bytes32(0));
        _admit(step);
    }

    /// @dev What is made and its last input, of a type.
    function _checkTypes(Step memory step, uint8 dtype, bool makes, bool reads) private pure {
        (uint8 made, uint256 last) = (step.dtype, step.inputs.length - 1);
        step.dtype = dtype;
        makes ? _admit(step) : _refuse(step);
        (step.dtype, step.inputs[last].dtype) = (made, dtype);
        reads ? _admit(step) : _refuse(step);
    }

    function _admit(Step memory step) private pure {
        require(IntegerProfileLib.admits(step, IntegerSteps.INDEX), "admitted");
    }

    function _refuse(Step memory step) private pure {
        require(!IntegerProfileLib.admits(step, IntegerSteps.INDEX), "refused");
    }

    /// @dev What `StepLib` reads has no more than this of anything.
    function _isDecodable(Step memory step) private pure returns (bool) {
        if (step.shape.length > 6 || step.attrs.length > 160 || step.inputs.length > 16) return false;
        for (uint256 i; i < step.inputs.length; ++i) if (step.inputs[i].shape.length > 6) return false;
        return true;
    }
}
