import { settingVariables } from './environment.ts';

/** What a command needs to find its programs, its caches and its way through a proxy, and nothing that opens a door. */
const allowed: ReadonlySet<string> = new Set([
  'PATH',
  'HOME',
  'USER',
  'LOGNAME',
  'SHELL',
  'LANG',
  'TZ',
  'TERM',
  'TMPDIR',
  'http_proxy',
  'https_proxy',
  'all_proxy',
  'no_proxy',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'NODE_EXTRA_CA_CERTS',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
  'CARGO_HOME',
  'RUSTUP_HOME',
  'RUSTUP_TOOLCHAIN',
  'GOPATH',
  'GOROOT',
  'GOCACHE',
  'GOFLAGS',
  'GOPROXY',
  'PYENV_ROOT',
  'PYENV_VERSION',
  'JAVA_HOME',
  'NVM_DIR',
  'VOLTA_HOME',
  'npm_config_cache',
  'npm_config_registry',
  'npm_config_userconfig',
  'PIP_INDEX_URL',
]);

const allowedFamilies = ['LC_', 'XDG_'];

/** Never handed on, whatever the configuration says. */
const withheld: ReadonlySet<string> = new Set(settingVariables);

/** The environment of child processes, with the variables named in `pass`; a notice for each that is withheld. */
export function childEnvironmentOf(
  environment: NodeJS.ProcessEnv,
  pass: readonly string[],
): { readonly variables: Record<string, string>; readonly notices: readonly string[] } {
  const wanted = new Set(pass);
  const variables: Record<string, string> = {};
  for (const [name, value] of Object.entries(environment)) {
    if (value === undefined || withheld.has(name)) continue;
    const isAllowed = allowed.has(name) || allowedFamilies.some((family) => name.startsWith(family));
    if (isAllowed || wanted.has(name)) variables[name] = value;
  }
  const notices = pass
    .filter((name) => withheld.has(name))
    .map((name) => `${name} is never handed to commands, although claude_code.pass_environment names it`);
  return { variables, notices };
}
