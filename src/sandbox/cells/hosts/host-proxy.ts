import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { type AllowedHost, parseAllowedHost } from './allowed-host.ts';
import type { Dial } from './dial.ts';

/** A way to some hosts and to no other, for one call of a tool. */
export type HostProxy = {
  /** The socket that it listens on: a file, because a cell has no network in common with us. */
  readonly socket: string;
  /** Ends it with all connections. */
  close(): void;
};

const mostConnections = 64;

/** Opens a proxy that makes tunnels (the method CONNECT of HTTP) to exactly these hosts. */
export async function openHostProxy(allowed: readonly AllowedHost[], dial: Dial): Promise<HostProxy> {
  const folder = mkdtempSync(join(tmpdir(), 'spiral-hosts-'));
  const socket = join(folder, 'proxy.sock');
  const open = new Set<Duplex>();
  const keep = (connection: Duplex) => {
    open.add(connection);
    connection.once('close', () => open.delete(connection));
    connection.on('error', () => undefined); // Either side may go whenever it likes.
  };
  const server = createServer((_, response) => response.writeHead(405).end('only tunnels (CONNECT) are made here\n'));
  server.maxConnections = mostConnections;
  server.on('connection', keep);
  server.on('connect', (request, client: Duplex, head: Buffer) => {
    const wanted = parseAllowedHost(request.url ?? '');
    const host = allowed.find(({ name, port }) => name === wanted?.name && port === wanted.port);
    if (!host) return refuse(client, '403 Forbidden');
    dial(host).then(
      (upstream) => {
        keep(upstream);
        if (client.destroyed) return void upstream.destroy();
        client.write('HTTP/1.1 200 Connection established\r\n\r\n');
        upstream.write(head);
        client.pipe(upstream).pipe(client);
        client.once('close', () => upstream.destroy());
        upstream.once('close', () => client.destroy());
      },
      () => refuse(client, '502 Bad Gateway'),
    );
  });
  await new Promise<void>((resolve, reject) => server.once('error', reject).listen(socket, resolve));
  return {
    socket,
    close() {
      server.close();
      for (const connection of open) connection.destroy();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function refuse(client: Duplex, status: string): void {
  client.end(`HTTP/1.1 ${status}\r\ncontent-length: 0\r\nconnection: close\r\n\r\n`);
}
