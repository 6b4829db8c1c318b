// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {ModelRegistry} from "../../contracts/ModelRegistry.sol";
import {ModelId, VersionId, VersionIdentity} from "../../contracts/types/ModelTypes.sol";
import {Vectors} from "../support/Vectors.sol";

/// @title ModelRegistry against vectors/model.json
contract ModelVectorsTest {
    struct Case {
        string name;
        address publisher;
        string slug;
        ModelId modelId;
        VersionIdentity identity;
        VersionId versionId;
    }

    string private constant CASE =
        "Case(string name,address publisher,string slug,bytes32 modelId,Identity identity,bytes32 versionId)"
        "Identity(bytes32 artifactDigest,uint64 artifactSize,string format,Spec[] inputs,Spec[] outputs,bytes32 profile,"
        "bytes32 graphRoot)"
        "Spec(string name,uint8 dtype,uint32[] shape)";

    ModelRegistry private immutable REGISTRY = new ModelRegistry(address(this), 0);

    /// @dev [T147]
    function test_models() external view {
        Case[] memory cases = abi.decode(Vectors.casesOf("model.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            ModelId model = REGISTRY.modelIdOf(c.publisher, c.slug);
            require(ModelId.unwrap(model) == ModelId.unwrap(c.modelId), c.name);
            VersionId version = REGISTRY.versionIdOf(model, c.identity);
            require(VersionId.unwrap(version) == VersionId.unwrap(c.versionId), c.name);
        }
    }
}
