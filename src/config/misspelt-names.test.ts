import { describe, expect, it } from 'vitest';
import { misspeltNames } from './misspelt-names.ts';
import { settings } from './settings.ts';

const known = Object.values(settings).flatMap(({ name, aliases }) => [name, ...aliases]);
const saidOf = (name: string, where: 'environment' | 'file') =>
  misspeltNames({ environment: {}, file: {}, [where]: { [name]: 'x' } }, known);
const meant = (name: string, setting: string) => [
  `${name} is set, but no setting has this name; it may be ${setting} that is meant.`,
];

const others = `HOME HOSTNAME HOSTTYPE PATH PWD SHELL TERM USER LANG LOGNAME MAIL NODE_ENV LISTEN_FDS
  LISTEN_PID LOG_FILE POSTGRES_HOST MYSQL_HOME MYSQL_PWD REDIS_PORT OLLAMA_HOST
  OLLAMA_MODELS OPENAI_ORG_ID GOOGLE_API_KEY AWS_REGION KUBERNETES_SERVICE_HOST
  npm_config_port GHOST`.split(/\s+/);

describe('a name that is no setting', () => {
  it.each([
    ['PORTT', 'PORT'],
    ['AI_MODL', 'AI_MODEL'],
    ['DATABASEURL', 'DATABASE_URL'],
    ['DATA_DIRR', 'DATA_DIR'],
    ['REDSI_URL', 'REDIS_URL'],
    ['AI_BASE_URL', 'OPENAI_BASE_URL'],
  ])('%s is told of, wherever it stands, with %s', (name, setting) => {
    expect(saidOf(name, 'environment')).toEqual(meant(name, setting));
    expect(saidOf(name, 'file')).toEqual(meant(name, setting));
  });

  it('is told of in the file, where it is about the same things as settings', () => {
    expect(saidOf('AI_TIMEOUT', 'file')).toEqual(['AI_TIMEOUT is set, but no setting has this name.']);
    expect(saidOf('AI_TIMEOUT', 'environment')).toEqual([]);
  });

  it('is told of once, and not while it is empty', () => {
    const both = { environment: { PORTT: '1' }, file: { PORTT: '2', DATA_DIRR: ' ' } };
    expect(misspeltNames(both, known)).toEqual(meant('PORTT', 'PORT'));
  });

  it.each(others)('%s of another program in the environment is none of ours', (name) => {
    expect(saidOf(name, 'environment')).toEqual([]);
  });

  it.each(['COMPOSE_PROJECT_NAME', 'NODE_ENV', 'TZ', 'HOME', 'PATH', 'POSTGRES_PASSWORD'])(
    '%s in the file is none of ours',
    (name) => {
      expect(saidOf(name, 'file')).toEqual([]);
    },
  );

  it('is not told of where it is a setting', () => {
    const environment = Object.fromEntries(known.map((name) => [name, 'x']));
    expect(misspeltNames({ environment, file: environment }, known)).toEqual([]);
  });
});
