// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {IReferee} from "../../contracts/interfaces/IReferee.sol";
import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {IntegerProfileLib} from "../../contracts/libraries/integer/IntegerProfileLib.sol";
import {StepLib} from "../../contracts/libraries/onnx/StepLib.sol";
import {Header, Step} from "../../contracts/types/RefereeTypes.sol";
import {IntegerReferee} from "../../contracts/verifiers/IntegerReferee.sol";
import {OnnxReferee} from "../../contracts/verifiers/OnnxReferee.sol";
import {Vectors} from "../support/Vectors.sol";

/// @title StepLib and referees against vectors/graph.json
contract GraphVectorsTest {
    struct Case {
        string name;
        string profile;
        Step[] steps;
        bytes[] encodedSteps;
        bytes32[] stepHashes;
        Header header;
        bytes encodedHeader;
        bytes32 graphRoot;
    }

    string private constant CASE =
        "Case(string name,string profile,Step[] steps,bytes[] encodedSteps,bytes32[] stepHashes,Header header,bytes encodedHeader,"
        "bytes32 graphRoot)"
        "Step(uint8 opcode,uint8 order,uint8 dtype,uint32[] shape,Ref[] inputs,int64[] attrs,bytes32 constRoot,"
        "uint8 constDepth)"
        "Ref(uint16 from,uint8 order,uint8 dtype,uint32[] shape)"
        "Header(uint16 n,Spec[] ins,Spec[] outs,bytes32 stepsRoot)"
        "Spec(string name,uint8 dtype,uint32[] shape,uint16 step)";

    IReferee private immutable QUANTISED = new OnnxReferee();
    IReferee private immutable INTEGERS = new IntegerReferee();

    /// @dev [T147]
    function test_graphs() external view {
        Case[] memory cases = abi.decode(Vectors.casesOf("graph.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) _check(cases[i]);
    }

    function decode(
        bytes calldata step,
        bytes32 tag
    ) external pure returns (bool valid, uint256 index, Step memory read) {
        return StepLib.decode(step, tag, IntegerProfileLib.MOST_INPUTS, IntegerProfileLib.MOST_ATTRS);
    }

    function _check(Case memory c) private view {
        bytes32 stepTag = keccak256(abi.encodePacked(c.profile, "/step"));
        bytes32 graphTag = keccak256(abi.encodePacked(c.profile, "/graph"));
        for (uint256 i; i < c.steps.length; ++i) {
            require(keccak256(abi.encode(stepTag, i, c.steps[i])) == c.stepHashes[i], c.name);
            require(keccak256(c.encodedSteps[i]) == c.stepHashes[i], c.name);
            (bool valid, uint256 index, Step memory read) = this.decode(c.encodedSteps[i], stepTag);
            require(valid && index == i, c.name);
            require(keccak256(abi.encode(read)) == keccak256(abi.encode(c.steps[i])), c.name);
        }
        require(MerkleLib.rootOfWords(c.stepHashes) == c.header.stepsRoot, c.name);
        require(keccak256(abi.encode(graphTag, c.header)) == c.graphRoot, c.name);
        require(keccak256(c.encodedHeader) == c.graphRoot, c.name);
        if (c.header.outs.length > 0 && c.header.outs[0].step < c.header.n) _checkOpened(c);
    }

    function _checkOpened(Case memory c) private view {
        IReferee referee = bytes32(bytes(c.profile)) == INTEGERS.profile() ? INTEGERS : QUANTISED;
        (bytes32 graphRoot, bytes32 stepsRoot, , ) = referee.open(c.encodedHeader, new bytes32[](c.header.n));
        require(graphRoot == c.graphRoot && stepsRoot == c.header.stepsRoot, c.name);
    }
}
