// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {AccessManaged} from "@openzeppelin/contracts/access/manager/AccessManaged.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";
import {Multicall} from "@openzeppelin/contracts/utils/Multicall.sol";
import {ReentrancyGuardTransient} from "@openzeppelin/contracts/utils/ReentrancyGuardTransient.sol";

import {IMarketAccounts} from "../interfaces/IMarketAccounts.sol";
import {IOPGToken} from "../interfaces/IOPGToken.sol";
import {AccountLib} from "../libraries/AccountLib.sol";
import {Account, PAYMENT_TAG, Payment} from "../types/MarketTypes.sol";

/// @title The balances that a market keeps
abstract contract MarketAccounts is AccessManaged, Multicall, ReentrancyGuardTransient, IMarketAccounts {
    using AccountLib for Account;
    using SafeERC20 for IOPGToken;

    IOPGToken public immutable TOKEN;

    address internal _treasury;
    mapping(address account => Account) internal _accounts;

    constructor(IOPGToken token, address treasury) {
        TOKEN = token;
        _setTreasury(treasury);
    }

    /// @inheritdoc IMarketAccounts
    function deposit(address account, uint256 amount) external nonReentrant {
        _deposit(account, amount);
    }

    /// @inheritdoc IMarketAccounts
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

    /// @inheritdoc IMarketAccounts
    function depositWithAuthorization(
        address account,
        address from,
        bytes32 salt,
        Payment calldata payment
    ) external nonReentrant {
        _receive(account, from, keccak256(abi.encode(account, salt)), payment);
    }

    /// @inheritdoc IMarketAccounts
    function withdraw(address to, uint256 amount) external nonReentrant {
        if (to == address(0)) revert MarketZeroAccount();
        _debit(msg.sender, amount);
        emit Withdrawn(msg.sender, to, amount);
        TOKEN.safeTransfer(to, amount);
    }

    /// @inheritdoc IMarketAccounts
    function collectFees(address[] calldata accounts) external nonReentrant returns (uint256 amount) {
        // Bounded by the caller's own gas; every account can be collected by itself.
        for (uint256 i; i < accounts.length; ++i) {
            Account account = _accounts[accounts[i]];
            _accounts[accounts[i]] = account.withoutFees();
            amount += account.fees();
            emit FeesCollected(accounts[i], _treasury, account.fees());
        }
        TOKEN.safeTransfer(_treasury, amount);
    }

    /// @inheritdoc IMarketAccounts
    function setTreasury(address account) external restricted {
        _setTreasury(account);
    }

    /// @inheritdoc IMarketAccounts
    function accountOf(address account) external view returns (uint256 balance, uint256 fees) {
        return (_accounts[account].balance(), _accounts[account].fees());
    }

    function _deposit(address account, uint256 amount) private {
        if (account == address(0)) revert MarketZeroAccount();
        _credit(account, amount);
        emit Deposited(account, amount);
        TOKEN.safeTransferFrom(msg.sender, address(this), amount);
    }

    /// @param subject What the authorisation pays for; with chain and contract it makes the nonce.
    function _receive(address account, address from, bytes32 subject, Payment calldata payment) internal {
        if (account == address(0)) revert MarketZeroAccount();
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
    function _credit(address account, uint256 amount) internal {
        _accounts[account] = _accounts[account].plus(amount);
    }

    function _debit(address account, uint256 amount) internal {
        Account before = _accounts[account];
        if (amount > before.balance()) revert MarketInsufficientBalance(account, before.balance(), amount);
        _accounts[account] = before.minus(amount);
    }

    function _setTreasury(address account) internal {
        if (account == address(0)) revert MarketZeroAccount();
        _treasury = account;
        emit TreasurySet(account);
    }
}
