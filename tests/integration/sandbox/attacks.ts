import type { ToolRun } from '../../../src/sandbox/cells.ts';

/** What an attack is told, so that it need not look for it. */
export type Target = {
  readonly secrets: readonly string[];
  readonly link: string;
  readonly bystander: number;
  readonly tcp: number;
  readonly udp: number;
  readonly socket: string;
  readonly abstract: string;
};

/**
 * An attack in both languages. It prints `got` and what it got, or `refused` and why. `T` is its target; in Python
 * everything of os, socket, ctypes, subprocess, sys and json is at hand.
 */
export type Attack = { readonly name: string; readonly node?: string; readonly python?: string };

export function attackProgram(language: 'node' | 'python', source: string, target: Target): ToolRun['program'] {
  const told = JSON.stringify(target);
  if (language === 'node') return ['node', '-e', `${nodePrelude}\nattempt(async () => { ${source} });`, told];
  const body = source.split('\n').map((line) => `    ${line}`);
  return [
    'python3',
    '-c',
    `${pythonPrelude}\ntry:\n${body.join('\n')}\nexcept BaseException as e:\n    print("refused", repr(e))`,
    told,
  ];
}

const nodePrelude = `
const T = JSON.parse(process.argv[1]);
const fs = require('node:fs'), net = require('node:net'), dgram = require('node:dgram'), { once } = require('node:events');
const got = (...what) => console.log('got', ...what);
const answerOf = async (socket) => String((await once(socket, 'data'))[0]);
const attempt = (what) => what().catch((error) => console.log('refused', String(error))).finally(() => process.exit());
setTimeout(() => { console.log('refused by silence'); process.exit(); }, 1500);`;

const pythonPrelude = `
import os, sys, json, socket, ctypes, subprocess, glob
socket.setdefaulttimeout(1.5)
T = json.loads(sys.argv[1])
def got(*what): print("got", *what)`;

const readAll = {
  node: 'for (const file of T.secrets) { try { got(fs.readFileSync(file, "utf8")); } catch (error) { console.log("refused", error.code); } }',
  python: 'for file in T["secrets"]:\n  try: got(open(file).read())\n  except OSError as e: print("refused", e)',
};

/** Each of them works for a program that nothing keeps from it. */
export const attacks: readonly Attack[] = [
  { name: 'reading files of the person: home, keys, state, other tools', ...readAll },
  {
    name: 'reading through a link that was put into its folder before',
    node: 'got(fs.readFileSync(T.link, "utf8"))',
    python: 'got(open(T["link"]).read())',
  },
  {
    name: 'changing its own files',
    node: 'fs.writeFileSync("own.txt", "own"); got("written")',
    python: 'open("own.txt", "w").write("own"); got("written")',
  },
  {
    name: 'adding a file to its own',
    node: 'fs.writeFileSync("new.txt", "new"); got("written")',
    python: 'open("new.txt", "w").write("new"); got("written")',
  },
  {
    name: 'changing the mode of its own files',
    node: 'fs.chmodSync("own.txt", 0o644); fs.writeFileSync("own.txt", "own"); got("changed")',
    python: 'os.chmod("own.txt", 0o644)\nopen("own.txt", "w").write("own")\ngot("changed")',
  },
  {
    name: 'reading the environment of another process',
    node: 'got(fs.readFileSync("/proc/" + T.bystander + "/environ", "utf8"))',
    python: 'got(open("/proc/%d/environ" % T["bystander"]).read())',
  },
  {
    name: 'finding secrets in the environments of all processes',
    python:
      'for p in glob.glob("/proc/[0-9]*/environ"):\n  try:\n    if "canary" in open(p, errors="replace").read(): got(p)\n  except OSError: pass',
  },
  {
    name: 'sending a signal to another process',
    node: 'process.kill(T.bystander, 0); got("reached")',
    python: 'os.kill(T["bystander"], 0); got("reached")',
  },
  {
    name: 'a TCP connection to this machine',
    node: 'got(await answerOf(net.connect(T.tcp, "127.0.0.1")))',
    python: 'got(socket.create_connection(("127.0.0.1", T["tcp"])).recv(100))',
  },
  {
    name: 'a question by UDP, as DNS asks',
    node: 'const s = dgram.createSocket("udp4"); s.send("x", T.udp, "127.0.0.1"); got(String((await once(s, "message"))[0]))',
    python:
      's = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)\ns.sendto(b"x", ("127.0.0.1", T["udp"]))\ngot(s.recv(100))',
  },
  {
    name: 'a socket that lies in a folder',
    node: 'got(await answerOf(net.connect(T.socket)))',
    python: 's = socket.socket(socket.AF_UNIX)\ns.connect(T["socket"])\ngot(s.recv(100))',
  },
  {
    name: 'a socket that lies nowhere (abstract)',
    node: 'got(await answerOf(net.connect("\\0" + T.abstract)))',
    python: 's = socket.socket(socket.AF_UNIX)\ns.connect(("\\0" + T["abstract"]).ljust(108, "\\0"))\ngot(s.recv(100))',
  },
  {
    name: 'starting another program without being allowed to',
    node: 'got(require("node:child_process").execFileSync("/bin/echo", ["started"]))',
    python: 'got(subprocess.check_output(["/bin/echo", "started"]))',
  },
  { name: 'forking without being allowed to', python: 'os.fork(); got("a child")' },
  {
    name: 'reading files with a thread of its own',
    node: 'const { Worker } = require("node:worker_threads"); const w = new Worker("require(\'worker_threads\').parentPort.postMessage(require(\'fs\').readFileSync(" + JSON.stringify(T.secrets[0]) + ",\'utf8\'))", { eval: true }); got(String((await once(w, "message"))[0]))',
    python:
      'import threading\nfound = []\ndef look():\n  try: found.append(open(T["secrets"][0]).read())\n  except OSError: pass\nt = threading.Thread(target=look)\nt.start()\nt.join()\ngot(found[0])',
  },
  {
    name: 'tracing processes',
    python:
      'libc = ctypes.CDLL(None, use_errno=True)\nif libc.ptrace(0, 0, 0, 0) == 0: got("traced")\nelse: print("refused", os.strerror(ctypes.get_errno()))',
  },
  {
    name: 'memory without a name that no limit counts (memfd)',
    python: 'got(os.memfd_create("x"))',
  },
  {
    name: 'memory that outlives whoever made it (System V)',
    python:
      'libc = ctypes.CDLL(None, use_errno=True)\nr = libc.shmget(0, 4096, 0o1600)\nif r >= 0:\n  libc.shmctl(r, 0, 0)\n  got("segment", r)\nelse: print("refused", os.strerror(ctypes.get_errno()))',
  },
  {
    name: 'a user namespace, in which it would have rights',
    python:
      'libc = ctypes.CDLL(None, use_errno=True)\nif libc.unshare(0x10000000) == 0: got("a namespace")\nelse: print("refused", os.strerror(ctypes.get_errno()))',
  },
  {
    name: 'a socket to the kernel',
    python: 'got(socket.socket(socket.AF_NETLINK, socket.SOCK_RAW, 0))',
  },
  {
    name: 'reading what this machine is called',
    node: 'got(require("node:os").hostname() === "tool" ? process.exit() : "a name")',
    python: 'assert socket.gethostname() != "tool"\ngot("a name")',
  },
];
