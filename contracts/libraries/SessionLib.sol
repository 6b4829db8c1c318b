// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {COLLATERAL_BONDS} from "../types/DisputeTypes.sol";
import {AccountAmount} from "../types/JobTypes.sol";
import {Session, SessionRecord, SessionRules, SessionShape} from "../types/SessionTypes.sol";
import {JobLib} from "./JobLib.sol";
import {SessionRecordLib} from "./SessionRecordLib.sol";
import {SessionRulesLib} from "./SessionRulesLib.sol";
import {UnitLib} from "./UnitLib.sol";

/// @title What follows from a session's own fields
/// @dev Unchecked arithmetic: amounts are OPG below 2^96, times below 2^48, and factors below 2^24.
library SessionLib {
    using JobLib for AccountAmount;
    using SessionLib for SessionShape;
    using SessionRecordLib for SessionRecord;
    using SessionRulesLib for SessionRules;

    /// @dev Unix seconds, exclusive.
    function endsAt(SessionShape self) internal pure returns (uint256) {
        return uint40(uint256(SessionShape.unwrap(self)));
    }

    /// @dev What one call costs.
    function callPrice(Session calldata self) internal pure returns (uint256) {
        return self.payer.amount();
    }

    function collateral(Session calldata self) internal pure returns (uint256) {
        return self.node.amount();
    }

    /// @dev From then on nothing can be redeemed, unix seconds.
    function endOf(Session calldata self, SessionRecord record) internal pure returns (uint256) {
        uint256 closesAt = record.closesAt();
        return closesAt == 0 ? self.shape.endsAt() : closesAt;
    }

    /// @dev From then on no verdict can come in any more, unix seconds.
    function releasableAt(Session calldata self, SessionRecord record) internal pure returns (uint256) {
        unchecked {
            return endOf(self, record) + self.rules.horizonPeriod();
        }
    }

    /// @dev What has to answer for a session, so that a lie does not pay even if few look.
    function leastCollateral(SessionRules rules, uint256 price) internal pure returns (uint256) {
        unchecked {
            return rules.leastLockCalls() * price + COLLATERAL_BONDS * rules.disputeBond();
        }
    }

    /// @dev How much vouchers can claim in all at present: of what is there, so much that what is not final stays within what
    /// answers for it.
    /// @custom:rounds Down to a whole unit.
    function mostRedeemable(Session calldata self, SessionRecord record) internal pure returns (uint256) {
        uint256 funded = record.funded();
        uint256 exposure = JobLib.part(collateral(self), self.rules.exposureBps());
        unchecked {
            uint256 most = record.paid() + UnitLib.inUnits(exposure);
            return funded < most ? funded : most;
        }
    }

    /// @dev Who gets what of money that is final.
    /// @custom:rounds Fee and royalty down, in favour of the node.
    function divide(
        Session calldata self,
        uint256 gained
    ) internal pure returns (uint256 pay, uint256 fee, uint256 royalty) {
        fee = JobLib.part(gained, self.rules.feeBps());
        unchecked {
            royalty = (gained * self.royalty.amount()) / callPrice(self);
            pay = gained - fee - royalty;
        }
    }

    /// @dev Reverts unless the session can be opened now, as far as its own fields tell.
    function check(Session calldata self) internal view {
        SessionRulesLib.within("callPrice", callPrice(self), 1, type(uint96).max);
        uint256 least = leastCollateral(self.rules, callPrice(self));
        SessionRulesLib.within("collateral", collateral(self), least, type(uint96).max);
        SessionRulesLib.within("key", uint160(self.key), 1, type(uint160).max);
        uint256 latest = block.timestamp + self.rules.maxSessionPeriod();
        SessionRulesLib.within("endsAt", self.shape.endsAt(), block.timestamp + 1, latest);
    }

    /// @dev Reverts unless so much can have come in.
    function checkFunded(uint256 sum) internal pure {
        SessionRulesLib.within("funded", sum, UnitLib.UNIT, SessionRecordLib.MOST_FUNDED);
        SessionRulesLib.within("fraction", sum % UnitLib.UNIT, 0, 0);
    }
}
