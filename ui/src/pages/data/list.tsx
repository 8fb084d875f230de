// Every table of this account.
import { Button } from '@mantine/core';
import type { Dataset } from '../../api/types';
import { ago, bytes, dateTime, number } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { useMay } from '../../app/rights';
import { t } from '../../app/t';
import { Chip, Empty, Head } from '../../design/parts';
import { StatusChip } from '../jobs/words';
import { DropAnywhere, leaveFile } from './drop';

/** Orders beside the usual one, newest first. */
const SORTS = ['oldest', 'name', 'rows', 'size'] as const;

export function DataList() {
  const go = useGo();
  const mayMake = useMay('make');
  const add = mayMake && <Button onClick={() => void go('/data/new')}>{t('data.new')}</Button>;
  return (
    <>
      <Head title={t('data.title')} lead={t(mayMake ? 'data.lead' : 'data.leadLooking')} actions={add} />
      {mayMake && <DropAnywhere onFile={(file) => { leaveFile(file); void go('/data/new'); }} />}
      <ListTable<Dataset>
        path="/datasets"
        label={t('data.title')}
        filters={[
          { name: 'status', label: t('table.status'), all: t('list.anyState'), choices: (['profiling', 'ready', 'failed'] as const).map((state) => ({ value: state, label: t(`data.status.${state}`) })) },
          { name: 'sort', label: t('data.sort'), all: t('data.sort.newest'), choices: SORTS.map((sort) => ({ value: sort, label: t(`data.sort.${sort}`) })), orders: true },
        ]}
        empty={<Empty action={add}>{t('data.empty')}</Empty>}
        head={
          <>
            <th scope="col">{t('table.name')}</th><th scope="col" className="right">{t('data.rows')}</th><th scope="col" className="right">{t('data.columns')}</th>
            <th scope="col" className="right">{t('data.size')}</th><th scope="col" className="right">{t('data.models')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th>
          </>
        }
        row={(item) => (
          <tr key={item.id} className="hover">
            <th scope="row" className="whole"><Link to={`/data/${item.id}`} className="few" title={item.name}>{item.name}</Link>{item.format === 'pictures' && <> <Chip>{t('data.pictures')}</Chip></>}</th>
            <td className="right" data-label={t('data.rows')}>{number(item.rows)}</td>
            <td className="right" data-label={t('data.columns')}>{number(item.columns)}</td>
            <td className="right" data-label={t('data.size')}>{bytes(item.bytes)}</td>
            <td className="right" data-label={t('data.models')}>{number(item.models)}</td>
            <td><StatusChip status={item.status} /></td>
            <td className="soft" title={dateTime(item.created_at)}>{ago(item.created_at)}</td>
          </tr>
        )}
      />
    </>
  );
}
