import * as ort from "onnxruntime-web/wasm";
import wasmUrl from "onnxruntime-web/ort-wasm-simd-threaded.wasm?url";

import { ortRunner, type RunModel } from "./ortRuntime.ts";

// The page brings the runtime along: without this it would be asked of a network for scripts.
ort.env.wasm.wasmPaths = { wasm: new URL(wasmUrl, import.meta.url).href };
// Threads need headers of the host; and one gives the same bits as many.
ort.env.wasm.numThreads = 1;
ort.env.logLevel = "fatal";

/** ONNX Runtime Web, from the page's own files. */
export const runModel: RunModel = ortRunner(ort);
