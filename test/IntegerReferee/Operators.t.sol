// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {RowLib} from "../../contracts/libraries/integer/RowLib.sol";
import {OpeningLib} from "../../contracts/libraries/onnx/OpeningLib.sol";
import {INTEGER_STEP_TAG, IntegerOpcode} from "../../contracts/types/IntegerTypes.sol";
import {INT32, INT64, Order, STATED_OUTPUT} from "../../contracts/types/OnnxTypes.sol";
import {PAYLOAD_TAG} from "../../contracts/types/PayloadTypes.sol";
import {Case, Opening, Step} from "../../contracts/types/RefereeTypes.sol";
import {IntegerReferee} from "../../contracts/verifiers/IntegerReferee.sol";
import {bound} from "../support/Fuzz.sol";
import {IntegerSteps} from "../support/IntegerSteps.sol";
import {OnnxSteps} from "../support/OnnxSteps.sol";
import {OperatorBench} from "../support/OperatorBench.sol";
import {Trees} from "../support/Trees.sol";
import {VM} from "../support/Vm.sol";

/// @dev The referee convicts every value but one, and that one is computed here in the plainest way: element by element. Tensors
/// are of random bytes [T069 T073].
contract IntegerOperatorsTest is OperatorBench {
    uint32 private _witness;

    constructor() OperatorBench(new IntegerReferee(), INTEGER_STEP_TAG) {}

    function testFuzz_dot(bytes32 salt, uint8 element) external {
        (uint256 row, uint256 column) = ((element / 3) % 2, element % 3);
        _fill(_a, 4, salt);
        _fill(_constants, 6, ~salt);
        _clear(_a, 1, 2, 0);
        _clear(_constants, 1, 2, 28);
        _runsOfA.push(OpeningLib.run(2 * row, 2));
        _constantRuns.push(OpeningLib.run(2 * column, 2));
        int256 acc;
        for (uint256 i; i < 33; ++i) {
            uint256 weight = _at(_constants, 64 * column + (i ^ 28));
            acc += (int256(_at(_a, 64 * row + i)) - 3) * (int256(weight) - 5);
        }
        _judge(IntegerSteps.dot(), 8 * row + column, _bits(acc, 4));
    }

    /// @dev Each row of one tensor with those of the other one's matrix of the same number.
    function testFuzz_dotOfTwo(bytes32 salt, uint8 element) external {
        (uint256 row, uint256 column) = ((element / 3) % 4, element % 3);
        uint256 other = 3 * (row / 2) + column;
        _fill(_a, 8, salt);
        _fill(_b, 12, ~salt);
        _clear(_a, 1, 2, 0);
        _clear(_b, 1, 2, 0);
        _runsOfA.push(OpeningLib.run(2 * row, 2));
        _runsOfB.push(OpeningLib.run(2 * other, 2));
        int256 acc;
        for (uint256 i; i < 33; ++i) {
            acc += (int256(_at(_a, 64 * row + i)) - 3) * (int256(_at(_b, 64 * other + i)) - 5);
        }
        _judge(IntegerSteps.dotOfTwo(), 8 * row + column, _bits(acc, 4));
    }

    /// @dev The product of two numbers, plus an entry of the table that the constant row chooses.
    function testFuzz_map(bytes32 salt, uint8 element, uint8 entry) external {
        (uint256 row, uint256 column) = ((element / 3) % 2, element % 3);
        entry %= 4;
        _fill(_a, 2, salt);
        _fill(_b, 2, ~salt);
        _fill(_constants, 2, salt >> 1);
        _constants[0] = bytes32(uint256(entry) << (248 - 32 * column));
        _runsOfA.push(OpeningLib.run(row, 1));
        _runsOfB.push(OpeningLib.run(row, 1));
        int256 product = _integer(_a, 32 * row + 4 * column, 4) * _integer(_b, 32 * row, 4);
        int256 looked = _integer(_constants, 32 + 8 * uint256(entry), 8);
        _judge(IntegerSteps.map(), 4 * row + column, _bits(product + looked, 8));
    }

    /// @dev Whatever the node says, there is no such entry [T077].
    function testFuzz_map_ofNoEntry(int32 entry, uint64 said) external {
        if (entry >= 0 && entry < 4) entry = -1 - entry;
        _fill(_a, 2, "a");
        _fill(_b, 2, "b");
        _fill(_constants, 2, "constants");
        _constants[0] = _wordOf(entry, 4);
        _runsOfA.push(OpeningLib.run(0, 1));
        _runsOfB.push(OpeningLib.run(0, 1));
        require(REFEREE.faulty(_case(IntegerSteps.map(), 0, _said(2, 0, said, 8))), "no entry");
    }

    /// @dev Nor is there an element of an output that the statement does not have.
    function testFuzz_map_ofNoOutput(uint8 place, uint64 said) external view {
        Step memory step = IntegerSteps.cast();
        (step.inputs[0].from, step.inputs[0].order) = (uint16(STATED_OUTPUT) + place, uint8(Order.Packed));
        Case memory c = _case(step, 0, _said(20, 0, said, 8));
        (c.inputPaths[0], c.outputRoot) = (new bytes32[](0), keccak256(abi.encode(PAYLOAD_TAG, new bytes32[](0))));
        require(REFEREE.faulty(c), "no output");
    }

    function testFuzz_cast(bytes32 salt, uint8 row, uint8 column) external {
        (row, column) = (row % 2, column % 40);
        uint256 place = 160 * uint256(row) + 4 * uint256(column);
        _fill(_a, 10, salt);
        _runsOfA.push(OpeningLib.run(place / 32, 1));
        _judge(IntegerSteps.cast(), 40 * uint256(row) + column, _bits(_integer(_a, place, 4), 8));
    }

    /// @dev Of bytes and of wider numbers, or of their squares; the lowest bytes of it.
    function testFuzz_sum(bytes32 salt, uint8 row, uint8 kind) external {
        row %= 2;
        Step memory step = IntegerSteps.sum();
        uint256 size = [1, 4, 8][kind % 3];
        uint256 words = [2, 5, 10][kind % 3];
        bool squared = kind & 8 > 0;
        step.inputs[0].dtype = [2, INT32, INT64][kind % 3];
        step.dtype = kind & 16 > 0 ? INT64 : INT32;
        if (squared) step.attrs[0] = 1;
        _fill(_a, 2 * words, salt);
        if (size == 1) for (uint256 i = 1; i < 4; i += 2) _a[i] &= bytes32(bytes8(type(uint64).max));
        _runsOfA.push(OpeningLib.run(words * row, words));
        int256 total;
        for (uint256 i; i < 40; ++i) {
            int256 x = size == 1 ? int256(_at(_a, 64 * row + i)) : _integer(_a, 32 * words * row + size * i, size);
            total += squared ? x * x : x;
        }
        uint256 made = step.dtype == INT64 ? 8 : 4;
        _judge(step, row * (32 / made), _bits(total, made));
    }

    /// @dev A place is wrong by a witness that is larger, or as large and before it, and by no other.
    function testFuzz_argMax(bytes32 salt, uint8 named, uint8 witness, uint8 mask) external {
        Step memory step = IntegerSteps.argMax();
        (named, witness) = (named % 40, witness % 40);
        _fill(_a, 10, salt);
        // Few different numbers, so that some are equal.
        for (uint256 i; i < 10; ++i)
            _a[i] &= bytes32((uint256(mask & 3) * (type(uint256).max / type(uint32).max)) << 24);
        _witness = witness;
        _runsOfA.push(OpeningLib.run(5 + named / 8, 1));
        _runsOfA.push(OpeningLib.run(5 + witness / 8, 1));
        int256 x = _integer(_a, 160 + 4 * uint256(named), 4);
        int256 better = _integer(_a, 160 + 4 * uint256(witness), 4);
        bool isWrong = better > x || (better == x && witness < named);
        require(REFEREE.faulty(_case(step, 32, _said(2, 32, named, 8))) == isWrong, "witness");
    }

    /// @dev A witness is a place of the row, too: nothing else can be better.
    function testFuzz_argMax_needsAWitness(uint8 named, uint32 witness) external {
        _fill(_a, 10, "a");
        Case memory c = _case(IntegerSteps.argMax(), 0, _said(2, 0, named % 40, 8));
        c.witness = uint32(bound(witness, 40, type(uint32).max));
        VM.expectRevert(abi.encodeWithSelector(RowLib.RefereeNoSuchWitness.selector, c.witness, 40));
        REFEREE.faulty(c);
    }

    /// @dev What is no place of the row is wrong, whatever is opened.
    function testFuzz_argMax_ofNoPlace(uint64 named) external view {
        named = uint64(bound(named, 40, type(uint64).max));
        require(REFEREE.faulty(_case(IntegerSteps.argMax(), 0, _said(2, 0, named, 8))), "no place");
    }

    function testFuzz_take(bytes32 salt, uint8 row, uint8 column, uint8 chosen) external {
        (row, column, chosen) = (row % 2, column % 3, chosen % 40);
        _fill(_a, 10, salt);
        for (uint256 i; i < 2; ++i) _b.push(bytes32(uint256(chosen) << (248 - 64 * uint256(column))));
        uint256 place = 160 * uint256(row) + 4 * uint256(chosen);
        _runsOfA.push(OpeningLib.run(place / 32, 1));
        _runsOfB.push(OpeningLib.run(row, 1));
        _judge(IntegerSteps.take(), 8 * uint256(row) + column, _bits(_integer(_a, place, 4), 4));
    }

    function testFuzz_take_ofNoColumn(int64 chosen, uint32 said) external {
        if (chosen >= 0 && chosen < 40) chosen = -1 - chosen;
        _fill(_a, 10, "a");
        for (uint256 i; i < 2; ++i) _b.push(_wordOf(chosen, 8));
        _runsOfA.push(OpeningLib.run(0, 1));
        _runsOfB.push(OpeningLib.run(0, 1));
        require(REFEREE.faulty(_case(IntegerSteps.take(), 0, _said(2, 0, said, 4))), "no column");
    }

    function testFuzz_rows(bytes32 salt, uint8 row, uint8 column, uint8 chosen) external {
        (row, column, chosen) = (row % 3, column % 40, chosen % 5);
        _a.push(bytes32(uint256(chosen) << (248 - 32 * uint256(row))));
        _fill(_constants, 10, salt);
        uint256 place = 64 * uint256(chosen) + column;
        _runsOfA.push(OpeningLib.run(0, 1));
        _constantRuns.push(OpeningLib.run(place / 32, 1));
        _judge(IntegerSteps.rows(), 64 * uint256(row) + column, _at(_constants, place));
    }

    function testFuzz_rows_ofNoRow(int32 chosen, uint8 said) external {
        if (chosen >= 0 && chosen < 5) chosen = -1 - chosen;
        _a.push(_wordOf(chosen, 4));
        _fill(_constants, 10, "constants");
        _runsOfA.push(OpeningLib.run(0, 1));
        require(REFEREE.faulty(_case(IntegerSteps.rows(), 0, _said(6, 0, said, 1))), "no row");
    }

    function testFuzz_move(bytes32 salt, uint8 element) external {
        element %= 6;
        _fill(_a, 2, salt);
        (uint256 row, uint256 column) = (element / 2, element % 2);
        _runsOfA.push(OpeningLib.run(column, 1));
        _judge(IntegerSteps.move(), 4 * row + column, _bits(_integer(_a, 32 * column + 8 * row, 8), 8));
    }

    /// @dev By any base and strides: an element of what is read, or nothing [T077].
    function testFuzz_move_byAnyStrides(bytes32 salt, uint8 element, int64 base, int64[2] calldata strides) external {
        Step memory step = IntegerSteps.move();
        element %= 6;
        (step.attrs[3], step.attrs[4], step.attrs[5]) = (base, strides[0], strides[1]);
        int256 found = base + int256(uint256(element / 2)) * strides[0] + int256(uint256(element % 2)) * strides[1];
        _judgeMoved(step, salt, element, found);
    }

    /// @dev The same near what is read.
    function testFuzz_move_byNearStrides(bytes32 salt, uint8 element, int8 base, int8[2] calldata strides) external {
        Step memory step = IntegerSteps.move();
        element %= 6;
        (step.attrs[3], step.attrs[4], step.attrs[5]) = (base % 8, strides[0] % 4, strides[1] % 4);
        int256 found = step.attrs[3] + int256(uint256(element / 2)) * step.attrs[4];
        _judgeMoved(step, salt, element, found + int256(uint256(element % 2)) * step.attrs[5]);
    }

    /// @dev Packed, out of the input of the statement.
    function testFuzz_reversed(bytes32 salt, uint8 element) external {
        element %= 40;
        _fill(_a, 2, salt);
        _runsOfA.push(OpeningLib.run((39 - element) / 32, 1));
        _judge(IntegerSteps.reversed(), element, _at(_a, 39 - uint256(element)));
    }

    function testFuzz_join(bytes32 salt, uint8 row, uint8 column) external {
        (row, column) = (row % 2, column % 5);
        _fill(_a, 2, salt);
        _fill(_b, 2, ~salt);
        bool isFirst = column < 2;
        (isFirst ? _runsOfA : _runsOfB).push(OpeningLib.run(row, 1));
        uint256 place = 32 * uint256(row) + 4 * (isFirst ? column : column - 2);
        int256 expected = _integer(isFirst ? _a : _b, place, 4);
        _judge(IntegerSteps.join(), 8 * uint256(row) + column, _bits(expected, 4));
    }

    /// @dev An ARGMAX has two openings of one tensor; a MAP has those of its constants and tables among its inputs.
    function _complete(Case memory c, Step memory step) internal view override {
        if (step.opcode == uint8(IntegerOpcode.ArgMax) && _runsOfA.length == 2) {
            c.witness = _witness;
            c.inputs = new Opening[](2);
            for (uint256 i; i < 2; ++i) c.inputs[i] = Trees.open(_a, OpeningLib.only(_runsOfA[i] >> 128, 1));
        }
        if (step.opcode == uint8(IntegerOpcode.Map) && _constants.length > 0) {
            Opening[] memory inputs = new Opening[](4);
            (inputs[0], inputs[1]) = (c.inputs[0], c.inputs[1]);
            inputs[2] = Trees.open(_constants, OpeningLib.only(0, 1));
            inputs[3] = Trees.open(_constants, OpeningLib.only(1, 1));
            (c.inputs, c.constants) = (inputs, Opening(new bytes32[](0), new bytes32[](0)));
        }
    }

    function _judgeMoved(Step memory step, bytes32 salt, uint256 element, int256 found) private {
        _fill(_a, 2, salt);
        uint256 place = 4 * (element / 2) + (element % 2);
        if (found < 0 || found > 5) {
            require(REFEREE.faulty(_case(step, 8 * place, _said(3, 8 * place, uint256(salt) >> 200, 8))), "nothing");
            return;
        }
        _runsOfA.push(OpeningLib.run(uint256(found) / 3, 1));
        int256 expected = _integer(_a, 32 * (uint256(found) / 3) + 8 * (uint256(found) % 3), 8);
        _judge(step, place, _bits(expected, 8));
    }

    /// @dev A signed number of 4 or 8 bytes.
    function _integer(bytes32[] storage words, uint256 place, uint256 size) private view returns (int256) {
        uint256 bits;
        for (uint256 i; i < size; ++i) bits |= _at(words, place + i) << (8 * i);
        return size == 4 ? int256(int32(uint32(bits))) : int256(int64(uint64(bits)));
    }

    function _bits(int256 value, uint256 size) private pure returns (uint256) {
        return uint256(value) & (2 ** (8 * size) - 1);
    }

    /// @dev A word that begins with a number.
    function _wordOf(int256 number, uint256 size) private pure returns (bytes32 word) {
        uint256 bits = uint256(number);
        for (uint256 i; i < size; ++i) word |= bytes32(((bits >> (8 * i)) & 0xff) << (248 - 8 * i));
    }
}
