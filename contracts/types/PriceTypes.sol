// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev What a node asks for calls of a version, and where they are taken.
struct PriceOffer {
    uint96 callPrice; // slot 0; OPG for one call; zero if the node takes none
    uint96 collateral; // OPG; the most that it lets answer for one session
    string endpoint; // slot 1; base URL of its door
}
