// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {AccountAmount, Job, JobId, JobRecord, JobShape} from "../../contracts/types/JobTypes.sol";
import {PAYMENT_TAG} from "../../contracts/types/MarketTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its market: an id depends on the contract that makes it.
contract Market {
    function jobIdOf(Job calldata job) external view returns (JobId) {
        return HashLib.jobId(job);
    }

    function jobIdOfMemory(Job memory job) external view returns (JobId) {
        return HashLib.jobIdOfMemory(job);
    }

    function collateralOf(Job calldata job) external pure returns (uint256) {
        return JobLib.collateral(job);
    }
}

/// @title HashLib, JobLib and JobRecordLib against vectors/job.json
contract JobVectorsTest {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobRecordLib for JobRecord;

    struct Fields {
        address requester;
        uint256 seatPrice;
        uint256 quorum;
        uint256 collateralFactor;
        uint256 sealPeriod;
        uint256 auditBps;
        address callback;
        uint256 callbackGas;
        uint256 deliveryTip;
        uint256 windowPeriod;
        uint256 requestedAt;
        uint256 royalty;
        address royaltyPayee;
    }

    struct Word {
        JobRecord word;
        uint256 state;
        bool seedBlockFixed;
        bool delivered;
        bool tipReclaimed;
        uint256 seed;
        uint256 seedBlock;
        bytes32 result;
        uint256 startedAt;
    }

    struct Case {
        string name;
        uint256 chainId;
        address market;
        Job job;
        Fields fields;
        JobId jobId;
        uint256 seatBound;
        uint256 collateral;
        uint256 escrow;
        bytes32 inputHash;
        bytes32 orderNonce;
        address account;
        bytes32 salt;
        bytes32 depositNonce;
        Word record;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address market,Job job,Fields fields,bytes32 jobId,uint256 seatBound,"
        "uint256 collateral,uint256 escrow,bytes32 inputHash,bytes32 orderNonce,address account,bytes32 salt,"
        "bytes32 depositNonce,Word record)"
        "Job(bytes32 versionId,bytes32 inputRoot,bytes32 requester,bytes32 callback,bytes32 royalty,bytes32 shape,"
        "bytes32 rules)"
        "Fields(address requester,uint256 seatPrice,uint256 quorum,uint256 collateralFactor,uint256 sealPeriod,"
        "uint256 auditBps,address callback,uint256 callbackGas,uint256 deliveryTip,uint256 windowPeriod,uint256 requestedAt,"
        "uint256 royalty,address royaltyPayee)"
        "Word(uint256 word,uint256 state,bool seedBlockFixed,bool delivered,bool tipReclaimed,uint256 seed,"
        "uint256 seedBlock,bytes32 result,uint256 startedAt)";

    /// @dev [T147]
    function test_jobs() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("job.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new Market()).code;
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            VM.etch(cases[i].market, code);
            _checkHashes(cases[i]);
            _checkPairs(cases[i]);
            _checkShape(cases[i]);
            _checkAmounts(cases[i]);
            _checkRecord(cases[i].record, cases[i].name);
        }
    }

    function _checkHashes(Case memory c) private view {
        require(JobId.unwrap(Market(c.market).jobIdOf(c.job)) == JobId.unwrap(c.jobId), c.name);
        require(JobId.unwrap(Market(c.market).jobIdOfMemory(c.job)) == JobId.unwrap(c.jobId), c.name);
        require(_nonce(c, keccak256(abi.encode(c.job, c.inputHash))) == c.orderNonce, c.name);
        require(_nonce(c, keccak256(abi.encode(c.account, c.salt))) == c.depositNonce, c.name);
    }

    function _nonce(Case memory c, bytes32 subject) private pure returns (bytes32) {
        return keccak256(abi.encode(PAYMENT_TAG, c.chainId, c.market, subject));
    }

    function _checkPairs(Case memory c) private pure {
        require(c.job.requester.account() == c.fields.requester, c.name);
        require(c.job.requester.amount() == c.fields.seatPrice, c.name);
        require(c.job.callback.account() == c.fields.callback, c.name);
        require(c.job.callback.amount() == c.fields.deliveryTip, c.name);
        require(c.job.royalty.account() == c.fields.royaltyPayee, c.name);
        require(c.job.royalty.amount() == c.fields.royalty, c.name);
    }

    function _checkShape(Case memory c) private pure {
        require(c.job.shape.quorum() == c.fields.quorum, c.name);
        require(c.job.shape.auditBps() == c.fields.auditBps, c.name);
        require(c.job.shape.collateralFactor() == c.fields.collateralFactor, c.name);
        require(c.job.shape.sealPeriod() == c.fields.sealPeriod, c.name);
        require(c.job.shape.callbackGas() == c.fields.callbackGas, c.name);
        require(c.job.shape.windowPeriod() == c.fields.windowPeriod, c.name);
        require(c.job.shape.requestedAt() == c.fields.requestedAt, c.name);
    }

    function _checkAmounts(Case memory c) private pure {
        Job memory job = c.job;
        require(JobLib.seatBound(job.shape.quorum()) == c.seatBound, c.name);
        require(Market(c.market).collateralOf(job) == c.collateral, c.name);
        uint256 escrow = JobLib.escrow(job.requester, job.callback, job.royalty.amount(), job.shape, job.rules);
        require(escrow == c.escrow, c.name);
    }

    function _checkRecord(Word memory record, string memory name) private pure {
        require(uint256(record.word.state()) == record.state, name);
        require(record.word.seedBlockFixed() == record.seedBlockFixed, name);
        require(record.word.delivered() == record.delivered, name);
        require(record.word.tipReclaimed() == record.tipReclaimed, name);
        if (record.word.isFinal()) {
            require(record.word.result() == record.result, name);
            require(record.word.endedWith(record.result), name);
        } else {
            require(record.word.seed() == record.seed, name);
            require(record.word.seedBlock() == record.seedBlock, name);
        }
        require(record.word.startedAt() == record.startedAt, name);
    }
}
