// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @title Programs of a MAP: a few instructions, each of which makes one more value out of earlier ones
/// @dev `MapOp` says what they are. They stand in a step's attributes: the number of operands, then the instructions.
/// Operands are the first values. The compiler proves that no value leaves int64 but by a wrap; whatever else a step says,
/// arithmetic wraps at 256 bits here, and division by zero gives zero, so that nothing reverts.
library ProgramLib {
    /// @dev Values besides operands.
    uint256 private constant MOST_MADE = 120;

    /// @dev `MapOp.Table`, as assembly can read it.
    uint256 private constant TABLE = 14;

    /// @dev Whether the attributes are a program that reads only what is there. Never reverts.
    /// @param operands Values that are there at first, one at least.
    /// @param inputs Of the step; those behind the operands are tables.
    function admits(int64[] memory attrs, uint256 operands, uint256 inputs) internal pure returns (bool admitted) {
        // An instruction that takes fewer values than three has zeros, which are numbers of values, too. The last number is
        // all that stands above the others, so that nothing more does. CONST, which is 0, takes the attribute behind it.
        assembly ("memory-safe") {
            let values := operands
            let flaws := 0
            let attr := add(attrs, 0x40)
            let end := add(add(attrs, 0x20), shl(5, mload(attrs)))
            for {} lt(attr, end) {
                attr := add(attr, 0x20)
            } {
                let instruction := mload(attr)
                let op := and(instruction, 0xff)
                let b := and(shr(16, instruction), 0xff)
                flaws := or(flaws, iszero(lt(and(shr(8, instruction), 0xff), values)))
                flaws := or(flaws, iszero(lt(shr(24, instruction), values)))
                switch eq(op, TABLE)
                case 1 {
                    flaws := or(flaws, or(lt(b, operands), iszero(lt(b, inputs))))
                }
                default {
                    flaws := or(flaws, or(gt(op, TABLE), iszero(lt(b, values))))
                }
                if iszero(op) {
                    attr := add(attr, 0x20)
                }
                values := add(values, 1)
            }
            // CONST without a value has led beyond the end.
            flaws := or(flaws, or(gt(attr, end), gt(sub(values, operands), MOST_MADE)))
            admitted := iszero(flaws)
        }
    }

    /// @dev How many instructions look something up.
    function lookupsOf(int64[] memory attrs) internal pure returns (uint256 count) {
        assembly ("memory-safe") {
            let attr := add(attrs, 0x40)
            for {
                let end := add(add(attrs, 0x20), shl(5, mload(attrs)))
            } lt(attr, end) {
                attr := add(attr, 0x20)
            } {
                let op := and(mload(attr), 0xff)
                count := add(count, eq(op, TABLE))
                if iszero(op) {
                    attr := add(attr, 0x20)
                }
            }
        }
    }

    /// @dev Makes values up to the end or to the next instruction that looks something up.
    /// @param attr The first instruction.
    /// @param values Of which the first `count` are there; there is room for one for each attribute.
    /// @return next The instruction that looks something up, or the end.
    /// @return made How many values there are then.
    /// @custom:rounds Div towards zero.
    // solhint-disable-next-line function-max-lines
    function run(
        int64[] memory attrs,
        uint256 attr,
        int256[] memory values,
        uint256 count
    ) internal pure returns (uint256 next, uint256 made) {
        // The cases are the numbers of `MapOp`, frequent ones first. Solidity would take three times the gas.
        assembly ("memory-safe") {
            let first := add(values, 0x20)
            let to := add(first, shl(5, count))
            let from := add(attrs, shl(5, add(attr, 1)))
            let end := add(attrs, shl(5, add(mload(attrs), 1)))
            for {} lt(from, end) {
                from := add(from, 0x20)
            } {
                let instruction := mload(from)
                let a := mload(add(first, shl(5, and(shr(8, instruction), 0xff))))
                let b := mload(add(first, shl(5, and(shr(16, instruction), 0xff))))
                switch and(instruction, 0xff)
                case 1 {
                    a := add(a, b)
                }
                case 0 {
                    from := add(from, 0x20)
                    a := mload(from)
                }
                case 3 {
                    a := mul(a, b)
                }
                case 4 {
                    a := sdiv(a, b)
                }
                case 2 {
                    a := sub(a, b)
                }
                case 8 {
                    if slt(a, b) {
                        a := b
                    }
                    let c := mload(add(first, shl(5, shr(24, instruction))))
                    if sgt(a, c) {
                        a := c
                    }
                }
                case 7 {
                    a := signextend(3, a)
                }
                case 9 {
                    switch a
                    case 0 {
                        a := mload(add(first, shl(5, shr(24, instruction))))
                    }
                    default {
                        a := b
                    }
                }
                case 5 {
                    if slt(a, 0) {
                        a := sub(0, a)
                    }
                }
                case 6 {
                    a := and(a, 0xff)
                }
                case 10 {
                    a := sgt(a, b)
                }
                case 11 {
                    a := slt(a, b)
                }
                case 12 {
                    a := iszero(slt(a, b))
                }
                case 13 {
                    a := eq(a, b)
                }
                default {
                    break
                }
                mstore(to, a)
                to := add(to, 0x20)
            }
            next := sub(shr(5, sub(from, attrs)), 1)
            made := shr(5, sub(to, first))
        }
    }
}
