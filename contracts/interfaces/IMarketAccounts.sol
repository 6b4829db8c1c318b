// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Payment} from "../types/MarketTypes.sol";

/// @title The balances that a market keeps for those who pay and earn there
/// @notice *Balances* are OPG that the contract owes: prepaid, refunded or earned; one ledger for all three. The treasury's
/// part of a requester's jobs waits beside its balance.
///
/// *Payments* by ERC-3009 carry a nonce that says what they pay for, so that nobody can use them for anything else:
/// `keccak256(abi.encode(keccak256("OPG/payment"), chainid, market, subject))`.
interface IMarketAccounts {
    /// @notice `amount` (OPG, base units) was added to a balance; the token's event says who paid.
    event Deposited(address indexed account, uint256 amount);

    /// @notice `amount` (OPG, base units) left a balance and the contract.
    event Withdrawn(address indexed account, address indexed to, uint256 amount);

    /// @notice The treasury's part of an account's jobs was paid out (OPG, base units).
    event FeesCollected(address indexed account, address indexed treasury, uint256 amount);

    /// @notice Later fees go to another account.
    event TreasurySet(address indexed treasury);

    /// @notice A balance is too small.
    /// @custom:fix Deposit at least `needed - available` more (OPG, base units).
    error MarketInsufficientBalance(address account, uint256 available, uint256 needed);

    /// @notice Nothing can be credited or paid to the zero address.
    /// @custom:fix Name an account.
    error MarketZeroAccount();

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
}
