import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, test } from 'vitest';
import { openView } from '../../../src/sandbox/confinement/open-view.ts';
import { needs } from '../../support/needs.ts';
import { limits, newPlace, searchPath } from './containments.ts';
import { layouts, type Machine, newMachine, secret } from './views.ts';

const packages = fileURLToPath(new URL('../../../node_modules', import.meta.url));

let machine: Machine;
afterEach(() => machine?.leave());

const sideBySide = layouts['three folders side by side'];

describe.each(Object.entries(layouts))('with %s', (_, layout) => {
  needs('bwrap')('only the workspace is seen of what is the person’s, wherever that lies', async () => {
    // Not in a temporary folder, which is out of sight anyway.
    machine = await newMachine(layout, mkdtempSync(join(packages, '.spiral-view-')));
    const { home, stateRoot, workspace } = machine;
    const { output } = await machine.run(
      `cat ${home}/secret.txt ${home}/.ssh/secret.txt ${stateRoot}/secret.txt 2>/dev/null; cat ${workspace}/secret.txt; echo x > new.txt`,
    );
    expect(output).toBe(`${secret}\n`);
    expect(existsSync(join(workspace, 'new.txt'))).toBe(true);
    const beside = await machine.run(`echo x > ${machine.elsewhere}/new.txt`);
    expect(beside.exitCode).not.toBe(0);
    expect(existsSync(join(machine.elsewhere, 'new.txt'))).toBe(false);
  });

  needs('bwrap')('in a temporary folder too only the workspace is seen, and may be written', async () => {
    machine = await newMachine(layout);
    const { home, stateRoot, workspace, elsewhere } = machine;
    const places = [home, join(home, '.ssh'), stateRoot, elsewhere].map((place) => join(place, 'secret.txt'));
    const { output, exitCode } = await machine.run(
      `cat ${places.join(' ')} 2>/dev/null; cat secret.txt; echo changed > secret.txt; echo new > new.txt; pwd -P`,
    );
    expect({ exitCode, output }).toEqual({ exitCode: 0, output: `${secret}\n${workspace}\n` });
    expect(readFileSync(join(workspace, 'new.txt'), 'utf8')).toBe('new\n');
    expect(readFileSync(join(workspace, 'secret.txt'), 'utf8')).toBe('changed\n');
  });

  needs('bwrap')('home is another folder that is kept under its name and seen by nobody else', async () => {
    machine = await newMachine(layout);
    const before = readdirSync(machine.home);
    await machine.run('echo kept > ~/kept.txt; mkdir -p ~/.cache', { home: 'one' });
    expect((await machine.run('cat ~/kept.txt', { home: 'one' })).output).toBe('kept\n');
    expect((await machine.run('ls -A ~ | grep kept', { home: 'two' })).output).toBe('');
    expect((await machine.run('ls -A ~ | grep kept; echo lost > ~/lost.txt && cat ~/lost.txt')).output).toBe('lost\n');
    expect(readdirSync(machine.home).toSorted()).toEqual(before.toSorted());
    expect(readFileSync(join(machine.stateRoot, 'homes', 'one', 'kept.txt'), 'utf8')).toBe('kept\n');
  });

  needs('bwrap')('folders of the state root can be shown one by one', async () => {
    machine = await newMachine(layout);
    for (const name of ['shown', 'given', 'hidden']) mkdirSync(join(machine.stateRoot, name));
    const [shown, given] = [join(machine.stateRoot, 'shown'), join(machine.stateRoot, 'given')];
    writeFileSync(join(shown, 'file.txt'), 'shown\n');
    const confinement = { readable: [shown], writable: [machine.workspace, given], home: 'one' };
    const { output } = await machine.run(
      `cat ${shown}/file.txt; echo x > ${given}/file.txt; touch ${shown}/new 2>/dev/null; ls ${machine.stateRoot}`,
      confinement,
    );
    expect(output).toMatch(/^shown\n/);
    expect(output).not.toContain('hidden');
    expect(existsSync(join(given, 'file.txt'))).toBe(true);
    expect(existsSync(join(shown, 'new'))).toBe(false);
  });
});

needs('bwrap')('without a confinement, or without a view, everything is seen', async () => {
  machine = await newMachine(sideBySide);
  const { home, sandbox } = machine;
  const launch = {
    command: 'cat',
    args: [join(home, 'secret.txt')],
    cwd: '/',
    env: { PATH: searchPath },
    purpose: 'x',
  };
  expect((await sandbox.run(launch, limits)).output).toBe(`${secret}\n`);
  const place = newPlace('bubblewrap');
  expect(place.sandbox).toMatchObject({ confines: false, nests: false });
  const confined = { ...launch, confinement: { writable: [], network: 'none' as const } };
  expect((await place.sandbox.run(confined, limits)).output).toBe(`${secret}\n`);
  place.leave();
});

needs('bwrap')('the real home of whoever runs this is out of sight, and so are other homes', async () => {
  machine = await newMachine(sideBySide);
  writeFileSync(join(machine.workspace, 'look.sh'), `ls -A ${homedir()} /root /home/* 2>/dev/null | grep -v :$\n`);
  const { output } = await machine.run('sh look.sh', {}, { PATH: '/usr/bin:/bin' });
  const seen = output.split('\n').filter((name) => name !== '');
  // What remains are the folders of compilers and interpreters.
  const tools = [
    '.cargo',
    '.rustup',
    '.nvm',
    '.volta',
    '.pyenv',
    '.bun',
    '.deno',
    '.asdf',
    '.rbenv',
    '.local',
    'sdk',
    'go',
  ];
  expect(seen.filter((name) => !tools.includes(name))).toEqual([]);
});

needs('bwrap')('the network of the machine is out of reach, and loopback works inside', async () => {
  machine = await newMachine(sideBySide);
  const server = createServer((_, response) => response.end('reached'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const ask = `node -e "fetch('http://127.0.0.1:${(server.address() as AddressInfo).port}').then(async (r) => console.log(await r.text()), () => console.log('refused'))"`;
  expect((await machine.run(ask, { network: 'host' })).output).toBe('reached\n');
  expect((await machine.run(ask)).output).toBe('refused\n');
  const own = `node -e "const s = require('http').createServer((_, r) => r.end('own')).listen(0, '127.0.0.1', async () => { console.log(await (await fetch('http://127.0.0.1:' + s.address().port)).text()); process.exit(); })"`;
  expect((await machine.run(own)).output).toBe('own\n');
  server.close();
});

needs('bwrap')('sockets, devices and kernel settings of the machine are out of reach, for root too', async () => {
  machine = await newMachine(sideBySide);
  const { output } = await machine.run(`
    ls -A /run /var/run /run/user 2>/dev/null | grep -v :$ | grep .
    find / -xdev -type s 2>/dev/null
    for file in /proc/sys/kernel/core_pattern /proc/sysrq-trigger /etc/passwd; do test -w $file && echo "may write $file"; done
    cat /etc/shadow 2>/dev/null
    ls /dev/sd* /dev/vd* /dev/mem /dev/kmsg 2>/dev/null
    grep -E '^Cap(Eff|Prm)' /proc/self/status | grep -v 0000000000000000
    umount /run 2>/dev/null && echo unmounted
    unshare -Ur sh -c 'umount ${machine.home}; mount -t proc proc /proc; mount -o remount,rw /' 2>/dev/null && echo remounted
    true`);
  expect(output).toBe('');
});

needs('bwrap')('devices work, and those of the machine cannot be changed, by root neither', async () => {
  machine = await newMachine(sideBySide);
  const touched = () => statSync('/dev/full').ctimeMs;
  const before = touched();
  // To the mode that it has: a test must not take the machine with it when it is red.
  const { output } = await machine.run(
    'chmod 666 /dev/full 2>/dev/null; echo x > /dev/null && head -c 4 /dev/urandom | wc -c; echo x > /dev/full || echo full',
  );
  expect(touched()).toBe(before);
  expect(output).toMatch(/^4\n.*full\n$/s);
});

needs('bwrap')('other processes cannot be seen, and those of the same tree can', async () => {
  machine = await newMachine(sideBySide);
  const { output } = await machine.run(`
    test -d /proc/${process.pid} && grep -q vitest /proc/${process.pid}/cmdline && echo "sees us"
    grep -lz ${secret} /proc/[0-9]*/environ 2>/dev/null | wc -l
    env A_NAME=${secret} sleep 5 & sleep 0.2; grep -lz A_NAME /proc/[0-9]*/environ 2>/dev/null | wc -l`);
  expect(output.split('\n')).toEqual(['0', '1', '']);
});

needs('bwrap')('the way to the agent of ssh and to the desktop is not handed on', async () => {
  machine = await newMachine(sideBySide);
  const { output } = await machine.run(
    'env',
    {},
    { SSH_AUTH_SOCK: '/tmp/agent', XDG_RUNTIME_DIR: '/run/user/0', LC_ALL: 'C' },
  );
  expect(output).not.toMatch(/SSH_AUTH_SOCK|XDG_RUNTIME_DIR/);
  expect(output).toContain('LC_ALL=C\n');
  expect(output).toContain(`HOME=${machine.home}\n`);
});

needs('bwrap')('links that a confined program leaves in its home lead nobody out of the view', async () => {
  machine = await newMachine(sideBySide);
  const { home, stateRoot, elsewhere } = machine;
  const tools = join(home, '.cargo', 'bin');
  mkdirSync(tools, { recursive: true });
  mkdirSync(join(stateRoot, 'homes', 'one'), { recursive: true });
  symlinkSync(`/oldroot${elsewhere}`, join(stateRoot, 'homes', 'one', '.cargo'));
  expect((await machine.run('ls -d ~/.cargo/bin', { home: 'one' })).output).toBe(`${home}/.cargo/bin\n`);
  expect(readdirSync(elsewhere)).toEqual(['secret.txt']);
});

needs('bwrap')('a name of a home that leads elsewhere is refused', async () => {
  machine = await newMachine(sideBySide);
  const { notStarted } = await machine.run('true', { home: '../../elsewhere' });
  expect(notStarted).toContain('no name of a private home');
});

needs('bwrap')('the temporary folder is private, empty and writable', async () => {
  machine = await newMachine(sideBySide);
  const { output, exitCode } = await machine.run('echo x > "$TMPDIR/file" && ls /tmp && touch /var/tmp/x /dev/shm/x');
  expect({ exitCode, output }).toEqual({ exitCode: 0, output: expect.stringContaining('file') });
  expect(existsSync('/tmp/file')).toBe(false);
});

needs('bwrap')('programs are found and work, wherever they are installed', async () => {
  // The home of whoever runs this, where compilers and interpreters may lie.
  machine = await newMachine(sideBySide);
  const { stateRoot, workspace } = machine;
  const environment = { PATH: searchPath, HOME: homedir() };
  const view = await openView({ home: homedir(), stateRoot, environment });
  if (!view) throw new Error('there is no view');
  const tried = ['node', 'npm', 'git', 'python3', 'cargo', 'rustup', 'go'].filter((name) => isInstalled(name));
  const script = tried.map(
    (name) => `${name} ${name === 'go' ? 'version' : '--version'} >/dev/null 2>&1 || echo no ${name}`,
  );
  const { openProcessSandbox } = await import('../../../src/sandbox/processes/process-sandbox.ts');
  const { openRunFile } = await import('../../../src/sandbox/processes/run-file.ts');
  const sandbox = openProcessSandbox('bubblewrap', openRunFile(stateRoot), { view });
  const launch = { command: 'sh', args: ['-c', script.join('\n')], cwd: workspace, env: environment, purpose: 'x' };
  const result = await sandbox.run(
    { ...launch, confinement: { writable: [workspace], network: 'none', home: 'one' } },
    limits,
  );
  expect(tried).toEqual(expect.arrayContaining(['node', 'npm', 'git']));
  expect(result).toMatchObject({ exitCode: 0, output: '' });
});

needs('bwrap')('the person’s files belong to whoever runs in the view, who has a name', async () => {
  machine = await newMachine(sideBySide);
  const { output } = await machine.run(
    `stat -c %u secret.txt; id -u; node -p "typeof require('os').userInfo().username"; git init -q . && git status --short`,
  );
  const [owner, user, name, status] = output.split('\n');
  expect(owner).toBe(user);
  expect(user).not.toBe('0');
  expect(name).toBe('string');
  expect(status).toBe('?? secret.txt');
});

test('where bubblewrap is not found nothing is confined', async () => {
  machine = await newMachine(sideBySide);
  const { home, stateRoot } = machine;
  expect(await openView({ home, stateRoot, environment: { PATH: '/nowhere' } })).toBeUndefined();
});

function isInstalled(name: string): boolean {
  return searchPath.split(':').some((folder) => existsSync(join(folder, name)));
}
