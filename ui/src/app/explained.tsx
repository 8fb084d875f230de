// A measure by its name, leading to its line on the help page where it has one.
import { Link } from './link';
import { tMaybe } from './t';

/** The anchors of the help page; variants of a measure share the line of the plain one. */
const ANCHORS = ['balanced_accuracy', 'accuracy', 'precision', 'recall', 'f1', 'roc_auc', 'pr_auc', 'log_loss', 'brier', 'mcc', 'r2', 'mae', 'rmse', 'mse', 'mape', 'median_ae'];

export function anchorOf(metric: string): string | undefined {
  return ANCHORS.find((name) => metric === name || metric.startsWith(`${name}_`));
}

export function MetricLink({ name }: { name: string }) {
  const text = tMaybe(`metric.${name}`, name.replaceAll('_', ' '));
  const anchor = anchorOf(name);
  return anchor ? <Link to="/help" hash={`metric-${anchor}`} className="term">{text}</Link> : <>{text}</>;
}
