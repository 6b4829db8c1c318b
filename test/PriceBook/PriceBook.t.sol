// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {PriceBook} from "../../contracts/PriceBook.sol";
import {IPriceBook} from "../../contracts/interfaces/IPriceBook.sol";
import {VersionId} from "../../contracts/types/ModelTypes.sol";
import {PriceOffer} from "../../contracts/types/PriceTypes.sol";
import {bound} from "../support/Fuzz.sol";
import {SuiteAdmin} from "../support/SuiteAdmin.sol";
import {VM} from "../support/Vm.sol";

contract PriceBookTest is SuiteAdmin {
    uint256 private constant KEY = 1;
    address private constant NODE = address(0x0de1);

    PriceBook private immutable PRICES;

    constructor() {
        PRICES = new PriceBook(STAKING);
    }

    function setUp() external {
        _endow(NODE);
        _register(NODE, KEY, 1_000e18);
    }

    /// @dev A node and its signer say what it asks, and nobody else does.
    function testFuzz_offer_isTheOperatorsAlone(address caller, VersionId version, PriceOffer calldata next) external {
        VM.assume(caller != NODE && caller != VM.addr(KEY) && bytes(next.endpoint).length <= 256);
        bytes memory call = abi.encodeCall(PRICES.offer, (NODE, version, next));
        bytes4 selector = IPriceBook.PricesNotOperator.selector;
        _refuse(caller, address(PRICES), call, abi.encodeWithSelector(selector, NODE, caller));
        _requireOffer(version, PriceOffer(0, 0, ""));
        _accept(VM.addr(KEY), address(PRICES), call);
        _requireOffer(version, next);
    }

    /// @dev An offer replaces that for the same version, and no other.
    function testFuzz_offer_isOfOneVersion(
        VersionId version,
        VersionId other,
        PriceOffer memory first,
        PriceOffer memory second
    ) external {
        VM.assume(VersionId.unwrap(version) != VersionId.unwrap(other));
        (first.endpoint, second.endpoint) = ("https://first.example", "https://second.example");
        _accept(NODE, address(PRICES), abi.encodeCall(PRICES.offer, (NODE, version, first)));
        _accept(NODE, address(PRICES), abi.encodeCall(PRICES.offer, (NODE, other, first)));
        _accept(NODE, address(PRICES), abi.encodeCall(PRICES.offer, (NODE, version, second)));
        _requireOffer(version, second);
        _requireOffer(other, first);
    }

    /// @dev What everybody reads has a bound, to the byte.
    function testFuzz_offer_boundsTheEndpoint(VersionId version, uint256 length) external {
        length = length % 3 == 0 ? 256 : bound(length, 0, 1_024);
        PriceOffer memory next = PriceOffer(1, 2, string(new bytes(length)));
        bytes memory call = abi.encodeCall(PRICES.offer, (NODE, version, next));
        if (length <= 256) return _accept(NODE, address(PRICES), call);
        bytes4 selector = IPriceBook.PricesEndpointTooLong.selector;
        _refuse(NODE, address(PRICES), call, abi.encodeWithSelector(selector, length, 256));
    }

    function _requireOffer(VersionId version, PriceOffer memory expected) private view {
        PriceOffer memory given = PRICES.offerOf(NODE, version);
        require(keccak256(abi.encode(given)) == keccak256(abi.encode(expected)), "offer");
    }
}
