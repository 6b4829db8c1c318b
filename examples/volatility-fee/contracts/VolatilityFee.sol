// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {InferenceConsumer} from "@opg-protocol/contracts/consumer/InferenceConsumer.sol";
import {ScheduledConsumer} from "@opg-protocol/contracts/consumer/ScheduledConsumer.sol";
import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {IInputSource} from "@opg-protocol/contracts/interfaces/IInputSource.sol";
import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {NumberLib} from "@opg-protocol/contracts/libraries/NumberLib.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {Inference, InferenceInput, ResultPolicy} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";
import {ScheduleId} from "@opg-protocol/contracts/types/SchedulerTypes.sol";

/// @title A pool of two tokens whose fee follows a model's forecast of its volatility
/// @notice A schedule asks the model again and again, and the pool itself is what it asks about: the input of each run is how its
/// price has moved. The model is never trusted further than a wrong forecast could hurt: the fee stays within hard bounds and moves
/// by little at a time, and when no forecast comes, the pool goes on with its default fee.
/// @dev One account provides all liquidity, which keeps the pool short. Tokens that take a fee of transfers are not for it. A price
/// is in base units and has 18 decimals: where token 0 has many more decimals than token 1, few digits are left of it, and returns
/// are coarse; the other way around there are enough.
contract VolatilityFee is ScheduledConsumer, IInputSource {
    using SafeERC20 for IERC20;

    /// @dev Fees are shares of what is swapped, 1e18 is 100 %.
    int256 public constant LEAST_FEE = 0.0005e18;
    int256 public constant MOST_FEE = 0.01e18;
    /// @dev What one forecast can change.
    int256 public constant MOST_MOVE = 0.001e18;
    int256 public constant DEFAULT_FEE = 0.003e18;
    /// @dev With the volatility of 1 % that the model was trained around, the fee is the default one.
    int256 public constant FEE_PER_VOLATILITY = 0.3e18;
    /// @dev So many the model takes.
    uint256 public constant RETURNS = 32;
    /// @dev The model sees no larger ones, so they need not be kept.
    int256 public constant MOST_RETURN = 0.0625e18;

    VersionId public immutable MODEL;
    IERC20 public immutable TOKEN0;
    IERC20 public immutable TOKEN1;
    /// @dev Provides the liquidity, and says which schedule is followed.
    address public immutable PROVIDER;
    /// @dev Seconds between two notes of the price.
    uint48 public immutable OBSERVATION_PERIOD;
    /// @dev Seconds after which a forecast counts no more.
    uint48 public immutable FRESH_PERIOD;

    uint256 public reserve0;
    uint256 public reserve1;
    /// @dev The last so many returns, 1e18 is 100 %; the oldest is overwritten next.
    int64[RETURNS] private _returns;
    /// @dev So many returns were noted.
    uint256 public observations;
    int256 private _notedPrice;
    uint48 public notedAt;
    uint48 public forecastAt;
    int256 private _forecastFee;

    event Swapped(address indexed trader, bool zeroForOne, uint256 amountIn, uint256 amountOut, uint256 fee);
    event FeeForecast(JobId indexed jobId, int256 volatility, uint256 fee);

    error FeeNotProvider(address caller, address provider);
    error FeeWrongModel(VersionId given, VersionId model);
    error FeeTooFewReturns(uint256 noted, uint256 needed);
    error FeeNoLiquidity();
    error FeeTooLittleOut(uint256 amountOut, uint256 leastOut);

    modifier onlyProvider() {
        if (msg.sender != PROVIDER) revert FeeNotProvider(msg.sender, PROVIDER);
        _;
    }

    /// @param optimistic Where the schedule orders.
    /// @param scheduler Who tells of runs.
    /// @param model Whose forecasts count.
    constructor(
        IOptimisticMarketplace optimistic,
        address scheduler,
        VersionId model,
        IERC20 token0,
        IERC20 token1,
        uint48 observationPeriod,
        uint48 freshPeriod
    ) InferenceConsumer(IInferenceMarketplace(address(0)), optimistic) ScheduledConsumer(scheduler) {
        (MODEL, TOKEN0, TOKEN1, PROVIDER) = (model, token0, token1, msg.sender);
        (OBSERVATION_PERIOD, FRESH_PERIOD) = (observationPeriod, freshPeriod);
    }

    /// @notice Takes the forecasts of a schedule of which the provider knows what it orders.
    /// @param acceptPeriod Seconds after a run in which its forecast is taken.
    function follow(ScheduleId scheduleId, uint32 acceptPeriod) external onlyProvider {
        _follow(scheduleId, ResultPolicy.Optimistic, false, acceptPeriod);
    }

    function unfollow(ScheduleId scheduleId) external onlyProvider {
        _unfollow(scheduleId);
    }

    /// @notice Adds liquidity. What that does to the price is no return.
    function provide(uint256 amount0, uint256 amount1) external onlyProvider {
        _setReserves(reserve0 + amount0, reserve1 + amount1);
        TOKEN0.safeTransferFrom(msg.sender, address(this), amount0);
        TOKEN1.safeTransferFrom(msg.sender, address(this), amount1);
    }

    /// @notice Gives the provider liquidity back. Needs no forecast, no schedule and no market.
    function withdraw(uint256 amount0, uint256 amount1) external onlyProvider {
        _setReserves(reserve0 - amount0, reserve1 - amount1);
        TOKEN0.safeTransfer(msg.sender, amount0);
        TOKEN1.safeTransfer(msg.sender, amount1);
    }

    /// @notice Swaps at the fee of this moment. The price before the swap is noted if it is time.
    /// @param leastOut The fee can change before the swap is mined: what the trader wants at least.
    /// @custom:rounds Down, in favour of the pool.
    function swap(bool zeroForOne, uint256 amountIn, uint256 leastOut) external returns (uint256 amountOut) {
        observe();
        (uint256 reserveIn, uint256 reserveOut) = zeroForOne ? (reserve0, reserve1) : (reserve1, reserve0);
        if (reserveIn == 0 || reserveOut == 0) revert FeeNoLiquidity();
        uint256 share = fee();
        uint256 priced = (amountIn * (uint256(NumberLib.WAD) - share)) / uint256(NumberLib.WAD);
        amountOut = (reserveOut * priced) / (reserveIn + priced);
        if (amountOut < leastOut) revert FeeTooLittleOut(amountOut, leastOut);

        (reserveIn, reserveOut) = (reserveIn + amountIn, reserveOut - amountOut);
        (reserve0, reserve1) = zeroForOne ? (reserveIn, reserveOut) : (reserveOut, reserveIn);
        emit Swapped(msg.sender, zeroForOne, amountIn, amountOut, share);
        (IERC20 tokenIn, IERC20 tokenOut) = zeroForOne ? (TOKEN0, TOKEN1) : (TOKEN1, TOKEN0);
        tokenIn.safeTransferFrom(msg.sender, address(this), amountIn);
        tokenOut.safeTransfer(msg.sender, amountOut);
    }

    /// @inheritdoc IInputSource
    function inputOf(ScheduleId, uint256) external view returns (InferenceInput memory) {
        if (observations < RETURNS) revert FeeTooFewReturns(observations, RETURNS);
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (1, uint32(RETURNS));
        Tensor[] memory input = new Tensor[](1);
        input[0] = TensorLib.ofWads(recentReturns(), shape);
        return TermsLib.inPlace(input);
    }

    /// @notice Notes how the price has moved, if it is time. Anyone may, where too few swap. The price that is noted has stood since
    /// an earlier block: who moves it has to leave it there, for others to trade against.
    function observe() public {
        if (block.timestamp < notedAt + OBSERVATION_PERIOD || reserve0 == 0 || reserve1 == 0) return;
        int256 price = _price();
        // From a price too small to be noted there is no return, and swaps must go on.
        if (_notedPrice > 0) {
            int256 moved = ((price - _notedPrice) * NumberLib.WAD) / _notedPrice;
            _returns[observations % RETURNS] = int64(NumberLib.clamp(moved, -MOST_RETURN, MOST_RETURN));
            ++observations;
        }
        (_notedPrice, notedAt) = (price, uint48(block.timestamp));
    }

    /// @notice What the next swap pays, 1e18 is 100 %.
    function fee() public view returns (uint256) {
        return uint256(isFresh() ? _forecastFee : DEFAULT_FEE);
    }

    /// @notice Whether there is a forecast that still counts.
    function isFresh() public view returns (bool) {
        return forecastAt > 0 && block.timestamp <= forecastAt + FRESH_PERIOD;
    }

    /// @notice The last returns that were noted, oldest first, 1e18 is 100 %; zeros where there are none yet.
    function recentReturns() public view returns (int256[] memory wads) {
        wads = new int256[](RETURNS);
        for (uint256 i; i < RETURNS; ++i) wads[i] = _returns[(observations + i) % RETURNS];
    }

    function _onInference(Inference memory result) internal override {
        if (VersionId.unwrap(result.versionId) != VersionId.unwrap(MODEL))
            revert FeeWrongModel(result.versionId, MODEL);
        // No float32 is so large that the product with the next constant would not fit.
        int256 volatility = TensorLib.wadAt(result.outputs[0], 0);
        int256 wanted = NumberLib.mulWad(volatility, FEE_PER_VOLATILITY);
        int256 current = int256(fee());
        int256 near = NumberLib.clamp(wanted, current - MOST_MOVE, current + MOST_MOVE);
        (_forecastFee, forecastAt) = (NumberLib.clamp(near, LEAST_FEE, MOST_FEE), uint48(block.timestamp));
        emit FeeForecast(result.jobId, volatility, uint256(_forecastFee));
    }

    function _setReserves(uint256 amount0, uint256 amount1) private {
        (reserve0, reserve1) = (amount0, amount1);
        if (amount0 > 0 && amount1 > 0) (_notedPrice, notedAt) = (_price(), uint48(block.timestamp));
    }

    /// @dev Of token 0 in token 1, 1e18 is 1.
    function _price() private view returns (int256) {
        return int256((reserve1 * uint256(NumberLib.WAD)) / reserve0);
    }
}
