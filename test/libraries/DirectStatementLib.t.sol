// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {DirectStatementLib} from "../../contracts/libraries/DirectStatementLib.sol";
import {DirectStatement, StatementId} from "../../contracts/types/CommitmentTypes.sol";

contract DirectStatementLibTest {
    using DirectStatementLib for DirectStatement;

    function testFuzz_direct_keepsTimeAndStatementApart(bytes32 id, uint48 time) external pure {
        DirectStatement direct = DirectStatementLib.direct(StatementId.wrap(id), time);
        require(direct.disputableUntil() == time, "time");
        require(direct.isOf(StatementId.wrap(id)), "statement");
    }

    /// @dev No bit above the time may differ unnoticed.
    function testFuzz_isOf_tellsStatementsApart(bytes32 id, uint48 time, uint8 bit) external pure {
        uint256 place = 48 + (uint256(bit) % 208);
        DirectStatement direct = DirectStatementLib.direct(StatementId.wrap(id), time);
        require(!direct.isOf(StatementId.wrap(id ^ bytes32(1 << place))), "other");
    }

    function testFuzz_isNone_isTheEmptySlotAlone(bytes32 id, uint48 time) external pure {
        require(DirectStatement.wrap(0).isNone(), "empty");
        bool empty = time == 0 && uint256(id) >> 48 == 0;
        require(DirectStatementLib.direct(StatementId.wrap(id), time).isNone() == empty, "none");
    }
}
