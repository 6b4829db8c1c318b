// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

import {NumberLib} from "../../contracts/libraries/NumberLib.sol";
import {PayloadLib} from "../../contracts/libraries/PayloadLib.sol";
import {TensorLib} from "../../contracts/libraries/TensorLib.sol";
import {Tensor} from "../../contracts/types/PayloadTypes.sol";
import {Vectors} from "../support/Vectors.sol";
import {VM} from "../support/Vm.sol";

/// @title NumberLib and TensorLib against vectors/number.json
contract NumberVectorsTest {
    struct Case {
        string name;
        uint8 dtype;
        uint256 bits;
        bool readable;
        int256 wad;
        uint256 float32;
    }

    string private constant CASE =
        "Case(string name,uint8 dtype,uint256 bits,bool readable,int256 wad,uint256 float32)";
    uint256 private constant NONE = 0x7f800000;

    /// @dev [T147]
    function test_numbers() external {
        Case[] memory cases = abi.decode(Vectors.casesOf("number.json", CASE), (Case[]));
        require(cases.length > 0, "no cases");
        for (uint256 i; i < cases.length; ++i) _check(cases[i]);
    }

    function wadAt(Tensor memory tensor, uint256 index) external pure returns (int256) {
        return TensorLib.wadAt(tensor, index);
    }

    function float32Of(int256 wad) external pure returns (uint256) {
        return NumberLib.float32Of(wad);
    }

    function _check(Case memory c) private {
        // One element before and one behind, whose bits must not get mixed up with it.
        uint256 size = PayloadLib.elementSize(c.dtype);
        bytes memory data = new bytes(3 * size);
        for (uint256 i; i < data.length; ++i) data[i] = 0xa5;
        NumberLib.store(data, size, size, c.bits);
        Tensor memory tensor = TensorLib.raw(c.dtype, TensorLib.vector(3), data);
        if (!c.readable) {
            VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberNotFinite.selector, c.dtype, c.bits));
            this.wadAt(tensor, 1);
            return;
        }
        require(TensorLib.wadAt(tensor, 1) == c.wad, c.name);
        if (NumberLib.isWhole(c.dtype)) require(TensorLib.intAt(tensor, 1) * 1e18 == c.wad, c.name);
        if (c.float32 == NONE) {
            VM.expectRevert(abi.encodeWithSelector(NumberLib.NumberBeyondFloat32.selector, c.wad));
            this.float32Of(c.wad);
        } else {
            require(NumberLib.float32Of(c.wad) == c.float32, c.name);
        }
    }
}
