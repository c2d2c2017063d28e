import { pythonReport } from './python-report.ts';

/**
 * Runs pytest as `python3 -m pytest` does and writes outcome lines. Arguments: the report to write, a JSON file with the
 * arguments of pytest, and a file with the key of the report, which is gone before any test is loaded. pytest is loaded
 * before the folder of the tests can be searched for it.
 *
 * Every outcome is compared with what was raised, so that a plugin that turns a failed test into a passed one is told; tests
 * that were taken out after they had been collected are told as skipped.
 */
export const pytestProgram = `
import json, os, sys

report_path, list_path = sys.argv[1], sys.argv[2]
sys.path.pop(0)
import doctest, pdb, tempfile, traceback, unittest
import pytest
${pythonReport}
write('began', sys.executable)

# Whoever defines one of these takes part in running tests.
hooks = '''pytest_cmdline_main pytest_collection pytest_runtestloop pytest_runtest_protocol pytest_runtest_call
pytest_pyfunc_call pytest_runtest_makereport pytest_runtest_logreport pytest_collect_file pytest_ignore_collect
pytest_pycollect_makeitem pytest_itemcollected'''.split()


def parts(nodeid):
    path, _, rest = nodeid.partition('::')
    return path, ' > '.join(rest.split('::')) if rest else ''


class Outcomes:
    def __init__(self):
        self.raised, self.phases, self.settled, self.collected, self.removed = {}, {}, set(), [], False

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items):
        before = [item.nodeid for item in items]
        yield
        left = {item.nodeid for item in items}
        for nodeid in before:
            if nodeid not in left:
                self.removed = True
                self.settle(nodeid, 'skipped')

    def pytest_collection_finish(self, session):
        self.collected = [item.nodeid for item in session.items]

    def pytest_collectreport(self, report):
        if report.failed:
            self.settle(report.nodeid, 'failed', report.longreprtext)
        elif report.skipped:
            self.settle(report.nodeid, 'skipped')

    @pytest.hookimpl(hookwrapper=True, tryfirst=True)
    def pytest_runtest_makereport(self, item, call):
        error = call.excinfo and call.excinfo.type
        self.raised[(item.nodeid, call.when)] = bool(error) and not issubclass(error, pytest.skip.Exception)
        yield

    def pytest_runtest_logreport(self, report):
        self.phases.setdefault(report.nodeid, []).append(report)
        if report.when == 'teardown':
            self.conclude(report.nodeid, self.phases.pop(report.nodeid))

    def conclude(self, nodeid, phases):
        failed = [phase for phase in phases if phase.failed]
        hidden = [phase for phase in phases if self.raised.get((nodeid, phase.when)) and not phase.failed and not hasattr(phase, 'wasxfail')]
        if failed:
            self.settle(nodeid, 'failed', failed[0].longreprtext or 'failed')
        elif hidden:
            write('doubt', '', nodeid + ' failed and was reported as ' + hidden[0].outcome)
            self.settle(nodeid, 'failed', 'failed, and was reported as ' + hidden[0].outcome)
        else:
            self.settle(nodeid, 'skipped' if any(phase.skipped for phase in phases) else 'passed')

    def settle(self, nodeid, outcome, message=''):
        self.settled.add(nodeid)
        path, name = parts(nodeid)
        write(outcome, name or path, message, path if name else '')

    def finish(self, config):
        for nodeid in self.phases:
            self.settle(nodeid, 'failed', 'did not come to its end')
        missing = [nodeid for nodeid in self.collected if nodeid not in self.settled]
        if missing:
            write('doubt', '', str(len(missing)) + ' tests were collected and did not run, for example ' + missing[0])
        for hook in hooks + ['pytest_collection_modifyitems'] * self.removed:
            for implementation in getattr(config.pluginmanager.hook, hook).get_hookimpls():
                code = getattr(implementation.function, '__code__', None)
                if code is not None and implementation.plugin is not self:
                    write('hook', os.path.realpath(code.co_filename), hook)

    @pytest.hookimpl(trylast=True)
    def pytest_unconfigure(self, config):
        self.finish(config)
        write('ended')


with open(list_path, encoding='utf-8') as listed:
    arguments = json.load(listed)
sys.path.insert(0, os.getcwd())
sys.argv = [pytest.__file__] + arguments
sys.exit(pytest.main(arguments, plugins=[Outcomes()]))
`;
