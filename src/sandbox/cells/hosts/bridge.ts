const port = 3128;

/** Runs in the cell: lets the tool reach the proxy's socket as a port of its own machine, and ends with the tool. */
const source = `
const net = require('node:net');
const { spawn } = require('node:child_process');
const { signals } = require('node:os').constants;
const [socket, command, ...args] = process.argv.slice(1);
const end = (one, other) => one.on('error', () => {}).on('close', () => other.destroy());
net.createServer((client) => {
  const proxy = net.connect(socket);
  end(client, proxy);
  end(proxy, client);
  client.pipe(proxy).pipe(client);
}).listen(${port}, '127.0.0.1', () => {
  const tool = spawn(command, args, { stdio: 'inherit' });
  tool.on('error', () => process.exit(127));
  tool.on('exit', (code, signal) => process.exit(code ?? 128 + signals[signal]));
});`;

/** A command line that runs a tool with a bridge to the proxy beside it. */
export function bridged(
  node: string,
  socket: string,
  command: readonly [string, ...string[]],
): readonly [string, ...string[]] {
  return [node, '-e', source, '--', socket, ...command];
}

const address = `http://127.0.0.1:${port}`;

/** What tells programs of the way. */
export const proxyEnvironment: Readonly<Record<string, string>> = {
  HTTPS_PROXY: address,
  https_proxy: address,
  HTTP_PROXY: address,
  http_proxy: address,
};
