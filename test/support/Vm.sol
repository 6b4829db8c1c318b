// SPDX-License-Identifier: MIT
pragma solidity ^0.8.30;

/// @dev What the runner of Solidity tests can do beyond the EVM, as far as these tests use it.
interface Vm {
    function addr(uint256 privateKey) external pure returns (address keyAddr);
    function assume(bool condition) external pure;
    function chainId(uint256 newChainId) external;
    function envOr(string calldata name, string calldata otherwise) external view returns (string memory);
    function etch(address target, bytes calldata newRuntimeBytecode) external;
    function expectEmit(address emitter) external;
    function expectRevert(bytes calldata revertData) external;
    function fee(uint256 newBasefee) external;
    function parseJsonTypeArray(
        string calldata json,
        string calldata key,
        string calldata typeDescription
    ) external pure returns (bytes memory);
    function prank(address sender) external;
    function readFile(string calldata path) external view returns (string memory);
    function revertToState(uint256 snapshotId) external returns (bool success);
    function roll(uint256 newHeight) external;
    function setBlockhash(uint256 blockNumber, bytes32 blockHash) external;
    function sign(uint256 privateKey, bytes32 digest) external pure returns (uint8 v, bytes32 r, bytes32 s);
    function snapshotState() external returns (uint256 snapshotId);
    function toString(uint256 value) external pure returns (string memory);
    function toString(bytes calldata value) external pure returns (string memory);
    function warp(uint256 newTimestamp) external;
    function writeLine(string calldata path, string calldata line) external;
}

Vm constant VM = Vm(address(uint160(uint256(keccak256("hevm cheat code")))));
