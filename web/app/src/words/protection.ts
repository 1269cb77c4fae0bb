import { learn } from './catalogue';
import { approvals } from './protection/approvals';
import { destinations } from './protection/destinations';
import { notices } from './protection/notices';
import { policies } from './protection/policies';
import { refusals } from './protection/refusals';
import { register } from './protection/register';
import { tasks } from './protection/tasks';

// Data protection: many words for few people. They come with the pages that say them.
export const protection = { ...register, ...notices, ...policies, ...refusals, ...approvals, ...destinations, ...tasks } as const;

learn({ protection });
