// The measure that says most about a model, for one cell of a list.
import type { ModelSummary } from '../../api/types';
import { tMaybe } from '../../app/t';
import { mainMetrics, metricValue } from './words';

export function Score({ model }: { model: Pick<ModelSummary, 'task' | 'metrics'> }) {
  const name = model.task && model.metrics ? mainMetrics(model.task, model.metrics)[0] : undefined;
  const metric = name ? model.metrics?.[name] : undefined;
  if (!name || !metric) return <>–</>;
  return <><b style={{ fontWeight: 650 }}>{metricValue(name, metric.value)}</b> <span className="soft tiny">{tMaybe(`metric.${name}`, name)}</span></>;
}
