// What a careful colleague would point out about a table, worst first, at most five at once.
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { ProfileWarning } from '../../api/types';
import { t } from '../../app/t';
import { Icon } from '../../design/icons';
import { Attention, Panel } from '../../design/parts';

const MOST = 5;

export function WorthKnowing({ warnings, onShow }: { warnings: ProfileWarning[]; onShow: (column: string) => void }) {
  const [all, setAll] = useState(false);
  const shown = all ? warnings : warnings.slice(0, MOST);
  return (
    <Panel title={t('profile.knowing')}>
      {warnings.length === 0 ? (
        <p className="row soft"><span style={{ color: 'var(--engine)', display: 'inline-flex' }}><Icon name="check" /></span>{t('profile.nothing')}</p>
      ) : (
        <ul className="listing">
          {shown.map((warning) => (
            <li key={`${warning.code}:${warning.column}:${warning.detail}`} style={{ flexWrap: 'nowrap', alignItems: 'flex-start' }}>
              <Attention />
              <div className="grow remark">
                <span className="small">
                  {warning.detail}{warning.action && <> <span className="soft">{warning.action}</span></>}
                </span>
                {warning.column && (
                  <button type="button" className="linkish small" onClick={() => onShow(warning.column as string)}>
                    {t('profile.show')}<span className="hidden"> {warning.column}</span>
                  </button>
                )}
              </div>
            </li>
          ))}
        </ul>
      )}
      {warnings.length > MOST && !all && <Button variant="default" size="xs" onClick={() => setAll(true)}>{t('profile.more', { count: warnings.length - MOST })}</Button>}
    </Panel>
  );
}
