// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IERC3009, IERC3009Cancel} from "@openzeppelin/contracts/interfaces/draft-IERC3009.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";

/// @title OPG, the token in which work is paid and stake is held
/// @notice ERC-20 with 18 decimals and a fixed supply of 1,000,000,000, minted once. It has no owner, no mint and no
/// pause. Beside the standards that this interface names it votes by ERC-5805 on a timestamp clock (ERC-6372).
/// @dev The three functions below take `bytes` signatures, so that contract wallets (ERC-1271) can authorise, too. The
/// `(v, r, s)` forms of ERC-3009 remain. Where `validAfter` and `validBefore` both carry bit 47, OpenZeppelin reads the
/// rest of them as block numbers.
/// @custom:source https://eips.ethereum.org/EIPS/eip-3009
interface IOPGToken is IERC20, IERC20Permit, IERC3009, IERC3009Cancel {
    /// @notice Destroys tokens of the caller for good; the total supply falls with them.
    /// @param value OPG, base units.
    function burn(uint256 value) external;

    /// @notice Moves `value` from `from` to `to` on the strength of a signature of `from`; anyone may send it.
    /// @dev A contract that credits somebody for a payment must not build on this function, because the transfer can be
    /// submitted outside that contract; `receiveWithAuthorization` is for that.
    /// @param from Who pays and signs; an account, or a contract with ERC-1271.
    /// @param to Who is paid.
    /// @param value OPG, base units.
    /// @param validAfter Unix seconds, exclusive.
    /// @param validBefore Unix seconds, exclusive.
    /// @param nonce Any 32 bytes that `from` has not used before.
    /// @param signature Over the EIP-712 message `TransferWithAuthorization`.
    function transferWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Like `transferWithAuthorization`, but only the payee may send it.
    /// @param from Who pays and signs; an account, or a contract with ERC-1271.
    /// @param to Who is paid; must be the caller.
    /// @param value OPG, base units.
    /// @param validAfter Unix seconds, exclusive.
    /// @param validBefore Unix seconds, exclusive.
    /// @param nonce Any 32 bytes that `from` has not used before.
    /// @param signature Over the EIP-712 message `ReceiveWithAuthorization`.
    /// @custom:caller `to`
    function receiveWithAuthorization(
        address from,
        address to,
        uint256 value,
        uint256 validAfter,
        uint256 validBefore,
        bytes32 nonce,
        bytes calldata signature
    ) external;

    /// @notice Makes a nonce useless before it is used.
    /// @param authorizer Whose nonce it is, and who signs.
    /// @param nonce The nonce that is to be spent without a transfer.
    /// @param signature Over the EIP-712 message `CancelAuthorization`.
    function cancelAuthorization(address authorizer, bytes32 nonce, bytes calldata signature) external;
}
