// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {OptimisticJobLib} from "../../contracts/libraries/OptimisticJobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {RoundId, Transport} from "../../contracts/types/CommitmentTypes.sol";
import {Demand, Statement} from "../../contracts/types/DisputeTypes.sol";
import {AccountAmount, JOB_TAG, Job, JobId, JobRecord, JobShape, JobState} from "../../contracts/types/JobTypes.sol";
import {Link, LinkedOutput} from "../../contracts/types/ChainTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticShape,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {PriceOffer} from "../../contracts/types/PriceTypes.sol";
import {Schedule, ScheduleTiming} from "../../contracts/types/SchedulerTypes.sol";
import {Session, SessionId, SessionNumbers, SessionRecord, SessionShape} from "../../contracts/types/SessionTypes.sol";
import {spread} from "../support/Fuzz.sol";
import {optimisticNumbers, sessionNumbers} from "../support/Suite.sol";
import {VM} from "../support/Vm.sol";
import {SuiteCast} from "./SuiteCast.sol";

/// @title What everybody may do with the whole suite, at random, honest or not, while time passes and the chain is reorganised
/// @dev Every call takes one random number and reads from it what to do. Each move looks a few times for something that is possible.
contract SuiteHandler is SuiteCast {
    using JobLib for AccountAmount;
    using JobLib for JobShape;
    using JobLib for JobState;
    using JobRecordLib for JobRecord;
    using OptimisticJobLib for OptimisticShape;
    using OptimisticJobLib for OptimisticState;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticNumbers;
    using SessionRulesLib for SessionNumbers;

    struct Planned {
        Schedule schedule;
        bytes order;
    }

    struct Linked {
        Link link;
        bytes order;
        uint256 first; // number of the job before
    }

    uint256 private constant MOST_LOOKS = 6;
    uint256 private constant MOST_LIVE = 6;
    /// @dev Moves that a reorganisation changes.
    uint256 private constant REORGANISED = 3;
    uint256 private constant SESSION_KEY = 77;
    uint256 private constant MOST_ROYALTY = 1e18;
    /// @dev Of the price of all answers.
    uint256 private constant ROYALTY_CAP_BPS = 3_000;
    bytes private constant INPUT = "ipfs://input";
    bytes32 private constant SALT = keccak256("salt");

    Job[] private _jobs;
    OptimisticJob[] private _offers;
    Session[] private _sessions;
    Planned[] private _planned;
    Linked[] private _links;
    Demand[] private _demands;
    mapping(RoundId roundId => mapping(address node => bytes32)) private _sealed;
    mapping(uint256 offer => mapping(uint256 attempt => address)) private _answerers;
    mapping(uint256 offer => mapping(uint256 attempt => bytes32)) private _answers;
    /// @dev What jobs and sessions were when they first were final, as their state's number.
    mapping(bytes32 id => uint256) private _outcomes;
    /// @dev What must never happen.
    uint256 public changedOutcomes;
    /// @dev What the campaign would prove nothing about if it never did it.
    uint256 public reorganisations;
    uint256 public pauses;

    /// @notice Several nodes are asked.
    function order(uint256 seed) external {
        uint256 any = spread(seed);
        if (_liveJobs() >= MOST_LIVE) return _playJob(any);
        bool hostile = any % PAYERS == PAYERS - 1;
        Job memory job;
        job.versionId = _version;
        job.inputRoot = keccak256(abi.encode(any));
        job.requester = JobLib.pair(payers[any % PAYERS], 1e18 + ((any >> 16) % 1e18));
        if (hostile) job.callback = JobLib.pair(address(ADVERSARY), 0);
        uint256 shape = 2 | (2_100 << 24) | (3 << 40) | (_jobs.length << 96) | (100 << 136);
        job.shape = JobShape.wrap(bytes32(hostile ? shape | (200_000 << 64) : shape));
        job.royalty = JobLib.pair(address(0), MOST_ROYALTY);
        bytes memory call = abi.encodeCall(MARKET.request, (job, INPUT));
        if (!_attempt(any, job.requester.account(), address(MARKET), call)) return;
        (job.rules, ) = MARKET.governed();
        job.shape = job.shape.stamped();
        job.royalty = _royaltyOf(job.requester, job.shape.quorum());
        (JobRecord record, ) = MARKET.jobOf(_idOf(job));
        require(record.state() != JobState.None, "a job is not the hash of its fields");
        _jobs.push(job);
    }

    /// @notice Takes jobs of several nodes on.
    function play(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS; ++i) _playJob(seed = spread(seed));
    }

    /// @notice One node is asked, by name or whoever comes first.
    function offer(uint256 seed) external {
        uint256 any = spread(seed);
        if (_liveOffers() >= MOST_LIVE) return _playOffer(any);
        OptimisticJob memory job = _offerOf(payers[any % PAYERS], any);
        bytes memory call = abi.encodeCall(OPTIMISTIC.request, (job, INPUT));
        if (!_attempt(any, job.requester.account(), address(OPTIMISTIC), call)) return;
        (job.rules, ) = OPTIMISTIC.governed();
        job.shape = job.shape.stamped();
        job.royalty = _royaltyOf(job.requester, 1);
        require(OPTIMISTIC.jobOf(_idOf(job)).state() != OptimisticState.None, "a job is not the hash of its fields");
        _offers.push(job);
    }

    /// @notice Takes jobs of single nodes on.
    function answer(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS; ++i) _playOffer(seed = spread(seed));
    }

    /// @notice Opens a session, pays in one, closes or ends it.
    function converse(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS; ++i) _playSession(seed = spread(seed));
    }

    /// @notice Schedules are made, run in time or late, topped up and cancelled.
    function schedule(uint256 seed) external {
        uint256 any = spread(seed);
        if (_planned.length < MOST_LIVE) return _plan(any);
        for (uint256 i; i < _planned.length; ++i) {
            Planned memory planned = _planned[i];
            bytes memory call = abi.encodeCall(SCHEDULER.trigger, (planned.schedule, planned.order, INPUT));
            _attempt(any ^ i, STRANGER, address(SCHEDULER), call);
        }
        Schedule memory chosen = _planned[any % _planned.length].schedule;
        address owner = JobLib.account(chosen.owner);
        bytes memory care = abi.encodeCall(SCHEDULER.topUp, (chosen, 1e18));
        if ((any >> 8) % 8 == 0) care = abi.encodeCall(SCHEDULER.cancel, (chosen));
        _attempt(any, owner, address(SCHEDULER), care);
    }

    /// @notice A next job waits for the output of one, and is ordered on it.
    function link(uint256 seed) external {
        uint256 any = spread(seed);
        if (_offers.length == 0) return;
        if (_links.length < MOST_LIVE) return _link(any);
        for (uint256 i; i < _links.length; ++i) {
            Linked memory linked = _links[i];
            uint256 first = linked.first;
            LinkedOutput memory output = LinkedOutput(
                _answers[first][_recordOf(_offers[first]).attempt()],
                _roundOf(_offers[first]),
                _answerers[first][_recordOf(_offers[first]).attempt()]
            );
            address owner = JobLib.account(linked.link.owner);
            bytes memory call = abi.encodeCall(CHAIN.follow, (linked.link, output, linked.order, INPUT));
            _attempt(any ^ i, owner, address(CHAIN), call);
        }
    }

    /// @notice Nodes move own stake, delegators theirs, and everybody collects.
    function stake(uint256 seed) external {
        for (uint256 i; i < MOST_LOOKS && !_moveStake(seed); ++i) seed = spread(seed);
    }

    /// @notice Money goes into ledgers and out of them; some is sent where nobody is owed it.
    function pay(uint256 seed) external {
        uint256 any = spread(seed);
        ILedger ledger = ledgers[any % 4];
        address payer = payers[(any >> 8) % PAYERS];
        uint256 amount = (any >> 32) % 100e18;
        address node = nodes[(any >> 16) % NODES];
        uint256 choice = (any >> 24) % 6;
        if (choice == 0) _attempt(any, payer, address(ledger), abi.encodeCall(ledger.withdraw, (payer, amount)));
        if (choice == 1) _attempt(any, payer, address(ledger), abi.encodeCall(ledger.deposit, (payer, amount)));
        if (choice == 2) _must(STRANGER, address(MARKET), abi.encodeCall(MARKET.claim, (node, _version)));
        if (choice == 3) _must(STRANGER, address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.claim, (node, _version)));
        if (choice == 4) _must(STRANGER, address(SESSIONS), abi.encodeCall(SESSIONS.claim, (node, _version)));
        if (choice < 5) return;
        address[5] memory holders = [
            address(STAKING),
            address(MARKET),
            address(OPTIMISTIC),
            address(SESSIONS),
            address(DISPUTES)
        ];
        _give(holders[(any >> 8) % 5], amount);
    }

    /// @notice What belongs to nobody in particular is done by a stranger: mirrors, prices, rosters, wallets.
    function maintain(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[(any >> 8) % NODES];
        uint256 choice = any % 7;
        bytes memory call = abi.encodeCall(ROSTER.refresh, (node, _version));
        if (choice == 0) return _must(STRANGER, address(ROSTER), call);
        call = abi.encodeCall(ROSTER.enrol, (node, _version, (any >> 16) % (STAKING.backingOf(node) + 1)));
        if (choice == 1) return _must(node, address(ROSTER), call);
        call = abi.encodeCall(PRICES.offer, (node, _version, PriceOffer(1e16, 20e18, "https://node.example")));
        if (choice == 2) return _must(node, address(PRICES), call);
        call = abi.encodeCall(MARKET.refreshServing, (node, _version));
        if (choice == 3) return _must(STRANGER, address(MARKET), call);
        call = abi.encodeCall(REGISTRY.setRoyalty, (_model, (any >> 16) % MOST_ROYALTY));
        if (choice == 4) return _must(PUBLISHER, address(REGISTRY), call);
        call = abi.encodeCall(DISPUTES.burnForfeited, ());
        if (choice == 5) return _must(STRANGER, address(DISPUTES), call);
        address wallet = DISTRIBUTION.shares()[0].payee;
        _must(STRANGER, wallet, abi.encodeWithSignature("release(address)", address(TOKEN)));
    }

    /// @notice Nodes serve anew, everywhere.
    function serve(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        uint256 endsAt = block.timestamp + 80 days;
        uint256 maxLock = MAX_LOCK + ((any >> 8) % 100e18);
        uint256 backing = STAKING.backingOf(node);
        bytes[3] memory calls = [
            abi.encodeCall(MARKET.serve, (node, _version, backing, maxLock, endsAt)),
            abi.encodeCall(OPTIMISTIC.serve, (node, _version, maxLock, endsAt)),
            abi.encodeCall(SESSIONS.serve, (node, _version, maxLock, endsAt))
        ];
        for (uint256 i; i < 3; ++i) _attempt(any ^ i, node, address(ledgers[i]), calls[i]);
    }

    /// @notice A hostile consumer of stake locks, slashes and lets go; it does the same from inside of callbacks.
    function attack(uint256 seed) external {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        uint256 amount = 1 + ((any >> 16) % 100e18);
        bytes32 obligation = VersionId.unwrap(_version);
        uint256 choice = (any >> 8) % 5;
        address target = choice < 4 ? address(STAKING) : address(ledgers[(any >> 32) % 4]);
        bytes memory call;
        if (choice == 0) call = abi.encodeCall(STAKING.lock, (node, obligation, amount, block.timestamp + 80 days));
        if (choice == 1) call = abi.encodeCall(STAKING.unlock, (node, obligation, amount));
        if (choice == 2) call = abi.encodeCall(STAKING.slash, (node, obligation, amount, amount / 2, amount));
        if (choice == 3) call = abi.encodeCall(STAKING.release, (node, address(MARKET), obligation));
        if (choice == 4) call = abi.encodeCall(ILedger.withdraw, (address(ADVERSARY), amount));
        _count(ADVERSARY.act(target, call));
    }

    /// @notice The guardian closes entries, or opens them before the time.
    function guard(uint256 seed) external {
        bytes memory call = seed % 2 == 0 ? abi.encodeCall(GUARDIAN.pause, ()) : abi.encodeCall(GUARDIAN.resume, ());
        if (_attempt(seed, KEEPER, address(GUARDIAN), call) && seed % 2 == 0) ++pauses;
    }

    /// @notice Votes replace the rules of what begins from now on.
    function govern(uint256 seed) external {
        uint256 any = spread(seed);
        OptimisticNumbers memory numbers = optimisticNumbers();
        (numbers.feeBps, numbers.latePenaltyFactor) = (uint16(any % 1_001), uint8(1 + ((any >> 40) % 20)));
        _must(address(this), address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.setRules, (numbers.pack(), 20)));
        SessionNumbers memory inSessions = sessionNumbers();
        inSessions.feeBps = uint16((any >> 16) % 1_001);
        _must(address(this), address(SESSIONS), abi.encodeCall(SESSIONS.setRules, (inSessions.pack(), 20)));
    }

    /// @notice Lets time pass: mostly seconds, at times more than a job lasts, rarely a month.
    function pass(uint256 seed) public {
        uint256 any = spread(seed);
        uint256 choice = any % 16;
        uint256 most =
            choice == 0
                ? 31 days
                : choice < 4
                    ? 200
                    : 10;
        VM.warp(block.timestamp + ((any >> 8) % most));
        VM.roll(block.number + 1 + ((any >> 64) % 4));
    }

    /// @notice The chain forgets what was done last, and does it in another order, on blocks with other hashes.
    function reorganise(uint256 seed) external {
        uint256 snapshot = VM.snapshotState();
        for (uint256 i; i < REORGANISED; ++i) _anything(seed, i);
        require(VM.revertToState(snapshot), "nothing was kept");
        VM.roll(block.number + 1);
        VM.setBlockhash(block.number - 1, bytes32(spread(seed)));
        for (uint256 i = REORGANISED; i > 0; --i) _anything(seed, i - 1);
        ++reorganisations;
    }

    function servings(address node) external view returns (uint256[3] memory used, uint256[3] memory most) {
        (, most[0], used[0], , ) = MARKET.servingOf(node, _version);
        (, most[1], used[1], , ) = OPTIMISTIC.servingOf(node, _version);
        (, most[2], used[2], , ) = SESSIONS.servingOf(node, _version);
    }

    /// @notice What a ledger owes to accounts, and to nodes for what they have earned there.
    function owedBy(uint256 ledger) external view returns (uint256 owed) {
        for (uint256 i; i < NODES && ledger < 3; ++i) owed += _earnedBy(nodes[i], ledger);
        address[] memory all = this.everybody();
        for (uint256 i; i < all.length; ++i) {
            uint256 balance;
            uint256 fees;
            if (ledger == 0) (balance, fees) = MARKET.accountOf(all[i]);
            if (ledger == 1) (balance, fees) = OPTIMISTIC.accountOf(all[i]);
            if (ledger == 2) (balance, fees) = SESSIONS.accountOf(all[i]);
            if (ledger == 3) balance = DISPUTES.balanceOf(all[i]);
            owed += balance + fees;
        }
    }

    /// @dev Makes a call if somebody would, and gives whether it was accepted.
    function _attempt(uint256 seed, address caller, address target, bytes memory call) private returns (bool) {
        return _wouldTry(seed, caller, target, call) && _try(caller, target, call);
    }

    /// @dev One of the moves, which counts as that move.
    function _anything(uint256 seed, uint256 i) private {
        function(uint256) external[8] memory moves = [
            this.order,
            this.play,
            this.offer,
            this.answer,
            this.converse,
            this.stake,
            this.pay,
            this.pass
        ];
        uint256 any = spread(seed ^ i);
        moves[any % 8](any >> 8);
    }

    function _playJob(uint256 any) private {
        if (_jobs.length == 0) return;
        uint256 index = any % _jobs.length;
        Job memory job = _jobs[index];
        address node = nodes[(any >> 16) % NODES];
        (JobRecord record, ) = MARKET.jobOf(_idOf(job));
        RoundId roundId = _roundOf(job, record.isFinal() ? 0 : record.attempt());
        bytes32 root = (any >> 24) % 8 == 0 ? bytes32("lie") : bytes32("right");
        uint256 choice = (any >> 32) % 8;
        if (choice == 0) {
            address payer = job.requester.account();
            bool whim = (any >> 40) % 16 == 0;
            if (whim) _attempt(any, payer, address(MARKET), abi.encodeCall(MARKET.cancel, (job)));
        } else if (choice == 1) {
            _attempt(any, STRANGER, address(MARKET), abi.encodeCall(MARKET.advance, (job, _seatsOf(job))));
        } else if (choice < 4) {
            bytes32 commitment = COMMITMENTS.sealOf(roundId, node, root, SALT);
            bytes memory call = abi.encodeCall(MARKET.commit, (job, node, commitment));
            if (_attempt(any, _signerOf(node), address(MARKET), call)) _sealed[roundId][node] = root;
        } else if (choice < 6) {
            root = _sealed[roundId][node];
            bytes memory call = abi.encodeCall(COMMITMENTS.reveal, (roundId, node, root, SALT));
            _attempt(any, STRANGER, address(COMMITMENTS), call);
        } else if (choice == 6) {
            _attempt(any, STRANGER, address(MARKET), abi.encodeCall(MARKET.settle, (job, _seatsOf(job))));
        } else {
            _attempt(any, STRANGER, address(MARKET), abi.encodeCall(MARKET.expire, (job, _seatsOf(job))));
        }
        (record, ) = MARKET.jobOf(_idOf(job));
        _note(JobId.unwrap(_idOf(job)), record.isFinal() ? uint256(record.state()) : 0);
    }

    function _playOffer(uint256 any) private {
        if (_offers.length == 0) return;
        uint256 index = any % _offers.length;
        OptimisticJob memory job = _offers[index];
        OptimisticRecord record = _recordOf(job);
        uint256 attempt = record.attempt();
        address node = nodes[(any >> 16) % NODES];
        uint256 choice = (any >> 32) % 8;
        bytes32 root = (any >> 24) % 8 == 0 ? bytes32("lie") : bytes32("right");
        address answerer = _answerers[index][attempt];
        if (choice == 0) {
            bytes memory call = abi.encodeCall(OPTIMISTIC.reserve, (job, node));
            _attempt(any, _signerOf(node), address(OPTIMISTIC), call);
        } else if (choice < 3) {
            if (record.state() == OptimisticState.Named) node = job.node.account();
            if (record.state() == OptimisticState.Reserved) node = record.node();
            bytes memory call = abi.encodeCall(OPTIMISTIC.answer, (job, node, root));
            if (_attempt(any, _signerOf(node), address(OPTIMISTIC), call)) {
                (_answerers[index][attempt], _answers[index][attempt]) = (node, root);
            }
        } else if (choice == 3) {
            // Nobody can show a lie, and what is right is not asked for.
            if (answerer != address(0) && _answers[index][attempt] == "lie") _doubt(job, answerer, any);
        } else if (choice == 4) {
            for (uint256 i; i < _demands.length; ++i) {
                bytes memory call = abi.encodeCall(DISPUTES.reclaim, (_demands[i]));
                _attempt(any ^ i, STRANGER, address(DISPUTES), call);
            }
        } else if (choice < 7) {
            bytes memory call = abi.encodeCall(OPTIMISTIC.settle, (job, answerer, _answers[index][attempt]));
            _attempt(any, STRANGER, address(OPTIMISTIC), call);
        } else {
            _attempt(any, STRANGER, address(OPTIMISTIC), abi.encodeCall(OPTIMISTIC.expire, (job)));
        }
        OptimisticState state = _recordOf(job).state();
        _note(JobId.unwrap(_idOf(job)), state.isUnderWay() ? 0 : uint256(state));
    }

    function _doubt(OptimisticJob memory job, address node, uint256 any) private {
        Statement memory statement = _statementOf(job, node, "lie");
        Demand memory demand = _demandOf(WATCHER, statement, 0, 1);
        if (_attempt(any, WATCHER, address(DISPUTES), _demandCall(statement, 0, 1))) _demands.push(demand);
    }

    function _playSession(uint256 any) private {
        uint256 choice = (any >> 32) % 6;
        if (choice == 0 || _sessions.length == 0) {
            if (_sessions.length < 4 * MOST_LIVE) _open(any);
            return;
        }
        Session memory session = _sessions[any % _sessions.length];
        address payer = session.payer.account();
        bytes memory call = abi.encodeCall(SESSIONS.settle, (session));
        address caller = STRANGER;
        if (choice < 4) {
            uint256 redeemed = SessionRecordLib.redeemed(SESSIONS.sessionOf(_sessionIdOf(session)));
            uint128 amount = uint128(redeemed + 1 + ((any >> 40) % 1e17));
            call = abi.encodeCall(SESSIONS.redeem, (_voucher(session, amount, SESSION_KEY)));
        } else if (choice == 4) {
            call = abi.encodeCall(SESSIONS.topUp, (session, payer, (any >> 40) % 1e18, new bytes32[](0)));
            caller = payer;
            if ((any >> 160) % 4 == 0) call = abi.encodeCall(SESSIONS.close, (session));
        }
        _attempt(any, caller, address(SESSIONS), call);
        SessionRecord record = SESSIONS.sessionOf(_sessionIdOf(session));
        uint256 outcome = SessionRecordLib.isLive(record) ? 0 : uint256(SessionRecordLib.state(record));
        _note(SessionId.unwrap(_sessionIdOf(session)), outcome);
    }

    function _open(uint256 any) private {
        Session memory session;
        (session.rules, ) = SESSIONS.governed();
        address node = nodes[(any >> 8) % NODES];
        session.versionId = _version;
        session.payer = JobLib.pair(payers[any % (PAYERS - 1)], 1e16);
        session.node = JobLib.pair(node, 20e18 + ((any >> 40) % 10e18));
        session.key = VM.addr(SESSION_KEY);
        (address payee, uint256 royalty) = SESSIONS.royaltyOf(_version, session.payer.account(), 1e16);
        session.royalty = JobLib.pair(payee, royalty);
        uint256 endsAt = block.timestamp + 20 + ((any >> 64) % 500);
        session.shape = SessionShape.wrap(bytes32(endsAt | (_sessions.length << 40)));
        bytes memory call = abi.encodeCall(
            SESSIONS.open,
            (session, 2e18, _agree(session, uint48(block.timestamp), _keys[node]), new bytes32[](0))
        );
        if (_attempt(any, session.payer.account(), address(SESSIONS), call)) _sessions.push(session);
    }

    function _plan(uint256 any) private {
        address owner = payers[any % (PAYERS - 1)];
        Planned memory planned;
        planned.order = abi.encode(_offerOf(owner, any));
        uint256 word = block.timestamp | ((5 + ((any >> 24) % 30)) << 80) | (_planned.length << 192);
        planned.schedule = Schedule({
            owner: JobLib.pair(owner, 1e16),
            source: JobLib.pair(address(0), 10e18),
            timing: ScheduleTiming.wrap(bytes32(word)),
            orderHash: keccak256(planned.order),
            inputHash: keccak256(INPUT)
        });
        bytes memory call = abi.encodeCall(SCHEDULER.create, (planned.schedule, planned.order, INPUT, 40e18));
        if (_attempt(any, owner, address(SCHEDULER), call)) _planned.push(planned);
    }

    function _link(uint256 any) private {
        Linked storage linked = _links.push();
        linked.first = (any >> 8) % _offers.length;
        address owner = payers[any % (PAYERS - 1)];
        linked.order = abi.encode(_offerOf(owner, any));
        linked.link.owner = JobLib.pair(owner, 1e16);
        linked.link.source = JobLib.pair(address(OPTIMISTIC), 10e18);
        linked.link.first = JobId.unwrap(_idOf(_offers[linked.first]));
        linked.link.orderHash = keccak256(linked.order);
        linked.link.expiresAt = block.timestamp + 100 days + _links.length; // tells links apart
        _must(owner, address(CHAIN), abi.encodeCall(CHAIN.create, (linked.link, linked.order)));
    }

    /// @dev Gives whether something was sent.
    function _moveStake(uint256 seed) private returns (bool) {
        uint256 any = spread(seed);
        address node = nodes[any % NODES];
        address caller = node;
        address delegator = delegators[(any >> 4) % 2];
        uint256 amount = 1e16 + ((any >> 16) % 1_000e18);
        uint256 thawId = (any >> 160) % 4;
        uint256 choice = (any >> 8) % 10;
        bytes memory call = abi.encodeCall(STAKING.withdrawEarnings, (node));
        if (choice == 0) call = abi.encodeCall(STAKING.stake, (node, amount));
        if (choice == 1) call = abi.encodeCall(STAKING.thaw, (node, amount));
        if (choice == 2) call = abi.encodeCall(STAKING.cancelThaw, (node, thawId));
        if (choice == 3) call = abi.encodeCall(STAKING.withdraw, (node, thawId));
        if (choice == 4) call = abi.encodeCall(STAKING.reward, (node, amount));
        if (choice > 5) {
            (uint256 shares, ) = STAKING.delegationOf(node, delegator);
            caller = delegator;
            call = abi.encodeCall(STAKING.delegate, (node, amount, 0));
            if (choice == 7) call = abi.encodeCall(STAKING.undelegate, (node, (any >> 16) % (shares + 1), 0));
            if (choice == 8) call = abi.encodeCall(STAKING.cancelUndelegate, (node, thawId, 0));
            if (choice == 9) call = abi.encodeCall(STAKING.withdrawDelegation, (node, thawId));
        }
        if (!_wouldTry(any, caller, address(STAKING), call)) return false;
        _try(caller, address(STAKING), call);
        return true;
    }

    function _give(address holder, uint256 amount) private {
        TOKEN.transfer(holder, amount);
        gifts[holder] += amount;
    }

    /// @dev One outcome, for good.
    function _note(bytes32 id, uint256 outcome) private {
        if (_outcomes[id] != 0 && _outcomes[id] != outcome) ++changedOutcomes;
        if (outcome != 0 && _outcomes[id] == 0) _outcomes[id] = outcome;
    }

    function _liveJobs() private view returns (uint256 live) {
        for (uint256 i; i < _jobs.length; ++i) if (_outcomes[JobId.unwrap(_idOf(_jobs[i]))] == 0) ++live;
    }

    function _liveOffers() private view returns (uint256 live) {
        for (uint256 i; i < _offers.length; ++i) if (_outcomes[JobId.unwrap(_idOf(_offers[i]))] == 0) ++live;
    }

    function _offerOf(address requester, uint256 any) private view returns (OptimisticJob memory job) {
        bool open = any & 1 != 0;
        job.versionId = _version;
        job.inputRoot = "input";
        job.requester = JobLib.pair(requester, 2e18);
        job.royalty = JobLib.pair(address(0), MOST_ROYALTY);
        job.node = JobLib.pair(open ? address(0) : nodes[(any >> 80) % NODES], open ? 1e18 : 0);
        uint256 word = 40 | (20 << 24) | (_offers.length << 80);
        if (open) word |= (10 << 144) | (100 << 160);
        job.shape = OptimisticShape.wrap(bytes32(word));
    }

    /// @dev Written anew: what an order of so many answers pays the publisher now.
    function _royaltyOf(AccountAmount requester, uint256 answers) private view returns (AccountAmount) {
        (uint256 asked, address payee, ) = REGISTRY.quote(_version, requester.account());
        uint256 cap = (requester.amount() * answers * ROYALTY_CAP_BPS) / 10_000;
        return JobLib.pair(payee, asked < cap ? asked : cap);
    }

    /// @dev All who sealed in draws of a job: first draw, audit, appeal, each ascending by address.
    function _seatsOf(Job memory job) private view returns (address[] memory seats) {
        seats = new address[](3 * NODES);
        uint256 count;
        for (uint256 attempt; attempt < 3; ++attempt) {
            RoundId roundId = _roundOf(job, attempt);
            for (uint256 i; i < NODES; ++i) {
                if (COMMITMENTS.entryOf(roundId, nodes[i]) != 0) seats[count++] = nodes[i];
            }
        }
        assembly ("memory-safe") {
            mstore(seats, count)
        }
    }

    function _statementOf(
        OptimisticJob memory job,
        address node,
        bytes32 root
    ) private view returns (Statement memory statement) {
        statement.consumer = address(OPTIMISTIC);
        statement.jobId = JobId.unwrap(_idOf(job));
        statement.attempt = _recordOf(job).attempt();
        statement.modelId = _model;
        statement.version = _judgedIdentity();
        (statement.inputRoot, statement.node, statement.outputRoot) = (job.inputRoot, node, root);
        statement.transport = Transport.Direct;
    }

    function _earnedBy(address node, uint256 ledger) private view returns (uint256 earned) {
        if (ledger == 0) (, , , earned, ) = MARKET.servingOf(node, _version);
        if (ledger == 1) (, , , earned, ) = OPTIMISTIC.servingOf(node, _version);
        if (ledger == 2) (, , , earned, ) = SESSIONS.servingOf(node, _version);
    }

    function _recordOf(OptimisticJob memory job) private view returns (OptimisticRecord) {
        return OPTIMISTIC.jobOf(_idOf(job));
    }

    function _roundOf(OptimisticJob memory job) private view returns (RoundId) {
        bytes32 id = JobId.unwrap(_idOf(job));
        uint256 attempt = _recordOf(job).attempt();
        return COMMITMENTS.roundIdOf(address(OPTIMISTIC), id, attempt, job.versionId, job.inputRoot);
    }

    function _roundOf(Job memory job, uint256 attempt) private view returns (RoundId) {
        bytes32 id = JobId.unwrap(_idOf(job));
        return COMMITMENTS.roundIdOf(address(MARKET), id, attempt, job.versionId, job.inputRoot);
    }

    function _idOf(Job memory job) private view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, MARKET, job)));
    }

    function _idOf(OptimisticJob memory job) private view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, OPTIMISTIC, job)));
    }
}
