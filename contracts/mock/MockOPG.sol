// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// @title OPG of the mocks: whoever asks for some gets it
contract MockOPG is ERC20, ERC20Permit {
    constructor() ERC20("Mock OPG", "OPG") ERC20Permit("Mock OPG") {}

    /// @param account Who gets it.
    /// @param amount OPG, base units.
    function mint(address account, uint256 amount) external {
        _mint(account, amount);
    }
}
