// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {TensorPreimage} from "../types/PayloadTypes.sol";
import {Case, Opening} from "../types/RefereeTypes.sol";

/// @title Judge of single elements
/// @notice Says whether one element of one tensor is what the step that makes it computes from its inputs, bit for bit. One
/// contract for each verification profile: it knows the operators, how tensors are committed and what a compiled model is.
/// It holds neither tokens nor state. Who is in dispute with whom, and about which tensor, its caller knows.
/// @dev All trees are `MerkleLib`'s: over n leaves they have the depth `ceil(log2(max(n, 1)))`. Everything reverts that is
/// not proven. What is proven and cannot be right, because the model itself breaks the profile, is a fault of whoever
/// stated something about it: nodes compile every model before they serve it, and refuse those.
interface IReferee {
    /// @notice The header is not that of a model of this profile.
    /// @custom:fix Send `abi.encode(expected, Header)`, as the SDK's `encodeHeader` makes it.
    error RefereeWrongHeader(bytes32 given, bytes32 expected);

    /// @notice The trace has more or fewer data roots than the model has steps, or groups or outputs than the model has.
    /// @custom:fix Send one data root per step, or one root per group of 64 steps and one opening per output; `expected` in all.
    error RefereeWrongTrace(uint256 given, uint256 expected);

    /// @notice The header names a step that the model does not have as the one that makes an output.
    /// @custom:fix None; no node accepts such a model. There are `count` steps.
    error RefereeNoSuchStep(uint256 step, uint256 count);

    /// @notice The bytes are not the encoding of a step.
    /// @custom:fix Send `abi.encode(keccak256("onnx-int8/1/step"), index, Step)`, as the SDK's `encodeStep` makes it.
    error RefereeMalformedStep(bytes32 stepHash);

    /// @notice The step's tensor is laid down with more or fewer nodes than it takes.
    /// @custom:fix Send all words of a tensor of at most 256 words, and the `expected` nodes of its tree otherwise.
    error RefereeWrongNodes(uint256 given, uint256 expected);

    /// @notice The accused word is beyond the leaves of the tree.
    /// @custom:fix Accuse a word below `leaves`.
    error RefereeNoSuchWord(uint256 word, uint256 leaves);

    /// @notice No element begins at this byte of a word.
    /// @custom:fix Accuse a byte below 32 that is a multiple of `elementSize` (bytes).
    error RefereeNoSuchElement(uint256 offset, uint256 elementSize);

    /// @notice The verification profile that versions name to be judged here: a short string such as "onnx-int8/1".
    function profile() external pure returns (bytes32);

    /// @notice What a compiled model and a trace of it commit to.
    /// @dev Reverts only if the header is no header or the trace has not one root per step. Whether the roots returned are
    /// the expected ones is for the caller to see.
    /// @param header Of the model.
    /// @param r Data root of the tensor that each step makes, one per step.
    /// @return graphRoot Of the model: the hash of the header.
    /// @return stepsRoot Of the tree over the steps: leaf i is the word `keccak256(step)`, `step` being the bytes that `own`
    /// takes.
    /// @return traceRoot Of the tree over `r`, in which leaf i is the word `r[i]`, with its depth: `MerkleLib.rootWithDepth`.
    /// @return outputRoot Payload root of the outputs that the trace says.
    /// @custom:shape header: `abi.encode(keccak256(profile ‖ "/graph"), Header)`
    function open(
        bytes calldata header,
        bytes32[] calldata r
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot);

    /// @notice The same, of a trace of which the roots of its groups are given: of its subtrees over 64 steps each.
    /// @dev Reverts only if the header is no header, if there is not one root per group, or if an output is not proven. Of a model
    /// of at most 64 steps, which is a single group, the tree is higher than that of `open`.
    /// @param header Of the model.
    /// @param groups Root of each group. In the last one zero words stand behind the steps.
    /// @param outputs Opens of each output of the model the data root that the trace has for it.
    /// @return graphRoot As of `open`.
    /// @return stepsRoot As of `open`.
    /// @return traceRoot As of `open`.
    /// @return outputRoot As of `open`.
    /// @custom:shape header: `abi.encode(keccak256(profile ‖ "/graph"), Header)`
    function openGroups(
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs
    ) external pure returns (bytes32 graphRoot, bytes32 stepsRoot, bytes32 traceRoot, bytes32 outputRoot);

    /// @notice Whether tensors are of the number, types and shapes that a compiled model takes.
    /// @dev Reverts only if the header is no header. Whether the roots returned are the expected ones is for the caller to see.
    /// @param header Of the model.
    /// @param inputs What the roots of the tensors are the hashes of.
    /// @return graphRoot Of the model: the hash of the header.
    /// @return inputRoot Payload root of the tensors.
    /// @return fitting Whether the model takes them. What their values are does not matter.
    function fits(
        bytes calldata header,
        TensorPreimage[] calldata inputs
    ) external pure returns (bytes32 graphRoot, bytes32 inputRoot, bool fitting);

    /// @notice What a node commits to when it lays down its own tensor of one step.
    /// @dev The number of the step is part of its bytes and so of its hash; that they are the model's is for the caller to
    /// prove.
    /// @param step The step.
    /// @param nodes The words of its tensor if they are at most 256, else the nodes of its tree, which has d levels, at depth
    /// `min(8, ceil(d / 2))`.
    /// @return nodeRoot Data root of the tensor.
    /// @return depth Of its tree.
    /// @return words Whether `nodes` are the words themselves.
    /// @custom:shape step: `abi.encode(keccak256(profile ‖ "/step"), uint256 index, Step)`
    function own(
        bytes calldata step,
        bytes32[] calldata nodes
    ) external pure returns (bytes32 nodeRoot, uint8 depth, bool words);

    /// @notice Whether an element is wrong. In the padding behind a row or a tensor everything but zero is.
    /// @dev Reverts unless every opening is complete and proven, and needs none where the step alone shows the fault.
    /// @param c The element, and what it is computed from. The caller vouches for `traceRoot`, `inputRoot`, `outputRoot`,
    /// `nodeRoot` and that `step` is the model's.
    /// @return Whether the node's element differs from what the step computes, or the step or its constants break the
    /// profile, or a float that is quantised is not a number.
    function faulty(Case calldata c) external pure returns (bool);
}
