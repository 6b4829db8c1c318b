// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Math} from "@openzeppelin/contracts/utils/math/Math.sol";

import {Demand, Supply} from "../types/DisputeTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG} from "../types/PayloadTypes.sol";
import {GameRulesLib} from "./GameRulesLib.sol";
import {MerkleLib} from "./MerkleLib.sol";
import {PayloadLib} from "./PayloadLib.sol";

/// @title Whether a supply is what was demanded
/// @notice Who demands need not know how many tensors a payload has or how long they are: of what it does not have, its
/// shape is the proof.
library SupplyLib {
    uint256 private constant WORD_BYTES = 32;
    /// @dev Tensors and dimensions together. No model has 256 of the one, or seven of the other. What a model is shown is shown
    /// to its referee with all of them, so a supply of more would be of what nobody can judge in one transaction.
    uint256 private constant MOST_SHOWN = 512;

    /// @notice A part of the supply is not what was committed to.
    /// @custom:fix Send what hashes to `expected`: the "payload" of all tensor roots, the "tensor" of type, shape and data
    /// root, the "data" of words and siblings.
    error DisputeWrongSupply(bytes32 part, bytes32 given, bytes32 expected);

    /// @notice The words are not as many as the tensor has of those that were demanded.
    /// @custom:fix Send `expected` words.
    error DisputeWrongSupplyCount(uint256 given, uint256 expected);

    function check(Demand calldata demand, Supply calldata supply) internal pure {
        GameRulesLib.within("shown", supply.tensorRoots.length + supply.shape.length, 0, MOST_SHOWN);
        _match("payload", keccak256(abi.encode(PAYLOAD_TAG, supply.tensorRoots)), demand.root);
        if (demand.tensor >= supply.tensorRoots.length) return _checkCount(supply, 0);

        bytes32 tensorRoot = keccak256(abi.encode(TENSOR_TAG, supply.dtype, supply.shape, supply.dataRoot));
        _match("tensor", tensorRoot, supply.tensorRoots[demand.tensor]);
        // A shape without bytes has no root that `PayloadLib` gives; taken as one word it has a tree to be opened.
        uint256 length = Math.ceilDiv(PayloadLib.byteLength(supply.dtype, supply.shape), WORD_BYTES);
        uint256 words = Math.max(length, 1);
        if (demand.firstWord >= words) return _checkCount(supply, 0);

        _checkCount(supply, Math.min(demand.count, words - demand.firstWord));
        uint256 depth = Math.log2(words, Math.Rounding.Ceil);
        bytes32 dataRoot = MerkleLib.rootOfRange(supply.words, demand.firstWord, depth, supply.siblings);
        _match("data", dataRoot, supply.dataRoot);
    }

    function _checkCount(Supply calldata supply, uint256 expected) private pure {
        if (supply.words.length != expected) revert DisputeWrongSupplyCount(supply.words.length, expected);
    }

    function _match(bytes32 part, bytes32 given, bytes32 expected) private pure {
        if (given != expected) revert DisputeWrongSupply(part, given, expected);
    }
}
