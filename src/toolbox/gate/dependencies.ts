import { builtinModules } from 'node:module';
import { counted } from '../../domain/amounts.ts';
import type { GateRow } from '../../domain/gate-report.ts';
import type { ToolFiles, ToolManifest } from '../../domain/tool.ts';
import { shown, visible } from './finding.ts';
import { checked } from './row.ts';
import { importsOf } from './script-uses.ts';
import type { Source } from './sources.ts';

const exactVersion = /^\d+\.\d+(?:\.\d+)?(?:[-+.]?[0-9A-Za-z.-]+)?$/;
const locks = { node: ['package-lock.json'], python: ['requirements.txt'], command: [] } as const;

/** A tool brings everything that it needs. Packages are named exactly and locked, and still cannot be had here. */
export function rowOfDependencies(manifest: ToolManifest, files: ToolFiles, sources: readonly Source[]): GateRow {
  const { dependencies, language } = manifest;
  const named = Object.entries(dependencies);
  const inexact = named.filter(([, version]) => !exactVersion.test(version));
  const lock = locks[language].find((path) => files.has(path));
  const packages = [...files.keys()].filter((path) => /(?:^|\/)(?:node_modules|site-packages)\//.test(path));
  const findings = [
    ...inexact.map(
      ([name, version]) =>
        `${visible(name, 100)} ${shown(version)}: a version has to be exact and of the registry, for example 1.2.3`,
    ),
    ...(named.length > 0 && lock === undefined
      ? [
          `there is no ${locks[language][0] ?? 'lock file of a kind that is known'}, which says what exactly is installed`,
        ]
      : []),
    ...(named.length > 0
      ? [
          'a tool brings its code with it in this version, and no packages are installed: write what is needed, or put it into the files of the tool',
        ]
      : []),
    ...(packages.length > 0 ? [`installed packages are no files of a tool: ${packages[0]}`] : []),
    ...unnamedImports(sources, dependencies),
  ];
  return checked('dependencies', named.length === 0 ? 'none' : `${counted(named.length, 'package')} named`, findings);
}

/** Packages that a program names and the manifest does not. Of Python one cannot tell them from its own modules. */
function unnamedImports(sources: readonly Source[], dependencies: ToolManifest['dependencies']): string[] {
  return sources
    .filter(({ language, isTest }) => language === 'script' && !isTest)
    .flatMap(({ path, text }) =>
      importsOf(text).flatMap(({ name }) => {
        if (/^(?:\.{0,2}\/|node:|data:|#)/.test(name) || name === '.' || builtinModules.includes(name)) return [];
        const [scope = '', inner = ''] = name.split('/');
        const wanted = scope.startsWith('@') ? `${scope}/${inner}` : scope;
        return Object.hasOwn(dependencies, wanted)
          ? []
          : [`${path} needs the package ${visible(wanted, 80)}, which is not named`];
      }),
    );
}
