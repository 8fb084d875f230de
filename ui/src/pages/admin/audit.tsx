// The audit: who did what, or was refused it. Found by words, act, outcome and day; taken away as a file; its chain
// followed.
import { Button, TextInput } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { useState } from 'react';
import { get } from '../../api/client';
import { accountQuery } from '../../api/queries';
import type { AuditChain, AuditEvent } from '../../api/types';
import { dateTime, number } from '../../app/format';
import { Link } from '../../app/link';
import { Filters, More, useAddress, usePages, useSearchText, type Wanted } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { save } from '../../charts/export';
import { Chip, Empty, ErrorPanel, Skeleton, type Tone } from '../../design/parts';
import { SidePanel } from '../../design/dialog';
import { AdminFrame } from './frame';
import { nameOf } from './users';

const ACTIONS = ['predict', 'model.train', 'model.share', 'model.rename', 'model.annotate', 'model.alias', 'model.alias_removed', 'model.check', 'model.compare_train', 'model.contract', 'model.export', 'model.import', 'model.delete', 'model.delete_several', 'prediction.truth', 'batch.create', 'batch.cancel', 'batch.delete', 'study.begin', 'study.save', 'study.revert', 'study.delete', 'digits.train', 'digits.choose', 'dataset.create', 'dataset.rename', 'dataset.schema', 'dataset.delete', 'job.cancel', 'job.stop', 'job.done', 'job.failed', 'job.cancelled', 'job.requeue', 'session.open', 'session.renew', 'session.end', 'session.reuse', 'request', 'setup', 'user.register', 'user.create', 'user.change', 'user.password', 'user.reset_link', 'user.reset', 'user.delete', 'tokens.grant', 'api_key.create', 'api_key.end', 'settings.change', 'audit.export', 'audit.verify', 'audit.remove', 'predictions.remove', 'backup.make', 'backup.restore'];
const OUTCOMES = ['ok', 'refused', 'failed'] as const;
const TONES: Record<string, Tone> = { ok: 'engine', refused: 'signal', failed: 'stop' };

/** The moments a choice of days means: from the first second of one, to the last of the other, where the reader is. */
export function moments(from: string | undefined, until: string | undefined): { from?: string; until?: string } {
  const day = (text: string | undefined, later: number) => {
    const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text ?? '');
    if (!match) return undefined;
    const moment = new Date(Number(match[1]), Number(match[2]) - 1, Number(match[3]) + later);
    return Number.isNaN(moment.getTime()) ? undefined : moment.toISOString().replace(/\.\d+Z$/, 'Z');
  };
  return { from: day(from, 0), until: day(until, 1) };
}

export function actionName(action: string): string {
  return tMaybe(`act.${action}`, action);
}

export function AdminAudit() {
  return (
    <AdminFrame title={t('admin.audit')} lead={t('audit.lead')} actions={<Verify />}>
      <Log />
    </AdminFrame>
  );
}

function Log() {
  const [address, change] = useAddress();
  const [typed, search, setTyped] = useSearchText();
  const [shown, setShown] = useState<AuditEvent | null>(null);
  const wanted: Wanted = { search, action: address.action, outcome: address.outcome, actor: address.actor, subject_id: address.subject_id, address: address.from_address, request_id: address.request_id, ...moments(address.from, address.until) };
  const pages = usePages<AuditEvent>('/admin/audit-events', wanted);
  const clear = () => {
    setTyped('');
    change(Object.fromEntries(Object.keys(address).map((name) => [name, undefined])));
  };
  const events = pages.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <div className="stack">
      <div className="filters" role="search" aria-label={t('admin.audit')}>
        <TextInput type="search" label={t('audit.find')} value={typed} onChange={(event) => setTyped(event.currentTarget.value)} />
        <Filters filters={[
          { name: 'action', label: t('audit.action'), all: t('audit.anyAction'), choices: ACTIONS.map((action) => ({ value: action, label: actionName(action) })) },
          { name: 'outcome', label: t('audit.outcome'), all: t('audit.anyOutcome'), choices: OUTCOMES.map((outcome) => ({ value: outcome, label: t(`audit.${outcome}`) })) },
        ]} />
        <TextInput type="date" label={t('audit.from')} value={address.from ?? ''} max={address.until} onChange={(event) => change({ from: event.currentTarget.value })} />
        <TextInput type="date" label={t('audit.until')} value={address.until ?? ''} min={address.from} onChange={(event) => change({ until: event.currentTarget.value })} />
      </div>
      <Narrowed />
      {pages.isPending ? <Skeleton height={420} /> : !pages.data ? <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} /> : (
        <>
          {pages.isRefetchError && <ErrorPanel error={pages.error} />}
          <div className="split">
            <More shown={events.length} pages={{ ...pages, hasNextPage: false }} />
            <Export wanted={wanted} />
          </div>
          {events.length === 0 ? <Empty action={<Button variant="default" onClick={clear}>{t('list.clear')}</Button>}>{t('list.noneFiltered')}</Empty> : (
            <div className="panel flush">
              <table className="cards" aria-label={t('admin.audit')}>
                <thead><tr><th scope="col">{t('audit.at')}</th><th scope="col">{t('audit.action')}</th><th scope="col">{t('audit.who')}</th><th scope="col">{t('audit.outcome')}</th><th scope="col">{t('audit.subject')}</th><th scope="col">{t('audit.address')}</th></tr></thead>
                <tbody>
                  {events.map((event) => (
                    <tr key={event.sequence} className="hover">
                      <td className="soft num" style={{ whiteSpace: 'nowrap' }}>{dateTime(event.at)}</td>
                      <th scope="row"><button type="button" className="linkish" onClick={() => setShown(event)}>{actionName(event.action)}<span className="hidden">, {t('audit.details')}</span></button></th>
                      <td data-label={t('audit.who')}>{event.actor_name ? <span className="few"><bdi>{event.actor_name}</bdi></span> : <span className="soft">{t('audit.nobody')}</span>}</td>
                      <td><Chip tone={TONES[event.outcome] ?? ''}>{tMaybe(`audit.${event.outcome}`, event.outcome)}</Chip></td>
                      <td className="soft" data-label={t('audit.subject')}>{event.subject_kind ? tMaybe(`subject.${event.subject_kind}`, event.subject_kind) : '–'}</td>
                      <td className="mono soft" data-label={t('audit.address')}>{event.address ?? '–'}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </div>
          )}
          <More shown={events.length} pages={pages} />
        </>
      )}
      {shown && <Detail event={shown} onClose={() => setShown(null)} onNarrow={(part) => { setShown(null); change(part); }} />}
    </div>
  );
}

/** What narrows the list beyond the fields above it, each with a way out. */
function Narrowed() {
  const [address, change] = useAddress();
  const actor = useQuery({ ...accountQuery(address.actor ?? ''), enabled: Boolean(address.actor), retry: false });
  const parts: [string, string][] = [
    ...(address.actor ? [['actor', t('audit.onlyBy', { name: actor.data ? nameOf(actor.data) : address.actor })] as [string, string]] : []),
    ...(address.subject_id ? [['subject_id', t('audit.onlyAbout', { id: address.subject_id })] as [string, string]] : []),
    ...(address.from_address ? [['from_address', t('audit.onlyFrom', { address: address.from_address })] as [string, string]] : []),
    ...(address.request_id ? [['request_id', t('audit.onlyRequest', { id: address.request_id })] as [string, string]] : []),
  ];
  if (parts.length === 0) return null;
  return (
    <ul className="row" style={{ padding: 0 }}>
      {parts.map(([name, text]) => <li key={name} className="row" style={{ '--gap': '8px' } as React.CSSProperties}><Chip tone="engine"><bdi>{text}</bdi></Chip><button type="button" className="linkish small" onClick={() => change({ [name]: undefined })}>{t('audit.widen')}<span className="hidden"> {text}</span></button></li>)}
    </ul>
  );
}

function Export({ wanted }: { wanted: Wanted }) {
  const take = useMutation({
    mutationFn: () => get<Blob>('/admin/audit-events/export', { query: wanted, as: 'blob', headers: { Accept: 'text/csv' } }),
    onSuccess: (file) => save(`trainyard-audit-${new Date().toISOString().slice(0, 10)}.csv`, file),
  });
  return (
    <span className="row">
      {take.error && <span className="small" role="alert" style={{ color: 'var(--stop)' }}>{take.error.message}</span>}
      <Button variant="default" size="xs" loading={take.isPending} onClick={() => take.mutate()}>{t('audit.export')}</Button>
    </span>
  );
}

function Verify() {
  const follow = useMutation({ mutationFn: () => get<AuditChain>('/admin/audit-events/verify') });
  const chain = follow.data;
  return (
    <span className="stack" style={{ '--gap': '8px' } as React.CSSProperties}>
      <Button variant="default" loading={follow.isPending} onClick={() => follow.mutate()}>{t('audit.verify')}</Button>
      <span role="status" className="small" style={{ maxWidth: 360 }}>
        {follow.error && <span style={{ color: 'var(--stop)' }}>{follow.error.message}</span>}
        {chain && (chain.sound ? <span style={{ color: 'var(--engine-ink)' }}>{t('audit.sound', { count: chain.entries ?? 0 })}</span> : <span style={{ color: 'var(--stop)' }}>{t('audit.broken', { problem: chain.problem ?? '' })}</span>)}
      </span>
    </span>
  );
}

function Detail({ event, onClose, onNarrow }: { event: AuditEvent; onClose: () => void; onNarrow: (part: Wanted) => void }) {
  const narrow = (part: Wanted, label: string) => <button type="button" className="linkish small" onClick={() => onNarrow(part)}>{label}</button>;
  const facts: [string, React.ReactNode][] = [
    [t('audit.at'), dateTime(event.at)],
    [t('audit.who'), <>{event.actor_name ? <bdi>{event.actor_name}</bdi> : t('audit.nobody')} {event.actor_id && narrow({ actor: event.actor_id }, t('audit.allBy'))}</>],
    [t('audit.outcome'), tMaybe(`audit.${event.outcome}`, event.outcome)],
    [t('audit.subject'), event.subject_id ? <>{event.subject_kind} <span className="mono">{event.subject_id}</span> {narrow({ subject_id: event.subject_id }, t('audit.allAbout'))}</> : (event.subject_kind ?? '–')],
    [t('audit.address'), event.address ? <><span className="mono">{event.address}</span> {narrow({ from_address: event.address }, t('audit.allFrom'))}</> : '–'],
    [t('audit.door'), event.door ? tMaybe(`door.${event.door}`, event.door) : '–'],
    [t('audit.agent'), event.agent ?? '–'],
    [t('audit.request'), event.request_id ? <><span className="mono">{event.request_id}</span> {narrow({ request_id: event.request_id }, t('audit.allOf'))}</> : '–'],
    [t('audit.place'), number(event.sequence)],
    [t('audit.hash'), <span key="hash" className="mono">{event.hash}</span>],
  ];
  return (
    <SidePanel title={actionName(event.action)} onClose={onClose}>
      <div className="stack">
        <dl className="facts">{facts.map(([label, value]) => <Fact key={label} label={label} value={value} />)}</dl>
        <h3>{t('audit.details')}</h3>
        <pre className="sunk json">{JSON.stringify(event.details, null, 2)}</pre>
        <p className="small soft">{t('audit.detailsNote')} {event.actor_id && <Link to={`/admin/users/${event.actor_id}`}>{t('audit.account')}</Link>}</p>
      </div>
    </SidePanel>
  );
}

function Fact({ label, value }: { label: string; value: React.ReactNode }) {
  return <><dt>{label}</dt><dd>{value}</dd></>;
}
