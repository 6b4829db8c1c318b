// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Payment} from "../types/MarketTypes.sol";
import {IOPGToken} from "./IOPGToken.sol";

/// @title Balances in OPG
/// @notice *Balances* are OPG that the contract owes: prepaid, refunded or earned; one ledger for all three.
///
/// *Payments* by ERC-3009 carry a nonce that says what they pay for, so that nobody can use them for anything else:
/// `keccak256(abi.encode(keccak256("OPG/payment"), chainid, this, subject))`.
interface ILedger {
    /// @notice `amount` (OPG, base units) was added to a balance; the token's event says who paid.
    event Deposited(address indexed account, uint256 amount);

    /// @notice `amount` (OPG, base units) left a balance and the contract.
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// @notice A balance is too small.
    /// @custom:fix Deposit at least `amount - balance` more (OPG, base units).
    error LedgerInsufficientBalance(address account, uint256 balance, uint256 amount);

    /// @notice Nothing can be credited or paid to the zero address.
    /// @custom:fix Name an account.
    error LedgerZeroAccount();

    /// @notice Adds OPG to anyone's balance.
    /// @param account Whose balance.
    /// @param amount OPG, base units; pulled from the caller's allowance.
    function deposit(address account, uint256 amount) external;

    /// @notice Like `deposit`, with an EIP-2612 permit of the caller in the same call.
    /// @dev A permit that somebody else has used up before is no fault: the allowance is there then.
    /// @param account Whose balance.
    /// @param amount OPG, base units.
    /// @param deadline Of the permit, unix seconds.
    /// @param v Of the permit's signature.
    /// @param r Of the permit's signature.
    /// @param s Of the permit's signature.
    function depositWithPermit(
        address account,
        uint256 amount,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external;

    /// @notice Adds OPG of `from` to a balance, on the strength of an ERC-3009 `ReceiveWithAuthorization`; anyone sends.
    /// @param account Whose balance.
    /// @param from Who pays and signs; an account, or a contract with ERC-1271.
    /// @param salt Tells deposits apart; with `account` it makes the nonce, so neither can be swapped.
    /// @param payment The authorisation; its nonce must be that of `subject = keccak256(abi.encode(account, salt))`.
    function depositWithAuthorization(address account, address from, bytes32 salt, Payment calldata payment) external;

    /// @notice Pays out of the caller's balance.
    /// @param to Who is paid.
    /// @param amount OPG, base units.
    function withdraw(address to, uint256 amount) external;

    /// @notice The token of all balances.
    function TOKEN() external view returns (IOPGToken);
}
