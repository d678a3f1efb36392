import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { it } from 'vitest';

const wanted = 'import grpc, grpc_tools.protoc';
const candidates = ['python3', '/usr/bin/python3'];
const python = candidates.find((name) => spawnSync(name, ['-c', wanted]).status === 0);

/** A group of tests that needs Python with gRPC. Where it is missing they are left out, which one skipped test says; in CI they fail. */
export function withPython(tests: () => void): void {
  if (python === undefined && !process.env['CI']) sayWhy();
  else tests();
}

function sayWhy(): void {
  it('(left out: there is no Python with gRPC; Debian has it as python3-grpcio and python3-grpc-tools)', ({
    skip,
  }) => skip());
}

/** Makes Python's half of the contract out of the .proto file. */
export function generatePython(folder: string): void {
  const words = [
    '-m',
    'grpc_tools.protoc',
    '-Iproto',
    `--python_out=${folder}`,
    `--grpc_python_out=${folder}`,
  ];
  const { status, stderr } = spawnSync(interpreter(), [...words, 'proto/ai_backend.proto'], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`protoc: ${stderr}`);
}

export type PythonProcess = {
  child: ChildProcess;
  write(line: string): void;
  /** The next line that it prints. @throws Error with what it said when it has ended */
  line(): Promise<string>;
  close(): Promise<void>;
};

/** Runs one of the scripts beside this file. */
export function startPython(script: string, args: readonly string[]): PythonProcess {
  const child = spawn(interpreter(), [join(import.meta.dirname, 'python', script), ...args], {
    stdio: ['pipe', 'pipe', 'pipe'],
    env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
  });
  let said = '';
  child.stderr.on('data', (chunk: Buffer) => (said += String(chunk)));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const exited = once(child, 'exit');
  return {
    child,
    write: (line) => void child.stdin.write(`${line}\n`),
    async line() {
      const { value, done } = await lines.next();
      if (done === true) throw new Error(`${script} has ended: ${said}`);
      return value;
    },
    async close() {
      child.stdin.end();
      await exited;
    },
  };
}

function interpreter(): string {
  if (python === undefined) throw new Error(`None of ${candidates.join(', ')} can ${wanted}`);
  return python;
}
