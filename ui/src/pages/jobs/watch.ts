// Keeps an eye on jobs whose page was left, and says when they are over.
import { get } from '../../api/client';
import { pagePath } from '../../api/place';
import { isOver, queryClient } from '../../api/queries';
import type { Job } from '../../api/types';
import { t } from '../../app/t';
import { toast } from '../../app/toast';
import { addressOf } from './words';

const watched = new Set<string>();

/** Says it in the tab too, while another one is looked at. */
function flagTitle(text: string): void {
  if (!document.hidden) return;
  const before = document.title;
  document.title = `● ${text}`;
  document.addEventListener('visibilitychange', () => {
    if (document.title === `● ${text}`) document.title = before;
  }, { once: true });
}

export function watchFromAfar(job: Job): void {
  if (job.kind === 'profile' || watched.has(job.id)) return;
  watched.add(job.id);
  const look = async () => {
    // Back on the page of the job: it speaks for itself.
    if (pagePath() === `/jobs/${job.id}`) {
      watched.delete(job.id);
      return;
    }
    try {
      const now = await get<Job>(`/jobs/${job.id}`);
      if (isOver(now)) {
        watched.delete(job.id);
        for (const key of ['models', 'studies', 'jobs', 'me']) void queryClient.invalidateQueries({ queryKey: [key] });
        if (now.status !== 'cancelled') flagTitle(t(now.status === 'done' ? 'job.doneToast' : 'job.failedToast'));
        if (now.status === 'done' && now.result) toast(t('job.doneToast'), { to: addressOf(now.result) });
        else if (now.status === 'failed') toast(t('job.failedToast'), { to: `/jobs/${job.id}` });
        return;
      }
    } catch {
      // The next look may find the server again.
    }
    setTimeout(() => void look(), 3000);
  };
  setTimeout(() => void look(), 3000);
}
