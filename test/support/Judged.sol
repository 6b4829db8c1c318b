// SPDX-License-Identifier: MIT
pragma solidity 0.8.37;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {TestReferee} from "../../contracts/test/TestReferee.sol";
import {Demand, Statement} from "../../contracts/types/DisputeTypes.sol";
import {ModelId, VersionId, VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {Demanding} from "./Demanding.sol";
import {VM} from "./Vm.sol";

/// @title A version that a referee judges, and a watcher who asks for what nodes state of it
abstract contract Judged is Demanding {
    address internal constant PUBLISHER = address(0x9b11);
    address internal constant WATCHER = address(0x3a7c4);
    bytes32 internal constant PROFILE = "toy/1";

    ModelId internal _model;
    VersionId internal _version;

    function _publishJudged(uint256 royalty) internal {
        (_model, ) = _publish(PUBLISHER, royalty);
        VM.prank(PUBLISHER);
        _version = REGISTRY.release(_model, _judgedIdentity(), _details(2, 0));
        DISPUTES.addReferee(IReferee(address(new TestReferee(PROFILE, TestReferee.Behaviour.Honest))));
        DISPUTES.admit(_model, _judgedIdentity(), _header(), new bytes32[](1));
        TOKEN.approve(address(DISPUTES), FORTUNE);
        DISPUTES.deposit(WATCHER, FORTUNE);
    }

    function _judgedIdentity() internal pure returns (VersionIdentity memory identity) {
        identity = _identity("judged");
        (identity.profile, identity.graphRoot) = (PROFILE, keccak256(_header()));
    }

    /// @dev Of a graph of one step that makes one word.
    function _header() internal pure returns (bytes memory) {
        return abi.encode(uint256(1), uint256(1), bytes32("steps"));
    }

    /// @dev The watcher asks for the first word of an output.
    function _demand(Statement memory statement) internal returns (Demand memory demand) {
        demand = _demandOf(WATCHER, statement, 0, 1);
        _accept(WATCHER, address(DISPUTES), _demandCall(statement, 0, 1));
    }

    /// @dev The watcher asks, and the node stays silent, which makes its statement false.
    function _convict(Statement memory statement) internal {
        Demand memory demand = _demand(statement);
        VM.warp(demand.deadline + 1);
        DISPUTES.reclaim(demand);
    }
}
