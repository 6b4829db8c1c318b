// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

/// @dev What a node asks for calls of a version, and where they are taken.
struct PriceOffer {
    uint96 callPrice; // slot 0; OPG for one call; zero if the node takes none
    uint96 collateral; // slot 1; OPG that it lets answer for one session at this price
    string endpoint; // slot 2; base URL of its door
}
