// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobChain} from "../../contracts/JobChain.sol";
import {IJobChain} from "../../contracts/interfaces/IJobChain.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {LINK_TAG, Link, LinkedOutput, LinkId, LinkState} from "../../contracts/types/ChainTypes.sol";
import {JobId} from "../../contracts/types/JobTypes.sol";
import {OptimisticJob, OptimisticRecord, OptimisticState} from "../../contracts/types/OptimisticTypes.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title Whose links are, what follows them, and what that may take, in the real market
contract LinksTest is Offering {
    using OptimisticRecordLib for OptimisticRecord;

    uint256 private constant REWARD = 1e16;
    uint256 private constant MOST_COST = 10e18;
    uint256 private constant ALLOWED = 1_000e18;
    uint256 private constant WINDOW = 40;
    bytes private constant URI = "ipfs://output";

    JobChain private immutable CHAIN;
    IMandates private immutable MANDATES;
    /// @dev The job whose output is followed, and where that was stated.
    JobId private _first;
    LinkedOutput private _output;
    bytes private _order;
    uint256 private _endsAt;

    constructor() {
        CHAIN = new JobChain(MARKET, OPTIMISTIC);
        MANDATES = OPTIMISTIC.MANDATES();
    }

    function setUp() external {
        _setUp();
        VM.prank(REQUESTER);
        MANDATES.allow(address(OPTIMISTIC), address(CHAIN), ALLOWED);
        _order = abi.encode(_orderOf(_named()));
        OptimisticJob memory job = _offer(_named());
        (_first, _output) = (_idOf(job), LinkedOutput(_root, _roundOf(job), _nodes[0]));
        _finish(job);
        _endsAt = block.timestamp + 1 days;
    }

    /// @dev Who pays makes and ends a link, and nobody else, nor one whose order somebody else would pay. [T212]
    function testFuzz_link_isTheOwnersAlone(address caller, address requester) external {
        VM.assume(caller != REQUESTER && requester != REQUESTER);
        Link memory link = _link();
        bytes memory notOwner = abi.encodeWithSelector(IJobChain.ChainNotOwner.selector, caller, REQUESTER);
        _refuse(caller, _create(link), notOwner);
        _begin(link);
        _refuse(caller, abi.encodeCall(CHAIN.cancel, (link)), notOwner);
        OptimisticJob memory order = _orderOf(_named());
        order.requester = JobLib.pair(requester, PRICE);
        _order = abi.encode(order);
        bytes4 selector = IJobChain.ChainWrongRequester.selector;
        _refuse(REQUESTER, _create(_link()), abi.encodeWithSelector(selector, requester, REQUESTER));
    }

    /// @dev A link is between jobs of the two markets, and no other contract says what an output is.
    function testFuzz_create_knowsTwoMarkets(address source) external {
        VM.assume(source != address(MARKET) && source != address(OPTIMISTIC));
        Link memory link = _link();
        link.source = JobLib.pair(source, MOST_COST);
        _refuse(REQUESTER, _create(link), abi.encodeWithSelector(IJobChain.ChainUnknownMarket.selector, source));
    }

    /// @dev A link is made once, whatever has become of it, and not when it has expired.
    function testFuzz_create_happensOnceAndInTime(bool cancelled, uint256 late) external {
        Link memory link = _link();
        LinkId id = _idOf(link);
        VM.warp(bound(late, _endsAt, type(uint48).max));
        _refuse(REQUESTER, _create(link), _expired(id));
        VM.warp(_endsAt - 1);
        _begin(link);
        if (cancelled) _accept(REQUESTER, abi.encodeCall(CHAIN.cancel, (link)));
        _refuse(REQUESTER, _create(link), abi.encodeWithSelector(IJobChain.ChainLinkExists.selector, id));
    }

    /// @dev The order is that whose hash the link names, when it is made and when it is followed. [T212]
    function testFuzz_order_isThatOfTheLink(address caller, bytes calldata order) external {
        VM.assume(keccak256(order) != keccak256(_order));
        Link memory link = _link();
        bytes4 selector = IJobChain.ChainWrongOrder.selector;
        bytes memory refusal = abi.encodeWithSelector(selector, keccak256(order), link.orderHash);
        _refuse(REQUESTER, abi.encodeCall(CHAIN.create, (link, order)), refusal);
        _begin(link);
        _refuse(caller, abi.encodeCall(CHAIN.follow, (link, _output, order, _payload)), refusal);
    }

    /// @dev Only a link that waits is followed or cancelled, once, and before it expires. [T213 T214]
    function testFuzz_follow_happensOnceAndInTime(address caller, bool cancelled, uint256 late) external {
        Link memory link = _link();
        LinkId id = _idOf(link);
        _refuseBoth(caller, link, _wrongState(id, LinkState.None));
        _begin(link);
        VM.warp(bound(late, _endsAt, type(uint48).max));
        _refuse(caller, _follow(link, _payload), _expired(id));
        VM.warp(_endsAt - 1);
        _accept(REQUESTER, cancelled ? abi.encodeCall(CHAIN.cancel, (link)) : _follow(link, _payload));
        _refuseBoth(caller, link, _wrongState(id, cancelled ? LinkState.Cancelled : LinkState.Followed));
        (LinkState state, JobId jobId) = CHAIN.stateOf(id);
        require(state == (cancelled ? LinkState.Cancelled : LinkState.Followed), "state");
        require((JobId.unwrap(jobId) == 0) == cancelled, "job");
    }

    /// @dev Whoever is not the owner hands the output over as it is; the owner can say where it is. [T210]
    function testFuzz_follow_handsTheOutputOver(
        address caller,
        uint256 place,
        bytes1 change,
        bytes calldata uri
    ) external {
        VM.assume(caller != address(0) && caller != REQUESTER && change != 0 && (uri.length == 0 || uri[0] != 0));
        Link memory link = _link();
        _begin(link);
        bytes4 selector = IJobChain.ChainInputNotInPlace.selector;
        _refuse(caller, _follow(link, uri), abi.encodeWithSelector(selector, caller, REQUESTER));
        bytes memory other = _payloadOf(40);
        other[other.length - 64 + bound(place, 0, 39)] = change;
        selector = IJobChain.ChainWrongInput.selector;
        bytes32 root = COMMITMENTS.rootOf(PayloadError.None, other);
        _refuse(caller, _follow(link, other), abi.encodeWithSelector(selector, root, _root));
        _accept(caller, _follow(link, _payload));
        link.expiresAt += 1;
        _begin(link);
        _accept(REQUESTER, _follow(link, URI));
    }

    /// @dev An order takes what its owner set for it at most; that and the reward leave balance and cap, and nothing else. [I44 T214]
    function testFuzz_follow_takesWhatTheLinkSays(address caller, uint256 most, uint256 reward) external {
        VM.assume(caller != address(0) && caller != REQUESTER && caller != PUBLISHER);
        reward = bound(reward, 0, 1e18);
        Link memory link = _link();
        link.owner = JobLib.pair(REQUESTER, reward);
        _begin(link);
        uint256 before = _balanceOf(REQUESTER);
        _accept(caller, _follow(link, _payload));
        uint256 spent = before - _balanceOf(REQUESTER);
        require(_balanceOf(caller) == reward, "reward");
        require(MANDATES.capOf(address(OPTIMISTIC), REQUESTER, address(CHAIN)) == ALLOWED - spent, "cap");
        (, JobId jobId) = CHAIN.stateOf(_idOf(link));
        require(OPTIMISTIC.jobOf(jobId).state() == OptimisticState.Named, "ordered");

        link.source = JobLib.pair(address(OPTIMISTIC), bound(most, 0, spent - reward - 1));
        _begin(link);
        bytes4 selector = IJobChain.ChainCostTooHigh.selector;
        uint256 limit = JobLib.amount(link.source);
        _refuse(caller, _follow(link, _payload), abi.encodeWithSelector(selector, _idOf(link), spent - reward, limit));
    }

    /// @dev A link that waits for another one is followed after it, on the output of what that has ordered.
    function testFuzz_follow_goesDownAChain(address caller, bool cancelled, bytes32 root) external {
        VM.assume(caller != address(0) && root != _root);
        Link memory link = _link();
        LinkId id = _idOf(link);
        Link memory second = _link();
        second.first = LinkId.unwrap(id);
        _begin(second);
        // While there is no such link, its id is that of a job which is unknown.
        _refuse(caller, _follow(second, _payload), _wrongOutput(JobId.wrap(LinkId.unwrap(id)), _root));
        _begin(link);
        _refuse(caller, _follow(second, _payload), _wrongState(id, LinkState.Waiting));
        if (cancelled) {
            _accept(REQUESTER, abi.encodeCall(CHAIN.cancel, (link)));
            _refuse(caller, _follow(second, _payload), _wrongState(id, LinkState.Cancelled));
            return;
        }
        _accept(caller, _follow(link, _payload));
        (, JobId jobId) = CHAIN.stateOf(id);
        _refuse(caller, _follow(second, _payload), _wrongOutput(jobId, _root));
        OptimisticJob memory job = _jobOf(id);
        require(JobId.unwrap(_idOf(job)) == JobId.unwrap(jobId), "the order with the output and its nonce");
        _output.roundId = _roundOf(job);
        _finish(job);
        _output.root = root;
        _refuse(caller, _follow(second, _payload), _wrongOutput(jobId, root));
        _output.root = _root;
        _accept(caller, _follow(second, _payload));
    }

    /// @dev The job that a link orders on the output.
    function _jobOf(LinkId id) private view returns (OptimisticJob memory job) {
        Terms memory terms = _named();
        terms.nonce = uint40(uint256(LinkId.unwrap(id)));
        job = _becomes(_orderOf(terms), _root);
    }

    /// @dev Played to its final answer, by a node that states the output.
    function _finish(OptimisticJob memory job) private {
        _answer(job, _nodes[0], _root);
        VM.warp(block.timestamp + WINDOW);
        OPTIMISTIC.settle(job, _nodes[0], _root);
    }

    function _link() private view returns (Link memory) {
        return
            Link({
                owner: JobLib.pair(REQUESTER, REWARD),
                source: JobLib.pair(address(OPTIMISTIC), MOST_COST),
                first: JobId.unwrap(_first),
                orderHash: keccak256(_order),
                expiresAt: _endsAt
            });
    }

    function _begin(Link memory link) private {
        _accept(REQUESTER, _create(link));
    }

    function _accept(address caller, bytes memory call) private {
        _accept(caller, address(CHAIN), call);
    }

    function _refuse(address caller, bytes memory call, bytes memory refusal) private {
        _refuse(caller, address(CHAIN), call, refusal);
    }

    /// @dev Neither followed, by anybody, nor cancelled, by its owner.
    function _refuseBoth(address caller, Link memory link, bytes memory refusal) private {
        _refuse(caller, _follow(link, _payload), refusal);
        _refuse(REQUESTER, abi.encodeCall(CHAIN.cancel, (link)), refusal);
    }

    function _create(Link memory link) private view returns (bytes memory) {
        return abi.encodeCall(CHAIN.create, (link, _order));
    }

    function _follow(Link memory link, bytes memory input) private view returns (bytes memory) {
        return abi.encodeCall(CHAIN.follow, (link, _output, _order, input));
    }

    function _idOf(Link memory link) private view returns (LinkId) {
        return LinkId.wrap(keccak256(abi.encode(LINK_TAG, block.chainid, CHAIN, link)));
    }

    function _expired(LinkId id) private view returns (bytes memory) {
        return abi.encodeWithSelector(IJobChain.ChainExpired.selector, id, _endsAt);
    }

    function _wrongState(LinkId id, LinkState state) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobChain.ChainWrongState.selector, id, state);
    }

    function _wrongOutput(JobId jobId, bytes32 root) private pure returns (bytes memory) {
        return abi.encodeWithSelector(IJobChain.ChainWrongOutput.selector, jobId, root);
    }
}
