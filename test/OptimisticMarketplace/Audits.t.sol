// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IDisputeGame} from "../../contracts/interfaces/IDisputeGame.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {IVerdictPolicy} from "../../contracts/interfaces/IVerdictPolicy.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {Round} from "../../contracts/types/CommitmentTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title Jobs that may be audited: who may sit, and what each end costs whom
contract AuditsTest is Offering {
    using OptimisticRecordLib for OptimisticRecord;
    using RoundLib for Round;

    enum Deed {
        Silent,
        Lie,
        Error,
        Honest,
        Other // another output that nobody disputes
    }

    struct Course {
        Deed node;
        bool audited;
        Deed auditor;
        uint8 value; // at stake, whole OPG
    }

    uint256 private constant BLOCK = 10_000;
    uint256 private constant PERIOD = 3;
    uint256 private constant STEPS = 5;
    bytes32 private constant SALT = "salt";
    address private constant THIRD = address(0x0de3);

    function setUp() external {
        _setUp();
        _start(THIRD, 3, MAX_LOCK, NOW + 80 days);
        _nodes.push(THIRD);
        for (uint256 i; i < _nodes.length; ++i) {
            VM.prank(_nodes[i]);
            ROSTER.enrol(_nodes[i], _version, OWN_STAKE);
        }
        VM.warp(NOW + 20);
        VM.roll(BLOCK);
    }

    /// @dev Whatever both do: the job ends as its node has deserved, each is paid or slashed for its own deed alone, and
    /// what came in is what went out [I09 I20 T045 T062].
    function testFuzz_settleAudited_paysAndSlashesEachForItsDeed(
        uint8 one,
        bool audited,
        uint8 other,
        uint8 value
    ) external {
        Course memory course = Course(Deed(bound(one, 0, 3)), audited, Deed(bound(other, 0, 4)), value % 8);
        if (!audited) course.auditor = Deed.Silent;
        OptimisticJob memory job = _sealed(10_000, course.value, _rootOf(course.node));
        if (course.audited) _sealAudit(job, _rootOf(course.auditor));
        _play(job, course);
        OPTIMISTIC.settleAudited(job, course.audited ? _nodes[1] : address(0));
        _requireEnd(_recordOf(job), course);
        _requireEarned(course);
        _requireLost(course);
        for (uint256 i; i < 2; ++i) require(_usedBy(_nodes[i]) == 0, "seats");
        _requireConserved(_retried(course) ? _recordOf(job).price() : 0);
    }

    /// @dev The coin and the draw are those of one block hash, and the threshold doubles [T048 T050].
    function testFuzz_sealAudit_isDrawn(uint16 auditBps, uint8 elapsed, uint8 blocks, uint256 fork) external {
        auditBps = uint16(bound(auditBps, 200, 10_000)); // a lock for fewer is larger than the node's
        VM.roll(BLOCK + bound(fork, 0, 1_000));
        OptimisticJob memory job = _sealed(auditBps, 0, _root);
        uint256 start = block.timestamp + 2;
        uint256 seedBlock = block.number + 2;
        VM.roll(block.number + bound(blocks, 0, 10));
        VM.warp(block.timestamp + bound(elapsed, 0, 30));
        bytes memory call = abi.encodeCall(OPTIMISTIC.sealAudit, (job, _nodes[1], "commitment"));
        bytes memory refusal;
        if (block.timestamp < start || block.number <= seedBlock) {
            refusal = abi.encodeWithSelector(
                IOptimisticPolicy.PolicySealingNotOpen.selector,
                _idOf(job),
                seedBlock,
                start
            );
        } else if (block.timestamp >= start + STEPS * PERIOD) {
            refusal = _over(job, start);
        } else {
            refusal = _refusalOfDraw(job, auditBps, seedBlock, (block.timestamp - start) / PERIOD);
        }
        if (refusal.length == 0) return _accept(_signerOf[_nodes[1]], address(OPTIMISTIC), call);
        _refuse(_signerOf[_nodes[1]], address(OPTIMISTIC), call, refusal);
    }

    /// @dev What the chain has forgotten is no seed; the job goes on without an audit [T048].
    function testFuzz_sealAudit_needsTheBlocksHash(uint256 blocks) external {
        OptimisticJob memory job = _sealed(10_000, 0, _root);
        uint256 start = block.timestamp + 2;
        VM.roll(block.number + bound(blocks, 259, 10_000));
        VM.warp(start + PERIOD);
        bytes memory call = abi.encodeCall(OPTIMISTIC.sealAudit, (job, _nodes[1], "commitment"));
        _refuse(_signerOf[_nodes[1]], address(OPTIMISTIC), call, _over(job, start));
    }

    /// @dev Before its node, and after one auditor, there is no seat.
    function testFuzz_sealAudit_hasOneSeat(bool taken) external {
        OptimisticJob memory job = _offer(_terms(10_000, 0));
        if (taken) {
            _seal(job, _root);
            _sealAudit(job, _root);
        }
        bytes memory call = abi.encodeCall(OPTIMISTIC.sealAudit, (job, THIRD, "commitment"));
        bytes memory refusal = abi.encodeWithSelector(IOptimisticPolicy.PolicyNoFreeSeat.selector, _idOf(job));
        _refuse(_signerOf[THIRD], address(OPTIMISTIC), call, refusal);
    }

    /// @dev Nothing ends before its time, or with another node than the one that has sealed [T067 T084].
    function testFuzz_settleAudited_waitsForAllThatCanHappen(address stranger, uint256 early) external {
        if (stranger == _nodes[1]) return;
        OptimisticJob memory job = _sealed(10_000, 0, _root);
        _sealAudit(job, _root);
        (Round round, ) = COMMITMENTS.roundOf(_roundOf(job));
        uint256 opensAt = round.sealingEndsAt();
        bytes memory call = abi.encodeCall(OPTIMISTIC.settleAudited, (job, _nodes[1]));
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticPolicy.PolicyRoundNotOver.selector,
            _idOf(job),
            opensAt + 10
        );
        VM.warp(bound(early, block.timestamp, opensAt + 9));
        _refuse(stranger, address(OPTIMISTIC), call, refusal);
        VM.warp(opensAt);
        _reveal(job, _nodes[0], _root);
        _reveal(job, _nodes[1], _root);
        VM.warp(bound(early, opensAt, opensAt + 10 + 39));
        refusal = abi.encodeWithSelector(IVerdictPolicy.PolicyStillDisputable.selector, _idOf(job), _nodes[0]);
        _refuse(stranger, address(OPTIMISTIC), call, refusal);
        VM.warp(opensAt + 10 + 40);
        call = abi.encodeCall(OPTIMISTIC.settleAudited, (job, stranger));
        refusal = abi.encodeWithSelector(IOptimisticPolicy.PolicyWrongAuditor.selector, _idOf(job), stranger);
        _refuse(stranger, address(OPTIMISTIC), call, refusal);
        OPTIMISTIC.settleAudited(job, _nodes[1]);
    }

    function testFuzz_settleAudited_knowsNoAuditorWhereThereIsNone(address auditor) external {
        if (auditor == address(0)) return;
        OptimisticJob memory job = _sealed(10_000, 0, _root);
        _play(job, Course(Deed.Honest, false, Deed.Silent, 0));
        bytes memory call = abi.encodeCall(OPTIMISTIC.settleAudited, (job, auditor));
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticPolicy.PolicyWrongAuditor.selector,
            _idOf(job),
            auditor
        );
        _refuse(auditor, address(OPTIMISTIC), call, refusal);
    }

    /// @dev Those who were right have their time to say so.
    function testFuzz_settleAudited_waitsForSharers(uint256 early) external {
        OptimisticJob memory job = _sealed(10_000, 0, "lie");
        (Round round, ) = COMMITMENTS.roundOf(_roundOf(job));
        VM.warp(round.lastSealEndsAt());
        _reveal(job, _nodes[0], "lie");
        _convict(_statementOf(job, _nodes[0], "lie"));
        uint256 finalAt = block.timestamp + FLOOR;
        VM.warp(bound(early, block.timestamp, finalAt - 1));
        bytes memory call = abi.encodeCall(OPTIMISTIC.settleAudited, (job, address(0)));
        bytes memory refusal = abi.encodeWithSelector(
            IDisputeGame.DisputeSharersNotFinal.selector,
            COMMITMENTS.statementIdOf(_roundOf(job), _nodes[0], "lie"),
            finalAt
        );
        _refuse(WATCHER, address(OPTIMISTIC), call, refusal);
    }

    /// @dev What may be audited is sealed and settled so, and nothing else is.
    function testFuzz_calls_fitTheJob(bool audited) external {
        OptimisticJob memory job = _offer(_terms(audited ? 500 : 0, 0));
        bytes memory refusal = abi.encodeWithSelector(
            audited ? IOptimisticMarketplace.MarketAudited.selector : IOptimisticMarketplace.MarketNotAudited.selector,
            _idOf(job)
        );
        address signer = _signerOf[_nodes[0]];
        bytes[3] memory calls =
            audited
                ? [
                    abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], _root)),
                    abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[1], _root)),
                    abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], "lie"))
                ]
                : [
                    abi.encodeCall(OPTIMISTIC.seal, (job, _nodes[0], _root)),
                    abi.encodeCall(OPTIMISTIC.sealAudit, (job, _nodes[1], _root)),
                    abi.encodeCall(OPTIMISTIC.settleAudited, (job, _nodes[1]))
                ];
        for (uint256 i; i < 3; ++i) _refuse(signer, address(OPTIMISTIC), calls[i], refusal);
    }

    /// @dev A job that was sealed does not expire; one that was not does, and no sooner or later matters [T084].
    function testFuzz_expire_isForWhatNobodySealed(bool sealed_, uint256 late) external {
        OptimisticJob memory job = _offer(_terms(500, 0));
        uint256 deadline = block.timestamp + 20;
        if (sealed_) _seal(job, _root);
        VM.warp(bound(late, deadline, deadline + 365 days));
        if (!sealed_) return OPTIMISTIC.expire(job);
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketNotExpired.selector,
            _idOf(job),
            deadline
        );
        _refuse(WATCHER, address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.expire, (job)), refusal);
    }

    function _terms(uint256 auditBps, uint256 value) private view returns (Terms memory terms) {
        terms = _named();
        (terms.auditBps, terms.valueAtStake) = (auditBps, value);
    }

    function _sealed(uint256 auditBps, uint256 value, bytes32 root) private returns (OptimisticJob memory job) {
        job = _offer(_terms(auditBps, value));
        _seal(job, root);
    }

    function _seal(OptimisticJob memory job, bytes32 root) private {
        bytes32 commitment = COMMITMENTS.sealOf(_roundOf(job), _nodes[0], root, SALT);
        bytes memory call = abi.encodeCall(OPTIMISTIC.seal, (job, _nodes[0], commitment));
        _accept(_signerOf[_nodes[0]], address(OPTIMISTIC), call);
    }

    /// @dev In the second step, in which both others are drawn for sure.
    function _sealAudit(OptimisticJob memory job, bytes32 root) private {
        (Round round, ) = COMMITMENTS.roundOf(_roundOf(job));
        VM.roll(block.number + 3);
        VM.warp(round.lastSealEndsAt() - (STEPS - 1) * PERIOD);
        bytes32 commitment = COMMITMENTS.sealOf(_roundOf(job), _nodes[1], root, SALT);
        bytes memory call = abi.encodeCall(OPTIMISTIC.sealAudit, (job, _nodes[1], commitment));
        _accept(_signerOf[_nodes[1]], address(OPTIMISTIC), call);
    }

    function _reveal(OptimisticJob memory job, address node, bytes32 root) private {
        COMMITMENTS.reveal(_roundOf(job), node, root, SALT);
    }

    /// @dev From the end of sealing to when everything is known.
    function _play(OptimisticJob memory job, Course memory course) private {
        (Round round, ) = COMMITMENTS.roundOf(_roundOf(job));
        uint256 opensAt = course.audited ? round.sealEndsAt() : round.lastSealEndsAt();
        VM.warp(opensAt);
        if (course.node != Deed.Silent) _reveal(job, _nodes[0], _rootOf(course.node));
        if (course.auditor != Deed.Silent) _reveal(job, _nodes[1], _rootOf(course.auditor));
        if (course.node == Deed.Lie) _convict(_statementOf(job, _nodes[0], _rootOf(course.node)));
        if (course.auditor == Deed.Lie) _convict(_statementOf(job, _nodes[1], _rootOf(course.auditor)));
        VM.warp(opensAt + 10 + 40);
    }

    function _rootOf(Deed deed) private view returns (bytes32) {
        if (deed == Deed.Lie) return "lie";
        if (deed == Deed.Other) return "other";
        return deed == Deed.Error ? PayloadLib.errorRoot(PayloadError.InputMissing) : _root;
    }

    function _retried(Course memory course) private pure returns (bool) {
        return course.node == Deed.Silent || course.node == Deed.Lie;
    }

    function _undecided(Course memory course) private pure returns (bool) {
        return course.node == Deed.Honest && course.auditor == Deed.Other;
    }

    function _requireEnd(OptimisticRecord record, Course memory course) private pure {
        OptimisticState end = OptimisticState.Answered;
        if (_retried(course)) end = OptimisticState.Open;
        else if (course.node == Deed.Error) end = OptimisticState.Refused;
        else if (_undecided(course)) end = OptimisticState.Undecided;
        require(record.state() == end, "state");
        require(record.attempt() == (_retried(course) ? 1 : 0), "attempt");
    }

    function _requireEarned(Course memory course) private view {
        bool answered = course.node == Deed.Honest && !_undecided(course);
        require(_earnedBy(_nodes[0]) == (answered ? PRICE : 0), "node");
        bool confirmed = answered && course.auditor == Deed.Honest;
        bool alone = _retried(course) && (course.auditor == Deed.Honest || course.auditor == Deed.Other);
        require(_earnedBy(_nodes[1]) == (confirmed || alone ? PRICE : 0), "auditor");
    }

    /// @dev Written anew: the whole lock, an eighth of it, or nothing.
    function _requireLost(Course memory course) private view {
        uint256 feared = 3 * (PRICE + course.value * 1e18);
        uint256 lock = (feared > 5 * PRICE ? feared : 5 * PRICE) + 4e18;
        require(_lostBy(_nodes[0]) == (_undecided(course) ? lock / 8 : (_retried(course) ? lock : 0)), "node's loss");
        lock = 2 * PRICE + 4e18;
        uint256 expected = course.auditor == Deed.Silent || _undecided(course) ? lock / 8 : 0;
        if (course.auditor == Deed.Lie) expected = lock;
        require(_lostBy(_nodes[1]) == (course.audited ? expected : 0), "auditor's loss");
    }

    function _lostBy(address node) private view returns (uint256) {
        (uint256 bonded, ) = STAKING.ownStakeOf(node);
        return OWN_STAKE - bonded;
    }

    /// @dev The market holds what it owes, and what waits for a second node.
    function _requireConserved(uint256 waiting) private view {
        uint256 owed =
            _balanceOf(REQUESTER) + _feesOf(REQUESTER) + _balanceOf(PUBLISHER) + _balanceOf(WATCHER) + waiting;
        for (uint256 i; i < _nodes.length; ++i) owed += _earnedBy(_nodes[i]);
        require(TOKEN.balanceOf(address(OPTIMISTIC)) == owed, "conserved");
    }

    /// @dev Written anew: both others weigh the same, and the first step expects one seat.
    function _refusalOfDraw(
        OptimisticJob memory job,
        uint256 auditBps,
        uint256 seedBlock,
        uint256 step
    ) private view returns (bytes memory) {
        JobId id = _idOf(job);
        uint256 seed = uint128(uint256(keccak256(abi.encode(blockhash(seedBlock), id, uint256(0)))));
        if (seed % 10_000 >= auditBps) return abi.encodeWithSelector(IOptimisticPolicy.PolicyNotAudited.selector, id);
        uint256 ticket = uint128(uint256(keccak256(abi.encode(uint128(seed), _nodes[1]))));
        if (step == 0 && ticket >= 1 << 127) {
            return abi.encodeWithSelector(IOptimisticPolicy.PolicyNotDrawn.selector, id, _nodes[1], step);
        }
        return "";
    }

    function _over(OptimisticJob memory job, uint256 start) private view returns (bytes memory) {
        return abi.encodeWithSelector(IOptimisticPolicy.PolicySealingOver.selector, _idOf(job), start + STEPS * PERIOD);
    }
}
