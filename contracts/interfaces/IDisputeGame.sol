// SPDX-License-Identifier: MIT
pragma solidity ^0.8.24;

import {StatementId} from "../types/CommitmentTypes.sol";
import {
    Answer,
    Demand,
    DisputeId,
    DisputeRecord,
    DisputeState,
    Game,
    GameRules,
    PayloadSide,
    Statement,
    StatementRecord,
    StepProof,
    Supply,
    Verdict
} from "../types/DisputeTypes.sol";
import {ModelId, VersionId, VersionIdentity} from "../types/ModelTypes.sol";
import {TensorPreimage} from "../types/PayloadTypes.sol";
import {Case, Opening} from "../types/RefereeTypes.sol";
import {ILedger} from "./ILedger.sol";
import {INodeStaking} from "./INodeStaking.sol";
import {IReferee} from "./IReferee.sol";
import {IResultCommitments} from "./IResultCommitments.sol";

/// @title Whether a statement is false
/// @notice One game is one challenger against the node that made a statement. The challenger lays down the data roots of all
/// its tensors; the node names the first one with which it disagrees and lays down its own; the challenger picks the part
/// where that is wrong, the node shows it, and a referee recomputes one element. Of a long trace the challenger lays down the
/// roots of groups at first, and those of one group when the node has entered it. Who misses a clock loses. A statement has
/// any number of games, and none changes another one's clocks.
/// @dev A move counts while `block.timestamp <= deadline`. A game travels in calldata, storage keeps one slot under its id.
/// Who pays a reward out of what, consumers decide, who pull the verdict; nothing here calls them.
interface IDisputeGame is ILedger {
    /// @notice What losers of bonds had to leave was destroyed.
    event ForfeitedBurned(uint256 amount);

    /// @notice Versions of this profile are judged by this contract from now on, and by no other ever.
    event RefereeAdded(bytes32 indexed profile, IReferee referee);

    /// @notice Whatever a node states of this version, a game about it can be opened.
    event VersionAdmitted(VersionId indexed versionId, IReferee referee);

    /// @notice The numbers under which games that are opened from now on live.
    event RulesSet(GameRules rules);

    /// @notice Somebody holds a trace that it may open as a challenge later, or can refute a statement; the seal's block ranks
    /// it.
    event ChallengeSealed(bytes32 indexed commitment);

    /// @notice A challenger opened a game with the data roots `r` or, if `Grouped` follows, with the roots of its groups. The node
    /// has until `deadline` (unix seconds) to answer, or to enter a group.
    event Challenged(
        StatementId indexed statementId,
        DisputeId indexed gameId,
        address indexed node,
        Game game,
        bytes32[] r,
        uint256 deadline
    );

    /// @notice What the challenger has laid down are the roots of the groups of its trace, 64 steps each.
    event Grouped(DisputeId indexed gameId);

    /// @notice The node entered the first group that it makes differently. The challenger has until `deadline` (unix seconds).
    event Entered(DisputeId indexed gameId, uint256 group, uint256 deadline);

    /// @notice The challenger laid down the data roots of that group, with zero words behind the last step.
    event Laid(DisputeId indexed gameId, bytes32[] r, uint256 deadline);

    /// @notice The node named a step and laid down its own tensor of it: its words, or the roots of its parts.
    event Answered(
        DisputeId indexed gameId,
        uint256 index,
        Answer answer,
        bytes32[] nodes,
        DisputeState state,
        uint256 deadline
    );

    /// @notice The challenger asks for the words below one of those nodes.
    event Picked(DisputeId indexed gameId, uint256 chunk, uint256 deadline);

    /// @notice The node showed them.
    event Shown(DisputeId indexed gameId, bytes32[] words, uint256 deadline);

    /// @notice Somebody paid for words of a statement's input or output. The node has until the demand's deadline.
    event WordsDemanded(
        StatementId indexed statementId,
        DisputeId indexed demandId,
        address indexed node,
        Demand demand
    );

    /// @notice The node published what was demanded.
    event WordsSupplied(DisputeId indexed demandId, Supply supply);

    /// @notice A game or demand is over. `paid` of its bond or price is in the balance of `payee` now; what remains of a bond
    /// is burned. With `NodeLost`, `Withheld` and `Refuted` the statement is false; a refutation is over as soon as it is there.
    event DisputeEnded(
        StatementId indexed statementId,
        DisputeId indexed disputeId,
        DisputeState state,
        address payee,
        uint256 paid
    );

    /// @notice A challenger who was right, too, has a place among those who share the reward unless one with an earlier rank
    /// takes it.
    event SharerEntered(StatementId indexed statementId, address indexed challenger, uint256 rank);

    /// @notice A game could outlast, or a demand not fit into, the time that consumers keep stake locked for it.
    /// @custom:fix Shorten periods until `given` is at most `most` (seconds).
    error DisputeDeadlinesDoNotNest(uint256 given, uint256 most);

    /// @notice What gas is worth in OPG was changed less than seven days ago.
    /// @custom:fix Keep `opgPerEth`, or try again at `changeableAt` (unix seconds).
    error DisputeRateTooSoon(uint256 changeableAt);

    /// @notice The profile is zero, or has its referee, which is never replaced.
    /// @custom:fix Give a changed referee a profile of its own.
    error DisputeRefereeTaken(bytes32 profile, IReferee referee);

    /// @notice Versions of this profile cannot be judged here.
    /// @custom:fix Nothing, unless a referee is added; audits and appeals are what checks such versions.
    error DisputeNoReferee(bytes32 profile);

    /// @notice A seal of zero means "none", and a seal cannot be made twice.
    /// @custom:fix Seal the hash that `challengeSealOf` gives, with another salt.
    error DisputeSealTaken(bytes32 commitment);

    /// @notice This challenge or refutation was not sealed, or in this very block.
    /// @custom:fix Seal it and open it in a later block; a challenge can be opened with a salt of zero, and ranks by the opening.
    error DisputeNotSealed(bytes32 commitment);

    /// @notice The output is a canonical error, of which there is no trace.
    /// @custom:fix `refute` a false `InputMalformed`. Otherwise nothing: an error that one node states alone earns nothing.
    error DisputeErrorOutput(bytes32 outputRoot);

    /// @notice Nobody made this statement, or its consumer gave no time to dispute it.
    /// @custom:fix Take consumer, job, version, input, node and output from the events of the round.
    error DisputeNotDisputable(StatementId statementId);

    /// @notice The time to dispute the statement is over, or too short for a demand.
    /// @custom:fix Nothing: it ended at `endedAt` (unix seconds).
    error DisputeWindowOver(StatementId statementId, uint256 endedAt);

    /// @notice The statement was found false already.
    /// @custom:fix End a game that is left with `close`, and a demand with `reclaim`.
    error DisputeDecided(StatementId statementId);

    /// @notice The header is that of another graph than the version's.
    /// @custom:fix Compile the version's artifact again, and send its header; `expected` is the version's graph root.
    error DisputeWrongGraph(bytes32 given, bytes32 expected);

    /// @notice The tensors are not those of the statement's input.
    /// @custom:fix Send type, shape and data root of each tensor; `expected` is the root of the input.
    error DisputeWrongInput(bytes32 given, bytes32 expected);

    /// @notice The input's shapes do not show that the statement is false.
    /// @custom:fix Challenge the output that is stated; an `InputMalformed` is true.
    error DisputeNotRefuted(StatementId statementId);

    /// @notice The trace leads to the very output that was stated.
    /// @custom:fix Nothing: the statement and the trace agree.
    error DisputeSameOutput(bytes32 outputRoot);

    /// @notice The very same game or demand was begun in this very second.
    /// @custom:fix Nothing: it is there.
    error DisputeExists(DisputeId disputeId);

    /// @notice No game or demand has this hash.
    /// @custom:fix Send it exactly as its event carries it.
    error DisputeUnknown(DisputeId disputeId);

    /// @notice It is another move's turn, or the game or demand is over.
    /// @custom:fix Look at `state`.
    error DisputeWrongState(DisputeId disputeId, DisputeState state);

    /// @notice The clock of this move has run out.
    /// @custom:fix Nothing: whoever was to move has lost, as soon as somebody says so.
    error DisputeTooLate(DisputeId disputeId, uint256 deadline);

    /// @notice The side whose turn it is still has time.
    /// @custom:fix Try again after `deadline` (unix seconds).
    error DisputeClockRunning(DisputeId disputeId, uint256 deadline);

    /// @notice The caller neither owns the node nor acts for it.
    /// @custom:fix Call from the node's owner or signer.
    error DisputeNotOperator(address node, address caller);

    /// @notice The caller did not open this game.
    /// @custom:fix Call from `challenger`.
    error DisputeNotChallenger(DisputeId gameId, address caller, address challenger);

    /// @notice The challenger has laid down fewer groups.
    /// @custom:fix Enter one below `count`.
    error DisputeNoSuchGroup(DisputeId gameId, uint256 group, uint256 count);

    /// @notice The step is none of the group that the node has entered.
    /// @custom:fix Name one of the 64 steps from `64 · group` on. If none of them differs, the wrong group was entered.
    error DisputeOutsideGroup(DisputeId gameId, uint256 index, uint256 group);

    /// @notice The step, the words of the picked part or the data roots of the entered group are not where their path says.
    /// @custom:fix Send what hashes with its path to `expected`.
    error DisputeWrongRoot(DisputeId gameId, bytes32 given, bytes32 expected);

    /// @notice What the node lays down is what the challenger laid down.
    /// @custom:fix Name the first step where the data roots differ; without one the statement is false.
    error DisputeSameTensor(DisputeId gameId, uint256 index);

    /// @notice The node has laid its tensor down in fewer parts.
    /// @custom:fix Pick one below `count`.
    error DisputeNoSuchPart(DisputeId gameId, uint256 chunk, uint256 count);

    /// @notice This is not what the node answered.
    /// @custom:fix Send the answer exactly as the event `Answered` carries it; a case, its step and its tensor.
    error DisputeWrongAnswer(DisputeId gameId);

    /// @notice The words are not as many as are below a node of the tree, or in a group.
    /// @custom:fix Send `expected` words.
    error DisputeWrongCount(DisputeId gameId, uint256 given, uint256 expected);

    /// @notice The case is about another trace, input or output than the game.
    /// @custom:fix Take all three from the game.
    error DisputeWrongCase(DisputeId gameId);

    /// @notice The referee finds the element right.
    /// @custom:fix Accuse another element.
    error DisputeNoFault(DisputeId gameId);

    /// @notice No dispute has found the statement false, so nothing is moot.
    /// @custom:fix Play the game; after a missed clock `timeout` ends it.
    error DisputeNotDecided(StatementId statementId);

    /// @notice Another game than this decided the statement.
    /// @custom:fix Send the game of the id `expected`.
    error DisputeNotDeciding(DisputeId given, DisputeId expected);

    /// @notice Others who were right can still enter among those who share the reward for a false statement.
    /// @custom:fix Settle at `finalAt` (unix seconds) or later.
    error DisputeSharersNotFinal(StatementId statementId, uint256 finalAt);

    /// @notice Destroys what losers of bonds had to leave.
    /// @return amount OPG, base units.
    /// @custom:caller Anyone.
    function burnForfeited() external returns (uint256 amount);

    /// @notice Shows, once for each version, that a game about it can be opened: a referee judges its profile, the graph behind
    /// its root is known, and a transaction holds its steps. What consumers let nodes state without it could be false and
    /// never be proven so.
    /// @param modelId The version's model.
    /// @param identity What the version is, as in `VersionReleased`.
    /// @param header Of the version's graph, as `IReferee.open` takes it.
    /// @param r As many words as the graph has steps, at most 4,096; they may all be zero.
    /// @custom:caller Anyone.
    function admit(
        ModelId modelId,
        VersionIdentity calldata identity,
        bytes calldata header,
        bytes32[] calldata r
    ) external;

    /// @notice Puts down a block before it is opened that the caller holds a trace, or can refute a statement, so that who
    /// copies it ranks behind.
    /// @param commitment What `challengeSealOf` gives.
    /// @custom:caller Anyone; the challenger is inside the hash.
    function seal(bytes32 commitment) external;

    /// @notice Opens a game: lays down the data roots of all tensors that a statement's model makes of its input. The bond
    /// comes out of the caller's balance.
    /// @param statement What is disputed.
    /// @param header Of the version's graph, as `IReferee.open` takes it.
    /// @param r Data root of the tensor that each step makes.
    /// @param salt Of the seal; zero if there was none.
    /// @return gameId Names the game.
    /// @custom:caller Anyone.
    function challenge(
        Statement calldata statement,
        bytes calldata header,
        bytes32[] calldata r,
        bytes32 salt
    ) external returns (DisputeId gameId);

    /// @notice Opens a game about a trace of more than 64 steps: lays down the roots of its groups, of the subtrees over 64 steps
    /// each, so that the cost does not grow with the steps. The bond comes out of the caller's balance. It ranks and shares as
    /// any game with this trace.
    /// @param statement What is disputed.
    /// @param header Of the version's graph, as `IReferee.open` takes it.
    /// @param groups Root of each group, 2 to 64. In the last one zero words stand behind the steps.
    /// @param outputs Opens of each output of the model the data root that the trace has for it.
    /// @param salt Of the seal; zero if there was none.
    /// @return gameId Names the game.
    /// @custom:caller Anyone.
    function challengeInGroups(
        Statement calldata statement,
        bytes calldata header,
        bytes32[] calldata groups,
        Opening[] calldata outputs,
        bytes32 salt
    ) external returns (DisputeId gameId);

    /// @notice The node enters the first group whose root is another one than that of its own trace. So it accepts all steps
    /// before that.
    /// @param game As in `Challenged`.
    /// @param group Its number.
    /// @custom:caller The node's signer or owner.
    function enter(Game calldata game, uint8 group) external;

    /// @notice The challenger lays down the data roots of that group.
    /// @param game As in `Challenged`.
    /// @param r All 64, with zero words behind the last step.
    /// @param path From the root of the group up to that of the trace.
    /// @custom:caller The challenger.
    function lay(Game calldata game, bytes32[] calldata r, bytes32[] calldata path) external;

    /// @notice The node names the first step where its tensor is another one, and lays its own down.
    /// @dev Where a group is laid down, a step of that group.
    /// @param game As in `Challenged`.
    /// @param proof The step, and what the challenger's trace says of it.
    /// @param nodes The words of the node's tensor if they are at most 256, else the roots of its parts: the nodes of its tree,
    /// which has d levels, at depth `min(8, ceil(d / 2))`.
    /// @custom:caller The node's signer or owner.
    function respond(Game calldata game, StepProof calldata proof, bytes32[] calldata nodes) external;

    /// @notice The challenger asks for the words of one part.
    /// @param game As in `Challenged`.
    /// @param chunk Which of those that the node has laid down.
    /// @custom:caller The challenger.
    function pick(Game calldata game, uint8 chunk) external;

    /// @notice The node shows those words.
    /// @param game As in `Challenged`.
    /// @param answer As in `Answered`.
    /// @param words All words below the picked node, padding included.
    /// @param path From there up to the root: 8 hashes.
    /// @custom:caller The node's signer or owner.
    function reveal(
        Game calldata game,
        Answer calldata answer,
        bytes32[] calldata words,
        bytes32[] calldata path
    ) external;

    /// @notice Proves one element of the node's tensor wrong, which makes the statement false.
    /// @dev Allowed from the node's answer on, to who knows the words already. Reverts if the element is right, if the case is
    /// not proven, and if the gas does not reach: nothing of that is a verdict, and another try is free until the deadline.
    /// @param game As in `Challenged`.
    /// @param depth Of the tree of the node's tensor, as in `Answered`. What else the node has answered is in the case.
    /// @param c The element with all that it is computed from.
    /// @custom:caller Anyone.
    function judge(Game calldata game, uint256 depth, Case calldata c) external;

    /// @notice Ends a game in which a clock was missed, against who missed it.
    /// @param game As in `Challenged`.
    /// @custom:caller Anyone.
    function timeout(Game calldata game) external;

    /// @notice Ends a game that was under way when its statement was found false: the bond goes back. For `MONEY_CLOCK_FLOOR`
    /// seconds after that, one with the same trace as the deciding game enters those who share the reward.
    /// @param game As in `Challenged`.
    /// @param deciding The game that decided; any if none did.
    /// @custom:caller Anyone.
    function close(Game calldata game, Game calldata deciding) external;

    /// @notice Shows by the shapes of its input alone that a statement is false: it gives an output of an input that the model
    /// does not take, or says `InputMalformed` of one that it takes. That is decided at once, without a game and a bond.
    /// @dev Of such an input there is no trace, so no game could decide. The caller has sealed before what it shows, so that
    /// nobody takes the reward by copying.
    /// @param statement What is disputed.
    /// @param header Of the version's graph, as `IReferee.fits` takes it.
    /// @param inputs What the roots of the input's tensors are the hashes of.
    /// @param salt Of the seal, whose `shown` is the input's root.
    /// @return refutationId Names the refutation.
    /// @custom:caller Anyone.
    function refute(
        Statement calldata statement,
        bytes calldata header,
        TensorPreimage[] calldata inputs,
        bytes32 salt
    ) external returns (DisputeId refutationId);

    /// @notice Pays for words of a statement's input or output, which the node must publish or lose. The price comes out of
    /// the caller's balance and is what `supplyPriceOf` says.
    /// @dev Refused in the last `demandPeriod` and `MONEY_CLOCK_FLOOR` of the window, so that a challenge can follow.
    /// @param statement Who states a thing vouches for holding it.
    /// @param side Input or output.
    /// @param tensor Place in the payload.
    /// @param firstWord The first word of 32 bytes.
    /// @param count How many words, 1 to 1,024. What lies beyond the tensor need not be supplied.
    /// @return demandId Names the demand.
    /// @custom:caller Anyone.
    function demand(
        Statement calldata statement,
        PayloadSide side,
        uint256 tensor,
        uint256 firstWord,
        uint256 count
    ) external returns (DisputeId demandId);

    /// @notice Publishes demanded words; the price is the node's.
    /// @param demand_ As in `WordsDemanded`.
    /// @param supply_ The words and what proves them.
    /// @custom:caller Anyone who has them.
    function supply(Demand calldata demand_, Supply calldata supply_) external;

    /// @notice Gives the price of a demand back: after its deadline, which makes the statement false, or when something else
    /// made it false before.
    /// @param demand_ As in `WordsDemanded`.
    /// @custom:caller Anyone.
    function reclaim(Demand calldata demand_) external;

    /// @notice Lets a referee judge all versions of its profile, for good.
    /// @param referee The referee.
    /// @custom:caller Whom the access manager allows.
    function addReferee(IReferee referee) external;

    /// @notice Sets the numbers under which games that are opened from now on live.
    /// @dev Bounds: bondFactor 2 to 50; bondFloor 1 to 100,000 OPG; each period `MONEY_CLOCK_FLOOR` to 72 hours;
    /// demandMarkupBps 12,500 to 50,000; bondToNodeBps 5,000 to 8,000; referenceGasPrice 0.001 to 500 gwei; opgPerEth 100 to
    /// 10^9, and half to twice of what it was, once in seven days. A game lasts at most `MOST_GAME_PERIOD`; two demands and a
    /// floor fit into `LEAST_WINDOW_PERIOD`.
    /// @param rules The SDK's `packGameRules` makes it.
    /// @custom:caller Whom the access manager allows.
    function setRules(GameRules rules) external;

    /// @notice What is known of a statement. `Upheld` and `False` are final.
    /// @dev The caller vouches for `endsAt`, and so for the statement: this knows disputes alone.
    /// @param statementId The statement.
    /// @param endsAt When it can be disputed no more, unix seconds, exclusive: `disputableUntil` of who keeps it.
    function verdictOf(StatementId statementId, uint256 endsAt) external view returns (Verdict);

    /// @notice Who shares the reward for a statement that was found false, in equal parts.
    /// @param statementId The statement.
    /// @return challengers Who decided, then up to three others who were right, by rank; nobody if it is not false.
    /// @return finalAt From when on they cannot change any more, unix seconds.
    function sharersOf(StatementId statementId) external view returns (address[] memory challengers, uint256 finalAt);

    /// @notice The same for a consumer that pays them: reverts while they can still change.
    /// @param statementId The statement.
    /// @return challengers As in `sharersOf`.
    function finalSharersOf(StatementId statementId) external view returns (address[] memory challengers);

    /// @notice What storage keeps of a disputed statement; zero where it was never disputed.
    /// @param statementId The statement.
    function statementRecordOf(StatementId statementId) external view returns (StatementRecord);

    /// @notice What storage keeps of a game, demand or refutation; zero where there is none.
    /// @param disputeId Names it.
    function recordOf(DisputeId disputeId) external view returns (DisputeRecord);

    /// @notice OPG that an account can withdraw or challenge with, base units.
    /// @param account Whose.
    function balanceOf(address account) external view returns (uint256);

    /// @notice OPG that waits to be burned, base units.
    function forfeited() external view returns (uint256);

    /// @notice What a challenge costs in this block if it is lost, OPG, base units.
    function bond() external view returns (uint256);

    /// @notice What so many words cost in this block, OPG, base units.
    /// @param count Of words.
    function supplyPriceOf(uint256 count) external view returns (uint256);

    /// @notice Who judges versions of a profile; zero where nobody does.
    /// @param profile The verification profile.
    function refereeOf(bytes32 profile) external view returns (IReferee);

    /// @notice Whether it was shown that games about a version can be opened.
    /// @param versionId The version.
    function isAdmitted(VersionId versionId) external view returns (bool);

    /// @notice The governed numbers.
    function governed() external view returns (GameRules);

    /// @notice The block in which a challenge was sealed; zero if it was not.
    /// @param commitment The seal.
    function sealedInBlock(bytes32 commitment) external view returns (uint256);

    /// @notice The seal of a challenge or refutation.
    /// @param challenger Who will open it.
    /// @param statementId What is disputed.
    /// @param shown The root of the tree over the data roots of all steps; to refute, the root of the input.
    /// @param salt 32 bytes that nobody can guess, not zero.
    /// @custom:shape `keccak256(abi.encode(keccak256("OPG/challenge"), chainid, this, challenger, statementId, shown, salt))`
    function challengeSealOf(
        address challenger,
        StatementId statementId,
        bytes32 shown,
        bytes32 salt
    ) external view returns (bytes32);

    /// @notice Who may act for a node.
    function STAKING() external view returns (INodeStaking);

    /// @notice Where statements are kept.
    function COMMITMENTS() external view returns (IResultCommitments);

    /// @notice Shortest clock whose end costs money, seconds. On a roll-up above its forced-inclusion period.
    function MONEY_CLOCK_FLOOR() external view returns (uint256);

    /// @notice Longest time from the opening of a game to its last deadline, seconds, whatever governance sets. Consumers keep
    /// stake locked so long after a window.
    function MOST_GAME_PERIOD() external view returns (uint256);

    /// @notice Shortest window in which both sides of a statement can be demanded before it is challenged, seconds, whatever
    /// governance sets. Consumers give no shorter one.
    function LEAST_WINDOW_PERIOD() external view returns (uint256);
}
