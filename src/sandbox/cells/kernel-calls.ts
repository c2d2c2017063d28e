/** What a tool may ask of the kernel, as a program in the form that the kernel loads: refusals first, the rest is let through. */
export type KernelCallRules = {
  /** Whether it may start processes. Threads it may start in any case. */
  readonly subprocess: boolean;
  /**
   * Whether it runs as the owner of what belongs to root, device files among it: then no mode of a file can be changed, and
   * the call does nothing but say that it did.
   */
  readonly ownsFilesOfRoot: boolean;
};

type Architecture = { readonly audit: number; readonly numbers: Numbers };
type Numbers = Readonly<Partial<Record<Call, number>> & Record<'clone' | 'socket', number>>;

const EPERM = 1;
const ENOSYS = 38;
const EAFNOSUPPORT = 97;
const EOPNOTSUPP = 95;

/** Beyond the reach of every tool: other processes, mounts, namespaces, keys, and memory that no limit counts. */
const refused = [
  ...[
    'ptrace',
    'process_vm_readv',
    'process_vm_writev',
    'kcmp',
    'pidfd_getfd',
    'perf_event_open',
    'bpf',
    'userfaultfd',
  ],
  ...['mount', 'umount2', 'pivot_root', 'chroot', 'open_tree', 'move_mount', 'fsopen', 'fsconfig', 'fsmount', 'fspick'],
  ...['mount_setattr', 'unshare', 'setns', 'name_to_handle_at', 'open_by_handle_at', 'quotactl', 'swapon', 'swapoff'],
  ...['add_key', 'request_key', 'keyctl', 'syslog', 'acct', 'reboot', 'personality'],
  ...['kexec_load', 'kexec_file_load', 'init_module', 'finit_module', 'delete_module'],
  ...['shmget', 'shmat', 'shmctl', 'semget', 'msgget', 'mq_open'],
] as const;
/** Programs have another way where these are unknown. `clone3` hides from a filter what it is asked for. */
const unknown = [
  'clone3',
  'memfd_create',
  'memfd_secret',
  'io_uring_setup',
  'io_uring_enter',
  'io_uring_register',
] as const;
const attributes = ['setxattr', 'lsetxattr', 'fsetxattr'] as const;
const modes = ['chmod', 'fchmod', 'fchmodat', 'fchmodat2'] as const;
const starts = ['fork', 'vfork'] as const;

type Call =
  | (typeof refused | typeof unknown | typeof attributes | typeof modes | typeof starts)[number]
  | 'clone'
  | 'socket';

/** The same everywhere. */
const recent = {
  ...{ io_uring_setup: 425, io_uring_enter: 426, io_uring_register: 427, open_tree: 428, move_mount: 429, fsopen: 430 },
  ...{ fsconfig: 431, fsmount: 432, fspick: 433, clone3: 435, pidfd_getfd: 438, mount_setattr: 442, memfd_secret: 447 },
  fchmodat2: 452,
};

const architectures: Readonly<Record<string, Architecture>> = {
  x64: {
    audit: 0xc000003e,
    numbers: {
      ...recent,
      ...{ shmget: 29, shmat: 30, shmctl: 31, socket: 41, clone: 56, fork: 57, vfork: 58, semget: 64, msgget: 68 },
      ...{ chmod: 90, fchmod: 91, ptrace: 101, syslog: 103, personality: 135, pivot_root: 155, chroot: 161, acct: 163 },
      ...{ mount: 165, umount2: 166, swapon: 167, swapoff: 168, reboot: 169, init_module: 175, delete_module: 176 },
      ...{ quotactl: 179, setxattr: 188, lsetxattr: 189, fsetxattr: 190, mq_open: 240, kexec_load: 246, add_key: 248 },
      ...{ request_key: 249, keyctl: 250, fchmodat: 268, unshare: 272, perf_event_open: 298, name_to_handle_at: 303 },
      ...{ open_by_handle_at: 304, setns: 308, process_vm_readv: 310, process_vm_writev: 311, kcmp: 312 },
      ...{ finit_module: 313, memfd_create: 319, kexec_file_load: 320, bpf: 321, userfaultfd: 323 },
    },
  },
  arm64: {
    audit: 0xc00000b7,
    numbers: {
      ...recent,
      ...{ setxattr: 5, lsetxattr: 6, fsetxattr: 7, umount2: 39, mount: 40, pivot_root: 41, chroot: 51, fchmod: 52 },
      ...{ fchmodat: 53, quotactl: 60, acct: 89, personality: 92, unshare: 97, kexec_load: 104, init_module: 105 },
      ...{ delete_module: 106, syslog: 116, ptrace: 117, reboot: 142, mq_open: 180, msgget: 186, semget: 190 },
      ...{ shmget: 194, shmctl: 195, shmat: 196, socket: 198, add_key: 217, request_key: 218, keyctl: 219, clone: 220 },
      ...{
        swapon: 224,
        swapoff: 225,
        perf_event_open: 241,
        name_to_handle_at: 264,
        open_by_handle_at: 265,
        setns: 268,
      },
      ...{ process_vm_readv: 270, process_vm_writev: 271, kcmp: 272, finit_module: 273, memfd_create: 279, bpf: 280 },
      ...{ userfaultfd: 282, kexec_file_load: 294 },
    },
  },
};

/** Flags of `clone` that ask for a namespace, in which a tool would have rights. */
const newNamespaces = 0x7e020000;
const sharesProcess = 0x10000;
/** Local sockets and the two internets; others (of virtual machines, of kernel parts) pass by a network namespace. */
const socketFamilies = [1, 2, 10];
/** Calls of the 32-bit kind on x64 have this bit, and would pass by the numbers. */
const otherKind = 0x40000000;

/** The filter for `bwrap --seccomp`; undefined for a processor whose calls are not known here. */
export function kernelCallFilter(rules: KernelCallRules, processor: string = process.arch): Buffer | undefined {
  const architecture = architectures[processor];
  return architecture && Buffer.concat(instructions(rules, architecture));
}

function instructions({ subprocess, ownsFilesOfRoot }: KernelCallRules, { audit, numbers }: Architecture): Buffer[] {
  const refuse = (calls: readonly Call[], error: number) =>
    calls.flatMap((call) => {
      const number = numbers[call];
      return number === undefined ? [] : whenEqual(number, [answer(error)]);
    });
  return [
    load(architectureOffset),
    jump(equal, audit, 1, 0),
    returns(killProcess),
    load(numberOffset),
    jump(atLeast, otherKind, 0, 1),
    answer(EPERM),
    ...refuse(refused, EPERM),
    ...refuse(unknown, ENOSYS),
    ...refuse(attributes, EOPNOTSUPP),
    ...(ownsFilesOfRoot ? refuse(modes, 0) : []),
    ...(subprocess ? [] : refuse(starts, EPERM)),
    ...whenEqual(numbers.clone, [
      load(firstArgumentOffset),
      jump(anyBit, newNamespaces, 0, 1),
      answer(EPERM),
      ...(subprocess ? [] : [jump(anyBit, sharesProcess, 1, 0), answer(EPERM)]),
      returns(allow),
    ]),
    ...whenEqual(numbers.socket, [
      load(firstArgumentOffset),
      ...socketFamilies.flatMap((family) => whenEqual(family, [returns(allow)])),
      answer(EAFNOSUPPORT),
    ]),
    returns(allow),
  ];
}

const numberOffset = 0;
const architectureOffset = 4;
const firstArgumentOffset = 16;

const equal = 0x15;
const atLeast = 0x35;
const anyBit = 0x45;

const allow = 0x7fff0000;
const killProcess = 0x80000000;

const whenEqual = (value: number, body: readonly Buffer[]) => [jump(equal, value, 0, body.length), ...body];
const load = (offset: number) => instruction(0x20, offset);
const returns = (value: number) => instruction(0x06, value);
/** The call does nothing; 0 says that it did. */
const answer = (error: number) => returns(0x00050000 | error);
/** Leaves out so many of the next instructions where the condition holds, and where it does not. */
const jump = (code: number, value: number, holds: number, otherwise: number) =>
  instruction(code, value, holds, otherwise);

function instruction(code: number, value: number, holds = 0, otherwise = 0): Buffer {
  const bytes = Buffer.alloc(8);
  bytes.writeUInt16LE(code, 0);
  bytes.writeUInt8(holds, 2);
  bytes.writeUInt8(otherwise, 3);
  bytes.writeUInt32LE(value >>> 0, 4);
  return bytes;
}
