// All trained models, newest first.
import { Button } from '@mantine/core';
import type { Model } from '../../api/types';
import { ago, dateTime } from '../../app/format';
import { Link, useGo } from '../../app/link';
import { ListTable } from '../../app/list';
import { t, tMaybe } from '../../app/t';
import { Empty, Head } from '../../design/parts';
import { StatusChip } from '../jobs/words';
import { mainMetrics, metricValue } from './words';

function Score({ model }: { model: Model }) {
  const name = model.task && model.metrics ? mainMetrics(model.task, model.metrics)[0] : undefined;
  const metric = name ? model.metrics?.[name] : undefined;
  if (!name || !metric) return <>–</>;
  return <><b style={{ fontWeight: 650 }}>{metricValue(name, metric.value)}</b> <span className="soft tiny">{tMaybe(`metric.${name}`, name)}</span></>;
}

export function ModelList() {
  const go = useGo();
  return (
    <>
      <Head title={t('models.title')} lead={t('models.lead')} />
      <ListTable<Model>
        path="/models"
        label={t('models.title')}
        empty={<Empty action={<Button onClick={() => void go('/data')}>{t('models.openData')}</Button>}>{t('models.empty')}</Empty>}
        head={
          <>
            <th scope="col">{t('table.name')}</th><th scope="col">{t('models.target')}</th><th scope="col">{t('models.score')}</th><th scope="col">{t('models.algorithm')}</th>
            <th scope="col">{t('models.data')}</th><th scope="col">{t('table.status')}</th><th scope="col">{t('table.created')}</th>
          </>
        }
        row={(model) => (
          <tr key={model.id} className="hover">
            <th scope="row" className="whole"><Link to={`/models/${model.id}`}>{model.name}</Link> <span className="tiny soft">v{model.version}</span></th>
            <td data-label={t('models.target')}>{model.target}</td>
            <td data-label={t('models.score')}><Score model={model} /></td>
            <td className="soft">{model.algorithm.replaceAll('_', ' ')}</td>
            <td>{model.dataset_id ? <Link to={`/data/${model.dataset_id}`}>{model.dataset_name ?? '–'}</Link> : (model.dataset_name ?? '–')}</td>
            <td><StatusChip status={model.status} /></td>
            <td className="soft" title={dateTime(model.created_at)}>{ago(model.created_at)}</td>
          </tr>
        )}
      />
    </>
  );
}
