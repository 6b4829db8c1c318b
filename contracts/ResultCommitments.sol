// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {MessageHashUtils} from "@openzeppelin/contracts/utils/cryptography/MessageHashUtils.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";

import {IResultCommitments} from "./interfaces/IResultCommitments.sol";
import {EntryLib} from "./libraries/EntryLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {RoundLib} from "./libraries/RoundLib.sol";
import {ShownRoundLib} from "./libraries/ShownRoundLib.sol";
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
} from "./types/CommitmentTypes.sol";
import {VersionId} from "./types/ModelTypes.sol";
import {PayloadError} from "./types/PayloadTypes.sol";

/// @title What was stated: sealed rounds and their reveals, and batches
contract ResultCommitments is EIP712, IResultCommitments {
    using ShownRoundLib for bytes32;
    using RoundLib for Round;

    uint256 private constant MOST_LEAVES = 1 << 32;
    uint256 private constant MOST_URI_BYTES = 256;
    bytes32 private constant SEAL_TYPEHASH = keccak256("Seal(bytes32 roundId,address node,bytes32 commitment)");

    mapping(RoundId roundId => Round) private _rounds;
    mapping(RoundId roundId => bytes32 outputRoot) private _leaders;
    mapping(RoundId roundId => mapping(address node => bytes32)) private _entries;
    /// @dev Reveals per output, kept only for outputs that do not lead: where all agree, it stays empty.
    mapping(RoundId roundId => mapping(bytes32 outputRoot => uint256)) private _trailing;
    /// @dev What else was revealed than what leads, kept only where it can be disputed.
    mapping(RoundId roundId => mapping(address node => bytes32 outputRoot)) private _dissents;
    mapping(BatchId batchId => uint256 postedAt) private _batches;

    // solhint-disable-next-line no-empty-blocks
    constructor() EIP712("OPG ResultCommitments", "1") {}

    /// @inheritdoc IResultCommitments
    function seal(
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot,
        address node,
        bytes32 commitment,
        Round terms
    ) external {
        RoundId roundId = HashLib.roundId(address(this), msg.sender, jobId, attempt, versionId, inputRoot);
        _seal(roundId, jobId, attempt, node, commitment, terms);
    }

    /// @inheritdoc IResultCommitments
    function sealMany(
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot,
        SignedSeal[] calldata seals,
        Round terms
    ) external returns (address[] memory authors) {
        RoundId roundId = HashLib.roundId(address(this), msg.sender, jobId, attempt, versionId, inputRoot);
        bool ascending;
        (authors, ascending) = _authorsOf(roundId, seals);
        if (ascending && attempt == 0 && _fitsPack(roundId, seals.length, terms)) {
            Round round = terms.packed(seals.length);
            emit RoundOpened(roundId, msg.sender, jobId, attempt, round);
            _pack(roundId, seals, round);
            return authors;
        }
        for (uint256 i; i < seals.length; ++i) {
            _seal(roundId, jobId, attempt, seals[i].node, seals[i].commitment, terms);
        }
    }

    /// @inheritdoc IResultCommitments
    function unpack(RoundId roundId, Round round, Seal[] calldata seals) external {
        bytes32 pack = HashLib.pack(roundId, round);
        for (uint256 i; i < seals.length; ++i) {
            Seal calldata given = seals[i];
            pack = HashLib.packNext(pack, given.node, given.commitment);
            _entries[roundId][given.node] = EntryLib.ofSeal(given.commitment);
        }
        _checkPack(roundId, pack);
        _rounds[roundId] = round.unpacked();
        emit RoundUnpacked(roundId);
    }

    /// @inheritdoc IResultCommitments
    function revealPacked(RoundId roundId, Round round, bytes32 outputRoot, PackedReveal[] calldata reveals) external {
        bytes32 pack = HashLib.pack(roundId, round);
        bytes32 entry = EntryLib.ofReveal(outputRoot);
        bytes32 shown = ShownRoundLib.slotOf(roundId);
        for (uint256 i; i < reveals.length; ++i) {
            PackedReveal calldata given = reveals[i];
            address node = given.node;
            if (outputRoot == 0 || given.salt == 0) revert CommitmentsZeroReveal(roundId, node);
            pack = HashLib.packNext(pack, node, HashLib.seal(roundId, node, outputRoot, given.salt));
            shown.showEntry(node, entry);
        }
        _checkPack(roundId, pack);
        _checkPhase(roundId, round);
        shown.show(round.revealedByAll(), outputRoot);
    }

    /// @inheritdoc IResultCommitments
    function reveal(RoundId roundId, address node, bytes32 outputRoot, bytes32 salt) external {
        Round round = _unpackedOf(roundId);
        mapping(address node => bytes32) storage entries = _entries[roundId];
        bytes32 entry = entries[node];
        if (!EntryLib.isSealed(entry)) revert CommitmentsNothingSealed(roundId, node);
        if (outputRoot == 0 || salt == 0) revert CommitmentsZeroReveal(roundId, node);
        _checkPhase(roundId, round);
        bytes32 given = EntryLib.ofSeal(HashLib.seal(roundId, node, outputRoot, salt));
        if (given != entry) revert CommitmentsMismatch(roundId, node, given, entry);

        entries[node] = EntryLib.ofReveal(outputRoot);
        _rounds[roundId] = round.revealedAgain(_rank(roundId, round, node, outputRoot));
        emit ResultRevealed(roundId, node, outputRoot);
    }

    /// @inheritdoc IResultCommitments
    function revealMany(RoundId roundId, Reveal[] calldata reveals) external {
        mapping(address node => bytes32) storage entries = _entries[roundId];
        Round round = _unpackedOf(roundId);
        _checkPhase(roundId, round);
        for (uint256 i; i < reveals.length; ++i) {
            Reveal calldata given = reveals[i];
            RevealFault fault = _faultOf(roundId, given, entries[given.node]);
            if (fault != RevealFault.None) {
                emit RevealSkipped(roundId, given.node, fault);
                continue;
            }
            entries[given.node] = EntryLib.ofReveal(given.outputRoot);
            round = round.revealedAgain(_rank(roundId, round, given.node, given.outputRoot));
            emit ResultRevealed(roundId, given.node, given.outputRoot);
        }
        _rounds[roundId] = round;
    }

    /// @inheritdoc IResultCommitments
    function postBatch(bytes32 root, uint256 count, string calldata uri) external returns (BatchId batchId) {
        _checkBatch("root", uint256(root), 1, type(uint256).max);
        _checkBatch("count", count, 1, MOST_LEAVES);
        _checkBatch("uri", bytes(uri).length, 1, MOST_URI_BYTES);
        batchId = HashLib.batchId(Batch(msg.sender, root, count));
        if (_batches[batchId] != 0) revert CommitmentsBatchPosted(batchId, _batches[batchId]);
        _batches[batchId] = block.timestamp;
        emit BatchPosted(batchId, msg.sender, root, count, uri);
    }

    /// @inheritdoc IResultCommitments
    function batchPostedAt(Batch calldata batch) external view returns (uint256) {
        return _batches[HashLib.batchId(batch)];
    }

    /// @inheritdoc IResultCommitments
    function checkLeaf(
        Batch calldata batch,
        uint256 index,
        bytes32 statement,
        bytes32[] calldata path
    ) external view returns (uint256 postedAt) {
        BatchId batchId = HashLib.batchId(batch);
        postedAt = _batches[batchId];
        if (postedAt == 0) revert CommitmentsUnknownBatch(batchId);
        bool included = MerkleProof.verifyCalldata(path, batch.root, HashLib.statementLeaf(index, statement));
        if (index >= batch.count || !included) revert CommitmentsNotInBatch(batchId, index, statement);
    }

    /// @inheritdoc IResultCommitments
    function roundOf(RoundId roundId) external view returns (Round round, bytes32 leader) {
        round = _rounds[roundId];
        if (!round.isPacked()) return (round, _leaders[roundId]);
        return _shownAt(roundId).roundAt();
    }

    /// @inheritdoc IResultCommitments
    function entryOf(RoundId roundId, address node) external view returns (bytes32 entry) {
        entry = _entries[roundId][node];
        if (entry == 0) _unpackedOf(roundId); // reverts rather than saying that nobody has sealed
    }

    /// @inheritdoc IResultCommitments
    function tallyOf(
        RoundId roundId,
        address[] calldata nodes,
        bytes32 outputRoot
    ) external view returns (uint256 stated, uint256 silent, uint256 statedCount) {
        mapping(address node => bytes32) storage entries = _entries[roundId];
        bool packed = _rounds[roundId].isPacked();
        bytes32 shown = packed ? _shownAt(roundId) : bytes32(0);
        bytes32 wanted = EntryLib.ofReveal(outputRoot);
        uint256 count = nodes.length;
        address last;
        // Neither index nor count passes the length of an array in calldata.
        unchecked {
            for (uint256 i; i < count; ++i) {
                address node = nodes[i];
                bytes32 entry = packed ? shown.entryAt(node) : entries[node];
                if (node <= last || entry == 0) revert CommitmentsNotSealed(roundId, node);
                last = node;
                if (EntryLib.isSealed(entry)) {
                    silent |= 1 << i;
                } else if (entry == wanted || outputRoot == 0) {
                    stated |= 1 << i;
                    ++statedCount;
                }
            }
        }
    }

    /// @inheritdoc IResultCommitments
    function countOf(RoundId roundId, bytes32 outputRoot) external view returns (uint256) {
        uint256 leaderCount = _unpackedOf(roundId).leaderCount();
        return outputRoot == _leaders[roundId] ? leaderCount : _trailing[roundId][outputRoot];
    }

    /// @inheritdoc IResultCommitments
    function outputOf(RoundId roundId, address node) external view returns (bytes32) {
        bytes32 leader = _leaders[roundId];
        bool leads = _entries[roundId][node] == EntryLib.ofReveal(leader);
        return leads ? leader : _dissents[roundId][node];
    }

    /// @inheritdoc IResultCommitments
    function hasStated(RoundId roundId, address node, bytes32 outputRoot) public view returns (bool) {
        return _entries[roundId][node] == EntryLib.ofReveal(outputRoot);
    }

    /// @inheritdoc IResultCommitments
    function disputableUntil(RoundId roundId, address node, bytes32 outputRoot) external view returns (uint256) {
        return hasStated(roundId, node, outputRoot) ? _rounds[roundId].disputableUntil() : 0;
    }

    /// @inheritdoc IResultCommitments
    function authorOf(
        RoundId roundId,
        address node,
        bytes32 commitment,
        bytes32 r,
        bytes32 vs
    ) external view returns (address) {
        return _authorOf(_domainSeparatorV4(), roundId, node, commitment, r, vs);
    }

    /// @inheritdoc IResultCommitments
    function roundIdOf(
        address consumer,
        bytes32 jobId,
        uint256 attempt,
        VersionId versionId,
        bytes32 inputRoot
    ) external view returns (RoundId) {
        return HashLib.roundId(address(this), consumer, jobId, attempt, versionId, inputRoot);
    }

    /// @inheritdoc IResultCommitments
    function sealOf(RoundId roundId, address node, bytes32 outputRoot, bytes32 salt) external view returns (bytes32) {
        return HashLib.seal(roundId, node, outputRoot, salt);
    }

    /// @inheritdoc IResultCommitments
    function statementIdOf(RoundId roundId, address node, bytes32 outputRoot) external pure returns (StatementId) {
        return HashLib.statementId(roundId, node, outputRoot);
    }

    /// @inheritdoc IResultCommitments
    function rootOf(PayloadError fault, bytes calldata payload) external pure returns (bytes32) {
        if (fault == PayloadError.None) return PayloadLib.rootOfEncoded(payload);
        return payload.length == 0 ? PayloadLib.errorRoot(fault) : bytes32(0);
    }

    function _seal(
        RoundId roundId,
        bytes32 jobId,
        uint256 attempt,
        address node,
        bytes32 commitment,
        Round terms
    ) private {
        _enter(roundId, node, commitment);
        _count(roundId, jobId, attempt, terms);
        emit ResultSealed(roundId, node, commitment, terms.sealEndsAt());
    }

    /// @dev In one pass, which is cheaper than two.
    /// @return authors Who has signed each.
    /// @return ascending Whether the nodes are listed so, and each once.
    function _authorsOf(
        RoundId roundId,
        SignedSeal[] calldata seals
    ) private view returns (address[] memory authors, bool ascending) {
        bytes32 domain = _domainSeparatorV4();
        authors = new address[](seals.length);
        ascending = true;
        address last;
        for (uint256 i; i < seals.length; ++i) {
            SignedSeal calldata given = seals[i];
            address node = given.node;
            if (node <= last) ascending = false;
            last = node;
            authors[i] = _authorOf(domain, roundId, node, given.commitment, given.r, given.vs);
        }
    }

    /// @param domain The separator of this contract's domain, which is the same for many seals.
    function _authorOf(
        bytes32 domain,
        RoundId roundId,
        address node,
        bytes32 commitment,
        bytes32 r,
        bytes32 vs
    ) private pure returns (address) {
        bytes32 message = keccak256(abi.encode(SEAL_TYPEHASH, roundId, node, commitment));
        bytes32 digest = MessageHashUtils.toTypedDataHash(domain, message);
        (address author, ECDSA.RecoverError fault, ) = ECDSA.tryRecover(digest, r, vs);
        // Zero must not pass for the signer of a node that has none.
        if (fault != ECDSA.RecoverError.NoError) revert CommitmentsBadSignature(roundId, node, r, vs);
        return author;
    }

    /// @dev Whether so many seals open a round that can go on without others, and can end without entries.
    function _fitsPack(RoundId roundId, uint256 count, Round terms) private view returns (bool) {
        bool fits = count > 0 && count >= terms.least() && count <= terms.most() && terms.windowPeriod() == 0;
        return fits && Round.unwrap(_rounds[roundId]) == 0;
    }

    /// @param round As it is when all of them have sealed.
    function _pack(RoundId roundId, SignedSeal[] calldata seals, Round round) private {
        uint256 sealEndsAt = round.sealEndsAt();
        if (block.timestamp >= sealEndsAt) revert CommitmentsSealingOver(roundId, sealEndsAt);
        bytes32 pack = HashLib.pack(roundId, round);
        for (uint256 i; i < seals.length; ++i) {
            (address node, bytes32 commitment) = (seals[i].node, seals[i].commitment);
            _checkCommitment(roundId, node, commitment);
            pack = HashLib.packNext(pack, node, commitment);
            emit ResultSealed(roundId, node, commitment, sealEndsAt);
        }
        _rounds[roundId] = RoundLib.ofPack(pack);
    }

    /// @dev Writes a node's seal, once.
    function _enter(RoundId roundId, address node, bytes32 commitment) private {
        mapping(address node => bytes32) storage entries = _entries[roundId];
        if (entries[node] != 0) revert CommitmentsAlreadySealed(roundId, node);
        _checkCommitment(roundId, node, commitment);
        entries[node] = EntryLib.ofSeal(commitment);
    }

    /// @dev Counts a seal; the first one opens the round.
    function _count(RoundId roundId, bytes32 jobId, uint256 attempt, Round terms) private {
        Round round = _unpackedOf(roundId);
        if (round.sealedCount() == 0) {
            _rounds[roundId] = _open(roundId, terms);
            emit RoundOpened(roundId, msg.sender, jobId, attempt, terms.opened());
        } else {
            _rounds[roundId] = _extend(roundId, round, terms.sealEndsAt());
        }
    }

    function _open(RoundId roundId, Round terms) private view returns (Round) {
        if (block.timestamp >= terms.sealEndsAt()) revert CommitmentsSealingOver(roundId, terms.sealEndsAt());
        if (terms.most() == 0) revert CommitmentsRoundFull(roundId, 0);
        return terms.opened();
    }

    function _extend(RoundId roundId, Round round, uint256 sealEndsAt) private view returns (Round) {
        // A step that has ended would let reveals begin in the past, and some never.
        bool stepFits =
            block.timestamp < sealEndsAt && sealEndsAt >= round.sealEndsAt() && sealEndsAt <= round.lastSealEndsAt();
        if (!stepFits || !round.isSealing()) revert CommitmentsSealingOver(roundId, round.sealingEndsAt());
        if (round.sealedCount() >= round.most()) revert CommitmentsRoundFull(roundId, round.most());
        return round.sealedAgain(sealEndsAt);
    }

    /// @dev Counts a reveal and gives the new count of the leader. Where all agree, the first reveal writes the leader
    /// and the others only read it. Where a referee judges, numbers decide nothing: the first output leads for good, and
    /// whoever reveals another one leaves it here to be judged.
    function _rank(RoundId roundId, Round round, address node, bytes32 outputRoot) private returns (uint256) {
        if (round.revealedCount() == 0) {
            _leaders[roundId] = outputRoot;
            return 1;
        }
        bytes32 leader = _leaders[roundId];
        uint256 leaderCount = round.leaderCount();
        if (outputRoot == leader) return leaderCount + 1;
        if (round.windowPeriod() > 0) {
            _dissents[roundId][node] = outputRoot;
            return leaderCount;
        }

        uint256 count = _trailing[roundId][outputRoot] + 1;
        if (count <= leaderCount) {
            _trailing[roundId][outputRoot] = count;
            return leaderCount;
        }
        _trailing[roundId][leader] = leaderCount;
        delete _trailing[roundId][outputRoot];
        _leaders[roundId] = outputRoot;
        return count;
    }

    /// @dev Why a reveal among many cannot be made.
    function _faultOf(RoundId roundId, Reveal calldata given, bytes32 entry) private view returns (RevealFault) {
        if (!EntryLib.isSealed(entry)) return RevealFault.NothingSealed;
        if (given.outputRoot == 0 || given.salt == 0) return RevealFault.ZeroReveal;
        bytes32 shown = EntryLib.ofSeal(HashLib.seal(roundId, given.node, given.outputRoot, given.salt));
        return shown == entry ? RevealFault.None : RevealFault.Mismatch;
    }

    /// @dev By what is kept of it.
    function _checkCommitment(RoundId roundId, address node, bytes32 commitment) private pure {
        if (EntryLib.ofSeal(commitment) == EntryLib.ofSeal(0)) revert CommitmentsZeroSeal(roundId, node);
    }

    function _checkPack(RoundId roundId, bytes32 pack) private view {
        Round kept = _rounds[roundId];
        Round given = RoundLib.ofPack(pack);
        if (Round.unwrap(kept) != Round.unwrap(given)) revert CommitmentsOtherPack(roundId, given, kept);
    }

    /// @dev Where a packed round was shown in this transaction.
    function _shownAt(RoundId roundId) private view returns (bytes32 slot) {
        slot = ShownRoundLib.slotOf(roundId);
        (, bytes32 leader) = slot.roundAt();
        if (leader == 0) revert CommitmentsPacked(roundId);
    }

    /// @dev The round where every seal has an entry.
    function _unpackedOf(RoundId roundId) private view returns (Round round) {
        round = _rounds[roundId];
        if (round.isPacked()) revert CommitmentsPacked(roundId);
    }

    function _checkPhase(RoundId roundId, Round round) private view {
        uint256 opensAt = round.sealingEndsAt();
        if (block.timestamp < opensAt) revert CommitmentsRevealTooEarly(roundId, opensAt);
        uint256 endsAt = opensAt + round.revealPeriod();
        if (block.timestamp >= endsAt) revert CommitmentsRevealTooLate(roundId, endsAt);
    }

    function _checkBatch(bytes32 field, uint256 given, uint256 least, uint256 most) private pure {
        if (given < least || given > most) revert CommitmentsBatchOutOfBounds(field, given, least, most);
    }
}
