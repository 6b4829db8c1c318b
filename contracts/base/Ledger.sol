// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {ILedger} from "../interfaces/ILedger.sol";
import {IOPGToken} from "../interfaces/IOPGToken.sol";
import {PAYMENT_TAG, Payment} from "../types/MarketTypes.sol";

/// @title Balances in OPG
/// @dev Who inherits keeps the balances, in a slot of its own making.
abstract contract Ledger is ReentrancyGuardTransient, ILedger {
    using SafeERC20 for IOPGToken;

    /// @inheritdoc ILedger
    IOPGToken public immutable TOKEN;

    constructor(IOPGToken token) {
        TOKEN = token;
    }

    /// @inheritdoc ILedger
    function deposit(address account, uint256 amount) external nonReentrant {
        _deposit(account, amount);
    }

    /// @inheritdoc ILedger
    function depositWithPermit(
        address account,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external nonReentrant {
        // A permit can be spent by anyone who sees it, so its failure says nothing; the allowance decides.
        // solhint-disable-next-line no-empty-blocks
        try TOKEN.permit(msg.sender, address(this), amount, deadline, v, r, s) {} catch {}
        _deposit(account, amount);
    }

    /// @inheritdoc ILedger
    function depositWithAuthorization(
        address account,
        address from,
        bytes32 salt,
        Payment calldata payment
    ) external nonReentrant {
        _receive(account, from, keccak256(abi.encode(account, salt)), payment);
    }

    /// @inheritdoc ILedger
    function withdraw(address to, uint256 amount) external nonReentrant {
        if (to == address(0)) revert LedgerZeroAccount();
        _debit(msg.sender, amount);
        emit Withdrawn(msg.sender, to, amount);
        TOKEN.safeTransfer(to, amount);
    }

    function _deposit(address account, uint256 amount) private {
        if (account == address(0)) revert LedgerZeroAccount();
        _credit(account, amount);
        emit Deposited(account, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @param subject What the authorisation pays for; with chain and contract it makes the nonce.
    function _receive(address account, address from, bytes32 subject, Payment calldata payment) internal {
        if (account == address(0)) revert LedgerZeroAccount();
        _credit(account, payment.value);
        emit Deposited(account, payment.value);
        TOKEN.receiveWithAuthorization(
            from,
            address(this),
            payment.value,
            payment.validAfter,
            payment.validBefore,
            keccak256(abi.encode(PAYMENT_TAG, block.chainid, address(this), subject)),
            payment.signature
        );
    }

    /// @dev `amount` is OPG that the contract holds, or reverts the call by not coming in.
    function _credit(address account, uint256 amount) internal virtual;

    /// @dev Reverts with `LedgerInsufficientBalance` if there is less.
    function _debit(address account, uint256 amount) internal virtual;
}
