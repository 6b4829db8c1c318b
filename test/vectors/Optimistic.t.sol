// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {AuctionLib} from "../../contracts/libraries/AuctionLib.sol";
import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {AccountAmount, JobId} from "../../contracts/types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its market: an id depends on the contract that makes it.
contract OptimisticMarket {
    function jobIdOf(OptimisticJob calldata job) external view returns (JobId) {
        return HashLib.optimisticJobId(job);
    }

    function jobIdOfMemory(OptimisticJob memory job) external view returns (JobId) {
        return HashLib.optimisticJobIdOfMemory(job);
    }

    function collateralOf(OptimisticJob calldata job, uint256 price) external view returns (uint256) {
        return
            OptimisticJobLib.collateral(job.rules, job.shape, OptimisticRecordLib.begun(OptimisticState.Open), price);
    }

    function auditCollateralOf(OptimisticJob calldata job, uint256 price) external pure returns (uint256) {
        return OptimisticJobLib.auditCollateral(job, price);
    }
}

/// @title What jobs for one node are made of, against vectors/optimistic.json and vectors/auction.json
contract OptimisticVectorsTest {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;

    struct Fields {
        address requester;
        uint256 price;
        address node;
        uint256 lowestPrice;
        uint256 auctionDelay;
        uint256 auctionRamp;
        uint256 answerPeriod;
        uint256 windowPeriod;
        uint256 valueAtStake;
        uint256 auditBps;
        uint256 callbackGas;
        bool provisional;
        uint256 requestedAt;
        Numbers rules;
    }

    struct Numbers {
        uint16 feeBps;
        uint16 royaltyCapBps;
        uint8 deterrence;
        uint8 latePenaltyFactor;
        uint16 finisherShareBps;
        uint16 challengerShareBps;
        uint24 disputeBond;
        uint24 maxAnswerPeriod;
        uint24 mostWindowPeriod;
        uint24 horizonPeriod;
        uint16 absenceBps;
        uint8 auditSeats;
        uint8 auditSteps;
        uint16 auditSealPeriod;
        uint24 auditRevealPeriod;
    }

    struct Word {
        OptimisticRecord word;
        uint256 state;
        uint256 attempt;
        bool delivered;
        bool tipGone;
        uint256 price;
        uint256 since;
        address node;
    }

    struct Case {
        string name;
        uint256 chainId;
        address market;
        OptimisticJob job;
        Fields fields;
        JobId jobId;
        uint256 collateral;
        uint256 auditCollateral;
        uint256 escrow;
        uint256 penalty;
        uint256 prize;
        Word record;
    }

    struct Priced {
        string name;
        uint256 lowestPrice;
        uint256 price;
        uint256 auctionDelay;
        uint256 auctionRamp;
        uint256 elapsed;
        uint256 priced;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address market,Job job,Fields fields,bytes32 jobId,uint256 collateral,"
        "uint256 auditCollateral,uint256 escrow,uint256 penalty,uint256 prize,Word record)"
        "Job(bytes32 versionId,bytes32 inputRoot,bytes32 requester,bytes32 node,bytes32 callback,bytes32 royalty,"
        "bytes32 shape,bytes32 rules)"
        "Fields(address requester,uint256 price,address node,uint256 lowestPrice,uint256 auctionDelay,"
        "uint256 auctionRamp,uint256 answerPeriod,uint256 windowPeriod,uint256 valueAtStake,uint256 auditBps,uint256 callbackGas,"
        "bool provisional,uint256 requestedAt,Numbers rules)"
        "Numbers(uint16 feeBps,uint16 royaltyCapBps,uint8 deterrence,uint8 latePenaltyFactor,uint16 finisherShareBps,"
        "uint16 challengerShareBps,uint24 disputeBond,uint24 maxAnswerPeriod,uint24 mostWindowPeriod,"
        "uint24 horizonPeriod,uint16 absenceBps,uint8 auditSeats,uint8 auditSteps,uint16 auditSealPeriod,"
        "uint24 auditRevealPeriod)"
        "Word(uint256 word,uint256 state,uint256 attempt,bool delivered,bool tipGone,uint256 price,uint256 since,"
        "address node)";
    string private constant PRICED =
        "Case(string name,uint256 lowestPrice,uint256 price,uint256 auctionDelay,uint256 auctionRamp,uint256 elapsed,"
        "uint256 priced)";

    /// @dev [T147]
    function test_jobs() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("optimistic.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new OptimisticMarket()).code;
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            VM.etch(cases[i].market, code);
            _checkHashes(cases[i]);
            _checkPairs(cases[i]);
            _checkShape(cases[i]);
            _checkRules(cases[i]);
            _checkAmounts(cases[i]);
            _checkRecord(cases[i].record, cases[i].name);
        }
    }

    /// @dev [T086 T147]
    function test_prices() external view {
        Priced[] memory cases = abi.decode(Vectors.casesOf("auction.json", PRICED), (Priced[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            Priced memory c = cases[i];
            uint256 price = AuctionLib.priceAt(c.lowestPrice, c.price, c.auctionDelay, c.auctionRamp, c.elapsed);
            require(price == c.priced, c.name);
        }
    }

    function _checkHashes(Case memory c) private view {
        require(JobId.unwrap(OptimisticMarket(c.market).jobIdOf(c.job)) == JobId.unwrap(c.jobId), c.name);
        require(JobId.unwrap(OptimisticMarket(c.market).jobIdOfMemory(c.job)) == JobId.unwrap(c.jobId), c.name);
    }

    function _checkPairs(Case memory c) private pure {
        require(c.job.requester.account() == c.fields.requester, c.name);
        require(c.job.requester.amount() == c.fields.price, c.name);
        require(c.job.node.account() == c.fields.node, c.name);
        require(c.job.node.amount() == c.fields.lowestPrice, c.name);
    }

    function _checkShape(Case memory c) private pure {
        OptimisticShape shape = c.job.shape;
        require(shape.windowPeriod() == c.fields.windowPeriod, c.name);
        require(shape.answerPeriod() == c.fields.answerPeriod, c.name);
        require(shape.callbackGas() == c.fields.callbackGas, c.name);
        require(shape.auctionDelay() == c.fields.auctionDelay, c.name);
        require(shape.auctionRamp() == c.fields.auctionRamp, c.name);
        require(shape.takesProvisional() == c.fields.provisional, c.name);
        require(shape.valueAtStake() == c.fields.valueAtStake * 1e18, c.name);
        require(shape.auditBps() == c.fields.auditBps, c.name);
        require(shape.requestedAt() == c.fields.requestedAt, c.name);
    }

    function _checkRules(Case memory c) private pure {
        Numbers memory n = c.fields.rules;
        OptimisticRules packed = OptimisticRulesLib.pack(
            OptimisticNumbers({
                feeBps: n.feeBps,
                royaltyCapBps: n.royaltyCapBps,
                deterrence: n.deterrence,
                latePenaltyFactor: n.latePenaltyFactor,
                finisherShareBps: n.finisherShareBps,
                challengerShareBps: n.challengerShareBps,
                disputeBond: n.disputeBond,
                maxAnswerPeriod: n.maxAnswerPeriod,
                mostWindowPeriod: n.mostWindowPeriod,
                absenceBps: n.absenceBps,
                auditSeats: n.auditSeats,
                auditSteps: n.auditSteps,
                auditSealPeriod: n.auditSealPeriod,
                auditRevealPeriod: n.auditRevealPeriod
            })
        );
        uint256 used = (1 << 248) - 1; // a word that nobody packed can have bits above
        uint256 word = uint256(OptimisticRules.unwrap(packed.withHorizon(n.horizonPeriod)));
        require(word == uint256(OptimisticRules.unwrap(c.job.rules)) & used, c.name);
        require(c.job.rules.horizonPeriod() == n.horizonPeriod, c.name);
    }

    function _checkAmounts(Case memory c) private view {
        require(OptimisticMarket(c.market).collateralOf(c.job, c.fields.price) == c.collateral, c.name);
        require(OptimisticMarket(c.market).auditCollateralOf(c.job, c.fields.price) == c.auditCollateral, c.name);
        require(OptimisticJobLib.escrow(c.job) == c.escrow, c.name);
        require(OptimisticJobLib.latePenalty(c.job.rules, c.fields.price) == c.penalty, c.name);
        require(OptimisticJobLib.prizeAfterSilence(c.job.rules, c.fields.price) == c.prize, c.name);
    }

    function _checkRecord(Word memory record, string memory name) private pure {
        require(uint256(record.word.state()) == record.state, name);
        require(record.word.attempt() == record.attempt, name);
        require(record.word.delivered() == record.delivered, name);
        require(record.word.tipGone() == record.tipGone, name);
        require(record.word.price() == record.price, name);
        require(record.word.since() == record.since, name);
        require(record.word.node() == record.node, name);
    }
}
