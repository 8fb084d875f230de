//! A tree of a model.

use axum::extract::State;
use serde::Deserialize;
use serde_json::Value;
use utoipa::IntoParams;

use crate::App;
use crate::extract::{Json, Name, Query, SignedIn};
use crate::problem::Problem;

/// Which tree, and how much of it.
#[derive(Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
pub(crate) struct TreeQuery {
    /// Which of the model's trees, from 0; the first unless said.
    #[param(minimum = 0)]
    tree: Option<usize>,
    /// Questions one after the other, 1 to 8; 4 unless said.
    #[param(minimum = 1, maximum = 8)]
    depth: Option<usize>,
}

/// What a tree asks
///
/// Of decision trees, forests and boosted trees: `nodes`, the root first. Each has the `condition` that leads to it from its
/// `parent` (a `column` with `ranges` above the first and up to the second number, or `values`, and `text`), its `rows`, its
/// `answer` (`answers` says what that is: `shares` of the `classes`, a `value`, or what the tree adds to the `score` of
/// `output`), and either `children` or whether it is `cut` there. `missing` says where empty cells go. `rules` tell how the
/// ends are reached, at most 64 of them. Above leaves, answers are the mean of those below.
#[utoipa::path(
    get, path = "/models/{id}/tree", operation_id = "model_tree", tag = "reports",
    params(("id" = String, Path, description = "The model's identifier, or its name for the latest version that is ready"), TreeQuery),
    responses((status = 200, body = Object))
)]
pub(crate) async fn tree(
    State(app): State<App>,
    SignedIn(caller): SignedIn,
    Name(id): Name,
    Query(query): Query<TreeQuery>,
) -> Result<Json<Value>, Problem> {
    let models = app.platform.models();
    Ok(Json(
        models.tree(&caller, &id, query.tree, query.depth).await?,
    ))
}
