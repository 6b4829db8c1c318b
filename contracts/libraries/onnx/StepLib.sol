// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

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
    /// @dev Words before the step: tag, index, offset.
    uint256 private constant PREFIX = 3;
    uint256 private constant STEP_HEAD = 8;
    uint256 private constant REF_HEAD = 4;

    /// @dev Where one is in the bytes.
    struct Reader {
        uint256 start; // in calldata
        uint256 next; // the next word, counted from the start
        uint256 flaws; // zero as long as all is as `abi.encode` makes it
    }

    /// @param data `abi.encode(ONNX_STEP_TAG, index, step)`; anything else is not valid, and then the rest means nothing.
    function decode(bytes calldata data) internal pure returns (bool valid, uint256 index, Step memory step) {
        unchecked {
            Reader memory reader;
            assembly ("memory-safe") {
                mstore(reader, data.offset)
            }
            _expect(reader, uint256(ONNX_STEP_TAG));
            index = _number(reader, 16);
            _expect(reader, PREFIX * WORD);

            step.opcode = uint8(_number(reader, 8));
            step.order = uint8(_number(reader, 8));
            step.dtype = uint8(_number(reader, 8));
            _expect(reader, STEP_HEAD * WORD);
            uint256 inputsOffset = _number(reader, 16);
            uint256 attrsOffset = _number(reader, 16);
            step.constRoot = bytes32(_number(reader, 256));
            step.constDepth = uint8(_number(reader, 8));

            step.shape = _shape(reader);
            reader.flaws |= inputsOffset ^ ((reader.next - PREFIX) * WORD);
            step.inputs = _inputs(reader);
            reader.flaws |= attrsOffset ^ ((reader.next - PREFIX) * WORD);
            step.attrs = _attrs(reader);
            // Had a word been read behind the end, the length would be too short now.
            valid = reader.flaws == 0 && data.length == reader.next * WORD;
        }
    }

    function _inputs(Reader memory reader) private pure returns (Ref[] memory inputs) {
        unchecked {
            inputs = new Ref[](_length(reader, MOST_INPUTS));
            uint256 table = reader.next;
            reader.next += inputs.length;
            for (uint256 i; i < inputs.length; ++i) {
                uint256 here = reader.next;
                reader.next = table + i;
                _expect(reader, (here - table) * WORD);
                reader.next = here;

                Ref memory input = inputs[i];
                input.from = uint16(_number(reader, 16));
                input.order = uint8(_number(reader, 8));
                input.dtype = uint8(_number(reader, 8));
                _expect(reader, REF_HEAD * WORD);
                input.shape = _shape(reader);
            }
        }
    }

    function _shape(Reader memory reader) private pure returns (uint32[] memory shape) {
        unchecked {
            shape = new uint32[](_length(reader, MOST_RANK));
            for (uint256 i; i < shape.length; ++i) shape[i] = uint32(_number(reader, 32));
        }
    }

    function _attrs(Reader memory reader) private pure returns (int64[] memory attrs) {
        unchecked {
            attrs = new int64[](_length(reader, MOST_ATTRS));
            for (uint256 i; i < attrs.length; ++i) {
                uint256 word = _number(reader, 256);
                attrs[i] = int64(uint64(word));
                reader.flaws |= word ^ uint256(int256(attrs[i]));
            }
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
            uint256 pointer = reader.start + reader.next++ * WORD;
            assembly ("memory-safe") {
                word := calldataload(pointer)
            }
            // In Solidity, a shift by 256 gives zero.
            reader.flaws |= word >> bits;
        }
    }
}
