// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IInferenceSessions} from "../interfaces/IInferenceSessions.sol";
import {INodeStaking} from "../interfaces/INodeStaking.sol";
import {IPriceBook} from "../interfaces/IPriceBook.sol";
import {ISessionLens} from "../interfaces/ISessionLens.sol";
import {HashLib} from "../libraries/HashLib.sol";
import {JobLib} from "../libraries/JobLib.sol";
import {SessionLib} from "../libraries/SessionLib.sol";
import {SessionRecordLib} from "../libraries/SessionRecordLib.sol";
import {SessionRulesLib} from "../libraries/SessionRulesLib.sol";
import {AccountAmount} from "../types/JobTypes.sol";
import {NodeOffer, SessionStatus} from "../types/LensTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {Session, SessionRecord, SessionRules} from "../types/SessionTypes.sol";

/// @title What nodes offer for calls, and where sessions stand, in one read
contract SessionLens is ISessionLens {
    using JobLib for AccountAmount;
    using SessionLib for Session;
    using SessionLib for SessionRules;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionRules;

    /// @inheritdoc ISessionLens
    IInferenceSessions public immutable SESSIONS;
    /// @inheritdoc ISessionLens
    IPriceBook public immutable PRICES;
    INodeStaking private immutable STAKING;

    /// @param sessions Where sessions are kept.
    /// @param prices Where nodes say their prices; knows the same stake.
    constructor(IInferenceSessions sessions, IPriceBook prices) {
        SESSIONS = sessions;
        PRICES = prices;
        STAKING = prices.STAKING();
    }

    /// @inheritdoc ISessionLens
    function offersOf(VersionId versionId, address[] calldata nodes) external view returns (NodeOffer[] memory offers) {
        (SessionRules rules, ) = SESSIONS.governed();
        offers = new NodeOffer[](nodes.length);
        for (uint256 i; i < nodes.length; ++i) offers[i] = _offerOf(versionId, nodes[i], rules);
    }

    /// @inheritdoc ISessionLens
    function statusOf(Session calldata session) external view returns (SessionStatus memory status) {
        status.sessionId = HashLib.sessionIdAt(address(SESSIONS), session);
        SessionRecord record = SESSIONS.sessionOf(status.sessionId);
        status.state = record.state();
        status.funded = record.funded();
        status.redeemed = record.redeemed();
        status.paid = record.paid();
        status.mostRedeemable = session.mostRedeemable(record);
        status.endsAt = session.endOf(record);
        status.releasableAt = session.releasableAt(record);
        (, , status.covered) = STAKING.standingOf(session.node.account(), block.timestamp);
    }

    function _offerOf(
        VersionId versionId,
        address node,
        SessionRules rules
    ) private view returns (NodeOffer memory offered) {
        offered.node = node;
        offered.price = PRICES.offerOf(node, versionId);
        offered.leastCollateral = rules.leastCollateral(offered.price.callPrice);
        uint256 used;
        uint256 lockEndsAt;
        (, offered.free, used, , lockEndsAt) = SESSIONS.servingOf(node, versionId);
        offered.free -= used;
        uint256 horizon = rules.horizonPeriod();
        offered.latestEnd = lockEndsAt > horizon ? lockEndsAt - horizon : 0;
        (offered.signer, , offered.covered) = STAKING.standingOf(node, block.timestamp);
    }
}
