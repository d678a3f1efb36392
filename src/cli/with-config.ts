import { type Config, readConfig, readEnvironment } from '../config.ts';
import type { Environment } from '../config/parse-settings.ts';
import { dialects } from '../dialects/index.ts';
import { providerNames } from '../providers/index.ts';

/** Runs a command with the checked settings. @throws ConfigError for the first bad one */
export const withConfig = (command: (config: Config) => Promise<void>): Promise<void> =>
  command(loadConfig());

/** The settings of this process; what the command line says wins. @throws ConfigError */
export const loadConfig = (said: Environment = {}): Config =>
  readConfig([said, ...readEnvironment()], {
    dialects: dialects.map(({ name }) => name),
    providers: providerNames,
  });
