/** Where Discord keeps what people attach. */
const ownHosts = new Set(['cdn.discordapp.com', 'media.discordapp.net']);
const waitMs = 30_000;

/**
 * The content of an attachment; undefined when it cannot be had.
 *
 * @param url as Discord names it: no other server is asked
 * @param maxBytes it is broken off beyond that, whatever size was announced
 */
export async function download(
  url: string,
  maxBytes: number,
  apiBase: string | undefined,
): Promise<Uint8Array | undefined> {
  const address = URL.canParse(url) ? new URL(url) : undefined;
  const isOwn = address?.protocol === 'https:' && ownHosts.has(address.host);
  const isOfBase = apiBase !== undefined && address?.origin === new URL(apiBase).origin;
  if (!address || !(isOwn || isOfBase)) return undefined;
  try {
    const response = await fetch(address, { redirect: 'error', signal: AbortSignal.timeout(waitMs) });
    if (!response.ok || !response.body) return undefined;
    const chunks: Uint8Array[] = [];
    let bytes = 0;
    for await (const chunk of response.body) {
      bytes += chunk.length;
      if (bytes > maxBytes) return undefined;
      chunks.push(chunk);
    }
    return Buffer.concat(chunks);
  } catch {
    return undefined; // Whoever asked says that it did not come.
  }
}
