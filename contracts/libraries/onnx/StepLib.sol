// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ONNX_STEP_TAG} from "../../types/OnnxTypes.sol";
import {Ref, Step} from "../../types/RefereeTypes.sol";

/// @title Reading a step
/// @dev Written by hand because it must never revert: bytes that are no step are a fault of the model, not of the case. Only
/// what `abi.encode` makes is a step, so nothing can be encoded in two ways.
library StepLib {
    uint256 private constant MOST_RANK = 6;
    uint256 private constant MOST_INPUTS = 8;
    uint256 private constant MOST_ATTRS = 11;
    uint256 private constant WORD = 32;
    /// @dev Bytes before the step: tag, index, offset.
    uint256 private constant PREFIX = 3 * WORD;
    uint256 private constant STEP_HEAD = 8 * WORD;
    uint256 private constant REF_HEAD = 4 * WORD;

    /// @dev Where one is in the bytes.
    struct Reader {
        uint256 next; // the next word in calldata
        uint256 flaws; // zero as long as all is as `abi.encode` makes it
    }

    /// @param data `abi.encode(ONNX_STEP_TAG, index, step)`; anything else is not valid, and then the rest means nothing.
    function decode(bytes calldata data) internal pure returns (bool valid, uint256 index, Step memory step) {
        unchecked {
            uint256 begin;
            assembly ("memory-safe") {
                begin := data.offset
            }
            Reader memory reader = Reader(begin, 0);
            _expect(reader, uint256(ONNX_STEP_TAG));
            index = _number(reader, 16);
            _expect(reader, PREFIX);

            uint256 head = reader.next;
            step.opcode = uint8(_number(reader, 8));
            step.order = uint8(_number(reader, 8));
            step.dtype = uint8(_number(reader, 8));
            _expect(reader, STEP_HEAD);
            uint256 inputsOffset = _number(reader, 16);
            uint256 attrsOffset = _number(reader, 16);
            step.constRoot = bytes32(_number(reader, 256));
            step.constDepth = uint8(_number(reader, 8));

            step.shape = _shape(reader);
            reader.flaws |= inputsOffset ^ (reader.next - head);
            step.inputs = _inputs(reader);
            reader.flaws |= attrsOffset ^ (reader.next - head);
            step.attrs = _attrs(reader);
            // Had a word been read behind the end, the length would be too short now.
            valid = reader.flaws == 0 && data.length == reader.next - begin;
        }
    }

    function _inputs(Reader memory reader) private pure returns (Ref[] memory inputs) {
        unchecked {
            inputs = new Ref[](_length(reader, MOST_INPUTS));
            uint256 table = reader.next;
            reader.next += inputs.length * WORD;
            for (uint256 i; i < inputs.length; ++i) {
                uint256 offset = reader.next - table;
                reader.flaws |= offset ^ _wordAt(table + i * WORD);

                Ref memory input = inputs[i];
                input.from = uint16(_number(reader, 16));
                input.order = uint8(_number(reader, 8));
                input.dtype = uint8(_number(reader, 8));
                _expect(reader, REF_HEAD);
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

    function _attrs(Reader memory reader) private pure returns (int64[] memory attrs) {
        uint256[] memory list = _list(reader, MOST_ATTRS, 1 << 63, 64);
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
            let flaws := mload(add(reader, 0x20))
            let to := add(list, 0x20)
            for {
                let end := add(to, shl(5, mload(list)))
            } lt(to, end) {
                to := add(to, 0x20)
                word := add(word, 0x20)
            } {
                let element := calldataload(word)
                mstore(to, element)
                flaws := or(flaws, shr(bits, add(element, bias)))
            }
            mstore(reader, word)
            mstore(add(reader, 0x20), flaws)
        }
    }

    /// @dev Zero instead of what is too long, so that no loop and no memory is.
    function _length(Reader memory reader, uint256 most) private pure returns (uint256 length) {
        length = _number(reader, 256);
        if (length <= most) return length;
        reader.flaws = 1;
        return 0;
    }

    function _expect(Reader memory reader, uint256 expected) private pure {
        reader.flaws |= _number(reader, 256) ^ expected;
    }

    function _number(Reader memory reader, uint256 bits) private pure returns (uint256 word) {
        unchecked {
            word = _wordAt(reader.next);
            reader.next += WORD;
            // In Solidity, a shift by 256 gives zero.
            reader.flaws |= word >> bits;
        }
    }

    function _wordAt(uint256 pointer) private pure returns (uint256 word) {
        assembly ("memory-safe") {
            word := calldataload(pointer)
        }
    }
}
