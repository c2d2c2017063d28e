/**
 * The part of our python programs that writes outcome lines, as text. It expects `report_path`, `json`, `os` and `sys`, and the
 * path of the key as the third argument. The key is read and deleted before anything of the workspace is loaded.
 */
export const pythonReport = String.raw`
with open(sys.argv[3], encoding='utf-8') as key_file:
    key = key_file.read()
os.unlink(sys.argv[3])
report = open(report_path, 'a', encoding='utf-8')
dumps, owner = json.dumps, os.getpid()
messages = names = 0


def write(outcome, name='', message='', path=''):
    global messages, names
    if os.getpid() != owner:
        return  # A process that a test forked, with everything that we know.
    line = {'key': key, 'outcome': outcome}
    names += 1
    if names <= 25000:
        line.update(name=str(name)[:500], file=str(path))
    if message != '':
        messages += 1
        if messages <= 100:
            line['message'] = str(message)[-4000:]
    report.write(dumps(line) + '\n')
    report.flush()
`;
