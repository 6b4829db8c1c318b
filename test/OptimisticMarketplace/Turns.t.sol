// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IMarketJobs} from "../../contracts/interfaces/IMarketJobs.sol";
import {IMarketServing} from "../../contracts/interfaces/IMarketServing.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {AuctionLib} from "../../contracts/libraries/AuctionLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {StakingParameters} from "../../contracts/types/StakingTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title Whose turn it is in a job for one node, until when, and what a job that goes well pays
contract TurnsTest is Offering {
    using OptimisticRecordLib for OptimisticRecord;

    function setUp() external {
        _setUp();
    }

    /// @dev In every state, what is not of it is refused, to everybody and for good [T082 I07].
    function testFuzz_everyState_refusesWhatIsNotOfIt(uint256 which) external {
        OptimisticState state = OptimisticState(bound(which, 1, uint256(type(OptimisticState).max)));
        if (state == OptimisticState.Falsified) return; // of a second lie: FailuresTest
        OptimisticJob memory job = _jobIn(state);
        bool held = state == OptimisticState.Named || state == OptimisticState.Reserved;
        bool open = state == OptimisticState.Open;
        if (!open) _refuseWrongPhase(job, REQUESTER, abi.encodeCall(OPTIMISTIC.cancel, (job)));
        if (!open) _refuseWrongPhase(job, _signerOf[_nodes[0]], abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[0])));
        if (!held) _refuseWrongPhase(job, _signerOf[_nodes[0]], _answerCall(job, _nodes[0]));
        if (state != OptimisticState.Stated) {
            _refuseWrongPhase(job, address(this), abi.encodeCall(OPTIMISTIC.settle, (job, _nodes[0], _root)));
        }
        if (!held && !open) _refuseWrongPhase(job, address(this), abi.encodeCall(OPTIMISTIC.expire, (job)));
    }

    /// @dev Only the requester takes an open job back, and all of the escrow with it [I09].
    function testFuzz_cancel_isTheRequestersAlone(address caller, uint256 elapsed) external {
        VM.assume(caller != REQUESTER);
        OptimisticJob memory job = _offer(_open());
        VM.warp(block.timestamp + bound(elapsed, 0, 365 days));
        bytes memory call = abi.encodeCall(OPTIMISTIC.cancel, (job));
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketNotRequester.selector, caller, REQUESTER);
        _refuse(caller, address(OPTIMISTIC), call, refusal);
        _accept(REQUESTER, address(OPTIMISTIC), call);
        require(_recordOf(job).state() == OptimisticState.Cancelled && _balanceOf(REQUESTER) == FORTUNE, "refund");
    }

    /// @dev Price and collateral are those of the second of the reservation, whenever that is [I37 T086].
    function testFuzz_reserve_fixesThePriceOfThisSecond(uint256 elapsed, address caller) external {
        address signer = _signerOf[_nodes[1]];
        VM.assume(caller != signer);
        OptimisticJob memory job = _offer(_open());
        elapsed = bound(elapsed, 0, 129);
        VM.warp(block.timestamp + elapsed);
        bytes memory call = abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[1]));
        bytes memory refusal = abi.encodeWithSelector(
            IMarketServing.MarketNotSigner.selector,
            _nodes[1],
            caller,
            signer
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
        _accept(signer, address(OPTIMISTIC), call);
        OptimisticRecord record = _recordOf(job);
        uint256 price = AuctionLib.priceAt(LOWEST, PRICE, 10, 100, elapsed);
        require(record.state() == OptimisticState.Reserved && record.node() == _nodes[1], "record");
        require(record.price() == price && _usedBy(_nodes[1]) == _collateralOf(job, price), "price and collateral");
    }

    /// @dev Who is late finds it closed, in the very second, and for good; then anyone ends the job [T087 I10].
    function testFuzz_deadlines_areSharp(uint256 late, uint256 which) external {
        OptimisticJob memory job = which % 3 == 0 ? _offer(_named()) : _offer(_open());
        if (which % 3 == 1) _reserve(job, _nodes[0]);
        bool open = which % 3 == 2;
        uint256 deadline = block.timestamp + (open ? 130 : 20);
        bytes memory call = open ? abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[0])) : _answerCall(job, _nodes[0]);
        bytes memory expire = abi.encodeCall(OPTIMISTIC.expire, (job));
        VM.warp(deadline - 1);
        _refuse(address(this), address(OPTIMISTIC), expire, _notExpired(job, deadline));
        VM.warp(late % 2 == 0 ? deadline : bound(late, deadline, deadline + 365 days));
        bytes memory tooLate = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketTooLate.selector,
            _idOf(job),
            deadline
        );
        _refuse(_signerOf[_nodes[0]], address(OPTIMISTIC), call, tooLate);
        OPTIMISTIC.expire(job);
        require(_balanceOf(REQUESTER) == FORTUNE, "the requester has all back");
    }

    /// @dev In the last second of its time an answer still counts, and after that nobody can say that there was none.
    function testFuzz_answer_countsUntilItsDeadline(uint256 elapsed, bool reserved, uint256 later) external {
        OptimisticJob memory job = _offer(reserved ? _open() : _named());
        if (reserved) _reserve(job, _nodes[0]);
        VM.warp(block.timestamp + (elapsed % 2 == 0 ? 19 : bound(elapsed, 0, 19)));
        _answer(job, _nodes[0], _root);
        uint256 until = OPTIMISTIC.disputableUntil(JobId.unwrap(_idOf(job)), _statementIdOf(job, _nodes[0], _root));
        require(until == block.timestamp + 40, "stated");
        VM.warp(block.timestamp + bound(later, 0, 365 days));
        _refuseWrongPhase(job, address(this), abi.encodeCall(OPTIMISTIC.expire, (job)));
    }

    /// @dev Only the signer of the job's own node answers, and once [T083 T084].
    function testFuzz_answer_isTheNodesSignersAlone(address caller, bool reserved, bytes32 other) external {
        address signer = _signerOf[_nodes[0]];
        VM.assume(caller != signer && other != 0);
        OptimisticJob memory job = _offer(reserved ? _open() : _named());
        if (reserved) _reserve(job, _nodes[0]);
        bytes memory refusal = abi.encodeWithSelector(
            IMarketServing.MarketNotSigner.selector,
            _nodes[0],
            caller,
            signer
        );
        _refuse(caller, address(OPTIMISTIC), _answerCall(job, _nodes[0]), refusal);
        refusal = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketNotForNode.selector,
            _idOf(job),
            _nodes[1],
            _nodes[0]
        );
        _refuse(_signerOf[_nodes[1]], address(OPTIMISTIC), _answerCall(job, _nodes[1]), refusal);
        bytes memory none = abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], bytes32(0)));
        refusal = abi.encodeWithSelector(IOptimisticMarketplace.MarketZeroOutput.selector, _idOf(job));
        _refuse(signer, address(OPTIMISTIC), none, refusal);
        _answer(job, _nodes[0], _root);
        bytes memory again = abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], other));
        _refuseWrongPhase(job, signer, again);
    }

    /// @dev What nobody stated of this job is neither settled nor found by those who would dispute it [T068].
    function testFuzz_settle_isOfWhatWasStated(bytes32 other, address node) external {
        OptimisticJob memory job = _offer(_named());
        _answer(job, _nodes[0], _root);
        VM.assume(other != _root && node != _nodes[0]);
        VM.warp(block.timestamp + 40);
        _refuseNotStated(job, _nodes[0], other);
        _refuseNotStated(job, node, _root);
        _refuseNotStated(job, node, other);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        bytes32 id = JobId.unwrap(_idOf(job));
        require(OPTIMISTIC.disputableUntil(id, _statementIdOf(job, _nodes[0], _root)) == block.timestamp, "over");
    }

    /// @dev A node whose stake no longer backs its locks takes on nothing new, but may finish what it has begun.
    function testFuzz_seats_areForCoveredNodesAlone(bool reserved, uint256 least) external {
        OptimisticJob memory begun = _offer(_open());
        _reserve(begun, _nodes[0]);
        OptimisticJob memory job = _offer(reserved ? _other(_open()) : _other(_named()));
        StakingParameters memory numbers = STAKING.parameters();
        numbers.leastOwnStake = uint96(bound(least, OWN_STAKE + 1, 1e24));
        STAKING.setParameters(numbers);
        STAKING.unlock(_nodes[0], 0, 0); // whatever is called next has the new number
        bytes memory refusal = abi.encodeWithSelector(IMarketServing.MarketNodeNotCovered.selector, _nodes[0]);
        bytes memory call =
            reserved ? abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[0])) : _answerCall(job, _nodes[0]);
        _refuse(_signerOf[_nodes[0]], address(OPTIMISTIC), call, refusal);
        _answer(begun, _nodes[0], _root);
    }

    /// @dev Whoever settles, and however late: the node has its price, the owner its royalty, the treasury its fee, and the
    /// requester the rest; before the window is over, nobody settles [I09 T067].
    function testFuzz_settle_paysOnceTheWindowIsOver(
        address caller,
        uint256 elapsed,
        uint256 late,
        bool named
    ) external {
        OptimisticJob memory job = _offer(named ? _named() : _open());
        uint256 price = PRICE;
        if (!named) {
            VM.warp(block.timestamp + bound(elapsed, 0, 129));
            _reserve(job, _nodes[0]);
            price = _recordOf(job).price();
        }
        _answer(job, _nodes[0], _root);
        bytes memory call = abi.encodeCall(OPTIMISTIC.settle, (job, _nodes[0], _root));
        VM.warp(block.timestamp + 39);
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketStillDisputable.selector,
            _idOf(job)
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
        VM.warp(block.timestamp + 1 + (late % 365 days));
        _accept(caller, address(OPTIMISTIC), call);
        uint256 fee = (price * 250) / 10_000;
        require(_recordOf(job).state() == OptimisticState.Answered, "state");
        require(_earnedBy(_nodes[0]) == price && _usedBy(_nodes[0]) == 0, "node");
        require(_balanceOf(PUBLISHER) == ROYALTY && _feesOf(REQUESTER) == fee, "owner and treasury");
        require(_balanceOf(REQUESTER) == FORTUNE - price - fee - ROYALTY, "requester");
        OPTIMISTIC.claim(_nodes[0], _version);
        (uint256 own, ) = STAKING.ownStakeOf(_nodes[0]);
        require(own + STAKING.earningsOf(_nodes[0]) == OWN_STAKE + price, "claimed");
    }

    /// @dev A model that asks for nothing is owed nothing.
    function testFuzz_settle_paysNoRoyaltyThatNobodyAsks(uint256 units) external {
        VM.prank(PUBLISHER);
        REGISTRY.setRoyalty(_model, 0);
        Terms memory terms = _named();
        terms.price = bound(units, 1, 1e6) * UNIT;
        OptimisticJob memory job = _offer(terms);
        _answer(job, _nodes[0], _root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], _root);
        require(_balanceOf(PUBLISHER) == 0 && _earnedBy(_nodes[0]) == terms.price, "royalty");
    }

    /// @dev An error that one node states alone earns nothing and costs nothing.
    function testFuzz_settle_refundsALoneError(uint256 which, bool named) external {
        bytes32[3] memory errors = [PayloadLib.INPUT_MISSING, PayloadLib.INPUT_MALFORMED, PayloadLib.REFUSED_BY_MODEL];
        bytes32 root = errors[which % 3];
        OptimisticJob memory job = _offer(named ? _named() : _open());
        if (!named) _reserve(job, _nodes[0]);
        _answer(job, _nodes[0], root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], root);
        require(_recordOf(job).state() == OptimisticState.Refused, "state");
        require(_balanceOf(REQUESTER) == FORTUNE && _earnedBy(_nodes[0]) == 0 && _usedBy(_nodes[0]) == 0, "money");
    }

    function _jobIn(OptimisticState state) private returns (OptimisticJob memory job) {
        if (state == OptimisticState.Named) return _offer(_named());
        job = _offer(_open());
        if (state == OptimisticState.Open) return job;
        if (state == OptimisticState.Cancelled) {
            VM.prank(REQUESTER);
            OPTIMISTIC.cancel(job);
            return job;
        }
        if (state == OptimisticState.Unanswered) {
            VM.warp(block.timestamp + 130);
            OPTIMISTIC.expire(job);
            return job;
        }
        _reserve(job, _nodes[0]);
        if (state == OptimisticState.Reserved) return job;
        if (state == OptimisticState.Stated) {
            _answer(job, _nodes[0], _root);
            return job;
        }
        bytes32 root = state == OptimisticState.Refused ? PayloadLib.INPUT_MISSING : _root;
        _answer(job, _nodes[0], root);
        VM.warp(block.timestamp + 40);
        OPTIMISTIC.settle(job, _nodes[0], root);
    }

    function _refuseNotStated(OptimisticJob memory job, address node, bytes32 root) private {
        bytes4 refusal = IOptimisticPolicy.MarketNotStated.selector;
        bytes memory call = abi.encodeCall(OPTIMISTIC.settle, (job, node, root));
        _refuse(node, address(OPTIMISTIC), call, abi.encodeWithSelector(refusal, _idOf(job), node, root));
        require(OPTIMISTIC.disputableUntil(JobId.unwrap(_idOf(job)), _statementIdOf(job, node, root)) == 0, "stated");
    }

    function _refuseWrongPhase(OptimisticJob memory job, address caller, bytes memory call) private {
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticPolicy.MarketWrongPhase.selector,
            _idOf(job),
            _recordOf(job).state()
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);
    }

    function _notExpired(OptimisticJob memory job, uint256 deadline) private view returns (bytes memory) {
        return abi.encodeWithSelector(IOptimisticMarketplace.MarketNotExpired.selector, _idOf(job), deadline);
    }

    function _answerCall(OptimisticJob memory job, address node) private view returns (bytes memory) {
        return abi.encodeCall(OPTIMISTIC.answer, (job, node, _root));
    }

    function _other(Terms memory terms) private pure returns (Terms memory) {
        terms.nonce = 1;
        return terms;
    }
}
