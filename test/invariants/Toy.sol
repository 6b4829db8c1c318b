// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {Answer, Game, Statement, StepProof, Supply} from "../../contracts/types/DisputeTypes.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../../contracts/types/PayloadTypes.sol";
import {Case, GROUP_LEVELS, GROUP_STEPS, Opening} from "../../contracts/types/RefereeTypes.sol";

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
/// @dev Two groups of steps, the second of which has two.
uint256 constant TOY_STEPS = 66;
uint256 constant TOY_LAST = TOY_STEPS - 1;
/// @dev Of the last tensor, and words in each.
uint256 constant TOY_PARTS = 32;
uint256 constant TOY_PART_WORDS = 16;

/// @title A model of 66 steps, of one word each but the last, which has 300, run rightly and with lies
/// @dev Kind 0 is the truth; 1 is wrong from the first step on, 2 and 3 in one word of the last. All is worked out once.
contract Toy {
    uint256 public constant KINDS = 4;
    uint256 public constant LARGE = 300;
    bytes32 public constant PROFILE = "toy/1";
    /// @dev Of the last tensor's tree, and of those over steps and traces.
    uint256 private constant DEPTH = 9;
    uint256 private constant STEP_DEPTH = 7;

    TestReferee public immutable REFEREE = new TestReferee(PROFILE, TestReferee.Behaviour.Honest);
    bytes32 private immutable INPUT;
    /// @dev The words of steps: of all but the last one each.
    bytes32[][KINDS] private _single;
    bytes32[][KINDS] private _last;
    /// @dev Trees as heaps: node 1 is the root, the children of n are 2n and 2n + 1.
    bytes32[][KINDS] private _lastHeaps;
    bytes32[][KINDS] private _traces;
    bytes32[] private _steps;

    constructor(bytes32 input) {
        INPUT = input;
        bytes32[] memory hashes = new bytes32[](TOY_STEPS);
        for (uint256 i; i < TOY_STEPS; ++i) hashes[i] = keccak256(step(i));
        _steps = _heapOf(hashes, STEP_DEPTH);
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
        game.outputRoot = statement.outputRoot;
        game.stepsRoot = stepsRoot();
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
        return abi.encode(TOY_STEPS, LARGE, stepsRoot());
    }

    function graphRoot() external view returns (bytes32) {
        return keccak256(header());
    }

    function stepsRoot() public view returns (bytes32) {
        return _steps[1];
    }

    function step(uint256 index) public pure returns (bytes memory) {
        return abi.encode(index, index == TOY_LAST ? LARGE : 1);
    }

    function roots(uint256 kind) public view returns (bytes32[] memory r) {
        r = new bytes32[](TOY_STEPS);
        for (uint256 i; i < TOY_STEPS; ++i) r[i] = rootAt(kind, i);
    }

    function rootAt(uint256 kind, uint256 index) public view returns (bytes32) {
        return index == TOY_LAST ? _lastHeaps[kind][1] : MerkleLib.leaf(_single[kind][index]);
    }

    function traceRoot(uint256 kind) public view returns (bytes32) {
        return MerkleLib.rootWithDepth(_traces[kind][1], STEP_DEPTH);
    }

    function groups(uint256 kind) external view returns (bytes32[] memory made) {
        made = new bytes32[](2);
        (made[0], made[1]) = (_traces[kind][2], _traces[kind][3]);
    }

    function outputs(uint256 kind) external view returns (Opening[] memory opened) {
        opened = new Opening[](1);
        opened[0].words = _only(rootAt(kind, TOY_LAST));
        opened[0].siblings = _path(_traces[kind], TOY_LAST, STEP_DEPTH);
    }

    /// @dev The data roots of a group, and what proves them.
    function group(uint256 kind, uint256 number) external view returns (bytes32[] memory r, bytes32[] memory path) {
        r = new bytes32[](GROUP_STEPS);
        uint256 first = number * GROUP_STEPS;
        for (uint256 i; i < GROUP_STEPS && first + i < TOY_STEPS; ++i) r[i] = rootAt(kind, first + i);
        path = _path(_traces[kind], number, STEP_DEPTH - GROUP_LEVELS);
    }

    function outputRoot(uint256 kind) public view returns (bytes32) {
        return keccak256(abi.encode(PAYLOAD_TAG, _tensorRoots(kind)));
    }

    /// @dev The words that prove the first one of the output.
    function supply(uint256 kind) external view returns (Supply memory made) {
        made.tensorRoots = _tensorRoots(kind);
        made.dtype = 2;
        made.shape = _shape();
        made.dataRoot = _lastHeaps[kind][1];
        made.words = _only(_last[kind][0]);
        made.siblings = _path(_lastHeaps[kind], 0, DEPTH);
    }

    function firstUnlike(uint256 kind, uint256 other) external view returns (uint256) {
        return _single[kind][0] == _single[other][0] ? TOY_LAST : 0;
    }

    /// @dev Zero if there is none.
    function firstWrongWord(uint256 kind, uint256 truth, uint256 index) external view returns (uint256 word) {
        if (index < TOY_LAST) return 0;
        while (word < LARGE && _last[kind][word] == _last[truth][word]) ++word;
        if (word == LARGE) return 0;
    }

    function proof(uint256 kind, uint256 index) external view returns (StepProof memory made) {
        made.index = index;
        made.root = rootAt(kind, index);
        made.rootPath = _path(_traces[kind], index, STEP_DEPTH);
        made.step = step(index);
        made.stepPath = _path(_steps, index, STEP_DEPTH);
    }

    function nodes(uint256 kind, uint256 index) external view returns (bytes32[] memory laid) {
        if (index < TOY_LAST) return _only(_single[kind][index]);
        laid = new bytes32[](TOY_PARTS);
        for (uint256 i; i < TOY_PARTS; ++i) laid[i] = _lastHeaps[kind][TOY_PARTS + i];
    }

    function answer(uint256 kind, uint256 index) public view returns (Answer memory) {
        return Answer(keccak256(step(index)), rootAt(kind, index), index < TOY_LAST ? 0 : DEPTH);
    }

    function chunk(uint256 kind, uint256 place) external view returns (bytes32[] memory words, bytes32[] memory path) {
        words = new bytes32[](TOY_PART_WORDS);
        uint256 first = TOY_PART_WORDS * place;
        for (uint256 i; i < TOY_PART_WORDS && first + i < LARGE; ++i) words[i] = _last[kind][first + i];
        path = _path(_lastHeaps[kind], place, 5);
    }

    /// @param kind Of what the node has stated and laid down.
    /// @param trace Of what the challenger has laid down.
    function caseAgainst(
        uint256 kind,
        uint256 trace,
        uint256 index,
        uint256 word
    ) external view returns (Case memory c) {
        c.traceRoot = traceRoot(trace);
        c.inputRoot = INPUT;
        c.outputRoot = outputRoot(kind);
        c.nodeRoot = rootAt(kind, index);
        c.step = step(index);
        c.word = uint32(word);
        c.accused.words = _only(index < TOY_LAST ? _single[kind][index] : _last[kind][word]);
        if (index == TOY_LAST) c.accused.siblings = _path(_lastHeaps[kind], word, DEPTH);
        if (index == 0) return c;
        c.inputRoots = _only(rootAt(trace, index - 1));
        c.inputPaths = new bytes32[][](1);
        c.inputPaths[0] = _path(_traces[trace], index - 1, STEP_DEPTH);
    }

    function _run(uint256 kind) private {
        bytes32 before = INPUT;
        bytes32[] memory r = new bytes32[](TOY_STEPS);
        for (uint256 i; i < TOY_LAST; ++i) {
            bytes32 word = kind == 1 && i == 0 ? bytes32("a lie") : keccak256(abi.encode(i, uint256(0), before));
            _single[kind].push(word);
            before = r[i] = MerkleLib.leaf(word);
        }
        bytes32[] memory words = new bytes32[](LARGE);
        for (uint256 i; i < LARGE; ++i) {
            bool lie = (kind == 2 && i == 5) || (kind == 3 && i == LARGE - 1);
            words[i] = lie ? bytes32("a lie") : keccak256(abi.encode(TOY_LAST, i, before));
        }
        _last[kind] = words;
        _lastHeaps[kind] = _heapOf(words, DEPTH);
        r[TOY_LAST] = _lastHeaps[kind][1];
        _traces[kind] = _heapOf(r, STEP_DEPTH);
    }

    function _heapOf(bytes32[] memory words, uint256 depth) private pure returns (bytes32[] memory heap) {
        heap = new bytes32[](2 << depth);
        for (uint256 i; i < 1 << depth; ++i) {
            heap[(1 << depth) + i] = MerkleLib.leaf(i < words.length ? words[i] : bytes32(0));
        }
        for (uint256 i = (1 << depth) - 1; i > 0; --i) heap[i] = MerkleLib.node(heap[2 * i], heap[2 * i + 1]);
    }

    /// @dev From the node at a place of a depth up to the root.
    function _path(bytes32[] storage heap, uint256 index, uint256 depth) private view returns (bytes32[] memory path) {
        path = new bytes32[](depth);
        uint256 place = (1 << depth) + index;
        for (uint256 i; i < depth; ++i) path[i] = heap[(place >> i) ^ 1];
    }

    function _tensorRoots(uint256 kind) private view returns (bytes32[] memory) {
        return _only(keccak256(abi.encode(TENSOR_TAG, uint8(2), _shape(), _lastHeaps[kind][1])));
    }

    function _shape() private pure returns (uint32[] memory shape) {
        shape = new uint32[](1);
        shape[0] = uint32(32 * LARGE);
    }

    function _only(bytes32 word) private pure returns (bytes32[] memory list) {
        list = new bytes32[](1);
        list[0] = word;
    }
}
