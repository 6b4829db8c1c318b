// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {LINK_TAG, Link, LinkId} from "../../contracts/types/ChainTypes.sol";
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
} from "../../contracts/types/CommitmentTypes.sol";
import {AccountAmount, JOB_TAG, Job, JobId} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {SESSION_TAG, Session, SessionId} from "../../contracts/types/SessionTypes.sol";
import {VM} from "../support/Vm.sol";

contract HashLibTest {
    function testFuzz_jobId_equalsTheEncodingOfTheCompiler(Job calldata job, uint32 chainId) external {
        VM.chainId(chainId);
        bytes32 expected = keccak256(abi.encode(JOB_TAG, block.chainid, address(this), job));
        require(JobId.unwrap(HashLib.jobId(job)) == expected, "calldata");
        require(JobId.unwrap(HashLib.jobIdOfMemory(job)) == expected, "memory");
        require(JobId.unwrap(HashLib.jobIdAt(address(this), job)) == expected, "elsewhere");
    }

    function testFuzz_sessionId_equalsTheEncodingOfTheCompiler(
        Session calldata session,
        address sessions,
        uint32 chainId
    ) external {
        VM.chainId(chainId);
        bytes32 here = keccak256(abi.encode(SESSION_TAG, block.chainid, address(this), session));
        require(SessionId.unwrap(HashLib.sessionId(session)) == here, "here");
        bytes32 elsewhere = keccak256(abi.encode(SESSION_TAG, block.chainid, sessions, session));
        require(SessionId.unwrap(HashLib.sessionIdAt(sessions, session)) == elsewhere, "elsewhere");
    }

    function testFuzz_linkId_equalsTheEncodingOfTheCompiler(Link calldata link, uint32 chainId) external {
        VM.chainId(chainId);
        bytes32 expected = keccak256(abi.encode(LINK_TAG, block.chainid, address(this), link));
        require(LinkId.unwrap(HashLib.linkId(link)) == expected, "link");
    }

    function testFuzz_batchId_bindsChainContractPosterRootAndCount(Batch memory batch, uint32 chainId) external {
        VM.chainId(chainId);
        bytes memory encoded = abi.encode(BATCH_TAG, chainId, address(this), batch.poster, batch.root, batch.count);
        require(BatchId.unwrap(HashLib.batchId(batch)) == keccak256(encoded), "batch");
    }

    function testFuzz_leaves_areHashedTwice(uint256 index, bytes32 value) external pure {
        bytes32 once = keccak256(abi.encode(index, value));
        require(HashLib.statementLeaf(index, value) == keccak256(abi.encode(once)), "statement");
        once = keccak256(abi.encode(value));
        require(HashLib.versionLeaf(VersionId.wrap(value)) == keccak256(abi.encode(once)), "version");
    }

    function testFuzz_roundId_equalsTheEncodingOfTheCompiler(
        address commitments,
        address consumer,
        bytes32 job,
        uint256 attempt,
        VersionId version,
        bytes32 inputRoot
    ) external view {
        bytes memory encoded = abi.encode(
            ROUND_TAG,
            block.chainid,
            commitments,
            consumer,
            job,
            attempt,
            version,
            inputRoot
        );
        RoundId round = HashLib.roundId(commitments, consumer, job, attempt, version, inputRoot);
        require(RoundId.unwrap(round) == keccak256(encoded), "round");
    }

    /// @dev [T044]
    function testFuzz_seal_bindsChainContractRoundNodeOutputAndSalt(
        RoundId round,
        address node,
        bytes32 outputRoot,
        bytes32 salt,
        uint32 chainId
    ) external {
        VM.chainId(chainId);
        bytes memory encoded = abi.encode(SEAL_TAG, chainId, address(this), round, node, outputRoot, salt);
        require(HashLib.seal(round, node, outputRoot, salt) == keccak256(encoded), "seal");
    }

    function testFuzz_pack_bindsRoundWordAndSeals(
        RoundId round,
        Round word,
        address node,
        bytes32 commitment
    ) external pure {
        bytes32 pack = HashLib.pack(round, word);
        require(pack == keccak256(abi.encode(PACK_TAG, round, word)), "round");
        bytes32 next = HashLib.packNext(pack, node, commitment);
        require(next == keccak256(abi.encode(pack, node, commitment)), "seal");
    }

    function testFuzz_ids_ignoreWhatWasPackedBesideAnAddress(AccountAmount pair, bytes32 word) external view {
        address account = JobLib.account(pair);
        bytes32 job = keccak256(abi.encode(word));
        bytes32 round = keccak256(
            abi.encode(ROUND_TAG, block.chainid, account, account, job, uint256(0), VersionId.wrap(word), word)
        );
        RoundId given = HashLib.roundId(account, account, job, 0, VersionId.wrap(word), word);
        require(RoundId.unwrap(given) == round, "round");
        bytes32 statement = keccak256(abi.encode(STATEMENT_TAG, round, account, word));
        require(StatementId.unwrap(HashLib.statementId(given, account, word)) == statement, "statement");
        require(HashLib.packNext(word, account, word) == keccak256(abi.encode(word, account, word)), "seal");
    }

    function testFuzz_statementId_bindsRoundNodeAndOutput(RoundId round, address node, bytes32 root) external pure {
        bytes memory encoded = abi.encode(STATEMENT_TAG, round, node, root);
        require(StatementId.unwrap(HashLib.statementId(round, node, root)) == keccak256(encoded), "statement");
    }

    /// @dev Two jobs that differ in a single bit have different ids [T083].
    function testFuzz_jobId_dependsOnEveryBit(Job memory job, uint256 field, uint8 bit) external view {
        JobId before = HashLib.jobIdOfMemory(job);
        field %= 7;
        assembly ("memory-safe") {
            let at := add(job, mul(field, 0x20))
            mstore(at, xor(mload(at), shl(bit, 1)))
        }
        require(JobId.unwrap(before) != JobId.unwrap(HashLib.jobIdOfMemory(job)), "id");
    }

    /// @dev The functions in assembly write behind the free memory pointer only, and leave it where it is.
    function testFuzz_assembly_leavesMemoryAsItIs(
        Job calldata job,
        bytes calldata anything,
        address consumer
    ) external view {
        bytes memory kept = anything;
        Job memory copy = job;
        (uint256 pointer, bytes32 content) = _memory();
        HashLib.jobId(job);
        _requireUntouched(pointer, content);
        HashLib.jobIdOfMemory(copy);
        _requireUntouched(pointer, content);
        HashLib.roundId(address(this), consumer, job.inputRoot, anything.length, job.versionId, job.inputRoot);
        _requireUntouched(pointer, content);
        HashLib.packNext(job.inputRoot, consumer, job.inputRoot);
        _requireUntouched(pointer, content);
        require(keccak256(kept) == keccak256(anything), "kept");
        require(keccak256(abi.encode(copy)) == keccak256(abi.encode(job)), "copy");
    }

    function _requireUntouched(uint256 pointer, bytes32 content) private pure {
        (uint256 pointerNow, bytes32 contentNow) = _memory();
        require(pointerNow == pointer, "pointer");
        require(contentNow == content, "content");
    }

    /// @dev The free memory pointer, and a hash of all between the scratch space and it.
    function _memory() private pure returns (uint256 pointer, bytes32 content) {
        assembly ("memory-safe") {
            pointer := mload(0x40)
            content := keccak256(0x60, sub(pointer, 0x60))
        }
    }
}
