// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {SignedOrder} from "../types/MandateTypes.sol";

/// @title Who may use the balance of somebody else
/// @notice A *ledger* is a contract that keeps prepaid balances, such as a market. An account lets spenders use its balance
/// there, each up to a cap of its own; or it signs one order, which anybody can bring to the ledger once. A ledger asks here
/// before it lets anybody but the account itself use the balance; nothing here moves tokens.
///
/// A signed order is EIP-712 typed data in the domain of this contract (name `OPG Mandates`, version `1`):
/// `SignedOrder(address ledger,bytes32 order,uint256 mostCost,uint256 mostRepay,uint256 nonce,uint256 expiresAt)`. `order` is
/// what the ledger calls the order's subject; the fields beside it say the most that signing it can cost.
interface IMandates {
    /// @notice A spender may use so much of an account's balance in a ledger from now on (OPG, base units): set by the
    /// account, or what a use has left.
    event SpenderAllowed(address indexed ledger, address indexed account, address indexed spender, uint256 cap);

    /// @notice An order with this nonce can never be brought again: one was brought to `ledger`, or, where that is zero, the
    /// account has cancelled it.
    event NonceUsed(address indexed account, address indexed ledger, uint256 nonce);

    /// @notice The spender would use more of the balance than the account lets it.
    /// @custom:fix Let the account `allow` the spender at least `amount` (OPG, base units) in the ledger, or call from the
    /// account itself.
    error MandateCapTooLow(address ledger, address account, address spender, uint256 cap, uint256 amount);

    /// @notice The signed order has expired.
    /// @custom:fix Let the account sign it again with a later `expiresAt` (unix seconds, exclusive).
    error MandateExpired(address account, uint256 expiresAt);

    /// @notice An order with this nonce was brought before, or cancelled.
    /// @custom:fix Let the account sign the order with another nonce.
    error MandateNonceUsed(address account, uint256 nonce);

    /// @notice The order would take more out of the balance than was signed.
    /// @custom:fix Let the account sign at least `cost` as `mostCost` (OPG, base units).
    error MandateCostTooHigh(address account, uint256 cost, uint256 most);

    /// @notice Whoever brings the order asks for more than was signed.
    /// @custom:fix Ask for at most `most` (OPG, base units).
    error MandateRepayTooHigh(address account, uint256 repay, uint256 most);

    /// @notice The account has not signed this.
    /// @custom:fix Bring order, input and bounds exactly as they were signed, to the ledger for which they were; `digest` is
    /// the hash that the signature must be of.
    error MandateInvalidSignature(address account, bytes32 digest);

    /// @notice Lets a spender use the caller's balance in a ledger up to a cap, which replaces what was allowed before.
    /// @dev A spender that sees a lower cap coming can use what is left of the old one first: set zero, look, set the new one.
    /// Refunds of what it has ordered go to the account's balance and do not raise the cap.
    /// @param ledger Where the balance is.
    /// @param spender Who may use it: order with it, or move a part of it to another balance in the ledger.
    /// @param cap OPG, base units; the largest number there is is never lowered.
    function allow(address ledger, address spender, uint256 cap) external;

    /// @notice Makes signed orders of the caller with this nonce worthless, in all ledgers.
    /// @param nonce What was signed.
    function cancelNonce(uint256 nonce) external;

    /// @notice Takes an amount out of a spender's cap. Reverts if it is larger.
    /// @param account Whose balance.
    /// @param spender Who uses it.
    /// @param amount OPG, base units.
    /// @custom:caller The ledger, about balances of its own.
    function spend(address account, address spender, uint256 amount) external;

    /// @notice Uses a signed order up. Reverts unless the account has signed exactly this for the ledger that calls.
    /// @dev Asks the account if it is a contract, by a static call.
    /// @param account Whose balance pays.
    /// @param order Subject of the order: whatever decides what it does.
    /// @param cost OPG that it takes out of the balance.
    /// @param repay OPG that whoever brings it asks for.
    /// @param signed What the account has signed beside the order.
    /// @custom:caller The ledger, about balances of its own.
    function useOrder(
        address account,
        bytes32 order,
        uint256 cost,
        uint256 repay,
        SignedOrder calldata signed
    ) external;

    /// @notice What a spender may still use of an account's balance in a ledger, OPG, base units.
    /// @param ledger Where the balance is.
    /// @param account Whose it is.
    /// @param spender Who may use it.
    function capOf(address ledger, address account, address spender) external view returns (uint256);

    /// @notice Whether an order with this nonce was brought or cancelled.
    /// @param account Who signs.
    /// @param nonce Its nonce.
    function isNonceUsed(address account, uint256 nonce) external view returns (bool);

    /// @notice The hash that an account signs.
    /// @param ledger Where the order is brought.
    /// @param order Subject of the order.
    /// @param signed The bounds; their signature is not looked at.
    function digestOf(address ledger, bytes32 order, SignedOrder calldata signed) external view returns (bytes32);
}
