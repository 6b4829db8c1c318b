// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev A long trace is laid down in groups of so many steps, one after the other: the subtrees of its tree at `GROUP_LEVELS`
/// above the leaves.
uint256 constant GROUP_LEVELS = 6;
uint256 constant GROUP_STEPS = 1 << GROUP_LEVELS;

/// @dev Words of one tree and what proves them. The words stand in ascending order of their leaves; which leaves these are
/// follows from what is judged, never from calldata. `siblings` are what hashing lacks, level by level from the leaves up,
/// each level from left to right: a pair is hashed if both of it are there, else the next sibling is taken.
struct Opening {
    bytes32[] words;
    bytes32[] siblings;
}

/// @dev One element of one tensor, accused of being wrong, with all that it is computed from. The caller of a referee
/// vouches for `traceRoot`, `inputRoot`, `outputRoot`, `nodeRoot` and `step`; the referee proves everything else from these.
struct Case {
    bytes32 traceRoot; // of the challenger's trace: the tree over the data roots of all steps, with its depth
    bytes32 inputRoot; // payload root of the input that the statement is about
    bytes32 outputRoot; // payload root of the output that the statement states; models that read what they output are opened by it
    bytes32 nodeRoot; // data root of what the node says that the step makes
    bytes step; // as `IReferee.own` takes it
    uint32 word; // leaf of the accused word
    uint8 offset; // first byte of the accused element in that word; a multiple of the element's size
    uint32 witness; // where in its row a better element is than the one that an accused maximum names; profiles may ignore it
    Opening accused; // that word under nodeRoot
    bytes32[] inputRoots; // data root of each tensor that the element is computed from, in the order of the step's inputs
    bytes32[][] inputPaths; // of each: its path under traceRoot or, if it is of a payload, all tensor roots of that
    Opening[] inputs; // the words that the element is computed from: of each tensor, unless the profile says more
    Opening constants; // the words of the step's constants that the element is computed from
}

/// @dev A tensor that a step reads.
struct Ref {
    uint16 from; // step that makes it, `0xFF00 + k` input k of the graph, `0xFE00 + k` stated output k, `0xFD00` a constant
    uint8 order; // of its bytes in the tree: 0 packed, 1 rows, 2 image
    uint8 dtype; // as in ONNX: 1 float32, 2 uint8, 6 int32, 7 int64, 9 bool
    uint32[] shape;
}

/// @dev One step of a compiled model: order, type and shape are those of what it makes.
struct Step {
    uint8 opcode;
    uint8 order;
    uint8 dtype;
    uint32[] shape;
    Ref[] inputs;
    int64[] attrs; // floats as their 32 bits; order and meaning depend on the opcode
    bytes32 constRoot; // of the tree over the words of its constants; zero if it has none
    uint8 constDepth; // of that tree
}

/// @dev Name, type and shape of an input or output of a compiled model.
struct Spec {
    string name;
    uint8 dtype;
    uint32[] shape;
    uint16 step; // that makes an output; 0 for inputs
}

/// @dev A compiled model.
struct Header {
    uint16 n; // steps
    Spec[] ins;
    Spec[] outs;
    bytes32 stepsRoot; // of the tree over the hashes of the steps
}
