// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILedger} from "../../contracts/interfaces/ILedger.sol";
import {IMandates} from "../../contracts/interfaces/IMandates.sol";
import {IInferenceMarketplace} from "../../contracts/interfaces/IInferenceMarketplace.sol";
import {IMarketJobs} from "../../contracts/interfaces/IMarketJobs.sol";
import {IOptimisticPolicy} from "../../contracts/interfaces/IOptimisticPolicy.sol";
import {CallbackLib} from "../../contracts/libraries/CallbackLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {JobRecordLib} from "../../contracts/libraries/JobRecordLib.sol";
import {OptimisticOrderLib} from "../../contracts/libraries/OptimisticOrderLib.sol";
import {OptimisticRecordLib} from "../../contracts/libraries/OptimisticRecordLib.sol";
import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {RulesLib} from "../../contracts/libraries/RulesLib.sol";
import {OptimisticRulesLib} from "../../contracts/libraries/OptimisticRulesLib.sol";
import {TensorLib} from "../../contracts/libraries/TensorLib.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {MockMarket} from "../../contracts/mock/MockMarket.sol";
import {OptimisticTerms, ReplicatedTerms, ResultPolicy, ResultStatus} from "../../contracts/types/ConsumerTypes.sol";
import {AccountAmount, Job, JobId, JobRecord, JobRules, JobState} from "../../contracts/types/JobTypes.sol";
import {
    OptimisticJob,
    OptimisticRecord,
    OptimisticRules,
    OptimisticState
} from "../../contracts/types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {Consuming, ReentrantConsumer} from "../support/Consuming.sol";
import {bound} from "../support/Fuzz.sol";
import {VM} from "../support/Vm.sol";

/// @title Mocked markets take, refuse and pay as the real ones do
contract MockSuiteTest is Consuming {
    using JobRecordLib for JobRecord;
    using OptimisticRecordLib for OptimisticRecord;
    using OptimisticRulesLib for OptimisticRules;
    using RulesLib for JobRules;
    using TermsLib for OptimisticTerms;
    using TermsLib for ReplicatedTerms;

    /// @dev Without a callback, and of this contract itself.
    address private immutable ME = address(this);
    address private constant SPENDER = address(0x59e4d);
    Tensor[] private _none;

    constructor() {
        MOCKS.fund(ME, FUND);
    }

    function testFuzz_deposit_canBeWithdrawn(uint128 amount, address to) external {
        uint256 balance = _balance();
        MOCKS.TOKEN().mint(ME, amount);
        MOCKS.TOKEN().approve(address(MARKET), amount);
        MARKET.deposit(ME, amount);
        require(_balance() == balance + amount, "deposit");
        VM.assume(to != address(0) && to != address(MARKET));
        uint256 before = MOCKS.TOKEN().balanceOf(to);
        MARKET.withdraw(to, amount);
        require(_balance() == balance && MOCKS.TOKEN().balanceOf(to) == before + amount, "withdrawal");
        VM.expectRevert(abi.encodeWithSelector(ILedger.LedgerInsufficientBalance.selector, ME, balance, balance + 1));
        MARKET.withdraw(to, balance + 1);
    }

    function test_zeroAccount_isRefused() external {
        VM.expectRevert(abi.encodeWithSelector(ILedger.LedgerZeroAccount.selector));
        MARKET.deposit(address(0), 1);
        VM.expectRevert(abi.encodeWithSelector(ILedger.LedgerZeroAccount.selector));
        MARKET.withdraw(address(0), 1);
    }

    /// @dev The escrow goes, what the nodes earn and the fee stay, and the rest comes back; the tip is the caller's.
    function testFuzz_fulfil_paysWhatIsDue(uint8 quorum, uint96 price) external {
        ReplicatedTerms memory terms = _replicated();
        terms.quorum = uint8(bound(quorum, 2, 15));
        terms.seatPrice = uint96(bound(price, 1, 10e18));
        uint256 seats = 3 * uint256(terms.quorum) + 3;
        uint256 worst = seats * terms.seatPrice;
        JobId id = PLAIN.order(terms);
        require(_balanceOf(address(PLAIN)) == FUND - worst - (worst * 250) / 10_000 - terms.deliveryTip, "escrow");
        uint256 balance = _balance();
        MARKET.fulfil(id, _scores(3));
        uint256 pay = uint256(terms.quorum) * terms.seatPrice;
        uint256 spent = pay + (pay * 250) / 10_000 + terms.deliveryTip;
        require(_balanceOf(address(PLAIN)) == FUND - spent, "refund");
        require(_balance() == balance + terms.deliveryTip, "tip");
        (JobRecord record, uint256 satWeight) = MARKET.jobOf(id);
        require(record.state() == JobState.Agreed && record.delivered() && satWeight == 0, "record");
        require(record.endedWith(PayloadLib.root(_scores(3))), "root");
    }

    /// @dev The result has come when the order returns, and the one after it waits again.
    function test_answerAtOnce_answersWhileOrdersArePlaced() external {
        MARKET.answerAtOnce(_scores(3));
        OPTIMISTIC.answerAtOnce(_scores(4));
        JobId id = PLAIN.order(_replicated());
        _requireLast(PLAIN, id, ResultPolicy.Replicated, ResultStatus.Final, PayloadError.None, _scores(3));
        require(PLAIN.statusOf(id) == ResultStatus.Final, "replicated");
        id = PLAIN.order(_optimistic());
        _requireLast(PLAIN, id, ResultPolicy.Optimistic, ResultStatus.Final, PayloadError.None, _scores(4));
        require(PLAIN.statusOf(id) == ResultStatus.Final && PLAIN.results() == 2, "optimistic");

        OPTIMISTIC.answerAtOnce(new Tensor[](0));
        id = PLAIN.order(_optimistic());
        require(PLAIN.statusOf(id) == ResultStatus.Waiting && PLAIN.results() == 2, "on demand");
        OPTIMISTIC.fulfil(id, _scores(5));
        require(PLAIN.statusOf(id) == ResultStatus.Final, "fulfilled");
    }

    /// @dev What a hook orders while its own answer is brought would be answered without end.
    function test_answerAtOnce_leavesOrdersOfHooks() external {
        ReentrantConsumer consumer = new ReentrantConsumer(IInferenceMarketplace(address(MARKET)));
        MOCKS.fund(address(consumer), FUND);
        consumer.arm(_replicated());
        MARKET.answerAtOnce(_scores(3));
        JobId id = consumer.order(_replicated());
        require(consumer.statusOf(id) == ResultStatus.Final, "answered");
        require(consumer.statusOf(consumer.next()) == ResultStatus.Waiting, "ordered by the hook");
    }

    function test_answerAtOnce_takesWhatCanBeDelivered() external {
        Tensor[] memory outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofBytes(new bytes(2_048));
        uint256 size = abi.encode(outputs).length;
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketOutputTooLarge.selector, JobId.wrap(0), size, 2_048));
        MARKET.answerAtOnce(outputs);
    }

    /// @dev An agreed error earns the nodes a fifth and the treasury nothing.
    function test_fail_paysAPart() external {
        JobId id = PLAIN.order(_replicated());
        MARKET.fail(id, PayloadError.RefusedByModel);
        require(_balanceOf(address(PLAIN)) == FUND - (3 * 1e18) / 5 - 1e17, "refund");
        (JobRecord record, ) = MARKET.jobOf(id);
        require(record.state() == JobState.Refused && record.endedWith(PayloadLib.REFUSED_BY_MODEL), "record");
    }

    function test_fail_needsAFault() external {
        JobId id = PLAIN.order(_replicated());
        bytes memory reason = abi.encodeWithSelector(
            OrderLib.MarketTermOutOfBounds.selector,
            bytes32("fault"),
            0,
            1,
            3
        );
        VM.expectRevert(reason);
        MARKET.fail(id, PayloadError.None);
        id = PLAIN.order(_optimistic());
        VM.expectRevert(reason);
        OPTIMISTIC.fail(id, PayloadError.None);
    }

    function test_abandon_givesAllBack() external {
        MARKET.abandon(PLAIN.order(_replicated()));
        OPTIMISTIC.abandon(PLAIN.order(_optimistic()));
        require(_balanceOf(address(PLAIN)) == FUND, "replicated");
        require(_offersBalanceOf(address(PLAIN)) == FUND, "optimistic");
    }

    /// @dev A final job cannot move any more, whatever is tried; an unknown one never could.
    function test_endedJobs_areRefused() external {
        JobId id = PLAIN.order(_replicated());
        MARKET.abandon(id);
        VM.expectRevert(
            abi.encodeWithSelector(IInferenceMarketplace.MarketWrongState.selector, id, JobState.Unanswered)
        );
        MARKET.fulfil(id, _scores(1));
        id = PLAIN.order(_optimistic());
        OPTIMISTIC.abandon(id);
        bytes memory reason = abi.encodeWithSelector(
            IOptimisticPolicy.MarketWrongPhase.selector,
            id,
            OptimisticState.Unanswered
        );
        VM.expectRevert(reason);
        OPTIMISTIC.fulfil(id, _scores(1));
        VM.expectRevert(reason);
        OPTIMISTIC.uphold(id);
        JobId unknown = JobId.wrap("unknown");
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketUnknownJob.selector, unknown));
        MARKET.abandon(unknown);
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketUnknownJob.selector, unknown));
        OPTIMISTIC.abandon(unknown);
    }

    function testFuzz_offers_payWhatIsDue(bool audited, bool open, bool provisional) external {
        OptimisticTerms memory terms = _optimistic();
        if (audited) terms.auditBps = 500;
        if (open) (terms.node, terms.lowestPrice, terms.auctionRamp) = (address(0), 1e18, 60);
        terms.provisional = provisional;
        JobId id = EAGER.order(terms);
        uint256 answers = audited ? 2 : 1;
        require(_offersBalanceOf(address(EAGER)) == FUND - answers * 2.05e18 - 1e17, "escrow");
        uint256 balance = _offersBalanceOf(ME);
        if (provisional) {
            OPTIMISTIC.answer(id, _scores(3));
            require(_offersBalanceOf(ME) == balance + 1e17, "tip of the provisional answer");
            OPTIMISTIC.uphold(id);
        } else {
            OPTIMISTIC.fulfil(id, _scores(3));
        }
        require(_offersBalanceOf(address(EAGER)) == FUND - 2.05e18 - 1e17, "refund");
        require(_offersBalanceOf(ME) == balance + 1e17, "tip");
        require(OPTIMISTIC.jobOf(id).state() == OptimisticState.Answered, "state");
    }

    /// @dev What was found false costs nothing but the tip of its delivery, and neither does what a second node answers.
    function testFuzz_refute_givesAllBack(bool again) external {
        OptimisticTerms memory terms = _optimistic();
        terms.provisional = true;
        JobId id = EAGER.order(terms);
        OPTIMISTIC.answer(id, _scores(3));
        OPTIMISTIC.refute(id);
        require(_offersBalanceOf(address(EAGER)) == FUND - 1e17, "refund");
        uint256 balance = _offersBalanceOf(ME);
        if (again) {
            OPTIMISTIC.answer(id, _scores(4));
            OPTIMISTIC.refute(id);
        } else {
            OPTIMISTIC.fulfil(id, _scores(4));
        }
        require(_offersBalanceOf(ME) == balance, "a second tip");
        require(_offersBalanceOf(address(EAGER)) == FUND - 1e17, "second refund");
        OptimisticState end = again ? OptimisticState.Falsified : OptimisticState.Answered;
        require(OPTIMISTIC.jobOf(id).state() == end, "state");
    }

    function test_answer_needsAnOrderThatTakesIt() external {
        JobId id = PLAIN.order(_optimistic());
        VM.expectRevert(abi.encodeWithSelector(IOptimisticPolicy.MarketWrongPhase.selector, id, OptimisticState.Named));
        OPTIMISTIC.answer(id, _scores(1));
    }

    function test_refusedOffer_isPaidNothing() external {
        JobId id = PLAIN.order(_optimistic());
        OPTIMISTIC.fail(id, PayloadError.InputMissing);
        require(_offersBalanceOf(address(PLAIN)) == FUND - 1e17, "refund");
        require(OPTIMISTIC.jobOf(id).state() == OptimisticState.Refused, "state");
    }

    /// @dev A callback that fails shows why, and loses nothing: the same can be tried again.
    function test_fulfil_showsWhyACallbackFailed() external {
        ReplicatedTerms memory terms = _replicated();
        terms.callbackGas = 25_000;
        JobId id = PLAIN.order(terms);
        VM.expectRevert(abi.encodeWithSelector(MockMarket.MockCallbackFailed.selector, id, 25_000, bytes("")));
        MARKET.fulfil(id, _scores(1));
        (JobRecord record, ) = MARKET.jobOf(id);
        require(record.state() == JobState.Open && PLAIN.results() == 0, "it went on");
    }

    /// @dev As in the real markets, a hook can order again and can move no money.
    function test_fulfil_locksBalances() external {
        ReentrantConsumer reentrant = new ReentrantConsumer(IInferenceMarketplace(address(MARKET)));
        MOCKS.fund(address(reentrant), FUND);
        JobId id = reentrant.order(_replicated());
        VM.expectRevert(
            abi.encodeWithSelector(
                MockMarket.MockCallbackFailed.selector,
                id,
                500_000,
                abi.encodeWithSelector(ReentrancyGuardTransient.ReentrancyGuardReentrantCall.selector)
            )
        );
        MARKET.fulfil(id, _scores(1));
        reentrant.arm(_replicated());
        MARKET.fulfil(id, _scores(1));
        _requireStatus(reentrant, id, ResultStatus.Final);
        _requireStatus(reentrant, reentrant.next(), ResultStatus.Waiting);
    }

    function test_fulfil_needsGasForTheCallback() external {
        JobId id = PLAIN.order(_replicated());
        // What is left at the call is not known here, but what is needed is.
        bytes memory call = abi.encodeCall(MARKET.fulfil, (id, _scores(1)));
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory reason) = address(MARKET).call{gas: 400_000}(call);
        require(!success && bytes4(reason) == CallbackLib.CallbackGasTooLow.selector, "gas");
        uint256 needed;
        assembly ("memory-safe") {
            needed := mload(add(reason, 0x44))
        }
        require(needed == (uint256(500_000) * 64) / 63 + 60_000, "needed");
    }

    /// @dev Where there is no code, nobody took the result.
    function test_fulfil_needsACallbackWithCode() external {
        Job memory order = _replicated().packed("input", ME, ME, 0);
        order.callback = JobLib.pair(address(0xca11), 0);
        JobId id = MARKET.request(order, "ipfs://input");
        VM.expectRevert(abi.encodeWithSelector(MockMarket.MockCallbackFailed.selector, id, 500_000, bytes("")));
        MARKET.fulfil(id, _scores(1));
    }

    /// @dev Without a callback a job is settled, and nothing is delivered.
    function test_fulfil_worksWithoutACallback() external {
        ReplicatedTerms memory terms = _replicated();
        (terms.callbackGas, terms.deliveryTip) = (0, 0);
        Job memory order = terms.packed("input", ME, ME, 0);
        order.callback = AccountAmount.wrap(0);
        JobId id = MARKET.request(order, "ipfs://input");
        MARKET.fulfil(id, _scores(1));
        (JobRecord record, ) = MARKET.jobOf(id);
        require(record.state() == JobState.Agreed && !record.delivered(), "replicated");

        OptimisticTerms memory offer = _optimistic();
        (offer.callbackGas, offer.deliveryTip) = (0, 0);
        OptimisticJob memory named = offer.packed("input", ME, ME, 0);
        named.callback = AccountAmount.wrap(0);
        id = OPTIMISTIC.request(named, "ipfs://input");
        OPTIMISTIC.fulfil(id, _scores(1));
        require(!OPTIMISTIC.jobOf(id).delivered(), "optimistic");
    }

    /// @dev Orders are checked by the real markets' own libraries; one check of each kind shows that they are asked [T157].
    function test_request_refusesWhatTheMarketsWould() external {
        Job memory order = _replicated().packed("input", ME, ME, 0);
        VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, bytes32("input"), 0, 1, 8_192));
        MARKET.request(order, "");
        ReplicatedTerms memory terms = _replicated();
        terms.quorum = 1;
        VM.expectRevert(abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, bytes32("quorum"), 1, 2, 15));
        MARKET.request(terms.packed("input", ME, ME, 0), "ipfs://input");
        terms = _replicated();
        terms.collateralFactor = 7;
        VM.expectRevert(
            abi.encodeWithSelector(
                OrderLib.MarketTermOutOfBounds.selector,
                bytes32("collateralFactor"),
                7,
                8,
                type(uint16).max
            )
        );
        MARKET.request(terms.packed("input", ME, ME, 0), "ipfs://input");
        OptimisticTerms memory offer = _optimistic();
        offer.price += 1;
        VM.expectRevert(abi.encodeWithSelector(OptimisticOrderLib.MarketPriceNotWhole.selector, offer.price, 1e12));
        OPTIMISTIC.request(offer.packed("input", ME, ME, 0), "ipfs://input");
    }

    /// @dev Somebody else's balance pays up to its cap, in either market; refunds do not raise the cap.
    function testFuzz_request_usesCapsOfOthers(uint96 spare) external {
        Job memory order = _replicated().packed("input", ME, ME, 0);
        OptimisticJob memory offer = _optimistic().packed("input", ME, ME, 0);
        uint256[2] memory escrows = [uint256(12e18 + 0.3e18 + 0.1e18), 2e18 + 0.05e18 + 0.1e18];
        for (uint256 i; i < 2; ++i) {
            address market = i == 0 ? address(MARKET) : address(OPTIMISTIC);
            bytes memory call =
                i == 0
                    ? abi.encodeCall(MARKET.request, (order, "ipfs://input"))
                    : abi.encodeCall(OPTIMISTIC.request, (offer, "ipfs://input"));
            bytes4 selector = IMandates.MandateCapTooLow.selector;
            _expectRefusal(market, call, abi.encodeWithSelector(selector, market, ME, SPENDER, 0, escrows[i]));
            MOCKS.MANDATES().allow(market, SPENDER, escrows[i] - 1);
            bytes memory refusal = abi.encodeWithSelector(selector, market, ME, SPENDER, escrows[i] - 1, escrows[i]);
            _expectRefusal(market, call, refusal);

            MOCKS.MANDATES().allow(market, SPENDER, escrows[i] + spare);
            VM.prank(SPENDER);
            (bool success, bytes memory id) = market.call(call);
            require(success, "refused");
            (uint256 rest, ) = MockMarket(market).accountOf(ME);
            require(rest == FUND - escrows[i], "balance");
            require(MOCKS.MANDATES().capOf(market, ME, SPENDER) == spare, "cap");
            if (i == 0) MARKET.abandon(abi.decode(id, (JobId)));
            else OPTIMISTIC.abandon(abi.decode(id, (JobId)));
            (rest, ) = MockMarket(market).accountOf(ME);
            require(rest == FUND && MOCKS.MANDATES().capOf(market, ME, SPENDER) == spare, "refund");
        }
    }

    /// @dev The largest cap there is stays so, as in the real Mandates.
    function test_request_leavesTheLargestCap() external {
        MOCKS.MANDATES().allow(address(MARKET), SPENDER, type(uint256).max);
        Job memory order = _replicated().packed("input", ME, ME, 0);
        VM.prank(SPENDER);
        MARKET.request(order, "ipfs://input");
        require(MOCKS.MANDATES().capOf(address(MARKET), ME, SPENDER) == type(uint256).max, "cap");
    }

    function test_request_isBoundedInValue() external {
        ReplicatedTerms memory terms = _replicated();
        terms.seatPrice = 100_000e18;
        uint256 escrow = 1_200_000e18 + 30_000e18 + 1e17;
        VM.expectRevert(
            abi.encodeWithSelector(OrderLib.MarketTermOutOfBounds.selector, bytes32("escrow"), escrow, 0, 1_000_000e18)
        );
        MARKET.request(terms.packed("input", ME, ME, 0), "ipfs://input");
    }

    function test_request_refusesTheVerySameOrder() external {
        Job memory order = _replicated().packed("input", ME, ME, 7);
        JobId id = MARKET.request(order, "ipfs://input");
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketJobExists.selector, id));
        MARKET.request(order, "ipfs://input");
        OptimisticJob memory offer = _optimistic().packed("input", ME, ME, 7);
        id = OPTIMISTIC.request(offer, "ipfs://input");
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketJobExists.selector, id));
        OPTIMISTIC.request(offer, "ipfs://input");
    }

    function testFuzz_fulfil_boundsTheOutput(uint16 length) external {
        uint256 bytes_ = bound(length, 2_048, 8_000);
        Tensor[] memory outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofBytes(new bytes(bytes_));
        JobId id = PLAIN.order(_replicated());
        uint256 given = abi.encode(outputs).length;
        VM.expectRevert(abi.encodeWithSelector(IMarketJobs.MarketOutputTooLarge.selector, id, given, 2_048));
        MARKET.fulfil(id, outputs);
    }

    function test_governed_isWhatOrdersLiveUnder() external view {
        (JobRules rules, address treasury) = MARKET.governed();
        require(rules.feeBps() == 250 && treasury == address(0), "replicated");
        (OptimisticRules offered, address other) = OPTIMISTIC.governed();
        require(offered.feeBps() == 250 && other == address(0), "optimistic");
        require(MARKET.MOST_INPUT_BYTES() == 8_192 && OPTIMISTIC.MOST_OUTPUT_BYTES() == 2_048, "bounds");
    }

    function _expectRefusal(address market, bytes memory call, bytes memory refusal) private {
        VM.prank(SPENDER);
        (bool success, bytes memory reason) = market.call(call);
        require(!success && keccak256(reason) == keccak256(refusal), "refusal");
    }

    function _balance() private view returns (uint256) {
        return _balanceOf(ME);
    }

    function _balanceOf(address account) private view returns (uint256 balance) {
        (balance, ) = MARKET.accountOf(account);
    }

    function _offersBalanceOf(address account) private view returns (uint256 balance) {
        (balance, ) = OPTIMISTIC.accountOf(account);
    }
}
