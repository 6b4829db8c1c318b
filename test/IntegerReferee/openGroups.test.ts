import { INTEGER_PROFILE } from "../../packages/sdk/src/onnx/index.ts";
import { opensGroups } from "../support/behaviours/groups.ts";
import { integerRefereed } from "../support/referee.ts";

describe("IntegerReferee.openGroups", () => {
  opensGroups(INTEGER_PROFILE, integerRefereed);
});
