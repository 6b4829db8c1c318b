// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {Answer, Game, Statement, StepProof, Supply} from "../../contracts/types/DisputeTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../../contracts/types/PayloadTypes.sol";
import {Case} from "../../contracts/types/RefereeTypes.sol";

/// @dev One tensor of so many bytes; the model takes one of `TOY_BYTES`.
function toyInput(uint32 length) pure returns (TensorPreimage[] memory tensors) {
    tensors = new TensorPreimage[](1);
    tensors[0] = TensorPreimage(2, new uint32[](1), "data");
    tensors[0].shape[0] = length;
}

function toyInputRoot(TensorPreimage[] memory tensors) pure returns (bytes32) {
    bytes32[] memory roots = new bytes32[](tensors.length);
    for (uint256 i; i < roots.length; ++i) {
        roots[i] = keccak256(abi.encode(TENSOR_TAG, tensors[i].dtype, tensors[i].shape, tensors[i].dataRoot));
    }
    return keccak256(abi.encode(PAYLOAD_TAG, roots));
}

uint32 constant TOY_BYTES = 32;

/// @title A model of two steps, of one word and of 300, run rightly and with lies
/// @dev Kind 0 is the truth; 1 is wrong from the first step on, 2 and 3 in one word of the second. All is worked out once.
contract Toy {
    uint256 public constant KINDS = 4;
    uint256 public constant LARGE = 300;
    bytes32 public constant PROFILE = "toy/1";
    uint256 private constant DEPTH = 9;

    TestReferee public immutable REFEREE = new TestReferee(PROFILE, TestReferee.Behaviour.Honest);
    bytes32 private immutable INPUT;
    bytes32 public stepsRoot;
    bytes32[KINDS] private _first;
    bytes32[][KINDS] private _second;
    /// @dev The second tensor's tree, as a heap: node 1 is the root, the children of n are 2n and 2n + 1.
    bytes32[][KINDS] private _heaps;

    constructor(bytes32 input) {
        INPUT = input;
        bytes32[] memory hashes = new bytes32[](2);
        (hashes[0], hashes[1]) = (keccak256(step(0)), keccak256(step(1)));
        stepsRoot = MerkleLib.rootOfWords(hashes);
        for (uint256 kind; kind < KINDS; ++kind) _run(kind);
    }

    /// @dev The game that a challenge with this trace opens here and now, without a seal.
    function gameOf(
        IDisputeGame disputes,
        Statement calldata statement,
        StatementId statementId,
        address challenger,
        uint256 kind
    ) external view returns (Game memory game) {
        game.statementId = statementId;
        game.inputRoot = statement.inputRoot;
        game.stepsRoot = stepsRoot;
        game.traceRoot = traceRoot(kind);
        game.node = statement.node;
        game.challenger = challenger;
        game.referee = address(REFEREE);
        game.bond = disputes.bond();
        game.rank = block.number;
        game.openedAt = block.timestamp;
        game.rules = disputes.governed();
    }

    function header() public view returns (bytes memory) {
        return abi.encode(uint256(2), LARGE, stepsRoot);
    }

    function graphRoot() external view returns (bytes32) {
        return keccak256(header());
    }

    function step(uint256 index) public pure returns (bytes memory) {
        return abi.encode(index, index == 0 ? 1 : LARGE);
    }

    function roots(uint256 kind) public view returns (bytes32[] memory r) {
        r = new bytes32[](2);
        (r[0], r[1]) = (MerkleLib.leaf(_first[kind]), _heaps[kind][1]);
    }

    function traceRoot(uint256 kind) public view returns (bytes32) {
        return MerkleLib.rootOfWords(roots(kind));
    }

    function outputRoot(uint256 kind) external view returns (bytes32) {
        return keccak256(abi.encode(PAYLOAD_TAG, _tensorRoots(kind)));
    }

    /// @dev The words that prove the first one of the output.
    function supply(uint256 kind) external view returns (Supply memory made) {
        made.tensorRoots = _tensorRoots(kind);
        made.dtype = 2;
        made.shape = _shape();
        made.dataRoot = _heaps[kind][1];
        made.words = new bytes32[](1);
        made.words[0] = _second[kind][0];
        made.siblings = _path(kind, 0, DEPTH);
    }

    function firstUnlike(uint256 kind, uint256 other) external view returns (uint256) {
        return _first[kind] == _first[other] ? 1 : 0;
    }

    /// @dev Zero if there is none.
    function firstWrongWord(uint256 kind, uint256 truth, uint256 index) external view returns (uint256 word) {
        if (index == 0) return 0;
        while (word < LARGE && _second[kind][word] == _second[truth][word]) ++word;
        if (word == LARGE) return 0;
    }

    function proof(uint256 kind, uint256 index) external view returns (StepProof memory made) {
        made.index = index;
        made.root = roots(kind)[index];
        made.rootPath = _single(MerkleLib.leaf(roots(kind)[1 - index]));
        made.step = step(index);
        made.stepPath = _single(MerkleLib.leaf(keccak256(step(1 - index))));
    }

    function nodes(uint256 kind, uint256 index) external view returns (bytes32[] memory laid) {
        if (index == 0) return _single(_first[kind]);
        laid = new bytes32[](256);
        for (uint256 i; i < 256; ++i) laid[i] = _heaps[kind][256 + i];
    }

    function answer(uint256 kind, uint256 index) public view returns (Answer memory) {
        return Answer(keccak256(step(index)), roots(kind)[index], index == 0 ? 0 : DEPTH);
    }

    function chunk(uint256 kind, uint256 place) external view returns (bytes32[] memory words, bytes32[] memory path) {
        words = new bytes32[](2);
        for (uint256 i; i < 2; ++i) if (2 * place + i < LARGE) words[i] = _second[kind][2 * place + i];
        path = _path(kind, place, 8);
    }

    /// @param kind Of what the node has laid down.
    /// @param trace Of what the challenger has laid down.
    function caseAgainst(
        uint256 kind,
        uint256 trace,
        uint256 index,
        uint256 word
    ) external view returns (Case memory c) {
        c.traceRoot = MerkleLib.rootOfWords(roots(trace));
        c.inputRoot = INPUT;
        c.nodeRoot = roots(kind)[index];
        c.step = step(index);
        c.word = uint32(word);
        c.accused.words = _single(index == 0 ? _first[kind] : _second[kind][word]);
        if (index == 0) return c;
        c.accused.siblings = _path(kind, word, DEPTH);
        c.inputRoots = _single(roots(trace)[0]);
        c.inputPaths = new bytes32[][](1);
        c.inputPaths[0] = _single(MerkleLib.leaf(roots(trace)[1]));
    }

    function _run(uint256 kind) private {
        _first[kind] = kind == 1 ? bytes32("a lie") : keccak256(abi.encode(uint256(0), uint256(0), INPUT));
        bytes32 before = MerkleLib.leaf(_first[kind]);
        bytes32[] memory heap = new bytes32[](2 << DEPTH);
        for (uint256 word; word < 1 << DEPTH; ++word) {
            bytes32 value;
            if (word < LARGE) {
                bool lie = (kind == 2 && word == 5) || (kind == 3 && word == LARGE - 1);
                value = lie ? bytes32("a lie") : keccak256(abi.encode(uint256(1), word, before));
                _second[kind].push(value);
            }
            heap[(1 << DEPTH) + word] = MerkleLib.leaf(value);
        }
        for (uint256 i = (1 << DEPTH) - 1; i > 0; --i) heap[i] = MerkleLib.node(heap[2 * i], heap[2 * i + 1]);
        _heaps[kind] = heap;
    }

    /// @dev From the node at a place of a depth up to the root.
    function _path(uint256 kind, uint256 index, uint256 depth) private view returns (bytes32[] memory path) {
        path = new bytes32[](depth);
        uint256 place = (1 << depth) + index;
        for (uint256 i; i < depth; ++i) path[i] = _heaps[kind][(place >> i) ^ 1];
    }

    function _tensorRoots(uint256 kind) private view returns (bytes32[] memory) {
        return _single(keccak256(abi.encode(TENSOR_TAG, uint8(2), _shape(), _heaps[kind][1])));
    }

    function _shape() private pure returns (uint32[] memory shape) {
        shape = new uint32[](1);
        shape[0] = uint32(32 * LARGE);
    }

    function _single(bytes32 word) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = word;
    }
}
