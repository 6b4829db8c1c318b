// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {SessionLib} from "../../contracts/libraries/SessionLib.sol";
import {SessionRecordLib} from "../../contracts/libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../../contracts/libraries/SessionRulesLib.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {
    Session,
    SessionId,
    SessionNumbers,
    SessionRecord,
    SessionRules,
    SessionShape
} from "../../contracts/types/SessionTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its sessions: an id depends on the contract that makes it.
contract SessionKeeper {
    function idOf(Session calldata session) external view returns (SessionId) {
        return HashLib.sessionId(session);
    }

    function idAt(address sessions, Session calldata session) external view returns (SessionId) {
        return HashLib.sessionIdAt(sessions, session);
    }

    function endOf(Session calldata session, SessionRecord record) external pure returns (uint256) {
        return SessionLib.endOf(session, record);
    }

    function mostRedeemable(Session calldata session, SessionRecord record) external pure returns (uint256) {
        return SessionLib.mostRedeemable(session, record);
    }
}

/// @title What sessions are made of, against vectors/session.json
contract SessionVectorsTest {
    using JobLib for AccountAmount;
    using SessionLib for SessionShape;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionRules;

    struct Numbers {
        uint16 feeBps;
        uint16 royaltyCapBps;
        uint16 challengerShareBps;
        uint16 exposureBps;
        uint24 leastLockCalls;
        uint24 disputeBond;
        uint24 closeNoticePeriod;
        uint24 receiptHorizonPeriod;
        uint24 maxSessionPeriod;
        uint24 horizonPeriod;
    }

    struct Fields {
        address payer;
        uint256 callPrice;
        address node;
        uint256 collateral;
        address royaltyPayee;
        uint256 royalty;
        uint256 endsAt;
        uint256 nonce;
        Numbers rules;
    }

    struct Word {
        SessionRecord word;
        uint256 state;
        uint256 funded;
        uint256 redeemed;
        uint256 paid;
        uint256 marked;
        uint256 closesAt;
    }

    struct Case {
        string name;
        uint256 chainId;
        address sessions;
        Session session;
        Fields fields;
        SessionId sessionId;
        Word record;
        uint256 endsAt;
        uint256 leastCollateral;
        uint256 most;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address sessions,Session session,Fields fields,bytes32 sessionId,Word record,"
        "uint256 endsAt,uint256 leastCollateral,uint256 most)"
        "Session(bytes32 versionId,bytes32 payer,bytes32 node,address key,bytes32 royalty,bytes32 shape,bytes32 rules)"
        "Fields(address payer,uint256 callPrice,address node,uint256 collateral,address royaltyPayee,uint256 royalty,"
        "uint256 endsAt,uint256 nonce,Numbers rules)"
        "Numbers(uint16 feeBps,uint16 royaltyCapBps,uint16 challengerShareBps,uint16 exposureBps,uint24 leastLockCalls,"
        "uint24 disputeBond,uint24 closeNoticePeriod,uint24 receiptHorizonPeriod,uint24 maxSessionPeriod,"
        "uint24 horizonPeriod)"
        "Word(uint256 word,uint256 state,uint256 funded,uint256 redeemed,uint256 paid,uint256 marked,uint256 closesAt)";

    /// @dev [T147]
    function test_sessions() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("session.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new SessionKeeper()).code;
        for (uint256 i; i < cases.length; ++i) {
            VM.chainId(cases[i].chainId);
            VM.etch(cases[i].sessions, code);
            _checkId(cases[i]);
            _checkFields(cases[i]);
            _checkRules(cases[i]);
            _checkRecord(cases[i].record, cases[i].name);
            _checkAmounts(cases[i]);
        }
    }

    function _checkId(Case memory c) private {
        SessionKeeper keeper = SessionKeeper(c.sessions);
        require(SessionId.unwrap(keeper.idOf(c.session)) == SessionId.unwrap(c.sessionId), c.name);
        SessionId elsewhere = new SessionKeeper().idAt(c.sessions, c.session);
        require(SessionId.unwrap(elsewhere) == SessionId.unwrap(c.sessionId), c.name);
    }

    function _checkFields(Case memory c) private pure {
        require(c.session.payer.account() == c.fields.payer, c.name);
        require(c.session.payer.amount() == c.fields.callPrice, c.name);
        require(c.session.node.account() == c.fields.node, c.name);
        require(c.session.node.amount() == c.fields.collateral, c.name);
        require(c.session.royalty.account() == c.fields.royaltyPayee, c.name);
        require(c.session.royalty.amount() == c.fields.royalty, c.name);
        require(c.session.shape.endsAt() == c.fields.endsAt, c.name);
        require(uint256(SessionShape.unwrap(c.session.shape)) >> 40 == c.fields.nonce, c.name);
    }

    function _checkRules(Case memory c) private pure {
        Numbers memory n = c.fields.rules;
        SessionRules packed = SessionRulesLib.pack(
            SessionNumbers({
                feeBps: n.feeBps,
                royaltyCapBps: n.royaltyCapBps,
                challengerShareBps: n.challengerShareBps,
                exposureBps: n.exposureBps,
                leastLockCalls: n.leastLockCalls,
                disputeBond: n.disputeBond,
                closeNoticePeriod: n.closeNoticePeriod,
                receiptHorizonPeriod: n.receiptHorizonPeriod,
                maxSessionPeriod: n.maxSessionPeriod
            })
        );
        uint256 used = (1 << 208) - 1; // a word that nobody packed can have bits above
        uint256 word = uint256(SessionRules.unwrap(packed.withHorizon(n.horizonPeriod)));
        require(word == uint256(SessionRules.unwrap(c.session.rules)) & used, c.name);
        require(c.session.rules.horizonPeriod() == n.horizonPeriod, c.name);
    }

    function _checkRecord(Word memory record, string memory name) private pure {
        require(uint256(record.word.state()) == record.state, name);
        require(record.word.funded() == record.funded, name);
        require(record.word.redeemed() == record.redeemed, name);
        require(record.word.paid() == record.paid, name);
        require(record.word.marked() == record.marked, name);
        require(record.word.closesAt() == record.closesAt, name);
    }

    function _checkAmounts(Case memory c) private pure {
        SessionKeeper keeper = SessionKeeper(c.sessions);
        require(keeper.endOf(c.session, c.record.word) == c.endsAt, c.name);
        require(keeper.mostRedeemable(c.session, c.record.word) == c.most, c.name);
        uint256 least = SessionLib.leastCollateral(c.session.rules, c.fields.callPrice);
        require(least == c.leastCollateral, c.name);
    }
}
