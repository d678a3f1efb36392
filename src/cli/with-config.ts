import { type Config, readConfig, readEnvironment } from '../config.ts';
import { dialects } from '../dialects/index.ts';
import { providerNames } from '../providers/index.ts';

/** Runs a command with the checked settings. @throws ConfigError for the first bad one */
export const withConfig = (command: (config: Config) => Promise<void>): Promise<void> =>
  command(loadConfig());

/** The settings of this process. @throws ConfigError */
export const loadConfig = (): Config =>
  readConfig(readEnvironment(), { dialects: dialects.map(({ name }) => name), providers: providerNames });
