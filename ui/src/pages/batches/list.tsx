// Every file that was, or is being, answered.
import { Button } from '@mantine/core';
import type { Batch } from '../../api/types';
import { ago, dateTime, number } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { t } from '../../app/t';
import { Empty, Head } from '../../design/parts';
import { StatusChip } from '../jobs/words';

export function BatchList() {
  const go = useGo();
  return (
    <>
      <Head title={t('batches.title')} lead={t('batches.lead')} actions={<Link to="/predictions">{t('batches.single')}</Link>} />
      <ListTable<Batch>
        path="/batch-predictions"
        label={t('batches.title')}
        searchable={false}
        empty={<Empty action={<Button onClick={() => void go('/models')}>{t('nav.models')}</Button>}>{t('batches.empty')}</Empty>}
        head={<><th scope="col">{t('batches.file')}</th><th scope="col">{t('batches.model')}</th><th scope="col" className="right">{t('batches.rows')}</th><th scope="col" className="right">{t('batches.price')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th></>}
        row={(batch) => (
          <tr key={batch.id} className="hover">
            <th scope="row" className="whole"><Link to={`/batches/${batch.id}`} className="few" title={batch.file_name}>{batch.file_name}</Link></th>
            <td><span className="few" title={batch.model_name}>{batch.model_name}</span></td>
            <td className="right" data-label={t('batches.rows')}>{number(batch.rows)}</td>
            <td className="right" data-label={t('batches.price')}>{number(batch.charged)}</td>
            <td><StatusChip status={batch.status} /></td>
            <td className="soft" title={dateTime(batch.created_at)}>{ago(batch.created_at)}</td>
          </tr>
        )}
      />
    </>
  );
}
