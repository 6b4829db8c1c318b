// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev `keccak256(abi.encode(MODEL_TAG, publisher, slug)) >> 8`, which is also the ERC-721 token id. 248 bits, so that
/// a version finds its model and its own state in one storage slot.
type ModelId is bytes32;

/// @dev `keccak256(abi.encode(VERSION_TAG, modelId, VersionIdentity))`. Equal on every chain.
type VersionId is bytes32;

bytes32 constant MODEL_TAG = keccak256("OPG/model");
bytes32 constant VERSION_TAG = keccak256("OPG/version");

/// @dev Name, element type and shape of one input or output. A dimension of 0 is left open.
struct TensorSpec {
    string name;
    uint8 dtype; // as in ONNX: 1 float32, 2 uint8, 3 int8, 6 int32, 7 int64 ...
    uint32[] shape;
}

/// @dev All that execution or judgement of a version reads. The version id is its hash, so it can never change.
struct VersionIdentity {
    bytes32 artifactDigest; // sha-256 of the file
    uint64 artifactSize; // bytes
    string format; // e.g. "onnx"
    TensorSpec[] inputs;
    TensorSpec[] outputs;
    bytes32 profile; // verification profile, a short string such as "onnx-int8/1"; zero is none
    bytes32 graphRoot; // what a referee of that profile judges by; zero is none
}

/// @dev What the owner says about a version beside its identity. It is written once, too.
struct VersionRelease {
    uint16 major;
    uint16 minor;
    bytes32 goldenInputRoot; // payload root of a test input
    bytes32 goldenOutputRoot; // and of the output that every node must get for it
    string licence; // SPDX expression
    string[] uris; // where the artifact can be fetched: https, ipfs, file
    string metadataURI;
    bytes32 metadataHash; // sha-256 of what metadataURI serves
}

/// @dev What the registry keeps of a version in storage; the rest is in the event `VersionReleased` of `releasedBlock`.
struct Version {
    uint248 modelId; // slot 0
    VersionState state;
    uint48 releasedBlock; // slot 1
    uint16 major;
    uint16 minor;
    uint8 uris;
    VersionId successor; // slot 2
}

enum VersionState {
    None,
    Released,
    Refereed, // released, with a graphRoot that a referee judges by
    Deprecated
}

/// @dev What one inference costs on top of the nodes' work, to whom it goes, and who may order it. An order reads the
/// first slot alone, unless `royaltyPending` or `restricted` says that there is more to look at.
struct ModelTerms {
    address owner; // slot 0; as ERC-721 has it
    uint80 royalty; // OPG per inference
    bool royaltyPending; // nextRoyalty has been announced
    bool restricted; // only listed requesters may order
    uint80 nextRoyalty; // slot 1; holds from nextRoyaltyAt on
    uint48 nextRoyaltyAt; // unix seconds
}
