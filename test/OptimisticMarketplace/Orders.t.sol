// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IAccessManaged} from "@openzeppelin/contracts/access/manager/IAccessManaged.sol";

import {OptimisticMarketplace} from "../../contracts/OptimisticMarketplace.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {IMarketJobs} from "../../contracts/interfaces/IMarketJobs.sol";
import {IMarketServing} from "../../contracts/interfaces/IMarketServing.sol";
import {IOptimisticMarketplace} from "../../contracts/interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {AccountAmount, JobId} from "../../contracts/types/JobTypes.sol";
import {PAYMENT_TAG, PayloadBounds, Payment} from "../../contracts/types/MarketTypes.sol";
import {VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {
    OptimisticJob,
    OptimisticNumbers,
    OptimisticRecord,
    OptimisticRules,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {optimisticNumbers} from "../support/Suite.sol";
import {VM} from "../support/Vm.sol";

/// @title What can be ordered of one node, what it serves, and under which numbers
contract OrdersTest is Offering {
    using JobLib for AccountAmount;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;

    uint256 private constant KEY = 0xa11ce;
    bytes32 private constant RECEIVE = keccak256(
        "ReceiveWithAuthorization(address from,address to,uint256 value,"
        "uint256 validAfter,uint256 validBefore,bytes32 nonce)"
    );

    function setUp() external {
        _setUp();
    }

    /// @dev Who pays orders, and the whole escrow leaves its balance [I02].
    function testFuzz_request_isTheRequestersAlone(address caller, uint256 units, bool open) external {
        VM.assume(caller != REQUESTER);
        Terms memory terms = open ? _open() : _named();
        (terms.price, terms.lowest) = (bound(units, 1e6, 1e9) * UNIT, 0);
        bytes memory call = abi.encodeCall(OPTIMISTIC.request, (_orderOf(terms), "ipfs://input"));
        bytes memory refusal = abi.encodeWithSelector(
            IMandates.MandateCapTooLow.selector,
            OPTIMISTIC,
            REQUESTER,
            caller,
            0,
            _escrowOf(terms.price)
        );
        _refuse(caller, address(OPTIMISTIC), call, refusal);

        OptimisticJob memory job = _offer(terms);
        require(_balanceOf(REQUESTER) == FORTUNE - _escrowOf(terms.price), "escrow");
        OptimisticState state = open ? OptimisticState.Open : OptimisticState.Named;
        require(_recordOf(job).state() == state && _recordOf(job).since() == block.timestamp, "record");
    }

    /// @dev One order is one job in a second; with another second or nonce it is another job [T083].
    function testFuzz_request_makesAJobOnce(uint256 period, uint48 nonce) external {
        OptimisticJob memory job = _offer(_named());
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketJobExists.selector, _idOf(job));
        bytes memory call = abi.encodeCall(OPTIMISTIC.request, (_orderOf(_named()), "ipfs://input"));
        _refuse(REQUESTER, address(OPTIMISTIC), call, refusal);

        VM.warp(block.timestamp + bound(period, 0, 1));
        Terms memory other = _named();
        other.nonce = nonce;
        if (nonce == 0 && block.timestamp == NOW + 10) return;
        require(JobId.unwrap(_idOf(_offer(other))) != JobId.unwrap(_idOf(job)), "other job");
    }

    /// @dev An order's bounds hold in the contract, and no order costs more royalty than it says.
    function testFuzz_request_isWithinTheBounds(uint256 window, uint256 accepted) external {
        window = window % 2 == 0 ? bound(window, 0, 29) : bound(window, 101, type(uint24).max);
        Terms memory terms = _named();
        terms.windowPeriod = window;
        bytes memory refusal = abi.encodeWithSelector(
            OrderLib.MarketTermOutOfBounds.selector,
            bytes32("windowPeriod"),
            window,
            30,
            100
        );
        _refuseOrder(_orderOf(terms), refusal);
        OptimisticJob memory order = _orderOf(_named());
        accepted = bound(accepted, 0, ROYALTY - 1);
        order.royalty = JobLib.pair(address(0), accepted);
        _refuseOrder(order, abi.encodeWithSelector(OrderLib.MarketRoyaltyTooHigh.selector, ROYALTY, accepted));
    }

    /// @dev A version without a graph root is refused at once: no money waits for what cannot be answered.
    function testFuzz_request_isOfRefereedVersionsAlone(bytes32 artifact, bool open) external {
        VM.assume(artifact != 0);
        VM.prank(PUBLISHER);
        _version = REGISTRY.release(_model, _identity(artifact), _details(3, 0));
        _refuseOrder(
            _orderOf(open ? _open() : _named()),
            abi.encodeWithSelector(IOptimisticMarketplace.MarketVersionNotRefereed.selector, _version)
        );
    }

    /// @dev A payment is for one order: whoever sends it, with whatever else it comes, this order is what it pays [T004].
    function testFuzz_requestWithAuthorization_isTheSignersOrder(address caller, uint256 excess, bool open) external {
        address payer = VM.addr(KEY);
        TOKEN.transfer(payer, FORTUNE);
        OptimisticJob memory order = _orderOf(open ? _open() : _named());
        order.requester = JobLib.pair(payer, PRICE);
        uint256 escrow = _escrowOf(PRICE);
        Payment memory payment = _payment(order, bound(excess, escrow, FORTUNE));
        VM.prank(caller);
        JobId id = OPTIMISTIC.requestWithAuthorization(order, "ipfs://input", payment);
        require(!OPTIMISTIC.jobOf(id).isUnknown(), "job");
        require(_balanceOf(payer) == payment.value - escrow, "the rest is the payer's");
    }

    /// @dev A job is all of its words: with whatever other words, nothing can be done to any job [T083].
    function testFuzz_unknownJobs_areRefused(
        OptimisticJob memory job,
        address caller,
        uint256 which,
        bytes32 change
    ) external {
        VM.assume(change != 0);
        _refuseUnknown(job, caller);
        job = _offer(_named());
        which = bound(which, 0, 7);
        assembly ("memory-safe") {
            let word := add(job, mul(which, 0x20))
            mstore(word, xor(mload(word), change))
        }
        _refuseUnknown(job, caller);
    }

    /// @dev What a lie could never be proven about is served by nobody, and so answered by nobody, not even as a named node.
    function testFuzz_serve_isOfAdmittedVersionsAlone(bytes32 artifact, bytes calldata header) external {
        VM.assume(artifact != 0);
        VersionIdentity memory identity = _identity(artifact);
        (identity.profile, identity.graphRoot) = (PROFILE, keccak256(header));
        VM.prank(PUBLISHER);
        _version = REGISTRY.release(_model, identity, _details(3, 0));
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticMarketplace.MarketVersionNotAdmitted.selector,
            _version
        );
        _refuse(_nodes[0], address(OPTIMISTIC), _serveCall(MAX_LOCK), refusal);
        OptimisticJob memory job = _offer(_named());
        refusal = abi.encodeWithSelector(
            IMarketServing.MarketLockTooSmall.selector,
            _nodes[0],
            _version,
            _collateralOf(job, PRICE),
            0,
            block.timestamp + job.rules.horizonPeriod(),
            0
        );
        bytes memory answer = abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], _root));
        _refuse(_signerOf[_nodes[0]], address(OPTIMISTIC), answer, refusal);
    }

    /// @dev Owner and signer say what a node serves, never less than what its seats use.
    function testFuzz_serve_isTheOperatorsAndCoversItsSeats(address caller, uint256 maxLock) external {
        VM.assume(caller != _nodes[0] && caller != _signerOf[_nodes[0]]);
        bytes memory refusal = abi.encodeWithSelector(IMarketServing.MarketNotOperator.selector, _nodes[0], caller);
        _refuse(caller, address(OPTIMISTIC), _serveCall(MAX_LOCK), refusal);
        bytes memory unserve = abi.encodeCall(OPTIMISTIC.unserve, (_nodes[0], _version));
        _refuse(caller, address(OPTIMISTIC), unserve, refusal);

        OptimisticJob memory job = _offer(_named());
        _answer(job, _nodes[0], _root);
        uint256 used = _collateralOf(job, PRICE);
        maxLock = bound(maxLock, 0, used - 1);
        refusal = abi.encodeWithSelector(IMarketServing.MarketLockInUse.selector, _nodes[0], _version, maxLock, used);
        _refuse(_nodes[0], address(OPTIMISTIC), _serveCall(maxLock), refusal);
        _accept(_signerOf[_nodes[0]], address(OPTIMISTIC), _serveCall(used));
        _accept(_nodes[0], address(OPTIMISTIC), unserve);
        require(STAKING.lockedOf(_nodes[0]) == used, "what a seat uses stays locked");
    }

    /// @dev A seat fits into the lock in size and in time, to the unit and the second [I14 I17 T096].
    function testFuzz_seats_fitIntoTheLock(uint256 units, bool tooSmall, bool tooLate) external {
        Terms memory terms = _named();
        terms.node = address(0x0de3);
        terms.price = bound(units, 1e6, (MAX_LOCK - 4e18) / 30 / UNIT) * UNIT;
        OptimisticJob memory job = _offer(terms);
        uint256 collateral = _collateralOf(job, terms.price);
        uint256 neededUntil = block.timestamp + job.rules.horizonPeriod();
        uint256 endsAt = tooLate ? neededUntil - 1 : neededUntil;
        uint256 maxLock = tooSmall ? collateral - 1 : collateral;
        _start(terms.node, 3, maxLock, endsAt);
        bytes memory call = abi.encodeCall(OPTIMISTIC.answer, (job, terms.node, _root));
        if (!tooLate && !tooSmall) return _accept(_signerOf[terms.node], address(OPTIMISTIC), call);
        bytes memory refusal = abi.encodeWithSelector(
            IMarketServing.MarketLockTooSmall.selector,
            terms.node,
            _version,
            collateral,
            maxLock,
            neededUntil,
            endsAt
        );
        _refuse(_signerOf[terms.node], address(OPTIMISTIC), call, refusal);
    }

    /// @dev Governance changes what comes, inside the bounds; all of a job is shorter than stake thaws [I17 T117].
    function testFuzz_setRules_nestsInTheThaw(address caller, uint256 window, uint256 margin) external {
        OptimisticNumbers memory numbers = optimisticNumbers();
        numbers.mostWindowPeriod = uint24(bound(window, 30, 300));
        OptimisticRules rules = OptimisticRulesLib.pack(numbers);
        margin = bound(margin, 3, 200);
        bytes memory call = abi.encodeCall(OPTIMISTIC.setRules, (rules, margin));
        if (caller != address(this)) {
            bytes memory foreign = abi.encodeWithSelector(IAccessManaged.AccessManagedUnauthorized.selector, caller);
            _refuse(caller, address(OPTIMISTIC), call, foreign);
        }
        // The seed and five steps of an audit, and its reveals.
        uint256 horizon = 60 + 17 + 10 + numbers.mostWindowPeriod + 80 + FLOOR + margin;
        if (horizon < 300) {
            OPTIMISTIC.setRules(rules, margin);
            (OptimisticRules set, ) = OPTIMISTIC.governed();
            require(set.horizonPeriod() == horizon, "horizon");
            return;
        }
        bytes memory refusal = abi.encodeWithSelector(
            IOptimisticPolicy.MarketDeadlinesDoNotNest.selector,
            horizon,
            300
        );
        _refuse(address(this), address(OPTIMISTIC), call, refusal);
    }

    function testFuzz_setRules_boundsTheMargin(uint256 margin) external {
        (OptimisticRules rules, ) = OPTIMISTIC.governed();
        margin = margin % 2 == 0 ? bound(margin, 0, 2) : bound(margin, 30 days + 1, type(uint256).max);
        bytes memory call = abi.encodeCall(OPTIMISTIC.setRules, (rules, margin));
        _refuse(address(this), address(OPTIMISTIC), call, _outOfBounds("marginPeriod", margin, 3, 30 days));
    }

    function testFuzz_constructor_boundsThePayloads(uint256 input, uint256 output) external {
        input = bound(input, 24_577, type(uint256).max);
        output = bound(output, 8_193, type(uint256).max);
        VM.expectRevert(_outOfBounds("mostInputBytes", input, 0, 24_576));
        this.deploy(PayloadBounds(input, 0));
        VM.expectRevert(_outOfBounds("mostOutputBytes", output, 0, 8_192));
        this.deploy(PayloadBounds(0, output));
    }

    function deploy(PayloadBounds memory bounds) external {
        OptimisticNumbers memory numbers = optimisticNumbers();
        new OptimisticMarketplace(
            OPTIMISTIC.authority(),
            REGISTRY,
            OPTIMISTIC.POLICY(),
            bounds,
            numbers,
            20,
            OPTIMISTIC.MANDATES(),
            TREASURY
        );
    }

    function _refuseOrder(OptimisticJob memory order, bytes memory refusal) private {
        bytes memory call = abi.encodeCall(OPTIMISTIC.request, (order, "ipfs://input"));
        _refuse(REQUESTER, address(OPTIMISTIC), call, refusal);
    }

    function _refuseUnknown(OptimisticJob memory job, address caller) private {
        bytes[7] memory calls = [
            abi.encodeCall(OPTIMISTIC.cancel, (job)),
            abi.encodeCall(OPTIMISTIC.reserve, (job, _nodes[0])),
            abi.encodeCall(OPTIMISTIC.answer, (job, _nodes[0], _root)),
            abi.encodeCall(OPTIMISTIC.settle, (job, _nodes[0], _root)),
            abi.encodeCall(OPTIMISTIC.expire, (job)),
            abi.encodeCall(OPTIMISTIC.deliver, (job, _nodes[0], PayloadError.InputMissing, "")),
            abi.encodeCall(OPTIMISTIC.reclaimTip, (job))
        ];
        bytes memory refusal = abi.encodeWithSelector(IMarketJobs.MarketUnknownJob.selector, _idOf(job));
        for (uint256 i; i < calls.length; ++i) _refuse(caller, address(OPTIMISTIC), calls[i], refusal);
    }

    function _serveCall(uint256 maxLock) private view returns (bytes memory) {
        return abi.encodeCall(OPTIMISTIC.serve, (_nodes[0], _version, maxLock, NOW + 80 days));
    }

    function _payment(OptimisticJob memory order, uint256 value) private view returns (Payment memory) {
        bytes32 subject = keccak256(abi.encode(order, keccak256("ipfs://input")));
        bytes32 nonce = keccak256(abi.encode(PAYMENT_TAG, block.chainid, address(OPTIMISTIC), subject));
        uint256 before = block.timestamp - 1;
        bytes32 message = keccak256(
            abi.encode(RECEIVE, VM.addr(KEY), address(OPTIMISTIC), value, before, before + 2, nonce)
        );
        return Payment(value, before, before + 2, _sign(KEY, "OPG", address(TOKEN), message));
    }

    function _escrowOf(uint256 price) private pure returns (uint256) {
        return price + (price * 250) / 10_000 + ROYALTY;
    }

    function _outOfBounds(
        bytes32 field,
        uint256 given,
        uint256 least,
        uint256 most
    ) private pure returns (bytes memory) {
        return abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, field, given, least, most);
    }
}
