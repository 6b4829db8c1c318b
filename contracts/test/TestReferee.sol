// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleLib} from "../libraries/MerkleLib.sol";
import {PartLib} from "../libraries/PartLib.sol";
import {PayloadLib} from "../libraries/PayloadLib.sol";
import {LayoutLib} from "../libraries/onnx/LayoutLib.sol";
import {PAYLOAD_TAG, TENSOR_TAG, TensorPreimage} from "../types/PayloadTypes.sol";
import {Case, GROUP_LEVELS, GROUP_STEPS, Opening} from "../types/RefereeTypes.sol";

/// @title A referee of a toy model, whose answers can be bent
/// @notice Each step makes a tensor of `words` words; word w of step i is `keccak256(abi.encode(i, w, before))`, where
/// `before` is the data root of the step before it, and the payload root of the input for the first. So a trace hangs
/// together as a real one does, and one root is right.
/// @dev Not declared as `IReferee`, whose functions are pure and cannot be bent.
contract TestReferee {
    using MerkleLib for bytes32[];

    enum Behaviour {
        Honest,
        BurnsAllGas,
        ReturnsTwo,
        ReturnsNothing,
        ReturnsMegabyte,
        Reverts
    }

    error OpeningIsWrong();

    uint256 private constant MEGABYTE = 1 << 20;
    uint8 private constant BYTES_DTYPE = 2;
    uint256 private constant INPUT_BYTES = 32;

    bytes32 private immutable PROFILE;
    Behaviour private immutable BEHAVIOUR;

    constructor(bytes32 profile_, Behaviour behaviour) {
        PROFILE = profile_;
        BEHAVIOUR = behaviour;
    }

    function profile() external view returns (bytes32) {
        return PROFILE;
    }

    /// @custom:shape header: `abi.encode(uint256 steps, uint256 words, bytes32 stepsRoot)`
    function open(
        bytes calldata header,
        bytes32[] calldata r
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        uint256 steps;
        uint256 words;
        (steps, words, stepsRoot) = abi.decode(header, (uint256, uint256, bytes32));
        if (r.length != steps) revert OpeningIsWrong();
        traceRoot = MerkleLib.rootWithDepth(MerkleLib.rootOfWords(r.copyOf()), LayoutLib.depthOf(steps));
        return (keccak256(header), stepsRoot, traceRoot, _outputRoot(words, r[steps - 1]));
    }

    /// @dev The output of a toy model is what its last step makes.
    function openGroups(
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot) {
        uint256 steps;
        uint256 words;
        (steps, words, stepsRoot) = abi.decode(header, (uint256, uint256, bytes32));
        if (groups.length < 2 || groups.length != (steps + GROUP_STEPS - 1) / GROUP_STEPS) revert OpeningIsWrong();
        bytes32 root = MerkleLib.rootOfSubtrees(groups.copyOf(), GROUP_LEVELS);
        bytes32 output = outputs[0].words[0];
        if (MerkleLib.rootOfPath(output, steps - 1, outputs[0].siblings) != root) revert OpeningIsWrong();
        traceRoot = MerkleLib.rootWithDepth(root, LayoutLib.depthOf(steps));
        return (keccak256(header), stepsRoot, traceRoot, _outputRoot(words, output));
    }

    /// @dev Toy models take one tensor of 32 bytes.
    function fits(
        bytes calldata header,
        TensorPreimage[] calldata inputs
    ) external pure returns (bytes32 graphRoot, bytes32 inputRoot, bool fitting) {
        fitting = inputs.length == 1 && inputs[0].dtype == BYTES_DTYPE;
        fitting = fitting && inputs[0].shape.length == 1 && inputs[0].shape[0] == INPUT_BYTES;
        return (keccak256(header), PayloadLib.rootOfPreimages(inputs), fitting);
    }

    /// @custom:shape step: `abi.encode(uint256 index, uint256 words)`
    function own(
        bytes calldata step,
        bytes32[] calldata nodes
    ) external pure returns (bytes32 nodeRoot, uint8 depth, bool areWords) {
        (, uint256 words) = abi.decode(step, (uint256, uint256));
        while (1 << depth < words) ++depth;
        uint256 levels = PartLib.levelsOf(depth);
        areWords = levels == depth;
        if (nodes.length != (areWords ? words : 1 << levels)) revert OpeningIsWrong();
        bytes32[] memory level = nodes.copyOf();
        return (areWords ? MerkleLib.rootOfWords(level) : MerkleLib.rootOfNodes(level), depth, areWords);
    }

    function faulty(Case calldata c) external view returns (bool) {
        if (BEHAVIOUR != Behaviour.Honest) _misbehave();
        (uint256 index, uint256 words) = abi.decode(c.step, (uint256, uint256));
        bytes32 shown = c.accused.words[0];
        if (MerkleLib.rootOfPath(shown, c.word, c.accused.siblings) != c.nodeRoot) revert OpeningIsWrong();
        bytes32 before = index == 0 ? c.inputRoot : c.inputRoots[0];
        if (index > 0) {
            bytes32 root = MerkleLib.rootOfPath(before, index - 1, c.inputPaths[0]);
            if (MerkleLib.rootWithDepth(root, c.inputPaths[0].length) != c.traceRoot) revert OpeningIsWrong();
        }
        return shown != (c.word < words ? keccak256(abi.encode(index, c.word, before)) : bytes32(0));
    }

    function _outputRoot(uint256 words, bytes32 dataRoot) private pure returns (bytes32) {
        uint32[] memory shape = new uint32[](1);
        shape[0] = uint32(32 * words);
        bytes32[] memory tensors = new bytes32[](1);
        tensors[0] = keccak256(abi.encode(TENSOR_TAG, BYTES_DTYPE, shape, dataRoot));
        return keccak256(abi.encode(PAYLOAD_TAG, tensors));
    }

    function _misbehave() private view {
        if (BEHAVIOUR == Behaviour.Reverts) revert OpeningIsWrong();
        if (BEHAVIOUR == Behaviour.BurnsAllGas) {
            assembly ("memory-safe") {
                invalid()
            }
        }
        uint256 size = BEHAVIOUR == Behaviour.ReturnsMegabyte ? MEGABYTE : 32;
        if (BEHAVIOUR == Behaviour.ReturnsNothing) size = 0;
        assembly {
            mstore(0x00, 2)
            return(0x00, size)
        }
    }
}
