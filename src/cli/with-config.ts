import { type Config, readConfig, readEnvironment } from '../config.ts';
import { misspeltNames } from '../config/misspelt-names.ts';
import { unusedNames } from '../config/notices-of.ts';
import type { Environment } from '../config/parse-settings.ts';
import { settings } from '../config/settings.ts';
import { dialects } from '../dialects/index.ts';
import { providerNames } from '../providers/index.ts';

/** Runs a command with the checked settings. @throws ConfigError for the first bad one */
export const withConfig = (command: (config: Config) => Promise<void>): Promise<void> =>
  command(loadConfig());

/** The settings of this process; what the command line says wins. @throws ConfigError */
export function loadConfig(said: Environment = {}): Config {
  const { environment, file } = readEnvironment();
  const config = readConfig([said, environment, file], {
    dialects: dialects.map(({ name }) => name),
    providers: providerNames,
  });
  const names = Object.values(settings).flatMap(({ name, aliases }) => [name, ...aliases]);
  const known = [...names, ...unusedNames];
  return { ...config, notices: [...config.notices, ...misspeltNames({ environment, file }, known)] };
}
