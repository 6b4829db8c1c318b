// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {OrderPlacing} from "./base/OrderPlacing.sol";
import {IInferenceMarketplace} from "./interfaces/IInferenceMarketplace.sol";
import {IJobChain} from "./interfaces/IJobChain.sol";
import {IMarketJobs} from "./interfaces/IMarketJobs.sol";
import {IOptimisticMarketplace} from "./interfaces/IOptimisticMarketplace.sol";
import {EncodedOrderLib} from "./libraries/EncodedOrderLib.sol";
import {HashLib} from "./libraries/HashLib.sol";
import {JobLib} from "./libraries/JobLib.sol";
import {JobRecordLib} from "./libraries/JobRecordLib.sol";
import {OptimisticRecordLib} from "./libraries/OptimisticRecordLib.sol";
import {PayloadLib} from "./libraries/PayloadLib.sol";
import {Link, LinkedOutput, LinkId, LinkState} from "./types/ChainTypes.sol";
import {StatementId} from "./types/CommitmentTypes.sol";
import {InferenceInput} from "./types/ConsumerTypes.sol";
import {AccountAmount, JobId, JobRecord, JobState} from "./types/JobTypes.sol";
import {OptimisticRecord, OptimisticState} from "./types/OptimisticTypes.sol";

/// @title Jobs whose input is the output of another job
contract JobChain is OrderPlacing, ReentrancyGuardTransient, IJobChain {
    using EncodedOrderLib for bytes;
    using JobLib for AccountAmount;
    using JobRecordLib for JobRecord;
    using OptimisticRecordLib for OptimisticRecord;

    bytes32 private constant WAITING = bytes32(uint256(LinkState.Waiting));
    bytes32 private constant CANCELLED = bytes32(uint256(LinkState.Cancelled));

    /// @dev The number of a state, or the id of the job that a link has ordered.
    mapping(LinkId linkId => bytes32) private _links;

    /// @param market Where several nodes answer.
    /// @param optimistic Where one node answers.
    constructor(IInferenceMarketplace market, IOptimisticMarketplace optimistic) OrderPlacing(market, optimistic) {} // solhint-disable-line no-empty-blocks

    /// @inheritdoc IJobChain
    function create(Link calldata link, bytes calldata order) external returns (LinkId linkId) {
        address owner = _checkOwner(link);
        address source = link.source.account();
        if (source != address(MARKET) && source != address(OPTIMISTIC)) revert ChainUnknownMarket(source);
        _checkOrder(link, order);
        address requester = order.requesterOf();
        if (requester != owner) revert ChainWrongRequester(requester, owner);

        linkId = HashLib.linkId(link);
        _checkTime(link, linkId);
        if (_links[linkId] != 0) revert ChainLinkExists(linkId);
        _links[linkId] = WAITING;
        emit LinkCreated(linkId, owner, link.first, link, order);
    }

    /// @inheritdoc IJobChain
    function follow(
        Link calldata link,
        LinkedOutput calldata output,
        bytes calldata order,
        bytes calldata input
    ) external nonReentrant returns (JobId jobId) {
        LinkId id = _loadWaiting(link);
        _checkTime(link, id);
        _checkOrder(link, order);
        _checkOutput(link, output);
        _checkInput(link, output.root, input);

        _links[id] = CANCELLED; // until it is known what was ordered; nothing more can become of it
        jobId = _order(link, id, output.root, order, input);
        _links[id] = JobId.unwrap(jobId);
    }

    /// @inheritdoc IJobChain
    function cancel(Link calldata link) external {
        _checkOwner(link);
        LinkId id = _loadWaiting(link);
        _links[id] = CANCELLED;
        emit LinkCancelled(id);
    }

    /// @inheritdoc IJobChain
    function stateOf(LinkId linkId) public view returns (LinkState state, JobId jobId) {
        bytes32 record = _links[linkId];
        if (record <= CANCELLED) return (LinkState(uint256(record)), JobId.wrap(0));
        return (LinkState.Followed, JobId.wrap(record));
    }

    /// @dev Places the next order, and pays whoever follows the link.
    function _order(
        Link calldata link,
        LinkId id,
        bytes32 outputRoot,
        bytes calldata order,
        bytes calldata input
    ) private returns (JobId jobId) {
        address owner = link.owner.account();
        uint256 nonce = uint40(uint256(LinkId.unwrap(id)));
        IMarketJobs market;
        uint256 cost;
        (market, jobId, , cost) = _place(owner, order, InferenceInput(outputRoot, input), nonce);
        uint256 most = link.source.amount();
        if (cost > most) revert ChainCostTooHigh(id, cost, most);
        uint256 reward = link.owner.amount();
        emit LinkFollowed(id, jobId, msg.sender, outputRoot, cost, reward);
        _reward(market, owner, reward);
    }

    function _checkOwner(Link calldata link) private view returns (address owner) {
        owner = link.owner.account();
        if (msg.sender != owner) revert ChainNotOwner(msg.sender, owner);
    }

    function _checkTime(Link calldata link, LinkId id) private view {
        if (block.timestamp >= link.expiresAt) revert ChainExpired(id, link.expiresAt);
    }

    function _loadWaiting(Link calldata link) private view returns (LinkId id) {
        id = HashLib.linkId(link);
        if (_links[id] != WAITING) _revertWrongState(id);
    }

    function _revertWrongState(LinkId id) private view {
        (LinkState state, ) = stateOf(id);
        revert ChainWrongState(id, state);
    }

    /// @dev The job whose output is the input.
    function _firstOf(Link calldata link) private view returns (JobId) {
        LinkId id = LinkId.wrap(link.first);
        bytes32 record = _links[id];
        if (record == 0) return JobId.wrap(link.first);
        if (record <= CANCELLED) _revertWrongState(id);
        return JobId.wrap(record);
    }

    /// @dev Where several nodes have answered, the record has 176 bits of the root; where one has, 160 bits of a statement, in
    /// which round, and so job, version and input, node and root are.
    function _checkOutput(Link calldata link, LinkedOutput calldata output) private view {
        JobId first = _firstOf(link);
        bool isOutput;
        if (link.source.account() == address(MARKET)) {
            (JobRecord record, ) = MARKET.jobOf(first);
            JobState state = record.state();
            // An appeal can find that the right answer is an error.
            isOutput =
                (state == JobState.Agreed || (state == JobState.Decided && !record.isError())) &&
                record.endedWith(output.root);
        } else {
            OptimisticRecord record = OPTIMISTIC.jobOf(first);
            StatementId statementId = HashLib.statementId(output.roundId, output.node, output.root);
            isOutput = record.state() == OptimisticState.Answered && record.disputableUntil(statementId) != 0;
        }
        if (!isOutput) revert ChainWrongOutput(first, output.root);
    }

    /// @dev Whoever follows another's link hands the output over: the owner would pay for an order whose input nobody finds.
    function _checkInput(Link calldata link, bytes32 outputRoot, bytes calldata input) private view {
        address owner = link.owner.account();
        if (msg.sender == owner) return;
        if (input.length == 0 || input[0] != 0) revert ChainInputNotInPlace(msg.sender, owner);
        bytes32 root = PayloadLib.rootOfEncoded(input);
        if (root != outputRoot) revert ChainWrongInput(root, outputRoot);
    }

    function _checkOrder(Link calldata link, bytes calldata order) private pure {
        bytes32 orderHash = keccak256(order);
        if (orderHash != link.orderHash) revert ChainWrongOrder(orderHash, link.orderHash);
    }
}
