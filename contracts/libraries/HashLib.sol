// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {LINK_TAG, Link, LinkId} from "../types/ChainTypes.sol";
import {
    BATCH_TAG,
    Batch,
    BatchId,
    PACK_TAG,
    ROUND_TAG,
    Round,
    RoundId,
    SEAL_TAG,
    STATEMENT_TAG,
    StatementId
} from "../types/CommitmentTypes.sol";
import {CHALLENGE_TAG, DEMAND_TAG, Demand, DisputeId, GAME_TAG, Game, REFUTATION_TAG} from "../types/DisputeTypes.sol";
import {JOB_TAG, Job, JobId} from "../types/JobTypes.sol";
import {ModelId, VERSION_TAG, VersionId, VersionIdentity} from "../types/ModelTypes.sol";
import {OptimisticJob} from "../types/OptimisticTypes.sol";
import {SCHEDULE_TAG, Schedule, ScheduleId} from "../types/SchedulerTypes.sol";
import {SESSION_TAG, Session, SessionId} from "../types/SessionTypes.sol";

/// @title Ids and commitments
/// @notice Every preimage carries a tag and, where a contract vouches for it, the chain and the contract, so that nothing
/// can be shown twice in two places.
/// @dev The functions in assembly equal `keccak256(abi.encode(...))` of what their `@custom:shape` says; every call on a
/// job computes them, and the compiler's own encoding of structs costs several times as much. They write beyond the free
/// memory pointer and leave it where it is. Addresses are cut to their length: the compiler leaves what was packed beside them
/// until it uses them itself.
library HashLib {
    /// @dev Lengths of encoded orders and jobs.
    uint256 internal constant JOB_BYTES = 7 * 32;
    uint256 internal constant OPTIMISTIC_JOB_BYTES = 8 * 32;
    uint256 private constant SESSION_BYTES = 7 * 32;
    uint256 private constant SCHEDULE_BYTES = 5 * 32;
    uint256 private constant LINK_BYTES = 5 * 32;
    uint256 private constant GAME_BYTES = 12 * 32;
    uint256 private constant DEMAND_BYTES = 9 * 32;
    /// @dev What the id of a dispute leaves out, so that a statement's slot has room for it and a time.
    uint256 private constant DISPUTE_CUT = 40;

    /// @custom:shape `(JOB_TAG, chainid, this, job)`
    function jobId(Job calldata job) internal view returns (JobId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := job
        }
        return JobId.wrap(_hashOfCalldata(JOB_TAG, offset, JOB_BYTES));
    }

    /// @custom:shape `(JOB_TAG, chainid, this, job)`
    function jobIdOfMemory(Job memory job) internal view returns (JobId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := job
        }
        return JobId.wrap(_hashOfMemory(JOB_TAG, offset, JOB_BYTES));
    }

    /// @custom:shape `(JOB_TAG, chainid, this, job)`
    function optimisticJobId(OptimisticJob calldata job) internal view returns (JobId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := job
        }
        return JobId.wrap(_hashOfCalldata(JOB_TAG, offset, OPTIMISTIC_JOB_BYTES));
    }

    /// @custom:shape `(JOB_TAG, chainid, this, job)`
    function optimisticJobIdOfMemory(OptimisticJob memory job) internal view returns (JobId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := job
        }
        return JobId.wrap(_hashOfMemory(JOB_TAG, offset, OPTIMISTIC_JOB_BYTES));
    }

    /// @dev What a payment for an order and its input pays for.
    /// @custom:shape `(order, keccak256(input))`
    function orderSubject(Job calldata order, bytes calldata input) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := order
        }
        return _hashOfCalldataAnd(offset, JOB_BYTES, keccak256(input));
    }

    /// @dev What a payment for an order and its input pays for.
    /// @custom:shape `(order, keccak256(input))`
    function optimisticOrderSubject(
        OptimisticJob calldata order,
        bytes calldata input
    ) internal pure returns (bytes32) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := order
        }
        return _hashOfCalldataAnd(offset, OPTIMISTIC_JOB_BYTES, keccak256(input));
    }

    /// @dev What `market` calls a job.
    /// @custom:shape `(JOB_TAG, chainid, market, job)`
    function jobIdAt(address market, Job memory job) internal view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, market, job)));
    }

    /// @dev What `market` calls a job.
    /// @custom:shape `(JOB_TAG, chainid, market, job)`
    function optimisticJobIdAt(address market, OptimisticJob memory job) internal view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, market, job)));
    }

    /// @custom:shape `(SESSION_TAG, chainid, this, session)`
    function sessionId(Session calldata session) internal view returns (SessionId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := session
        }
        return SessionId.wrap(_hashOfCalldata(SESSION_TAG, offset, SESSION_BYTES));
    }

    /// @dev What the contract at `sessions` calls a session.
    /// @custom:shape `(SESSION_TAG, chainid, sessions, session)`
    function sessionIdAt(address sessions, Session calldata session) internal view returns (SessionId) {
        return SessionId.wrap(keccak256(abi.encode(SESSION_TAG, block.chainid, sessions, session)));
    }

    /// @custom:shape `(SCHEDULE_TAG, chainid, this, schedule)`
    function scheduleId(Schedule calldata schedule) internal view returns (ScheduleId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := schedule
        }
        return ScheduleId.wrap(_hashOfCalldata(SCHEDULE_TAG, offset, SCHEDULE_BYTES));
    }

    /// @custom:shape `(LINK_TAG, chainid, this, link)`
    function linkId(Link calldata link) internal view returns (LinkId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := link
        }
        return LinkId.wrap(_hashOfCalldata(LINK_TAG, offset, LINK_BYTES));
    }

    /// @custom:shape `(BATCH_TAG, chainid, this, batch)`
    function batchId(Batch memory batch) internal view returns (BatchId) {
        return BatchId.wrap(keccak256(abi.encode(BATCH_TAG, block.chainid, address(this), batch)));
    }

    /// @custom:shape The leaf `(index, statement)` of OpenZeppelin's `StandardMerkleTree`
    function statementLeaf(uint256 index, bytes32 statement) internal pure returns (bytes32) {
        return _leaf(abi.encode(index, statement));
    }

    /// @custom:shape The leaf `(versionId)` of OpenZeppelin's `StandardMerkleTree`
    function versionLeaf(VersionId version) internal pure returns (bytes32) {
        return _leaf(abi.encode(version));
    }

    /// @custom:shape `(ROUND_TAG, chainid, commitments, consumer, jobId, attempt, versionId, inputRoot)`
    function roundId(
        address commitments,
        address consumer,
        bytes32 job,
        uint256 attempt,
        VersionId version,
        bytes32 inputRoot
    ) internal view returns (RoundId id) {
        bytes32 tag = ROUND_TAG;
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, tag)
            mstore(add(at, 0x20), chainid())
            mstore(add(at, 0x40), shr(96, shl(96, commitments)))
            mstore(add(at, 0x60), shr(96, shl(96, consumer)))
            mstore(add(at, 0x80), job)
            mstore(add(at, 0xa0), attempt)
            mstore(add(at, 0xc0), version)
            mstore(add(at, 0xe0), inputRoot)
            id := keccak256(at, 0x100)
        }
    }

    /// @dev The node is inside: whoever copies a seal can never reveal it as its own.
    /// @custom:shape `(SEAL_TAG, chainid, this, roundId, node, outputRoot, salt)`
    function seal(RoundId round, address node, bytes32 outputRoot, bytes32 salt) internal view returns (bytes32 hash) {
        bytes32 tag = SEAL_TAG;
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, tag)
            mstore(add(at, 0x20), chainid())
            mstore(add(at, 0x40), address())
            mstore(add(at, 0x60), round)
            mstore(add(at, 0x80), shr(96, shl(96, node)))
            mstore(add(at, 0xa0), outputRoot)
            mstore(add(at, 0xc0), salt)
            hash := keccak256(at, 0xe0)
        }
    }

    /// @dev What the seals of a packed round are hashed into, one after the other: their number is in `round` and so comes first, and
    /// no list of seals is the beginning of another one.
    /// @custom:shape `(PACK_TAG, roundId, round)`
    function pack(RoundId id, Round round) internal pure returns (bytes32) {
        return keccak256(abi.encode(PACK_TAG, id, round));
    }

    /// @custom:shape `(packed, node, commitment)`
    function packNext(bytes32 packed, address node, bytes32 commitment) internal pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, packed)
            mstore(add(at, 0x20), shr(96, shl(96, node)))
            mstore(add(at, 0x40), commitment)
            hash := keccak256(at, 0x60)
        }
    }

    /// @custom:shape `(STATEMENT_TAG, roundId, node, outputRoot)`
    function statementId(RoundId round, address node, bytes32 outputRoot) internal pure returns (StatementId id) {
        bytes32 tag = STATEMENT_TAG;
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, tag)
            mstore(add(at, 0x20), round)
            mstore(add(at, 0x40), shr(96, shl(96, node)))
            mstore(add(at, 0x60), outputRoot)
            id := keccak256(at, 0x80)
        }
    }

    /// @custom:shape `(VERSION_TAG, modelId, identity)`
    function versionId(ModelId modelId, VersionIdentity calldata identity) internal pure returns (VersionId) {
        return VersionId.wrap(keccak256(abi.encode(VERSION_TAG, modelId, identity)));
    }

    /// @custom:shape `(GAME_TAG, chainid, this, game)`, without the lowest 40 bits
    function gameId(Game calldata game) internal view returns (DisputeId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := game
        }
        return DisputeId.wrap(_hashOfCalldata(GAME_TAG, offset, GAME_BYTES) >> DISPUTE_CUT);
    }

    /// @custom:shape `(GAME_TAG, chainid, this, game)`, without the lowest 40 bits
    function gameIdOfMemory(Game memory game) internal view returns (DisputeId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := game
        }
        return DisputeId.wrap(_hashOfMemory(GAME_TAG, offset, GAME_BYTES) >> DISPUTE_CUT);
    }

    /// @custom:shape `(DEMAND_TAG, chainid, this, demand)`, without the lowest 40 bits
    function demandId(Demand calldata demand) internal view returns (DisputeId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := demand
        }
        return DisputeId.wrap(_hashOfCalldata(DEMAND_TAG, offset, DEMAND_BYTES) >> DISPUTE_CUT);
    }

    /// @custom:shape `(DEMAND_TAG, chainid, this, demand)`, without the lowest 40 bits
    function demandIdOfMemory(Demand memory demand) internal view returns (DisputeId) {
        uint256 offset;
        assembly ("memory-safe") {
            offset := demand
        }
        return DisputeId.wrap(_hashOfMemory(DEMAND_TAG, offset, DEMAND_BYTES) >> DISPUTE_CUT);
    }

    /// @dev A statement is refuted once at most.
    /// @custom:shape `(REFUTATION_TAG, chainid, this, statementId)`, without the lowest 40 bits
    function refutationId(StatementId statement) internal view returns (DisputeId) {
        bytes32 hash = keccak256(abi.encode(REFUTATION_TAG, block.chainid, address(this), statement));
        return DisputeId.wrap(hash >> DISPUTE_CUT);
    }

    /// @dev The challenger is inside: whoever copies the seal of a challenge can never open it as its own.
    /// @custom:shape `(CHALLENGE_TAG, chainid, this, challenger, statementId, shown, salt)`
    function challengeSeal(
        address challenger,
        StatementId statement,
        bytes32 shown,
        bytes32 salt
    ) internal view returns (bytes32) {
        return keccak256(abi.encode(CHALLENGE_TAG, block.chainid, address(this), challenger, statement, shown, salt));
    }

    /// @dev Hashed twice, so that no inner node is a leaf.
    function _leaf(bytes memory values) private pure returns (bytes32) {
        return keccak256(bytes.concat(keccak256(values)));
    }

    function _hashOfCalldata(bytes32 tag, uint256 words, uint256 size) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, tag)
            mstore(add(at, 0x20), chainid())
            mstore(add(at, 0x40), address())
            calldatacopy(add(at, 0x60), words, size)
            hash := keccak256(at, add(size, 0x60))
        }
    }

    function _hashOfCalldataAnd(uint256 offset, uint256 size, bytes32 last) private pure returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            calldatacopy(at, offset, size)
            mstore(add(at, size), last)
            hash := keccak256(at, add(size, 0x20))
        }
    }

    function _hashOfMemory(bytes32 tag, uint256 words, uint256 size) private view returns (bytes32 hash) {
        assembly ("memory-safe") {
            let at := mload(0x40)
            mstore(at, tag)
            mstore(add(at, 0x20), chainid())
            mstore(add(at, 0x40), address())
            mcopy(add(at, 0x60), words, size)
            hash := keccak256(at, add(size, 0x60))
        }
    }
}
