import { describe, expect, it } from 'vitest';
import { readConfig } from '../config.ts';

const choices = { dialects: [], providers: ['basic'] as const };
const read = (environment: Record<string, string>) => readConfig([environment], choices);

const complaint = (environment: Record<string, string>): string => {
  try {
    read(environment);
  } catch (error) {
    return (error as Error).message;
  }
  return 'no complaint';
};

describe('DATABASE_URL', () => {
  it.each([
    ['sqlite:///app.db', '/srv/app.db'],
    ['sqlite:app.db', '/srv/app.db'],
    ['sqlite:///sub/app.db', '/srv/sub/app.db'],
    ['sqlite:////var/lib/app.db', '/var/lib/app.db'],
    ['sqlite:/var/lib/app.db', '/var/lib/app.db'],
    ['sqlite+pysqlite:///app.db', '/srv/app.db'],
  ])('%s is %s', (DATABASE_URL, file) => {
    expect(read({ DATABASE_URL, DATA_DIR: '/srv' }).database.file).toBe(file);
  });

  it.each([
    ['postgresql://host/db', 'postgres://host/db'],
    ['postgres://user:hunter2@host:5433/db', 'postgres://user:hunter2@host:5433/db'],
    ['POSTGRESQL+psycopg2://user@host/db', 'postgres://user@host/db'],
    [
      'mysql+pymysql://root:p@ss/w%rd@localhost/db?charset=utf8mb4',
      'mysql://root:p%40ss%2Fw%25rd@localhost/db',
    ],
    ['mariadb://user:a%20b@[::1]:3307/db', 'mysql://user:a%20b@[::1]:3307/db'],
    ['postgres://user@%2Fvar%2Frun/db', 'postgres://user@localhost/db?socket=%2Fvar%2Frun'],
    ['postgres:///db?host=/var/run', 'postgres://localhost/db?socket=%2Fvar%2Frun'],
    ['mysql://root@localhost/db?unix_socket=/run/m.sock', 'mysql://root@localhost/db?socket=%2Frun%2Fm.sock'],
    ['postgres://host/db?sslmode=require&application_name=x', 'postgres://host/db?tls=require'],
    ['postgres://host/db?sslmode=verify-full&sslrootcert=/ca', 'postgres://host/db?tls=verify-full&ca=%2Fca'],
    ['mysql://host/db?ssl-mode=VERIFY_CA&ssl-ca=/ca', 'mysql://host/db?tls=verify-ca&ca=%2Fca'],
    // Who names an authority wants it to be asked.
    ['mysql+pymysql://host/db?ssl_ca=/ca', 'mysql://host/db?ca=%2Fca&tls=verify-full'],
    ['postgres://host/db?sslmode=require&sslrootcert=/ca', 'postgres://host/db?tls=verify-ca&ca=%2Fca'],
    ['postgres://host/db?sslmode=disable&sslrootcert=/ca', 'postgres://host/db?tls=disable&ca=%2Fca'],
    ['mysql://host/db?ssl={"rejectUnauthorized":true}', 'mysql://host/db?tls=verify-full'],
  ])('%s is read as %s', (DATABASE_URL, url) => {
    const { database } = read({ DATABASE_URL });
    expect(database).toMatchObject({ url, file: undefined });
    expect(database.shown).not.toMatch(/hunter2|p%40ss/);
  });

  it('may be spelled as parts, for MySQL', () => {
    const parts = { MYSQL_DATABASE: 'chat', MYSQL_PASSWORD: 'p@ss', MYSQL_PORT: '3307' };
    expect(read(parts).database).toMatchObject({
      url: 'mysql://root:p%40ss@localhost:3307/chat',
      shown: 'mysql://root@localhost:3307/chat',
    });
    expect(read({ ...parts, MYSQL_HOST: 'db', MYSQL_USER: 'me' }).database.shown).toBe(
      'mysql://me@db:3307/chat',
    );
    expect(complaint({ MYSQL_HOST: 'db' })).toContain('MYSQL_DATABASE must name the database');
    const both = read({ ...parts, DATABASE_URL: 'sqlite:///x.db' });
    expect(both.database.file).toMatch(/x\.db$/);
    expect(both.notices).toEqual(['MYSQL_DATABASE is set, but DATABASE_URL says where the database is.']);
  });

  it.each([
    ['postgresql://user:hunter2@host', 'a database address such as postgres://'],
    ['postgresql://user:hunter2@host/', 'ends with the name of a database'],
    ['postgresql://user:hunter2@host/db?sslmode=hunter2', 'sslmode is disable, require'],
    ['postgresql://user:hunter2@host/db?host=other', 'names its host before the database'],
    ['mysql+pymysql://user:hunter2@host/db?local_infile=1', 'no other options than'],
    ['mariadb://user:hunter2@one,two/db', 'a database address such as mysql://'],
    ['sqlite://', 'forgets everything'],
    ['sqlite:///:memory:', 'forgets everything'],
    ['sqlite://app.db', 'three slashes'],
    ['sqlite:///app.db?hunter2=1', 'without options'],
    ['hunter2', 'a database address'],
    ['oracle://hunter2', 'a database address'],
  ])('%s is refused without being repeated', (DATABASE_URL, reason) => {
    const message = complaint({ DATABASE_URL });
    expect(message).toMatch(/^DATABASE_URL must be /);
    expect(message).toContain(reason);
    expect(message).not.toContain('hunter2');
  });
});
