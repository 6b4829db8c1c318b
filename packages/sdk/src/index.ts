export * from "./codecs/index.ts";
