// Who took part in the race for a model, and the way to another of them.
import type { Model, Report, Setting } from '../../api/types';
import { useGo } from '../../app/link';
import { useMay } from '../../app/rights';
import { finished, FinishedTable } from '../jobs/contenders';
import { encode, type TrainSettings } from '../train/settings';

/** The settings of a training that made a model, as its form takes them. */
export function recipeOf(model: Model): Partial<TrainSettings> {
  return {
    target: model.target,
    metric: model.metric ?? '',
    positive: model.positive_class ?? '',
    only: model.features ?? [],
    // An ensemble is what auto came to; its members are not settings.
    algorithm: model.algorithm === 'ensemble' ? 'auto' : model.algorithm,
    params: model.params ?? {},
    test: Math.round((model.test_size ?? 0.2) * 100),
    folds: model.folds ?? 0,
    seed: model.seed ?? 42,
    name: model.name,
  };
}

export function Race({ model, report }: { model: Model; report: Report }) {
  const go = useGo();
  const mayMake = useMay('make');
  const mine = mayMake && !model.shared_by && model.dataset_id;
  const rows = finished(report.contenders);
  return <FinishedTable rows={rows} onTrain={mine && rows.length > 2 ? (one) => void go(`/data/${model.dataset_id}/train?${encode({ ...recipeOf(model), algorithm: one.algorithm, params: one.params as Record<string, Setting> })}`) : undefined} />;
}
