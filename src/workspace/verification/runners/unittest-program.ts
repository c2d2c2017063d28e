import { pythonReport } from './python-report.ts';

/**
 * Runs unittest over given files and writes outcome lines. Arguments: the report to write, a JSON file with the test files
 * relative to the current folder, and a file with the key of the report, which is gone before any test is loaded. A file is imported as python itself would from the folder above its outermost
 * package, so that tests in folders without `__init__.py` are found as well.
 */
export const unittestProgram = String.raw`
import importlib, importlib.util, json, os, sys, traceback, unittest

__unittest = True  # Keeps our own frames out of the tracebacks.

report_path, list_path = sys.argv[1], sys.argv[2]
sys.path.pop(0)
${pythonReport}
sys.argv = ['python3 -m unittest']
write('began', sys.executable)


def told(test):
    return getattr(test, 'spiral_path', ''), getattr(test, 'spiral_name', None) or test.id()


class Outcomes(unittest.TextTestResult):
    def startTest(self, test):
        super().startTest(test)
        self.running, self.outcome, self.problem = test, None, ''

    def stopTest(self, test):
        super().stopTest(test)
        path, name = told(test)
        write(self.outcome or 'passed', name, self.problem, path)
        self.running = None

    def settle(self, test, outcome, problem=''):
        if getattr(self, 'running', None) is None:
            write(outcome, told(test)[1], problem, told(test)[0])
        elif self.outcome != 'failed':
            self.outcome, self.problem = outcome, problem

    def addError(self, test, err):
        super().addError(test, err)
        self.settle(test, 'failed', self.errors[-1][1])

    def addFailure(self, test, err):
        super().addFailure(test, err)
        self.settle(test, 'failed', self.failures[-1][1])

    def addSubTest(self, test, subtest, err):
        super().addSubTest(test, subtest, err)
        if err is not None:
            told = self.failures if issubclass(err[0], test.failureException) else self.errors
            self.settle(test, 'failed', told[-1][1])

    def addSkip(self, test, reason):
        super().addSkip(test, reason)
        self.settle(test, 'skipped')

    def addUnexpectedSuccess(self, test):
        super().addUnexpectedSuccess(test)
        self.settle(test, 'failed', 'unexpected success')


class DidNotLoad(unittest.TestCase):
    def __init__(self, path, problem):
        super().__init__('fail_to_load')
        self.path, self.problem = path, problem

    def id(self):
        return self.path

    __str__ = id

    def fail_to_load(self):
        raise ImportError('could not load ' + self.path + '\n' + self.problem) from None


def own_traceback(error):
    frames = error.__traceback__
    while frames and (frames.tb_frame.f_code.co_filename == __file__ or 'importlib' in frames.tb_frame.f_code.co_filename):
        frames = frames.tb_next
    return ''.join(traceback.format_exception(type(error), error, frames))


def named(tests, path):
    for test in tests:
        if isinstance(test, unittest.TestSuite):
            named(test, path)
        else:
            test.spiral_path = path
            test.spiral_name = type(test).__qualname__ + '.' + getattr(test, '_testMethodName', '')
    return tests


def load(path):
    folder, file = os.path.split(os.path.abspath(path))
    parts = [os.path.splitext(file)[0]]
    while os.path.exists(os.path.join(folder, '__init__.py')) and folder != os.path.dirname(folder):
        folder, part = os.path.split(folder)
        parts.insert(0, part)
    if folder not in sys.path:
        sys.path.insert(0, folder)
    name = '.'.join(parts)
    try:
        module = importlib.import_module(name)
    except ModuleNotFoundError as error:
        # Another package of the same name is loaded already, so ours cannot be reached by its name.
        if error.name is None or not (name + '.').startswith(error.name + '.'):
            raise
        module = None
    if os.path.realpath(getattr(module, '__file__', None) or '') != os.path.realpath(path):
        spec = importlib.util.spec_from_file_location(name + '_' + str(len(sys.modules)), path)
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
    return unittest.defaultTestLoader.loadTestsFromModule(module)


sys.path.insert(0, os.getcwd())
with open(list_path, encoding='utf-8') as listed:
    paths = json.load(listed)
suite = unittest.TestSuite()
for path in paths:
    try:
        suite.addTests(named(load(path), path))
    except unittest.SkipTest:
        write('skipped', path)
    except (Exception, SystemExit) as error:
        suite.addTest(DidNotLoad(path, own_traceback(error)))
result = unittest.TextTestRunner(verbosity=2, resultclass=Outcomes).run(suite)
write('ended')
report.close()
sys.exit(0 if result.wasSuccessful() else 1)
`;
