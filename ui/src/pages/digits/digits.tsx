// Handwritten digits, with the model that comes with the server: for everybody it is open to, also without an account.
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { asProblem } from '../../api/problem';
import { digitsQuery, queryClient } from '../../api/queries';
import type { DigitsStatus } from '../../api/types';
import { Link } from '../../app/link';
import { useMay } from '../../app/rights';
import { hasSession } from '../../app/session';
import { t, tMaybe } from '../../app/t';
import { Chip, ErrorPanel, Head, Skeleton } from '../../design/parts';
import { AskPicture } from '../pictures/ask';

const Readers = lazy(() => import('./readers').then((module) => ({ default: module.Readers })));

export function Digits() {
  const status = useQuery(digitsQuery);
  const runs = useMay('run');
  const guest = !hasSession();
  const model = status.data?.model;
  return (
    <>
      <Head
        title={t('digits.title')}
        lead={<>{t('digits.lead')}{model && <span className="row small" style={{ marginBlockStart: 8 }}><Chip>{t('digits.by', { algorithm: model.algorithm.replaceAll('_', ' '), version: model.version })}</Chip></span>}</>}
      />
      {status.isPending ? <Skeleton height={420} /> : !status.data ? <ErrorPanel error={status.error} onRetry={() => void status.refetch()} /> : (
        <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
          <State status={status.data} guest={guest} />
          {status.data.status !== 'off' && (
            <AskPicture
              path={guest ? '/digits/guest-predictions' : '/digits/predictions'}
              guest={guest}
              lead={guest ? undefined : t('picture.guestLead')}
              blocked={blockedBy(status.data, guest)}
              onError={(error) => {
                // Not ready after all: the page shows how far it is.
                if (asProblem(error).status === 503) void queryClient.invalidateQueries({ queryKey: digitsQuery.queryKey });
              }}
            />
          )}
          {runs && status.data.status !== 'off' && <Suspense fallback={<Skeleton height={200} />}><Readers active={model?.id} /></Suspense>}
        </div>
      )}
    </>
  );
}

function blockedBy(status: DigitsStatus, guest: boolean): string | null {
  if (guest && !status.guests) return t('digits.closed');
  if (status.status === 'preparing') return t('digits.wait');
  return status.status === 'failed' ? t('digits.failed') : null;
}

/** Why digits are not read just now, and what happens next. */
function State({ status, guest }: { status: DigitsStatus; guest: boolean }) {
  if (guest && !status.guests) {
    return (
      <div className="notice stack" style={{ '--gap': '8px' } as React.CSSProperties}>
        <h2>{t('digits.closed')}</h2>
        <p>{t('digits.closedText')} <Link to="/login" search={{ next: '/digits' }}>{t('nav.signIn')}</Link></p>
      </div>
    );
  }
  if (status.status === 'ready') return null;
  if (status.status === 'preparing') return <Preparing progress={status.progress} />;
  const failed = status.status === 'failed';
  return (
    <div className={`notice ${failed ? 'stop' : ''}`} role={failed ? 'alert' : undefined}>
      <h2>{failed ? t('digits.failed') : t('digits.off')}</h2>
      <p>{failed ? t('digits.failedText') : t('digits.offText')}</p>
    </div>
  );
}

function Preparing({ progress }: { progress: DigitsStatus['progress'] }) {
  const stage = progress?.stage;
  const share = progress?.of ? Math.min(1, (progress.done ?? 0) / progress.of) : null;
  return (
    <div className="notice engine stack" style={{ '--gap': '10px' } as React.CSSProperties}>
      <h2>{t('digits.preparing')}</h2>
      <p>{t('digits.preparingText')}</p>
      {share !== null && <div className="meter" role="progressbar" aria-label={t('digits.preparing')} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}><i style={{ width: `${share * 100}%` }} /></div>}
      {stage && <p className="small" role="status">{t('digits.now', { stage: [tMaybe(`job.stage.${stage}`, stage), progress?.message].filter(Boolean).join(' · ') })}</p>}
    </div>
  );
}
