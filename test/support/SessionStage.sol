// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {
    Receipt,
    Session,
    SessionId,
    SessionRecord,
    SessionRules,
    SessionShape
} from "../../contracts/types/SessionTypes.sol";
import {Offering} from "./Offering.sol";
import {SessionSigning} from "./SessionSigning.sol";
import {VM} from "./Vm.sol";

/// @title Two nodes that serve a version in sessions, and a payer with a key
abstract contract SessionStage is Offering, SessionSigning {
    using JobLib for AccountAmount;
    using SessionRulesLib for SessionRules;

    uint256 internal constant NODE_KEY = 1;
    uint256 internal constant PAYER_KEY = 77;
    uint256 internal constant CALL_PRICE = 1e16;
    uint256 internal constant DEPOSIT = 2e18;
    uint256 internal constant COLLATERAL = 20e18;
    uint256 internal constant LENGTH = 600;

    function _stage() internal {
        _setUp();
        for (uint256 i; i < _nodes.length; ++i) {
            VM.prank(_nodes[i]);
            STAKING.authorise(_nodes[i], address(SESSIONS), OWN_STAKE);
            VM.prank(_nodes[i]);
            SESSIONS.serve(_nodes[i], _version, MAX_LOCK, NOW + 80 days);
        }
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        SESSIONS.deposit(REQUESTER, FORTUNE / 2);
    }

    /// @dev A session of the first node as both sides would agree on it now.
    function _session(uint256 nonce) internal view returns (Session memory session) {
        (session.rules, ) = SESSIONS.governed();
        session.versionId = _version;
        session.payer = JobLib.pair(REQUESTER, CALL_PRICE);
        session.node = JobLib.pair(_nodes[0], COLLATERAL);
        session.key = VM.addr(PAYER_KEY);
        (address payee, uint256 royalty) = SESSIONS.royaltyOf(_version, REQUESTER, CALL_PRICE);
        session.royalty = JobLib.pair(payee, royalty);
        session.shape = SessionShape.wrap(bytes32((block.timestamp + LENGTH) | (nonce << 40)));
    }

    /// @dev The call that opens a session to which its node agrees.
    function _open(Session memory session) internal view returns (bytes memory) {
        return _openBy(session, NODE_KEY, uint48(block.timestamp), new bytes32[](0));
    }

    function _openBy(
        Session memory session,
        uint256 key,
        uint48 validUntil,
        bytes32[] memory proof
    ) internal view returns (bytes memory) {
        return abi.encodeCall(SESSIONS.open, (session, DEPOSIT, _agree(session, validUntil, key), proof));
    }

    function _opened(uint256 nonce) internal returns (Session memory session, SessionId id) {
        session = _session(nonce);
        id = _sessionIdOf(session);
        _accept(REQUESTER, address(SESSIONS), _open(session));
    }

    function _sessionOf(Session memory session) internal view returns (SessionRecord) {
        return SESSIONS.sessionOf(_sessionIdOf(session));
    }

    /// @dev Of the first node, made now.
    function _receipt(Session memory session, uint64 sequence, bytes32 root) internal view returns (Receipt memory) {
        uint96 price = uint96(CALL_PRICE);
        return Receipt(_sessionIdOf(session), sequence, _version, "input", root, price, uint48(block.timestamp));
    }

    function _endOf(Session memory session) internal pure returns (uint256) {
        return uint40(uint256(SessionShape.unwrap(session.shape)));
    }
}
