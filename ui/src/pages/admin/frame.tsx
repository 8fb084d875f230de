// What the pages of administrators share: their own row of addresses below the title, and the refusal for others.
import { useLocation } from '@tanstack/react-router';
import { type ReactNode, useRef } from 'react';
import { Link } from '../../app/link';
import { useMay } from '../../app/rights';
import { type Key, t } from '../../app/t';
import { Empty, Head } from '../../design/parts';
import { useChosenInView } from '../../design/tabs';
import './admin.css';

const PLACES = ['', 'users', 'models', 'data', 'batches', 'jobs', 'audit', 'settings'] as const;

export function AdminFrame({ title, lead, actions, children }: { title: string; lead?: ReactNode; actions?: ReactNode; children: ReactNode }) {
  const may = useMay('run');
  return (
    <>
      <Head title={title} lead={may ? lead : undefined} actions={may ? actions : undefined} />
      {may ? (
        <>
          <Places />
          {children}
        </>
      ) : <Empty>{t('admin.notYou')}</Empty>}
    </>
  );
}

function Places() {
  const bar = useRef<HTMLElement>(null);
  const pathname = useLocation({ select: (location) => location.pathname });
  useChosenInView(bar, '[aria-current=page]', pathname);
  return (
    <nav className="places" aria-label={t('nav.admin')} ref={bar}>
      {PLACES.map((place) => <Link key={place} to={place ? `/admin/${place}` : '/admin'} exact={place === ''}>{t(`admin.${place || 'today'}` as Key)}</Link>)}
    </nav>
  );
}

/** Whose something is, as a link to the account. */
export function OwnerLink({ owner }: { owner: { id: string; name: string } | null | undefined }) {
  return owner ? <Link to={`/admin/users/${owner.id}`} className="few"><bdi>{owner.name}</bdi></Link> : <span className="soft">{t('admin.gone')}</span>;
}
