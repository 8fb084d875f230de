// A balance and where it went. An administrator sees the same of others.
import { useInfiniteQuery } from '@tanstack/react-query';
import { get } from '../../api/client';
import type { LedgerEntry, Tokens } from '../../api/types';
import { Contact } from '../../app/contact';
import { ago, dateTime, number } from '../../app/format';
import { Link } from '../../app/link';
import { More } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { ErrorPanel, Skeleton } from '../../design/parts';

export function Ledger() {
  const pages = useInfiniteQuery({
    queryKey: ['tokens', 'pages'],
    queryFn: ({ pageParam }) => get<Tokens>('/me/tokens', { query: { limit: 50, cursor: pageParam } }),
    initialPageParam: null as string | null,
    getNextPageParam: (last) => last.entries.next_cursor,
  });
  const first = pages.data?.pages[0];
  if (pages.isPending) return <Skeleton height={320} />;
  if (!first) return <ErrorPanel error={pages.error} onRetry={() => void pages.refetch()} />;
  const entries = (pages.data?.pages ?? []).flatMap((page) => page.entries.items);
  return (
    <div className="two lean">
      <section className="panel stack">
        <h2>{t('account.balance')}</h2>
        <p style={{ fontSize: 44, lineHeight: 1.1, fontWeight: 650 }} className="num">{number(first.balance)}</p>
        <dl className="facts">
          <dt>{t('account.price.train')}</dt><dd>{t('nav.tokens', { count: first.prices.train })}</dd>
          <dt>{t('account.price.predict')}</dt><dd>{t('nav.tokens', { count: first.prices.predict })}</dd>
        </dl>
        <p className="small soft">{t('tokens.how')}</p>
        <Contact />
        <p className="small"><Link to="/predictions">{t('batches.single')}</Link></p>
      </section>
      <section className="panel flush">
        <h2 style={{ padding: '20px 20px 8px' }}>{t('account.ledger')}</h2>
        <EntryTable entries={entries} />
        <div style={{ padding: entries.length > 0 && pages.hasNextPage ? '0 20px 20px' : 0 }}><More shown={entries.length} pages={pages} /></div>
      </section>
    </div>
  );
}

/** What a movement was for: words of an administrator are shown, ids of things are not. */
function remark(entry: LedgerEntry): string | null {
  return entry.reason === 'grant' ? (entry.reference ?? null) : null;
}

export function EntryTable({ entries }: { entries: LedgerEntry[] }) {
  if (entries.length === 0) return <p className="soft" style={{ padding: '0 20px 20px' }}>{t('account.ledgerEmpty')}</p>;
  return (
    <table className="tight" aria-label={t('account.ledger')}>
      <thead><tr><th scope="col">{t('account.what')}</th><th scope="col">{t('account.when')}</th><th scope="col" className="right">{t('account.change')}</th><th scope="col" className="right">{t('account.afterShort')}</th></tr></thead>
      <tbody>
        {entries.map((entry) => (
          <tr key={entry.id}>
            <td>
              {entry.reason === 'grant' && entry.delta < 0 ? t('ledger.taken') : tMaybe(`ledger.${entry.reason}`, entry.reason.replaceAll('_', ' '))}
              {remark(entry) && <span className="small soft few"><bdi>{remark(entry)}</bdi></span>}
            </td>
            <td className="soft" title={dateTime(entry.at)}>{ago(entry.at)}</td>
            <td className="right">{entry.delta > 0 ? `+${number(entry.delta)}` : number(entry.delta).replace('-', '−')}</td>
            <td className="right">{number(entry.balance_after)}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
