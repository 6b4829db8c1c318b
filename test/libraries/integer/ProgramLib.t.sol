// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ProgramLib} from "../../../contracts/libraries/integer/ProgramLib.sol";
import {MapOp} from "../../../contracts/types/IntegerTypes.sol";
import {bound} from "../../support/Fuzz.sol";
import {IntegerSteps} from "../../support/IntegerSteps.sol";

contract ProgramLibTest {
    uint256 private constant MOST_MADE = 120;
    int256 private constant LEAST = type(int256).min;
    int256 private constant MOST = type(int256).max;

    function test_resultOf_wholeNumbers() external pure {
        _expect(MapOp.Add, 5, -7, 0, -2);
        _expect(MapOp.Sub, 5, -7, 0, 12);
        _expect(MapOp.Mul, 5, -7, 0, -35);
        _expect(MapOp.Abs, -5, 0, 0, 5);
        _expect(MapOp.Abs, 5, 0, 0, 5);
    }

    /// @dev Towards zero, on both sides of it.
    function test_resultOf_quotients() external pure {
        _expect(MapOp.Div, 7, 2, 0, 3);
        _expect(MapOp.Div, -7, 2, 0, -3);
        _expect(MapOp.Div, 7, -2, 0, -3);
        _expect(MapOp.Div, -7, -2, 0, 3);
        _expect(MapOp.Div, 6, 7, 0, 0);
        _expect(MapOp.Div, -6, 7, 0, 0);
    }

    function test_resultOf_wraps() external pure {
        _expect(MapOp.Wrap8, 256, 0, 0, 0);
        _expect(MapOp.Wrap8, -1, 0, 0, 255);
        _expect(MapOp.Wrap8, 511, 0, 0, 255);
        _expect(MapOp.Wrap32, 2 ** 31, 0, 0, -(2 ** 31));
        _expect(MapOp.Wrap32, 2 ** 31 - 1, 0, 0, 2 ** 31 - 1);
        _expect(MapOp.Wrap32, -(2 ** 31) - 1, 0, 0, 2 ** 31 - 1);
        _expect(MapOp.Wrap32, 2 ** 63 + 5, 0, 0, 5);
    }

    /// @dev The upper bound wins where it is below the lower one.
    function test_resultOf_bounds() external pure {
        _expect(MapOp.Clip, 5, -1, 3, 3);
        _expect(MapOp.Clip, -5, -1, 3, -1);
        _expect(MapOp.Clip, 2, -1, 3, 2);
        _expect(MapOp.Clip, 5, 4, 3, 3);
        _expect(MapOp.Clip, 0, 4, 3, 3);
    }

    function test_resultOf_truths() external pure {
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

    /// @dev What no compiler makes ends somewhere, too [T077].
    function test_resultOf_extremes() external pure {
        _expect(MapOp.Add, MOST, 1, 0, LEAST);
        _expect(MapOp.Sub, LEAST, 1, 0, MOST);
        _expect(MapOp.Mul, LEAST, -1, 0, LEAST);
        _expect(MapOp.Div, 5, 0, 0, 0);
        _expect(MapOp.Div, LEAST, -1, 0, LEAST);
        _expect(MapOp.Abs, LEAST, 0, 0, LEAST);
    }

    /// @dev Never reverts, whatever the values [T077].
    function testFuzz_resultOf_isTotal(uint8 op, int256 a, int256 b, int256 c) external pure {
        ProgramLib.resultOf(bound(op, uint256(MapOp.Add), uint256(MapOp.Equal)), a, b, c);
    }

    /// @dev Where nothing leaves int64, it is what checked arithmetic makes.
    function testFuzz_resultOf_isExact(int64 a, int64 b) external pure {
        _expect(MapOp.Add, a, b, 0, int256(a) + b);
        _expect(MapOp.Sub, a, b, 0, int256(a) - b);
        _expect(MapOp.Mul, a, b, 0, int256(a) * b);
        if (b != 0) _expect(MapOp.Div, a, b, 0, int256(a) / b);
        _expect(MapOp.Wrap8, a, 0, 0, int256(uint256(uint8(uint64(a)))));
        _expect(MapOp.Wrap32, a, 0, 0, int256(int32(a)));
    }

    function testFuzz_instructionAt_takesItApart(uint8 op, uint8 a, uint8 b, uint8 c) external pure {
        int64[] memory attrs = new int64[](2);
        attrs[1] = int64(uint64(uint256(op) | (uint256(a) << 8) | (uint256(b) << 16) | (uint256(c) << 24)));
        ProgramLib.Instruction memory read = ProgramLib.instructionAt(attrs, 1);
        require(read.op == op && read.a == a && read.b == b && read.c == c, "parts");
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
        attrs[1] = IntegerSteps.instruction(MapOp.Table, 0, table, 0);
        require(ProgramLib.admits(attrs, operands, inputs) == (table >= operands && table < inputs), "table");
        require(ProgramLib.lookupsOf(attrs) == 1, "lookups");
    }

    function testFuzz_admits_noOtherInstructions(uint64 word) external pure {
        int64[] memory attrs = _program(1);
        attrs[1] = int64(word);
        bool isInstruction = word >> 8 == 0 && word <= uint64(MapOp.Equal) && word != uint64(MapOp.Const);
        require(ProgramLib.admits(attrs, 1, 1) == isInstruction, "instruction");
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

    function _expect(MapOp op, int256 a, int256 b, int256 c, int256 expected) private pure {
        require(ProgramLib.resultOf(uint256(op), a, b, c) == expected, "result");
    }

    /// @dev Attributes of a program of so many instructions.
    function _program(uint256 count) private pure returns (int64[] memory) {
        return new int64[](1 + count);
    }
}
