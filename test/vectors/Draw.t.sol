// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DrawLib} from "../../contracts/libraries/DrawLib.sol";
import {Vectors} from "../support/Vectors.sol";

/// @title DrawLib against vectors/draw.json
contract DrawVectorsTest {
    struct Case {
        string name;
        bytes32 blockHash;
        bytes32 jobId;
        uint256 purpose;
        uint128 seed;
        address node;
        uint256 weight;
        uint256 totalWeight;
        uint256 quorum;
        uint256 seatFactorBps;
        uint256 step;
        bool drawn;
        uint256 auditBps;
        bool audited;
    }

    string private constant CASE =
        "Case(string name,bytes32 blockHash,bytes32 jobId,uint256 purpose,uint128 seed,address node,uint256 weight,"
        "uint256 totalWeight,uint256 quorum,uint256 seatFactorBps,uint256 step,bool drawn,uint256 auditBps,bool audited)";

    /// @dev [T147]
    function test_draws() external view {
        Case[] memory cases = abi.decode(Vectors.casesOf("draw.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            require(DrawLib.seed(c.blockHash, c.jobId, c.purpose) == c.seed, c.name);
            uint256 seatsBps = (c.quorum * c.seatFactorBps) << c.step;
            require(DrawLib.isDrawn(c.seed, c.node, c.weight, c.totalWeight, seatsBps) == c.drawn, c.name);
            require(DrawLib.coin(c.seed, c.auditBps) == c.audited, c.name);
        }
    }
}
