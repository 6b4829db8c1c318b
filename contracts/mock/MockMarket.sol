// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILedger} from "../interfaces/ILedger.sol";
import {IMarketJobs} from "../interfaces/IMarketJobs.sol";
import {CallbackLib} from "../libraries/CallbackLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {OrderLib} from "../libraries/OrderLib.sol";
import {PayloadLib} from "../libraries/PayloadLib.sol";
import {AccountAmount, JobId} from "../types/JobTypes.sol";
import {PayloadError, Tensor} from "../types/PayloadTypes.sol";
import {MockMandates} from "./MockMandates.sol";

/// @title What both mocked markets have in common: balances, checks of orders, calls of callbacks
/// @notice Errors and events are those of the real markets. There are no nodes: whoever calls says what they answer. Every
/// version is known, and nobody earns royalties.
abstract contract MockMarket is ReentrancyGuardTransient {
    using JobLib for AccountAmount;
    using SafeERC20 for IERC20;

    uint256 public constant MOST_INPUT_BYTES = 8_192;
    uint256 public constant MOST_OUTPUT_BYTES = 2_048;
    /// @dev Of what the nodes earn, to the treasury.
    uint16 internal constant FEE_BPS = 250;

    IERC20 public immutable TOKEN;
    MockMandates public immutable MANDATES;
    mapping(address account => uint256) private _balances;
    bytes private _payloadAtOnce;
    bytes32 private _rootAtOnce;

    /// @notice The callback did not take the result; a real market would have noted that, and gone on.
    /// @custom:fix Look at `reason`; if it is empty, order with more `callbackGas`, of which there were `gasCap`.
    error MockCallbackFailed(JobId jobId, uint256 gasCap, bytes reason);

    /// @param token The token of all balances.
    /// @param mandates Who may use the balance of somebody else.
    constructor(IERC20 token, MockMandates mandates) {
        TOKEN = token;
        MANDATES = mandates;
    }

    /// @notice From now on orders are answered while they are placed, in the same transaction; those that a callback places are
    /// left to `fulfil`.
    /// @param outputs What each order gets, in the order of the version's outputs; none: orders wait for `fulfil` again.
    function answerAtOnce(Tensor[] calldata outputs) external {
        if (outputs.length == 0) delete _payloadAtOnce;
        else (_payloadAtOnce, _rootAtOnce) = _encoded(JobId.wrap(0), outputs);
    }

    /// @notice As `ILedger.deposit`.
    function deposit(address account, uint256 amount) external nonReentrant {
        if (account == address(0)) revert ILedger.LedgerZeroAccount();
        _credit(account, amount);
        emit ILedger.Deposited(account, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @notice As `ILedger.withdraw`.
    function withdraw(address to, uint256 amount) external nonReentrant {
        if (to == address(0)) revert ILedger.LedgerZeroAccount();
        _debit(msg.sender, amount);
        emit ILedger.Withdrawn(msg.sender, to, amount);
        TOKEN.safeTransfer(to, amount);
    }

    /// @notice As `IMarketAccounts.accountOf`; fees are not kept.
    function accountOf(address account) external view returns (uint256 balance, uint256 fees) {
        return (_balances[account], 0);
    }

    /// @dev The order was placed.
    function _ordered(JobId id) internal {
        if (_payloadAtOnce.length > 0 && !_reentrancyGuardEntered()) _fulfil(id, _payloadAtOnce, _rootAtOnce);
    }

    /// @dev The nodes agree on an output, which is delivered.
    function _fulfil(JobId id, bytes memory payload, bytes32 root) internal virtual;

    function _credit(address account, uint256 amount) internal {
        _balances[account] += amount;
    }

    function _debit(address account, uint256 amount) internal {
        uint256 balance = _balances[account];
        if (amount > balance) revert ILedger.LedgerInsufficientBalance(account, balance, amount);
        _balances[account] = balance - amount;
    }

    /// @dev Takes the escrow of an order out of its requester's balance, which the caller must be allowed to use.
    function _takeEscrow(address requester, uint256 escrow) internal {
        _debit(requester, escrow);
        if (msg.sender != requester) MANDATES.spend(requester, msg.sender, escrow);
    }

    /// @dev The encoding of an output that can be delivered, and its root.
    function _encoded(JobId id, Tensor[] calldata outputs) internal pure returns (bytes memory payload, bytes32 root) {
        payload = abi.encode(outputs);
        if (payload.length > MOST_OUTPUT_BYTES) {
            revert IMarketJobs.MarketOutputTooLarge(id, payload.length, MOST_OUTPUT_BYTES);
        }
        root = PayloadLib.root(outputs);
    }

    /// @dev The root of a canonical error.
    function _errorRoot(PayloadError fault) internal pure returns (bytes32) {
        OrderLib.within("fault", uint256(fault), 1, uint256(type(PayloadError).max));
        return PayloadLib.errorRoot(fault);
    }

    /// @dev Calls back with exactly as much gas as the order names, and pays the tip to whoever called for it.
    function _handOver(JobId id, AccountAmount callback, uint256 gasCap, uint256 tip, bytes memory data) internal {
        address target = callback.account();
        CallbackLib.checkGas(gasCap);
        // solhint-disable-next-line avoid-low-level-calls
        (bool success, bytes memory reason) = target.call{gas: gasCap}(data);
        if (!success || target.code.length == 0) revert MockCallbackFailed(id, gasCap, reason);
        _credit(msg.sender, tip);
        emit IMarketJobs.ResultDelivered(id, target, msg.sender, tip);
    }
}
