// Pages for when there is no page: a wrong address, and a fault in the page itself.
import { Button } from '@mantine/core';
import { asProblem, Problem } from '../api/problem';
import { ErrorPanel, useTitle } from '../design/parts';
import { Siding } from '../design/icons';
import { Link } from './link';
import { t } from './t';

export function Missing() {
  useTitle(t('missing.title'));
  return (
    <main id="page" tabIndex={-1}>
      <div className="empty" style={{ paddingBlockStart: '12vh' }}>
        <Siding />
        <h1>{t('missing.title')}</h1>
        <p>{t('missing.lead')}</p>
        <Link to="/">{t('missing.home')}</Link>
      </div>
    </main>
  );
}

/** A part of the app that could not be fetched: the server is away, or was replaced by a newer one. */
function unreachable(error: unknown): Problem | null {
  const text = asProblem(error).message;
  return /dynamically imported module|module script|Unable to preload/i.test(text) ? new Problem(0, {}) : null;
}

export function Stumbled({ error, reset }: { error: unknown; reset: () => void }) {
  useTitle(t('error.page'));
  const known = error instanceof Problem ? error : unreachable(error);
  const body = known ? (
    <>
      <h1 className="hidden">{known.title}</h1>
      <ErrorPanel error={known} onRetry={error instanceof Problem ? reset : () => window.location.reload()} />
    </>
  ) : (
    <>
      <h1>{t('error.page')}</h1>
      <p className="lead">{t('error.pageLead')}</p>
      <p className="mono soft">{error instanceof Error ? error.message : String(error)}</p>
      <div><Button onClick={() => window.location.reload()}>{t('error.reload')}</Button></div>
    </>
  );
  return (
    <main id="page" tabIndex={-1}>
      <div className="stack" style={{ paddingBlockStart: '8vh' }}>{body}</div>
    </main>
  );
}
