// The person's own page: who they are, how they sign in, their keys for scripts, and what their tokens were spent on.
import { useMantineColorScheme } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { lazy, Suspense } from 'react';
import { meQuery } from '../../api/queries';
import { allows, roleName } from '../../app/rights';
import { t } from '../../app/t';
import { Choices } from '../../design/choices';
import { Chip, ErrorPanel, Head, Panel, Skeleton } from '../../design/parts';
import { Tabs, useTab } from '../../design/tabs';
import { SingleKeys } from '../menu/keys';
import { FormatsPanel } from './formats';
import { ProfileForm } from './profile';
import { StoragePanel } from './storage';
import { Ledger } from './tokens';

const Security = lazy(() => import('./security').then((module) => ({ default: module.Security })));
const ApiKeys = lazy(() => import('./keys').then((module) => ({ default: module.ApiKeys })));

const TABS = ['you', 'security', 'keys', 'tokens'] as const;

export function Account() {
  const me = useQuery(meQuery);
  const [tab, choose] = useTab(TABS.map((id) => ({ id })));
  const { colorScheme, setColorScheme } = useMantineColorScheme();
  if (!me.data) return me.error ? <ErrorPanel error={me.error} onRetry={() => void me.refetch()} /> : <Skeleton height={420} />;
  const user = me.data;
  const later = (content: React.ReactNode) => <Suspense fallback={<Skeleton height={320} />}>{content}</Suspense>;
  return (
    <>
      <Head title={t('account.title')} lead={<span className="row" style={{ '--gap': '10px' } as React.CSSProperties}><bdi className="clip">{user.display_name || user.email || user.user_name}</bdi><Chip>{roleName(user.role)}</Chip></span>} />
      <Tabs
        label={t('account.tabs')}
        current={tab}
        onChoose={choose}
        tabs={[
          {
            id: 'you',
            label: t('account.profile'),
            content: () => (
              <div className="two">
                <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
                  <ProfileForm me={user} />
                  {allows(user.role, 'make') && <StoragePanel />}
                </div>
                <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
                  <Panel title={t('account.look')}>
                    <div className="stack" style={{ '--gap': '20px' } as React.CSSProperties}>
                      <Choices
                        legend={t('account.theme')} compact value={colorScheme} onChange={setColorScheme}
                        choices={(['auto', 'light', 'dark'] as const).map((scheme) => ({ value: scheme, label: t(`account.theme.${scheme}`) }))}
                      />
                      <SingleKeys />
                    </div>
                  </Panel>
                  <FormatsPanel />
                </div>
              </div>
            ),
          },
          { id: 'security', label: t('account.security'), content: () => later(<Security me={user} />) },
          { id: 'keys', label: t('account.keys'), content: () => later(<ApiKeys me={user} />) },
          { id: 'tokens', label: t('account.tokens'), content: () => <Ledger /> },
        ]}
      />
    </>
  );
}
