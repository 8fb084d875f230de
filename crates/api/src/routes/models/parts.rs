//! A report part by part, each at an address of its own, as the trainer wrote it.

use axum::extract::State;
use serde_json::Value;
use trainyard_platform::ReportPart;

use crate::App;
use crate::extract::{Json, Name, SignedIn};
use crate::problem::Problem;

macro_rules! parts {
    ($($handler:ident, $path:literal, $operation:literal, $part:ident, $title:literal;)*) => {$(
        #[doc = $title]
        #[utoipa::path(
            get, path = $path, operation_id = $operation, tag = "reports",
            params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready")),
            responses((status = 200, body = Object))
        )]
        pub(crate) async fn $handler(
            State(app): State<App>,
            SignedIn(caller): SignedIn,
            Name(id): Name,
        ) -> Result<Json<Value>, Problem> {
            let models = app.platform.models();
            Ok(Json(models.report_part(&caller, &id, ReportPart::$part).await?))
        }
    )*};
}

parts! {
    metrics, "/models/{id}/metrics", "model_metrics", Metrics, "Scores on rows the model had never seen: `metrics` with intervals and the baseline's value, `per_class`, `folds`";
    confusion_matrix, "/models/{id}/confusion-matrix", "confusion_matrix", ConfusionMatrix, "What was taken for what: `confusion_matrix` with `classes` and `counts[actual][predicted]`, and `per_class`";
    roc_curve, "/models/{id}/roc-curve", "roc_curve", RocCurve, "ROC curves: `roc` with `fpr`, `tpr` and `thresholds` of each class";
    pr_curve, "/models/{id}/pr-curve", "pr_curve", PrCurve, "Precision-recall curves: `pr` with `recall`, `precision` and `thresholds` of each class";
    calibration, "/models/{id}/calibration", "calibration", Calibration, "Whether 80 % sure is right 80 times of 100: `calibration` with the bins of each class";
    threshold_sweep, "/models/{id}/threshold-sweep", "threshold_sweep", ThresholdSweep, "What each cut between two classes would give: `threshold_sweep` with `precision`, `recall`, `f1` and `accuracy`";
    residuals, "/models/{id}/residuals", "residuals", Residuals, "How far numbers were off: `residuals` with a `sample` and a `histogram`";
    importance, "/models/{id}/importance", "importance", Importance, "What the model looks at: `importance`, most important column first";
    certificate, "/models/{id}/certificate", "certificate", Certificate, "Whether every way to ask gives the same answers: `certificate` with the largest difference of each path (form, JSON, CSV, Parquet, ONNX) and its bound";
    training_history, "/models/{id}/training-history", "training_history", TrainingHistory, "How the loss fell while the model learned: `training_history` of each algorithm in it that goes in steps, with up to 200 `points`";
    contenders, "/models/{id}/contenders", "contenders", Contenders, "Who took part: `contenders` with their scores, `automatic` or `search`";
}
