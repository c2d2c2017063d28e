import { expect, test } from 'vitest';
import { kernelCallFilter } from './kernel-calls.ts';

const strict = { subprocess: false, ownsFilesOfRoot: false };
const allow = 0x7fff0000;
const x64 = 0xc000003e;

/** What the kernel would answer: the program run as the kernel runs it. */
function answerTo(filter: Buffer, number: number, firstArgument = 0, architecture = x64): number {
  const data = [number, architecture, 0, 0, firstArgument];
  let loaded = 0;
  for (let at = 0; at < filter.length; at += 8) {
    const [code, value] = [filter.readUInt16LE(at), filter.readUInt32LE(at + 4)];
    const [holds, otherwise] = [filter.readUInt8(at + 2), filter.readUInt8(at + 3)];
    const jump = (condition: boolean) => {
      at += 8 * (condition ? holds : otherwise);
    };
    if (code === 0x06) return value;
    if (code === 0x20) loaded = data[value / 4] ?? Number.NaN;
    else if (code === 0x15) jump(loaded === value);
    else if (code === 0x35) jump(loaded >= value);
    else if (code === 0x45) jump((loaded & value) !== 0);
    else throw new Error(`an unknown instruction ${code}`);
  }
  throw new Error('it came to no answer');
}

const errorOf = (answer: number) => (answer === allow ? 'allowed' : answer === 0x80000000 ? 'killed' : answer & 0xffff);
const calls = {
  read: 0,
  clone: 56,
  fork: 57,
  socket: 41,
  ptrace: 101,
  chmod: 90,
  unshare: 272,
  clone3: 435,
  execve: 59,
};

test('calls of every day are let through, dangerous ones are not', () => {
  const filter = kernelCallFilter(strict, 'x64') ?? Buffer.alloc(0);
  const answers = Object.entries(calls).map(([name, number]) => [name, errorOf(answerTo(filter, number))]);
  expect(Object.fromEntries(answers)).toEqual({
    ...{ read: 'allowed', execve: 'allowed', chmod: 'allowed' },
    ...{ clone: 1, fork: 1, socket: 97, ptrace: 1, unshare: 1, clone3: 38 },
  });
});

test('threads can be started, processes only when that is allowed, namespaces never', () => {
  const [thread, process, userNamespace] = [0x3d0f00, 0x01200011, 0x10000011];
  const answers = (subprocess: boolean) => {
    const filter = kernelCallFilter({ ...strict, subprocess }, 'x64') ?? Buffer.alloc(0);
    return [thread, process, userNamespace].map((flags) => errorOf(answerTo(filter, calls.clone, flags)));
  };
  expect(answers(false)).toEqual(['allowed', 1, 1]);
  expect(answers(true)).toEqual(['allowed', 'allowed', 1]);
});

test('only local sockets and those of the internet can be made', () => {
  const filter = kernelCallFilter(strict, 'x64') ?? Buffer.alloc(0);
  const families = [1, 2, 10, 16, 17, 38, 40].map((family) => errorOf(answerTo(filter, calls.socket, family)));
  expect(families).toEqual(['allowed', 'allowed', 'allowed', 97, 97, 97, 97]);
});

test('whoever owns the files of root changes no mode, and is told that it did', () => {
  const filter = kernelCallFilter({ ...strict, ownsFilesOfRoot: true }, 'x64') ?? Buffer.alloc(0);
  expect(answerTo(filter, calls.chmod)).toBe(0x00050000);
});

test('calls of another kind than the processor’s are refused', () => {
  const filter = kernelCallFilter(strict, 'x64') ?? Buffer.alloc(0);
  expect(errorOf(answerTo(filter, 0x40000000 + calls.ptrace))).toBe(1);
  expect(errorOf(answerTo(filter, calls.read, 0, 0x40000003))).toBe('killed');
});

test('there is a filter for two processors, and for no other', () => {
  const arm = kernelCallFilter(strict, 'arm64') ?? Buffer.alloc(0);
  expect(errorOf(answerTo(arm, 117, 0, 0xc00000b7))).toBe(1);
  expect(errorOf(answerTo(arm, 63, 0, 0xc00000b7))).toBe('allowed');
  expect(kernelCallFilter(strict, 'riscv64')).toBeUndefined();
});
