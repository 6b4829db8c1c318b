// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {Answer, DisputeRecord, DisputeState} from "../types/DisputeTypes.sol";

/// @title The slot of a game or demand
library DisputeRecordLib {
    uint256 private constant DEADLINE_SHIFT = 8;
    uint256 private constant CHUNK_SHIFT = 48;
    uint256 private constant ANSWER_SHIFT = 56;
    uint256 private constant ACCOUNT_SHIFT = 8;

    /// @dev A game or demand in which nothing was answered yet.
    function begun(DisputeState state_, uint256 deadline_) internal pure returns (DisputeRecord) {
        return DisputeRecord.wrap(uint256(state_) | (deadline_ << DEADLINE_SHIFT));
    }

    /// @dev A game with the node's answer.
    /// @param last Number of the last part of its tensor.
    function answered(
        DisputeState state_,
        uint256 deadline_,
        uint256 last,
        uint256 answer_
    ) internal pure returns (DisputeRecord) {
        uint256 clock = uint256(state_) | (deadline_ << DEADLINE_SHIFT) | (last << CHUNK_SHIFT);
        return DisputeRecord.wrap(clock | (answer_ << ANSWER_SHIFT));
    }

    /// @dev The same game one move further.
    function moved(
        DisputeRecord self,
        DisputeState state_,
        uint256 deadline_,
        uint256 chunk_
    ) internal pure returns (DisputeRecord) {
        uint256 clock = uint256(state_) | (deadline_ << DEADLINE_SHIFT) | (chunk_ << CHUNK_SHIFT);
        return DisputeRecord.wrap(clock | (answer(self) << ANSWER_SHIFT));
    }

    /// @dev What is over. Of what decided a statement, the account shares in the reward.
    function ended(DisputeState state_, address account_) internal pure returns (DisputeRecord) {
        return DisputeRecord.wrap(uint256(state_) | (uint256(uint160(account_)) << ACCOUNT_SHIFT));
    }

    function state(DisputeRecord self) internal pure returns (DisputeState) {
        return DisputeState(uint8(DisputeRecord.unwrap(self)));
    }

    function isUnknown(DisputeRecord self) internal pure returns (bool) {
        return DisputeRecord.unwrap(self) == 0;
    }

    function isOver(DisputeRecord self) internal pure returns (bool) {
        return state(self) > DisputeState.Demanded;
    }

    /// @dev Whether the node is to move, in a game that is under way.
    function isNodesTurn(DisputeRecord self) internal pure returns (bool) {
        DisputeState turn = state(self);
        bool namesStep = turn == DisputeState.Asked || turn == DisputeState.Laid;
        return namesStep || turn == DisputeState.Grouped || turn == DisputeState.Picked;
    }

    /// @dev The last second in which the side whose turn it is can move; unix.
    function deadline(DisputeRecord self) internal pure returns (uint256) {
        return uint40(DisputeRecord.unwrap(self) >> DEADLINE_SHIFT);
    }

    function chunk(DisputeRecord self) internal pure returns (uint256) {
        return uint8(DisputeRecord.unwrap(self) >> CHUNK_SHIFT);
    }

    function answer(DisputeRecord self) internal pure returns (uint256) {
        return DisputeRecord.unwrap(self) >> ANSWER_SHIFT;
    }

    /// @dev Who got what was laid down for something that is over.
    function account(DisputeRecord self) internal pure returns (address) {
        return address(uint160(DisputeRecord.unwrap(self) >> ACCOUNT_SHIFT));
    }

    /// @dev 200 bits of an answer's hash: two answers with the same are out of anybody's reach.
    function answerOf(Answer memory given) internal pure returns (uint256) {
        return uint256(keccak256(abi.encode(given))) >> ANSWER_SHIFT;
    }
}
