// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobRelay} from "../../contracts/JobRelay.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {IMarketWeights} from "../../contracts/interfaces/IMarketWeights.sol";
import {IMarketJobs} from "../../contracts/interfaces/IMarketJobs.sol";
import {IMarketServing} from "../../contracts/interfaces/IMarketServing.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {RoundLib} from "../../contracts/libraries/RoundLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {CallbackRecorder} from "../../contracts/test/CallbackRecorder.sol";
import {PackedReveal, Round, RoundId, SignedSeal} from "../../contracts/types/CommitmentTypes.sol";
import {JOB_TAG, Job, JobId, JobRecord, JobRules, JobShape} from "../../contracts/types/JobTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {StakingParameters} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

/// @title Orders, seats and results of two nodes, of which each is drawn into every job
contract JobsTest is SuiteAdmin {
    using JobRecordLib for JobRecord;
    using RoundLib for Round;
    using RulesLib for JobRules;

    uint256 private constant NOW = 1_000_000;
    uint256 private constant BLOCK = 1_000;
    uint256 private constant YEAR = 365 days;
    uint256 private constant OWN_STAKE = 1_000e18;
    uint256 private constant MAX_LOCK = 400e18;
    uint256 private constant SEED_DELAY = 2;
    uint256 private constant SEAL_STEPS = 5;
    uint256 private constant MOST_OUTPUT = 2_048;
    uint256 private constant TIP = 1e18;
    address private constant REQUESTER = address(0x1e9);
    address private constant PUBLISHER = address(0x9b11);
    bytes32 private constant SALT = "salt";

    CallbackRecorder private immutable RECORDER = new CallbackRecorder();
    JobRelay private immutable RELAY;
    /// @dev Ascending by address.
    address[] private _nodes = [address(0x0de1), address(0x0de2)];
    VersionId private _version;

    constructor() {
        RELAY = new JobRelay(MARKET);
    }

    function setUp() external {
        VM.warp(NOW);
        VM.roll(BLOCK);
        (, _version) = _publish(PUBLISHER, 0);
        for (uint256 i; i < _nodes.length; ++i) {
            _endow(_nodes[i]);
            _register(_nodes[i], 1 + i, OWN_STAKE);
            VM.prank(_nodes[i]);
            STAKING.authorise(_nodes[i], address(MARKET), MAX_LOCK);
            VM.prank(_nodes[i]);
            MARKET.serve(_nodes[i], _version, OWN_STAKE, MAX_LOCK, NOW + 80 days);
        }
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        MARKET.deposit(REQUESTER, FORTUNE);
        VM.warp(NOW + 10);
    }

    /// @dev Who pays orders: a balance is nobody else's to spend.
    function testFuzz_request_isTheRequestersAlone(address caller, uint256 price) external {
        VM.assume(caller != REQUESTER);
        Job memory order = _order(2, address(0));
        order.requester = JobLib.pair(REQUESTER, bound(price, 1, 1e18));
        (JobRules rules, ) = MARKET.governed();
        bytes memory refusal = abi.encodeWithSelector(
            IMandates.MandateCapTooLow.selector,
            MARKET,
            REQUESTER,
            caller,
            0,
            JobLib.escrow(order.requester, order.callback, 0, order.shape, rules)
        );
        _refuse(caller, abi.encodeCall(MARKET.request, (order, "ipfs://input")), refusal);
        _request(order, PUBLISHER);
    }

    /// @dev One order is one job in a block; with another block, second or nonce it is another job [T083].
    function testFuzz_request_makesAJobOnce(uint256 period, uint256 blocks, uint40 nonce) external {
        Job memory job = _order(2, address(0));
        JobId id = _request(job, PUBLISHER);
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketJobExists.selector, id);
        bytes memory again = abi.encodeCall(MARKET.request, (_order(2, address(0)), "ipfs://input"));
        _refuse(REQUESTER, again, refusal);

        Job memory other = _order(2, address(0));
        other.shape = JobShape.wrap(JobShape.unwrap(other.shape) | bytes32(uint256(nonce) << 96));
        VM.warp(block.timestamp + bound(period, 0, 1));
        VM.roll(block.number + bound(blocks, 0, 1));
        bool same = nonce == 0 && block.timestamp == NOW + 10 && block.number == BLOCK;
        if (!same) require(JobId.unwrap(_request(other, PUBLISHER)) != JobId.unwrap(id), "other job");
    }

    /// @dev A job is all of its words: with whatever other words, nothing can be done to any job [T083].
    function testFuzz_unknownJobs_areRefused(Job memory job, address caller, uint256 which, bytes32 change) external {
        VM.assume(change != 0);
        _refuseUnknown(job, caller);
        job = _order(2, address(RECORDER));
        _request(job, PUBLISHER);
        which = bound(which, 0, 6);
        assembly ("memory-safe") {
            let word := add(job, mul(which, 0x20))
            mstore(word, xor(mload(word), change))
        }
        _refuseUnknown(job, caller);
    }

    /// @dev Seats are taken from the start of sealing to the end of its last step, at whatever second [T059].
    function testFuzz_commit_hasItsTime(uint256 sealPeriod, uint256 late, uint256 time, bool advanced) external {
        sealPeriod = bound(sealPeriod, 2, 10);
        Job memory job = _order(sealPeriod, address(0));
        JobId id = _request(job, PUBLISHER);
        uint256 start = block.timestamp + SEED_DELAY;
        uint256 lastEnd = start + SEAL_STEPS * sealPeriod;
        bytes memory notOpen = abi.encodeWithSelector(
            IInferenceMarketplace.MarketSealingNotOpen.selector,
            id,
            BLOCK + 2,
            start
        );
        _refuseCommit(job, 0, notOpen); // the block of the seed is not there yet
        VM.roll(BLOCK + 3);
        VM.warp(start - 1);
        _refuseCommit(job, 0, notOpen); // it is, but it is too early
        // The first to commit in time records the seed, if nobody has.
        if (advanced) MARKET.advance(job, new address[](0));
        else VM.warp(start);
        if (!advanced) _commit(job, 1, "root");

        uint256[2] memory over = [lastEnd, bound(late, lastEnd, lastEnd + YEAR)];
        bytes memory refusal = abi.encodeWithSelector(IInferenceMarketplace.MarketSealingOver.selector, id, lastEnd);
        for (uint256 i; i < over.length; ++i) {
            VM.warp(over[i]);
            _refuseCommit(job, 0, refusal);
        }
        VM.warp(
            time % 4 == 0
                ? start
                : time % 4 == 1
                    ? lastEnd - 1
                    : bound(time, start, lastEnd - 1)
        );
        _commit(job, 0, "root");
    }

    /// @dev Only a node's signer takes a seat for it: not its owner, nor the signer of another.
    function testFuzz_commit_isTheSignersAlone(address caller, bytes32 commitment) external {
        VM.assume(caller != VM.addr(1));
        Job memory job = _open(2, address(0));
        address[3] memory callers = [caller, _nodes[0], VM.addr(2)];
        for (uint256 i; i < callers.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                IMarketServing.MarketNotSigner.selector,
                _nodes[0],
                callers[i],
                VM.addr(1)
            );
            _refuse(callers[i], abi.encodeCall(MARKET.commit, (job, _nodes[0], commitment)), refusal);
        }
        _commit(job, 0, "root");
    }

    /// @dev The same of what is brought: one seal that somebody else has signed refuses all, wherever it stands. [T170]
    function testFuzz_commitSigned_isTheSignersAlone(address caller, uint256 bad, uint256 key) external {
        bad = bound(bad, 0, 1);
        key = bound(key, 10, type(uint128).max);
        Job memory job = _open(2, address(0));
        SignedSeal[] memory seals = _signed(job, "root");
        seals[bad] = _signSeal(key, _roundOf(job), _nodes[bad], seals[bad].commitment);
        bytes4 selector = IMarketServing.MarketNotSigner.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, _nodes[bad], VM.addr(key), VM.addr(1 + bad));
        _refuse(caller, abi.encodeCall(MARKET.commitSigned, (job, seals)), refusal);
        for (uint256 i; i < 2; ++i) {
            (, , uint256 used, , ) = MARKET.servingOf(_nodes[i], _version);
            require(used == 0, "seat");
        }
        _accept(caller, address(MARKET), abi.encodeCall(MARKET.commitSigned, (job, _signed(job, "root"))));
    }

    /// @dev Packed, shown and settled, whoever brings it, a job pays as one whose nodes send everything themselves. [I02]
    function testFuzz_packedJobs_payAsOthers(address caller, bytes32 root) external {
        VM.assume(root != 0);
        uint256[2][2] memory earned;
        uint256[2] memory cost;
        for (uint256 way; way < 2; ++way) {
            (uint256 balance, ) = MARKET.accountOf(REQUESTER);
            Job memory job = _open(2, address(0));
            if (way == 0) _playPacked(job, root, caller);
            else _playSingly(job, root);
            require(_recordOf(job).isFinal(), "final");
            for (uint256 i; i < 2; ++i) (, , , earned[way][i], ) = MARKET.servingOf(_nodes[i], _version);
            (uint256 left, ) = MARKET.accountOf(REQUESTER);
            cost[way] = balance - left;
        }
        require(cost[0] > 0 && cost[0] == cost[1], "cost");
        for (uint256 i; i < 2; ++i) require(earned[1][i] == 2 * earned[0][i] && earned[0][i] > 0, "earned");
    }

    /// @dev Where governance asks for more own stake than a node has, its locks lean on nothing, and it takes no seats.
    function testFuzz_commit_needsCover(uint256 leastOwnStake, uint256 edge) external {
        leastOwnStake = edge % 4 == 0 ? OWN_STAKE + ((edge >> 2) % 2) : bound(leastOwnStake, 1e18, 1e24);
        Job memory job = _open(2, address(0));
        StakingParameters memory numbers = STAKING.parameters();
        numbers.leastOwnStake = uint96(leastOwnStake);
        STAKING.setParameters(numbers);
        STAKING.unlock(_nodes[0], 0, 0); // whatever is called next has the new number
        if (leastOwnStake <= OWN_STAKE) return _commit(job, 0, "root");
        bytes memory refusal = abi.encodeWithSelector(IMarketServing.MarketNodeNotCovered.selector, _nodes[0]);
        _refuseCommit(job, 0, refusal);
    }

    /// @dev No weight without stake behind it.
    function testFuzz_serve_weighsWhatIsBacked(uint256 excess, uint256 weight) external {
        uint256[2] memory bad = [OWN_STAKE + 1, bound(excess, OWN_STAKE + 1, type(uint256).max)];
        for (uint256 i; i < bad.length; ++i) {
            bytes memory refusal = abi.encodeWithSelector(
                IMarketWeights.MarketWeightNotBacked.selector,
                _nodes[0],
                bad[i],
                OWN_STAKE
            );
            _refuse(_nodes[0], _serveCall(bad[i]), refusal);
        }
        weight = weight % 4 == 0 ? OWN_STAKE : bound(weight, 0, OWN_STAKE);
        _accept(_nodes[0], address(MARKET), _serveCall(weight));
        (uint256 served, , , , ) = MARKET.servingOf(_nodes[0], _version);
        require(served == weight, "weight");
    }

    /// @dev Owner and signer say what a node serves, and nobody else does.
    function testFuzz_serve_isTheOperatorsAlone(address caller, VersionId version) external {
        VM.assume(caller != _nodes[0] && caller != VM.addr(1));
        bytes memory refusal = abi.encodeWithSelector(IMarketServing.MarketNotOperator.selector, _nodes[0], caller);
        _refuse(caller, _serveCall(OWN_STAKE), refusal);
        _refuse(caller, abi.encodeCall(MARKET.unserve, (_nodes[0], version)), refusal);
        _accept(VM.addr(1), address(MARKET), _serveCall(OWN_STAKE));
        _accept(_nodes[0], address(MARKET), _serveCall(OWN_STAKE));
    }

    /// @dev What is delivered on chain has a bound, to the byte; up to it a result arrives, and who brings it is paid.
    function testFuzz_deliver_boundsTheOutput(address caller, uint256 length, uint256 which) external {
        VM.assume(caller != REQUESTER);
        bytes memory least = _payload(1);
        uint256 room = MOST_OUTPUT - (least.length - 32);
        length = [room, room + 1, bound(length, 1, room), bound(length, room + 1, 2 * room)][which % 4];
        bytes memory payload = _payload(length);
        Job memory job = _settled(address(RECORDER), payload);
        bytes memory call = abi.encodeCall(MARKET.deliver, (job, PayloadError.None, payload));
        if (length > room) {
            bytes memory refusal = abi.encodeWithSelector(
                IMarketJobs.MarketOutputTooLarge.selector,
                _idOf(job),
                payload.length,
                MOST_OUTPUT
            );
            return _refuse(caller, call, refusal);
        }
        require(payload.length <= MOST_OUTPUT, "length");
        _accept(caller, address(MARKET), call);
        _requireDelivered(job, true);
        (uint256 balance, ) = MARKET.accountOf(caller);
        require(balance == TIP, "tip");
    }

    /// @dev A callback that fails costs nobody anything, and can be served later [I38].
    function testFuzz_deliver_leavesAFailedCallbackAsItWas(address caller, bytes calldata any) external {
        VM.assume(caller != REQUESTER);
        bytes memory payload = _payload(1 + (any.length % 100));
        Job memory job = _settled(address(RECORDER), payload);
        RECORDER.setRefuses(true);
        VM.prank(caller);
        require(!MARKET.deliver(job, PayloadError.None, payload), "served");
        _requireDelivered(job, false);
        (uint256 balance, ) = MARKET.accountOf(caller);
        require(balance == 0, "tip");

        RECORDER.setRefuses(false);
        VM.prank(caller);
        require(MARKET.deliver(job, PayloadError.None, payload), "not served");
        _requireDelivered(job, true);
    }

    /// @dev A job in which both nodes agreed on this payload.
    function _settled(address callback, bytes memory payload) private returns (Job memory job) {
        job = _open(2, callback);
        _playSingly(job, COMMITMENTS.rootOf(PayloadError.None, payload));
    }

    function _playPacked(Job memory job, bytes32 root, address caller) private {
        SignedSeal[] memory seals = _signed(job, root);
        _accept(caller, address(MARKET), abi.encodeCall(MARKET.commitSigned, (job, seals)));
        PackedReveal[] memory reveals = new PackedReveal[](2);
        for (uint256 i; i < 2; ++i) reveals[i] = PackedReveal(_nodes[i], SALT);
        Round round = _termsOf(job).packed(2);
        VM.warp(block.timestamp + 2);
        RoundId roundId = _roundOf(job);
        bytes memory call = abi.encodeCall(RELAY.revealPackedAndSettle, (job, roundId, round, root, reveals));
        _accept(caller, address(RELAY), call);
    }

    /// @dev Clock and size of the first draw, as the market has them.
    function _termsOf(Job memory job) private view returns (Round) {
        uint256 start = _recordOf(job).startedAt();
        (uint256 period, uint256 size) = (2, 2);
        return RoundLib.terms(start + period, start + SEAL_STEPS * period, job.rules.revealPeriod(), size, 9, 0);
    }

    function _playSingly(Job memory job, bytes32 root) private {
        for (uint256 i; i < 2; ++i) _commit(job, i, root);
        VM.warp(block.timestamp + 2);
        for (uint256 i; i < 2; ++i) COMMITMENTS.reveal(_roundOf(job), _nodes[i], root, SALT);
        MARKET.settle(job, _nodes);
    }

    /// @dev What the signers of both nodes sign for one output.
    function _signed(Job memory job, bytes32 root) private view returns (SignedSeal[] memory seals) {
        seals = new SignedSeal[](2);
        RoundId roundId = _roundOf(job);
        for (uint256 i; i < 2; ++i) {
            seals[i] = _signSeal(1 + i, roundId, _nodes[i], COMMITMENTS.sealOf(roundId, _nodes[i], root, SALT));
        }
    }

    /// @dev A job at the start of its sealing.
    function _open(uint256 sealPeriod, address callback) private returns (Job memory job) {
        job = _order(sealPeriod, callback);
        _request(job, PUBLISHER);
        VM.warp(block.timestamp + SEED_DELAY);
        VM.roll(block.number + 3);
    }

    function _commit(Job memory job, uint256 node, bytes32 root) private {
        bytes32 commitment = COMMITMENTS.sealOf(_roundOf(job), _nodes[node], root, SALT);
        _accept(VM.addr(1 + node), address(MARKET), abi.encodeCall(MARKET.commit, (job, _nodes[node], commitment)));
        require(COMMITMENTS.entryOf(_roundOf(job), _nodes[node]) != 0, "no seat");
    }

    function _refuseCommit(Job memory job, uint256 node, bytes memory refusal) private {
        _refuse(VM.addr(1 + node), abi.encodeCall(MARKET.commit, (job, _nodes[node], "seal")), refusal);
    }

    function _refuseUnknown(Job memory job, address caller) private {
        address[] memory seats = _nodes;
        bytes[8] memory calls = [
            abi.encodeCall(MARKET.cancel, (job)),
            abi.encodeCall(MARKET.commit, (job, _nodes[0], "seal")),
            abi.encodeCall(MARKET.advance, (job, seats)),
            abi.encodeCall(MARKET.revealAndSettle, (job, _nodes[0], "root", SALT, seats)),
            abi.encodeCall(MARKET.settle, (job, seats)),
            abi.encodeCall(MARKET.expire, (job, seats)),
            abi.encodeCall(MARKET.deliver, (job, PayloadError.InputMissing, "")),
            abi.encodeCall(MARKET.reclaimTip, (job))
        ];
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketUnknownJob.selector, _idOf(job));
        for (uint256 i; i < calls.length; ++i) _refuse(caller, calls[i], refusal);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(MARKET), call, refusal);
    }

    function _requireDelivered(Job memory job, bool delivered) private view {
        require(_recordOf(job).delivered() == delivered, "delivered");
    }

    function _recordOf(Job memory job) private view returns (JobRecord record) {
        (record, ) = MARKET.jobOf(_idOf(job));
    }

    function _order(uint256 sealPeriod, address callback) private view returns (Job memory order) {
        order.versionId = _version;
        order.inputRoot = "input";
        order.requester = JobLib.pair(REQUESTER, 1e18);
        if (callback != address(0)) order.callback = JobLib.pair(callback, TIP);
        uint256 callbackGas = callback == address(0) ? 0 : 500_000;
        order.shape = JobShape.wrap(bytes32(2 | (10 << 24) | (sealPeriod << 40) | (callbackGas << 64)));
    }

    function _serveCall(uint256 weight) private view returns (bytes memory) {
        return abi.encodeCall(MARKET.serve, (_nodes[0], _version, weight, MAX_LOCK, NOW + 80 days));
    }

    function _idOf(Job memory job) private view returns (JobId) {
        return JobId.wrap(keccak256(abi.encode(JOB_TAG, block.chainid, MARKET, job)));
    }

    function _roundOf(Job memory job) private view returns (RoundId) {
        return COMMITMENTS.roundIdOf(address(MARKET), JobId.unwrap(_idOf(job)), 0, job.versionId, job.inputRoot);
    }

    /// @dev One tensor of so many bytes.
    function _payload(uint256 length) private pure returns (bytes memory) {
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = Tensor(2, new uint32[](1), new bytes(length));
        tensors[0].shape[0] = uint32(length);
        return abi.encode(tensors);
    }
}
