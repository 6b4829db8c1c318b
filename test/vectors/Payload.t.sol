// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ResultCommitments} from "../../contracts/ResultCommitments.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {PayloadError} from "../../contracts/types/PayloadTypes.sol";
import {Vectors} from "../support/Vectors.sol";

/// @title ResultCommitments and PayloadLib against vectors/payload.json
contract PayloadVectorsTest {
    struct Case {
        string name;
        uint8 fault;
        bytes encoded;
        bytes32 root;
    }

    ResultCommitments private immutable COMMITMENTS = new ResultCommitments();

    /// @dev [T147]
    function test_payloads() external view {
        string memory caseType = "Case(string name,uint8 fault,bytes encoded,bytes32 root)";
        Case[] memory cases = abi.decode(Vectors.casesOf("payload.json", caseType), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            PayloadError fault = PayloadError(c.fault);
            bool isOutput = fault == PayloadError.None;
            bytes32 root = COMMITMENTS.rootOf(fault, isOutput ? c.encoded : bytes(""));
            require(root == c.root, c.name);
            require(PayloadLib.isError(root) != isOutput, c.name);
        }
    }
}
