// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {HashLib} from "../../contracts/libraries/HashLib.sol";
import {JobLib} from "../../contracts/libraries/JobLib.sol";
import {Link, LinkId} from "../../contracts/types/ChainTypes.sol";
import {AccountAmount} from "../../contracts/types/JobTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @dev Stands where a case has its chain of jobs: an id depends on the contract that makes it.
contract Chain {
    function linkIdOf(Link calldata link) external view returns (LinkId) {
        return HashLib.linkId(link);
    }
}

/// @title What links are made of, against vectors/link.json
contract LinkVectorsTest {
    using JobLib for AccountAmount;

    struct Fields {
        address owner;
        uint256 reward;
        address market;
        uint256 mostCost;
    }

    struct Case {
        string name;
        uint256 chainId;
        address jobChain;
        Link link;
        Fields fields;
        bytes32 linkId;
        uint256 nonce;
        bytes order;
    }

    string private constant CASE =
        "Case(string name,uint256 chainId,address jobChain,Link link,Fields fields,bytes32 linkId,uint256 nonce,"
        "bytes order)"
        "Link(bytes32 owner,bytes32 source,bytes32 first,bytes32 orderHash,uint256 expiresAt)"
        "Fields(address owner,uint256 reward,address market,uint256 mostCost)";

    /// @dev [T147]
    function test_links() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("link.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        bytes memory code = address(new Chain()).code;
        for (uint256 i; i < cases.length; ++i) {
            Case memory c = cases[i];
            VM.chainId(c.chainId);
            VM.etch(c.jobChain, code);
            require(LinkId.unwrap(Chain(c.jobChain).linkIdOf(c.link)) == c.linkId, c.name);
            require(uint40(uint256(c.linkId)) == c.nonce, c.name);
            require(c.link.owner.account() == c.fields.owner && c.link.owner.amount() == c.fields.reward, c.name);
            require(c.link.source.account() == c.fields.market && c.link.source.amount() == c.fields.mostCost, c.name);
            if (c.order.length > 0) require(keccak256(c.order) == c.link.orderHash, c.name);
        }
    }
}
