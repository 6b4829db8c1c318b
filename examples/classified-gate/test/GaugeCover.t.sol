// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IOptimisticMarketplace} from "@opg-protocol/contracts/interfaces/IOptimisticMarketplace.sol";
import {IOptimisticPolicy} from "@opg-protocol/contracts/interfaces/IOptimisticPolicy.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {TermsLib} from "@opg-protocol/contracts/libraries/TermsLib.sol";
import {MockOptimisticMarketplace} from "@opg-protocol/contracts/mock/MockOptimisticMarketplace.sol";
import {MockSuite} from "@opg-protocol/contracts/mock/MockSuite.sol";
import {OptimisticTerms, ResultStatus} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {OptimisticState} from "@opg-protocol/contracts/types/OptimisticTypes.sol";
import {PayloadError, Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

import {GaugeCover} from "../contracts/GaugeCover.sol";

/// @dev What the runner of Solidity tests can do beyond the EVM.
interface Vm {
    function expectRevert(bytes calldata revertData) external;
    function prank(address sender) external;
    function warp(uint256 newTimestamp) external;
}

/// @title The cover against a mocked market; this contract is its insurer
contract GaugeCoverTest {
    Vm private constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
    address private constant HOLDER = address(0x401de4);
    address private constant KEEPER = address(0xcee9e4);
    address payable private constant TO = payable(address(0x7042));
    uint256 private constant AMOUNT = 5 ether;
    uint256 private constant FUNDS = 100e18;
    uint256 private constant LEVEL = 7;
    int256 private constant SURE = 5e18;
    /// @dev More than a float32 of seven digits can be off.
    int256 private constant HAIR = 0.000001e18;

    MockOptimisticMarketplace private immutable MARKET;
    GaugeCover private immutable COVER;
    uint48 private immutable ENDS_AT = uint48(block.timestamp + 90 days);

    constructor() payable {
        MockSuite mocks = new MockSuite();
        MARKET = mocks.OPTIMISTIC();
        OptimisticTerms memory terms;
        (terms.versionId, terms.price, terms.lowestPrice) = (VersionId.wrap("digits"), 1e18, 0.2e18);
        (terms.auctionDelay, terms.auctionRamp, terms.answerPeriod) = (60, 600, 1_800);
        (terms.windowPeriod, terms.provisional) = (36 hours, true);
        (terms.callbackGas, terms.deliveryTip) = (150_000, 0.05e18);
        IOptimisticMarketplace market = IOptimisticMarketplace(address(MARKET));
        COVER = new GaugeCover{value: AMOUNT}(market, HOLDER, KEEPER, LEVEL, ENDS_AT, terms);
        mocks.fund(address(COVER), FUNDS);
    }

    function testFuzz_claim_isDueOnlyForASureAndHighReading(uint8 digit, uint56 lead) external {
        (uint256 level, int256 margin) = (digit % 10, int256(uint256(lead)) * 50);
        // A float32 can fall on either side of the bound.
        if (margin > COVER.LEAST_MARGIN() - HAIR && margin < COVER.LEAST_MARGIN() + HAIR) return;
        _read(level, margin);
        require(COVER.isDue() == (level >= LEVEL && margin >= COVER.LEAST_MARGIN()), "due");
    }

    function test_collect_paysTheHolderOnce() external {
        _read(LEVEL, SURE);
        VM.prank(HOLDER);
        COVER.collect(TO);
        require(TO.balance == AMOUNT && address(COVER).balance == 0, "paid");
        VM.prank(HOLDER);
        COVER.collect(TO);
        require(TO.balance == AMOUNT, "paid twice");
    }

    function test_collect_waitsForAReading() external {
        _read(LEVEL - 1, SURE);
        _read(LEVEL, COVER.LEAST_MARGIN() - HAIR);
        VM.prank(HOLDER);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotDue.selector));
        COVER.collect(TO);
    }

    /// @dev Later readings, and the end, take nothing away.
    function test_collect_staysPossible() external {
        _read(LEVEL + 1, SURE);
        _read(0, SURE);
        VM.warp(ENDS_AT + 1_000 days);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverDue.selector));
        COVER.reclaim(TO);
        VM.prank(HOLDER);
        COVER.collect(TO);
        require(TO.balance == AMOUNT, "paid");
    }

    /// @dev Nothing is paid out on an answer that can still be found false, even if the terms had said so.
    function test_claim_takesFinalAnswersAlone() external {
        JobId job = _claim();
        VM.expectRevert(abi.encodeWithSelector(IOptimisticPolicy.MarketWrongPhase.selector, job, OptimisticState.Open));
        MARKET.answer(job, _logits(LEVEL, SURE));
        require(COVER.statusOf(job) == ResultStatus.Waiting && !COVER.isDue(), "taken");
    }

    function test_claim_canBeAnsweredInItsOwnTransaction() external {
        MARKET.answerAtOnce(_logits(LEVEL, SURE));
        JobId job = _claim();
        require(COVER.isDue() && COVER.statusOf(job) == ResultStatus.Final, "due");
    }

    function test_claim_isOneAtATime() external {
        JobId job = _claim();
        Tensor[] memory picture = _picture();
        VM.prank(HOLDER);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverStillClaimed.selector, job));
        COVER.claim(picture);
        MARKET.fail(job, PayloadError.InputMalformed);
        require(!COVER.isDue(), "due");
        _claim();
    }

    function test_claim_refusesAPictureThatTheKeeperHasNotPublished() external {
        Tensor[] memory picture = _picture();
        picture[0].data[0] = 0x01;
        VM.prank(HOLDER);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotAttested.selector, TermsLib.inPlace(picture).root));
        COVER.claim(picture);
    }

    function test_everybodyHasTheirOwnPart() external {
        Tensor[] memory picture = _picture();
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotFor.selector, address(this), HOLDER));
        COVER.claim(picture);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotFor.selector, address(this), HOLDER));
        COVER.collect(TO);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotFor.selector, address(this), HOLDER));
        COVER.withdrawOpg(TO);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotFor.selector, address(this), KEEPER));
        COVER.attest("root");
        VM.prank(HOLDER);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotFor.selector, HOLDER, address(this)));
        COVER.reclaim(TO);
    }

    function test_end_closesClaims() external {
        Tensor[] memory picture = _picture();
        VM.warp(ENDS_AT);
        _claim();
        VM.warp(ENDS_AT + 1);
        bytes memory ended = abi.encodeWithSelector(GaugeCover.CoverEnded.selector, ENDS_AT + 1, ENDS_AT);
        VM.prank(HOLDER);
        VM.expectRevert(ended);
        COVER.claim(picture);
        VM.prank(KEEPER);
        VM.expectRevert(ended);
        COVER.attest("root");
    }

    function test_reclaim_waitsForTheEnd() external {
        VM.warp(ENDS_AT);
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverNotEnded.selector, ENDS_AT, ENDS_AT));
        COVER.reclaim(TO);
        VM.warp(ENDS_AT + 1);
        COVER.reclaim(TO);
        require(TO.balance == AMOUNT, "paid");
    }

    /// @dev A claim of the last second is heard; if no answer ever comes, the money is free when none would be taken any more.
    function test_reclaim_waitsForARunningClaimAndNotForEver() external {
        VM.warp(ENDS_AT);
        JobId job = _claim();
        VM.warp(ENDS_AT + COVER.ACCEPT_PERIOD());
        VM.expectRevert(abi.encodeWithSelector(GaugeCover.CoverStillClaimed.selector, job));
        COVER.reclaim(TO);
        VM.warp(ENDS_AT + COVER.ACCEPT_PERIOD() + 1);
        require(COVER.statusOf(job) == ResultStatus.Void, "status");
        COVER.reclaim(TO);
        require(TO.balance == AMOUNT, "paid");
    }

    function test_reclaim_isPossibleAtOnceWhereNobodyAnswers() external {
        VM.warp(ENDS_AT);
        JobId job = _claim();
        MARKET.abandon(job);
        VM.warp(ENDS_AT + 1);
        COVER.reclaim(TO);
        require(TO.balance == AMOUNT, "paid");
    }

    function test_withdrawOpg_givesTheHolderWhatNoClaimHasUsed() external {
        JobId job = _claim();
        (uint256 balance, ) = MARKET.accountOf(address(COVER));
        require(balance < FUNDS, "escrow");
        MARKET.abandon(job);
        VM.prank(HOLDER);
        COVER.withdrawOpg(TO);
        require(MARKET.TOKEN().balanceOf(TO) == FUNDS, "paid");
    }

    function _read(uint256 level, int256 margin) private {
        MARKET.fulfil(_claim(), _logits(level, margin));
    }

    function _claim() private returns (JobId) {
        Tensor[] memory picture = _picture();
        VM.prank(KEEPER);
        COVER.attest(TermsLib.inPlace(picture).root);
        VM.prank(HOLDER);
        return COVER.claim(picture);
    }

    function _picture() private pure returns (Tensor[] memory picture) {
        uint32[] memory shape = new uint32[](4);
        (shape[0], shape[1], shape[2], shape[3]) = (1, 1, 8, 8);
        picture = new Tensor[](1);
        picture[0] = TensorLib.raw(TensorLib.UINT8, shape, new bytes(64));
    }

    /// @dev By so much a digit leads its one rival, and all others are far behind.
    function _logits(uint256 level, int256 margin) private pure returns (Tensor[] memory outputs) {
        int256[] memory wads = new int256[](10);
        for (uint256 digit; digit < 10; ++digit) wads[digit] = -SURE;
        (wads[(level + 3) % 10], wads[level]) = (0, margin);
        uint32[] memory shape = new uint32[](2);
        (shape[0], shape[1]) = (1, 10);
        outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofWads(wads, shape);
    }
}
