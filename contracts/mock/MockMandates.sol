// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IMandates} from "../interfaces/IMandates.sol";

/// @title The caps of the mocks: an account lets spenders use its balance
/// @notice Events and errors are those of `Mandates`. Nobody brings signed orders.
contract MockMandates {
    /// @notice As `IMandates.capOf`.
    mapping(address ledger => mapping(address account => mapping(address spender => uint256))) public capOf;

    /// @notice As `IMandates.allow`.
    function allow(address ledger, address spender, uint256 cap) external {
        _setCap(ledger, msg.sender, spender, cap);
    }

    /// @notice As `IMandates.spend`.
    function spend(address account, address spender, uint256 amount) external {
        uint256 cap = capOf[msg.sender][account][spender];
        if (amount > cap) revert IMandates.MandateCapTooLow(msg.sender, account, spender, cap, amount);
        if (cap < type(uint256).max) _setCap(msg.sender, account, spender, cap - amount);
    }

    function _setCap(address ledger, address account, address spender, uint256 cap) private {
        capOf[ledger][account][spender] = cap;
        emit IMandates.SpenderAllowed(ledger, account, spender, cap);
    }
}
