// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ILedger} from "./ILedger.sol";
import {IMandates} from "./IMandates.sol";

/// @title The balances that a market keeps for those who pay and earn there
/// @notice The treasury's part of a requester's jobs waits beside its balance.
interface IMarketAccounts is ILedger {
    /// @notice The treasury's part of an account's jobs was paid out (OPG, base units).
    event FeesCollected(address indexed account, address indexed treasury, uint256 amount);

    /// @notice Later fees go to another account.
    event TreasurySet(address indexed treasury);

    /// @notice `amount` (OPG, base units) moved from one balance to another.
    event BalanceMoved(address indexed from, address indexed to, uint256 amount);

    /// @notice Moves a part of a balance to another one, of the caller's or of an account that has allowed it.
    /// @param from Whose balance; another one than the caller's must have allowed it at least `amount` in `MANDATES`.
    /// @param to Whose balance grows.
    /// @param amount OPG, base units.
    function spend(address from, address to, uint256 amount) external;

    /// @notice Pays the treasury's part of accounts' jobs out.
    /// @param accounts Requesters of settled jobs.
    /// @return amount OPG, base units.
    /// @custom:caller Anyone.
    function collectFees(address[] calldata accounts) external returns (uint256 amount);

    /// @notice Sets where fees that are not collected yet, and later ones, go.
    /// @param account The treasury.
    /// @custom:caller Whom the access manager allows.
    function setTreasury(address account) external;

    /// @notice What the contract owes an account, and for it.
    /// @param account Whose.
    /// @return balance OPG that the account can withdraw, base units.
    /// @return fees OPG for the treasury, from this account's jobs, base units.
    function accountOf(address account) external view returns (uint256 balance, uint256 fees);

    /// @notice Who may use the balance of somebody else.
    function MANDATES() external view returns (IMandates);
}
