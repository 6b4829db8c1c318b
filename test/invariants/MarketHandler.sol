// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobRelay} from "../../contracts/JobRelay.sol";
import {DrawLib} from "../../contracts/libraries/DrawLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {PackedReveal, Round, RoundId, Seal, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {
    AccountAmount,
    JOB_TAG,
    Job,
    JobId,
    JobRecord,
    JobRules,
    JobShape,
    JobState
} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";
import {Adversary} from "./Adversary.sol";
import {Tally} from "./Tally.sol";

/// @title Nodes, requesters, delegators and an adversary, at random
/// @dev Every call takes one random number and reads from it what to do. Calls that may be refused go through `_try`;
/// those that must succeed through `_must`, which reverts the handler, which fails the campaign.
contract MarketHandler is SuiteAdmin, Tally {
    using JobLib for AccountAmount;
    using JobLib for Job;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using RoundLib for Round;
    using RulesLib for JobRules;

    /// @dev What unpacks a round, and what all who sealed in it hide; zero where they do not agree.
    struct Pack {
        Round round;
        bytes32 root;
        Seal[] seals;
    }

    uint256 private constant NODES = 10;
    /// @dev Of a first draw of two answers, which is the smallest here.
    uint256 private constant MOST_SEATS = 9;
    uint256 private constant MOST_LIVE = 3;
    uint256 private constant MOVES = 6;
    /// @dev How often somebody looks for what it could do.
    uint256 private constant MOST_LOOKS = 6;
    uint256 private constant OWN_STAKE = 1_000e18;
    uint256 private constant MAX_LOCK = 400e18;
    /// @dev More than any order here costs.
    uint256 private constant DEPOSIT = 100e18;
    bytes32 private constant SALT = keccak256("salt");
    string[3] private OUTPUTS = ["right", "wrong", "also wrong"];

    Adversary public immutable ADVERSARY = new Adversary();
    JobRelay public immutable RELAY;
    address public constant STRANGER = address(0x5712A9E2);
    address public constant PUBLISHER = address(0x9b11);
    VersionId public immutable VERSION;

    /// @dev Ascending by address.
    address[] public nodes;
    address[] public requesters;
    address[] public delegators;
    JobId[] public jobIds;
    mapping(JobId jobId => Job) private _jobs;
    /// @dev What a job was when it first was final.
    mapping(JobId jobId => JobState) public outcomes;
    /// @dev Of the signers.
    mapping(address node => uint256) private _keys;
    mapping(RoundId roundId => mapping(address node => bytes32)) private _sealed;
    /// @dev As long as it is packed.
    mapping(RoundId roundId => Pack) private _packs;
    /// @dev Tokens sent where nobody is owed them.
    mapping(address holder => uint256) public gifts;
    /// @dev Calls that ended a job that was final already.
    uint256 public secondOutcomes;

    constructor() {
        RELAY = new JobRelay(MARKET);
        (, VERSION) = _publish(PUBLISHER, 0.1e18);
        for (uint256 key = 1; key <= NODES; ++key) _insertNode(VM.addr(key), key + NODES);
        for (uint256 i; i < NODES; ++i) _startNode(nodes[i]);
        for (uint160 i = 1; i <= 3; ++i) {
            requesters.push(address(0x1e9_0000 + i));
            delegators.push(address(0xde1_0000 + i));
        }
        requesters.push(address(ADVERSARY));
        for (uint256 i; i < requesters.length; ++i) _endow(requesters[i]);
        for (uint256 i; i < delegators.length; ++i) _endow(delegators[i]);
        _pass(10, 3);
    }

    /// @notice Orders, while few jobs are under way.
    function order(uint256 seed) external {
        if (_liveCount() < MOST_LIVE) _order(spread(seed));
    }

    /// @notice Takes jobs under way to where they can go now, or takes part in their running draws.
    function play(uint256 seed) external {
        for (uint256 i; i < MOVES; ++i) {
            seed = spread(seed);
            _play(seed);
        }
    }

    /// @notice Does with a job, whatever its state, what may well be refused.
    function playOutOfTurn(uint256 seed) external {
        uint256 any = spread(seed);
        if (jobIds.length == 0) return;
        JobId id = jobIds[any % jobIds.length];
        Job memory job = _jobs[id];
        address[] memory seats = seatsOf(id);
        address caller = any % 3 == 0 ? job.requester.account() : STRANGER;
        bytes memory call;
        uint256 choice = (any >> 8) % 6;
        if (choice == 0) call = abi.encodeCall(MARKET.settle, (job, seats));
        else if (choice == 1) call = abi.encodeCall(MARKET.expire, (job, seats));
        else if (choice == 2) call = abi.encodeCall(MARKET.cancel, (job));
        else if (choice == 3) call = abi.encodeCall(MARKET.advance, (job, seats));
        else if (choice == 4) call = abi.encodeCall(MARKET.reclaimTip, (job));
        else call = abi.encodeCall(MARKET.deliver, (job, PayloadError.None, payload((any >> 16) % OUTPUTS.length)));
        bool wasFinal = outcomes[id] != JobState.None;
        if (_try(caller, address(MARKET), call) && wasFinal && choice < 4) ++secondOutcomes;
        _noteOutcome(id);
    }

    /// @notice Moves own stake.
    function moveStake(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_moveStake(seed); ++i) seed = spread(seed);
    }

    /// @notice Moves delegated stake.
    function moveDelegation(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_moveDelegation(seed); ++i) seed = spread(seed);
    }

    /// @notice Serves anew, or stops.
    function serve(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        uint256 backing = STAKING.backingOf(node);
        uint256 endsAt = block.timestamp + 300 + ((any >> 16) % 80 days);
        uint256 maxLock = (any >> 64) % (backing + 1);
        bytes memory call = abi.encodeCall(MARKET.serve, (node, VERSION, backing, maxLock, endsAt));
        if ((any >> 8) % 4 == 0) call = abi.encodeCall(MARKET.unserve, (node, VERSION));
        if ((any >> 8) % 4 == 1) call = abi.encodeCall(MARKET.refreshServing, (node, VERSION));
        _try(_signerOf(node), address(MARKET), call);
    }

    /// @notice Has the adversary lock, let go and slash what nodes have allowed it.
    function attackStake(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        uint256 amount = (any >> 16) % (2 * OWN_STAKE);
        uint256 choice = (any >> 8) % 4;
        bytes32 obligation = VersionId.unwrap(VERSION);
        bytes memory call;
        if (choice == 0) call = abi.encodeCall(STAKING.lock, (node, obligation, amount, block.timestamp + 90 days));
        else if (choice == 1) call = abi.encodeCall(STAKING.unlock, (node, obligation, amount));
        else if (choice == 2) call = abi.encodeCall(STAKING.slash, (node, obligation, amount, amount / 2, amount));
        else call = abi.encodeCall(STAKING.release, (node, address(MARKET), obligation));
        _count(ADVERSARY.act(address(STAKING), call));
    }

    /// @notice Has the adversary try at the market what is not its own to do.
    function attackMarket(uint256 seed) external {
        uint256 any = spread(seed);
        if (jobIds.length == 0) return;
        Job memory job = _jobs[jobIds[any % jobIds.length]];
        uint256 choice = (any >> 8) % 3;
        bytes memory call = abi.encodeCall(MARKET.withdraw, (address(ADVERSARY), (any >> 16) % (2 * DEPOSIT)));
        if (choice == 0) call = abi.encodeCall(MARKET.settle, (job, seatsOf(jobIds[any % jobIds.length])));
        if (choice == 1) call = abi.encodeCall(MARKET.claim, (nodes[(any >> 16) % NODES], VERSION));
        _count(ADVERSARY.act(address(MARKET), call));
        for (uint256 i; i < jobIds.length; ++i) _noteOutcome(jobIds[i]);
    }

    /// @notice Moves money that is not at stake.
    function moveMoney(uint256 seed) external {
        uint256 any = spread(seed);
        address requester = requesters[any % requesters.length];
        address node = nodes[(any >> 4) % NODES];
        uint256 amount = (any >> 16) % 100e18;
        uint256 choice = (any >> 8) % 5;
        if (choice == 0) _try(requester, address(MARKET), abi.encodeCall(MARKET.withdraw, (requester, amount)));
        if (choice == 1) _try(requester, address(MARKET), abi.encodeCall(MARKET.deposit, (requester, amount)));
        if (choice == 2) _must(STRANGER, address(MARKET), abi.encodeCall(MARKET.claim, (node, VERSION)));
        if (choice == 3) _must(STRANGER, address(MARKET), abi.encodeCall(MARKET.collectFees, (requesters)));
        if (choice == 4) _try(requester, address(STAKING), abi.encodeCall(STAKING.reward, (node, amount)));
    }

    /// @notice Sends tokens where nobody is owed them.
    function donate(uint256 seed) external {
        uint256 any = spread(seed);
        address holder = any % 2 == 0 ? address(MARKET) : address(STAKING);
        uint256 amount = (any >> 8) % 10e18;
        TOKEN.transfer(holder, amount);
        gifts[holder] += amount;
    }

    /// @notice Lets time pass: mostly seconds, at times more than a job lasts, rarely a month.
    function pass(uint256 seed) external {
        uint256 any = spread(seed);
        uint256 choice = any % 16;
        uint256 most =
            choice == 0
                ? 31 days
                : choice < 3
                    ? 400
                    : 10;
        _pass((any >> 8) % most, (any >> 64) % (choice == 3 ? 300 : 4));
    }

    function jobOf(JobId id) external view returns (Job memory) {
        return _jobs[id];
    }

    /// @notice As it is kept or, as long as it is packed, as it was packed or at last shown.
    function roundOf(JobId id, uint256 attempt) external view returns (Round round) {
        RoundId roundId = roundIdOf(id, attempt);
        if (!isPacked(roundId)) (round, ) = COMMITMENTS.roundOf(roundId);
        else if (outcomes[id] == JobState.None) round = _packs[roundId].round;
        else round = _packs[roundId].round.revealedByAll();
    }

    function packOf(RoundId roundId) external view returns (Pack memory) {
        return _packs[roundId];
    }

    /// @notice The running draw in its running or, before sealing starts, its first step, and which nodes it takes.
    function drawOf(Job calldata job, JobRecord record) external view returns (Round draw, bool[NODES] memory drawn) {
        draw = job.drawOf(record);
        uint256 period = draw.sealEndsAt() - record.startedAt();
        // A seed can be recorded before sealing starts: seals for the first step come too early then.
        uint256 step = block.timestamp < record.startedAt() ? 0 : (block.timestamp - record.startedAt()) / period;
        draw = draw.endingAt(record.startedAt() + (step + 1) * period);
        uint256 seatsBps = (draw.least() * job.rules.seatFactorBps()) << step;
        for (uint256 i; i < NODES; ++i) {
            (uint256 weight, uint256 total) = MARKET.weightsAt(nodes[i], VERSION, job.weighedAt());
            drawn[i] = DrawLib.isDrawn(record.seed(), nodes[i], weight, total, seatsBps);
        }
    }

    function jobCount() external view returns (uint256) {
        return jobIds.length;
    }

    function people()
        external
        view
        returns (address[] memory nodes_, address[] memory requesters_, address[] memory delegators_)
    {
        return (nodes, requesters, delegators);
    }

    /// @notice All who sealed in draws of a job: first draw, audit, appeal, each ascending by address.
    function seatsOf(JobId id) public view returns (address[] memory seats) {
        seats = new address[](3 * NODES);
        uint256 count;
        for (uint256 attempt; attempt < 3; ++attempt) {
            RoundId round = roundIdOf(id, attempt);
            for (uint256 i; i < NODES; ++i) {
                if (hasSealed(round, nodes[i])) seats[count++] = nodes[i];
            }
        }
        assembly ("memory-safe") {
            mstore(seats, count)
        }
    }

    function roundIdOf(JobId id, uint256 attempt) public view returns (RoundId) {
        Job storage job = _jobs[id];
        return COMMITMENTS.roundIdOf(address(MARKET), JobId.unwrap(id), attempt, job.versionId, job.inputRoot);
    }

    /// @notice By its entry or, as long as the round is packed, by what was packed.
    function hasSealed(RoundId roundId, address node) public view returns (bool) {
        return isPacked(roundId) ? _sealed[roundId][node] != 0 : COMMITMENTS.entryOf(roundId, node) != 0;
    }

    function isPacked(RoundId roundId) public view returns (bool) {
        return _packs[roundId].seals.length > 0;
    }

    function payload(uint256 output) public view returns (bytes memory) {
        return abi.encode(_tensors(output));
    }

    /// @dev Gives whether something was sent, as the next one does.
    function _moveStake(uint256 seed) private returns (bool sent) {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        uint256 amount = (any >> 16) % OWN_STAKE;
        uint256 thawId = (any >> 160) % 4;
        uint256 choice = (any >> 8) % 6;
        bytes memory call;
        if (choice < 2) call = abi.encodeCall(STAKING.stake, (node, amount));
        else if (choice == 2) call = abi.encodeCall(STAKING.thaw, (node, amount));
        else if (choice == 3) call = abi.encodeCall(STAKING.cancelThaw, (node, thawId));
        else if (choice == 4) call = abi.encodeCall(STAKING.withdraw, (node, thawId));
        else call = abi.encodeCall(STAKING.withdrawEarnings, (node));
        sent = _wouldTry(any, node, address(STAKING), call);
        if (sent) _try(node, address(STAKING), call);
    }

    function _moveDelegation(uint256 seed) private returns (bool sent) {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        address delegator = delegators[(any >> 4) % delegators.length];
        (uint256 shares, ) = STAKING.delegationOf(node, delegator);
        uint256 thawId = (any >> 160) % 3;
        uint256 choice = (any >> 8) % 5;
        bytes memory call;
        if (choice < 2) call = abi.encodeCall(STAKING.delegate, (node, (any >> 16) % (2 * OWN_STAKE), 0));
        else if (choice == 2) call = abi.encodeCall(STAKING.undelegate, (node, (any >> 16) % (shares + 1), 0));
        else if (choice == 3) call = abi.encodeCall(STAKING.cancelUndelegate, (node, thawId, 0));
        else call = abi.encodeCall(STAKING.withdrawDelegation, (node, thawId));
        sent = _wouldTry(any, delegator, address(STAKING), call);
        if (sent) _try(delegator, address(STAKING), call);
    }

    function _order(uint256 any) private {
        address requester = requesters[any % requesters.length];
        Job memory job = _orderOf(any, requester);
        (uint256 balance, ) = MARKET.accountOf(requester);
        if (balance < DEPOSIT) {
            _must(requester, address(MARKET), abi.encodeCall(MARKET.deposit, (requester, DEPOSIT)));
        }
        JobId id = _request(job, PUBLISHER);
        _count(true);
        bytes32 hash = keccak256(abi.encode(JOB_TAG, block.chainid, MARKET, job));
        require(JobId.unwrap(id) == hash, "a job is not the hash of its fields");
        _jobs[id] = job;
        jobIds.push(id);
    }

    function _play(uint256 any) private {
        (bool found, JobId id) = _pickLive(any);
        if (!found) return _order(any);
        Job memory job = _jobs[id];
        (JobRecord record, ) = MARKET.jobOf(id);
        if (record.seed() == 0) return _playSeed(id, job, record, any);
        if (isPacked(roundIdOf(id, JobLib.FIRST))) return _playPacked(id, job, any);

        (JobState next, bool awaitsSeedBlock, ) = POLICY.nextStateOf(address(MARKET), id, job, record);
        if (next.isFinal()) return _end(id, job, next);
        if (next != record.state() || awaitsSeedBlock) {
            return _must(STRANGER, address(MARKET), abi.encodeCall(MARKET.advance, (job, seatsOf(id))));
        }
        _playRound(id, job, record, any);
    }

    function _playSeed(JobId id, Job memory job, JobRecord record, uint256 any) private {
        if (any % 16 == 0) {
            address requester = job.requester.account();
            if (_try(requester, address(MARKET), abi.encodeCall(MARKET.cancel, (job)))) return _noteOutcome(id);
        }
        if (block.number <= record.seedBlock()) VM.roll(record.seedBlock() + 1);
        if (block.timestamp < record.startedAt()) VM.warp(record.startedAt());
        _try(STRANGER, address(MARKET), abi.encodeCall(MARKET.advance, (job, new address[](0))));
        (record, ) = MARKET.jobOf(id);
        if (record.seed() == 0) _end(id, job, JobState.Unanswered);
    }

    /// @dev All nodes try to sit; or those who sat reveal, but for the silent; or time passes.
    function _playRound(JobId id, Job memory job, JobRecord record, uint256 any) private {
        RoundId roundId = roundIdOf(id, record.attempt());
        (Round round, ) = COMMITMENTS.roundOf(roundId);
        if (round.sealedCount() == 0 || round.isSealing()) {
            bool opens = round.sealedCount() == 0 && record.state() == JobState.Open;
            if (opens && (any >> 240) % 2 == 0 && _pack(job, record, roundId, any)) return;
            for (uint256 i; i < NODES; ++i) _commit(job, roundId, nodes[i], any >> (8 * i));
            return _pass(2 + ((any >> 100) % 5), 1);
        }
        if (round.isOver()) return _pass(1, 3);
        for (uint256 i; i < NODES; ++i) {
            bool silent = (any >> (8 * i)) % 16 < (any >> 200) % 8;
            if (!silent) _reveal(roundId, nodes[i]);
        }
        _pass((any >> 100) % 12, (any >> 110) % 4);
    }

    function _commit(Job memory job, RoundId roundId, address node, uint256 any) private {
        bytes32 root = _answerOf(job, roundId, any);
        bytes32 commitment = COMMITMENTS.sealOf(roundId, node, root, SALT);
        bytes memory call = abi.encodeCall(MARKET.commit, (job, node, commitment));
        if (!_wouldTry(any, _signerOf(node), address(MARKET), call)) return;
        if (_try(_signerOf(node), address(MARKET), call)) _sealed[roundId][node] = root;
    }

    /// @dev All who are drawn seal in one call, which packs them, unless they are too few or one is refused.
    function _pack(Job memory job, JobRecord record, RoundId roundId, uint256 any) private returns (bool) {
        (Round draw, bool[NODES] memory drawn) = this.drawOf(job, record);
        SignedSeal[] memory seals = new SignedSeal[](NODES);
        bytes32[] memory roots = new bytes32[](NODES);
        uint256 count;
        for (uint256 i; i < NODES && count < MOST_SEATS; ++i) {
            if (!drawn[i]) continue;
            roots[count] = _answerOf(job, roundId, any >> (8 * i));
            bytes32 commitment = COMMITMENTS.sealOf(roundId, nodes[i], roots[count], SALT);
            seals[count++] = _signSeal(_keys[nodes[i]], roundId, nodes[i], commitment);
        }
        assembly ("memory-safe") {
            mstore(seals, count)
        }
        if (count < draw.least()) return false;
        if (!_try(STRANGER, address(MARKET), abi.encodeCall(MARKET.commitSigned, (job, seals)))) return false;
        require(block.timestamp >= record.startedAt(), "sealed before it starts");

        Pack storage pack = _packs[roundId];
        (pack.round, pack.root) = (draw.packed(count), roots[0]);
        for (uint256 i; i < count; ++i) {
            pack.seals.push(Seal(seals[i].node, seals[i].commitment));
            _sealed[roundId][seals[i].node] = roots[i];
            if (roots[i] != roots[0]) pack.root = 0;
        }
        return true;
    }

    /// @dev Time passes, somebody unpacks, or all is shown, which ends the job where all agree and nobody may audit.
    function _playPacked(JobId id, Job memory job, uint256 any) private {
        RoundId roundId = roundIdOf(id, JobLib.FIRST);
        Pack memory pack = _packs[roundId];
        bool early = pack.round.isSealing();
        if (early && any % 4 > 0) return _pass(1 + ((any >> 8) % 5), 1);
        bool ends = pack.root == PayloadLib.INPUT_MISSING || (pack.root != 0 && job.shape.auditBps() == 0);
        if (early || !ends || block.timestamp >= pack.round.revealEndsAt() || any % 4 == 0) {
            _must(
                STRANGER,
                address(COMMITMENTS),
                abi.encodeCall(COMMITMENTS.unpack, (roundId, pack.round, pack.seals))
            );
            delete _packs[roundId];
            return;
        }
        PackedReveal[] memory reveals = new PackedReveal[](pack.seals.length);
        for (uint256 i; i < reveals.length; ++i) reveals[i] = PackedReveal(pack.seals[i].node, SALT);
        bytes memory call = abi.encodeCall(RELAY.revealPackedAndSettle, (job, roundId, pack.round, pack.root, reveals));
        _must(STRANGER, address(RELAY), call);
        (JobRecord record, ) = MARKET.jobOf(id);
        require(record.endedWith(pack.root), "it ended with what was not shown");
        _noteOutcome(id);
    }

    function _reveal(RoundId roundId, address node) private {
        bytes32 root = _sealed[roundId][node];
        if (root == 0) return;
        bytes memory call = abi.encodeCall(COMMITMENTS.reveal, (roundId, node, root, SALT));
        if (_wouldTry(uint256(root) ^ block.timestamp, STRANGER, address(COMMITMENTS), call)) {
            _try(STRANGER, address(COMMITMENTS), call);
        }
    }

    /// @dev What is due must not be refused, to anybody.
    function _end(JobId id, Job memory job, JobState next) private {
        address[] memory seats = seatsOf(id);
        bytes memory call = abi.encodeCall(MARKET.settle, (job, seats));
        if (next == JobState.Unanswered) call = abi.encodeCall(MARKET.expire, (job, seats));
        _must(STRANGER, address(MARKET), call);
        _noteOutcome(id);
    }

    function _noteOutcome(JobId id) private {
        (JobRecord record, ) = MARKET.jobOf(id);
        if (outcomes[id] == JobState.None && record.isFinal()) outcomes[id] = record.state();
    }

    function _liveCount() private view returns (uint256 count) {
        for (uint256 i; i < jobIds.length; ++i) if (outcomes[jobIds[i]] == JobState.None) ++count;
    }

    function _pickLive(uint256 any) private view returns (bool, JobId) {
        uint256 count = jobIds.length;
        for (uint256 i; i < count; ++i) {
            JobId id = jobIds[(any + i) % count];
            if (outcomes[id] == JobState.None) return (true, id);
        }
        return (false, JobId.wrap(0));
    }

    /// @dev Two jobs in three have one answer; in the others, one node in four gives another.
    function _answerOf(Job memory job, RoundId roundId, uint256 any) private view returns (bytes32) {
        if (uint256(job.inputRoot) % 8 == 0) return PayloadLib.INPUT_MISSING;
        bool agrees = uint256(RoundId.unwrap(roundId)) % 3 > 0 || any % 4 > 0;
        return agrees ? _root(0) : _root(1 + ((any >> 2) % 2));
    }

    function _signerOf(address node) private view returns (address) {
        return VM.addr(_keys[node]);
    }

    function _orderOf(uint256 any, address requester) private view returns (Job memory job) {
        bool called = any & 0x100 != 0;
        uint256 audited = any & 0x200 != 0 ? 10_000 : 0;
        uint256 shape = 2 + ((any >> 16) % 2);
        shape |= (audited << 8) | ((10 + ((any >> 24) % 6)) << 24) | ((2 + ((any >> 32) % 9)) << 40);
        shape |= (uint256(called ? 200_000 : 0) << 64) | (jobIds.length << 96);
        job.versionId = VERSION;
        job.inputRoot = keccak256(abi.encode(any));
        job.requester = JobLib.pair(requester, 1 + ((any >> 40) % 3e18));
        if (called) job.callback = JobLib.pair(address(ADVERSARY), (any >> 104) % 1e18);
        job.shape = JobShape.wrap(bytes32(shape));
        uint256 cap = (job.requester.amount() * job.shape.quorum() * 3_000) / 10_000;
        job.royalty = JobLib.pair(address(0), cap < 0.1e18 ? cap : 0.1e18);
    }

    function _insertNode(address node, uint256 signerKey) private {
        _keys[node] = signerKey;
        nodes.push(node);
        for (uint256 i = nodes.length - 1; i > 0 && nodes[i - 1] > nodes[i]; --i) {
            (nodes[i - 1], nodes[i]) = (nodes[i], nodes[i - 1]);
        }
    }

    function _startNode(address node) private {
        _endow(node);
        _register(node, _keys[node], OWN_STAKE);
        VM.prank(node);
        STAKING.authorise(node, address(MARKET), 2 * OWN_STAKE);
        VM.prank(node);
        STAKING.authorise(node, address(ADVERSARY), 2 * OWN_STAKE);
        VM.prank(_signerOf(node));
        MARKET.serve(node, VERSION, OWN_STAKE, MAX_LOCK, block.timestamp + 80 days);
    }

    function _root(uint256 output) private view returns (bytes32) {
        return PayloadLib.root(_tensors(output));
    }

    function _tensors(uint256 output) private view returns (Tensor[] memory tensors) {
        bytes memory text = bytes(OUTPUTS[output]);
        tensors = new Tensor[](1);
        tensors[0] = Tensor(2, new uint32[](1), text);
        tensors[0].shape[0] = uint32(text.length);
    }

    function _pass(uint256 periods, uint256 blocks) private {
        VM.warp(block.timestamp + periods);
        VM.roll(block.number + blocks);
    }
}
