/** The names by which runners recognise tests. Paths are relative to a project, with `/` between their parts. */

const nativeNodeName = /(^|\/)(test|test-[^/]+|[^/]+[.\-_]test)\.[cm]?js$/;
const typedNodeName = /(^|\/)(test|test-[^/]+|[^/]+[.\-_](test|spec))\.([cm]?ts|tsx)$/;
const foreignNodeName =
  /((^|\/)[^/]+[.\-_]spec\.[cm]?jsx?|[.\-_]test\.jsx|(^|\/)__tests__\/(.+\/)?[^/]+\.[cm]?[jt]sx?)$/;
const inTestFolder = /(^|\/)test\/(.+\/)?[^/]+\.[cm]?js$/;

export function isNodeTest(path: string): boolean {
  return isNativeNodeTest(path) || isTypedNodeTest(path) || isForeignNodeTest(path);
}

/** Found by `node --test` by its own name. */
export function isNativeNodeTest(path: string): boolean {
  return nativeNodeName.test(path);
}

/** Found by `node --test` only because it lies in a folder `test`; it may be no test at all. */
export function isInTestFolder(path: string): boolean {
  return inTestFolder.test(path);
}

/** TypeScript, which not every node can load. */
export function isTypedNodeTest(path: string): boolean {
  return typedNodeName.test(path) && !path.endsWith('.d.ts');
}

/** A name that jest and vitest look for and node does not. */
export function isForeignNodeTest(path: string): boolean {
  return foreignNodeName.test(path) && !isNativeNodeTest(path) && !isTypedNodeTest(path);
}

/** May hold python tests; what it holds tells. */
export function isPythonTest(path: string): boolean {
  return /(^|\/)(test[^/]*|[^/]+_test)\.py$/.test(path);
}

export function isGoTest(path: string): boolean {
  return /(^|\/)[^/._][^/]*_test\.go$/.test(path);
}

export type PythonStyle = 'pytest' | 'unittest';

/** Which runner a python test file is written for; undefined when it holds no tests. */
export function pythonStyleOf(text: string): PythonStyle | undefined {
  if (/^[ \t]*(import|from)[ \t]+pytest\b/m.test(text)) return 'pytest';
  if (/^(async[ \t]+)?def[ \t]+test/m.test(text)) return 'pytest';
  if (/\bunittest\b|\bTestCase\b/.test(text)) return 'unittest';
  if (/^class[ \t]+Test\w*[ \t]*[:(]/m.test(text)) return 'pytest';
  return undefined;
}
