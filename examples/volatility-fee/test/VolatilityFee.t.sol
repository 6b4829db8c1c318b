// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IInferenceConsumer} from "@opg-protocol/contracts/interfaces/IInferenceConsumer.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {IScheduledConsumer} from "@opg-protocol/contracts/interfaces/IScheduledConsumer.sol";
import {JobLib} from "@opg-protocol/contracts/libraries/JobLib.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {MockMarket} from "@opg-protocol/contracts/mock/MockMarket.sol";
import {MockOPG} from "@opg-protocol/contracts/mock/MockOPG.sol";
import {MockOptimisticMarketplace} from "@opg-protocol/contracts/mock/MockOptimisticMarketplace.sol";
import {MockSuite} from "@opg-protocol/contracts/mock/MockSuite.sol";
import {InferenceInput, OptimisticTerms} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {OptimisticJob} from "@opg-protocol/contracts/types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";
import {ScheduleId} from "@opg-protocol/contracts/types/SchedulerTypes.sol";

import {VolatilityFee} from "../contracts/VolatilityFee.sol";

/// @dev What the runner of Solidity tests can do beyond the EVM.
interface Vm {
    function expectRevert(bytes calldata revertData) external;
    function prank(address sender) external;
    function warp(uint256 newTimestamp) external;
}

/// @title The pool against a mocked market: this contract provides, schedules and pays
contract VolatilityFeeTest {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    VersionId private constant MODEL = VersionId.wrap("volatility");
    ScheduleId private constant SCHEDULE = ScheduleId.wrap("schedule");
    address private constant STRANGER = address(0xbad);
    uint48 private constant OBSERVATION_PERIOD = 1 hours;
    uint48 private constant FRESH_PERIOD = 2 days;
    uint32 private constant ACCEPT_PERIOD = 1 days;
    uint32 private constant CALLBACK_GAS = 150_000;
    /// @dev About what a float32 can hold.
    int256 private constant MOST_FLOAT = 3.4e38 * 1e18;
    uint256 private constant LIQUIDITY = 1_000e18;

    MockOptimisticMarketplace private immutable MARKET;
    MockOPG private immutable TOKEN0 = new MockOPG();
    MockOPG private immutable TOKEN1 = new MockOPG();
    VolatilityFee private immutable POOL;
    uint40 private _runs;

    constructor() {
        MockSuite mocks = new MockSuite();
        mocks.fund(address(this), 1_000e18);
        MARKET = mocks.OPTIMISTIC();
        POOL = _pool();
        POOL.follow(SCHEDULE, ACCEPT_PERIOD);
    }

    function setUp() external {
        POOL.provide(LIQUIDITY, LIQUIDITY);
        for (uint256 i; i < POOL.RETURNS(); ++i) _passPeriod();
    }

    /// @dev Whatever the model says, the fee stays in its bounds and near where it was.
    function testFuzz_fee_isBounded(int128 first, int128 second) external {
        _forecast(first);
        int256 before = int256(POOL.fee());
        _forecast(second);
        int256 fee = int256(POOL.fee());
        require(fee - before <= POOL.MOST_MOVE() && before - fee <= POOL.MOST_MOVE(), "move");
        require(fee >= POOL.LEAST_FEE() && fee <= POOL.MOST_FEE(), "bounds");
    }

    function test_fee_followsTheForecastNearby() external {
        _forecast(0.012e18);
        // A float32 holds seven digits.
        require(POOL.fee() > 0.0035999e18 && POOL.fee() < 0.0036001e18, "fee");
    }

    function test_fee_reachesItsBoundsInSmallSteps() external {
        for (uint256 i; i < 10; ++i) _forecast(MOST_FLOAT);
        require(int256(POOL.fee()) == POOL.MOST_FEE(), "most");
        for (uint256 i; i < 10; ++i) _forecast(-MOST_FLOAT);
        require(int256(POOL.fee()) == POOL.LEAST_FEE(), "least");
    }

    function test_fee_isTheDefaultBeforeAndLongAfterAForecast() external {
        require(int256(POOL.fee()) == POOL.DEFAULT_FEE() && !POOL.isFresh(), "before");
        _forecast(0.02e18);
        _forecast(0.02e18);
        require(int256(POOL.fee()) == POOL.DEFAULT_FEE() + 2 * POOL.MOST_MOVE(), "forecast");
        VM.warp(block.timestamp + FRESH_PERIOD);
        require(POOL.isFresh(), "fresh");
        VM.warp(block.timestamp + 1);
        require(int256(POOL.fee()) == POOL.DEFAULT_FEE(), "stale");
        // The next forecast moves the fee that was valid, not the one from long ago.
        _forecast(0.02e18);
        require(int256(POOL.fee()) == POOL.DEFAULT_FEE() + POOL.MOST_MOVE(), "again");
    }

    /// @dev A price of less than a unit of its last digit is no return, and stops neither swaps nor what comes after it.
    function test_observe_standsAPriceOfZero() external {
        VolatilityFee pool = _pool();
        pool.provide(1e24, 1e5);
        VM.warp(block.timestamp + OBSERVATION_PERIOD);
        uint256 before = pool.observations();
        pool.swap(true, 1e18, 0);
        require(pool.observations() == before, "a return from nothing");
        pool.withdraw(pool.reserve0() - 1e18, 0);
        VM.warp(block.timestamp + OBSERVATION_PERIOD);
        pool.swap(true, 1e12, 0);
        require(pool.observations() == before + 1, "no return any more");
    }

    function test_fee_staysWhereTheModelRefuses() external {
        _forecast(0.02e18);
        uint256 before = POOL.fee();
        MARKET.fail(_run(MODEL), PayloadError.RefusedByModel);
        require(POOL.fee() == before, "fee");
    }

    function test_onInference_refusesAnotherModel() external {
        VersionId other = VersionId.wrap("other");
        JobId job = _run(other);
        bytes memory reason = abi.encodeWithSelector(VolatilityFee.FeeWrongModel.selector, other, MODEL);
        VM.expectRevert(abi.encodeWithSelector(MockMarket.MockCallbackFailed.selector, job, CALLBACK_GAS, reason));
        MARKET.fulfil(job, _output(0.02e18));
    }

    function test_onInference_refusesAForecastThatComesTooLate() external {
        JobId job = _run(MODEL);
        uint256 acceptUntil = block.timestamp + ACCEPT_PERIOD;
        VM.warp(acceptUntil + 1);
        bytes memory reason = abi.encodeWithSelector(IInferenceConsumer.ConsumerResultStale.selector, job, acceptUntil);
        VM.expectRevert(abi.encodeWithSelector(MockMarket.MockCallbackFailed.selector, job, CALLBACK_GAS, reason));
        MARKET.fulfil(job, _output(0.02e18));
    }

    function test_unfollow_endsTheForecasts() external {
        POOL.unfollow(SCHEDULE);
        VM.expectRevert(abi.encodeWithSelector(IScheduledConsumer.ConsumerNotFollowing.selector, SCHEDULE));
        POOL.onScheduled(SCHEDULE, 0, JobId.wrap("job"));
    }

    function test_provider_isTheOnlyOne() external {
        bytes memory refusal = abi.encodeWithSelector(VolatilityFee.FeeNotProvider.selector, STRANGER, address(this));
        VM.prank(STRANGER);
        VM.expectRevert(refusal);
        POOL.follow(SCHEDULE, 1);
        VM.prank(STRANGER);
        VM.expectRevert(refusal);
        POOL.unfollow(SCHEDULE);
        VM.prank(STRANGER);
        VM.expectRevert(refusal);
        POOL.provide(1, 1);
        VM.prank(STRANGER);
        VM.expectRevert(refusal);
        POOL.withdraw(1, 1);
    }

    /// @dev The input is the returns that were noted, oldest first, as the model takes them.
    function test_inputOf_isTheLastReturns() external {
        POOL.swap(true, 10e18, 0);
        _passPeriod();
        _passPeriod();
        int256[] memory returns_ = POOL.recentReturns();
        require(returns_.length == POOL.RETURNS(), "length");
        // Constant product, fee 0.3 %: 1000 · 1000 / 1009.97 against 1010.
        require(returns_[30] > -0.0197e18 && returns_[30] < -0.0196e18 && returns_[31] == 0, "returns");
        Tensor[] memory input = abi.decode(POOL.inputOf(SCHEDULE, 0).carried, (Tensor[]));
        require(input.length == 1 && input[0].shape[0] == 1 && input[0].shape[1] == 32, "shape");
        int256 seen = TensorLib.wadAt(input[0], 30);
        require(seen - returns_[30] < 1e10 && returns_[30] - seen < 1e10, "element");
    }

    function test_inputOf_waitsForEnoughReturns() external {
        VolatilityFee young = _pool();
        young.provide(LIQUIDITY, LIQUIDITY);
        VM.warp(block.timestamp + OBSERVATION_PERIOD);
        young.observe();
        VM.expectRevert(abi.encodeWithSelector(VolatilityFee.FeeTooFewReturns.selector, 1, 32));
        young.inputOf(SCHEDULE, 0);
    }

    /// @dev Who moves the price and moves it back before anybody else can act leaves no trace in the returns.
    function test_observe_doesNotSeeAPriceOfTheSameBlock() external {
        VM.warp(block.timestamp + OBSERVATION_PERIOD);
        uint256 noted = POOL.observations();
        uint256 amount = POOL.swap(true, 100e18, 0);
        POOL.observe();
        POOL.swap(false, amount, 0);
        require(POOL.observations() == noted + 1 && POOL.recentReturns()[31] == 0, "a return");
    }

    function test_observe_boundsWhatOneReturnCanSay() external {
        POOL.swap(true, 900e18, 0);
        _passPeriod();
        require(POOL.recentReturns()[31] == -POOL.MOST_RETURN(), "down");
        POOL.swap(false, 900e18, 0);
        _passPeriod();
        require(POOL.recentReturns()[31] == POOL.MOST_RETURN(), "up");
    }

    function testFuzz_swap_neverLosesWhatItHolds(bool zeroForOne, uint96 amountIn) external {
        uint256 before = POOL.reserve0() * POOL.reserve1();
        POOL.swap(zeroForOne, amountIn, 0);
        require(POOL.reserve0() * POOL.reserve1() >= before, "product");
        require(TOKEN0.balanceOf(address(POOL)) == POOL.reserve0(), "token 0");
        require(TOKEN1.balanceOf(address(POOL)) == POOL.reserve1(), "token 1");
    }

    function test_swap_paysTheForecastFee() external {
        uint256 cheap = POOL.swap(true, 1e18, 0);
        POOL.swap(false, cheap, 0);
        for (uint256 i; i < 10; ++i) _forecast(1e18);
        uint256 dear = POOL.swap(true, 1e18, 0);
        // 1 % instead of 0.3 %.
        require(dear * 1_000 < cheap * 994 && dear * 1_000 > cheap * 992, "fee");
    }

    function test_swap_refusesTooLittle() external {
        VM.expectRevert(abi.encodeWithSelector(VolatilityFee.FeeTooLittleOut.selector, 996006981039903216, 1e18));
        POOL.swap(true, 1e18, 1e18);
    }

    function test_withdraw_needsNobody() external {
        POOL.withdraw(LIQUIDITY, LIQUIDITY);
        require(TOKEN0.balanceOf(address(POOL)) == 0 && TOKEN1.balanceOf(address(POOL)) == 0, "left");
        VM.expectRevert(abi.encodeWithSelector(VolatilityFee.FeeNoLiquidity.selector));
        POOL.swap(true, 1e18, 0);
    }

    function _pool() private returns (VolatilityFee pool) {
        IOptimisticMarketplace market = IOptimisticMarketplace(address(MARKET));
        pool = new VolatilityFee(market, address(this), MODEL, TOKEN0, TOKEN1, OBSERVATION_PERIOD, FRESH_PERIOD);
        TOKEN0.mint(address(this), type(uint128).max);
        TOKEN1.mint(address(this), type(uint128).max);
        TOKEN0.approve(address(pool), type(uint256).max);
        TOKEN1.approve(address(pool), type(uint256).max);
    }

    function _passPeriod() private {
        VM.warp(block.timestamp + OBSERVATION_PERIOD);
        POOL.observe();
    }

    function _forecast(int256 volatility) private {
        MARKET.fulfil(_run(MODEL), _output(volatility));
    }

    /// @dev What the scheduler does in a run.
    function _run(VersionId model) private returns (JobId job) {
        InferenceInput memory input = POOL.inputOf(SCHEDULE, _runs);
        OptimisticTerms memory terms;
        (terms.versionId, terms.price, terms.lowestPrice) = (model, 1e18, 0.2e18);
        (terms.auctionDelay, terms.auctionRamp, terms.answerPeriod) = (60, 600, 1_800);
        (terms.windowPeriod, terms.callbackGas) = (36 hours, CALLBACK_GAS);
        OptimisticJob memory order = TermsLib.packed(terms, input.root, address(this), address(this), _runs);
        order.callback = JobLib.pair(address(POOL), 0.05e18);
        job = MARKET.request(order, input.carried);
        POOL.onScheduled(SCHEDULE, _runs++, job);
    }

    function _output(int256 volatility) private pure returns (Tensor[] memory outputs) {
        int256[] memory wads = new int256[](1);
        wads[0] = volatility;
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (1, 1);
        outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofWads(wads, shape);
    }
}
