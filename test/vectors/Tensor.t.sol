// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {MerkleLib} from "../../contracts/libraries/MerkleLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {PAYLOAD_TAG, Tensor} from "../../contracts/types/PayloadTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @title PayloadLib and MerkleLib against vectors/tensor.json
contract TensorVectorsTest {
    struct Case {
        string name;
        uint8 dtype;
        uint32[] shape;
        bytes data;
        uint256 byteLength;
        bytes32 dataRoot;
        bytes32 root;
    }

    string private constant CASE =
        "Case(string name,uint8 dtype,uint32[] shape,bytes data,uint256 byteLength,bytes32 dataRoot,bytes32 root)";

    /// @dev [T147]
    function test_tensors() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("tensor.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) _check(cases[i]);
    }

    function rootOf(Tensor[] memory tensors) external pure returns (bytes32) {
        return PayloadLib.root(tensors);
    }

    function _check(Case memory c) private {
        Tensor[] memory tensors = new Tensor[](1);
        tensors[0] = Tensor(c.dtype, c.shape, c.data);
        require(PayloadLib.byteLength(tensors[0].dtype, tensors[0].shape) == c.byteLength, c.name);
        require(MerkleLib.root(c.data) == c.dataRoot, c.name);
        if (c.root == 0) {
            VM.expectRevert(
                abi.encodeWithSelector(PayloadLib.PayloadWrongLength.selector, 0, c.data.length, c.byteLength)
            );
            this.rootOf(tensors);
        } else {
            bytes32[] memory roots = new bytes32[](1);
            roots[0] = c.root;
            require(this.rootOf(tensors) == keccak256(abi.encode(PAYLOAD_TAG, roots)), c.name);
        }
    }
}
