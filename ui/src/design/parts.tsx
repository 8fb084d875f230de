// The pieces every page is made of: head, panel, chip, empty state, error panel, journey.
import { Button } from '@mantine/core';
import { type ReactNode, useEffect } from 'react';
import { asProblem } from '../api/problem';
import { type Key, t } from '../app/t';
import { Contact } from '../app/contact';
import { Link } from '../app/link';
import { Icon, Siding } from './icons';

export function useTitle(title: string | undefined): void {
  useEffect(() => {
    document.title = title ? `${title} · Trainyard` : 'Trainyard';
  }, [title]);
}

const STATIONS = ['upload', 'look', 'train', 'judge', 'predict'] as const;
export type Station = (typeof STATIONS)[number];

/** Where on the way from a file to an answer this page lies. */
export function Journey({ at }: { at: Station }) {
  const here = STATIONS.indexOf(at);
  return (
    <ol className="journey" aria-label={t('journey.label')}>
      {STATIONS.map((station, index) => (
        <li key={station} className={index < here ? 'past' : index === here ? 'here' : ''} aria-current={index === here ? 'step' : undefined}>
          <i />
          <span>{t(`journey.${station}` as Key)}</span>
        </li>
      ))}
    </ol>
  );
}

interface HeadProps {
  title: string;
  /** The heading itself, where it is more than the title. */
  heading?: ReactNode;
  at?: Station;
  lead?: ReactNode;
  actions?: ReactNode;
}

/** The page's name, what it is about, and its one main action. Takes the focus when the page opens. */
export function Head({ title, heading, at, lead, actions }: HeadProps) {
  useTitle(title);
  return (
    <>
      {at && <Journey at={at} />}
      <header className="head">
        <div className="stack">
          <h1 tabIndex={-1}>{heading ?? title}</h1>
          {lead && <div className="lead">{lead}</div>}
        </div>
        {actions && <div className="row actions">{actions}</div>}
      </header>
    </>
  );
}

export function Panel({ title, children, className = '', actions }: { title?: ReactNode; children: ReactNode; className?: string; actions?: ReactNode }) {
  return (
    <section className={`panel ${className}`}>
      {title && (actions ? <div className="split" style={{ marginBlockEnd: 12 }}><h2>{title}</h2>{actions}</div> : <h2>{title}</h2>)}
      {children}
    </section>
  );
}

export type Tone = 'engine' | 'signal' | 'stop' | '';

export function Chip({ tone = '', children, title }: { tone?: Tone; children: ReactNode; title?: string }) {
  return <span className={`chip ${tone}`} title={title}>{children}</span>;
}

export function Empty({ children, action }: { children: ReactNode; action?: ReactNode }) {
  return (
    <div className="empty">
      <Siding />
      <p>{children}</p>
      {action}
    </div>
  );
}

/** What went wrong, what to do, and the number that finds it in the server's log. */
export function ErrorPanel({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const problem = asProblem(error);
  const short = problem.code === 'insufficient_tokens';
  // With one field the whole problem is that field's: said once.
  const more = problem.fields.filter((field) => field.detail !== problem.message);
  return (
    <div className="notice stop stack" style={{ '--gap': '8px' } as React.CSSProperties} role="alert">
      <h2>{short ? t('tokens.short') : problem.title}</h2>
      <p>{problem.message}</p>
      {more.length > 0 && (
        <ul>
          {more.map((field) => <li key={field.pointer + field.detail}>{field.detail}</li>)}
        </ul>
      )}
      {short && <p className="small">{t('tokens.how')} <Link to="/account">{t('tokens.see')}</Link></p>}
      {short && <Contact className="small" />}
      {problem.retryAfter !== null && <p className="small">{t('error.wait', { seconds: problem.retryAfter })}</p>}
      {(onRetry || problem.requestId) && (
        <div className="row">
          {onRetry && <Button size="xs" variant="default" onClick={onRetry}>{t('error.retry')}</Button>}
          {problem.requestId && <span className="tiny soft mono">{t('error.request', { id: problem.requestId })}</span>}
        </div>
      )}
    </div>
  );
}

/** Grey bars in the place of what is coming, so that nothing jumps when it arrives. */
export function Skeleton({ height = 160, label = t('loading') }: { height?: number; label?: string }) {
  return (
    <div className="skeleton" style={{ height }} role="status">
      <span className="hidden">{label}</span>
    </div>
  );
}

/** A wide table scrolls inside its own named region, reachable by keyboard, never the page. */
export function Scroll({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="scroll" role="region" aria-label={label} tabIndex={0}>
      {children}
    </div>
  );
}

export function Tiles({ items }: { items: { label: ReactNode; value: ReactNode; note?: ReactNode }[] }) {
  return (
    <dl className="tiles">
      {items.map((item, index) => (
        <div className="tile" key={index}>
          <dt>{item.label}</dt>
          <dd>{item.value}</dd>
          {item.note && <dd className="note">{item.note}</dd>}
        </div>
      ))}
    </dl>
  );
}

export function Attention() {
  return <span style={{ color: 'var(--signal)', display: 'inline-flex' }}><Icon name="warn" size={18} /></span>;
}
