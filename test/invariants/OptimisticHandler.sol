// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {CallbackRecorder} from "../../contracts/test/CallbackRecorder.sol";
import {RoundId, StatementId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Statement, Verdict} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount, JOB_TAG, JobId} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticShape,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {optimisticNumbers} from "../support/Suite.sol";
import {VM} from "../support/Vm.sol";
import {JudgedHandler} from "./JudgedHandler.sol";

/// @title Requesters, honest and lying nodes, challengers and strangers of the market of single nodes, at random, and a
/// guardian and voters who pause and replace rules in between
/// @dev Every call takes one random number and reads from it what to do. What must be possible to anyone reverts the handler
/// if it is refused, which fails the campaign, and so does an entry that is open while there is a pause; all else goes through
/// `_try`, which counts.
contract OptimisticHandler is JudgedHandler {
    using JobLib for AccountAmount;
    using OptimisticJobLib for *;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticNumbers;
    using OptimisticRulesLib for OptimisticRules;

    /// @dev What a node has stated in an attempt, and what became of it.
    struct Stated {
        bool made;
        uint256 kind;
        bytes32 root;
        StatementId id;
        address node;
    }

    /// @dev What the end of an attempt can move.
    struct Books {
        uint256 fees;
        uint256 earned;
        uint256 maxLock;
    }

    struct Offered {
        OptimisticJob job;
        OptimisticState outcome; // the first final one
        Stated[2] stated;
    }

    uint256 private constant MOST_LIVE = 4;
    uint256 private constant UNIT = 1e12;
    /// @dev Beyond the toy's own: a small payload that is no output of the model, and an error.
    uint256 private constant SMALL = 4;
    uint256 private constant ERROR = 5;

    CallbackRecorder public immutable RECORDER = new CallbackRecorder();

    Offered[] private _offered;
    /// @dev What must never happen.
    uint256 public secondOutcomes;
    uint256 public earlySettlements;
    /// @dev What the campaign would prove nothing about if it never did it: ends of attempts, by the call and whether the node
    /// lost stake.
    mapping(bytes4 call => mapping(bool loses => uint256)) public endedWhilePaused;
    mapping(bytes4 call => mapping(bool loses => uint256)) public endedUnderReplacedRules;

    constructor() {
        _begin(OPTIMISTIC);
    }

    /// @notice Orders, while few jobs are under way.
    function order(uint256 seed) external {
        uint256 any = spread(seed);
        if (_liveCount() >= MOST_LIVE) return _play(any);
        OptimisticJob memory job = _orderOf(any);
        address requester = job.requester.account();
        bytes memory call = abi.encodeCall(OptimisticMarketplace.request, (job, "ipfs://input"));
        if (isPaused()) {
            _refuseEntry(requester, address(OPTIMISTIC), call);
            // With nothing else to do, somebody waits.
            return _liveCount() == 0 ? _passTo(GUARDIAN.pausedUntil()) : _play(any);
        }
        if (!_try(requester, call)) return;
        (job.rules, ) = OPTIMISTIC.governed();
        job.shape = job.shape.stamped();
        uint256 cap = (job.requester.amount() * job.rules.royaltyCapBps()) / 10_000;
        job.royalty = JobLib.pair(PUBLISHER, cap < 0.1e18 ? cap : 0.1e18);
        require(OPTIMISTIC.jobOf(_idOf(job)).state() != OptimisticState.None, "a job is not the hash of its fields");
        _offered.push().job = job;
    }

    /// @notice Takes jobs that are under way one step on.
    function play(uint256 seed) external {
        for (uint256 i; i < 3; ++i) _play(spread(seed) >> (16 * i));
    }

    /// @notice Does with a job, whatever its state, what may well be refused.
    function playOutOfTurn(uint256 seed) external {
        uint256 any = spread(seed);
        if (_offered.length == 0) return;
        Offered storage offered = _offered[any % _offered.length];
        OptimisticJob memory job = offered.job;
        address node = nodes[(any >> 8) % nodes.length];
        uint256 choice = (any >> 16) % 6;
        bytes32 root = rootOf((any >> 24) % 6);
        bytes memory call = abi.encodeCall(OptimisticMarketplace.settle, (job, node, root));
        if (choice == 1) call = abi.encodeCall(OptimisticMarketplace.expire, (job));
        if (choice == 2) call = abi.encodeCall(OptimisticMarketplace.cancel, (job));
        if (choice == 3) call = abi.encodeCall(OptimisticMarketplace.reclaimTip, (job));
        if (choice == 4) call = abi.encodeCall(OptimisticMarketplace.answer, (job, node, root));
        if (choice == 5) call = abi.encodeCall(OptimisticMarketplace.reserve, (job, node));
        bool wasFinal = offered.outcome != OptimisticState.None;
        bool early = choice == 0 && _isOpen(offered);
        bool did = _try(choice == 2 ? job.requester.account() : _signerOf(node), call);
        if (did && wasFinal && choice != 3) ++secondOutcomes;
        if (did && early) ++earlySettlements;
        if (did && choice == 4) _note(offered, node, (any >> 24) % 6);
        _noteOutcome(offered);
    }

    /// @notice Moves money that is not at stake, and gives some to nobody.
    function moveMoney(uint256 seed) external {
        uint256 any = spread(seed);
        _moveMoney(people[any % people.length], (any >> 8) % 5, any >> 16);
    }

    /// @notice Nodes serve anew or stop, and stake more.
    function serve(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % nodes.length];
        uint256 maxLock = 300e18 + ((any >> 64) % 400e18);
        bytes memory call = abi.encodeCall(
            OptimisticMarketplace.serve,
            (node, VERSION, maxLock, block.timestamp + 80 days)
        );
        bool leaves = (any >> 8) % 8 == 0;
        if (leaves) call = abi.encodeCall(OPTIMISTIC.unserve, (node, VERSION));
        bytes memory more = abi.encodeCall(STAKING.stake, (node, 50e18));
        if (!isPaused()) {
            _must(node, address(STAKING), more);
            _try(_signerOf(node), call);
            return;
        }
        _refuseEntry(node, address(STAKING), more);
        if (leaves) return _must(_signerOf(node), address(OPTIMISTIC), call);
        // A lock that does not grow can still be made to last longer. Below what is in use, it is refused for that.
        bool grows = maxLock > STAKING.lockOf(node, address(OPTIMISTIC), VersionId.unwrap(VERSION)).amount;
        bool closed = grows && maxLock >= _booksOf(node, node).maxLock;
        if (closed) _refuseEntry(_signerOf(node), address(OPTIMISTIC), call);
        else _try(_signerOf(node), call);
    }

    /// @notice The guardian opens them before the time.
    function resume() external {
        if (isPaused()) _must(KEEPER, address(GUARDIAN), abi.encodeCall(GUARDIAN.resume, ()));
    }

    /// @notice A vote replaces the rules of the next orders: every number that what has begun is held to, too.
    function govern(uint256 seed) external {
        uint256 any = spread(seed);
        OptimisticNumbers memory numbers = optimisticNumbers();
        numbers.feeBps = uint16(any % 1_001);
        numbers.royaltyCapBps = uint16((any >> 16) % 5_001);
        numbers.deterrence = uint8(25 + ((any >> 32) % 20));
        numbers.latePenaltyFactor = uint8(1 + ((any >> 40) % 20));
        numbers.finisherShareBps = uint16(2_500 + ((any >> 48) % 2_501));
        numbers.challengerShareBps = uint16(2_500 + ((any >> 64) % 2_501));
        numbers.disputeBond = uint24(1 + ((any >> 80) % 3));
        numbers.maxAnswerPeriod = uint24(60 + ((any >> 104) % 4));
        numbers.mostWindowPeriod = uint24(100 + ((any >> 128) % 4));
        OPTIMISTIC.setRules(numbers.pack(), 10 + ((any >> 152) % 11));
        _count(true);
    }

    function count() external view returns (uint256) {
        return _offered.length;
    }

    function jobAt(uint256 i) external view returns (Offered memory offered, OptimisticRecord record) {
        return (_offered[i], OPTIMISTIC.jobOf(_idOf(_offered[i].job)));
    }

    function rootOf(uint256 kind) public view returns (bytes32) {
        if (kind == ERROR) return PayloadLib.INPUT_MISSING;
        return kind == SMALL ? PayloadLib.root(_tensors()) : TOY.outputRoot(kind);
    }

    /// @dev Written anew: what answers for an answer, by the rules that the job began under.
    function collateralOf(OptimisticJob memory job, uint256 price) public pure returns (uint256) {
        uint256 feared = job.rules.deterrence() * (price + job.shape.valueAtStake());
        uint256 late = price * job.rules.latePenaltyFactor();
        return (feared > late ? feared : late) + 4 * job.rules.disputeBond();
    }

    /// @notice Ends a job that is under way, as anyone can once time has passed.
    function finish(uint256 i) external {
        if (_offered.length == 0) return;
        Offered storage offered = _offered[i % _offered.length];
        while (offered.outcome == OptimisticState.None) _end(offered);
    }

    function _play(uint256 any) private {
        if (_offered.length == 0) return;
        Offered storage offered = _offered[any % _offered.length];
        for (uint256 i; offered.outcome != OptimisticState.None; ++i) {
            if (i == _offered.length) return _deliver(offered, any);
            offered = _offered[(any + i) % _offered.length];
        }
        any >>= 16;
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(offered.job));
        if (offered.stated[record.attempt()].made) return _playAnswered(offered, record, any);
        if (any % 8 == 0 || block.timestamp >= this.deadlineOf(offered.job, record)) return _lapse(offered, any);
        if (record.state() == OptimisticState.Open) return _reserve(offered, any >> 8);
        address node = record.state() == OptimisticState.Named ? offered.job.node.account() : record.node();
        uint256 kind = (any >> 8) % 8 < 4 ? 0 : (any >> 16) % 6;
        bytes memory call = abi.encodeCall(OptimisticMarketplace.answer, (offered.job, node, rootOf(kind)));
        if (_try(_signerOf(node), call)) _note(offered, node, kind);
    }

    function deadlineOf(OptimisticJob calldata job, OptimisticRecord record) external pure returns (uint256) {
        return job.deadline(record);
    }

    function _reserve(Offered storage offered, uint256 any) private {
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(offered.job));
        address node = nodes[any % nodes.length];
        if (node == record.node()) node = nodes[(any + 1) % nodes.length];
        _try(_signerOf(node), abi.encodeCall(OptimisticMarketplace.reserve, (offered.job, node)));
    }

    /// @dev Nobody does what could be done; now and then the requester takes an open job back.
    function _lapse(Offered storage offered, uint256 any) private {
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(offered.job));
        if (record.state() == OptimisticState.Open && record.attempt() == 0 && any % 2 == 0) {
            _try(offered.job.requester.account(), abi.encodeCall(OptimisticMarketplace.cancel, (offered.job)));
            return _noteOutcome(offered);
        }
        _end(offered);
    }

    /// @dev Disputes of all kinds, a provisional delivery, or the end.
    function _playAnswered(Offered storage offered, OptimisticRecord record, uint256 any) private {
        Stated storage stated = offered.stated[record.attempt()];
        uint256 until = record.disputableUntil(stated.id);
        uint256 choice = any % 8;
        bool disputable = stated.kind != ERROR && block.timestamp < until;
        Statement memory statement = _statementOf(offered, stated, record);
        address challenger = people[(any >> 8) % people.length];
        if (choice < 3 && disputable) return DISPUTER.challenge(statement, stated.id, stated.kind, challenger);
        if (choice == 3 && disputable) return DISPUTER.demand(statement, stated.id, stated.kind, STRANGER);
        if (choice == 4) return _deliver(offered, any);
        if (choice == 5) return _passTo(block.timestamp + ((any >> 8) % 12));
        _end(offered);
    }

    function _deliver(Offered storage offered, uint256 any) private {
        OptimisticJob memory job = offered.job;
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(job));
        uint256 kind = offered.stated[record.attempt()].kind;
        address node = offered.stated[record.attempt()].node;
        bool possible = record.state().hasResult() || job.shape.takesProvisional();
        if (job.callback.account() == address(0) || record.delivered() || kind < SMALL || !possible) return;
        RECORDER.setRefuses(any % 4 == 0);
        PayloadError fault = kind == ERROR ? PayloadError.InputMissing : PayloadError.None;
        bytes memory payload = kind == ERROR ? bytes("") : abi.encode(_tensors());
        _try(STRANGER, abi.encodeCall(OptimisticMarketplace.deliver, (job, node, fault, payload)));
    }

    /// @dev Waits for whatever must be waited for, and ends the running attempt: that must be possible to anyone.
    function _end(Offered storage offered) private {
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(offered.job));
        Stated storage stated = offered.stated[record.attempt()];
        if (!stated.made) {
            _passTo(this.deadlineOf(offered.job, record));
            _end(
                offered,
                record.node(),
                abi.encodeCall(OPTIMISTIC.expire, (offered.job)),
                _dueToSilence(offered.job, record)
            );
            return;
        }
        DISPUTER.end(stated.id);
        _passTo(record.disputableUntil(stated.id));
        (, uint256 finalAt) = DISPUTES.sharersOf(stated.id);
        _passTo(finalAt);
        Verdict verdict = DISPUTES.verdictOf(stated.id, record.disputableUntil(stated.id));
        require((verdict == Verdict.False) == (finalAt != 0), "a verdict that is none");
        _end(
            offered,
            stated.node,
            abi.encodeCall(OPTIMISTIC.settle, (offered.job, stated.node, stated.root)),
            _dueToVerdict(offered.job, record, verdict, stated.kind)
        );
        OptimisticState end = OPTIMISTIC.jobOf(_idOf(offered.job)).state();
        if (verdict == Verdict.Upheld) {
            require(
                end == (stated.kind == ERROR ? OptimisticState.Refused : OptimisticState.Answered),
                "an upheld answer"
            );
        } else {
            require(end == OptimisticState.Falsified || end == OptimisticState.Open, "a false answer was paid");
            require(stated.kind != 0, "an honest node was convicted");
        }
    }

    /// @dev Ends the running attempt in a stranger's name, which must move exactly what is due.
    function _end(Offered storage offered, address node, bytes memory call, Books memory due) private {
        address requester = offered.job.requester.account();
        Books memory before = _booksOf(node, requester);
        _must(STRANGER, address(OPTIMISTIC), call);
        Books memory now_ = _booksOf(node, requester);
        require(now_.fees == before.fees + due.fees, "another fee than the job's");
        require(now_.earned == before.earned + due.earned, "another pay than the job's");
        require(now_.maxLock == before.maxLock - due.maxLock, "another loss than the job's");
        _noteOutcome(offered);
        if (isPaused()) ++endedWhilePaused[bytes4(call)][due.maxLock > 0];
        (OptimisticRules rules, ) = OPTIMISTIC.governed();
        bool replaced = OptimisticRules.unwrap(rules) != OptimisticRules.unwrap(offered.job.rules);
        if (replaced) ++endedUnderReplacedRules[bytes4(call)][due.maxLock > 0];
    }

    function _serve(address node, uint256 maxLock) internal override {
        OPTIMISTIC.serve(node, VERSION, maxLock, block.timestamp + 80 days);
    }

    function _note(Offered storage offered, address node, uint256 kind) private {
        JobId id = _idOf(offered.job);
        uint256 attempt = OPTIMISTIC.jobOf(id).attempt();
        Stated storage stated = offered.stated[attempt];
        (stated.made, stated.kind, stated.node, stated.root) = (true, kind, node, rootOf(kind));
        RoundId roundId = COMMITMENTS.roundIdOf(address(OPTIMISTIC), JobId.unwrap(id), attempt, VERSION, INPUT);
        stated.id = COMMITMENTS.statementIdOf(roundId, node, stated.root);
    }

    function _noteOutcome(Offered storage offered) private {
        OptimisticState now_ = OPTIMISTIC.jobOf(_idOf(offered.job)).state();
        if (offered.outcome == OptimisticState.None && !now_.isUnderWay()) offered.outcome = now_;
    }

    /// @dev Whether the running attempt has no verdict.
    function _isOpen(Offered storage offered) private view returns (bool) {
        OptimisticRecord record = OPTIMISTIC.jobOf(_idOf(offered.job));
        Stated storage stated = offered.stated[record.attempt()];
        return !stated.made || DISPUTES.verdictOf(stated.id, record.disputableUntil(stated.id)) == Verdict.Open;
    }

    function _statementOf(
        Offered storage offered,
        Stated storage stated,
        OptimisticRecord record
    ) private view returns (Statement memory) {
        bytes32 id = JobId.unwrap(_idOf(offered.job));
        return
            Statement(
                address(OPTIMISTIC),
                id,
                record.attempt(),
                MODEL,
                identity(),
                INPUT,
                stated.node,
                stated.root,
                Transport.Direct
            );
    }

    function _orderOf(uint256 any) private view returns (OptimisticJob memory job) {
        bool open = any & 1 != 0;
        bool called = any & 6 != 0;
        uint256 price = (1 + ((any >> 8) % 3e6)) * UNIT;
        uint256 lowest = open ? ((any >> 40) % (price / UNIT)) * UNIT : 0;
        job.versionId = VERSION;
        job.inputRoot = INPUT;
        job.requester = JobLib.pair(people[(any >> 72) % people.length], price);
        job.node = JobLib.pair(open ? address(0) : nodes[(any >> 80) % nodes.length], lowest);
        if (called) job.callback = JobLib.pair(address(RECORDER), (any >> 88) % 1e18);
        job.royalty = JobLib.pair(address(0), 0.1e18);
        uint256 word = (30 + ((any >> 104) % 71)) | ((5 + ((any >> 112) % 56)) << 24) | (_offered.length << 80);
        if (called) word |= (200_000 << 48) | ((any >> 120) % 2 << 184);
        if (open) word |= (((any >> 128) % 10) << 144) | ((5 + ((any >> 136) % 100)) << 160);
        job.shape = OptimisticShape.wrap(bytes32(word | (((any >> 144) % 3) << 192)));
    }

    function _booksOf(address node, address requester) private view returns (Books memory books) {
        (, books.fees) = OPTIMISTIC.accountOf(requester);
        (, books.maxLock, , books.earned, ) = OPTIMISTIC.servingOf(node, VERSION);
    }

    /// @dev Written anew: what a node loses that has reserved and not answered, by the rules that the job began under.
    function _dueToSilence(OptimisticJob memory job, OptimisticRecord record) private pure returns (Books memory due) {
        if (record.state() == OptimisticState.Reserved) due.maxLock = record.price() * job.rules.latePenaltyFactor();
    }

    /// @dev Written anew: what an answer earns or costs, by the rules that the job began under.
    function _dueToVerdict(
        OptimisticJob memory job,
        OptimisticRecord record,
        Verdict verdict,
        uint256 kind
    ) private pure returns (Books memory due) {
        if (verdict == Verdict.False) {
            due.maxLock = collateralOf(job, record.price());
        } else if (kind != ERROR) {
            due.earned = record.price();
            if (record.attempt() == 0) due.fees = (record.price() * job.rules.feeBps()) / 10_000;
        }
    }

    function _liveCount() private view returns (uint256 live) {
        for (uint256 i; i < _offered.length; ++i) if (_offered[i].outcome == OptimisticState.None) ++live;
    }

    function _idOf(OptimisticJob memory job) private view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, OPTIMISTIC, job)));
    }

    function _tensors() private pure returns (Tensor[] memory tensors) {
        tensors = new Tensor[](1);
        tensors[0] = Tensor(2, new uint32[](1), "output");
        tensors[0].shape[0] = 6;
    }
}
