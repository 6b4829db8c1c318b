// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {CallbackRecorder} from "../../contracts/test/CallbackRecorder.sol";
import {RoundId, StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Statement} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount, JOB_TAG, JobId} from "../../contracts/types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticRecord,
    OptimisticShape,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {Judged} from "./Judged.sol";
import {VM} from "./Vm.sol";

/// @title Two nodes that serve a version where one node answers, and a requester whose orders can be anything
abstract contract Offering is Judged {
    using JobLib for AccountAmount;
    using OptimisticJobLib for OptimisticJob;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticRecordLib for OptimisticRecord;

    /// @dev What an order says beside version, input and requester.
    struct Terms {
        address node; // zero: anyone may reserve
        uint256 price;
        uint256 lowest;
        uint256 auctionDelay;
        uint256 auctionRamp;
        uint256 answerPeriod;
        uint256 windowPeriod;
        uint256 valueAtStake; // whole OPG
        address callback;
        uint256 tip;
        bool provisional;
        uint256 nonce;
        uint256 auditBps;
    }

    uint256 internal constant NOW = 1_000_000;
    uint256 internal constant UNIT = 1e12;
    uint256 internal constant PRICE = 2e18;
    uint256 internal constant LOWEST = 1e18;
    uint256 internal constant ROYALTY = 1e17;
    uint256 internal constant TIP = 1e16;
    uint256 internal constant OWN_STAKE = 1_000e18;
    uint256 internal constant MAX_LOCK = 400e18;
    uint256 internal constant FLOOR = 5;
    address internal constant REQUESTER = address(0x1e9);

    CallbackRecorder internal immutable RECORDER = new CallbackRecorder();
    mapping(address node => address) internal _signerOf;
    address[] internal _nodes = [address(0x0de1), address(0x0de2)];
    bytes internal _payload;
    /// @dev Of `_payload`, which the nodes state when they do not lie.
    bytes32 internal _root;

    function _setUp() internal {
        VM.warp(NOW);
        _publishJudged(ROYALTY);
        for (uint256 i; i < _nodes.length; ++i) _start(_nodes[i], 1 + i, MAX_LOCK, NOW + 80 days);
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        OPTIMISTIC.deposit(REQUESTER, FORTUNE);
        _payload = _payloadOf(40);
        _root = COMMITMENTS.rootOf(PayloadError.None, _payload);
        VM.warp(NOW + 10);
    }

    /// @dev Makes a node that serves the version; its signer has this key.
    function _start(address node, uint256 signerKey, uint256 maxLock, uint256 endsAt) internal {
        _endow(node);
        _register(node, signerKey, OWN_STAKE);
        _signerOf[node] = VM.addr(signerKey);
        VM.prank(node);
        STAKING.authorise(node, address(OPTIMISTIC), OWN_STAKE);
        VM.prank(node);
        OPTIMISTIC.serve(node, _version, maxLock, endsAt);
    }

    function _named() internal view returns (Terms memory terms) {
        terms.node = _nodes[0];
        (terms.price, terms.answerPeriod, terms.windowPeriod) = (PRICE, 20, 40);
    }

    function _open() internal pure returns (Terms memory terms) {
        (terms.price, terms.lowest, terms.auctionDelay, terms.auctionRamp) = (PRICE, LOWEST, 10, 100);
        (terms.answerPeriod, terms.windowPeriod) = (20, 40);
    }

    function _orderOf(Terms memory terms) internal view returns (OptimisticJob memory order) {
        order.versionId = _version;
        order.inputRoot = "input";
        order.requester = JobLib.pair(REQUESTER, terms.price);
        order.node = JobLib.pair(terms.node, terms.lowest);
        order.callback = JobLib.pair(terms.callback, terms.tip);
        order.royalty = JobLib.pair(address(0), ROYALTY);
        uint256 word = terms.windowPeriod | (terms.answerPeriod << 24) | (terms.nonce << 80) | (terms.auditBps << 128);
        word |= (terms.auctionDelay << 144) | (terms.auctionRamp << 160) | (terms.valueAtStake << 192);
        if (terms.callback != address(0)) word |= 500_000 << 48;
        if (terms.provisional) word |= 1 << 184;
        order.shape = OptimisticShape.wrap(bytes32(word));
    }

    /// @dev Places an order in its requester's name, and gives the job that it becomes.
    function _offer(Terms memory terms) internal returns (OptimisticJob memory job) {
        job = _orderOf(terms);
        VM.prank(REQUESTER);
        JobId id = OPTIMISTIC.request(job, "ipfs://input");
        job = _becomes(job, job.inputRoot);
        require(JobId.unwrap(id) == JobId.unwrap(_idOf(job)), "a job is not the hash of its fields");
    }

    /// @dev The job that an order becomes now, with this input.
    function _becomes(OptimisticJob memory job, bytes32 inputRoot) internal view returns (OptimisticJob memory) {
        (job.rules, ) = OPTIMISTIC.governed();
        (job.inputRoot, job.shape) = (inputRoot, job.shape.stamped());
        (uint256 asked, address payee, ) = REGISTRY.quote(_version, REQUESTER);
        uint256 cap = (job.requester.amount() * 3_000) / 10_000;
        job.royalty = JobLib.pair(payee, asked < cap ? asked : cap);
        return job;
    }

    function _reserve(OptimisticJob memory job, address node) internal {
        _accept(_signerOf[node], address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.reserve, (job, node)));
    }

    function _answer(OptimisticJob memory job, address node, bytes32 root) internal {
        _accept(_signerOf[node], address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.answer, (job, node, root)));
    }

    /// @dev What a node has stated in the running attempt.
    function _statementOf(
        OptimisticJob memory job,
        address node,
        bytes32 root
    ) internal view returns (Statement memory statement) {
        statement.consumer = address(OPTIMISTIC);
        statement.jobId = JobId.unwrap(_idOf(job));
        statement.attempt = _recordOf(job).attempt();
        statement.modelId = _model;
        statement.version = _judgedIdentity();
        (statement.inputRoot, statement.node, statement.outputRoot) = (job.inputRoot, node, root);
        if (_recordOf(job).state() == OptimisticState.Stated) statement.transport = Transport.Direct;
    }

    function _balanceOf(address account) internal view returns (uint256 balance) {
        (balance, ) = OPTIMISTIC.accountOf(account);
    }

    function _feesOf(address account) internal view returns (uint256 fees) {
        (, fees) = OPTIMISTIC.accountOf(account);
    }

    function _recordOf(OptimisticJob memory job) internal view returns (OptimisticRecord) {
        return OPTIMISTIC.jobOf(_idOf(job));
    }

    function _usedBy(address node) internal view returns (uint256 used) {
        (, , used, , ) = OPTIMISTIC.servingOf(node, _version);
    }

    function _earnedBy(address node) internal view returns (uint256 earned) {
        (, , , earned, ) = OPTIMISTIC.servingOf(node, _version);
    }

    function _idOf(OptimisticJob memory job) internal view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, OPTIMISTIC, job)));
    }

    function _roundOf(OptimisticJob memory job) internal view returns (RoundId) {
        uint256 attempt = _recordOf(job).attempt();
        return
            COMMITMENTS.roundIdOf(address(OPTIMISTIC), JobId.unwrap(_idOf(job)), attempt, job.versionId, job.inputRoot);
    }

    function _statementIdOf(OptimisticJob memory job, address node, bytes32 root) internal view returns (StatementId) {
        return COMMITMENTS.statementIdOf(_roundOf(job), node, root);
    }

    /// @dev Written anew: three tenths of ten times what a lie can gain, and four bonds.
    function _collateralOf(OptimisticJob memory job, uint256 price) internal pure returns (uint256) {
        return 30 * (price + job.shape.valueAtStake()) + 4e18;
    }

    /// @dev One tensor of so many bytes.
    function _payloadOf(uint256 length) internal pure returns (bytes memory) {
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = Tensor(2, new uint32[](1), new bytes(length));
        tensors[0].shape[0] = uint32(length);
        return abi.encode(tensors);
    }
}
