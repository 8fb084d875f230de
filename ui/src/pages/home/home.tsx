// Home: the next thing to do. At first that is bringing a table; later, what was worked on last.
import { Button } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { datasetsQuery, digitsQuery, HOME, jobsQuery, meQuery, modelsQuery } from '../../api/queries';
import { ago } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { allows } from '../../app/rights';
import { t } from '../../app/t';
import { useGoing } from '../../app/undo';
import { Empty, ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { DropArea, leaveFile } from '../data/drop';
import { Samples } from '../data/samples';
import { jobTitle, StatusChip } from '../jobs/words';
import { headline } from '../models/words';

export function Home() {
  const go = useGo();
  const me = useQuery(meQuery);
  const role = me.data?.role;
  const [mayRead, mayMake] = [allows(role, 'read'), allows(role, 'make')];
  const datasets = useQuery({ ...datasetsQuery({ limit: HOME.datasets }), enabled: mayRead });
  const models = useQuery({ ...modelsQuery({ limit: HOME.models }), enabled: mayRead });
  const jobs = useQuery({ ...jobsQuery({ limit: HOME.jobs }), enabled: mayMake });
  const name = me.data?.display_name || me.data?.user_name || me.data?.email?.split('@')[0] || '';
  const going = useGoing();
  const take = (file: File) => {
    leaveFile(file);
    void go('/data/new');
  };

  if (role !== undefined && !mayMake) return <Looking name={name} mayRead={mayRead} />;
  // All three at once: what comes later would push down what is already read.
  if (datasets.isPending || models.isPending || jobs.isPending) return <Skeleton height={420} />;
  if (!datasets.data) return <ErrorPanel error={datasets.error} onRetry={() => void datasets.refetch()} />;
  const [tables, trained] = [datasets.data.items.filter((item) => !going.has(item.id)), (models.data?.items ?? []).filter((item) => !going.has(item.id))];
  const fresh = tables.length === 0;
  const running = (jobs.data?.items ?? []).filter((job) => job.status === 'queued' || job.status === 'running');
  const untrained = tables.find((item) => item.status === 'ready' && item.models === 0);

  if (fresh) {
    return (
      <>
        <Head title={t('nav.home')} heading={t('home.first')} at="upload" lead={t('home.firstLead')} />
        <div className="stack" style={{ '--gap': '28px' } as React.CSSProperties}>
          <DropArea onFile={take} />
          <section className="stack">
            <div><h2>{t('home.samples')}</h2><p className="soft">{t('home.samplesLead')}</p></div>
            <Samples />
            <DigitsLink />
          </section>
        </div>
      </>
    );
  }
  return (
    <>
      <Head
        title={t('nav.home')}
        heading={t('home.hello', { name })}
        lead={untrained ? t('home.next', { name: untrained.name }) : undefined}
        actions={untrained && <Button size="md" onClick={() => void go(`/data/${untrained.id}/train`)}>{t('home.nextGo')}</Button>}
      />
      <div className="stack" style={{ '--gap': '28px' } as React.CSSProperties}>
        {running.length > 0 && (
          <Panel title={t('home.running')}>
            <ul className="listing">
              {running.map((job) => (
                <li key={job.id}><Link to={`/jobs/${job.id}`}>{jobTitle(job)}</Link><StatusChip status={job.status} /></li>
              ))}
            </ul>
          </Panel>
        )}
        <div className="two">
          <Panel title={t('home.recentModels')} actions={<Link to="/models" className="small">{t('home.all')}<span className="hidden"> {t('nav.models')}</span></Link>}>
            {trained.length === 0 ? <p className="soft">{t('home.noModels')}</p> : (
              <ul className="listing">
                {trained.map((model) => (
                  <li key={model.id}>
                    <span className="grow"><Link to={`/models/${model.id}`}>{model.name}</Link> <span className="tiny soft">v{model.version}</span><br /><span className="small soft">{headline(model)}</span></span>
                    <StatusChip status={model.status} />
                  </li>
                ))}
              </ul>
            )}
          </Panel>
          <Panel title={t('home.recentData')} actions={<Link to="/data" className="small">{t('home.all')}<span className="hidden"> {t('nav.data')}</span></Link>}>
            <ul className="listing">
              {tables.map((item) => (
                <li key={item.id}>
                  <span className="grow"><Link to={`/data/${item.id}`}>{item.name}</Link><br /><span className="small soft">{typeof item.rows === 'number' ? t('sample.size', { rows: item.rows, columns: item.columns ?? 0 }) : ''}</span></span>
                  <span className="small soft">{item.status === 'ready' ? ago(item.created_at) : <StatusChip status={item.status} />}</span>
                </li>
              ))}
            </ul>
          </Panel>
        </div>
        <DropArea onFile={take} slim />
        <section className="stack">
          <h2>{t('home.samplesMore')}</h2>
          <Samples most={4} />
          <DigitsLink />
        </section>
      </div>
    </>
  );
}

/** The way to the model that comes with the server, where one does. */
function DigitsLink() {
  const digits = useQuery({ ...digitsQuery, refetchInterval: false });
  return digits.data && digits.data.status !== 'off' ? <p><Link to="/digits">{t('digits.home')}</Link></p> : null;
}

/** Home of those who bring no data: what others share with them. */
function Looking({ name, mayRead }: { name: string; mayRead: boolean }) {
  const go = useGo();
  return (
    <>
      <Head title={t('nav.home')} heading={t('home.hello', { name })} lead={mayRead ? t('home.looks') : t('home.asks')} />
      <Empty action={mayRead ? <><Button onClick={() => void go('/models?whose=shared')}>{t('models.shared')}</Button><DigitsLink /></> : <Link to="/account">{t('account.title')}</Link>}>{mayRead ? t('home.looksLead') : t('home.asksLead')}</Empty>
    </>
  );
}
