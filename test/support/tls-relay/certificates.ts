import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export type Certificate = { cert: string; key: string };

/** Who vouches for servers, and the file that says whom to trust. */
export type Authority = {
  file: string;
  /** A certificate for names, such as `DNS:localhost` or `IP:127.0.0.1`, between commas. With fewer days than none it has expired. */
  certify(names: string, days?: number): Certificate;
};

export type Certificates = {
  folder: string;
  authority(name: string): Authority;
  remove(): void;
};

/** Why tests that need certificates are left out; undefined where they can be made. @throws Error where CI cannot make them */
export function missingOpenssl(): string | undefined {
  try {
    execFileSync('openssl', ['version'], { stdio: 'ignore' });
    return undefined;
  } catch (cause) {
    const sentence = 'there is no openssl, which makes the certificates';
    if (process.env['CI']) throw new Error(sentence, { cause });
    return sentence;
  }
}

/** Certificates of nobody but this test, in a folder of their own. */
export function makeCertificates(): Certificates {
  const folder = mkdtempSync(join(tmpdir(), 'parlance-certificates-'));
  const path = (name: string) => join(folder, name);
  const openssl = (...words: string[]) => execFileSync('openssl', words, { cwd: folder, stdio: 'pipe' });
  const newKey = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  let made = 0;
  return {
    folder,
    authority: (name) => {
      const [cert, key] = [`${name}.pem`, `${name}.key`];
      openssl('req', '-x509', ...newKey, '-keyout', key, '-out', cert, '-days', '9', '-subj', `/CN=${name}`);
      return {
        file: path(cert),
        certify: (names, days = 9) => {
          made += 1;
          const server = `server${made}`;
          writeFileSync(path(`${server}.ext`), `subjectAltName=${names}\n`);
          openssl(
            'req',
            ...newKey,
            '-keyout',
            `${server}.key`,
            '-out',
            `${server}.csr`,
            '-subj',
            '/CN=server',
          );
          const signed = ['-CA', cert, '-CAkey', key, '-set_serial', String(made), '-days', String(days)];
          const files = ['-in', `${server}.csr`, '-extfile', `${server}.ext`, '-out', `${server}.pem`];
          openssl('x509', '-req', ...signed, ...files);
          const read = (file: string) => readFileSync(path(file), 'utf8');
          return { cert: read(`${server}.pem`), key: read(`${server}.key`) };
        },
      };
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
