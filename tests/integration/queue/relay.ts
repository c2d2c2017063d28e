import { once } from 'node:events';
import { connect, createServer, type Server, type Socket } from 'node:net';

/** A TCP relay in front of a real server: what stands behind its address can go away and come back. */
export type Relay = {
  /** The server's URL with the relay's port. */
  readonly url: string;
  /** As if the server had been killed: connections break, new ones are refused. */
  cut(): Promise<void>;
  /** As if the network had gone: connections stay, nothing passes any more. */
  freeze(): void;
  /** As if the server had come back at the same address. */
  restore(): Promise<void>;
  close(): Promise<void>;
};

export async function relayTo(url: string): Promise<Relay> {
  const target = new URL(url);
  const sockets = new Set<Socket>();
  let frozen = false;
  let server = await listen(0);
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('a TCP server has a port');
  const { port } = address;
  const through = new URL(url);
  through.host = `127.0.0.1:${port}`;

  async function listen(onPort: number): Promise<Server> {
    const listening = createServer(pass).listen(onPort, '127.0.0.1');
    await once(listening, 'listening');
    return listening;
  }

  function pass(near: Socket): void {
    const far = connect(Number(target.port), target.hostname);
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      sockets.add(from);
      from.on('data', (data) => {
        if (!frozen) to.write(data);
      });
      from.on('error', () => to.destroy());
      from.on('close', () => {
        sockets.delete(from);
        to.destroy();
      });
    }
  }

  async function cut(): Promise<void> {
    if (!server.listening) return;
    const closed = once(server, 'close');
    server.close();
    for (const socket of sockets) socket.destroy();
    await closed;
  }

  return {
    url: through.href,
    cut,
    freeze() {
      frozen = true;
    },
    async restore() {
      frozen = false;
      if (!server.listening) server = await listen(port);
    },
    close: cut,
  };
}
