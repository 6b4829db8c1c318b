// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ProgramLib} from "../../../contracts/libraries/integer/ProgramLib.sol";
import {MapOp} from "../../../contracts/types/IntegerTypes.sol";
import {bound, spread} from "../../support/Fuzz.sol";
import {IntegerSteps} from "../../support/IntegerSteps.sol";

contract ProgramLibTest {
    uint256 private constant MOST_MADE = 120;
    /// @dev Of the steps of any program: three operands and two tables.
    uint256 private constant INPUTS = 5;
    int256 private constant LEAST = type(int256).min;
    int256 private constant MOST = type(int256).max;

    function test_run_wholeNumbers() external pure {
        _expect(MapOp.Add, 5, -7, 0, -2);
        _expect(MapOp.Sub, 5, -7, 0, 12);
        _expect(MapOp.Mul, 5, -7, 0, -35);
        _expect(MapOp.Abs, -5, 0, 0, 5);
        _expect(MapOp.Abs, 5, 0, 0, 5);
    }

    /// @dev Towards zero, on both sides of it.
    function test_run_quotients() external pure {
        _expect(MapOp.Div, 7, 2, 0, 3);
        _expect(MapOp.Div, -7, 2, 0, -3);
        _expect(MapOp.Div, 7, -2, 0, -3);
        _expect(MapOp.Div, -7, -2, 0, 3);
        _expect(MapOp.Div, 6, 7, 0, 0);
        _expect(MapOp.Div, -6, 7, 0, 0);
    }

    function test_run_wraps() external pure {
        _expect(MapOp.Wrap8, 256, 0, 0, 0);
        _expect(MapOp.Wrap8, -1, 0, 0, 255);
        _expect(MapOp.Wrap8, 511, 0, 0, 255);
        _expect(MapOp.Wrap32, 2 ** 31, 0, 0, -(2 ** 31));
        _expect(MapOp.Wrap32, 2 ** 31 - 1, 0, 0, 2 ** 31 - 1);
        _expect(MapOp.Wrap32, -(2 ** 31) - 1, 0, 0, 2 ** 31 - 1);
        _expect(MapOp.Wrap32, 2 ** 63 + 5, 0, 0, 5);
    }

    /// @dev The upper bound wins where it is below the lower one.
    function test_run_bounds() external pure {
        _expect(MapOp.Clip, 5, -1, 3, 3);
        _expect(MapOp.Clip, -5, -1, 3, -1);
        _expect(MapOp.Clip, 2, -1, 3, 2);
        _expect(MapOp.Clip, 5, 4, 3, 3);
        _expect(MapOp.Clip, 0, 4, 3, 3);
    }

    function test_run_truths() external pure {
        for (int256 a = -1; a < 2; ++a) {
            for (int256 b = -1; b < 2; ++b) {
                _expect(MapOp.Greater, a, b, 0, a > b ? int256(1) : int256(0));
                _expect(MapOp.Less, a, b, 0, a < b ? int256(1) : int256(0));
                _expect(MapOp.GreaterOrEqual, a, b, 0, a >= b ? int256(1) : int256(0));
                _expect(MapOp.Equal, a, b, 0, a == b ? int256(1) : int256(0));
            }
        }
        _expect(MapOp.Where, 1, 5, 7, 5);
        _expect(MapOp.Where, 0, 5, 7, 7);
        _expect(MapOp.Where, -3, 5, 7, 5);
    }

    /// @dev What no compiler makes: arithmetic wraps at 256 bits, and nothing reverts [T077].
    function test_run_extremes() external pure {
        _expect(MapOp.Add, MOST, 1, 0, LEAST);
        _expect(MapOp.Sub, LEAST, 1, 0, MOST);
        _expect(MapOp.Mul, LEAST, -1, 0, LEAST);
        _expect(MapOp.Mul, MOST, MOST, 0, 1);
        _expect(MapOp.Div, 5, 0, 0, 0);
        _expect(MapOp.Div, 0, 0, 0, 0);
        _expect(MapOp.Div, LEAST, -1, 0, LEAST);
        _expect(MapOp.Abs, LEAST, 0, 0, LEAST);
    }

    /// @dev Where nothing leaves 256 bits, it is what checked arithmetic makes.
    function testFuzz_run_isExact(int64 a, int64 b) external pure {
        _expect(MapOp.Add, a, b, 0, int256(a) + b);
        _expect(MapOp.Sub, a, b, 0, int256(a) - b);
        _expect(MapOp.Mul, a, b, 0, int256(a) * b);
        if (b != 0) _expect(MapOp.Div, a, b, 0, int256(a) / b);
        _expect(MapOp.Wrap8, a, 0, 0, int256(uint256(uint8(uint64(a)))));
        _expect(MapOp.Wrap32, a, 0, 0, int256(int32(a)));
    }

    /// @dev The value of a constant is the attribute behind it, and no instruction, whatever it looks like.
    function testFuzz_run_constants(int64 value) external pure {
        int64[] memory attrs = _program(3);
        (attrs[1], attrs[2]) = (IntegerSteps.instruction(MapOp.Const, 0, 0, 0), value);
        attrs[3] = IntegerSteps.instruction(MapOp.Sub, 1, 0, 0);
        int256[] memory values = new int256[](3);
        values[0] = 7;
        (uint256 next, uint256 made) = ProgramLib.run(attrs, 1, values, 1);
        require(next == 4 && made == 3 && values[1] == value && values[2] == int256(value) - 7, "constant");
    }

    function test_run_withoutInstructions() external pure {
        (uint256 next, uint256 made) = ProgramLib.run(_program(0), 1, new int256[](1), 1);
        require(next == 1 && made == 1, "none");
    }

    /// @dev Each instruction that looks something up waits for its entry, also at the beginning, the end and behind another.
    function test_run_waitsForEachEntry() external pure {
        int64 look = IntegerSteps.instruction(MapOp.Table, 0, 1, 0);
        int64[] memory attrs = _program(4);
        (attrs[1], attrs[2], attrs[4]) = (look, look, look);
        attrs[3] = IntegerSteps.instruction(MapOp.Add, 1, 2, 0);
        int256[] memory values = new int256[](5);
        uint256[3] memory expected = [uint256(1), 2, 4];
        (uint256 next, uint256 made) = (1, 1);
        for (uint256 i; i < 3; ++i) {
            (next, made) = ProgramLib.run(attrs, next, values, made);
            require(next == expected[i] && made == next, "entry");
            (values[made++], next) = (int256(10 + i), next + 1);
        }
        (next, made) = ProgramLib.run(attrs, next, values, made);
        require(next == 5 && made == 5 && values[3] == 21 && values[4] == 12, "values");
    }

    /// @dev Whole programs of all instructions on any values, next to the plainest way to run them [T077].
    function testFuzz_run_anyProgram(uint256 seed, uint8 count, int256[3] calldata operands) external pure {
        int64[] memory attrs = _anyProgram(spread(seed), bound(count, 1, 40));
        require(ProgramLib.admits(attrs, 3, INPUTS), "program");
        int256[] memory values = new int256[](3 + attrs.length);
        int256[] memory expected = new int256[](3 + attrs.length);
        for (uint256 i; i < 3; ++i) (values[i], expected[i]) = (operands[i], operands[i]);

        (uint256 attr, uint256 made, uint256 lookups) = (1, 3, 0);
        while (true) {
            (attr, made) = ProgramLib.run(attrs, attr, values, made);
            if (attr == attrs.length) break;
            (values[made], lookups) = (_entry(attrs[attr++], values), lookups + 1);
            ++made;
        }
        require(made == _runPlainly(attrs, expected) && lookups == ProgramLib.lookupsOf(attrs), "count");
        for (uint256 i; i < made; ++i) require(values[i] == expected[i], "value");
    }

    /// @dev Never reverts, whatever the attributes [T077].
    function testFuzz_admits_isTotal(int64[] memory attrs, uint8 operands, uint8 inputs) external pure {
        if (attrs.length == 0) return;
        ProgramLib.admits(attrs, operands, inputs);
        ProgramLib.lookupsOf(attrs);
    }

    /// @dev Each instruction may read all values before it, and none else.
    function testFuzz_admits_whatReadsEarlierValues(uint8 operands, uint8 op, uint8 value, uint8 which) external pure {
        operands = uint8(bound(operands, 1, 16));
        op = uint8(bound(op, uint256(MapOp.Add), uint256(MapOp.Equal)));
        value %= 32;
        uint256 part = 8 * bound(which, 1, 3);
        int64[] memory attrs = _program(2);
        attrs[1] = IntegerSteps.instruction(MapOp.Abs, 0, 0, 0);
        attrs[2] = int64(uint64(op | (uint256(value) << part)));
        require(ProgramLib.admits(attrs, operands, operands) == (value <= operands), "second");
        attrs[1] = attrs[2];
        attrs[2] = IntegerSteps.instruction(MapOp.Abs, 0, 0, 0);
        require(ProgramLib.admits(attrs, operands, operands) == (value < operands), "first");
    }

    /// @dev A table is an input behind the operands.
    function testFuzz_admits_tablesThatThereAre(uint8 operands, uint8 inputs, uint8 table) external pure {
        operands = uint8(bound(operands, 1, 16));
        inputs = uint8(bound(inputs, operands, 16));
        table %= 20;
        int64[] memory attrs = _program(1);
        attrs[1] = IntegerSteps.instruction(MapOp.Table, operands - 1, table, 0);
        require(ProgramLib.admits(attrs, operands, inputs) == (table >= operands && table < inputs), "table");
        require(ProgramLib.lookupsOf(attrs) == 1, "lookups");
        attrs[1] = IntegerSteps.instruction(MapOp.Table, operands, table, 0);
        require(!ProgramLib.admits(attrs, operands, inputs), "entry");
    }

    /// @dev Of one operand: no other number than those of `MapOp`, and nothing above the three values.
    function testFuzz_admits_noOtherInstructions(uint64 word) external pure {
        int64[] memory attrs = _program(1);
        for (uint256 i; i < 2; ++i) {
            if (i == 1) word %= 32;
            attrs[1] = int64(word);
            bool isInstruction = word <= uint64(MapOp.Equal) && word != uint64(MapOp.Const);
            require(ProgramLib.admits(attrs, 1, 1) == isInstruction, "instruction");
        }
    }

    /// @dev The attribute behind a constant's instruction is its value, whatever it is, and must be there.
    function testFuzz_admits_constantsWithTheirValue(int64 value) external pure {
        int64[] memory attrs = _program(2);
        (attrs[1], attrs[2]) = (IntegerSteps.instruction(MapOp.Const, 0, 0, 0), value);
        require(ProgramLib.admits(attrs, 1, 1) && ProgramLib.lookupsOf(attrs) == 0, "constant");
        int64[] memory cut = _program(1);
        cut[1] = attrs[1];
        require(!ProgramLib.admits(cut, 1, 1), "no value");
    }

    function test_admits_upTo120Values() external pure {
        for (uint256 count = MOST_MADE - 1; count < MOST_MADE + 2; ++count) {
            int64[] memory attrs = _program(count);
            for (uint256 i = 1; i <= count; ++i) attrs[i] = IntegerSteps.instruction(MapOp.Abs, 0, 0, 0);
            require(ProgramLib.admits(attrs, 16, 16) == (count <= MOST_MADE), "values");
        }
    }

    /// @dev No instruction: what is made is the last operand.
    function test_admits_none() external pure {
        require(ProgramLib.admits(_program(0), 1, 1), "none");
    }

    /// @dev An instruction on three operands.
    function _expect(MapOp op, int256 a, int256 b, int256 c, int256 expected) private pure {
        int64[] memory attrs = _program(1);
        attrs[1] = IntegerSteps.instruction(op, 0, 1, 2);
        int256[] memory values = new int256[](4);
        (values[0], values[1], values[2]) = (a, b, c);
        (uint256 next, uint256 made) = ProgramLib.run(attrs, 1, values, 3);
        require(next == 2 && made == 4 && values[3] == expected, "result");
    }

    /// @dev Attributes of a program of so many instructions, none of them written yet.
    function _program(uint256 count) private pure returns (int64[] memory) {
        return new int64[](1 + count);
    }

    /// @dev Any instructions on three operands and two tables; the last one is no constant.
    function _anyProgram(uint256 seed, uint256 count) private pure returns (int64[] memory attrs) {
        attrs = _program(count);
        uint256 values = 3;
        for (uint256 i = 1; i <= count; ++i) {
            seed = spread(seed);
            MapOp op = MapOp(bound(seed >> 24, i == count ? 1 : 0, uint256(type(MapOp).max)));
            uint256 b = op == MapOp.Table ? 3 + (uint8(seed) % (INPUTS - 3)) : uint8(seed) % values;
            attrs[i] = IntegerSteps.instruction(op, uint8(seed >> 8) % values, b, uint8(seed >> 16) % values);
            if (op == MapOp.Const) attrs[++i] = int64(uint64(seed >> 64));
            ++values;
        }
    }

    /// @dev Something that depends on what is looked up, and in which table.
    function _entry(int64 instruction, int256[] memory values) private pure returns (int256) {
        uint256 table = uint8(uint64(instruction) >> 16);
        return int256(uint256(keccak256(abi.encode(table, values[uint8(uint64(instruction) >> 8)]))));
    }

    /// @param values Of which three are there, with room for all.
    function _runPlainly(int64[] memory attrs, int256[] memory values) private pure returns (uint256 made) {
        made = 3;
        for (uint256 i = 1; i < attrs.length; ++i) {
            uint64 instruction = uint64(attrs[i]);
            MapOp op = MapOp(uint8(instruction));
            int256 a = values[uint8(instruction >> 8)];
            int256 b = op == MapOp.Table ? int256(0) : values[uint8(instruction >> 16)];
            int256 c = values[uint8(instruction >> 24)];
            if (op == MapOp.Const) values[made] = attrs[++i];
            else if (op == MapOp.Table) values[made] = _entry(attrs[i], values);
            else values[made] = _resultOf(op, a, b, c);
            ++made;
        }
    }

    function _resultOf(MapOp op, int256 a, int256 b, int256 c) private pure returns (int256) {
        unchecked {
            if (op == MapOp.Add) return a + b;
            if (op == MapOp.Sub) return a - b;
            if (op == MapOp.Mul) return a * b;
            if (op == MapOp.Div) return b == 0 ? int256(0) : a / b;
            if (op == MapOp.Abs) return a < 0 ? -a : a;
            if (op == MapOp.Wrap8) return int256(uint256(uint8(uint256(a))));
            if (op == MapOp.Wrap32) return int32(a);
            if (op == MapOp.Where) return a != 0 ? b : c;
        }
        if (op == MapOp.Clip) {
            int256 raised = a > b ? a : b;
            return raised < c ? raised : c;
        }
        bool isTrue =
            op == MapOp.Greater
                ? a > b
                : op == MapOp.Less
                    ? a < b
                    : op == MapOp.Equal
                        ? a == b
                        : a >= b;
        return isTrue ? int256(1) : int256(0);
    }
}
