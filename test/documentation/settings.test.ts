import { parseEnv } from 'node:util';
import { describe, expect, it } from 'vitest';
import type { Setting } from '../../src/config/define-setting.ts';
import { settings } from '../../src/config/settings.ts';
import { readConfig } from '../../src/config.ts';
import { readTable, readText } from './read-table.ts';

const declared: readonly Setting[] = Object.values(settings);
const code = (text: string) => `\`${text}\``;
const rowOf = (setting: Setting) => {
  const names = [setting.name, ...setting.aliases].map(code).join(', ');
  const fallback = setting.default === null ? 'none' : code(setting.default);
  return `| ${names} | ${fallback} | ${setting.about} |`;
};
const rows = declared.map(rowOf);

describe('docs/configuration.md', () => {
  const markdown = readText('docs/configuration.md');

  it('has every setting as it is declared, in the same order, and no other', () => {
    expect(readTable(markdown, 'settings')).toEqual(rows);
  });

  it('names only settings that exist', () => {
    expect(unknownNames(markdown)).toEqual([]);
  });
});

describe('README.md', () => {
  it('shows settings as they are declared', () => {
    const shown = readTable(readText('README.md'), 'settings');
    expect(shown.length).toBeGreaterThan(5);
    expect(shown.filter((row) => !rows.includes(row))).toEqual([]);
  });

  it('names only settings that exist', () => {
    expect(unknownNames(readText('README.md'))).toEqual([]);
  });
});

describe('deploy/', () => {
  /** What systemd, Node and the database's image are told. */
  const others = /^(NODE_ENV|POSTGRES_\w+|CMD|AF_\w+)$/;
  const names = new Set(declared.flatMap((setting) => [setting.name, ...setting.aliases]));

  it.each(['compose.yaml', 'Dockerfile', 'parlance.service', 'nginx.conf'])(
    '%s names settings, and only such that exist',
    (file) => {
      const told = [...readText(`deploy/${file}`).matchAll(/\b[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+\b/g)]
        .map(([name]) => name)
        .filter((name) => !others.test(name));
      expect(told.length).toBeGreaterThan(0);
      expect(told.filter((name) => !names.has(name))).toEqual([]);
    },
  );
});

describe('.env.example', () => {
  const example = readText('.env.example');
  const choices = { dialects: ['histories'], providers: ['basic', 'openai'] } as const;

  it('has every setting with its sentence and default, and no other', () => {
    const expected = declared.map(
      (setting) => `# ${setting.about}\n#${setting.name}=${setting.default ?? ''}`,
    );
    expect(example.trimEnd().split('\n\n').slice(1)).toEqual(expected);
  });

  it('changes nothing, neither as it is nor with its defaults written out', () => {
    const written = parseEnv(example.replaceAll(/^#(?=[A-Z])/gm, '').replaceAll(/=(.*)$/gm, '="$1"'));
    expect(parseEnv(example)).toEqual({});
    expect(Object.keys(written).toSorted()).toEqual(declared.map(({ name }) => name).toSorted());
    expect(readConfig([written], choices)).toEqual(readConfig([], choices));
  });
});

describe('a setting', () => {
  it.each(declared.map((setting) => [setting.name, setting] as const))(
    'is told in one sentence: %s',
    (_, setting) => {
      expect(setting.about).toMatch(/^[A-Z](?!.*\. )[^|\n]*\.$/);
      expect(setting.name).toMatch(/^[A-Z][A-Z\d]*(_[A-Z]+)*$/);
    },
  );

  it('shares no name with another', () => {
    const names = declared.flatMap((setting) => [setting.name, ...setting.aliases]);
    expect(new Set(names).size).toBe(names.length);
  });
});

/** Words in code that look like settings, such as `DATA_DIR`, and are none. */
function unknownNames(markdown: string): string[] {
  const names = new Set(declared.flatMap((setting) => [setting.name, ...setting.aliases]));
  const told = [...markdown.matchAll(/`([A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+)(?:=[^`]*)?`/g)].map(
    (match) => match[1] ?? '',
  );
  return [...new Set(told)].filter((name) => !names.has(name) && !name.startsWith('FLASK_'));
}
