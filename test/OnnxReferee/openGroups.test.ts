import { PROFILE } from "../../packages/sdk/src/onnx/index.ts";
import { opensGroups } from "../support/behaviours/groups.ts";
import { refereed } from "../support/referee.ts";

describe("OnnxReferee.openGroups", () => {
  opensGroups(PROFILE, refereed);
});
