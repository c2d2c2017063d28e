import { join } from 'node:path';
import { bash, edit, play, say, write } from '../play.ts';
import type { Script } from '../server.ts';
import { command, errors, faultyLine, mendedLine, packageJson, readme, scraperWithFault, tests } from './files.ts';

/** What the demo asks for. */
export const webScraperTask = 'Create a web scraper in Node.js with error handling and comprehensive tests';

/**
 * The demo: in the first round the model writes a scraper with a fault and says that all is well; told what Spiral's own
 * test run found, it looks, mends it and runs the tests itself.
 *
 * @param workspace absolute, after symlinks
 */
export function webScraperPlay(workspace: string): Script {
  const path = (name: string) => join(workspace, name);
  return play([
    [
      [say('Creating project structure…'), write(path('package.json'), packageJson)],
      [
        say('Implementing the scraper with typed errors…'),
        write(path('src/errors.js'), errors),
        write(path('src/scraper.js'), scraperWithFault),
        write(path('bin/scrape.js'), command),
      ],
      [bash('node --check src/scraper.js && node --check bin/scrape.js', 'Check the syntax')],
      [say('Adding a test suite…'), write(path('test/scraper.test.js'), tests)],
      [say('Writing the documentation…'), write(path('README.md'), readme)],
      [say('The scraper is complete and all tests pass.')],
    ],
    [
      [say('Looking at what failed…'), bash('node --test', 'Run the tests')],
      [
        say('Relative links are not resolved against the page. Mending that…'),
        edit(path('src/scraper.js'), faultyLine, mendedLine),
      ],
      [bash('node --test', 'Run the tests again')],
      [say('Relative links are resolved now; all 8 tests pass.')],
    ],
  ]);
}
