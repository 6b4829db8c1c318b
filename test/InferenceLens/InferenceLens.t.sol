// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {OrderLib} from "../../contracts/libraries/OrderLib.sol";
import {TermsLib} from "../../contracts/libraries/TermsLib.sol";
import {ReplicatedTerms} from "../../contracts/types/ConsumerTypes.sol";
import {Job, JobRules} from "../../contracts/types/JobTypes.sol";
import {InferenceQuote} from "../../contracts/types/LensTypes.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {Offering} from "../support/Offering.sol";
import {VM} from "../support/Vm.sol";

/// @title What an order of several nodes means before it is placed is what it means when it is
contract InferenceLensTest is Offering {
    using TermsLib for ReplicatedTerms;

    VersionId private _plain;

    function setUp() external {
        _setUp();
        VM.prank(PUBLISHER);
        _plain = REGISTRY.release(_model, _identity("plain"), _details(3, 0));
        _endow(REQUESTER);
        VM.prank(REQUESTER);
        MARKET.deposit(REQUESTER, FORTUNE);
    }

    /// @dev The worst price is what the market then takes, with and without referee.
    function testFuzz_quote_isWhatTheMarketTakes(bool refereed, uint8 quorum, uint96 price, uint16 audit) external {
        ReplicatedTerms memory terms = _terms(refereed);
        terms.quorum = uint8(bound(quorum, 2, 15));
        terms.seatPrice = uint96(bound(price, 1e18, 1_000e18));
        if (!refereed) terms.auditBps = uint16(bound(audit, 0, 10_000));
        Job memory order = terms.packed("input", REQUESTER, REQUESTER, 1);
        InferenceQuote memory quoted = INFERENCE_LENS.quote(order);
        (uint256 before, ) = MARKET.accountOf(REQUESTER);
        VM.prank(REQUESTER);
        MARKET.request(order, "ipfs://input");
        (uint256 balance, ) = MARKET.accountOf(REQUESTER);
        require(quoted.escrow == before - balance, "escrow");
        require(quoted.royalty == ROYALTY && quoted.royaltyPayee == PUBLISHER, "royalty");
        require(quoted.refereed == refereed, "refereed");
        require(quoted.seatCollateral == uint256(terms.seatPrice) * terms.collateralFactor, "collateral");
        require(quoted.mostInputBytes == 8_192 && quoted.mostOutputBytes == 2_048, "bytes");
        (JobRules rules, ) = MARKET.governed();
        require(JobRules.unwrap(quoted.rules) == JobRules.unwrap(rules), "rules");
    }

    /// @dev What the market would refuse has no quote, and is refused for the same reason.
    function testFuzz_quote_isForWhatCanBeOrdered(uint8 which) external {
        uint256 fault = bound(which, 0, 4);
        ReplicatedTerms memory terms = _terms(fault == 3);
        bytes32 field;
        uint256[3] memory values;
        if (fault == 0) (terms.quorum, field, values) = (1, "quorum", [uint256(1), 2, 15]);
        if (fault == 1) (terms.sealPeriod, field, values) = (1, "sealPeriod", [uint256(1), 2, 10]);
        if (fault == 2) (terms.windowPeriod, field, values) = (40, "windowPeriod", [uint256(40), 0, 0]);
        if (fault == 3) (terms.windowPeriod, field, values) = (29, "windowPeriod", [uint256(29), 30, 100]);
        if (fault == 4) {
            terms.seatPrice = 200_000e18;
            (field, values) = ("escrow", [uint256(9 * 200_000e18 + 45_000e18 + ROYALTY), 0, 1_000_000e18]);
        }
        Job memory order = terms.packed("input", REQUESTER, REQUESTER, 1);
        bytes memory reason = abi.encodeWithSelector(
            OrderLib.MarketTermOutOfBounds.selector,
            field,
            values[0],
            values[1],
            values[2]
        );
        VM.expectRevert(reason);
        INFERENCE_LENS.quote(order);
        VM.prank(REQUESTER);
        VM.expectRevert(reason);
        MARKET.request(order, "ipfs://input");
    }

    function test_MARKET_isWhoseOrdersTheseAre() external view {
        require(address(INFERENCE_LENS.MARKET()) == address(MARKET), "market");
    }

    function _terms(bool refereed) private view returns (ReplicatedTerms memory terms) {
        terms.versionId = refereed ? _version : _plain;
        (terms.seatPrice, terms.maxRoyalty, terms.quorum, terms.sealPeriod) = (1e18, 1e18, 2, 5);
        (terms.collateralFactor, terms.windowPeriod) = refereed ? (200, uint24(60)) : (8, uint24(0));
        terms.callbackGas = 100_000;
    }
}
