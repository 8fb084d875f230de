// A shared model behind its link: one form, one answer, nobody signed in. What its owner has or is called is not told.
import { useQuery } from '@tanstack/react-query';
import { useParams } from '@tanstack/react-router';
import { lazy, Suspense } from 'react';
import { get } from '../../api/client';
import { asProblem } from '../../api/problem';
import type { GuestModel } from '../../api/types';
import { ThemeButton } from '../../app/shell';
import { t } from '../../app/t';
import { Mark, Siding } from '../../design/icons';
import { ErrorPanel, Skeleton, useTitle } from '../../design/parts';

const Ask = lazy(() => import('./ask').then((module) => ({ default: module.Ask })));

export function Guest() {
  const { slug = '' } = useParams({ strict: false }) as { slug?: string };
  const model = useQuery({ queryKey: ['guest', slug], queryFn: () => get<GuestModel>(`/g/${encodeURIComponent(slug)}`, { renew: false }), staleTime: 60_000 });
  return (
    <>
      <a className="skip" href="#page">{t('app.skip')}</a>
      <header className="top">
        <div className="top-in">
          <span className="brand" style={{ flex: 1 }}><Mark /><span>Trainyard</span></span>
          <ThemeButton />
        </div>
      </header>
      <main id="page" tabIndex={-1}>
        {model.isPending ? <Skeleton height={420} /> : model.data ? <Suspense fallback={<Skeleton height={420} />}><Ask slug={slug} model={model.data} /></Suspense> : asProblem(model.error).status === 404 ? <Closed /> : <><h1 className="hidden">{t('guest.title')}</h1><ErrorPanel error={model.error} onRetry={() => void model.refetch()} /></>}
      </main>
    </>
  );
}

function Closed() {
  useTitle(t('guest.closed'));
  return (
    <div className="empty" style={{ paddingBlockStart: '12vh' }}>
      <Siding />
      <h1>{t('guest.closed')}</h1>
      <p>{t('guest.closedLead')}</p>
    </div>
  );
}
