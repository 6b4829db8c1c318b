export type { Config } from "./config/Config.ts";
export { CONFIG_FILE, ConfigError, loadConfig, parseConfig } from "./config/Config.ts";
export { Daemon, type Replacements } from "./Daemon.ts";
export { ExecutionError, RefusedByModelError, RunDeclinedError } from "./execute/errors.ts";
export type { Executable, Executor } from "./execute/Executor.ts";
export { createLogger, type Logger } from "./log.ts";
