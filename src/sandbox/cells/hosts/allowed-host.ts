/** A host that a tool may reach, by name. */
export type AllowedHost = { readonly name: string; readonly port: number };

const securePort = 443;
const highestPort = 65_535;

/** `api.example.com` or `api.example.com:8443`; undefined for anything else, addresses and single names among it. */
export function parseAllowedHost(text: string): AllowedHost | undefined {
  const match = /^((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z](?:[a-z0-9-]{0,61}[a-z0-9])?)(?::(\d{1,5}))?$/i.exec(
    text,
  );
  const name = match?.[1]?.toLowerCase();
  const port = match?.[2] === undefined ? securePort : Number(match[2]);
  const longestName = 253;
  if (name === undefined || name.length > longestName || port < 1 || port > highestPort) return undefined;
  return { name, port };
}
