// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {Mandates} from "../../contracts/Mandates.sol";
import {SignedOrder} from "../../contracts/types/MandateTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @title Mandates against vectors/mandate.json
contract MandateVectorsTest {
    struct Case {
        string name;
        uint256 chainId;
        address mandates;
        address ledger;
        bytes32 order;
        uint256 mostCost;
        uint256 mostRepay;
        uint256 nonce;
        uint256 expiresAt;
        bytes32 digest;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address mandates,address ledger,bytes32 order,uint256 mostCost,"
        "uint256 mostRepay,uint256 nonce,uint256 expiresAt,bytes32 digest)";

    /// @dev [T147]
    function test_mandates() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("mandate.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new Mandates()).code;
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            VM.chainId(c.chainId);
            VM.etch(c.mandates, code);
            SignedOrder memory signed = SignedOrder(c.mostCost, c.mostRepay, c.nonce, c.expiresAt, "");
            require(Mandates(c.mandates).digestOf(c.ledger, c.order, signed) == c.digest, c.name);
        }
    }
}
