import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Script } from '../rehearsal/server.ts';
import type { DemoPlay, TaskRequest } from '../spiral.ts';

/** What a demo asks for, and the model that answers. */
type Played = Pick<TaskRequest, 'text' | 'agent' | 'talk'> & { readonly script: Script };

/** A demo by its name; what it needs to be there is written into the folder. */
export async function playNamed(play: DemoPlay, folder: string): Promise<Played> {
  switch (play) {
    case 'scraper': {
      const { webScraperPlay, webScraperTask } = await import('../rehearsal/web-scraper/web-scraper-play.ts');
      return { text: webScraperTask, agent: 'developer', script: webScraperPlay(folder) };
    }
    case 'project': {
      const { projectPlay, projectTask } = await import('../rehearsal/team/project-play.ts');
      return { text: projectTask, agent: 'project-manager', script: projectPlay() };
    }
    case 'talk': {
      const { talkMembers, talkPlay, talkWords } = await import('../rehearsal/team/talk-play.ts');
      return { text: talkWords, agent: 'project-manager', talk: { to: talkMembers }, script: talkPlay() };
    }
    case 'tool': {
      const { customers, toolPlay, toolTask } = await import('../rehearsal/tool/tool-play.ts');
      await mkdir(folder, { recursive: true });
      await writeFile(join(folder, 'customers.csv'), customers);
      return { text: toolTask, agent: 'developer', script: toolPlay() };
    }
    case 'qa': {
      const { reviewedFiles, reviewPlay, reviewTask } = await import('../rehearsal/team/review-play.ts');
      for (const [path, text] of Object.entries(reviewedFiles)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        await writeFile(join(folder, path), text);
      }
      return { text: reviewTask, agent: 'quality-assurance', script: reviewPlay() };
    }
  }
}
