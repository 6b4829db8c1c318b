// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {JobChain} from "../../contracts/JobChain.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IJobChain} from "../../contracts/interfaces/IJobChain.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {Link, LinkedOutput, LinkId, LinkState} from "../../contracts/types/ChainTypes.sol";
import {RoundId, StatementId} from "../../contracts/types/CommitmentTypes.sol";
import {Job, JobId, JobRecord, JobState} from "../../contracts/types/JobTypes.sol";
import {OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @dev Where several nodes would answer: every job has the record that a test says, and an order calls whom a test says.
contract SeveralMarket {
    JobId public constant ORDERED = JobId.wrap(keccak256("ordered"));

    JobRecord private _record;
    address private _target;
    bytes private _data;
    bytes public answer;
    bytes public stateThen;
    bytes32 public inputRoot;
    LinkId private _watched;

    function settle(JobState state, bytes32 root) external {
        _record = JobRecordLib.settled(state, root);
    }

    function callOnRequest(address target, bytes calldata data) external {
        (_target, _data) = (target, data);
    }

    function request(Job calldata order, bytes calldata) external returns (JobId) {
        inputRoot = order.inputRoot;
        if (_target != address(0)) {
            (, answer) = _target.call(_data);
            (, stateThen) = msg.sender.call(abi.encodeCall(IJobChain.stateOf, (_watched)));
        }
        return ORDERED;
    }

    /// @dev Of this link it finds out where it stands then.
    function watch(LinkId id) external {
        _watched = id;
    }

    function jobOf(JobId) external view returns (JobRecord, uint256) {
        return (_record, 0);
    }

    function accountOf(address) external pure returns (uint256, uint256) {
        return (0, 0);
    }
}

/// @dev Where one node would answer: every job has the record that a test says.
contract SingleMarket {
    OptimisticRecord private _record;

    function state(OptimisticState state_, StatementId id) external {
        OptimisticRecord stated = OptimisticRecordLib.stated(OptimisticRecord.wrap(0), id, 0, block.timestamp);
        _record = OptimisticRecordLib.entered(stated, state_);
    }

    function jobOf(JobId) external view returns (OptimisticRecord) {
        return _record;
    }
}

/// @title Which outputs a link takes, whatever a market has in its records
contract JobChainTest {
    SeveralMarket private immutable SEVERAL = new SeveralMarket();
    SingleMarket private immutable SINGLE = new SingleMarket();
    JobChain private immutable CHAIN = new JobChain(
        IInferenceMarketplace(address(SEVERAL)),
        IOptimisticMarketplace(address(SINGLE))
    );

    /// @dev An agreement or a decision, and no error, nor another root than by what the record leaves out. [T211]
    function testFuzz_follow_takesFinalOutputsOfSeveralNodesAlone(uint8 any, bytes32 root, bytes32 given) external {
        JobState state = JobState(bound(any, 0, uint8(type(JobState).max)));
        SEVERAL.settle(state, root);
        bool isOutput = state == JobState.Agreed || state == JobState.Decided;
        _follow(address(SEVERAL), LinkedOutput(root, RoundId.wrap(0), address(0)), isOutput);
        if (uint256(given) >> 80 != uint256(root) >> 80) {
            _follow(address(SEVERAL), LinkedOutput(given, RoundId.wrap(0), address(0)), false);
        }
    }

    /// @dev An appeal can decide that the right answer is an error. [T211]
    function testFuzz_follow_takesNoErrors(uint8 code, uint80 rest) external {
        bytes32 root = PayloadLib.errorRoot(PayloadError(uint8(bound(code, 1, 3))));
        SEVERAL.settle(JobState.Decided, root);
        _follow(address(SEVERAL), LinkedOutput(root, RoundId.wrap(0), address(0)), false);
        root = bytes32(((uint256(root) >> 80) << 80) | rest);
        _follow(address(SEVERAL), LinkedOutput(root, RoundId.wrap(0), address(0)), false);
    }

    /// @dev What stands, as it was stated, and nothing else. [T211]
    function testFuzz_follow_takesFinalOutputsOfOneNodeAlone(
        uint8 any,
        LinkedOutput calldata output,
        LinkedOutput calldata other
    ) external {
        VM.warp(1_000_000);
        OptimisticState state = OptimisticState(bound(any, 0, uint8(type(OptimisticState).max)));
        SINGLE.state(state, HashLib.statementId(output.roundId, output.node, output.root));
        _follow(address(SINGLE), output, state == OptimisticState.Answered);
        bool same = keccak256(abi.encode(output)) == keccak256(abi.encode(other));
        _follow(address(SINGLE), other, same && state == OptimisticState.Answered);
    }

    /// @dev Whatever a market would call while an order is placed finds that the link is done with. [T213]
    function test_follow_cannotBeReentered() external {
        bytes32 root = keccak256("root");
        SEVERAL.settle(JobState.Agreed, root);
        (Link memory link, bytes memory order) = _linkOf(address(SEVERAL), "first");
        LinkId id = CHAIN.create(link, order);
        (Link memory other, ) = _linkOf(address(SEVERAL), "second");
        CHAIN.create(other, order);
        LinkedOutput memory output = LinkedOutput(root, RoundId.wrap(0), address(0));
        SEVERAL.watch(id);
        SEVERAL.callOnRequest(address(CHAIN), abi.encodeCall(IJobChain.follow, (other, output, order, "ipfs://")));

        JobId jobId = CHAIN.follow(link, output, order, "ipfs://");
        bytes4 refusal = ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector;
        require(keccak256(SEVERAL.answer()) == keccak256(abi.encodeWithSelector(refusal)), "reentered");
        (LinkState then, ) = abi.decode(SEVERAL.stateThen(), (LinkState, JobId));
        require(then == LinkState.Cancelled, "still waiting");
        (LinkState state, JobId kept) = CHAIN.stateOf(id);
        require(state == LinkState.Followed && JobId.unwrap(kept) == JobId.unwrap(jobId), "not followed");
        require(JobId.unwrap(jobId) == JobId.unwrap(SEVERAL.ORDERED()), "another job");
        require(SEVERAL.inputRoot() == root, "another input");
    }

    /// @dev Follows a new link of this contract, which can give a URI, and wants that to work or to fail.
    function _follow(address source, LinkedOutput memory output, bool works) private {
        (Link memory link, bytes memory order) = _linkOf(source, keccak256(abi.encode(output, source)));
        LinkId id = CHAIN.create(link, order);
        if (!works) {
            VM.expectRevert(
                abi.encodeWithSelector(IJobChain.ChainWrongOutput.selector, JobId.wrap(link.first), output.root)
            );
        }
        CHAIN.follow(link, output, order, "ipfs://");
        (LinkState state, ) = CHAIN.stateOf(id);
        require(state == (works ? LinkState.Followed : LinkState.Waiting), "state");
    }

    function _linkOf(address source, bytes32 first) private view returns (Link memory link, bytes memory order) {
        Job memory job;
        job.requester = JobLib.pair(address(this), 1);
        order = abi.encode(job);
        link = Link({
            owner: JobLib.pair(address(this), 0),
            source: JobLib.pair(source, 1),
            first: first,
            orderHash: keccak256(order),
            expiresAt: block.timestamp + 1
        });
    }
}
