// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Ref, Step} from "../../types/RefereeTypes.sol";

/// @title Reading a step
/// @dev Written by hand because it must never revert: bytes that are no step are a fault of the model, not of the case. Only
/// what `abi.encode` makes is a step, so nothing can be encoded in two ways.
library StepLib {
    uint256 private constant MOST_RANK = 6;
    uint256 private constant WORD = 32;
    /// @dev Bytes before the step (tag, index, offset), and of the heads of steps and references.
    uint256 private constant PREFIX = 0x60;
    uint256 private constant STEP_HEAD = 0x100;
    uint256 private constant REF_HEAD = 0x80;

    /// @dev Where one is in the bytes.
    struct Reader {
        uint256 next; // the next word in calldata
        uint256 flaws; // zero as long as all is as `abi.encode` makes it
    }

    /// @param data `abi.encode(tag, index, step)`; anything else is not valid, and then the rest means nothing.
    /// @param mostInputs With more, or more attributes than `mostAttrs`, it is no step either.
    function decode(
        bytes calldata data,
        bytes32 tag,
        uint256 mostInputs,
        uint256 mostAttrs
    ) internal pure returns (bool valid, uint256 index, Step memory step) {
        unchecked {
            Reader memory reader;
            uint256 head;
            uint256 inputsOffset;
            uint256 attrsOffset;
            // Word by word: what a struct has in memory, too, is copied there.
            assembly ("memory-safe") {
                let flaws := xor(calldataload(data.offset), tag)
                index := calldataload(add(data.offset, 0x20))
                flaws := or(flaws, shr(16, index))
                flaws := or(flaws, xor(calldataload(add(data.offset, 0x40)), PREFIX))
                head := add(data.offset, PREFIX)
                calldatacopy(step, head, 0x60) // opcode, order, type
                flaws := or(flaws, shr(8, or(or(mload(step), mload(add(step, 0x20))), mload(add(step, 0x40)))))
                flaws := or(flaws, xor(calldataload(add(head, 0x60)), STEP_HEAD))
                inputsOffset := calldataload(add(head, 0x80))
                attrsOffset := calldataload(add(head, 0xa0))
                calldatacopy(add(step, 0xc0), add(head, 0xc0), 0x40) // root and depth of its constants
                flaws := or(flaws, shr(8, mload(add(step, 0xe0))))
                mstore(reader, add(head, STEP_HEAD))
                mstore(add(reader, 0x20), flaws)
            }
            step.shape = _shape(reader);
            reader.flaws |= inputsOffset ^ (reader.next - head);
            step.inputs = _inputs(reader, mostInputs);
            reader.flaws |= attrsOffset ^ (reader.next - head);
            step.attrs = _attrs(reader, mostAttrs);
            // Had a word been read behind the end, the length would be too short now.
            valid = reader.flaws == 0 && data.length == reader.next - head + PREFIX;
        }
    }

    function _inputs(Reader memory reader, uint256 most) private pure returns (Ref[] memory inputs) {
        unchecked {
            inputs = new Ref[](_length(reader, most));
            uint256 table = reader.next;
            reader.next += inputs.length * WORD;
            for (uint256 i; i < inputs.length; ++i) {
                uint256 offset = reader.next - table;
                Ref memory input = inputs[i];
                assembly ("memory-safe") {
                    let head := mload(reader)
                    let flaws := or(mload(add(reader, 0x20)), xor(offset, calldataload(add(table, shl(5, i)))))
                    calldatacopy(input, head, 0x60) // from, order, type
                    flaws := or(flaws, shr(16, mload(input)))
                    flaws := or(flaws, shr(8, or(mload(add(input, 0x20)), mload(add(input, 0x40)))))
                    flaws := or(flaws, xor(calldataload(add(head, 0x60)), REF_HEAD))
                    mstore(reader, add(head, REF_HEAD))
                    mstore(add(reader, 0x20), flaws)
                }
                input.shape = _shape(reader);
            }
        }
    }

    function _shape(Reader memory reader) private pure returns (uint32[] memory shape) {
        uint256[] memory list = _list(reader, MOST_RANK, 0, 32);
        assembly ("memory-safe") {
            shape := list
        }
    }

    function _attrs(Reader memory reader, uint256 most) private pure returns (int64[] memory attrs) {
        uint256[] memory list = _list(reader, most, 1 << 63, 64);
        assembly ("memory-safe") {
            attrs := list
        }
    }

    /// @dev Numbers that are at least `-bias` and below `2 ** bits - bias`.
    function _list(
        Reader memory reader,
        uint256 most,
        uint256 bias,
        uint256 bits
    ) private pure returns (uint256[] memory list) {
        list = new uint256[](_length(reader, most));
        assembly ("memory-safe") {
            let word := mload(reader)
            let end := add(word, shl(5, mload(list)))
            calldatacopy(add(list, 0x20), word, sub(end, word))
            let seen := 0
            for {} lt(word, end) {
                word := add(word, 0x20)
            } {
                seen := or(seen, add(calldataload(word), bias))
            }
            mstore(reader, word)
            mstore(add(reader, 0x20), or(mload(add(reader, 0x20)), shr(bits, seen)))
        }
    }

    /// @dev Zero instead of what is too long, so that no loop and no memory is.
    function _length(Reader memory reader, uint256 most) private pure returns (uint256 length) {
        unchecked {
            uint256 word = reader.next;
            assembly ("memory-safe") {
                length := calldataload(word)
            }
            reader.next = word + WORD;
            if (length <= most) return length;
            reader.flaws = 1;
            return 0;
        }
    }
}
