// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {
    Batch,
    BatchId,
    PackedReveal,
    Reveal,
    RevealFault,
    Round,
    RoundId,
    Seal,
    SignedSeal,
    StatementId
} from "../types/CommitmentTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {PayloadError} from "../types/PayloadTypes.sol";

/// @title What was stated: sealed rounds and their reveals, and batches
/// @notice In a round several nodes answer one question without seeing each other's answer: each seals a hash of it, and
/// when sealing is over each shows what it had sealed. A reveal is a *statement* with an id of its own. The contract
/// counts equal outputs; it knows no prices, no stake and no right or wrong.
///
/// Seals that come together and open a round are *packed*: one hash stands for all of them, which costs a slot instead of one for
/// each. Where all of them turn out to hide the same output, showing that settles the job and no slot more is written. Anything
/// else needs the round unpacked first, which anybody can do with what the events have: it is an ordinary round then.
///
/// A batch states many things at once: its root stands here, its leaves elsewhere. What a leaf means is its reader's to know.
/// @dev A round belongs to the contract that seals in it, its consumer; the consumer's address is in the round's id.
interface IResultCommitments {
    /// @notice The first seals of a round, which open it: one, or all that are packed. `terms` is the round as it was then. What is
    /// run on which input is in the preimage of the id, which the consumer's own event for `jobId` gives.
    event RoundOpened(
        RoundId indexed roundId,
        address indexed consumer,
        bytes32 indexed jobId,
        uint256 attempt,
        Round terms
    );

    /// @notice A node sealed. Sealing runs at least until `sealEndsAt` (unix seconds).
    event ResultSealed(RoundId indexed roundId, address indexed node, bytes32 commitment, uint256 sealEndsAt);

    /// @notice The seals of a packed round have entries of their own from now on.
    event RoundUnpacked(RoundId indexed roundId);

    /// @notice A node revealed: it states `outputRoot`.
    event ResultRevealed(RoundId indexed roundId, address indexed node, bytes32 outputRoot);

    /// @notice A reveal among many was left out; the others count.
    event RevealSkipped(RoundId indexed roundId, address indexed node, RevealFault fault);

    /// @notice An account states `count` things at once; where they can be read is in `uri`.
    event BatchPosted(BatchId indexed batchId, address indexed poster, bytes32 root, uint256 count, string uri);

    /// @notice A commitment of zero means "none" and cannot be sealed.
    /// @custom:fix Seal the hash that `sealOf` gives.
    error CommitmentsZeroSeal(RoundId roundId, address node);

    /// @notice The node has sealed, or even revealed, in this round before.
    /// @custom:fix Nothing: a node has one seal in a round, and it cannot be changed.
    error CommitmentsAlreadySealed(RoundId roundId, address node);

    /// @notice Sealing is over, or the running step would end earlier than an earlier one.
    /// @custom:fix Reveal if the node has sealed; otherwise this round goes on without it.
    error CommitmentsSealingOver(RoundId roundId, uint256 endedAt);

    /// @notice `most` nodes have sealed.
    /// @custom:fix Nothing: the round is full.
    error CommitmentsRoundFull(RoundId roundId, uint256 most);

    /// @notice The node has not sealed in this round, or has revealed already.
    /// @custom:fix Check round and node; a second reveal is not needed.
    error CommitmentsNothingSealed(RoundId roundId, address node);

    /// @notice Others may still seal, and could copy what is revealed.
    /// @custom:fix Reveal at `opensAt` (unix seconds) or later.
    error CommitmentsRevealTooEarly(RoundId roundId, uint256 opensAt);

    /// @notice The time to reveal is over.
    /// @custom:fix Nothing: the node counts as silent.
    error CommitmentsRevealTooLate(RoundId roundId, uint256 endedAt);

    /// @notice An output root of zero means "none", a salt of zero hides nothing.
    /// @custom:fix Seal with 32 random bytes as salt; a seal made with zero can never be revealed.
    error CommitmentsZeroReveal(RoundId roundId, address node);

    /// @notice The seals of the round are packed, and this needs their entries.
    /// @custom:fix Call `unpack` first, with `terms` of the round's `RoundOpened` and each of its `ResultSealed`, in their order.
    error CommitmentsPacked(RoundId roundId);

    /// @notice The round is not packed, or not of these seals: they hash to `given`, and `kept` is what stands here.
    /// @custom:fix Give the round as `RoundOpened` has it, and all of its seals in the order of `ResultSealed`. Where `kept` has not 1
    /// as its highest byte, the round needs no unpacking: reveal in it as in any other.
    error CommitmentsOtherPack(RoundId roundId, Round given, Round kept);

    /// @notice A field of a batch is outside its bounds.
    /// @custom:fix Give `field` between `least` and `most`.
    error CommitmentsBatchOutOfBounds(bytes32 field, uint256 given, uint256 least, uint256 most);

    /// @notice The account has posted this batch before.
    /// @custom:fix Nothing: it stands since `postedAt` (unix seconds).
    error CommitmentsBatchPosted(BatchId batchId, uint256 postedAt);

    /// @notice The account has posted no such batch.
    /// @custom:fix Give poster, root and count as the event has them.
    error CommitmentsUnknownBatch(BatchId batchId);

    /// @notice The batch has no such leaf.
    /// @custom:fix Give an index below `count`, and the path that OpenZeppelin's `StandardMerkleTree` makes for that leaf.
    error CommitmentsNotInBatch(BatchId batchId, uint256 index, bytes32 statement);

    /// @notice Output root and salt do not hash to what this node has sealed.
    /// @custom:fix Reveal exactly what was sealed, for the same node, round, chain and contract.
    error CommitmentsMismatch(RoundId roundId, address node, bytes32 given, bytes32 sealedBefore);

    /// @notice This is nobody's signature.
    /// @custom:fix Sign the seal again, and send the signature in its compact form.
    error CommitmentsBadSignature(RoundId roundId, address node, bytes32 r, bytes32 vs);

    /// @notice A listed node has not sealed in the round, or the list is not ascending here.
    /// @custom:fix List nodes of `ResultSealed`, each once, ascending by address.
    error CommitmentsNotSealed(RoundId roundId, address node);

    /// @notice Seals a node's output in a round of the caller; the first seal opens the round.
    /// @dev `least`, `most`, `lastSealEndsAt`, `revealPeriod` and `windowPeriod` are fixed by the first seal; of later ones `sealEndsAt`
    /// alone is looked at, which extends the sealing by a step, but only while too few have sealed.
    /// @param jobId Whatever the consumer counts by.
    /// @param attempt Tells rounds about the same job apart.
    /// @param versionId What is run.
    /// @param inputRoot On which input.
    /// @param node Who answers. The consumer vouches that the node wants this.
    /// @param commitment The hash that `sealOf` gives.
    /// @param terms Clock and size, without counts.
    /// @custom:caller Any contract, for rounds of its own.
    function seal(
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot,
        address node,
        bytes32 commitment,
        Round terms
    ) external;

    /// @notice Seals the outputs of several nodes, each with a signature on it, in a round of the caller. Where they open a round whose
    /// statements cannot be disputed, are at least `least`, and are listed ascending by node, they are packed.
    /// @dev Takes all or none, and asks of each what `seal` does. Packing needs `least` of them so that a round that cannot go on
    /// without other nodes never makes those unpack it.
    /// @param jobId Whatever the consumer counts by.
    /// @param attempt Tells rounds about the same job apart.
    /// @param versionId What is run.
    /// @param inputRoot On which input.
    /// @param seals The seals and the signatures on them.
    /// @param terms Clock and size, without counts.
    /// @return authors Who has signed each, see `authorOf`. The consumer checks that they may.
    /// @custom:caller Any contract, for rounds of its own.
    function sealMany(
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot,
        SignedSeal[] calldata seals,
        Round terms
    ) external returns (address[] memory authors);

    /// @notice Gives each seal of a packed round an entry of its own, after which it is a round like any other. It changes no clock.
    /// @param roundId The round.
    /// @param round As `RoundOpened` has it.
    /// @param seals All of them, in the order of `ResultSealed`.
    /// @custom:caller Anyone.
    function unpack(RoundId roundId, Round round, Seal[] calldata seals) external;

    /// @notice Shows that all nodes of a packed round have sealed the same output, for the rest of this transaction alone: for
    /// whoever settles in it, the round is one in which all have revealed. Nothing is written; nothing can be disputed on
    /// its ground.
    /// @param roundId The round.
    /// @param round As `RoundOpened` has it.
    /// @param outputRoot What all of them have sealed.
    /// @param reveals The salt of each node, in the order of `ResultSealed`.
    /// @custom:caller Anyone who knows the salts.
    function revealPacked(RoundId roundId, Round round, bytes32 outputRoot, PackedReveal[] calldata reveals) external;

    /// @notice Shows what several nodes have sealed in one round. What `reveal` would refuse of a single node is skipped and
    /// reported, and stops no other; it reverts where nobody can reveal in the round now.
    /// @param roundId The round.
    /// @param reveals Node, output root and salt of each.
    function revealMany(RoundId roundId, Reveal[] calldata reveals) external;

    /// @notice Shows what a node has sealed. Whoever knows the salt may send it: the preimage names the node, so nobody
    /// can reveal a seal as somebody else's.
    /// @param roundId The round.
    /// @param node Who sealed.
    /// @param outputRoot Commitment to the output.
    /// @param salt The 32 bytes that hid it.
    function reveal(RoundId roundId, address node, bytes32 outputRoot, bytes32 salt) external;

    /// @notice A round's clock and counts, and the output that leads; all zero where nobody has sealed. Reverts where the round is
    /// packed and was not shown in this transaction.
    /// @param roundId The round.
    /// @return round Clock and counts.
    /// @return leader Root of the output with the most reveals; of several, the one that had so many first. In a round
    /// whose statements can be disputed, the first output revealed.
    function roundOf(RoundId roundId) external view returns (Round round, bytes32 leader);

    /// @notice What a node has done in a round. Reverts where the round is packed.
    /// @param roundId The round.
    /// @param node Who.
    /// @custom:shape upper 248 bits: of the seal, or of `keccak256(abi.encode(outputRoot))` once revealed; lowest byte: 0
    /// none, 1 sealed, 2 revealed
    function entryOf(RoundId roundId, address node) external view returns (bytes32);

    /// @notice Compares what nodes have done in a round with one output; of a packed round, as it was shown in this transaction.
    /// @param roundId The round.
    /// @param nodes Nodes that have sealed, ascending by address, at most 256.
    /// @param outputRoot The output; zero stands for any.
    /// @return stated Bit i is set if the i-th node revealed the output.
    /// @return silent Bit i is set if the i-th node has sealed and not revealed.
    /// @return statedCount How many bits of `stated` are set.
    function tallyOf(
        RoundId roundId,
        address[] calldata nodes,
        bytes32 outputRoot
    ) external view returns (uint256 stated, uint256 silent, uint256 statedCount);

    /// @notice How many reveals of a round gave this output; in a round whose statements can be disputed, only the leader's
    /// are counted. Reverts where the round is packed.
    /// @param roundId The round.
    /// @param outputRoot The output's commitment.
    function countOf(RoundId roundId, bytes32 outputRoot) external view returns (uint256);

    /// @notice What a node has revealed in a round whose statements can be disputed; zero if nothing.
    /// @param roundId The round.
    /// @param node Who.
    function outputOf(RoundId roundId, address node) external view returns (bytes32);

    /// @notice Whether a node has made this statement.
    /// @param roundId The round.
    /// @param node Who.
    /// @param outputRoot What.
    function hasStated(RoundId roundId, address node, bytes32 outputRoot) external view returns (bool);

    /// @notice When a statement can be disputed no more.
    /// @param roundId The round.
    /// @param node Who.
    /// @param outputRoot The output's commitment.
    /// @return Unix seconds, exclusive; zero if the node has not made this statement, or nothing in the round can be
    /// disputed.
    function disputableUntil(RoundId roundId, address node, bytes32 outputRoot) external view returns (uint256);

    /// @notice Who has signed a node's seal of a round. Whether that one may sign for the node is the consumer's to check.
    /// @param roundId The round.
    /// @param node Who answers.
    /// @param commitment What is sealed.
    /// @param r The signature, in the compact form of EIP-2098: its first word.
    /// @param vs Its second word.
    /// @custom:shape EIP-712, in the domain of this contract: `Seal(bytes32 roundId,address node,bytes32 commitment)`
    function authorOf(
        RoundId roundId,
        address node,
        bytes32 commitment,
        bytes32 r,
        bytes32 vs
    ) external view returns (address);

    /// @notice The id of a consumer's round.
    /// @param consumer The contract that seals in it.
    /// @param jobId Whatever the consumer counts by.
    /// @param attempt Tells rounds about the same job apart.
    /// @param versionId What is run.
    /// @param inputRoot On which input.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/round"), chainid, this, consumer, jobId, attempt, versionId,
    /// inputRoot))`
    function roundIdOf(
        address consumer,
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot
    ) external view returns (RoundId);

    /// @notice The commitment that hides an output until it is revealed.
    /// @param roundId The round.
    /// @param node Who seals.
    /// @param outputRoot The output's commitment.
    /// @param salt 32 bytes that nobody can guess.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/seal"), chainid, this, roundId, node, outputRoot, salt))`
    function sealOf(RoundId roundId, address node, bytes32 outputRoot, bytes32 salt) external view returns (bytes32);

    /// @notice The id of a statement.
    /// @param roundId The round in which it was, or would be, revealed.
    /// @param node Who states it.
    /// @param outputRoot What it states.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/statement"), roundId, node, outputRoot))`
    function statementIdOf(RoundId roundId, address node, bytes32 outputRoot) external pure returns (StatementId);

    /// @notice The root of an input or output, or the one that stands for an output that there is not; zero, which is no
    /// statement's root, where a payload stands beside an error: nothing commits to it.
    /// @param fault Why there is no output; `None` where there is one.
    /// @param payload `abi.encode(Tensor[])`, as the compiler writes it; other encodings of the tensors are refused. Empty where there
    /// is an error.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/payload"), roots))`, with for each tensor
    /// `keccak256(abi.encode(keccak256("OPG/tensor"), dtype, shape, dataRoot))`, where dataRoot is that of `MerkleLib`; of an error
    /// `keccak256(abi.encode(keccak256("OPG/error"), uint16(fault)))`
    function rootOf(PayloadError fault, bytes calldata payload) external pure returns (bytes32);

    /// @notice States many things at once, under one root. It costs the same for one and for a million.
    /// @param root Of an OpenZeppelin `StandardMerkleTree` over `["uint256", "bytes32"]`: index and hash of each statement.
    /// @param count Of leaves, 1 to 2^32.
    /// @param uri Where all leaves can be read, 1 to 256 bytes.
    /// @return batchId Its id.
    /// @custom:caller Anyone, for itself.
    function postBatch(bytes32 root, uint256 count, string calldata uri) external returns (BatchId batchId);

    /// @notice When a batch was posted, unix seconds; zero if it was not.
    function batchPostedAt(Batch calldata batch) external view returns (uint256);

    /// @notice Reverts unless a batch has a leaf.
    /// @param batch The batch.
    /// @param index Of the leaf.
    /// @param statement Hash of what it states.
    /// @param path Hashes beside the way from the leaf to the root.
    /// @return postedAt When the batch was posted, unix seconds.
    function checkLeaf(
        Batch calldata batch,
        uint256 index,
        bytes32 statement,
        bytes32[] calldata path
    ) external view returns (uint256 postedAt);
}
