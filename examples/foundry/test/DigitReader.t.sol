// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {IInferenceMarketplace} from "@opg-protocol/contracts/interfaces/IInferenceMarketplace.sol";
import {TensorLib} from "@opg-protocol/contracts/libraries/TensorLib.sol";
import {MockSuite} from "@opg-protocol/contracts/mock/MockSuite.sol";
import {ResultStatus} from "@opg-protocol/contracts/types/ConsumerTypes.sol";
import {JobId} from "@opg-protocol/contracts/types/JobTypes.sol";
import {VersionId} from "@opg-protocol/contracts/types/ModelTypes.sol";
import {Tensor} from "@opg-protocol/contracts/types/PayloadTypes.sol";

import {DigitReader} from "../src/DigitReader.sol";

/// @dev Wants what is not its own, and says why it did not get it.
contract Stranger {
    function withdrawFrom(DigitReader reader) external returns (bytes memory) {
        try reader.withdraw() {
            revert("paid");
        } catch (bytes memory reason) {
            return reason;
        }
    }
}

/// @title The reader against mocked markets: order and result in one test
contract DigitReaderTest {
    MockSuite private immutable MOCKS = new MockSuite();
    DigitReader private immutable READER = new DigitReader(
        IInferenceMarketplace(address(MOCKS.MARKET())),
        VersionId.wrap("digits")
    );

    constructor() {
        MOCKS.fund(address(READER), 100e18);
    }

    function testFuzz_read_keepsTheLikeliestDigit(uint8 digit) external {
        digit %= 10;
        JobId job = READER.read(_picture());
        require(READER.statusOf(job) == ResultStatus.Waiting, "waiting");

        int256[] memory logits = new int256[](10);
        logits[digit] = 7.5e18;
        MOCKS.MARKET().fulfil(job, _output(logits));
        require(READER.statusOf(job) == ResultStatus.Final, "final");
        require(READER.digitOf(job) == digit, "digit");
    }

    function test_read_isVoidIfNobodyAnswers() external {
        JobId job = READER.read(_picture());
        MOCKS.MARKET().abandon(job);
        require(READER.statusOf(job) == ResultStatus.Void, "void");
    }

    function test_withdraw_givesTheOwnerWhatNoOrderHasUsed() external {
        MOCKS.MARKET().abandon(READER.read(_picture()));
        READER.withdraw();
        require(MOCKS.TOKEN().balanceOf(address(this)) == 100e18, "paid");
    }

    function test_withdraw_isForTheOwner() external {
        Stranger stranger = new Stranger();
        bytes memory expected = abi.encodeWithSelector(
            DigitReader.ReaderNotOwner.selector,
            address(stranger),
            address(this)
        );
        require(keccak256(stranger.withdrawFrom(READER)) == keccak256(expected), "reason");
    }

    function _picture() private pure returns (Tensor[] memory picture) {
        uint32[] memory shape = new uint32[](4);
        (shape[0], shape[1], shape[2], shape[3]) = (1, 1, 8, 8);
        picture = new Tensor[](1);
        picture[0] = TensorLib.raw(TensorLib.UINT8, shape, new bytes(64));
    }

    function _output(int256[] memory logits) private pure returns (Tensor[] memory outputs) {
        outputs = new Tensor[](1);
        outputs[0] = TensorLib.ofWads(logits, TensorLib.vector(logits.length));
    }
}
