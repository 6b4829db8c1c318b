import { QuantisedCompiler } from "./compile/QuantisedCompiler.ts";
import { readModel } from "./model.ts";
import { ModelRefusedError } from "./modelRefused.ts";
import { IntegerCompiler } from "./profile2/compile/IntegerCompiler.ts";
import { INTEGER_PROFILE, PROFILE, type Profile, type Program } from "./program.ts";

/**
 * Compiles an ONNX file to what a referee can judge. Pure: the same bytes give the same program everywhere.
 * @param bytes the file; it may come from anybody, and must not change afterwards.
 * @param profile what it is compiled for.
 * @throws ModelRefusedError if the file is outside of the profile, with every reason that was found.
 */
export function compile(bytes: Uint8Array, profile: Profile = PROFILE): Program {
  const model = readModel(bytes, profile);
  return profile === INTEGER_PROFILE ? new IntegerCompiler(model).program() : new QuantisedCompiler(model).program();
}

/**
 * Compiles an ONNX file for the profile that it lies within.
 * @throws ModelRefusedError if it lies within none, with the reasons of the profile of which fewest were found.
 */
export function compileNearest(bytes: Uint8Array): Program {
  const refused: ModelRefusedError[] = [];
  for (const profile of [PROFILE, INTEGER_PROFILE] as const) {
    try {
      return compile(bytes, profile);
    } catch (error) {
      if (!(error instanceof ModelRefusedError)) throw error;
      refused.push(error);
    }
  }
  throw refused.reduce((nearest, error) => (error.refusals.length < nearest.refusals.length ? error : nearest));
}
