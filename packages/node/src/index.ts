export type { Config, WatchConfig } from "./config/Config.ts";
export { CONFIG_FILE, ConfigError, loadConfig, loadWatchConfig, parseConfig } from "./config/Config.ts";
export { WatchDaemon } from "./WatchDaemon.ts";
export { Daemon, type Replacements } from "./Daemon.ts";
export { ExecutionError, RefusedByModelError, RunDeclinedError } from "./execute/errors.ts";
export type { Executable, Executor } from "./execute/Executor.ts";
export { createLogger, type Logger } from "./log.ts";
