// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {NodeOffer, SessionStatus} from "../types/LensTypes.sol";
import {VersionId} from "../types/ModelTypes.sol";
import {Session} from "../types/SessionTypes.sol";
import {IInferenceSessions} from "./IInferenceSessions.sol";
import {IPriceBook} from "./IPriceBook.sol";

/// @title What nodes offer for calls, and where sessions stand, in one read
/// @notice It reads the book of prices, stake and sessions, and holds neither tokens nor state; nothing depends on it.
interface ISessionLens {
    /// @notice What some nodes offer for calls of a version, and whether they can take a session now.
    /// @param versionId The version.
    /// @param nodes As the events of the book of prices name them.
    function offersOf(VersionId versionId, address[] calldata nodes) external view returns (NodeOffer[] memory);

    /// @notice Where a session stands now.
    function statusOf(Session calldata session) external view returns (SessionStatus memory);

    /// @notice Where sessions are kept.
    function SESSIONS() external view returns (IInferenceSessions);

    /// @notice Where nodes say their prices.
    function PRICES() external view returns (IPriceBook);
}
