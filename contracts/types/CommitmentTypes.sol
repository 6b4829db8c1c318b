// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev `keccak256(abi.encode(ROUND_TAG, chainid, ResultCommitments, consumer, jobId, attempt, versionId, inputRoot))`. A
/// judge learns version and input from this preimage, without knowing anything about the consumer. What is stated without a
/// seal has such an id, too, so that one judge serves both.
type RoundId is bytes32;

/// @dev `keccak256(abi.encode(STATEMENT_TAG, roundId, node, outputRoot))`: "node states that the round's version, run on
/// the round's input, gives this output".
type StatementId is bytes32;

/// @dev Clock and counts of a round in one storage slot, from the lowest bit: sealEndsAt 48 | lastSealEndsAt 48 |
/// revealPeriod 32 | least 8 | most 8 | sealedCount 8 | revealedCount 8 | leaderCount 8 | lastRevealBlock 48 |
/// windowPeriod 32. Before the first reveal lastRevealBlock is free for the consumer, who can keep the block of a seed there.
/// Sealing runs in steps; it ends with the first step at whose end `least` nodes have sealed, at the
/// latest at `lastSealEndsAt`. `most` seals fill the round. Revealing follows at once, and then, for `windowPeriod` seconds
/// (none where it is zero), what was revealed can still be disputed. The highest byte is 1 where the seals of the round are packed:
/// then a hash of round and seals stands in the slot. Read and written by `RoundLib`.
type Round is uint256;

/// @dev `keccak256(abi.encode(BATCH_TAG, chainid, ResultCommitments, batch))`.
type BatchId is bytes32;

/// @dev Many statements under one root, which is that of an OpenZeppelin `StandardMerkleTree` over `["uint256", "bytes32"]`: the
/// index of a leaf, from 0 to `count - 1`, and the hash of what it states.
struct Batch {
    address poster; // account that states them
    bytes32 root;
    uint256 count; // of leaves
}

/// @dev How a statement was made, and so who knows that it was.
enum Transport {
    Revealed, // sealed and revealed in a round of ResultCommitments
    Direct // without a seal: its consumer keeps it, see `IStatementKeeper`; so are receipts and leaves of batches
}

/// @dev A node's seal of a round with its signer's signature on it, so that anybody can bring it.
/// @custom:shape see `authorOf` of ResultCommitments
struct SignedSeal {
    address node;
    bytes32 commitment;
    bytes32 r; // of the signature in compact form
    bytes32 vs;
}

/// @dev A node's seal of a round, as `ResultSealed` has it.
struct Seal {
    address node;
    bytes32 commitment;
}

/// @dev What shows a node's seal.
struct Reveal {
    address node;
    bytes32 outputRoot;
    bytes32 salt;
}

/// @dev What shows a node's seal where all have sealed the same output.
struct PackedReveal {
    address node;
    bytes32 salt;
}

/// @dev Why one of many reveals was skipped.
enum RevealFault {
    None,
    NothingSealed, // the node has not sealed in this round, or has revealed already
    ZeroReveal, // an output root of zero means "none", a salt of zero hides nothing
    Mismatch // output root and salt do not hash to what the node has sealed
}

bytes32 constant ROUND_TAG = keccak256("OPG/round");
bytes32 constant PACK_TAG = keccak256("OPG/pack");
bytes32 constant SEAL_TAG = keccak256("OPG/seal");
bytes32 constant STATEMENT_TAG = keccak256("OPG/statement");
bytes32 constant BATCH_TAG = keccak256("OPG/batch");
