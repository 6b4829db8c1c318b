// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ResultCommitments} from "../../contracts/ResultCommitments.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round, RoundId, StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @title ResultCommitments and RoundLib against vectors/commitment.json
contract CommitmentVectorsTest {
    using RoundLib for Round;

    struct Word {
        uint256 word;
        uint256 sealEndsAt;
        uint256 lastSealEndsAt;
        uint256 revealPeriod;
        uint256 least;
        uint256 most;
        uint256 sealedCount;
        uint256 revealedCount;
        uint256 leaderCount;
        uint256 lastRevealBlock;
        uint256 windowPeriod;
    }

    struct Case {
        string name;
        uint256 chainId;
        address commitments;
        address consumer;
        bytes32 jobId;
        uint256 attempt;
        VersionId versionId;
        bytes32 inputRoot;
        RoundId roundId;
        address node;
        bytes32 outputRoot;
        bytes32 salt;
        bytes32 seal;
        address signer;
        bytes32 digest;
        bytes32 r;
        bytes32 vs;
        StatementId statementId;
        Word round;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address commitments,address consumer,bytes32 jobId,uint256 attempt,"
        "bytes32 versionId,bytes32 inputRoot,bytes32 roundId,address node,bytes32 outputRoot,bytes32 salt,bytes32 seal,"
        "address signer,bytes32 digest,bytes32 r,bytes32 vs,bytes32 statementId,Word round)"
        "Word(uint256 word,uint256 sealEndsAt,uint256 lastSealEndsAt,uint256 revealPeriod,uint256 least,uint256 most,"
        "uint256 sealedCount,uint256 revealedCount,uint256 leaderCount,uint256 lastRevealBlock,"
        "uint256 windowPeriod)";

    /// @dev [T147]
    function test_commitments() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("commitment.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new ResultCommitments()).code;
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            VM.etch(cases[i].commitments, code);
            _checkIds(cases[i]);
            _checkRound(cases[i].round, cases[i].name);
        }
    }

    function _checkIds(Case memory c) private view {
        ResultCommitments commitments = ResultCommitments(c.commitments);
        RoundId round = commitments.roundIdOf(c.consumer, c.jobId, c.attempt, c.versionId, c.inputRoot);
        require(RoundId.unwrap(round) == RoundId.unwrap(c.roundId), c.name);
        require(commitments.sealOf(round, c.node, c.outputRoot, c.salt) == c.seal, c.name);
        require(commitments.authorOf(round, c.node, c.seal, c.r, c.vs) == c.signer, c.name);
        require(ecrecover(c.digest, uint8(27 + (uint256(c.vs) >> 255)), c.r, (c.vs << 1) >> 1) == c.signer, c.name);
        StatementId statement = commitments.statementIdOf(round, c.node, c.outputRoot);
        require(StatementId.unwrap(statement) == StatementId.unwrap(c.statementId), c.name);
    }

    function _checkRound(Word memory word, string memory name) private pure {
        Round round = Round.wrap(word.word);
        require(round.sealEndsAt() == word.sealEndsAt, name);
        require(round.lastSealEndsAt() == word.lastSealEndsAt, name);
        require(round.revealPeriod() == word.revealPeriod, name);
        require(round.least() == word.least, name);
        require(round.most() == word.most, name);
        require(round.sealedCount() == word.sealedCount, name);
        require(round.revealedCount() == word.revealedCount, name);
        require(round.leaderCount() == word.leaderCount, name);
        require(round.lastRevealBlock() == word.lastRevealBlock, name);
        require(round.windowPeriod() == word.windowPeriod, name);
    }
}
